/** The beginning of a header that is split over segments, in an array that is used again for others. */
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
