/** The side of the capture, in the panels that it means something to. */

import { beforeAll, describe, expect, it } from 'vitest';
import type { CallContext } from '../../../../../engine/contract/api.ts';
import type { Report } from '../../../../../engine/contract/report.ts';
import { useNodePlatform } from '../../../../../engine/host/platform-node.ts';
import type { Session } from '../../../../../engine/session/session.ts';
import { seededRandom } from '../../../../support/build-bytes.ts';
import { tcpConversation } from '../../../../support/build-tcp.ts';
import { openSession, pcapOf } from '../../../../support/load-capture.ts';

const MS = 1_000_000;
const call: CallContext = { signal: new AbortController().signal, progress: () => undefined };
beforeAll(useNodePlatform);

/** `capturePoint`: 0 at the client, 1 at the server. */
async function opened(capturePoint: number): Promise<Session> {
  const { session } = openSession(
    pcapOf(
      [20_000, 20_001].flatMap((port) =>
        tcpConversation({
          client: { ip: '192.0.2.1', port },
          server: { ip: '198.51.100.20', port: 7777 },
          rttNs: 40 * MS,
          capturePoint,
          turns: [{ from: 'client', data: seededRandom(1).bytes(3000) }],
          random: seededRandom(port),
        }),
      ),
    ),
  );
  await session.loaded;
  return session;
}

const ask = async (session: Session, panel: string, options: Record<string, string> = {}): Promise<Report> =>
  (await session.panel({ session: 1, panel, filter: '', range: null, options }, call)) as Report;
const column = ({ tables }: Report, table: string, id: string): unknown[] => [
  ...(tables.find((one) => one.id === table)?.columns.find((one) => one.id === id)?.values ?? []),
];
const sides = (report: Report): string[] => report.findings.map(({ id }) => id).filter((id) => id.startsWith('side.'));

describe('the side of the capture', () => {
  it('is told, and says which half of a round trip the network took', async () => {
    for (const [point, side] of [
      [0, 'client'],
      [0.5, 'between'],
      [1, 'server'],
    ] as const) {
      const session = await opened(point);
      const report = await ask(session, 'rtt');
      expect(sides(report)).toEqual([`side.${side}`]);
      expect(column(report, 'rtt.connections', 'captureSide')).toEqual([`side.${side}`, `side.${side}`]);
      for (const rtt of column(report, 'rtt.connections', 'networkRtt')) expect(Number(rtt) / MS).toBeCloseTo(40, 0);
      expect(sides(await ask(session, 'tcp'))).toEqual([`side.${side}`]);
    }
  });

  it('is what the user says, for all connections or one', async () => {
    const session = await opened(0);
    session.setSide({ stream: null, side: 'between' });
    expect(sides(await ask(session, 'rtt'))).toEqual(['side.given.between']);
    session.setSide({ stream: 1, side: 'server' });
    expect(column(await ask(session, 'tcp'), 'tcp.connections', 'captureSide').sort()).toEqual([
      'side.between',
      'side.server',
    ]);
    const one = await ask(session, 'tcp', { stream: '1' });
    expect(one.choices.find(({ id }) => id === 'side')?.value).toBe('server');
    expect(one.findings.map(({ id }) => id)).toContain('tcp.side.server');
    session.setSide({ stream: 1, side: 'auto' });
    session.setSide({ stream: null, side: 'auto' });
    expect(sides(await ask(session, 'rtt'))).toEqual(['side.client']);
    expect(sides(await ask(session, 'rtt', { side: 'server' }))).toEqual(['side.given.server']);
  });
});
