/** Controls (RFC 4511 4.1.11) and the values of extended operations, as far as their object identifiers are known here. */

import { type BerElement, berChildren, readBer } from '../../ber.ts';
import type { TreeBuilder } from '../../tree.ts';
import { count, leaf, number, text, truth } from './elements.ts';
import { OIDS } from './names.ts';

const OID = {
  paged: '1.2.840.113556.1.4.319',
  sort: '1.2.840.113556.1.4.473',
  sorted: '1.2.840.113556.1.4.474',
  password: '1.3.6.1.4.1.4203.1.11.1',
  cancel: '1.3.6.1.1.8',
} as const;
const PASSWORD_PARTS = ['ldap.userIdentity', 'ldap.oldPasswd', 'ldap.newPasswd'] as const;
const BOOLEAN = 1;

export function controls(t: TreeBuilder, list: BerElement): void {
  const items = berChildren(t.bytes, list);
  t.nest(count(t, 'ldap.controls', list, items.length));
  for (const item of items) {
    const parts = berChildren(t.bytes, item);
    const oid = text(t, parts[0]);
    t.nest(t.put('ldap.Control_element', new Uint8Array(0), item.at, item.end - item.at));
    leaf(t, 'ldap.controlType', parts[0]);
    if (OIDS[oid] !== undefined) t.last().text = `controlType: ${oid} (${OIDS[oid]})`;
    for (const part of parts.slice(1)) {
      if (part.id === BOOLEAN) truth(t, 'ldap.criticality', part);
      else {
        leaf(t, 'ldap.controlValue', part);
        controlValue(t, oid, part);
      }
    }
    t.close();
  }
  t.close();
}

function controlValue(t: TreeBuilder, oid: string, value: BerElement): void {
  const inner = readBer(t.bytes, value.value, value.end);
  if (inner === null) return;
  const parts = berChildren(t.bytes, inner);
  t.nest(t.last());
  if (oid === OID.paged) {
    t.nest(t.put('ldap.SearchControlValue_element', new Uint8Array(0), inner.at, inner.end - inner.at));
    number(t, 'ldap.size', parts[0]);
    leaf(t, 'ldap.cookie', parts[1]);
    t.close();
  } else if (oid === OID.sort) {
    t.nest(count(t, 'ldap.SortKeyList', inner, parts.length));
    for (const key of parts) {
      const [type, ...options] = berChildren(t.bytes, key);
      t.nest(t.put('ldap.SortKeyList_item_element', new Uint8Array(0), key.at, key.end - key.at));
      leaf(t, 'ldap.attributeType', type);
      for (const option of options) if (option.number === 1) truth(t, 'ldap.reverseOrder', option);
      t.close();
    }
    t.close();
  } else if (oid === OID.sorted) number(t, 'ldap.sortResult', parts[0]);
  t.close();
}

/** The value of an extended request. */
export function extendedValue(t: TreeBuilder, oid: string, value: BerElement): void {
  leaf(t, 'ldap.requestValue', value);
  const inner = readBer(t.bytes, value.value, value.end);
  if (inner === null) return;
  t.nest(t.last());
  const parts = berChildren(t.bytes, inner);
  if (oid === OID.password) {
    t.nest(t.put('ldap.PasswdModifyRequestValue_element', new Uint8Array(0), inner.at, inner.end - inner.at));
    for (const part of parts) leaf(t, PASSWORD_PARTS[part.number] ?? 'ldap.userIdentity', part);
    t.close();
  } else if (oid === OID.cancel) {
    t.nest(t.put('ldap.CancelRequestValue_element', new Uint8Array(0), inner.at, inner.end - inner.at));
    number(t, 'ldap.cancelID', parts[0]);
    t.close();
  }
  t.close();
}
