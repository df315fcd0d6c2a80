/** A set of rows: 32 rows a word, on shared memory so that workers can fill it. */

export class BitSet {
  /** From row `base` on, which is a multiple of 32. */
  words: Uint32Array;
  /** It speaks of rows [base, size); bits at and past `size` are always 0, rows before `base` are not in it. */
  readonly size: number;
  base: number;

  /** An empty set over rows [from, size): what lies before takes no room. */
  constructor(size: number, from = 0, words?: Uint32Array) {
    this.size = size;
    this.base = Math.min(from, size) - (Math.min(from, size) % 32);
    this.words = words ?? new Uint32Array(new SharedArrayBuffer(((size - this.base + 31) >>> 5) * 4));
  }

  /** Every row of [from, size). */
  static full(size: number, from = 0): BitSet {
    const set = new BitSet(size, from);
    set.words.fill(0xffffffff);
    set.trim();
    set.deleteBelow(from);
    return set;
  }

  has(row: number): boolean {
    return ((this.words[(row - this.base) >>> 5] >>> (row & 31)) & 1) === 1;
  }

  add(row: number): void {
    this.words[(row - this.base) >>> 5] |= 1 << (row & 31);
  }

  delete(row: number): void {
    this.words[(row - this.base) >>> 5] &= ~(1 << (row & 31));
  }

  /** In place: rows before `row` are not in it any more. */
  deleteBelow(row: number): this {
    const at = Math.min(row, this.size) - this.base;
    if (at <= 0) return this;
    this.words.fill(0, 0, at >>> 5);
    if ((at & 31) !== 0) this.words[at >>> 5] &= -1 << (at & 31);
    return this;
  }

  /** In place: rows before `row` are gone for good, and so is the room for them. */
  retire(row: number): this {
    this.deleteBelow(row);
    const base = Math.min(row, this.size) - (Math.min(row, this.size) % 32);
    if (base > this.base) {
      this.words = this.words.slice((base - this.base) >>> 5);
      this.base = base;
    }
    return this;
  }

  /** In place: rows in both. */
  and(other: BitSet): this {
    const ahead = this.ahead(other);
    for (let i = 0; i < this.words.length; i++) this.words[i] &= other.words[i + ahead];
    return this;
  }

  /** In place: rows in either; of the other's rows those that this set speaks of. */
  or(other: BitSet): this {
    const ahead = this.ahead(other);
    for (let i = 0; i < this.words.length; i++) this.words[i] |= other.words[i + ahead];
    this.trim();
    return this;
  }

  /** In place: rows in exactly one; of the other's rows those that this set speaks of. */
  xor(other: BitSet): this {
    const ahead = this.ahead(other);
    for (let i = 0; i < this.words.length; i++) this.words[i] ^= other.words[i + ahead];
    this.trim();
    return this;
  }

  /** In place: rows from `base` on that were not in it. */
  not(): this {
    for (let i = 0; i < this.words.length; i++) this.words[i] = ~this.words[i];
    this.trim();
    return this;
  }

  copy(): BitSet {
    return this.over(this.base, this.size);
  }

  /** The same rows in a set over more rows (a capture that has grown). */
  grown(size: number): BitSet {
    return this.over(this.base, size);
  }

  /** Those of its rows that lie in [from, size), in a set over them. */
  over(from: number, size: number): BitSet {
    const set = new BitSet(size, from);
    const ahead = set.ahead(this);
    const here = Math.max(0, -ahead);
    if (here < set.words.length) set.words.set(this.words.subarray(here + ahead, ahead + set.words.length), here);
    set.trim();
    return set.deleteBelow(from);
  }

  count(from = this.base, to = this.size): number {
    const first = Math.max(from, this.base);
    const last = Math.min(to, this.size);
    if (last <= first) return 0;
    let total = 0;
    const firstWord = (first - this.base) >>> 5;
    const lastWord = (last - 1 - this.base) >>> 5;
    for (let i = firstWord; i <= lastWord; i++) {
      let word = this.words[i];
      if (i === firstWord) word &= 0xffffffff << (first & 31);
      if (i === lastWord && (last & 31) !== 0) word &= (1 << (last & 31)) - 1;
      total += popCount(word);
    }
    return total;
  }

  /** First row in the set at or after `row`; -1 if there is none. */
  next(row: number): number {
    const from = Math.max(row, this.base);
    if (from >= this.size) return -1;
    let i = (from - this.base) >>> 5;
    let word = this.words[i] & (0xffffffff << (from & 31));
    while (word === 0) {
      if (++i >= this.words.length) return -1;
      word = this.words[i];
    }
    return this.base + (i << 5) + 31 - Math.clz32(word & -word);
  }

  /** Last row in the set at or before `row`; -1 if there is none. */
  previous(row: number): number {
    const from = Math.min(row, this.size - 1);
    if (from < this.base) return -1;
    let i = (from - this.base) >>> 5;
    let word = this.words[i] & (0xffffffff >>> (31 - (from & 31)));
    while (word === 0) {
      if (--i < 0) return -1;
      word = this.words[i];
    }
    return this.base + (i << 5) + 31 - Math.clz32(word);
  }

  /** All rows in ascending order. */
  toRows(): Uint32Array {
    const rows = new Uint32Array(this.count());
    let n = 0;
    for (let i = 0; i < this.words.length; i++) {
      let word = this.words[i];
      while (word !== 0) {
        const low = word & -word;
        rows[n++] = this.base + (i << 5) + 31 - Math.clz32(low);
        word ^= low;
      }
    }
    return rows;
  }

  /** Index in the other's words of this set's first one. */
  private ahead(other: BitSet): number {
    return (this.base - other.base) / 32;
  }

  private trim(): void {
    const rest = this.size & 31;
    if (rest !== 0 && this.words.length > 0) this.words[this.words.length - 1] &= (1 << rest) - 1;
  }
}

function popCount(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
