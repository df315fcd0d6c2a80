/** What an issuer may vouch for (RFC 5280 4.2.1.4, 4.2.1.5, 4.2.1.10, 4.2.1.11): policies, their limits, names. */

import { decodeLatin1 } from '../../../../base/text.ts';
import type { TreeBuilder } from '../../../tree.ts';
import { children, type Element, TAG } from './der.ts';
import { addGeneralName } from './general-names.ts';
import { stringOf } from './name.ts';
import { addOid } from './oids.ts';
import { addNumber, open, openList } from './rows.ts';

const QUALIFIER = { statement: '1.3.6.1.5.5.7.2.1', notice: '1.3.6.1.5.5.7.2.2' } as const;
const PERMITTED = 0xa0;
const EXCLUDED = 0xa1;
const MINIMUM = 0x80;
const MAXIMUM = 0x81;
const REQUIRE_EXPLICIT = 0x80;
const INHIBIT_MAPPING = 0x81;

/** DisplayText: which choice a tag is, and its field. */
const DISPLAY: Readonly<Record<number, readonly [number, string]>> = {
  [TAG.ia5]: [0, 'pkix1implicit.ia5String'],
  [TAG.visible]: [1, 'pkix1implicit.visibleString'],
  [TAG.bmp]: [2, 'pkix1implicit.bmpString'],
  [TAG.utf8]: [3, 'pkix1implicit.utf8String'],
};

export function addPolicies(t: TreeBuilder, value: Element): void {
  const policies = children(t, value.value, value.end);
  openList(t, 'x509ce.CertificatePoliciesSyntax', 'CertificatePoliciesSyntax', value, policies.length);
  for (const policy of policies) {
    const [id, list] = children(t, policy.value, policy.end);
    open(t, 'x509ce.PolicyInformation_element', policy);
    addOid(t, 'x509ce.policyIdentifier', 'policyIdentifier', id);
    if (list !== undefined) qualifiers(t, list);
    t.close();
  }
  t.close();
}

function qualifiers(t: TreeBuilder, list: Element): void {
  const items = children(t, list.value, list.end);
  openList(t, 'x509ce.policyQualifiers', 'policyQualifiers', list, items.length);
  for (const item of items) {
    const [id, value] = children(t, item.value, item.end);
    open(t, 'x509ce.PolicyQualifierInfo_element', item);
    const oid = addOid(t, 'x509ce.id', 'Id', id);
    if (value !== undefined && oid === QUALIFIER.statement)
      t.put(
        'pkix1explicit.DirectoryString',
        decodeLatin1(t.bytes, value.value, value.end),
        value.value,
        value.end - value.value,
      );
    else if (value !== undefined && oid === QUALIFIER.notice) notice(t, value);
    t.close();
  }
  t.close();
}

/** A text to be shown to whoever relies on the certificate, or where it is written. */
function notice(t: TreeBuilder, value: Element): void {
  open(t, 'pkix1implicit.UserNotice_element', value);
  for (const part of children(t, value.value, value.end)) {
    if (part.tag === TAG.sequence) {
      const [organization, numbers] = children(t, part.value, part.end);
      open(t, 'pkix1implicit.noticeRef_element', part);
      if (organization !== undefined) display(t, 'pkix1implicit.organization', organization);
      if (numbers !== undefined) {
        const items = children(t, numbers.value, numbers.end);
        openList(t, 'pkix1implicit.noticeNumbers', 'noticeNumbers', numbers, items.length);
        for (const item of items) addNumber(t, 'pkix1implicit.noticeNumbers_item', item);
        t.close();
      }
      t.close();
    } else display(t, 'pkix1implicit.explicitText', part);
  }
  t.close();
}

function display(t: TreeBuilder, key: string, value: Element): void {
  const choice = DISPLAY[value.tag];
  if (choice === undefined) return;
  t.nest(t.put(key, choice[0], value.at, value.end - value.at));
  t.put(choice[1], stringOf(t, value), value.value, value.end - value.value);
  t.close();
}

/** Which policies of the issuer are the same as which of the subject. */
export function addPolicyMappings(t: TreeBuilder, value: Element): void {
  const pairs = children(t, value.value, value.end);
  openList(t, 'x509ce.PolicyMappingsSyntax', 'PolicyMappingsSyntax', value, pairs.length);
  for (const pair of pairs) {
    const [issuer, subject] = children(t, pair.value, pair.end);
    open(t, 'x509ce.PolicyMappingsSyntax_item_element', pair);
    addOid(t, 'x509ce.issuerDomainPolicy', 'issuerDomainPolicy', issuer);
    addOid(t, 'x509ce.subjectDomainPolicy', 'subjectDomainPolicy', subject);
    t.close();
  }
  t.close();
}

/** After how many certificates a policy must be named, or may no longer be mapped. */
export function addPolicyLimits(t: TreeBuilder, value: Element): void {
  open(t, 'x509ce.PolicyConstraintsSyntax_element', value);
  for (const part of children(t, value.value, value.end)) {
    if (part.tag === REQUIRE_EXPLICIT) addNumber(t, 'x509ce.requireExplicitPolicy', part, true);
    else if (part.tag === INHIBIT_MAPPING) addNumber(t, 'x509ce.inhibitPolicyMapping', part, true);
  }
  t.close();
}

/** Names below which an issuer may sign, or may not. */
export function addConstraints(t: TreeBuilder, value: Element): void {
  open(t, 'x509ce.NameConstraintsSyntax_element', value);
  for (const part of children(t, value.value, value.end)) {
    if (part.tag === PERMITTED) subtrees(t, 'permittedSubtrees', part);
    else if (part.tag === EXCLUDED) subtrees(t, 'excludedSubtrees', part);
  }
  t.close();
}

function subtrees(t: TreeBuilder, name: string, list: Element): void {
  const items = children(t, list.value, list.end);
  openList(t, `x509ce.${name}`, name, list, items.length);
  for (const item of items) {
    const [base, ...limits] = children(t, item.value, item.end);
    open(t, 'x509ce.GeneralSubtree_element', item);
    if (base !== undefined) addGeneralName(t, 'x509ce.base', base);
    for (const limit of limits) {
      if (limit.tag === MINIMUM) addNumber(t, 'x509ce.minimum', limit, true);
      else if (limit.tag === MAXIMUM) addNumber(t, 'x509ce.maximum', limit, true);
    }
    t.close();
  }
  t.close();
}
