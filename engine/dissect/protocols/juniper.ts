/**
 * What Juniper's routers put in front of captured packets (the LINKTYPE_JUNIPER numbers): a magic number, a direction, what is
 * told of the interface, then a cookie that depends on the kind of interface. The layout is known from https://www.tcpdump.org.
 */

import { u16, u24, u32, u32le } from '../../base/bytes.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { magic: 0, flags: 3, extensions: 4 } as const;
const MAGIC = 0x4d4743;
const FLAG = { noLinkHeader: 0x02, extensions: 0x80 } as const;
const FAMILY_LENGTH = 4;

/** What follows: numbers of the family field, and from 200 on of link layers. */
const PAYLOAD = {
  unknown: 0xffff,
  none: 0,
  ipv4: 2,
  ipv6: 6,
  ppp: 200,
  osi: 201,
  llc: 202,
  snap: 203,
  ethernet: 204,
  oam: 205,
} as const;
const FRAME_RELAY = 207;
const CISCO_HDLC = 208;
const PAYLOADS: Readonly<Record<number, string>> = {
  2: 'IPv4',
  3: 'MPLS->IPv4',
  4: 'IPv4->MPLS',
  5: 'MPLS',
  6: 'IPv6',
  7: 'MPLS->IPv6',
  8: 'IPv6->MPLS',
  10: 'CLNP',
  32: 'CLNP->MPLS',
  33: 'MPLS->CLNP',
  200: 'PPP',
  201: 'OSI',
  202: 'LLC',
  203: 'LLC/SNAP',
  204: 'Ethernet',
  205: 'ATM OAM Cell',
  206: 'Q.933',
  207: 'Frame-Relay',
  208: 'C-HDLC',
};
/** Link types that stand for what follows. */
const LINK_OF: Readonly<Record<number, number>> = {
  2: 228,
  3: 228,
  4: 219,
  5: 219,
  6: 229,
  7: 229,
  8: 219,
  200: 9,
  202: 100,
  203: 100,
  204: 1,
  207: 107,
  208: 104,
};

const KIND = { fixed: 0, atm1: 1, atm2: 2, cookie: 3, family: 4 } as const;

interface Variant {
  readonly title: string;
  readonly kind: (typeof KIND)[keyof typeof KIND];
  /** What follows where nothing else says so. */
  readonly payload: number;
  /** Bytes in front of it. */
  readonly skip: number;
}

const VARIANTS: Readonly<Record<number, Variant>> = {
  130: { title: 'MLPPP', kind: KIND.cookie, payload: PAYLOAD.ppp, skip: 0 },
  131: { title: 'MLFR', kind: KIND.cookie, payload: PAYLOAD.osi, skip: 0 },
  133: { title: 'GGSN', kind: KIND.family, payload: PAYLOAD.none, skip: FAMILY_LENGTH },
  135: { title: 'ATM2', kind: KIND.atm2, payload: PAYLOAD.none, skip: 8 },
  136: { title: 'Services', kind: KIND.fixed, payload: PAYLOAD.ipv4, skip: 12 },
  137: { title: 'ATM1', kind: KIND.atm1, payload: PAYLOAD.none, skip: 4 },
  167: { title: 'PPPoE', kind: KIND.fixed, payload: PAYLOAD.ethernet, skip: 0 },
  178: { title: 'Ethernet', kind: KIND.fixed, payload: PAYLOAD.ethernet, skip: 0 },
  179: { title: 'PPP', kind: KIND.fixed, payload: PAYLOAD.ppp, skip: 2 },
  180: { title: 'Frame-Relay', kind: KIND.fixed, payload: FRAME_RELAY, skip: 0 },
  181: { title: 'C-HDLC', kind: KIND.fixed, payload: CISCO_HDLC, skip: 0 },
  183: { title: 'Voice PIC', kind: KIND.fixed, payload: PAYLOAD.ipv4, skip: 18 },
};
const ETHERNET = VARIANTS[178];

const EXTENSIONS: Readonly<Record<number, readonly [string, string]>> = {
  1: ['Device Interface Index', 'ext.ifd'],
  2: ['Device Interface Name', ''],
  3: ['Device Media Type', 'ext.ifmt'],
  4: ['Logical Interface Index', 'ext.ifl'],
  5: ['Logical Unit Number', 'ext.unit'],
  6: ['Logical Interface Encapsulation', 'ext.ifle'],
  7: ['TTP derived Device Media Type', 'ext.ttp_ifmt'],
  8: ['TTP derived Logical Interface Encapsulation', 'ext.ttp_ifle'],
};
const MEDIA: Readonly<Record<number, string>> = {
  1: 'Ethernet',
  2: 'FDDI',
  3: 'Token-Ring',
  4: 'PPP',
  5: 'Frame-Relay',
  6: 'Cisco-HDLC',
  8: 'ATM-PVC',
  11: 'IP-over-IP',
  12: 'GRE',
  17: 'Multilink-PPP',
  18: 'Multilink-FR',
  44: 'Logical-tunnel',
  56: 'PPPoE',
};
const ENCAPSULATIONS: Readonly<Record<number, string>> = {
  2: 'ATM SNAP',
  3: 'ATM NLPID',
  4: 'ATM VCMUX',
  5: 'ATM LLC',
  10: 'FR NLPID',
  11: 'FR SNAP',
  12: 'FR PPP',
  14: 'Ethernet',
  17: 'PPP',
  18: 'C-HDLC',
  20: 'IPIP',
  28: 'MLPPP',
  29: 'MLFR',
  63: 'PPPoE',
};

export const juniper = defineProtocol({
  name: 'juniper',
  title: 'Juniper',
  short: 'Juniper',
  on: { link: Object.keys(VARIANTS).map(Number) },
  chooses: 'link',
  header: AT.extensions,
  fields: {
    'magic-number': { type: 'u24', show: 'hex', label: 'Magic Number' },
    direction: { type: 'u8', bits: [0, 0], show: 'hex', label: 'Direction', names: { 0: 'Out', 1: 'In' } },
    l2hdr: { type: 'u8', bits: [1, 1], show: 'hex', label: 'L2 header presence', names: { 0: 'Present', 1: 'Absent' } },
    ext_total_len: { type: 'u16', label: 'Extension(s) Total length' },
    'ext.ifd': { type: 'u32', label: 'Device Interface Index' },
    'ext.ifl': { type: 'u32', label: 'Logical Interface Index' },
    'ext.unit': { type: 'u32', label: 'Logical Unit Number' },
    'ext.ifmt': { type: 'u16', label: 'Device Media Type', names: MEDIA },
    'ext.ttp_ifmt': { type: 'u16', label: 'TTP derived Device Media Type', names: MEDIA },
    'ext.ifle': { type: 'u16', label: 'Logical Interface Encapsulation', names: ENCAPSULATIONS },
    'ext.ttp_ifle': { type: 'u16', label: 'TTP derived Logical Interface Encapsulation', names: ENCAPSULATIONS },
    proto: { type: 'u16', label: 'Protocol', names: PAYLOADS },
    payload_type: { type: 'u16', label: 'Payload Type', names: PAYLOADS },
    'atm1.cookie': { type: 'u32', show: 'hex', label: 'Cookie' },
    'atm2.cookie': { type: 'u64', show: 'hex', label: 'Cookie' },
    'mlpic.cookie': { type: 'u16', show: 'hex', label: 'Cookie' },
    'lspic.cookie': { type: 'u32', show: 'hex', label: 'Cookie' },
    cookie_len: { type: 'u32', label: 'Cookie length' },
  },
  scan(p) {
    const b = p.bytes;
    if ((flagsOf(b, p.at) & FLAG.extensions) !== 0 && !p.has(AT.extensions + 2)) return;
    const start = p.at + commonLength(b, p.at, p.end);
    const found = follows(b, p.at, start, p.end, p.linkType);
    const length = start - p.at + skipped(b, p.at, start, p.end, p.linkType);
    if (!p.has(length)) return;
    p.enter(length);
    p.next(LINK_OF[found] ?? 0xffff);
  },
  tree(t) {
    const variant = VARIANTS[t.linkType] ?? ETHERNET;
    t.label(`Juniper ${variant.title}`);
    t.column(`Juniper ${variant.title}`);
    t.info('');
    t.add('magic-number', t.at);
    t.need(t.at, AT.extensions);
    if (t.u24(t.at) === MAGIC) common(t);
    const start = t.at + commonLength(t.bytes, t.at, t.end);
    const found = follows(t.bytes, t.at, start, t.end, t.linkType);
    const skip = skipped(t.bytes, t.at, start, t.end, t.linkType);
    const isWhole = (flagsOf(t.bytes, t.at) & FLAG.noLinkHeader) === 0;
    if (isWhole) cookie(t, variant, start, skip);
    t.generated('payload_type', found);
    t.need(start, skip);
    t.headerEnd(start + skip);
    t.upper(start + skip);
  },
});

function common(t: TreeBuilder): void {
  t.add('direction', t.at + AT.flags);
  t.add('l2hdr', t.at + AT.flags);
  if ((t.u8(t.at + AT.flags) & FLAG.extensions) === 0) return;
  const total = t.u16(t.at + AT.extensions);
  t.add('ext_total_len', t.at + AT.extensions);
  let at = t.at + AT.extensions + 2;
  const end = Math.min(at + total, t.end);
  t.nest(t.last());
  while (at + 2 <= end) {
    const type = t.u8(at);
    const length = t.u8(at + 1);
    const [name, key] = EXTENSIONS[type] ?? ['Unknown', ''];
    t.need(at + 2, length);
    t.nest(t.text(`${name} Extension TLV #${type}, length: ${length}`, at, 2 + length));
    if (key !== '' && length > 0 && length <= 4) t.put(key, littleNumber(t, at + 2, length), at + 2, length);
    t.close();
    at += 2 + length;
  }
  t.close();
}

/** Numbers of extensions are as long as they need to be, lowest byte first. */
function littleNumber(t: TreeBuilder, at: number, length: number): number {
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = value * 256 + t.u8(at + i);
  return value;
}

function cookie(t: TreeBuilder, variant: Variant, at: number, length: number): void {
  if (variant.kind === KIND.atm1) t.add('atm1.cookie', at);
  else if (variant.kind === KIND.atm2) t.add('atm2.cookie', at);
  else if (variant.kind === KIND.family) t.put('proto', t.u32le(at) & 0xffff, at, 2);
  else if (variant.kind === KIND.cookie) {
    if (length === 2) t.add('mlpic.cookie', at);
    else if (length === 4) t.add('lspic.cookie', at);
    t.generated('cookie_len', length, at);
  }
}

/** Hot: 0 where the magic number is not there. */
function flagsOf(b: Uint8Array, at: number): number {
  return u24(b, at) === MAGIC ? b[at + AT.flags] : 0;
}

/** Hot: bytes of the header that all kinds have; none where the magic number is missing. */
function commonLength(b: Uint8Array, at: number, end: number): number {
  if (u24(b, at) !== MAGIC) return 0;
  if ((b[at + AT.flags] & FLAG.extensions) === 0 || at + AT.extensions + 2 > end) return AT.extensions;
  return AT.extensions + 2 + u16(b, at + AT.extensions);
}

/** Hot: bytes between the common header and what it carries. */
function skipped(b: Uint8Array, at: number, start: number, end: number, linkType: number): number {
  if ((flagsOf(b, at) & FLAG.noLinkHeader) !== 0) return FAMILY_LENGTH;
  const { kind, skip } = VARIANTS[linkType] ?? ETHERNET;
  return kind === KIND.cookie ? cookieLength(b, start, end) : skip;
}

/** Hot: what the header carries. */
function follows(b: Uint8Array, at: number, start: number, end: number, linkType: number): number {
  const { kind, payload, skip } = VARIANTS[linkType] ?? ETHERNET;
  if ((flagsOf(b, at) & FLAG.noLinkHeader) !== 0) return start + 4 <= end ? u32le(b, start) & 0xffff : 0;
  if (kind === KIND.fixed) return payload;
  if (kind === KIND.family) return start + 4 <= end ? u32le(b, start) & 0xffff : 0;
  if (kind === KIND.cookie) return cookieLength(b, start, end) === 0 ? 0 : payload;
  if (kind === KIND.atm1 && start + 4 <= end && b[start] >>> 7 === 1) return PAYLOAD.oam;
  return inside(b, start + skip, end, kind === KIND.atm2 && b[start] >>> 7 === 1);
}

/** Hot: what an ATM circuit carries is told by its first bytes. */
function inside(b: Uint8Array, at: number, end: number, isPpp: boolean): number {
  if (at + 4 > end) return PAYLOAD.unknown;
  if (u24(b, at) === 0xfefe03) return PAYLOAD.llc;
  if (u24(b, at) === 0xaaaa03) return PAYLOAD.snap;
  if (isPpp && (u16(b, at) === 0x21 || u32(b, at) === 0xff030021)) return PAYLOAD.ppp;
  if (b[at] >= 0x45 && b[at] <= 0x4f) return PAYLOAD.ipv4;
  return b[at] >>> 4 === 6 ? PAYLOAD.ipv6 : PAYLOAD.unknown;
}

/** Hot: multilink services begin with two or four bytes of their own, told by the first. */
function cookieLength(b: Uint8Array, at: number, end: number): number {
  if (at + 4 > end) return 0;
  const first = b[at];
  if (first === 0x54) return 4;
  return first === 0x44 || u32(b, at) === 0x21 ? 2 : 0;
}
