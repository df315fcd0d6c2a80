/** Reading, writing, closing, locking and watching files, and breaks of leases ([MS-SMB2] 2.2.15 to 2.2.30, 2.2.35, 2.2.36). */

import type { TreeBuilder } from '../../tree.ts';
import { attributes, leaseState } from './create.ts';
import {
  contents,
  file,
  flags,
  guid,
  type Message,
  number,
  numbers,
  place,
  placeOf,
  put,
  reserved,
  STATUS,
} from './message.ts';

const MAX_LOCKS = 256;
const MAX_EVENTS = 1024;
const LOCK = 24;
const BREAK = { oplock: 24, acknowledge: 36, lease: 44 } as const;

export function close(t: TreeBuilder, m: Message, at: number): void {
  const bits = t.u16le(at + 2);
  t.nest(t.put('close.flags', bits, at + 2, 2));
  t.put('close.pq_attrib', bits & 1, at + 2, 2);
  t.close();
  if (!m.isResponse) {
    file(t, m, at + 8, true, true);
    return;
  }
  reserved(t, at + 4, 4);
  if (t.has(at, 60)) attributes(t, at + 8);
}

export function flush(t: TreeBuilder, m: Message, at: number): void {
  if (m.isResponse) {
    reserved(t, at + 2, 2);
    return;
  }
  reserved(t, at + 2, 6);
  file(t, m, at + 8, true);
}

export function read(t: TreeBuilder, m: Message, at: number): void {
  if (m.isResponse) {
    const offset = t.u8(at + 2);
    const length = t.u32le(at + 4);
    number(t, 'read_remaining', at + 8);
    reserved(t, at + 12, 4);
    t.put('olb.offset', offset, at + 2, 1);
    reserved(t, at + 3, 1);
    t.put('olb.length', length, at + 4, 4);
    const from = placeOf(t, m, offset, length);
    if (from >= 0) t.add('read.blob', from, length);
    if (m.status !== STATUS.overflow || length > 0) contents(t, m, m.start + offset, length, m.request?.fid ?? '', '');
    return;
  }
  t.add('read_padding', at + 2);
  const bits = t.u8(at + 3);
  t.nest(t.put('read_flags', bits, at + 3, 1));
  t.put('read_flags.unbuffered', bits & 1, at + 3, 1);
  t.put('read_flags.compressed', (bits >> 1) & 1, at + 3, 1);
  t.close();
  numbers(t, at + 4, 'read_length', 'file_offset');
  t.addInfo(` Len:${t.u32le(at + 4)} Off:${t.u64le(at + 8)}`);
  file(t, m, at + 16, true);
  numbers(t, at + 32, 'min_count', 'channel', 'remaining_bytes');
  place(t, at + 44, false);
  t.put('channel_info_blob', new Uint8Array(0), at + 44, 0, 'Channel Info Blob: NO DATA');
}

export function write(t: TreeBuilder, m: Message, at: number): void {
  if (m.isResponse) {
    reserved(t, at + 2, 2);
    numbers(t, at + 4, 'write.count', 'write.remaining', 'channel_info_offset', 'channel_info_length');
    return;
  }
  const dataOffset = t.u16le(at + 2);
  const length = t.u32le(at + 4);
  numbers(t, at + 2, 'data_offset', 'write_length', 'file_offset');
  t.addInfo(` Len:${length} Off:${t.u64le(at + 8)}`);
  file(t, m, at + 16, true);
  numbers(t, at + 32, 'channel', 'remaining_bytes');
  flags(t, 'write.flags', t.u32le(at + 44), at + 44, 4);
  place(t, at + 40, false);
  t.put('channel_info_blob', new Uint8Array(0), at + 40, 0, 'Channel Info Blob: NO DATA');
  contents(t, m, m.start + dataOffset, length, m.fid, 'write_data');
}

export function lock(t: TreeBuilder, m: Message, at: number): void {
  if (m.isResponse) {
    reserved(t, at + 2, 2);
    return;
  }
  const count = t.u16le(at + 2);
  number(t, 'lock_count', at + 2);
  reserved(t, at + 4, 4);
  file(t, m, at + 8, true);
  for (let i = 0, next = at + 24; i < count && i < MAX_LOCKS && t.has(next, LOCK); i++, next += LOCK) {
    t.nest(t.put('lock_info', new Uint8Array(0), next, LOCK));
    numbers(t, next, 'file_offset', 'lock_length');
    flags(t, 'lock_flags', t.u32le(next + 16), next + 16, 4);
    reserved(t, next + 20, 4);
    t.close();
  }
}

export function notify(t: TreeBuilder, m: Message, at: number): void {
  if (!m.isResponse) {
    const bits = t.u16le(at + 2);
    t.nest(t.put('notify.flags', bits, at + 2, 2));
    t.put('notify.watch_tree', bits & 1, at + 2, 2);
    t.close();
    number(t, 'output_buffer_len', at + 4);
    file(t, m, at + 8, true);
    return;
  }
  const offset = t.u16le(at + 2);
  const length = t.u32le(at + 4);
  t.put('olb.offset', offset, at + 2, 2);
  t.put('olb.length', length, at + 4, 4);
  const from = placeOf(t, m, offset, length);
  if (from < 0) return;
  t.nest(t.put('notify.out', new Uint8Array(0), from, length));
  const end = from + length;
  for (let next = from, i = 0; i < MAX_EVENTS && next + 12 <= end; i++) {
    const step = t.u32le(next);
    const name = t.u32le(next + 8);
    t.nest(t.put('notify.info', new Uint8Array(0), next, (step === 0 ? end : next + step) - next));
    numbers(t, next, 'notify.next_offset', 'notify.action', 'filename.len');
    if (next + 12 + name <= end) put(t, 'filename', t.string(next + 12, name, 'utf16le'), next + 12, name);
    t.close();
    if (step < 12) break;
    next += step;
  }
  t.close();
}

/** Breaks of oplocks (2.2.23.1) and leases (2.2.23.2), and what says yes to them. */
export function breakLock(t: TreeBuilder, m: Message, at: number): void {
  const size = t.u16le(at);
  if (size === BREAK.oplock) {
    t.add('create.oplock', at + 2);
    reserved(t, at + 3, 1);
    reserved(t, at + 4, 4);
    file(t, m, at + 8, true);
  } else if (size === BREAK.lease) {
    number(t, 'lease.lease_oplock', at + 2);
    t.nest(t.put('lease.lease_flags', t.u32le(at + 4), at + 4, 4));
    t.put('lease.lease_state.break_ack_required', t.u32le(at + 4) & 1, at + 4, 4);
    t.close();
    put(t, 'lease.lease_key', guid(t, at + 8), at + 8, 16);
    t.nest(t.text('Current Lease State', at + 24, 4));
    leaseState(t, at + 24);
    t.close();
    t.nest(t.text('New Lease State', at + 28, 4));
    leaseState(t, at + 28);
    t.close();
    numbers(t, at + 32, 'lease.lease_break_reason', 'lease.access_mask_hint', 'lease.share_mask_hint');
  } else if (size === BREAK.acknowledge) {
    reserved(t, at + 2, 2);
    number(t, 'lease.lease_flags', at + 4);
    put(t, 'lease.lease_key', guid(t, at + 8), at + 8, 16);
    leaseState(t, at + 24);
    number(t, 'lease.lease_duration', at + 28);
  }
}
