/**
 * "Decode as": what people say that a port, an Ethernet type or an IP protocol carries, against what the tables say. A rule reads as
 * tshark's option `-d` does: `tcp.port==8080,http`, `udp.port==9000-9005,rtp`, `ethertype==0x88b5,ip`.
 */

import type { DecodeAs } from './applications.ts';
import type { DispatchTable } from './field-spec.ts';
import { type NumberTable } from './number-table.ts';
import { allProtocols, findProtocol, lookUp, type Protocol, withTables } from './registry.ts';

export interface DecodeRule {
  readonly table: DecodeTable;
  readonly key: number;
  /** A protocol's name. */
  readonly protocol: string;
}

/** Tables that rules may be about, with the largest key. */
const TABLES = {
  'tcp.port': 0xffff,
  'udp.port': 0xffff,
  ethertype: 0xffff,
  'ip.proto': 0xff,
  'ppp.protocol': 0xffff,
  'gre.proto': 0xffff,
  'llc.dsap': 0xff,
  link: 0xffff,
} as const satisfies Partial<Record<DispatchTable, number>>;
export type DecodeTable = keyof typeof TABLES;

export const DECODE_TABLES = Object.keys(TABLES) as readonly DecodeTable[];

/** Most keys that one range stands for. */
const MAX_RANGE = 1024;
const RULE = /^([a-z][a-z0-9._]*)==(0x[0-9a-f]+|\d+)(?:([-:])(0x[0-9a-f]+|\d+))?,([A-Za-z0-9_.-]+)$/i;

export type DecodeProblem =
  | { readonly code: 'form' }
  | { readonly code: 'table'; readonly table: string }
  | { readonly code: 'key'; readonly table: string; readonly most: number }
  | { readonly code: 'protocol'; readonly table: string; readonly protocol: string };

/** The rules that a text stands for: one, or one per key of a range (`a-b`, or `a:count`). */
export function parseDecodeRule(text: string): readonly DecodeRule[] | DecodeProblem {
  const found = RULE.exec(text.replaceAll(' ', ''));
  if (found === null) return { code: 'form' };
  const [, table = '', firstText = '', kind, secondText, protocol = ''] = found;
  if (!isDecodeTable(table)) return { code: 'table', table };
  const first = Number(firstText);
  const last = kind === undefined ? first : kind === ':' ? first + Number(secondText) - 1 : Number(secondText);
  if (last > TABLES[table] || last < first || last - first >= MAX_RANGE)
    return { code: 'key', table, most: TABLES[table] };
  if (!canDecode(table, protocol)) return { code: 'protocol', table, protocol };
  return Array.from({ length: last - first + 1 }, (_, i) => ({ table, key: first + i, protocol }));
}

/** `tcp.port==8080,http`. */
export function decodeRuleText({ table, key, protocol }: DecodeRule): string {
  return `${table}==${key},${protocol}`;
}

export function isDecodeTable(table: string): table is DecodeTable {
  return Object.hasOwn(TABLES, table);
}

/** Is the rule one that can be followed: a key of its table, a protocol that the table may lead to? */
export function isDecodeRule(rule: { table: string; key: number; protocol: string }): rule is DecodeRule {
  return isDecodeTable(rule.table) && rule.key <= TABLES[rule.table] && canDecode(rule.table, rule.protocol);
}

/** Names of the protocols that a table may lead to, sorted. */
export function decodersOf(table: DecodeTable): readonly string[] {
  return allProtocols
    .filter((protocol) => leadsTo(table, protocol))
    .map(({ name }) => name)
    .sort();
}

function canDecode(table: DecodeTable, protocol: string): boolean {
  const found = findProtocol(protocol);
  return found !== undefined && leadsTo(table, found);
}

function leadsTo(table: DecodeTable, { name, spec }: Protocol): boolean {
  if (name === 'data' || spec.on?.[table] !== undefined) return true;
  if (table === 'gre.proto' || table === 'ppp.protocol') return spec.on?.ethertype !== undefined;
  if (table === 'tcp.port') return spec.frame !== undefined || recognisedOn(spec, 'tcp');
  return table === 'udp.port' && (recognisedOn(spec, 'udp') || name === 'rtp' || name === 'rtcp');
}

function recognisedOn(spec: Protocol['spec'], transport: 'tcp' | 'udp'): boolean {
  return spec.recognise !== undefined && (spec.recogniseOn ?? ['tcp', 'udp']).includes(transport);
}

/** Rules as the passes look them up: `table=key` to a protocol's index. Of two for one key the later holds. */
export function decodeMap(rules: readonly DecodeRule[]): DecodeAs {
  return new Map(rules.map(({ table, key, protocol }) => [`${table}=${key}`, findProtocol(protocol)?.index ?? 0]));
}

/** Who claims a key under these rules. */
export function lookUpUnder(decodeAs: DecodeAs, table: DispatchTable, key: number | string): number {
  return (decodeAs.size === 0 ? undefined : decodeAs.get(`${table}=${key}`)) ?? lookUp(table, key);
}

const ruled = new WeakMap<DecodeAs, readonly Protocol[]>();

/** The protocols whose tables follow these rules: what a column pass walks by. */
export function protocolsUnder(decodeAs: DecodeAs): readonly Protocol[] {
  if (decodeAs.size === 0) return allProtocols;
  let found = ruled.get(decodeAs);
  if (found === undefined) ruled.set(decodeAs, (found = makeRuled(decodeAs)));
  return found;
}

function makeRuled(decodeAs: DecodeAs): readonly Protocol[] {
  const changed = new Map<string, NumberTable>();
  const tableOf = (table: NumberTable): NumberTable => {
    let copy = changed.get(table.name);
    if (copy === undefined) {
      copy = table;
      for (const [rule, protocol] of decodeAs) {
        const split = rule.lastIndexOf('=');
        if (rule.slice(0, split) !== table.name) continue;
        // Behind ports the flow decides; only tunnels are entered at once.
        const isByFlow = table.name === 'tcp.port' || table.name === 'udp.port';
        copy = copy.with(
          Number(rule.slice(split + 1)),
          protocol,
          !isByFlow || allProtocols[protocol].scan !== undefined,
        );
      }
      changed.set(table.name, copy);
    }
    return copy;
  };
  return allProtocols.map((protocol) => withTables(protocol, protocol.tables.map(tableOf)));
}
