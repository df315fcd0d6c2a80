/** Agreeing on a dialect, signing in and connecting to a share ([MS-CIFS] 2.2.4.52 to 2.2.4.55, [MS-SMB] 2.2.4.5 to 2.2.4.7). */

import type { TreeBuilder } from '../../../tree.ts';
import {
  type Body,
  dosTime,
  fileTime,
  flags,
  type Message,
  number,
  numbers,
  reserved,
  securityBlob,
  short,
  text,
} from '../message.ts';
import { byteCount } from './simple.ts';

const EXTENDED_SECURITY = 0x80000000;
const DIALECTS = { core: 1, lanManager: 13, nt: 17 } as const;
const GUID = 16;

export function negotiate(t: TreeBuilder, m: Message, body: Body): void {
  if (!m.isResponse) {
    byteCount(t, body);
    t.nest(t.text('Requested Dialects', body.bytesAt, body.bytesEnd - body.bytesAt));
    for (let at = body.bytesAt; at < body.bytesEnd; ) {
      const from = t.bytes.subarray(at + 1, body.bytesEnd).indexOf(0);
      const end = from < 0 ? body.bytesEnd : at + 2 + from;
      const name = t.string(at + 1, Math.max(0, end - at - 1), 'latin1', true);
      t.nest(t.put('dialect', name, at, end - at));
      t.add('buffer_format', at);
      t.put('dialect.name', name, at + 1, end - at - 1);
      t.close();
      at = end;
    }
    t.close();
    return;
  }
  if (body.words >= DIALECTS.core) number(t, 'dialect.index', body.at);
  if (body.words === DIALECTS.lanManager) lanManager(t, m, body);
  else if (body.words === DIALECTS.nt) ntLanManager(t, m, body);
  else byteCount(t, body);
}

function lanManager(t: TreeBuilder, m: Message, body: Body): void {
  let at = flags(t, 'sm', body.at + 2);
  at = short(t, 'max_bufsize', at);
  at = numbers(t, at, 'max_mpx_count', 'max_vcs');
  at = flags(t, 'rm', at);
  at = number(t, 'session_key', at);
  at = dosTime(t, 'server_date_time', at, 'server_date_time', true);
  at = timeZone(t, at);
  const length = t.u16le(at);
  at = number(t, 'challenge_length', at);
  reserved(t, at, 2);
  byteCount(t, body);
  const end = challenge(t, body, length);
  if (end < body.bytesEnd) text(t, m, 'primary_domain', end, body.bytesEnd, false);
}

function ntLanManager(t: TreeBuilder, m: Message, body: Body): void {
  let at = flags(t, 'sm', body.at + 2, 1);
  at = numbers(t, at, 'max_mpx_count', 'max_vcs', 'max_bufsize', 'max_raw', 'session_key');
  const isExtended = (t.u32le(at) & EXTENDED_SECURITY) !== 0;
  at = flags(t, 'server_cap', at);
  at = fileTime(t, 'system.time', at);
  at = timeZone(t, at);
  const length = t.u8(at);
  t.put('challenge_length', length, at, 1);
  byteCount(t, body);
  if (isExtended) {
    if (body.bytesEnd - body.bytesAt < GUID) return;
    t.add('server_guid', body.bytesAt, GUID);
    if (body.bytesEnd > body.bytesAt + GUID) securityBlob(t, body.bytesAt + GUID, body.bytesEnd);
    return;
  }
  let next = challenge(t, body, length);
  for (const key of ['primary_domain', 'server'])
    if (next < body.bytesEnd) next = text(t, { ...m, start: next }, key, next, body.bytesEnd).end;
}

/** Minutes that the server's clock is behind UTC. */
function timeZone(t: TreeBuilder, at: number): number {
  const minutes = (t.u16le(at) << 16) >> 16;
  t.put('server_timezone', minutes, at, 2, `Server Time Zone: ${-minutes} min from UTC`);
  return at + 2;
}

function challenge(t: TreeBuilder, body: Body, length: number): number {
  const there = Math.min(length, body.bytesEnd - body.bytesAt);
  return there > 0 ? t.add('challenge', body.bytesAt, there) : body.bytesAt;
}

const SETUP = { lanManager: 10, extended: 12, nt: 13 } as const;
const NAMES = ['native_os', 'native_lanman'] as const;

/** Session Setup AndX: what stands behind the two words of the chain. */
export function sessionSetup(t: TreeBuilder, m: Message, body: Body): void {
  let at = body.at + 4;
  if (m.isResponse) {
    if (body.words >= 3) at = flags(t, 'setup.action', at);
    const blobLength = body.words >= 4 ? t.u16le(at) : 0;
    if (body.words >= 4) number(t, 'security_blob_len', at);
    byteCount(t, body);
    signedIn(t, m);
    names(t, m, blob(t, body, blobLength), body.bytesEnd, [...NAMES, 'primary_domain']);
    return;
  }
  if (body.words < SETUP.lanManager) {
    byteCount(t, body);
    return;
  }
  at = numbers(t, at, 'max_buf', 'max_mpx_count', 'vc', 'session_key');
  if (body.words === SETUP.extended) {
    const length = t.u16le(at);
    at = number(t, 'security_blob_len', at);
    at = reserved(t, at, 4);
    flags(t, 'server_cap', at);
    byteCount(t, body);
    names(t, m, blob(t, body, length), body.bytesEnd, [...NAMES, 'primary_domain']);
    return;
  }
  const isNt = body.words === SETUP.nt;
  const lengths = isNt ? [t.u16le(at), t.u16le(at + 2)] : [t.u16le(at)];
  at = isNt ? numbers(t, at, 'ansi_pwlen', 'unicode_pwlen') : number(t, 'pwlen', at);
  at = reserved(t, at, 4);
  if (isNt) flags(t, 'server_cap', at);
  byteCount(t, body);
  let next = body.bytesAt;
  const passwords = isNt ? ['ansi_password', 'unicode_password'] : ['password'];
  passwords.forEach((key, i) => {
    const length = Math.min(lengths[i] ?? 0, body.bytesEnd - next);
    if (length > 0) next = t.add(key, next, length);
  });
  if (next >= body.bytesEnd) return;
  const account = text(t, m, 'account', next, body.bytesEnd);
  const domain = text(t, m, 'primary_domain', account.end, body.bytesEnd);
  m.account = account.text;
  m.domain = domain.text;
  t.addInfo(`, User: ${userName(account.text, domain.text)}`);
  names(t, m, domain.end, body.bytesEnd, NAMES);
}

export function userName(account: string, domain: string): string {
  if (domain === '') return account === '' ? 'anonymous' : account;
  return `${domain}\\${account}`;
}

/** From this answer on the user id stands for who asked. */
function signedIn(t: TreeBuilder, m: Message): void {
  const { memory, request } = m;
  if (memory === null || request === null || request.account === '' || m.status !== 0) return;
  if (!memory.users.has(m.uid))
    memory.users.set(m.uid, { account: request.account, domain: request.domain, frame: t.packet.number });
}

function blob(t: TreeBuilder, body: Body, length: number): number {
  const end = Math.min(body.bytesEnd, body.bytesAt + length);
  if (end > body.bytesAt) securityBlob(t, body.bytesAt, end);
  return end;
}

function names(t: TreeBuilder, m: Message, from: number, end: number, keys: readonly string[]): void {
  let at = from;
  for (const key of keys) {
    if (at >= end) return;
    at = text(t, m, key, at, end).end;
  }
}

const TREE = { request: 4, extended: 7 } as const;

/** Tree Connect AndX. */
export function treeConnect(t: TreeBuilder, m: Message, body: Body): void {
  const at = body.at + 4;
  if (m.isResponse) {
    if (body.words >= 3) flags(t, 'connect.support', at);
    if (body.words >= TREE.extended) {
      flags(t, 'access_mask', at + 2);
      flags(t, 'access_mask', at + 6);
    }
    byteCount(t, body);
    if (body.bytesAt >= body.bytesEnd) return;
    const service = text(t, m, 'service', body.bytesAt, body.bytesEnd, false);
    if (service.end < body.bytesEnd) text(t, m, 'native_fs', service.end, body.bytesEnd);
    return;
  }
  if (body.words < TREE.request) {
    byteCount(t, body);
    return;
  }
  const next = flags(t, 'connect.flags', at);
  const length = t.u16le(next);
  number(t, 'pwlen', next);
  byteCount(t, body);
  const from = body.bytesAt + length;
  if (from > body.bytesEnd) return;
  if (length > 0) t.add('password', body.bytesAt, length);
  const path = text(t, m, 'path', from, body.bytesEnd);
  t.addInfo(`, Path: ${path.text}`);
  m.path = path.text;
  if (path.end < body.bytesEnd) text(t, m, 'service', path.end, body.bytesEnd, false);
}
