/** Which bytes of something put together are there: ranges in any order, overlapping or not. */

export class Filled {
  /** Everything before it is there. */
  end = 0;
  private readonly ranges: { readonly from: number; readonly to: number }[] = [];

  add(from: number, to: number): void {
    if (from <= this.end) this.end = Math.max(this.end, to);
    else this.ranges.push({ from, to });
  }

  /** Bytes that are there. */
  total(): number {
    let total = this.end;
    let done = this.end;
    for (const { from, to } of this.ranges.sort((a, b) => a.from - b.from)) {
      total += Math.max(0, to - Math.max(done, from));
      done = Math.max(done, to);
    }
    return total;
  }
}
