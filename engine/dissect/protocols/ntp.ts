/** NTP versions 1 to 4 (RFC 5905), its control messages (RFC 9327) and private messages of ntpd (mode 7). */

import { formatIpv4 } from '../../base/address.ts';
import { toHex } from '../../base/hex.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';
import { Visits } from '../visits.ts';

const AT = {
  flags: 0,
  stratum: 1,
  poll: 2,
  precision: 3,
  rootDelay: 4,
  rootDispersion: 8,
  reference: 12,
  referenceTime: 16,
  origin: 24,
  receive: 32,
  transmit: 40,
  extensions: 48,
} as const;
const MODE = { client: 3, server: 4, control: 6, private: 7 } as const;
/** Seconds from 1900, where NTP begins, to 1970. */
const ERA = 2_208_988_800n;
const NS = 1_000_000_000n;
/** A key id and a digest: crypto-NAK, MD5, SHA-1 and longer ones (RFC 7822 3). */
const MAC_LENGTHS: readonly number[] = [4, 20, 24, 36, 68];

const LEAPS: Readonly<Record<number, string>> = {
  0: 'no warning',
  1: 'last minute of the day has 61 seconds',
  2: 'last minute of the day has 59 seconds',
  3: 'unknown (clock unsynchronized)',
};
const MODES: Readonly<Record<number, string>> = {
  0: 'reserved',
  1: 'symmetric active',
  2: 'symmetric passive',
  3: 'client',
  4: 'server',
  5: 'broadcast',
  6: 'control',
  7: 'private',
};
const OPCODES: Readonly<Record<number, string>> = {
  0: 'reserved',
  1: 'read status',
  2: 'read variables',
  3: 'write variables',
  4: 'read clock variables',
  5: 'write clock variables',
  6: 'set trap address/port',
  7: 'asynchronous message',
  8: 'runtime configuration',
  9: 'save config to file',
  10: 'retrieve MRU (mrulist)',
  11: 'retrieve ordered list',
  12: 'request a client nonce',
  31: 'unset trap address/port',
};
const REQUESTS: Readonly<Record<number, string>> = {
  0: 'PEER_LIST',
  1: 'PEER_LIST_SUM',
  2: 'PEER_INFO',
  3: 'PEER_STATS',
  4: 'SYS_INFO',
  5: 'SYS_STATS',
  6: 'IO_STATS',
  7: 'MEM_STATS',
  8: 'LOOP_INFO',
  9: 'TIMER_STATS',
  10: 'CONFIG',
  11: 'UNCONFIG',
  12: 'SET_SYS_FLAG',
  13: 'CLR_SYS_FLAG',
  16: 'GET_RESTRICT',
  17: 'RESADDFLAGS',
  18: 'RESSUBFLAGS',
  19: 'UNRESTRICT',
  20: 'MON_GETLIST',
  21: 'RESET_STATS',
  22: 'RESET_PEER',
  23: 'REREAD_KEYS',
  26: 'TRUSTKEY',
  27: 'UNTRUSTKEY',
  28: 'AUTHINFO',
  29: 'TRAPS',
  30: 'ADD_TRAP',
  31: 'CLR_TRAP',
  32: 'REQUEST_KEY',
  33: 'CONTROL_KEY',
  34: 'GET_CTLSTATS',
  36: 'GET_CLOCKINFO',
  37: 'SET_CLKFUDGE',
  38: 'GET_KERNEL',
  39: 'GET_CLKBUGINFO',
  42: 'MON_GETLIST_1',
  44: 'IF_STATS',
  45: 'IF_RELOAD',
};
const IMPLEMENTATIONS: Readonly<Record<number, string>> = { 0: 'UNIV', 2: 'XNTPD_OLD (pre-IPv6)', 3: 'XNTPD' };

function stratumName(value: number): string | undefined {
  if (value === 0) return 'unspecified or invalid';
  if (value === 1) return 'primary reference';
  if (value < 16) return 'secondary reference';
  return value === 16 ? 'unsynchronized' : 'reserved';
}

interface Memory {
  readonly visits: Visits<{ readonly frame: number; readonly time: bigint | null } | null>;
  /** The latest request: what answers it names its transmit time. */
  request: { readonly stamp: bigint; readonly frame: number; readonly time: bigint | null } | null;
}

export const ntp = defineProtocol({
  name: 'ntp',
  title: 'Network Time Protocol',
  on: { 'udp.port': [123] },
  header: 4,
  remembers: true,
  fields: {
    flags: { type: 'u8', label: 'Flags', show: 'hex' },
    'flags.li': { type: 'u8', bits: [7, 6], label: 'Leap Indicator', names: LEAPS },
    'flags.vn': { type: 'u8', bits: [5, 3], label: 'Version number' },
    'flags.mode': { type: 'u8', bits: [2, 0], label: 'Mode', names: MODES },
    stratum: { type: 'u8', label: 'Peer Clock Stratum', names: stratumName },
    ppoll: { type: 'u8', label: 'Peer Polling Interval' },
    precision: { type: 'u8', label: 'Peer Clock Precision' },
    rootdelay: { type: 'u32', label: 'Root Delay' },
    rootdispersion: { type: 'u32', label: 'Root Dispersion' },
    refid: { type: 'bytes', label: 'Reference ID' },
    reftime: { type: 'time', label: 'Reference Timestamp', show: 'ntp' },
    org: { type: 'time', label: 'Origin Timestamp', show: 'ntp' },
    rec: { type: 'time', label: 'Receive Timestamp', show: 'ntp' },
    xmt: { type: 'time', label: 'Transmit Timestamp', show: 'ntp' },
    keyid: { type: 'bytes', label: 'Key ID' },
    mac: { type: 'bytes', label: 'Message Authentication Code' },
    padding: { type: 'bytes', label: 'Padding' },
    request_in: { type: 'frame', label: 'Request In' },
    delta_time: { type: 'duration', label: 'Delta Time' },
    ext: { type: 'none', label: 'Extension', many: true },
    'ext.type': { type: 'u16', label: 'Field Type', show: 'hex', many: true },
    'ext.length': { type: 'u16', label: 'Length', many: true },
    'ext.value': { type: 'bytes', label: 'Value', many: true },
    'ext.invalid_length': { type: 'none', label: 'Extension invalid length' },
    'ctrl.flags2': { type: 'u8', label: 'Flags 2', show: 'hex' },
    'ctrl.flags2.r': { type: 'u8', bits: [7, 7], label: 'Response bit', names: { 0: 'Request', 1: 'Response' } },
    'ctrl.flags2.error': { type: 'u8', bits: [6, 6], label: 'Error bit' },
    'ctrl.flags2.more': { type: 'u8', bits: [5, 5], label: 'More bit' },
    'ctrl.flags2.opcode': { type: 'u8', bits: [4, 0], label: 'Opcode', names: OPCODES },
    'ctrl.sequence': { type: 'u16', label: 'Sequence' },
    'ctrl.status': { type: 'u16', label: 'Status', show: 'hex' },
    'ctrl.associd': { type: 'u16', label: 'AssociationID' },
    'ctrl.offset': { type: 'u16', label: 'Offset' },
    'ctrl.count': { type: 'u16', label: 'Count' },
    'ctrl.data': { type: 'none', label: 'Data' },
    'ctrl.item': { type: 'none', label: 'Item', many: true },
    'priv.flags.r': { type: 'u8', bits: [7, 7], label: 'Response bit', names: { 0: 'Request', 1: 'Response' } },
    'priv.flags.more': { type: 'u8', bits: [6, 6], label: 'More bit' },
    'priv.auth_seq': { type: 'u8', label: 'Auth, sequence' },
    'priv.auth': { type: 'u8', bits: [7, 7], label: 'Auth bit' },
    'priv.seq': { type: 'u8', bits: [6, 0], label: 'Sequence number' },
    'priv.impl': { type: 'u8', label: 'Implementation', names: IMPLEMENTATIONS },
    'priv.reqcode': { type: 'u8', label: 'Request code', names: REQUESTS },
    'priv.err': { type: 'u8', bits: [7, 4], label: 'Err', show: 'hex' },
    'priv.numitems': { type: 'u16', bits: [11, 0], label: 'Number of data items' },
    'priv.reserved': { type: 'u8', bits: [7, 4], label: 'Reserved', show: 'hex' },
    'priv.itemsize': { type: 'u16', bits: [11, 0], label: 'Size of data item' },
  },
  tree(t) {
    const flags = t.u8(t.at);
    const mode = flags & 7;
    const version = (flags >>> 3) & 7;
    const what = `NTP Version ${version}, ${MODES[mode]}`;
    t.info(what);
    t.addLabel(` (${what})`);
    t.add('flags', t.at);
    if (mode === MODE.private) {
      privateMessage(t);
      return;
    }
    t.nest(t.last());
    for (const key of ['flags.li', 'flags.vn', 'flags.mode']) t.add(key, t.at);
    t.close();
    if (mode === MODE.control) controlMessage(t);
    else time(t, mode);
  },
});

function time(t: TreeBuilder, mode: number): void {
  const { at } = t;
  t.add('stratum', at + AT.stratum);
  const poll = t.u8(at + AT.poll);
  t.put(
    'ppoll',
    poll,
    at + AT.poll,
    1,
    poll < 32 ? `Peer Polling Interval: ${poll} (${2 ** poll} seconds)` : undefined,
  );
  const precision = (t.u8(at + AT.precision) << 24) >> 24;
  t.put(
    'precision',
    precision & 0xff,
    at + AT.precision,
    1,
    `Peer Clock Precision: ${(2 ** precision).toFixed(9)} seconds`,
  );
  for (const [key, offset, label] of [
    ['rootdelay', AT.rootDelay, 'Root Delay'],
    ['rootdispersion', AT.rootDispersion, 'Root Dispersion'],
  ] as const) {
    const value = t.u32(at + offset);
    t.put(key, value, at + offset, 4, `${label}: ${(value / 65536).toFixed(6)} seconds`);
  }
  reference(t, at + AT.reference);
  stamp(t, 'reftime', at + AT.referenceTime);
  stamp(t, 'org', at + AT.origin);
  stamp(t, 'rec', at + AT.receive);
  stamp(t, 'xmt', at + AT.transmit);
  extensions(t, at + AT.extensions);
  match(t, mode);
}

/** Above stratum 1 the address of the server's own server; else four letters. */
function reference(t: TreeBuilder, at: number): void {
  const id = t.slice(at, 4);
  const stratum = t.u8(t.at + AT.stratum);
  const text = t.u32(at) === 0 ? 'NULL' : stratum <= 1 ? t.string(at, 4, 'ascii', true) : formatIpv4(t.u32(at));
  t.put('refid', id, at, 4, `Reference ID: ${text}`);
}

/** 32 bits of seconds since 1900 (or, once they start anew, since 2036), 32 bits of fraction. */
function stamp(t: TreeBuilder, key: string, at: number): void {
  const seconds = BigInt(t.u32(at));
  const fraction = BigInt(t.u32(at + 4));
  const era = seconds !== 0n && seconds < 1n << 31n ? 1n << 32n : 0n;
  // Cut, not rounded, as other tools show it.
  t.put(
    key,
    seconds === 0n && fraction === 0n ? NTP_NULL : (seconds + era - ERA) * NS + ((fraction * NS) >> 32n),
    at,
    8,
  );
}

/** A stamp of all zeros: the time is not known. */
const NTP_NULL = -ERA * NS;

function extensions(t: TreeBuilder, from: number): void {
  let at = from;
  while (t.end - at > 24 || (t.end - at > 0 && !MAC_LENGTHS.includes(t.end - at))) {
    if (!t.has(at, 4)) {
      t.add('padding', at, t.end - at);
      return;
    }
    const length = t.u16(at + 2);
    if (length < 16 || length % 4 !== 0 || at + length > t.end) {
      if (MAC_LENGTHS.includes(t.end - at)) break;
      t.expert('warning', 'Extension field with a wrong length', at, t.end - at, 'ext.invalid_length');
      return;
    }
    t.nest(t.put('ext', new Uint8Array(0), at, length));
    t.add('ext.type', at);
    t.add('ext.length', at + 2);
    t.add('ext.value', at + 4, length - 4);
    t.close();
    at += length;
  }
  if (t.end - at >= 4) {
    t.add('keyid', at, 4);
    if (t.end - at > 4) t.add('mac', at + 4, t.end - at - 4);
  }
}

/** A server's answer repeats the transmit time of the client's request (RFC 5905 8). */
function match(t: TreeBuilder, mode: number): void {
  if (mode !== MODE.client && mode !== MODE.server) return;
  const memory = t.conversation((): Memory => ({ visits: new Visits(), request: null }));
  const { fact } = memory.visits.visit(t, () => {
    if (mode === MODE.client) {
      memory.request = { stamp: t.u64(t.at + AT.transmit), frame: t.packet.number, time: t.packet.time };
      return null;
    }
    const { request } = memory;
    return request !== null && request.stamp === t.u64(t.at + AT.origin) ? request : null;
  });
  if (fact === null) return;
  t.generated('request_in', fact.frame);
  if (fact.time !== null && t.packet.time !== null) t.generated('delta_time', t.packet.time - fact.time);
}

function controlMessage(t: TreeBuilder): void {
  const { at } = t;
  t.add('ctrl.flags2', at + 1);
  t.nest(t.last());
  for (const key of ['r', 'error', 'more', 'opcode']) t.add(`ctrl.flags2.${key}`, at + 1);
  t.close();
  const second = t.u8(at + 1);
  const opcode = second & 0x1f;
  t.addInfo(`, ${(second & 0x80) === 0 ? 'Request' : 'Response'}: ${OPCODES[opcode] ?? `Unknown (${opcode})`}`);
  t.add('ctrl.sequence', at + 2);
  t.add('ctrl.status', at + 4);
  t.add('ctrl.associd', at + 6);
  t.add('ctrl.offset', at + 8);
  t.add('ctrl.count', at + 10);
  const count = Math.min(t.u16(at + 10), t.end - at - 12);
  if (count <= 0) return;
  t.nest(t.put('ctrl.data', t.slice(at + 12, count), at + 12, count));
  if (opcode !== 1) {
    let start = at + 12;
    for (const item of t.string(start, count, 'ascii').split(',')) {
      const shown = item.trim();
      if (shown !== '') t.put('ctrl.item', new Uint8Array(0), start, item.length, shown);
      start += item.length + 1;
    }
  }
  t.close();
}

function privateMessage(t: TreeBuilder): void {
  const { at } = t;
  t.nest(t.last());
  for (const key of ['priv.flags.r', 'priv.flags.more', 'flags.vn', 'flags.mode']) t.add(key, at);
  t.close();
  t.add('priv.auth_seq', at + 1);
  t.nest(t.last());
  t.add('priv.auth', at + 1);
  t.add('priv.seq', at + 1);
  t.close();
  t.add('priv.impl', at + 2);
  t.add('priv.reqcode', at + 3);
  const code = t.u8(at + 3);
  t.addInfo(`, ${(t.u8(at) & 0x80) === 0 ? 'Request' : 'Response'}, ${REQUESTS[code] ?? `Unknown (${code})`}`);
  if (!t.has(at, 8)) return;
  t.add('priv.err', at + 4);
  t.add('priv.numitems', at + 4);
  t.add('priv.reserved', at + 6);
  t.add('priv.itemsize', at + 6);
  const count = t.u16(at + 4) & 0xfff;
  const size = t.u16(at + 6) & 0xfff;
  let item = at + 8;
  for (let i = 0; i < count && size > 0 && t.has(item, size); i++, item += size) {
    t.text(`Item ${i + 1}: ${toHex(t.bytes, '', item, item + Math.min(size, 64))}`, item, size);
  }
}
