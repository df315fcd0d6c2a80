/** The protocol hierarchy as rows: for the table, for the picture and for copying. */

import { csvCell } from '../../../engine/base/csv.ts';
import type { HierarchyNode, HierarchyPanel, UnwantedFound, UnwantedMark } from '../../../engine/contract/api.ts';
import type { Finding } from '../../../engine/contract/report.ts';
import { bitRate } from '../../../engine/text/format/rate.ts';
import type { TreeItem } from '../../components/tree-rows.ts';
import { combineFilters } from '../../state/combine-filters.ts';

export interface HierarchyRow extends TreeItem {
  /** Way from the top, e.g. `eth:ip:tcp`: the same protocol may be in several places. */
  readonly path: string;
  readonly protocol: string;
  readonly title: string;
  readonly filter: string;
  /** The packets that end in it; '' where there are none. */
  readonly endFilter: string;
  readonly packets: number;
  readonly bytes: number;
  readonly endPackets: number;
  readonly endBytes: number;
  /** Bits a second. */
  readonly rate: number;
  /** Rules of the list of unwanted protocols that it is found by. */
  readonly unwanted: readonly UnwantedMark[];
}

/** Every node, parents before their children, the largest first among siblings. */
export function hierarchyRows({ roots, duration }: HierarchyPanel): HierarchyRow[] {
  const rows: HierarchyRow[] = [];
  const add = (nodes: readonly HierarchyNode[], depth: number, above: string): void => {
    for (const node of [...nodes].sort((a, b) => b.packets - a.packets || a.protocol.localeCompare(b.protocol))) {
      const path = above === '' ? node.protocol : `${above}:${node.protocol}`;
      rows.push({
        depth,
        hasChildren: node.children.length > 0,
        path,
        protocol: node.protocol,
        title: node.title,
        filter: node.filter,
        endFilter: endFilter(node),
        packets: node.packets,
        bytes: node.bytes,
        endPackets: node.endPackets,
        endBytes: node.endBytes,
        rate: bitRate(node.bytes, duration),
        unwanted: node.unwanted,
      });
      add(node.children, depth + 1, path);
    }
  };
  add(roots, 0, '');
  return rows;
}

/** A node's packets without those that go on into one of its children. */
function endFilter(node: HierarchyNode): string {
  if (node.endPackets === 0) return '';
  return node.children.reduce((filter, child) => combineFilters(filter, child.filter, 'and-not'), node.filter);
}

/** A sentence for each rule that found something. */
export function unwantedFindings(all: readonly UnwantedFound[]): Finding[] {
  return all.map(({ kind, title, filter, packets, addresses, addressCount }) => {
    const named = addresses
      .slice(0, NAMED)
      .map(({ address, name }) => (name === '' ? address : `${name} (${address})`))
      .join(', ');
    return {
      id: `overview.${kind}`,
      level: 'wrong',
      values: {
        title,
        count: { value: packets, unit: 'count' },
        addresses: addressCount > NAMED ? `${named} +${addressCount - NAMED}` : named,
      },
      link: { filter },
    };
  });
}

/** Addresses that a sentence names. */
const NAMED = 6;

/** A place in the picture: parts of its width (0 to 1), and the level from the top. */
export interface IcicleCell {
  readonly index: number;
  readonly depth: number;
  readonly from: number;
  readonly to: number;
}

export type Measure = 'packets' | 'bytes';

/** Each row as wide as its share of the whole, below its parent, the parent's own rest left free at the right. */
export function icicle(rows: readonly HierarchyRow[], measure: Measure): IcicleCell[] {
  const total = rows.reduce((sum, row) => (row.depth === 0 ? sum + row[measure] : sum), 0);
  if (total === 0) return [];
  const next: number[] = []; // per depth: where the next one begins
  return rows.map((row, index) => {
    const from = next[row.depth] ?? 0;
    const to = from + row[measure] / total;
    next[row.depth] = to;
    next[row.depth + 1] = from;
    return { index, depth: row.depth, from, to };
  });
}

const CSV_HEAD = ['path', 'protocol', 'packets', 'bytes', 'bits_per_second', 'end_packets', 'end_bytes', 'filter'];

export function hierarchyCsv(rows: readonly HierarchyRow[]): string {
  const lines = rows.map((row) =>
    [row.path, row.protocol, row.packets, row.bytes, rateValue(row) ?? '', row.endPackets, row.endBytes, row.filter]
      .map((value) => csvCell(String(value)))
      .join(','),
  );
  return [CSV_HEAD.join(','), ...lines].join('\r\n');
}

export function hierarchyJson(rows: readonly HierarchyRow[]): string {
  const list = rows.map((row) => ({
    path: row.path,
    protocol: row.protocol,
    title: row.title,
    packets: row.packets,
    bytes: row.bytes,
    bitsPerSecond: rateValue(row),
    endPackets: row.endPackets,
    endBytes: row.endBytes,
    filter: row.filter,
    unwanted: row.unwanted.map(({ title }) => title),
  }));
  return JSON.stringify(list, null, 2);
}

function rateValue(row: HierarchyRow): number | null {
  return Number.isFinite(row.rate) ? Math.round(row.rate) : null;
}
