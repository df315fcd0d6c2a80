/** The layers of one packet as the column pass went through them: for trees, and for filters that read header fields. */

/** Twice the walk's own limit: a dispatch table may be a layer too (`ethertype`), and what nobody claims. */
const MOST = 128;

export interface WalkedLayer {
  readonly protocol: number;
  readonly at: number;
  readonly end: number;
  readonly wireEnd: number;
}

/** One object for all packets. */
export class WalkedLayers {
  count = 0;
  readonly protocol = new Uint16Array(MOST);
  /** Where each begins, one past its last captured byte, and one past its last byte on the wire. */
  readonly at = new Uint32Array(MOST);
  readonly end = new Uint32Array(MOST);
  readonly wireEnd = new Uint32Array(MOST);

  add(protocol: number, at: number, end: number, wireEnd: number): void {
    const i = this.count++;
    this.protocol[i] = protocol;
    this.at[i] = at;
    this.end[i] = end;
    this.wireEnd[i] = wireEnd;
  }

  /** A copy that lasts. */
  list(): WalkedLayer[] {
    const { protocol, at, end, wireEnd } = this;
    return Array.from({ length: this.count }, (_, i) => ({
      protocol: protocol[i],
      at: at[i],
      end: end[i],
      wireEnd: wireEnd[i],
    }));
  }
}
