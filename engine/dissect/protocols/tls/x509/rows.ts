/** Rows of certificates: choices, lists and plain values, as every part of them has them. */

import type { TreeNode } from '../../../node.ts';
import type { TreeBuilder } from '../../../tree.ts';
import type { Element } from './der.ts';

const NOTHING = new Uint8Array(0);

/** Opens a row for an element that is made of others; close() ends it. */
export function open(t: TreeBuilder, key: string, { at, end }: Element, text?: string): TreeNode {
  return t.nest(t.put(key, NOTHING, at, end - at, text));
}

/** Opens a row for a list: its value is how many there are. */
export function openList(t: TreeBuilder, key: string, label: string, { at, end }: Element, count: number): void {
  t.nest(t.put(key, count, at, end - at, `${label}: ${count} item${count === 1 ? '' : 's'}`));
}

/** The element's value as bytes; nothing where it is empty. */
export function addBytes(t: TreeBuilder, key: string, item: Element | undefined): void {
  if (item !== undefined && item.end > item.value) t.add(key, item.value, item.end - item.value);
}

/** A whole number of up to 4 bytes, or 8 where `wide`; others are left out. */
export function addNumber(t: TreeBuilder, key: string, item: Element | undefined, isWide = false): void {
  const length = item === undefined ? 0 : item.end - item.value;
  if (item === undefined || length === 0 || length > (isWide ? 9 : 4)) return;
  let value = 0n;
  for (let i = item.value; i < item.end; i++) value = (value << 8n) | BigInt(t.u8(i));
  if (isWide) t.put(key, BigInt.asUintN(64, value), item.value, length);
  else t.put(key, Number(BigInt.asIntN(8 * length, value)), item.value, length);
}

/** A bit string whose bits have names, the first bit first; `group`: what the names of their fields begin with. */
export function addBits(t: TreeBuilder, key: string, names: readonly string[], item: Element, group = key): void {
  const [at, end] = [item.value + 1, item.end];
  if (at >= end) return;
  t.nest(t.put(key, t.slice(at, end - at), at, end - at));
  for (const [i, name] of names.entries()) {
    const byte = at + (i >>> 3);
    const isSet = byte < end && (t.u8(byte) & (0x80 >>> (i & 7))) !== 0;
    t.put(`${group}.${name}`, isSet ? 1 : 0, Math.min(byte, end - 1), 1);
  }
  t.close();
}
