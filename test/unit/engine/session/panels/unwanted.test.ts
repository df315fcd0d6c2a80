/** Protocols that should not be there: marked in the hierarchy, named in the overview, counted for the side bar. */

import { beforeAll, describe, expect, it } from 'vitest';
import { rowsByStack } from '../../../../../engine/analyses/hierarchy.ts';
import { BitSet } from '../../../../../engine/base/bitset.ts';
import type { CallContext, HierarchyNode, HierarchyPanel } from '../../../../../engine/contract/api.ts';
import { DEFAULT_PREFERENCES, DEFAULT_UNWANTED } from '../../../../../engine/contract/preferences.ts';
import type { Report } from '../../../../../engine/contract/report.ts';
import { catalog } from '../../../../../engine/dissect/registry.ts';
import { checkFilter } from '../../../../../engine/filter/language/check.ts';
import { useNodePlatform } from '../../../../../engine/host/platform-node.ts';
import { Dissector } from '../../../../../engine/session/dissector.ts';
import { rowsOfMark } from '../../../../../engine/session/panels/gathered.ts';
import type { Session } from '../../../../../engine/session/session.ts';
import { Job } from '../../../../../engine/session/turns.ts';
import { latin1, seededRandom } from '../../../../support/build-bytes.ts';
import { tcpConversation } from '../../../../support/build-tcp.ts';
import { loadCapture, openSession, pcapOf } from '../../../../support/load-capture.ts';

const MS = 1_000_000;
const call: CallContext = { signal: new AbortController().signal, progress: () => undefined };
beforeAll(useNodePlatform);

async function opened(): Promise<Session> {
  const { session } = openSession(conversations());
  await session.loaded;
  return session;
}

/** A request with a password in the clear, one without, and a login of POP3. */
function conversations(): Uint8Array {
  const talk = (port: number, from: number, lines: readonly string[]) =>
    tcpConversation({
      client: { ip: '192.0.2.1', port: from },
      server: { ip: '198.51.100.20', port },
      rttNs: 10 * MS,
      capturePoint: 0,
      turns: lines.map((line, i) => ({ from: i % 2 === 0 ? 'client' : 'server', data: latin1(line) })),
      random: seededRandom(from),
    });
  return pcapOf([
    ...talk(80, 20_000, [
      'GET /a HTTP/1.1\r\nHost: example.com\r\nAuthorization: Basic dXNlcjpwYXNz\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
      'GET /b HTTP/1.1\r\nHost: example.com\r\n\r\n',
    ]),
    ...talk(110, 20_001, ['USER someone\r\n', '+OK\r\n', 'PASS secret\r\n', '+OK\r\n', 'STAT\r\n']),
  ]);
}

const ask = (session: Session, panel: string, filter = ''): Promise<unknown> =>
  session.panel({ session: 1, panel, filter, range: null }, call);

function all(nodes: readonly HierarchyNode[]): HierarchyNode[] {
  return nodes.flatMap((node) => [node, ...all(node.children)]);
}

describe('unwanted protocols', () => {
  it('has a default list of filters that can be read', () => {
    for (const { filter } of DEFAULT_UNWANTED) expect(checkFilter(filter, catalog).ok, filter).toBe(true);
  });

  it('marks the protocols in the hierarchy; each mark counts the packets that it leads to', async () => {
    const session = await opened();
    const panel = (await ask(session, 'hierarchy')) as HierarchyPanel;
    expect(panel.unwanted.map(({ title, packets, addressCount }) => [title, packets, addressCount])).toEqual([
      ['POP3', 2, 2],
      ['HTTP Basic', 1, 2],
    ]);
    const marked = all(panel.roots).filter(({ unwanted }) => unwanted.length > 0);
    expect(marked.map(({ protocol }) => protocol).sort()).toEqual(['http', 'pop']);
    for (const node of marked) {
      for (const { filter, packets } of node.unwanted) {
        const found = await session.select(`(${node.filter}) and (${filter})`, null, call);
        expect(found?.count()).toBe(packets);
      }
    }
    for (const { filter, packets } of panel.unwanted)
      expect((await session.select(filter, null, call))?.count()).toBe(packets);
  });

  it('follows the filter', async () => {
    const panel = (await ask(await opened(), 'hierarchy', 'tcp.port == 80')) as HierarchyPanel;
    expect(panel.unwanted.map(({ title }) => title)).toEqual(['HTTP Basic']);
  });

  it('is a sentence of the overview', async () => {
    const report = (await ask(await opened(), 'overview')) as Report;
    const sentences = report.findings.filter(({ id }) => id === 'overview.clearText');
    expect(sentences.map(({ values }) => values.title)).toEqual(['POP3', 'HTTP Basic']);
    expect(sentences[0]?.values.addresses).toMatch(/192\.0\.2\.1/);
  });

  it('takes the user’s list at once, and counts for the side bar', async () => {
    const session = await opened();
    session.setPreferences({
      ...DEFAULT_PREFERENCES,
      unwanted: [
        { kind: 'other', title: 'Web', filter: 'http', on: true },
        { kind: 'other', title: 'Off', filter: 'tcp', on: false },
        { kind: 'other', title: 'Wrong', filter: 'no.such.field', on: true },
      ],
    });
    const panel = (await ask(session, 'hierarchy')) as HierarchyPanel;
    expect(panel.unwanted.map(({ title, packets }) => [title, packets])).toEqual([['Web', 3]]);
    expect(
      all(panel.roots)
        .filter(({ unwanted }) => unwanted.length > 0)
        .map(({ protocol }) => protocol),
    ).toEqual(['http']);
    await expect.poll(() => session.state.unwanted).toBe(1);
  });

  it('reads no more packets for marks than is quick, and says which rules would need more', async () => {
    const { session } = openSession(conversations());
    await session.loaded;
    const select = async (filter: string) => (await session.select(filter, null, call)) ?? new BitSet(0);
    const capture = loadCapture(conversations());
    const byStack = rowsByStack(capture.table, null);
    const turns = { now: () => performance.now(), next: () => Promise.resolve() };
    const input = {
      capture,
      dissector: new Dissector(capture),
      rows: null,
      job: new Job(turns),
      options: {},
      select,
    };
    const [basic, pop] = ['HTTP Basic', 'POP3'].map(
      (name) => DEFAULT_UNWANTED.find(({ title }) => title === name)?.filter,
    );
    const counts = async (most: number) =>
      Promise.all(
        [basic, pop].map(async (filter) => (await rowsOfMark(input, filter ?? '', byStack, most))?.count() ?? null),
      );
    expect(await counts(2)).toEqual([null, null]);
    expect(await counts(3)).toEqual([1, null]);
    expect(await counts(5)).toEqual([1, 2]);
  });
});
