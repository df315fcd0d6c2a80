/**
 * The bytes of packets. Handing on goes in order of time, from all processors' buffers at once: a batch of packets is gathered buffer by
 * buffer; and where there are more buffers than can be kept, a large window, so that each is unpacked once for it.
 */

import { bufferAt, offsetAt, placeOf } from './packet-index.ts';
import type { Trace } from './trace.ts';

/** Bytes of a window of its own: it is made, and grows, where buffers have to be unpacked again and again. */
const LEAST_BYTES = 1024 * 1024;
const MOST_BYTES = 128 * 1024 * 1024;
/** Packets of a window that has the least bytes. */
const LEAST_PACKETS = 16_384;
/** Unpacking so much more than what is wanted calls for a larger window. */
const WASTE = 8;

/** Packets that are copied faster byte by byte. */
const SHORT = 80;

export class PacketWindow {
  /** Where each packet begins, and the end of the last one. */
  starts: Uint32Array = new Uint32Array(LEAST_PACKETS + 1);
  firstStart = 0;
  /** The packets of [from, to) in the order of time; their bytes follow each other. */
  private from = 0;
  private to = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  private readonly trace: Trace;
  private scale = 1;
  /** Of each packet, the next one that lies in the same buffer; -1: none. */
  private following: Int32Array = new Int32Array(LEAST_PACKETS);

  /** By buffer: the last packet of the window that lies in it; -1: none. */
  private heads: Int32Array = new Int32Array(0);
  /** Buffers that packets of the window lie in. */
  private readonly touched: number[] = [];

  constructor(trace: Trace) {
    this.trace = trace;
  }

  /** A packet by its number in the file; returns how many bytes there were. */
  copyPacket(packet: number, into: Uint8Array): number {
    const { index } = this.trace.records;
    if (!(packet >= 0 && packet < index.count)) return 0;
    return this.fetch(packet, into, 0, Math.min(into.length, index.captured[packet]));
  }

  /**
   * Puts packets from this one on into `into`, as many as there is room for, but `most` at most; returns how many. `starts` says where they
   * are, from `firstStart` on.
   */
  fill(first: number, into: Uint8Array, most: number): number {
    if (this.scale === 1) {
      this.firstStart = 0;
      return this.gather(first, into, into.length, most);
    }
    if (first < this.from || first >= this.to) {
      const size = LEAST_BYTES * this.scale;
      if (this.bytes.length < size) this.bytes = new Uint8Array(size);
      this.from = first;
      this.to = first + this.gather(first, this.bytes, size, LEAST_PACKETS * this.scale);
    }
    const { starts } = this;
    this.firstStart = first - this.from;
    const room = starts[this.firstStart] + into.length;
    const end = Math.min(this.to - this.from, this.firstStart + most);
    let n = this.firstStart;
    while (n < end && starts[n + 1] <= room) n++;
    into.set(this.bytes.subarray(starts[this.firstStart], starts[n]));
    return n - this.firstStart;
  }

  /** Hot: once per window. */
  private gather(first: number, into: Uint8Array, mostBytes: number, most: number): number {
    this.makeRoom(most);
    const { trace, following, starts, heads, touched } = this;
    const { index } = trace.records;
    let size = 0;
    let count = 0;
    while (count < most && first + count < trace.ordered) {
      const packet = trace.order[first + count];
      if (size + index.captured[packet] > mostBytes) break;
      const buffer = bufferAt(index.recordOf(packet));
      if (heads[buffer] < 0) touched.push(buffer);
      following[count] = heads[buffer];
      heads[buffer] = count;
      starts[count++] = size;
      size += index.captured[packet];
    }
    starts[count] = size;
    const before = trace.buffers.loadedBytes;
    for (const buffer of touched) {
      this.gatherFrom(buffer, heads[buffer], first, into);
      heads[buffer] = -1;
    }
    touched.length = 0;
    const isWaste = trace.buffers.loadedBytes - before > WASTE * Math.max(size, LEAST_BYTES);
    if (isWaste && LEAST_BYTES * this.scale < MOST_BYTES) this.scale *= 2;
    return count;
  }

  private makeRoom(most: number): void {
    const { buffers } = this.trace;
    if (this.heads.length < buffers.count) this.heads = new Int32Array(buffers.count).fill(-1);
    if (this.following.length < most) {
      this.following = new Int32Array(most);
      this.starts = new Uint32Array(most + 1);
    }
  }

  /** Hot: the packets of a window that lie in one buffer. */
  private gatherFrom(buffer: number, head: number, first: number, bytes: Uint8Array): void {
    const { trace, starts, following } = this;
    const { place, dataAt } = trace.records.index;
    const base = placeOf(buffer, 0);
    let body = trace.buffers.body(buffer);
    for (let i = head; i >= 0; i = following[i]) {
      const packet = trace.order[first + i];
      const start = starts[i];
      const wanted = starts[i + 1] - start;
      const at = place[packet];
      let got = 0;
      if (at >= 0) {
        const from = at - base + dataAt[packet];
        const to = Math.min(body.length, from + wanted);
        got = to - from;
        if (got < SHORT) for (let n = from, k = start; n < to; n++, k++) bytes[k] = body[n];
        else bytes.set(body.subarray(from, to), start);
      } else {
        got = this.fetch(packet, bytes, start, wanted);
        body = trace.buffers.body(buffer);
      }
      // The file has become shorter since it was indexed.
      if (got < wanted) bytes.fill(0, start + got, start + wanted);
    }
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
