/**
 * Messages of an application in a stream that another layer carries (decrypted TLS): where they end, asked of the application's
 * own framer. For the detail pass: a state is never changed in place, so that facts about earlier units may hold on to it.
 */

import {
  type DispatchTable,
  type Framing,
  MORE,
  NOT_MINE,
  type ProtocolSpec,
  RECOGNISED,
  UNTIL_CLOSE,
} from './protocol.ts';

/** A longer header is given up, as in TCP streams. */
const MAX_HEADER = 32 << 10;

/** What this file needs of the registry, which comes after it. */
interface Book {
  readonly all: readonly { readonly index: number; readonly name: string; readonly spec: ProtocolSpec }[];
  find(name: string): { readonly index: number } | undefined;
  lookUp(table: DispatchTable, key: string | number): number;
}

let book: Book | undefined;

/** Called once by the registry. */
export function useApplications(registry: Book): void {
  book = registry;
}

function applications(): Book {
  if (book === undefined) throw new Error('no protocols are registered: import dissect/registry.ts');
  return book;
}

/** Index of the protocol of that name; 0: there is none. */
export function applicationNamed(name: string): number {
  return applications().find(name)?.index ?? 0;
}

/** A protocol's full name; empty: there is none of that index. */
export function titleOf(index: number): string {
  return index === 0 ? '' : (applications().all[index]?.spec.title ?? '');
}

/** Index of a protocol of TCP streams that these first bytes look like; 0: none. `except`: the carrier, by name. */
export function recogniseApplication(bytes: Uint8Array, except: string): number {
  for (const { index, name, spec } of applications().all) {
    if (name === except || spec.recognise === undefined || spec.recogniseOn?.includes('tcp') === false) continue;
    if (bytes.length >= (spec.header ?? 0) && spec.recognise(bytes, 0, bytes.length, 0)) return index;
  }
  return 0;
}

/** A piece of a message in an earlier unit, the latest first; `unit`: what the carrier finds its bytes by. */
export interface Piece<Unit> {
  readonly unit: Unit;
  readonly from: number;
  readonly to: number;
  readonly before: Piece<Unit> | null;
  /** Bytes of all pieces up to this one. */
  readonly length: number;
}

interface HeaderPart {
  readonly bytes: Uint8Array;
  readonly before: HeaderPart | null;
}

interface Side<Unit> {
  /** The framer's own number. */
  readonly state: number;
  readonly inMessage: boolean;
  /** Waiting for (more of) a header, of which these bytes are there. */
  readonly isWaiting: boolean;
  readonly header: HeaderPart | null;
  readonly headerBytes: number;
  /** Bytes missing to the end of the unit at hand. */
  readonly missing: number;
  readonly continues: boolean;
  readonly untilClose: boolean;
  readonly isLost: boolean;
  /** Where the current message's bytes are, as far as they have come. */
  readonly pieces: Piece<Unit> | null;
}

export interface Carried<Unit> {
  /** Index of the application it began with. */
  readonly first: number;
  /** Index of the one it is now (Framing.becomes); RECOGNISED: the next bytes tell. */
  readonly protocol: number;
  readonly isInside: boolean;
  readonly shared: number;
  readonly version: number;
  readonly sides: readonly [Side<Unit>, Side<Unit>];
}

/** A message that ends in a unit: [from, to) of it, behind the pieces of earlier ones. */
export interface CarriedMessage<Unit> {
  readonly protocol: number;
  /** It is shown inside a layer of the protocol that the stream began with. */
  readonly isInside: boolean;
  readonly earlier: Piece<Unit> | null;
  readonly from: number;
  readonly to: number;
}

export interface Fed<Unit> {
  readonly after: Carried<Unit>;
  readonly messages: readonly CarriedMessage<Unit>[];
  /** One past the last byte of a message that ended: the rest is the beginning of one that ends later. */
  readonly rest: number;
}

function quiet<Unit>(state: number, isLost: boolean): Side<Unit> {
  return {
    state,
    inMessage: false,
    isWaiting: false,
    header: null,
    headerBytes: 0,
    missing: 0,
    continues: false,
    untilClose: false,
    isLost,
    pieces: null,
  };
}

export function carry<Unit>(protocol: number): Carried<Unit> {
  return {
    first: protocol,
    protocol,
    isInside: false,
    shared: 0,
    version: 0,
    sides: [quiet(0, false), quiet(0, false)],
  };
}

function withSide<Unit>(stream: Carried<Unit>, direction: 0 | 1, side: Side<Unit>): Carried<Unit> {
  return { ...stream, sides: direction === 0 ? [side, stream.sides[1]] : [stream.sides[0], side] };
}

/** Bytes are missing before the next ones of a direction: the message at hand is given up. */
export function lose<Unit>(stream: Carried<Unit>, direction: 0 | 1): Carried<Unit> {
  return withSide(stream, direction, quiet(stream.sides[direction].state, true));
}

/** The direction is closed: a message that lasts until then ends; null where there is none. */
export function closeCarried<Unit>(stream: Carried<Unit>, direction: 0 | 1): Fed<Unit> | null {
  const side = stream.sides[direction];
  if (!side.untilClose || side.pieces === null) return null;
  const { protocol, isInside } = stream;
  const messages = [{ protocol, isInside, earlier: side.pieces, from: 0, to: 0 }];
  return { after: withSide(stream, direction, quiet(side.state, false)), messages, rest: 0 };
}

const FRAMING: Framing = {
  bytes: new Uint8Array(0),
  at: 0,
  end: 0,
  direction: 0,
  state: 0,
  shared: 0,
  continues: false,
  above: 0,
  header: 0,
  becomes: 0,
  isInside: false,
  find: (table, key) => applications().lookUp(table, key),
  named: applicationNamed,
  lost: false,
  version: 0,
};

/** Takes the next bytes of a direction; `unit` stands for them where a message needs them again. `carrier`: its name. */
export function feed<Unit>(
  stream: Carried<Unit>,
  direction: 0 | 1,
  bytes: Uint8Array,
  unit: Unit,
  carrier: string,
): Fed<Unit> {
  const messages: CarriedMessage<Unit>[] = [];
  let now = stream;
  let side: Side<Unit> = stream.sides[direction];
  let becomes = 0;
  let at = 0;
  let start = 0;
  const complete = (to: number): void => {
    messages.push({ protocol: now.protocol, isInside: now.isInside, earlier: side.pieces, from: start, to });
    side = quiet(side.state, false);
    start = to;
    if (becomes !== 0) become(becomes);
  };
  const become = (next: number): void => {
    const other = now.sides[1 - direction];
    now = { ...now, protocol: next, isInside: FRAMING.isInside, shared: 0, version: 0 };
    now = withSide(now, direction === 0 ? 1 : 0, { ...other, state: 0 });
    side = { ...side, state: 0 };
    becomes = 0;
  };
  for (;;) {
    if (side.inMessage && !side.isWaiting) {
      if (side.untilClose) break;
      const taken = Math.min(side.missing, bytes.length - at);
      at += taken;
      side = { ...side, missing: side.missing - taken };
      if (side.missing > 0) break;
      if (side.continues) side = { ...side, isWaiting: true };
      else complete(at);
      continue;
    }
    if (at >= bytes.length) break;
    if (now.protocol === RECOGNISED)
      now = { ...now, protocol: recogniseApplication(bytes.subarray(at), carrier) || applicationNamed('data') };
    const have = side.headerBytes;
    const length = ask(now, side, direction, bytes, at);
    const f = FRAMING;
    if (length === 0 && f.becomes !== 0 && f.becomes !== now.protocol && have === 0) {
      become(f.becomes);
      continue;
    }
    if (length === MORE && f.end - f.at <= MAX_HEADER) {
      const header = { bytes: bytes.slice(at), before: side.header };
      side = { ...side, inMessage: true, isWaiting: true, header, headerBytes: have + bytes.length - at };
      break;
    }
    if (length !== MORE) {
      now = { ...now, shared: f.shared, version: f.version };
      side = { ...side, state: f.state };
    }
    side = { ...side, inMessage: true, isWaiting: false, header: null, headerBytes: 0, isLost: false };
    if (length === UNTIL_CLOSE) {
      side = { ...side, untilClose: true };
      break;
    }
    if (length > have) {
      becomes = f.becomes;
      side = { ...side, missing: length - have, continues: f.continues };
      continue;
    }
    // No message, or a header that never ends: the rest is shown as it is.
    at = bytes.length;
    complete(at);
    break;
  }
  if (start < bytes.length && side.inMessage) side = { ...side, pieces: piece(unit, start, bytes.length, side.pieces) };
  return { after: withSide(now, direction, side), messages, rest: start };
}

function piece<Unit>(unit: Unit, from: number, to: number, before: Piece<Unit> | null): Piece<Unit> {
  return { unit, from, to, before, length: (before?.length ?? 0) + to - from };
}

/** The framer's answer about the bytes at a boundary, with what came of their header before in front. */
function ask<Unit>(stream: Carried<Unit>, side: Side<Unit>, direction: 0 | 1, bytes: Uint8Array, at: number): number {
  const f = FRAMING;
  const hasKept = side.headerBytes > 0;
  f.bytes = hasKept ? joined(side, bytes.subarray(at)) : bytes;
  f.at = hasKept ? 0 : at;
  f.end = f.bytes.length;
  f.direction = direction;
  f.state = side.state;
  f.shared = stream.shared;
  f.version = stream.version;
  f.continues = false;
  f.above = 0;
  f.header = 0;
  f.becomes = 0;
  f.isInside = false;
  f.lost = side.isLost;
  return applications().all[stream.protocol]?.spec.frame?.(f) ?? NOT_MINE;
}

/** The bytes of a header that came so far, and these. */
function joined<Unit>(side: Side<Unit>, bytes: Uint8Array): Uint8Array {
  const all = new Uint8Array(side.headerBytes + bytes.length);
  all.set(bytes, side.headerBytes);
  let end = side.headerBytes;
  for (let part = side.header; part !== null; part = part.before) {
    end -= part.bytes.length;
    all.set(part.bytes, end);
  }
  return all;
}
