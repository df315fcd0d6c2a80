/** What protects a call: who signs by what, and the token or signature behind the stub ([MS-RPCE] 2.2.2.11). */

import { isNtlm } from '../../ntlm.ts';
import type { TreeBuilder } from '../../tree.ts';
import { AUTH_LEVELS, AUTH_TYPES } from './names.ts';
import type { Order } from './order.ts';

const AUTH = { spnego: 9, ntlm: 10, kerberos: 16 } as const;
/** Bytes in front of the token. */
export const AUTH_HEADER = 8;
/** The level of authentication at which stubs are encrypted. */
export const PRIVACY = 6;
/** Bytes of the signature behind a call that NTLM protects. */
const NTLM_VERIFIER = 16;

export function verifier(t: TreeBuilder, order: Order, at: number, end: number): void {
  const type = t.u8(at);
  const padding = t.u8(at + 2);
  if (padding > 0 && t.u8(at + 1) !== PRIVACY && t.has(at - padding, padding))
    t.add('auth_padding', at - padding, padding);
  const level = AUTH_LEVELS[t.u8(at + 1)] ?? `Unknown (${t.u8(at + 1)})`;
  t.nest(
    t.put(
      'auth_info',
      new Uint8Array(0),
      at,
      end - at,
      `Auth Info: ${AUTH_TYPES[type] ?? type}, ${level}, AuthContextId(${order.u32(at + 4)})`,
    ),
  );
  t.add('auth_type', at);
  t.add('auth_level', at + 1);
  t.add('auth_pad_len', at + 2);
  t.add('auth_rsrvd', at + 3);
  t.put('auth_ctx_id', order.u32(at + 4), at + 4, 4);
  const token = at + AUTH_HEADER;
  if (type === AUTH.ntlm && end > token) {
    // A row that frame.protocols does not list.
    if (isNtlm(t.bytes, token, end) || end - token === NTLM_VERIFIER) t.dissectUnlisted('ntlmssp', token, end, end);
  } else if (type === AUTH.spnego && end > token) {
    const first = t.u8(token);
    const isToken = first === 0x60 || (first & 0xe0) === 0xa0;
    if (isNtlm(t.bytes, token, end) || (!isToken && first !== 5 && first !== 4)) {
      t.close();
      return;
    }
    t.dissect(isToken && !isWrap(t, token) ? 'spnego' : 'spnego-krb5', token, end, end);
  } else if (type === AUTH.kerberos && end > token) t.dissect('spnego-krb5', token, end, end);
  t.close();
}

/** A Kerberos token in a GSS-API frame: its mechanism follows at once. */
function isWrap(t: TreeBuilder, at: number): boolean {
  if (t.u8(at) !== 0x60 || !t.has(at, 16)) return false;
  const oid = t.u8(at + 1) < 0x80 ? at + 2 : at + 2 + (t.u8(at + 1) & 0x7f);
  return t.has(oid, 11) && t.u8(oid) === 6 && t.u8(oid + 1) === 9 && t.u32(oid + 2) === 0x2a864886;
}
