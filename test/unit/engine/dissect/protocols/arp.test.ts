/** ARP and its relatives: kinds of requests, addresses of other sizes, cuts. */

import { describe, expect, it } from 'vitest';
import { ipv4Address, join, u16, zeros } from '../../../../support/build-bytes.ts';
import { type ArpFields, arp, ethernet } from '../../../../support/build-link.ts';
import { makeLayer } from '../../../../support/build-packet.ts';
import { checkPacket } from '../../../../support/check-packet.ts';
import { stackText, valuesOf } from '../../../../support/dissect-packet.ts';

const LINK = { src: '02:00:00:00:00:01', dst: 'ff:ff:ff:ff:ff:ff' };

function frame(fields: Partial<ArpFields>): Uint8Array {
  const given = { operation: 1, senderMac: LINK.src, senderIp: '192.0.2.1', targetIp: '192.0.2.2' };
  return ethernet({ ...LINK, pad: true }, arp({ ...given, ...fields })).bytes();
}

describe('ARP', () => {
  it.each([
    ['a request', {}, 'Who has 192.0.2.2? Tell 192.0.2.1'],
    ['a reply', { operation: 2, targetMac: '02:00:00:00:00:02' }, '192.0.2.1 is at 02:00:00:00:00:01'],
    ['an announcement', { targetIp: '192.0.2.1' }, 'ARP Announcement for 192.0.2.1'],
    [
      'a gratuitous reply',
      { operation: 2, targetIp: '192.0.2.1', targetMac: LINK.src },
      'Gratuitous ARP for 192.0.2.1 (Reply)',
    ],
    ['a probe', { senderIp: '0.0.0.0' }, 'Who has 192.0.2.2? (ARP Probe)'],
    ['a reverse request', { operation: 3 }, 'Who is 00:00:00:00:00:00? Tell 02:00:00:00:00:01'],
    ['a reverse reply', { operation: 4 }, '00:00:00:00:00:00 is at 192.0.2.2'],
    ['an unknown operation', { operation: 99 }, 'Unknown ARP opcode 0x0063'],
  ])('describes %s', (_, fields, info) => {
    const whole = checkPacket(frame(fields));
    expect(whole.info).toBe(info);
    expect(stackText(whole)).toBe('eth:ethertype:arp');
  });

  it('names its addresses by kind and leaves the padding to Ethernet', () => {
    const { root } = checkPacket(frame({}));
    expect(valuesOf(root, 'arp.src.hw_mac')).toEqual(['02:00:00:00:00:01']);
    expect(valuesOf(root, 'arp.dst.proto_ipv4')).toEqual(['192.0.2.2']);
    expect(valuesOf(root, 'arp.opcode')).toEqual(['1']);
    expect(valuesOf(root, 'eth.padding')).toEqual(['00'.repeat(18)]);
  });

  it('shows addresses of other sizes as bytes', () => {
    const long = makeLayer('arp', () =>
      join(
        u16(32),
        u16(0x0800),
        [20, 4],
        u16(1),
        zeros(20),
        ipv4Address('192.0.2.1'),
        zeros(20),
        ipv4Address('192.0.2.2'),
      ),
    );
    const { root } = checkPacket(ethernet(LINK, long).bytes());
    expect(valuesOf(root, 'arp.src.hw')).toEqual(['00'.repeat(20)]);
    expect(valuesOf(root, 'arp.src.proto_ipv4')).toEqual(['192.0.2.1']);
  });

  it('is malformed where its sizes promise more than there is', () => {
    const short = makeLayer('arp', () => join(u16(1), u16(0x0800), [6, 4], u16(1), zeros(8)));
    expect(checkPacket(ethernet(LINK, short).bytes()).malformed).toBe(true);
  });
});
