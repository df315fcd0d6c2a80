/** Fields of a packet as texts, as `tshark -T fields` prints them: for columns, exports and the command line. */

import { toHex } from '../base/hex.ts';
import { escapeText } from '../base/text.ts';
import { labelOf, plainValue, type TreeNode } from '../dissect/node.ts';
import { allProtocols, catalog, protocolNamed } from '../dissect/registry.ts';
import type { PacketSource } from './packet-source.ts';

/** Protocols whose fields no tree has. */
const OUTSIDE = new Set([protocolNamed('_ws.col').index, protocolNamed('_ws.nagare').index]);
const DATA = protocolNamed('data').self.id;

/** Texts of the wanted fields (by id) in the order of the tree; fields that the packet does not have are missing. */
export function fieldTexts(packet: PacketSource, wanted: ReadonlySet<number>): ReadonlyMap<number, readonly string[]> {
  const texts = new Map<number, string[]>();
  const add = (id: number, text: string): void => {
    const known = texts.get(id);
    if (known === undefined) texts.set(id, [text]);
    else known.push(text);
  };
  const visit = (nodes: readonly TreeNode[]): void => {
    for (const node of nodes) {
      if (node.field !== null && wanted.has(node.field.id)) add(node.field.id, nodeText(packet, node));
      if (node.children !== null) visit(node.children);
    }
  };
  let isTreeNeeded = false;
  for (const id of wanted) {
    const field = catalog.fields[id];
    if (!OUTSIDE.has(field.protocol)) isTreeNeeded = true;
    else for (const { value } of packet.occurrences(field)) add(id, escapeText(String(value ?? '')));
  }
  if (isTreeNeeded) visit(packet.tree);
  return texts;
}

/** A layer is its line in the tree, or its name where the line says no more; a field that has no value is 1. */
function nodeText(packet: PacketSource, node: TreeNode): string {
  const { field, value } = node;
  if (field === null) return labelOf(node);
  if (field.id === DATA) return toHex(packet.dissection.sources[node.source].bytes, '', node.at, node.at + node.length);
  if (field.type === 'protocol') {
    const label = labelOf(node);
    return label === field.label ? allProtocols[field.protocol].name : label;
  }
  return field.type === 'none' || value === null ? '1' : plainValue(field, value);
}
