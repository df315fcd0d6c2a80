/** Negotiating, sessions and trees ([MS-SMB2] 2.2.3 to 2.2.10). */

import { NTLM_TYPE, ntlmText } from '../../ntlm.ts';
import type { TreeBuilder } from '../../tree.ts';
import {
  AT,
  flags,
  guid,
  type Message,
  numbers,
  place,
  placeOf,
  reserved,
  securityBlob,
  textAt,
  time,
  treeKey,
  type User,
} from './message.ts';
import { CONTEXTS } from './names.ts';

const DIALECT_311 = 0x311;
const CONTEXT = { preauth: 1, encryption: 2, compression: 3, netname: 5, rdma: 7, signing: 8 } as const;
const CONTEXT_HEADER = 8;
const MAX_LIST = 64;
/** Of a session without NTLM. */
const NOBODY: User = { account: '', domain: '', host: '' };
/** Offsets in an NTLM AUTHENTICATE message. */
const NTLM = { type: 8, domain: 28, user: 36, host: 44, flags: 60 } as const;

export function negotiateRequest(t: TreeBuilder, at: number): void {
  const count = t.u16le(at + 2);
  t.put('dialect_count', count, at + 2, 2);
  flags(t, 'sec_mode', t.u8(at + 4), at + 4, 1);
  reserved(t, at + 6, 2);
  flags(t, 'capabilities', t.u32le(at + 8), at + 8, 4);
  t.put('client_guid', guid(t, at + 12), at + 12, 16);
  const dialects = Array.from({ length: Math.min(count, MAX_LIST) }, (_, i) => t.u16le(at + 36 + 2 * i));
  const hasContexts = dialects.includes(DIALECT_311);
  numbers(t, at + 28, 'negotiate_context.offset', 'negotiate_context.count');
  reserved(t, at + 34, 2);
  dialects.forEach((dialect, i) => t.put('dialect', dialect, at + 36 + 2 * i, 2));
  if (hasContexts) contexts(t, at - AT.body + t.u32le(at + 28), t.u16le(at + 32));
}

export function negotiateResponse(t: TreeBuilder, m: Message, at: number): void {
  flags(t, 'sec_mode', t.u8(at + 2), at + 2, 1);
  const dialect = t.u16le(at + 4);
  numbers(t, at + 4, 'dialect', 'negotiate_context.count');
  t.put('server_guid', guid(t, at + 8), at + 8, 16);
  flags(t, 'capabilities', t.u32le(at + 24), at + 24, 4);
  numbers(t, at + 28, 'max_trans_size', 'max_read_size', 'max_write_size');
  time(t, 'current_time', at + 40);
  time(t, 'boot_time', at + 48);
  const { offset, length } = place(t, at + 56, false);
  securityBlob(t, m, offset, length);
  numbers(t, at + 60, 'negotiate_context.offset');
  if (dialect === DIALECT_311) contexts(t, m.start + t.u32le(at + 60), t.u16le(at + 6));
}

function contexts(t: TreeBuilder, from: number, count: number): void {
  let at = from;
  for (let i = 0; i < count && t.has(at, CONTEXT_HEADER); i++) {
    const type = t.u16le(at);
    const length = t.u16le(at + 2);
    t.nest(t.text(`Negotiate Context: ${CONTEXTS[type] ?? `Unknown (${type})`}`, at, CONTEXT_HEADER + length));
    numbers(t, at, 'negotiate_context.type', 'negotiate_context.data_length');
    reserved(t, at + 4, 4);
    if (t.has(at + CONTEXT_HEADER, length)) context(t, type, at + CONTEXT_HEADER, length);
    t.close();
    at += CONTEXT_HEADER + length;
    at += (8 - ((at - from) & 7)) & 7;
  }
}

function context(t: TreeBuilder, type: number, at: number, length: number): void {
  const end = at + length;
  switch (type) {
    case CONTEXT.preauth: {
      const salt = t.u16le(at + 2);
      numbers(t, at, 'negotiate_context.hash_alg_count', 'negotiate_context.salt_length');
      const next = list(t, 'negotiate_context.hash_algorithm', at + 4, t.u16le(at), end);
      if (salt > 0 && next + salt <= end) t.add('negotiate_context.salt', next, salt);
      return;
    }
    case CONTEXT.encryption:
      numbers(t, at, 'negotiate_context.cipher_count');
      list(t, 'negotiate_context.cipher_id', at + 2, t.u16le(at), end);
      return;
    case CONTEXT.compression:
      numbers(t, at, 'negotiate_context.comp_alg_count');
      reserved(t, at + 2, 2);
      numbers(t, at + 4, 'negotiate_context.comp_alg_flags');
      list(t, 'negotiate_context.comp_alg_id', at + 8, t.u16le(at), end);
      return;
    case CONTEXT.netname:
      t.put('negotiate_context.netname', t.string(at, length, 'utf16le'), at, length);
      return;
    case CONTEXT.rdma:
      numbers(t, at, 'negotiate_context.rdma_transform_count');
      list(t, 'negotiate_context.rdma_transform_id', at + 8, t.u16le(at), end);
      return;
    case CONTEXT.signing:
      numbers(t, at, 'negotiate_context.signing_alg_count');
      list(t, 'negotiate_context.signing_id', at + 2, t.u16le(at), end);
      return;
    default:
      if (length > 0) t.add('unknown', at, length);
  }
}

/** Numbers of two bytes. Returns the offset after them. */
function list(t: TreeBuilder, key: string, from: number, count: number, end: number): number {
  let at = from;
  for (let i = 0; i < count && i < MAX_LIST && at + 2 <= end; i++) at = numbers(t, at, key);
  return at;
}

export function sessionSetup(t: TreeBuilder, m: Message, at: number): void {
  if (m.isResponse) {
    flags(t, 'session_flags', t.u16le(at + 2), at + 2, 2, 'ses_flags');
    const { offset, length } = place(t, at + 4, false);
    securityBlob(t, m, offset, length);
    const user = m.memory.users.get(m.session);
    if (m.status === 0 && user !== undefined && user.granted === 0) user.granted = t.packet.number;
    return;
  }
  flags(t, 'ses_req_flags', t.u8(at + 2), at + 2, 1);
  flags(t, 'sec_mode', t.u8(at + 3), at + 3, 1);
  flags(t, 'capabilities', t.u32le(at + 4), at + 4, 4);
  numbers(t, at + 8, 'channel');
  const { offset, length } = place(t, at + 12, false);
  numbers(t, at + 16, 'previous_sesid');
  securityBlob(t, m, offset, length);
  const user = userIn(t, m, offset, length) ?? NOBODY;
  if (m.session !== 0n && !m.memory.users.has(m.session))
    m.memory.users.set(m.session, { ...user, asked: t.packet.number, granted: 0 });
}

/** Who an NTLM message in a security blob names; null where it is none. */
function userIn(t: TreeBuilder, m: Message, offset: number, length: number): User | null {
  const from = placeOf(t, m, offset, length);
  if (from < 0) return null;
  const end = from + length;
  const at = from + t.string(from, length, 'latin1').indexOf('NTLMSSP\0');
  if (at < from || at + NTLM.flags + 4 > end || t.u32le(at + NTLM.type) !== NTLM_TYPE.authenticate) return null;
  const isUnicode = (t.u32le(at + NTLM.flags) & 1) !== 0;
  const text = (field: number): string => ntlmText(t.bytes, at, field, end, isUnicode);
  return { account: text(NTLM.user), domain: text(NTLM.domain), host: text(NTLM.host) };
}

export function treeConnect(t: TreeBuilder, m: Message, at: number): void {
  if (m.isResponse) {
    const type = t.u8(at + 2);
    t.put('share_type', type, at + 2, 1);
    reserved(t, at + 3, 1);
    const share = t.u32le(at + 4);
    flags(t, 'share_flags', share, at + 4, 4);
    t.put('share.caching', share & 0x30, at + 4, 4);
    flags(t, 'share_caps', t.u32le(at + 8), at + 8, 4);
    flags(t, 'access_mask', t.u32le(at + 12), at + 12, 4, 'access');
    const key = treeKey(m.session, m.tree);
    if (m.request !== null && !m.memory.trees.has(key))
      m.memory.trees.set(key, { name: m.request.text, type, frame: t.packet.number });
    return;
  }
  const bits = t.u16le(at + 2);
  t.nest(t.text(`Flags: 0x${bits.toString(16).padStart(4, '0')}`, at + 2, 2));
  t.put('tc.cluster_reconnect', bits & 1, at + 2, 2);
  t.put('tc.redirect_to_owner', (bits >> 1) & 1, at + 2, 2);
  t.put('tc.extension_present', (bits >> 2) & 1, at + 2, 2);
  t.put('tc.reserved', bits >> 3, at + 2, 2);
  t.close();
  const { offset, length } = place(t, at + 4, false);
  m.text = textAt(t, m, offset, length);
  t.put('tree', m.text, m.start + offset, length);
  t.addInfo(` Tree: ${m.text}`);
}
