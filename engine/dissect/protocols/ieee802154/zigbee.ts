/** ZigBee (05-3474): the network layer, the application support layer and beacons. What is encrypted stays so. */

import { defineProtocol, type FieldSpec } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const YES: readonly [string, string] = ['True', 'False'];
const NWK = { data: 0, command: 1, interPan: 3 } as const;
const NWK_BIT = { multicast: 0x100, security: 0x200, route: 0x400, longDst: 0x800, longSrc: 0x1000 } as const;
const NWK_TYPES: Readonly<Record<number, string>> = { 0: 'Data', 1: 'Command', 3: 'Interpan' };
const NWK_COMMANDS: Readonly<Record<number, string>> = {
  1: 'Route Request',
  2: 'Route Reply',
  3: 'Network Status',
  4: 'Leave',
  5: 'Route Record',
  6: 'Rejoin Request',
  7: 'Rejoin Response',
  8: 'Link Status',
  9: 'Network Report',
  10: 'Network Update',
  11: 'End Device Timeout Request',
  12: 'End Device Timeout Response',
  13: 'Link Power Delta',
};
const APS = { data: 0, command: 1, ack: 2, interPan: 3 } as const;
const APS_TYPES: Readonly<Record<number, string>> = { 0: 'Data', 1: 'Command', 2: 'Ack', 3: 'Interpan' };
const DELIVERY: Readonly<Record<number, string>> = { 0: 'Unicast', 1: 'Indirect', 2: 'Broadcast', 3: 'Group' };
const GROUP = 3;
const APS_BIT = { ackFormat: 0x10, security: 0x20, ackRequest: 0x40, extended: 0x80 } as const;
const APS_COMMANDS: Readonly<Record<number, string>> = {
  5: 'Transport Key',
  6: 'Update Device',
  7: 'Remove Device',
  8: 'Request Key',
  9: 'Switch Key',
  14: 'Tunnel',
  15: 'Verify Key',
  16: 'Confirm Key',
};
const KEYS: Readonly<Record<number, string>> = {
  0: 'Link Key',
  1: 'Network Key',
  2: 'Key-Transport Key',
  3: 'Key-Load Key',
};
const KEY_NETWORK = 1;
const MIC = 4;
const FIRST_BROADCAST = 0xfff8;

const bit16 = (bit: number, label: string): FieldSpec => ({
  type: 'bool',
  of: 'u16',
  bits: [bit, bit],
  label,
  flag: YES,
  little: true,
});
const bit8 = (bit: number, label: string): FieldSpec => ({ type: 'bool', bits: [bit, bit], label, flag: YES });

/** Both layers may be secured; the fields are named alike. */
const security: Readonly<Record<string, FieldSpec>> = {
  sec_key: {
    type: 'u8',
    bits: [4, 3],
    show: 'hex',
    label: 'Key Id',
    names: KEYS,
    abbrev: 'zbee.sec.key_id',
    many: true,
  },
  sec_nonce: { ...bit8(5, 'Extended Nonce'), abbrev: 'zbee.sec.ext_nonce', many: true },
  sec_counter: { type: 'u32', label: 'Frame Counter', little: true, abbrev: 'zbee.sec.counter', many: true },
  sec_src: { type: 'eui64', label: 'Extended Source', abbrev: 'zbee.sec.src64', many: true },
  sec_number: { type: 'u8', label: 'Key Sequence Number', abbrev: 'zbee.sec.key_seqno', many: true },
  sec_mic: { type: 'bytes', label: 'Message Integrity Code', abbrev: 'zbee.sec.mic', many: true },
  sec_encrypted: { type: 'none', label: 'Encrypted Payload', abbrev: 'zbee_sec.encrypted_payload', many: true },
};

export const zigbeeNetwork = defineProtocol({
  name: 'zbee_nwk',
  title: 'ZigBee Network Layer',
  short: 'ZigBee',
  opens: ['zbee_aps', 'data'],
  header: 8,
  fields: {
    fcf: { type: 'u16', show: 'hex', label: 'Frame Control Field', little: true },
    frame_type: { type: 'u16', bits: [1, 0], show: 'hex', label: 'Frame Type', names: NWK_TYPES, little: true },
    proto_version: { type: 'u16', bits: [5, 2], label: 'Protocol Version', little: true },
    discovery: {
      type: 'u16',
      bits: [7, 6],
      show: 'hex',
      label: 'Discover Route',
      names: { 0: 'Suppress', 1: 'Enable', 3: 'Force' },
      little: true,
    },
    multicast: bit16(8, 'Multicast'),
    security: bit16(9, 'Security'),
    src_route: bit16(10, 'Source Route'),
    ext_dst: bit16(11, 'Destination'),
    ext_src: bit16(12, 'Extended Source'),
    end_device_initiator: bit16(13, 'End Device Initiator'),
    dst: { type: 'u16', show: 'hex', label: 'Destination', little: true, also: ['addr'] },
    src: { type: 'u16', show: 'hex', label: 'Source', little: true, also: ['addr'] },
    addr: { type: 'u16', show: 'hex', label: 'Address', many: true },
    radius: { type: 'u8', label: 'Radius' },
    seqno: { type: 'u8', label: 'Sequence Number' },
    dst64: { type: 'eui64', label: 'Destination', also: ['addr64'] },
    src64: { type: 'eui64', label: 'Extended Source', also: ['addr64'] },
    addr64: { type: 'eui64', label: 'Extended Address', many: true },
    'relay.count': { type: 'u8', label: 'Relay Count' },
    'relay.index': { type: 'u8', label: 'Relay Index' },
    relay: { type: 'u16', show: 'hex', label: 'Relay', little: true, many: true },
    'cmd.id': { type: 'u8', show: 'hex', label: 'Command Identifier', names: NWK_COMMANDS },
    ...security,
  },
  tree(t) {
    const { at } = t;
    const control = t.u16le(at);
    const type = control & 3;
    const target = shortText(t.u16le(at + 2));
    const source = shortText(t.u16le(at + 4));
    const name = NWK_TYPES[type] ?? 'Reserved';
    t.info(`${name}, Dst: ${target}, Src: ${source}`);
    t.label(`ZigBee Network Layer ${name}, Dst: ${target}, Src: ${source}`);
    t.add('fcf', at);
    t.nest(t.last());
    for (const key of ['frame_type', 'proto_version', 'discovery', 'multicast', 'security', 'src_route', 'ext_dst'])
      t.add(key, at);
    t.add('ext_src', at);
    t.add('end_device_initiator', at);
    t.close();
    t.add('dst', at + 2);
    t.add('src', at + 4);
    t.add('radius', at + 6);
    t.add('seqno', at + 7);
    let next = at + 8;
    if ((control & NWK_BIT.longDst) !== 0) next = longAddress(t, 'dst64', next);
    if ((control & NWK_BIT.longSrc) !== 0) next = longAddress(t, 'src64', next);
    if ((control & NWK_BIT.multicast) !== 0) next++;
    if ((control & NWK_BIT.route) !== 0) next = relays(t, next);
    if ((control & NWK_BIT.security) !== 0) {
      secured(t, next);
      return;
    }
    t.headerEnd(next);
    if (type === NWK.command) {
      const id = t.u8(next);
      t.add('cmd.id', next);
      t.info(`${NWK_COMMANDS[id] ?? 'Unknown Command'}, Dst: ${target}, Src: ${source}`);
      t.payload(next + 1);
    } else if (type === NWK.data && next < t.end) t.dissect('zbee_aps', next);
    else t.payload(next);
  },
});

function shortText(address: number): string {
  return address >= FIRST_BROADCAST ? 'Broadcast' : `0x${address.toString(16).padStart(4, '0')}`;
}

function longAddress(t: TreeBuilder, key: string, at: number): number {
  t.put(key, t.slice(at, 8).reverse(), at, 8);
  return at + 8;
}

function relays(t: TreeBuilder, at: number): number {
  const count = t.u8(at);
  t.add('relay.count', at);
  t.add('relay.index', at + 1);
  for (let i = 0; i < count; i++) t.add('relay', at + 2 + 2 * i);
  return at + 2 + 2 * count;
}

/** The auxiliary header, what is encrypted, and the integrity code at its end (clause 4.5). */
function secured(t: TreeBuilder, at: number): void {
  const control = t.u8(at);
  const node = t.nest(t.text('ZigBee Security Header', at, t.end - at));
  t.add('sec_key', at);
  t.add('sec_nonce', at);
  let next = t.add('sec_counter', at + 1);
  if ((control & 0x20) !== 0) next = longAddress(t, 'sec_src', next);
  if (((control >>> 3) & 3) === KEY_NETWORK) next = t.add('sec_number', next);
  const end = Math.max(next, t.end - MIC);
  if (t.end - end === MIC) t.add('sec_mic', end, MIC);
  t.expert('warning', 'Encrypted Payload', next, end - next, 'sec_encrypted');
  t.close();
  node.length = next - at;
  t.headerEnd(next);
  t.payload(next, end, end);
}

export const zigbeeSupport = defineProtocol({
  name: 'zbee_aps',
  title: 'ZigBee Application Support Layer',
  short: 'ZigBee',
  header: 2,
  fields: {
    type: { type: 'u8', bits: [1, 0], show: 'hex', label: 'Frame Type', names: APS_TYPES },
    delivery: { type: 'u8', bits: [3, 2], show: 'hex', label: 'Delivery Mode', names: DELIVERY },
    security: bit8(5, 'Security'),
    ack_req: bit8(6, 'Acknowledgement Request'),
    ext_header: bit8(7, 'Extended Header'),
    dst: { type: 'u8', label: 'Destination Endpoint' },
    group: { type: 'u16', show: 'hex', label: 'Group', little: true },
    cluster: { type: 'u16', show: 'hex', label: 'Cluster', little: true },
    profile: { type: 'u16', show: 'hex', label: 'Profile', little: true },
    src: { type: 'u8', label: 'Source Endpoint' },
    counter: { type: 'u8', label: 'Counter' },
    'cmd.id': { type: 'u8', show: 'hex', label: 'Command Identifier', names: APS_COMMANDS },
    ...security,
  },
  tree(t) {
    const { at } = t;
    const control = t.u8(at);
    const type = control & 3;
    const name = APS_TYPES[type] ?? '';
    t.info(`APS: ${name}`);
    t.label(`ZigBee Application Support Layer ${name}`);
    for (const key of ['type', 'delivery', 'security', 'ack_req', 'ext_header']) t.add(key, at);
    let next = at + 1;
    if (type === APS.data || (type === APS.ack && (control & APS_BIT.ackFormat) === 0))
      next = endpoints(t, control, next);
    next = t.add('counter', next);
    if ((control & APS_BIT.extended) !== 0) next += (t.u8(next) & 3) === 0 ? 1 : 2;
    if ((control & APS_BIT.security) !== 0) {
      secured(t, next);
      return;
    }
    if (type === APS.command) {
      const id = t.u8(next);
      t.addInfo(`, ${APS_COMMANDS[id] ?? 'Unknown'}`);
      next = t.add('cmd.id', next);
    }
    t.headerEnd(next);
    t.payload(next);
  },
});

function endpoints(t: TreeBuilder, control: number, at: number): number {
  let next = at;
  if (((control >>> 2) & 3) === GROUP) next = t.add('group', next);
  else {
    t.addInfo(`, Dst Endpt: ${t.u8(next)}`);
    next = t.add('dst', next);
  }
  next = t.add('cluster', next);
  next = t.add('profile', next);
  t.addInfo(`, Src Endpt: ${t.u8(next)}`);
  return t.add('src', next);
}

export const zigbeeBeacon = defineProtocol({
  name: 'zbee_beacon',
  title: 'ZigBee Beacon',
  short: 'ZigBee',
  header: 15,
  fields: {
    protocol: { type: 'u8', label: 'Protocol ID' },
    profile: {
      type: 'u16',
      bits: [3, 0],
      show: 'hex',
      label: 'Stack Profile',
      names: { 0: 'Network Specific', 1: 'ZigBee Home', 2: 'ZigBee PRO' },
      little: true,
    },
    version: { type: 'u16', bits: [7, 4], label: 'Protocol Version', little: true },
    router: bit16(10, 'Router Capacity'),
    depth: { type: 'u16', bits: [14, 11], label: 'Device Depth', little: true },
    end_dev: bit16(15, 'End Device Capacity'),
    ext_panid: { type: 'eui64', label: 'Extended PAN ID' },
    tx_offset: { type: 'u24', label: 'Tx Offset', little: true },
    update_id: { type: 'u8', label: 'Update ID' },
  },
  tree(t) {
    const { at } = t;
    t.add('protocol', at);
    for (const key of ['profile', 'version', 'router', 'depth', 'end_dev']) t.add(key, at + 1);
    const pan = t.slice(at + 3, 8).reverse();
    t.put('ext_panid', pan, at + 3, 8);
    t.add('tx_offset', at + 11);
    t.add('update_id', at + 14);
    t.addInfo(`, EPID: ${Array.from(pan, (byte) => byte.toString(16).padStart(2, '0')).join(':')}`);
  },
});
