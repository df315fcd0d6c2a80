/** A session in this thread: views, rows, marks, find, strip, panels, and all of it while the capture loads. */

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CallContext, HierarchyPanel, RowsPage } from '../../../../engine/contract/api.ts';
import { useNodePlatform } from '../../../../engine/host/platform-node.ts';
import { Session } from '../../../../engine/session/session.ts';
import { openSession, readerOn } from '../../../support/load-capture.ts';

const sample = new Uint8Array(readFileSync(new URL('../../../../assets/sample.pcapng', import.meta.url)));
const call: CallContext = { signal: new AbortController().signal, progress: () => undefined };
let session: Session;

beforeAll(async () => {
  useNodePlatform();
  ({ session } = openSession(sample));
  await session.loaded;
});

async function view(
  filter: string,
  sort: { column: string; descending: boolean } | null = null,
  range: { from: number; to: number } | null = null,
): Promise<number> {
  const opened = await session.openView({ session: 1, filter, range, sort }, call);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.view.view;
}

async function count(filter: string): Promise<number> {
  const opened = await session.openView({ session: 1, filter, range: null, sort: null }, call);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.view.rows;
}

const cells = (page: RowsPage, columns: number): string[][] => {
  const all = page.cells.split('\u001f');
  return Array.from({ length: page.rows.length }, (_, i) => all.slice(i * columns, (i + 1) * columns));
};

describe('views', () => {
  it('an empty filter shows every packet, in file order', async () => {
    const id = await view('');
    const page = session.rows({ view: id, first: 0, count: 5, columns: ['number'] });
    expect(cells(page, 1).flat()).toEqual(['1', '2', '3', '4', '5']);
  });

  it('a filter that is wrong gives its place, not a view', async () => {
    const opened = await session.openView({ session: 1, filter: 'tcp.prt == 1', range: null, sort: null }, call);
    expect(opened).toMatchObject({ ok: false, error: { start: 0, end: 7 } });
  });

  it('a filter and its opposite share out the packets', async () => {
    const total = session.state.packets;
    for (const filter of [
      'tcp',
      'tcp.port == 443',
      'ip.addr == 10.0.0.4',
      'frame.len > 100',
      'dns.qry.name contains "example"',
      'tcp.analysis.retransmission',
      'eth.src[0:3] == 00:00:5e',
    ]) {
      const yes = await count(filter);
      expect(yes, filter).toBeGreaterThan(0);
      expect(yes + (await count(`not (${filter})`)), filter).toBe(total);
    }
  });

  it('what is decided by columns agrees with what is dissected', async () => {
    for (const [fast, slow] of [
      ['tcp.flags.syn == 1', 'tcp.flags & 0x02'],
      ['ip.src == 10.0.0.4', 'ip.src[0:4] == 0a:00:00:04'],
      ['tcp.dstport == 443', '@tcp.dstport == 01:bb'],
      ['frame.len >= 1000', 'frame.len > 999'],
      ['udp.port in {53, 123}', 'udp.port == 53 or udp.port == 123'],
    ] as const) {
      expect(await count(fast), fast).toBe(await count(slow));
      expect(await count(fast), fast).toBeGreaterThan(0);
    }
  });

  it('sorts by a column, both ways, and stably', async () => {
    const lengths = async (descending: boolean): Promise<[number, number][]> => {
      const id = await view('', { column: 'length', descending });
      const page = session.rows({ view: id, first: 0, count: 2000, columns: ['length', 'number'] });
      return cells(page, 2).map(([length, number]) => [Number(length), Number(number)]);
    };
    for (const descending of [false, true]) {
      const rows = await lengths(descending);
      rows.slice(1).forEach(([length, number], i) => {
        const [before, numberBefore] = rows[i] ?? [0, 0];
        expect(descending ? length <= before : length >= before).toBe(true);
        if (length === before) expect(number).toBeGreaterThan(numberBefore);
      });
    }
  });

  it('a time range leaves the packets inside it', async () => {
    const all = session.state;
    const middle = (all.firstTime + all.lastTime) / 2;
    const first = await view('', null, { from: all.firstTime, to: middle });
    const page = session.rows({ view: first, first: 0, count: 2000, columns: ['number'] });
    expect(page.rows.length).toBeGreaterThan(0);
    expect(page.rows.length).toBeLessThan(all.packets);
    for (const time of page.times) expect(time).toBeLessThanOrEqual(middle);
  });

  it('finds where a packet is, or the nearest before it', async () => {
    const id = await view('tcp');
    const page = session.rows({ view: id, first: 10, count: 1, columns: ['number'] });
    expect(session.position({ view: id, row: page.rows[0] ?? 0 })).toEqual({ position: 10, isShown: true });
    expect(session.position({ view: id, row: 0 })).toEqual({ position: 0, isShown: false });
  });
});

describe('packets', () => {
  it('a detail row leads back to its packet by its filter', async () => {
    const id = await view('tcp.flags.syn == 1');
    const row = session.rows({ view: id, first: 0, count: 1, columns: [] }).rows[0] ?? 0;
    const { nodes, sources } = session.detail(row);
    const syn = nodes.find((node) => node.field === 'tcp.flags.syn');
    expect(syn?.filter).toBe('tcp.flags.syn == 1');
    expect(sources[0]?.bytes.length).toBeGreaterThan(0);
    for (const node of nodes)
      expect(node.at + node.length).toBeLessThanOrEqual(sources[node.source]?.bytes.length ?? 0);
    const narrow = nodes.filter(
      (node) => node.filter !== '' && !node.isGenerated && /^(eth|ip|tcp)\./.test(node.field),
    );
    expect(narrow.length).toBeGreaterThan(20);
    for (const { filter } of narrow) {
      const shown = await view(`frame.number == ${row + 1} and ${filter}`);
      expect(session.rows({ view: shown, first: 0, count: 1, columns: [] }).rows.length, filter).toBe(1);
    }
  });

  it('marks, ignores and comments are counted, filtered and undone', async () => {
    const rows = Uint32Array.of(3, 5, 8);
    session.flag({ session: 1, view: null, rows, what: 'marked', on: true });
    session.comment(7, ['look here']);
    expect(session.state.marked).toBe(3);
    expect(await count('frame.marked == 1')).toBe(3);
    expect(await count('frame.comment contains "look"')).toBe(1);
    session.flag({ session: 1, view: null, rows: 'all', what: 'marked', on: false });
    session.comment(7, []);
    expect(session.state.marked).toBe(0);
    expect(await count('frame.marked == 1')).toBe(0);
  });

  it('conversation filters hold both directions', async () => {
    const id = await view('tcp.flags.syn == 1 and tcp.flags.ack == 0');
    const row = session.rows({ view: id, first: 0, count: 1, columns: [] }).rows[0] ?? 0;
    const filter = session.conversationFilter(row, 'tcp');
    expect(filter).toMatch(/^tcp\.stream == \d+$/);
    expect(await count(filter ?? '')).toBeGreaterThan(3);
  });
});

describe('find', () => {
  const find = async (
    from: number,
    kind: 'text' | 'hex' | 'regex' | 'filter',
    where: 'list' | 'details' | 'bytes',
    text: string,
  ): Promise<number> => {
    const id = await view('');
    const found = await session.find({ view: id, from, forward: true, kind, where, text, matchCase: false }, call);
    return found?.row ?? -1;
  };

  it('looks in lists, details and bytes, and goes round', async () => {
    const byFilter = await find(-1, 'filter', 'list', 'dns');
    expect(byFilter).toBeGreaterThan(0);
    expect(await find(-1, 'text', 'list', 'standard query')).toBe(byFilter);
    expect(await find(-1, 'text', 'details', 'domain name system')).toBe(byFilter);
    expect(await find(-1, 'regex', 'list', '^standard q[a-z]+ 0x')).toBe(byFilter);
    expect(await find(session.state.packets - 1, 'filter', 'list', 'dns')).toBe(byFilter);
    expect(await find(-1, 'text', 'list', 'no packet says this')).toBe(-1);
  });

  it('refuses what is no hex string or regular expression', async () => {
    await expect(find(-1, 'hex', 'bytes', 'xyz')).rejects.toThrow(/hexadecimal/);
    await expect(find(-1, 'regex', 'list', '(a')).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('strip and panels', () => {
  it('the strip counts every packet that has a time once', async () => {
    const strip = session.strip({ view: await view('tcp'), buckets: 100 });
    const sum = (counts: Uint32Array): number => counts.reduce((a, b) => a + b, 0);
    expect(sum(strip.all)).toBe(session.state.packets);
    expect(sum(strip.shown)).toBe(await count('tcp'));
    expect(sum(strip.problems)).toBeGreaterThan(0);
  });

  it('each row of the protocol hierarchy counts what its filter shows', async () => {
    const panel = (await session.panel(
      { session: 1, panel: 'hierarchy', filter: '', range: null },
      call,
    )) as HierarchyPanel;
    expect(panel.packets).toBe(session.state.packets);
    const visit = async (nodes: HierarchyPanel['roots']): Promise<void> => {
      for (const node of nodes) {
        if (node.protocol !== '_ws.malformed')
          expect(await count(node.filter), node.filter).toBeGreaterThanOrEqual(node.packets);
        await visit(node.children);
      }
    };
    await visit(panel.roots);
  });
});

describe('while it loads', () => {
  it('shows rows early, and ends with the same as one that waited', async () => {
    const { session: early, events } = openSession(sample, { batchPackets: 16, batchBytes: 1 << 16 });
    const opened = await early.openView({ session: 1, filter: 'tcp', range: null, sort: null }, call);
    if (!opened.ok) throw new Error(opened.error.message);
    await early.loaded;
    expect(early.rows({ view: opened.view.view, first: 0, count: 2000, columns: ['info'] }).cells).toBe(
      session.rows({ view: await view('tcp'), first: 0, count: 2000, columns: ['info'] }).cells,
    );
    expect(events.some(({ name }) => name === 'session')).toBe(true);
    early.close();
  });

  it('says that a view is complete which had every row before the end was known', async () => {
    const events: { readonly name: string; readonly value: unknown }[] = [];
    const turns: (() => void)[] = [];
    let clock = 0;
    const early = new Session(
      1,
      readerOn(sample),
      [{ path: 'test.pcap', name: 'test.pcap', size: sample.length }],
      {
        now: () => (clock += 1000), // every slice is over after one batch
        next: () => new Promise((resolve) => turns.push(resolve)),
        emit: (name, value) => void events.push({ name, value }),
      },
      { seed: 1 },
    );
    expect(early.state).toMatchObject({ packets: session.state.packets, isLoading: true });
    const opened = await early.openView({ session: 1, filter: '', range: null, sort: null }, call);
    if (!opened.ok) throw new Error(opened.error.message);
    expect(opened.view).toMatchObject({ rows: session.state.packets, isComplete: false });
    while (early.state.isLoading) {
      turns.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await early.loaded;
    expect(events.filter(({ name }) => name === 'view').at(-1)?.value).toMatchObject({
      view: opened.view.view,
      rows: session.state.packets,
      isComplete: true,
    });
    early.close();
  });

  it('stops when told, and keeps what was read', async () => {
    const { session: early } = openSession(sample, { batchPackets: 16, batchBytes: 1 << 16 });
    early.stop();
    await early.loaded;
    expect(early.state.isLoading).toBe(false);
    expect(early.state.packets).toBeLessThanOrEqual(session.state.packets);
    early.close();
  });
});
