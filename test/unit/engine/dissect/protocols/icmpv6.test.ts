/** ICMPv6: echoes, errors, neighbour discovery with its options, multicast listeners. */

import { describe, expect, it } from 'vitest';
import { ipAddress, join, macAddress, u16, u32, utf8, zeros } from '../../../../support/build-bytes.ts';
import { ethernet } from '../../../../support/build-link.ts';
import {
  icmpv6,
  icmpv6Echo,
  ipv6,
  type Layer,
  ndOption,
  neighborAdvertisement,
  neighborSolicitation,
  type Payload,
  quoted,
  udp,
} from '../../../../support/build-packet.ts';
import { checkPacket } from '../../../../support/check-packet.ts';
import { dissectPacket, stackText, treeText, valuesOf } from '../../../../support/dissect-packet.ts';

const LINK = { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' };
const NETWORK = { src: '2001:db8::1', dst: '2001:db8::2' };
const MAC = macAddress('02:00:00:00:00:07');

const frame = (payload: Layer): Uint8Array => ethernet(LINK, ipv6({ ...NETWORK, hopLimit: 255 }, payload)).bytes();
const message = (type: number, body: Payload): Uint8Array => frame(icmpv6({ type }, body));

describe('ICMPv6', () => {
  it('verifies the checksum with addresses and length', () => {
    const good = checkPacket(frame(icmpv6Echo({ id: 1, sequence: 2 })));
    expect(good.info).toBe('Echo (ping) request id=0x0001, seq=2, hop limit=255');
    expect(valuesOf(good.root, 'icmpv6.checksum.status')).toEqual(['1']);
    const bad = dissectPacket(frame(icmpv6({ type: 128, checksum: 1 }, u32(7))));
    expect(valuesOf(bad.root, 'icmpv6.checksum.status')).toEqual(['0']);
  });

  it('dissects what errors quote', () => {
    const quote = quoted(ipv6(NETWORK, udp({ srcPort: 1, dstPort: 2 }, 'x')), 60);
    const whole = checkPacket(frame(icmpv6({ type: 2 }, join(u32(1280), quote))));
    expect(stackText(whole)).toBe('eth:ethertype:ipv6:icmpv6:ipv6:udp:data');
    expect(whole.info).toBe('Packet Too Big');
    expect(valuesOf(whole.root, 'icmpv6.mtu')).toEqual(['1280']);
  });

  it('says who asks for whom', () => {
    const asks = checkPacket(frame(neighborSolicitation('2001:db8::2', ndOption.sourceLinkAddress(MAC))));
    expect(asks.info).toBe('Neighbor Solicitation for 2001:db8::2 from 02:00:00:00:00:07');
    expect(valuesOf(asks.root, 'icmpv6.opt.src_linkaddr')).toEqual(['02:00:00:00:00:07']);
    const answers = checkPacket(
      frame(
        neighborAdvertisement(
          { target: '2001:db8::2', router: true, solicited: true, override: true },
          ndOption.targetLinkAddress(MAC),
        ),
      ),
    );
    expect(answers.info).toBe('Neighbor Advertisement 2001:db8::2 (rtr, sol, ovr) is at 02:00:00:00:00:07');
    expect(valuesOf(answers.root, 'icmpv6.nd.na.flag')).toEqual(['0xe0000000']);
  });

  it('reads the options of a router advertisement', () => {
    const search = join([31, 2, 0, 0], u32(600), [2], utf8('ab'), [2], utf8('cd'), [0, 0]);
    const head = join([64, 0xc8], u16(1800), u32(1000), u32(2000));
    const options = join(
      ndOption.sourceLinkAddress(MAC),
      ndOption.prefix('2001:db8:1::', 64),
      ndOption.mtu(1500),
      ndOption.recursiveDns(600, '2001:db8::53', '2001:db8::54'),
      [24, 2, 48, 0x18],
      u32(600),
      ipAddress('2001:db8:5::').slice(0, 8),
      search,
    );
    const { root, info } = checkPacket(message(134, join(head, options)));
    expect(info).toBe('Router Advertisement from 02:00:00:00:00:07');
    expect(valuesOf(root, 'icmpv6.nd.ra.flag.prf')).toEqual(['1']);
    expect(valuesOf(root, 'icmpv6.opt.prefix')).toEqual(['2001:db8:1::', '2001:db8:5::']);
    expect(valuesOf(root, 'icmpv6.opt.prefix.length')).toEqual(['64', '48']);
    expect(valuesOf(root, 'icmpv6.opt.mtu')).toEqual(['1500']);
    expect(valuesOf(root, 'icmpv6.opt.rdnss')).toEqual(['2001:db8::53', '2001:db8::54']);
    expect(valuesOf(root, 'icmpv6.opt.dnssl')).toEqual(['ab.cd']);
    expect(valuesOf(root, 'icmpv6.opt.type')).toEqual(['1', '3', '5', '25', '24', '31']);
  });

  it('ends at an option of length zero', () => {
    const whole = checkPacket(message(133, join(zeros(4), [1, 0, 0, 0, 0, 0, 0, 0])));
    expect(valuesOf(whole.root, 'icmpv6.opt.type')).toEqual(['1']);
    expect(treeText(whole.root)).toContain('Invalid option length (zero)');
  });

  it('quotes the packet of a redirect', () => {
    const quote = quoted(ipv6(NETWORK, udp({ srcPort: 1, dstPort: 2 }, 'x'.repeat(8))), 56);
    const body = join(
      zeros(4),
      ipAddress('2001:db8::3'),
      ipAddress('2001:db8::4'),
      ndOption.targetLinkAddress(MAC),
      [4, 8, 0, 0, 0, 0, 0, 0],
      quote,
    );
    const whole = checkPacket(message(137, body));
    expect(whole.info).toBe('Redirect is at 02:00:00:00:00:07');
    expect(stackText(whole)).toContain('icmpv6:ipv6:udp');
  });

  it('tells listener queries of both versions apart', () => {
    const old = checkPacket(message(130, join(u16(10_000), u16(0), zeros(16))));
    expect(valuesOf(old.root, 'icmpv6.mld.maximum_response_delay')).toEqual(['10000']);
    const query = join(u16(0x9000), u16(0), ipAddress('ff05::2'), [0x0a, 125], u16(1), ipAddress('2001:db8::44'));
    const { root } = checkPacket(message(130, query));
    expect(valuesOf(root, 'icmpv6.mld.maximum_response_code')).toEqual(['65536']);
    expect(valuesOf(root, 'icmpv6.mld.flag.s')).toEqual(['1']);
    expect(valuesOf(root, 'icmpv6.mld.source_address')).toEqual(['2001:db8::44']);
  });

  it('lists the records of a listener report', () => {
    const records = join(
      [4, 0],
      u16(0),
      ipAddress('ff02::fb'),
      [1, 1],
      u16(1),
      ipAddress('ff02::1:3'),
      ipAddress('2001:db8::1'),
      zeros(4),
    );
    const { root } = checkPacket(message(143, join(u16(0), u16(2), records)));
    expect(valuesOf(root, 'icmpv6.mldr.mar.multicast_address')).toEqual(['ff02::fb', 'ff02::1:3']);
    expect(valuesOf(root, 'icmpv6.mldr.mar.record_type')).toEqual(['4', '1']);
    expect(valuesOf(root, 'icmpv6.mldr.mar.auxiliary_data')).toEqual(['00000000']);
  });
});
