/**
 * The packets of a trace in the order of the file: where each lies, when it was seen, what is wanted of it for every row. Typed arrays
 * that grow: no object exists per packet.
 */

import { grown } from './grow.ts';

/** A place: the number of a buffer, and an offset in its body; bodies are smaller than this. */
const PLACE_UNIT = 2 ** 26;

export function placeOf(buffer: number, at: number): number {
  return buffer * PLACE_UNIT + at;
}

export function bufferAt(place: number): number {
  return Math.floor(place / PLACE_UNIT);
}

export function offsetAt(place: number): number {
  return place % PLACE_UNIT;
}

/** What is known of a packet when its event is met. */
export interface PacketFacts {
  /** Where its record begins. */
  place: number;
  /** From the beginning of the record to the packet's bytes. */
  dataAt: number;
  captured: number;
  length: number;
  ticks: number;
  iface: number;
  direction: number;
}

const FIRST_ROOM = 1024;

export class PacketIndex {
  count = 0;
  ticks: Float64Array = new Float64Array(FIRST_ROOM);
  /** Of a packet in pieces: -1 - the number of its first piece. */
  place: Float64Array = new Float64Array(FIRST_ROOM);
  dataAt: Uint16Array = new Uint16Array(FIRST_ROOM);
  captured: Uint32Array = new Uint32Array(FIRST_ROOM);
  length: Uint32Array = new Uint32Array(FIRST_ROOM);
  iface: Uint16Array = new Uint16Array(FIRST_ROOM);
  direction: Uint8Array = new Uint8Array(FIRST_ROOM);
  /** Of packets in pieces: one after the other, as many as make up the captured length. */
  readonly pieces = new Pieces();

  add(facts: PacketFacts): number {
    const i = this.count++;
    if (i === this.ticks.length) this.grow(2 * i);
    this.ticks[i] = facts.ticks;
    this.place[i] = facts.place;
    this.dataAt[i] = facts.dataAt;
    this.captured[i] = facts.captured;
    this.length[i] = facts.length;
    this.iface[i] = facts.iface;
    this.direction[i] = facts.direction;
    return i;
  }

  /** Where the record of the packet (of its first piece) is. */
  recordOf(packet: number): number {
    const place = this.place[packet];
    return place >= 0 ? place : this.pieces.place[-1 - place];
  }

  private grow(room: number): void {
    this.ticks = grown(this.ticks, room);
    this.place = grown(this.place, room);
    this.dataAt = grown(this.dataAt, room);
    this.captured = grown(this.captured, room);
    this.length = grown(this.length, room);
    this.iface = grown(this.iface, room);
    this.direction = grown(this.direction, room);
  }
}

export class Pieces {
  count = 0;
  place: Float64Array = new Float64Array(16);
  dataAt: Uint16Array = new Uint16Array(16);
  size: Uint16Array = new Uint16Array(16);

  add(place: number, dataAt: number, size: number): void {
    const i = this.count++;
    if (i === this.place.length) {
      this.place = grown(this.place, 2 * i);
      this.dataAt = grown(this.dataAt, 2 * i);
      this.size = grown(this.size, 2 * i);
    }
    this.place[i] = place;
    this.dataAt[i] = dataAt;
    this.size[i] = size;
  }
}
