/** One direction of a TCP connection as its pictures want it: what was sent, acknowledged and allowed after each packet. */

import { FLAG } from '../table/flags.ts';
import type { PacketTable } from '../table/packet-table.ts';
import { RESENT_MASK, RESENT_SHIFT } from '../table/resent-kinds.ts';

const SYN = 2;
const ACK = 16;

/** One place for each packet of the connection, in file order; sequence numbers are relative. NaN: nothing to tell. */
export interface StreamCourse {
  readonly rows: Uint32Array;
  readonly times: Float64Array;
  /** End of the data in this packet, sent for the first time, or again. */
  readonly sent: Float64Array;
  readonly resent: Float64Array;
  /** What the receiver has acknowledged, and the end of what it would take. */
  readonly acked: Float64Array;
  readonly edge: Float64Array;
  /** What the receiver would take beyond its acknowledgement, and what is under way to it. */
  readonly window: Float64Array;
  readonly inFlight: Float64Array;
}

/**
 * `rows`: the connection's packets in file order. `direction`: of the data. `scale`: window shift of the receiver. `base`: the
 * sequence number that counts as 0; null: the first one seen.
 */
export function streamCourse(
  table: PacketTable,
  rows: Uint32Array,
  direction: 0 | 1,
  scale: number,
  base: number | null,
): StreamCourse {
  const column = (): Float64Array => new Float64Array(rows.length).fill(Number.NaN);
  const course = {
    rows,
    times: column(),
    sent: column(),
    resent: column(),
    acked: column(),
    edge: column(),
    window: column(),
    inFlight: column(),
  };
  let origin = base;
  // Sequence numbers wrap (RFC 9293 3.4): each is taken as the nearest to the one before.
  let last = 0;
  const relative = (seq: number): number => {
    if (origin === null) origin = seq;
    last += (seq - ((origin + last) >>> 0)) | 0;
    return last;
  };
  let highest = Number.NaN;
  let acked = Number.NaN;
  let window = Number.NaN;
  for (let i = 0; i < rows.length; i++) {
    const block = table.block(rows[i]);
    const at = rows[i] & 0xffff;
    const flags = block.tcpFlags[at];
    course.times[i] = block.time[at];
    if (((block.flags[at] & FLAG.reverse) !== 0 ? 1 : 0) === direction) {
      const length = block.payloadLength[at];
      if (length > 0) {
        const end = relative((block.seq[at] + length) >>> 0);
        const isResent = ((block.analysis[at] >>> RESENT_SHIFT) & RESENT_MASK) !== 0;
        if (isResent) course.resent[i] = end;
        else course.sent[i] = end;
        if (!(end <= highest)) highest = end;
      }
    } else if ((flags & ACK) !== 0) {
      const ack = relative(block.ack[at]);
      if (!(ack <= acked)) acked = ack;
      window = block.window[at] * ((flags & SYN) !== 0 ? 1 : 2 ** scale);
    }
    course.acked[i] = acked;
    course.window[i] = window;
    course.edge[i] = acked + window;
    course.inFlight[i] = Math.max(0, highest - acked);
  }
  return course;
}
