/** Rows made of BER elements, and what is read of them. An element that is not there makes no row. */

import { type BerElement, berNumber } from '../../ber.ts';
import type { TreeNode } from '../../node.ts';
import type { TreeBuilder } from '../../tree.ts';

export function text(t: TreeBuilder, element: BerElement | undefined): string {
  return element === undefined ? '' : t.string(element.value, element.end - element.value);
}

export function rest(t: TreeBuilder, element: BerElement): Uint8Array {
  return t.slice(element.value, element.end - element.value);
}

export function leaf(t: TreeBuilder, key: string, element: BerElement | undefined): void {
  if (element !== undefined) t.add(key, element.value, element.end - element.value);
}

export function number(t: TreeBuilder, key: string, element: BerElement | undefined): void {
  if (element === undefined || element.end <= element.value || element.end - element.value > 5) return;
  t.put(key, berNumber(t.bytes, element), element.value, element.end - element.value);
}

export function truth(t: TreeBuilder, key: string, element: BerElement | undefined): void {
  if (element === undefined || element.end <= element.value) return;
  t.put(key, t.u8(element.value) === 0 ? 0 : 1, element.value, 1);
}

/** A list by the number of its items. */
export function count(t: TreeBuilder, key: string, element: BerElement, items: number): TreeNode {
  const node = t.put(key, items, element.at, element.end - element.at);
  const { label } = t.protocol.fields.get(key)?.field ?? { label: key };
  node.text = `${label}: ${items} item${items === 1 ? '' : 's'}`;
  return node;
}
