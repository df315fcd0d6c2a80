import { describe, expect, it } from 'vitest';
import type { Output } from '../../../../engine/contract/api.ts';
import type { Report } from '../../../../engine/contract/report.ts';
import { panels } from '../../../../engine/session/panels/index.ts';
import type { Session } from '../../../../engine/session/session.ts';
import { icmpEcho } from '../../../support/build-packet.ts';
import {
  COMPONENT,
  DROP,
  inEveryFormat,
  netmonTrace,
  netshTrace,
  PROGRAM,
  pktmonTrace,
  programConversation,
  windowsPackets,
} from '../../../support/build-windows-trace.ts';
import { bytesOf, in4 } from '../../../support/golden-captures/capture.ts';
import { openSession } from '../../../support/load-capture.ts';

const START = 1_768_467_600_000_000_000n; // that of the packets
const { browser: BROWSER, resolver: RESOLVER } = PROGRAM;
const CALL = { signal: new AbortController().signal, progress: () => {} };

const packets = windowsPackets();
const conversation = programConversation;

async function open(file: Uint8Array): Promise<Session> {
  const { session } = openSession(file);
  await session.loaded;
  return session;
}

async function view(
  session: Session,
  filter: string,
  appearances: 'all' | 'adapter',
): Promise<Extract<Output<'view.open'>, { ok: true }>['view']> {
  const opened = await session.openView({ session: 1, filter, range: null, sort: null, appearances }, CALL);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.view;
}

/** The packet list without its numbers. */
async function list(session: Session): Promise<readonly string[]> {
  const { view: id, rows } = await view(session, '', 'adapter');
  const columns = ['frame.time_epoch', 'source', 'destination', 'protocol', 'length', 'info', 'tcp.stream'];
  const page = session.rows({ view: id, first: 0, count: rows, columns });
  const cells = page.cells.split('\u001f');
  return Array.from({ length: rows }, (_, i) => cells.slice(i * columns.length, (i + 1) * columns.length).join(' | '));
}

async function count(session: Session, filter: string): Promise<number> {
  return (await session.select(filter, null, CALL))?.count() ?? session.state.packets;
}

describe('the same packets in every format', () => {
  it('give equal lists in the adapter view', async () => {
    const lists = await Promise.all(
      Object.entries(inEveryFormat(packets)).map(async ([name, file]) => ({
        name,
        rows: await list(await open(file)),
      })),
    );
    const [first] = lists;
    expect(first?.rows).toHaveLength(packets.length);
    expect(first?.rows.filter((row) => row.includes('HTTP/1.1 200 OK'))).toHaveLength(2);
    for (const { name, rows } of lists) expect({ name, rows }).toEqual({ name, rows: first?.rows });
  });
});

describe('appearances', () => {
  it('are all rows, and the adapter view has one of each packet', async () => {
    const session = await open(pktmonTrace(packets, { dropped: [3] }));
    expect(session.state.packets).toBe(3 * packets.length + 1);
    expect(session.state.copies).toBe(2 * packets.length + 1);
    expect(await view(session, '', 'all')).toMatchObject({ rows: 3 * packets.length + 1, leftOut: 0 });
    expect(await view(session, '', 'adapter')).toMatchObject({
      rows: packets.length,
      leftOut: 2 * packets.length + 1,
    });
    expect(await view(session, 'tcp.port == 50001', 'adapter')).toMatchObject({ rows: packets.length / 2 });
    expect(await count(session, '!nagare.copy')).toBe(packets.length);
    expect(await count(session, 'nagare.copy')).toBe(2 * packets.length + 1);
  });

  it('are never called retransmissions', async () => {
    const session = await open(pktmonTrace(packets));
    expect(await count(session, 'tcp.analysis.flags')).toBe(0);
    expect(await count(session, 'http.response')).toBe(2);
  });

  it('leave every panel as it is without them', async () => {
    // Times count from the first record: that of a packet that comes in is at the adapter.
    const bytes = bytesOf(in4(icmpEcho({ id: 1, sequence: 1, reply: false })));
    const some = [{ time: START - 1_000_000n, bytes, isSent: false, process: 0 }, ...packets];
    const plain = await open(netshTrace(some));
    const monitored = await open(pktmonTrace(some));
    for (const panel of ['hierarchy', 'conversations', 'endpoints', 'lengths', 'tcp', 'rtt']) {
      expect(panels.has(panel)).toBe(true);
      const ask = (session: Session): Promise<unknown> =>
        session.panel({ session: 1, panel, filter: '', range: null, appearances: 'adapter' }, CALL);
      expect(plainJson(await ask(monitored)), panel).toEqual(plainJson(await ask(plain)));
    }
  });

  it('leave the strip as it is without them', async () => {
    const session = await open(pktmonTrace(packets));
    const { view: id } = await view(session, '', 'adapter');
    const { all, shown, problems } = session.strip({ view: id, buckets: 10 });
    const sum = (counts: Uint32Array): number => counts.reduce((total, one) => total + one, 0);
    expect([all, shown, problems].map(sum)).toEqual([packets.length, packets.length, 0]);
  });
});

describe('what a trace says of a packet', () => {
  it('can be filtered: where it was seen, and why it went no further', async () => {
    const session = await open(pktmonTrace(packets, { dropped: [3, 5] }));
    const n = packets.length;
    expect(await count(session, `pktmon.component == "${COMPONENT.card.name}"`)).toBe(n);
    expect(await count(session, 'pktmon.component.type == 4')).toBe(n + 2);
    expect(await count(session, 'pktmon.drop')).toBe(2);
    expect(await count(session, `pktmon.drop.reason == "${DROP.text}"`)).toBe(2);
    expect(await count(session, `pktmon.drop.location.code == ${DROP.location}`)).toBe(2);
    expect(await count(session, 'pktmon.appearances == 4')).toBe(8);
    expect(await count(session, 'pktmon.packet == 1')).toBeGreaterThan(2);
    expect(await count(session, 'pktmon.appearance == 1 && pktmon.direction == 4')).toBe(
      packets.filter(({ isSent }) => isSent).length,
    );
  });

  it('is in the tree, with every field', async () => {
    const session = await open(pktmonTrace(packets, { dropped: [0] }));
    const rows = [...((await session.select('pktmon.packet == 1', null, CALL))?.toRows() ?? [])];
    const nodes = rows.map((row) => session.detail(row).nodes);
    const labels = nodes.map((all) => all.find(({ field }) => field === 'pktmon')?.label);
    expect(labels).toEqual([
      'Packet Monitor: tcpip.sys, Upper, Tx',
      'Packet Monitor: filter.sys, Upper, Tx',
      'Packet Monitor: card.sys, Upper, Tx',
      `Packet Monitor: tcpip.sys, 0, Tx, dropped: ${DROP.text}`,
    ]);
    const fields = new Set(nodes.flat().map(({ field }) => field));
    for (const name of ['component.description', 'edge.id', 'packettype', 'filter', 'groupid', 'number', 'adapter'])
      expect(fields, name).toContain(`pktmon.${name}`);
    const netsh = session.detail(0).nodes;
    expect(netsh.filter(({ depth }) => depth === 0).map(({ label }) => label.split(',')[0])).toContain(
      `Process: process ${BROWSER}`,
    );
  });

  it('of netsh trace: adapter and layer', async () => {
    const session = await open(netshTrace(packets));
    expect(await count(session, 'ndiscap.adapter == 6 && ndiscap.layer == 6')).toBe(packets.length);
    expect(await count(session, 'pktmon')).toBe(0);
  });
});

describe('the program of a connection', () => {
  const half = packets.length / 2;

  it('is what most packets say, those that were sent above all', async () => {
    for (const file of [netshTrace(packets), pktmonTrace(packets), netmonTrace(packets, true)]) {
      const session = await open(file);
      const perPacket = session.state.packets / packets.length;
      expect(await count(session, `nagare.process == "process ${BROWSER}"`)).toBe(half * perPacket);
      expect(await count(session, `nagare.process == "process ${RESOLVER}"`)).toBe(half * perPacket);
      // The record itself says who was interrupted.
      expect(await count(session, 'nagare.processid == 4')).toBe(
        packets.filter(({ isSent }) => !isSent).length * perPacket,
      );
    }
  });

  it('has a name where the file has one', async () => {
    const session = await open(netmonTrace(packets));
    expect(await count(session, `nagare.process == "program-${BROWSER}.exe"`)).toBe(half);
    const { view: id } = await view(session, '', 'all');
    const { cells } = session.rows({ view: id, first: 0, count: 1, columns: ['nagare.process', 'nagare.processid'] });
    expect(cells.split('\u001f')).toEqual([`program-${BROWSER}.exe`, String(BROWSER)]);
  });

  it('is a column and a grouping of conversations, whose numbers lead to their packets', async () => {
    for (const appearances of ['adapter', 'all'] as const) {
      const session = await open(pktmonTrace(packets));
      const input = { session: 1, panel: 'conversations', filter: '', range: null, appearances };
      const { tables } = (await session.panel(input, CALL)) as Report;
      const [connections, programs] = tables;
      const names = [`process ${BROWSER}`, `process ${RESOLVER}`];
      expect(connections?.columns.find(({ id }) => id === 'process')?.values).toEqual(names);
      expect(programs?.columns.find(({ id }) => id === 'process')?.values).toEqual(names);
      const n = appearances === 'all' ? 3 * half : half;
      expect([...(programs?.columns.find(({ id }) => id === 'packets')?.values ?? [])]).toEqual([n, n]);
      expect(await view(session, `nagare.process == "process ${BROWSER}"`, appearances)).toMatchObject({ rows: n });
    }
  });

  it('is nobody in captures that say nothing of programs', async () => {
    for (const name of ['pcap', 'pcapng', 'Network Monitor 2.0']) {
      const session = await open(inEveryFormat(packets)[name] ?? new Uint8Array(0));
      expect(await count(session, 'nagare.process || nagare.processid')).toBe(0);
      const input = { session: 1, panel: 'conversations', filter: '', range: null };
      expect(((await session.panel(input, CALL)) as Report).tables).toHaveLength(1);
    }
  });

  it('is found in files whose ports were used again', async () => {
    const again = conversation(50_001, RESOLVER, 2_000_000_000, 2_000_000_000);
    const session = await open(netshTrace([...packets, ...again]));
    expect(await count(session, `nagare.process == "process ${RESOLVER}"`)).toBe(half + again.length);
    expect(await count(session, `nagare.process == "process ${BROWSER}"`)).toBe(half);
  });
});

/** Without pictures: their axes run over all records. */
function plainJson(made: unknown): unknown {
  const replace = (key: string, value: unknown): unknown =>
    key === 'charts' ? undefined : typeof value === 'bigint' ? String(value) : value;
  return JSON.parse(JSON.stringify(made, replace));
}
