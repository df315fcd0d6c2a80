/** Distinguished names (X.501 9, RFC 5280 4.1.2.4): a list of sets of attributes. */

import { decodeLatin1, decodeUtf8 } from '../../../../base/text.ts';
import type { TreeBuilder } from '../../../tree.ts';
import { children, type Element, element, TAG } from './der.ts';
import { addOid, oidName, oidOf } from './oids.ts';
import { open, openList } from './rows.ts';

/** Attributes whose values are of one kind only; those of all others are a choice of strings. */
const KINDS: Readonly<Record<string, string>> = {
  '2.5.4.5': 'x509sat.PrintableString',
  '2.5.4.6': 'x509sat.CountryName',
  '2.5.4.46': 'x509sat.PrintableString',
  '1.2.840.113549.1.9.1': 'x509sat.IA5String',
  '0.9.2342.19200300.100.1.25': 'x509sat.IA5String',
  '1.3.6.1.4.1.311.60.2.1.3': 'x509sat.CountryName',
};

/** DirectoryString (X.520 6.1): which choice a tag is, and its field. */
const STRINGS: Readonly<Record<number, readonly [number, string]>> = {
  [TAG.teletex]: [0, 'x509sat.teletexString'],
  [TAG.printable]: [1, 'x509sat.printableString'],
  [TAG.universal]: [2, 'x509sat.universalString'],
  [TAG.bmp]: [3, 'x509sat.bmpString'],
  [TAG.utf8]: [4, 'x509sat.uTF8String'],
};

/** Text of a string element, by its tag. */
export function stringOf(t: TreeBuilder, { tag, value, end }: Element): string {
  if (tag === TAG.utf8) return decodeUtf8(t.bytes, value, end);
  let text = '';
  if (tag === TAG.bmp) for (let at = value; at + 1 < end; at += 2) text += String.fromCharCode(t.u16(at));
  else if (tag === TAG.universal)
    for (let at = value; at + 3 < end; at += 4) text += String.fromCodePoint(Math.min(t.u32(at), 0x10ffff));
  else return decodeLatin1(t.bytes, value, end);
  return text;
}

/** The attributes of a name in one line, the last one first (RFC 4514 2.1). */
export function nameText(t: TreeBuilder, item: Element): string {
  const shown: string[] = [];
  for (const set of children(t, item.value, item.end)) shown.push(...attributesOf(t, set));
  return shown.reverse().join(',');
}

function attributesOf(t: TreeBuilder, set: Element): string[] {
  const shown: string[] = [];
  for (const pair of children(t, set.value, set.end)) {
    const [id, value] = children(t, pair.value, pair.end);
    if (id?.tag === TAG.oid && value !== undefined) shown.push(attributeText(t, id, value));
  }
  return shown;
}

function attributeText(t: TreeBuilder, id: Element, value: Element): string {
  return `${oidName(oidOf(t, id))}=${stringOf(t, value)}`;
}

/** `key`: the row of the choice that a name is (x509af.issuer); `list`: that of its list of attributes. */
export function addName(t: TreeBuilder, key: string, label: string, item: Element, list = 'x509if.rdnSequence'): void {
  t.nest(t.put(key, 0, item.at, item.end - item.at, `${label}: ${nameText(t, item)}`));
  addAttributes(t, item, list);
  t.close();
}

/** The list of attributes alone. */
export function addAttributes(t: TreeBuilder, item: Element, list = 'x509if.rdnSequence'): void {
  const sets = children(t, item.value, item.end);
  openList(t, list, 'rdnSequence', item, sets.length);
  for (const set of sets) addSet(t, 'x509if.RDNSequence_item', 'RDNSequence item', set);
  t.close();
}

/** Attributes that together are one part of a name. */
export function addSet(t: TreeBuilder, key: string, label: string, set: Element): void {
  const pairs = children(t, set.value, set.end);
  t.nest(t.put(key, pairs.length, set.at, set.end - set.at, `${label}: ${attributesOf(t, set).join('+')}`));
  for (const pair of pairs) {
    const [id, value] = children(t, pair.value, pair.end);
    if (id?.tag !== TAG.oid || value === undefined) continue;
    open(t, 'x509if.RelativeDistinguishedName_item_element', pair, attributeText(t, id, value));
    addString(t, addOid(t, 'x509if.oid', 'Object Id', id), value);
    t.close();
  }
  t.close();
}

function addString(t: TreeBuilder, oid: string, value: Element): void {
  const length = value.end - value.value;
  const text = stringOf(t, value);
  const kind = KINDS[oid];
  const choice = STRINGS[value.tag];
  if (kind !== undefined) t.put(kind, text, value.value, length);
  else if (choice === undefined) t.text(text, value.value, length);
  else {
    t.nest(t.put('x509sat.DirectoryString', choice[0], value.at, value.end - value.at));
    t.put(choice[1], text, value.value, length);
    t.close();
  }
}

/** A distinguished name on its own, as a Certificate Request has them. */
export function addDistinguishedName(t: TreeBuilder, at: number, end: number): void {
  const item = element(t, at, end);
  if (item === null) return;
  t.nest(t.text(`Distinguished Name: ${nameText(t, item)}`, item.at, item.end - item.at));
  addAttributes(t, item);
  t.close();
}
