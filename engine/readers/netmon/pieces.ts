/** Packets that older Windows versions wrote in several events: put together per processor and interface. */

import type { EventPacket, TraceEvent } from './event.ts';
import { FRAME_LIMIT } from './layout.ts';

/** A packet, or a piece of one, where the file has it. */
export interface Piece {
  readonly event: TraceEvent;
  readonly packet: EventPacket;
  /** The first bytes of it. */
  readonly head: Uint8Array;
  readonly locator: number;
}

export interface Joined {
  /** The event of the first piece, which says time and direction. */
  readonly first: Piece;
  readonly locators: number[];
  readonly lengths: number[];
  captured: number;
}

/** Most packets that may wait for their last piece. */
const MOST_WAITING = 1024;

export class Pieces {
  /** Packets that were joined, by number. */
  readonly joined: Joined[] = [];
  /** Pieces whose beginning or end never came. */
  lost = 0;
  private readonly waiting = new Map<string, Joined>();

  /** The packet itself, where the event has all of it; the number of a joined one; null: there is more to come, or nothing. */
  add(piece: Piece): Piece | number | null {
    const { packet, event, locator } = piece;
    const key = `${event.processor}/${packet.layer ?? 0}`;
    const open = this.waiting.get(key);
    // Some traces have neither mark on whole packets.
    if (packet.isFirst === packet.isLast && (packet.isFirst || open === undefined)) return piece;
    if (packet.isFirst) {
      if (open !== undefined) this.lost++;
      else if (this.waiting.size >= MOST_WAITING) this.lose();
      this.waiting.set(key, {
        first: piece,
        locators: [locator],
        lengths: [packet.captured],
        captured: packet.captured,
      });
      return null;
    }
    if (open === undefined || open.captured + packet.captured > FRAME_LIMIT) {
      this.waiting.delete(key);
      this.lost++;
      return null;
    }
    open.locators.push(locator);
    open.lengths.push(packet.captured);
    open.captured += packet.captured;
    if (!packet.isLast) return null;
    this.waiting.delete(key);
    return this.joined.push(open) - 1;
  }

  /** What waits will not be completed. */
  lose(): void {
    this.lost += this.waiting.size;
    this.waiting.clear();
  }
}
