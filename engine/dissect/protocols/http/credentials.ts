/** Credentials in Authorization lines: Basic (RFC 7617), and Citrix Access Gateway's, whose parts are Base64 too. */

import { decodeBase64 } from '../../../base/base64.ts';
import { u32le } from '../../../base/bytes.ts';
import { decodeUtf8 } from '../../../base/text.ts';
import type { FieldSpec } from '../../field-spec.ts';
import { isNtlm, NTLM_AT, NTLM_NAMES, NTLM_TYPE, ntlmIsUnicode, ntlmSummary, ntlmText } from '../../ntlm.ts';
import type { TreeBuilder } from '../../tree.ts';

/** NTLM, bare or as what is negotiated ([MS-NTHT], RFC 4559). */
const TOKEN = /^(?:ntlm|negotiate) +([A-Za-z0-9+/=]+)/i;
const BASIC = /^basic +([A-Za-z0-9+/=]+)/i;
const CITRIX = /^citrixagbasic /i;
const CITRIX_PARTS: readonly (readonly [key: string, name: RegExp, encoded: boolean])[] = [
  ['authcitrix.user', /username="([^"]*)"/i, true],
  ['authcitrix.domain', /domain="([^"]*)"/i, true],
  ['authcitrix.password', /password="([^"]*)"/i, true],
  ['authcitrix.session', /agesessionid="([^"]*)"/i, false],
];

/** What NTLM says of who signs in, by the names it has there. */
export const NTLM_FIELDS: Readonly<Record<string, FieldSpec>> = {
  'ntlm.messagetype': {
    type: 'u32',
    show: 'hex',
    label: 'NTLM Message Type',
    names: NTLM_NAMES,
    abbrev: 'ntlmssp.messagetype',
    many: true,
  },
  'ntlm.domain': { type: 'string', label: 'Domain name', abbrev: 'ntlmssp.auth.domain', many: true },
  'ntlm.username': { type: 'string', label: 'User name', abbrev: 'ntlmssp.auth.username', many: true },
  'ntlm.hostname': { type: 'string', label: 'Host name', abbrev: 'ntlmssp.auth.hostname', many: true },
};

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

/** Adds what an NTLM message in Authorization or a challenge says, to Info too. */
export function addNtlm(t: TreeBuilder, value: string, at: number, length: number): void {
  const token = TOKEN.exec(value);
  if (token === null) return;
  const bytes = decodeBase64(token[1]);
  const end = bytes.length;
  if (!isNtlm(bytes, 0, end)) return;
  const type = u32le(bytes, NTLM_AT.type);
  t.put('ntlm.messagetype', type, at, length);
  if (type === NTLM_TYPE.authenticate) {
    const isUnicode = ntlmIsUnicode(bytes, 0, end);
    t.put('ntlm.domain', ntlmText(bytes, 0, NTLM_AT.domain, end, isUnicode), at, length);
    t.put('ntlm.username', ntlmText(bytes, 0, NTLM_AT.user, end, isUnicode), at, length);
    t.put('ntlm.hostname', ntlmText(bytes, 0, NTLM_AT.host, end, isUnicode), at, length);
  }
  t.addInfo(`, ${ntlmSummary(bytes, 0, end)}`);
}
