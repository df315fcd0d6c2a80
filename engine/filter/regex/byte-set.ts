/** Sets of byte values as 256 bits: what one step of a regular expression over bytes accepts. */

/** Eight words of 32 bits. */
export type ByteSet = Uint32Array;

export function emptySet(): ByteSet {
  return new Uint32Array(8);
}

/** The union of ranges, both ends in it. */
export function setOf(...ranges: readonly (readonly [number, number])[]): ByteSet {
  const set = emptySet();
  for (const [low, high] of ranges) for (let byte = low; byte <= high; byte++) set[byte >>> 5] |= 1 << (byte & 31);
  return set;
}

export function isInSet(set: ByteSet, byte: number): boolean {
  return ((set[byte >>> 5] >>> (byte & 31)) & 1) === 1;
}

export function negatedSet(set: ByteSet): ByteSet {
  return set.map((word) => ~word);
}

export function unionOf(a: ByteSet, b: ByteSet): ByteSet {
  return a.map((word, i) => word | b[i]);
}

/** The set with the other case of every ASCII letter in it. */
export function foldCase(set: ByteSet): ByteSet {
  const folded = set.slice();
  for (let upper = 0x41; upper <= 0x5a; upper++) {
    const lower = upper + 32;
    if (isInSet(set, upper)) folded[lower >>> 5] |= 1 << (lower & 31);
    if (isInSet(set, lower)) folded[upper >>> 5] |= 1 << (upper & 31);
  }
  return folded;
}
