/** Spanning tree (IEEE 802.1D, 802.1w, 802.1s): configuration, topology change and rapid or multiple tree messages; Cisco's PVST+. */

import { formatMac } from '../../base/address.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = {
  protocol: 0,
  version: 2,
  type: 3,
  flags: 4,
  root: 5,
  rootMac: 7,
  cost: 13,
  bridge: 17,
  bridgeMac: 19,
  port: 25,
  age: 27,
  maxAge: 29,
  hello: 31,
  forward: 33,
  version1Length: 35,
  tlvs: 36,
  version3Length: 36,
  mst: 38,
} as const;
const TYPE = { configuration: 0, rapid: 2, change: 0x80 } as const;
const TYPES: Readonly<Record<number, string>> = {
  0: 'Configuration',
  2: 'Rapid/Multiple Spanning Tree',
  0x80: 'Topology Change Notification',
};
const VERSIONS: Readonly<Record<number, string>> = {
  0: 'Spanning Tree',
  2: 'Rapid Spanning Tree',
  3: 'Multiple Spanning Tree',
  4: 'Shortest Path Tree',
};
const ROLES: Readonly<Record<number, string>> = { 0: 'Unknown', 1: 'Alternate or Backup', 2: 'Root', 3: 'Designated' };
const EXTENSION = 0x0fff;
/** Times are in 1/256 s. */
const TICKS = 256;
const MSTI_LENGTH = 16;
const MST = {
  format: 0,
  name: 1,
  revision: 33,
  digest: 35,
  internalCost: 51,
  bridge: 55,
  bridgeMac: 57,
  hops: 63,
  instances: 64,
} as const;

export const stp = defineProtocol({
  name: 'stp',
  title: 'Spanning Tree Protocol',
  on: { 'llc.dsap': [0x42], 'llc.cisco': [0x010b], 'gre.proto': [0x010b], 'ppp.protocol': [0x0031] },
  header: AT.flags,
  fields: {
    protocol: {
      at: AT.protocol,
      type: 'u16',
      show: 'hex',
      label: 'Protocol Identifier',
      names: { 0: 'Spanning Tree Protocol', 1: 'GARP' },
    },
    version: { at: AT.version, type: 'u8', label: 'Protocol Version Identifier', names: VERSIONS },
    type: { at: AT.type, type: 'u8', show: 'hex', label: 'BPDU Type', names: TYPES },
    flags: { type: 'u8', show: 'hex', label: 'BPDU flags' },
    'flags.tcack': {
      type: 'bool',
      of: 'u8',
      bits: [7, 7],
      label: 'Topology Change Acknowledgment',
      flag: ['Yes', 'No'],
    },
    'flags.agreement': { type: 'bool', of: 'u8', bits: [6, 6], label: 'Agreement', flag: ['Yes', 'No'] },
    'flags.forwarding': { type: 'bool', of: 'u8', bits: [5, 5], label: 'Forwarding', flag: ['Yes', 'No'] },
    'flags.learning': { type: 'bool', of: 'u8', bits: [4, 4], label: 'Learning', flag: ['Yes', 'No'] },
    'flags.port_role': { type: 'u8', bits: [3, 2], label: 'Port Role', names: ROLES },
    'flags.proposal': { type: 'bool', of: 'u8', bits: [1, 1], label: 'Proposal', flag: ['Yes', 'No'] },
    'flags.tc': { type: 'bool', of: 'u8', bits: [0, 0], label: 'Topology Change', flag: ['Yes', 'No'] },
    'root.prio': { type: 'u16', label: 'Root Bridge Priority' },
    'root.ext': { type: 'u16', label: 'Root Bridge System ID Extension' },
    'root.hw': { type: 'ether', label: 'Root Bridge System ID' },
    'root.cost': { type: 'u32', label: 'Root Path Cost' },
    'bridge.prio': { type: 'u16', label: 'Bridge Priority' },
    'bridge.ext': { type: 'u16', label: 'Bridge System ID Extension' },
    'bridge.hw': { type: 'ether', label: 'Bridge System ID' },
    port: { type: 'u16', show: 'hex', label: 'Port identifier' },
    msg_age: { type: 'double', label: 'Message Age' },
    max_age: { type: 'double', label: 'Max Age' },
    hello: { type: 'double', label: 'Hello Time' },
    forward: { type: 'double', label: 'Forward Delay' },
    version_1_length: { type: 'u8', label: 'Version 1 Length' },
    'pvst.tlvtype': { type: 'u16', show: 'hex', label: 'Type', names: { 0: 'Originating VLAN' }, many: true },
    'pvst.tlvlen': { type: 'u16', label: 'Length', many: true },
    'pvst.origvlan': { type: 'u16', label: 'Originating VLAN' },
    'pvst.tlvval': { type: 'bytes', label: 'Value', many: true },
    version_3_length: { type: 'u16', label: 'Version 3 Length', abbrev: 'mstp.version_3_length' },
    config_format: { type: 'u8', label: 'MST Config ID format selector', abbrev: 'mstp.config_format_selector' },
    config_name: { type: 'string', label: 'MST Config name', abbrev: 'mstp.config_name' },
    config_revision: { type: 'u16', label: 'MST Config revision', abbrev: 'mstp.config_revision_level' },
    config_digest: { type: 'bytes', label: 'MST Config digest', abbrev: 'mstp.config_digest' },
    internal_cost: { type: 'u32', label: 'CIST Internal Root Path Cost', abbrev: 'mstp.cist_internal_root_path_cost' },
    'cist_bridge.prio': { type: 'u16', label: 'CIST Bridge Priority', abbrev: 'mstp.cist_bridge.prio' },
    'cist_bridge.ext': {
      type: 'u16',
      label: 'CIST Bridge Identifier System ID Extension',
      abbrev: 'mstp.cist_bridge.ext',
    },
    'cist_bridge.hw': { type: 'ether', label: 'CIST Bridge Identifier System ID', abbrev: 'mstp.cist_bridge.hw' },
    remaining_hops: { type: 'u8', label: 'CIST Remaining hops', abbrev: 'mstp.cist_remaining_hops' },
  },
  tree(t) {
    const { at } = t;
    const version = t.u8(at + AT.version);
    const type = t.u8(at + AT.type);
    t.header();
    t.info(TYPES[type] ?? `Unknown BPDU type (${type})`);
    if (type !== TYPE.configuration && type !== TYPE.rapid) return;
    const flags = t.u8(at + AT.flags);
    const kind = type === TYPE.configuration ? 'Conf' : version === 3 ? 'MST' : version === 4 ? 'SPT' : 'RST';
    const root = t.u16(at + AT.root);
    const cost = t.u32(at + AT.cost);
    const port = t.u16(at + AT.port);
    t.info(
      `${kind}. ${(flags & 1) !== 0 ? 'TC + ' : ''}Root = ${root & ~EXTENSION}/${root & EXTENSION}/${formatMac(t.bytes, at + AT.rootMac)}  Cost = ${cost}  Port = 0x${port.toString(16).padStart(4, '0')}`,
    );
    flagBits(t, at + AT.flags, type);
    identifier(t, 'root', at + AT.root);
    t.add('root.cost', at + AT.cost);
    identifier(t, 'bridge', at + AT.bridge);
    t.add('port', at + AT.port);
    for (const [key, where] of [
      ['msg_age', AT.age],
      ['max_age', AT.maxAge],
      ['hello', AT.hello],
      ['forward', AT.forward],
    ] as const)
      t.put(key, t.u16(at + where) / TICKS, at + where, 2);
    if (type === TYPE.rapid) t.add('version_1_length', at + AT.version1Length);
    if (type === TYPE.rapid && version >= 3 && t.has(at, AT.mst)) multiple(t, at);
    else if (t.end >= at + AT.tlvs + 6) vlanOf(t, at + AT.tlvs);
  },
});

function flagBits(t: TreeBuilder, at: number, type: number): void {
  t.add('flags', at);
  t.nest(t.last());
  t.add('flags.tcack', at);
  if (type === TYPE.rapid)
    for (const bit of ['agreement', 'forwarding', 'learning', 'port_role', 'proposal']) t.add(`flags.${bit}`, at);
  t.add('flags.tc', at);
  t.close();
}

function identifier(t: TreeBuilder, key: string, at: number): void {
  const value = t.u16(at);
  const text = `${value & ~EXTENSION} / ${value & EXTENSION} / ${formatMac(t.slice(at + 2, 6), 0)}`;
  t.nest(t.text(`${key === 'root' ? 'Root' : key === 'bridge' ? 'Bridge' : 'CIST Bridge'} Identifier: ${text}`, at, 8));
  t.put(`${key}.prio`, value & ~EXTENSION, at, 1);
  t.put(`${key}.ext`, value & EXTENSION, at, 2);
  t.add(`${key}.hw`, at + 2);
  t.close();
}

function multiple(t: TreeBuilder, start: number): void {
  const length = t.u16(start + AT.version3Length);
  t.add('version_3_length', start + AT.version3Length);
  const at = start + AT.mst;
  if (length < MST.instances || !t.has(at, MST.instances)) return;
  t.add('config_format', at + MST.format);
  t.put('config_name', t.string(at + MST.name, 32, 'utf8', true), at + MST.name, 32);
  t.add('config_revision', at + MST.revision);
  t.add('config_digest', at + MST.digest, 16);
  t.add('internal_cost', at + MST.internalCost);
  identifier(t, 'cist_bridge', at + MST.bridge);
  t.add('remaining_hops', at + MST.hops);
  const end = Math.min(t.end, at + length);
  for (let one = at + MST.instances; one + MSTI_LENGTH <= end; one += MSTI_LENGTH) {
    t.text(
      `MSTID ${t.u16(one + 1) & EXTENSION}, Regional Root Identifier ${t.u16(one + 1) & ~EXTENSION} / ${formatMac(t.bytes, one + 3)}`,
      one,
      MSTI_LENGTH,
    );
  }
}

/** PVST+ says behind the message which VLAN it is about. */
function vlanOf(t: TreeBuilder, from: number): void {
  for (let at = from; at + 4 <= t.end; ) {
    const type = t.u16(at);
    const length = t.u16(at + 2);
    if (length === 0 || at + 4 + length > t.end) return;
    t.add('pvst.tlvtype', at);
    t.add('pvst.tlvlen', at + 2);
    if (type === 0 && length === 2) t.add('pvst.origvlan', at + 4);
    else t.add('pvst.tlvval', at + 4, length);
    at += 4 + length;
  }
}
