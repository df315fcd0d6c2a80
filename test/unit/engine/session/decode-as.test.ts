import { describe, expect, it } from 'vitest';
import type { Output } from '../../../../engine/contract/api.ts';
import { FlowFrames } from '../../../support/flow-frames.ts';
import { openSession } from '../../../support/load-capture.ts';

const client = { ip: '192.0.2.10', port: 40_000 };
const server = { ip: '198.51.100.20', port: 53 };
const file = new FlowFrames()
  .tcp(client, server, 'GET / HTTP/1.1\r\nHost: example.com\r\n\r\n')
  .tcp(server, client, 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
  .udp(client, { ...server, port: 9999 }, 'hello')
  .file();
const HTTP_RULE = { table: 'tcp.port', key: 53, protocol: 'http' };
const call = { signal: new AbortController().signal, progress: () => undefined };
const everything = { session: 1, range: null, sort: null } as const;

function viewOf(opened: Output<'view.open'>): number {
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.view.view;
}

describe('a session decoded otherwise', () => {
  it('has the rows of its open views found anew, with marks and comments', async () => {
    const { session } = openSession(file);
    await session.loaded;
    const view = viewOf(await session.openView({ ...everything, filter: 'http' }, call));
    const sorted = viewOf(
      await session.openView({ ...everything, filter: '', sort: { column: 'protocol', descending: true } }, call),
    );
    const page = () => session.rows({ view, first: 0, count: 10, columns: ['protocol', 'info'] });
    expect(page().rows).toHaveLength(0);
    session.flag({ session: 1, view: null, rows: Uint32Array.of(1), what: 'marked', on: true });
    session.comment(0, ['a note']);
    session.setDecodeAs([HTTP_RULE]);
    expect(page().rows).toHaveLength(0);
    await session.loaded;
    expect([...page().rows]).toEqual([0, 1]);
    expect(page().cells).toContain('GET / HTTP/1.1');
    expect([...session.rows({ view: sorted, first: 0, count: 10, columns: [] }).rows]).toHaveLength(3);
    expect(session.state.marked).toBe(1);
    expect([...page().flags].map((flags) => flags & 16)).toEqual([0, 16]);
    expect(session.detail(0).comments).toEqual(['a note']);
    session.setDecodeAs([]);
    await session.loaded;
    expect(page().rows).toHaveLength(0);
    expect(session.detail(0).comments).toEqual(['a note']);
  });

  it('tells what a packet offers, and its rules', async () => {
    const { session } = openSession(file, {});
    await session.loaded;
    session.setDecodeAs([HTTP_RULE]);
    await session.loaded;
    const state = session.decodeAs(0);
    expect(state.rules).toEqual([HTTP_RULE]);
    expect(state.choices).toEqual([
      HTTP_RULE,
      { table: 'tcp.port', key: 40_000, protocol: 'http' },
      { table: 'ip.proto', key: 6, protocol: 'tcp' },
      { table: 'ethertype', key: 0x0800, protocol: 'ip' },
    ]);
    expect(state.tables.find(({ table }) => table === 'tcp.port')?.protocols).toContain('http');
    expect(session.decodeAs(null).choices).toEqual([]);
    expect(session.decodeAs(2).choices[0]).toEqual({ table: 'udp.port', key: 9999, protocol: 'data' });
  });

  it('refuses rules that nobody could follow, and stays as it was', async () => {
    const { session } = openSession(file);
    await session.loaded;
    expect(() => session.setDecodeAs([{ table: 'tcp.port', key: 53, protocol: 'no-such' }])).toThrow(
      'cannot be decoded',
    );
    expect(() => session.setDecodeAs([{ table: 'no.table', key: 53, protocol: 'http' }])).toThrow('cannot be decoded');
    expect(session.decodeAs(null).rules).toEqual([]);
  });
});
