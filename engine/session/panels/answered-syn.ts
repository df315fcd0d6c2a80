/** Which of several SYNs a SYN/ACK answered, by the timestamps option (RFC 7323 4.2): it echoes the value of that SYN. */

import { BitSet } from '../../base/bitset.ts';
import { u32 } from '../../base/bytes.ts';
import { protocolNamed } from '../../dissect/registry.ts';
import type { WalkedLayers } from '../../dissect/walked-layers.ts';
import { TCP_FLAG } from '../../table/tcp-analysis.ts';
import { visitHeaders } from '../header-pass.ts';
import type { PanelInput } from './panel.ts';

const TCP = protocolNamed('tcp').index;
const TCP_HEADER = 20;
const OPTION = { end: 0, padding: 1, timestamps: 8 } as const;
const TIMESTAMPS_LENGTH = 10;

/** Times of the SYNs that were answered, by flow; left out where it cannot be told. `synAcks`: row of the first SYN/ACK by flow. */
export async function answeredSyns(
  { capture, job }: Pick<PanelInput, 'capture' | 'job'>,
  synAcks: ReadonlyMap<number, number>,
): Promise<ReadonlyMap<number, number>> {
  const { flows, table } = capture;
  const answered = new Map<number, number>();
  if (synAcks.size === 0) return answered;
  flows.update();
  const wanted = new BitSet(table.count);
  const syns = new Map<number, readonly number[]>();
  for (const [flow, synAck] of synAcks) {
    const rows: number[] = [];
    for (let i = 0; i < flows.count(flow); i++) {
      const row = flows.row(flow, i);
      if (row >= synAck) break;
      if ((table.get('tcpFlags', row) & (TCP_FLAG.syn | TCP_FLAG.ack)) === TCP_FLAG.syn) rows.push(row);
    }
    syns.set(flow, rows);
    for (const row of [...rows, synAck]) wanted.add(row);
  }
  const told = new Map<number, Timestamps>();
  const keep = (row: number, bytes: Uint8Array, layers: WalkedLayers): void => {
    const found = timestampsOf(bytes, layers);
    if (found !== null) told.set(row, found);
  };
  await visitHeaders(capture, wanted, keep, job.pause);
  for (const [flow, synAck] of synAcks) {
    const echoed = told.get(synAck)?.echoed;
    const matching = (syns.get(flow) ?? []).filter((row) => echoed !== undefined && told.get(row)?.own === echoed);
    // Two SYNs with the same value: the clock did not move between them.
    if (matching.length === 1) answered.set(flow, table.get('time', matching[0]));
  }
  return answered;
}

interface Timestamps {
  readonly own: number;
  readonly echoed: number;
}

/** The timestamps option of the innermost TCP header; null: it has none. */
function timestampsOf(bytes: Uint8Array, layers: WalkedLayers): Timestamps | null {
  let layer = layers.count - 1;
  while (layer >= 0 && layers.protocol[layer] !== TCP) layer--;
  if (layer < 0) return null;
  const header = layers.at[layer];
  const end = Math.min(layers.end[layer], header + 4 * (bytes[header + 12] >>> 4));
  for (let at = header + TCP_HEADER; at < end; ) {
    if (bytes[at] === OPTION.end) return null;
    if (bytes[at] === OPTION.padding) {
      at++;
      continue;
    }
    const length = at + 1 < end ? bytes[at + 1] : 0;
    if (length < 2) return null;
    if (bytes[at] === OPTION.timestamps)
      return length === TIMESTAMPS_LENGTH && at + length <= end
        ? { own: u32(bytes, at + 2), echoed: u32(bytes, at + 6) }
        : null;
    at += length;
  }
  return null;
}
