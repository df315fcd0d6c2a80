/** The panel "TCP analysis" against simulated connections: what was sent again by why, and where it was lost. */

import { beforeAll, describe, expect, it } from 'vitest';
import type { CallContext } from '../../../../../engine/contract/api.ts';
import type { Report, Table } from '../../../../../engine/contract/report.ts';
import { useNodePlatform } from '../../../../../engine/host/platform-node.ts';
import { translateUnchecked } from '../../../../../engine/text/index.ts';
import { seededRandom } from '../../../../support/build-bytes.ts';
import { type TcpConversationFields, type TcpPacket, tcpConversation } from '../../../../support/build-tcp.ts';
import { openSession, pcapOf } from '../../../../support/load-capture.ts';

const MS = 1_000_000;
const call: CallContext = { signal: new AbortController().signal, progress: () => undefined };
beforeAll(useNodePlatform);

function converse(port: number, length: number, fields: Partial<TcpConversationFields> = {}): TcpPacket[] {
  return tcpConversation({
    client: { ip: '192.0.2.1', port, isn: 0xffff0000, mss: 1400, tailLossProbe: false },
    server: { ip: '198.51.100.20', port: 7777, isn: 5000 },
    rttNs: 20 * MS,
    turns: [{ from: 'client', data: seededRandom(length).bytes(length), thinkNs: MS }],
    random: seededRandom(port),
    start: (port - 20_000) * 5000 * MS,
    ...fields,
  });
}

const lost = (side: 'before' | 'after', indexes: readonly number[]): Partial<TcpConversationFields> => ({
  fate: ({ kind, index, attempt }) =>
    kind === 'data' && indexes.includes(index) && attempt === 0 ? { lost: side } : undefined,
});

async function ask(packets: readonly TcpPacket[], options: Record<string, string> = {}): Promise<Report> {
  const { session } = openSession(pcapOf(packets));
  await session.loaded;
  return (await session.panel({ session: 1, panel: 'tcp', filter: '', range: null, options }, call)) as Report;
}

const tableOf = (report: Report, id: string): Table => {
  const found = report.tables.find((table) => table.id === id);
  if (found === undefined) throw new Error(`no table ${id}`);
  return found;
};
const column = (table: Table, id: string): unknown[] => [...(table.columns.find((one) => one.id === id)?.values ?? [])];
const figure = (report: Report, id: string): number => report.figures.find((one) => one.id === id)?.value ?? Number.NaN;
const ids = (report: Report): string[] => report.findings.map(({ id }) => id);

describe('the connections', () => {
  it('say why segments were sent again, each for itself', async () => {
    const report = await ask([
      ...converse(20_000, 40_000, lost('after', [8])),
      ...converse(20_001, 900, lost('after', [0])),
      ...converse(20_002, 900, {
        fate: ({ kind, attempt }) => (kind === 'syn' && attempt === 0 ? { lost: 'after' } : undefined),
      }),
      ...converse(20_003, 40_000),
    ]);
    const table = tableOf(report, 'tcp.connections');
    expect(column(table, 'resent.fast')).toEqual([1, 0, 0, 0]);
    expect(column(table, 'resent.timeout')).toEqual([0, 1, 0, 0]);
    expect(column(table, 'resent.syn')).toEqual([0, 0, 1, 0]);
    expect(column(table, 'resent')).toEqual([1, 1, 1, 0]);
    expect(column(table, 'mss')).toEqual([1400, 1400, 1400, 1400]);
    expect(column(table, 'dataSent')).toEqual([40_000 + 1388, 1800, 900, 40_000]);
    expect(column(table, 'state')).toEqual(Array(4).fill('tcp.complete'));
    expect(figure(report, 'tcp.resent')).toBe(3);
    expect(figure(report, 'tcp.resentSegments')).toBe(3);
  });

  it.each(['before', 'after'] as const)('tell that segments were lost %s the capture point', async (side) => {
    const packets = converse(20_000, 60_000, { capturePoint: 0.5, ...lost(side, [10, 12, 14]) });
    const sentAgain = packets.filter(({ cause }) => cause !== 'first').length;
    const report = await ask(packets);
    expect(sentAgain).toBeGreaterThanOrEqual(3);
    expect(figure(report, 'tcp.resent')).toBe(sentAgain);
    expect(figure(report, side === 'before' ? 'tcp.lostBefore' : 'tcp.lostAfter')).toBe(3);
    expect(figure(report, side === 'before' ? 'tcp.lostAfter' : 'tcp.lostBefore')).toBe(sentAgain - 3);
    expect(ids(report)).toContain(side === 'before' ? 'tcp.lostBefore' : 'tcp.lostAfter');
  });

  it('tell a receiver that does not read from a network that loses', async () => {
    const server = { ip: '198.51.100.20', port: 7777, buffer: 8192, stall: { afterBytes: 4000, forNs: 900 * MS } };
    const report = await ask(converse(20_000, 30_000, { server }));
    expect(figure(report, 'tcp.zeroWindow')).toBeGreaterThan(0);
    expect(ids(report)).toContain('tcp.zeroWindow');
    expect(ids(report)).toContain('tcp.noLoss');
  });

  it('that were refused or not answered are known', async () => {
    const report = await ask([
      ...converse(20_000, 10, { refuse: 'rst' }),
      ...converse(20_001, 10, { refuse: 'silence' }),
      ...converse(20_100, 10, { close: { by: 'client', how: 'rst' } }),
    ]);
    expect(column(tableOf(report, 'tcp.connections'), 'state')).toEqual(['tcp.refused', 'tcp.noAnswer', 'tcp.reset']);
  });
});

describe('one connection', () => {
  it('is drawn and listed packet by packet, from its first sequence number, across the wrap', async () => {
    const packets = [...converse(20_000, 900), ...converse(20_001, 200_000, lost('after', [20]))];
    const own = packets.filter(({ at }) => at >= 5000 * MS).length;
    const report = await ask(packets, { stream: '1' });
    expect(report.charts.map(({ id }) => id)).toEqual(['tcp.sequence', 'tcp.throughput', 'tcp.trips', 'tcp.window']);
    for (const { axis, series } of report.charts) {
      expect(axis.values.length).toBeLessThanOrEqual(1200);
      for (const { values } of series) expect(values.length).toBe(axis.values.length);
    }
    const ladder = tableOf(report, 'tcp.ladder');
    expect(ladder.count).toBe(own);
    expect(column(ladder, 'tcpFlags').slice(0, 3)).toEqual(['SYN', 'SYN, ACK', 'ACK']);
    expect(column(ladder, 'seq').slice(0, 3)).toEqual([0, 0, 1]);
    expect(column(ladder, 'sign')).toContain('tcp.resent.fast');
    const [sequence] = report.charts;
    const series = (id: string): number[] => [...(sequence?.series.find((one) => one.id === id)?.values ?? [])];
    expect(Math.max(...series('tcp.sent').filter((one) => one >= 0))).toBe(200_001);
    expect(series('tcp.acked').at(-1)).toBeGreaterThanOrEqual(200_001);
    expect(series('tcp.resent').filter((one) => one >= 0)).toEqual([1 + 21 * 1388]);
    const left = series('tcp.sackLeft').filter((one) => one >= 0);
    expect(Math.min(...left)).toBe(1 + 21 * 1388);
  });

  it('has a text for everything that it shows', async () => {
    const report = await ask(converse(20_000, 40_000, lost('after', [8])), { stream: '0', direction: 'fromServer' });
    const keys = [
      ...report.choices.flatMap((choice) => [
        `choice.${choice.id}`,
        ...(choice.kind === 'one' ? choice.values.map((value) => `choice.${choice.id}.${value}`) : []),
      ]),
      ...report.findings.map(({ id }) => `finding.${id}`),
      ...report.charts.flatMap(({ id, series }) => [`chart.${id}`, ...series.map((one) => `series.${one.id}`)]),
      ...report.tables.flatMap(({ id, columns }) => [
        `table.${id}`,
        ...columns.filter(({ hidden }) => hidden !== true).map((one) => `column.${one.id}`),
        ...columns.flatMap((one) => (one.unit === 'key' ? one.values.filter(Boolean).map((v) => `value.${v}`) : [])),
      ]),
    ];
    expect(keys.filter((key) => translateUnchecked('ja', key) === undefined)).toEqual([]);
  });
});
