/** Cisco's Enhanced Interior Gateway Routing Protocol (RFC 7868): a header and a list of typed values. */

import { fold16, sum16 } from '../../base/checksum.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = {
  version: 0,
  opcode: 1,
  checksum: 2,
  flags: 4,
  sequence: 8,
  ack: 12,
  router: 16,
  system: 18,
  values: 20,
} as const;
const OPCODES: Readonly<Record<number, string>> = {
  1: 'Update',
  2: 'Request',
  3: 'Query',
  4: 'Reply',
  5: 'Hello',
  6: 'IPX/SAP Update',
  7: 'Route Probe',
  8: 'Hello (Ack)',
  9: 'Stub-Info',
  10: 'SIA-Query',
  11: 'SIA-Reply',
};
const HELLO = 5;
const TYPE = { parameters: 0x0001, internal: 0x0102 } as const;
const TYPES: Readonly<Record<number, string>> = {
  0x0001: 'Parameters',
  0x0002: 'Authentication',
  0x0003: 'Sequence',
  0x0004: 'Software Version',
  0x0005: 'Next multicast sequence',
  0x0006: 'Peer Stub Information',
  0x0007: 'Peer Termination',
  0x0008: 'Peer TID List',
  0x0102: 'Internal Route = IPv4',
  0x0103: 'External Route = IPv4',
  0x0104: 'Community = IPv4',
  0x0402: 'Internal Route = IPv6',
  0x0403: 'External Route = IPv6',
  0x0602: 'Internal Route (MTR)',
  0x0603: 'External Route (MTR)',
};
const METRIC = { delay: 0, bandwidth: 4, mtu: 8, hops: 11, reliability: 12, load: 13, length: 16 } as const;

export const eigrp = defineProtocol({
  name: 'eigrp',
  title: 'Cisco EIGRP',
  on: { 'ip.proto': [88] },
  header: AT.values,
  fields: {
    version: { at: AT.version, type: 'u8', label: 'Version' },
    opcode: { at: AT.opcode, type: 'u8', label: 'Opcode', names: OPCODES },
    checksum: { at: AT.checksum, type: 'u16', show: 'hex', label: 'Checksum' },
    'checksum.status': { type: 'u8', label: 'Checksum Status', names: { 0: 'Bad', 1: 'Good', 2: 'Unverified' } },
    flags: { at: AT.flags, type: 'u32', show: 'hex', label: 'Flags' },
    'flags.init': { at: AT.flags, type: 'bool', of: 'u32', bits: [0, 0], label: 'Init' },
    'flags.condrecv': { at: AT.flags, type: 'bool', of: 'u32', bits: [1, 1], label: 'Conditional Receive' },
    'flags.restart': { at: AT.flags, type: 'bool', of: 'u32', bits: [2, 2], label: 'Restart' },
    'flags.eot': { at: AT.flags, type: 'bool', of: 'u32', bits: [3, 3], label: 'End Of Table' },
    seq: { at: AT.sequence, type: 'u32', label: 'Sequence' },
    ack: { at: AT.ack, type: 'u32', label: 'Acknowledge' },
    vrid: {
      at: AT.router,
      type: 'u16',
      label: 'Virtual Router ID',
      names: { 0: '(Address-Family)', 1: '(Multi-Cast)', 0x8000: '(Service-Family)' },
    },
    as: { at: AT.system, type: 'u16', label: 'Autonomous System' },
    'tlv.type': { type: 'u16', show: 'hex', label: 'Type', names: TYPES, abbrev: 'eigrp.tlv_type', many: true },
    'tlv.len': { type: 'u16', label: 'Length', abbrev: 'eigrp.tlv.len', many: true },
    par_k1: { type: 'u8', label: 'K1', abbrev: 'eigrp.par.k1' },
    par_k2: { type: 'u8', label: 'K2', abbrev: 'eigrp.par.k2' },
    par_k3: { type: 'u8', label: 'K3', abbrev: 'eigrp.par.k3' },
    par_k4: { type: 'u8', label: 'K4', abbrev: 'eigrp.par.k4' },
    par_k5: { type: 'u8', label: 'K5', abbrev: 'eigrp.par.k5' },
    par_k6: { type: 'u8', label: 'K6', abbrev: 'eigrp.par.k6' },
    'par.holdtime': { type: 'u16', label: 'Hold Time' },
    nexthop: { type: 'ipv4', label: 'NextHop', abbrev: 'eigrp.ipv4.nexthop', many: true },
    delay: { type: 'u32', label: 'Scaled Delay', abbrev: 'eigrp.old_metric.delay', many: true },
    bandwidth: { type: 'u32', label: 'Scaled BW', abbrev: 'eigrp.old_metric.bw', many: true },
    mtu: { type: 'u24', label: 'MTU', abbrev: 'eigrp.old_metric.mtu', many: true },
    hops: { type: 'u8', label: 'Hop Count', abbrev: 'eigrp.old_metric.hopcount', many: true },
    reliability: { type: 'u8', label: 'Reliability', abbrev: 'eigrp.old_metric.rel', many: true },
    load: { type: 'u8', label: 'Load', abbrev: 'eigrp.old_metric.load', many: true },
    prefix: { type: 'u8', label: 'Prefix Length', abbrev: 'eigrp.ipv4.prefixlen', many: true },
    destination: { type: 'ipv4', label: 'Destination', abbrev: 'eigrp.ipv4.destination', many: true },
  },
  tree(t) {
    const opcode = t.u8(t.at + AT.opcode);
    const isAck = opcode === HELLO && t.u32(t.at + AT.ack) !== 0;
    t.info(isAck ? 'Hello (Ack)' : (OPCODES[opcode] ?? `Unknown (${opcode})`));
    t.header();
    const isWhole = t.end === t.wireEnd;
    t.generated(
      'checksum.status',
      !isWhole ? 2 : fold16(sum16(t.bytes, t.at, t.end)) === 0xffff ? 1 : 0,
      t.at + AT.checksum,
      2,
    );
    for (let at = t.at + AT.values; t.end - at >= 4; ) {
      const type = t.u16(at);
      const length = t.u16(at + 2);
      if (length < 4) t.fail();
      t.nest(
        t.text(
          TYPES[type] ?? `Unknown TLV (0x${type.toString(16).padStart(4, '0')})`,
          at,
          Math.min(length, t.end - at),
        ),
      );
      t.add('tlv.type', at);
      t.add('tlv.len', at + 2);
      if (!t.has(at, length)) t.fail();
      value(t, type, at + 4, at + length);
      t.close();
      at += length;
    }
  },
});

function value(t: TreeBuilder, type: number, at: number, end: number): void {
  if (type === TYPE.parameters && end - at >= 8) {
    for (let i = 0; i < 6; i++) t.add(`par_k${i + 1}`, at + i);
    t.add('par.holdtime', at + 6);
  } else if (type === TYPE.internal && end - at >= 4 + METRIC.length + 1) {
    t.add('nexthop', at);
    const metric = at + 4;
    for (const key of ['delay', 'bandwidth', 'mtu', 'hops', 'reliability', 'load'] as const)
      t.add(key, metric + METRIC[key]);
    destinations(t, metric + METRIC.length, end);
  }
}

/** Prefix lengths, each with as many bytes of address as it needs. */
function destinations(t: TreeBuilder, from: number, end: number): void {
  for (let at = from; at < end; ) {
    const bits = t.u8(at);
    const size = bits === 0 ? 1 : (bits + 7) >>> 3;
    if (bits > 32 || at + 1 + size > end) return;
    let address = 0;
    for (let i = 0; i < 4; i++) address = address * 256 + (i < size ? t.u8(at + 1 + i) : 0);
    t.add('prefix', at);
    t.put('destination', address, at + 1, size);
    at += 1 + size;
  }
}
