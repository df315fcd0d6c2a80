/**
 * Packets as a capture tool writes them into a ring of files, made as fast as they can be written: TCP conversations of a
 * hundred packets each, every one answered, between addresses and ports that do not come again.
 */

import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const BLOCK_HEAD = 28;
const TRAILER = 4;
/** Packets of one conversation. */
export const CONVERSATION = 100;
const NS_PER_PACKET = 1_000_000n; // a thousand a second

/** Ethernet, IPv4 192.0.2.1 to 198.51.100.1, TCP with ten bytes. */
const FRAME = Buffer.from(
  '020000000002020000000001080045000032000040004006' +
    '0000c0000201c6336401' +
    '04001388000000000000000050180400000000004142434445464748494a',
  'hex',
);
const AT = { from: 26, to: 30, source: 34, destination: 36, seq: 38, ack: 42, flags: 47 } as const;
const SERVER_PORT = 5000;
const FLAG = { fin: 0x11, syn: 0x02, synAck: 0x12, push: 0x18 } as const;
const PAYLOAD = 10;

export interface RingNews {
  opened(path: string): void;
  removed(path: string): void;
}

export class RingWriter {
  written = 0;
  private readonly folder: string;
  private readonly perFile: number;
  private readonly keep: number;
  private readonly news: RingNews;
  private readonly files: string[] = [];
  private descriptor = -1;
  private made = 0;
  private time = 1_700_000_000_000_000_000n;

  constructor(folder: string, perFile: number, keep: number, news: RingNews) {
    this.folder = folder;
    this.perFile = perFile;
    this.keep = keep;
    this.news = news;
  }

  write(packets: number): void {
    const size = BLOCK_HEAD + ((FRAME.length + 3) & ~3) + TRAILER;
    const batch = Buffer.alloc(size * packets);
    let at = 0;
    for (let i = 0; i < packets; i++) {
      if (this.written % this.perFile === 0) {
        this.put(batch.subarray(0, at));
        at = 0;
        this.next();
      }
      this.block(batch, at, size);
      at += size;
      this.written++;
    }
    this.put(batch.subarray(0, at));
  }

  end(): void {
    closeSync(this.descriptor);
  }

  private block(into: Buffer, at: number, size: number): void {
    this.time += NS_PER_PACKET;
    into.writeUInt32LE(6, at);
    into.writeUInt32LE(size, at + 4);
    into.writeUInt32LE(Number(this.time >> 32n), at + 12);
    into.writeUInt32LE(Number(this.time & 0xffffffffn), at + 16);
    into.writeUInt32LE(FRAME.length, at + 20);
    into.writeUInt32LE(FRAME.length, at + 24);
    into.writeUInt32LE(size, at + size - TRAILER);
    const frame = at + BLOCK_HEAD;
    FRAME.copy(into, frame);
    const conversation = Math.floor(this.written / CONVERSATION);
    const step = this.written % CONVERSATION;
    const isAnswer = step % 2 === 1;
    const [from, to] = isAnswer ? [AT.to, AT.from] : [AT.from, AT.to];
    FRAME.copy(into, frame + from, AT.from, AT.from + 4);
    FRAME.copy(into, frame + to, AT.to, AT.to + 4);
    into.writeUInt16BE(conversation & 0xffff, frame + from + 2);
    const [source, destination] = isAnswer ? [AT.destination, AT.source] : [AT.source, AT.destination];
    into.writeUInt16BE(1024 + (conversation % 60_000), frame + source);
    into.writeUInt16BE(SERVER_PORT, frame + destination);
    // Both sides send ten bytes, and each answers what it has just got; the handshakes carry some too.
    const sent = 1000 + (step >> 1) * PAYLOAD + (step > 1 ? 1 : 0);
    into.writeUInt32BE(sent, frame + AT.seq);
    into.writeUInt32BE(step === 0 ? 0 : isAnswer ? sent + PAYLOAD + (step > 1 ? 0 : 1) : sent, frame + AT.ack);
    const isEnd = step >= CONVERSATION - 2;
    into.writeUInt8(step === 0 ? FLAG.syn : step === 1 ? FLAG.synAck : isEnd ? FLAG.fin : FLAG.push, frame + AT.flags);
  }

  private next(): void {
    if (this.descriptor >= 0) closeSync(this.descriptor);
    const path = join(this.folder, `soak_${String(++this.made).padStart(5, '0')}.pcapng`);
    this.descriptor = openSync(path, 'w', 0o600);
    this.put(fileHead());
    this.files.push(path);
    this.news.opened(path);
    while (this.files.length > this.keep) {
      const oldest = this.files.shift() ?? '';
      rmSync(oldest);
      this.news.removed(oldest);
    }
  }

  private put(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) done += writeSync(this.descriptor, bytes, done);
  }
}

/** Section header and one Ethernet interface with times in nanoseconds. */
function fileHead(): Buffer {
  const words = (...values: readonly number[]): Buffer => Buffer.from(Uint32Array.from(values).buffer);
  const section = words(0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff, 28);
  const iface = words(1, 32, 1, 0, (1 << 16) | 9, 9, 0, 32); // if_tsresol: 10^-9
  return Buffer.concat([section, iface]);
}
