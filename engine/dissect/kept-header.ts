/** Beginnings of headers that are split over segments, until the rest of them comes: bounded, in arrays that are used again. */

/** Headers waiting for their rest, all flows together. */
const MAX_WAITING_BYTES = 64 << 20;
/** Arrays kept for the next header, and the largest of them: a new array each would cost more than the framing (5 % of loading). */
const MAX_SPARE = 256;
const MAX_SPARE_BYTES = 16 << 10;

export class KeptHeader {
  bytes: Uint8Array = new Uint8Array(1024);
  length = 0;

  /** Writes bytes behind the kept ones, without counting them yet. */
  put(bytes: Uint8Array, at: number, end: number): void {
    const needed = this.length + end - at;
    if (needed > this.bytes.length) {
      const larger = new Uint8Array(2 * needed);
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
    this.bytes.set(bytes.subarray(at, end), this.length);
  }
}

/** By flow and direction. */
export class KeptHeaders {
  private readonly waiting = new Map<number, KeptHeader>();
  private waitingBytes = 0;
  private readonly spare: KeptHeader[] = [];

  get(key: number): KeptHeader | undefined {
    return this.waiting.size > 0 ? this.waiting.get(key) : undefined;
  }

  /** Keeps what came of a header, behind what is kept of it already. */
  keep(key: number, bytes: Uint8Array, at: number, end: number): void {
    const kept = this.get(key) ?? this.spare.pop() ?? new KeptHeader();
    kept.put(bytes, at, end);
    if (this.waiting.delete(key)) this.waitingBytes -= kept.length;
    kept.length += end - at;
    this.waitingBytes += kept.length;
    for (const oldest of this.waiting.keys()) {
      if (this.waitingBytes <= MAX_WAITING_BYTES) break;
      this.drop(oldest); // hostile: its stream starts anew at its next segment
    }
    this.waiting.set(key, kept);
  }

  drop(key: number): void {
    const kept = this.get(key);
    if (kept === undefined) return;
    this.waiting.delete(key);
    this.waitingBytes -= kept.length;
    kept.length = 0;
    if (this.spare.length < MAX_SPARE && kept.bytes.length <= MAX_SPARE_BYTES) this.spare.push(kept);
  }

  /** A copy of what is kept; null: nothing. */
  copy(key: number): Uint8Array | null {
    const kept = this.get(key);
    return kept === undefined ? null : kept.bytes.slice(0, kept.length);
  }

  /** Puts back what copy() gave. */
  restore(key: number, bytes: Uint8Array | null): void {
    this.drop(key);
    if (bytes !== null) this.keep(key, bytes, 0, bytes.length);
  }
}
