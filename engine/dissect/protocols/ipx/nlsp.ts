/** NetWare Link Services Protocol (Novell's "NLSP Specification", 1994): link state routing, close to IS-IS. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const TYPE = { lanHello: 15, wanHello: 17, lsp: 18, csnp: 24, psnp: 26 } as const;
const TYPES: Readonly<Record<number, string>> = {
  15: 'L1 Hello',
  17: 'WAN Hello',
  18: 'L1 LSP',
  24: 'L1 CSNP',
  26: 'L1 PSNP',
};
const CIRCUITS: Readonly<Record<number, string>> = {
  0: 'Reserved 0 (discard PDU)',
  1: 'Level 1 only',
  2: 'Level 2 only',
  3: 'Level 1 and 2',
};
const STATES: Readonly<Record<number, string>> = { 0: 'Up', 1: 'Initializing', 2: 'Down' };
const ROUTERS: Readonly<Record<number, string>> = { 1: 'Level 1 Router', 3: 'Level 1 and Level 2 Router' };
const OPTION = { area: 192, neighbours: 6, mtu: 197 } as const;
const SUPPORTED = ['Supported', 'Not supported'] as const;

export const nlsp = defineProtocol({
  name: 'nlsp',
  title: 'NetWare Link Services Protocol',
  unlisted: true,
  header: 6,
  fields: {
    irpd: { type: 'u8', show: 'hex', label: 'NetWare Link Services Protocol Discriminator' },
    header_length: { type: 'u8', label: 'PDU Header Length' },
    minor_version: { type: 'u8', label: 'Minor Version' },
    nr: { type: 'bool', of: 'u8', bits: [7, 7], label: 'Multi-homed Non-routing Server' },
    type: { type: 'u8', bits: [4, 0], label: 'Packet Type', names: TYPES },
    major_version: { type: 'u8', label: 'Major Version' },
    packet_length: { type: 'u16', label: 'Packet Length' },
    'hello.state': { type: 'u8', bits: [7, 6], label: 'State', names: STATES },
    'hello.multicast': { type: 'bool', of: 'u8', bits: [4, 4], label: 'Multicast Routing', flag: SUPPORTED },
    'hello.circuit_type': { type: 'u8', bits: [1, 0], label: 'Circuit Type', names: CIRCUITS },
    'hello.sending_router_system_id': { type: 'ether', label: 'Sending Router System ID' },
    'hello.holding_timer': { type: 'u16', label: 'Holding Timer', doc: 'In seconds.' },
    'hello.priority': { type: 'u8', bits: [6, 0], label: 'Priority' },
    'hello.designated_router_system_id': { type: 'ether', label: 'Designated Router System ID' },
    'hello.designated_router_pseudonode_id': { type: 'u8', label: 'Designated Router Pseudonode ID' },
    'hello.local_wan_circuit_id': { type: 'u8', label: 'Local WAN Circuit ID' },
    remaining_lifetime: { type: 'u16', label: 'Remaining Lifetime' },
    lsp_id_system_id: { type: 'ether', label: 'LSP ID system ID' },
    lsp_id_pseudonode_id: { type: 'u8', label: 'LSP ID pseudonode ID' },
    lsp_id_lsp_number: { type: 'u8', label: 'LSP ID LSP number' },
    sequence_number: { type: 'u32', show: 'hex', label: 'Sequence Number' },
    'lsp.checksum': { type: 'u16', show: 'hex', label: 'Checksum' },
    'lsp.partition_repair': { type: 'bool', of: 'u8', bits: [7, 7], label: 'Partition Repair', flag: SUPPORTED },
    'lsp.lspdbol': { type: 'bool', of: 'u8', bits: [2, 2], label: 'LSP Database Overloaded', flag: ['Yes', 'No'] },
    'lsp.router_type': { type: 'u8', bits: [1, 0], label: 'Router Type', names: ROUTERS },
    'area_address.network_number': { type: 'u32', show: 'hex', label: 'Area address network number', many: true },
    'area_address.mask': { type: 'u32', show: 'hex', label: 'Area address mask', many: true },
    neighbor: { type: 'ether', label: 'Neighbor', many: true },
    'hello_local_mtu.mtu_size': { type: 'u32', label: 'MTU Size' },
  },
  tree(t) {
    const { at } = t;
    const type = t.u8(at + 4) & 0x1f;
    const header = t.u8(at + 1);
    t.info(TYPES[type] ?? 'Unknown');
    t.add('irpd', at);
    t.add('header_length', at + 1);
    t.add('minor_version', at + 2);
    t.add('nr', at + 4);
    t.add('type', at + 4);
    t.add('major_version', at + 5);
    if (type === TYPE.lanHello) lanHello(t, at);
    else if (type === TYPE.wanHello) wanHello(t, at);
    else if (type === TYPE.lsp) linkState(t, at);
    else if (type === TYPE.csnp || type === TYPE.psnp) t.add('packet_length', at + 8);
    else return;
    options(t, at + header);
  },
});

function lanHello(t: TreeBuilder, at: number): void {
  t.add('hello.multicast', at + 8);
  t.add('hello.circuit_type', at + 8);
  t.add('hello.sending_router_system_id', at + 9);
  t.put('hello.holding_timer', t.u16(at + 15), at + 15, 2);
  t.add('packet_length', at + 17);
  t.add('hello.priority', at + 19);
  t.add('hello.designated_router_system_id', at + 20);
  t.add('hello.designated_router_pseudonode_id', at + 26);
}

function wanHello(t: TreeBuilder, at: number): void {
  t.add('hello.state', at + 8);
  t.add('hello.circuit_type', at + 8);
  t.add('hello.sending_router_system_id', at + 9);
  t.put('hello.holding_timer', t.u16(at + 15), at + 15, 2);
  t.add('packet_length', at + 17);
  t.add('hello.local_wan_circuit_id', at + 19);
}

function linkState(t: TreeBuilder, at: number): void {
  t.add('packet_length', at + 8);
  t.add('remaining_lifetime', at + 10);
  t.add('lsp_id_system_id', at + 12);
  t.add('lsp_id_pseudonode_id', at + 18);
  t.add('lsp_id_lsp_number', at + 19);
  t.add('sequence_number', at + 20);
  t.add('lsp.checksum', at + 24);
  t.add('lsp.partition_repair', at + 26);
  t.add('lsp.lspdbol', at + 26);
  t.add('lsp.router_type', at + 26);
}

/** Code, length, value. */
function options(t: TreeBuilder, from: number): void {
  for (let at = from; t.has(at, 2); ) {
    const code = t.u8(at);
    const length = t.u8(at + 1);
    const value = at + 2;
    t.need(value, length);
    if (code === OPTION.area) {
      for (let one = value; one + 8 <= value + length; one += 8) {
        t.add('area_address.network_number', one);
        t.add('area_address.mask', one + 4);
      }
    } else if (code === OPTION.neighbours)
      for (let one = value; one + 6 <= value + length; one += 6) t.add('neighbor', one);
    else if (code === OPTION.mtu && length >= 4) t.add('hello_local_mtu.mtu_size', value);
    else t.text(`Option ${code} (${length} bytes)`, at, 2 + length);
    at = value + length;
  }
}
