/**
 * The flow pass: over the batches' scratch rows in file order it joins IP fragments, finds path and flow, recognises the
 * application, does TCP analysis, runs the framer, and writes the packet table. Hot: once per packet; nothing is allocated
 * but for new paths, fragments and split headers.
 */

import type { KeyLog } from '../base/key-log.ts';
import { NS_PER_SECOND } from '../base/time.ts';
import { chooseApplication, type DecodeAs } from '../dissect/applications.ts';
import { lookUpUnder, protocolsUnder } from '../dissect/decode-as.ts';
import { Defragmenter, readFragment } from '../dissect/defragment.ts';
import { allProtocols, protocolNamed } from '../dissect/registry.ts';
import { makeScratch, type Scratch, TRANSPORT, wordsNeeded } from '../dissect/scratch.ts';
import { SegmentLayers } from '../dissect/segment-layers.ts';
import { SEGMENT, StreamFraming } from '../dissect/stream-framing.ts';
import type { Told } from '../dissect/stream-holes.ts';
import { UsbDevices } from '../dissect/usb-devices.ts';
import { Cursor } from '../dissect/walk.ts';
import type { PacketBatch } from '../readers/reader.ts';
import { ANALYSIS } from '../table/analysis-bits.ts';
import { Copies } from '../table/copies.ts';
import { FirstHops } from '../table/first-hops.ts';
import { FLAG } from '../table/flags.ts';
import { FLOW, FlowStates, firstApplication } from '../table/flow-states.ts';
import { BLOCK_MASK, BLOCK_ROWS, type Block, NO_ROW, PacketTable } from '../table/packet-table.ts';
import { PATH, PATH_WORDS } from '../table/path-words.ts';
import { NEW_PATH, NO_FLOW, Paths } from '../table/paths.ts';
import { announcedSize, SegmentSizes, SMALLEST_SEGMENT } from '../table/segment-sizes.ts';
import { DISSECT_ME, type StackNodes, Stacks } from '../table/stacks.ts';
import { TCP_FLAG, TcpAnalysis } from '../table/tcp-analysis.ts';
import { WordDictionary } from '../table/word-dictionary.ts';
import { AnnouncedFlows } from './announced-flows.ts';
import { mayOpen } from './hidden-layers.ts';
import { isKnownHello } from './known-hello.ts';

const USB = protocolNamed('usb').index;
const TCP = TRANSPORT.tcp;
const UDP = TRANSPORT.udp;
/** By the reader's direction: unknown, inbound, outbound. */
const DIRECTION_FLAGS = [0, FLAG.inbound, FLAG.outbound] as const;
/** Nanoseconds past which a column cannot hold a time exactly. */
const MAX_EXACT = 2 ** 53;
/** Datagrams of a flow that are looked at until somebody recognises one. */
const MAX_LOOKS = 8;
/** No captured packet is longer; what a hostile record claims beyond it is kept as it is. */
const SWAPPED = 0x80000000;

export interface FlowPassOptions {
  readonly decodeAs: DecodeAs;
  /** Makes the dictionaries' hashes unpredictable; any number. The scanner hashes the path words with the same. */
  readonly seed: number;
}

export class FlowPass {
  readonly table = new PacketTable();
  readonly stacks = new Stacks();
  readonly paths: Paths;
  readonly flows = new FlowStates();
  readonly segmentSizes = new SegmentSizes();
  readonly firstHops = new FirstHops();
  readonly framing: StreamFraming;
  /** What flows said about others. */
  readonly announced: AnnouncedFlows;
  /** Sequence numbers are told from the first of their direction, where that was seen. */
  relativeSequence = true;
  /** What USB devices said of themselves. */
  readonly usb = new UsbDevices();
  /** Secrets of TLS connections; null: none. */
  keyLog: KeyLog | null = null;
  /** Flows that the secrets open: what is inside their rows only a dissection tells. */
  readonly decrypted = new Set<number>();
  /** The session's epoch, from which times count: the first packet that has one. Seconds since 1970; null before. */
  epochSeconds: number | null = null;
  epochNanos = 0;
  firstTimedRow = 0;
  /** Exact times of rows farther than 2^53 ns from the epoch: seconds and nanoseconds. */
  readonly farTimes = new Map<number, { readonly seconds: number; readonly nanos: number }>();
  /** Datagrams by the row that completed them, and the completing row of each fragment. */
  readonly datagrams = new Map<number, readonly number[]>();
  readonly completedBy = new Map<number, number>();
  /** Flows of outer transports, from the outside in, for paths that have any. */
  readonly outerFlows = new Map<number, readonly number[]>();
  /** All flows of conversations that have more than one, in order. */
  private readonly incarnations = new Map<number, number[]>();
  firstTime = Number.POSITIVE_INFINITY;
  lastTime = Number.NEGATIVE_INFINITY;
  tcpStreams = 0;
  udpStreams = 0;

  private readonly conversations: WordDictionary;
  /** Newest flow of each conversation. */
  private currentFlow: Uint32Array = new Uint32Array(1024);
  private readonly analysis: TcpAnalysis;
  private readonly copies: Copies;
  private readonly defragmenter = new Defragmenter();
  readonly decodeAs: DecodeAs;
  private readonly inner: Cursor;
  private readonly innerScratch: Scratch;
  private readonly keyWords = new Uint32Array(12);
  private readonly dataProtocol = protocolNamed('data').index;
  private readonly udpProtocol = protocolNamed('udp').index;
  private readonly tcpProtocol = protocolNamed('tcp').index;
  private readonly decryptedLayer = protocolNamed('_ws.decrypted').index;
  /** Own stack ids of another thread's, by that thread's dictionary. */
  private readonly adopted = new Map<StackNodes, Uint16Array>();

  constructor(options: FlowPassOptions) {
    this.paths = new Paths(options.seed);
    this.conversations = new WordDictionary(options.seed ^ 0x5bd1e995);
    this.decodeAs = options.decodeAs;
    this.announced = new AnnouncedFlows(this.paths);
    this.framing = new StreamFraming(this.flows);
    this.analysis = new TcpAnalysis(this.flows);
    this.copies = new Copies(this.table, this.paths, this.flows);
    this.innerScratch = makeScratch(65536, 1);
    this.inner = new Cursor(protocolsUnder(options.decodeAs), this.stacks, this.innerScratch);
  }

  /** Takes a scanned batch; `nodes`: the dictionary its stack ids are of (this pass's own, or another thread's). */
  take(batch: PacketBatch, scratch: Scratch, nodes: StackNodes): void {
    const { table } = this;
    for (let from = 0; from < batch.count; ) {
      const block = table.blockForNext();
      const at = table.count & BLOCK_MASK;
      const to = Math.min(batch.count, from + BLOCK_ROWS - at);
      copyColumns(block, at, batch, scratch, from, to);
      this.times(block, at, batch, from, to);
      this.adopt(block, at, scratch, nodes, from, to);
      for (let i = from; i < to; i++) {
        block.path[at + i - from] = this.paths.internHashed(
          scratch.words,
          scratch.wordsAt[i],
          scratch.wordsAt[i + 1],
          scratch.hash[i],
        );
      }
      for (let i = from; i < to; i++) {
        const place = at + i - from;
        const row = table.count++;
        if ((scratch.flags[i] & FLAG.fragment) !== 0) this.fragment(block, place, row, batch.bytes, scratch, i);
        else this.packet(block, place, row, batch.bytes, scratch, i);
      }
      from = to;
    }
  }

  /** Stack ids in this pass's own dictionary. */
  private adopt(block: Block, at: number, scratch: Scratch, nodes: StackNodes, from: number, to: number): void {
    const { stacks } = this;
    block.stack.set(scratch.stack.subarray(from, to), at);
    if (nodes === stacks) return;
    let known = this.adopted.get(nodes);
    if (known === undefined) this.adopted.set(nodes, (known = new Uint16Array(65536)));
    for (let i = at; i < at + to - from; i++) block.stack[i] = stacks.adopt(nodes, block.stack[i], known);
  }

  /** Nanoseconds from one row to another, exactly; null: one of them has no time. */
  timeBetween(from: number, to: number): bigint | null {
    const before = this.exactTime(from);
    const after = this.exactTime(to);
    return before === null || after === null ? null : after - before;
  }

  /** Nanoseconds since the epoch of the session. */
  private exactTime(row: number): bigint | null {
    const far = this.farTimes.get(row);
    if (far !== undefined)
      return BigInt(far.seconds - (this.epochSeconds ?? 0)) * NS_PER_SECOND + BigInt(far.nanos - this.epochNanos);
    const time = this.table.get('time', row);
    return Number.isNaN(time) ? null : BigInt(time);
  }

  /** Flow of a row; -1: it has none. */
  flowOf(row: number): number {
    const path = this.table.get('path', row);
    const conversation = this.paths.conversation[path];
    if (conversation === NO_FLOW) return -1;
    return this.incarnationAt(conversation & ~SWAPPED, row);
  }

  /** The flow of all rows of a path; -1: none; null: the port was used again, so that it differs by row. */
  onlyFlowOf(path: number): number | null {
    const conversation = this.paths.conversation[path];
    if (conversation === NO_FLOW) return -1;
    return this.incarnations.has(conversation & ~SWAPPED) ? null : this.currentFlow[conversation & ~SWAPPED];
  }

  private incarnationAt(conversation: number, row: number): number {
    const all = this.incarnations.get(conversation);
    if (all === undefined) return this.currentFlow[conversation];
    let found = all[0];
    for (const flow of all) if (this.flows.get(flow, FLOW.firstRow) <= row) found = flow;
    return found;
  }

  /** The time column: nanoseconds since the first packet that has a time. */
  private times(block: Block, at: number, batch: PacketBatch, from: number, to: number): void {
    const { seconds, nanos } = batch;
    for (let i = from; i < to; i++) {
      const place = at + i - from;
      if (this.epochSeconds === null && seconds[i] === seconds[i]) {
        this.epochSeconds = seconds[i];
        this.epochNanos = nanos[i];
      }
      const time = (seconds[i] - (this.epochSeconds ?? 0)) * 1e9 + (nanos[i] - this.epochNanos);
      block.time[place] = time; // NaN where the record has none
      if (time > MAX_EXACT || time < -MAX_EXACT) {
        block.flags[place] |= FLAG.farTime;
        this.farTimes.set(this.table.count + i - from, { seconds: seconds[i], nanos: nanos[i] });
      }
      if (time < this.firstTime) this.firstTime = time;
      if (time > this.lastTime) this.lastTime = time;
    }
  }

  /** The row's path, stack and what its headers say are in the block; `s`: the rest, at index `i`. */
  private packet(block: Block, at: number, row: number, bytes: Uint8Array, s: Scratch, i: number): void {
    const path = block.path[at];
    const stack = block.stack[at];
    if (this.paths.conversation[path] === NEW_PATH) this.newPath(path, row);
    const conversation = this.paths.conversation[path];
    if (conversation === NO_FLOW) {
      if (this.stacks.protocol[stack] === USB) this.usb.learn(row, bytes, s.payloadAt[i], s.payloadEnd[i]);
      return;
    }
    const transport = s.transport[i];
    let flow = this.currentFlow[conversation & ~SWAPPED];
    const direction = (conversation >>> 31) ^ (this.flows.get(flow, FLOW.bits) & 1) ? 1 : 0;
    if (direction === 1) block.flags[at] |= FLAG.reverse;
    if (transport === TCP && stack !== DISSECT_ME) {
      flow = this.reuse(flow, conversation, direction, row, s, i, block, at);
      const way = (block.flags[at] & FLAG.reverse) !== 0 ? 1 : 0;
      // A copy says nothing new: neither is it analysed nor do its bytes continue a message.
      if (this.isCopy(block, at, row, s, i, 2 * flow + way)) return;
      block.stack[at] = this.tcp(block, at, row, bytes, s, i, stack, flow, way, path);
      return;
    }
    this.isCopy(block, at, row, s, i, -1);
    if (transport === UDP && this.stacks.protocol[stack] === this.udpProtocol) {
      block.stack[at] = this.udp(bytes, s, i, stack, flow, direction, path, row);
    }
  }

  /** Marks the row when it was seen before; rows that the reader marked are not looked at. `sender`: see Copies. */
  private isCopy(block: Block, at: number, row: number, s: Scratch, i: number, sender: number): boolean {
    if ((block.flags[at] & FLAG.copy) !== 0) return true;
    if (s.hops[i] === 0 || !this.copies.isCopy(block, at, row, s.mark[i], s.told[i], s.hops[i], sender)) return false;
    block.flags[at] |= FLAG.copy;
    return true;
  }

  private udp(
    bytes: Uint8Array,
    s: Scratch,
    i: number,
    stack: number,
    flow: number,
    direction: 0 | 1,
    path: number,
    row: number,
  ): number {
    const at = s.payloadAt[i];
    const end = s.payloadEnd[i];
    if (end <= at) return stack;
    const w = this.flows.chunk(flow);
    const base = this.flows.at(flow);
    let application = w[base + FLOW.application] - 1;
    if (application <= 0) {
      // Nobody's so far: one of the next datagrams may say more, or another flow has since said what it is.
      const ports = this.portsOf(path);
      if (w[base + FLOW.shared] < MAX_LOOKS) {
        w[base + FLOW.shared]++;
        application = this.choose('udp', flow, path, bytes, at, end, 0);
      } else application = this.announced.choose('udp', flow, path, ports);
      w[base + FLOW.application] = 1 + application;
    } else {
      const { accepts } = allProtocols[application];
      if (accepts !== undefined && !accepts(bytes, at, end))
        application = this.beside(w, base, flow, path, bytes, at, end, application);
    }
    if (this.announced.announces(application))
      this.announced.message(application, 'udp', flow, direction, path, row, bytes, at, end);
    return this.stacks.push(stack, application === 0 ? this.dataProtocol : application);
  }

  /** A datagram that its flow's protocol declined: the flow's second protocol, or whoever recognises it, who is the second then. */
  private beside(
    w: Uint32Array,
    base: number,
    flow: number,
    path: number,
    bytes: Uint8Array,
    at: number,
    end: number,
    declined: number,
  ): number {
    const second = w[base + FLOW.version];
    if (second !== 0 && allProtocols[second].accepts?.(bytes, at, end) === true) return second;
    const found = this.choose('udp', flow, path, bytes, at, end, declined);
    // One that was announced is found again; one that was recognised may not be by its next datagram.
    if (found !== 0 && (second === 0 || this.announced.of(flow) === undefined)) w[base + FLOW.version] = found;
    return found;
  }

  /** Who a payload belongs to; `declined`: not this one. */
  private choose(
    transport: 'tcp' | 'udp',
    flow: number,
    path: number,
    bytes: Uint8Array,
    at: number,
    end: number,
    declined: number,
  ): number {
    const ports = this.portsOf(path);
    const announced = this.announced.choose(transport, flow, path, ports);
    return chooseApplication(
      transport,
      bytes,
      at,
      end,
      ports >>> 16,
      ports & 0xffff,
      this.decodeAs,
      announced,
      declined,
    );
  }

  private tcp(
    block: Block,
    at: number,
    row: number,
    bytes: Uint8Array,
    s: Scratch,
    i: number,
    stack: number,
    flow: number,
    direction: 0 | 1,
    path: number,
  ): number {
    const flags = s.tcpFlags[i];
    const length = s.payloadLength[i];
    let shift = 0;
    if ((flags & TCP_FLAG.syn) !== 0) {
      shift = windowShift(bytes, s.transportAt[i], s.payloadAt[i]);
      this.firstHops.set(2 * flow + direction, s.hops[i]);
      this.segmentSizes.set(2 * flow + direction, announcedSize(bytes, s.transportAt[i], s.payloadAt[i]));
    }
    const found = this.analysis.segment(flow, direction, row, block, at, shift);
    block.analysis[at] |= found;
    if (length > SMALLEST_SEGMENT && length > this.segmentSizes.agreed(flow))
      block.analysis[at] |= ANALYSIS.largeSegment;
    block.acksRow[at] = this.analysis.acksRow;
    const closes = (flags & (TCP_FLAG.fin | TCP_FLAG.reset)) !== 0;
    if ((length === 0 && !closes) || (block.flags[at] & FLAG.copy) !== 0) return stack;
    const w = this.flows.chunk(flow);
    const slot = this.flows.at(flow) + FLOW.application;
    const payloadAt = s.payloadAt[i];
    const payloadEnd = s.payloadEnd[i];
    if (w[slot] === 0) {
      if (payloadEnd <= payloadAt) return stack;
      w[slot] = 1 + this.choose('tcp', flow, path, bytes, payloadAt, payloadEnd, 0);
      if (this.keyLog !== null && isKnownHello(this.keyLog, bytes, payloadAt, payloadEnd)) this.decrypted.add(flow);
    }
    const application = firstApplication(w[slot]) - 1;
    if (application === 0)
      return length > 0 && (!isOld(found) || isShownProbe(found, 0))
        ? this.stacks.push(stack, this.dataProtocol)
        : stack;
    const seq = (flags & TCP_FLAG.syn) !== 0 ? s.seq[i] + 1 : s.seq[i];
    const isTold = length > 0 && !isOld(found) && this.announced.announces(application);
    if (isTold) this.framing.onMessage = this.announced.onMessage;
    this.framing.isOrdered = this.decrypted.size > 0 && this.decrypted.has(flow);
    const result = this.framing.segment(
      flow,
      direction,
      row,
      application,
      seq | 0,
      bytes,
      payloadAt,
      payloadEnd,
      length,
      closes,
    );
    if (isTold) {
      this.framing.onMessage = null;
      if (result === SEGMENT.whole)
        this.announced.message(application, 'tcp', flow, direction, path, row, bytes, payloadAt, payloadEnd);
      else this.announced.segment(application, flow, direction, path, row, bytes, payloadAt, payloadEnd);
    }
    if (this.framing.amended !== null) this.amend(this.framing.amended, application, flow);
    // As the detail pass has it: a probe that completes no message is data, even where one seems to begin with it.
    if (result <= SEGMENT.partial && length > 0 && isShownProbe(found, this.framing.current))
      return this.stacks.push(stack, this.dataProtocol);
    if (result === SEGMENT.none) return stack;
    if (result === SEGMENT.partial) block.flags[at] |= FLAG.partial;
    if (result === SEGMENT.whole && isOld(found)) return stack;
    if (this.framing.isSpanning) block.flags[at] |= FLAG.spanning;
    return this.layered(stack, this.framing.layers, flow);
  }

  /** The stack of a segment with these layers above TCP. */
  private layered(stack: number, { items, count }: SegmentLayers, flow: number): number {
    if (count > items.length) return DISSECT_ME;
    // Layers that the tree opens would come in between.
    for (let layer = 0; layer < count - 1; layer++) if (mayOpen(allProtocols[items[layer]].spec)) return DISSECT_ME;
    let top = stack;
    for (let layer = 0; layer < count; layer++) top = this.stacks.push(top, items[layer]);
    if (count > 0 && this.decrypted.size > 0 && this.decrypted.has(flow))
      top = this.stacks.push(top, this.decryptedLayer);
    return top;
  }

  /** Rows behind a hole that was filled now: some of their messages were none, or the row that filled it has them. */
  private amend(rows: ReadonlyMap<number, readonly Told[]>, application: number, flow: number): void {
    const { table, framing, stacks } = this;
    const layers = new SegmentLayers();
    for (const [row, messages] of rows) {
      framing.fills.amend(row, messages);
      const block = table.block(row);
      const at = row & BLOCK_MASK;
      let stack = block.stack[at];
      // One that must be dissected stays so: the dissection knows what was amended.
      if (stack !== DISSECT_ME) {
        while (stacks.protocol[stack] !== this.tcpProtocol) stack = stacks.parent[stack];
        layers.clear();
        for (const { protocol, isInside, startRow, above } of messages)
          layers.message(application, protocol, isInside, startRow !== row, above);
        block.stack[at] = this.layered(stack, layers, flow);
      }
      if (messages.length === 0) block.flags[at] |= FLAG.partial;
      const [first] = messages;
      const isSpanning = first !== undefined && (first.startRow !== row || first.startOffset !== 0);
      if (!isSpanning) block.flags[at] &= ~FLAG.spanning;
    }
  }

  /** A SYN on a flow that has had its own is a new one: the port was used again. */
  private reuse(
    flow: number,
    conversation: number,
    direction: number,
    row: number,
    s: Scratch,
    i: number,
    block: Block,
    at: number,
  ): number {
    const flags = s.tcpFlags[i];
    if ((flags & (TCP_FLAG.syn | TCP_FLAG.ack)) !== TCP_FLAG.syn) return flow;
    if (this.flows.get(flow, FLOW.firstRow) === row) return flow;
    if (!this.analysis.startsAnew(flow, direction, s.seq[i])) return flow;
    const next = this.newFlow(conversation & ~SWAPPED, TCP, row);
    this.flows.chunk(next)[this.flows.at(next) + FLOW.bits] |= conversation >>> 31;
    const all = this.incarnations.get(conversation & ~SWAPPED);
    if (all === undefined) this.incarnations.set(conversation & ~SWAPPED, [flow, next]);
    else all.push(next);
    block.analysis[at] |= ANALYSIS.portReused;
    block.flags[at] &= ~FLAG.reverse;
    return next;
  }

  private portsOf(path: number): number {
    return this.paths.words[this.paths.start[path + 1] - 1];
  }

  /** A path seen for the first time: its conversations get flows, outer ones first, so that streams count as they appear. */
  private newPath(path: number, row: number): void {
    const { words, start } = this.paths;
    let networkAt = -1;
    let networkKind = 0;
    let linkAt = -1;
    let innermost = NO_FLOW;
    const outer: number[] = [];
    for (let at = start[path]; at < start[path + 1]; ) {
      const kind = words[at] >>> 24;
      if (kind === PATH.link) linkAt = at + 1;
      if (kind === PATH.ipv4 || kind === PATH.ipv6) {
        networkAt = at + 1;
        networkKind = kind;
      }
      if ((kind === PATH.ports || kind === PATH.protocol) && networkAt >= 0) {
        if (innermost !== NO_FLOW) outer.push(this.currentFlow[innermost & ~SWAPPED]);
        innermost = this.converse(networkKind, networkAt, words[at], kind === PATH.ports ? words[at + 1] : 0, row);
      }
      at += 1 + PATH_WORDS[kind];
    }
    if (innermost === NO_FLOW && linkAt >= 0) innermost = this.converseLink(linkAt, row);
    if (outer.length > 0) this.outerFlows.set(path, outer);
    this.paths.conversation[path] = innermost;
  }

  /** The conversation between two network addresses (and ports); its swap bit says that the larger end sends. */
  private converse(kind: number, at: number, tag: number, ports: number, row: number): number {
    const { words } = this.paths;
    const size = kind === PATH.ipv6 ? 4 : 1;
    let order = 0;
    for (let i = 0; i < size && order === 0; i++) order = words[at + i] - words[at + size + i];
    if (order === 0) order = (ports >>> 16) - (ports & 0xffff);
    const swapped = order > 0;
    const key = this.keyWords;
    key[0] = tag;
    for (let i = 0; i < size; i++) {
      key[1 + i] = words[at + (swapped ? size + i : i)];
      key[1 + size + i] = words[at + (swapped ? i : size + i)];
    }
    key[1 + 2 * size] = swapped ? (ports << 16) | (ports >>> 16) : ports;
    return this.conversationOf(key, 2 + 2 * size, swapped, tag >>> 24 === PATH.ports ? tag & 0xffffff : 0, row);
  }

  private converseLink(at: number, row: number): number {
    const { words } = this.paths;
    const key = this.keyWords;
    const source = words[at] * 65536 + (words[at + 1] >>> 16);
    const destination = (words[at + 1] & 0xffff) * 2 ** 32 + words[at + 2];
    const swapped = source > destination;
    const low = swapped ? destination : source;
    const high = swapped ? source : destination;
    key[0] = PATH.link << 24;
    key[1] = Math.floor(low / 2 ** 32);
    key[2] = low;
    key[3] = Math.floor(high / 2 ** 32);
    key[4] = high;
    return this.conversationOf(key, 5, swapped, 0, row);
  }

  private conversationOf(key: Uint32Array, length: number, swapped: boolean, protocol: number, row: number): number {
    const before = this.conversations.count;
    const conversation = this.conversations.intern(key, 0, length);
    if (this.conversations.count !== before) {
      if (conversation >= this.currentFlow.length) {
        const larger = new Uint32Array(2 * this.currentFlow.length);
        larger.set(this.currentFlow);
        this.currentFlow = larger;
      }
      const flow = this.newFlow(conversation, protocol, row);
      if (swapped) this.flows.chunk(flow)[this.flows.at(flow) + FLOW.bits] |= 1;
    }
    return swapped ? (conversation | SWAPPED) >>> 0 : conversation;
  }

  private newFlow(conversation: number, protocol: number, row: number): number {
    const flow = this.flows.add();
    const w = this.flows.chunk(flow);
    const at = this.flows.at(flow);
    w[at + FLOW.firstRow] = row;
    w[at + FLOW.bits] = protocol << 8;
    w[at + FLOW.stream] = protocol === TCP ? this.tcpStreams++ : protocol === UDP ? this.udpStreams++ : NO_ROW;
    this.currentFlow[conversation] = flow;
    return flow;
  }

  /** A fragment: waits for the others; the row that completes the datagram gets the layers above. */
  private fragment(block: Block, at: number, row: number, bytes: Uint8Array, s: Scratch, i: number): void {
    const piece = readFragment(bytes, s, i);
    const datagram = piece === null ? null : this.defragmenter.add(piece.key, row, piece, bytes);
    if (piece === null || datagram === null) {
      this.packet(block, at, row, bytes, s, i);
      return;
    }
    block.flags[at] |= FLAG.reassembled;
    this.datagrams.set(row, datagram.rows);
    for (const other of datagram.rows) if (other !== row) this.completedBy.set(other, row);
    this.walkInside(block, at, row, datagram.bytes, piece.protocol, s, i);
  }

  /** Goes on above a reassembled datagram: the row's path words without the closing entry, then what the inside adds. */
  private walkInside(
    block: Block,
    at: number,
    row: number,
    bytes: Uint8Array,
    protocol: number,
    s: Scratch,
    i: number,
  ): void {
    const inner = this.innerScratch;
    const from = s.wordsAt[i];
    const to = s.wordsAt[i + 1];
    const needed = to - from + wordsNeeded(bytes.length, 1);
    if (inner.words.length < needed) inner.words = new Uint32Array(needed);
    const kept = to - from - 1; // the tag without ports, which the fragment's own walk wrote last
    for (let word = 0; word < kept; word++) inner.words[word] = s.words[from + word];
    const stack = block.stack[at];
    // The column pass took the piece for data.
    const below = this.stacks.protocol[stack] === this.dataProtocol ? this.stacks.parent[stack] : stack;
    this.inner.bytes = bytes;
    const first = lookUpUnder(this.decodeAs, 'ip.proto', protocol);
    this.inner.walk(0, 0, bytes.length, bytes.length, first, kept, below);
    if (first === 0) {
      inner.words[kept] = s.words[to - 1];
      inner.wordsAt[1] = kept + 1;
    }
    block.flags[at] |= inner.flags[0];
    block.stack[at] = inner.stack[0];
    block.path[at] = this.paths.intern(inner.words, 0, inner.wordsAt[1]);
    copyHeaders(block, at, inner, 0, 1);
    this.packet(block, at, row, bytes, inner, 0);
  }
}

/** What the records and the headers of rows [from, to) of a batch say, into the block from `at` on: one copy per column. */
function copyColumns(block: Block, at: number, batch: PacketBatch, scratch: Scratch, from: number, to: number): void {
  const end = at + to - from;
  block.locator.set(batch.locator.subarray(from, to), at);
  block.capturedLength.set(batch.capturedLength.subarray(from, to), at);
  block.length.set(batch.length.subarray(from, to), at);
  block.interface.set(batch.interface.subarray(from, to), at);
  block.analysis.fill(0, at, end);
  block.acksRow.fill(NO_ROW, at, end);
  for (let i = from; i < to; i++) block.flags[at + i - from] = scratch.flags[i] | DIRECTION_FLAGS[batch.direction[i]];
  const { isCopy } = batch;
  if (isCopy !== undefined) {
    for (let i = from; i < to; i++) if (isCopy[i] !== 0) block.flags[at + i - from] |= FLAG.copy;
  }
  copyHeaders(block, at, scratch, from, to);
}

function copyHeaders(block: Block, at: number, scratch: Scratch, from: number, to: number): void {
  block.seq.set(scratch.seq.subarray(from, to), at);
  block.ack.set(scratch.ack.subarray(from, to), at);
  block.window.set(scratch.window.subarray(from, to), at);
  block.tcpFlags.set(scratch.tcpFlags.subarray(from, to), at);
  block.payloadLength.set(scratch.payloadLength.subarray(from, to), at);
}

function isOld(found: number): boolean {
  return (
    (found &
      (ANALYSIS.retransmission |
        ANALYSIS.fastRetransmission |
        ANALYSIS.spuriousRetransmission |
        ANALYSIS.keepAlive)) !==
    0
  );
}

/** Protocols that wait for more bytes than the one of a keep-alive. */
const WAITING: readonly number[] = [protocolNamed('tls').index, protocolNamed('http').index];

/** A keep-alive with a byte of old data, which its protocol (0: nobody's) makes nothing of: it is shown as data. */
export function isShownProbe(found: number, protocol: number): boolean {
  return (found & ANALYSIS.keepAlive) !== 0 && !WAITING.includes(protocol);
}

/** The window scale option of a SYN + 2; 1 where it has none. */
export function windowShift(bytes: Uint8Array, header: number, end: number): number {
  for (let at = header + 20; at < end; ) {
    const kind = bytes[at];
    if (kind === 0) break;
    if (kind === 1) {
      at++;
      continue;
    }
    if (kind === 3 && at + 2 < end) return Math.min(14, bytes[at + 2]) + 2;
    const length = bytes[at + 1];
    if (at + 1 >= end || length < 2) break;
    at += length;
  }
  return 1;
}
