/**
 * The detail pass over any packet of a capture: gives the tree builder what the flow pass learnt, reassembles what the packet
 * completes, and lets protocols that remember see a conversation's messages in order. Replays of flows are kept, bounded.
 */

import type { KeyLog } from '../base/key-log.ts';
import { lookUpUnder, protocolsUnder } from '../dissect/decode-as.ts';
import { Defragmenter, readFragment } from '../dissect/defragment.ts';
import type { Message } from '../dissect/message-table.ts';
import { allProtocols, type Protocol, protocolNamed } from '../dissect/registry.ts';
import { makeScratch, wordsNeeded } from '../dissect/scratch.ts';
import { type Dissection, type MessagePlace, type PacketFacts, TreeBuilder } from '../dissect/tree.ts';
import { Cursor } from '../dissect/walk.ts';
import type { CarriedPlace, Wanted } from '../dissect/wanted.ts';
import { ANALYSIS } from '../table/analysis-bits.ts';
import { FLAG } from '../table/flags.ts';
import { FLOW, firstApplication, ipProtocolOf } from '../table/flow-states.ts';
import { DISSECT_ME, Stacks } from '../table/stacks.ts';
import { TCP_FLAG } from '../table/tcp-analysis.ts';
import { type Assembled, assemble, showSegments, streamOffset } from './assemble.ts';
import type { Capture } from './capture.ts';
import { isShownProbe, windowShift } from './flow-pass.ts';
import { FlowReplay, type SegmentBytes } from './flow-replay.ts';
import { type FlowMessages, RowFacts, type RowInFlow, type RowReader } from './row-facts.ts';
import { markDecrypted } from './secrets.ts';

/** Replayed rows kept over all flows; the flow not asked for longest is dropped first. */
const MAX_REPLAYED = 4_000_000;
const OLD =
  ANALYSIS.retransmission | ANALYSIS.fastRetransmission | ANALYSIS.spuriousRetransmission | ANALYSIS.keepAlive;
const TCP_INDEX = protocolNamed('tcp').index;
const TCP = 6;
const UDP_INDEX = protocolNamed('udp').index;
const DATA_INDEX = protocolNamed('data').index;
/** Protocols whose messages begin with their length, and follow one another with nothing between: `tcp.pdu.size`. */
const SIZED: ReadonlySet<string> = new Set(
  'amqp bittorrent dcerpc dns http2 kafka ldap mongo mqtt mysql pgsql stun tds tns winsrepl'.split(' '),
);

/** Protocols that remember, and those whose trees may open one that does. */
export const REMEMBERING: ReadonlySet<number> = new Set(
  allProtocols.filter((one) => mayRemember(one, new Set())).map(({ index }) => index),
);

function mayRemember(protocol: Protocol, seen: Set<Protocol>): boolean {
  if (protocol.spec.remembers === true) return true;
  if (seen.has(protocol)) return false;
  seen.add(protocol);
  if (protocol.spec.opens === 'applications') return true;
  return (protocol.spec.opens ?? []).some((name) => mayRemember(protocolNamed(name), seen));
}

export class Dissector implements RowReader {
  private readonly capture: Capture;
  private readonly replays = new Map<number, FlowReplay>();
  private replayed = 0;
  /** How many secrets there were when the replays were made: trees with others would not fit to them. */
  private keyLog: KeyLog;
  private secrets = 0;
  private readonly cursor: Cursor;
  readonly rules: NonNullable<PacketFacts['rules']>;

  constructor(capture: Capture) {
    this.capture = capture;
    const { decodeAs } = capture.pass;
    this.cursor = new Cursor(protocolsUnder(decodeAs), new Stacks(), makeScratch(65536, 1));
    this.rules = {
      all: protocolsUnder(decodeAs),
      lookUp: (table, key) => lookUpUnder(decodeAs, table, key),
    };
    this.keyLog = capture.secrets.keyLog;
  }

  /**
   * Sees to it that the rows which the secrets open are marked; true: rows have changed, by that or by late segments. Called when
   * all is loaded.
   */
  applySecrets(): boolean {
    const { pass, flows, secrets, reader } = this.capture;
    secrets.take(reader.facts);
    this.capture.useSecrets();
    const isMarked = markDecrypted(pass, flows, secrets.keyLog, (row) => this.segmentBytes(row));
    return pass.framing.fills.takeAmended() || isMarked;
  }

  /** Replays that were made with other secrets are dropped. */
  private forgetOthers(): void {
    const { keyLog } = this.capture.secrets;
    if (keyLog === this.keyLog && keyLog.size === this.secrets) return;
    this.keyLog = keyLog;
    this.secrets = keyLog.size;
    this.replays.clear();
    this.replayed = 0;
  }

  /** The whole tree of one packet. */
  dissect(row: number): Dissection {
    const { pass, flows } = this.capture;
    const flow = pass.flowOf(row);
    if (flow < 0) return this.build(row, null, 0);
    if (flows.covered <= row) flows.update();
    this.forgetOthers();
    const replay = this.replayOf(flow);
    const index = flows.indexOf(flow, row);
    for (; replay.visited < index; replay.visited++) this.visit(replay);
    if (replay.visited === index) replay.visited++;
    return this.build(row, replay, index);
  }

  /** Only what `only` wants of what a row's transport carries; `messages`: its flow's, asked with index 0. */
  carried(
    row: number,
    bytes: Uint8Array,
    place: CarriedPlace,
    messages: FlowMessages,
    isTcp: boolean,
    only: Wanted,
  ): Dissection {
    const facts = new RowFacts(this.capture, this, { row, replay: messages, index: 0, isTcp }, null);
    const builder = new TreeBuilder(bytes, facts, only);
    builder.carried(place);
    return builder.finish();
  }

  /** Lets a protocol that remembers see an earlier message of the conversation. */
  private visit(replay: FlowReplay): void {
    const { pass, flows } = this.capture;
    const row = flows.row(replay.flow, replay.visited);
    if (this.remembers(pass.table.get('stack', row))) this.build(row, replay, replay.visited);
  }

  /** May a layer of such a packet remember what it sees? */
  private remembers(stack: number): boolean {
    const { stacks } = this.capture.pass;
    if (stack === DISSECT_ME) return true;
    for (let node = stack; node !== 0; node = stacks.parent[node])
      if (REMEMBERING.has(stacks.protocol[node])) return true;
    return false;
  }

  private replayOf(flow: number): FlowReplay {
    const known = this.replays.get(flow);
    if (known !== undefined) {
      this.replays.delete(flow);
      if (!known.isOutdated) {
        this.replays.set(flow, known);
        return known;
      }
      this.replayed -= known.size;
    }
    for (const [old, replay] of this.replays) {
      if (this.replayed <= MAX_REPLAYED && this.replays.size < MAX_REPLAYED / 64) break;
      this.replays.delete(old);
      this.replayed -= replay.size;
    }
    const replay = new FlowReplay(this.capture.pass, this.capture.flows, flow);
    this.replays.set(flow, replay);
    return replay;
  }

  private build(row: number, replay: FlowReplay | null, index: number): Dissection {
    const isTcp = replay !== null && this.isSegment(row, replay.flow);
    if (isTcp && replay.size <= index) {
      const before = replay.size;
      replay.playTo(index, (other) => this.segmentBytes(other));
      this.replayed += replay.size - before;
    }
    const tcp = isTcp ? replay.facts(index) : null;
    const facts = new RowFacts(this.capture, this, { row, replay, index, isTcp }, tcp);
    const builder = new TreeBuilder(this.capture.bytes(row), facts);
    builder.frame();
    return builder.finish();
  }

  /** Is the row a segment of its flow? Where the walk gave up, its headers may be quoted ones. */
  private isSegment(row: number, flow: number): boolean {
    const { pass, table } = this.capture;
    const stack = table.get('stack', row);
    if (stack !== DISSECT_ME) return pass.stacks.has(stack, TCP_INDEX);
    return (table.get('flags', row) & FLAG.more) === 0 && ipProtocolOf(pass.flows.get(flow, FLOW.bits)) === TCP;
  }

  /** What the innermost transport carries: false where nobody knows. */
  application(t: TreeBuilder, at: number, { row, replay, index, isTcp }: RowInFlow): boolean {
    if (replay === null) return false;
    const { pass, table } = this.capture;
    if (!isTcp) {
      const application = this.datagramOf(row, replay.flow);
      if (application <= 0 || t.protocol.name !== 'udp' || at >= t.end) return false;
      t.dissect(application, at);
      return true;
    }
    if (t.protocol.name !== 'tcp') return false;
    const application = firstApplication(pass.flows.get(replay.flow, FLOW.application)) - 1;
    const isOld = (table.get('analysis', row) & OLD) !== 0 || (table.get('flags', row) & FLAG.copy) !== 0;
    const analysis = table.get('analysis', row);
    if (application <= 0) return isOld && !isShownProbe(analysis, 0);
    const messages = replay.messagesAt(index);
    const now = replay.protocolAt(index);
    if (messages.length === 0 && isShownProbe(analysis, now.protocol)) return false;
    if (messages.length === 0 && allProtocols[now.protocol]?.frame === undefined) {
      if (!isOld && at < t.end) show(t, application, now, at, t.end, t.wireEnd);
      return true;
    }
    let end = at;
    messages.forEach((message, i) => {
      if (i > 0) t.fence();
      if (SIZED.has(allProtocols[message.protocol]?.name ?? '')) this.size(t, at, message, row);
      if (i > 0 && message.startRow === row && messages[i - 1].startRow === row) t.listOnce(message.isInside ? 2 : 1);
      end = at + message.endOffset;
      if (message.startRow === row) {
        const begin = at + message.startOffset;
        t.message = { bytes: t.bytes, at: begin, place: { ...message, endRow: row } };
        show(t, application, message, begin, Math.min(t.end, end), end);
      } else if (replay.beginning !== undefined) {
        const { beginning } = replay;
        t.within('Reassembled TCP', beginning, () =>
          show(t, application, message, 0, beginning.length, beginning.length),
        );
      } else {
        t.add('segment_data', at, Math.min(message.endOffset, t.end - at));
        this.spanning(t, application, message, row);
      }
    });
    if (end < t.end && (messages.length > 0 || !isOld)) {
      t.add('segment_data', end, t.end - end);
      if (messages.length === 0 && (table.get('flags', row) & FLAG.partial) !== 0) {
        t.addInfo(' [TCP segment of a reassembled PDU]');
      }
      if (replay.beginsIn(index) && messages.every(({ startRow }) => startRow !== row)) {
        if (allProtocols[now.protocol]?.spec.showsBeginning === true) {
          if (now.isInside) t.mention(application, end, end);
          t.mention(now.protocol, end);
        }
      }
    }
    return true;
  }

  /** How long a message is that says so itself. */
  private size(t: TreeBuilder, at: number, message: Message, row: number): void {
    const isHere = message.startRow === row;
    const { capture } = this;
    const length =
      (streamOffset(capture, row, message.endOffset) - streamOffset(capture, message.startRow, message.startOffset)) >>>
      0;
    t.generated('pdu.size', length, isHere ? at + message.startOffset : at, isHere ? length : message.endOffset);
  }

  /** Who the flow pass gave a datagram to: its flow's protocol, or another where that declined. */
  private datagramOf(row: number, flow: number): number {
    const { stacks, flows, table } = this.capture.pass;
    const stack = table.get('stack', row);
    if (stack !== DISSECT_ME && stacks.protocol[stacks.parent[stack]] === UDP_INDEX)
      return stacks.protocol[stack] === DATA_INDEX ? 0 : stacks.protocol[stack];
    return firstApplication(flows.get(flow, FLOW.application)) - 1;
  }

  /** A message that began in an earlier row: put together, and dissected in a data source of its own. */
  private spanning(t: TreeBuilder, application: number, message: Message, row: number): void {
    const assembled = this.assemble(message, row);
    const { bytes, missing } = assembled;
    showSegments(t, assembled);
    t.within(
      'Reassembled TCP',
      bytes,
      () => {
        t.message = { bytes, at: 0, place: { ...message, endRow: row } };
        show(t, application, message, 0, bytes.length, bytes.length);
      },
      missing,
    );
  }

  private assemble(message: Pick<Message, 'startRow' | 'startOffset' | 'endOffset'>, row: number): Assembled {
    return assemble(this.capture, message, row, (other) => this.segmentBytes(other));
  }

  /** The bytes of an earlier message of a conversation. */
  messageBytes(place: MessagePlace): Uint8Array {
    return this.assemble(place, place.endRow).bytes;
  }

  /** Where a TCP segment's payload is. */
  segmentBytes(row: number): SegmentBytes {
    const { capture, cursor } = this;
    const datagramRows = capture.pass.datagrams.get(row);
    let bytes = capture.bytes(row);
    this.walk(bytes, capture.linkProtocol(row), capture.table.get('length', row));
    if (datagramRows !== undefined) {
      const piece = readFragment(bytes, cursor.columns, 0);
      bytes = this.datagram(datagramRows);
      this.walk(bytes, this.rules.lookUp('ip.proto', piece?.protocol ?? 0), bytes.length);
    }
    const c = cursor.columns;
    const isSyn = (c.tcpFlags[0] & TCP_FLAG.syn) !== 0;
    return {
      bytes,
      payloadAt: c.payloadAt[0],
      payloadEnd: c.payloadEnd[0],
      shift: isSyn ? windowShift(bytes, c.transportAt[0], c.payloadAt[0]) : 0,
    };
  }

  private walk(bytes: Uint8Array, protocol: number, length: number): void {
    const { cursor } = this;
    const needed = wordsNeeded(bytes.length, 1);
    if (cursor.columns.words.length < needed) cursor.columns.words = new Uint32Array(needed);
    cursor.bytes = bytes;
    cursor.walk(0, 0, bytes.length, length, protocol, 0);
  }

  /** Joins a datagram again from the rows of its fragments. */
  datagram(rows: readonly number[]): Uint8Array {
    const joiner = new Defragmenter();
    for (const row of rows) {
      const bytes = this.capture.bytes(row);
      this.walk(bytes, this.capture.linkProtocol(row), this.capture.table.get('length', row));
      const piece = readFragment(bytes, this.cursor.columns, 0);
      const whole = piece === null ? null : joiner.add('', row, piece, bytes);
      if (whole !== null) return whole.bytes;
    }
    return new Uint8Array(0);
  }
}

/** Dissects a message by its protocol: inside a layer of the flow's first one where it is shown so. */
function show(
  t: TreeBuilder,
  first: number,
  { protocol, isInside }: Pick<Message, 'protocol' | 'isInside'>,
  at: number,
  end: number,
  wireEnd: number,
): void {
  if (isInside) t.inner = protocol;
  t.dissect(isInside ? first : protocol, at, end, wireEnd);
  t.inner = 0;
}
