/** Connections whose SYN was lost once: which one was answered, by the timestamps option. */

import { beforeAll, expect, it } from 'vitest';
import type { CallContext } from '../../../../../engine/contract/api.ts';
import type { Report } from '../../../../../engine/contract/report.ts';
import { useNodePlatform } from '../../../../../engine/host/platform-node.ts';
import { seededRandom } from '../../../../support/build-bytes.ts';
import { tcpConversation } from '../../../../support/build-tcp.ts';
import { openSession, pcapOf } from '../../../../support/load-capture.ts';

const MS = 1_000_000;
const call: CallContext = { signal: new AbortController().signal, progress: () => undefined };
beforeAll(useNodePlatform);

async function connection(timestamps: boolean): Promise<(column: string) => unknown> {
  const { session } = openSession(
    pcapOf(
      tcpConversation({
        client: { ip: '192.0.2.1', port: 20_000, timestamps },
        server: { ip: '198.51.100.20', port: 9, timestamps },
        rttNs: 10 * MS,
        capturePoint: 0,
        turns: [{ from: 'client', data: new Uint8Array(10) }],
        random: seededRandom(1),
        fate: ({ kind, attempt }) => (kind === 'syn' && attempt === 0 ? { lost: 'after' } : {}),
      }),
    ),
  );
  await session.loaded;
  const report = (await session.panel({ session: 1, panel: 'rtt', filter: '', range: null }, call)) as Report;
  const columns = report.tables.find(({ id }) => id === 'rtt.connections')?.columns ?? [];
  return (column) => columns.find(({ id }) => id === column)?.values[0];
}

it('takes the SYN whose timestamp the answer echoes', async () => {
  const of = await connection(true);
  expect(of('handshake')).toBe('handshake.byTimestamp');
  expect(Number(of('initialRtt')) / MS).toBeCloseTo(10, 0);
});

it('gives a range where there are no timestamps', async () => {
  const of = await connection(false);
  expect(of('handshake')).toBe('handshake.range');
  expect(Number(of('serverSideLow')) / MS).toBeCloseTo(10, 0);
  expect(Number(of('serverSide')) / MS).toBeGreaterThan(500);
});
