/** What the parts of SMB 1 share: the message at hand, what its conversation remembers, and readers of its rows. */

import type { TreeBuilder } from '../../tree.ts';
import type { Visits } from '../../visits.ts';
import { WORD } from './fields/words.ts';

export const HEADER = 32;
const EPOCH_1601 = 11_644_473_600_000_000_000n;
const NEVER = 0x7fff_ffff_ffff_ffffn;

/** What was asked of a file when it was opened by NT Create. */
export interface Opening {
  readonly flags: number;
  readonly access: number;
  readonly attributes: number;
  readonly share: number;
  readonly options: number;
  readonly disposition: number;
}

export interface OpenFile {
  readonly name: string;
  /** Frame that opened it. */
  readonly opened: number;
  readonly asked: Opening | null;
}

export interface Tree {
  readonly path: string;
  /** Frame that connected it. */
  readonly mapped: number;
}

interface User {
  readonly account: string;
  readonly domain: string;
  readonly frame: number;
}

/** What a request said that its response does not repeat. */
export interface Request {
  readonly frame: number;
  readonly time: bigint | null;
  readonly command: number;
  readonly path: string;
  readonly fid: number;
  readonly name: string;
  readonly function: number;
  readonly level: number;
  readonly opening: Opening | null;
  readonly account: string;
  readonly domain: string;
  readonly count: number;
  readonly offset: bigint;
}

export interface Memory {
  readonly requests: Map<string, Request>;
  /** By tree and file id: the same number means another file on another share. */
  readonly files: Map<number, OpenFile>;
  readonly trees: Map<number, Tree>;
  readonly users: Map<number, User>;
  readonly visits: Visits<Facts>;
}

/** What was known when a message was seen first. */
export interface Facts {
  readonly request: Request | null;
  readonly tree: Tree | null;
  readonly user: User | null;
  /** The files it speaks of. */
  readonly files: Map<number, OpenFile | null>;
}

/** The message that is being dissected, and what it says that its answer does not repeat. */
export interface Message {
  readonly start: number;
  readonly isResponse: boolean;
  readonly isUnicode: boolean;
  readonly status: number;
  readonly tid: number;
  readonly uid: number;
  readonly memory: Memory | null;
  readonly facts: Facts | null;
  readonly request: Request | null;
  path: string;
  fid: number;
  name: string;
  function: number;
  level: number;
  opening: Opening | null;
  account: string;
  domain: string;
  count: number;
  offset: bigint;
}

/** One command of a chain: its parameter words and its data bytes. */
export interface Body {
  readonly words: number;
  /** First parameter word; one past the last. */
  readonly at: number;
  readonly end: number;
  readonly bytesAt: number;
  readonly bytesEnd: number;
}

export function hex4(value: number): string {
  return `0x${value.toString(16).padStart(4, '0')}`;
}

/** A little-endian number of the field's own width. Returns the offset after it. */
export function number(t: TreeBuilder, key: string, at: number): number {
  switch (t.protocol.fields.get(key)?.spec.type) {
    case 'u8':
    case 'bool':
      t.put(key, t.u8(at), at, 1);
      return at + 1;
    case 'u16':
      t.put(key, t.u16le(at), at, 2);
      return at + 2;
    case 'i16':
      t.put(key, (t.u16le(at) << 16) >> 16, at, 2);
      return at + 2;
    case 'u64':
      t.put(key, t.u64le(at), at, 8);
      return at + 8;
    default:
      t.put(key, t.u32le(at), at, 4);
      return at + 4;
  }
}

/** Several of them, one behind the other. */
export function numbers(t: TreeBuilder, at: number, ...keys: readonly string[]): number {
  let next = at;
  for (const key of keys) next = number(t, key, next);
  return next;
}

/** A number in 16 bits of a field that has 32. */
export function short(t: TreeBuilder, key: string, at: number): number {
  t.put(key, t.u16le(at), at, 2);
  return at + 2;
}

export function reserved(t: TreeBuilder, at: number, length: number): number {
  return t.add('reserved', at, length);
}

/** A word of flags and the fields of its bits. `length`: where it is not the word's own. Returns the offset after it. */
export function flags(t: TreeBuilder, key: string, at: number, length?: number): number {
  const width = length ?? WORD.get(key)?.length ?? 4;
  flagValue(t, key, width === 1 ? t.u8(at) : width === 2 ? t.u16le(at) : t.u32le(at), at, width);
  return at + width;
}

/** The same with a value that is known already. */
export function flagValue(
  t: TreeBuilder,
  key: string,
  value: number,
  at: number,
  length: number,
  isKnown = false,
): void {
  const word = WORD.get(key);
  if (word === undefined) return;
  const node = t.put(word.field, value, at, length);
  node.generated = isKnown;
  t.nest(node);
  for (const { field, high, low } of word.bits)
    t.put(field, Math.floor(value / 2 ** low) % 2 ** (high - low + 1), at, length);
  t.close();
}

/** 100 ns since 1601; 0 and -1 stand for no time. */
export function fileTime(t: TreeBuilder, key: string, at: number): number {
  const ticks = t.u64le(at);
  const node = t.put(key, ticks === 0n || ticks >= NEVER ? 0n : ticks * 100n - EPOCH_1601, at, 8);
  if (ticks === 0n || ticks >= NEVER) node.text = `${label(t, key)}: none`;
  return at + 8;
}

/** Seconds since 1970, in the server's local time; 0 and -1 stand for no time. */
export function unixTime(t: TreeBuilder, key: string, at: number): number {
  const seconds = t.u32le(at);
  const node = t.put(key, BigInt(seconds === 0xffffffff ? 0 : seconds) * 1_000_000_000n, at, 4);
  if (seconds === 0 || seconds === 0xffffffff) node.text = `${label(t, key)}: none`;
  return at + 4;
}

/** A date and a time in 16 bits each ([MS-CIFS] 2.2.1.4), or the time first. */
export function dosTime(t: TreeBuilder, key: string, at: number, smbKey: string, isTimeFirst = false): number {
  const date = t.u16le(isTimeFirst ? at + 2 : at);
  const time = t.u16le(isTimeFirst ? at : at + 2);
  const isNone = date === 0 || date === 0xffff;
  const value = Date.UTC(
    1980 + (date >>> 9),
    ((date >>> 5) & 15) - 1,
    date & 31,
    time >>> 11,
    (time >>> 5) & 63,
    2 * (time & 31),
  );
  const node = t.put(key, isNone ? 0n : BigInt(value) * 1_000_000n, at, 4);
  if (isNone) node.text = `${label(t, key)}: none`;
  t.nest(node);
  t.put(`${smbKey}.smb.date`, date, isTimeFirst ? at + 2 : at, 2);
  t.put(`${smbKey}.smb.time`, time, isTimeFirst ? at : at + 2, 2);
  t.close();
  return at + 4;
}

function label(t: TreeBuilder, key: string): string {
  return t.protocol.fields.get(key)?.field.label ?? key;
}

/** Text of the message's kind up to its NUL; Unicode is aligned to two bytes from the header. */
export function readText(
  t: TreeBuilder,
  m: Message,
  at: number,
  end: number,
  isUnicode = m.isUnicode,
): { readonly text: string; readonly at: number; readonly end: number } {
  if (!isUnicode) {
    const nul = t.bytes.subarray(at, end).indexOf(0);
    const stop = nul < 0 ? end : at + nul;
    return { text: t.string(at, Math.max(0, stop - at), 'latin1'), at, end: nul < 0 ? end : stop + 1 };
  }
  const from = Math.min(end, at + ((at - m.start) & 1));
  let stop = from;
  while (stop + 1 < end && t.u16(stop) !== 0) stop += 2;
  return { text: t.string(from, Math.max(0, stop - from), 'utf16le'), at: from, end: Math.min(end, stop + 2) };
}

/** The same as a row. Returns what was read. */
export function text(
  t: TreeBuilder,
  m: Message,
  key: string,
  at: number,
  end: number,
  isUnicode = m.isUnicode,
): { readonly text: string; readonly end: number } {
  const read = readText(t, m, at, end, isUnicode);
  t.put(key, read.text, read.at, read.end - read.at);
  return read;
}

/** Text of a known length, without a NUL or with one that is not part of it. */
export function textOf(
  t: TreeBuilder,
  m: Message,
  key: string,
  at: number,
  length: number,
  isUnicode = m.isUnicode,
): string {
  const value = t.string(at, length, isUnicode ? 'utf16le' : 'latin1').replace(/\0+$/, '');
  t.put(key, value, at, length);
  return value;
}

export function padding(t: TreeBuilder, at: number, to: number): void {
  if (to > at && t.has(at, to - at)) t.add('padding', at, to - at);
}

/** The key under which a file of this message's share is remembered. */
export function fileKey(m: Message, fid: number): number {
  return m.tid * 0x10000 + fid;
}

function knownFile(m: Message, fid: number): OpenFile | null {
  // What was not known when the message was first seen stays unknown, whatever the conversation has learnt since.
  const { facts, memory } = m;
  if (facts === null || memory === null) return null;
  let known = facts.files.get(fid);
  if (known === undefined) {
    known = memory.files.get(fileKey(m, fid)) ?? null;
    facts.files.set(fid, known);
  }
  return known;
}

/** Remembers the file that this response opens. */
export function openFile(t: TreeBuilder, m: Message, fid: number): void {
  const { facts, memory, request } = m;
  if (facts === null || memory === null || request === null || facts.files.has(fid)) return;
  const opened = { name: request.name, opened: t.packet.number, asked: request.opening };
  memory.files.set(fileKey(m, fid), opened);
  facts.files.set(fid, opened);
}

/** The file a message speaks of, and how it was opened. `isKnown`: the request said so, this message does not. */
export function file(
  t: TreeBuilder,
  m: Message,
  fid: number,
  at: number,
  { closes = false, isKnown = false, shows = true } = {},
): void {
  const known = knownFile(m, fid);
  const name = known === null || known.name === '' ? '' : ` (${known.name})`;
  const node = t.put('fid', fid, at, isKnown ? 0 : 2, `FID: ${hex4(fid)}${name}`);
  node.generated = isKnown;
  if (known !== null) {
    t.nest(node);
    t.generated('fid.opened_in', known.opened);
    if (closes) t.generated('fid.closed_in', t.packet.number);
    if (known.name !== '') t.generated('file', known.name);
    if (known.asked !== null) opening(t, known.asked, at);
    t.close();
  }
  if (shows) t.addInfo(`, FID: ${hex4(fid)}`);
  m.fid = fid;
}

function opening(t: TreeBuilder, asked: Opening, at: number): void {
  flagValue(t, 'create_flags', asked.flags, at, 0, true);
  flagValue(t, 'access_mask', asked.access, at, 0, true);
  flagValue(t, 'ext_file_attribute', asked.attributes, at, 0, true);
  flagValue(t, 'share_access', asked.share, at, 0, true);
  flagValue(t, 'create_options', asked.options, at, 0, true);
  t.generated('create.disposition', asked.disposition);
}

/** SPNEGO, or NTLM without it. */
export function securityBlob(t: TreeBuilder, at: number, end: number): void {
  t.add('security_blob', at, end - at);
  t.nest(t.last());
  t.dissect(t.has(at, 7) && t.string(at, 7, 'latin1') === 'NTLMSSP' ? 'ntlmssp' : 'gss-api', at, end, end);
  t.close();
  t.column('SMB');
}
