/** Largest segment that each side of a TCP connection takes, as its SYN says (RFC 9293 3.7.1): 2 bytes a direction. */

const FIRST_ROOM = 1024;
const MSS_OPTION = 2;
const TCP_HEADER = 20;

/** RFC 9293 3.7.1: the least that a host must take; smaller frames are one segment whatever was agreed. */
export const SMALLEST_SEGMENT = 536;
/** Data of a full segment on Ethernet, where nothing was agreed: 1,500 bytes without the two headers. */
export const ETHERNET_SEGMENT = 1460;

export class SegmentSizes {
  private sizes = new Uint16Array(FIRST_ROOM);

  /** `side`: twice the flow, and its direction. 0 (nothing said) leaves what is known. */
  set(side: number, size: number): void {
    if (size === 0) return;
    if (side >= this.sizes.length) {
      const grown = new Uint16Array(Math.max(side + 1, 2 * this.sizes.length));
      grown.set(this.sizes);
      this.sizes = grown;
    }
    this.sizes[side] = size;
  }

  /** The largest segment that both sides take; that of Ethernet where the handshake was not seen. */
  agreed(flow: number): number {
    const one = this.get(2 * flow);
    const other = this.get(2 * flow + 1);
    if (one === 0 || other === 0) return one || other || ETHERNET_SEGMENT;
    return one < other ? one : other;
  }

  /** 0: not in this capture. */
  get(side: number): number {
    return side < this.sizes.length ? this.sizes[side] : 0;
  }
}

/** The maximum segment size option of the TCP header in [header, end); 0: none. */
export function announcedSize(bytes: Uint8Array, header: number, end: number): number {
  for (let at = header + TCP_HEADER; at < end; ) {
    const kind = bytes[at];
    if (kind === 0) return 0;
    if (kind === 1) {
      at++;
      continue;
    }
    const length = at + 1 < end ? bytes[at + 1] : 0;
    if (length < 2) return 0;
    if (kind === MSS_OPTION) return length === 4 && at + 4 <= end ? (bytes[at + 2] << 8) | bytes[at + 3] : 0;
    at += length;
  }
  return 0;
}
