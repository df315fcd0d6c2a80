/**
 * Packets of a capture that runs, copied as they stand in its files: the first file's head once, then the blocks (pcapng) or
 * records (pcap) chosen. All files of one run have the same head.
 */

import { closeSync, openSync, writeSync } from 'node:fs';
import { u32, u32le } from '../../base/bytes.ts';
import { NagareError } from '../../base/errors.ts';
import { exportMessage } from '../../base/export-problems.ts';
import type { ByteSource } from '../../readers/byte-source.ts';
import { reason } from '../file-source.ts';
import type { FollowedFiles } from './follow-files.ts';

/** Offsets of a packet's bytes in its block or record, and where the captured length stands. */
const PCAPNG = { data: 28, length: 4, section: 0x0a0d0d0a, order: 8, magic: 0x1a2b3c4d } as const;
const PCAP = { head: 24, data: 16, captured: 8, swapped: [0xd4c3b2a1, 0x4d3cb2a1] } as const;

/** Where the copies go. */
export interface CopyTarget {
  write(bytes: Uint8Array): void;
  close(): void;
}

/** A file of that name, made anew. Throws a NagareError where it cannot be written, then and later. */
export function fileTarget(path: string): CopyTarget {
  const guarded = <T>(action: () => T): T => {
    try {
      return action();
    } catch (thrown) {
      const params = { file: path, reason: reason(thrown) };
      const key = 'exportProblem.not-written';
      throw new NagareError('file-not-writable', exportMessage(key, params), { key, params });
    }
  };
  const descriptor = guarded(() => openSync(path, 'w', 0o600));
  return {
    write: (bytes) =>
      guarded(() => {
        for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
      }),
    close: () => closeSync(descriptor),
  };
}

export class PacketCopy {
  private readonly target: CopyTarget;
  private readonly files: FollowedFiles;
  private hasHead = false;

  constructor(target: CopyTarget, files: FollowedFiles) {
    this.target = target;
    this.files = files;
  }

  /** Copies one packet; false: its file has gone. */
  packet(locator: number): boolean {
    const place = this.files.place(locator);
    if (place === null) return false;
    const { source, at } = place;
    if (!this.hasHead) this.head(source);
    this.target.write(isPcapng(source) ? pcapngBlock(source, at) : pcapRecord(source, at));
    return true;
  }

  /** Where nothing passed the filter, the head alone makes it a capture. */
  finish(): void {
    const [source] = this.files.sources;
    if (!this.hasHead && source !== undefined) this.head(source);
    this.target.close();
  }

  private head(source: ByteSource): void {
    this.target.write(read(source, 0, isPcapng(source) ? headLength(source) : PCAP.head));
    this.hasHead = true;
  }
}

function isPcapng(source: ByteSource): boolean {
  const first = read(source, 0, 4);
  return first.length === 4 && u32(first, 0) === PCAPNG.section;
}

/** All blocks before the first packet: the section's header and its interfaces. */
function headLength(source: ByteSource): number {
  let at = 0;
  let isLittle = true;
  for (;;) {
    const head = read(source, at, 12);
    if (head.length < 12) return at;
    if (u32(head, 0) === PCAPNG.section) isLittle = u32le(head, PCAPNG.order) === PCAPNG.magic;
    const word = (offset: number): number => (isLittle ? u32le(head, offset) : u32(head, offset));
    const isHead = u32(head, 0) === PCAPNG.section || word(0) === 1;
    const length = word(PCAPNG.length);
    if (!isHead || length < 12) return at;
    at += length;
  }
}

function pcapngBlock(source: ByteSource, data: number): Uint8Array {
  const at = data - PCAPNG.data;
  const isLittle = u32le(read(source, PCAPNG.order, 4), 0) === PCAPNG.magic;
  const length = read(source, at + PCAPNG.length, 4);
  return read(source, at, isLittle ? u32le(length, 0) : u32(length, 0));
}

function pcapRecord(source: ByteSource, data: number): Uint8Array {
  const magic = u32(read(source, 0, 4), 0);
  const at = data - PCAP.data;
  const head = read(source, at, PCAP.data);
  const isLittle = (PCAP.swapped as readonly number[]).includes(magic);
  const captured = isLittle ? u32le(head, PCAP.captured) : u32(head, PCAP.captured);
  return read(source, at, PCAP.data + captured);
}

function read(source: ByteSource, at: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, source.read(at, bytes));
}
