/** Writes large captures as a stream: records are made in place in one buffer, which goes to the file when it is full. */

import { closeSync, openSync, writeSync } from 'node:fs';
import { pcapHeader, pcapng, timeOf } from '../../test/support/build-capture.ts';

/** What the large generators are told. */
export interface BulkOptions {
  readonly packets: number;
  readonly seed: number;
  readonly format: 'pcap' | 'pcapng';
  readonly out: string;
}

/** When every large capture starts. */
const BULK_START = timeOf('2026-01-15T09:00:00Z');

const BUFFER_BYTES = 8 * 1024 * 1024;
/** No record is longer. */
const LONGEST_RECORD = 70_000;
const START_SECONDS = Number(BULK_START / 1_000_000_000n);
const NANOS = 1_000_000_000;
const PCAP_RECORD = 16;
const EPB_HEAD = 28;
const EPB = 6;

export class BulkWriter {
  /** Where `begin` says that the packet's bytes belong. */
  readonly buffer = new Uint8Array(BUFFER_BYTES);
  readonly view = new DataView(this.buffer.buffer);
  packets = 0;
  bytes = 0;
  readonly #file: number;
  readonly #isPcapng: boolean;
  #at = 0;
  #recordAt = 0;
  #length = 0;

  constructor(path: string, format: 'pcap' | 'pcapng') {
    this.#file = openSync(path, 'w');
    this.#isPcapng = format === 'pcapng';
    const head = this.#isPcapng
      ? pcapng().section().interface({ name: 'eth0', resolution: 9 }).bytes()
      : pcapHeader({});
    this.buffer.set(head);
    this.#at = head.length;
  }

  /** Starts a packet of `length` bytes, `time` nanoseconds after the start; returns where in `buffer` to write it. Hot: once per packet. */
  begin(time: number, length: number): number {
    if (this.#at + LONGEST_RECORD > BUFFER_BYTES) this.#flush();
    const { view } = this;
    const at = this.#at;
    this.#recordAt = at;
    this.#length = length;
    const seconds = START_SECONDS + Math.floor(time / NANOS);
    const nanos = time % NANOS;
    if (!this.#isPcapng) {
      view.setUint32(at, seconds, true);
      view.setUint32(at + 4, Math.floor(nanos / 1000), true);
      view.setUint32(at + 8, length, true);
      view.setUint32(at + 12, length, true);
      return at + PCAP_RECORD;
    }
    const padded = (length + 3) & ~3;
    const total = EPB_HEAD + padded + 4;
    // Seconds times 1e9 needs 61 bits: in two halves, exactly.
    const low = (seconds % 65_536) * NANOS + nanos;
    const high = Math.floor(seconds / 65_536) * NANOS * 65_536;
    const highWord = Math.floor(high / 0x1_0000_0000) + Math.floor(low / 0x1_0000_0000);
    const lowWord = (high % 0x1_0000_0000) + (low % 0x1_0000_0000);
    view.setUint32(at, EPB, true);
    view.setUint32(at + 4, total, true);
    view.setUint32(at + 8, 0, true);
    view.setUint32(at + 12, highWord + (lowWord >= 0x1_0000_0000 ? 1 : 0), true);
    view.setUint32(at + 16, lowWord % 0x1_0000_0000, true);
    view.setUint32(at + 20, length, true);
    view.setUint32(at + 24, length, true);
    this.buffer.fill(0, at + EPB_HEAD + length, at + EPB_HEAD + padded);
    view.setUint32(at + EPB_HEAD + padded, total, true);
    return at + EPB_HEAD;
  }

  end(): void {
    this.#at =
      this.#recordAt + (this.#isPcapng ? EPB_HEAD + ((this.#length + 3) & ~3) + 4 : PCAP_RECORD + this.#length);
    this.packets++;
  }

  #flush(): void {
    for (let done = 0; done < this.#at; ) done += writeSync(this.#file, this.buffer, done, this.#at - done);
    this.bytes += this.#at;
    this.#at = 0;
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }
}

/** A checksum word after some of the words it covers have changed: `delta` is the sum of the new words less that of the old. */
export function adjustChecksum(checksum: number, delta: number): number {
  // One's complement: additions are modulo 0xffff, and the field holds the inverted sum (RFC 1624).
  const sum = ((~checksum & 0xffff) + delta) % 0xffff;
  // Of the two zeros it is the one of a sum over words that are not all zero: 0xffff.
  return ~(sum <= 0 ? sum + 0xffff : sum) & 0xffff;
}

export function wordSum(value: number): number {
  return (value >>> 16) + (value & 0xffff);
}
