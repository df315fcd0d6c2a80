/** SSH (RFC 4251 to 4254, 4419, 5656; version 1 named): banners, key exchange, then packets whose insides are encrypted. */

import { u32 } from '../../base/bytes.ts';
import { toHex } from '../../base/hex.ts';
import { platform } from '../../base/platform.ts';
import { decodeLatin1 } from '../../base/text.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';
import { Visits } from '../visits.ts';

const MESSAGE = { disconnect: 1, ignore: 2, serviceRequest: 5, serviceAccept: 6, kexInit: 20, newKeys: 21 } as const;
const MESSAGES: Readonly<Record<number, string>> = {
  1: 'Disconnect',
  2: 'Ignore',
  3: 'Unimplemented',
  4: 'Debug',
  5: 'Service Request',
  6: 'Service Accept',
  7: 'Extension Information',
  20: 'Key Exchange Init',
  21: 'New Keys',
  50: 'User Authentication Request',
  51: 'User Authentication Failure',
  52: 'User Authentication Success',
  53: 'User Authentication Banner',
  80: 'Global Request',
  81: 'Request Success',
  82: 'Request Failure',
  90: 'Channel Open',
  91: 'Channel Open Confirmation',
  92: 'Channel Open Failure',
  93: 'Window Adjust',
  94: 'Channel Data',
  95: 'Channel Extended Data',
  96: 'Channel EOF',
  97: 'Channel Close',
  98: 'Channel Request',
  99: 'Channel Success',
  100: 'Channel Failure',
};
const ECDH_MESSAGES: Readonly<Record<number, string>> = {
  30: 'Elliptic Curve Diffie-Hellman Key Exchange Init',
  31: 'Elliptic Curve Diffie-Hellman Key Exchange Reply',
};
const DH_MESSAGES: Readonly<Record<number, string>> = {
  30: 'Diffie-Hellman Key Exchange Init',
  31: 'Diffie-Hellman Key Exchange Reply',
};
const GROUP_EXCHANGE_MESSAGES: Readonly<Record<number, string>> = {
  30: 'Diffie-Hellman Group Exchange Request (Old)',
  31: 'Diffie-Hellman Group Exchange Group',
  32: 'Diffie-Hellman Group Exchange Init',
  33: 'Diffie-Hellman Group Exchange Reply',
  34: 'Diffie-Hellman Group Exchange Request',
};
const VERSION1_MESSAGES: Readonly<Record<number, string>> = {
  1: 'Disconnect',
  2: 'Public Key',
  3: 'Session Key',
  4: 'User',
};
const REASONS: Readonly<Record<number, string>> = {
  1: 'Host not allowed to connect',
  2: 'Protocol error',
  3: 'Key exchange failed',
  4: 'Reserved',
  5: 'MAC error',
  6: 'Compression error',
  7: 'Service not available',
  8: 'Protocol version not supported',
  9: 'Host key not verifiable',
  10: 'Connection lost',
  11: 'By application',
  12: 'Too many connections',
  13: 'Authentication cancelled by user',
  14: 'No more authentication methods available',
  15: 'Illegal user name',
};

/** Phases of a direction. */
const PHASE = { banner: 0, open: 1, encrypted: 2 } as const;
/** RFC 4253 6.1: packets of this size must be understood; implementations go further. */
const MAX_PACKET = 262_144;
const MIN_PACKET = 5;
const MAX_BANNER = 8192;
const LF = 10;
const BANNER = [0x53, 0x53, 0x48, 0x2d]; // SSH-

/** What one direction has said so far. */
interface Side {
  readonly phase: number;
  readonly packets: number;
  /** Names of its Key Exchange Init, by field; null before it. */
  readonly offers: Readonly<Record<string, string>> | null;
}

interface State {
  /** 0: not known; 1 or 2. */
  readonly version: number;
  readonly banners: number;
  readonly sides: readonly [Side, Side];
}

interface Memory {
  readonly visits: Visits<State>;
  now: State;
}

const FRESH: Side = { phase: PHASE.banner, packets: 0, offers: null };

const LISTS = [
  'kex_algorithms',
  'server_host_key_algorithms',
  'encryption_algorithms_client_to_server',
  'encryption_algorithms_server_to_client',
  'mac_algorithms_client_to_server',
  'mac_algorithms_server_to_client',
  'compression_algorithms_client_to_server',
  'compression_algorithms_server_to_client',
  'languages_client_to_server',
  'languages_server_to_client',
] as const;

function startsWithBanner(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = 0; i < BANNER.length && at + i < end; i++) if (bytes[at + i] !== BANNER[i]) return false;
  return true;
}

/** A banner line, a packet with a readable length, or, once lengths are encrypted, the rest of the segment. */
function frame(f: Framing): number {
  if (f.lost) f.state = PHASE.encrypted;
  if (f.state === PHASE.encrypted && f.version !== 1) return f.end - f.at;
  if (f.state === PHASE.banner) return banner(f);
  if (f.end - f.at < 6) return MORE;
  const length = u32(f.bytes, f.at);
  if (f.version === 1) return length > MAX_PACKET ? NOT_MINE : 4 + 8 - (length % 8) + length;
  if (length < MIN_PACKET || length > MAX_PACKET) {
    f.state = PHASE.encrypted;
    return f.end - f.at;
  }
  if (f.bytes[f.at + 5] === MESSAGE.newKeys) f.state = PHASE.encrypted;
  return 4 + length;
}

function banner(f: Framing): number {
  const { bytes, at, end } = f;
  const isBanner = startsWithBanner(bytes, at, end);
  for (let i = at; i < end; i++) {
    if (bytes[i] === LF) {
      if (isBanner) {
        f.state = PHASE.open;
        if (bytes[at + 4] === 0x31 && bytes[at + 6] !== 0x39) f.version = 1; // SSH-1.5; SSH-1.99 speaks 2.0 too
      }
      return i + 1 - at;
    }
    // Servers may send other lines first (RFC 4253 4.2); anything else is a connection whose start was not captured.
    if (!isBanner && bytes[i] < 0x20 && bytes[i] !== 13 && bytes[i] !== 9) {
      f.state = PHASE.encrypted;
      return end - at;
    }
  }
  return end - at > MAX_BANNER ? NOT_MINE : MORE;
}

export const ssh = defineProtocol({
  name: 'ssh',
  title: 'SSH Protocol',
  on: { 'tcp.port': [22] },
  remembers: true,
  fields: {
    protocol: { type: 'string', label: 'Protocol' },
    packet_length: { type: 'u32', label: 'Packet Length', many: true },
    packet_length_encrypted: { type: 'bytes', label: 'Packet Length (encrypted)', many: true },
    padding_length: { type: 'u8', label: 'Padding Length', many: true },
    payload: { type: 'bytes', label: 'Payload', many: true },
    encrypted_packet: { type: 'bytes', label: 'Encrypted Packet', many: true },
    padding_string: { type: 'bytes', label: 'Padding String', many: true },
    seq_num: { type: 'u32', label: 'Sequence number', many: true },
    direction: { type: 'bool', label: 'Direction', flag: ['server-to-client', 'client-to-server'], many: true },
    message_code: { type: 'u8', label: 'Message Code', names: MESSAGES, many: true },
    cookie: { type: 'bytes', label: 'Cookie', many: true },
    kex_algorithms_length: { type: 'u32', label: 'kex_algorithms length', many: true },
    kex_algorithms: { type: 'string', label: 'kex_algorithms string', many: true },
    server_host_key_algorithms_length: { type: 'u32', label: 'server_host_key_algorithms length', many: true },
    server_host_key_algorithms: { type: 'string', label: 'server_host_key_algorithms string', many: true },
    encryption_algorithms_client_to_server_length: {
      type: 'u32',
      label: 'encryption_algorithms_client_to_server length',
      many: true,
    },
    encryption_algorithms_client_to_server: {
      type: 'string',
      label: 'encryption_algorithms_client_to_server string',
      many: true,
    },
    encryption_algorithms_server_to_client_length: {
      type: 'u32',
      label: 'encryption_algorithms_server_to_client length',
      many: true,
    },
    encryption_algorithms_server_to_client: {
      type: 'string',
      label: 'encryption_algorithms_server_to_client string',
      many: true,
    },
    mac_algorithms_client_to_server_length: {
      type: 'u32',
      label: 'mac_algorithms_client_to_server length',
      many: true,
    },
    mac_algorithms_client_to_server: { type: 'string', label: 'mac_algorithms_client_to_server string', many: true },
    mac_algorithms_server_to_client_length: {
      type: 'u32',
      label: 'mac_algorithms_server_to_client length',
      many: true,
    },
    mac_algorithms_server_to_client: { type: 'string', label: 'mac_algorithms_server_to_client string', many: true },
    compression_algorithms_client_to_server_length: {
      type: 'u32',
      label: 'compression_algorithms_client_to_server length',
      many: true,
    },
    compression_algorithms_client_to_server: {
      type: 'string',
      label: 'compression_algorithms_client_to_server string',
      many: true,
    },
    compression_algorithms_server_to_client_length: {
      type: 'u32',
      label: 'compression_algorithms_server_to_client length',
      many: true,
    },
    compression_algorithms_server_to_client: {
      type: 'string',
      label: 'compression_algorithms_server_to_client string',
      many: true,
    },
    languages_client_to_server_length: { type: 'u32', label: 'languages_client_to_server length', many: true },
    languages_client_to_server: { type: 'string', label: 'languages_client_to_server string', many: true },
    languages_server_to_client_length: { type: 'u32', label: 'languages_server_to_client length', many: true },
    languages_server_to_client: { type: 'string', label: 'languages_server_to_client string', many: true },
    first_kex_packet_follows: { type: 'u8', label: 'First KEX Packet Follows', many: true },
    'kex.reserved': { type: 'bytes', label: 'Reserved', many: true },
    'kex.hassh_algorithms': { type: 'string', label: 'hasshAlgorithms', many: true },
    'kex.hassh': { type: 'string', label: 'hassh', many: true },
    'kex.hasshserver_algorithms': { type: 'string', label: 'hasshServerAlgorithms', many: true },
    'kex.hasshserver': { type: 'string', label: 'hasshServer', many: true },
    'host_key.length': { type: 'u32', label: 'Host key length', many: true },
    'host_key.type_length': { type: 'u32', label: 'Host key type length', many: true },
    'host_key.type': { type: 'string', label: 'Host key type', many: true },
    'host_key.data': { type: 'bytes', label: 'Host key data', many: true },
    'host_key.rsa.n': { type: 'bytes', label: 'RSA modulus (N)', many: true },
    'host_key.rsa.e': { type: 'bytes', label: 'RSA public exponent (e)', many: true },
    'host_key.dsa.p': { type: 'bytes', label: 'DSA prime modulus (p)', many: true },
    'host_key.dsa.q': { type: 'bytes', label: 'DSA prime divisor (q)', many: true },
    'host_key.dsa.g': { type: 'bytes', label: 'DSA subgroup generator (g)', many: true },
    'host_key.dsa.y': { type: 'bytes', label: 'DSA public key (y)', many: true },
    'host_key.ecdsa.id': { type: 'string', label: 'ECDSA elliptic curve identifier', many: true },
    'host_key.ecdsa.id_length': { type: 'u32', label: 'ECDSA elliptic curve identifier length', many: true },
    'host_key.ecdsa.q': { type: 'bytes', label: 'ECDSA public key (Q)', many: true },
    'host_key.ecdsa.q_length': { type: 'u32', label: 'ECDSA public key length', many: true },
    'host_key.eddsa.key': { type: 'bytes', label: 'EdDSA public key', many: true },
    'host_key.eddsa.key_length': { type: 'u32', label: 'EdDSA public key length', many: true },
    'host_sig.length': { type: 'u32', label: 'Host signature length', many: true },
    'host_sig.type_length': { type: 'u32', label: 'Host signature type length', many: true },
    'host_sig.type': { type: 'string', label: 'Host signature type', many: true },
    'host_sig.rsa': { type: 'bytes', label: 'RSA signature', many: true },
    'host_sig.dsa': { type: 'bytes', label: 'DSA signature', many: true },
    'host_sig.data': { type: 'bytes', label: 'Host signature data', many: true },
    'dh.e': { type: 'bytes', label: 'DH client e', many: true },
    'dh.f': { type: 'bytes', label: 'DH server f', many: true },
    'dh_gex.min': { type: 'u32', label: 'DH GEX Min', many: true },
    'dh_gex.nbits': { type: 'u32', label: 'DH GEX Number of Bits', many: true },
    'dh_gex.max': { type: 'u32', label: 'DH GEX Max', many: true },
    'dh_gex.p': { type: 'bytes', label: 'DH GEX modulus (P)', many: true },
    'dh_gex.g': { type: 'bytes', label: 'DH GEX base (G)', many: true },
    'ecdh.q_c': { type: 'bytes', label: "ECDH client's ephemeral public key (Q_C)", many: true },
    'ecdh.q_c_length': { type: 'u32', label: "ECDH client's ephemeral public key length", many: true },
    'ecdh.q_s': { type: 'bytes', label: "ECDH server's ephemeral public key (Q_S)", many: true },
    'ecdh.q_s_length': { type: 'u32', label: "ECDH server's ephemeral public key length", many: true },
    mpint_length: { type: 'u32', label: 'Multi Precision Integer Length', many: true },
    disconnect_reason: { type: 'u32', label: 'Disconnect reason', show: 'hex', names: REASONS, many: true },
    disconnect_description_length: { type: 'u32', label: 'Disconnect description length', many: true },
    disconnect_description: { type: 'string', label: 'Disconnect description', many: true },
    lang_tag_length: { type: 'u32', label: 'Language tag length', many: true },
    lang_tag: { type: 'string', label: 'Language tag', many: true },
    ignore_data_length: { type: 'u32', label: 'Ignore data length', many: true },
    ignore_data: { type: 'bytes', label: 'Ignore data', many: true },
    service_name_length: { type: 'u32', label: 'Service Name length', many: true },
    service_name: { type: 'string', label: 'Service Name', many: true },
  },
  recognise: (bytes, at, end) => end - at > 4 && startsWithBanner(bytes, at, end),
  recogniseOn: ['tcp'],
  frame,
  tree(t) {
    const memory = t.conversation(
      (): Memory => ({ visits: new Visits(), now: { version: 0, banners: 0, sides: [FRESH, FRESH] } }),
    );
    let isFirstVisit = false;
    const { index, fact } = memory.visits.visit(t, () => {
      isFirstVisit = true;
      return memory.now;
    });
    const after = message(t, fact, index);
    if (isFirstVisit) memory.now = after;
  },
});

function say(t: TreeBuilder, index: number, text: string): void {
  if (index === 0) t.info(`${t.packet.direction === 0 ? 'Client' : 'Server'}: ${text}`);
  else t.addInfo(`, ${text}`);
}

function column(t: TreeBuilder, version: number): void {
  t.column(version === 0 ? 'SSH' : `SSHv${version}`);
}

function message(t: TreeBuilder, state: State, index: number): State {
  const { direction } = t.packet;
  const side = state.sides[direction];
  if (side.phase === PHASE.banner && startsWithBanner(t.bytes, t.at, t.end)) return bannerLine(t, state, side, index);
  column(t, state.version);
  if (side.phase === PHASE.banner && isText(t)) {
    const text = decodeLatin1(t.bytes, t.at, t.end).trimEnd();
    t.text(text, t.at, t.end - t.at);
    say(t, index, text);
    return state;
  }
  const before = side.phase === PHASE.banner ? { ...side, phase: PHASE.encrypted } : side;
  const next = state.version === 1 ? version1Packet(t, before, index) : packet(t, before, state, index);
  if (index === 0) t.generated('direction', direction);
  return withSide(state, direction, next);
}

function withSide(state: State, direction: 0 | 1, side: Side): State {
  return { ...state, sides: direction === 0 ? [side, state.sides[1]] : [state.sides[0], side] };
}

function isText(t: TreeBuilder): boolean {
  for (let at = t.at; at < t.end; at++) {
    const byte = t.u8(at);
    if (byte < 0x20 && byte !== LF && byte !== 13 && byte !== 9) return false;
  }
  return true;
}

function bannerLine(t: TreeBuilder, state: State, side: Side, index: number): State {
  const text = decodeLatin1(t.bytes, t.at, t.end).replace(/[\r\n]+$/, '');
  column(t, state.version);
  t.put('protocol', text, t.at, t.end - t.at);
  if (index === 0) t.generated('direction', t.packet.direction);
  say(t, index, `Protocol (${text})`);
  const banners = state.banners + 1;
  const isOld = /^SSH-1\.(?!99)/.test(text);
  const version = isOld ? 1 : banners > 1 && state.version !== 1 ? 2 : state.version;
  return withSide({ ...state, version, banners }, t.packet.direction, { ...side, phase: PHASE.open });
}

function encrypted(t: TreeBuilder, index: number): void {
  const length = t.wireEnd - t.at;
  say(t, index, `Encrypted packet (len=${length})`);
  // What the first four bytes say depends on the cipher: the length itself with OpenSSH's "etm" MACs, else sealed too.
  if (t.has(t.at, 5)) {
    t.add('packet_length_encrypted', t.at, 4);
    t.add('encrypted_packet', t.at + 4, t.end - t.at - 4);
  } else if (t.end > t.at) {
    t.add('encrypted_packet', t.at, t.end - t.at);
  }
}

/** RFC 4253 6: length, padding length, payload, padding; after New Keys nothing of it can be read. */
function packet(t: TreeBuilder, side: Side, state: State, index: number): Side {
  const { at } = t;
  const next = { ...side, packets: side.packets + 1 };
  const length = t.has(at, 6) ? t.u32(at) : 0;
  if (side.phase === PHASE.encrypted || length < MIN_PACKET || length > MAX_PACKET) {
    encrypted(t, index);
    return { ...next, phase: PHASE.encrypted };
  }
  const kex = agreedExchange(state);
  const padding = t.u8(at + 4);
  const code = t.u8(at + 5);
  const name = messageName(code, kex);
  const row = t.nest(t.text(`SSH Version 2${kex === '' ? '' : ` (${kex})`}`, at, 4 + length));
  say(t, index, name);
  t.add('packet_length', at);
  t.add('padding_length', at + 4);
  t.add('message_code', at + 5);
  t.last().text = `Message Code: ${name} (${code})`;
  const end = at + 4 + length - padding;
  let { offers } = side;
  if (code === MESSAGE.kexInit) offers = keyExchangeInit(t, at + 6);
  else if (code >= 30 && code <= 49) keyExchange(t, code, kex, at + 6, end);
  else if (code === MESSAGE.disconnect) disconnect(t, at + 6);
  else if (code === MESSAGE.ignore) field(t, at + 6, 'ignore_data_length', 'ignore_data');
  else if (code === MESSAGE.serviceRequest || code === MESSAGE.serviceAccept)
    field(t, at + 6, 'service_name_length', 'service_name');
  if (padding > 0 && t.has(end, padding)) t.add('padding_string', end, padding);
  row.length = 4 + length;
  t.generated('seq_num', side.packets);
  t.close();
  return { ...next, offers, phase: code === MESSAGE.newKeys ? PHASE.encrypted : PHASE.open };
}

/** SSH-1.5: length, padding to a multiple of eight, type; encrypted from the Session Key on. */
function version1Packet(t: TreeBuilder, side: Side, index: number): Side {
  const { at } = t;
  const length = t.u32(at);
  const padding = 8 - (length % 8);
  t.nest(t.text('SSH Version 1', at, t.end - at));
  t.add('packet_length', at);
  t.generated('padding_length', padding, at + 4, padding);
  t.add('padding_string', at + 4, padding);
  const isSessionKey = side.packets === 0;
  if (isSessionKey) {
    const code = t.u8(at + 4 + padding);
    t.put('message_code', code, at + 4 + padding, 1, `Message Code: ${VERSION1_MESSAGES[code] ?? 'Unknown'} (${code})`);
    say(t, index, VERSION1_MESSAGES[code] ?? `Unknown (${code})`);
  } else {
    say(t, index, `Encrypted packet (len=${length})`);
    if (t.end > at + 4 + padding) t.add('payload', at + 4 + padding, t.end - at - 4 - padding);
  }
  t.close();
  return { ...side, packets: side.packets + 1 };
}

/** The first of the client's key exchange methods that the server has too (RFC 4253 7.1); empty where not both are known. */
function agreedExchange(state: State): string {
  const mine = state.sides[0].offers?.kex_algorithms;
  const theirs = state.sides[1].offers?.kex_algorithms;
  if (mine === undefined || theirs === undefined) return '';
  const known = new Set(theirs.split(','));
  return mine.split(',').find((method) => known.has(method)) ?? '';
}

function isGroupExchange(kex: string): boolean {
  return kex.startsWith('diffie-hellman-group-exchange');
}

function messageName(code: number, kex: string): string {
  const own = isGroupExchange(kex)
    ? GROUP_EXCHANGE_MESSAGES
    : kex.startsWith('diffie-hellman')
      ? DH_MESSAGES
      : ECDH_MESSAGES;
  return own[code] ?? MESSAGES[code] ?? `Unknown (${code})`;
}

/** A value behind its length in four bytes; returns one past it. */
function field(t: TreeBuilder, at: number, lengthKey: string, key: string): number {
  const length = t.u32(at);
  t.add(lengthKey, at);
  t.need(at + 4, length);
  t.add(key, at + 4, length);
  return at + 4 + length;
}

function keyExchangeInit(t: TreeBuilder, from: number): Readonly<Record<string, string>> {
  t.nest(t.text('Algorithms', from, t.end - from));
  t.add('cookie', from, 16);
  const offers: Record<string, string> = {};
  let at = from + 16;
  for (const key of LISTS) {
    const length = t.u32(at);
    const next = field(t, at, `${key}_length`, key);
    offers[key] = t.string(at + 4, length, 'ascii');
    at = next;
  }
  t.add('first_kex_packet_follows', at);
  t.add('kex.reserved', at + 1, 4);
  fingerprint(t, offers, from);
  t.close();
  return offers;
}

/** HASSH (Salesforce, "HASSH"): the methods of one side in their order name its software. */
function fingerprint(t: TreeBuilder, offers: Readonly<Record<string, string>>, at: number): void {
  const isClient = t.packet.direction === 0;
  const way = isClient ? 'client_to_server' : 'server_to_client';
  const text = [
    'kex_algorithms',
    `encryption_algorithms_${way}`,
    `mac_algorithms_${way}`,
    `compression_algorithms_${way}`,
  ]
    .map((key) => offers[key])
    .join(';');
  const hash = toHex(
    platform().hash(
      'md5',
      Uint8Array.from(text, (c) => c.charCodeAt(0)),
    ),
  );
  t.generated(isClient ? 'kex.hassh_algorithms' : 'kex.hasshserver_algorithms', text, at);
  t.generated(isClient ? 'kex.hassh' : 'kex.hasshserver', hash, at);
}

function keyExchange(t: TreeBuilder, code: number, kex: string, at: number, end: number): void {
  if (isGroupExchange(kex)) groupExchange(t, code, at);
  else if (kex.startsWith('diffie-hellman')) {
    if (code === 30) field(t, at, 'mpint_length', 'dh.e');
    else if (code === 31) signature(t, field(t, hostKey(t, at), 'mpint_length', 'dh.f'));
  } else if (code === 30 && end > at) {
    field(t, at, 'ecdh.q_c_length', 'ecdh.q_c');
  } else if (code === 31) {
    signature(t, field(t, hostKey(t, at), 'ecdh.q_s_length', 'ecdh.q_s'));
  }
}

/** RFC 4419 3. */
function groupExchange(t: TreeBuilder, code: number, at: number): void {
  switch (code) {
    case 30:
      t.add('dh_gex.nbits', at);
      break;
    case 34:
      t.add('dh_gex.min', at);
      t.add('dh_gex.nbits', at + 4);
      t.add('dh_gex.max', at + 8);
      break;
    case 31:
      field(t, field(t, at, 'mpint_length', 'dh_gex.p'), 'mpint_length', 'dh_gex.g');
      break;
    case 32:
      field(t, at, 'mpint_length', 'dh.e');
      break;
    case 33:
      signature(t, field(t, hostKey(t, at), 'mpint_length', 'dh.f'));
      break;
    default:
      break;
  }
}

/** RFC 4253 6.6, RFC 5656 3.1, RFC 8709 4. Returns one past it. */
function hostKey(t: TreeBuilder, from: number): number {
  const end = from + 4 + t.u32(from);
  t.need(from, end - from);
  const typeLength = t.u32(from + 4);
  const type = t.string(from + 8, typeLength, 'ascii');
  t.nest(t.text(`KEX host key (type: ${type})`, from, end - from));
  t.add('host_key.length', from);
  const at = field(t, from + 4, 'host_key.type_length', 'host_key.type');
  if (type === 'ssh-rsa') {
    field(t, field(t, at, 'mpint_length', 'host_key.rsa.e'), 'mpint_length', 'host_key.rsa.n');
  } else if (type === 'ssh-dss') {
    let next = at;
    for (const key of ['p', 'q', 'g', 'y']) next = field(t, next, 'mpint_length', `host_key.dsa.${key}`);
  } else if (type.startsWith('ecdsa-sha2-') && !type.includes('-cert-')) {
    field(
      t,
      field(t, at, 'host_key.ecdsa.id_length', 'host_key.ecdsa.id'),
      'host_key.ecdsa.q_length',
      'host_key.ecdsa.q',
    );
  } else if (type === 'ssh-ed25519' || type === 'ssh-ed448') {
    field(t, at, 'host_key.eddsa.key_length', 'host_key.eddsa.key');
  } else if (end > at) {
    t.add('host_key.data', at, end - at);
  }
  t.close();
  return end;
}

/** Signatures that are shown as a number of their own (RFC 4253 6.6). */
const SIGNATURES: Readonly<Record<string, string>> = { 'ssh-rsa': 'host_sig.rsa', 'ssh-dss': 'host_sig.dsa' };

function signature(t: TreeBuilder, from: number): void {
  const end = from + 4 + t.u32(from);
  t.need(from, end - from);
  const type = t.string(from + 8, t.u32(from + 4), 'ascii');
  t.nest(t.text(`KEX host signature (type: ${type})`, from, end - from));
  t.add('host_sig.length', from);
  const at = field(t, from + 4, 'host_sig.type_length', 'host_sig.type');
  const key = SIGNATURES[type];
  if (key !== undefined && t.has(at, 4) && at + 4 + t.u32(at) === end) field(t, at, 'mpint_length', key);
  else if (end > at) t.add('host_sig.data', at, end - at);
  t.close();
}

function disconnect(t: TreeBuilder, at: number): void {
  t.add('disconnect_reason', at);
  const next = field(t, at + 4, 'disconnect_description_length', 'disconnect_description');
  field(t, next, 'lang_tag_length', 'lang_tag');
}
