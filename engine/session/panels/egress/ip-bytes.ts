/**
 * How many bytes of each frame are IP. The headers in front of IP are as long in every frame of one stack, so one frame of each
 * is read; frames short enough to have been filled up are read by what tells their headers: the path, and whether it is a SYN.
 */

import { type Sides, WAY } from '../../../analyses/egress-sides.ts';
import { type IpBytes, PADDED_FRAME } from '../../../analyses/egress-totals.ts';
import { BitSet } from '../../../base/bitset.ts';
import { u16 } from '../../../base/bytes.ts';
import { protocolNamed } from '../../../dissect/registry.ts';
import { BLOCK_MASK, BLOCK_SHIFT } from '../../../table/packet-table.ts';
import { visitHeaders } from '../../header-pass.ts';
import type { PanelInput } from '../panel.ts';

const NO_ROW = 0xffffffff;
const TCP = 6;
const UDP = 17;
const SYN = 2;
const IPV6_HEADER = 40;
const ETHERNET = 14;

export async function ipBytesOf({ capture, job }: PanelInput, sides: Sides): Promise<IpBytes> {
  const { table, paths } = capture.pass;
  const { ends, way, entry } = sides;
  const { count } = paths;
  const sample = new Uint32Array(count).fill(NO_ROW);
  const padded = new Uint32Array(2 * count).fill(NO_ROW);
  const wanted = new BitSet(table.count, table.first);
  const exact = new Map<number, number>();
  const hasPayload = new Uint8Array(count);
  for (let path = 0; path < count; path++) {
    const protocol = way[path] === WAY.none ? -1 : ends.protocol(entry[path]);
    hasPayload[path] = protocol === TCP || protocol === UDP ? 1 : 0;
  }
  for (let base = table.firstBase; base < table.count; base += 1 << BLOCK_SHIFT) {
    const block = table.blocks[base >>> BLOCK_SHIFT];
    const end = Math.min(table.count - base, BLOCK_MASK + 1);
    for (let i = 0; i < end; i++) {
      const path = block.path[i];
      if (way[path] === WAY.none) continue;
      if (sample[path] === NO_ROW) sample[path] = base + i;
      if (block.length[i] > PADDED_FRAME) continue;
      const slot = 2 * path + ((block.tcpFlags[i] & SYN) !== 0 ? 1 : 0);
      if (hasPayload[path] === 0) wanted.add(base + i);
      else if (padded[slot] === NO_ROW) {
        padded[slot] = base + i;
        wanted.add(base + i);
      }
    }
  }
  const first = new Map<number, number>();
  for (let path = 0; path < count; path++) {
    const row = sample[path];
    if (row === NO_ROW) continue;
    const isOutermost = entry[path] === ends.start[path];
    const key = table.get('interface', row) * 65536 + table.get('stack', row);
    if (isOutermost && first.has(key)) continue;
    if (isOutermost) first.set(key, path);
    wanted.add(row);
  }
  const front = new Uint32Array(count).fill(ETHERNET);
  const headers = new Uint32Array(2 * count);
  const [ipv4, ipv6] = [protocolNamed('ip').index, protocolNamed('ipv6').index];
  await visitHeaders(
    capture,
    wanted,
    (row, bytes, layers) => {
      const path = table.get('path', row);
      let left = entry[path] - ends.start[path];
      for (let i = 0; i < layers.count; i++) {
        const protocol = layers.protocol[i];
        if ((protocol !== ipv4 && protocol !== ipv6) || left-- > 0) continue;
        const at = layers.at[i];
        const start = layers.at[0];
        if (sample[path] === row) front[path] = at - start;
        if (table.get('length', row) > PADDED_FRAME) return;
        const longest = table.get('length', row) - (at - start);
        const said =
          layers.end[i] - at < 6 ? 0 : protocol === ipv6 ? IPV6_HEADER + u16(bytes, at + 4) : u16(bytes, at + 2);
        const total = said === 0 ? longest : Math.min(said, longest);
        if (hasPayload[path] === 0) exact.set(row, total);
        else
          headers[2 * path + ((table.get('tcpFlags', row) & SYN) !== 0 ? 1 : 0)] = Math.max(
            0,
            total - table.get('payloadLength', row),
          );
        return;
      }
    },
    job.pause,
  );
  for (let path = 0; path < count; path++) {
    if (sample[path] === NO_ROW || entry[path] !== ends.start[path]) continue;
    const row = sample[path];
    front[path] = front[first.get(table.get('interface', row) * 65536 + table.get('stack', row)) ?? path];
  }
  return {
    front,
    padded(row) {
      const path = table.get('path', row);
      if (hasPayload[path] === 0) return exact.get(row) ?? Math.max(0, table.get('length', row) - front[path]);
      return headers[2 * path + ((table.get('tcpFlags', row) & SYN) !== 0 ? 1 : 0)] + table.get('payloadLength', row);
    },
  };
}
