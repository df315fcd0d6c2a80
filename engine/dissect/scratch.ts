/**
 * What the column pass writes for a batch and the flow pass reads: one row per packet, on shared memory because the two
 * passes may run in different threads. Path words describe the header chain (engine/table/path-words.ts).
 */

/** Transports that have columns of their own. */
export const TRANSPORT = { none: 0, tcp: 6, udp: 17, sctp: 132, icmp: 1, icmpv6: 58 } as const;

export interface Scratch {
  /** Stack without what flows decide, in the scanning thread's dictionary. */
  readonly stack: Uint16Array;
  readonly flags: Uint16Array;
  /** Start of the row's path words; row + 1 holds the end. One longer than the batch. */
  readonly wordsAt: Uint32Array;
  words: Uint32Array;
  /** hashWords() of the row's path words: the dictionary of paths belongs to the flow pass, which has enough to do. */
  readonly hash: Uint32Array;
  /** One of TRANSPORT: the innermost. */
  readonly transport: Uint8Array;
  /** Offset in the batch's bytes of the innermost IP header, and one past its last captured byte. */
  readonly networkAt: Uint32Array;
  readonly networkEnd: Uint32Array;
  /** Payload above the innermost transport: captured bytes in the batch, and bytes on the wire. */
  readonly payloadAt: Uint32Array;
  readonly payloadEnd: Uint32Array;
  readonly payloadLength: Uint32Array;
  readonly seq: Uint32Array;
  readonly ack: Uint32Array;
  readonly window: Uint16Array;
  readonly tcpFlags: Uint16Array;
  /** Start of the TCP header: options are read from there by the flow pass. */
  readonly transportAt: Uint32Array;
  /**
   * Of the innermost datagram (identity.ts): IPv4 identification and TCP checksum; a hash of what else tells it from others, TCP's
   * columns aside; its hop limit, 0: there is none, and the two others say nothing.
   */
  readonly mark: Uint32Array;
  readonly told: Int32Array;
  readonly hops: Uint8Array;
}

/**
 * Path words are at most twice as many bytes as the headers they come from, plus one entry a row: so this many always do
 * for a batch of `bytes` bytes and `rows` packets.
 */
export function wordsNeeded(bytes: number, rows: number): number {
  return (bytes >>> 1) + 8 * rows;
}

export function makeScratch(bytes: number, rows: number): Scratch {
  const u32 = (n: number): Uint32Array => new Uint32Array(new SharedArrayBuffer(n * 4));
  const u16 = (n: number): Uint16Array => new Uint16Array(new SharedArrayBuffer(n * 2));
  return {
    stack: u16(rows),
    flags: u16(rows),
    wordsAt: u32(rows + 1),
    words: u32(wordsNeeded(bytes, rows)),
    hash: u32(rows),
    transport: new Uint8Array(new SharedArrayBuffer(rows)),
    networkAt: u32(rows),
    networkEnd: u32(rows),
    payloadAt: u32(rows),
    payloadEnd: u32(rows),
    payloadLength: u32(rows),
    seq: u32(rows),
    ack: u32(rows),
    window: u16(rows),
    tcpFlags: u16(rows),
    transportAt: u32(rows),
    mark: u32(rows),
    told: new Int32Array(new SharedArrayBuffer(rows * 4)),
    hops: new Uint8Array(new SharedArrayBuffer(rows)),
  };
}
