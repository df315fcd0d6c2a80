/**
 * Microsoft Network Monitor, versions 1.x and 2.0 to 2.3 (also Message Analyzer's). The table of frames gives their order,
 * whatever their places in the file. Frames about the capture itself give facts and are no rows; a packet keeps the number
 * that Network Monitor shows as its packet id.
 */

import { u16le, u32, u32le } from '../../base/bytes.ts';
import type { ByteSource } from '../byte-source.ts';
import {
  type CaptureFacts,
  type CaptureReader,
  defineReader,
  type PacketOptions,
  type TraceProvider,
} from '../reader.ts';
import { RecordReader, type Step } from '../record-reader.ts';
import { setFileTime, setTimeAfter } from '../record-time.ts';
import { ATM_PREFIX, atmPseudoHeader } from './atm.ts';
import { readComments } from './comments.ts';
import { type EventPacket, PROVIDER_NAMES, packetOf, readEvent, type TraceEvent, wireLength } from './event.ts';
import { FrameNumbers } from './frame-numbers.ts';
import { readAdapters, readFilter } from './information.ts';
import {
  type FileHeader,
  FRAME_LIMIT,
  type FrameHead,
  type FrameLayout,
  frameLayout,
  HEADER_SIZE,
  readFileHeader,
  readFrameHead,
  TRAILER,
} from './layout.ts';
import { isMetadata, linkTypeOf, NETWORK } from './network-types.ts';
import { type Piece, Pieces } from './pieces.ts';
import { type Process, readProcesses } from './processes.ts';

const READER = 'netmon';
const SIGNATURES = [0x474d_4255, 0x5254_5353] as const;
const TICKS_PER_SECOND = 1e7;
const COMMENT_LIMIT = 16 * 1024 * 1024;
/** A locator is the frame's offset and, above it, where in the frame the packet begins. */
const INSIDE = 2 ** 32;
/** In the place of a beginning: the packet was joined, and what stands for the offset is its number among those. */
const JOINED = 0xf_ffff;
function sniff(head: Uint8Array): boolean {
  return head.length >= 4 && (SIGNATURES as readonly number[]).includes(u32(head, 0));
}

type Growing<T> = { -readonly [K in keyof T]: T[K] };

class NetmonReader extends RecordReader {
  /** Null: not there yet. */
  private header: FileHeader | null = null;
  private layout: FrameLayout = { header: 16, trailer: 0, hasNetwork: false, hasProcess: false, hasUtc: false };
  /** Frames in the table; -1: there is none, frames are looked for. */
  private frames = 0;
  private frame = 0;
  private claimed = 0;
  /** Frames so far that are no rows: numbers differ from here on. */
  private others = 0;
  private frameNumbers: FrameNumbers | null = null;
  private damaged = 0;
  private recovered = 0;
  private readonly comments: string[] = [];
  private frameComments: ReadonlyMap<number, readonly string[]> = new Map();
  private processes: readonly Process[] = [];
  private readonly names = new Map<number, string>();
  private readonly providers = new Map<string, Growing<TraceProvider>>();
  private readonly pieces = new Pieces();

  constructor(source: ByteSource) {
    super(source, READER);
    const facts = this.facts as Growing<CaptureFacts>;
    facts.comments = this.comments;
    facts.processes = this.names;
    this.open(false);
  }

  again(): CaptureReader {
    return new NetmonReader(this.source);
  }

  override get position(): number {
    const { header } = this;
    if (header === null || this.frames <= 0) return this.at;
    return Math.floor((this.frame / this.frames) * this.source.size);
  }

  override pseudoHeader(locator: number, iface: number): Uint8Array {
    if (this.interfaces[iface]?.linkType !== linkTypeOf(NETWORK.atm)) return new Uint8Array(0);
    return atmPseudoHeader(this.window.bytes((locator % INSIDE) + this.layout.header, ATM_PREFIX + 3));
  }

  override options(locator: number, _iface: number): PacketOptions | null {
    const inside = Math.floor(locator / INSIDE);
    const at = inside === JOINED ? this.pieces.joined[locator % INSIDE].first.locator % INSIDE : locator % INSIDE;
    const head = readFrameHead(this.window.bytes(at, this.layout.header), this.layout);
    const comments = this.frameComments.get(at);
    const process = this.processOf(at, head);
    const event = inside > this.layout.header + ATM_PREFIX ? this.eventAt(at, head) : null;
    const options: Growing<PacketOptions> = {};
    const number = this.numberOf(at);
    if (number > 0) options.packetId = BigInt(number);
    if (comments !== undefined) options.comments = comments;
    if (event !== null) Object.assign(options, traceOptions(event.event, event.packet));
    if (process !== undefined) {
      options.processId = process.id;
      options.processName = process.name;
    }
    return Object.keys(options).length === 0 ? null : options;
  }

  protected override fetch(locator: number, into: Uint8Array, iface: number): number {
    const inside = Math.floor(locator / INSIDE);
    if (inside !== JOINED) return super.fetch((locator % INSIDE) + inside, into, iface);
    const { locators, lengths } = this.pieces.joined[locator % INSIDE];
    let got = 0;
    for (let i = 0; i < locators.length && got < into.length; i++) {
      const part = into.subarray(got, got + lengths[i]);
      const read = this.fetch(locators[i], part, iface);
      got += read;
      if (read < part.length) break;
    }
    return got;
  }

  protected step(final: boolean): Step {
    if (this.header === null) this.open(final);
    if (this.header === null) return 'end';
    if (this.frames < 0 && !final) return 'end'; // the table is written last
    if (this.frames < 0) return this.recover();
    if (this.frame >= this.frames) return this.finish();
    const entry = this.window.bytes(this.header.frameTable + 4 * this.frame++, 4);
    return this.read(entry.length < 4 ? this.source.size : u32le(entry, 0));
  }

  /** The file header, once it is there, and the tables that it points to. */
  private open(final: boolean): void {
    const bytes = this.window.bytes(0, HEADER_SIZE);
    if (bytes.length < HEADER_SIZE) {
      const params = { left: bytes.length, need: HEADER_SIZE };
      if (final) this.fail('cut-short', 'captureProblem.cut-file-header', params, 0);
      return;
    }
    const header = readFileHeader(bytes.slice());
    const { major, minor } = header;
    if ((major !== 1 && major !== 2) || (u32(bytes, 0) === SIGNATURES[0]) !== (major === 2)) {
      const params = { format: 'Network Monitor', version: `${major}.${minor}`, known: '1.x, 2.x' };
      this.fail('unsupported-version', 'captureProblem.version', params, 4);
      return;
    }
    const { size } = this.source;
    const isWhole = header.frameTableLength >= 4 && header.frameTable + header.frameTableLength <= size;
    if (!isWhole && !final) return; // still being written, or cut: the end of the file will say
    this.header = header;
    this.layout = frameLayout(header);
    this.at = HEADER_SIZE;
    this.frames = isWhole ? Math.floor(header.frameTableLength / 4) : -1;
    this.describe(`Network Monitor ${major}.${minor}${this.layout.hasUtc ? '' : ', local time without a zone'}`);
    const commentEnd = header.comments + header.commentsLength;
    if (commentEnd <= size && header.commentsLength <= COMMENT_LIMIT)
      this.frameComments = readComments(this.window.bytes(header.comments, header.commentsLength).slice());
    if (header.processCount > 0 && header.processes >= HEADER_SIZE)
      this.processes = readProcesses(this.window, header.processes, header.processCount, size);
    for (const { id, name } of this.processes) this.names.set(id, name);
  }

  /** The frame at an offset of the file. */
  private read(at: number): Step {
    const { layout } = this;
    const bytes = this.window.bytes(at, layout.header);
    const head = bytes.length < layout.header ? null : readFrameHead(bytes, layout);
    if (head === null || at < HEADER_SIZE || !this.fits(at, head)) {
      this.damaged++;
      return 'skip';
    }
    this.claimed += layout.header + head.captured;
    if (this.claimed > this.source.size) return this.fail('damaged', 'captureProblem.frames-overlap', {}, at);
    return this.take(at, head);
  }

  private fits(at: number, { captured }: FrameHead): boolean {
    return captured <= FRAME_LIMIT && at + this.layout.header + captured <= this.source.size;
  }

  private take(at: number, head: FrameHead): Step {
    const { found, layout } = this;
    const network = this.networkOf(at, head);
    if (network === NETWORK.event) return this.counted(this.takeEvent(at, head));
    if (isMetadata(network)) return this.counted(this.takeMetadata(network, at, head));
    const prefix = network === NETWORK.atm ? Math.min(ATM_PREFIX, head.captured) : 0;
    this.setTime(at, head);
    found.captured = head.captured - prefix;
    found.length = Math.max(0, head.length - prefix);
    found.locator = (layout.header + prefix) * INSIDE + at;
    found.interface = this.interfaceOf(linkTypeOf(network), TICKS_PER_SECOND);
    found.direction = 0;
    this.note(at);
    return 'packet';
  }

  private counted(step: Step): Step {
    if (step === 'skip') this.others++;
    return step;
  }

  /** 0: rows are numbered as Network Monitor does it. */
  private numberOf(at: number): number {
    if (this.others === 0 || this.header === null || this.frames <= 0) return 0;
    this.frameNumbers ??= new FrameNumbers(this.window, this.header.frameTable, this.frames);
    return this.frameNumbers.of(at);
  }

  private note(at: number): void {
    const comments = this.frameComments.get(at);
    this.found.note = comments === undefined ? null : { comments };
  }

  private networkOf(at: number, head: FrameHead): number {
    if (!this.layout.hasNetwork) return this.header?.network ?? 0;
    const bytes = this.window.bytes(at + this.layout.header + head.captured + TRAILER.network, 2);
    return bytes.length < 2 ? 1 : u16le(bytes, 0);
  }

  private processOf(at: number, head: FrameHead): Process | undefined {
    if (!this.layout.hasProcess) return undefined;
    const bytes = this.window.bytes(at + this.layout.header + head.captured + TRAILER.process, 4);
    return bytes.length < 4 ? undefined : this.processes[u32le(bytes, 0)];
  }

  private setTime(at: number, head: FrameHead): void {
    const { found, layout } = this;
    if (layout.hasUtc) {
      const utc = this.window.bytes(at + layout.header + head.captured + TRAILER.utc, 8);
      if (utc.length === 8 && (u32le(utc, 0) !== 0 || u32le(utc, 4) !== 0))
        return setFileTime(found, u32le(utc, 4), u32le(utc, 0));
    }
    const startMs = this.header?.startMs ?? Number.NaN;
    const bytes = this.window.bytes(at, 8);
    const start = Math.floor(startMs / 1000);
    setTimeAfter(found, start, (startMs - start * 1000) * 1e6, this.sinceStart(bytes));
  }

  /** Nanoseconds. Version 1 counts milliseconds; version 2 microseconds in 64 bits, which become 100 ns and may be negative. */
  private sinceStart(bytes: Uint8Array): number {
    if (this.layout.header === 8) return u32le(bytes, 0) * 1e6;
    const high = u32le(bytes, 4);
    if (high < 0x2000) return (high * INSIDE + u32le(bytes, 0)) * 1000;
    return Number(BigInt.asIntN(64, ((BigInt(high) << 32n) | BigInt(u32le(bytes, 0))) * 10n)) * 100;
  }

  private takeMetadata(network: number, at: number, head: FrameHead): Step {
    if (network !== NETWORK.adapters && network !== NETWORK.filter) return 'skip';
    const bytes = this.window.bytes(at + this.layout.header, head.captured).slice();
    if (network === NETWORK.filter) {
      const { application, filter } = readFilter(bytes);
      if (application !== '') (this.facts as Growing<CaptureFacts>).application = application;
      if (filter !== '') this.comments.push(filter);
      return 'skip';
    }
    for (const { name, description } of readAdapters(bytes)) this.comments.push(`${name}: ${description}`);
    return 'skip';
  }

  // ---- events

  private eventAt(at: number, head: FrameHead): { event: TraceEvent; packet: EventPacket } | null {
    const bytes = this.window.bytes(at + this.layout.header, head.captured);
    const event = readEvent(bytes);
    const packet = event === null ? null : packetOf(event, bytes);
    return event === null || packet === null ? null : { event, packet };
  }

  private takeEvent(at: number, head: FrameHead): Step {
    const bytes = this.window.bytes(at + this.layout.header, head.captured);
    const event = readEvent(bytes);
    if (event === null) {
      this.damaged++;
      return 'skip';
    }
    this.count(event.provider);
    const packet = packetOf(event, bytes);
    if (packet === null) return 'skip';
    const locator = (this.layout.header + packet.at) * INSIDE + at;
    const beginning = bytes.slice(packet.at, packet.at + Math.min(64, packet.captured));
    const done = this.pieces.add({ event, packet, head: beginning, locator });
    if (done === null) return 'skip';
    if (typeof done !== 'number') this.setPacket(done, packet.captured, locator);
    else {
      const { first, captured } = this.pieces.joined[done];
      this.setPacket(first, captured, JOINED * INSIDE + done);
    }
    this.note(at);
    return 'packet';
  }

  private setPacket({ event, packet, head }: Piece, captured: number, locator: number): void {
    const { found } = this;
    setFileTime(found, event.timeHigh, event.timeLow);
    found.captured = captured;
    found.length = packet.isCut ? wireLength(head, packet.linkType, captured) : captured;
    found.locator = locator;
    found.interface = this.interfaceOf(packet.linkType, TICKS_PER_SECOND, interfaceName(packet));
    found.direction = packet.direction;
  }

  private count(id: string): void {
    const known = this.providers.get(id);
    if (known !== undefined) known.events++;
    else if (this.providers.size < 10_000) this.providers.set(id, { id, name: PROVIDER_NAMES[id] ?? '', events: 1 });
  }

  // ---- the end

  /** No table: frames one behind the other, as long as they look like some. */
  private recover(): Step {
    const { at, layout } = this;
    const bytes = this.window.bytes(at, layout.header);
    const head = bytes.length < layout.header ? null : readFrameHead(bytes, layout);
    const isFrame =
      head !== null &&
      at + layout.header + head.captured + layout.trailer <= this.source.size &&
      head.captured > 0 &&
      head.captured <= Math.max(head.length, 64) &&
      this.fits(at, head);
    if (!isFrame) {
      const params = { count: this.recovered };
      if (at < this.source.size || this.recovered === 0)
        return this.fail('cut-short', 'captureProblem.frames-recovered', params, at);
      this.warnings.push(this.problemAt('cut-short', 'captureProblem.frames-recovered', params, at));
      this.frames = this.frame = 0;
      return 'end';
    }
    this.recovered++;
    this.at += layout.header + head.captured + layout.trailer;
    return this.take(at, head);
  }

  private finish(): 'end' {
    if (this.providers.size > 0) {
      const all = [...this.providers.values()].sort((a, b) => b.events - a.events);
      (this.facts as Growing<CaptureFacts>).providers = all;
    }
    this.pieces.lose();
    const left = this.damaged + this.pieces.lost;
    this.damaged = this.pieces.lost = 0;
    if (left > 0)
      this.warnings.push(this.problemAt('damaged', 'captureProblem.frames-left-out', { count: left }, HEADER_SIZE));
    return 'end';
  }
}

function traceOptions(event: TraceEvent, { provider, adapter, layer }: EventPacket): PacketOptions {
  const { processId, threadId, processor } = event;
  const place = { ...(adapter === undefined ? {} : { adapter }), ...(layer === undefined ? {} : { layer }) };
  return { processId, threadId, trace: { provider, processId, threadId, processor, ...place } };
}

function interfaceName({ provider, layer, adapter }: EventPacket): string | undefined {
  if (provider === 'ras') return 'NDISWAN';
  return layer === adapter ? `if${adapter}` : `if${adapter}/${layer}`;
}

export const netmon = defineReader({
  name: READER,
  title: 'Microsoft Network Monitor',
  extensions: ['cap'],
  sniff,
  open: (source) => new NetmonReader(source),
});
