/** Conversations, endpoints and destinations: each row of the panels against `-z conv`, `-z endpoints` and `-z dests,tree`. */

import { BitSet } from '../../engine/base/bitset.ts';
import type { Report, Table, TableColumn } from '../../engine/contract/report.ts';
import { protocolNamed } from '../../engine/dissect/registry.ts';
import { panels } from '../../engine/session/panels/index.ts';
import { Job, noTurns } from '../../engine/session/turns.ts';
import { FLAG } from '../../engine/table/flags.ts';
import { PATH } from '../../engine/table/path-words.ts';
import type { Opened } from './captures.ts';
import type { Details } from './details.ts';
import type { Oracle } from './oracle.ts';
import { DIFFERENT, EQUAL, type Scores } from './score.ts';

export const CONVERSATIONS = 'conversations';
export const ENDPOINTS = 'endpoints';
export const DESTINATIONS = 'destinations';

/** Their headings, and our layers. */
const LAYERS: ReadonlyMap<string, string> = new Map([
  ['Ethernet', 'eth'],
  ['IPv4', 'ip'],
  ['IPv6', 'ipv6'],
  ['TCP', 'tcp'],
  ['UDP', 'udp'],
]);

interface Context {
  readonly name: string;
  readonly scores: Scores;
  readonly details: Details;
}

async function tableOf({ capture, dissector }: Opened, panel: string, options: Record<string, string>): Promise<Table> {
  const made = await panels.get(panel)?.make({
    capture,
    dissector,
    rows: null,
    job: new Job(noTurns),
    options,
    select: () => Promise.resolve(new BitSet(capture.table.count)),
  });
  const report: Report | undefined = made?.kind === 'report' ? made.report : undefined;
  const table = report?.tables.find(({ id }) => id === panel);
  if (table === undefined) throw new Error(`${panel} has no table`);
  return table;
}

function cells(table: Table): (id: string, row: number) => string {
  const columns = new Map<string, TableColumn>(table.columns.map((column) => [column.id, column]));
  return (id, row) => String(columns.get(id)?.values[row] ?? '');
}

/** As tshark's table of conversations has it: 12,345 bytes are 12 kB. */
function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let value = bytes;
  while (value >= 10_000 && unit < units.length - 1) {
    value = Math.floor(value / 1000);
    unit++;
  }
  return `${value} ${units[unit]}`;
}

/** The same conversation from either end: the end that comes first in the alphabet is named first. */
function pairText(a: string, b: string, toA: string, toB: string, rest: string): string {
  return a < b ? `${a} <-> ${b}: ${toA} | ${toB} | ${rest}` : `${b} <-> ${a}: ${toB} | ${toA} | ${rest}`;
}

const SIZE = String.raw`(\d+) +(\d+ (?:bytes|[kMGT]B))`;
const CONVERSATION = new RegExp(String.raw`^(\S+) +<-> (\S+) +${SIZE} +${SIZE} +${SIZE} +(\S+) +(\S+)$`);

/** Rows of their tables by layer. */
function sections(text: string, rowOf: (line: string) => string | null, title: RegExp): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let rows: string[] = [];
  for (const line of text.split('\n')) {
    const layer = LAYERS.get(title.exec(line)?.[1] ?? '');
    if (layer !== undefined) found.set(layer, (rows = []));
    const row = rowOf(line.trimEnd());
    if (row !== null) rows.push(row);
  }
  return found;
}

function conversationOf(line: string): string | null {
  const found = CONVERSATION.exec(line);
  if (found === null) return null;
  const [, a = '', b = '', framesToA = '', toA = '', framesToB = '', toB = ''] = found;
  return pairText(a, b, `${framesToA} ${toA}`, `${framesToB} ${toB}`, `${found[9]} ${found[10]}`);
}

/** `address port packets bytes sent ... got ...`, columns apart by blanks. */
function endpointOf(line: string): string | null {
  const parts = line.trim().split(/ +/);
  return (parts.length === 7 || parts.length === 8) && parts.slice(1).every((part) => /^\d+$/.test(part))
    ? parts.join(' ')
    : null;
}

async function ourConversations(opened: Opened, layer: string): Promise<string[]> {
  const table = await tableOf(opened, CONVERSATIONS, { layer });
  const cell = cells(table);
  const { firstTime } = opened.capture.pass;
  const first = opened.capture.table.count > 0 ? opened.capture.table.get('time', 0) : firstTime;
  const hasPorts = layer === 'tcp' || layer === 'udp';
  return Array.from({ length: table.count }, (_, row) => {
    const end = (side: 'A' | 'B'): string =>
      cell(`address${side}`, row) + (hasPorts ? `:${cell(`port${side}`, row)}` : '');
    const sent = (way: 'AB' | 'BA'): string =>
      `${cell(`packets${way}`, row)} ${sizeText(Number(cell(`bytes${way}`, row)))}`;
    const start = ((Number(cell('start', row)) - first) / 1e9).toFixed(9);
    const rest = `${start} ${(Number(cell('duration', row)) / 1e9).toFixed(4)}`;
    return pairText(end('A'), end('B'), sent('BA'), sent('AB'), rest);
  });
}

async function ourEndpoints(opened: Opened, layer: string): Promise<string[]> {
  const table = await tableOf(opened, ENDPOINTS, { layer });
  const cell = cells(table);
  const hasPorts = layer === 'tcp' || layer === 'udp';
  const columns = ['packets', 'bytes', 'sentPackets', 'sentBytes', 'gotPackets', 'gotBytes'];
  return Array.from({ length: table.count }, (_, row) =>
    ['address', ...(hasPorts ? ['port'] : []), ...columns].map((id) => cell(id, row)).join(' '),
  );
}

/** Destinations of IPv4 by transport and port: `address TCP 80 21`. */
function theirDestinations(text: string): string[] {
  const rows: string[] = [];
  let address = '';
  let transport = '';
  for (const line of text.split('\n')) {
    const found = /^( +)(\S+) +(\d+) /.exec(line);
    if (found === null) continue;
    const [, indent = '', item = '', count = ''] = found;
    if (indent.length === 1) address = item;
    else if (indent.length === 2) {
      transport = item;
      if (transport === 'NONE') rows.push(`${address} NONE ${count}`);
    } else if (transport !== 'NONE') rows.push(`${address} ${transport} ${item} ${count}`);
  }
  return rows;
}

async function ourDestinations(opened: Opened): Promise<string[]> {
  const table = await tableOf(opened, DESTINATIONS, { dynamicPorts: 'all' });
  const cell = cells(table);
  const others = new Map<string, number>();
  const rows: string[] = [];
  for (let row = 0; row < table.count; row++) {
    const address = cell('address', row);
    if (address.includes(':')) continue;
    const port = cell('port', row);
    const packets = Number(cell('packets', row));
    if (port === '') others.set(address, (others.get(address) ?? 0) + packets);
    else rows.push(`${address} ${cell('protocol', row).toUpperCase()} ${port} ${packets}`);
  }
  return [...rows, ...[...others].map(([address, packets]) => `${address} NONE ${packets}`)];
}

/** tshark's durations are differences of rounded times: half a unit of their last digit is nobody's fault. */
const TIMES = / \S+ \S+$/;
const DURATION = / ([\d.]+)$/;
const ROUNDED = 0.00011;
const LINUX_VXLAN = 8472;

function withTheirDurations(ours: readonly string[], theirs: readonly string[]): string[] {
  const durations = new Map<string, string[]>();
  for (const row of theirs) {
    const key = row.replace(DURATION, '');
    durations.set(key, [...(durations.get(key) ?? []), DURATION.exec(row)?.[1] ?? '']);
  }
  return ours.map((row) => {
    const key = row.replace(DURATION, '');
    const own = Number(DURATION.exec(row)?.[1]);
    // Records without a time begin nowhere here, and in 1970 there.
    if (row.includes('NaN')) {
      const packets = row.replace(TIMES, '');
      return theirs.find((one) => one.replace(TIMES, '') === packets) ?? row;
    }
    const near = durations.get(key)?.find((one) => Math.abs(Number(one) - own) <= ROUNDED);
    return near === undefined ? row : `${key} ${near}`;
  });
}

/** docs/differences.md: what an address sends to itself counts once; of a row: packets and bytes, sent, got. */
function isOwnTraffic(ours: string, theirs: string): boolean {
  const own = ours.split(' ');
  const their = theirs.split(' ');
  const at = own.length - 6;
  const isNamed = own.slice(0, at).join(' ') === their.slice(0, at).join(' ');
  const isSame = own.slice(at + 2).join(' ') === their.slice(at + 2).join(' ');
  const sum = (i: number): number => Number(own[at + 2 + i]) + Number(own[at + 4 + i]);
  return at > 0 && isNamed && isSame && sum(0) === Number(their[at]) && sum(1) === Number(their[at + 1]);
}

/** Why rows of a capture's tables may differ on purpose: lines of docs/differences.md. */
function reasonOf({ capture }: Opened, figure: string, layer: string): string | null {
  const { pass } = capture;
  const { paths, stacks, table } = pass;
  const has = (protocol: string): boolean => {
    const { index } = protocolNamed(protocol);
    for (let stack = 1; stack < stacks.count; stack++) if (stacks.has(stack, index)) return true;
    return false;
  };
  let hasTunnel = false;
  let hasLinuxVxlan = false;
  for (let path = 0; path < paths.count; path++) {
    let networks = 0;
    paths.visit(path, (kind, _own, at) => {
      if (kind === PATH.ipv4 || kind === PATH.ipv6) networks++;
      if (kind === PATH.ports && ((paths.words[at] ?? 0) & 0xffff) === LINUX_VXLAN) hasLinuxVxlan = true;
    });
    if (networks > 1) hasTunnel = true;
  }
  if (hasLinuxVxlan && has('vxlan')) return 'port 8472 is VXLAN';
  if (figure === DESTINATIONS) return hasTunnel ? 'a packet in a tunnel goes to one place' : null;
  if (layer === 'udp' && has('snmp')) return 'one UDP stream per SNMP conversation';
  const isIpv6Fragment = (row: number): boolean =>
    (table.get('flags', row) & FLAG.fragment) !== 0 && paths.addresses(table.get('path', row)).source.includes(':');
  for (let row = 0; row < table.count && layer === 'ipv6'; row++)
    if (isIpv6Fragment(row)) return 'fragments of IPv6 are packets';
  return null;
}

/** Rows that both have, each as often as the other has it; a differing pair counts once. */
function compareRows(
  figure: string,
  ours: readonly string[],
  theirs: readonly string[],
  reason: () => string | null,
  context: Context,
): void {
  const open = new Map<string, number>();
  for (const row of theirs) open.set(row, (open.get(row) ?? 0) + 1);
  const extra: string[] = [];
  let equal = 0;
  for (const row of ours) {
    const left = open.get(row) ?? 0;
    if (left > 0) {
      open.set(row, left - 1);
      equal++;
    } else extra.push(row);
  }
  const missing = [...open].flatMap(([row, left]) => Array.from({ length: left }, () => row)).sort();
  extra.sort();
  const { name, scores, details } = context;
  scores.count(figure, EQUAL, equal);
  if (figure === ENDPOINTS) {
    for (const row of [...extra]) {
      const theirs = missing.findIndex((one) => isOwnTraffic(row, one));
      if (theirs < 0) continue;
      missing.splice(theirs, 1);
      extra.splice(extra.indexOf(row), 1);
      scores.count(figure, { kind: 'deliberate', rule: 'what is sent to oneself counts once' });
    }
  }
  const count = Math.max(extra.length, missing.length);
  const rule = count === 0 ? null : reason();
  if (rule !== null) {
    scores.count(figure, { kind: 'deliberate', rule }, count);
    return;
  }
  scores.count(figure, DIFFERENT, count);
  for (let i = 0; i < count; i++)
    details.add({
      capture: name,
      frame: 0,
      field: figure,
      ours: extra[i] ?? 'nothing',
      theirs: missing[i] ?? 'nothing',
    });
}

export async function compareTables(opened: Opened, oracle: Oracle, context: Context): Promise<void> {
  const { name } = context;
  const conversations = oracle.text(`${name}.conv.txt`);
  const endpoints = oracle.text(`${name}.endpoints.txt`);
  const destinations = oracle.text(`${name}.dests.txt`);
  if (conversations !== null)
    for (const [layer, rows] of sections(conversations, conversationOf, /^(\w+) Conversations/))
      compareRows(
        CONVERSATIONS,
        withTheirDurations(await ourConversations(opened, layer), rows),
        rows,
        () => reasonOf(opened, CONVERSATIONS, layer),
        context,
      );
  if (endpoints !== null)
    for (const [layer, rows] of sections(endpoints, endpointOf, /^(\w+) Endpoints/))
      compareRows(
        ENDPOINTS,
        await ourEndpoints(opened, layer),
        rows,
        () => reasonOf(opened, ENDPOINTS, layer),
        context,
      );
  if (destinations !== null)
    compareRows(
      DESTINATIONS,
      await ourDestinations(opened),
      theirDestinations(destinations),
      () => reasonOf(opened, DESTINATIONS, ''),
      context,
    );
}
