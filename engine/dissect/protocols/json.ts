/** JSON (RFC 8259): values as a tree, read by position, so that every row knows its bytes. */

import { decodeUtf8 } from '../../base/text.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const CODE = {
  quote: 34,
  comma: 44,
  colon: 58,
  openArray: 91,
  backslash: 92,
  closeArray: 93,
  openObject: 123,
  closeObject: 125,
} as const;
/** Deeper values are shown as one row. */
const MAX_NESTING = 24;
const MAX_VALUES = 20_000;
/** Longer paths are not written out: each value would carry one. */
const MAX_PATH = 1000;
/** What stands for the name of an element of an array, in paths too. */
const ELEMENT = '[]';

interface Reader {
  readonly t: TreeBuilder;
  at: number;
  values: number;
}

export const json = defineProtocol({
  name: 'json',
  title: 'JavaScript Object Notation',
  short: 'JSON',
  on: {
    'media.type': [
      'application/json',
      '*+json',
      'application/json-rpc',
      'application/jsonrequest',
      'application/x-json',
      'text/json',
      'application/vnd.api+json',
    ],
  },
  fields: {
    object: { type: 'none', label: 'Object', many: true },
    array: { type: 'none', label: 'Array', many: true },
    member: { type: 'string', label: 'Member', many: true },
    key: { type: 'string', label: 'Key', many: true },
    path: { type: 'string', label: 'Path', many: true },
    path_with_value: { type: 'string', label: 'Path with value', many: true },
    member_with_value: { type: 'string', label: 'Member with value', many: true },
    'value.string': { type: 'string', label: 'String value', many: true },
    'value.number': { type: 'string', label: 'Number value', many: true },
    'value.false': { type: 'none', label: 'False value', many: true },
    'value.null': { type: 'none', label: 'Null value', many: true },
    'value.true': { type: 'none', label: 'True value', many: true },
  },
  tree(t) {
    const type = (t.hint.split(';')[0] ?? '').trim();
    t.addLabel(type === '' ? '' : `: ${type}`);
    t.addInfo(`${t.infoSoFar === '' ? '' : ', '}JavaScript Object Notation${type === '' ? '' : ` (${type})`}`);
    const reader: Reader = { t, at: t.at, values: 0 };
    blanks(reader);
    const isWhole = value(reader, '', '', 0);
    if (reader.values > MAX_VALUES)
      t.expert('note', `Shown as far as ${MAX_VALUES} values`, reader.at, t.end - reader.at);
    else if (!isWhole) t.expert('warning', 'Not JSON from here on', reader.at, t.end - reader.at);
  },
});

function blanks(r: Reader): void {
  const { bytes, end } = r.t;
  while (r.at < end && bytes[r.at] <= 32) r.at++;
}

/** Adds the value at the position; false where there is none. `member`: the name it stands under. */
function value(r: Reader, path: string, member: string, depth: number): boolean {
  const { t } = r;
  if (r.at >= t.end || ++r.values > MAX_VALUES || depth > MAX_NESTING) return false;
  const start = r.at;
  switch (t.u8(start)) {
    case CODE.openObject:
      return container(r, 'object', CODE.closeObject, path, depth);
    case CODE.openArray:
      return container(r, 'array', CODE.closeArray, path, depth);
    case CODE.quote: {
      const text = string(r);
      if (text === null) return false;
      t.put('value.string', text, start, r.at - start);
      withValue(r, path, member, text, start);
      return true;
    }
    default:
      return word(r, path, member);
  }
}

function word(r: Reader, path: string, member: string): boolean {
  const { t } = r;
  const start = r.at;
  while (r.at < t.end && /[-+.\w]/.test(String.fromCharCode(t.u8(r.at))) && r.at - start < 64) r.at++;
  const text = decodeUtf8(t.bytes, start, r.at);
  if (text === 'true' || text === 'false' || text === 'null') {
    t.put(`value.${text}`, new Uint8Array(0), start, text.length);
  } else {
    if (!/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text)) {
      r.at = start;
      return false;
    }
    t.put('value.number', text, start, text.length);
  }
  withValue(r, path, member, text, start);
  return true;
}

function withValue(r: Reader, path: string, member: string, text: string, start: number): void {
  if (member === '' || path.length > MAX_PATH) return;
  r.t.hide('path_with_value', `${path}:${text}`, start, r.at - start);
  r.t.hide('member_with_value', `${member}:${text}`, start, r.at - start);
}

function container(r: Reader, kind: 'object' | 'array', close: number, path: string, depth: number): boolean {
  const { t } = r;
  const start = r.at++;
  const node = t.nest(t.put(kind, new Uint8Array(0), start, 1, kind === 'object' ? 'Object' : 'Array'));
  let isWhole = false;
  for (;;) {
    blanks(r);
    if (r.at >= t.end) break;
    if (t.u8(r.at) === close) {
      r.at++;
      isWhole = true;
      break;
    }
    if (!(kind === 'object' ? member(r, path, depth) : value(r, `${path}/${ELEMENT}`, ELEMENT, depth + 1))) break;
    blanks(r);
    if (r.at < t.end && t.u8(r.at) === CODE.comma) r.at++;
  }
  node.length = r.at - start;
  t.close();
  return isWhole;
}

function member(r: Reader, path: string, depth: number): boolean {
  const { t } = r;
  const start = r.at;
  if (t.u8(start) !== CODE.quote) return false;
  const name = string(r);
  if (name === null) return false;
  const node = t.nest(t.put('member', name, start, r.at - start, `Member: ${name}`));
  const here = path.length > MAX_PATH ? path : `${path}/${name}`;
  const nameEnd = r.at;
  blanks(r);
  let isWhole = false;
  if (r.at < t.end && t.u8(r.at) === CODE.colon) {
    r.at++;
    blanks(r);
    isWhole = value(r, here, name, depth + 1);
  }
  t.put('key', name, start, nameEnd - start);
  if (here.length <= MAX_PATH) t.generated('path', here, start, r.at - start);
  node.length = r.at - start;
  t.close();
  return isWhole;
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** The string at the position with its escapes undone; null where it does not end. */
function string(r: Reader): string | null {
  const { bytes, end } = r.t;
  const start = r.at + 1;
  let at = start;
  while (at < end && bytes[at] !== CODE.quote) at += bytes[at] === CODE.backslash ? 2 : 1;
  if (at >= end) return null;
  r.at = at + 1;
  return decodeUtf8(bytes, start, at).replace(/\\(u[0-9a-fA-F]{4}|.)/gs, (_, escape: string) =>
    escape.length === 5 ? String.fromCharCode(Number.parseInt(escape.slice(1), 16)) : (ESCAPES[escape] ?? escape),
  );
}
