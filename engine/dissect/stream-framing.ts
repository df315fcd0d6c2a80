/**
 * Where messages end in TCP streams, decided while loading: per direction it keeps how many bytes are missing to the end of
 * the current message, and asks the protocol's framer only at message boundaries. A message belongs to the row that
 * completes it. Bytes are kept (bounded) only while a header is split over segments.
 */

import { ABOVE_AT, FLOW, type FlowStates, SIDE, SIDE_BIT, SIDE_WORDS } from '../table/flow-states.ts';
import { chooseApplication, type DecodeAs } from './applications.ts';
import { become, catchUp, isClientHello, isInsideNow, protocolNow, settle } from './flow-protocol.ts';
import { type KeptHeader, KeptHeaders } from './kept-header.ts';
import { MessageTable } from './message-table.ts';
import { type Framing, MORE, NOT_MINE, NOT_YET, NOTHING, RECOGNISED, UNTIL_CLOSE } from './protocol.ts';
import { allProtocols, findProtocol, lookUp, protocolNamed } from './registry.ts';
import { SegmentLayers } from './segment-layers.ts';
import { Fills, Hole, Holes, restoreSide, saveSide, type Told } from './stream-holes.ts';

/** A header that is longer than this is given up: the rest of the stream counts as unframed. */
const MAX_HEADER = 64 << 10;
/** First byte of a TLS handshake record. */
const TLS_HANDSHAKE = 22;
const NOTHING_DECODED_AS: DecodeAs = new Map();

/** All that describes the current message of a direction. */
const MESSAGE_BITS =
  SIDE_BIT.inMessage | SIDE_BIT.waiting | SIDE_BIT.continues | SIDE_BIT.untilClose | (-1 << ABOVE_AT);

/** What a segment is to its stream. */
export const SEGMENT = {
  /** No new message ends in it and none begins: an ACK, old data. */
  none: 0,
  /** Part of a message that ends later. */
  partial: 1,
  /** At least one message ends in it. */
  complete: 2,
  /** Its protocol has no framer, or its bytes are no message: shown on its own. */
  whole: 3,
} as const;

export class StreamFraming {
  readonly messages = new MessageTable();
  /** Told of every message that ends, by replays; null in the pass over all packets. */
  onMessage:
    | ((
        startRow: number,
        startOffset: number,
        endRow: number,
        endOffset: number,
        protocol: number,
        isInside: boolean,
      ) => void)
    | null = null;
  /**
   * After segment(): the layers above TCP, as protocol indexes. Messages of one segment and one protocol share a layer; one that
   * was put together from several has its own.
   */
  readonly layers = new SegmentLayers();
  /** After segment(): rows before it whose messages are other ones than was told, with those that are right; null: none. */
  amended: ReadonlyMap<number, readonly Told[]> | null = null;
  /** What late segments changed. Of a pass over all packets: it finds out; of another framing's: it is followed. */
  readonly fills: Fills;
  /** Is what comes behind a hole of this segment's flow kept? Where another pass has found that nothing fills one, it need not. */
  holds = true;
  /** Are the flow's messages read in order only (ProtocolSpec.inOrder), whatever they are? As where they are decrypted. */
  isOrdered = false;
  /** The first message that ended began in an earlier row, or not at the start of this one's payload. */
  isSpanning = false;
  /** The last message of the segment began here and ends later. */
  begins = false;
  /** The protocol of the segment's last byte, and whether that is shown inside the flow's first. */
  current = 0;
  isInside = false;
  private readonly flows: FlowStates;
  /** By flow and direction: 2 * flow + direction. */
  private readonly headers = new KeptHeaders();
  private readonly holes = new Holes();
  private readonly isFollowing: boolean;
  /** Of the segment at hand: the hole in front of it, whether it fills that now, and its sequence number. */
  private hole: Hole | null = null;
  private isFilling = false;
  private seq = 0;
  /** Added to offsets where a message begins, and where one ends: they may be counted from other rows than the bytes'. */
  private startShift = 0;
  private endShift = 0;
  private endRow = 0;
  private readonly framing: Framing = {
    bytes: new Uint8Array(0),
    at: 0,
    end: 0,
    direction: 0,
    state: 0,
    shared: 0,
    continues: false,
    above: 0,
    header: 0,
    version: 0,
    lost: false,
    becomes: 0,
    isInside: false,
    find: lookUp,
    named: (name) => findProtocol(name)?.index ?? 0,
  };

  /** `follows`: what another framing of the same packets has found; holes are filled where it did so. */
  constructor(flows: FlowStates, follows?: Fills) {
    this.flows = flows;
    this.fills = follows ?? new Fills();
    this.isFollowing = follows !== undefined;
  }

  /**
   * Takes one segment in file order. `first`: the flow's application, which messages may have changed since. `seq`: the sequence
   * number's 32 bits as a signed integer. [at, end): its captured payload; `length`: payload on the wire; `closes`: FIN or RST.
   * Returns one of SEGMENT.
   */
  segment(
    flow: number,
    direction: 0 | 1,
    row: number,
    first: number,
    seq: number,
    bytes: Uint8Array,
    at: number,
    end: number,
    length: number,
    closes: boolean,
  ): number {
    this.layers.clear();
    this.isSpanning = false;
    this.begins = false;
    this.amended = null;
    const w = this.flows.chunk(flow);
    const base = this.flows.at(flow);
    const protocol = protocolNow(w, base, direction, first);
    if (protocol !== RECOGNISED && allProtocols[protocol].frame === undefined) {
      if (length > 0 && startsTls(protocol, bytes, at, end)) {
        become(w, base, direction, protocolNamed('tls').index, false);
        return this.segment(flow, direction, row, first, seq, bytes, at, end, length, closes);
      }
      this.current = protocol;
      this.isInside = isInsideNow(w, base, direction);
      if (length === 0) return SEGMENT.none;
      if (this.isInside) this.layers.add(first);
      this.layers.add(protocol);
      return SEGMENT.whole;
    }
    const side = base + direction * SIDE_WORDS;
    let result: number = SEGMENT.none;
    this.count(seq, row, 0, 0);
    if (length > 0) {
      if ((w[side + SIDE.bits] & SIDE_BIT.framing) === 0) {
        w[side + SIDE.bits] |= SIDE_BIT.framing;
        w[side + SIDE.expected] = seq;
      }
      const key = 2 * flow + direction;
      const ahead = (seq - w[side + SIDE.expected]) | 0;
      this.hole = this.holes.get(key);
      if (this.hole !== null && this.isFilledBy(this.hole, row, seq, length)) {
        result = this.fill(this.hole, w, base, side, flow, direction, row, first, seq, bytes, at, end, length);
      } else if (ahead + length > 0) {
        if (ahead > 0) this.skip(w, base, side, key, ahead);
        w[side + SIDE.expected] = seq + length;
        const old = ahead < 0 ? -ahead : 0;
        result = this.take(w, base, side, flow, direction, row, first, bytes, at, end, length, old);
        if (this.hole !== null) {
          this.hole.sharedAfter = w[base + FLOW.shared];
          this.holes.hold(key, this.hole, row, seq, bytes, at, end, length);
        }
      } else if (this.hole !== null && ((seq - this.hole.from) | 0) > 0) {
        this.holes.hold(key, this.hole, row, seq, bytes, at, end, length);
        result = SEGMENT.partial;
      }
      this.hole = null;
    }
    if (closes && (w[side + SIDE.bits] & SIDE_BIT.untilClose) !== 0)
      result = this.complete(w, base, side, direction, first, row, result, length);
    this.current = protocolNow(w, base, direction, first);
    this.isInside = isInsideNow(w, base, direction);
    if (this.begins && this.layers.own === 0 && allProtocols[this.current]?.spec.showsBeginning === true) {
      if (this.isInside) this.layers.add(first);
      this.layers.add(this.current);
    }
    return result;
  }

  /** Where the bytes that are taken next lie, and how offsets in them are counted. */
  private count(seq: number, endRow: number, startShift: number, endShift: number): void {
    this.seq = seq;
    this.endRow = endRow;
    this.startShift = startShift;
    this.endShift = endShift;
  }

  /** A hole: inside a message of known length it counts as if it were there; otherwise a new message starts behind it. */
  private skip(w: Uint32Array, base: number, side: number, key: number, ahead: number): void {
    if (passesOver(w, side, ahead)) return;
    if (this.hole === null && this.holds) {
      this.hole = new Hole(w[base + FLOW.application], saveSide(w, base, side, this.headers.copy(key)));
      this.holes.open(key, this.hole);
    }
    this.headers.drop(key);
    w[side + SIDE.bits] = (w[side + SIDE.bits] & ~MESSAGE_BITS) | SIDE_BIT.lost;
  }

  /** Does a late segment fill the hole, at least its beginning? */
  private isFilledBy(hole: Hole, row: number, seq: number, length: number): boolean {
    const ahead = (seq - hole.from) | 0;
    return ahead <= 0 && ahead + length > 0 && (!this.isFollowing || this.fills.rows.has(row));
  }

  /** The hole is filled, or its beginning: from there on what was kept is framed again. */
  private fill(
    hole: Hole,
    w: Uint32Array,
    base: number,
    side: number,
    flow: number,
    direction: 0 | 1,
    row: number,
    first: number,
    seq: number,
    bytes: Uint8Array,
    at: number,
    end: number,
    length: number,
  ): number {
    const key = 2 * flow + direction;
    if (hole.application !== w[base + FLOW.application]) {
      this.holes.drop(key); // it became another protocol meanwhile
      return SEGMENT.none;
    }
    if (!this.isFollowing) this.fills.add(row, flow, this.isOrdered);
    const live = saveSide(w, base, side, this.headers.copy(key));
    restoreSide(w, side, hole.before);
    this.headers.restore(key, hole.before.header);
    if (w[base + FLOW.shared] === hole.sharedAfter) w[base + FLOW.shared] = hole.before.shared;
    hole.beganSeq = (hole.from - 1) | 0;
    this.isFilling = true;
    const { row: anchorRow, seq: anchorSeq } = hole.anchor;
    w[side + SIDE.expected] = seq + length;
    let result = this.take(w, base, side, flow, direction, row, first, bytes, at, end, length, (hole.from - seq) | 0);
    if ((w[side + SIDE.bits] & SIDE_BIT.inMessage) !== 0 && w[side + SIDE.startRow] === row) {
      w[side + SIDE.startRow] = anchorRow;
      w[side + SIDE.startOffset] += seq - anchorSeq;
    }
    let next = 0;
    for (; next < hole.held.length; next++) {
      const segment = hole.held[next];
      const ahead = (segment.seq - w[side + SIDE.expected]) | 0;
      if (ahead + segment.length <= 0) continue;
      if (ahead > 0 && !passesOver(w, side, ahead)) break;
      w[side + SIDE.expected] = segment.seq + segment.length;
      this.count(segment.seq, row, (segment.seq - anchorSeq) | 0, (segment.seq - seq) | 0);
      const old = ahead < 0 ? -ahead : 0;
      const { bytes: kept, length: size } = segment;
      const found = this.take(w, base, side, flow, direction, anchorRow, first, kept, 0, kept.length, size, old);
      if (found === SEGMENT.complete) result = found;
    }
    this.isFilling = false;
    this.begins = false;
    const amended = hole.settle(w[side + SIDE.expected]);
    if (amended.size > 0) this.amended = amended;
    if (next === hole.held.length) this.holes.drop(key);
    else {
      const before = saveSide(w, base, side, this.headers.copy(key));
      this.holes.changing(hole, () => hole.moveTo(before, next));
      restoreSide(w, side, live);
      w[base + FLOW.shared] = live.shared;
      this.headers.restore(key, live.header);
    }
    return result;
  }

  private take(
    w: Uint32Array,
    base: number,
    side: number,
    flow: number,
    direction: 0 | 1,
    row: number,
    first: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    length: number,
    old: number,
  ): number {
    const wireEnd = start + length;
    let at = start + old;
    let result: number = SEGMENT.partial;
    let becomes = 0;
    for (;;) {
      let bits = w[side + SIDE.bits];
      if ((bits & (SIDE_BIT.inMessage | SIDE_BIT.waiting)) === SIDE_BIT.inMessage) {
        if ((bits & SIDE_BIT.untilClose) !== 0) return result;
        const taken = Math.min(w[side + SIDE.missing], wireEnd - at);
        w[side + SIDE.missing] -= taken;
        at += taken;
        if (w[side + SIDE.missing] > 0) return result;
        if ((bits & SIDE_BIT.continues) !== 0) w[side + SIDE.bits] = bits | SIDE_BIT.waiting;
        else result = this.complete(w, base, side, direction, first, row, result, at - start);
        if (becomes !== 0) become(w, base, direction, becomes, this.framing.isInside);
        becomes = 0;
        continue;
      }
      if (at >= wireEnd) return result;
      let protocol = protocolNow(w, base, direction, first);
      if (protocol === RECOGNISED) settle(w, base, (protocol = recognised(bytes, at, Math.max(at, end))));
      if ((bits & SIDE_BIT.inMessage) === 0) {
        if (bytes[at] === TLS_HANDSHAKE && startsTls(protocol, bytes, at, end)) {
          become(w, base, direction, protocolNamed('tls').index, false);
          continue;
        }
        bits |= SIDE_BIT.inMessage;
        w[side + SIDE.startRow] = row;
        this.begins = true;
        w[side + SIDE.startOffset] = at - start + this.startShift;
        if (this.hole !== null) this.hole.beganSeq = (this.seq + at - start) | 0;
      }
      const kept = this.headers.get(2 * flow + direction);
      const unit = this.ask(
        w,
        base,
        side,
        direction,
        protocol,
        bytes,
        at,
        Math.max(at, end),
        kept,
        (bits & SIDE_BIT.lost) !== 0,
      );
      bits &= ~SIDE_BIT.lost;
      const have = kept === undefined ? 0 : kept.length;
      const { becomes: next } = this.framing;
      if (unit === 0 && next !== 0 && next !== protocol && have === 0) {
        become(w, base, direction, next, this.framing.isInside);
        catchUp(w, base, direction);
        w[side + SIDE.bits] = bits & ~SIDE_BIT.inMessage;
        continue;
      }
      if (unit === MORE && end >= wireEnd && have + end - at <= MAX_HEADER) {
        this.headers.keep(2 * flow + direction, bytes, at, end);
        w[side + SIDE.bits] = bits | SIDE_BIT.waiting;
        return result;
      }
      if (kept !== undefined) this.headers.drop(2 * flow + direction);
      if (unit === NOT_YET) {
        w[side + SIDE.bits] = bits & ~MESSAGE_BITS;
        this.begins = false;
        return result === SEGMENT.complete ? result : SEGMENT.none;
      }
      if (unit === UNTIL_CLOSE) {
        w[side + SIDE.bits] = this.withAbove((bits | SIDE_BIT.untilClose) & ~SIDE_BIT.waiting);
        // Sequence number of the body's first byte: when the direction closes, it tells whether there was one.
        w[side + SIDE.missing] = w[side + SIDE.expected] - (wireEnd - at) + (this.framing.header - have);
        return result;
      }
      if (!(unit > have)) {
        // No message, or a header that was cut or never ends: the rest of the segment is shown as it is.
        w[side + SIDE.bits] = this.withAbove(bits & ((1 << ABOVE_AT) - 1));
        return this.complete(w, base, side, direction, first, row, result, length);
      }
      becomes = next;
      let missing = Math.max(0, unit - have);
      bits &= ~(SIDE_BIT.waiting | SIDE_BIT.continues);
      if (end < wireEnd && missing > wireEnd - at) {
        // What the snap length took cannot be put together: the message is shown as far as this segment has it.
        missing = wireEnd - at;
        bits |= SIDE_BIT.lost;
      } else if (this.framing.continues) {
        bits |= SIDE_BIT.continues;
      }
      w[side + SIDE.missing] = missing;
      w[side + SIDE.bits] = this.withAbove(bits);
    }
  }

  /** Asks the framer about the bytes at a boundary, with those kept from earlier segments in front. */
  private ask(
    w: Uint32Array,
    base: number,
    side: number,
    direction: 0 | 1,
    protocol: number,
    bytes: Uint8Array,
    at: number,
    end: number,
    kept: KeptHeader | undefined,
    lost: boolean,
  ): number {
    const f = this.framing;
    if (kept === undefined) {
      f.bytes = bytes;
      f.at = at;
      f.end = end;
    } else {
      kept.put(bytes, at, end);
      f.bytes = kept.bytes;
      f.at = 0;
      f.end = kept.length + end - at;
    }
    f.direction = direction;
    f.state = w[side + SIDE.frameState];
    f.shared = w[base + FLOW.shared];
    f.version = w[base + FLOW.version];
    f.continues = false;
    f.above = 0;
    f.header = 0;
    f.becomes = 0;
    f.isInside = false;
    f.lost = lost;
    const unit = allProtocols[protocol].frame?.(f) ?? NOT_MINE;
    if (unit !== MORE) {
      w[side + SIDE.frameState] = f.state;
      w[base + FLOW.shared] = f.shared;
      w[base + FLOW.version] = f.version;
    }
    return unit;
  }

  /** Remembers what lies above the message until it is complete. */
  private withAbove(bits: number): number {
    const { above } = this.framing;
    if (above === 0) return bits;
    const bare = bits & ((1 << ABOVE_AT) - 1);
    return above === NOTHING ? bare : bare | (above << ABOVE_AT);
  }

  /** A message ends in this row. */
  private complete(
    w: Uint32Array,
    base: number,
    side: number,
    direction: 0 | 1,
    first: number,
    row: number,
    result: number,
    endOffset: number,
  ): number {
    const bits = w[side + SIDE.bits];
    w[side + SIDE.bits] = bits & ~MESSAGE_BITS;
    this.begins = false;
    const startRow = w[side + SIDE.startRow];
    const startOffset = w[side + SIDE.startOffset];
    const endSeq = (this.seq + endOffset) | 0;
    const protocol = protocolNow(w, base, direction, first);
    const isInside = isInsideNow(w, base, direction);
    catchUp(w, base, direction);
    if (this.isFilling && this.hole?.confirm(endSeq, this.isOrdered || allProtocols[protocol].spec.inOrder === true))
      return result;
    const isEmpty = (bits & SIDE_BIT.untilClose) !== 0 && ((w[side + SIDE.expected] - w[side + SIDE.missing]) | 0) <= 0;
    const above = isEmpty ? 0 : bits >>> ABOVE_AT;
    const isFromEarlier = startRow !== this.endRow;
    const endsAt = endOffset + this.endShift;
    if (this.isSpanning) {
      if (isFromEarlier) this.messages.extend(endsAt);
    } else if (isFromEarlier || (result !== SEGMENT.complete && startOffset !== 0)) {
      this.isSpanning = true;
      this.messages.push(this.endRow, startRow, startOffset, endsAt);
    }
    this.layers.message(first, protocol, isInside, isFromEarlier, above);
    if (this.hole !== null && !this.isFilling) {
      const startSeq = this.hole.beganSeq;
      this.hole.tell({ row, startRow, startOffset, endOffset, protocol, isInside, startSeq, endSeq, above });
    }
    this.onMessage?.(startRow, startOffset, this.endRow, endsAt, protocol, isInside);
    return SEGMENT.complete;
  }
}

/** Does a hole count as if it were there? It lies within a message of known length. Then so much less is missing. */
function passesOver(w: Uint32Array, side: number, ahead: number): boolean {
  const bits = w[side + SIDE.bits];
  if ((bits & (SIDE_BIT.inMessage | SIDE_BIT.waiting)) !== SIDE_BIT.inMessage) return false;
  if ((bits & SIDE_BIT.untilClose) !== 0) return true;
  if (w[side + SIDE.missing] <= ahead) return false;
  w[side + SIDE.missing] -= ahead;
  return true;
}

function startsTls(protocol: number, bytes: Uint8Array, at: number, end: number): boolean {
  return allProtocols[protocol].spec.startsTls === true && isClientHello(bytes, at, end);
}

/** Who takes the bytes at the point where a flow became something not told; data where nobody does. */
function recognised(bytes: Uint8Array, at: number, end: number): number {
  return chooseApplication('tcp', bytes, at, end, 0, 0, NOTHING_DECODED_AS) || protocolNamed('data').index;
}
