/**
 * The user's own map: blocks of addresses to network, zone, region and name (docs/panels.md). JSON, a list of entries or an
 * object with `networks` and `peerings`, or CSV with a heading line. The smallest block that holds an address says where it is.
 */

import { success } from '../base/result.ts';
import { type BillingClass, isBillingClass } from './billing-classes.ts';
import { readCsv } from './csv-records.ts';
import { type Block, PrefixTable, parseBlock } from './prefix-table.ts';
import { type CloudResult, wrong } from './problem.ts';

/** Texts are '' where the map says nothing. */
export interface MapEntry {
  readonly block: Block;
  /** As the file writes it. */
  readonly cidr: string;
  readonly network: string;
  readonly zone: string;
  readonly region: string;
  readonly name: string;
  readonly provider: string;
  /** For the path picture. */
  readonly instance: string;
  readonly card: string;
  readonly subnet: string;
  /** How transfers to it are charged, where the user knows better. */
  readonly class: BillingClass | null;
}

export interface MapFile {
  readonly entries: readonly MapEntry[];
  /** Names that monitors may use: networks and names, each with its entries. */
  readonly groups: ReadonlyMap<string, readonly MapEntry[]>;
  find(address: Uint8Array): MapEntry | null;
}

const COLUMNS = ['network', 'zone', 'region', 'name', 'provider', 'instance', 'card', 'subnet'] as const;

/** One entry as texts, however the file writes it. */
type Raw = (column: string) => string;

export function isMapJson(json: unknown): boolean {
  return entriesOf(json) !== null;
}

export function readMapJson(json: unknown): CloudResult<MapFile> {
  const list = entriesOf(json) ?? [];
  const raws = list.map((entry): Raw => {
    const fields = new Map(
      Object.entries(isRecord(entry) ? entry : {}).map(([key, value]) => [key.toLowerCase(), value]),
    );
    return (column) => {
      const value = fields.get(column);
      return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
    };
  });
  return build(raws.map((raw, i) => ({ raw, line: i + 1 })));
}

export function readMapCsv(text: string): CloudResult<MapFile> {
  const { columns, records } = readCsv(text);
  if (!columns.includes('cidr')) return wrong('column', 'cidr');
  return build(records.map(({ line, values }) => ({ line, raw: (column) => values.get(column) ?? '' })));
}

function build(raws: readonly { readonly raw: Raw; readonly line: number }[]): CloudResult<MapFile> {
  const entries: MapEntry[] = [];
  const table = new PrefixTable<MapEntry>();
  const groups = new Map<string, MapEntry[]>();
  for (const { raw, line } of raws) {
    const cidr = raw('cidr');
    const block = parseBlock(cidr);
    if (block === null) return wrong('block', cidr, line);
    const wanted = raw('class');
    if (wanted !== '' && !isBillingClass(wanted)) return wrong('class', wanted, line);
    const [network, zone, region, name, provider, instance, card, subnet] = COLUMNS.map(raw);
    const entry: MapEntry = {
      block,
      cidr,
      network,
      zone,
      region: region.toLowerCase(),
      name,
      provider: provider.toLowerCase(),
      instance,
      card,
      subnet,
      class: isBillingClass(wanted) ? wanted : null,
    };
    entries.push(entry);
    table.add(block, entry);
    for (const group of new Set([network, name])) {
      if (group === '') continue;
      const members = groups.get(group);
      if (members === undefined) groups.set(group, [entry]);
      else members.push(entry);
    }
  }
  if (entries.length === 0) return wrong('empty');
  return success({ entries, groups, find: (address) => table.find(address)?.value ?? null });
}

function entriesOf(json: unknown): readonly unknown[] | null {
  const list = isRecord(json) ? json.networks : json;
  if (!Array.isArray(list)) return null;
  return list.some((entry) => isRecord(entry) && 'cidr' in entry) ? (list as readonly unknown[]) : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
