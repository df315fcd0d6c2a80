/** ICMP: messages, quoted packets, extensions, and replies tied to requests. */

import { describe, expect, it } from 'vitest';
import type { PacketFacts } from '../../../../../engine/dissect/tree.ts';
import { FLAG } from '../../../../../engine/table/flags.ts';
import { internetChecksum, ipv4Address, join, u16, u32, zeros } from '../../../../support/build-bytes.ts';
import { ethernet } from '../../../../support/build-link.ts';
import { icmp, icmpEcho, ipv4, type Layer, quoted, tcp, udp } from '../../../../support/build-packet.ts';
import { checkPacket } from '../../../../support/check-packet.ts';
import { dissectPacket, stackText, treeText, valuesOf } from '../../../../support/dissect-packet.ts';
import { walkPacket } from '../../../../support/walk-packet.ts';

const LINK = { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' };
const THERE = { src: '192.0.2.1', dst: '192.0.2.2' };
const BACK = { src: '192.0.2.2', dst: '192.0.2.1' };

const frame = (payload: Layer, way = BACK): Uint8Array => ethernet(LINK, ipv4(way, payload)).bytes();
const datagram = udp({ srcPort: 4000, dstPort: 4001 }, 'hello');

describe('ICMP', () => {
  it('shows an echo request with both readings of identifier and sequence', () => {
    const whole = checkPacket(frame(icmpEcho({ id: 1, sequence: 2 }, 'x'.repeat(56)), THERE));
    expect(stackText(whole)).toBe('eth:ethertype:ip:icmp:data');
    expect(whole.info).toBe('Echo (ping) request  id=0x0001, seq=2/512, ttl=64');
    expect(valuesOf(whole.root, 'icmp.ident_le')).toEqual(['256']);
    expect(valuesOf(whole.root, 'icmp.checksum.status')).toEqual(['1']);
    expect(valuesOf(whole.root, 'data.len')).toEqual(['56']);
  });

  it('ties a reply to its request, and says the same when asked again', () => {
    const memory: PacketFacts['memory'] = { objects: new Map() };
    const request = frame(icmpEcho({ id: 1, sequence: 2 }), THERE);
    const reply = frame(icmpEcho({ id: 1, sequence: 2, reply: true }));
    expect(dissectPacket(request, 1, undefined, { memory, number: 3, time: 1_000_000n }).info).not.toContain(
      'reply in',
    );
    const { root, info } = dissectPacket(reply, 1, undefined, { memory, number: 5, time: 2_500_000n });
    expect(info).toBe('Echo (ping) reply    id=0x0001, seq=2/512, ttl=64 (request in 3)');
    expect(valuesOf(root, 'icmp.resp_to')).toEqual(['3']);
    expect(valuesOf(root, 'icmp.resptime')).toEqual(['1.5']);
    dissectPacket(request, 1, undefined, { memory, number: 7, time: 4_000_000n }); // the same number used again
    const again = dissectPacket(reply, 1, undefined, { memory, number: 5, time: 2_500_000n });
    expect(again.info).toBe(info);
  });

  it('takes the first bytes for a time only when they are near the time of the packet', () => {
    const time = 1_700_000_002_000_000_000n;
    const payload = join(u32(1_700_000_001), u32(500), zeros(10));
    const near = dissectPacket(frame(icmpEcho({ id: 1, sequence: 1 }, payload)), 1, undefined, { time });
    expect(valuesOf(near.root, 'icmp.data_time_relative')).toEqual(['0.999500000']);
    expect(valuesOf(near.root, 'data.len')).toEqual(['10']);
    const far = dissectPacket(frame(icmpEcho({ id: 1, sequence: 1 }, payload)), 1, undefined, { time: 0n });
    expect(valuesOf(far.root, 'icmp.data_time_relative')).toEqual([]);
    expect(valuesOf(far.root, 'data.len')).toEqual(['18']);
  });

  it('dissects the packet that an error quotes, and leaves the columns to the error', () => {
    const bytes = frame(icmp({ type: 3, code: 3 }, quoted(ipv4(THERE, datagram))));
    const whole = checkPacket(bytes);
    expect(stackText(whole)).toBe('eth:ethertype:ip:icmp:ip:udp');
    expect(whole.info).toBe('Destination unreachable (Port unreachable)');
    expect(whole.protocolColumn).toBe('ICMP');
    expect(whole.malformed).toBe(false);
    expect(valuesOf(whole.root, 'ip.addr')).toEqual(['192.0.2.2', '192.0.2.1', '192.0.2.1', '192.0.2.2']);
    const { stack, scratch } = walkPacket(bytes);
    expect(stack).toBe('dissect');
    expect((scratch.flags[0] ?? 0) & FLAG.more).toBe(FLAG.more);
  });

  it('shows as much of a quoted TCP header as there is', () => {
    const segment = tcp({ srcPort: 4000, dstPort: 4001, seq: 1000 }, 'x');
    const whole = checkPacket(frame(icmp({ type: 3, code: 1 }, quoted(ipv4(THERE, segment), 28))));
    expect(stackText(whole)).toBe('eth:ethertype:ip:icmp:ip:tcp');
    expect(whole.malformed).toBe(false);
    expect(whole.info).toBe('Destination unreachable (Host unreachable)');
  });

  it('reads the fields of each kind of error', () => {
    const quote = quoted(ipv4(THERE, datagram));
    const field = (type: number, code: number, rest: Uint8Array, name: string): string[] =>
      valuesOf(dissectPacket(frame(icmp({ type, code, rest }, quote))).root, name);
    expect(field(3, 4, join(u16(0), u16(1400)), 'icmp.mtu')).toEqual(['1400']);
    expect(field(5, 1, ipv4Address('192.0.2.9'), 'icmp.redir_gw')).toEqual(['192.0.2.9']);
    expect(field(12, 0, Uint8Array.of(20, 0, 0, 0), 'icmp.pointer')).toEqual(['20']);
    expect(field(11, 0, zeros(4), 'icmp.unused')).toEqual(['00000000']);
  });

  it('finds extensions behind the quoted packet', () => {
    const packet = ipv4(THERE, udp({ srcPort: 1, dstPort: 2 }, 'x'.repeat(100))).bytes();
    const labels = join(u16(8), [1, 1], u32((100_704 << 12) | (1 << 8) | 1));
    const extension = join([0x20, 0, 0, 0], labels);
    extension.set(u16(internetChecksum(extension)), 2);
    const whole = checkPacket(frame(icmp({ type: 11, rest: [0, 32, 0, 0] }, join(packet, extension))));
    expect(valuesOf(whole.root, 'icmp.ext.checksum.status')).toEqual(['1']);
    expect(valuesOf(whole.root, 'icmp.mpls.label')).toEqual(['100704']);
    expect(valuesOf(whole.root, 'icmp.length.original_datagram')).toEqual(['128']);
  });

  it('shows timestamps, masks and routers', () => {
    const stamps = join(u32(1000), u32(2000), u32(3000));
    expect(
      valuesOf(
        checkPacket(frame(icmp({ type: 14, rest: join(u16(1), u16(2)) }, stamps))).root,
        'icmp.transmit_timestamp',
      ),
    ).toEqual(['3000']);
    expect(
      valuesOf(checkPacket(frame(icmp({ type: 18, rest: u32(1) }, u32(0xffffff00)))).root, 'icmp.address_mask'),
    ).toEqual(['255.255.255.0']);
    const routers = join(ipv4Address('192.0.2.5'), u32(0), ipv4Address('192.0.2.6'), u32(0xffffffff));
    const { root } = checkPacket(frame(icmp({ type: 9, rest: join([2, 2], u16(1800)) }, routers)));
    expect(valuesOf(root, 'icmp.router_address')).toEqual(['192.0.2.5', '192.0.2.6']);
    expect(valuesOf(root, 'icmp.pref_level')).toEqual(['0', '-1']);
  });

  it('finds a wrong checksum', () => {
    const { root } = checkPacket(frame(icmp({ type: 8, checksum: 0x1234 }, 'abc')));
    expect(valuesOf(root, 'icmp.checksum.status')).toEqual(['0']);
    expect(treeText(root)).toContain('Bad checksum');
  });
});
