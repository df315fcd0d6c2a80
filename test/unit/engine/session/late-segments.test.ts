/** Segments that come after those behind them: the messages that were waiting for them are there, each once, at the right row. */

import { describe, expect, it } from 'vitest';
import { catalog } from '../../../../engine/dissect/registry.ts';
import { checkFilter } from '../../../../engine/filter/language/check.ts';
import { runFilter } from '../../../../engine/filter/plan.ts';
import { useNodePlatform } from '../../../../engine/host/platform-node.ts';
import type { Capture } from '../../../../engine/session/capture.ts';
import { Dissector } from '../../../../engine/session/dissector.ts';
import { filterData, PacketSource } from '../../../../engine/session/packet-source.ts';
import { join, seededRandom } from '../../../support/build-bytes.ts';
import { everyMs, pcap, timeOf } from '../../../support/build-capture.ts';
import { httpResponse, sampleText } from '../../../support/build-http.ts';
import { ethernet } from '../../../support/build-link.ts';
import { ipv4, tcp } from '../../../support/build-packet.ts';
import { plainContext } from '../../../support/capture-text.ts';
import { loadCapture } from '../../../support/load-capture.ts';

useNodePlatform();

const MACS = { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' };

/** One direction's bytes [from, to) in a packet; the stream begins at sequence number `isn`. */
function segment(stream: Uint8Array, from: number, to: number, isn = 1000): Uint8Array {
  const fields = { srcPort: 80, dstPort: 40_000, seq: (isn + from) >>> 0, ack: 1, flags: ['ack'] } as const;
  const packet = ipv4({ src: '198.51.100.20', dst: '192.0.2.10' }, tcp(fields, stream.slice(from, to)));
  return ethernet(MACS, packet).bytes();
}

function captureOf(frames: readonly Uint8Array[]): Capture {
  return loadCapture(pcap({ packets: everyMs(timeOf('2026-01-15T09:00:00Z'), frames) }));
}

/** A response that says its number. */
function response(number: number, length: number, chunks?: readonly number[]): Uint8Array {
  const headers = { 'Content-Type': 'text/plain', 'X-Number': String(number) };
  return httpResponse({ headers, body: sampleText(length), ...(chunks === undefined ? {} : { chunks }) });
}

/** Numbers of the responses in each row, as a tree of its own shows them. */
function numbersByRow(capture: Capture): string[] {
  const dissector = new Dissector(capture);
  return Array.from({ length: capture.table.count }, (_, row) => numbersOf(capture, dissector, row).join(' '));
}

function numbersOf(capture: Capture, dissector: Dissector, row: number): string[] {
  const field = catalog.get('http.response.line');
  if (field === undefined) throw new Error('no such field');
  return new PacketSource(capture, dissector, row, plainContext(row))
    .occurrences(field)
    .map(({ value }) => /^X-Number: (\d+)/.exec(String(value))?.[1] ?? '')
    .filter((number) => number !== '');
}

function linksOf(capture: Capture, dissector: Dissector, name: string): string[] {
  const field = catalog.get(name);
  if (field === undefined) throw new Error(`no field ${name}`);
  return Array.from({ length: capture.table.count }, (_, row) =>
    new PacketSource(capture, dissector, row, plainContext(row))
      .occurrences(field)
      .map(({ value }) => String(value))
      .join(' '),
  );
}

async function rowsWith(capture: Capture, filter: string): Promise<number[]> {
  const checked = checkFilter(filter, catalog);
  if (!checked.ok) throw new Error(checked.error.message);
  const data = filterData(capture, new Dissector(capture), plainContext);
  const found = await runFilter(checked.value.tree, data, 0, capture.table.count, () => null);
  return Array.from({ length: capture.table.count }, (_, row) => row).filter((row) => found.has(row));
}

const stackOf = (capture: Capture, row: number): string =>
  capture.pass.stacks
    .layers(capture.table.get('stack', row))
    .map((layer) => catalog.fields.find(({ protocol, type }) => protocol === layer && type === 'protocol')?.abbrev)
    .join(':');

describe('a segment that comes late', () => {
  const first = response(1, 300);
  const second = response(2, 300);
  const third = response(3, 300);
  const stream = join(first, second, third);

  it('completes the message that was waiting for it; those behind keep their rows', () => {
    const end = first.length + second.length;
    const capture = captureOf([
      segment(stream, 0, first.length),
      segment(stream, end, stream.length),
      segment(stream, first.length, end),
    ]);
    expect(numbersByRow(capture)).toEqual(['1', '3', '2']);
  });

  it('takes over messages that it has a part of', () => {
    // The second response begins in the late segment and ends behind it, where nobody could tell what it was.
    const from = first.length + 40;
    const to = first.length + 90;
    const capture = captureOf([
      segment(stream, 0, from),
      segment(stream, to, stream.length - 20),
      segment(stream, from, to),
      segment(stream, stream.length - 20, stream.length),
    ]);
    expect(numbersByRow(capture)).toEqual(['1', '', '2', '3']);
    expect([0, 1, 2, 3].map((row) => stackOf(capture, row))).toEqual(
      ['http:data-text-lines', '', 'http:data-text-lines', 'http:data-text-lines'].map((above) =>
        ['eth:ethertype:ip:tcp', above].filter((part) => part !== '').join(':'),
      ),
    );
  });

  it('may be one of several, in any order, also where sequence numbers wrap', () => {
    const pieces = [0, 100, 200, 350, 500, 640, 700, 820, stream.length];
    const rows = [0, 3, 6, 5, 2, 4, 1, 7];
    const capture = captureOf(rows.map((i) => segment(stream, pieces[i] ?? 0, pieces[i + 1] ?? 0, 0xffffff00)));
    expect(numbersByRow(capture).join(' ').trim().split(/ +/).sort()).toEqual(['1', '2', '3']);
  });

  it('is not needed: what is behind a hole that stays is decoded', () => {
    const end = first.length + second.length;
    const capture = captureOf([segment(stream, 0, first.length), segment(stream, end, stream.length)]);
    expect(numbersByRow(capture)).toEqual(['1', '3']);
  });

  it('that brings what is there already changes nothing', () => {
    const capture = captureOf([
      segment(stream, 0, first.length),
      segment(stream, first.length, stream.length),
      segment(stream, first.length, stream.length),
      segment(stream, 50, stream.length - 50),
    ]);
    expect(numbersByRow(capture)).toEqual(['1', '2 3', '', '']);
  });
});

describe('streams whose segments are captured in any order', () => {
  for (let seed = 1; seed <= 40; seed++) {
    it(`show every message once, and filters find what the trees show (${seed})`, async () => {
      const random = seededRandom(seed);
      const count = 12;
      const messages = Array.from({ length: count }, (_, i) =>
        response(i, random.between(0, 700), i % 3 === 2 ? [random.between(20, 90)] : undefined),
      );
      const stream = join(...messages);
      const cuts = [0];
      for (let at = 0; at < stream.length; ) cuts.push((at = Math.min(stream.length, at + random.between(1, 260))));
      const order = cuts
        .slice(0, -1)
        .map((from, i) => ({ from, to: cuts[i + 1] ?? from, at: i + (i === 0 ? 0 : random.between(1, 9)) }));
      // Some bytes come again, cut in another way: they may be the ones that were missing.
      for (let i = 0; i < 6; i++) {
        const from = random.int(stream.length - 1);
        const to = Math.min(stream.length, from + random.between(1, 400));
        order.push({ from, to, at: random.int(cuts.length) + 1 });
      }
      order.sort((a, b) => a.at - b.at);
      const isn = random.between(0, 2) === 0 ? 2 ** 32 - random.between(1, stream.length) : 7000;
      const capture = captureOf(order.map(({ from, to }) => segment(stream, from, to, isn)));
      const shown = numbersByRow(capture);
      expect(
        shown
          .join(' ')
          .split(/ +/)
          .filter(Boolean)
          .map(Number)
          .sort((a, b) => a - b),
      ).toEqual(messages.map((_, i) => i));
      const rows = shown.flatMap((numbers, row) => (numbers === '' ? [] : [row]));
      expect(await rowsWith(capture, 'http.response.code == 200')).toEqual(rows);
      expect(await rowsWith(capture, 'http')).toEqual(rows);
      // Asked backwards: what a tree shows does not depend on what was shown before.
      const dissector = new Dissector(capture);
      const backwards = shown.map((_, i) => numbersOf(capture, dissector, shown.length - 1 - i).join(' ')).reverse();
      expect(backwards).toEqual(shown);
    });
  }
});

describe('links between segments and the message they are parts of', () => {
  const first = response(1, 500).length;
  const second = first + response(2, 100).length;
  const stream = join(response(1, 500), response(2, 100), response(3, 700));
  const pieces = [0, 200, 400, first + 30, second + 20, second + 300, stream.length];
  const frame = (i: number): Uint8Array => segment(stream, pieces[i] ?? 0, pieces[i + 1] ?? 0);

  it('lead to the frame that completes it, in trees and in filters', async () => {
    const capture = captureOf([0, 1, 2, 3, 4, 5].map(frame));
    const dissector = new Dissector(capture);
    expect(linksOf(capture, dissector, 'tcp.reassembled_in')).toEqual(['3', '3', '4', '6', '6', '']);
    expect(linksOf(capture, dissector, 'tcp.segment')).toEqual(['', '', '1 2 3', '3 4', '', '4 5 6']);
    expect(linksOf(capture, dissector, 'tcp.segment.count')).toEqual(['', '', '3', '2', '', '3']);
    for (const [filter, rows] of [
      ['tcp.reassembled_in', [0, 1, 2, 3, 4]],
      ['tcp.reassembled_in == 6', [3, 4]],
      ['tcp.segment == 2', [2]],
      ['tcp.segments', [2, 3, 5]],
      ['tcp.segment.count == 3', [2, 5]],
      ['tcp.reassembled.length > 600', [2, 5]],
      ['tcp.reassembled.data contains "X-Number: 3"', [5]],
    ] as const)
      expect(await rowsWith(capture, filter), filter).toEqual(rows);
  });

  it('lead to earlier frames too, for a segment that came behind the one that seemed to end its message', async () => {
    const capture = captureOf([0, 2, 1, 3, 5, 4].map(frame));
    const dissector = new Dissector(capture);
    expect(linksOf(capture, dissector, 'tcp.reassembled_in')).toEqual(['2', '4', '2', '6', '6', '']);
    expect(linksOf(capture, dissector, 'tcp.segment')).toEqual(['', '1 3 2', '', '2 4', '', '4 6 5']);
    expect(await rowsWith(capture, 'tcp.reassembled_in')).toEqual([0, 1, 2, 3, 4]);
  });
});

it('nothing is kept of streams without holes', () => {
  const stream = join(...Array.from({ length: 9 }, (_, i) => response(i, 900)));
  const frames = Array.from({ length: Math.ceil(stream.length / 100) }, (_, i) =>
    segment(stream, 100 * i, Math.min(stream.length, 100 * i + 100)),
  );
  const capture = captureOf(frames);
  expect(capture.pass.framing.fills.rows.size).toBe(0);
});
