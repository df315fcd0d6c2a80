import { describe, expect, it, vi } from 'vitest';
import { NagareError } from '../../../../engine/base/errors.ts';
import type { HostMethods } from '../../../../engine/contract/api.ts';
import { ROW_FLAG } from '../../../../engine/contract/api.ts';
import { type ContractClient, connectClient } from '../../../../engine/contract/client.ts';
import { decodeFrame, encodeFrame } from '../../../../engine/contract/frames.ts';
import { memoryTransports } from '../../../../engine/contract/memory-transport.ts';
import { type ServedClient, serveClient } from '../../../../engine/contract/server.ts';
import type { Transport } from '../../../../engine/contract/transport.ts';
import { FLAG } from '../../../../engine/table/flags.ts';
import { makeFakeHost } from '../../../support/fake-host.ts';

interface Pair {
  readonly client: ContractClient;
  readonly server: ServedClient;
  readonly ends: readonly [Transport, Transport];
  readonly faults: unknown[];
}

function connect(changes: Partial<HostMethods> = {}): Pair {
  const ends = memoryTransports();
  const faults: unknown[] = [];
  const host = { ...makeFakeHost({ packets: 1000 }).methods, ...changes };
  const server = serveClient(ends[1], host, { onFault: (_, error) => faults.push(error) });
  return { client: connectClient(ends[0]), server, ends, faults };
}

/** What comes back to messages that a client would never send. */
async function answersTo(pair: Pair, ...messages: unknown[]): Promise<unknown[]> {
  const answers: unknown[] = [];
  pair.ends[0].onMessage((message) => answers.push(message));
  for (const message of messages) pair.ends[0].send(message);
  await new Promise((resolve) => setTimeout(resolve, 20));
  return answers;
}

async function failure(promise: Promise<unknown>): Promise<NagareError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof NagareError) return error;
    throw error;
  }
  throw new Error('it was answered');
}

describe('the contract over a transport', () => {
  it('answers each request with its own result, whatever the order', async () => {
    const { client } = connect({
      'view.position': async ({ row }) => {
        await new Promise((resolve) => setTimeout(resolve, 30 - row));
        return { position: row, isShown: true };
      },
    });
    const rows = [1, 20, 7];
    const answers = await Promise.all(rows.map((row) => client.request('view.position', { view: 1, row })));
    expect(answers.map(({ position }) => position)).toEqual(rows);
  });

  it('keeps typed arrays typed arrays', async () => {
    const { client } = connect();
    const session = await client.request('session.open', { paths: ['a.pcap'] });
    const opened = await client.request('view.open', { session: session.session, filter: '', range: null, sort: null });
    if (!opened.ok) throw new Error('not opened');
    const page = await client.request('view.rows', { view: opened.view.view, first: 3, count: 2, columns: ['info'] });
    expect(page.rows).toEqual(new Uint32Array([3, 4]));
    expect(page.timeBefore).toBeGreaterThan(0);
  });

  it('refuses input that the schema does not accept, and says where', async () => {
    const called = vi.fn();
    const { client } = connect({ 'view.rows': called });
    const error = await failure(client.request('view.rows', { view: 1, first: -1, count: 1, columns: [] }));
    expect(error.code).toBe('bad-input');
    expect(error.message).toContain('view.rows, first');
    expect(error.detail).toEqual([{ path: 'first', message: expect.any(String) as string }]);
    expect(called).not.toHaveBeenCalled();
  });

  it('refuses more rows at once than a window can need', async () => {
    const { client } = connect();
    const error = await failure(client.request('view.rows', { view: 1, first: 0, count: 1e9, columns: [] }));
    expect(error.code).toBe('bad-input');
  });

  it('carries the code, message and detail of a failure', async () => {
    const { client, faults } = connect({
      'session.open': () => {
        throw new NagareError('file-not-found', 'x.pcap was not found.', { path: 'x.pcap' });
      },
    });
    const error = await failure(client.request('session.open', { paths: ['x.pcap'] }));
    expect(error).toMatchObject({
      code: 'file-not-found',
      message: 'x.pcap was not found.',
      detail: { path: 'x.pcap' },
    });
    expect(faults).toEqual([]);
  });

  it('reports a fault of the host as failed, and to the host itself', async () => {
    const fault = new TypeError('x is undefined');
    const { client, faults } = connect({
      'app.info': () => {
        throw fault;
      },
    });
    const error = await failure(client.request('app.info', {}));
    expect(error).toMatchObject({ code: 'failed', message: 'x is undefined' });
    expect(error.detail).toBeUndefined();
    expect(faults).toEqual([fault]);
    expect(await client.request('settings.get', {})).toMatchObject({ theme: 'light' });
  });

  it('tells the progress of a request to its caller only', async () => {
    const { client } = connect();
    const session = await client.request('session.open', { paths: ['a.pcap'] });
    const opened = await client.request('view.open', { session: session.session, filter: '', range: null, sort: null });
    if (!opened.ok) throw new Error('not opened');
    const seen: number[] = [];
    const other = vi.fn();
    const input = {
      session: session.session,
      view: opened.view.view,
      which: 'all',
      format: 'pcap',
      path: null,
    } as const;
    const [answer] = await Promise.all([
      client.request('export.run', input, { onProgress: (done) => seen.push(done) }),
      client.request('settings.get', {}, { onProgress: other }),
    ]);
    expect(seen).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
    expect(other).not.toHaveBeenCalled();
    expect(answer.packets).toBe(1000);
  });

  it('rejects a cancelled request at once, aborts it at the host, and drops its late answer', async () => {
    const aborted = vi.fn();
    const { client } = connect({
      'panel.get': (_, { signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborted();
            resolve('late');
          });
        }),
    });
    const abort = new AbortController();
    const input = { session: 1, panel: 'hierarchy', filter: '', range: null };
    const request = client.request('panel.get', input, { signal: abort.signal });
    abort.abort();
    expect((await failure(request)).code).toBe('cancelled');
    await vi.waitFor(() => expect(aborted).toHaveBeenCalledOnce());
    expect(await client.request('settings.get', {})).toMatchObject({ language: 'en' });
  });

  it('does not send a request whose signal is aborted already', async () => {
    const called = vi.fn();
    const { client } = connect({ 'app.info': called });
    const error = await failure(client.request('app.info', {}, { signal: AbortSignal.abort() }));
    expect(error.code).toBe('cancelled');
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(called).not.toHaveBeenCalled();
  });

  it('delivers events to those who listen, until they stop', async () => {
    const { client, server } = connect();
    const heard: string[] = [];
    const stop = client.on('command', ({ id }) => heard.push(id));
    server.emit('command', { id: 'file.open' });
    await vi.waitFor(() => expect(heard).toEqual(['file.open']));
    stop();
    server.emit('command', { id: 'file.close' });
    await client.request('settings.get', {});
    expect(heard).toEqual(['file.open']);
  });

  it('fails what is pending and all that comes after when the host is gone', async () => {
    const started = vi.fn();
    const { client, server } = connect({
      'app.info': (_, { signal }) => {
        started(signal);
        return new Promise(() => {});
      },
    });
    const closed = vi.fn();
    client.onClose(closed);
    const request = client.request('app.info', {});
    await vi.waitFor(() => expect(started).toHaveBeenCalled());
    server.close();
    expect((await failure(request)).message).toContain('closed');
    expect((await failure(client.request('settings.get', {}))).code).toBe('failed');
    expect(closed).toHaveBeenCalledOnce();
    expect(started.mock.calls[0]?.[0]).toMatchObject({ aborted: true });
    const late = vi.fn();
    client.onClose(late);
    expect(late).toHaveBeenCalledOnce();
  });

  it('cancels what runs for a client that has gone', async () => {
    const aborted = vi.fn();
    const { client } = connect({
      'app.info': (_, { signal }) =>
        new Promise(() => {
          signal.addEventListener('abort', aborted);
        }),
    });
    const request = client.request('app.info', {});
    await new Promise((resolve) => setTimeout(resolve, 5));
    client.close();
    await failure(request);
    expect(aborted).toHaveBeenCalledOnce();
  });
});

describe('a server before a client that does not keep to the contract', () => {
  it('refuses unknown methods, inherited names among them', async () => {
    const pair = connect();
    const answers = await answersTo(
      pair,
      { kind: 'call', id: 1, method: 'host.shutdown', input: {} },
      { kind: 'call', id: 2, method: 'toString', input: {} },
      { kind: 'call', id: 3, method: '__proto__', input: {} },
    );
    expect(answers).toHaveLength(3);
    for (const answer of answers) expect(answer).toMatchObject({ kind: 'error', error: { code: 'bad-input' } });
  });

  it('ignores what is no message', async () => {
    const pair = connect();
    const answers = await answersTo(
      pair,
      null,
      'hello',
      7,
      {},
      { kind: 'call', id: -1, method: 'app.info' },
      { kind: 'call', id: 1 },
    );
    expect(answers).toEqual([]);
  });

  it('refuses a request number that is in use', async () => {
    const pair = connect({ 'app.info': () => new Promise(() => {}) });
    const call = { kind: 'call', id: 5, method: 'app.info', input: {} };
    expect(await answersTo(pair, call, call)).toMatchObject([{ kind: 'error', id: 5, error: { code: 'bad-input' } }]);
  });

  it('refuses an endless number of requests at once', async () => {
    const pair = connect({ 'app.info': () => new Promise(() => {}) });
    const calls = Array.from({ length: 1001 }, (_, id) => ({ kind: 'call', id, method: 'app.info', input: {} }));
    expect(await answersTo(pair, ...calls)).toMatchObject([{ id: 1000, error: { code: 'failed' } }]);
  });
});

describe('a client before a host that does not keep to the contract', () => {
  it('ignores what is no message and answers to nothing', async () => {
    const [end, other] = memoryTransports();
    const client = connectClient(end);
    for (const message of [null, 'x', { kind: 'result' }, { kind: 'result', id: 99 }, { kind: 'event' }])
      other.send(message);
    other.onMessage((message) => {
      const { id } = message as { id: number };
      other.send({ kind: 'error', id, error: { code: 'out-of-this-world', message: 'no' } });
    });
    expect(await failure(client.request('app.info', {}))).toMatchObject({ code: 'failed', message: 'no' });
  });
});

describe('messages in frames', () => {
  it('are what a MessagePort would have carried', async () => {
    const { methods } = makeFakeHost({ packets: 50 });
    const [left, right] = memoryTransports();
    const framed = (end: Transport): Transport => ({
      ...end,
      send: (message) => end.send(encodeFrame(message)),
      onMessage: (listener) => end.onMessage((bytes) => listener(decodeFrame(bytes as Uint8Array))),
    });
    serveClient(framed(right), methods);
    const client = connectClient(framed(left));
    const { session } = await client.request('session.open', { paths: ['a.pcap'] });
    const opened = await client.request('view.open', { session, filter: '', range: null, sort: null });
    if (!opened.ok) throw new Error('not opened');
    const page = await client.request('view.rows', { view: opened.view.view, first: 0, count: 2, columns: ['source'] });
    expect(page.rows).toEqual(new Uint32Array([0, 1]));
    expect(page.timeBefore).toBeNaN();
    expect(page.cells).toBe('10.0.0.4\u001f192.0.2.36');
    const detail = await client.request('packet.detail', { session, row: 1 });
    expect(detail.sources[0]?.bytes).toHaveLength(66);
  });
});

describe('row flags', () => {
  it('are the bits of the packet table', () => {
    for (const [name, bit] of Object.entries(ROW_FLAG)) expect(FLAG).toMatchObject({ [name]: bit });
  });
});
