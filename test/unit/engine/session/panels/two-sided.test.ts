/** The same simulated connections captured at both ends, with clocks apart, loss, translated addresses and segments cut otherwise. */

import { beforeAll, describe, expect, it } from 'vitest';
import type { CallContext } from '../../../../../engine/contract/api.ts';
import { linkOf, type Report, type Table } from '../../../../../engine/contract/report.ts';
import { useNodePlatform } from '../../../../../engine/host/platform-node.ts';
import { mergeReaders } from '../../../../../engine/readers/merge.ts';
import { Session } from '../../../../../engine/session/session.ts';
import { seededRandom } from '../../../../support/build-bytes.ts';
import {
  type Fate,
  type Segment,
  type TcpConversationFields,
  type TcpPacket,
  tcpConversation,
} from '../../../../support/build-tcp.ts';
import { pcapOf, readerOn } from '../../../../support/load-capture.ts';

const US = 1000;
const MS = 1_000_000;
const SECOND = 1_000_000_000;
const RTT = 20 * MS;
const call: CallContext = { signal: new AbortController().signal, progress: () => undefined };
beforeAll(useNodePlatform);

/** One connection at both ends: the same losses in between, in the words of each capture point. */
function bothEnds(
  fields: Partial<TcpConversationFields>,
  isLost: (segment: Segment) => boolean,
  isTranslated = true,
): readonly [TcpPacket[], TcpPacket[]] {
  const at = (capturePoint: 0 | 1, ends: Partial<TcpConversationFields> = {}): TcpPacket[] => {
    const fate = (segment: Segment): Fate | undefined => {
      if (!isLost(segment)) return undefined;
      return { lost: (segment.from === 'client') === (capturePoint === 0) ? 'after' : 'before' };
    };
    const random = seededRandom(11);
    return tcpConversation({
      client: { ip: '10.1.0.4', port: 40_000, isn: 4_294_900_000 },
      server: { ip: '192.0.2.80', port: 443, isn: 77 },
      rttNs: RTT,
      capturePoint,
      random,
      turns: [
        { from: 'client', data: random.bytes(50_000) },
        { from: 'server', data: random.bytes(400_000) },
      ],
      ...fields,
      ...ends,
      fate,
    });
  };
  const client = { ip: '198.51.100.9', port: 61_000, isn: 4_294_900_000, ttl: 62 };
  return [at(0), at(1, isTranslated ? { client } : {})];
}

async function compare(
  [near, far]: readonly [readonly TcpPacket[], readonly TcpPacket[]],
  shift = 3 * SECOND,
): Promise<{ session: Session; report: Report }> {
  const moved = far.map((packet) => ({ ...packet, at: packet.at + shift }));
  const files = [pcapOf(near), pcapOf(moved)];
  const env = {
    now: () => performance.now(),
    next: () => new Promise<void>((resolve) => setImmediate(resolve)),
    emit: () => undefined,
  };
  const session = new Session(
    1,
    mergeReaders(files.map((file) => readerOn(file))),
    files.map((file, i) => ({ path: `${i}.pcap`, name: `${i}.pcap`, size: file.length })),
    env,
    { seed: 1 },
  );
  await session.loaded;
  const report = (await session.panel(
    { session: 1, panel: 'monitor', filter: '', range: null, options: {} },
    call,
  )) as Report;
  return { session, report };
}

function table({ tables }: Report, id: string): Table {
  const found = tables.find((one) => one.id === `monitor.${id}`);
  if (found === undefined) throw new Error(`no table ${id}`);
  return found;
}

const column = (report: Report, of: string, id: string): unknown[] => [
  ...(table(report, of).columns.find((one) => one.id === id)?.values ?? []),
];

/** Bytes of data that were sent but did not arrive, and all that were sent. */
function truth(
  near: readonly TcpPacket[],
  far: readonly TcpPacket[],
): Record<'there' | 'back', { sent: number; arrived: number }> {
  const sum = (packets: readonly TcpPacket[], from: 'client' | 'server'): number =>
    packets
      .filter((one) => one.from === from)
      .reduce(
        (all, { payloadLength, kind }) => all + payloadLength + (kind === 'syn' || kind === 'syn-ack' ? 1 : 0),
        0,
      );
  return {
    there: { sent: sum(near, 'client'), arrived: sum(far, 'client') },
    back: { sent: sum(far, 'server'), arrived: sum(near, 'server') },
  };
}

describe('two captures of the same traffic', () => {
  it('match every byte, count what was lost exactly, and align clocks that are 3 s apart', async () => {
    const ends = bothEnds({}, ({ kind, index, attempt }) => kind === 'data' && attempt === 0 && index % 50 === 17);
    const { session, report } = await compare(ends);
    const { there, back } = truth(...ends);
    expect(back.sent - back.arrived).toBeGreaterThan(5000);
    expect(column(report, 'sides', 'matchedThere')).toEqual([there.arrived]);
    expect(column(report, 'sides', 'matchedBack')).toEqual([back.arrived]);
    expect(column(report, 'sides', 'lostThere')).toEqual([there.sent - there.arrived]);
    expect(column(report, 'sides', 'lostBack')).toEqual([back.sent - back.arrived]);
    expect(column(report, 'sides', 'missed')).toEqual([0]);
    const clocks = report.findings.find(({ id }) => id === 'monitor.sides.clocks')?.values.offset;
    const offset = typeof clocks === 'object' && 'value' in clocks ? clocks.value : Number.NaN;
    expect(Math.abs(offset - 3 * SECOND)).toBeLessThan(50 * US);
    for (const id of ['delayThereMin', 'delayBackMin'])
      expect(Math.abs(Number(column(report, 'sides', id)[0]) - RTT / 2)).toBeLessThan(50 * US);
    const sides = table(report, 'sides');
    const lost = sides.columns.find(({ id }) => id === 'lostBack');
    const link = lost === undefined ? null : linkOf(sides, lost, 0);
    const rows = await session.select(link?.filter ?? '', null, call);
    expect(rows?.count()).toBe(
      ends[1].filter(({ from, payloadLength }) => from === 'server' && payloadLength > 0).length -
        ends[0].filter(({ from, payloadLength }) => from === 'server' && payloadLength > 0).length,
    );
  });

  it('tell what was changed on the way', async () => {
    const { report } = await compare(bothEnds({}, () => false));
    expect(report.findings.map(({ id }) => id)).toContain('monitor.sides.whole');
    const fields = column(report, 'changes', 'changedField');
    expect(fields).toEqual(expect.arrayContaining(['ip.src', 'tcp.srcport', 'ip.ttl']));
    expect(fields).not.toContain('tcp.seq_raw');
    const ladder = column(report, 'ladder', 'fate');
    expect(new Set(ladder)).toEqual(new Set(['fate.arrived']));
  });

  it('match bytes whose segments a card cut otherwise at the other end', async () => {
    const [near, far] = bothEnds({}, () => false);
    // At the server’s end every two segments of data that follow each other have become one.
    const joined: TcpPacket[] = [];
    for (const packet of far) joined.push(packet);
    const merged = mergeSegments(joined);
    expect(merged.length).toBeLessThan(far.length);
    const { report } = await compare([near, merged]);
    const { there, back } = truth(near, far);
    expect([column(report, 'sides', 'matchedThere')[0], column(report, 'sides', 'matchedBack')[0]]).toEqual([
      there.sent,
      back.sent,
    ]);
    expect([column(report, 'sides', 'lostThere')[0], column(report, 'sides', 'lostBack')[0]]).toEqual([0, 0]);
  });

  it('are not judged as one where nobody translates addresses between them', async () => {
    const ends = bothEnds({}, () => false, false);
    const { report } = await compare(ends, 0);
    const { there, back } = truth(...ends);
    expect(column(report, 'sides', 'matchedThere')).toEqual([there.arrived]);
    expect(column(report, 'sides', 'matchedBack')).toEqual([back.arrived]);
    const said = report.findings.map(({ id }) => id);
    expect(said).toEqual(expect.arrayContaining(['monitor.sides.whole', 'monitor.sides.mixed']));
    expect(said.filter((id) => /^monitor\.(capture|flow|next)/.test(id))).toEqual([]);
    expect(column(report, 'flows', 'verdict')).toEqual(['verdict.notEnough']);
  });

  it('say so where nothing is in both', async () => {
    const [near] = bothEnds({}, () => false);
    const other = tcpConversation({
      client: { ip: '203.0.113.5', port: 1234, isn: 5 },
      server: { ip: '203.0.113.6', port: 80, isn: 6 },
      rttNs: RTT,
      turns: [{ from: 'client', data: new Uint8Array(100) }],
      random: seededRandom(3),
    });
    const { report } = await compare([near, other]);
    expect(report.findings.map(({ id }) => id)).toContain('monitor.sides.none');
  });
});

/** Joins the data of two segments that the same side sent one behind the other, as a receiving card does. */
function mergeSegments(packets: readonly TcpPacket[]): TcpPacket[] {
  const merged: TcpPacket[] = [];
  for (const packet of packets) {
    const before = merged.at(-1);
    if (
      before !== undefined &&
      before.kind === 'data' &&
      packet.kind === 'data' &&
      before.from === packet.from &&
      before.payloadLength === packet.payloadLength &&
      before.payloadLength > 1000 &&
      before.bytes.length < 2000
    ) {
      const bytes = new Uint8Array([
        ...before.bytes,
        ...packet.bytes.subarray(packet.bytes.length - packet.payloadLength),
      ]);
      const total = bytes.length - 14;
      bytes[16] = total >>> 8;
      bytes[17] = total & 255;
      merged[merged.length - 1] = { ...before, bytes, payloadLength: before.payloadLength + packet.payloadLength };
    } else merged.push(packet);
  }
  return merged;
}
