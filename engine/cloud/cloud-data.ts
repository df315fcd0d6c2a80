/** All that the user has given about clouds: a map, dated address ranges, prices. A file is known by what is in it. */

import { success } from '../base/result.ts';
import { isMapJson, type MapFile, readMapCsv, readMapJson } from './map-file.ts';
import { PrefixTable } from './prefix-table.ts';
import { isPricesJson, type PriceTable, readPricesCsv, readPricesJson } from './prices.ts';
import { type CloudProblem, type CloudResult, wrong } from './problem.ts';
import { isMoreSpecific, isRangesJson, type RangeEntry, type RangeList, readRanges } from './ranges.ts';

export type CloudFile =
  | { readonly kind: 'map'; readonly name: string; readonly map: MapFile }
  | { readonly kind: 'ranges'; readonly name: string; readonly ranges: RangeList }
  | { readonly kind: 'prices'; readonly name: string; readonly prices: PriceTable };

/** No published list is nearly as long. */
export const MAX_CLOUD_FILE = 64 << 20;

/** Reads a file: CSV with a column `cidr` is a map, with `price` a price table; JSON says itself what it is. */
export function readCloudFile(name: string, text: string): CloudResult<CloudFile> {
  if (text.length > MAX_CLOUD_FILE) return wrong('large', String(text.length));
  if (!/^\uFEFF?\s*[[{]/.test(text)) return readText(name, text);
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return wrong('json');
  }
  if (isRangesJson(json)) {
    const ranges = readRanges(json, name);
    return ranges.ok ? success({ kind: 'ranges', name, ranges: ranges.value }) : ranges;
  }
  if (isPricesJson(json)) {
    const prices = readPricesJson(json);
    return prices.ok ? success({ kind: 'prices', name, prices: prices.value }) : prices;
  }
  if (!isMapJson(json)) return wrong('unknown');
  const map = readMapJson(json);
  return map.ok ? success({ kind: 'map', name, map: map.value }) : map;
}

function readText(name: string, text: string): CloudResult<CloudFile> {
  const heading = text.split(/\r?\n/).find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  const columns = heading
    .toLowerCase()
    .replaceAll('"', '')
    .split(',')
    .map((column) => column.trim());
  if (columns.includes('cidr')) {
    const map = readMapCsv(text);
    return map.ok ? success({ kind: 'map', name, map: map.value }) : map;
  }
  if (!columns.includes('price')) return wrong('unknown');
  const prices = readPricesCsv(text);
  return prices.ok ? success({ kind: 'prices', name, prices: prices.value }) : prices;
}

export interface CloudData {
  readonly files: readonly CloudFile[];
  /** Files that could not be read. */
  readonly problems: readonly { readonly name: string; readonly problem: CloudProblem }[];
  readonly map: MapFile | null;
  readonly lists: readonly RangeList[];
  readonly prices: PriceTable | null;
  /** The smallest published block that holds an address. */
  rangeOf(address: Uint8Array): RangeEntry | null;
}

/** Of maps and price tables the last one counts. */
export function cloudData(files: readonly CloudFile[], problems: CloudData['problems'] = []): CloudData {
  const table = new PrefixTable<RangeEntry>();
  const lists: RangeList[] = [];
  let map: MapFile | null = null;
  let prices: PriceTable | null = null;
  for (const file of files) {
    if (file.kind === 'map') map = file.map;
    else if (file.kind === 'prices') prices = file.prices;
    else {
      lists.push(file.ranges);
      for (const entry of file.ranges.entries) table.add(entry.block, entry, isMoreSpecific);
    }
  }
  return { files, problems, map, lists, prices, rangeOf: (address) => table.find(address)?.value ?? null };
}
