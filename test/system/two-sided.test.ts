/**
 * The same connection captured at the client and at the server, with address translation and loss between them, and segments
 * that are cut otherwise on the way. Both captures have the clock of this machine, so what the panel makes of clocks that are
 * apart can be compared with what was.
 */
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { useNodePlatform } from '../../engine/host/platform-node.ts';
import type { Capture } from '../../engine/session/capture.ts';
import { loadBytes } from '../unit/engine/exporters/export-bytes.ts';
import { missing } from './network.ts';
import { column, panelOf } from './panel-of.ts';
import { CLIENT, FAR, NEAR, Routed, SERVER } from './routed.ts';
import { compiled, hasProgram } from './spaces.ts';

const UPLOAD = 20_000_000;
const DOWNLOAD = 20_000_000;
const SNAP = 96;
const LOSS = 0.01;
/** IP and TCP with timestamps: the headers of every segment with data that is lost here. */
const HEADERS = 20 + 32;
const SHIFT_S = 3;
const WITHIN_NS = 50_000;

const needs = missing ?? ['iptables'].find((name) => !hasProgram(name)) ?? null;

let routed: Routed;

beforeAll(() => {
  useNodePlatform();
  if (needs === null) compiled('offload');
}, 120_000);

beforeEach(() => {
  routed = new Routed();
});

afterEach(() => routed.close());

/** The file with a clock that is ahead: seconds are the first word of each record (pcap, little-endian). */
function shifted(file: Uint8Array, seconds: number): Uint8Array {
  const moved = new Uint8Array(file);
  const view = new DataView(moved.buffer);
  for (let at = 24; at + 16 <= moved.length; at += 16 + view.getUint32(at + 8, true))
    view.setUint32(at, view.getUint32(at, true) + seconds, true);
  return moved;
}

interface Segment {
  readonly seq: number;
  readonly length: number;
  readonly time: number;
}

/** Segments with data that come from one address. */
function segmentsFrom(capture: Capture, serverPort: 'source' | 'destination'): Segment[] {
  const { table } = capture;
  const found: Segment[] = [];
  for (let row = 0; row < table.count; row++) {
    const length = table.get('payloadLength', row);
    if (length === 0) continue;
    const bytes = capture.bytes(row);
    const isFromServer = ((bytes[34] ?? 0) << 8) + (bytes[35] ?? 0) === 8080;
    if (isFromServer !== (serverPort === 'source')) continue;
    found.push({ seq: table.get('seq', row), length, time: Number((capture.time(row) ?? 0n) % 10n ** 15n) });
  }
  return found;
}

/** Shortest and median time between the two points of bytes that passed each once: the clocks are the same here. */
function delays(first: readonly Segment[], second: readonly Segment[]): { least: number; median: number } {
  const once = (list: readonly Segment[]): Map<number, number> => {
    const times = new Map<number, number>();
    for (const { seq, time } of list) times.set(seq, times.has(seq) ? Number.NaN : time);
    return times;
  };
  const later = once(second);
  const all = [...once(first)].map(([seq, time]) => (later.get(seq) ?? Number.NaN) - time).filter((one) => one >= 0);
  all.sort((a, b) => a - b);
  return { least: all[0] ?? Number.NaN, median: all[Math.ceil(all.length / 2) - 1] ?? Number.NaN };
}

const sum = (segments: readonly Segment[]): number => segments.reduce((all, { length }) => all + length, 0);

describe.skipIf(needs !== null)(
  needs === null ? 'captured at both ends' : `captured at both ends (needs ${needs})`,
  () => {
    test('through address translation and loss: bytes matched, lost bytes exact, one-way delays', async () => {
      if (!routed.translate()) throw new Error('iptables: no MASQUERADE');
      for (const card of [NEAR.card, FAR.card])
        if (!routed.lose(card, LOSS)) throw new Error('iptables: no statistic match');
      // What the client's card would cut, the router cuts.
      routed.offload(FAR.space, FAR.card, 'off');
      routed.offload(SERVER.space, SERVER.card, 'off');
      await routed.serve();
      const stops = [
        await routed.capture(CLIENT.space, CLIENT.card, { snap: SNAP }),
        await routed.capture(SERVER.space, SERVER.card, { snap: SNAP }),
      ];
      await routed.ask(`put:${UPLOAD}`, `get:${DOWNLOAD}`);
      const [near = new Uint8Array(), far = new Uint8Array()] = await Promise.all(stops.map((stop) => stop()));
      const report = await panelOf('monitor', near, shifted(far, SHIFT_S));
      const value = (id: string): number => Number(column(report, 'monitor.sides', id)[0]);

      const [atClient, atServer] = [loadBytes(near), loadBytes(far)];
      const there = [segmentsFrom(atClient, 'destination'), segmentsFrom(atServer, 'destination')] as const;
      const back = [segmentsFrom(atServer, 'source'), segmentsFrom(atClient, 'source')] as const;
      expect(there[0].length).toBeLessThan(there[1].length / 2);
      // What arrived was sent; beside it one number of the SYN, and one of the FIN.
      expect(value('matchedThere')).toBe(sum(there[1]) + 1);
      expect(value('matchedBack')).toBe(sum(back[1]) + 1);
      for (const [id, card, [sent, arrived]] of [
        ['lostThere', FAR.card, there],
        ['lostBack', NEAR.card, back],
      ] as const) {
        const { packets, bytes } = routed.lost(card);
        expect(packets).toBeGreaterThan(3);
        expect(value(id)).toBe(bytes - packets * HEADERS);
        expect(value(id)).toBe(sum(sent) - sum(arrived));
      }
      expect(value('missed')).toBe(0);
      expect(column(report, 'monitor.changes', 'changedField')).toContain('ip.src');
      const findings = report.findings.map(({ id }) => id);
      expect(findings).toEqual(expect.arrayContaining(['monitor.sides.lost', 'monitor.sides.clocks']));

      for (const [way, [sent, arrived]] of [
        ['There', there],
        ['Back', back],
      ] as const) {
        const truth = delays(sent, arrived);
        process.stdout.write(
          `delay ${way}: ${value(`delay${way}Min`)} and ${value(`delay${way}`)} ns, truth ${truth.least} and ${truth.median}\n`,
        );
        expect(Math.abs(value(`delay${way}Min`) - truth.least)).toBeLessThan(WITHIN_NS);
        expect(Math.abs(value(`delay${way}`) - truth.median)).toBeLessThan(WITHIN_NS);
      }
    }, 120_000);
  },
);
