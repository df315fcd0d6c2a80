/** Bits of the packet table's `flags` column. */

export const FLAG = {
  /** Fewer bytes were captured than the headers need. */
  truncated: 1,
  /** A layer's lengths do not fit. */
  malformed: 2,
  /** IPv4 header checksum is wrong. */
  badIpChecksum: 4,
  /** The same packet was seen before at this capture point, or at another appearance. */
  copy: 8,
  marked: 16,
  ignored: 32,
  /** Headers that path and columns do not hold: decided by dissecting. */
  more: 64,
  /** The record has comments. */
  comment: 128,
  /** A piece of a fragmented datagram. */
  fragment: 256,
  /** This fragment completed its datagram; the layers above are in the row. */
  reassembled: 512,
  /** The row's time is farther than 2^53 ns from the epoch: exact value in the side table. */
  farTime: 1024,
  /** Inbound and outbound, where the file says so. */
  inbound: 2048,
  outbound: 4096,
  /** The packet went the other way than its flow's first packet. */
  reverse: 8192,
  /** An application message that ends in this row began in an earlier one: see the message table. */
  spanning: 16384,
  /** A TCP segment whose bytes are only a part of a message that ends later. */
  partial: 32768,
} as const;
