/** Parts that Kerberos' messages share: numbers, texts, times, principals, tickets, addresses, checksums (RFC 4120 5.2, 5.3). */

import { type BerElement, berByNumber, berChildren, berNumber, readBer } from '../../ber.ts';
import type { TreeBuilder } from '../../tree.ts';

export function inside(t: TreeBuilder, tagged: BerElement | undefined): BerElement | null {
  return tagged === undefined ? null : readBer(t.bytes, tagged.value, tagged.end);
}

export function number(t: TreeBuilder, key: string, tagged: BerElement | undefined): void {
  const element = inside(t, tagged);
  if (element !== null && element.end > element.value && element.end - element.value <= 5)
    t.put(key, valueOf(t, key, element), element.value, element.end - element.value);
}

export function text(t: TreeBuilder, key: string, tagged: BerElement | undefined): void {
  const element = inside(t, tagged);
  if (element !== null) t.add(key, element.value, element.end - element.value);
}

/** A BIT STRING's bits, without the byte that counts unused ones. `names`: of the bits, from the first on. */
export function bitString(
  t: TreeBuilder,
  key: string,
  tagged: BerElement | undefined,
  prefix: string,
  names: readonly string[],
): void {
  const element = inside(t, tagged);
  if (element === null || element.end <= element.value) return;
  const at = element.value + 1;
  const length = element.end - at;
  t.add(key, at, length);
  t.nest(t.last());
  names.forEach((name, i) => {
    if (i >> 3 < length) t.add(`${prefix}.${name}`, at + (i >> 3));
  });
  t.close();
}

/** KerberosTime: `20370913024805Z`. */
export function time(t: TreeBuilder, key: string, tagged: BerElement | undefined): void {
  const element = inside(t, tagged);
  if (element === null) return;
  const parsed = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(
    t.string(element.value, element.end - element.value, 'ascii'),
  );
  if (parsed === null) return;
  const [year, month, day, hour, minute, second] = parsed.slice(1).map(Number);
  t.put(
    key,
    BigInt(Date.UTC(year, month - 1, day, hour, minute, second)) * 1_000_000n,
    element.value,
    element.end - element.value,
  );
}

/** What the names of a principal are called. */
const STRINGS = { cname: 'CNameString', sname: 'SNameString', name: 'KerberosString' } as const;

export function principal(t: TreeBuilder, key: keyof typeof STRINGS, tagged: BerElement | undefined): void {
  const element = inside(t, tagged);
  if (element === null) return;
  const parts = berByNumber(berChildren(t.bytes, element));
  t.nest(t.put(`${key}_element`, new Uint8Array(0), element.at, element.end - element.at));
  number(t, 'name_type', parts.get(0));
  const list = inside(t, parts.get(1));
  if (list !== null) {
    const names = berChildren(t.bytes, list);
    t.nest(t.put(`${key}_string`, names.length, list.at, list.end - list.at));
    for (const name of names) t.add(STRINGS[key], name.value, name.end - name.value);
    t.close();
  }
  t.close();
}

export function ticket(t: TreeBuilder, tagged: BerElement | undefined): void {
  ticketBody(t, inside(t, tagged), 'ticket_element');
}

function ticketBody(t: TreeBuilder, element: BerElement | null, key: string): void {
  const body = element === null ? null : readBer(t.bytes, element.value, element.end);
  if (element === null || body === null) return;
  const parts = berByNumber(berChildren(t.bytes, body));
  t.nest(t.put(key, new Uint8Array(0), element.at, element.end - element.at));
  number(t, 'tkt_vno', parts.get(0));
  text(t, 'realm', parts.get(1));
  principal(t, 'sname', parts.get(2));
  encrypted(t, 'enc_part_element', parts.get(3));
  t.close();
}

export function encrypted(t: TreeBuilder, key: string, tagged: BerElement | undefined): void {
  const element = inside(t, tagged);
  if (element === null) return;
  t.nest(t.put(key, new Uint8Array(0), element.at, element.end - element.at));
  encryptedValue(t, element);
  t.close();
}

/** EncryptedData (5.2.9). */
export function encryptedValue(t: TreeBuilder, element: BerElement): void {
  const parts = berByNumber(berChildren(t.bytes, element));
  number(t, 'etype', parts.get(0));
  number(t, 'kvno', parts.get(1));
  text(t, 'cipher', parts.get(2));
}

/** Unsigned where the field is: a nonce has 32 bits. */
function valueOf(t: TreeBuilder, key: string, element: BerElement): number {
  const value = berNumber(t.bytes, element);
  return value < 0 && t.protocol.fields.get(key)?.spec.type === 'u32' ? value >>> 0 : value;
}

/** A list of tickets: how many, and each. */
export function tickets(t: TreeBuilder, key: string, tagged: BerElement | undefined): void {
  const list = inside(t, tagged);
  if (list === null) return;
  const all = berChildren(t.bytes, list);
  t.nest(t.put(key, all.length, list.at, list.end - list.at));
  for (const one of all) ticketBody(t, one, 'Ticket_element');
  t.close();
}

const ADDRESS = { ipv4: 2, netbios: 20, ipv6: 24 } as const;

export function hostAddress(t: TreeBuilder, key: string, element: BerElement | null): void {
  if (element === null) return;
  const parts = berByNumber(berChildren(t.bytes, element));
  t.nest(t.put(key, new Uint8Array(0), element.at, element.end - element.at));
  const type = inside(t, parts.get(0));
  number(t, 'addr_type', parts.get(0));
  const value = inside(t, parts.get(1));
  if (value !== null) {
    const length = value.end - value.value;
    t.add('address', value.value, length);
    const kind = type === null ? -1 : berNumber(t.bytes, type);
    t.nest(t.last());
    if (kind === ADDRESS.ipv4 && length === 4) t.add('addr_ip', value.value);
    else if (kind === ADDRESS.ipv6 && length === 16) t.add('addr_ipv6', value.value);
    else if (kind === ADDRESS.netbios && length > 0)
      t.put('addr_nb', t.string(value.value, length, 'latin1').trimEnd(), value.value, length);
    t.close();
  }
  t.close();
}

export function hostAddresses(t: TreeBuilder, tagged: BerElement | undefined): void {
  const list = inside(t, tagged);
  if (list === null) return;
  const all = berChildren(t.bytes, list);
  t.nest(t.put('addresses', all.length, list.at, list.end - list.at));
  for (const one of all) hostAddress(t, 'HostAddress_element', one);
  t.close();
}

export function checksum(t: TreeBuilder, tagged: BerElement | undefined): void {
  const element = inside(t, tagged);
  if (element === null) return;
  const parts = berByNumber(berChildren(t.bytes, element));
  t.nest(t.put('cksum_element', new Uint8Array(0), element.at, element.end - element.at));
  number(t, 'cksumtype', parts.get(0));
  text(t, 'checksum', parts.get(1));
  t.close();
}
