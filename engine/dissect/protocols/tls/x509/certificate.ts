/** X.509 certificates (RFC 5280 4.1): serial, names, validity, key, extensions, signature. Walks DER (X.690). */

import { decodeLatin1 } from '../../../../base/text.ts';
import type { TreeBuilder } from '../../../tree.ts';
import { children, type Element, element, TAG } from './der.ts';
import { addExtensions } from './extensions.ts';
import { addName, nameText } from './name.ts';
import { addOid, oidName, oidOf } from './oids.ts';
import { addBytes, addNumber, open } from './rows.ts';
import { timeOf } from './times.ts';

const RSA = '1.2.840.113549.1.1.1';
/** [1] and [2] in front of the extensions (RFC 5280 4.1.2.8). */
const UNIQUE_ID: Readonly<Record<number, string>> = {
  0x81: 'x509af.issuerUniqueIdentifier',
  0x82: 'x509af.subjectUniqueIdentifier',
};

/** Adds what the certificate in [at, end) says. Bytes that are no certificate are left as they are. */
export function addCertificate(t: TreeBuilder, at: number, end: number): void {
  const outer = element(t, at, end);
  const signed = outer === null || outer.tag !== TAG.sequence ? null : element(t, outer.value, outer.end);
  if (signed === null || signed.tag !== TAG.sequence) return;
  addSigned(t, signed);
  const [algorithm, signature] = children(t, signed.end, outer?.end ?? signed.end);
  if (algorithm !== undefined) addAlgorithm(t, algorithm, 'x509af.algorithmIdentifier_element', 'algorithmIdentifier');
  if (signature?.tag === TAG.bitString) addBytes(t, 'x509af.encrypted', bitsOf(signature));
}

/** The bytes of a bit string, behind the count of unused bits. */
function bitsOf(item: Element): Element {
  return { ...item, value: Math.min(item.value + 1, item.end) };
}

function addSigned(t: TreeBuilder, signed: Element): void {
  open(t, 'x509af.signedCertificate_element', signed);
  const parts = children(t, signed.value, signed.end);
  let next = 0;
  if (parts[next]?.tag === TAG.version) {
    const version = element(t, parts[next].value, parts[next].end);
    if (version !== null) addNumber(t, 'x509af.version', version);
    next++;
  }
  const [serial, algorithm, issuer, validity, subject, key, ...rest] = parts.slice(next);
  if (serial?.tag === TAG.integer) addBytes(t, 'x509af.serialNumber', serial);
  if (algorithm !== undefined) addAlgorithm(t, algorithm, 'x509af.signature_element', 'signature');
  if (issuer !== undefined) addName(t, 'x509af.issuer', 'issuer', issuer);
  if (validity !== undefined) addValidity(t, validity);
  if (subject !== undefined) addName(t, 'x509af.subject', 'subject', subject, 'x509af.rdnSequence');
  if (key !== undefined) addPublicKey(t, key);
  for (const part of rest) {
    const unique = UNIQUE_ID[part.tag];
    const list = part.tag === TAG.extensions ? element(t, part.value, part.end) : null;
    if (unique !== undefined) addBytes(t, unique, bitsOf(part));
    else if (list !== null) addExtensions(t, list);
  }
  t.close();
}

/** Who a certificate is for, in one line; empty where it is none. */
export function subjectOf(t: TreeBuilder, certificate: Element): string {
  const signed = element(t, certificate.value, certificate.end);
  if (signed === null) return '';
  const parts = children(t, signed.value, signed.end);
  const subject = parts[parts[0]?.tag === TAG.version ? 5 : 4];
  return subject === undefined ? '' : nameText(t, subject);
}

/** RFC 5280 4.1.2.7; an RSA key is two numbers (RFC 8017 A.1.1). */
function addPublicKey(t: TreeBuilder, key: Element): void {
  open(t, 'x509af.subjectPublicKeyInfo_element', key);
  const [algorithm, bits] = children(t, key.value, key.end);
  if (algorithm !== undefined) addAlgorithm(t, algorithm, 'x509af.algorithm_element', 'algorithm');
  if (bits?.tag === TAG.bitString && bits.end > bits.value + 1) {
    const content = bitsOf(bits);
    addBytes(t, 'x509af.subjectPublicKey', content);
    const id = algorithm === undefined ? null : element(t, algorithm.value, algorithm.end);
    if (id?.tag === TAG.oid && oidOf(t, id) === RSA) {
      t.nest(t.last());
      addRsaKey(t, element(t, content.value, content.end));
      t.close();
    }
  }
  t.close();
}

function addRsaKey(t: TreeBuilder, pair: Element | null): void {
  const [modulus, exponent] = pair === null ? [] : children(t, pair.value, pair.end);
  addBytes(t, 'pkcs1.modulus', modulus);
  addNumber(t, 'pkcs1.publicExponent', exponent);
}

/** `key`: the row that it is below. */
export function addAlgorithm(t: TreeBuilder, item: Element, key: string, label: string): void {
  const [id] = children(t, item.value, item.end);
  if (id?.tag !== TAG.oid) return;
  open(t, key, item, `${label} (${oidName(oidOf(t, id))})`);
  addOid(t, 'x509af.algorithm.id', 'Algorithm Id', id);
  t.close();
}

function addValidity(t: TreeBuilder, item: Element): void {
  open(t, 'x509af.validity_element', item);
  for (const [i, time] of children(t, item.value, item.end).slice(0, 2).entries()) {
    const label = i === 0 ? 'notBefore' : 'notAfter';
    const isUtc = time.tag === TAG.utcTime;
    const found = timeOf(t, time);
    const text = found?.text ?? decodeLatin1(t.bytes, time.value, Math.min(time.end, time.value + 32));
    t.nest(t.put(`x509af.${label}`, isUtc ? 0 : 1, time.at, time.end - time.at, `${label}: ${text}`));
    if (found !== null && isUtc) t.put('x509af.utcTime', found.text, time.value, time.end - time.value);
    else if (found !== null) t.put('x509af.generalizedTime', found.time, time.value, time.end - time.value);
    t.close();
  }
  t.close();
}
