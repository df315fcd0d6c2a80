/** Bencoded data (BEP 3) as a layer of its own, in messages of the extension protocol. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { tokenAt } from './bencoding.ts';

const MAX_DEPTH = 10;

export const bencode = defineProtocol({
  name: 'bencode',
  title: 'Bencode',
  fields: {
    'str.length': { type: 'u32', label: 'String Length', many: true },
    str: { type: 'string', label: 'String', many: true },
    int: { type: 'i32', label: 'Integer', many: true },
    dict: { type: 'none', label: 'Dictionary', many: true },
    'dict.entry': { type: 'none', label: 'Entry', many: true },
    list: { type: 'none', label: 'List', many: true },
    nest: { type: 'none', label: 'Decode Aborted: Nested Too Deep' },
    invalid: { type: 'none', label: 'Invalid Bencoding' },
  },
  tree(t) {
    let at = t.at;
    while (at >= 0 && at < t.end) at = value(t, at, 0);
  },
});

/** Returns one past the value; -1 where it is not one. */
function value(t: TreeBuilder, at: number, depth: number): number {
  const token = tokenAt(t, at);
  if (depth > MAX_DEPTH) {
    t.expert('error', 'Decode Aborted: Nested Too Deep', at, 1, 'nest');
    return -1;
  }
  switch (token.kind) {
    case 'string':
      text(t, at, token.at, token.next);
      return token.next;
    case 'integer':
      t.put('int', Number(BigInt.asIntN(32, token.value)), at, token.next - at);
      return token.next;
    case 'list':
    case 'dictionary':
      return collection(t, at, token.kind === 'dictionary', depth);
    default:
      t.expert('error', 'Invalid Bencoding', at, t.end - at, 'invalid');
      return -1;
  }
}

function text(t: TreeBuilder, at: number, from: number, end: number): void {
  t.put('str.length', end - from, at, from - at);
  if (end > from) t.add('str', from, end - from);
}

function collection(t: TreeBuilder, from: number, isDictionary: boolean, depth: number): number {
  t.add(isDictionary ? 'dict' : 'list', from, t.end - from);
  const row = t.nest(t.last());
  let at = from + 1;
  for (;;) {
    const token = tokenAt(t, at);
    if (token.kind === 'end') break;
    at = isDictionary ? entry(t, at, depth) : value(t, at, depth + 1);
    if (at < 0) {
      t.close();
      return -1;
    }
  }
  row.length = at + 1 - from;
  t.close();
  return at + 1;
}

function entry(t: TreeBuilder, at: number, depth: number): number {
  const key = tokenAt(t, at);
  if (key.kind !== 'string') {
    t.expert('error', 'Decode Aborted: Invalid Dictionary Key', at, t.end - at, 'invalid');
    return -1;
  }
  t.add('dict.entry', at, t.end - at);
  const row = t.nest(t.last());
  const name = t.string(key.at, key.next - key.at);
  const inner = tokenAt(t, key.next);
  const shown =
    inner.kind === 'integer'
      ? `  Value: ${inner.value}`
      : inner.kind === 'string'
        ? `  Value: ${t.string(inner.at, inner.next - inner.at)}`
        : '';
  row.text = `Entry Key: ${name}${shown}`;
  text(t, at, key.at, key.next);
  const next = value(t, key.next, depth + 1);
  if (next >= 0) row.length = next - at;
  t.close();
  return next;
}
