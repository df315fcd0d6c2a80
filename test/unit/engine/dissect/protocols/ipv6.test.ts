/** IPv6 and its extension headers: fields, layers, address forms, and lengths that lie. */

import { describe, expect, it } from 'vitest';
import { FLAG } from '../../../../../engine/table/flags.ts';
import { ipAddress, join, u16, u32 } from '../../../../support/build-bytes.ts';
import { ethernet } from '../../../../support/build-link.ts';
import {
  destinationOptions,
  fragmentIpv6,
  hopByHop,
  icmpv6Echo,
  ipv6,
  ipv6Option,
  type Layer,
  makeLayer,
  routingHeader,
  udp,
} from '../../../../support/build-packet.ts';
import { checkPacket } from '../../../../support/check-packet.ts';
import { dissectPacket, stackText, treeText, valuesOf } from '../../../../support/dissect-packet.ts';
import { walkPacket } from '../../../../support/walk-packet.ts';

const LINK = { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' };
const NETWORK = { src: '2001:db8::1', dst: '2001:db8::2' };

function frame(fields: Partial<Parameters<typeof ipv6>[0]>, payload: Layer): Uint8Array {
  return ethernet(LINK, ipv6({ ...NETWORK, ...fields }, payload)).bytes();
}

const datagram = (text = 'hello'): Layer => udp({ srcPort: 4000, dstPort: 4001 }, text);

describe('IPv6', () => {
  it('shows the fixed header with values as Wireshark prints them', () => {
    const { root, layers } = checkPacket(frame({ trafficClass: 0xb9, flowLabel: 0xabcde, hopLimit: 7 }, datagram()));
    expect(layers.length).toBeGreaterThan(0);
    expect(valuesOf(root, 'ipv6.version')).toEqual(['6']);
    expect(valuesOf(root, 'ipv6.tclass')).toEqual(['0x000000b9']);
    expect(valuesOf(root, 'ipv6.tclass.dscp')).toEqual(['46']);
    expect(valuesOf(root, 'ipv6.tclass.ecn')).toEqual(['1']);
    expect(valuesOf(root, 'ipv6.flow')).toEqual(['0x0abcde']);
    expect(valuesOf(root, 'ipv6.plen')).toEqual(['13']);
    expect(valuesOf(root, 'ipv6.hlim')).toEqual(['7']);
    expect(valuesOf(root, 'ipv6.addr')).toEqual(['2001:db8::1', '2001:db8::2']);
    expect(valuesOf(root, 'ipv6.src_host')).toEqual(['2001:db8::1']);
  });

  it('lists extension headers as layers of their own', () => {
    const routed = routingHeader({ addresses: ['2001:db8::9'] }, icmpv6Echo({ id: 1, sequence: 1 }));
    const whole = checkPacket(frame({}, hopByHop(ipv6Option.routerAlert(), destinationOptions([4, 1, 5], routed))));
    expect(stackText(whole)).toBe('eth:ethertype:ipv6:ipv6.hopopts:ipv6.dstopts:ipv6.routing:icmpv6:data');
    expect(valuesOf(whole.root, 'ipv6.opt.router_alert')).toEqual(['0']);
    expect(valuesOf(whole.root, 'ipv6.opt.tel')).toEqual(['5']);
    expect(valuesOf(whole.root, 'ipv6.routing.src.addr')).toEqual(['2001:db8::9']);
    expect(valuesOf(whole.root, 'icmpv6.checksum.status')).toEqual(['1']); // summed with the last stop of the route
  });

  it('says what an address tells about where it came from', () => {
    const { root } = checkPacket(
      frame({ src: '2002:c000:201:7:211:22ff:fe33:4455', dst: '2001:0:4136:e378:8000:63bf:3fff:fdd2' }, datagram()),
    );
    expect(valuesOf(root, 'ipv6.src_6to4_gw_ipv4')).toEqual(['192.0.2.1']);
    expect(valuesOf(root, 'ipv6.6to4_sla_id')).toEqual(['7']);
    expect(valuesOf(root, 'ipv6.src_slaac_mac')).toEqual(['00:11:22:33:44:55']);
    expect(valuesOf(root, 'ipv6.dst_ts_ipv4')).toEqual(['65.54.227.120']);
    expect(valuesOf(root, 'ipv6.tc_port')).toEqual(['40000']);
    expect(valuesOf(root, 'ipv6.dst_tc_ipv4')).toEqual(['192.0.2.45']);
  });

  it('marks fragments, finds their header and leaves their bytes as data', () => {
    const [first, second] = fragmentIpv6(NETWORK, 0x4d, datagram('x'.repeat(2000)), 1280);
    const bytes = ethernet(LINK, first).bytes();
    const whole = dissectPacket(bytes);
    expect(stackText(whole)).toBe('eth:ethertype:ipv6:ipv6.fraghdr:data');
    expect(whole.info).toBe('IPv6 fragment (off=0 more=y ident=0x0000004d nxt=17)');
    const { scratch, portless } = walkPacket(ethernet(LINK, second).bytes());
    expect((scratch.flags[0] ?? 0) & FLAG.fragment).toBe(FLAG.fragment);
    expect(portless).toEqual([17]);
    expect(scratch.payloadAt[0]).toBe(14 + 40 + 8);
  });

  it('dissects the datagram that a fragment completed', () => {
    const [, last] = fragmentIpv6(NETWORK, 9, datagram('x'.repeat(2000)), 1280);
    const carrier = { src: ipAddress(NETWORK.src), dst: ipAddress(NETWORK.dst) };
    const bytes = datagram('x'.repeat(2000)).bytes(carrier);
    const whole = dissectPacket(ethernet(LINK, last).bytes(), 1, undefined, {
      datagram: { bytes, frames: [1, 2] },
    });
    expect(stackText(whole)).toBe('eth:ethertype:ipv6:ipv6.fraghdr:udp:data');
    expect(valuesOf(whole.root, 'ipv6.fragment')).toEqual(['1', '2']);
    expect(valuesOf(whole.root, 'ipv6.reassembled.length')).toEqual(['2008']);
  });

  it('takes the length of a jumbogram from its option', () => {
    const jumbo = hopByHop(ipv6Option.jumbo(8 + 13), datagram());
    const bytes = join(frame({ payloadLength: 0 }, jumbo), [0xaa, 0xbb]);
    const whole = dissectPacket(bytes);
    expect(valuesOf(whole.root, 'ipv6.opt.jumbo')).toEqual(['21']);
    expect(valuesOf(whole.root, 'eth.trailer')).toEqual(['aabb']);
  });

  it('presumes segmentation offload where the length is zero', () => {
    const whole = checkPacket(frame({ payloadLength: 0 }, datagram()));
    expect(stackText(whole)).toBe('eth:ethertype:ipv6:udp:data');
    expect(treeText(whole.root)).toContain('TCP segmentation offload');
  });

  it('stops at a wrong version and at an unknown next header', () => {
    expect(checkPacket(frame({ version: 5 }, datagram())).info).toBe('Bogus IPv6 version (5, must be 6)');
    expect(checkPacket(frame({ nextHeader: 200 }, datagram())).info).toBe('Unknown IP Protocol: Unassigned (200)');
    expect(checkPacket(frame({ nextHeader: 59 }, datagram())).info).toBe('IPv6 no next header');
  });

  it('survives options longer than their header', () => {
    const whole = checkPacket(frame({}, hopByHop([0x11, 30, 1, 2, 3], datagram())));
    expect(valuesOf(whole.root, 'ipv6.opt.type')).toEqual(['0x11']);
    expect(checkPacket(frame({}, hopByHop([], datagram(), { length: 9 }))).malformed).toBe(true);
  });

  it('shows segment routing and authentication headers', () => {
    const routing = makeLayer('routing', () =>
      join(
        [17, 4, 4, 1, 1, 0, 0, 7],
        ipAddress('2001:db8::21'),
        ipAddress('2001:db8::22'),
        datagram().bytes({ src: ipAddress(NETWORK.src), dst: ipAddress('2001:db8::21') }),
      ),
    );
    const { root } = checkPacket(frame({}, routing));
    expect(valuesOf(root, 'ipv6.routing.srh.addr')).toEqual(['2001:db8::21', '2001:db8::22']);
    expect(valuesOf(root, 'ipv6.routing.srh.tag')).toEqual(['0007']);
    const ah = makeLayer('ah', () => join([59, 4, 0, 0], u32(0x1234), u32(9), new Uint8Array(12), u16(0)));
    expect(valuesOf(checkPacket(frame({}, ah)).root, 'ah.spi')).toEqual(['0x00001234']);
  });
});
