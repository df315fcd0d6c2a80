/** Sequence numbers as they are in the packets, where the user wants them so. */

import { beforeAll, describe, expect, it } from 'vitest';
import type { CallContext } from '../../../../engine/contract/api.ts';
import { DEFAULT_PREFERENCES } from '../../../../engine/contract/preferences.ts';
import type { Report } from '../../../../engine/contract/report.ts';
import { useNodePlatform } from '../../../../engine/host/platform-node.ts';
import { seededRandom } from '../../../support/build-bytes.ts';
import { tcpConversation } from '../../../support/build-tcp.ts';
import { openSession, pcapOf } from '../../../support/load-capture.ts';

const call: CallContext = { signal: new AbortController().signal, progress: () => undefined };
beforeAll(useNodePlatform);

describe('relative sequence numbers', () => {
  it('can be switched: tree, filter, Info and ladder follow', async () => {
    const { session } = openSession(
      pcapOf(
        tcpConversation({
          client: { ip: '192.0.2.1', port: 20_000, isn: 1_000_000 },
          server: { ip: '198.51.100.20', port: 7777, isn: 5000 },
          rttNs: 20e6,
          turns: [{ from: 'client', data: seededRandom(1).bytes(100) }],
          random: seededRandom(1),
        }),
      ),
    );
    await session.loaded;
    const rows = async (filter: string): Promise<number> => (await session.select(filter, null, call))?.count() ?? -1;
    const ladder = async (): Promise<number> => {
      const options = { stream: '0' };
      const report = (await session.panel(
        { session: 1, panel: 'tcp', filter: '', range: null, options },
        call,
      )) as Report;
      const table = report.tables.find(({ id }) => id === 'tcp.ladder');
      return Number(table?.columns.find(({ id }) => id === 'seq')?.values[0]);
    };
    const seq = (): string => session.detail(0).nodes.find(({ field }) => field === 'tcp.seq')?.value ?? '';
    const raw = (): string => session.detail(0).nodes.find(({ field }) => field === 'tcp.seq_raw')?.value ?? '';
    expect([seq(), raw(), await rows('tcp.seq == 0'), await ladder()]).toEqual(['0', '1000000', 2, 0]);
    session.setPreferences({ ...DEFAULT_PREFERENCES, relativeSequence: false });
    expect([seq(), raw(), await rows('tcp.seq == 0'), await ladder()]).toEqual(['1000000', '1000000', 0, 1_000_000]);
    expect(await rows('tcp.seq == 1000001 and tcp.len == 100')).toBe(1);
    session.setPreferences(DEFAULT_PREFERENCES);
    expect(seq()).toBe('0');
  });
});
