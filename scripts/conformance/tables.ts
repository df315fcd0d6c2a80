/** Conversations, endpoints and destinations: each row of the panels against `-z conv`, `-z endpoints` and `-z dests,tree`. */

import { BitSet } from '../../engine/base/bitset.ts';
import type { Report, Table, TableColumn } from '../../engine/contract/report.ts';
import { panels } from '../../engine/session/panels/index.ts';
import { Job, noTurns } from '../../engine/session/turns.ts';
import type { Opened } from './captures.ts';
import type { Details } from './details.ts';
import type { Oracle } from './oracle.ts';
import { DIFFERENT, EQUAL, type Scores } from './score.ts';
import {
  type DestinationWay,
  destinationsTheirWay,
  joinedSnmp,
  pairOf,
  withoutBrokenHeaders,
  withoutIpv6Fragments,
  withoutLinuxVxlan,
} from './table-reasons.ts';

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

/** A panel's table, of `rows` alone unless all are wanted. */
async function tableOf(
  { capture, dissector }: Opened,
  panel: string,
  options: Record<string, string>,
  rows: BitSet | null = null,
): Promise<Table> {
  const made = await panels.get(panel)?.make({
    capture,
    dissector,
    rows,
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

async function ourConversations(opened: Opened, layer: string, rows: BitSet | null = null): Promise<string[]> {
  const table = await tableOf(opened, CONVERSATIONS, { layer }, rows);
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

async function ourEndpoints(opened: Opened, layer: string, rows: BitSet | null = null): Promise<string[]> {
  const table = await tableOf(opened, ENDPOINTS, { layer }, rows);
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

/** Their times are floating-point seconds: one that is far from the first packet ends in digits that mean nothing. */
const TIMES = / (\S+) (\S+)$/;
/** Half a unit of the last digit of two rounded times. */
const ROUNDED = 0.00011;

function withTheirTimes(ours: readonly string[], theirs: readonly string[]): string[] {
  const byPackets = new Map<string, string[]>();
  for (const row of theirs) {
    const key = row.replace(TIMES, '');
    byPackets.set(key, [...(byPackets.get(key) ?? []), row]);
  }
  return ours.map((row) => byPackets.get(row.replace(TIMES, ''))?.find((one) => isSameTime(row, one)) ?? row);
}

function isSameTime(ours: string, theirs: string): boolean {
  // Records without a time begin nowhere here, and in 1970 there.
  if (ours.includes('NaN')) return true;
  const [, start = '', duration = ''] = TIMES.exec(ours) ?? [];
  const [, theirStart = '', theirDuration = ''] = TIMES.exec(theirs) ?? [];
  // Two times, each rounded to the 53 bits of a number.
  const lost = 2 * 2 ** (Math.floor(Math.log2(Math.max(1, Number(start)))) - 52);
  const isStart = start === theirStart || Math.abs(Number(start) - Number(theirStart)) <= (lost > 1e-9 ? lost : 0);
  return isStart && Math.abs(Number(duration) - Number(theirDuration)) <= ROUNDED + 2 * lost;
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

/** A reason of docs/differences.md, and our rows as tshark would count them. */
interface Recount {
  readonly rule: string;
  readonly rows: () => Promise<readonly string[]> | readonly string[];
}

/** `rowsOf`: our rows of a capture, of some of its packets or of all. */
function recounts(opened: Opened, layer: string, rowsOf: (rows: BitSet) => Promise<string[]>): Recount[] {
  return [
    ...(layer === 'ipv6'
      ? [{ rule: 'fragments of IPv6 are packets', rows: () => rowsOf(withoutIpv6Fragments(opened)) }]
      : []),
    { rule: 'headers that can be read count', rows: () => rowsOf(withoutBrokenHeaders(opened)) },
    { rule: 'port 8472 is VXLAN', rows: () => rowsOf(withoutLinuxVxlan(opened)) },
  ];
}

/** Each reason with all that tshark counts otherwise where it holds. */
const DESTINATION_WAYS: readonly (readonly [rule: string, ways: readonly DestinationWay[]])[] = [
  ['a packet in a tunnel goes to one place', ['tunnel']],
  ['a quoted port is not where a packet goes', ['quoted']],
  ['half a header has no port', ['broken']],
  ['a queue pair is no port of IP', ['infiniband']],
  ['port 8472 is VXLAN', ['vxlan', 'tunnel']],
];

/** Rows that both have, each as often as the other has it; a differing pair counts once. */
async function compareRows(
  figure: string,
  ours: readonly string[],
  theirs: readonly string[],
  reasons: readonly Recount[],
  context: Context,
): Promise<void> {
  const { name, scores, details } = context;
  let extra = without(ours, theirs);
  let missing = without(theirs, ours);
  scores.count(figure, EQUAL, ours.length - extra.length);
  const explain = (rule: string, rows: number): void => {
    if (rows > 0) scores.count(figure, { kind: 'deliberate', rule }, rows);
  };
  if (figure === ENDPOINTS) {
    const own = extra.filter((row) => missing.some((one) => isOwnTraffic(row, one)));
    const their = missing.filter((row) => extra.some((one) => isOwnTraffic(one, row)));
    explain('what is sent to oneself counts once', own.length);
    extra = without(extra, own);
    missing = without(missing, their);
  }
  if (figure === CONVERSATIONS) {
    const joined = joinedSnmp(missing, extra);
    const pairs = new Set(joined.map(pairOf));
    const parts = missing.filter((row) => pairs.has(pairOf(row)));
    explain('one UDP stream per SNMP conversation', Math.max(joined.length, parts.length));
    extra = without(extra, joined);
    missing = without(missing, parts);
  }
  for (const { rule, rows } of reasons) {
    if (extra.length + missing.length === 0) break;
    const again = withTheirTimes(await rows(), theirs);
    const gone = without(extra, again);
    const found = without(missing, without(missing, again));
    explain(rule, Math.max(gone.length, found.length));
    extra = without(extra, gone);
    missing = without(missing, found);
  }
  extra.sort();
  missing.sort();
  const count = Math.max(extra.length, missing.length);
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

/** Rows of `rows` beyond those that `others` has too, each as often as it is there. */
function without(rows: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const row of others) left.set(row, (left.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const count = left.get(row) ?? 0;
    left.set(row, count - 1);
    return count <= 0;
  });
}

export async function compareTables(opened: Opened, oracle: Oracle, context: Context): Promise<void> {
  const { name } = context;
  const conversations = oracle.text(`${name}.conv.txt`);
  const endpoints = oracle.text(`${name}.endpoints.txt`);
  const destinations = oracle.text(`${name}.dests.txt`);
  if (conversations !== null)
    for (const [layer, rows] of sections(conversations, conversationOf, /^(\w+) Conversations/)) {
      const rowsOf = (packets: BitSet | null): Promise<string[]> => ourConversations(opened, layer, packets);
      const ours = withTheirTimes(await rowsOf(null), rows);
      await compareRows(CONVERSATIONS, ours, rows, recounts(opened, layer, rowsOf), context);
    }
  if (endpoints !== null)
    for (const [layer, rows] of sections(endpoints, endpointOf, /^(\w+) Endpoints/)) {
      const rowsOf = (packets: BitSet | null): Promise<string[]> => ourEndpoints(opened, layer, packets);
      await compareRows(ENDPOINTS, await rowsOf(null), rows, recounts(opened, layer, rowsOf), context);
    }
  if (destinations !== null) {
    const reasons = DESTINATION_WAYS.map(([rule, ways]) => ({ rule, rows: () => destinationsTheirWay(opened, ways) }));
    await compareRows(DESTINATIONS, await ourDestinations(opened), theirDestinations(destinations), reasons, context);
  }
}
