/** Round trips by the groups that the user has named: labels and a map. */

import { beforeAll, describe, expect, it } from 'vitest';
import { cloudData, readCloudFile } from '../../../../../engine/cloud/cloud-data.ts';
import type { CallContext } from '../../../../../engine/contract/api.ts';
import { DEFAULT_PREFERENCES } from '../../../../../engine/contract/preferences.ts';
import type { Report } from '../../../../../engine/contract/report.ts';
import { useNodePlatform } from '../../../../../engine/host/platform-node.ts';
import { seededRandom } from '../../../../support/build-bytes.ts';
import { tcpConversation } from '../../../../support/build-tcp.ts';
import { openSession, pcapOf } from '../../../../support/load-capture.ts';

const MS = 1_000_000;
const call: CallContext = { signal: new AbortController().signal, progress: () => undefined };
beforeAll(useNodePlatform);

const talk = (server: string, from: number, rtt: number) =>
  tcpConversation({
    client: { ip: '192.0.2.1', port: from },
    server: { ip: server, port: 7777 },
    rttNs: rtt * MS,
    capturePoint: 0,
    turns: [{ from: 'client', data: seededRandom(from).bytes(5000) }],
    random: seededRandom(from),
  });

describe('groups of servers', () => {
  it('have a row each, and lines where they are chosen', async () => {
    const { session } = openSession(
      pcapOf([
        ...talk('198.51.100.1', 20_000, 10),
        ...talk('198.51.100.2', 20_001, 30),
        ...talk('203.0.113.1', 20_002, 80),
        ...talk('203.0.113.200', 20_003, 5),
      ]),
    );
    await session.loaded;
    const ask = async (options: Record<string, string> = {}): Promise<Report> =>
      (await session.panel({ session: 1, panel: 'rtt', filter: '', range: null, options }, call)) as Report;
    expect((await ask()).tables.map(({ id }) => id)).not.toContain('rtt.groups');
    const map = readCloudFile('map.csv', 'cidr,name\n198.51.100.0/24,office\n203.0.113.0/25,shop\n');
    if (!map.ok) throw new Error('no map');
    session.setCloud(() => cloudData([map.value]));
    session.setPreferences({ ...DEFAULT_PREFERENCES, labels: [{ address: '198.51.100.2', name: 'backup' }] });
    const report = await ask();
    const groups = report.tables.find(({ id }) => id === 'rtt.groups');
    const of = (id: string): unknown[] => [...(groups?.columns.find((one) => one.id === id)?.values ?? [])];
    const rows = of('addressGroup').map((name, i) => [
      name,
      of('groupSource')[i],
      of('connections')[i],
      Math.round(Number(of('initialRtt')[i]) / MS),
    ]);
    expect(rows.sort()).toEqual([
      ['backup', 'group.label', 1, 30],
      ['office', 'group.map', 1, 10],
      ['shop', 'group.map', 1, 80],
    ]);
    for (const [i, filter] of of('filter').entries())
      expect(
        (await session.select(String(filter), null, call))?.count(),
        String(of('addressGroup')[i]),
      ).toBeGreaterThan(5);
    expect(report.choices.map(({ id }) => id)).toContain('rttSeries');
    const lines = (await ask({ rttSeries: 'group' })).charts.find(({ id }) => id === 'rtt.time')?.series ?? [];
    expect(lines.map(({ title }) => title).sort()).toEqual(['backup', 'office', 'shop']);
    for (const { values, title } of lines)
      expect(
        [...values].some((one) => one > 0),
        title,
      ).toBe(true);
  });
});
