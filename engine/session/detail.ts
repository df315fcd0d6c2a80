/** A dissected packet as the contract carries it: tree rows in order, filter texts, bytes. */

import type { Field, FieldValue } from '../base/fields.ts';
import { toHex } from '../base/hex.ts';
import type { DetailNode, PacketDetail } from '../contract/api.ts';
import { labelOf, plainValue, type TreeNode } from '../dissect/node.ts';
import { catalog } from '../dissect/registry.ts';
import { quoteString } from '../filter/language/print.ts';
import type { PacketSource } from './packet-source.ts';

/** Bytes of one data source that are sent; longer ones are cut, which their name says. */
const MAX_SOURCE = 8 << 20;
const MAX_LABEL = 1000;
const SEVERITIES: Readonly<Record<number, string>> = {
  0x100000: 'comment',
  0x200000: 'chat',
  0x400000: 'note',
  0x600000: 'warning',
  0x800000: 'error',
};

export function packetDetail(row: number, packet: PacketSource, comments: readonly string[]): PacketDetail {
  const nodes: DetailNode[] = [];
  const add = (node: TreeNode, depth: number): void => {
    const children = (node.children ?? []).filter((child) => !child.hidden);
    nodes.push(detailNode(node, depth, children.length > 0));
    for (const child of children) add(child, depth + 1);
  };
  for (const node of packet.tree) add(node, 0);
  const sources = packet.dissection.sources.map(({ name, bytes }) =>
    bytes.length > MAX_SOURCE
      ? { name: `${name} (first ${MAX_SOURCE} of ${bytes.length} bytes)`, bytes: bytes.slice(0, MAX_SOURCE) }
      : { name, bytes },
  );
  return { row, nodes, sources, comments };
}

function detailNode(node: TreeNode, depth: number, hasChildren: boolean): DetailNode {
  const { field, value } = node;
  const label = labelOf(node);
  return {
    depth,
    label: label.length > MAX_LABEL ? `${label.slice(0, MAX_LABEL)}…` : label,
    field: field?.abbrev ?? '',
    filter: field === null ? '' : fieldFilter(field, value),
    value: field === null || value === null ? label : plainValue(field, value),
    source: node.source,
    at: node.at,
    length: node.length,
    isGenerated: node.generated,
    hasChildren,
    severity: severityOf(node),
    frameRow: field?.type === 'frame' && typeof value === 'number' ? value - 1 : -1,
  };
}

function severityOf(node: TreeNode): string {
  const known = node.children?.find((child) => child.field?.abbrev === '_ws.expert.severity');
  return SEVERITIES[Number(known?.value ?? 0)] ?? '';
}

/** The filter that this value of the field matches. */
export function fieldFilter(field: Field, value: FieldValue | null): string {
  if (value === null || field.type === 'protocol' || field.type === 'none') return field.abbrev;
  switch (field.type) {
    case 'string':
      return `${field.abbrev} == ${quoteString(String(value))}`;
    case 'bytes':
      return value instanceof Uint8Array && value.length > 0
        ? `${field.abbrev} == ${toHex(value.subarray(0, 64), ':')}`
        : field.abbrev;
    case 'time':
      return field.show === 'epoch'
        ? `${field.abbrev} == ${plainValue(field, value)}`
        : `${field.abbrev} == "${plainValue(field, value)}"`;
    default:
      return `${field.abbrev} == ${plainValue(field, value)}`;
  }
}

/** Filter text of a list cell; null where it has none. */
export function cellFilter(row: number, column: string, packet: PacketSource): string | null {
  const first = (names: readonly string[]): string | null => {
    for (const name of names) {
      const field = catalog.get(name);
      const all = field === undefined ? [] : packet.occurrences(field);
      const value = all[all.length - 1]?.value;
      if (field !== undefined && value !== undefined && value !== null) return fieldFilter(field, value);
    }
    return null;
  };
  switch (column) {
    case 'number':
      return `frame.number == ${row + 1}`;
    case 'time':
      return first(['frame.time_epoch']);
    case 'length':
      return first(['frame.len']);
    case 'source':
      return first(['ipv6.src', 'ip.src', 'eth.src']);
    case 'destination':
      return first(['ipv6.dst', 'ip.dst', 'eth.dst']);
    case 'protocol':
      return topProtocol(packet);
    case 'info':
      return `_ws.col.Info == ${quoteString(packet.dissection.info)}`;
    default: {
      const field = catalog.get(column);
      const one = field === undefined ? undefined : packet.occurrences(field)[0];
      return field === undefined || one === undefined ? null : fieldFilter(field, one.value);
    }
  }
}

function topProtocol(packet: PacketSource): string | null {
  const nodes = packet.dissection.root.filter(
    (node) => node.field?.type === 'protocol' && node.field.abbrev !== 'data',
  );
  return nodes[nodes.length - 1]?.field?.abbrev ?? null;
}
