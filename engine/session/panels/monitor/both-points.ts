/** Connections that two files hold, one from each end: which belongs to which, also through address translation. */

import { type Compared, compareStreams, type Seen } from '../../../analyses/two-sided.ts';
import { FLAG } from '../../../table/flags.ts';
import { BLOCK_MASK, BLOCK_SHIFT } from '../../../table/packet-table.ts';
import { TCP_FLAG } from '../../../table/tcp-analysis.ts';
import type { Capture } from '../../capture.ts';
import type { PanelInput } from '../panel.ts';
import { isTcp } from '../tcp/connections.ts';

/** Bytes of content that tell streams apart. */
const CONTENT = 48;

/** One connection at one point. */
export interface Half {
  readonly flow: number;
  readonly file: number;
  /** By direction, 0 from the client. */
  readonly seen: readonly [Seen[], Seen[]];
  /** Rows of SYN and SYN/ACK; -1: not here. */
  readonly syn: [number, number];
}

export interface Pair {
  /** At the client's end, and at the server's. */
  readonly near: Half;
  readonly far: Half;
  /** From the client, and from the server, each from the point that it passes first. */
  readonly there: Compared;
  readonly back: Compared;
}

/** The two files of a capture; null: it has one, or more than two. */
export function twoFiles(capture: Capture): readonly [number, number] | null {
  const files = [...new Set(capture.reader.facts.interfaces.map(({ file }) => file))];
  return files.length === 2 ? [files[0], files[1]] : null;
}

export function pairUp(input: PanelInput): readonly Pair[] {
  const { capture } = input;
  const files = twoFiles(capture);
  if (files === null) return [];
  const halves = collect(input);
  const [first, second] = files.map((file) => halves.filter((half) => half.file === file));
  const found: [Half, Half][] = [];
  const left = new Set(second);
  const take = (half: Half, other: Half | undefined): boolean => {
    if (other === undefined || !left.delete(other)) return false;
    found.push([half, other]);
    return true;
  };
  const byFlow = new Map(second.map((half) => [half.flow, half]));
  let open = first.filter((half) => !take(half, byFlow.get(half.flow)));
  for (const keyOf of [
    (half: Half) => numbersOf(capture, half),
    (half: Half) => contentOf(capture, half, 0),
    (half: Half) => contentOf(capture, half, 1),
  ]) {
    const byKey = new Map<string, Half>();
    for (const half of left) {
      const key = keyOf(half);
      if (key !== '') byKey.set(key, half);
    }
    open = open.filter((half) => !take(half, byKey.get(keyOf(half))));
  }
  const isFirstNear = nearness(capture, found) >= 0;
  return found.map(([a, b]): Pair => {
    const [near, far] = isFirstNear ? [a, b] : [b, a];
    const [nearSeen, farSeen] = sameNumbers(capture, near, far);
    return {
      near,
      far,
      there: compareStreams(nearSeen[0], farSeen[0]),
      back: compareStreams(farSeen[1], nearSeen[1]),
    };
  });
}

/** All TCP rows with data, or that open a connection; copies too, for the other point's packets may look like such. */
function collect({ capture, rows }: PanelInput): Half[] {
  const { pass } = capture;
  const { table } = pass;
  const fileOf = capture.reader.facts.interfaces.map(({ file }) => file);
  const halves = new Map<string, Half>();
  /** Sequence numbers without wrapping, by half and direction: the last one as it was, and as it counts. */
  const last = new Map<Half, [number, number, number, number]>();
  for (let base = table.firstBase; base < table.count; base += 1 << BLOCK_SHIFT) {
    const block = table.blocks[base >>> BLOCK_SHIFT];
    const end = Math.min(table.count - base, BLOCK_MASK + 1);
    for (let i = 0; i < end; i++) {
      const isSyn = (block.tcpFlags[i] & TCP_FLAG.syn) !== 0;
      const length = block.payloadLength[i];
      if ((length === 0 && !isSyn) || block.tcpFlags[i] === 0) continue;
      if (rows !== null && !rows.has(base + i)) continue;
      const row = base + i;
      const flow = pass.flowOf(row);
      if (flow < 0 || !isTcp(pass, flow)) continue;
      const file = fileOf[block.interface[i]];
      const key = `${flow} ${file}`;
      let half = halves.get(key);
      if (half === undefined) {
        half = { flow, file, seen: [[], []], syn: [-1, -1] };
        halves.set(key, half);
        last.set(half, [-1, 0, -1, 0]);
      }
      const direction = (block.flags[i] & FLAG.reverse) !== 0 ? 1 : 0;
      const numbers = last.get(half) ?? [-1, 0, -1, 0];
      const raw = block.seq[i];
      const count =
        numbers[2 * direction] < 0 ? raw : numbers[2 * direction + 1] + ((raw - numbers[2 * direction]) | 0);
      numbers[2 * direction] = raw;
      numbers[2 * direction + 1] = count;
      if (isSyn && half.syn[direction] < 0) half.syn[direction] = row;
      const to = count + length + (isSyn ? 1 : 0);
      half.seen[direction].push({ from: count, to, time: block.time[i], row });
    }
  }
  return [...halves.values()];
}

/** Both initial sequence numbers, which address translation leaves as they are; '' where the handshake is not here. */
function numbersOf({ table }: Capture, { syn }: Half): string {
  return syn[0] < 0 || syn[1] < 0 ? '' : `${table.get('seq', syn[0])} ${table.get('seq', syn[1])}`;
}

/** The first bytes of one direction. */
function contentOf(capture: Capture, { seen }: Half, direction: 0 | 1): string {
  const { table } = capture;
  const first = seen[direction].find(({ row }) => table.get('payloadLength', row) > 0);
  if (first === undefined) return '';
  const bytes = capture.bytes(first.row);
  const at = table.get('length', first.row) - table.get('payloadLength', first.row);
  const content = bytes.subarray(at, at + CONTENT);
  return content.length < Math.min(CONTENT, table.get('payloadLength', first.row)) ? '' : content.join();
}

/** Streams of both points with the same numbers: those of a rewritten stream count from its own SYN. */
function sameNumbers({ table }: Capture, near: Half, far: Half): readonly [Half['seen'], Half['seen']] {
  const shift = ([0, 1] as const).map((direction) => {
    const [a, b] = [near.syn[direction], far.syn[direction]];
    if (a >= 0 && b >= 0) return table.get('seq', a) - table.get('seq', b);
    const [one] = near.seen[direction];
    const [other] = far.seen[direction];
    if (one === undefined || other === undefined) return 0;
    // The same numbers, unless one of the two began on the other side of 2^32.
    return Math.round((one.from - other.from) / 2 ** 32) * 2 ** 32;
  });
  const moved = (list: readonly Seen[], by: number): Seen[] =>
    list.map((seen) => ({ ...seen, from: seen.from + by, to: seen.to + by }));
  return [near.seen, [moved(far.seen[0], shift[0]), moved(far.seen[1], shift[1])]];
}

/** Positive: the first of each two is nearer to the client, for it waits longer for the answer to its SYN. */
function nearness({ table }: Capture, found: readonly (readonly [Half, Half])[]): number {
  const wait = ({ syn }: Half): number =>
    syn[0] < 0 || syn[1] < 0 ? Number.NaN : table.get('time', syn[1]) - table.get('time', syn[0]);
  let sum = 0;
  for (const [a, b] of found) sum += Math.sign(wait(a) - wait(b)) || 0;
  return sum;
}
