/** GeneralName (RFC 5280 4.2.1.6): what else a certificate, an issuer or a place is called. */

import { formatIpv4, formatIpv6 } from '../../../../base/address.ts';
import { u32 } from '../../../../base/bytes.ts';
import { decodeLatin1, decodeUtf8 } from '../../../../base/text.ts';
import type { TreeBuilder } from '../../../tree.ts';
import { children, type Element, element, TAG } from './der.ts';
import { addName } from './name.ts';
import { addOid } from './oids.ts';
import { open, openList } from './rows.ts';

/** The choice is the tag's number. */
const CHOICE = 0x1f;
const KIND = { other: 0, email: 1, dns: 2, directory: 4, uri: 6, ip: 7, registered: 8 } as const;
const TEXT_FIELDS: Readonly<Record<number, string>> = {
  [KIND.email]: 'x509ce.rfc822Name',
  [KIND.dns]: 'x509ce.dNSName',
  [KIND.uri]: 'x509ce.uniformResourceIdentifier',
};

/** A list of names below a row of its own. */
export function addGeneralNames(t: TreeBuilder, key: string, label: string, list: Element): void {
  const names = children(t, list.value, list.end);
  openList(t, key, label, list, names.length);
  for (const name of names) addGeneralName(t, 'x509ce.GeneralName', name);
  t.close();
}

/** One name below the row of its choice. */
export function addGeneralName(t: TreeBuilder, key: string, name: Element): void {
  const kind = name.tag & CHOICE;
  const length = name.end - name.value;
  t.nest(t.put(key, kind, name.at, name.end - name.at));
  const field = TEXT_FIELDS[kind];
  if (field !== undefined) t.put(field, decodeLatin1(t.bytes, name.value, name.end), name.value, length);
  else if (kind === KIND.ip) addAddress(t, name, length);
  else if (kind === KIND.directory) {
    const inner = element(t, name.value, name.end);
    if (inner !== null) addName(t, 'x509ce.directoryName', 'directoryName', inner);
  } else if (kind === KIND.registered) addOid(t, 'x509ce.registeredID', 'registeredID', { ...name, tag: TAG.oid });
  else if (kind === KIND.other) {
    const [id, value] = children(t, name.value, name.end);
    open(t, 'x509ce.otherName_element', name);
    addOid(t, 'x509ce.type_id', 'type-id', id);
    if (value !== undefined) {
      open(t, 'x509ce.value_element', value);
      const text = element(t, value.value, value.end);
      if (text?.tag === TAG.utf8)
        t.put('x509sat.UTF8String', decodeUtf8(t.bytes, text.value, text.end), text.value, text.end - text.value);
      t.close();
    }
    t.close();
  }
  t.close();
}

function addAddress(t: TreeBuilder, name: Element, length: number): void {
  if (length === 0) return;
  const address = t.slice(name.value, length);
  if (length === 4) {
    t.put('x509ce.iPAddress', address, name.value, length, `iPAddress: ${formatIpv4(u32(address, 0))}`);
    t.hide('x509ce.IPAddress.ipv4', u32(address, 0), name.value, length);
  } else if (length === 16) {
    t.put('x509ce.iPAddress', address, name.value, length, `iPAddress: ${formatIpv6(address)}`);
    t.hide('x509ce.IPAddress.ipv6', address, name.value, length);
  } else {
    t.put('x509ce.iPAddress', address, name.value, length);
  }
}
