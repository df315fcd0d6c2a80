/** The operations of LDAP (RFC 4511 4.2 to 4.13): requests, their answers, and what they carry. */

import { type BerElement, berChildren, berNumber, readBer } from '../../ber.ts';
import type { TreeBuilder } from '../../tree.ts';
import { count, leaf, number, rest, text, truth } from './elements.ts';
import { controls, extendedValue } from './extensions.ts';
import { filter } from './filter.ts';
import { AUTHENTICATIONS, OIDS, OPERATION, OPERATIONS, RESULTS, SCOPES } from './names.ts';
import { netlogonAnswer } from './netlogon.ts';

interface Request {
  readonly frame: number;
  readonly time: bigint | null;
}

interface Memory {
  readonly requests: Map<number, Request>;
  /** Results of searches so far, by message id. */
  readonly results: Map<number, number>;
  readonly visited: Map<string, number>;
}

const REQUESTS: readonly number[] = [
  OPERATION.bindRequest,
  OPERATION.search,
  OPERATION.modify,
  OPERATION.add,
  OPERATION.delete,
  OPERATION.modifyDn,
  OPERATION.compare,
  OPERATION.extendedRequest,
];
const SASL = 3;
const NTLM = { negotiate: 10, authenticate: 11 } as const;
const DISTINGUISHED = /^(?:supportedcontrol|supportedcapabilities|supportedextension|supportedfeatures)$/i;
const GUIDS = /^(?:objectguid|domainguid|invocationid)$/i;

export function message(t: TreeBuilder): void {
  const whole = readBer(t.bytes, t.at, t.end);
  if (whole === null) return;
  const [id, operation, ...more] = berChildren(t.bytes, whole);
  if (id === undefined || operation === undefined) return;
  const messageId = berNumber(t.bytes, id);
  const type = operation.number;
  const name = OPERATIONS[type] ?? `unknown(${type})`;
  const before = t.infoSoFar.length;
  const node = t.put('ldap.LDAPMessage_element', new Uint8Array(0), whole.at, whole.end - whole.at);
  t.nest(node);
  number(t, 'ldap.messageID', id);
  t.nest(t.put('ldap.protocolOp', type, operation.at, operation.end - operation.at));
  t.addInfo(`${name}(${messageId}) `);
  const memory = t.conversation((): Memory => ({ requests: new Map(), results: new Map(), visited: new Map() }));
  const element = `ldap.${name}_element`;
  const hasElement = t.protocol.fields.has(element);
  if (hasElement) t.nest(t.put(element, new Uint8Array(0), operation.at, operation.end - operation.at));
  body(t, operation, type, messageId, memory);
  if (hasElement) t.close();
  t.close();
  for (const part of more) if (part.id === 0xa0) controls(t, part);
  node.text = `LDAPMessage ${t.infoSoFar.slice(before).trimEnd()}`;
  links(t, type, messageId, memory);
  t.close();
}

function dn(name: string): string {
  return `"${name === '' ? '<ROOT>' : name}" `;
}

/** Frames of the request and its answer, each known once both were seen. */
function links(t: TreeBuilder, type: number, id: number, memory: Memory): void {
  if (REQUESTS.includes(type)) {
    if (memory.requests.get(id)?.frame !== t.packet.number)
      memory.requests.set(id, { frame: t.packet.number, time: t.packet.time });
    return;
  }
  const request = memory.requests.get(id);
  if (request === undefined || request.frame >= t.packet.number) return;
  t.generated('ldap.response_to', request.frame);
  if (request.time !== null && t.packet.time !== null) t.generated('ldap.time', t.packet.time - request.time);
}

function body(t: TreeBuilder, operation: BerElement, type: number, id: number, memory: Memory): void {
  const parts = berChildren(t.bytes, operation);
  switch (type) {
    case OPERATION.bindRequest:
      bind(t, parts);
      return;
    case OPERATION.search:
      search(t, parts);
      return;
    case OPERATION.entry:
      leaf(t, 'ldap.objectName', parts[0]);
      t.addInfo(dn(text(t, parts[0])));
      if (parts[1] !== undefined) attributes(t, parts[1], 'ldap.PartialAttributeList_item_element');
      counted(t, id, memory);
      return;
    case OPERATION.reference:
      t.nest(t.put('ldap.searchResRef', parts.length, operation.at, operation.end - operation.at));
      for (const part of parts) leaf(t, 'ldap.LDAPURL', part);
      t.close();
      counted(t, id, memory);
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
      leaf(t, 'ldap.object', parts[0]);
      t.addInfo(dn(text(t, parts[0])));
      if (parts[1] !== undefined) modifications(t, parts[1]);
      return;
    case OPERATION.add:
      leaf(t, 'ldap.entry', parts[0]);
      t.addInfo(dn(text(t, parts[0])));
      if (parts[1] !== undefined) attributes(t, parts[1], 'ldap.AttributeList_item_element');
      return;
    case OPERATION.modifyDn:
      leaf(t, 'ldap.entry', parts[0]);
      t.addInfo(dn(text(t, parts[0])));
      leaf(t, 'ldap.newrdn', parts[1]);
      truth(t, 'ldap.deleteoldrdn', parts[2]);
      leaf(t, 'ldap.newSuperior', parts[3]);
      return;
    case OPERATION.compare:
      leaf(t, 'ldap.entry', parts[0]);
      t.addInfo(dn(text(t, parts[0])));
      if (parts[1] !== undefined) assertion(t, parts[1]);
      return;
    case OPERATION.delete:
      leaf(t, 'ldap.delRequest', operation);
      t.addInfo(dn(text(t, operation)));
      return;
    case OPERATION.abandon:
      number(t, 'ldap.abandonRequest', operation);
      return;
    case OPERATION.extendedRequest: {
      const [name, value] = parts;
      const oid = text(t, name);
      leaf(t, 'ldap.requestName', name);
      if (OIDS[oid] !== undefined) t.last().text = `requestName: ${oid} (${OIDS[oid]})`;
      t.addInfo(oid === '1.3.6.1.4.1.1466.20037' ? 'LDAP_START_TLS_OID ' : `${oid} `);
      if (value !== undefined) extendedValue(t, oid, value);
      return;
    }
    case OPERATION.intermediate:
      for (const part of parts) leaf(t, part.number === 0 ? 'ldap.responseName' : 'ldap.responseValue', part);
      return;
    default:
  }
}

function bind(t: TreeBuilder, parts: readonly BerElement[]): void {
  const [version, name, authentication] = parts;
  number(t, 'ldap.version', version);
  leaf(t, 'ldap.name', name);
  t.addInfo(dn(text(t, name)));
  if (authentication === undefined) return;
  const kind = authentication.number;
  t.nest(t.put('ldap.authentication', kind, authentication.at, authentication.end - authentication.at));
  t.addInfo(`${AUTHENTICATIONS[kind] ?? kind} `);
  const column = t.protocol.short;
  if (kind === 0) leaf(t, 'ldap.simple', authentication);
  else if (kind === SASL) sasl(t, authentication);
  else if ((kind === NTLM.negotiate || kind === NTLM.authenticate) && authentication.end > authentication.value) {
    leaf(t, kind === NTLM.negotiate ? 'ldap.ntlmsspNegotiate' : 'ldap.ntlmsspAuth', authentication);
    t.dissect('ntlmssp', authentication.value, authentication.end, authentication.end);
  }
  t.column(column);
  t.close();
}

function sasl(t: TreeBuilder, authentication: BerElement): void {
  const [mechanism, credentials] = berChildren(t.bytes, authentication);
  t.nest(t.put('ldap.sasl_element', new Uint8Array(0), authentication.at, authentication.end - authentication.at));
  leaf(t, 'ldap.mechanism', mechanism);
  if (credentials !== undefined && credentials.end > credentials.value) {
    leaf(t, 'ldap.credentials', credentials);
    const name = text(t, mechanism);
    if (name === 'GSS-SPNEGO' || name === 'GSSAPI')
      t.dissect('gss-api', credentials.value, credentials.end, credentials.end);
  }
  t.close();
}

function search(t: TreeBuilder, parts: readonly BerElement[]): void {
  const [base, scope, deref, size, time, types, condition, wanted] = parts;
  leaf(t, 'ldap.baseObject', base);
  number(t, 'ldap.scope', scope);
  number(t, 'ldap.derefAliases', deref);
  number(t, 'ldap.sizeLimit', size);
  number(t, 'ldap.timeLimit', time);
  truth(t, 'ldap.typesOnly', types);
  t.addInfo(dn(text(t, base)));
  if (scope !== undefined) t.addInfo(`${SCOPES[berNumber(t.bytes, scope)] ?? ''} `);
  if (condition !== undefined) {
    const node = t.text('Filter', condition.at, condition.end - condition.at);
    t.nest(node);
    node.text = `Filter: ${filter(t, condition, 'ldap.filter', 0)}`;
    t.close();
  }
  if (wanted === undefined) return;
  const list = berChildren(t.bytes, wanted);
  t.nest(count(t, 'ldap.attributes', wanted, list.length));
  for (const one of list) leaf(t, 'ldap.AttributeDescription', one);
  t.close();
}

function attributes(t: TreeBuilder, list: BerElement, key: string): void {
  const items = berChildren(t.bytes, list);
  t.nest(count(t, 'ldap.attributes', list, items.length));
  for (const item of items) attribute(t, item, key);
  t.close();
}

function attribute(t: TreeBuilder, item: BerElement, key: string): void {
  const [type, values] = berChildren(t.bytes, item);
  const name = text(t, type);
  t.nest(t.put(key, new Uint8Array(0), item.at, item.end - item.at));
  leaf(t, 'ldap.type', type);
  if (values !== undefined) {
    const all = berChildren(t.bytes, values);
    t.nest(count(t, 'ldap.vals', values, all.length));
    for (const value of all) attributeValue(t, name, value);
    t.close();
  }
  t.close();
}

/** The value as bytes, or as what its attribute's name says it is. */
function attributeValue(t: TreeBuilder, name: string, value: BerElement): void {
  const length = value.end - value.value;
  if (DISTINGUISHED.test(name)) {
    const oid = text(t, value);
    const node = t.put('ldap.oid', oid, value.value, length);
    if (OIDS[oid] !== undefined) node.text = `OID: ${oid} (${OIDS[oid]})`;
    return;
  }
  if (GUIDS.test(name) && length === 16) {
    t.put('ldap.guid', rest(t, value), value.value, length);
    return;
  }
  leaf(t, 'ldap.AttributeValue', value);
  const node = t.last();
  const shown = text(t, value);
  if (/^[\x20-\x7e\u00a0-\uffff]*$/.test(shown)) node.text = `AttributeValue: ${shown}`;
  if (/^netlogon$/i.test(name)) {
    t.nest(node);
    netlogonAnswer(t, value.value, value.end);
    t.close();
  }
}

function modifications(t: TreeBuilder, list: BerElement): void {
  const items = berChildren(t.bytes, list);
  t.nest(count(t, 'ldap.modification', list, items.length));
  for (const item of items) {
    const [operation, change] = berChildren(t.bytes, item);
    t.nest(t.put('ldap.modification_item_element', new Uint8Array(0), item.at, item.end - item.at));
    number(t, 'ldap.operation', operation);
    if (change !== undefined) attribute(t, change, 'ldap.modification_element');
    t.close();
  }
  t.close();
}

function assertion(t: TreeBuilder, element: BerElement): void {
  const [name, value] = berChildren(t.bytes, element);
  t.nest(t.put('ldap.ava_element', new Uint8Array(0), element.at, element.end - element.at));
  leaf(t, 'ldap.attributeDesc', name);
  leaf(t, 'ldap.assertionValue', value);
  t.close();
}

/** Counts the entries of a search, each once. */
function counted(t: TreeBuilder, id: number, memory: Memory): void {
  const key = `${t.packet.number}:${t.at}`;
  if (memory.visited.has(key)) return;
  memory.visited.set(key, 0);
  memory.results.set(id, (memory.results.get(id) ?? 0) + 1);
}

function result(t: TreeBuilder, parts: readonly BerElement[], type: number, id: number, memory: Memory): void {
  const [code, matched, message] = parts;
  number(t, 'ldap.resultCode', code);
  leaf(t, 'ldap.matchedDN', matched);
  leaf(t, 'ldap.errorMessage', message);
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
  for (const part of parts.slice(3)) {
    if (part.id === 0xa3) referrals(t, part);
    else if (part.id === 0x87) serverCredentials(t, part);
    else if (part.id === 0x8a) leaf(t, 'ldap.responseName', part);
    else if (part.id === 0x8b) leaf(t, 'ldap.responseValue', part);
  }
}

function referrals(t: TreeBuilder, element: BerElement): void {
  const urls = berChildren(t.bytes, element);
  t.nest(count(t, 'ldap.referral', element, urls.length));
  for (const url of urls) leaf(t, 'ldap.LDAPURL', url);
  t.close();
}

function serverCredentials(t: TreeBuilder, credentials: BerElement): void {
  if (credentials.end <= credentials.value) return;
  leaf(t, 'ldap.serverSaslCreds', credentials);
  const first = t.u8(credentials.value);
  const column = t.protocol.short;
  if ((first & 0xe0) === 0xa0) t.dissect('spnego', credentials.value, credentials.end, credentials.end);
  else if (first === 0x60) t.dissect('gss-api', credentials.value, credentials.end, credentials.end);
  else if (first === 0x4e) t.dissect('ntlmssp', credentials.value, credentials.end, credentials.end);
  t.column(column);
}
