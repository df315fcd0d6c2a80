/** What the usual extensions of certificates say (RFC 5280 4.2.1): keys, their uses, policies, whether it may sign others. */

import type { TreeBuilder } from '../../tree.ts';
import { children, type Element, TAG } from './der.ts';
import { KEY_USAGES } from './extension-fields.ts';

const OID = {
  subjectKey: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  policies: '2.5.29.32',
  authorityKey: '2.5.29.35',
  purposes: '2.5.29.37',
} as const;
const KEY_IDENTIFIER = 0x80;

export function addExtensionValue(t: TreeBuilder, oid: string, value: Element): void {
  const parts = (item: Element): readonly Element[] => children(t, item.value, item.end);
  const length = value.end - value.value;
  switch (oid) {
    case OID.subjectKey:
      if (value.tag === TAG.octetString && length > 0) t.add('x509ce.SubjectKeyIdentifier', value.value, length);
      break;
    case OID.authorityKey:
      for (const part of parts(value))
        if (part.tag === KEY_IDENTIFIER && part.end > part.value)
          t.add('x509ce.keyIdentifier', part.value, part.end - part.value);
      break;
    case OID.keyUsage:
      if (value.tag === TAG.bitString && length > 1) keyUsage(t, value.value + 1, value.end);
      break;
    case OID.purposes:
      for (const part of parts(value)) addOid(t, 'x509ce.KeyPurposeId', part);
      break;
    case OID.policies:
      for (const policy of parts(value)) {
        const [id] = parts(policy);
        if (id !== undefined) addOid(t, 'x509ce.policyIdentifier', id);
      }
      break;
    case OID.basicConstraints:
      basicConstraints(t, parts(value));
      break;
    default:
  }
}

function addOid(t: TreeBuilder, field: string, part: Element): void {
  if (part.tag === TAG.oid && part.end > part.value) t.add(field, part.value, part.end - part.value);
}

function keyUsage(t: TreeBuilder, at: number, end: number): void {
  t.nest(t.put('x509ce.KeyUsage', t.slice(at, end - at), at, end - at));
  for (const [i, name] of KEY_USAGES.entries()) {
    const byte = at + (i >>> 3);
    const isSet = byte < end && (t.u8(byte) & (0x80 >>> (i & 7))) !== 0;
    t.put(`x509ce.KeyUsage.${name}`, isSet ? 1 : 0, Math.min(byte, end - 1), 1);
  }
  t.close();
}

function basicConstraints(t: TreeBuilder, parts: readonly Element[]): void {
  for (const part of parts) {
    const length = part.end - part.value;
    if (part.tag === TAG.boolean && length > 0) t.put('x509ce.cA', t.u8(part.value) === 0 ? 0 : 1, part.value, 1);
    else if (part.tag === TAG.integer && length > 0 && length <= 4) {
      let value = 0n;
      for (let i = part.value; i < part.end; i++) value = (value << 8n) | BigInt(t.u8(i));
      t.put('x509ce.pathLenConstraint', value, part.value, length);
    }
  }
}
