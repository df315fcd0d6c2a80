/** XML (W3C XML 1.0): tags with their attributes and text as a tree. Does not judge whether the document is well formed. */

import { decodeUtf8 } from '../../base/text.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

/** Tags nested deeper are shown on the same level. */
const MAX_NESTING = 48;
const MAX_TAGS = 20_000;
const MAX_ATTRIBUTES = 50;
const EQUALS = 61;
const SPACE = 32;
const LESS = 60;
const GREATER = 62;
const SINGLE = 39;
const DOUBLE = 34;

export const xml = defineProtocol({
  name: 'xml',
  title: 'eXtensible Markup Language',
  short: 'XML',
  on: {
    'media.type': [
      'application/xml',
      'text/xml',
      '*+xml',
      'application/soap+xml',
      'text/xml-external-parsed-entity',
      'application/xml-dtd',
      'image/svg+xml',
      'application/rss+xml',
    ],
  },
  fields: {
    xmlpi: { type: 'string', label: 'XMLPI', many: true },
    cdatasection: { type: 'string', label: 'CDATASection', many: true },
    comment: { type: 'string', label: 'Comment', many: true },
    attribute: { type: 'string', label: 'Attribute', many: true },
    doctype: { type: 'string', label: 'Doctype', many: true },
    cdata: { type: 'string', label: 'CDATA', many: true },
    tag: { type: 'string', label: 'Tag', many: true },
  },
  tree(t) {
    let at = t.at;
    let depth = 0;
    for (let count = 0; at < t.end; count++) {
      if (count === MAX_TAGS) {
        t.text(`Shown as far as ${MAX_TAGS} tags and texts`, at, t.end - at).generated = true;
        break;
      }
      if (t.u8(at) !== LESS) {
        const end = find(t, at, LESS);
        const text = decodeUtf8(t.bytes, at, end);
        if (text.trim() !== '') t.put('cdata', text, at, end - at, text.trim());
        at = end;
        continue;
      }
      const start = decodeUtf8(t.bytes, at, Math.min(t.end, at + 9));
      if (start.startsWith('<!--')) at = section(t, 'comment', at, '-->');
      else if (start === '<![CDATA[') at = section(t, 'cdatasection', at, ']]>');
      else if (start.startsWith('<?')) at = section(t, 'xmlpi', at, '?>');
      else if (start.startsWith('<!')) at = section(t, 'doctype', at, '>');
      else if (start.startsWith('</')) {
        const end = Math.min(t.end, find(t, at, GREATER) + 1);
        t.text(decodeUtf8(t.bytes, at, end), at, end - at);
        if (depth > 0) {
          t.close(end);
          depth--;
        }
        at = end;
      } else {
        const end = tagEnd(t, at);
        const isNested = addTag(t, at, end);
        if (isNested && depth < MAX_NESTING) {
          t.nest(t.last());
          depth++;
        }
        attributes(t, at, end, isNested);
        at = end;
      }
    }
    while (depth-- > 0) t.close();
  },
});

function find(t: TreeBuilder, from: number, byte: number): number {
  const at = t.bytes.indexOf(byte, from);
  return at < 0 || at > t.end ? t.end : at;
}

/** One row up to the text that ends it. */
function section(t: TreeBuilder, key: string, at: number, closing: string): number {
  let end = at + 2;
  for (; end < t.end; end++) {
    let i = 0;
    while (i < closing.length && t.bytes[end + i] === closing.charCodeAt(i)) i++;
    if (i === closing.length) break;
  }
  end = Math.min(t.end, end + closing.length);
  t.add(key, at, end - at);
  t.last().text = decodeUtf8(t.bytes, at, end);
  return end;
}

/** One past the `>` that is not inside an attribute's value. */
function tagEnd(t: TreeBuilder, from: number): number {
  let quote = 0;
  for (let at = from; at < t.end; at++) {
    const byte = t.bytes[at];
    if (quote !== 0) {
      if (byte === quote) quote = 0;
    } else if (byte === GREATER) {
      return at + 1;
    } else if (byte === SINGLE || byte === DOUBLE) {
      quote = byte;
    }
  }
  return t.end;
}

/** Adds the row of an opening tag; says whether others go inside. */
function addTag(t: TreeBuilder, at: number, end: number): boolean {
  const text = decodeUtf8(t.bytes, at, end);
  t.put('tag', text, at, end - at, text);
  return !text.endsWith('/>');
}

function attributes(t: TreeBuilder, at: number, end: number, isNested: boolean): void {
  const node = isNested ? null : t.nest(t.last());
  let next = at + 1;
  for (let count = 0; next < end && count < MAX_ATTRIBUTES; count++) {
    // The name's end is the equals sign; its start the last blank before it.
    const equals = findIn(t, next, end, EQUALS);
    if (equals >= end) break;
    let value = equals + 1;
    while (value < end && t.u8(value) <= SPACE) value++;
    const quote = value < end ? t.u8(value) : 0;
    if (quote !== SINGLE && quote !== DOUBLE) {
      next = value;
      continue;
    }
    let nameEnd = equals;
    while (nameEnd > next && t.u8(nameEnd - 1) <= SPACE) nameEnd--;
    let nameAt = nameEnd;
    while (nameAt > next && t.u8(nameAt - 1) > SPACE) nameAt--;
    const stop = Math.min(end, findIn(t, value + 1, end, quote) + 1);
    const text = decodeUtf8(t.bytes, nameAt, stop);
    t.put('attribute', text, nameAt, stop - nameAt, text);
    next = stop;
  }
  if (node !== null) t.close();
}

function findIn(t: TreeBuilder, from: number, end: number, byte: number): number {
  for (let at = from; at < end; at++) if (t.bytes[at] === byte) return at;
  return end;
}
