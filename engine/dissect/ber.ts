/** BER and DER elements (ITU-T X.690) for the protocols that speak ASN.1: SNMP, LDAP, Kerberos, SPNEGO. Never throws because of bytes. */

export const BER_CLASS = { universal: 0, application: 1, context: 2, private: 3 } as const;

export const BER_TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  generalizedTime: 0x18,
  generalString: 0x1b,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One element: where it starts, where its content is. */
export interface BerElement {
  /** The first identifier byte: class, constructed bit and low tag number together, as `BER_TAG` has them. */
  readonly id: number;
  readonly class: number;
  readonly isConstructed: boolean;
  /** Tag number, long form included. */
  readonly number: number;
  readonly at: number;
  /** Start of the content. */
  readonly value: number;
  /** One past the content that is there. */
  readonly end: number;
  /** What its length says; above `end` where the bytes ran out. */
  readonly wireEnd: number;
}

/** More elements than any honest message has in one list. */
const MAX_CHILDREN = 8192;
/** Four bytes of length say all that a packet can hold. */
const MAX_LENGTH_BYTES = 4;
const MAX_TAG_BYTES = 4;

/** The element at `at`; null where there is no header of one before `end`. */
export function readBer(bytes: Uint8Array, at: number, end: number): BerElement | null {
  if (at + 2 > end) return null;
  const id = bytes[at];
  let next = at + 1;
  let number = id & 0x1f;
  if (number === 0x1f) {
    number = 0;
    for (let i = 0; ; i++) {
      if (next >= end || i >= MAX_TAG_BYTES) return null;
      const byte = bytes[next++];
      number = number * 128 + (byte & 0x7f);
      if ((byte & 0x80) === 0) break;
    }
  }
  if (next >= end) return null;
  const first = bytes[next++];
  let length = first;
  if (first === 0x80) {
    if ((id & 0x20) === 0) return null; // only constructed elements may have no length
    length = end - next; // until two zero bytes, which children() stops at
  } else if (first > 0x80) {
    const count = first & 0x7f;
    length = 0;
    if (count > 8 || next + count > end) return null;
    for (let i = 0; i < count; i++) length = length * 256 + bytes[next++];
    if (count > MAX_LENGTH_BYTES && length > 0xffffffff) return null;
  }
  return {
    id,
    class: id >>> 6,
    isConstructed: (id & 0x20) !== 0,
    number,
    at,
    value: next,
    end: Math.min(end, next + length),
    wireEnd: next + length,
  };
}

/** The elements inside [at, end), up to the first that is broken. */
export function berList(bytes: Uint8Array, at: number, end: number): BerElement[] {
  const list: BerElement[] = [];
  while (at < end && list.length < MAX_CHILDREN) {
    const element = readBer(bytes, at, end);
    if (element === null || (element.id === 0 && element.value === element.end)) break;
    list.push(element);
    at = element.wireEnd;
  }
  return list;
}

export function berChildren(bytes: Uint8Array, element: BerElement): BerElement[] {
  return berList(bytes, element.value, element.end);
}

/** An INTEGER's value, two's complement; what does not fit 64 bits keeps its last ones. */
export function berInteger(bytes: Uint8Array, element: BerElement): bigint {
  let value = 0n;
  for (let i = Math.max(element.value, element.end - 9); i < element.end; i++) value = (value << 8n) | BigInt(bytes[i]);
  const width = BigInt(8 * Math.min(9, element.end - element.value));
  return element.end > element.value ? BigInt.asIntN(Number(width), value) : 0n;
}

/** The same as a number. */
export function berNumber(bytes: Uint8Array, element: BerElement): number {
  return Number(berInteger(bytes, element));
}

/** Context-specific elements by their number, the first of each. */
export function berByNumber(list: readonly BerElement[]): ReadonlyMap<number, BerElement> {
  const found = new Map<number, BerElement>();
  for (const element of list)
    if (element.class === BER_CLASS.context && !found.has(element.number)) found.set(element.number, element);
  return found;
}

/** Whole message at `at`, for framers: its length, 0 where more bytes are needed to tell, -1 where these are none. */
export function berLength(bytes: Uint8Array, at: number, end: number, id: number): number {
  if (at >= end) return 0;
  if (bytes[at] !== id) return -1;
  if (at + 1 >= end) return 0;
  const first = bytes[at + 1];
  if (first < 0x80) return 2 + first;
  const count = first & 0x7f;
  if (count === 0 || count > MAX_LENGTH_BYTES) return -1;
  if (at + 2 + count > end) return 0;
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + bytes[at + 2 + i];
  return 2 + count + length;
}
