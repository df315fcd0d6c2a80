/** Mirrors whose losses are known: what was left out of them, what the network lost, what came late, what was cut. */

import { beforeAll, describe, expect, it } from 'vitest';
import { cloudData } from '../../../../../engine/cloud/cloud-data.ts';
import { readMapCsv } from '../../../../../engine/cloud/map-file.ts';
import type { CallContext } from '../../../../../engine/contract/api.ts';
import { linkOf, type Report } from '../../../../../engine/contract/report.ts';
import { useNodePlatform } from '../../../../../engine/host/platform-node.ts';
import { cloudOf } from '../../../../../engine/session/cloud.ts';
import type { Session } from '../../../../../engine/session/session.ts';
import { seededRandom } from '../../../../support/build-bytes.ts';
import { type MirrorFields, mirroredFrame } from '../../../../support/build-mirror.ts';
import { type TcpConversationFields, type TcpPacket, tcpConversation } from '../../../../support/build-tcp.ts';
import { openSession, pcapOf } from '../../../../support/load-capture.ts';

const MS = 1_000_000;
const MIRROR: MirrorFields = { vni: 77, source: '203.0.113.1', target: '203.0.113.2' };
const call: CallContext = { signal: new AbortController().signal, progress: () => undefined };
beforeAll(useNodePlatform);

function download(bytes: number, fields: Partial<TcpConversationFields> = {}, mirror = MIRROR): TcpPacket[] {
  return tcpConversation({
    client: { ip: '192.0.2.1', port: 20_000, timestamps: false },
    server: { ip: '198.51.100.20', port: 80, timestamps: false },
    rttNs: 10 * MS,
    rateBps: 1e9,
    capturePoint: 1,
    turns: [
      { from: 'client', data: new Uint8Array(100) },
      { from: 'server', data: new Uint8Array(bytes) },
    ],
    random: seededRandom(7),
    frame: mirroredFrame(mirror),
    ...fields,
  });
}

async function ask(packets: readonly TcpPacket[]): Promise<{ report: Report; session: Session }> {
  const { session } = openSession(pcapOf(packets));
  await session.loaded;
  return {
    session,
    report: (await session.panel({ session: 1, panel: 'mirror', filter: '', range: null }, call)) as Report,
  };
}

function figure({ figures }: Report, id: string): number {
  return figures.find((one) => one.id === `mirror.${id}`)?.value ?? Number.NaN;
}

const findingIds = ({ findings }: Report): string[] => findings.map(({ id }) => id.slice('mirror.'.length));

describe('the panel mirror', () => {
  it('finds 4,000,000 of 10,000,000 bytes that only the mirror left out', async () => {
    const random = seededRandom(3);
    let removed = 0;
    const packets = download(10_000_000).filter((packet) => {
      if (packet.from !== 'server' || packet.kind !== 'data' || removed + packet.payloadLength > 4_000_000) return true;
      if (!random.chance(0.45)) return true;
      removed += packet.payloadLength;
      return false;
    });
    const { report } = await ask(packets);
    expect(removed).toBeGreaterThan(3_990_000);
    expect(figure(report, 'missing')).toBe(removed);
    expect(figure(report, 'repeated')).toBe(0);
    expect(figure(report, 'reordered')).toBe(0);
    expect(findingIds(report)).toContain('unfit');
  });

  it('does not count what the network lost and the hosts sent again', async () => {
    const lost = new Set([40, 90, 91, 300]);
    const packets = download(2_000_000, {
      fate: ({ from, kind, index, attempt }) =>
        from === 'server' && kind === 'data' && attempt === 0 && lost.has(index)
          ? { lost: index < 100 ? 'before' : 'after' }
          : undefined,
    });
    const { report } = await ask(packets);
    expect(figure(report, 'missing')).toBe(0);
    expect(figure(report, 'repeated')).toBeGreaterThanOrEqual(4 * 1460);
    expect(findingIds(report)).toEqual(expect.arrayContaining(['complete', 'repeated']));
  });

  it('names swapped packets reordering and nothing else', async () => {
    const packets = download(1_000_000).sort((a, b) => a.at - b.at);
    const data = packets.flatMap(({ from, kind }, i) => (from === 'server' && kind === 'data' ? [i] : []));
    for (const at of [50, 200, 400]) {
      const place = data[at] ?? 0;
      const [first, second] = packets.slice(place, place + 2);
      if (first === undefined || second?.kind !== 'data') throw new Error('two segments of data are swapped');
      packets.splice(place, 2, { ...second, at: first.at }, { ...first, at: second.at });
    }
    const { report } = await ask(packets);
    expect(figure(report, 'missing')).toBe(0);
    expect(figure(report, 'repeated')).toBe(0);
    expect(figure(report, 'reordered')).toBe(3);
  });

  it('finds the MTU that the way to the target needs', async () => {
    const { report, session } = await ask(download(300_000, {}, { ...MIRROR, mtu: 1500 }));
    expect(figure(report, 'mtu')).toBe(1550);
    expect(figure(report, 'cut')).toBeGreaterThan(150);
    expect(figure(report, 'missing')).toBe(0);
    expect(findingIds(report)).toContain('onlyCut');
    expect(session.capture.table.count).toBeGreaterThan(200);
  });

  it('cannot tell where one direction is mirrored', async () => {
    const packets = download(500_000).filter(({ from }, i) => from === 'server' && i % 50 !== 0);
    const { report } = await ask(packets);
    expect(findingIds(report)).toContain('oneWay');
    expect(figure(report, 'missing')).toBeNaN();
  });

  it('names the bandwidth that a mirror would have needed', async () => {
    // Quiet seconds, then a burst of which only the first half fits.
    const quiet = Array.from({ length: 20 }, (_, i) =>
      download(20_000, { start: i * 200 * MS, client: { ip: '192.0.2.1', port: 21_000 + i, timestamps: false } }),
    ).flat();
    const burst = download(8_000_000, { start: 5_000 * MS }).sort((a, b) => a.at - b.at);
    let sent = 0;
    const kept = burst.filter(({ payloadLength }) => {
      sent += payloadLength;
      return payloadLength === 0 || sent < 4_000_000 || sent > 7_900_000;
    });
    const { report } = await ask([...quiet, ...kept]);
    expect(findingIds(report)).toContain('congested');
    expect(figure(report, 'missing')).toBeGreaterThan(3_500_000);
  });

  it('leads from a session to its packets', async () => {
    const other = { vni: 78, source: '203.0.113.3', target: '203.0.113.2' };
    const { report, session } = await ask([
      ...download(100_000),
      ...download(50_000, { client: { ip: '192.0.2.1', port: 30_000 }, start: 5 * MS }, other),
    ]);
    const [table] = report.tables;
    if (table === undefined) throw new Error('there are sessions');
    expect(table.count).toBe(2);
    for (let row = 0; row < table.count; row++) {
      const link = linkOf(table, null, row);
      const found = link === null ? null : await session.select(link.filter, null, call);
      expect(found?.count()).toBe(Number(table.columns.find(({ id }) => id === 'packets')?.values[row]));
    }
  });

  it('names sessions by the user’s map', async () => {
    const { session } = openSession(pcapOf(download(10_000)));
    await session.loaded;
    const map = readMapCsv('cidr,instance,card\n203.0.113.0/28,web-1,eth0\n');
    if (!map.ok) throw new Error('the map is sound');
    const data = cloudData([{ kind: 'map', name: 'map.csv', map: map.value }]);
    cloudOf(session.capture).use(() => data);
    const { tables } = (await session.panel({ session: 1, panel: 'mirror', filter: '', range: null }, call)) as Report;
    expect(tables[0]?.columns.find(({ id }) => id === 'name')?.values).toEqual(['web-1 · eth0']);
  });

  it('says whether mirror traffic arrives, and for how long it has been quiet', async () => {
    const mirrored = download(10_000);
    const { report } = await ask(mirrored);
    expect(report.findings.find(({ id }) => id === 'mirror.arriving')?.values.count).toEqual({
      value: mirrored.length,
      unit: 'count',
    });
    const [later] = tcpConversation({
      client: { ip: '192.0.2.1', port: 20_001 },
      server: { ip: '198.51.100.20', port: 80 },
      rttNs: MS,
      start: 60_000 * MS,
      random: seededRandom(1),
      turns: [],
    });
    if (later === undefined) throw new Error('there is a packet');
    const { report: quiet } = await ask([...mirrored, later]);
    const silent = quiet.findings.find(({ id }) => id === 'mirror.silent')?.values.quiet;
    const last = Math.max(...mirrored.map(({ at }) => at));
    expect(silent).toEqual({ value: later.at - last, unit: 'ns' });
    expect(findingIds(quiet)).not.toContain('arriving');
  });

  it('says that nothing is mirrored where nothing is', async () => {
    const { frame: _, ...plain } = { frame: null };
    const packets = tcpConversation({
      client: { ip: '192.0.2.1', port: 20_000 },
      server: { ip: '198.51.100.20', port: 80 },
      rttNs: MS,
      random: seededRandom(1),
      ...plain,
    });
    expect(findingIds((await ask(packets)).report)).toEqual(['none']);
  });
});
