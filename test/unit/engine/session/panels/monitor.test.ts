/** Flow monitors on simulated connections: what moved, where the time went, and whose fault it was. */

import { beforeAll, describe, expect, it } from 'vitest';
import { cloudData, readCloudFile } from '../../../../../engine/cloud/cloud-data.ts';
import type { CallContext } from '../../../../../engine/contract/api.ts';
import type { Report } from '../../../../../engine/contract/report.ts';
import { useNodePlatform } from '../../../../../engine/host/platform-node.ts';
import type { Session } from '../../../../../engine/session/session.ts';
import { seededRandom, zeros } from '../../../../support/build-bytes.ts';
import { type TcpConversationFields, type TcpPacket, tcpConversation } from '../../../../support/build-tcp.ts';
import { openSession, pcapOf } from '../../../../support/load-capture.ts';

const MS = 1_000_000;
const SECOND = 1_000_000_000;
const call: CallContext = { signal: new AbortController().signal, progress: () => undefined };
beforeAll(useNodePlatform);

const CLIENT = { ip: '10.1.0.4', port: 40_000 };
const SERVER = { ip: '192.0.2.80', port: 443 };

function talk(fields: Partial<TcpConversationFields>): TcpPacket[] {
  return tcpConversation({
    client: CLIENT,
    server: SERVER,
    rttNs: 10 * MS,
    capturePoint: 0.5,
    random: seededRandom(7),
    turns: [
      { from: 'client', data: zeros(200) },
      { from: 'server', data: zeros(400_000) },
    ],
    ...fields,
  });
}

async function opened(packets: readonly TcpPacket[]): Promise<Session> {
  const { session } = openSession(pcapOf(packets));
  await session.loaded;
  return session;
}

const ask = async (session: Session, options: Record<string, string> = {}): Promise<Report> =>
  (await session.panel({ session: 1, panel: 'monitor', filter: '', range: null, options }, call)) as Report;

function column({ tables }: Report, of: string, id: string): unknown[] {
  const found = tables.find((one) => one.id === `monitor.${of}`)?.columns.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no column ${id} in ${of}`);
  return [...found.values];
}

/** Verdict and confidence of the only connection, and the panel's own. */
async function verdict(packets: readonly TcpPacket[]): Promise<readonly unknown[]> {
  const report = await ask(await opened(packets));
  const capture = report.findings.find(({ id }) => id.startsWith('monitor.capture.'))?.id.split('.')[2];
  expect(column(report, 'flows', 'verdict')).toEqual([`verdict.${capture ?? ''}`]);
  return [capture, column(report, 'flows', 'confidence')[0]];
}

describe('the verdict', () => {
  const every = (n: number, lost: 'before' | 'after'): Partial<TcpConversationFields> => ({
    fate: ({ from, kind, index, attempt }) =>
      from === 'server' && kind === 'data' && attempt === 0 && index % n === n - 1 ? { lost } : undefined,
  });

  it('finds loss in front of the capture point and behind it', async () => {
    expect(await verdict(talk(every(20, 'before')))).toEqual(['networkBefore', 'confidence.high']);
    expect(await verdict(talk(every(20, 'after')))).toEqual(['networkAfter', 'confidence.high']);
  });

  it('finds a receiver that does not read', async () => {
    const client = { ...CLIENT, buffer: 65_535, stall: { afterBytes: 60_000, forNs: 3 * SECOND } };
    expect(await verdict(talk({ client }))).toEqual(['receiver', 'confidence.high']);
  });

  it('finds a server that waits 2 s', async () => {
    const turns = [
      { from: 'client', data: zeros(200) },
      { from: 'server', data: zeros(40_000), thinkNs: 2 * SECOND },
    ] as const;
    expect(await verdict(talk({ turns }))).toEqual(['server', 'confidence.high']);
    const report = await ask(await opened(talk({ turns })));
    const [server] = column(report, 'flows', 'part.server');
    expect(Number(server) / SECOND).toBeCloseTo(2, 1);
    const finding = report.findings.find(({ id }) => id === 'monitor.flow.server');
    expect(finding?.link?.filter).toMatch(/^frame\.number in \{\d+, \d+\}$/);
    expect(report.findings.map(({ id }) => id)).toContain('monitor.next.server');
  });

  it('blames a client that pauses only where nothing else holds it up', async () => {
    const turns = [
      { from: 'client', data: zeros(200) },
      { from: 'server', data: zeros(10_000) },
      { from: 'client', data: zeros(200), thinkNs: 5 * SECOND },
      { from: 'server', data: zeros(10_000) },
    ] as const;
    expect(await verdict(talk({ turns }))).toEqual(['client', 'confidence.medium']);
  });

  it('blames nobody for a clean run, and says nothing of five packets', async () => {
    expect(await verdict(talk({}))).toEqual(['good', 'confidence.high']);
    expect(await verdict(talk({}).slice(0, 5))).toEqual(['notEnough', 'confidence.none']);
  });

  it('takes no silence for loss', async () => {
    const silent = await ask(await opened(talk({ refuse: 'silence' })));
    expect(silent.findings.map(({ id }) => id)).toEqual([
      'monitor.capture.notEnough',
      'monitor.next.notEnough',
      'monitor.unanswered',
      'monitor.rule.once',
    ]);
  });

  it('accounts for all of a connection’s time', async () => {
    const packets = talk({ ...every(20, 'after') });
    const report = await ask(await opened(packets));
    const parts = ['handshake', 'network', 'server', 'client', 'loss', 'window'].map((part) =>
      Number(column(report, 'flows', `part.${part}`)[0]),
    );
    const [duration] = column(report, 'flows', 'duration');
    expect(parts.reduce((a, b) => a + b, 0)).toBeCloseTo(Number(duration), -1);
    // From the capture point in the middle, a handshake is one round trip.
    expect((parts[0] ?? 0) / MS).toBeCloseTo(10, 0);
  });
});

describe('a monitor', () => {
  const fetched = 10_485_760;
  const fetching = (ip: string, port: number, start: number): TcpPacket[] =>
    talk({
      client: { ip, port },
      start,
      capturePoint: 0,
      rttNs: MS,
      turns: [{ from: 'server', data: zeros(fetched) }],
    });
  const packets = [
    ...fetching('10.1.0.4', 40_001, 0),
    ...fetching('10.1.0.5', 40_002, SECOND),
    ...fetching('10.1.0.4', 40_003, 600 * SECOND),
    ...fetching('10.1.0.5', 40_004, 601 * SECOND),
  ];
  const monitors = JSON.stringify([
    { name: 'fetch', local: ['10.1.0.0/24'], remote: ['192.0.2.80'] },
    { name: 'one', local: ['first'], remote: [] },
    { name: 'nobody', local: ['198.51.100.1'], remote: [] },
  ]);
  let session: Session;
  beforeAll(async () => {
    session = await opened(packets);
    const map = readCloudFile('map.csv', 'cidr,network,name\n10.1.0.4,hub,first\n10.1.0.5,hub,second\n');
    if (!map.ok) throw new Error(map.error.key);
    const data = cloudData([map.value]);
    session.setCloud(() => data);
  });

  it('counts 20 MiB per bucket of 10 minutes, and shows the rule', async () => {
    const report = await ask(session, { monitors, bucket: '600' });
    const chart = report.charts.find(({ id }) => id === 'monitor.data');
    expect([...(chart?.series[0]?.values ?? [])]).toEqual([2 * fetched, 2 * fetched]);
    expect(report.findings.find(({ id }) => id === 'monitor.rule.once')?.values).toEqual({
      name: 'fetch',
      count: { value: 4, unit: 'count' },
      each: '10 MiB',
      total: '40 MiB',
    });
    expect(column(report, 'monitors', 'gotData')).toEqual([4 * fetched, 2 * fetched, 0]);
    expect(column(report, 'monitors', 'sentData')).toEqual([0, 0, 0]);
    expect(column(report, 'monitors', 'flows')).toEqual([4, 2, 0]);
    expect(report.findings.map(({ id }) => id)).toContain('monitor.empty');
  });

  it('counts at each end where that is the rule', async () => {
    const report = await ask(session, { monitors, bucket: '600', counting: 'ends' });
    expect(column(report, 'monitors', 'gotData')[0]).toBe(8 * fetched);
    expect([...(report.charts.find(({ id }) => id === 'monitor.data')?.series[0]?.values ?? [])]).toEqual([
      4 * fetched,
      4 * fetched,
    ]);
    expect(report.findings.find(({ id }) => id === 'monitor.rule.ends')?.values.total).toBe('80 MiB');
  });

  it('knows the way: the same sides the other way round send what they got', async () => {
    const turned = JSON.stringify([{ name: 'turned', local: ['192.0.2.80'], remote: ['10.1.0.0/24'] }]);
    const report = await ask(session, { monitors: turned });
    expect([column(report, 'monitors', 'sentData')[0], column(report, 'monitors', 'gotData')[0]]).toEqual([
      4 * fetched,
      0,
    ]);
  });

  it('leads to the packets of its flows', async () => {
    const report = await ask(session, { monitors });
    const [filter] = column(report, 'monitors', 'filter');
    const rows = await session.select(String(filter), null, call);
    expect(rows?.count()).toBe(packets.length);
  });

  it('tells when a condition holds', async () => {
    const alerting = (value: string, above: number): string =>
      JSON.stringify([{ name: 'fetch', local: [], remote: ['192.0.2.80'], alert: { value, above } }]);
    const said = async (value: string, above: number): Promise<boolean> =>
      (await ask(session, { monitors: alerting(value, above), bucket: '10' })).findings.some(
        ({ id }) => id === `monitor.alert.${value}`,
      );
    expect([await said('silence', 300), await said('silence', 3000)]).toEqual([true, false]);
    expect([await said('rate', 1), await said('rate', 10_000)]).toEqual([true, false]);
    expect([await said('timeouts', 0), await said('resentShare', 1)]).toEqual([false, false]);
  });

  it('says that a list of monitors, or of health, cannot be read', async () => {
    const report = await ask(session, { monitors: '[{"name":""}]', health: '[{"from":"x"}]' });
    expect(report.findings.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['monitor.badMonitors', 'monitor.badHealth']),
    );
  });

  it('draws the provider’s own health under the data, as it was entered', async () => {
    const health = JSON.stringify([{ from: '2026-01-15T09:00:00Z', to: '2026-01-15T09:05:00Z', state: 'degraded' }]);
    const report = await ask(session, { bucket: '300', health });
    const chart = report.charts.find(({ id }) => id === 'monitor.health');
    expect([...(chart?.series[0]?.values ?? [])]).toEqual([1, Number.NaN, Number.NaN]);
    expect(report.charts.map(({ id }) => id).slice(1, 3)).toEqual(['monitor.data', 'monitor.health']);
  });
});
