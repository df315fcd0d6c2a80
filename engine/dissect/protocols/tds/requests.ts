/** What clients send ([MS-TDS] 2.2.6): batches, procedures, logins, and the options before them. */

import { isNtlm } from '../../ntlm.ts';
import type { TreeBuilder } from '../../tree.ts';
import { TYPE_NAMES } from './names.ts';
import { readType, readValue, type TypeRows } from './types.ts';

const HEADER_TRANSACTION = 2;
const MAX_PARAMETERS = 4096;
const MAX_HEADERS = 64;
const MAX_OPTIONS = 64;
const BY_NUMBER = 0xffff;
const TERMINATOR = 0xff;
/** Between procedures of one message. */
const SEPARATORS: readonly number[] = [0x80, 0xfe, 0xff];
/** Offset and length pairs of a LOGIN7 message and where they stand. */
const LOGIN_TEXTS: readonly (readonly [string, number])[] = [
  ['7login.clientname', 36],
  ['7login.username', 40],
  ['7login.password', 44],
  ['7login.appname', 48],
  ['7login.servername', 52],
  ['7login.libraryname', 60],
  ['7login.locale', 64],
  ['7login.databasename', 68],
];
/** The same for single sign-on. */
const SSPI = 78;
const LOGIN_NUMBERS: readonly (readonly [string, number, number])[] = [
  ['7login.total_len', 0, 4],
  ['7login.version', 4, 4],
  ['7login.packet_size', 8, 4],
  ['7login.client_version', 12, 4],
  ['7login.client_pid', 16, 4],
  ['7login.connection_id', 20, 4],
  ['7login.option_flags1', 24, 1],
  ['7login.option_flags2', 25, 1],
  ['7login.sql_type_flags', 26, 1],
  ['7login.reserved_flags', 27, 1],
  ['7login.time_zone', 28, 4],
  ['7login.collation', 32, 4],
];

/** 2.2.5.3: in front of requests since version 7.2. Returns the offset after them. */
export function allHeaders(t: TreeBuilder, at: number): number {
  if (!t.has(at, 22)) return at;
  const total = t.u32le(at);
  const isPlausible = total === 22 || (t.u32le(at + 4) <= total - 4 && t.u16le(at + 8) > 0 && t.u16le(at + 8) <= 3);
  if (total < 4 || total > 0x100 || !isPlausible) return at;
  t.need(at, total);
  t.nest(t.put('all_headers', new Uint8Array(0), at, total, 'Packet data stream headers'));
  t.put('all_headers.total_length', total, at, 4);
  for (let i = 0, next = at + 4; i < MAX_HEADERS && next + 6 <= at + total; i++) {
    const length = t.u32le(next);
    t.nest(t.text('Header', next, length));
    t.put('all_headers.header.length', length, next, 4);
    t.put('all_headers.header.type', t.u16le(next + 4), next + 4, 2);
    if (t.u16le(next + 4) === HEADER_TRANSACTION && length === 18) {
      t.put('all_headers.header.trans_descr', t.u64le(next + 6), next + 6, 8);
      t.put('all_headers.header.request_cnt', t.u32le(next + 14), next + 14, 4);
    }
    t.close();
    if (length < 6) break;
    next += length;
  }
  t.close();
  return at + total;
}

export function batch(t: TreeBuilder, body: number): void {
  const at = allHeaders(t, body);
  if (t.end <= at) return;
  const isUnicode = t.end - at > 1 && t.u8(at + 1) === 0;
  t.put('query', t.string(at, t.end - at, isUnicode ? 'utf16le' : 'latin1'), at, t.end - at);
}

/** 2.2.6.6. */
export function procedure(t: TreeBuilder, body: number): void {
  t.put('rpc', new Uint8Array(0), body, t.end - body, 'Remote Procedure Call');
  t.nest(t.last());
  let at = allHeaders(t, body);
  while (t.has(at, 4)) {
    const length = t.u16le(at);
    t.put('rpc.name_length', length, at, 2);
    if (length === BY_NUMBER) {
      t.put('rpc.proc_id', t.u16le(at + 2), at + 2, 2);
      at += 4;
    } else {
      t.put('rpc.name', t.string(at + 2, 2 * length, 'utf16le'), at + 2, 2 * length);
      at += 2 + 2 * length;
    }
    const bits = t.u16le(at);
    t.nest(t.put('rpc.options', bits, at, 2));
    t.put('rpc.options.with_recomp', bits & 1, at, 2);
    t.put('rpc.options.no_metadata', (bits >> 1) & 1, at, 2);
    t.put('rpc.options.reuse_metadata', (bits >> 2) & 1, at, 2);
    t.close();
    at += 2;
    let isMore = false;
    for (let i = 0; i < MAX_PARAMETERS && at < t.end; i++) {
      if (SEPARATORS.includes(t.u8(at))) {
        t.put('rpc.separator', t.u8(at), at, 1);
        at++;
        isMore = true;
        break;
      }
      at = parameter(t, at);
    }
    if (!isMore) break;
  }
  t.close();
}

function parameter(t: TreeBuilder, from: number): number {
  const length = t.u8(from);
  const node = t.put('rpc.parameter', new Uint8Array(0), from, 0);
  t.nest(node);
  t.put('rpc.parameter.name_length', length, from, 1);
  let at = from + 1;
  if (length > 0) {
    t.put('rpc.parameter.name', t.string(at, 2 * length, 'utf16le'), at, 2 * length);
    at += 2 * length;
  }
  const status = t.u8(at);
  t.nest(t.put('rpc.parameter.status', status, at, 1));
  t.put('rpc.parameter.status.by_ref', status & 1, at, 1);
  t.put('rpc.parameter.status.default', (status >> 1) & 1, at, 1);
  t.close();
  at++;
  const typeAt = at;
  const info = t.put('type_info', new Uint8Array(0), at, 0, `Type info (${TYPE_NAMES[t.u8(at)] ?? 'unknown'})`);
  t.nest(info);
  const found = readType(t, at, parameterRows(t));
  t.close();
  info.length = found.at - typeAt;
  const value = t.put('rpc.parameter.value', new Uint8Array(0), found.at, 0);
  t.nest(value);
  const read = readValue(t, found.type, found.at);
  t.close(read.at);
  value.text = `Value (${read.text})`;
  t.close(read.at);
  return read.at;
}

function parameterRows(t: TreeBuilder): TypeRows {
  return {
    id: (value, at) => void t.put('type_info.type', value, at, 1),
    size: (value, at, width) => void t.put('type_info.varlen', value, at, width),
    precision: (value, at) => void t.put('type_info.precision', value, at, 1),
    scale: (value, at) => void t.put('type_info.scale', value, at, 1),
    collation: (at) => {
      const value = t.u32le(at);
      t.nest(t.put('type_info.collation', new Uint8Array(0), at, 5));
      t.put('type_info.collation.lcid', value & 0xfffff, at, 4);
      ['ignore_case', 'ignore_accent', 'ignore_kana', 'ignore_width', 'binary'].forEach((name, i) =>
        t.put(`type_info.collation.${name}`, (value >>> (20 + i)) & 1, at, 4),
      );
      t.put('type_info.collation.version', value >>> 28, at, 4);
      t.put('type_info.collation.sortid', t.u8(at + 4), at + 4, 1);
      t.close();
    },
  };
}

/** What single sign-on sends: NTLM, or what GSS-API frames. */
export function securityToken(t: TreeBuilder, at: number, end: number): void {
  t.need(at, end - at);
  t.dissect(isNtlm(t.bytes, at, end) ? 'ntlmssp' : 'gss-api', at, end, end);
  t.column('TDS');
}

/** 2.2.6.4. The password is hidden by swapped halves of bytes and a constant: shown as it is typed. */
export function login(t: TreeBuilder, body: number): void {
  for (const [key, offset, width] of LOGIN_NUMBERS)
    t.put(key, width === 1 ? t.u8(body + offset) : t.u32le(body + offset), body + offset, width);
  for (const [key, offset] of LOGIN_TEXTS) {
    if (!t.has(body + offset, 4)) return;
    const from = body + t.u16le(body + offset);
    const length = 2 * t.u16le(body + offset + 2);
    if (length === 0 || !t.has(from, length)) continue;
    t.put(key, key === '7login.password' ? password(t, from, length) : t.string(from, length, 'utf16le'), from, length);
  }
  if (!t.has(body + SSPI, 4)) return;
  const from = body + t.u16le(body + SSPI);
  const length = t.u16le(body + SSPI + 2);
  if (length > 0 && t.has(from, length)) securityToken(t, from, from + length);
}

function password(t: TreeBuilder, at: number, length: number): string {
  let text = '';
  for (let i = 0; i < length; i += 2) {
    const [low, high] = [t.u8(at + i) ^ 0xa5, t.u8(at + i + 1) ^ 0xa5];
    text += String.fromCharCode(swapped(low) | (swapped(high) << 8));
  }
  return text;
}

function swapped(byte: number): number {
  return (byte >>> 4) | ((byte & 0xf) << 4);
}

/** 2.2.6.5: a list of options, then their values. */
export function prelogin(t: TreeBuilder, body: number): void {
  t.nest(t.put('prelogin', new Uint8Array(0), body, t.end - body, 'Pre-login message'));
  for (let at = body, i = 0; i < MAX_OPTIONS && at < t.end; i++, at += 5) {
    const token = t.u8(at);
    t.nest(t.text('Option', at, token === TERMINATOR ? 1 : 5));
    t.put('prelogin.option.token', token, at, 1);
    if (token === TERMINATOR) {
      t.close();
      break;
    }
    const offset = t.u16(at + 1);
    const length = t.u16(at + 3);
    t.put('prelogin.option.offset', offset, at + 1, 2);
    t.put('prelogin.option.length', length, at + 3, 2);
    if (length > 0 && t.has(body + offset, length)) option(t, token, body + offset, length);
    t.close();
  }
  t.close();
}

function option(t: TreeBuilder, token: number, at: number, length: number): void {
  switch (token) {
    case 0:
      if (length < 6) return;
      t.put('prelogin.option.version', t.u32(at), at, 4, `Version: ${t.u8(at)}.${t.u8(at + 1)}.${t.u16(at + 2)}`);
      t.put('prelogin.option.subbuild', t.u16(at + 4), at + 4, 2);
      return;
    case 1:
      t.put('prelogin.option.encryption', t.u8(at), at, 1);
      return;
    case 2:
      t.put('prelogin.option.instopt', t.string(at, length, 'latin1', true), at, length);
      return;
    case 3:
      if (length >= 4) t.put('prelogin.option.threadid', t.u32(at), at, 4);
      return;
    case 4:
      t.put('prelogin.option.mars', t.u8(at), at, 1);
      return;
    case 5:
      t.add('prelogin.option.traceid', at, length);
      return;
    case 6:
      t.put('prelogin.option.fedauthrequired', t.u8(at), at, 1);
      return;
    case 7:
      t.add('prelogin.option.nonceopt', at, length);
      return;
    default:
  }
}
