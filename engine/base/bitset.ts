/** A set of rows: 32 rows a word, on shared memory so that workers can fill it. */

export class BitSet {
  readonly words: Uint32Array;
  /** Number of rows it speaks of; bits at and past it are always 0. */
  readonly size: number;

  constructor(size: number, words?: Uint32Array) {
    this.size = size;
    this.words = words ?? new Uint32Array(new SharedArrayBuffer(((size + 31) >>> 5) * 4));
  }

  static full(size: number): BitSet {
    const set = new BitSet(size);
    set.words.fill(0xffffffff);
    set.trim();
    return set;
  }

  has(row: number): boolean {
    return ((this.words[row >>> 5] >>> (row & 31)) & 1) === 1;
  }

  add(row: number): void {
    this.words[row >>> 5] |= 1 << (row & 31);
  }

  delete(row: number): void {
    this.words[row >>> 5] &= ~(1 << (row & 31));
  }

  /** In place: rows in both. */
  and(other: BitSet): this {
    for (let i = 0; i < this.words.length; i++) this.words[i] &= other.words[i];
    return this;
  }

  /** In place: rows in either. */
  or(other: BitSet): this {
    for (let i = 0; i < this.words.length; i++) this.words[i] |= other.words[i];
    return this;
  }

  /** In place: rows in exactly one. */
  xor(other: BitSet): this {
    for (let i = 0; i < this.words.length; i++) this.words[i] ^= other.words[i];
    return this;
  }

  /** In place: rows that were not in it. */
  not(): this {
    for (let i = 0; i < this.words.length; i++) this.words[i] = ~this.words[i];
    this.trim();
    return this;
  }

  copy(): BitSet {
    const set = new BitSet(this.size);
    set.words.set(this.words);
    return set;
  }

  /** The same rows in a set over more rows (a capture that has grown). */
  grown(size: number): BitSet {
    const set = new BitSet(size);
    set.words.set(this.words);
    return set;
  }

  count(from = 0, to = this.size): number {
    let total = 0;
    const firstWord = from >>> 5;
    const lastWord = (to - 1) >>> 5;
    if (to <= from) return 0;
    for (let i = firstWord; i <= lastWord; i++) {
      let word = this.words[i];
      if (i === firstWord) word &= 0xffffffff << (from & 31);
      if (i === lastWord && (to & 31) !== 0) word &= (1 << (to & 31)) - 1;
      total += popCount(word);
    }
    return total;
  }

  /** First row in the set at or after `row`; -1 if there is none. */
  next(row: number): number {
    let i = row >>> 5;
    if (row >= this.size) return -1;
    let word = this.words[i] & (0xffffffff << (row & 31));
    while (word === 0) {
      if (++i >= this.words.length) return -1;
      word = this.words[i];
    }
    return (i << 5) + 31 - Math.clz32(word & -word);
  }

  /** Last row in the set at or before `row`; -1 if there is none. */
  previous(row: number): number {
    if (row < 0) return -1;
    let i = row >>> 5;
    let word = this.words[i] & (0xffffffff >>> (31 - (row & 31)));
    while (word === 0) {
      if (--i < 0) return -1;
      word = this.words[i];
    }
    return (i << 5) + 31 - Math.clz32(word);
  }

  /** All rows in ascending order. */
  toRows(): Uint32Array {
    const rows = new Uint32Array(this.count());
    let n = 0;
    for (let i = 0; i < this.words.length; i++) {
      let word = this.words[i];
      while (word !== 0) {
        const low = word & -word;
        rows[n++] = (i << 5) + 31 - Math.clz32(low);
        word ^= low;
      }
    }
    return rows;
  }

  private trim(): void {
    const rest = this.size & 31;
    if (rest !== 0) this.words[this.words.length - 1] &= (1 << rest) - 1;
  }
}

function popCount(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
