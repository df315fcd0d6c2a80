/** Opening, reading, writing and locking files by AndX commands ([MS-CIFS] 2.2.4.32, 41 to 43, 64; [MS-SMB] 2.2.4.2, 2.2.4.9). */

import type { TreeBuilder } from '../../../tree.ts';
import { contents } from '../contents.ts';
import {
  type Body,
  file,
  fileTime,
  flags,
  type Message,
  number,
  numbers,
  openFile,
  padding,
  reserved,
  short,
  text,
  unixTime,
} from '../message.ts';
import { aboutFile, byteCount, bytesText } from './simple.ts';

const GUID = 16;
const CREATED = { plain: 34, extended: 42 } as const;

export function ntCreate(t: TreeBuilder, m: Message, body: Body): void {
  if (m.isResponse) {
    ntCreated(t, m, body);
    return;
  }
  if (body.words < 24) {
    byteCount(t, body);
    return;
  }
  let at = reserved(t, body.at + 4, 1);
  at = short(t, 'file_name_len', at);
  m.opening = {
    flags: t.u32le(at),
    access: t.u32le(at + 8),
    attributes: t.u32le(at + 20),
    share: t.u32le(at + 24),
    disposition: t.u32le(at + 28),
    options: t.u32le(at + 32),
  };
  at = flags(t, 'create_flags', at);
  at = number(t, 'rfid', at);
  at = flags(t, 'access_mask', at);
  at = number(t, 'alloc_size64', at);
  at = flags(t, 'ext_file_attribute', at);
  at = flags(t, 'share_access', at);
  at = number(t, 'create.disposition', at);
  at = flags(t, 'create_options', at);
  at = number(t, 'impersonation.level', at);
  flags(t, 'security.flags', at);
  byteCount(t, body);
  const name = text(t, m, 'file', body.bytesAt, body.bytesEnd);
  t.addInfo(`, Path: ${name.text}`);
  m.name = name.text;
}

function ntCreated(t: TreeBuilder, m: Message, body: Body): void {
  if (body.words < CREATED.plain) {
    byteCount(t, body);
    return;
  }
  let at = number(t, 'oplock.level', body.at + 4);
  const fid = t.u16le(at);
  openFile(t, m, fid);
  file(t, m, fid, at);
  at = number(t, 'create.action', at + 2);
  for (const key of ['create.time', 'access.time', 'last_write.time', 'change.time']) at = fileTime(t, key, at);
  at = flags(t, 'ext_file_attribute', at);
  at = numbers(t, at, 'alloc_size64', 'end_of_file', 'file_type');
  at = flags(t, 'ipc_state', at);
  at = number(t, 'is_directory', at);
  if (body.words >= CREATED.extended && t.has(at, GUID + 16)) {
    at = t.add('volume_guid', at, GUID);
    at = number(t, 'create.file_id_64b', at);
    at = flags(t, 'access_mask', at);
    flags(t, 'access_mask', at);
  }
  byteCount(t, body);
}

export function openX(t: TreeBuilder, m: Message, body: Body): void {
  let at = body.at + 4;
  if (m.isResponse) {
    if (body.words >= 15) {
      const fid = t.u16le(at);
      openFile(t, m, fid);
      file(t, m, fid, at);
      at = flags(t, 'file_attribute', at + 2);
      at = unixTime(t, 'last_write.time', at);
      at = number(t, 'file_size', at);
      at = flags(t, 'access.granted', at);
      at = number(t, 'file_type', at);
      at = flags(t, 'ipc_state', at);
      at = flags(t, 'open.action', at);
      at = number(t, 'server_fid', at);
      reserved(t, at, 2);
      if (body.words >= 19) {
        at = flags(t, 'access_mask', at + 2);
        flags(t, 'access_mask', at);
      }
    }
    byteCount(t, body);
    return;
  }
  if (body.words >= 15) {
    at = flags(t, 'open.flags', at);
    at = flags(t, 'access.desired', at);
    at = flags(t, 'search.attribute', at);
    at = flags(t, 'file_attribute', at);
    at = unixTime(t, 'create.time', at);
    at = flags(t, 'open.function', at);
    at = numbers(t, at, 'alloc_size', 'timeout');
    reserved(t, at, 4);
  }
  byteCount(t, body);
  if (body.bytesAt >= body.bytesEnd) return;
  const name = text(t, m, 'file', body.bytesAt, body.bytesEnd);
  t.addInfo(`, Path: ${name.text}`);
  m.name = name.text;
}

export function readX(t: TreeBuilder, m: Message, body: Body): void {
  let at = body.at + 4;
  if (!m.isResponse) {
    if (body.words >= 10) {
      file(t, m, t.u16le(at), at);
      const low = t.u32le(at + 2);
      at = numbers(t, at + 2, 'offset', 'maxcount_low', 'mincount');
      const isWide = body.words >= 12;
      const count = t.u16le(body.at + 10) + 0x10000 * (t.u16le(at) === 0xffff ? 0 : t.u16le(at));
      t.put('maxcount_high', t.u16le(at), at, 2);
      at = short(t, 'remaining', at + 4);
      const offset = (isWide ? BigInt(t.u32le(at)) << 32n : 0n) + BigInt(low);
      if (isWide) number(t, 'offset_high', at);
      extent(t, m, count, offset);
    }
    byteCount(t, body);
    return;
  }
  aboutFile(t, m, body.at);
  if (body.words < 12) {
    byteCount(t, body);
    return;
  }
  at = short(t, 'remaining', at);
  at = number(t, 'dcm', at);
  at = reserved(t, at, 2);
  const count = t.u16le(at) + 0x10000 * t.u16le(at + 4);
  const from = m.start + t.u16le(at + 2);
  at = numbers(t, at, 'data_len_low', 'data_offset', 'data_len_high');
  reserved(t, at, 6);
  t.addInfo(`, ${bytesText(count)}`);
  moved(t, m);
  byteCount(t, body);
  padding(t, body.bytesAt, Math.min(from, body.bytesEnd));
  if (count > 0) contents(t, m, m.request?.fid ?? -1, from, count);
}

export function writeX(t: TreeBuilder, m: Message, body: Body): void {
  let at = body.at + 4;
  if (m.isResponse) {
    aboutFile(t, m, body.at);
    if (body.words >= 6) {
      const count = t.u16le(at) + 0x10000 * t.u16le(at + 4);
      at = number(t, 'count_low', at);
      at = short(t, 'remaining', at);
      at = number(t, 'count_high', at);
      reserved(t, at, 2);
      t.addInfo(`, ${bytesText(count)}`);
      moved(t, m);
    }
    byteCount(t, body);
    return;
  }
  if (body.words < 12) {
    byteCount(t, body);
    return;
  }
  file(t, m, t.u16le(at), at);
  const low = t.u32le(at + 2);
  at = number(t, 'offset', at + 2);
  at = reserved(t, at, 4);
  at = flags(t, 'write.mode', at);
  at = short(t, 'remaining', at);
  const count = 0x10000 * t.u16le(at) + t.u16le(at + 2);
  const from = m.start + t.u16le(at + 4);
  at = numbers(t, at, 'data_len_high', 'data_len_low', 'data_offset');
  const isWide = body.words >= 14;
  const offset = (isWide ? BigInt(t.u32le(at)) << 32n : 0n) + BigInt(low);
  if (isWide) number(t, 'offset_high', at);
  extent(t, m, count, offset);
  byteCount(t, body);
  padding(t, body.bytesAt, Math.min(from, body.bytesEnd));
  if (count > 0) contents(t, m, m.fid, from, count);
}

/** How much of a file, and from where: Info, and a field that filters find. */
function extent(t: TreeBuilder, m: Message, count: number, offset: bigint): void {
  m.count = count;
  m.offset = offset;
  t.addInfo(`, ${bytesText(count)} at offset ${offset}`);
  rows(t, count, offset);
}

function moved(t: TreeBuilder, m: Message): void {
  if (m.request !== null && m.request.count >= 0) rows(t, m.request.count, m.request.offset);
}

function rows(t: TreeBuilder, count: number, offset: bigint): void {
  t.generated('file.rw.offset', offset);
  t.generated('file.rw.length', count);
}

const LOCK = { short: 10, large: 20 } as const;
const LARGE = 0x10;

export function locking(t: TreeBuilder, m: Message, body: Body): void {
  if (m.isResponse) {
    aboutFile(t, m, body.at);
    byteCount(t, body);
    return;
  }
  if (body.words < 8) {
    byteCount(t, body);
    return;
  }
  let at = body.at + 4;
  file(t, m, t.u16le(at), at);
  const isLarge = (t.u8(at + 2) & LARGE) !== 0;
  at = flags(t, 'lock.type', at + 2);
  at = numbers(t, at, 'locking.oplock.level', 'timeout');
  const unlocks = t.u16le(at);
  const locks = t.u16le(at + 2);
  numbers(t, at, 'locking.num_unlocks', 'locking.num_locks');
  byteCount(t, body);
  const next = ranges(t, body.bytesAt, body.bytesEnd, unlocks, 'Unlocks', isLarge);
  ranges(t, next, body.bytesEnd, locks, 'Locks', isLarge);
}

/** Ranges that are locked or unlocked: whose, from where, how long. */
function ranges(t: TreeBuilder, from: number, end: number, count: number, title: string, isLarge: boolean): number {
  const size = isLarge ? LOCK.large : LOCK.short;
  let at = from;
  if (count === 0) return at;
  t.nest(t.text(title, at, Math.min(end - at, count * size)));
  for (let i = 0; i < count && at + size <= end; i++, at += size) {
    const offset = isLarge ? highFirst(t, at + 4) : BigInt(t.u32le(at + 2));
    const length = isLarge ? highFirst(t, at + 12) : BigInt(t.u32le(at + 6));
    t.nest(t.text(title.slice(0, -1), at, size));
    number(t, 'pid', at);
    if (isLarge) reserved(t, at + 2, 2);
    t.put('lock.offset', offset, isLarge ? at + 4 : at + 2, isLarge ? 8 : 4);
    t.put('lock.length', length, isLarge ? at + 12 : at + 6, isLarge ? 8 : 4);
    t.close();
  }
  t.close();
  return at;
}

/** Sixty-four bits whose upper half comes first. */
function highFirst(t: TreeBuilder, at: number): bigint {
  return (BigInt(t.u32le(at)) << 32n) | BigInt(t.u32le(at + 4));
}
