/** Which bytes of something put together are there: ranges in any order, overlapping or not. */

interface Range {
  readonly from: number;
  readonly to: number;
}

export class Filled {
  /** Everything before it is there. */
  end = 0;
  /** Behind it, by their beginnings. */
  private ranges: Range[] = [];

  add(from: number, to: number): void {
    if (from > this.end) {
      let place = this.ranges.length;
      while (place > 0 && this.ranges[place - 1].from > from) place--;
      this.ranges.splice(place, 0, { from, to });
      return;
    }
    this.end = Math.max(this.end, to);
    let joined = 0;
    for (; joined < this.ranges.length && this.ranges[joined].from <= this.end; joined++)
      this.end = Math.max(this.end, this.ranges[joined].to);
    if (joined > 0) this.ranges = this.ranges.slice(joined);
  }

  /** Is any byte of [from, to) not there yet? */
  lacks(from: number, to: number): boolean {
    let done = Math.max(from, this.end);
    for (const range of this.ranges) {
      if (done >= to || range.from > done) break;
      done = Math.max(done, range.to);
    }
    return done < to;
  }

  /** The parts of [from, to) that are there, in order. */
  within(from: number, to: number): Range[] {
    const parts: Range[] = [];
    let done = from;
    for (const range of [{ from: 0, to: this.end }, ...this.ranges]) {
      const part = { from: Math.max(done, range.from), to: Math.min(to, range.to) };
      if (part.to <= part.from) continue;
      parts.push(part);
      done = part.to;
    }
    return parts;
  }

  /** Bytes that are there. */
  total(): number {
    let total = this.end;
    let done = this.end;
    for (const { from, to } of this.ranges) {
      total += Math.max(0, to - Math.max(done, from));
      done = Math.max(done, to);
    }
    return total;
  }
}
