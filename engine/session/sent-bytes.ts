/**
 * What a direction of a connection has sent: bytes in flight, and those since the last PSH. As in Wireshark neither is said of a
 * segment that carries nothing, nor behind a hole until the other side has said something again.
 */

import { ANALYSIS } from '../table/analysis-bits.ts';
import { TCP_FLAG } from '../table/tcp-analysis.ts';

export class SentBytes {
  /** After segment(); 0: not said. */
  inFlight = 0;
  sincePush = 0;
  private readonly pushed: [number, number] = [0, 0];
  private readonly isKnown: [boolean, boolean] = [true, true];

  /** Takes the flow's segments in file order. `found`: bits of ANALYSIS; `bytesInFlight`: those of the analysis, with SYN and FIN. */
  segment(way: 0 | 1, length: number, flags: number, found: number, bytesInFlight: number): void {
    this.inFlight = 0;
    this.sincePush = 0;
    if ((flags & TCP_FLAG.ack) !== 0) this.isKnown[1 - way] = true;
    if ((found & ANALYSIS.lostSegment) !== 0) this.isKnown[way] = false;
    if (length === 0 || !this.isKnown[way]) return;
    const controls = (flags & (TCP_FLAG.syn | TCP_FLAG.fin)) === 0 ? 0 : 1;
    this.inFlight = Math.max(0, bytesInFlight - controls);
    this.pushed[way] += length;
    this.sincePush = this.pushed[way];
    if ((flags & TCP_FLAG.push) !== 0) this.pushed[way] = 0;
  }
}
