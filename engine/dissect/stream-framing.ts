/**
 * Where messages end in TCP streams, decided while loading: per direction it keeps how many bytes are missing to the end of
 * the current message, and asks the protocol's framer only at message boundaries. A message belongs to the row that
 * completes it. Bytes are kept (bounded) only while a header is split over segments.
 */

import { ABOVE_AT, FLOW, type FlowStates, SIDE, SIDE_BIT, SIDE_WORDS } from '../table/flow-states.ts';
import { chooseApplication, type DecodeAs } from './applications.ts';
import { become, catchUp, isClientHello, isInsideNow, protocolNow, settle } from './flow-protocol.ts';
import { KeptHeader } from './kept-header.ts';
import { MessageTable } from './message-table.ts';
import { type Framing, MORE, NOT_MINE, NOT_YET, NOTHING, RECOGNISED, UNTIL_CLOSE } from './protocol.ts';
import { allProtocols, findProtocol, lookUp, protocolNamed } from './registry.ts';

/** A header that is longer than this is given up: the rest of the stream counts as unframed. */
const MAX_HEADER = 64 << 10;
/** Headers waiting for their rest, all flows together. */
const MAX_WAITING_BYTES = 64 << 20;
/** Arrays kept for the next header, and the largest of them. */
const MAX_SPARE = 256;
const MAX_SPARE_BYTES = 16 << 10;
/** First byte of a TLS handshake record. */
const TLS_HANDSHAKE = 22;
const NOTHING_DECODED_AS: DecodeAs = new Map();

/** Layers of one segment that are listed; a row with more is dissected when asked. */
export const MAX_LAYERS = 32;

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
  readonly layers = new Uint16Array(MAX_LAYERS);
  layerCount = 0;
  /** The first message that ended began in an earlier row, or not at the start of this one's payload. */
  isSpanning = false;
  /** The last message of the segment began here and ends later. */
  begins = false;
  /** The protocol of the segment's last byte, and whether that is shown inside the flow's first. */
  current = 0;
  isInside = false;
  /** Protocols that messages of this segment share a layer of; 0: none yet. */
  private ownLayer = 0;
  private outerLayer = 0;

  private readonly flows: FlowStates;
  /** By flow and direction. */
  private readonly waiting = new Map<number, KeptHeader>();
  private waitingBytes = 0;
  /** Room for headers that are not in use: a new array each would cost more than the framing (measured: 5 % of loading). */
  private readonly spare: KeptHeader[] = [];
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

  constructor(flows: FlowStates) {
    this.flows = flows;
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
    this.layerCount = 0;
    this.isSpanning = false;
    this.begins = false;
    this.ownLayer = 0;
    this.outerLayer = 0;
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
      if (this.isInside) this.addLayer(first);
      this.addLayer(protocol);
      return SEGMENT.whole;
    }
    const side = base + direction * SIDE_WORDS;
    let result: number = SEGMENT.none;
    if (length > 0) {
      if ((w[side + SIDE.bits] & SIDE_BIT.framing) === 0) {
        w[side + SIDE.bits] |= SIDE_BIT.framing;
        w[side + SIDE.expected] = seq;
      }
      const ahead = (seq - w[side + SIDE.expected]) | 0;
      if (ahead + length > 0) {
        if (ahead > 0) this.skip(w, side, flow, direction, ahead);
        w[side + SIDE.expected] = seq + length;
        result = this.take(w, base, side, flow, direction, row, first, bytes, at, end, length, ahead < 0 ? -ahead : 0);
      }
    }
    if (closes && (w[side + SIDE.bits] & SIDE_BIT.untilClose) !== 0)
      result = this.complete(w, base, side, direction, first, row, result, length);
    this.current = protocolNow(w, base, direction, first);
    this.isInside = isInsideNow(w, base, direction);
    if (this.begins && this.ownLayer === 0 && allProtocols[this.current]?.spec.showsBeginning === true) {
      if (this.isInside) this.addLayer(first);
      this.addLayer(this.current);
    }
    return result;
  }

  /** A hole: inside a message of known length it counts as if it were there; otherwise a new message starts behind it. */
  private skip(w: Uint32Array, side: number, flow: number, direction: number, ahead: number): void {
    const bits = w[side + SIDE.bits];
    const inBody = (bits & (SIDE_BIT.inMessage | SIDE_BIT.waiting)) === SIDE_BIT.inMessage;
    if (inBody && (bits & SIDE_BIT.untilClose) !== 0) return;
    if (inBody && w[side + SIDE.missing] > ahead) {
      w[side + SIDE.missing] -= ahead;
      return;
    }
    this.dropWaiting(2 * flow + direction);
    w[side + SIDE.bits] = (bits & ~MESSAGE_BITS) | SIDE_BIT.lost;
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
        w[side + SIDE.startOffset] = at - start;
      }
      const kept = this.waiting.size > 0 ? this.waiting.get(2 * flow + direction) : undefined;
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
        this.keep(2 * flow + direction, kept ?? this.spare.pop() ?? new KeptHeader(), bytes, at, end);
        w[side + SIDE.bits] = bits | SIDE_BIT.waiting;
        return result;
      }
      if (kept !== undefined) this.dropWaiting(2 * flow + direction);
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

  /** One past the list's end counts on: the row is dissected when asked. */
  private addLayer(protocol: number): void {
    if (this.layerCount < MAX_LAYERS) this.layers[this.layerCount] = protocol;
    this.layerCount++;
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
    const protocol = protocolNow(w, base, direction, first);
    const isInside = isInsideNow(w, base, direction);
    const isFromEarlier = w[side + SIDE.startRow] !== row;
    if (result !== SEGMENT.complete && (isFromEarlier || w[side + SIDE.startOffset] !== 0)) {
      this.isSpanning = true;
      this.messages.push(row, w[side + SIDE.startRow], w[side + SIDE.startOffset]);
    }
    if (isInside && (isFromEarlier || this.outerLayer !== first)) this.addLayer(first);
    if (isFromEarlier || this.ownLayer !== protocol) this.addLayer(protocol);
    if (!isFromEarlier) {
      this.ownLayer = protocol;
      this.outerLayer = isInside ? first : protocol;
    }
    const isEmpty = (bits & SIDE_BIT.untilClose) !== 0 && ((w[side + SIDE.expected] - w[side + SIDE.missing]) | 0) <= 0;
    if (bits >>> ABOVE_AT !== 0 && !isEmpty) this.addLayer(bits >>> ABOVE_AT);
    this.begins = false;
    this.onMessage?.(w[side + SIDE.startRow], w[side + SIDE.startOffset], row, endOffset, protocol, isInside);
    w[side + SIDE.bits] = bits & ~MESSAGE_BITS;
    catchUp(w, base, direction);
    return SEGMENT.complete;
  }

  /** Keeps a header's beginning for the segment that brings the rest of it. */
  private keep(key: number, kept: KeptHeader, bytes: Uint8Array, at: number, end: number): void {
    kept.put(bytes, at, end);
    if (this.waiting.delete(key)) this.waitingBytes -= kept.length;
    kept.length += end - at;
    this.waitingBytes += kept.length;
    for (const oldest of this.waiting.keys()) {
      if (this.waitingBytes <= MAX_WAITING_BYTES) break;
      this.dropWaiting(oldest); // hostile: its stream starts anew at its next segment
    }
    this.waiting.set(key, kept);
  }

  private dropWaiting(key: number): void {
    const kept = this.waiting.get(key);
    if (kept === undefined) return;
    this.waiting.delete(key);
    this.waitingBytes -= kept.length;
    kept.length = 0;
    if (this.spare.length < MAX_SPARE && kept.bytes.length <= MAX_SPARE_BYTES) this.spare.push(kept);
  }
}

function startsTls(protocol: number, bytes: Uint8Array, at: number, end: number): boolean {
  return allProtocols[protocol].spec.startsTls === true && isClientHello(bytes, at, end);
}

/** Who takes the bytes at the point where a flow became something not told; data where nobody does. */
function recognised(bytes: Uint8Array, at: number, end: number): number {
  return chooseApplication('tcp', bytes, at, end, 0, 0, NOTHING_DECODED_AS) || protocolNamed('data').index;
}
