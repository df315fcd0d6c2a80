/** Linux netlink (LINKTYPE_NETLINK): a cooked header, then messages in the writer's byte order; packets that netfilter queues or logs. */

import { u16, u16le, u32le } from '../../base/bytes.ts';
import { defineProtocol } from '../protocol.ts';

const COOKED = { hardware: 2, family: 14, payload: 16 } as const;
const MESSAGE = { length: 0, type: 4, flags: 6, sequence: 8, port: 12, body: 16 } as const;
const FAMILY = { route: 0, netfilter: 12 } as const;
const FAMILIES: Readonly<Record<number, string>> = {
  0: 'Route',
  2: 'User-mode socket protocols',
  4: 'Socket monitoring',
  6: 'IPsec',
  12: 'Netfilter',
  15: 'Kernel messages to userspace',
  16: 'Generic',
};
/** Message types below it are netlink's own: nothing, error, end. */
const FIRST_OF_FAMILY = 16;
const NETFILTER = { body: 20, queue: 3, log: 4, queuePayload: 10, logPayload: 9 } as const;
const SUBSYSTEMS: Readonly<Record<number, string>> = {
  1: 'CTNETLINK',
  2: 'CTNETLINK expect',
  3: 'Netfilter packet queue',
  4: 'Netfilter packet logging',
  6: 'IPset',
  10: 'NFTables',
};
const LINK = { ipv4: 228, ipv6: 229 } as const;

export const netlink = defineProtocol({
  name: 'netlink',
  title: 'Linux netlink (cooked header)',
  short: 'Netlink',
  on: { link: [253] },
  chooses: 'netlink.family',
  header: COOKED.payload,
  opens: ['netlink-route'],
  fields: {
    hatype: { at: COOKED.hardware, type: 'u16', label: 'Link-layer address type', names: { 824: 'Netlink' } },
    family: { at: COOKED.family, type: 'u16', show: 'hex', label: 'Family', names: FAMILIES },
  },
  scan(p) {
    const family = u16(p.bytes, p.at + COOKED.family);
    const at = p.at + COOKED.payload;
    p.enter(COOKED.payload);
    if (at + MESSAGE.body <= p.end && u16le(p.bytes, at + MESSAGE.type) >= FIRST_OF_FAMILY) p.next(family);
    else p.rest();
  },
  tree(t) {
    t.info('');
    const family = t.u16(t.at + COOKED.family);
    const first = t.header();
    t.headerEnd(first);
    const isRoute = family === FAMILY.route;
    t.upper(first);
    let at = first + (t.has(first, 4) ? align(t.u32le(first)) : t.end - first);
    // Further messages of the same buffer: each a layer of its own.
    while (isRoute && at > first && t.has(at, MESSAGE.body)) {
      const length = t.u32le(at);
      if (length < MESSAGE.body || t.u16le(at + MESSAGE.type) < FIRST_OF_FAMILY) return;
      t.dissect('netlink-route', at, Math.min(t.end, at + length));
      at += align(length);
    }
  },
});

function align(length: number): number {
  return Math.ceil(length / 4) * 4;
}

const ROUTE: Readonly<Record<number, string>> = {
  16: 'Create network interface',
  17: 'Delete network interface',
  18: 'Get network interface info',
  20: 'Create IP address',
  21: 'Delete IP address',
  22: 'Get IP address',
  24: 'Create network route',
  25: 'Delete network route',
  26: 'Get network route',
  28: 'Add neighbor table entry',
  29: 'Remove neighbor table entry',
  30: 'Retrieve neighbor table entry',
};

const messageFields = {
  len: { at: MESSAGE.length, type: 'u32', little: true, label: 'Length', abbrev: 'netlink.hdr_len', many: true },
  flags: {
    at: MESSAGE.flags,
    type: 'u16',
    little: true,
    show: 'hex',
    label: 'Flags',
    abbrev: 'netlink.hdr_flags',
    many: true,
  },
  seq: { at: MESSAGE.sequence, type: 'u32', little: true, label: 'Sequence', abbrev: 'netlink.hdr_seq', many: true },
  pid: { at: MESSAGE.port, type: 'u32', little: true, label: 'Port ID', abbrev: 'netlink.hdr_pid', many: true },
} as const;

export const netlinkRoute = defineProtocol({
  name: 'netlink-route',
  title: 'Linux rtnetlink (route netlink) protocol',
  short: 'Netlink route',
  on: { 'netlink.family': [FAMILY.route] },
  header: MESSAGE.body,
  fields: {
    ...messageFields,
    nltype: { at: MESSAGE.type, type: 'u16', little: true, label: 'Message type', names: ROUTE, many: true },
  },
  tree(t) {
    t.limit(t.at + Math.max(MESSAGE.body, t.u32le(t.at)));
    t.header();
    t.addLabel(` - ${ROUTE[t.u16le(t.at + MESSAGE.type)] ?? 'Unknown'}`);
  },
});

export const netlinkNetfilter = defineProtocol({
  name: 'netlink-netfilter',
  title: 'Linux netlink netfilter protocol',
  short: 'Netlink netfilter',
  on: { 'netlink.family': [FAMILY.netfilter] },
  chooses: 'link',
  header: NETFILTER.body,
  fields: {
    ...messageFields,
    subsys: { type: 'u16', label: 'Subsystem', names: SUBSYSTEMS },
    family: { at: MESSAGE.body, type: 'u8', label: 'Address family', names: { 2: 'IPv4', 10: 'IPv6' } },
    version: { at: MESSAGE.body + 1, type: 'u8', label: 'Version' },
    res_id: { at: MESSAGE.body + 2, type: 'u16', label: 'Resource ID' },
  },
  scan(p) {
    const at = payloadOf(p.bytes, p.at, p.end);
    if (at < 0) return;
    const length = u16le(p.bytes, at);
    p.enter(at + 4 - p.at, at + length - p.at);
    const version = p.at < p.end ? p.bytes[p.at] >>> 4 : 0;
    if (version === 4) p.next(LINK.ipv4);
    else if (version === 6) p.next(LINK.ipv6);
  },
  tree(t) {
    t.header();
    t.put('subsys', t.u16le(t.at + MESSAGE.type) >>> 8, t.at + MESSAGE.type, 2);
    const at = payloadOf(t.bytes, t.at, t.end);
    if (at < 0) return;
    t.headerEnd(at + 4);
    const version = t.has(at + 4, 1) ? t.u8(at + 4) >>> 4 : 0;
    if (version === 4 || version === 6) t.upper(at + 4);
  },
});

/** Hot: offset of the attribute that holds a packet which was queued or logged; -1: none. */
function payloadOf(b: Uint8Array, start: number, end: number): number {
  const type = u16le(b, start + MESSAGE.type);
  const wanted =
    type === NETFILTER.queue << 8 ? NETFILTER.queuePayload : type === NETFILTER.log << 8 ? NETFILTER.logPayload : 0;
  if (wanted === 0) return -1;
  const limit = Math.min(end, start + u32le(b, start));
  for (let at = start + NETFILTER.body; at + 4 <= limit; ) {
    const length = u16le(b, at);
    if (length < 4) return -1;
    if ((u16le(b, at + 2) & 0x7fff) === wanted) return at;
    at += (length + 3) & ~3;
  }
  return -1;
}
