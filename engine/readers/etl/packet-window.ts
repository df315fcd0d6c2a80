/**
 * The bytes of packets. Handing on goes in order of time, from all processors' buffers at once: a window of packets is gathered buffer
 * by buffer, so that each is unpacked once for a window, however many of them take turns.
 */

import { bufferAt, offsetAt } from './packet-index.ts';
import type { Trace } from './trace.ts';

/** Bytes of a window at first; it grows where buffers have to be unpacked again and again. */
const LEAST_BYTES = 2 * 1024 * 1024;
const MOST_BYTES = 128 * 1024 * 1024;
/** Packets of a window that has the least bytes. */
const LEAST_PACKETS = 16_384;
/** Unpacking so much more than what is wanted calls for a larger window. */
const WASTE = 8;

export class PacketWindow {
  private readonly trace: Trace;
  private scale = 1;
  /** The packets of [from, to) in the order of time. */
  private from = 0;
  private to = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  private starts: Uint32Array = new Uint32Array(LEAST_PACKETS + 1);
  /** Of each packet, the next one that lies in the same buffer; -1: none. */
  private following: Int32Array = new Int32Array(LEAST_PACKETS);

  constructor(trace: Trace) {
    this.trace = trace;
  }

  /** Puts the packet with this place in the order of time into `into` at `at`. Hot. */
  copy(rank: number, into: Uint8Array, at: number): void {
    if (rank < this.from || rank >= this.to) this.gather(rank);
    const i = rank - this.from;
    const end = this.starts[i + 1];
    for (let from = this.starts[i], to = at; from < end; from++, to++) into[to] = this.bytes[from];
  }

  /** A packet by its number in the file; returns how many bytes there were. */
  copyPacket(packet: number, into: Uint8Array): number {
    const { index } = this.trace.records;
    if (!(packet >= 0 && packet < index.count)) return 0;
    const length = Math.min(into.length, index.captured[packet]);
    return this.fetch(packet, into, 0, length);
  }

  private gather(first: number): void {
    const { trace } = this;
    const { index } = trace.records;
    const mostBytes = LEAST_BYTES * this.scale;
    const mostPackets = LEAST_PACKETS * this.scale;
    if (this.following.length < mostPackets) {
      this.following = new Int32Array(mostPackets);
      this.starts = new Uint32Array(mostPackets + 1);
    }
    const heads = new Map<number, number>();
    let size = 0;
    let count = 0;
    while (count < mostPackets && first + count < trace.ordered) {
      const packet = trace.order[first + count];
      if (count > 0 && size + index.captured[packet] > mostBytes) break;
      const buffer = bufferAt(index.recordOf(packet));
      this.following[count] = heads.get(buffer) ?? -1;
      heads.set(buffer, count);
      this.starts[count++] = size;
      size += index.captured[packet];
    }
    this.starts[count] = size;
    if (this.bytes.length < size) this.bytes = new Uint8Array(Math.max(size, mostBytes));
    const before = trace.buffers.loadedBytes;
    for (const head of heads.values()) {
      for (let i = head; i >= 0; i = this.following[i]) {
        const start = this.starts[i];
        const wanted = this.starts[i + 1] - start;
        const got = this.fetch(trace.order[first + i], this.bytes, start, wanted);
        // The file has become shorter since it was indexed.
        if (got < wanted) this.bytes.fill(0, start + got, start + wanted);
      }
    }
    const isWaste = trace.buffers.loadedBytes - before > WASTE * Math.max(size, LEAST_BYTES);
    if (isWaste && LEAST_BYTES * this.scale < MOST_BYTES) this.scale *= 2;
    this.from = first;
    this.to = first + count;
  }

  /** Up to `length` bytes of a packet into `into` at `at`. */
  private fetch(packet: number, into: Uint8Array, at: number, length: number): number {
    const { index } = this.trace.records;
    const place = index.place[packet];
    if (place >= 0) return this.fetchPiece(place, index.dataAt[packet], into, at, length);
    const { pieces } = index;
    let got = 0;
    for (let piece = -1 - place; got < length && piece < pieces.count; piece++) {
      const size = Math.min(length - got, pieces.size[piece]);
      const part = this.fetchPiece(pieces.place[piece], pieces.dataAt[piece], into, at + got, size);
      got += part;
      if (part < size) break;
    }
    return got;
  }

  private fetchPiece(place: number, dataAt: number, into: Uint8Array, at: number, length: number): number {
    const body = this.trace.buffers.body(bufferAt(place));
    const from = offsetAt(place) + dataAt;
    const part = body.subarray(from, from + length);
    into.set(part, at);
    return part.length;
  }
}
