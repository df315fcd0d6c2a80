/** Bits of the packet table's `analysis` column: Wireshark's TCP analysis flags, then our own distinctions. */

export const ANALYSIS = {
  retransmission: 1 << 0,
  fastRetransmission: 1 << 1,
  spuriousRetransmission: 1 << 2,
  outOfOrder: 1 << 3,
  duplicateAck: 1 << 4,
  zeroWindow: 1 << 5,
  zeroWindowProbe: 1 << 6,
  zeroWindowProbeAck: 1 << 7,
  windowFull: 1 << 8,
  windowUpdate: 1 << 9,
  lostSegment: 1 << 10,
  ackedUnseen: 1 << 11,
  keepAlive: 1 << 12,
  keepAliveAck: 1 << 13,
  portReused: 1 << 14,
  /** A SYN or SYN/ACK sent again. */
  synRetransmission: 1 << 15,
  // Bits 16 to 20: why a segment was sent again, and where it was lost (resent-kinds.ts).
  /** More data than a segment may hold: a network card cuts or has joined it. No finding of the analysis. */
  largeSegment: 1 << 21,
} as const;

/** What Wireshark counts as `tcp.analysis.flags`: the bits that are its own. */
export const TCP_ANALYSIS_FLAGS = (1 << 15) - 1;

/** What people should look at: shown in amber, and counted in the time strip. */
export const PROBLEMS =
  ANALYSIS.retransmission |
  ANALYSIS.fastRetransmission |
  ANALYSIS.spuriousRetransmission |
  ANALYSIS.outOfOrder |
  ANALYSIS.duplicateAck |
  ANALYSIS.zeroWindow |
  ANALYSIS.windowFull |
  ANALYSIS.lostSegment |
  ANALYSIS.ackedUnseen;
