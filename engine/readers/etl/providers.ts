/** Who writes events: the providers that matter here, names of others that network traces often hold, and counts of all. */

import { u32le } from '../../base/bytes.ts';
import type { TraceProvider } from '../reader.ts';
import { grown } from './grow.ts';
import { guidText } from './layout.ts';

/** A GUID as it lies in a file, in four numbers. */
export type Guid = readonly [number, number, number, number];

export function guid(text: string): Guid {
  const digits = text.replaceAll('-', '');
  const byte = (i: number): number => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  const word = (a: number, b: number, c: number, d: number): number =>
    (byte(a) | (byte(b) << 8) | (byte(c) << 16) | (byte(d) << 24)) >>> 0;
  return [word(3, 2, 1, 0), word(5, 4, 7, 6), word(8, 9, 10, 11), word(12, 13, 14, 15)];
}

export function isGuid(bytes: Uint8Array, at: number, known: Guid): boolean {
  return (
    u32le(bytes, at) === known[0] &&
    u32le(bytes, at + 4) === known[1] &&
    u32le(bytes, at + 8) === known[2] &&
    u32le(bytes, at + 12) === known[3]
  );
}

const ID = {
  ndis: '2ed6006e-4729-4609-b423-3ee7bcd678ef',
  pktmon: '4d4f80d9-c8bd-4d73-bb5b-19c90402c5ac',
  ras: 'd84521f7-2235-4237-a7c0-14e3a9676286',
  kernelProcess: '22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716',
  process: '3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c',
  kernel: '9e814aad-3204-11d2-9a82-006008a86939',
  schema: 'bbccf6c1-6cd1-48c4-80ff-839482e37671',
  config: '9b79ee91-b5fd-41c0-a243-4248e266e9d0',
} as const;

/** Providers of packets. */
export const CAPTURING: readonly string[] = [ID.pktmon, ID.ndis, ID.ras];

export const PROVIDER = {
  ndis: guid(ID.ndis),
  pktmon: guid(ID.pktmon),
  ras: guid(ID.ras),
  kernelProcess: guid(ID.kernelProcess),
  process: guid(ID.process),
  schema: guid(ID.schema),
  config: guid(ID.config),
} as const;

/** What merging adds to a trace: schemas, the system's configuration, images, the description once more, a report. */
const ABOUT_THE_TRACE: readonly Guid[] = [
  PROVIDER.schema,
  PROVIDER.config,
  guid('b3e675d7-2554-4f18-830b-2762732560de'),
  guid('68fdd900-4a3e-11d1-84f4-0000f80464e3'),
  guid('ed54dff8-c409-4cf6-bf83-05e1e61a09c4'),
];

/** Names of providers whose traces need not carry their schema. */
const NAMES: ReadonlyMap<string, string> = new Map([
  [ID.ndis, 'Microsoft-Windows-NDIS-PacketCapture'],
  [ID.pktmon, 'Microsoft-Windows-PktMon'],
  [ID.ras, 'Microsoft-Windows-Ras-NdisWanPacketCapture'],
  [ID.kernelProcess, 'Microsoft-Windows-Kernel-Process'],
  [ID.process, 'Process'],
  [ID.kernel, 'MSNT_SystemTrace'],
  ['2f07e2ee-15db-40f1-90ef-9d7ba282188a', 'Microsoft-Windows-TCPIP'],
  ['e53c6823-7bb8-44bb-90dc-3f86090d48a6', 'Microsoft-Windows-Winsock-AFD'],
  ['55404e71-4db9-4deb-a5f5-8f86e46dde56', 'Microsoft-Windows-Winsock-NameResolution'],
  ['1c95126e-7eea-49a9-a3fe-a378b03ddb4d', 'Microsoft-Windows-DNS-Client'],
  ['50b3e73c-9370-461d-bb9f-26f32d68887d', 'Microsoft-Windows-WebIO'],
  ['dd5ef90a-6398-47a4-ad34-4dcecdef795f', 'Microsoft-Windows-HttpService'],
  ['7dd42a49-5329-4832-8dfd-43d979153a88', 'Microsoft-Windows-Kernel-Network'],
  ['7d44233d-3055-4b9c-ba64-0d47ca40a232', 'Microsoft-Windows-WinHttp'],
  ['43d1a55c-76d6-4f7e-995c-64c711e5cafe', 'Microsoft-Windows-WinINet'],
]);

export function isAboutTheTrace(bytes: Uint8Array, at: number): boolean {
  return ABOUT_THE_TRACE.some((known) => isGuid(bytes, at, known));
}

/** Events by provider, in a hash table on typed arrays: once per event. */
export class ProviderCounts {
  count = 0;
  total = 0;
  /** Four words a provider. */
  private words: Uint32Array = new Uint32Array(4 * 64);
  private events: Float64Array = new Float64Array(64);
  private slots: Int32Array = new Int32Array(256).fill(-1);
  private last = -1;
  private readonly seed = Math.floor(Math.random() * 0xffff_ffff);
  private readonly names = new Map<number, string>();
  private kernelEvents = 0;

  /** Hot: the events of one provider mostly follow each other. */
  add(bytes: Uint8Array, at: number): void {
    this.total++;
    if (this.last >= 0 && this.isAt(this.last, bytes, at)) this.events[this.last]++;
    else this.events[(this.last = this.find(bytes, at))]++;
  }

  /** Messages of developers (WPP) name no provider. */
  addUnnamed(): void {
    this.total++;
  }

  addKernelEvent(): void {
    this.total++;
    this.kernelEvents++;
  }

  setName(bytes: Uint8Array, at: number, name: string): void {
    if (name !== '') this.names.set(this.find(bytes, at), name);
  }

  list(): TraceProvider[] {
    const found: TraceProvider[] = [];
    const bytes = new Uint8Array(16);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < this.count; i++) {
      if (this.events[i] === 0) continue;
      for (let n = 0; n < 4; n++) view.setUint32(4 * n, this.words[4 * i + n], true);
      const id = guidText(bytes, 0);
      found.push({ id, name: this.names.get(i) ?? NAMES.get(id) ?? '', events: this.events[i] });
    }
    if (this.kernelEvents > 0)
      found.push({ id: ID.kernel, name: NAMES.get(ID.kernel) ?? '', events: this.kernelEvents });
    return found.sort((a, b) => b.events - a.events || (a.id < b.id ? -1 : 1));
  }

  private isAt(i: number, bytes: Uint8Array, at: number): boolean {
    const { words } = this;
    return (
      words[4 * i] === u32le(bytes, at) &&
      words[4 * i + 1] === u32le(bytes, at + 4) &&
      words[4 * i + 2] === u32le(bytes, at + 8) &&
      words[4 * i + 3] === u32le(bytes, at + 12)
    );
  }

  private find(bytes: Uint8Array, at: number): number {
    let slot = this.hash(u32le(bytes, at), u32le(bytes, at + 4), u32le(bytes, at + 8), u32le(bytes, at + 12));
    const mask = this.slots.length - 1;
    for (slot &= mask; this.slots[slot] >= 0; slot = (slot + 1) & mask) {
      if (this.isAt(this.slots[slot], bytes, at)) return this.slots[slot];
    }
    const i = this.count++;
    if (i === this.events.length) this.grow(2 * i);
    for (let n = 0; n < 4; n++) this.words[4 * i + n] = u32le(bytes, at + 4 * n);
    this.put(i);
    return i;
  }

  private put(i: number): void {
    const { words, slots } = this;
    const mask = slots.length - 1;
    let slot = this.hash(words[4 * i], words[4 * i + 1], words[4 * i + 2], words[4 * i + 3]) & mask;
    while (slots[slot] >= 0) slot = (slot + 1) & mask;
    slots[slot] = i;
  }

  private grow(room: number): void {
    this.words = grown(this.words, 4 * room);
    this.events = grown(this.events, room);
    this.slots = new Int32Array(4 * room).fill(-1);
    for (let i = 0; i < this.count - 1; i++) this.put(i);
  }

  private hash(a: number, b: number, c: number, d: number): number {
    let hash = Math.imul(a ^ this.seed, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15) ^ b, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 13) ^ c, 0x27d4eb2f);
    hash = Math.imul(hash ^ (hash >>> 16) ^ d, 0x165667b1);
    return (hash ^ (hash >>> 15)) >>> 0;
  }
}
