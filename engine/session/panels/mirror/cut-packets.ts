/**
 * Packets whose inner end a mirror cut off: the inner IP header promises more bytes than the frame had on the wire. A mirror
 * cuts where the copy with its tunnel headers is longer than the target's MTU, so all cut frames of a session have the
 * length of its longest: only those are read again, and only where a few of them show that there is something to find.
 */

import { type MirrorSessions, NO_SESSION } from '../../../analyses/mirror-sessions.ts';
import { BitSet } from '../../../base/bitset.ts';
import { u16 } from '../../../base/bytes.ts';
import { protocolNamed } from '../../../dissect/registry.ts';
import type { WalkedLayers } from '../../../dissect/walked-layers.ts';
import { BLOCK_MASK, BLOCK_SHIFT } from '../../../table/packet-table.ts';
import { visitHeaders } from '../../header-pass.ts';
import type { PanelInput } from '../panel.ts';

export interface CutPackets {
  /** Bytes that are not there, by row. */
  readonly bytes: ReadonlyMap<number, number>;
  /** By session: cut packets, and the MTU with which none of those would have been. */
  readonly sessions: ReadonlyMap<number, { packets: number; mtu: number }>;
}

/** Longest frames of each session that are looked at first. */
const SAMPLES = 32;
const IPV6_HEADER = 40;

export async function cutPackets({ capture, job }: PanelInput, sessions: MirrorSessions): Promise<CutPackets> {
  const { table } = capture;
  const longest = longestFrames(capture.pass.table, sessions);
  const samples = new BitSet(table.count, table.first);
  const left = new Int32Array(longest.length).fill(SAMPLES);
  const candidates = new BitSet(table.count, table.first);
  for (let row = table.first; row < table.count; row++) {
    const session = sessions.of(table.get('path', row));
    if (session === NO_SESSION || table.get('length', row) !== longest[session]) continue;
    candidates.add(row);
    if (left[session]-- > 0) samples.add(row);
  }
  const bytes = new Map<number, number>();
  const found = new Map<number, { packets: number; mtu: number }>();
  const cutOf = (row: number, packet: Uint8Array, layers: WalkedLayers): void => {
    const need = needOf(packet, layers);
    if (need === null || need.end <= table.get('length', row)) return;
    bytes.set(row, need.end - table.get('length', row));
    const session = sessions.of(table.get('path', row));
    const before = found.get(session);
    if (before === undefined) found.set(session, { packets: 1, mtu: need.mtu });
    else {
      before.packets++;
      before.mtu = Math.max(before.mtu, need.mtu);
    }
  };
  await visitHeaders(capture, samples, cutOf, job.pause);
  if (found.size === 0) return { bytes, sessions: found };
  const cutting = new Set(found.keys());
  for (let row = candidates.next(0); row >= 0; row = candidates.next(row + 1))
    if (samples.has(row) || !cutting.has(sessions.of(table.get('path', row)))) candidates.delete(row);
  await visitHeaders(capture, candidates, cutOf, job.pause);
  return { bytes, sessions: found };
}

function longestFrames(table: PanelInput['capture']['table'], sessions: MirrorSessions): Uint32Array {
  const longest: number[] = [];
  for (let row = table.first; row < table.count; row++) {
    const block = table.blocks[row >>> BLOCK_SHIFT];
    const session = sessions.of(block.path[row & BLOCK_MASK]);
    if (session === NO_SESSION) continue;
    longest[session] = Math.max(longest[session] ?? 0, block.length[row & BLOCK_MASK]);
  }
  return Uint32Array.from(longest);
}

const IP = protocolNamed('ip').index;
const IPV6 = protocolNamed('ipv6').index;

/** Where the innermost IP packet ends by its own header, counted from the frame's start, and the MTU of a network that carries the whole frame. */
function needOf(packet: Uint8Array, layers: WalkedLayers): { readonly end: number; readonly mtu: number } | null {
  const start = layers.at[0];
  let outer = -1;
  let end = 0;
  for (let i = 0; i < layers.count; i++) {
    const at = layers.at[i];
    const isIpv6 = layers.protocol[i] === IPV6;
    if ((!isIpv6 && layers.protocol[i] !== IP) || at + IPV6_HEADER > packet.length) continue;
    if (outer < 0) outer = at;
    const length = isIpv6 ? IPV6_HEADER + u16(packet, at + 4) : u16(packet, at + 2);
    // A large segment of an offloading card has no length of its own.
    if (length > (isIpv6 ? IPV6_HEADER : 0)) end = at + length;
  }
  return outer < 0 ? null : { end: end - start, mtu: end - outer };
}
