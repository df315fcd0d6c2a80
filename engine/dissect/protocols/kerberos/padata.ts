/** Pre-authentication data (RFC 4120 5.2.7, [MS-SFU], [MS-KILE]): what a client proves, asks or is told about itself. */

import { type BerElement, berByNumber, berChildren, berNumber, readBer } from '../../ber.ts';
import type { TreeBuilder } from '../../tree.ts';
import { bitString, checksum, encryptedValue, inside, number, principal, text } from './parts.ts';

const TYPE = {
  apRequest: 1,
  encryptedTime: 2,
  salt: 3,
  etypeInfo: 11,
  etypeInfo2: 19,
  pacRequest: 128,
  forUser: 129,
  encryptedChallenge: 138,
  pacOptions: 167,
} as const;
const PAC_OPTIONS: readonly string[] = [
  'claims',
  'branch.aware',
  'forward.to.full.dc',
  'resource.based.constrained.delegation',
];

/** A list of them. `nested`: shows a message that is one of them. */
export function padata(t: TreeBuilder, list: BerElement | null, nested: (whole: BerElement) => void): void {
  if (list === null) return;
  const items = berChildren(t.bytes, list);
  t.nest(t.put('padata', items.length, list.at, list.end - list.at));
  for (const item of items) {
    const parts = berByNumber(berChildren(t.bytes, item));
    t.nest(t.put('PA_DATA_element', new Uint8Array(0), item.at, item.end - item.at));
    const kind = inside(t, parts.get(1));
    number(t, 'padata_type', parts.get(1));
    const value = inside(t, parts.get(2));
    if (value !== null) {
      t.nest(t.last());
      t.add('padata_value', value.value, value.end - value.value);
      t.nest(t.last());
      const type = kind === null ? -1 : berNumber(t.bytes, kind);
      const element = readBer(t.bytes, value.value, value.end);
      if (type === TYPE.salt) t.add('pw_salt', value.value, value.end - value.value);
      else if (element !== null) content(t, type, element, nested);
      t.close();
      t.close();
    }
    t.close();
  }
  t.close();
}

function content(t: TreeBuilder, kind: number, element: BerElement, nested: (whole: BerElement) => void): void {
  switch (kind) {
    case TYPE.apRequest:
      nested(element);
      return;
    case TYPE.encryptedTime:
    case TYPE.encryptedChallenge:
      encryptedValue(t, element);
      return;
    case TYPE.etypeInfo:
    case TYPE.etypeInfo2:
      etypeInfo(t, element, kind === TYPE.etypeInfo2);
      return;
    case TYPE.pacRequest: {
      const include = inside(t, berByNumber(berChildren(t.bytes, element)).get(0));
      if (include !== null && include.end > include.value)
        t.put('include_pac', t.u8(include.value) === 0 ? 0 : 1, include.value, 1);
      return;
    }
    case TYPE.forUser: {
      const parts = berByNumber(berChildren(t.bytes, element));
      principal(t, 'name', parts.get(0));
      text(t, 'realm', parts.get(1));
      checksum(t, parts.get(2));
      text(t, 'auth', parts.get(3));
      return;
    }
    case TYPE.pacOptions:
      bitString(t, 'flags', berByNumber(berChildren(t.bytes, element)).get(0), 'PAC.OPTIONS.FLAGS', PAC_OPTIONS);
      return;
    default:
  }
}

/** RFC 4120 5.2.7.4, 5.2.7.5: which encryption a password is used with, and its salt. */
function etypeInfo(t: TreeBuilder, list: BerElement, isSecond: boolean): void {
  for (const entry of berChildren(t.bytes, list)) {
    const parts = berByNumber(berChildren(t.bytes, entry));
    const key = isSecond ? 'ETYPE_INFO2_ENTRY_element' : 'ETYPE_INFO_ENTRY_element';
    t.nest(t.put(key, new Uint8Array(0), entry.at, entry.end - entry.at));
    number(t, 'etype', parts.get(0));
    text(t, isSecond ? 'info2_salt' : 'info_salt', parts.get(1));
    if (isSecond) text(t, 's2kparams', parts.get(2));
    t.close();
  }
}
