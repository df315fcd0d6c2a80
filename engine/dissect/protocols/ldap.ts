/** LDAP version 3 (RFC 4511), over UDP as Active Directory's ping (CLDAP), and its SASL-wrapped messages (RFC 4513 5.2). */

import { u32 } from '../../base/bytes.ts';
import { BER_TAG, type BerElement, berChildren, berLength, berList, berNumber, readBer } from '../ber.ts';
import type { ProtocolSpec } from '../protocol.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const OPERATION = {
  bindRequest: 0,
  bindResponse: 1,
  unbind: 2,
  search: 3,
  entry: 4,
  done: 5,
  modify: 6,
  modifyResponse: 7,
  add: 8,
  addResponse: 9,
  delete: 10,
  deleteResponse: 11,
  modifyDn: 12,
  modifyDnResponse: 13,
  compare: 14,
  compareResponse: 15,
  abandon: 16,
  reference: 19,
  extendedRequest: 23,
  extendedResponse: 24,
  intermediate: 25,
} as const;
const OPERATIONS: Readonly<Record<number, string>> = {
  0: 'bindRequest',
  1: 'bindResponse',
  2: 'unbindRequest',
  3: 'searchRequest',
  4: 'searchResEntry',
  5: 'searchResDone',
  19: 'searchResRef',
  6: 'modifyRequest',
  7: 'modifyResponse',
  8: 'addRequest',
  9: 'addResponse',
  10: 'delRequest',
  11: 'delResponse',
  12: 'modDNRequest',
  13: 'modDNResponse',
  14: 'compareRequest',
  15: 'compareResponse',
  16: 'abandonRequest',
  23: 'extendedReq',
  24: 'extendedResp',
  25: 'intermediateResponse',
};
/** Tag numbers to the names messages are known by. */
const NAMES: Readonly<Record<number, string>> = {
  0: 'bindRequest',
  1: 'bindResponse',
  2: 'unbindRequest',
  3: 'searchRequest',
  4: 'searchResEntry',
  5: 'searchResDone',
  6: 'modifyRequest',
  7: 'modifyResponse',
  8: 'addRequest',
  9: 'addResponse',
  10: 'delRequest',
  11: 'delResponse',
  12: 'modDNRequest',
  13: 'modDNResponse',
  14: 'compareRequest',
  15: 'compareResponse',
  16: 'abandonRequest',
  19: 'searchResRef',
  23: 'extendedReq',
  24: 'extendedResp',
  25: 'intermediateResponse',
};
const RESULTS: Readonly<Record<number, string>> = {
  0: 'success',
  1: 'operationsError',
  2: 'protocolError',
  3: 'timeLimitExceeded',
  4: 'sizeLimitExceeded',
  5: 'compareFalse',
  6: 'compareTrue',
  7: 'authMethodNotSupported',
  8: 'strongAuthRequired',
  10: 'referral',
  11: 'adminLimitExceeded',
  12: 'unavailableCriticalExtension',
  13: 'confidentialityRequired',
  14: 'saslBindInProgress',
  16: 'noSuchAttribute',
  17: 'undefinedAttributeType',
  18: 'inappropriateMatching',
  19: 'constraintViolation',
  20: 'attributeOrValueExists',
  21: 'invalidAttributeSyntax',
  32: 'noSuchObject',
  33: 'aliasProblem',
  34: 'invalidDNSyntax',
  36: 'aliasDereferencingProblem',
  48: 'inappropriateAuthentication',
  49: 'invalidCredentials',
  50: 'insufficientAccessRights',
  51: 'busy',
  52: 'unavailable',
  53: 'unwillingToPerform',
  54: 'loopDetect',
  64: 'namingViolation',
  65: 'objectClassViolation',
  66: 'notAllowedOnNonLeaf',
  67: 'notAllowedOnRDN',
  68: 'entryAlreadyExists',
  69: 'objectClassModsProhibited',
  71: 'affectsMultipleDSAs',
  80: 'other',
  118: 'canceled',
  119: 'noSuchOperation',
  120: 'tooLate',
  121: 'cannotCancel',
};
const SCOPES: Readonly<Record<number, string>> = { 0: 'baseObject', 1: 'singleLevel', 2: 'wholeSubtree' };
const AUTHENTICATIONS: Readonly<Record<number, string>> = {
  0: 'simple',
  3: 'sasl',
  10: 'ntlmsspNegotiate',
  11: 'ntlmsspAuth',
};
const MAX_WRAPPED = 1 << 24;

interface Memory {
  /** Operation and frame of requests by message id; results of searches so far. */
  readonly requests: Map<number, { readonly frame: number; readonly time: bigint | null; readonly base: string }>;
  readonly results: Map<number, number>;
  readonly visited: Map<string, number>;
}

function protocol(name: 'ldap' | 'cldap', title: string, rest: Partial<ProtocolSpec>): ProtocolSpec {
  return defineProtocol({
    name,
    title,
    remembers: true,
    opens: ['gss-api', 'spnego', 'spnego-krb5', 'ntlmssp'],
    fields: {
      'ldap.LDAPMessage_element': { type: 'none', label: 'LDAPMessage', abbrev: 'ldap.LDAPMessage_element' },
      'ldap.messageID': { type: 'u32', label: 'messageID', abbrev: 'ldap.messageID' },
      'ldap.protocolOp': { type: 'u32', label: 'protocolOp', names: OPERATIONS, abbrev: 'ldap.protocolOp' },
      'ldap.version': { type: 'u32', label: 'version', abbrev: 'ldap.version' },
      'ldap.name': { type: 'string', label: 'name', abbrev: 'ldap.name' },
      'ldap.authentication': {
        type: 'u32',
        label: 'authentication',
        names: AUTHENTICATIONS,
        abbrev: 'ldap.authentication',
      },
      'ldap.simple': { type: 'string', label: 'simple', abbrev: 'ldap.simple' },
      'ldap.mechanism': { type: 'string', label: 'mechanism', abbrev: 'ldap.mechanism' },
      'ldap.credentials': { type: 'bytes', label: 'credentials', abbrev: 'ldap.credentials' },
      'ldap.baseObject': { type: 'string', label: 'baseObject', abbrev: 'ldap.baseObject' },
      'ldap.scope': { type: 'u32', label: 'scope', names: SCOPES, abbrev: 'ldap.scope' },
      'ldap.derefAliases': { type: 'u32', label: 'derefAliases', abbrev: 'ldap.derefAliases' },
      'ldap.sizeLimit': { type: 'u32', label: 'sizeLimit', abbrev: 'ldap.sizeLimit' },
      'ldap.timeLimit': { type: 'u32', label: 'timeLimit', abbrev: 'ldap.timeLimit' },
      'ldap.typesOnly': { type: 'bool', label: 'typesOnly', abbrev: 'ldap.typesOnly' },
      'ldap.attributes': { type: 'u32', label: 'attributes', abbrev: 'ldap.attributes' },
      'ldap.AttributeDescription': {
        type: 'string',
        label: 'AttributeDescription',
        many: true,
        abbrev: 'ldap.AttributeDescription',
      },
      'ldap.objectName': { type: 'string', label: 'objectName', abbrev: 'ldap.objectName' },
      'ldap.type': { type: 'string', label: 'type', many: true, abbrev: 'ldap.type' },
      'ldap.AttributeValue': { type: 'bytes', label: 'AttributeValue', many: true, abbrev: 'ldap.AttributeValue' },
      'ldap.resultCode': { type: 'u32', label: 'resultCode', names: RESULTS, abbrev: 'ldap.resultCode' },
      'ldap.matchedDN': { type: 'string', label: 'matchedDN', abbrev: 'ldap.matchedDN' },
      'ldap.errorMessage': { type: 'string', label: 'errorMessage', abbrev: 'ldap.errorMessage' },
      'ldap.requestName': { type: 'string', label: 'requestName', abbrev: 'ldap.requestName' },
      'ldap.responseName': { type: 'string', label: 'responseName', abbrev: 'ldap.responseName' },
      'ldap.sasl_buffer_length': { type: 'u32', label: 'SASL Buffer Length', abbrev: 'ldap.sasl_buffer_length' },
      'ldap.gssapi_encrypted_payload': {
        type: 'bytes',
        label: 'GSS-API Encrypted payload',
        abbrev: 'ldap.gssapi_encrypted_payload',
      },
      'ldap.response_to': { type: 'frame', label: 'Response To', abbrev: 'ldap.response_to' },
      'ldap.response_in': { type: 'frame', label: 'Response In', abbrev: 'ldap.response_in' },
      'ldap.time': { type: 'duration', label: 'Time', abbrev: 'ldap.time' },
    },
    tree,
    ...rest,
  });
}

export const ldap = protocol('ldap', 'Lightweight Directory Access Protocol', {
  on: { 'tcp.port': [389, 3268] },
  recognise: (bytes, at, end) => isMessage(bytes, at, end),
  recogniseOn: ['tcp'],
  frame(f: Framing): number {
    const { bytes, at, end } = f;
    if (bytes[at] === BER_TAG.sequence) {
      const length = berLength(bytes, at, end, BER_TAG.sequence);
      return length === 0 ? MORE : length < 0 ? NOT_MINE : length;
    }
    if (end - at < 4) return MORE;
    const length = u32(bytes, at);
    return length === 0 || length > MAX_WRAPPED ? NOT_MINE : 4 + length;
  },
});

export const cldap = protocol('cldap', 'Connectionless Lightweight Directory Access Protocol', {
  on: { 'udp.port': [389] },
});

function isMessage(bytes: Uint8Array, at: number, end: number): boolean {
  const whole = readBer(bytes, at, end);
  if (whole?.id !== BER_TAG.sequence || whole.wireEnd < end) return false;
  const id = readBer(bytes, whole.value, whole.end);
  if (id?.id !== BER_TAG.integer || id.end - id.value > 4 || id.end === id.value) return false;
  const operation = readBer(bytes, id.end, whole.end);
  if (operation === null || (operation.id & 0xc0) !== 0x40 || NAMES[operation.number] === undefined) return false;
  if (operation.number === OPERATION.bindRequest) {
    const version = readBer(bytes, operation.value, operation.end);
    return version?.id === BER_TAG.integer && (bytes[version.value] === 2 || bytes[version.value] === 3);
  }
  return (
    operation.number === OPERATION.search && readBer(bytes, operation.value, operation.end)?.id === BER_TAG.octetString
  );
}

function tree(t: TreeBuilder): void {
  t.info('');
  if (t.infoSoFar !== '') t.addInfo(' | ');
  if (t.u8(t.at) === BER_TAG.sequence) message(t);
  else wrapped(t);
}

/** Signed or sealed: a length, then a token with what it protects. */
function wrapped(t: TreeBuilder): void {
  const length = t.u32(t.at);
  t.put('ldap.sasl_buffer_length', length, t.at, 4);
  const body = t.at + 4;
  t.info('');
  const column = t.protocol.short;
  if (t.end > body) t.dissect('gss-api', body, t.end);
  t.column(column);
  const token = t.end - body;
  t.addInfo(`SASL GSS-API Privacy: payload (${Math.max(0, token - WRAP_OVERHEAD)} bytes)`);
}

/** Header, checksum and sequence of a Kerberos wrap token with RC4. */
const WRAP_OVERHEAD = 45;

function text(t: TreeBuilder, element: BerElement | undefined): string {
  return element === undefined ? '' : t.string(element.value, element.end - element.value);
}

function put(t: TreeBuilder, key: string, element: BerElement | undefined): void {
  if (element !== undefined) t.add(key, element.value, element.end - element.value);
}

function putNumber(t: TreeBuilder, key: string, element: BerElement | undefined): void {
  if (element !== undefined && element.end > element.value && element.end - element.value <= 5)
    t.put(key, berNumber(t.bytes, element), element.value, element.end - element.value);
}

function message(t: TreeBuilder): void {
  const whole = readBer(t.bytes, t.at, t.end);
  if (whole === null) return;
  const [id, operation] = berChildren(t.bytes, whole);
  if (id === undefined || operation === undefined) return;
  const messageId = berNumber(t.bytes, id);
  t.nest(t.put('ldap.LDAPMessage_element', new Uint8Array(0), whole.at, whole.end - whole.at));
  putNumber(t, 'ldap.messageID', id);
  const type = operation.number;
  const name = NAMES[type] ?? `unknown(${type})`;
  t.nest(t.put('ldap.protocolOp', type, operation.at, operation.end - operation.at));
  t.addInfo(`${name}(${messageId}) `);
  const memory = t.conversation((): Memory => ({ requests: new Map(), results: new Map(), visited: new Map() }));
  body(t, operation, type, messageId, memory);
  t.close();
  t.close();
}

function dn(name: string): string {
  return `"${name === '' ? '<ROOT>' : name}" `;
}

function body(t: TreeBuilder, operation: BerElement, type: number, id: number, memory: Memory): void {
  const parts = berChildren(t.bytes, operation);
  const isRequest =
    type === OPERATION.bindRequest ||
    type === OPERATION.search ||
    type === OPERATION.modify ||
    type === OPERATION.add ||
    type === OPERATION.delete ||
    type === OPERATION.compare ||
    type === OPERATION.extendedRequest;
  if (isRequest) {
    if (memory.requests.get(id)?.frame !== t.packet.number)
      memory.requests.set(id, { frame: t.packet.number, time: t.packet.time, base: '' });
  } else {
    const request = memory.requests.get(id);
    if (request !== undefined && request.frame < t.packet.number) {
      t.generated('ldap.response_to', request.frame);
      if (request.time !== null && t.packet.time !== null) t.generated('ldap.time', t.packet.time - request.time);
    }
  }
  switch (type) {
    case OPERATION.bindRequest:
      bind(t, parts);
      return;
    case OPERATION.search:
      search(t, parts);
      return;
    case OPERATION.entry: {
      put(t, 'ldap.objectName', parts[0]);
      t.addInfo(dn(text(t, parts[0])));
      if (parts[1] !== undefined) attributes(t, parts[1]);
      count(t, id, memory);
      return;
    }
    case OPERATION.reference:
      count(t, id, memory);
      return;
    case OPERATION.bindResponse:
    case OPERATION.done:
    case OPERATION.modifyResponse:
    case OPERATION.addResponse:
    case OPERATION.deleteResponse:
    case OPERATION.modifyDnResponse:
    case OPERATION.compareResponse:
    case OPERATION.extendedResponse:
      result(t, parts, type, id, memory);
      return;
    case OPERATION.modify:
    case OPERATION.add:
    case OPERATION.modifyDn:
    case OPERATION.compare:
      put(t, 'ldap.objectName', parts[0]);
      t.addInfo(dn(text(t, parts[0])));
      if (type === OPERATION.add && parts[1] !== undefined) attributes(t, parts[1]);
      return;
    case OPERATION.delete:
      t.addInfo(dn(t.string(operation.value, operation.end - operation.value)));
      return;
    case OPERATION.extendedRequest: {
      put(t, 'ldap.requestName', parts[0]);
      const oid = text(t, parts[0]);
      t.addInfo(oid === '1.3.6.1.4.1.1466.20037' ? 'LDAP_START_TLS_OID ' : `${oid} `);
      return;
    }
    default:
  }
}

function bind(t: TreeBuilder, parts: readonly BerElement[]): void {
  const [version, name, authentication] = parts;
  putNumber(t, 'ldap.version', version);
  put(t, 'ldap.name', name);
  t.addInfo(dn(text(t, name)));
  if (authentication === undefined) return;
  const kind = authentication.number;
  t.nest(t.put('ldap.authentication', kind, authentication.at, authentication.end - authentication.at));
  t.addInfo(`${AUTHENTICATIONS[kind] ?? kind} `);
  const column = t.protocol.short;
  if (kind === 0) put(t, 'ldap.simple', authentication);
  else if (kind === 3) {
    const [mechanism, credentials] = berChildren(t.bytes, authentication);
    put(t, 'ldap.mechanism', mechanism);
    if (credentials !== undefined && credentials.end > credentials.value) {
      put(t, 'ldap.credentials', credentials);
      const name = text(t, mechanism);
      if (name === 'GSS-SPNEGO' || name === 'GSSAPI')
        t.dissect('gss-api', credentials.value, credentials.end, credentials.end);
    }
  } else if ((kind === 10 || kind === 11) && authentication.end > authentication.value) {
    t.dissect('ntlmssp', authentication.value, authentication.end, authentication.end);
  }
  t.column(column);
  t.close();
}

function search(t: TreeBuilder, parts: readonly BerElement[]): void {
  const [base, scope, deref, size, time, types, , wanted] = parts;
  put(t, 'ldap.baseObject', base);
  putNumber(t, 'ldap.scope', scope);
  putNumber(t, 'ldap.derefAliases', deref);
  putNumber(t, 'ldap.sizeLimit', size);
  putNumber(t, 'ldap.timeLimit', time);
  if (types !== undefined && types.end > types.value)
    t.put('ldap.typesOnly', t.u8(types.value) === 0 ? 0 : 1, types.value, 1);
  t.addInfo(dn(text(t, base)));
  if (scope !== undefined) t.addInfo(`${SCOPES[berNumber(t.bytes, scope)] ?? ''} `);
  if (wanted !== undefined) {
    const list = berChildren(t.bytes, wanted);
    t.nest(t.put('ldap.attributes', list.length, wanted.at, wanted.end - wanted.at));
    for (const one of list) put(t, 'ldap.AttributeDescription', one);
    t.close();
  }
}

function attributes(t: TreeBuilder, list: BerElement): void {
  const items = berChildren(t.bytes, list);
  t.nest(t.put('ldap.attributes', items.length, list.at, list.end - list.at));
  for (const item of items) {
    const [type, values] = berChildren(t.bytes, item);
    put(t, 'ldap.type', type);
    if (values !== undefined) for (const value of berChildren(t.bytes, values)) put(t, 'ldap.AttributeValue', value);
  }
  t.close();
}

/** Counts the entries of a search, each once. */
function count(t: TreeBuilder, id: number, memory: Memory): void {
  const key = `${t.packet.number}:${t.at}`;
  if (memory.visited.has(key)) return;
  memory.visited.set(key, 0);
  memory.results.set(id, (memory.results.get(id) ?? 0) + 1);
}

function result(t: TreeBuilder, parts: readonly BerElement[], type: number, id: number, memory: Memory): void {
  const [code, matched, message] = parts;
  putNumber(t, 'ldap.resultCode', code);
  put(t, 'ldap.matchedDN', matched);
  put(t, 'ldap.errorMessage', message);
  const name = code === undefined ? '' : (RESULTS[berNumber(t.bytes, code)] ?? `Unknown (${berNumber(t.bytes, code)})`);
  t.addInfo(`${name} `);
  const error = text(t, message);
  if (error !== '') t.addInfo(`(${error}) `);
  if (type === OPERATION.done) {
    const key = `${t.packet.number}:${t.at}`;
    const total = memory.visited.get(key) ?? memory.results.get(id) ?? 0;
    memory.visited.set(key, total);
    t.addInfo(` [${total} result${total === 1 ? '' : 's'}]`);
  }
  if (type === OPERATION.bindResponse) {
    const credentials = parts.find((part) => part.id === 0x87);
    if (credentials !== undefined && credentials.end > credentials.value) {
      put(t, 'ldap.credentials', credentials);
      const first = t.u8(credentials.value);
      const column = t.protocol.short;
      if ((first & 0xe0) === 0xa0) t.dissect('spnego', credentials.value, credentials.end, credentials.end);
      else if (first === 0x60) t.dissect('gss-api', credentials.value, credentials.end, credentials.end);
      else if (first === 0x4e) t.dissect('ntlmssp', credentials.value, credentials.end, credentials.end);
      t.column(column);
    }
  } else if (type === OPERATION.extendedResponse) {
    const responseName = berList(t.bytes, message?.end ?? t.at, parts.at(-1)?.end ?? t.at).find(
      (part) => part.id === 0x8a,
    );
    put(t, 'ldap.responseName', responseName);
  }
}
