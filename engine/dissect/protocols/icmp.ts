/** ICMP (RFC 792; RFC 950 masks, RFC 1191 MTU, RFC 1256 routers, RFC 4884 multi-part, RFC 8335 extended echo). */

import { u32, u32le } from '../../base/bytes.ts';
import { fold16, sum16 } from '../../base/checksum.ts';
import { matchEcho } from '../echoes.ts';
import { icmpExtensionFields, icmpExtensions } from '../icmp-extensions.ts';
import { defineProtocol } from '../protocol.ts';
import { TRANSPORT } from '../scratch.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = {
  type: 0,
  code: 1,
  checksum: 2,
  id: 4,
  sequence: 6,
  gateway: 4,
  pointer: 4,
  length: 5,
  mtu: 6,
  body: 8,
} as const;
const TYPE = {
  echoReply: 0,
  unreachable: 3,
  quench: 4,
  redirect: 5,
  echoRequest: 8,
  routerAdvertisement: 9,
  timeExceeded: 11,
  parameterProblem: 12,
  timestampRequest: 13,
  timestampReply: 14,
  informationRequest: 15,
  informationReply: 16,
  maskRequest: 17,
  maskReply: 18,
  extendedRequest: 42,
  extendedReply: 43,
} as const;
const FRAGMENTATION_NEEDED = 4;

const TYPES: Readonly<Record<number, string>> = {
  0: 'Echo (ping) reply',
  1: 'Reserved',
  2: 'Reserved',
  3: 'Destination unreachable',
  4: 'Source quench (flow control)',
  5: 'Redirect',
  6: 'Alternate host address',
  8: 'Echo (ping) request',
  9: 'Mobile IP Advertisement',
  10: 'Router solicitation',
  11: 'Time-to-live exceeded',
  12: 'Parameter problem',
  13: 'Timestamp request',
  14: 'Timestamp reply',
  15: 'Information request',
  16: 'Information reply',
  17: 'Address mask request',
  18: 'Address mask reply',
  19: 'Reserved (for security)',
  30: 'Traceroute',
  31: 'Datagram Conversion Error',
  32: 'Mobile Host Redirect',
  33: 'IPv6 Where-Are-You',
  34: 'IPv6 I-Am-Here',
  35: 'Mobile Registration Request',
  36: 'Mobile Registration Reply',
  37: 'Domain Name Request',
  38: 'Domain Name Reply',
  39: 'SKIP',
  40: 'Photuris',
  41: 'Experimental mobility protocols',
  42: 'Extended Echo request',
  43: 'Extended Echo reply',
};
const EXTENDED_CODES: Readonly<Record<number, string>> = {
  0: 'No error',
  1: 'Malformed Query',
  2: 'No Such Interface',
  3: 'No Such Table Entry',
  4: 'Multiple Interfaces Satisfy Query',
};
/** Types that say more by their code. */
const CODES: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  3: {
    0: 'Network unreachable',
    1: 'Host unreachable',
    2: 'Protocol unreachable',
    3: 'Port unreachable',
    4: 'Fragmentation needed',
    5: 'Source route failed',
    6: 'Destination network unknown',
    7: 'Destination host unknown',
    8: 'Source host isolated',
    9: 'Network administratively prohibited',
    10: 'Host administratively prohibited',
    11: 'Network unreachable for TOS',
    12: 'Host unreachable for TOS',
    13: 'Communication administratively filtered',
    14: 'Host precedence violation',
    15: 'Precedence cutoff in effect',
  },
  5: {
    0: 'Redirect for network',
    1: 'Redirect for host',
    2: 'Redirect for TOS and network',
    3: 'Redirect for TOS and host',
  },
  6: { 0: 'Alternate address for host' },
  9: { 0: 'Normal router advertisement', 16: 'Does not route common traffic' },
  11: { 0: 'Time to live exceeded in transit', 1: 'Fragment reassembly time exceeded' },
  12: { 0: 'Pointer indicates the error', 1: 'Required option missing', 2: 'Bad length' },
  40: {
    0: 'Bad SPI',
    1: 'Authentication Failed',
    2: 'Decompression Failed',
    3: 'Decryption Failed',
    4: 'Need Authentication',
    5: 'Need Authorization',
  },
  42: EXTENDED_CODES,
  43: EXTENDED_CODES,
};
/** Errors: they quote the start of the packet they are about. */
const QUOTES: readonly number[] = [
  TYPE.unreachable,
  TYPE.quench,
  TYPE.redirect,
  TYPE.timeExceeded,
  TYPE.parameterProblem,
];
/** RFC 4884 5.5: without a length, extensions start after this much of the quoted packet. */
const QUOTED_WITHOUT_LENGTH = 128;
const SECONDS_A_DAY = 86_400n;

export const icmp = defineProtocol({
  name: 'icmp',
  title: 'Internet Control Message Protocol',
  on: { 'ip.proto': [1] },
  header: AT.id,
  remembers: true,
  fields: {
    type: { at: AT.type, type: 'u8', label: 'Type', names: TYPES },
    code: { type: 'u8', label: 'Code' },
    checksum: { type: 'u16', show: 'hex', label: 'Checksum' },
    'checksum.status': {
      type: 'u8',
      label: 'Checksum Status',
      names: { 0: 'Bad', 1: 'Good', 2: 'Unverified', 3: 'Not present', 4: 'Illegal' },
    },
    checksum_bad: { type: 'none', label: 'Bad checksum' },
    unused: { type: 'bytes', label: 'Unused', many: true },
    ident: { type: 'u16', show: 'dec-hex', label: 'Identifier (BE)' },
    ident_le: { type: 'u16', show: 'dec-hex', little: true, label: 'Identifier (LE)', abbrev: 'icmp.ident_le' },
    seq: { type: 'u16', show: 'dec-hex', label: 'Sequence Number (BE)' },
    seq_le: { type: 'u16', show: 'dec-hex', little: true, label: 'Sequence Number (LE)' },
    mtu: { type: 'u16', label: 'MTU of next hop' },
    length: { type: 'u8', label: 'Length', doc: 'Of the quoted packet, in 32-bit words.' },
    'length.original_datagram': { type: 'u8', label: 'Length of original datagram' },
    pointer: { type: 'u32', of: 'u8', label: 'Pointer' },
    redir_gw: { type: 'ipv4', label: 'Gateway Address' },
    num_addrs: { type: 'u8', label: 'Number of addresses' },
    addr_entry_size: { type: 'u8', label: 'Address entry size' },
    lifetime: { type: 'u16', label: 'Lifetime' },
    router_address: { type: 'ipv4', label: 'Router address', many: true },
    pref_level: { type: 'i32', label: 'Preference level', many: true },
    originate_timestamp: { type: 'u32', label: 'Originate Timestamp' },
    receive_timestamp: { type: 'u32', label: 'Receive Timestamp' },
    transmit_timestamp: { type: 'u32', label: 'Transmit Timestamp' },
    address_mask: { type: 'ipv4', label: 'Address Mask' },
    resp_to: { type: 'frame', label: 'Request frame' },
    resptime: { type: 'double', label: 'Response time', doc: 'In milliseconds.' },
    data_time: { type: 'time', label: 'Timestamp from icmp data' },
    data_time_relative: { type: 'duration', label: 'Timestamp from icmp data (relative)' },
    'ext.echo.seq': { type: 'u8', show: 'dec-hex', label: 'Sequence Number' },
    'ext.echo.req.res': { type: 'u8', bits: [7, 1], show: 'hex', label: 'Reserved' },
    'ext.echo.req.local': { type: 'bool', of: 'u8', bits: [0, 0], label: 'Local bit' },
    'ext.echo.rsp.state': {
      type: 'u8',
      bits: [7, 5],
      label: 'State',
      names: { 0: 'Reserved', 1: 'Incomplete', 2: 'Reachable', 3: 'Stale', 4: 'Delay', 5: 'Probe', 6: 'Failed' },
    },
    'ext.echo.rsp.res': { type: 'u8', bits: [4, 3], show: 'hex', label: 'Reserved' },
    'ext.echo.rsp.active': { type: 'bool', of: 'u8', bits: [2, 2], label: 'Active bit' },
    'ext.echo.rsp.ipv4': { type: 'bool', of: 'u8', bits: [1, 1], label: 'IPv4 bit' },
    'ext.echo.rsp.ipv6': { type: 'bool', of: 'u8', bits: [0, 0], label: 'IPv6 bit' },
    ...icmpExtensionFields,
  },
  scan(p) {
    const type = p.bytes[p.at + AT.type];
    p.portless(TRANSPORT.icmp);
    if (
      type === TYPE.unreachable ||
      type === TYPE.quench ||
      type === TYPE.redirect ||
      type === TYPE.timeExceeded ||
      type === TYPE.parameterProblem
    ) {
      p.dissectMe();
      return;
    }
    if (!p.has(AT.body)) return;
    p.enterTransport(TRANSPORT.icmp, AT.body);
    if (type === TYPE.echoRequest || type === TYPE.echoReply) p.rest();
  },
  tree(t) {
    const type = t.u8(t.at + AT.type);
    const code = t.u8(t.at + AT.code);
    t.header();
    const codes = CODES[type];
    const meaning = codes === undefined ? undefined : (codes[code] ?? `Unknown code: ${code}`);
    t.put('code', code, t.at + AT.code, 1, meaning === undefined ? undefined : `Code: ${code} (${meaning})`);
    const name = (TYPES[type] ?? 'Unknown ICMP (obsolete or malformed?)').padEnd(20);
    t.info(meaning === undefined ? name : `${name} (${meaning})`);
    checksum(t);
    if (QUOTES.includes(type)) error(t, type, code);
    else message(t, type);
  },
});

function checksum(t: TreeBuilder): void {
  const at = t.at + AT.checksum;
  const isWhole = t.end === t.wireEnd && !t.isQuoted;
  const isGood = isWhole && fold16(sum16(t.bytes, t.at, t.end)) === 0xffff;
  t.add('checksum', at);
  t.last().text = `Checksum: 0x${t.u16(at).toString(16).padStart(4, '0')} [${!isWhole ? 'unverified' : isGood ? 'correct' : 'incorrect'}]`;
  t.generated('checksum.status', !isWhole ? 2 : isGood ? 1 : 0, at, 2);
  if (isWhole && !isGood) t.expert('warning', 'Bad checksum', at, 2, 'checksum_bad');
}

/** An error message: the field of its type, the quoted packet, extensions behind it. */
function error(t: TreeBuilder, type: number, code: number): void {
  const at = t.at;
  let words = 0;
  if (type === TYPE.redirect) t.add('redir_gw', at + AT.gateway);
  else if (type !== TYPE.quench) {
    words = t.u8(at + AT.length);
    if (type === TYPE.parameterProblem) t.add('pointer', at + AT.pointer);
    else if (words > 0) t.add('unused', at + AT.id, 1);
    if (words > 0) {
      t.add('length', at + AT.length);
      t.generated('length.original_datagram', words * 4, at + AT.length, 1);
    }
    const needsMtu = type === TYPE.unreachable && code === FRAGMENTATION_NEEDED;
    const from = words > 0 ? AT.mtu : type === TYPE.parameterProblem ? AT.length : AT.id;
    const to = needsMtu ? AT.mtu : AT.body;
    if (to > from) t.add('unused', at + from, to - from);
    if (needsMtu) t.add('mtu', at + AT.mtu);
  }
  const start = at + AT.body;
  t.headerEnd(start);
  if (start >= t.end) return;
  const canExtend = type === TYPE.unreachable || type === TYPE.timeExceeded || type === TYPE.parameterProblem;
  let extensions = -1;
  if (canExtend && words > 0) extensions = start + 4 * words;
  else if (canExtend && t.has(start, QUOTED_WITHOUT_LENGTH + 4) && t.u16(start + 2) <= QUOTED_WITHOUT_LENGTH)
    extensions = start + QUOTED_WITHOUT_LENGTH;
  if (extensions > t.end) extensions = -1;
  const end = extensions < 0 ? t.end : extensions;
  t.quoted(() => t.walkBy('ip.proto', IP_IN_IP, start, end, Math.max(end, t.wireEnd, quotedEnd(t, start, end))));
  if (words > 0 && extensions < 0) t.fail();
  if (extensions >= 0 && extensions < t.end) {
    t.headerEnd(t.end);
    icmpExtensions(t, extensions);
  }
}

const IP_IN_IP = 4;

/** Where the quoted packet ended on its way. */
function quotedEnd(t: TreeBuilder, start: number, end: number): number {
  return start + 4 <= end ? start + t.u16(start + 2) : end;
}

function message(t: TreeBuilder, type: number): void {
  const at = t.at;
  const body = at + AT.body;
  switch (type) {
    case TYPE.echoRequest:
    case TYPE.echoReply:
      t.addInfo(` ${sequence(t)}`);
      t.headerEnd(body);
      match(t, type === TYPE.echoRequest);
      t.payload(sendingTime(t, body));
      return;
    case TYPE.timestampRequest:
    case TYPE.timestampReply:
      t.addInfo(` ${sequence(t)}`);
      t.add('originate_timestamp', body);
      t.add('receive_timestamp', body + 4);
      t.add('transmit_timestamp', body + 8);
      return;
    case TYPE.informationRequest:
    case TYPE.informationReply:
      t.addInfo(` ${sequence(t)}`);
      return;
    case TYPE.maskRequest:
    case TYPE.maskReply:
      t.addInfo(` ${sequence(t)}`);
      t.add('address_mask', body);
      return;
    case TYPE.routerAdvertisement:
      routers(t);
      return;
    case TYPE.extendedRequest:
    case TYPE.extendedReply:
      extendedEcho(t, type === TYPE.extendedRequest);
      return;
    default:
  }
}

function sequence(t: TreeBuilder): string {
  const id = t.at + AT.id;
  const seq = t.at + AT.sequence;
  t.add('ident', id);
  t.add('ident_le', id);
  t.add('seq', seq);
  t.add('seq_le', seq);
  return `id=0x${t.u16(id).toString(16).padStart(4, '0')}, seq=${t.u16(seq)}/${t.u16le(seq)}, ttl=${t.carrier?.hopLimit ?? 0}`;
}

/** Says which request a reply answers. */
function match(t: TreeBuilder, isRequest: boolean): void {
  if (t.isQuoted) return;
  const request = matchEcho(t, isRequest, t.u32(t.at + AT.id));
  if (request === null) return;
  const { time } = t.packet;
  t.generated('resp_to', request.frame);
  if (time !== null && request.time !== null) {
    const ms = Number(time - request.time) / 1e6;
    t.generated('resptime', ms).text = `Response time: ${ms.toFixed(3)} ms`;
  }
  t.addInfo(` (request in ${request.frame})`);
}

/** Many senders put the time first: seconds and microseconds in their own byte order. Taken where it is within a day of the packet's. */
function sendingTime(t: TreeBuilder, at: number): number {
  const { time } = t.packet;
  if (time === null || !t.has(at, 9)) return at;
  for (const read of [u32, u32le]) {
    const seconds = BigInt(read(t.bytes, at));
    const sent = seconds * 1_000_000_000n + BigInt(read(t.bytes, at + 4)) * 1000n;
    const apart = seconds - time / 1_000_000_000n;
    if (apart > -SECONDS_A_DAY && apart < SECONDS_A_DAY) {
      t.put('data_time', sent, at, 8);
      t.generated('data_time_relative', time - sent, at, 8);
      return at + 8;
    }
  }
  return at;
}

function routers(t: TreeBuilder): void {
  const count = t.u8(t.at + 4);
  const size = 4 * t.u8(t.at + 5);
  t.add('num_addrs', t.at + 4);
  t.add('addr_entry_size', t.at + 5);
  t.add('lifetime', t.at + 6);
  for (let i = 0, at = t.at + AT.body; i < count && size >= 8; i++, at += size) {
    t.add('router_address', at);
    t.add('pref_level', at + 4);
  }
}

function extendedEcho(t: TreeBuilder, isRequest: boolean): void {
  t.add('ident', t.at + AT.id);
  t.add('ident_le', t.at + AT.id);
  t.add('ext.echo.seq', t.at + 6);
  const keys = isRequest ? ['req.res', 'req.local'] : ['rsp.state', 'rsp.res', 'rsp.active', 'rsp.ipv4', 'rsp.ipv6'];
  for (const key of keys) t.add(`ext.echo.${key}`, t.at + 7);
  if (isRequest && t.has(t.at + AT.body, 4)) icmpExtensions(t, t.at + AT.body);
}
