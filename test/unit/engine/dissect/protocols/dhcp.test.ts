/** DHCP and BOOTP: fixed fields, options, what Info says. */

import { describe, expect, it } from 'vitest';
import { hex, join, patched, seededRandom, utf8 } from '../../../../support/build-bytes.ts';
import { DHCP_MESSAGE, type DhcpFields, type DhcpOption, dhcp, dhcpOption } from '../../../../support/build-dhcp.ts';
import { stackText, treeText, valuesOf } from '../../../../support/dissect-packet.ts';
import { dissectConversation } from '../../../../support/frame-stream.ts';

function one(bytes: Uint8Array) {
  const [dissection] = dissectConversation('udp', 'dhcp', [{ direction: 0, bytes }]);
  if (dissection === undefined) throw new Error('nothing dissected');
  return dissection;
}

function message(options: readonly DhcpOption[], fields: Partial<DhcpFields> = {}): Uint8Array {
  return dhcp({ operation: 1, transaction: 0x3d1d, clientMac: '02:00:00:00:00:01', options, ...fields });
}

describe('DHCP', () => {
  it('says its type and transaction in Info', () => {
    const d = one(message([dhcpOption.messageType(DHCP_MESSAGE.discover)]));
    expect(d.info).toBe('DHCP Discover - Transaction ID 0x3d1d');
    expect(one(message([dhcpOption.messageType(DHCP_MESSAGE.ack)])).info).toBe('DHCP ACK      - Transaction ID 0x3d1d');
    expect(stackText(d)).toBe('eth:ethertype:ip:udp:dhcp');
    expect(valuesOf(d.root, 'dhcp.hw.mac_addr')).toEqual(['02:00:00:00:00:01']);
  });

  it('shows the options that people ask for', () => {
    const d = one(
      message(
        [
          dhcpOption.messageType(DHCP_MESSAGE.offer),
          dhcpOption.mask('255.255.255.0'),
          dhcpOption.routers('192.0.2.1'),
          dhcpOption.leaseTime(86_400),
          dhcpOption.nameServers('192.0.2.53', '192.0.2.54'),
          dhcpOption.hostName('web1'),
          dhcpOption.parameterList(1, 3, 6),
          dhcpOption.clientId('02:00:00:00:00:01'),
        ],
        { operation: 2, yourIp: '192.0.2.10' },
      ),
    );
    expect(valuesOf(d.root, 'dhcp.option.subnet_mask')).toEqual(['255.255.255.0']);
    expect(valuesOf(d.root, 'dhcp.option.domain_name_server')).toEqual(['192.0.2.53', '192.0.2.54']);
    expect(valuesOf(d.root, 'dhcp.option.ip_address_lease_time')).toEqual(['86400']);
    expect(valuesOf(d.root, 'dhcp.option.request_list_item')).toEqual(['1', '3', '6']);
    expect(valuesOf(d.root, 'dhcp.ip.your')).toEqual(['192.0.2.10']);
    expect(treeText(d.root)).toContain('IP Address Lease Time: 1 day (86400)');
    expect(treeText(d.root)).toContain('Option: (1) Subnet Mask (255.255.255.0)');
  });

  it.each([
    ['classless routes', [121, hex('18 cb0071 c0000201')], 'dhcp.option.classless_static_route', '18cb0071c0000201'],
    [
      'a search list with a pointer',
      [119, join(hex('07'), utf8('example'), hex('03'), utf8('net'), hex('00 03'), utf8('lab'), hex('c000'))],
      'dhcp.option.dhcp_dns_domain_search_list_fqdn',
      'example.net,lab.example.net',
    ],
    [
      'what a relay adds',
      [82, hex('01 04 65746830')],
      'dhcp.option.agent_information_option.agent_circuit_id',
      '65746830',
    ],
    ['a client name', [81, join(hex('00 00 00'), utf8('pc.example.net'))], 'dhcp.fqdn.name', 'pc.example.net'],
    [
      'a DUID',
      [61, hex('ff 00000001 0003 0001 020000000001')],
      'dhcp.client_id.link_layer_address',
      '02:00:00:00:00:01',
    ],
  ] as const)('reads %s', (_name, option, abbrev, value) => {
    const d = one(message([dhcpOption.messageType(DHCP_MESSAGE.request), option]));
    expect(valuesOf(d.root, abbrev).join()).toBe(value);
    expect(d.malformed).toBe(false);
  });

  it('is BOOTP without a message type', () => {
    const d = one(message([dhcpOption.mask('255.255.255.0')]));
    expect(d.protocolColumn).toBe('BOOTP');
    expect(d.info).toBe('Boot Request from 02:00:00:00:00:01 (02:00:00:00:00:01)');
    expect(valuesOf(d.root, 'dhcp.bootp')).toEqual(['1']);
  });

  it('is malformed where an option reaches past the end', () => {
    const d = one(join(message([dhcpOption.messageType(DHCP_MESSAGE.request)], { open: true }), hex('0c 20 6162')));
    expect(d.malformed).toBe(true);
    expect(d.info).toBe('DHCP Request  - Transaction ID 0x3d1d[Malformed Packet]');
  });

  it('never throws on damaged messages', () => {
    const random = seededRandom(1);
    const good = message([
      dhcpOption.messageType(1),
      [121, hex('18 cb0071 c0000201')],
      [119, hex('0361 c000')],
      [82, hex('0104 65746830')],
      [77, hex('026162')],
    ]);
    for (let i = 0; i < 400; i++) {
      let bytes: Uint8Array = good.slice(0, 1 + random.int(good.length));
      for (let n = random.int(8); n > 0; n--) bytes = patched(bytes, random.int(bytes.length), [random.int(256)]);
      expect(treeText(one(bytes).root)).toContain('\n');
    }
  });
});
