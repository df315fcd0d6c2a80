/** Credentials in Authorization lines: Basic (RFC 7617), and Citrix Access Gateway's, whose parts are Base64 too. */

import { decodeBase64 } from '../../../base/base64.ts';
import { decodeUtf8 } from '../../../base/text.ts';
import { addToken } from '../../text-token.ts';
import type { TreeBuilder } from '../../tree.ts';

/** NTLM or Kerberos, bare or as what is negotiated ([MS-NTHT], RFC 4559). */
const TOKEN = /^(?:ntlm|negotiate|kerberos) +([A-Za-z0-9+/=]+)/i;
const BASIC = /^basic +([A-Za-z0-9+/=]+)/i;
const CITRIX = /^citrixagbasic /i;
const CITRIX_PARTS: readonly (readonly [key: string, name: RegExp, encoded: boolean])[] = [
  ['authcitrix.user', /username="([^"]*)"/i, true],
  ['authcitrix.domain', /domain="([^"]*)"/i, true],
  ['authcitrix.password', /password="([^"]*)"/i, true],
  ['authcitrix.session', /agesessionid="([^"]*)"/i, false],
];

/** Adds what an Authorization value gives away. */
export function addCredentials(t: TreeBuilder, value: string, at: number, length: number): void {
  const basic = BASIC.exec(value);
  if (basic !== null) t.put('authbasic', decodeUtf8(decodeBase64(basic[1])), at, length);
  if (!CITRIX.test(value)) return;
  t.hide('authcitrix', 1, at, length);
  for (const [key, pattern, isEncoded] of CITRIX_PARTS) {
    const part = pattern.exec(value)?.[1];
    if (part !== undefined) t.generated(key, isEncoded ? decodeUtf8(decodeBase64(part)) : part, at, length);
  }
}

/** Dissects a token of NTLM, SPNEGO or Kerberos in Authorization or in a challenge; Info tells of it. */
export function addNegotiation(t: TreeBuilder, value: string): void {
  const token = TOKEN.exec(value)?.[1];
  if (token !== undefined) addToken(t, token);
}
