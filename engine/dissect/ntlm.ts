/** What an NTLM message says of itself in one line ([MS-NLMP] 2.2.1), for the protocols that carry one. */

import { u16le, u32le } from '../base/bytes.ts';
import { decodeLatin1, decodeUtf16le } from '../base/text.ts';

export const NTLM_TYPE = { negotiate: 1, challenge: 2, authenticate: 3 } as const;
export const NTLM_NAMES: Readonly<Record<number, string>> = {
  1: 'NTLMSSP_NEGOTIATE',
  2: 'NTLMSSP_CHALLENGE',
  3: 'NTLMSSP_AUTH',
};
const UNICODE = 1;
/** Offsets in an AUTHENTICATE message. */
export const NTLM_AT = { type: 8, domain: 28, user: 36, host: 44, flags: 60 } as const;
const SIGNATURE = [0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0] as const;

export function isNtlm(bytes: Uint8Array, at: number, end: number): boolean {
  return at + 12 <= end && SIGNATURE.every((byte, i) => bytes[at + i] === byte);
}

/** A text that a message points to: length, room, offset. */
export function ntlmText(bytes: Uint8Array, message: number, field: number, end: number, isUnicode: boolean): string {
  if (message + field + 8 > end) return '';
  const length = u16le(bytes, message + field);
  const from = message + u32le(bytes, message + field + 4);
  if (from < message || from + length > end) return '';
  return isUnicode ? decodeUtf16le(bytes, from, from + length) : decodeLatin1(bytes, from, from + length);
}

/** Are an AUTHENTICATE message's texts UTF-16? */
export function ntlmIsUnicode(bytes: Uint8Array, at: number, end: number): boolean {
  return at + NTLM_AT.flags + 4 > end || (u32le(bytes, at + NTLM_AT.flags) & UNICODE) !== 0;
}

/** `NTLMSSP_AUTH, User: DOMAIN\name`; empty where it is no NTLM message. */
export function ntlmSummary(bytes: Uint8Array, at: number, end: number): string {
  if (!isNtlm(bytes, at, end)) return '';
  const type = u32le(bytes, at + NTLM_AT.type);
  const name = NTLM_NAMES[type] ?? `Unknown message type (${type})`;
  if (type !== NTLM_TYPE.authenticate) return name;
  const isUnicode = ntlmIsUnicode(bytes, at, end);
  const domain = ntlmText(bytes, at, NTLM_AT.domain, end, isUnicode);
  const user = ntlmText(bytes, at, NTLM_AT.user, end, isUnicode);
  return `${name}, User: ${domain}\\${user}`;
}
