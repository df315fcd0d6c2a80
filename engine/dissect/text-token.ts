/**
 * Tokens of NTLM, SPNEGO and Kerberos that protocols of text carry in Base64: credentials of HTTP (RFC 4559, [MS-NTHT]), SASL
 * exchanges of mail (RFC 4422, RFC 4752, [MS-SMTPNTLM], [MS-OXIMAP], [MS-POP]).
 */

import { decodeBase64 } from '../base/base64.ts';
import { BER_TAG, readBer } from './ber.ts';
import { isNtlm } from './ntlm.ts';
import type { TreeBuilder } from './tree.ts';

/** Layers that a token may be: what a protocol that carries them opens. */
export const TOKEN_LAYERS: readonly string[] = ['gss-api', 'ntlmssp'];
/** Shorter ones say nothing. */
const SHORTEST = 16;
const BASE64 = /^[A-Za-z0-9+/]+=*$/;
/** First byte of a token, and of what is in it: GSS-API's frame (RFC 2743 3.1), SPNEGO's without one (RFC 4178 4.2). */
const INSIDE: Readonly<Record<number, number>> = { 96: BER_TAG.oid, 160: BER_TAG.sequence, 161: BER_TAG.sequence };

/** The bytes of a token; null: the text is none. */
function tokenOf(text: string): Uint8Array | null {
  if (text.length < SHORTEST || !BASE64.test(text)) return null;
  const bytes = decodeBase64(text);
  if (isNtlm(bytes, 0, bytes.length)) return bytes;
  const whole = readBer(bytes, 0, bytes.length);
  if (whole === null || INSIDE[bytes[0]] === undefined || whole.wireEnd !== bytes.length) return null;
  return readBer(bytes, whole.value, whole.end)?.id === INSIDE[bytes[0]] ? bytes : null;
}

/** What stands behind a line's last space. */
export function lastWord(line: string): string {
  return line.slice(line.lastIndexOf(' ') + 1);
}

/** Dissects a token that a line has; false: it is none. The layer's name and Info stay, with the token's summary behind. */
export function addToken(t: TreeBuilder, text: string): boolean {
  const bytes = tokenOf(text);
  if (bytes === null) return false;
  const { columnSoFar, hint } = t;
  const layer = isNtlm(bytes, 0, bytes.length) ? 'ntlmssp' : 'gss-api';
  t.within('Credentials', bytes, () => t.dissect(layer, 0));
  t.column(columnSoFar);
  t.hint = hint;
  return true;
}
