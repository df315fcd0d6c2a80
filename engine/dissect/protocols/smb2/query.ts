/** Listing folders, and asking for or setting information ([MS-SMB2] 2.2.33, 2.2.34, 2.2.37 to 2.2.40). */

import type { TreeBuilder } from '../../tree.ts';
import { uuidText } from '../../uuid.ts';
import { information } from './information.ts';
import {
  file,
  flags,
  type Message,
  number,
  numbers,
  place,
  placeOf,
  put,
  reserved,
  SAME_FILE,
  textAt,
  time,
} from './message.ts';
import { FILE_LEVELS, FIND_LEVELS, FS_LEVELS } from './names.ts';

const CLASSES: Readonly<Record<number, string>> = { 1: 'FILE_INFO', 2: 'FS_INFO', 3: 'SEC_INFO', 4: 'QUOTA_INFO' };
const CLASS = { file: 1, fs: 2, security: 3 } as const;
const FIND = { directory: 1, full: 2, both: 3, names: 12, idBoth: 37, idFull: 38 } as const;
const FIND_FIELDS: Readonly<Record<number, string>> = {
  1: 'find.file_directory_info',
  2: 'find.full_directory_info',
  3: 'find.both_directory_info',
  37: 'find.id_both_directory_info',
};
const MAX_ENTRIES = 4096;

export function find(t: TreeBuilder, m: Message, at: number): void {
  if (m.isResponse) {
    if (m.request !== null) {
      const { level, text } = m.request;
      t.addInfo(` ${FIND_LEVELS[level] ?? `Unknown (${level})`} Pattern: ${text}`);
    }
    const { offset, length } = findPlace(t, at);
    const from = placeOf(t, m, offset, length);
    if (from >= 0) entries(t, m.request?.level ?? -1, from, length);
    return;
  }
  const level = t.u8(at + 2);
  t.put('find.infolevel', level, at + 2, 1);
  const bits = t.u8(at + 3);
  t.nest(t.put('find.flags', bits, at + 3, 1));
  t.put('find.restart_scans', bits & 1, at + 3, 1);
  t.put('find.single_entry', (bits >> 1) & 1, at + 3, 1);
  t.put('find.index_specified', (bits >> 2) & 1, at + 3, 1);
  t.put('find.reopen', (bits >> 4) & 1, at + 3, 1);
  t.close();
  number(t, 'file_index', at + 4);
  file(t, m, at + 8, false);
  if (m.file !== '' && uuidText(t.bytes, at + 8, true) !== SAME_FILE) t.addInfo(` File: ${m.file}`);
  const { offset, length } = place(t, at + 24, false);
  m.level = level;
  m.text = textAt(t, m, offset, length);
  t.put('find.pattern', m.text, m.start + offset, length);
  number(t, 'output_buffer_len', at + 28);
  t.addInfo(` ${FIND_LEVELS[level] ?? `Unknown (${level})`} Pattern: ${m.text}`);
}

/** Two bytes of offset, four of length. */
function findPlace(t: TreeBuilder, at: number): { readonly offset: number; readonly length: number } {
  const offset = t.u16le(at + 2);
  const length = t.u32le(at + 4);
  t.put('olb.offset', offset, at + 2, 2);
  t.put('olb.length', length, at + 4, 4);
  return { offset, length };
}

/** [MS-FSCC] 2.4.8, 2.4.10, 2.4.14, 2.4.17, 2.4.18, 2.4.28. */
function entries(t: TreeBuilder, level: number, from: number, length: number): void {
  t.add('find.info_blob', from, length);
  t.nest(t.last());
  const end = from + length;
  for (let at = from, i = 0; i < MAX_ENTRIES && at + 12 <= end; i++) {
    const next = t.u32le(at);
    const stop = next === 0 ? end : Math.min(end, at + next);
    const key = FIND_FIELDS[level];
    const node = key === undefined ? t.text('Entry', at, stop - at) : t.put(key, new Uint8Array(0), at, stop - at);
    t.nest(node);
    const name = entry(t, level, at, stop);
    t.close();
    if (name !== '') node.text = `${key === undefined ? 'Entry' : t.protocol.fields.get(key)?.field.label}: ${name}`;
    if (next < 12) break;
    at += next;
  }
  t.close();
}

function entry(t: TreeBuilder, level: number, from: number, end: number): string {
  let at = numbers(t, from, 'next_offset', 'file_index');
  if (level === FIND.names) return fileName(t, at + 4, t.u32le(at), end, at);
  if (from + 64 > end) return '';
  for (const key of ['create.time', 'last_access.time', 'last_write.time', 'last_change.time']) at = time(t, key, at);
  at = numbers(t, at, 'eof', 'allocation_size');
  flags(t, 'file_attribute', t.u32le(at), at, 4);
  at += 4;
  const lengthAt = at;
  const length = t.u32le(at);
  at = number(t, 'filename.len', at);
  if (level === FIND.directory) return fileName(t, at, length, end, lengthAt);
  at = number(t, 'ea_size', at);
  if (level === FIND.both || level === FIND.idBoth) {
    const short = t.u8(at);
    t.put('short_name_len', short, at, 1);
    reserved(t, at + 1, 1);
    t.put('shortname', t.string(at + 2, Math.min(short, 24), 'utf16le'), at + 2, Math.min(short, 24));
    at += 26;
    if (level === FIND.idBoth) at = number(t, 'file_id', reserved(t, at, 2));
  } else if (level === FIND.idFull) at = number(t, 'file_id', reserved(t, at, 4));
  return fileName(t, at, length, end, lengthAt);
}

function fileName(t: TreeBuilder, at: number, length: number, end: number, lengthAt: number): string {
  if (length === 0 || at + length > end || lengthAt >= end) return '';
  const name = t.string(at, length, 'utf16le');
  put(t, 'filename', name, at, length);
  return name;
}

/** Class and level, in the tree and in Info. */
function subject(t: TreeBuilder, m: Message, at: number): void {
  const kind = t.u8(at + 2);
  const level = t.u8(at + 3);
  t.put('class', kind, at + 2, 1);
  const key =
    kind === CLASS.file
      ? 'file_info.infolevel'
      : kind === CLASS.fs
        ? 'fs_info.infolevel'
        : kind === CLASS.security
          ? 'sec_info.infolevel'
          : '';
  if (key !== '') t.put(key, level, at + 3, 1);
  const levels = kind === CLASS.file ? FILE_LEVELS : kind === CLASS.fs ? FS_LEVELS : {};
  const security = `SMB2_SEC_INFO_${level.toString(16).padStart(2, '0')}`;
  const name = levels[level] ?? (kind === CLASS.security ? security : `Unknown (${level})`);
  t.addInfo(` ${CLASSES[kind] ?? `Unknown (${kind})`}/${name}`);
  m.class = kind;
  m.level = level;
}

export function getInfo(t: TreeBuilder, m: Message, at: number): void {
  if (m.isResponse) {
    const { offset, length } = findPlace(t, at);
    const from = placeOf(t, m, offset, length);
    if (from >= 0) information(t, m.request?.class ?? 0, m.request?.level ?? 0, from, length);
    return;
  }
  subject(t, m, at);
  numbers(t, at + 4, 'max_response_size', 'getinfo_input_offset');
  reserved(t, at + 10, 2);
  number(t, 'getinfo_input_size', at + 12);
  additional(t, m.class, at + 16);
  number(t, 'getinfo_flags', at + 20);
  file(t, m, at + 24, true);
}

export function setInfo(t: TreeBuilder, m: Message, at: number): void {
  if (m.isResponse) return;
  subject(t, m, at);
  const length = t.u32le(at + 4);
  const offset = t.u16le(at + 8);
  numbers(t, at + 4, 'setinfo_size', 'setinfo_offset', 'setinfo_reserved');
  additional(t, m.class, at + 12);
  file(t, m, at + 16, true);
  const from = placeOf(t, m, offset, length);
  if (from >= 0) information(t, m.class, m.level, from, length);
}

/** Which parts of a security descriptor are meant. */
function additional(t: TreeBuilder, kind: number, at: number): void {
  const value = t.u32le(at);
  if (kind === CLASS.security) flags(t, 'getsetinfo_additionals', value, at, 4, 'getsetinfo_additional_secinfo');
  else t.put('getsetinfo_additional', value, at, 4);
}
