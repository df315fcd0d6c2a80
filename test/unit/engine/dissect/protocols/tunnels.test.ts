/** GRE, IP in IP, VXLAN, Geneve and MPLS: inner layers, keys for the path, headers cut anywhere. */

import { describe, expect, it } from 'vitest';
import { join, u16, u24, u32 } from '../../../../support/build-bytes.ts';
import { controlWord, ethernet, mpls } from '../../../../support/build-link.ts';
import { ipv4, ipv6, type Layer, makeLayer, udp } from '../../../../support/build-packet.ts';
import { GENEVE_PORT, geneve, gre, VXLAN_PORT, vxlan } from '../../../../support/build-tunnel.ts';
import { checkPacket } from '../../../../support/check-packet.ts';
import { stackText, valuesOf } from '../../../../support/dissect-packet.ts';
import { walkPacket } from '../../../../support/walk-packet.ts';

const LINK = { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' };
const OUTER = { src: '192.0.2.1', dst: '192.0.2.2' };
const inner = ipv4({ src: '10.0.0.1', dst: '10.0.0.2' }, udp({ srcPort: 4000, dstPort: 4001 }, 'hello'));
const innerFrame = ethernet(LINK, inner);

const over = (layer: Layer): Uint8Array => ethernet(LINK, ipv4(OUTER, layer)).bytes();
const overUdp = (dstPort: number, payload: Uint8Array): Uint8Array => over(udp({ srcPort: 50_000, dstPort }, payload));

describe('GRE', () => {
  it.each([
    ['a bare header', gre({}, inner), 'ip', []],
    ['a key', gre({ key: 77 }, inner), 'ip', [['gre', 77]]],
    ['checksum, key and sequence', gre({ key: 77, sequence: 5, checksum: true }, inner), 'ip', [['gre', 77]]],
    ['Ethernet', gre({ protocol: 0x6558 }, innerFrame), 'eth:ethertype:ip', []],
    ['MPLS', gre({ protocol: 0x8847 }, mpls([{ label: 100 }], inner)), 'mpls:ip', [['mpls', 100]]],
  ])('carries IP behind %s', (_, layer, stack, tunnels) => {
    const bytes = over(layer);
    expect(stackText(checkPacket(bytes))).toBe(`eth:ethertype:ip:gre:${stack}:udp:data`);
    expect(walkPacket(bytes).tunnels).toEqual(tunnels);
  });

  it('verifies its checksum', () => {
    expect(valuesOf(checkPacket(over(gre({ checksum: true }, inner))).root, 'gre.checksum.status')).toEqual(['1']);
    const wrong = makeLayer('gre', () => join(u16(0x8000), u16(0x0800), u16(1), u16(0), inner.bytes()));
    expect(valuesOf(checkPacket(over(wrong)).root, 'gre.checksum.status')).toEqual(['0']);
  });

  it('reads the version of PPTP', () => {
    const layer = makeLayer('gre', () =>
      join(u16(0x3081), u16(0x880b), u16(9), u16(2), u32(5), u32(6), [0xff, 3], u16(0x21), inner.bytes()),
    );
    const whole = checkPacket(over(layer));
    expect(stackText(whole)).toBe('eth:ethertype:ip:gre:ppp:ip:udp:data');
    expect(valuesOf(whole.root, 'gre.key.call_id')).toEqual(['2']);
    expect(valuesOf(whole.root, 'gre.ack_number')).toEqual(['6']);
  });

  it('walks source route entries up to the empty one', () => {
    const route = join(u16(2), [0, 4], u32(1), u16(0), [0, 0]);
    const layer = makeLayer('gre', () => join(u16(0xc000), u16(0x0800), u16(0), u16(0), route, inner.bytes()));
    expect(valuesOf(checkPacket(over(layer)).root, 'gre.routing.src_length')).toEqual(['4', '0']);
  });

  it('names what it cannot open', () => {
    const whole = checkPacket(over(gre({ protocol: 0x1234 }, 'abc')));
    expect([stackText(whole), whole.info]).toEqual(['eth:ethertype:ip:gre:data', 'Encapsulated 0x1234 (unknown)']);
  });
});

describe('IP in IP', () => {
  it('nests either version in either', () => {
    const six = ipv6({ src: '2001:db8::1', dst: '2001:db8::2' }, inner);
    expect(stackText(checkPacket(over(inner)))).toBe('eth:ethertype:ip:ip:udp:data');
    expect(stackText(checkPacket(over(six)))).toBe('eth:ethertype:ip:ipv6:ip:udp:data');
  });
});

describe('VXLAN', () => {
  it.each([VXLAN_PORT, 8472])('opens frames on port %i', (port) => {
    const bytes = overUdp(port, vxlan({ vni: 0x123456 }, innerFrame));
    const whole = checkPacket(bytes);
    expect(stackText(whole)).toBe('eth:ethertype:ip:udp:vxlan:eth:ethertype:ip:udp:data');
    expect(valuesOf(whole.root, 'vxlan.vni')).toEqual(['1193046']);
    expect(walkPacket(bytes).tunnels).toEqual([['vxlan', 0x123456]]);
  });

  it('shows the group policy bits', () => {
    const { root } = checkPacket(overUdp(VXLAN_PORT, join([0x88, 0x48], u16(5), u24(77), [0], innerFrame.bytes())));
    expect(valuesOf(root, 'vxlan.gbp')).toEqual(['5']);
    expect([valuesOf(root, 'vxlan.flag_g'), valuesOf(root, 'vxlan.flag_d'), valuesOf(root, 'vxlan.flag_a')]).toEqual([
      ['1'],
      ['1'],
      ['1'],
    ]);
  });
});

describe('Geneve', () => {
  it('opens what its type names and lists its options', () => {
    const options = [
      { class: 0x0108, type: 0x81, data: [1, 2, 3, 4, 5, 6, 7, 8] },
      { class: 0x0104, type: 1, data: [1, 2, 3, 4] },
    ];
    const bytes = overUdp(GENEVE_PORT, geneve({ vni: 88, critical: true, options }, inner));
    const whole = checkPacket(bytes);
    expect(stackText(whole)).toBe('eth:ethertype:ip:udp:geneve:ip:udp:data');
    expect(valuesOf(whole.root, 'geneve.vni')).toEqual(['0x000058']);
    expect(valuesOf(whole.root, 'geneve.option.class')).toEqual(['0x0108', '0x0104']);
    expect(valuesOf(whole.root, 'geneve.option.unknown.data')).toEqual(['0102030405060708', '01020304']);
    expect(walkPacket(bytes).tunnels).toEqual([['geneve', 88]]);
  });

  it('is malformed where options pass the end', () => {
    expect(checkPacket(overUdp(GENEVE_PORT, geneve({ vni: 1, optionWords: 30 }, inner))).malformed).toBe(true);
  });
});

describe('MPLS', () => {
  it('reads the stack of labels and opens IP below it', () => {
    const bytes = ethernet(LINK, mpls([{ label: 100, trafficClass: 5, ttl: 9 }, { label: 0 }], inner)).bytes();
    const whole = checkPacket(bytes);
    expect(stackText(whole)).toBe('eth:ethertype:mpls:ip:udp:data');
    expect(valuesOf(whole.root, 'mpls.label')).toEqual(['100', '0']);
    expect(valuesOf(whole.root, 'mpls.exp')).toEqual(['5', '0']);
    expect(walkPacket(bytes).tunnels).toEqual([
      ['mpls', 100],
      ['mpls', 0],
    ]);
  });

  it('finds Ethernet with and without a control word', () => {
    const frame = ethernet({ src: '00:11:22:33:44:55', dst: '00:aa:bb:cc:dd:ee' }, inner);
    const stack = (payload: Parameters<typeof mpls>[1]): string =>
      stackText(checkPacket(ethernet(LINK, mpls([{ label: 100 }], payload)).bytes()));
    expect(stack(controlWord(7, frame))).toBe('eth:ethertype:mpls:pwethheuristic:pwethcw:eth:ethertype:ip:udp:data');
    expect(stack(frame)).toBe('eth:ethertype:mpls:pwethheuristic:pwethnocw:eth:ethertype:ip:udp:data');
  });

  it('opens the associated channel, and shows other payloads as data', () => {
    const stack = (payload: Uint8Array): string =>
      stackText(checkPacket(ethernet(LINK, mpls([{ label: 13 }], payload)).bytes()));
    expect(stack(join([0x10, 0, 0, 0x21], inner.bytes()))).toBe('eth:ethertype:mpls:pwach:ip:udp:data');
    expect(stack(Uint8Array.of(0x80, 1, 2))).toBe('eth:ethertype:mpls:data');
  });

  it('is malformed where no label is the last', () => {
    expect(checkPacket(ethernet(LINK, mpls([{ label: 100, bottom: false }])).bytes()).malformed).toBe(true);
  });
});
