/**
 * QUIC versions 1 and 2 (RFC 9000, 9369) and late drafts: headers of all packets; Initial packets are opened, as their keys come
 * from the connection id, and the TLS hello inside is dissected.
 */

import { u32 } from '../../../base/bytes.ts';
import { toHex } from '../../../base/hex.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { Visits } from '../../visits.ts';
import { initialKeys, openInitial } from './keys.ts';

const V2 = 0x6b3343cf;
const TYPES: Readonly<Record<number, string>> = { 0: 'Initial', 1: '0-RTT', 2: 'Handshake', 3: 'Retry' };
const TYPE = { initial: 0, zero: 1, handshake: 2, retry: 3 } as const;
const MAX_CONNECTION_ID = 20;
const MAX_PACKETS = 64;
const MAX_FRAMES = 2048;
/** Handshake bytes kept per direction; a hello is far shorter. */
const MAX_CRYPTO = 1 << 16;
/** Pieces that wait for their order; a hello comes in a few dozen at most. */
const MAX_PIECES = 256;
const FRAMES: Readonly<Record<number, string>> = {
  0: 'PADDING',
  1: 'PING',
  2: 'ACK',
  3: 'ACK_ECN',
  4: 'RS',
  5: 'SS',
  6: 'CRYPTO',
  7: 'NT',
  28: 'CC',
  29: 'CC_A',
  30: 'DONE',
};
const FRAME = { padding: 0, ping: 1, ack: 2, ackEcn: 3, crypto: 6, close: 28, closeApplication: 29 } as const;

/** Handshake bytes of one direction, put in order. */
interface Crypto {
  readonly pieces: readonly { readonly at: number; readonly bytes: Uint8Array }[];
  /** Bytes from the start that whole messages have already been shown of. */
  readonly shown: number;
}

interface State {
  /** The connection id that Initial keys are made from. */
  readonly keyId: Uint8Array | null;
  readonly version: number;
  /** Length of the connection ids that each side chose for itself; -1: not known. */
  readonly ownLength: readonly [number, number];
  readonly crypto: readonly [Crypto, Crypto];
}

interface Memory {
  readonly visits: Visits<State>;
  now: State;
}

const NOTHING: Crypto = { pieces: [], shown: 0 };
const START: State = { keyId: null, version: 0, ownLength: [-1, -1], crypto: [NOTHING, NOTHING] };

function isKnownVersion(version: number): boolean {
  return version === 1 || version === V2 || (version >= 0xff000016 && version <= 0xff000022);
}

export const quic = defineProtocol({
  name: 'quic',
  title: 'QUIC IETF',
  on: { 'udp.port': [443] },
  remembers: true,
  opens: ['tls'],
  fields: {
    packet_length: { type: 'u32', label: 'Packet Length', many: true },
    header_form: { type: 'u8', bits: [7, 7], label: 'Header Form', many: true },
    fixed_bit: { type: 'bool', of: 'u8', bits: [6, 6], label: 'Fixed Bit', many: true },
    'long.packet_type': { type: 'u8', bits: [5, 4], label: 'Packet Type', many: true },
    'long.packet_type_v2': { type: 'u8', bits: [5, 4], label: 'Packet Type', many: true },
    spin_bit: { type: 'bool', of: 'u8', bits: [5, 5], label: 'Spin Bit', many: true },
    version: { type: 'u32', show: 'hex', label: 'Version', many: true },
    supported_version: { type: 'u32', show: 'hex', label: 'Supported Version', many: true },
    dcil: { type: 'u8', label: 'Destination Connection ID Length', many: true },
    dcid: { type: 'bytes', label: 'Destination Connection ID', many: true },
    scil: { type: 'u8', label: 'Source Connection ID Length', many: true },
    scid: { type: 'bytes', label: 'Source Connection ID', many: true },
    token_length: { type: 'u64', label: 'Token Length', many: true },
    token: { type: 'bytes', label: 'Token', many: true },
    length: { type: 'u64', label: 'Length', many: true },
    packet_number_length: { type: 'u8', bits: [1, 0], label: 'Packet Number Length', many: true },
    packet_number: { type: 'u64', label: 'Packet Number', many: true },
    payload: { type: 'bytes', label: 'Payload', many: true },
    remaining_payload: { type: 'bytes', label: 'Remaining Payload', many: true },
    protected_payload: { type: 'bytes', label: 'Protected Payload', many: true },
    retry_token: { type: 'bytes', label: 'Retry Token' },
    retry_integrity_tag: { type: 'bytes', label: 'Retry Integrity Tag' },
    frame: { type: 'none', label: 'Frame', many: true },
    frame_type: { type: 'u64', show: 'hex', label: 'Frame Type', many: true },
    padding_length: { type: 'u32', label: 'Padding Length', many: true },
    'crypto.offset': { type: 'u64', label: 'Offset', many: true },
    'crypto.length': { type: 'u64', label: 'Length', many: true },
    'crypto.crypto_data': { type: 'none', label: 'Crypto Data', many: true },
    'ack.largest_acknowledged': { type: 'u64', label: 'Largest Acknowledged', many: true },
    'ack.ack_delay': { type: 'u64', label: 'ACK Delay', many: true },
    'ack.ack_range_count': { type: 'u64', label: 'ACK Range Count', many: true },
    'ack.first_ack_range': { type: 'u64', label: 'First ACK Range', many: true },
    'ack.gap': { type: 'u64', label: 'Gap', many: true },
    'ack.ack_range': { type: 'u64', label: 'ACK Range', many: true },
    'cc.error_code': { type: 'u64', label: 'Error code' },
    'cc.reason_phrase.length': { type: 'u64', label: 'Reason phrase Length' },
    'cc.reason_phrase': { type: 'string', label: 'Reason phrase' },
    'long.reserved': { type: 'u8', bits: [3, 2], label: 'Reserved', many: true },
  },
  recognise(bytes, at, end) {
    if (end - at < 7 || (bytes[at] & 0x80) === 0) return false;
    const version = u32(bytes, at + 1);
    const destination = bytes[at + 5];
    if (destination > MAX_CONNECTION_ID || at + 6 + destination >= end) return false;
    const source = bytes[at + 6 + destination];
    if (source > MAX_CONNECTION_ID || at + 7 + destination + source > end) return false;
    return isKnownVersion(version) && (bytes[at] & 0x40) !== 0;
  },
  recogniseOn: ['udp'],
  tree(t) {
    const memory = t.conversation((): Memory => ({ visits: new Visits(), now: START }));
    let isFirst = false;
    const { fact } = memory.visits.visit(t, () => {
      isFirst = true;
      return memory.now;
    });
    let state = fact;
    let at = t.at;
    for (let i = 0; i < MAX_PACKETS && at < t.end; i++) {
      const result: { readonly state: State; readonly end: number } =
        (t.u8(at) & 0x80) !== 0 ? long(t, at, state) : short(t, at, state);
      state = result.state;
      if (result.end <= at) break;
      at = result.end;
    }
    if (isFirst) memory.now = state;
  },
});

/** A variable-length integer (RFC 9000 16): its value and the offset behind it. */
function variable(
  bytes: Uint8Array,
  at: number,
  end: number,
): { readonly value: number; readonly next: number } | null {
  if (at >= end) return null;
  const length = 1 << (bytes[at] >>> 6);
  if (at + length > end) return null;
  let value = bytes[at] & 0x3f;
  for (let i = 1; i < length; i++) value = value * 256 + bytes[at + i];
  return { value, next: at + length };
}

function idInfo(destination: Uint8Array, source: Uint8Array): string {
  return `${destination.length > 0 ? `, DCID=${toHex(destination)}` : ''}${source.length > 0 ? `, SCID=${toHex(source)}` : ''}`;
}

function long(t: TreeBuilder, at: number, before: State): { readonly state: State; readonly end: number } {
  const { bytes } = t;
  const first = t.u8(at);
  const version = t.u32(at + 1);
  const raw = (first >>> 4) & 3;
  const type = version === V2 ? (raw + 3) & 3 : raw;
  const destinationLength = t.u8(at + 5);
  const destination = t.slice(at + 6, destinationLength);
  const sourceAt = at + 6 + destinationLength;
  const sourceLength = t.u8(sourceAt);
  const source = t.slice(sourceAt + 1, sourceLength);
  let next = sourceAt + 1 + sourceLength;
  t.add('header_form', at, 1);
  if (version !== 0) {
    t.add('fixed_bit', at, 1);
    t.put(
      version === V2 ? 'long.packet_type_v2' : 'long.packet_type',
      raw,
      at,
      1,
      `Packet Type: ${TYPES[type]} (${raw})`,
    );
  }
  t.add('version', at + 1);
  t.put('dcil', destinationLength, at + 5, 1);
  if (destinationLength > 0) t.put('dcid', destination, at + 6, destinationLength);
  t.put('scil', sourceLength, sourceAt, 1);
  if (sourceLength > 0) t.put('scid', source, sourceAt + 1, sourceLength);
  const { direction } = t.packet;
  const ownLength: readonly [number, number] =
    direction === 0 ? [sourceLength, before.ownLength[1]] : [before.ownLength[0], sourceLength];
  let state: State = { ...before, version: version || before.version, ownLength };
  if (version === 0) {
    t.info(`Version Negotiation${idInfo(destination, source)}`);
    for (; next + 4 <= t.end; next += 4) t.add('supported_version', next);
    return { state, end: t.end };
  }
  t.info(`${isKnownVersion(version) || version !== 0 ? TYPES[type] : 'Payload'}${idInfo(destination, source)}`);
  if (type === TYPE.retry) {
    const tagAt = t.end - 16;
    if (tagAt > next) t.add('retry_token', next, tagAt - next);
    if (tagAt >= next) t.add('retry_integrity_tag', tagAt, 16);
    return { state: { ...state, keyId: null, crypto: [NOTHING, NOTHING] }, end: t.end };
  }
  if (type === TYPE.initial) {
    const token = variable(bytes, next, t.end);
    if (token === null) t.fail();
    t.put('token_length', BigInt(token.value), next, token.next - next);
    t.need(token.next, token.value);
    if (token.value > 0) t.add('token', token.next, token.value);
    next = token.next + token.value;
  }
  const length = variable(bytes, next, t.end);
  if (length === null) t.fail();
  t.put('length', BigInt(length.value), next, length.next - next);
  const end = Math.min(t.end, length.next + length.value);
  t.generated('packet_length', end - at, at, end - at);
  if (type === TYPE.initial && end === length.next + length.value) {
    const isClient = direction === 0;
    const keyId = state.keyId ?? (isClient ? destination : null);
    const opened =
      open(bytes, at, length.next, end, version, keyId, isClient) ??
      (isClient ? open(bytes, at, length.next, end, version, destination, true) : null);
    if (opened !== null) {
      state = { ...state, keyId: opened.keyId };
      t.put('packet_number_length', opened.packet.packetNumberLength - 1, at, 1);
      t.put('packet_number', BigInt(opened.packet.packetNumber), length.next, opened.packet.packetNumberLength);
      t.addInfo(`, PKN: ${opened.packet.packetNumber}`);
      t.add(
        'payload',
        length.next + opened.packet.packetNumberLength,
        end - length.next - opened.packet.packetNumberLength,
      );
      return { state: frames(t, opened.packet.payload, state), end };
    }
  }
  if (end > length.next) t.add('remaining_payload', length.next, end - length.next);
  return { state, end };
}

function open(
  bytes: Uint8Array,
  at: number,
  numberAt: number,
  end: number,
  version: number,
  keyId: Uint8Array | null,
  isClient: boolean,
) {
  const keys = keyId === null ? null : initialKeys(version, keyId, isClient);
  const packet = keys === null ? null : openInitial(keys, bytes, at, numberAt, end);
  return packet === null || keyId === null ? null : { keyId, packet };
}

function short(t: TreeBuilder, at: number, state: State): { readonly state: State; readonly end: number } {
  const length = Math.max(0, state.ownLength[t.packet.direction === 0 ? 1 : 0]);
  t.generated('packet_length', t.end - at, at, t.end - at);
  t.add('header_form', at, 1);
  t.add('fixed_bit', at, 1);
  t.add('spin_bit', at, 1);
  t.need(at + 1, length);
  const destination = t.slice(at + 1, length);
  if (length > 0) t.put('dcid', destination, at + 1, length);
  t.info(`Protected Payload (KP0)${idInfo(destination, new Uint8Array(0))}`);
  if (t.end > at + 1 + length) t.add('remaining_payload', at + 1 + length, t.end - at - 1 - length);
  return { state, end: t.end };
}

/** The frames of an opened packet (RFC 9000 19), and the TLS messages that its CRYPTO frames complete. */
function frames(t: TreeBuilder, payload: Uint8Array, before: State): State {
  const { direction } = t.packet;
  let crypto = before.crypto[direction];
  t.within('Decrypted QUIC', payload, () => {
    crypto = frameList(t, payload, crypto);
  });
  const message = wholeMessages(crypto);
  if (message !== null) {
    const info = t.infoSoFar;
    // TLS messages without records: the hello is handed on in the record it would have over TCP.
    const record = new Uint8Array(5 + message.length);
    record.set([22, 3, 3, message.length >>> 8, message.length]);
    record.set(message, 5);
    t.within('Reassembled QUIC CRYPTO', record, () => {
      t.dissect('tls', 0);
    });
    t.info(info);
    t.column('QUIC');
    crypto = { ...crypto, shown: crypto.shown + message.length };
  }
  return { ...before, crypto: direction === 0 ? [crypto, before.crypto[1]] : [before.crypto[0], crypto] };
}

function frameList(t: TreeBuilder, b: Uint8Array, before: Crypto): Crypto {
  let crypto = before;
  const end = b.length;
  let at = 0;
  for (let i = 0; i < MAX_FRAMES && at < end; i++) {
    const type = variable(b, at, end);
    if (type === null) return crypto;
    const start = at;
    const name = FRAMES[type.value] ?? `Unknown (${type.value})`;
    t.addInfo(`, ${name}`);
    at = type.next;
    if (type.value === FRAME.padding) {
      while (at < end && b[at] === 0) at++;
      t.nest(t.put('frame', new Uint8Array(0), start, at - start, `PADDING Length: ${at - start}`));
      t.put('frame_type', 0n, start, 1);
      t.generated('padding_length', at - start, start, at - start);
      t.close();
      continue;
    }
    t.nest(t.put('frame', new Uint8Array(0), start, 0, name));
    t.put('frame_type', BigInt(type.value), start, type.next - start);
    const number = (key: string): number => {
      const read = variable(b, at, end);
      if (read === null) t.fail();
      t.put(key, BigInt(read.value), at, read.next - at);
      at = read.next;
      return read.value;
    };
    if (type.value === FRAME.ping) {
      t.close(at);
    } else if (type.value === FRAME.ack || type.value === FRAME.ackEcn) {
      number('ack.largest_acknowledged');
      number('ack.ack_delay');
      const ranges = number('ack.ack_range_count');
      number('ack.first_ack_range');
      for (let n = 0; n < ranges && at < end; n++) {
        number('ack.gap');
        number('ack.ack_range');
      }
      if (type.value === FRAME.ackEcn) for (let n = 0; n < 3; n++) at = variable(b, at, end)?.next ?? end;
      t.close(at);
    } else if (type.value === FRAME.crypto) {
      const offset = number('crypto.offset');
      const length = number('crypto.length');
      const taken = Math.min(length, end - at);
      t.put('crypto.crypto_data', new Uint8Array(0), at, taken);
      if (offset + taken <= MAX_CRYPTO && offset + taken > crypto.shown && crypto.pieces.length < MAX_PIECES)
        crypto = { ...crypto, pieces: [...crypto.pieces, { at: offset, bytes: b.slice(at, at + taken) }] };
      at += taken;
      t.close(at);
    } else if (type.value === FRAME.close || type.value === FRAME.closeApplication) {
      number('cc.error_code');
      if (type.value === FRAME.close) at = variable(b, at, end)?.next ?? end;
      const length = number('cc.reason_phrase.length');
      const taken = Math.min(length, end - at);
      if (taken > 0) t.put('cc.reason_phrase', t.string(at, taken), at, taken);
      at += taken;
      t.close(at);
    } else {
      t.close(at);
      return crypto;
    }
  }
  return crypto;
}

/** Whole handshake messages that follow what has been shown; null where there are none yet. */
function wholeMessages(crypto: Crypto): Uint8Array | null {
  let reach = crypto.shown;
  const sorted = [...crypto.pieces].sort((a, b) => a.at - b.at);
  for (const piece of sorted) if (piece.at <= reach) reach = Math.max(reach, piece.at + piece.bytes.length);
  if (reach - crypto.shown < 4) return null;
  const bytes = new Uint8Array(reach);
  for (const piece of sorted) if (piece.at < reach) bytes.set(piece.bytes.subarray(0, reach - piece.at), piece.at);
  let end = crypto.shown;
  while (end + 4 <= reach) {
    const length = 4 + (bytes[end + 1] << 16) + (bytes[end + 2] << 8) + bytes[end + 3];
    if (end + length > reach) break;
    end += length;
  }
  return end > crypto.shown && end - crypto.shown < 16384 ? bytes.slice(crypto.shown, end) : null;
}
