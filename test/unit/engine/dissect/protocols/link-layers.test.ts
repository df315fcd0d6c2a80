/** LLC and SNAP, Linux cooked captures, loopback and raw IP: which layer follows, and what their own fields say. */

import { describe, expect, it } from 'vitest';
import { join, utf8, zeros } from '../../../../support/build-bytes.ts';
import { arp, ethernet, LINK_TYPE, llc, nullLoopback, sll, sll2, snap } from '../../../../support/build-link.ts';
import { ipv4, ipv6, udp } from '../../../../support/build-packet.ts';
import { checkPacket } from '../../../../support/check-packet.ts';
import { stackText, valuesOf } from '../../../../support/dissect-packet.ts';

const LINK = { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' };
const datagram = udp({ srcPort: 4000, dstPort: 4001 }, 'hello');
const four = ipv4({ src: '192.0.2.1', dst: '192.0.2.2' }, datagram);
const six = ipv6({ src: '2001:db8::1', dst: '2001:db8::2' }, datagram);

describe('LLC', () => {
  it('finds what SNAP names by Ethernet type, without a layer for the type', () => {
    const whole = checkPacket(ethernet(LINK, snap({}, four)).bytes());
    expect(stackText(whole)).toBe('eth:llc:ip:udp:data');
    expect(valuesOf(whole.root, 'llc.type')).toEqual(['0x0800']);
    expect(valuesOf(whole.root, 'llc.control')).toEqual(['0x0003']);
  });

  it('describes unnumbered, supervisory and information frames', () => {
    const info = (control: number[], ssap = 0xf0, rest: number[] = [], dsap = 0xf0): string =>
      checkPacket(ethernet(LINK, llc({ dsap, ssap, control }, rest)).bytes()).info;
    expect(info([0x7f])).toBe('U P, func=SABME; DSAP NetBIOS Individual, SSAP NetBIOS Command');
    expect(info([0x73], 0xf1)).toBe('U F, func=UA; DSAP NetBIOS Individual, SSAP NetBIOS Response');
    expect(info([0x01, 0x04], 0xf1)).toBe('S, func=RR, N(R)=2; DSAP NetBIOS Individual, SSAP NetBIOS Response');
    // What SNA carries is not known; what NetBIOS carries would say its own.
    expect(info([0x02, 0x04], 0x04, [1, 2], 0x04)).toBe(
      'I, N(R)=2, N(S)=1; DSAP SNA Path Control Individual, SSAP SNA Path Control Command',
    );
  });

  it('shows Ethernet bridged in SNAP', () => {
    const inner = ethernet(LINK, four).bytes();
    const whole = checkPacket(ethernet(LINK, snap({ oui: [0, 0x80, 0xc2], type: 7 }, join([0, 0], inner))).bytes());
    expect(stackText(whole)).toBe('eth:llc:eth:ethertype:ip:udp:data');
  });

  it('names an unknown organisation and shows its bytes', () => {
    const whole = checkPacket(ethernet(LINK, snap({ oui: [0x12, 0x34, 0x56], type: 7 }, 'abcdef')).bytes());
    expect(stackText(whole)).toBe('eth:llc:data');
    expect(whole.info).toBe('U, func=UI; SNAP, OUI 0x123456 (Unknown), PID 0x0007');
  });
});

describe('Linux cooked captures', () => {
  it.each([
    ['version 1', sll({ packetType: 4, address: [2, 0, 0, 0, 0, 1] }, four).bytes(), LINK_TYPE.sll],
    [
      'version 2',
      sll2({ packetType: 4, interfaceIndex: 3, address: [2, 0, 0, 0, 0, 1] }, four).bytes(),
      LINK_TYPE.sll2,
    ],
  ])('shows the header of %s', (_, bytes, linkType) => {
    const whole = checkPacket(bytes, linkType);
    expect(stackText(whole)).toBe('sll:ethertype:ip:udp:data');
    expect(valuesOf(whole.root, 'sll.pkttype')).toEqual(['4']);
    expect(valuesOf(whole.root, 'sll.src.eth')).toEqual(['02:00:00:00:00:01']);
    expect(valuesOf(whole.root, 'sll.etype')).toEqual(['0x0800']);
    expect(valuesOf(whole.root, 'sll.ifindex')).toEqual(linkType === LINK_TYPE.sll2 ? ['3'] : []);
  });

  it('finds LLC, GRE payloads and ARP', () => {
    const stack = (bytes: Uint8Array): string => stackText(checkPacket(bytes, LINK_TYPE.sll));
    expect(stack(sll({ packetType: 0, type: 4 }, llc({ dsap: 0x32, ssap: 0x32 }, zeros(5))).bytes())).toBe(
      'sll:llc:data',
    );
    expect(stack(sll({ packetType: 0, hardware: 778, type: 0x0800 }, four).bytes())).toBe('sll:ip:udp:data');
    const question = arp({ operation: 1, senderMac: LINK.src, senderIp: '192.0.2.1', targetIp: '192.0.2.2' });
    expect(stack(sll({ packetType: 1, address: [2, 0, 0, 0, 0, 1] }, question).bytes())).toBe('sll:ethertype:arp');
  });

  it('keeps a trailer apart and calls unknown types by number', () => {
    const whole = checkPacket(join(sll({ packetType: 0, address: [1, 2, 3] }, four).bytes(), [9, 9]), LINK_TYPE.sll);
    expect(valuesOf(whole.root, 'sll.trailer')).toEqual(['0909']);
    expect(valuesOf(whole.root, 'sll.src.other')).toEqual(['010203']);
    expect(checkPacket(sll({ packetType: 0, type: 0x1234 }, 'abc').bytes(), LINK_TYPE.sll).protocolColumn).toBe(
      '0x1234',
    );
  });
});

describe('loopback', () => {
  it.each(['little', 'big'] as const)('reads families in %s endian', (order) => {
    const stack = (family: number, payload: typeof four): string =>
      stackText(checkPacket(nullLoopback({ family, order }, payload).bytes(), LINK_TYPE.null));
    expect(stack(2, four)).toBe('null:ip:udp:data');
    expect(stack(24, six)).toBe('null:ipv6:udp:data');
    expect(stack(28, six)).toBe('null:ipv6:udp:data');
    expect(stack(30, six)).toBe('null:ipv6:udp:data');
  });

  it('takes large values for Ethernet types, and knows PPP and OpenBSD', () => {
    expect(stackText(checkPacket(join([0, 0, 8, 0], four.bytes()), LINK_TYPE.null))).toBe('null:ip:udp:data');
    expect(stackText(checkPacket(join([0xff, 3, 0, 0x21], four.bytes()), LINK_TYPE.null))).toBe('null:ppp:ip:udp:data');
    expect(stackText(checkPacket(nullLoopback({ family: 2, order: 'big' }, four).bytes(), LINK_TYPE.loop))).toBe(
      'null:ip:udp:data',
    );
    expect(stackText(checkPacket(join([99, 0, 0, 0], utf8('abcd')), LINK_TYPE.null))).toBe('null:data');
  });
});

describe('raw IP', () => {
  it.each([12, 14, 101])('goes by the version under link type %i', (linkType) => {
    expect(stackText(checkPacket(four.bytes(), linkType))).toBe('raw:ip:udp:data');
    expect(stackText(checkPacket(six.bytes(), linkType))).toBe('raw:ipv6:udp:data');
    expect(stackText(checkPacket(join([0x70], zeros(20)), linkType))).toBe('raw:data');
  });

  it('has no layer of its own where the link type names the version', () => {
    expect(stackText(checkPacket(four.bytes(), LINK_TYPE.ipv4))).toBe('ip:udp:data');
    expect(stackText(checkPacket(six.bytes(), LINK_TYPE.ipv6))).toBe('ipv6:udp:data');
  });
});
