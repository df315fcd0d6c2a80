import { beforeAll, describe, expect, it } from 'vitest';
import type { Output } from '../../../../engine/contract/api.ts';
import { useNodePlatform } from '../../../../engine/host/platform-node.ts';
import { utf8 } from '../../../support/build-bytes.ts';
import { tlsPackets, tlsRecording, withSecrets } from '../../../support/golden-captures/decrypted.ts';
import { openSession } from '../../../support/load-capture.ts';

const recording = tlsRecording('tls13-gcm-128');
const keys = utf8(recording.keys);
const call = { signal: new AbortController().signal, progress: () => undefined };

function viewOf(opened: Output<'view.open'>): number {
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.view.view;
}

describe('a session with secrets', () => {
  beforeAll(useNodePlatform);

  it('shows what is inside anew when a key log is chosen, and no more when it is taken away', async () => {
    const { session } = openSession(withSecrets(tlsPackets(recording), ''));
    await session.loaded;
    const open = { session: 1, range: null, sort: null } as const;
    const view = viewOf(await session.openView({ ...open, filter: 'http.request' }, call));
    const rows = (): number[] => [...session.rows({ view, first: 0, count: 100, columns: [] }).rows];
    const before = session.state.revision;
    expect(rows()).toEqual([]);
    session.setKeyLogs([keys]);
    await session.loaded;
    expect(rows()).toHaveLength(2);
    expect(session.state.revision).toBeGreaterThan(before);
    const [first] = rows();
    expect(session.detail(first ?? 0).sources.map(({ name }) => name)).toContain('Decrypted TLS');
    session.setKeyLogs([]);
    await session.loaded;
    expect(rows()).toEqual([]);
    expect(session.detail(first ?? 0).sources.map(({ name }) => name)).not.toContain('Decrypted TLS');
  });

  it.each(['first', 'last'] as const)(
    'finds what is inside by filters when the secrets come %s in the file',
    async (place) => {
      const { session } = openSession(withSecrets(tlsPackets(recording), recording.keys, place));
      await session.loaded;
      for (const [filter, count] of [
        ['http', 4],
        ['http.request.method == "GET"', 2],
        ['frame.protocols contains "http"', 4],
        ['http && tcp.port == 443', 4],
        ['tls && !http', 9],
        ['http.response.code == 404 || tls.alert_message', 3],
        ['data-text-lines contains "quick brown"', 1],
      ] as const) {
        const rows = await session.select(filter, null, null);
        expect(rows?.toRows().length, filter).toBe(count);
      }
      const panel = await session.panel({ session: 1, panel: 'hierarchy', filter: '', range: null }, call);
      expect(JSON.stringify(panel)).toContain('"protocol":"data-text-lines"');
    },
  );
});
