/** Extensions of certificates (RFC 5280 4.2): keys and their uses, policies, further names, places, limits for other issuers. */

import type { TreeBuilder } from '../../../tree.ts';
import { addTimestamps } from '../signatures.ts';
import { addConstraints, addPolicies, addPolicyLimits, addPolicyMappings } from './constraints.ts';
import { children, type Element, element, TAG } from './der.ts';
import { KEY_USAGES, REASONS } from './fields.ts';
import { addGeneralName, addGeneralNames } from './general-names.ts';
import { addSet } from './name.ts';
import { addOid, oidName } from './oids.ts';
import { addBits, addBytes, addNumber, open, openList } from './rows.ts';
import { addTime } from './times.ts';

/** Context tags of parts that may be left out. */
const PART = { zero: 0x80, one: 0x81, two: 0x82, zeroOfMany: 0xa0, oneOfMany: 0xa1, twoOfMany: 0xa2 } as const;

type Reader = (t: TreeBuilder, value: Element) => void;

const READERS: Readonly<Record<string, Reader>> = {
  '2.5.29.14': (t, value) => {
    if (value.tag === TAG.octetString) addBytes(t, 'x509ce.SubjectKeyIdentifier', value);
  },
  '2.5.29.15': keyUsage,
  '2.5.29.16': privateKeyUsage,
  '2.5.29.17': (t, value) => addGeneralNames(t, 'x509ce.GeneralNames', 'GeneralNames', value),
  '2.5.29.18': (t, value) => addGeneralNames(t, 'x509ce.GeneralNames', 'GeneralNames', value),
  '2.5.29.19': basicConstraints,
  '2.5.29.30': addConstraints,
  '2.5.29.31': distributionPoints,
  '2.5.29.32': addPolicies,
  '2.5.29.33': addPolicyMappings,
  '2.5.29.35': authorityKey,
  '2.5.29.36': addPolicyLimits,
  '2.5.29.37': purposes,
  '2.5.29.46': distributionPoints,
  '2.5.29.54': (t, value) => addNumber(t, 'x509ce.SkipCerts', value, true),
  '1.3.6.1.5.5.7.1.1': (t, value) => accessPlaces(t, value, true),
  '1.3.6.1.5.5.7.1.11': (t, value) => accessPlaces(t, value, false),
  '1.3.6.1.5.5.7.1.24': features,
  '1.3.6.1.5.5.7.48.1.5': (t, value) => {
    open(t, 'ocsp.NULL_element', value);
    t.close();
  },
  '1.3.6.1.4.1.311.21.7': template,
  '1.3.6.1.4.1.311.21.10': addPolicies,
  '1.3.6.1.4.1.11129.2.4.2': (t, value) => {
    if (value.tag === TAG.octetString && value.end - value.value > 2) addTimestamps(t, value.value, value.end);
  },
};

export function addExtensions(t: TreeBuilder, list: Element): void {
  const items = children(t, list.value, list.end);
  openList(t, 'x509af.extensions', 'extensions', list, items.length);
  for (const item of items) addExtension(t, item);
  t.close();
}

function addExtension(t: TreeBuilder, item: Element): void {
  const parts = children(t, item.value, item.end);
  const value = parts.find((part) => part.tag === TAG.octetString);
  const row = open(t, 'x509af.Extension_element', item);
  const oid = addOid(t, 'x509af.extension.id', 'Extension Id', parts[0]);
  row.text = `Extension (${oidName(oid)})`;
  const critical = parts.find((part) => part.tag === TAG.boolean && part.end > part.value);
  if (critical !== undefined) t.put('x509af.critical', t.u8(critical.value) === 0 ? 0 : 1, critical.value, 1);
  const inside = value === undefined ? null : element(t, value.value, value.end);
  if (inside !== null && Object.hasOwn(READERS, oid)) READERS[oid]?.(t, inside);
  t.close();
}

/** 4.2.1.1: the key of who signed, by a number of its own or by its certificate. */
function authorityKey(t: TreeBuilder, value: Element): void {
  open(t, 'x509ce.AuthorityKeyIdentifier_element', value);
  for (const part of children(t, value.value, value.end)) {
    if (part.tag === PART.zero) addBytes(t, 'x509ce.keyIdentifier', part);
    else if (part.tag === PART.oneOfMany) addGeneralNames(t, 'x509ce.authorityCertIssuer', 'authorityCertIssuer', part);
    else if (part.tag === PART.two) addBytes(t, 'x509ce.authorityCertSerialNumber', part);
  }
  t.close();
}

function keyUsage(t: TreeBuilder, value: Element): void {
  if (value.tag === TAG.bitString) addBits(t, 'x509ce.KeyUsage', KEY_USAGES, value);
}

function privateKeyUsage(t: TreeBuilder, value: Element): void {
  open(t, 'x509ce.PrivateKeyUsagePeriod_element', value);
  for (const part of children(t, value.value, value.end)) {
    if (part.tag === PART.zero) addTime(t, 'x509ce.notBefore', part);
    else if (part.tag === PART.one) addTime(t, 'x509ce.notAfter', part);
  }
  t.close();
}

function purposes(t: TreeBuilder, value: Element): void {
  const parts = children(t, value.value, value.end);
  openList(t, 'x509ce.KeyPurposeIDs', 'KeyPurposeIDs', value, parts.length);
  for (const part of parts) addOid(t, 'x509ce.KeyPurposeId', 'KeyPurposeId', part);
  t.close();
}

function basicConstraints(t: TreeBuilder, value: Element): void {
  open(t, 'x509ce.BasicConstraintsSyntax_element', value);
  for (const part of children(t, value.value, value.end)) {
    if (part.tag === TAG.boolean && part.end > part.value)
      t.put('x509ce.cA', t.u8(part.value) === 0 ? 0 : 1, part.value, 1);
    else if (part.tag === TAG.integer) addNumber(t, 'x509ce.pathLenConstraint', part, true);
  }
  t.close();
}

/** 4.2.1.13: where lists of revoked certificates are. */
function distributionPoints(t: TreeBuilder, value: Element): void {
  const points = children(t, value.value, value.end);
  openList(t, 'x509ce.CRLDistPointsSyntax', 'CRLDistPointsSyntax', value, points.length);
  for (const point of points) {
    open(t, 'x509ce.DistributionPoint_element', point);
    for (const part of children(t, point.value, point.end)) {
      if (part.tag === PART.zeroOfMany) pointName(t, part);
      else if (part.tag === PART.one) addBits(t, 'x509ce.reasons', REASONS, part, 'x509ce.ReasonFlags');
      else if (part.tag === PART.twoOfMany) addGeneralNames(t, 'x509ce.cRLIssuer', 'cRLIssuer', part);
    }
    t.close();
  }
  t.close();
}

function pointName(t: TreeBuilder, part: Element): void {
  const name = element(t, part.value, part.end);
  if (name === null) return;
  const isFull = name.tag === PART.zeroOfMany;
  t.nest(t.put('x509ce.distributionPoint', isFull ? 0 : 1, part.value, part.end - part.value));
  if (isFull) addGeneralNames(t, 'x509ce.fullName', 'fullName', name);
  else addSet(t, 'x509ce.nameRelativeToCRLIssuer', 'nameRelativeToCRLIssuer', name);
  t.close();
}

/** 4.2.2.1 and 4.2.2.2: where to ask about the issuer, or the subject. */
function accessPlaces(t: TreeBuilder, value: Element, isAuthority: boolean): void {
  const places = children(t, value.value, value.end);
  if (isAuthority)
    openList(t, 'pkix1implicit.AuthorityInfoAccessSyntax', 'AuthorityInfoAccessSyntax', value, places.length);
  for (const place of places) {
    const [method, location] = children(t, place.value, place.end);
    open(t, 'pkix1implicit.AccessDescription_element', place);
    addOid(t, 'pkix1implicit.accessMethod', 'accessMethod', method);
    if (location !== undefined) addGeneralName(t, 'pkix1implicit.accessLocation', location);
    t.close();
  }
  if (isAuthority) t.close();
}

/** RFC 7633 4: extensions of TLS that the server must answer. */
function features(t: TreeBuilder, value: Element): void {
  const parts = children(t, value.value, value.end);
  openList(t, 'pkix1explicit.Features', 'Features', value, parts.length);
  for (const part of parts) addNumber(t, 'pkix1explicit.Features_item', part);
  t.close();
}

/** [MS-WCCE] 2.2.2.7.7.2: what the certificate was made after. */
function template(t: TreeBuilder, value: Element): void {
  const [id, major, minor] = children(t, value.value, value.end);
  open(t, 'x509ce.CertificateTemplate_element', value);
  addOid(t, 'x509ce.templateID', 'templateID', id);
  addNumber(t, 'x509ce.templateMajorVersion', major);
  addNumber(t, 'x509ce.templateMinorVersion', minor);
  t.close();
}
