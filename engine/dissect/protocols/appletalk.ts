/**
 * AppleTalk phase 2 (Inside AppleTalk, 2nd edition): address resolution (AARP), datagrams (DDP), and above them names (NBP),
 * zones (ZIP), routes (RTMP) and echoes (AEP).
 */

import { u16 } from '../../base/bytes.ts';
import { ADDRESS } from '../../table/path-words.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const HARDWARE: Readonly<Record<number, string>> = { 1: 'Ethernet', 2: 'TokenRing' };
const AARP_OPERATIONS: Readonly<Record<number, string>> = { 1: 'request', 2: 'reply', 3: 'probe' };
const AARP = { request: 1, reply: 2, probe: 3 } as const;

export const aarp = defineProtocol({
  name: 'aarp',
  title: 'AppleTalk Address Resolution Protocol',
  on: { ethertype: [0x80f3] },
  header: 28,
  fields: {
    'hard.type': { at: 0, type: 'u16', show: 'hex', label: 'Hardware type', names: HARDWARE },
    'proto.type': { at: 2, type: 'u16', show: 'hex', label: 'Protocol type' },
    'hard.size': { at: 4, type: 'u8', label: 'Hardware size' },
    'proto.size': { at: 5, type: 'u8', label: 'Protocol size' },
    opcode: { at: 6, type: 'u16', label: 'Opcode', names: AARP_OPERATIONS },
    'src.hw_mac': { at: 8, type: 'ether', label: 'Sender MAC address' },
    'src.proto_id': { type: 'bytes', label: 'Sender ID' },
    'dst.hw_mac': { at: 18, type: 'ether', label: 'Target MAC address' },
    'dst.proto_id': { type: 'bytes', label: 'Target ID' },
  },
  tree(t) {
    const { at } = t;
    const operation = t.u16(at + 6);
    t.addLabel(` (${AARP_OPERATIONS[operation] ?? `opcode 0x${operation.toString(16).padStart(4, '0')}`})`);
    t.header();
    const source = protocolId(t, 'src.proto_id', 'Sender ID', at + 14);
    const target = protocolId(t, 'dst.proto_id', 'Target ID', at + 24);
    if (operation === AARP.request) t.info(`Who has ${target}?  Tell ${source}`);
    else if (operation === AARP.probe) t.info(`Is there a ${target}`);
    else if (operation === AARP.reply) t.info(`${source} is at ${macText(t, at + 8)}`);
    else t.info(`Unknown AARP opcode 0x${operation.toString(16).padStart(4, '0')}`);
  },
});

/** A zero byte, the network, the node. */
function protocolId(t: TreeBuilder, key: string, label: string, at: number): string {
  const text = `${t.u16(at + 1)}.${t.u8(at + 3)}`;
  t.put(key, t.slice(at, 4), at, 4, `${label}: ${text}`);
  return text;
}

function macText(t: TreeBuilder, at: number): string {
  return Array.from(t.slice(at, 6), (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

const AT = {
  length: 0,
  checksum: 2,
  dstNet: 4,
  srcNet: 6,
  dst: 8,
  src: 9,
  dstSocket: 10,
  srcSocket: 11,
  type: 12,
} as const;
const DDP_HEADER = 13;
const LENGTH = 0x3ff;
const DDP_TYPES: Readonly<Record<number, string>> = {
  1: 'AppleTalk Routing Table response or data',
  2: 'AppleTalk Name Binding Protocol packet',
  3: 'AppleTalk Transaction Protocol packet',
  4: 'AppleTalk Echo Protocol packet',
  5: 'AppleTalk Routing Table request',
  6: 'AppleTalk Zone Information Protocol packet',
  7: 'AppleTalk Data Stream Protocol',
};

export const ddp = defineProtocol({
  name: 'ddp',
  title: 'Datagram Delivery Protocol',
  on: { ethertype: [0x809b], 'arcnet.protocol': [0xdd] },
  chooses: 'ddp.type',
  header: DDP_HEADER,
  fields: {
    hopcount: { at: AT.length, type: 'u16', bits: [13, 10], label: 'Hop count' },
    len: { at: AT.length, type: 'u16', bits: [9, 0], label: 'Datagram length' },
    checksum: { at: AT.checksum, type: 'u16', label: 'Checksum' },
    'dst.net': { at: AT.dstNet, type: 'u16', label: 'Destination Net' },
    'src.net': { at: AT.srcNet, type: 'u16', label: 'Source Net' },
    'dst.node': { at: AT.dst, type: 'u8', label: 'Destination Node' },
    'src.node': { at: AT.src, type: 'u8', label: 'Source Node' },
    dst_socket: { at: AT.dstSocket, type: 'u8', label: 'Destination Socket' },
    src_socket: { at: AT.srcSocket, type: 'u8', label: 'Source Socket' },
    type: { at: AT.type, type: 'u8', label: 'Protocol type', names: DDP_TYPES },
  },
  scan(p) {
    const b = p.bytes;
    const { at } = p;
    p.named(ADDRESS.appletalk, u16(b, at + AT.srcNet), b[at + AT.src], 0, u16(b, at + AT.dstNet), b[at + AT.dst], 0);
    const type = b[at + AT.type];
    p.enter(DDP_HEADER, Math.max(DDP_HEADER, u16(b, at) & LENGTH));
    p.next(type);
  },
  tree(t) {
    t.info(
      DDP_TYPES[t.u8(t.at + AT.type)] ??
        `Unknown DDP protocol (${t
          .u8(t.at + AT.type)
          .toString(16)
          .padStart(2, '0')})`,
    );
    t.header();
    t.limit(t.at + Math.max(DDP_HEADER, t.u16(t.at) & LENGTH));
    t.headerEnd(t.at + DDP_HEADER);
    t.upper(t.at + DDP_HEADER);
  },
});

const NBP_OPERATIONS: Readonly<Record<number, string>> = {
  1: 'broadcast request',
  2: 'lookup',
  3: 'reply',
  4: 'forward request',
};

export const nbp = defineProtocol({
  name: 'nbp',
  title: 'Name Binding Protocol',
  on: { 'ddp.type': [2] },
  header: 2,
  fields: {
    info: { type: 'u8', show: 'hex', label: 'Info' },
    op: { type: 'u8', bits: [7, 4], label: 'Operation', names: NBP_OPERATIONS },
    count: { type: 'u8', bits: [3, 0], label: 'Count' },
    tid: { type: 'u8', label: 'Transaction ID' },
    net: { type: 'u16', label: 'Network', many: true },
    nodeid: { type: 'u8', label: 'Node', many: true },
    port: { type: 'u8', label: 'Port', many: true },
    enum: { type: 'u8', label: 'Enumerator', many: true },
    object: { type: 'string', label: 'Object', many: true },
    type: { type: 'string', label: 'Type', many: true },
    zone: { type: 'string', label: 'Zone', many: true },
  },
  tree(t) {
    const { at } = t;
    const first = t.u8(at);
    t.info(`Op: ${NBP_OPERATIONS[first >>> 4] ?? 'unknown'}  Count: ${first & 15}`);
    t.add('info', at);
    t.nest(t.last());
    t.add('op', at);
    t.add('count', at);
    t.close();
    t.add('tid', at + 1);
    let next = at + 2;
    for (let i = 0; i < (first & 15) && next < t.end; i++) {
      t.nest(t.text(`Node ${i + 1}`, next, t.end - next));
      next = t.add('enum', t.add('port', t.add('nodeid', t.add('net', next))));
      for (const key of ['object', 'type', 'zone']) next = counted(t, key, next);
      t.close(next);
    }
  },
});

/** A string behind its length. */
function counted(t: TreeBuilder, key: string, at: number): number {
  const length = t.u8(at);
  t.put(key, t.string(at + 1, length, 'latin1'), at, 1 + length);
  return at + 1 + length;
}

const ZIP_FUNCTIONS: Readonly<Record<number, string>> = {
  1: 'Query',
  2: 'Reply',
  3: 'Takedown',
  4: 'Bringup',
  5: 'GetNetInfo request',
  6: 'GetNetInfo reply',
  7: 'Notify',
  8: 'Extended reply',
};
const ZIP = { query: 1, reply: 2, ask: 5, answer: 6, extended: 8 } as const;

export const zip = defineProtocol({
  name: 'zip',
  title: 'Zone Information Protocol',
  on: { 'ddp.type': [6] },
  opens: ['data'],
  header: 1,
  fields: {
    function: { type: 'u8', label: 'Function', names: ZIP_FUNCTIONS },
    network_count: { type: 'u8', label: 'Count' },
    network: { type: 'u16', label: 'Network', many: true },
    network_start: { type: 'u16', label: 'Network start' },
    network_end: { type: 'u16', label: 'Network end' },
    flags: { type: 'u8', show: 'hex', label: 'Flags' },
    multicast_address: { type: 'bytes', label: 'Multicast address' },
    zone_name: { type: 'string', label: 'Zone', many: true },
    default_zone: { type: 'string', label: 'Default zone' },
  },
  tree(t) {
    const { at } = t;
    const kind = t.u8(at);
    t.info(ZIP_FUNCTIONS[kind] ?? `Unknown ZIP function ${kind}`);
    t.add('function', at);
    if (kind === ZIP.query) {
      t.add('network_count', at + 1);
      for (let i = 0; i < t.u8(at + 1); i++) t.add('network', at + 2 + 2 * i);
    } else if (kind === ZIP.reply || kind === ZIP.extended) {
      t.add('network_count', at + 1);
      for (let next = at + 2; next + 3 <= t.end; ) next = counted(t, 'zone_name', t.add('network', next));
    } else if (kind === ZIP.ask) counted(t, 'zone_name', at + 6);
    else if (kind === ZIP.answer) {
      t.add('flags', at + 1);
      t.add('network_start', at + 2);
      t.add('network_end', at + 4);
      let next = counted(t, 'zone_name', at + 6);
      const length = t.u8(next);
      t.add('multicast_address', next + 1, length);
      next += 1 + length;
      if (next < t.end) counted(t, 'default_zone', next);
    } else t.payload(at + 1);
  },
});

const RTMP_FUNCTIONS: Readonly<Record<number, string>> = {
  1: 'Request',
  2: 'Route Data Request (split horizon processed)',
  3: 'Route Data Request (no split horizon processing)',
};

export const rtmp = defineProtocol({
  name: 'rtmp',
  title: 'Routing Table Maintenance Protocol',
  on: { 'ddp.type': [1, 5] },
  header: 1,
  fields: {
    function: { type: 'u8', label: 'Function', names: RTMP_FUNCTIONS },
    net: { type: 'u16', label: 'Net' },
    nodelen: { type: 'u8', label: 'Node Length' },
    nodeid: { type: 'u8', label: 'Node' },
    'tuple.net': { type: 'u16', label: 'Net', many: true },
    'tuple.range_start': { type: 'u16', label: 'Range Start', many: true },
    'tuple.range_end': { type: 'u16', label: 'Range End', many: true },
    'tuple.dist': { type: 'u8', bits: [4, 0], label: 'Distance', many: true },
  },
  tree(t) {
    const { at } = t;
    if (t.wireEnd - at === 1) {
      t.info(RTMP_FUNCTIONS[t.u8(at)] ?? 'Unknown');
      t.add('function', at);
      return;
    }
    t.info(`Net: ${t.u16(at)}  Node Len: ${t.u8(at + 2)}  Node: ${t.u8(at + 3)}`);
    t.add('nodeid', t.add('nodelen', t.add('net', at)));
    // Networks without a range have a version of their own in front of the tuples.
    let next = at + 4 + (t.has(at + 4, 3) && t.u16(at + 4) === 0 ? 3 : 0);
    for (let i = 1; next + 3 <= t.end; i++) {
      const isRange = (t.u8(next + 2) & 0x80) !== 0;
      t.nest(t.text(`Tuple ${i}`, next, isRange ? 6 : 3));
      t.add(isRange ? 'tuple.range_start' : 'tuple.net', next);
      t.add('tuple.dist', next + 2);
      if (isRange) t.add('tuple.range_end', next + 3);
      t.close();
      next += isRange ? 6 : 3;
    }
  },
});

export const aep = defineProtocol({
  name: 'aecho',
  title: 'AppleTalk Echo Protocol',
  short: 'AEP',
  on: { 'ddp.type': [4] },
  opens: ['data'],
  header: 1,
  fields: {
    function: { at: 0, type: 'u8', label: 'Function', names: { 1: 'Request', 2: 'Reply' }, abbrev: 'aecho.function' },
  },
  tree(t) {
    t.info(t.u8(t.at) === 1 ? 'Request' : 'Reply');
    t.header();
    t.headerEnd(t.at + 1);
    t.payload(t.at + 1);
  },
});
