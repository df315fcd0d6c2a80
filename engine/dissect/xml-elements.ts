/**
 * XML documents and pieces of them (W3C XML 1.0, Namespaces in XML 1.0) as elements that know their bytes, for protocols whose
 * messages are XML. Does not judge whether the text is well formed: what is not closed ends where the bytes end.
 */

import { decodeUtf8 } from '../base/text.ts';

export interface XmlPart {
  /** Entities are undone, blanks around it cut. */
  readonly value: string;
  readonly at: number;
  readonly end: number;
}

export interface XmlAttribute extends XmlPart {
  /** With its prefix. */
  readonly name: string;
}

export interface XmlElement {
  readonly prefix: string;
  /** Without its prefix; a processing instruction's has a question mark in front. */
  readonly name: string;
  readonly at: number;
  end: number;
  readonly attributes: readonly XmlAttribute[];
  readonly texts: XmlPart[];
  readonly children: XmlElement[];
}

const LESS = 60;
const GREATER = 62;
const SINGLE = 39;
const DOUBLE = 34;
const SLASH = 47;
const QUESTION = 63;
const BANG = 33;
const MINUS = 45;
const BRACKET = 91;
const CLOSING_BRACKET = 93;
/** More elements are not read, and deeper ones are read as children of the deepest. */
const MAX_ELEMENTS = 10_000;
const MAX_DEPTH = 32;
const MAX_ATTRIBUTES = 64;

/** What the tag at `at` (a `<`) is, and one past its end; 0: its end is not there. One object, reused. */
export interface Tag {
  kind: 'open' | 'empty' | 'close' | 'instruction' | 'comment' | 'cdata' | 'declaration';
  end: number;
}

const TAG: Tag = { kind: 'open', end: 0 };

/** Where the tag at `at` ends. The result is the next call's. */
export function readTag(bytes: Uint8Array, at: number, end: number): Tag {
  const next = bytes[at + 1];
  if (next === QUESTION) return found('instruction', pastTwo(bytes, at + 2, end, QUESTION, 0));
  if (next === SLASH) return found('close', past(bytes, at + 2, end));
  if (next === BANG) {
    if (bytes[at + 2] === MINUS) return found('comment', pastTwo(bytes, at + 4, end, MINUS, MINUS));
    if (bytes[at + 2] === BRACKET) return found('cdata', pastTwo(bytes, at + 3, end, CLOSING_BRACKET, CLOSING_BRACKET));
    return found('declaration', past(bytes, at + 2, end));
  }
  const stop = past(bytes, at + 1, end);
  return found(stop > 0 && bytes[stop - 2] === SLASH ? 'empty' : 'open', stop);
}

function found(kind: Tag['kind'], end: number): Tag {
  TAG.kind = kind;
  TAG.end = end;
  return TAG;
}

/** One past the `>` that is not inside quotes; 0: there is none. */
function past(bytes: Uint8Array, from: number, end: number): number {
  let quote = 0;
  for (let at = from; at < end; at++) {
    const byte = bytes[at];
    if (quote !== 0) {
      if (byte === quote) quote = 0;
    } else if (byte === GREATER) return at + 1;
    else if (byte === SINGLE || byte === DOUBLE) quote = byte;
  }
  return 0;
}

/** One past the `>` that follows `last`, and `before` in front of that unless it is 0; 0: there is none. */
function pastTwo(bytes: Uint8Array, from: number, end: number, last: number, before: number): number {
  for (let at = from; at < end; at++)
    if (bytes[at] === GREATER && bytes[at - 1] === last && (before === 0 || bytes[at - 2] === before)) return at + 1;
  return 0;
}

/** The elements of [at, end), outermost ones in order. */
export function readElements(bytes: Uint8Array, at: number, end: number): XmlElement[] {
  const roots: XmlElement[] = [];
  const open: XmlElement[] = [];
  let count = 0;
  for (let next = at; next < end && count < MAX_ELEMENTS; ) {
    const inside = open.at(-1);
    if (bytes[next] !== LESS) {
      const stop = indexOf(bytes, LESS, next, end);
      if (inside !== undefined) addText(inside, bytes, next, stop, true);
      next = stop;
      continue;
    }
    const { kind, end: tagEnd } = readTag(bytes, next, end);
    const stop = tagEnd === 0 ? end : tagEnd;
    if (kind === 'close') {
      const name = nameAt(bytes, next + 2, stop);
      // One that closes an outer element closes those inside it; one that closes nothing is passed over.
      const place = open.findLastIndex((one) => tagName(one) === name);
      if (place >= 0) for (const one of open.splice(place)) one.end = stop;
    } else if (kind === 'cdata') {
      if (inside !== undefined) addText(inside, bytes, Math.min(stop, next + 9), Math.max(next, stop - 3), false);
    } else if (kind === 'open' || kind === 'empty' || kind === 'instruction') {
      count++;
      const element = elementAt(bytes, next, stop, kind === 'instruction');
      (inside?.children ?? roots).push(element);
      if (kind === 'open' && open.length < MAX_DEPTH) {
        element.end = end;
        open.push(element);
      }
    }
    next = stop;
  }
  return roots;
}

function elementAt(bytes: Uint8Array, at: number, end: number, isInstruction: boolean): XmlElement {
  const nameStart = at + (isInstruction ? 2 : 1);
  const whole = nameAt(bytes, nameStart, end);
  const colon = whole.indexOf(':');
  const name = colon < 0 ? whole : whole.slice(colon + 1);
  return {
    prefix: colon < 0 ? '' : whole.slice(0, colon),
    name: isInstruction ? `?${name}` : name,
    at,
    end,
    attributes: attributesAt(bytes, nameStart + whole.length, end),
    texts: [],
    children: [],
  };
}

/** An element's name with its prefix. */
export function tagName({ prefix, name }: XmlElement): string {
  return prefix === '' ? name : `${prefix}:${name}`;
}

function isNameEnd(byte: number): boolean {
  return byte <= 32 || byte === GREATER || byte === SLASH || byte === QUESTION || byte === 61;
}

function nameAt(bytes: Uint8Array, at: number, end: number): string {
  let stop = at;
  while (stop < end && !isNameEnd(bytes[stop])) stop++;
  return decodeUtf8(bytes, at, stop);
}

function attributesAt(bytes: Uint8Array, from: number, end: number): XmlAttribute[] {
  const attributes: XmlAttribute[] = [];
  let at = from;
  while (at < end && attributes.length < MAX_ATTRIBUTES) {
    while (at < end && isNameEnd(bytes[at])) at++;
    const nameStart = at;
    while (at < end && !isNameEnd(bytes[at])) at++;
    const nameEnd = at;
    while (at < end && (bytes[at] <= 32 || bytes[at] === 61)) at++;
    const quote = bytes[at];
    if (nameEnd === nameStart || at >= end || (quote !== SINGLE && quote !== DOUBLE)) continue;
    const stop = indexOf(bytes, quote, at + 1, end);
    const name = decodeUtf8(bytes, nameStart, nameEnd);
    const value = unescaped(decodeUtf8(bytes, at + 1, stop));
    at = Math.min(end, stop + 1);
    attributes.push({ name, value, at: nameStart, end: at });
  }
  return attributes;
}

function addText(element: XmlElement, bytes: Uint8Array, at: number, end: number, hasEntities: boolean): void {
  const text = decodeUtf8(bytes, at, end);
  const value = (hasEntities ? unescaped(text) : text).trim();
  if (value !== '') element.texts.push({ value, at, end });
}

function indexOf(bytes: Uint8Array, byte: number, from: number, end: number): number {
  for (let at = from; at < end; at++) if (bytes[at] === byte) return at;
  return end;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', apos: "'", gt: '>', lt: '<', quot: '"' };

function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#\d{1,7}|#x[0-9a-fA-F]{1,6}|\w{2,4});/g, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole;
    const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** The first element of that name (without prefix) among these and those inside them, outer ones first. */
export function findElement(elements: readonly XmlElement[], name: string): XmlElement | undefined {
  for (let level: readonly XmlElement[] = elements; level.length > 0; level = level.flatMap((one) => one.children)) {
    const found = level.find((one) => one.name === name);
    if (found !== undefined) return found;
  }
  return undefined;
}
