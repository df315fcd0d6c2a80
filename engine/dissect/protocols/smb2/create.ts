/** Opening files ([MS-SMB2] 2.2.13, 2.2.14) with the contexts beside it: leases, durable handles, maximal access. */

import type { TreeBuilder } from '../../tree.ts';
import { uuidText } from '../../uuid.ts';
import {
  file,
  flags,
  guid,
  type Message,
  number,
  numbers,
  type OpenFile,
  place,
  put,
  reserved,
  textAt,
  time,
} from './message.ts';

const MAX_CONTEXTS = 64;
const CONTEXT_HEADER = 16;
/** What contexts are called: in requests, in responses. */
const CONTEXTS: Readonly<Record<string, readonly [string, string]>> = {
  ExtA: ['SMB2_CREATE_EA_BUFFER', 'SMB2_CREATE_EA_BUFFER'],
  SecD: ['SMB2_CREATE_SD_BUFFER', 'SMB2_CREATE_SD_BUFFER'],
  DHnQ: ['SMB2_CREATE_DURABLE_HANDLE_REQUEST', 'SMB2_CREATE_DURABLE_HANDLE_RESPONSE'],
  DHnC: ['SMB2_CREATE_DURABLE_HANDLE_RECONNECT', 'SMB2_CREATE_DURABLE_HANDLE_RECONNECT'],
  AlSi: ['SMB2_CREATE_ALLOCATION_SIZE', 'SMB2_CREATE_ALLOCATION_SIZE'],
  MxAc: ['SMB2_CREATE_QUERY_MAXIMAL_ACCESS_REQUEST', 'SMB2_CREATE_QUERY_MAXIMAL_ACCESS_REQUEST'],
  TWrp: ['SMB2_CREATE_TIMEWARP_TOKEN', 'SMB2_CREATE_TIMEWARP_TOKEN'],
  QFid: ['SMB2_CREATE_QUERY_ON_DISK_ID', 'SMB2_CREATE_QUERY_ON_DISK_ID'],
  RqLs: ['SMB2_CREATE_REQUEST_LEASE', 'SMB2_CREATE_REQUEST_LEASE'],
  DH2Q: ['SMB2_CREATE_DURABLE_HANDLE_REQUEST_V2', 'SMB2_CREATE_DURABLE_HANDLE_RESPONSE_V2'],
  DH2C: ['SMB2_CREATE_DURABLE_HANDLE_RECONNECT_V2', 'SMB2_CREATE_DURABLE_HANDLE_RECONNECT_V2'],
  AAPL: ['SMB2_AAPL_CREATE_CONTEXT', 'SMB2_AAPL_CREATE_CONTEXT'],
};
/** Tags that are UUIDs. */
const BY_UUID: Readonly<Record<string, string>> = {
  '45bca66a-efa7-f74a-9008-fa462e144d74': 'SMB2_CREATE_APP_INSTANCE_ID',
  '9ecfcb9c-c104-43e6-980e-158da1f6ec83': 'SVHDX_OPEN_DEVICE_CONTEXT',
  'b982d0b7-3b56-074f-a07b-524a8116a010': 'SMB2_CREATE_APP_INSTANCE_VERSION',
  '5025ad93-b49c-e711-b423-83de968bcd7c': 'SMB2_POSIX_CREATE_CONTEXT',
};
const APP_INSTANCE = 'SMB2_CREATE_APP_INSTANCE_ID';
const POSIX = 'SMB2_POSIX_CREATE_CONTEXT';
const LEASE_V2 = 52;

export function createRequest(t: TreeBuilder, m: Message, at: number): void {
  t.add('create.oplock', at + 3);
  numbers(t, at + 4, 'impersonation.level', 'create_flags');
  reserved(t, at + 16, 8);
  flags(t, 'access_mask', t.u32le(at + 24), at + 24, 4, 'access');
  flags(t, 'file_attribute', t.u32le(at + 28), at + 28, 4);
  flags(t, 'share_access', t.u32le(at + 32), at + 32, 4);
  number(t, 'create.disposition', at + 36);
  flags(t, 'create_options', t.u32le(at + 40), at + 40, 4);
  const offset = t.u16le(at + 44);
  const length = t.u16le(at + 46);
  m.file = textAt(t, m, offset, length);
  m.fid = '';
  t.nest(t.put('filename', m.file, m.start + offset, length));
  place(t, at + 44, false);
  t.close();
  t.addInfo(` File: ${m.file}`);
  const extra = place(t, at + 48, true);
  contexts(t, m, extra.offset, extra.length);
}

export function createResponse(t: TreeBuilder, m: Message, at: number): void {
  t.add('create.oplock', at + 2);
  flags(t, 'create.rep_flags', t.u8(at + 3), at + 3, 1);
  number(t, 'create.action', at + 4);
  const next = attributes(t, at + 8);
  reserved(t, next, 4);
  const id = uuidText(t.bytes, at + 64, true);
  if (m.request !== null) {
    const opened: OpenFile = { name: m.request.file, opened: t.packet.number };
    if (!m.facts.files.has(id)) {
      m.memory.files.set(id, opened);
      m.facts.files.set(id, opened);
    }
  }
  file(t, m, at + 64, true);
  const extra = place(t, at + 80, true);
  contexts(t, m, extra.offset, extra.length);
}

/** Times, sizes and attributes of a file, as several answers have them. Returns the offset after them. */
export function attributes(t: TreeBuilder, at: number): number {
  let next = at;
  for (const key of ['create.time', 'last_access.time', 'last_write.time', 'last_change.time'])
    next = time(t, key, next);
  next = numbers(t, next, 'allocation_size', 'eof');
  flags(t, 'file_attribute', t.u32le(next), next, 4);
  return next + 4;
}

function contexts(t: TreeBuilder, m: Message, offset: number, length: number): void {
  const from = m.start + offset;
  if (length === 0 || !t.has(from, length)) {
    t.put('create.extrainfo', new Uint8Array(0), m.start, 0, 'ExtraInfo: NO DATA');
    return;
  }
  const root = t.put('create.extrainfo', new Uint8Array(0), from, length);
  t.nest(root);
  const names: string[] = [];
  const end = from + length;
  for (let at = from, i = 0; i < MAX_CONTEXTS && at + CONTEXT_HEADER <= end; i++) {
    const next = t.u32le(at);
    names.push(context(t, m, at, next === 0 ? end : Math.min(end, at + next)));
    if (next < CONTEXT_HEADER) break;
    at += next;
  }
  t.close();
  root.text = `ExtraInfo ${names.join(' ')}`;
}

/** One context (2.2.13.2). Returns its name. */
function context(t: TreeBuilder, m: Message, at: number, end: number): string {
  const tagAt = at + t.u16le(at + 4);
  const tagLength = t.u16le(at + 6);
  const dataAt = at + t.u16le(at + 10);
  const length = t.u32le(at + 12);
  const isUuid = tagLength === 16 && t.has(tagAt, 16);
  const tag = isUuid
    ? uuidText(t.bytes, tagAt, false)
    : t.string(tagAt, Math.min(tagLength, Math.max(0, end - tagAt)), 'latin1');
  const name = (isUuid ? BY_UUID[tag] : CONTEXTS[tag]?.[m.isResponse ? 1 : 0]) ?? 'Unknown';
  t.nest(t.text(`Chain Element: ${name} "${tag}"`, at, end - at));
  number(t, 'create.chain_offset', at);
  t.nest(t.put('tag', tag, tagAt, tagLength));
  place(t, at + 4, false);
  t.close();
  t.put('olb.offset', t.u16le(at + 10), at + 10, 2);
  t.put('olb.length', length, at + 12, 4);
  const hasData = length > 0 && dataAt + length <= end && t.has(dataAt, length);
  t.nest(t.put('create.chain_data', new Uint8Array(0), hasData ? dataAt : at, hasData ? length : 0));
  if (hasData) contextData(t, m, isUuid ? name : tag, dataAt, length);
  t.close();
  t.close();
  return name;
}

function contextData(t: TreeBuilder, m: Message, tag: string, at: number, length: number): void {
  switch (tag) {
    case 'MxAc':
      if (m.isResponse && length >= 8) {
        number(t, 'mxac_status', at);
        flags(t, 'access_mask', t.u32le(at + 4), at + 4, 4, 'access');
      } else if (!m.isResponse && length >= 8) time(t, 'mxac_timestamp', at);
      return;
    case 'TWrp':
      if (length >= 8) time(t, 'twrp_timestamp', at);
      return;
    case 'AlSi':
      if (length >= 8) number(t, 'allocation_size', at);
      return;
    case 'QFid':
      if (m.isResponse && length >= 32) t.add('qfid_fid', at, 32);
      return;
    case 'DHnC':
      if (length >= 16) file(t, m, at, false);
      return;
    case 'RqLs':
      lease(t, at, length);
      return;
    case 'DH2Q':
    case 'DH2C':
      durable(t, m, tag, at, length);
      return;
    case APP_INSTANCE:
      if (length >= 20) {
        numbers(t, at, 'app_instance.struct_size', 'app_instance.reserved');
        put(t, 'app_instance.app_guid', guid(t, at + 4), at + 4, 16);
      }
      return;
    case POSIX:
      if (!m.isResponse && length >= 4) number(t, 'posix_perms', at);
      else t.add('unknown', at, length);
      return;
    default:
      t.add('unknown', at, length);
  }
}

/** 2.2.13.2.8, 2.2.13.2.10. */
function lease(t: TreeBuilder, at: number, length: number): void {
  if (length < 32) return;
  put(t, 'lease.lease_key', guid(t, at), at, 16);
  leaseState(t, at + 16);
  leaseFlags(t, at + 20);
  number(t, 'lease.lease_duration', at + 24);
  if (length < LEASE_V2) return;
  put(t, 'lease.parent_lease_key', guid(t, at + 32), at + 32, 16);
  numbers(t, at + 48, 'lease.lease_oplock', 'lease.lease_reserved');
}

export function leaseState(t: TreeBuilder, at: number): void {
  const value = t.u32le(at);
  t.nest(t.put('lease.lease_state', value, at, 4));
  t.put('lease.lease_state.read_caching', value & 1, at, 4);
  t.put('lease.lease_state.handle_caching', (value >> 1) & 1, at, 4);
  t.put('lease.lease_state.write_caching', (value >> 2) & 1, at, 4);
  t.close();
}

export function leaseFlags(t: TreeBuilder, at: number): void {
  const value = t.u32le(at);
  t.nest(t.put('lease.lease_flags', value, at, 4));
  t.put('lease.lease_state.break_ack_required', value & 1, at, 4);
  t.put('lease.lease_state.break_in_progress', (value >> 1) & 1, at, 4);
  t.put('lease.lease_state.parent_lease_key_set', (value >> 2) & 1, at, 4);
  t.close();
}

/** 2.2.13.2.11, 2.2.13.2.12, 2.2.14.2.12. */
function durable(t: TreeBuilder, m: Message, tag: string, at: number, length: number): void {
  let next = at;
  if (tag === 'DH2C') {
    if (length < 36) return;
    file(t, m, next, false);
    next = put(t, 'dh2x.create_guid', guid(t, next + 16), next + 16, 16);
  } else {
    if (length < 8) return;
    next = number(t, 'dh2x.timeout', next);
  }
  flags(t, 'dh2x.flags', t.u32le(next), next, 4);
  if (tag === 'DH2Q' && !m.isResponse && length >= 32) {
    number(t, 'dh2x.reserved', next + 4);
    put(t, 'dh2x.create_guid', guid(t, next + 12), next + 12, 16);
  }
}
