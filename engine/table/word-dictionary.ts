/**
 * Sequences of 32-bit words, each stored once and named by a small integer: header chains, conversations. Open addressing on
 * typed arrays; nothing is allocated per look-up. About 16 bytes an entry beside its words.
 */

const MIN_SLOTS = 1024;

export class WordDictionary {
  count = 0;
  /** All sequences end to end; sequence `id` is [start[id], start[id + 1]). */
  words = new Uint32Array(16 * MIN_SLOTS);
  start = new Uint32Array(MIN_SLOTS + 1);
  private hashes = new Uint32Array(MIN_SLOTS);
  /** id + 1 per slot; 0: free. */
  private slots = new Uint32Array(MIN_SLOTS);
  private mask = MIN_SLOTS - 1;
  private readonly seed: number;

  /** `seed`: any number; a different one per session keeps hostile captures from knowing which words collide. */
  constructor(seed: number) {
    this.seed = seed;
  }

  /** The id of words [from, to); a new one is `count - 1` afterwards. */
  intern(words: Uint32Array, from: number, to: number): number {
    return this.internHashed(words, from, to, hashWords(words, from, to, this.seed));
  }

  /** The same where the hash is known: hashWords() with this dictionary's seed. Hot: once per packet. */
  internHashed(words: Uint32Array, from: number, to: number, hash: number): number {
    let slot = hash & this.mask;
    for (;;) {
      const id = this.slots[slot] - 1;
      if (id < 0) return this.insert(words, from, to, hash, slot);
      if (this.hashes[id] === hash && this.equals(id, words, from, to)) return id;
      slot = (slot + 1) & this.mask;
    }
  }

  private equals(id: number, words: Uint32Array, from: number, to: number): boolean {
    let at = this.start[id];
    if (this.start[id + 1] - at !== to - from) return false;
    const mine = this.words;
    for (let i = from; i < to; i++) if (mine[at++] !== words[i]) return false;
    return true;
  }

  private insert(words: Uint32Array, from: number, to: number, hash: number, slot: number): number {
    const id = this.count++;
    const at = this.start[id];
    const end = at + to - from;
    if (end > this.words.length) this.words = grow(this.words, end);
    if (id + 2 > this.start.length) this.start = grow(this.start, id + 2);
    if (id >= this.hashes.length) this.hashes = grow(this.hashes, id + 1);
    for (let i = from; i < to; i++) this.words[at + i - from] = words[i];
    this.start[id + 1] = end;
    this.hashes[id] = hash;
    this.slots[slot] = id + 1;
    if (2 * this.count > this.mask) this.rehash();
    return id;
  }

  private rehash(): void {
    const size = 2 * this.slots.length;
    this.slots = new Uint32Array(size);
    this.mask = size - 1;
    for (let id = 0; id < this.count; id++) {
      let slot = this.hashes[id] & this.mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & this.mask;
      this.slots[slot] = id + 1;
    }
  }
}

/** A hash of words [from, to); `seed`: the dictionary's. */
export function hashWords(words: Uint32Array, from: number, to: number, seed: number): number {
  let hash = seed ^ (to - from);
  for (let i = from; i < to; i++) {
    hash = Math.imul(hash ^ words[i], 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 13), 0x85ebca6b);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A step of a hash of words. */
export function mix(word: number): number {
  const hash = Math.imul(word, 0x9e3779b1);
  return hash ^ (hash >>> 15);
}

/** A copy at least `length` long, growing by half. */
export function grow(array: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.max(length, array.length + (array.length >>> 1)));
  larger.set(array);
  return larger;
}
