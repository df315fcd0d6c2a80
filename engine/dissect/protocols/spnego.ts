/** GSS-API tokens (RFC 2743 3.1), SPNEGO (RFC 4178) and the Kerberos tokens inside (RFC 4121): who authenticates by what. */

import { BER_TAG, type BerElement, berByNumber, berChildren, readBer } from '../ber.ts';
import { formatOid } from '../node.ts';
import { isNtlm } from '../ntlm.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const APPLICATION_TOKEN = 0x60;
const SPNEGO_OID = '1.3.6.1.5.5.2';
const NTLM_OID = '1.3.6.1.4.1.311.2.2.10';
const KERBEROS_OIDS: readonly string[] = ['1.2.840.113554.1.2.2', '1.2.840.48018.1.2.2', '1.2.840.113554.1.2.2.3'];
const MECHANISMS: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.2': 'SPNEGO - Simple Protected Negotiation',
  '1.3.6.1.4.1.311.2.2.10': 'NTLMSSP - Microsoft NTLM Security Support Provider',
  '1.2.840.113554.1.2.2': 'KRB5 - Kerberos 5',
  '1.2.840.48018.1.2.2': 'MS KRB5 - Microsoft Kerberos 5',
  '1.2.840.113554.1.2.2.3': 'KRB5 - Kerberos 5 - User to User',
  '1.3.6.1.4.1.311.2.2.30': 'NEGOEX - SPNEGO Extended Negotiation Security Mechanism',
};
const RESULTS: Readonly<Record<number, string>> = {
  0: 'accept-completed',
  1: 'accept-incomplete',
  2: 'reject',
  3: 'request-mic',
};
const TOKEN_IDS: Readonly<Record<number, string>> = {
  0x1: 'KRB5_AP_REQ',
  0x2: 'KRB5_AP_REP',
  0x3: 'KRB5_ERROR',
  0x101: 'KRB5_GSS_GetMIC',
  0x102: 'KRB5_GSS_Wrap',
  0x201: 'KRB5_GSS_Delete_sec_context',
  0x4: 'KERB_TGT_REQUEST',
  0x104: 'KERB_TGT_REPLY',
  0x404: 'KRB_TOKEN_CFX_GetMic',
  0x405: 'KRB_TOKEN_CFX_WRAP',
};

interface Memory {
  /** Mechanism of this conversation, as far as it is known: a first token or a response names it. */
  mechanism: string;
  /** The same as it was when a frame was seen first. */
  readonly seen: Map<number, string>;
}

export const gssApi = defineProtocol({
  name: 'gss-api',
  title: 'GSS-API Generic Security Service Application Program Interface',
  short: 'GSS-API',
  opens: ['spnego', 'spnego-krb5', 'ntlmssp'],
  fields: {
    OID: { type: 'string', label: 'OID' },
  },
  tree(t) {
    const token = readBer(t.bytes, t.at, t.end);
    if (token?.id === APPLICATION_TOKEN) {
      const oid = readBer(t.bytes, token.value, token.end);
      if (oid?.id !== BER_TAG.oid) return;
      const name = formatOid(t.slice(oid.value, oid.end - oid.value));
      t.put('OID', name, oid.value, oid.end - oid.value).text =
        `OID: ${name}${MECHANISMS[name] === undefined ? '' : ` (${MECHANISMS[name]})`}`;
      if (name === SPNEGO_OID) t.dissect('spnego', oid.end, token.end, token.wireEnd);
      else if (KERBEROS_OIDS.includes(name)) t.dissect('spnego-krb5', oid.end, t.end);
      return;
    }
    if (isNtlm(t.bytes, t.at, t.end)) t.dissect('ntlmssp', t.at);
    else if (token !== null && (token.id & 0xe0) === 0xa0) t.dissect('spnego', t.at);
    else if (isWrapToken(t.bytes, t.at, t.end)) t.dissect('spnego-krb5', t.at);
  },
});

/** The newer tokens of Kerberos (RFC 4121 4.2.6) have no frame around them. */
function isWrapToken(bytes: Uint8Array, at: number, end: number): boolean {
  return at + 2 <= end && ((bytes[at] === 5 && bytes[at + 1] === 4) || (bytes[at] === 4 && bytes[at + 1] === 4));
}

export const spnego = defineProtocol({
  name: 'spnego',
  title: 'Simple Protected Negotiation',
  short: 'SPNEGO',
  remembers: true,
  opens: ['ntlmssp', 'spnego-krb5', 'spnego'],
  fields: {
    negTokenInit_element: { type: 'none', label: 'negTokenInit' },
    negTokenTarg_element: { type: 'none', label: 'negTokenTarg' },
    mechTypes: { type: 'u32', label: 'mechTypes' },
    MechType: { type: 'oid', label: 'MechType', many: true },
    mechToken: { type: 'bytes', label: 'mechToken' },
    mechListMIC: { type: 'bytes', label: 'mechListMIC' },
    negResult: { type: 'u32', label: 'negResult', names: RESULTS },
    supportedMech: { type: 'oid', label: 'supportedMech' },
    responseToken: { type: 'bytes', label: 'responseToken' },
    negHints_element: { type: 'none', label: 'negHints' },
    hintName: { type: 'string', label: 'hintName' },
  },
  tree(t) {
    const token = readBer(t.bytes, t.at, t.end);
    if (token === null) return;
    if (token.id === APPLICATION_TOKEN) {
      const oid = readBer(t.bytes, token.value, token.end);
      if (oid?.id !== BER_TAG.oid) return;
      const inner = readBer(t.bytes, oid.end, token.end);
      if (inner !== null) negotiate(t, inner);
      return;
    }
    negotiate(t, token);
  },
});

function negotiate(t: TreeBuilder, token: BerElement): void {
  const body = readBer(t.bytes, token.value, token.end);
  if (body?.id !== BER_TAG.sequence) return;
  const memory = t.conversation((): Memory => ({ mechanism: '', seen: new Map() }));
  const parts = berByNumber(berChildren(t.bytes, body));
  const isInit = token.number === 0;
  t.nest(
    t.put(isInit ? 'negTokenInit_element' : 'negTokenTarg_element', new Uint8Array(0), token.at, token.end - token.at),
  );
  let mechanism = memory.seen.get(t.packet.number) ?? memory.mechanism;
  if (isInit) {
    const types = inside(t, parts.get(0));
    if (types !== null) {
      const list = berChildren(t.bytes, types);
      t.nest(t.put('mechTypes', list.length, types.at, types.end - types.at));
      for (const type of list) {
        t.add('MechType', type.value, type.end - type.value);
        const oid = formatOid(t.slice(type.value, type.end - type.value));
        t.last().text = `MechType: ${oid}${MECHANISMS[oid] === undefined ? '' : ` (${MECHANISMS[oid]})`}`;
      }
      t.close();
      const [first] = list;
      if (first !== undefined) mechanism = formatOid(t.slice(first.value, first.end - first.value));
    }
  } else {
    const result = inside(t, parts.get(0));
    if (result !== null && result.end > result.value) t.put('negResult', t.u8(result.value), result.value, 1);
    const supported = inside(t, parts.get(1));
    if (supported !== null) {
      t.add('supportedMech', supported.value, supported.end - supported.value);
      mechanism = formatOid(t.slice(supported.value, supported.end - supported.value));
    }
  }
  memory.seen.set(t.packet.number, mechanism);
  memory.mechanism = mechanism;
  const tokenOf = inside(t, parts.get(2));
  if (tokenOf !== null && tokenOf.end > tokenOf.value) {
    t.add(isInit ? 'mechToken' : 'responseToken', tokenOf.value, tokenOf.end - tokenOf.value);
    inner(t, tokenOf, mechanism);
  }
  const mic = parts.get(3);
  const micValue = inside(t, mic);
  if (micValue?.id === BER_TAG.sequence) hints(t, micValue);
  if (micValue !== null && micValue.id === BER_TAG.octetString) {
    t.add('mechListMIC', micValue.value, micValue.end - micValue.value);
    inner(t, micValue, mechanism);
  }
  t.close();
}

/** What Windows says where there is no MIC ([MS-SPNG] 2.2.1). */
function hints(t: TreeBuilder, element: BerElement): void {
  t.nest(t.put('negHints_element', new Uint8Array(0), element.at, element.end - element.at));
  const name = inside(t, berByNumber(berChildren(t.bytes, element)).get(0));
  if (name !== null) t.add('hintName', name.value, name.end - name.value);
  t.close();
}

/** The element inside an explicit tag. */
function inside(t: TreeBuilder, tagged: BerElement | undefined): BerElement | null {
  return tagged === undefined ? null : readBer(t.bytes, tagged.value, tagged.end);
}

function inner(t: TreeBuilder, token: BerElement, mechanism: string): void {
  if (isNtlm(t.bytes, token.value, token.end) || mechanism === NTLM_OID) {
    const isVerifier = !isNtlm(t.bytes, token.value, token.end);
    if (isVerifier && token.end - token.value !== 16) return;
    t.dissect('ntlmssp', token.value, token.end, token.end);
  } else if (KERBEROS_OIDS.includes(mechanism)) t.dissect('spnego-krb5', token.value, token.end, token.end);
}

/** First two bytes of tokens, in the order they are sent. */
const KRB5_TOKEN = { mic: 0x0101, wrap: 0x0201, cfxMic: 0x0404, cfxWrap: 0x0504 } as const;

export const spnegoKrb5 = defineProtocol({
  name: 'spnego-krb5',
  title: 'SPNEGO-KRB5',
  short: 'SPNEGO-KRB5',
  opens: ['kerberos'],
  fields: {
    'spnego.krb5_oid': { type: 'string', label: 'KRB5 OID', abbrev: 'spnego.krb5_oid' },
    'spnego.krb5.blob': { type: 'bytes', label: 'krb5_blob', abbrev: 'spnego.krb5.blob' },
    'spnego.krb5.tok_id': {
      type: 'u16',
      show: 'hex',
      label: 'krb5_tok_id',
      names: TOKEN_IDS,
      abbrev: 'spnego.krb5.tok_id',
    },
    'spnego.krb5.sgn_alg': { type: 'u16', show: 'hex', label: 'krb5_sgn_alg', abbrev: 'spnego.krb5.sgn_alg' },
    'spnego.krb5.seal_alg': { type: 'u16', show: 'hex', label: 'krb5_seal_alg', abbrev: 'spnego.krb5.seal_alg' },
    'spnego.krb5.snd_seq': { type: 'bytes', label: 'krb5_snd_seq', abbrev: 'spnego.krb5.snd_seq' },
    'spnego.krb5.sgn_cksum': { type: 'bytes', label: 'krb5_sgn_cksum', abbrev: 'spnego.krb5.sgn_cksum' },
    'spnego.krb5.confounder': { type: 'bytes', label: 'krb5_confounder', abbrev: 'spnego.krb5.confounder' },
    'spnego.krb5.cfx_flags': { type: 'u8', show: 'hex', label: 'krb5_cfx_flags', abbrev: 'spnego.krb5.cfx_flags' },
    'spnego.krb5.acceptor_subkey': {
      type: 'bool',
      of: 'u8',
      bits: [2, 2],
      label: 'AcceptorSubkey',
      abbrev: 'spnego.krb5.acceptor_subkey',
    },
    'spnego.krb5.sealed': { type: 'bool', of: 'u8', bits: [1, 1], label: 'Sealed', abbrev: 'spnego.krb5.sealed' },
    'spnego.krb5.send_by_acceptor': {
      type: 'bool',
      of: 'u8',
      bits: [0, 0],
      label: 'SendByAcceptor',
      abbrev: 'spnego.krb5.send_by_acceptor',
    },
    'spnego.krb5.cfx_ec': { type: 'u16', label: 'krb5_cfx_ec', abbrev: 'spnego.krb5.cfx_ec' },
    'spnego.krb5.cfx_rrc': { type: 'u16', label: 'krb5_cfx_rrc', abbrev: 'spnego.krb5.cfx_rrc' },
    'spnego.krb5.cfx_seq': { type: 'u64', label: 'krb5_cfx_seq', abbrev: 'spnego.krb5.cfx_seq' },
    'spnego.krb5.filler': { type: 'bytes', label: 'krb5_filler', abbrev: 'spnego.krb5.filler' },
  },
  tree(t) {
    let at = t.at;
    const token = readBer(t.bytes, t.at, t.end);
    if (token?.id === APPLICATION_TOKEN) {
      const oid = readBer(t.bytes, token.value, token.end);
      if (oid?.id !== BER_TAG.oid) return;
      t.put('spnego.krb5.blob', t.slice(t.at, t.end - t.at), t.at, t.end - t.at);
      t.put('spnego.krb5_oid', formatOid(t.slice(oid.value, oid.end - oid.value)), oid.value, oid.end - oid.value);
      at = oid.end;
    }
    if (!t.has(at, 2)) return;
    if (at === t.at) t.add('spnego.krb5.blob', at, Math.min(t.end - at, tokenLength(t.u16(at))));
    if ((t.u8(at) & 0xe0) === APPLICATION_TOKEN) {
      kerberosMessage(t, at); // as DCE/RPC has them: neither frame nor id
      return;
    }
    t.put('spnego.krb5.tok_id', t.u16le(at), at, 2);
    krb5Token(t, at);
  },
});

/** Bytes of a token in front of what it protects. */
function tokenLength(kind: number): number {
  if (kind === KRB5_TOKEN.wrap) return 32;
  return kind === KRB5_TOKEN.mic ? 24 : Number.POSITIVE_INFINITY;
}

/** Signed and sealed tokens: RFC 1964 1.2 with RC4 (RFC 4757 7), and those of RFC 4121 4.2.6. */
function krb5Token(t: TreeBuilder, at: number): void {
  switch (t.u16(at)) {
    case KRB5_TOKEN.mic:
      rc4Token(t, at, false);
      return;
    case KRB5_TOKEN.wrap:
      rc4Token(t, at, true);
      return;
    case KRB5_TOKEN.cfxMic:
      cfxFlags(t, at + 2);
      t.add('spnego.krb5.filler', at + 3, 5);
      t.put('spnego.krb5.cfx_seq', t.u64(at + 8), at + 8, 8);
      if (t.end > at + 16) t.add('spnego.krb5.sgn_cksum', at + 16, t.end - at - 16);
      return;
    case KRB5_TOKEN.cfxWrap:
      cfxFlags(t, at + 2);
      t.add('spnego.krb5.filler', at + 3, 1);
      t.put('spnego.krb5.cfx_ec', t.u16(at + 4), at + 4, 2);
      t.put('spnego.krb5.cfx_rrc', t.u16(at + 6), at + 6, 2);
      t.put('spnego.krb5.cfx_seq', t.u64(at + 8), at + 8, 8);
      return;
    default:
      kerberosMessage(t, at + 2);
  }
}

/** AP-REQ, AP-REP or KRB-ERROR behind the token's id (RFC 4121 4.1): a row that frame.protocols does not list. */
function kerberosMessage(t: TreeBuilder, at: number): void {
  if (at >= t.end || (t.u8(at) & 0xe0) !== APPLICATION_TOKEN) return;
  const said = t.columnSoFar;
  t.hint = 'gss-api';
  t.dissectUnlisted('kerberos', at, t.end);
  t.column(said);
}

function rc4Token(t: TreeBuilder, at: number, isSealed: boolean): void {
  t.put('spnego.krb5.sgn_alg', t.u16le(at + 2), at + 2, 2);
  if (isSealed) t.put('spnego.krb5.seal_alg', t.u16le(at + 4), at + 4, 2);
  t.add('spnego.krb5.snd_seq', at + 8, 8);
  t.add('spnego.krb5.sgn_cksum', at + 16, 8);
  if (isSealed) t.add('spnego.krb5.confounder', at + 24, 8);
}

function cfxFlags(t: TreeBuilder, at: number): void {
  const flags = t.u8(at);
  t.nest(t.put('spnego.krb5.cfx_flags', flags, at, 1));
  t.put('spnego.krb5.acceptor_subkey', (flags >> 2) & 1, at, 1);
  t.put('spnego.krb5.sealed', (flags >> 1) & 1, at, 1);
  t.put('spnego.krb5.send_by_acceptor', flags & 1, at, 1);
  t.close();
}
