/** Hop limit (TTL) of the SYN and the SYN/ACK of each TCP connection, one byte a direction: how far away their sender is. */

const FIRST_ROOM = 1024;

export class FirstHops {
  private hops = new Uint8Array(FIRST_ROOM);

  /** `side`: twice the flow, and its direction. The first one counts. */
  set(side: number, hops: number): void {
    if (side >= this.hops.length) {
      const grown = new Uint8Array(Math.max(side + 1, 2 * this.hops.length));
      grown.set(this.hops);
      this.hops = grown;
    }
    if (this.hops[side] === 0) this.hops[side] = hops;
  }

  /** 0: not in this capture. */
  get(side: number): number {
    return side < this.hops.length ? this.hops[side] : 0;
  }
}
