/** Which fields a column or a path answers without looking at the packet. A field that is not here is read by dissecting. */

import { ANALYSIS, TCP_ANALYSIS_FLAGS } from '../table/analysis-bits.ts';
import { FLAG } from '../table/flags.ts';
import { PATH } from '../table/path-words.ts';
import { LOST_MASK, LOST_SHIFT, RESENT_MASK, RESENT_SHIFT } from '../table/resent-kinds.ts';
import type { ColumnPart } from './kernels.ts';

const part = (column: ColumnPart['column'], shift = 0, mask = 0): ColumnPart => ({ column, shift, mask });
const bit = (column: ColumnPart['column'], flag: number): ColumnPart => part(column, 31 - Math.clz32(flag), 1);

/**
 * Field to column. `protocol`: the layer that must be in the stack ('' for all packets). `isFlag`: the field exists where the
 * bit is set, and has no value.
 */
export interface ColumnField {
  readonly part: ColumnPart;
  readonly protocol: string;
  readonly isFlag?: boolean;
  /** The bit says whether one of the field's values is this one; the others are not told. */
  readonly tells?: number;
  /** 0 stands for a field that the packet does not have. */
  readonly isOptional?: boolean;
  /** The column counts nanoseconds from the session's epoch; `absolute`: the field counts from 1970. */
  readonly time?: 'absolute' | 'relative';
}

const tcpFlag = (flag: number): ColumnField => ({ part: bit('tcpFlags', flag), protocol: 'tcp' });
const analysis = (flag: number): ColumnField => ({ part: bit('analysis', flag), protocol: 'tcp', isFlag: true });

export const columnFields: ReadonlyMap<string, ColumnField> = new Map<string, ColumnField>([
  ['frame.len', { part: part('length'), protocol: '' }],
  ['frame.cap_len', { part: part('capturedLength'), protocol: '' }],
  ['frame.interface_id', { part: part('interface'), protocol: '' }],
  ['frame.marked', { part: bit('flags', FLAG.marked), protocol: '' }],
  ['frame.ignored', { part: bit('flags', FLAG.ignored), protocol: '' }],
  ['nagare.malformed', { part: bit('flags', FLAG.malformed), protocol: '', isFlag: true }],
  ['ip.checksum.status', { part: bit('flags', FLAG.badIpChecksum), protocol: 'ip', tells: 0 }],
  ['nagare.copy', { part: bit('flags', FLAG.copy), protocol: '', isFlag: true }],
  ['frame.time_epoch', { part: part('time'), protocol: '', time: 'absolute' }],
  ['frame.time', { part: part('time'), protocol: '', time: 'absolute' }],
  ['tcp.flags', { part: part('tcpFlags', 0, 0xfff), protocol: 'tcp' }],
  ['tcp.flags.ae', tcpFlag(0x100)],
  ['tcp.flags.cwr', tcpFlag(0x80)],
  ['tcp.flags.ece', tcpFlag(0x40)],
  ['tcp.flags.urg', tcpFlag(0x20)],
  ['tcp.flags.ack', tcpFlag(0x10)],
  ['tcp.flags.push', tcpFlag(8)],
  ['tcp.flags.reset', tcpFlag(4)],
  ['tcp.flags.syn', tcpFlag(2)],
  ['tcp.flags.fin', tcpFlag(1)],
  ['tcp.seq_raw', { part: part('seq'), protocol: 'tcp' }],
  ['tcp.ack_raw', { part: part('ack'), protocol: 'tcp' }],
  ['tcp.window_size_value', { part: part('window'), protocol: 'tcp' }],
  ['tcp.len', { part: part('payloadLength'), protocol: 'tcp' }],
  ['tcp.analysis.flags', { part: part('analysis', 0, TCP_ANALYSIS_FLAGS), protocol: 'tcp', isFlag: true }],
  ['tcp.analysis.retransmission', analysis(ANALYSIS.retransmission)],
  ['tcp.analysis.fast_retransmission', analysis(ANALYSIS.fastRetransmission)],
  ['tcp.analysis.spurious_retransmission', analysis(ANALYSIS.spuriousRetransmission)],
  ['tcp.analysis.out_of_order', analysis(ANALYSIS.outOfOrder)],
  ['tcp.analysis.duplicate_ack', analysis(ANALYSIS.duplicateAck)],
  ['tcp.analysis.zero_window', analysis(ANALYSIS.zeroWindow)],
  ['tcp.analysis.zero_window_probe', analysis(ANALYSIS.zeroWindowProbe)],
  ['tcp.analysis.zero_window_probe_ack', analysis(ANALYSIS.zeroWindowProbeAck)],
  ['tcp.analysis.window_full', analysis(ANALYSIS.windowFull)],
  ['tcp.analysis.window_update', analysis(ANALYSIS.windowUpdate)],
  ['tcp.analysis.lost_segment', analysis(ANALYSIS.lostSegment)],
  ['tcp.analysis.ack_lost_segment', analysis(ANALYSIS.ackedUnseen)],
  ['tcp.analysis.keep_alive', analysis(ANALYSIS.keepAlive)],
  ['tcp.analysis.keep_alive_ack', analysis(ANALYSIS.keepAliveAck)],
  ['nagare.resent', { part: part('analysis', RESENT_SHIFT, RESENT_MASK), protocol: 'tcp', isOptional: true }],
  ['nagare.lost', { part: part('analysis', LOST_SHIFT, LOST_MASK), protocol: 'tcp', isOptional: true }],
  ['nagare.offload.large', analysis(ANALYSIS.largeSegment)],
  ['tcp.analysis.reused_ports', analysis(ANALYSIS.portReused)],
]);

/** Fields that only rows with a flag may have. */
export const flaggedFields: ReadonlyMap<string, number> = new Map<string, number>([
  ['frame.comment', FLAG.comment],
  ...['tcp.segments', 'tcp.segment', 'tcp.segment.count', 'tcp.reassembled.length', 'tcp.reassembled.data'].map(
    (abbrev): [string, number] => [abbrev, FLAG.spanning],
  ),
  ...['ip', 'ipv6'].flatMap((network): [string, number][] =>
    ['fragments', 'fragment', 'fragment.count', 'reassembled.length', 'reassembled.data'].map((part) => [
      `${network}.${part}`,
      FLAG.reassembled,
    ]),
  ),
  ['ip.reassembled_in', FLAG.fragment],
  ['ipv6.reassembled.in', FLAG.fragment],
]);

/** Where in a path entry a field's value is. */
export interface PathField {
  readonly kind: number;
  /** For ports: the IP protocol; for tunnels and link pairs: the protocol's name. */
  readonly own: number | string | null;
  /** `platform`: what serves at an address, of either family. */
  readonly part: 'source' | 'destination' | 'both' | 'own' | 'key' | 'platform';
}

const both = (
  kind: number,
  own: PathField['own'],
  prefix: string,
  names: readonly [string, string, string],
): [string, PathField][] => [
  [`${prefix}.${names[0]}`, { kind, own, part: 'source' }],
  [`${prefix}.${names[1]}`, { kind, own, part: 'destination' }],
  [`${prefix}.${names[2]}`, { kind, own, part: 'both' }],
];

export const pathFields: ReadonlyMap<string, PathField> = new Map<string, PathField>([
  ...both(PATH.link, 'eth', 'eth', ['src', 'dst', 'addr']),
  ...both(PATH.ipv4, null, 'ip', ['src', 'dst', 'addr']),
  ...both(PATH.ipv6, null, 'ipv6', ['src', 'dst', 'addr']),
  ...both(PATH.ports, 6, 'tcp', ['srcport', 'dstport', 'port']),
  ...both(PATH.ports, 17, 'udp', ['srcport', 'dstport', 'port']),
  ['nagare.platform', { kind: 0, own: null, part: 'platform' }],
  ['vlan.id', { kind: PATH.vlan, own: null, part: 'own' }],
  ['vxlan.vni', { kind: PATH.tunnel, own: 'vxlan', part: 'key' }],
]);
