/** OCSP responses (RFC 6960 4.2) that servers staple to their certificates. */

import type { TreeBuilder } from '../../../tree.ts';
import { addAlgorithm, addCertificate, subjectOf } from './certificate.ts';
import { children, type Element, element, TAG } from './der.ts';
import { addName } from './name.ts';
import { oidName, oidOf } from './oids.ts';
import { addBytes, addNumber, open, openList } from './rows.ts';
import { addTime } from './times.ts';

const BY_NAME = 0xa1;
const BY_KEY = 0xa2;
const RESPONSE_EXTENSIONS = 0xa1;
const NEXT_UPDATE = 0xa0;
const SINGLE_EXTENSIONS = 0xa1;
const REASON = 0xa0;
const CERTIFICATES = 0xa0;
/** A certificate's status is one of three tags in place of a value. */
const STATUS: Readonly<Record<number, readonly [number, string]>> = {
  0x80: [0, 'ocsp.good_element'],
  0xa1: [1, 'ocsp.revoked_element'],
  0x82: [2, 'ocsp.unknown_element'],
};
const EXTENSION = { nonce: '1.3.6.1.5.5.7.48.1.2', noCheck: '1.3.6.1.5.5.7.48.1.5', cutoff: '1.3.6.1.5.5.7.48.1.6' };

export function addOcspResponse(t: TreeBuilder, at: number, end: number): void {
  t.nest(t.text('OCSP Response', at, end - at));
  const outer = element(t, at, end);
  const [status, bytes] = outer === null ? [] : children(t, outer.value, outer.end);
  if (status?.tag === TAG.enumerated) addNumber(t, 'ocsp.responseStatus', status);
  const typed = bytes === undefined ? null : element(t, bytes.value, bytes.end);
  if (typed !== null) responseBytes(t, typed);
  t.close();
}

function responseBytes(t: TreeBuilder, typed: Element): void {
  open(t, 'ocsp.responseBytes_element', typed);
  const [type, octets] = children(t, typed.value, typed.end);
  if (type?.tag === TAG.oid) t.put('ocsp.responseType.id', oidOf(t, type), type.value, type.end - type.value);
  const basic = octets?.tag === TAG.octetString ? element(t, octets.value, octets.end) : null;
  if (basic !== null) {
    open(t, 'ocsp.BasicOCSPResponse_element', basic);
    basicResponse(t, basic);
    t.close();
  }
  t.close();
}

function basicResponse(t: TreeBuilder, basic: Element): void {
  const [data, algorithm, signature, certificates] = children(t, basic.value, basic.end);
  if (data !== undefined) responseData(t, data);
  if (algorithm !== undefined) addAlgorithm(t, algorithm, 'ocsp.signatureAlgorithm_element', 'signatureAlgorithm');
  if (signature?.tag === TAG.bitString) addBytes(t, 'ocsp.signature', { ...signature, value: signature.value + 1 });
  const list = certificates?.tag === CERTIFICATES ? element(t, certificates.value, certificates.end) : null;
  if (list === null) return;
  const items = children(t, list.value, list.end);
  openList(t, 'ocsp.certs', 'certs', list, items.length);
  for (const item of items) {
    open(t, 'ocsp.Certificate_element', item, `Certificate (${subjectOf(t, item)})`);
    addCertificate(t, item.at, item.end);
    t.close();
  }
  t.close();
}

function responseData(t: TreeBuilder, data: Element): void {
  open(t, 'ocsp.tbsResponseData_element', data);
  let isBehindResponses = false;
  for (const part of children(t, data.value, data.end)) {
    if (!isBehindResponses && (part.tag === BY_NAME || part.tag === BY_KEY)) responder(t, part);
    else if (part.tag === TAG.generalizedTime) addTime(t, 'ocsp.producedAt', part);
    else if (part.tag === TAG.sequence) {
      const list = children(t, part.value, part.end);
      openList(t, 'ocsp.responses', 'responses', part, list.length);
      for (const single of list) singleResponse(t, single);
      t.close();
      isBehindResponses = true;
    } else if (part.tag === RESPONSE_EXTENSIONS) extensions(t, 'responseExtensions', part);
  }
  t.close();
}

/** Who answered: by name, or by the hash of its key. */
function responder(t: TreeBuilder, part: Element): void {
  const isName = part.tag === BY_NAME;
  const inner = element(t, part.value, part.end);
  t.nest(t.put('ocsp.responderID', isName ? 1 : 2, part.at, part.end - part.at));
  if (inner !== null && isName) addName(t, 'ocsp.byName', 'byName', inner);
  else if (inner !== null) addBytes(t, 'ocsp.byKey', inner);
  t.close();
}

function singleResponse(t: TreeBuilder, single: Element): void {
  open(t, 'ocsp.SingleResponse_element', single);
  const [id, status, ...rest] = children(t, single.value, single.end);
  if (id !== undefined) certificateId(t, id);
  if (status !== undefined) certificateStatus(t, status);
  for (const part of rest) {
    if (part.tag === TAG.generalizedTime) addTime(t, 'ocsp.thisUpdate', part);
    else if (part.tag === NEXT_UPDATE) addTime(t, 'ocsp.nextUpdate', element(t, part.value, part.end));
    else if (part.tag === SINGLE_EXTENSIONS) extensions(t, 'singleExtensions', part);
  }
  t.close();
}

function certificateStatus(t: TreeBuilder, part: Element): void {
  const known = STATUS[part.tag];
  if (known === undefined) return;
  t.nest(t.put('ocsp.certStatus', known[0], part.at, part.end - part.at));
  open(t, known[1], part);
  for (const inner of children(t, part.value, part.end)) {
    if (inner.tag === TAG.generalizedTime) addTime(t, 'ocsp.revocationTime', inner);
    else if (inner.tag === REASON)
      addNumber(t, 'ocsp.revocationReason', element(t, inner.value, inner.end) ?? undefined);
  }
  t.close();
  t.close();
}

function certificateId(t: TreeBuilder, id: Element): void {
  const [algorithm, name, key, serial] = children(t, id.value, id.end);
  open(t, 'ocsp.certID_element', id);
  if (algorithm !== undefined) addAlgorithm(t, algorithm, 'ocsp.hashAlgorithm_element', 'hashAlgorithm');
  addBytes(t, 'ocsp.issuerNameHash', name);
  addBytes(t, 'ocsp.issuerKeyHash', key);
  addBytes(t, 'ocsp.serialNumber', serial);
  t.close();
}

function extensions(t: TreeBuilder, name: string, part: Element): void {
  const list = element(t, part.value, part.end);
  const items = list === null ? [] : children(t, list.value, list.end);
  openList(t, `ocsp.${name}`, name, part, items.length);
  for (const item of items) {
    const parts = children(t, item.value, item.end);
    const [id] = parts;
    if (id?.tag !== TAG.oid) continue;
    const oid = oidOf(t, id);
    open(t, 'pkix1explicit.Extension_element', item, `Extension (${oidName(oid)})`);
    t.put('pkix1explicit.id', oid, id.value, id.end - id.value);
    const octets = parts.find(({ tag }) => tag === TAG.octetString);
    const value = octets === undefined ? null : element(t, octets.value, octets.end);
    if (value !== null && oid === EXTENSION.cutoff) addTime(t, 'ocsp.ArchiveCutoff', value);
    else if (value !== null && oid === EXTENSION.nonce) addBytes(t, 'ocsp.ReOcspNonce', value);
    t.close();
  }
  t.close();
}
