/** Kerberos 5 (RFC 4120): requests, tickets, errors; over UDP as they are, over TCP behind four bytes of length. */

import { u32 } from '../../base/bytes.ts';
import { BER_TAG, type BerElement, berByNumber, berChildren, berNumber, readBer } from '../ber.ts';
import { AP_OPTIONS, KDC_OPTIONS, optionFields } from '../kerberos-options.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const MESSAGES: Readonly<Record<number, string>> = {
  10: 'AS-REQ',
  11: 'AS-REP',
  12: 'TGS-REQ',
  13: 'TGS-REP',
  14: 'AP-REQ',
  15: 'AP-REP',
  20: 'KRB-SAFE',
  21: 'KRB-PRIV',
  22: 'KRB-CRED',
  30: 'KRB-ERROR',
};
const MESSAGE_FIELDS: Readonly<Record<number, string>> = {
  10: 'as_req_element',
  11: 'as_rep_element',
  12: 'tgs_req_element',
  13: 'tgs_rep_element',
  14: 'ap_req_element',
  15: 'ap_rep_element',
  20: 'krb_safe_element',
  21: 'krb_priv_element',
  22: 'krb_cred_element',
  30: 'krb_error_element',
};
const MESSAGE = {
  asRequest: 10,
  tgsRequest: 12,
  asReply: 11,
  tgsReply: 13,
  apRequest: 14,
  apReply: 15,
  sealed: 21,
  error: 30,
} as const;
const ETYPES: Readonly<Record<number, string>> = {
  0: 'eTYPE-NULL',
  1: 'eTYPE-DES-CBC-CRC',
  2: 'eTYPE-DES-CBC-MD4',
  3: 'eTYPE-DES-CBC-MD5',
  5: 'eTYPE-DES3-CBC-MD5',
  7: 'eTYPE-OLD-DES3-CBC-SHA1',
  8: 'eTYPE-SIGN-DSA-GENERATE',
  9: 'eTYPE-DSA-SHA1',
  10: 'eTYPE-RSA-MD5',
  11: 'eTYPE-RSA-SHA1',
  12: 'eTYPE-RC2-CBC',
  13: 'eTYPE-RSA',
  14: 'eTYPE-RSAES-OAEP',
  15: 'eTYPE-DES-EDE3-CBC',
  16: 'eTYPE-DES3-CBC-SHA1',
  17: 'eTYPE-AES128-CTS-HMAC-SHA1-96',
  18: 'eTYPE-AES256-CTS-HMAC-SHA1-96',
  19: 'eTYPE-AES128-CTS-HMAC-SHA256-128',
  20: 'eTYPE-AES256-CTS-HMAC-SHA384-192',
  23: 'eTYPE-ARCFOUR-HMAC-MD5',
  24: 'eTYPE-ARCFOUR-HMAC-MD5-56',
  25: 'eTYPE-CAMELLIA128-CTS-CMAC',
  26: 'eTYPE-CAMELLIA256-CTS-CMAC',
  48: 'eTYPE-ENCTYPE-PK-CROSS',
  4294967168: 'eTYPE-ARCFOUR-MD4',
  4294967163: 'eTYPE-ARCFOUR-HMAC-OLD',
  4294967161: 'eTYPE-ARCFOUR-HMAC-OLD-EXP',
  4294963200: 'eTYPE-DES-CBC-NONE',
  4294963199: 'eTYPE-DES3-CBC-NONE',
  4294963198: 'eTYPE-DES-CFB64-NONE',
  4294963197: 'eTYPE-DES-PCBC-NONE',
  4294963196: 'eTYPE-DIGEST-MD5-NONE',
  4294963195: 'eTYPE-CRAM-MD5-NONE',
};
const NAME_TYPES: Readonly<Record<number, string>> = {
  0: 'kRB5-NT-UNKNOWN',
  1: 'kRB5-NT-PRINCIPAL',
  2: 'kRB5-NT-SRV-INST',
  3: 'kRB5-NT-SRV-HST',
  4: 'kRB5-NT-SRV-XHST',
  5: 'kRB5-NT-UID',
  6: 'kRB5-NT-X500-PRINCIPAL',
  7: 'kRB5-NT-SMTP-NAME',
  10: 'kRB5-NT-ENTERPRISE-PRINCIPAL',
  11: 'kRB5-NT-WELLKNOWN',
  12: 'kRB5-NT-SRV-HST-DOMAIN',
  4294967166: 'kRB5-NT-ENT-PRINCIPAL-AND-ID',
  4294967168: 'kRB5-NT-MS-PRINCIPAL',
  4294967167: 'kRB5-NT-MS-PRINCIPAL-AND-ID',
  4294966096: 'kRB5-NT-NTLM',
  4294966095: 'kRB5-NT-X509-GENERAL-NAME',
  4294966094: 'kRB5-NT-GSS-HOSTBASED-SERVICE',
  4294966093: 'kRB5-NT-CACHE-UUID',
  4099072534: 'kRB5-NT-SRV-HST-NEEDS-CANON',
};
const PADATA: Readonly<Record<number, string>> = {
  0: 'pA-NONE',
  1: 'pA-TGS-REQ',
  2: 'pA-ENC-TIMESTAMP',
  3: 'pA-PW-SALT',
  5: 'pA-ENC-UNIX-TIME',
  6: 'pA-SANDIA-SECUREID',
  7: 'pA-SESAME',
  8: 'pA-OSF-DCE',
  9: 'pA-CYBERSAFE-SECUREID',
  10: 'pA-AFS3-SALT',
  11: 'pA-ETYPE-INFO',
  12: 'pA-SAM-CHALLENGE',
  13: 'pA-SAM-RESPONSE',
  14: 'pA-PK-AS-REQ-19',
  15: 'pA-PK-AS-REP-19',
  16: 'pA-PK-AS-REQ',
  17: 'pA-PK-AS-REP',
  18: 'pA-PK-OCSP-RESPONSE',
  19: 'pA-ETYPE-INFO2',
  20: 'pA-USE-SPECIFIED-KVNO',
  21: 'pA-SAM-REDIRECT',
  22: 'pA-GET-FROM-TYPED-DATA',
  23: 'pA-SAM-ETYPE-INFO',
  24: 'pA-ALT-PRINC',
  25: 'pA-SERVER-REFERRAL',
  30: 'pA-SAM-CHALLENGE2',
  31: 'pA-SAM-RESPONSE2',
  41: 'pA-EXTRA-TGT',
  101: 'tD-PKINIT-CMS-CERTIFICATES',
  102: 'tD-KRB-PRINCIPAL',
  103: 'tD-KRB-REALM',
  104: 'tD-TRUSTED-CERTIFIERS',
  105: 'tD-CERTIFICATE-INDEX',
  106: 'tD-APP-DEFINED-ERROR',
  107: 'tD-REQ-NONCE',
  108: 'tD-REQ-SEQ',
  109: 'tD-DH-PARAMETERS',
  111: 'tD-CMS-DIGEST-ALGORITHMS',
  112: 'tD-CERT-DIGEST-ALGORITHMS',
  128: 'pA-PAC-REQUEST',
  129: 'pA-FOR-USER',
  130: 'pA-FOR-X509-USER',
  131: 'pA-FOR-CHECK-DUPS',
  132: 'pA-PK-AS-09-BINDING',
  133: 'pA-FX-COOKIE',
  134: 'pA-AUTHENTICATION-SET',
  135: 'pA-AUTH-SET-SELECTED',
  136: 'pA-FX-FAST',
  137: 'pA-FX-ERROR',
  138: 'pA-ENCRYPTED-CHALLENGE',
  141: 'pA-OTP-CHALLENGE',
  142: 'pA-OTP-REQUEST',
  143: 'pA-OTP-CONFIRM',
  144: 'pA-OTP-PIN-CHANGE',
  145: 'pA-EPAK-AS-REQ',
  146: 'pA-EPAK-AS-REP',
  147: 'pA-PKINIT-KX',
  148: 'pA-PKU2U-NAME',
  149: 'pA-REQ-ENC-PA-REP',
  150: 'pA-AS-FRESHNESS',
  151: 'pA-SPAKE',
  152: 'pA-REDHAT-IDP-OAUTH2',
  153: 'pA-REDHAT-PASSKEY',
  161: 'pA-KERB-KEY-LIST-REQ',
  162: 'pA-KERB-KEY-LIST-REP',
  165: 'pA-SUPPORTED-ETYPES',
  166: 'pA-EXTENDED-ERROR',
  167: 'pA-PAC-OPTIONS',
  4294967295: 'pA-PROV-SRV-LOCATION',
};
const ERRORS: Readonly<Record<number, string>> = {
  0: 'eRR-NONE',
  1: 'eRR-NAME-EXP',
  2: 'eRR-SERVICE-EXP',
  3: 'eRR-BAD-PVNO',
  4: 'eRR-C-OLD-MAST-KVNO',
  5: 'eRR-S-OLD-MAST-KVNO',
  6: 'eRR-C-PRINCIPAL-UNKNOWN',
  7: 'eRR-S-PRINCIPAL-UNKNOWN',
  8: 'eRR-PRINCIPAL-NOT-UNIQUE',
  9: 'eRR-NULL-KEY',
  10: 'eRR-CANNOT-POSTDATE',
  11: 'eRR-NEVER-VALID',
  12: 'eRR-POLICY',
  13: 'eRR-BADOPTION',
  14: 'eRR-ETYPE-NOSUPP',
  15: 'eRR-SUMTYPE-NOSUPP',
  16: 'eRR-PADATA-TYPE-NOSUPP',
  17: 'eRR-TRTYPE-NOSUPP',
  18: 'eRR-CLIENT-REVOKED',
  19: 'eRR-SERVICE-REVOKED',
  20: 'eRR-TGT-REVOKED',
  21: 'eRR-CLIENT-NOTYET',
  22: 'eRR-SERVICE-NOTYET',
  23: 'eRR-KEY-EXP',
  24: 'eRR-PREAUTH-FAILED',
  25: 'eRR-PREAUTH-REQUIRED',
  26: 'eRR-SERVER-NOMATCH',
  27: 'eRR-MUST-USE-USER2USER',
  28: 'eRR-PATH-NOT-ACCEPTED',
  29: 'eRR-SVC-UNAVAILABLE',
  31: 'eRR-BAD-INTEGRITY',
  32: 'eRR-TKT-EXPIRED',
  33: 'eRR-TKT-NYV',
  34: 'eRR-REPEAT',
  35: 'eRR-NOT-US',
  36: 'eRR-BADMATCH',
  37: 'eRR-SKEW',
  38: 'eRR-BADADDR',
  39: 'eRR-BADVERSION',
  40: 'eRR-MSG-TYPE',
  41: 'eRR-MODIFIED',
  42: 'eRR-BADORDER',
  43: 'eRR-ILL-CR-TKT',
  44: 'eRR-BADKEYVER',
  45: 'eRR-NOKEY',
  46: 'eRR-MUT-FAIL',
  47: 'eRR-BADDIRECTION',
  48: 'eRR-METHOD',
  49: 'eRR-BADSEQ',
  50: 'eRR-INAPP-CKSUM',
  51: 'pATH-NOT-ACCEPTED',
  52: 'eRR-RESPONSE-TOO-BIG',
  60: 'eRR-GENERIC',
  61: 'eRR-FIELD-TOOLONG',
  62: 'eRROR-CLIENT-NOT-TRUSTED',
  63: 'eRROR-KDC-NOT-TRUSTED',
  64: 'eRROR-INVALID-SIG',
  65: 'eRR-KEY-TOO-WEAK',
  66: 'eRR-CERTIFICATE-MISMATCH',
  67: 'eRR-NO-TGT',
  68: 'eRR-WRONG-REALM',
  69: 'eRR-USER-TO-USER-REQUIRED',
  70: 'eRR-CANT-VERIFY-CERTIFICATE',
  71: 'eRR-INVALID-CERTIFICATE',
  72: 'eRR-REVOKED-CERTIFICATE',
  73: 'eRR-REVOCATION-STATUS-UNKNOWN',
  74: 'eRR-REVOCATION-STATUS-UNAVAILABLE',
  75: 'eRR-CLIENT-NAME-MISMATCH',
  76: 'eRR-KDC-NAME-MISMATCH',
};
const TCP_LENGTH = 4;
const MAX_MESSAGE = 1 << 24;
const APPLICATION = 0x60;

export const kerberos = defineProtocol({
  name: 'kerberos',
  title: 'Kerberos',
  short: 'KRB5',
  on: { 'udp.port': [88], 'tcp.port': [88] },
  fields: {
    as_req_element: { type: 'none', label: 'as-req' },
    as_rep_element: { type: 'none', label: 'as-rep' },
    tgs_req_element: { type: 'none', label: 'tgs-req' },
    tgs_rep_element: { type: 'none', label: 'tgs-rep' },
    ap_req_element: { type: 'none', label: 'ap-req' },
    ap_rep_element: { type: 'none', label: 'ap-rep' },
    krb_safe_element: { type: 'none', label: 'krb-safe' },
    krb_priv_element: { type: 'none', label: 'krb-priv' },
    krb_cred_element: { type: 'none', label: 'krb-cred' },
    krb_error_element: { type: 'none', label: 'krb-error' },
    pvno: { type: 'u32', label: 'pvno', many: true },
    msg_type: { type: 'i32', label: 'msg-type', names: MESSAGES, many: true },
    padata: { type: 'u32', label: 'padata' },
    PA_DATA_element: { type: 'none', label: 'PA-DATA', many: true },
    ETYPE_INFO2_ENTRY_element: { type: 'none', label: 'ETYPE-INFO2-ENTRY', many: true },
    info2_salt: { type: 'string', label: 'salt', many: true },
    s2kparams: { type: 'bytes', label: 's2kparams', many: true },
    ...optionFields,
    padata_type: { type: 'i32', label: 'padata-type', names: PADATA, many: true },
    padata_value: { type: 'bytes', label: 'padata-value', many: true },
    req_body_element: { type: 'none', label: 'req-body' },
    kdc_options: { type: 'bytes', label: 'kdc-options' },
    realm: { type: 'string', label: 'realm', many: true },
    crealm: { type: 'string', label: 'crealm', many: true },
    cname_element: { type: 'none', label: 'cname', many: true },
    sname_element: { type: 'none', label: 'sname', many: true },
    name_type: { type: 'i32', label: 'name-type', names: NAME_TYPES, many: true },
    cname_string: { type: 'u32', label: 'cname-string', many: true },
    sname_string: { type: 'u32', label: 'sname-string', many: true },
    CNameString: { type: 'string', label: 'CNameString', many: true },
    SNameString: { type: 'string', label: 'SNameString', many: true },
    nonce: { type: 'u32', label: 'nonce' },
    etype: { type: 'i32', label: 'etype', names: ETYPES, many: true },
    ENCTYPE: { type: 'i32', label: 'ENCTYPE', names: ETYPES, many: true },
    kvno: { type: 'u32', label: 'kvno', many: true },
    cipher: { type: 'bytes', label: 'cipher', many: true },
    ticket_element: { type: 'none', label: 'ticket', many: true },
    tkt_vno: { type: 'u32', label: 'tkt-vno', many: true },
    enc_part_element: { type: 'none', label: 'enc-part', many: true },
    authenticator_element: { type: 'none', label: 'authenticator', many: true },
    ap_options: { type: 'bytes', label: 'ap-options', many: true },
    error_code: { type: 'i32', label: 'error-code', names: ERRORS, many: true },
    e_text: { type: 'string', label: 'e-text' },
    e_data: { type: 'bytes', label: 'e-data' },
    from: { type: 'time', label: 'from' },
    till: { type: 'time', label: 'till' },
    rtime: { type: 'time', label: 'rtime' },
    stime: { type: 'time', label: 'stime' },
    susec: { type: 'u32', label: 'susec' },
    ctime: { type: 'time', label: 'ctime' },
    cusec: { type: 'u32', label: 'cusec' },
    'kdc-req-body.etype': { type: 'u32', label: 'etype' },
  },
  recognise(bytes, at, end) {
    const from = bytes[at] === 0 ? at + TCP_LENGTH : at;
    if (from !== at && u32(bytes, at) + TCP_LENGTH < end - at) return false;
    return isMessage(bytes, from, end);
  },
  frame(f: Framing): number {
    if (f.end - f.at < TCP_LENGTH) return MORE;
    const length = u32(f.bytes, f.at) & 0x7fffffff;
    return length < 8 || length > MAX_MESSAGE ? NOT_MINE : TCP_LENGTH + length;
  },
  tree(t) {
    const isRecord = t.transport === 'tcp';
    const start = isRecord ? t.at + TCP_LENGTH : t.at;
    const whole = readBer(t.bytes, start, t.end);
    if (whole === null || (whole.id & 0xe0) !== APPLICATION) {
      t.payload(start);
      return;
    }
    t.info('');
    if (isRecord) t.text(`Record Mark: ${t.u32(t.at) & 0x7fffffff} bytes`, t.at, TCP_LENGTH);
    message(t, whole, 0);
  },
});

/** An application tag of a message, around a sequence that starts with version 5. */
function isMessage(bytes: Uint8Array, at: number, end: number): boolean {
  const whole = readBer(bytes, at, end);
  if (whole === null || MESSAGES[whole.number] === undefined || (whole.id & 0xe0) !== APPLICATION) return false;
  const body = readBer(bytes, whole.value, whole.end);
  if (body?.id !== BER_TAG.sequence) return false;
  const first = readBer(bytes, body.value, body.end);
  const version = first === null ? null : readBer(bytes, first.value, first.end);
  return version?.id === BER_TAG.integer && version.end - version.value === 1 && bytes[version.value] === 5;
}

const MAX_NESTED = 4;
const ETYPE_INFO2 = 19;

function message(t: TreeBuilder, whole: BerElement, depth: number): void {
  const type = whole.number;
  const key = MESSAGE_FIELDS[type];
  const body = readBer(t.bytes, whole.value, whole.end);
  if (key === undefined || body === null || depth > MAX_NESTED) return;
  t.nest(t.put(key, new Uint8Array(0), whole.at, whole.end - whole.at));
  const parts = berByNumber(berChildren(t.bytes, body));
  const isRequest = type === MESSAGE.asRequest || type === MESSAGE.tgsRequest;
  number(t, 'pvno', parts.get(isRequest ? 1 : 0));
  number(t, 'msg_type', parts.get(isRequest ? 2 : 1));
  if (depth === 0 && type !== MESSAGE.error) t.addInfo(MESSAGES[type] ?? '');
  if (isRequest) {
    padata(t, parts.get(3), depth);
    requestBody(t, parts.get(4));
  } else if (type === MESSAGE.asReply || type === MESSAGE.tgsReply) {
    padata(t, parts.get(2), depth);
    text(t, 'crealm', parts.get(3));
    principal(t, 'cname', parts.get(4));
    ticket(t, parts.get(5));
    encrypted(t, 'enc_part_element', parts.get(6));
  } else if (type === MESSAGE.apRequest) {
    bitString(t, 'ap_options', parts.get(2), 'APOptions', AP_OPTIONS);
    ticket(t, parts.get(3));
    encrypted(t, 'authenticator_element', parts.get(4));
  } else if (type === MESSAGE.apReply) encrypted(t, 'enc_part_element', parts.get(2));
  else if (type === MESSAGE.sealed) encrypted(t, 'enc_part_element', parts.get(3));
  else if (type === MESSAGE.error) krbError(t, parts);
  t.close();
}

function inside(t: TreeBuilder, tagged: BerElement | undefined): BerElement | null {
  return tagged === undefined ? null : readBer(t.bytes, tagged.value, tagged.end);
}

function number(t: TreeBuilder, key: string, tagged: BerElement | undefined): void {
  const element = inside(t, tagged);
  if (element !== null && element.end > element.value && element.end - element.value <= 5)
    t.put(key, berNumber(t.bytes, element), element.value, element.end - element.value);
}

function text(t: TreeBuilder, key: string, tagged: BerElement | undefined): void {
  const element = inside(t, tagged);
  if (element !== null) t.add(key, element.value, element.end - element.value);
}

/** A BIT STRING's bits, without the byte that counts unused ones. `names`: of the bits, from the first on. */
function bitString(
  t: TreeBuilder,
  key: string,
  tagged: BerElement | undefined,
  prefix: string,
  names: readonly string[],
): void {
  const element = inside(t, tagged);
  if (element === null || element.end <= element.value) return;
  const at = element.value + 1;
  const length = element.end - at;
  t.add(key, at, length);
  t.nest(t.last());
  names.forEach((name, i) => {
    if (i >> 3 < length) t.add(`${prefix}.${name}`, at + (i >> 3));
  });
  t.close();
}

/** KerberosTime: `20370913024805Z`. */
function time(t: TreeBuilder, key: string, tagged: BerElement | undefined): void {
  const element = inside(t, tagged);
  if (element === null) return;
  const parsed = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(
    t.string(element.value, element.end - element.value, 'ascii'),
  );
  if (parsed === null) return;
  const [year, month, day, hour, minute, second] = parsed.slice(1).map(Number);
  t.put(
    key,
    BigInt(Date.UTC(year, month - 1, day, hour, minute, second)) * 1_000_000n,
    element.value,
    element.end - element.value,
  );
}

function principal(t: TreeBuilder, key: 'cname' | 'sname', tagged: BerElement | undefined): void {
  const element = inside(t, tagged);
  if (element === null) return;
  const parts = berByNumber(berChildren(t.bytes, element));
  t.nest(t.put(`${key}_element`, new Uint8Array(0), element.at, element.end - element.at));
  number(t, 'name_type', parts.get(0));
  const list = inside(t, parts.get(1));
  if (list !== null) {
    const names = berChildren(t.bytes, list);
    t.nest(t.put(`${key}_string`, names.length, list.at, list.end - list.at));
    for (const name of names) t.add(key === 'cname' ? 'CNameString' : 'SNameString', name.value, name.end - name.value);
    t.close();
  }
  t.close();
}

function ticket(t: TreeBuilder, tagged: BerElement | undefined): void {
  const element = inside(t, tagged);
  const body = element === null ? null : readBer(t.bytes, element.value, element.end);
  if (element === null || body === null) return;
  const parts = berByNumber(berChildren(t.bytes, body));
  t.nest(t.put('ticket_element', new Uint8Array(0), element.at, element.end - element.at));
  number(t, 'tkt_vno', parts.get(0));
  text(t, 'realm', parts.get(1));
  principal(t, 'sname', parts.get(2));
  encrypted(t, 'enc_part_element', parts.get(3));
  t.close();
}

function encrypted(t: TreeBuilder, key: string, tagged: BerElement | undefined): void {
  const element = inside(t, tagged);
  if (element === null) return;
  const parts = berByNumber(berChildren(t.bytes, element));
  t.nest(t.put(key, new Uint8Array(0), element.at, element.end - element.at));
  number(t, 'etype', parts.get(0));
  number(t, 'kvno', parts.get(1));
  text(t, 'cipher', parts.get(2));
  t.close();
}

function padata(t: TreeBuilder, tagged: BerElement | undefined, depth: number): void {
  const list = inside(t, tagged);
  if (list === null) return;
  const items = berChildren(t.bytes, list);
  t.nest(t.put('padata', items.length, list.at, list.end - list.at));
  for (const item of items) {
    const parts = berByNumber(berChildren(t.bytes, item));
    t.nest(t.put('PA_DATA_element', new Uint8Array(0), item.at, item.end - item.at));
    const kind = inside(t, parts.get(1));
    number(t, 'padata_type', parts.get(1));
    const value = inside(t, parts.get(2));
    t.close();
    if (value === null) continue;
    t.nest(t.last());
    t.add('padata_value', value.value, value.end - value.value);
    if (kind !== null && berNumber(t.bytes, kind) === ETYPE_INFO2) etypeInfo(t, value);
    const nested = readBer(t.bytes, value.value, value.end);
    if (nested !== null && nested.id === 0x6e) {
      t.nest(t.last());
      message(t, nested, depth + 1);
      t.close();
    }
    t.close();
  }
  t.close();
}

/** RFC 4120 5.2.7.5: which encryption a password is used with, and its salt. */
function etypeInfo(t: TreeBuilder, value: BerElement): void {
  const list = readBer(t.bytes, value.value, value.end);
  if (list === null) return;
  t.nest(t.last());
  for (const entry of berChildren(t.bytes, list)) {
    const parts = berByNumber(berChildren(t.bytes, entry));
    t.nest(t.put('ETYPE_INFO2_ENTRY_element', new Uint8Array(0), entry.at, entry.end - entry.at));
    number(t, 'etype', parts.get(0));
    text(t, 'info2_salt', parts.get(1));
    text(t, 's2kparams', parts.get(2));
    t.close();
  }
  t.close();
}

function requestBody(t: TreeBuilder, tagged: BerElement | undefined): void {
  const body = inside(t, tagged);
  if (body === null) return;
  const parts = berByNumber(berChildren(t.bytes, body));
  t.nest(t.put('req_body_element', new Uint8Array(0), body.at, body.end - body.at));
  bitString(t, 'kdc_options', parts.get(0), 'KDCOptions', KDC_OPTIONS);
  principal(t, 'cname', parts.get(1));
  text(t, 'realm', parts.get(2));
  principal(t, 'sname', parts.get(3));
  time(t, 'from', parts.get(4));
  time(t, 'till', parts.get(5));
  time(t, 'rtime', parts.get(6));
  number(t, 'nonce', parts.get(7));
  const list = inside(t, parts.get(8));
  if (list !== null) {
    const types = berChildren(t.bytes, list);
    t.nest(t.put('kdc-req-body.etype', types.length, list.at, list.end - list.at));
    for (const type of types) t.put('ENCTYPE', berNumber(t.bytes, type), type.value, type.end - type.value);
    t.close();
  }
  t.close();
}

/** Who answers with such a code is in its name in Info: the KDC up to 29, either side up to 61, public keys (RFC 4556) behind. */
function errorName(code: number): string {
  const [, word = '', name = ''] = /^(eRR-|eRROR-|p)(.*)$/.exec((ERRORS[code] ?? '').replace(/^pATH/, 'pPATH')) ?? [];
  const title = name.replaceAll('-', '_');
  if (word === '') return `Unknown error code 0x${code.toString(16)}`;
  if (word === 'p') return `KRB5KDC_AP_${title}`;
  if (word === 'eRROR-') return `KDC_ERROR_${title}`;
  if (code <= 29) return `KRB5KDC_ERR_${title}`;
  if (code <= 50) return `KRB5KRB_AP_ERR_${title}`;
  if (code <= 61) return `KRB5KRB_ERR_${title}`;
  return `${code === 67 || code === 69 ? 'KRB_AP' : 'KDC'}_ERR_${title}`;
}

function krbError(t: TreeBuilder, parts: ReadonlyMap<number, BerElement>): void {
  time(t, 'ctime', parts.get(2));
  number(t, 'cusec', parts.get(3));
  time(t, 'stime', parts.get(4));
  number(t, 'susec', parts.get(5));
  const code = inside(t, parts.get(6));
  if (code !== null) {
    const value = berNumber(t.bytes, code);
    t.put('error_code', value, code.value, code.end - code.value);
    t.addInfo(`KRB Error: ${errorName(value)}`);
  }
  text(t, 'crealm', parts.get(7));
  principal(t, 'cname', parts.get(8));
  text(t, 'realm', parts.get(9));
  principal(t, 'sname', parts.get(10));
  text(t, 'e_text', parts.get(11));
  text(t, 'e_data', parts.get(12));
}
