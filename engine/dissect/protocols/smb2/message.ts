/** What the parts of SMB 2 and 3 share: the message at hand, what the conversation remembers, and helpers for its rows. */

import type { FieldValue } from '../../../base/fields.ts';
import type { TreeBuilder } from '../../tree.ts';
import { uuidBytes, uuidText } from '../../uuid.ts';
import type { Visits } from '../../visits.ts';

export const AT = {
  length: 4,
  charge: 6,
  status: 8,
  command: 12,
  credits: 14,
  flags: 16,
  next: 20,
  message: 24,
  process: 32,
  tree: 36,
  session: 40,
  signature: 48,
  body: 64,
} as const;
export const STATUS = { pending: 0x103, more: 0xc0000016, overflow: 0x80000005 } as const;
/** Stands for the file that the message before it in the compound opened. */
export const SAME_FILE = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const EPOCH_1601 = 11_644_473_600_000_000_000n;

/** What a request said that its response does not repeat. */
export interface Request {
  readonly frame: number;
  readonly time: bigint | null;
  readonly command: number;
  readonly file: string;
  readonly fid: string;
  readonly text: string;
  readonly function: number;
  readonly level: number;
  readonly class: number;
}

export interface User {
  readonly account: string;
  readonly domain: string;
  readonly host: string;
}

export interface OpenFile {
  readonly name: string;
  /** Frame that opened it. */
  readonly opened: number;
}

interface Tree {
  readonly name: string;
  readonly type: number;
  readonly frame: number;
}

export interface Memory {
  readonly visits: Visits<Facts>;
  readonly requests: Map<bigint, Request>;
  readonly files: Map<string, OpenFile>;
  /** By session and tree id; the frame says from where on they are known. */
  readonly trees: Map<string, Tree>;
  /** By session: who asked in which frame, and the frame that said yes; 0: none has. */
  readonly users: Map<bigint, User & { readonly asked: number; granted: number }>;
}

/** What was known when a frame was seen first. */
export interface Facts {
  readonly requests: Map<bigint, Request | null>;
  readonly files: Map<string, OpenFile | null>;
}

export interface Message {
  readonly start: number;
  readonly end: number;
  readonly isResponse: boolean;
  readonly status: number;
  readonly session: bigint;
  readonly tree: number;
  readonly memory: Memory;
  readonly facts: Facts;
  readonly request: Request | null;
  file: string;
  fid: string;
  text: string;
  function: number;
  level: number;
  class: number;
}

export function treeKey(session: bigint, tree: number): string {
  return `${session}:${tree}`;
}

/** A little-endian number of the field's own width. Returns the offset after it. */
export function number(t: TreeBuilder, key: string, at: number): number {
  const type = t.protocol.fields.get(key)?.spec.type;
  if (type === 'u8' || type === 'i8') t.put(key, t.u8(at), at, 1);
  else if (type === 'u16') t.put(key, t.u16le(at), at, 2);
  else if (type === 'u64') t.put(key, t.u64le(at), at, 8);
  else {
    t.put(key, t.u32le(at), at, 4);
    return at + 4;
  }
  return at + (type === 'u16' ? 2 : type === 'u64' ? 8 : 1);
}

/** Several of them, one behind the other. */
export function numbers(t: TreeBuilder, at: number, ...keys: readonly string[]): number {
  let next = at;
  for (const key of keys) next = number(t, key, next);
  return next;
}

/** A word and the fields below it that its bits are: all that are declared with `prefix`. */
export function flags(t: TreeBuilder, key: string, value: number, at: number, length: number, prefix = key): void {
  t.nest(t.put(key, value, at, length));
  for (const [name, entry] of t.protocol.fields) {
    const { bits } = entry.spec;
    if (bits !== undefined && name.startsWith(`${prefix}.`))
      t.put(name, Math.floor(value / 2 ** bits[1]) % 2 ** (bits[0] - bits[1] + 1), at, length);
  }
  t.close();
}

/** 100 ns since 1601; 0 stands for no time. */
export function time(t: TreeBuilder, key: string, at: number): number {
  const ticks = t.u64le(at);
  const node = t.put(key, ticks === 0n ? 0n : ticks * 100n - EPOCH_1601, at, 8);
  if (ticks === 0n) node.text = `${t.protocol.fields.get(key)?.field.label ?? key}: No time specified (0)`;
  return at + 8;
}

export function guid(t: TreeBuilder, at: number): Uint8Array {
  t.need(at, 16);
  return uuidBytes(t.bytes, at, true);
}

export function put(t: TreeBuilder, key: string, value: FieldValue, at: number, length: number): number {
  t.put(key, value, at, length);
  return at + length;
}

export function reserved(t: TreeBuilder, at: number, length: number): number {
  return t.add('reserved', at, length);
}

/** A text or blob that an offset from the header and a length point at; -1 where it is not there. */
export function placeOf(t: TreeBuilder, m: Message, offset: number, length: number): number {
  const from = m.start + offset;
  return length > 0 && offset >= AT.body && t.has(from, length) ? from : -1;
}

export function textAt(t: TreeBuilder, m: Message, offset: number, length: number): string {
  const from = placeOf(t, m, offset, length);
  return from < 0 ? '' : t.string(from, length, 'utf16le');
}

/** Offset and length of a blob: the rows of both. `wide`: four bytes each, else two. `lengthFirst` as in no message but create's. */
export function place(
  t: TreeBuilder,
  at: number,
  isWide: boolean,
): { readonly offset: number; readonly length: number } {
  const width = isWide ? 4 : 2;
  const offset = isWide ? t.u32le(at) : t.u16le(at);
  const length = isWide ? t.u32le(at + 4) : t.u16le(at + 2);
  t.put('olb.offset', offset, at, width);
  t.put('olb.length', length, at + width, width);
  return { offset, length };
}

/** The file a message speaks of: its id, and the name it was opened by. `shows`: named in Info. */
export function file(t: TreeBuilder, m: Message, at: number, shows: boolean, closes = false): void {
  const bytes = guid(t, at);
  const text = uuidText(t.bytes, at, true);
  if (text !== SAME_FILE) m.fid = text;
  // What was not known when the message was first seen stays unknown, whatever the conversation has learnt since.
  let known = m.facts.files.get(m.fid);
  if (known === undefined) {
    known = m.memory.files.get(m.fid) ?? null;
    m.facts.files.set(m.fid, known);
  }
  if (known !== null) {
    m.file = known.name;
    if (shows && text !== SAME_FILE) t.addInfo(` File: ${known.name}`);
  }
  t.nest(t.text(`GUID handle${known === null ? '' : ` File: ${known.name}`}`, at, 16));
  t.put('fid', bytes, at, 16);
  if (known !== null && text !== SAME_FILE) t.generated('nt_open_frame', known.opened);
  if (closes) t.generated('nt_close_frame', t.packet.number);
  t.close();
}

/** What a pipe or a file carries. `fid`: of the pipe, so that its calls stay together. */
export function contents(t: TreeBuilder, m: Message, at: number, length: number, fid: string, key: string): void {
  const end = Math.min(m.end, at + length);
  if (at < m.start + AT.body || end <= at) return;
  if (isPipe(t, at, length)) {
    t.hint = `pipe:${fid}`;
    t.dissect('dcerpc', at, end, end);
  } else {
    if (key !== '') t.add(key, at, end - at);
    t.payload(at, end, end);
  }
}

function isPipe(t: TreeBuilder, at: number, length: number): boolean {
  return (
    length >= 16 &&
    t.has(at, 16) &&
    t.u8(at) === 5 &&
    t.u8(at + 1) === 0 &&
    t.u8(at + 2) < 20 &&
    (t.u8(at + 4) & 0xee) === 0
  );
}

/** SPNEGO or NTLM in a message. */
export function securityBlob(t: TreeBuilder, m: Message, offset: number, length: number): void {
  const from = placeOf(t, m, offset, length);
  if (from < 0) {
    t.put('security_blob', new Uint8Array(0), m.start, 0);
    return;
  }
  t.add('security_blob', from, length);
  t.nest(t.last());
  const start = t.string(from, Math.min(7, length), 'latin1');
  t.dissect(start === 'NTLMSSP' ? 'ntlmssp' : 'gss-api', from, from + length, from + length);
  t.close();
  t.column('SMB2');
}
