/**
 * QUIC versions 1 and 2 (RFC 9000, 9369) and late drafts: headers of all packets. Initial packets are opened, as their keys come
 * from the connection id; the others where a key log has their secrets. The TLS messages inside are dissected.
 */

import { u32 } from '../../../base/bytes.ts';
import { toHex } from '../../../base/hex.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { readHello, wholeMessages } from './crypto-stream.ts';
import { FIELDS } from './fields.ts';
import { addFrames, variable } from './frames.ts';
import { type Opened, openPacket, type PacketKeys } from './keys.ts';
import { LEVEL, type Level, Memory, type State, withDirection, withNumber, withStream } from './state.ts';

const V2 = 0x6b3343cf;
const TYPES: Readonly<Record<number, string>> = { 0: 'Initial', 1: '0-RTT', 2: 'Handshake', 3: 'Retry' };
const TYPE = { initial: 0, zero: 1, handshake: 2, retry: 3 } as const;
const MAX_CONNECTION_ID = 20;
const MAX_PACKETS = 64;
const RETRY_TAG = 16;
/** RFC 9000 14.1: datagrams with a client's Initial packet have at least this size. */
const MIN_INITIAL = 1200;
/** Versions of others, in ranges: Facebook's mvfst, Google's with QUIC's header, drafts of version 2. */
const OTHER_VERSIONS: readonly (readonly [number, number])[] = [
  [0xfaceb000, 0xfaceb0ff],
  [0x51303530, 0x51303539],
  [0x54303530, 0x54303539],
  [0x709a50c4, 0x709a50c4],
];
const NOTHING = new Uint8Array(0);
const APPLICATIONS: Readonly<Record<string, string>> = {
  h3: 'HTTP/3',
  doq: 'DNS over QUIC',
  smb: 'SMB over QUIC',
  'hq-interop': 'HTTP/0.9',
};

interface After {
  readonly state: State;
  /** One past the packet's last byte. */
  readonly end: number;
}

function isKnownVersion(version: number): boolean {
  if (version === 1 || version === V2 || (version >= 0xff000016 && version <= 0xff000022)) return true;
  return OTHER_VERSIONS.some(([low, high]) => version >= low && version <= high);
}

/** RFC 9000 15: versions that force a negotiation. */
function isReservedVersion(version: number): boolean {
  return (version & 0x0f0f0f0f) === 0x0a0a0a0a;
}

export const quic = defineProtocol({
  name: 'quic',
  title: 'QUIC IETF',
  remembers: true,
  opens: ['tls'],
  fields: FIELDS,
  recognise(bytes, at, end) {
    if (end - at < 7 || (bytes[at] & 0x80) === 0) return false;
    const version = u32(bytes, at + 1);
    const destination = bytes[at + 5];
    if (destination > MAX_CONNECTION_ID || at + 6 + destination >= end) return false;
    const source = bytes[at + 6 + destination];
    if (source > MAX_CONNECTION_ID || at + 7 + destination + source > end) return false;
    if ((bytes[at] & 0x40) === 0) return false;
    return isKnownVersion(version) || (isReservedVersion(version) && end - at >= MIN_INITIAL);
  },
  recogniseOn: ['udp'],
  tree(t) {
    const memory = t.conversation(() => new Memory());
    let isFirst = false;
    const { fact } = memory.visits.visit(t, () => {
      isFirst = true;
      return memory.now;
    });
    let state = fact;
    let at = t.at;
    for (let i = 0; i < MAX_PACKETS && at < t.end; i++) {
      if (i > 0 && isPadding(t, at)) {
        t.put('coalesced_padding_data', NOTHING, at, t.end - at);
        break;
      }
      const after = (t.u8(at) & 0x80) !== 0 ? long(t, at, state, memory) : short(t, at, state, memory);
      state = after.state;
      if (after.end <= at) break;
      at = after.end;
    }
    if (isFirst) memory.now = state;
    const name = applicationName(state.hello.alpn);
    if (name === '') return;
    t.addLabel(` (${name})`);
    t.generated('application', name);
  },
});

/** HTTP/3 for `h3` and its drafts; the ALPN name itself where nobody gave it another. */
function applicationName(alpn: string): string {
  return APPLICATIONS[alpn] ?? (/^h3-\d+$/.test(alpn) ? 'HTTP/3' : alpn);
}

function isPadding(t: TreeBuilder, at: number): boolean {
  for (let i = at; i < t.end; i++) if (t.bytes[i] !== 0) return false;
  return true;
}

function idInfo(destination: Uint8Array, source: Uint8Array): string {
  return `${destination.length > 0 ? `, DCID=${toHex(destination)}` : ''}${source.length > 0 ? `, SCID=${toHex(source)}` : ''}`;
}

function long(t: TreeBuilder, at: number, before: State, memory: Memory): After {
  const { bytes } = t;
  const { direction } = t.packet;
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
  t.add('header_form', at);
  if (version === 0) t.add('vn.unused', at);
  else {
    if (type !== TYPE.retry) t.add('fixed_bit', at);
    const key = version === V2 ? 'long.packet_type_v2' : 'long.packet_type';
    t.put(key, raw, at, 1, `Packet Type: ${TYPES[type]} (${raw})`);
  }
  t.add('version', at + 1);
  t.put('dcil', destinationLength, at + 5, 1);
  if (destinationLength > 0) t.put('dcid', destination, at + 6, destinationLength);
  t.put('scil', sourceLength, sourceAt, 1);
  if (sourceLength > 0) t.put('scid', source, sourceAt + 1, sourceLength);
  const state: State = {
    ...before,
    version: version || before.version,
    ownLength: withDirection(before.ownLength, direction, sourceLength),
  };
  if (version === 0) {
    t.info(`Version Negotiation${idInfo(destination, source)}`);
    t.generated('packet_length', t.end - at, at, t.end - at);
    for (; next + 4 <= t.end; next += 4) t.add('supported_version', next);
    return { state, end: t.end };
  }
  t.info(`${TYPES[type]}${idInfo(destination, source)}`);
  if (type === TYPE.retry) {
    t.generated('packet_length', t.end - at, at, t.end - at);
    const tagAt = t.end - RETRY_TAG;
    if (tagAt > next) t.add('retry_token', next, tagAt - next);
    if (tagAt >= next) t.add('retry_integrity_tag', tagAt, RETRY_TAG);
    // What the client has said already it says again, with new keys (RFC 9001 5.2).
    return { state: { ...state, keyId: null }, end: t.end };
  }
  if (type === TYPE.initial) {
    const token = variable(bytes, next, t.end);
    if (token === null || token.value > BigInt(t.end - token.next)) t.fail();
    t.put('token_length', token.value, next, token.next - next);
    const length = Number(token.value);
    if (length > 0) t.add('token', token.next, length);
    next = token.next + length;
  }
  const length = variable(bytes, next, t.end);
  if (length === null) t.fail();
  t.put('length', length.value, next, length.next - next);
  const isWhole = length.value <= BigInt(t.end - length.next);
  const end = isWhole ? length.next + Number(length.value) : t.end;
  t.generated('packet_length', end - at, at, end - at);
  const packet = { at, numberAt: length.next, end };
  const opened = !isWhole
    ? null
    : type === TYPE.initial
      ? openInitial(t, packet, state, destination, memory)
      : type === TYPE.handshake
        ? openHandshake(t, packet, state, memory)
        : null;
  if (opened !== null) {
    t.put('long.reserved', (opened.packet.first >>> 2) & 3, at, 1);
    const bodyAt = packetNumber(t, at, length.next, opened.packet);
    t.add('payload', bodyAt, end - bodyAt);
    return { state: contents(t, opened.packet, opened.state, opened.level), end };
  }
  if (end > length.next) t.add('remaining_payload', length.next, end - length.next);
  return { state, end };
}

interface Packet {
  readonly at: number;
  readonly numberAt: number;
  readonly end: number;
}

interface OpenedPacket {
  readonly packet: Opened;
  readonly state: State;
  readonly level: Level;
}

function openInitial(
  t: TreeBuilder,
  { at, numberAt, end }: Packet,
  state: State,
  destination: Uint8Array,
  memory: Memory,
): OpenedPacket | null {
  const { direction } = t.packet;
  const isClient = direction === 0;
  const candidates = [state.keyId, isClient ? destination : null];
  for (const keyId of candidates) {
    const keys = keyId === null ? null : memory.initial(state.version, keyId, isClient);
    if (keys === null) continue;
    const packet = openPacket(keys, t.bytes, at, numberAt, end, state.expected[LEVEL.initial][direction]);
    if (packet !== null) return { packet, state: { ...state, keyId }, level: LEVEL.initial };
  }
  return null;
}

function openHandshake(
  t: TreeBuilder,
  { at, numberAt, end }: Packet,
  state: State,
  memory: Memory,
): OpenedPacket | null {
  const { direction } = t.packet;
  const keys = memory.fromSecrets(state, LEVEL.handshake, direction, 0, t.packet.keyLog);
  if (keys === null) {
    t.expert('warning', 'There are no secrets for this packet', at, end - at, 'decryption_failed');
    return null;
  }
  const packet = openPacket(keys, t.bytes, at, numberAt, end, state.expected[LEVEL.handshake][direction]);
  if (packet === null) {
    t.expert('warning', 'The packet could not be opened', at, end - at, 'decryption_failed');
    return null;
  }
  return { packet, state, level: LEVEL.handshake };
}

/** Adds the number and its length; returns where the payload starts. */
function packetNumber(t: TreeBuilder, at: number, numberAt: number, opened: Opened): number {
  t.put('packet_number_length', opened.packetNumberLength - 1, at, 1);
  t.put('packet_number', BigInt(opened.packetNumber), numberAt, opened.packetNumberLength);
  t.addInfo(`, PKN: ${opened.packetNumber}`);
  return numberAt + opened.packetNumberLength;
}

function short(t: TreeBuilder, at: number, state: State, memory: Memory): After {
  const length = Math.max(0, state.ownLength[t.packet.direction === 0 ? 1 : 0]);
  t.generated('packet_length', t.end - at, at, t.end - at);
  t.need(at + 1, length);
  const destination = t.slice(at + 1, length);
  const opened = openShort(t, at, at + 1 + length, state, memory);
  const title = `QUIC Short Header${length > 0 ? ` DCID=${toHex(destination)}` : ''}`;
  t.nest(t.put('short', NOTHING, at, t.end - at, title));
  t.add('header_form', at);
  t.add('fixed_bit', at);
  t.add('spin_bit', at);
  if (opened !== null) {
    t.put('short.reserved', (opened.packet.first >>> 3) & 3, at, 1);
    t.put('key_phase', (opened.packet.first >>> 2) & 1, at, 1);
  }
  if (length > 0) t.put('dcid', destination, at + 1, length);
  const phase = opened === null ? 0 : (opened.packet.first >>> 2) & 1;
  t.info(`Protected Payload (KP${phase})${idInfo(destination, NOTHING)}`);
  if (opened === null) {
    if (t.end > at + 1 + length) t.add('remaining_payload', at + 1 + length, t.end - at - 1 - length);
    t.close();
    return { state, end: t.end };
  }
  const bodyAt = packetNumber(t, at, at + 1 + length, opened.packet);
  t.add('protected_payload', bodyAt, t.end - bodyAt);
  t.close();
  return { state: contents(t, opened.packet, opened.state, LEVEL.application), end: t.end };
}

/** A packet of the application level; its keys may be those of the next generation (RFC 9001 6.3). */
function openShort(t: TreeBuilder, at: number, numberAt: number, state: State, memory: Memory): OpenedPacket | null {
  const { direction, keyLog } = t.packet;
  const expected = state.expected[LEVEL.application][direction];
  const generation = state.generation[direction];
  let keys: PacketKeys | null = null;
  for (const candidate of [generation, generation + 1]) {
    keys = memory.fromSecrets(state, LEVEL.application, direction, candidate, keyLog);
    if (keys === null) return null;
    const packet = openPacket(keys, t.bytes, at, numberAt, t.end, expected);
    if (packet === null) continue;
    const now = { ...state, generation: withDirection(state.generation, direction, candidate) };
    return { packet, state: now, level: LEVEL.application };
  }
  t.expert('warning', 'The packet could not be opened', at, t.end - at, 'decryption_failed');
  return null;
}

/** The frames of an opened packet, and the TLS messages that its CRYPTO frames complete. */
function contents(t: TreeBuilder, opened: Opened, before: State, level: Level): State {
  const { direction } = t.packet;
  const numbered = withNumber(before, level, direction, opened.packetNumber);
  let stream = numbered.streams[level][direction];
  t.within('Decrypted QUIC', opened.payload, () => {
    stream = addFrames(t, stream);
  });
  const whole = wholeMessages(stream);
  if (whole === null) return withStream(numbered, level, direction, stream);
  const { bytes, parts } = whole;
  if (parts.length > 1) {
    const node = t.generated('crypto.fragments', NOTHING, t.at, 0);
    node.text = `${parts.length} Reassembled QUIC CRYPTO Data Fragments (${bytes.length} bytes)`;
    t.nest(node);
    for (const part of parts) t.generated('crypto.fragment', part.frame, t.at, 0);
    t.generated('crypto.fragment.count', parts.length, t.at, 0);
    t.close();
  }
  const info = t.infoSoFar;
  // TLS messages without records: they are handed on in the record that they would have over TCP.
  const record = new Uint8Array(5 + bytes.length);
  record.set([22, 3, 3, bytes.length >>> 8, bytes.length]);
  record.set(bytes, 5);
  t.within('Reassembled QUIC CRYPTO', record, () => {
    t.dissect('tls', 0);
  });
  t.info(info);
  t.column('QUIC');
  const hello = level === LEVEL.initial ? readHello(bytes, numbered.hello) : numbered.hello;
  return withStream({ ...numbered, hello }, level, direction, whole.after);
}
