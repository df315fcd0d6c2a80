/** PROFINET real time frames (IEC 61158-6-10): a frame id says what follows; DCP finds and names devices. */

import { u16 } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const FRAME_ID = 2;
const DCP = { first: 0xfefc, last: 0xfeff } as const;
const CYCLIC = { first: 0x0100, last: 0xfbff } as const;
const STATUS = 4;
const KINDS: readonly (readonly [number, number, string])[] = [
  [0x0000, 0x001f, 'Real-Time: Clock or Reserved ID, Low priority'],
  [0x0020, 0x0021, 'Real-Time: Sync (with follow up)'],
  [0x0080, 0x0081, 'Real-Time: Sync (without follow up)'],
  [0x0100, 0x7fff, 'RTC3'],
  [0x8000, 0xbbff, 'RTC1'],
  [0xbc00, 0xbfff, 'RTC1 Multicast'],
  [0xc000, 0xf7ff, 'RTC1(legacy)'],
  [0xf800, 0xfbff, 'RTC1(legacy)'],
  [0xfc01, 0xfc01, 'Alarm High'],
  [0xfe01, 0xfe01, 'Alarm Low'],
  [0xfefc, 0xfefc, 'Real-Time: DCP (Dynamic Configuration Protocol) hello'],
  [0xfefd, 0xfefd, 'Real-Time: DCP (Dynamic Configuration Protocol) get/set'],
  [0xfefe, 0xfefe, 'Real-Time: DCP (Dynamic Configuration Protocol) identify multicast request'],
  [0xfeff, 0xfeff, 'Real-Time: DCP (Dynamic Configuration Protocol) identify response'],
];

export const profinet = defineProtocol({
  name: 'pn_rt',
  title: 'PROFINET Real-Time Protocol',
  short: 'PN-RT',
  on: { ethertype: [0x8892] },
  chooses: 'pn_rt.frame_id',
  header: FRAME_ID,
  fields: {
    frame_id: { type: 'u16', label: 'FrameID' },
    cycle_counter: { type: 'u16', label: 'CycleCounter' },
    ds: { type: 'u8', show: 'hex', label: 'DataStatus' },
    transfer_status: { type: 'u8', label: 'TransferStatus' },
  },
  scan(p) {
    const id = u16(p.bytes, p.at);
    p.enter(FRAME_ID);
    if (id >= DCP.first && id <= DCP.last) p.next(0);
    else if (id >= CYCLIC.first && id <= CYCLIC.last) {
      p.enter(0, Math.max(0, p.wireEnd - p.at - STATUS));
      p.next(1);
    } else p.rest();
  },
  tree(t) {
    const id = t.u16(t.at);
    const hex = `0x${id.toString(16).padStart(4, '0')}`;
    const kind = KINDS.find(([first, last]) => id >= first && id <= last)?.[2] ?? 'Reserved';
    t.info(`${kind}, ID:${hex}, Len:${Math.max(0, t.wireEnd - t.at - FRAME_ID)}`);
    t.put('frame_id', id, t.at, FRAME_ID, `FrameID: ${hex} (${kind})`);
    t.addLabel(`, ${kind}, ID:${hex}`);
    const end = t.wireEnd - STATUS;
    if (id >= CYCLIC.first && id <= CYCLIC.last && end >= t.at + FRAME_ID && t.has(end, STATUS)) {
      t.add('cycle_counter', end);
      t.add('ds', end + 2);
      t.add('transfer_status', end + 3);
      t.info(cyclic(t, id, end, kind));
      t.fence();
    }
    if (id >= CYCLIC.first && id <= CYCLIC.last) t.limit(Math.max(t.at + FRAME_ID, end));
    t.headerEnd(t.at + FRAME_ID);
    t.upper(t.at + FRAME_ID);
  },
});

/** Cyclic data in words: what the status at its end says of it. */
function cyclic(t: TreeBuilder, id: number, status: number, kind: string): string {
  const flags = t.u8(status + 2);
  const states = [
    (flags & 0x04) !== 0 ? 'Valid' : 'Invalid',
    (flags & 0x01) !== 0 ? 'Primary' : 'Backup',
    (flags & 0x20) !== 0 ? 'Ok' : 'Problem',
    (flags & 0x10) !== 0 ? 'Run' : 'Stop',
  ];
  const length = String(status - t.at - FRAME_ID).padStart(4);
  return `${kind}, ID:0x${id.toString(16).padStart(4, '0')}, Len:${length}, Cycle:${String(t.u16(status)).padStart(5)} (${states.join(',')})`;
}

export const profinetIo = defineProtocol({
  name: 'pn_io',
  title: 'PROFINET IO Cyclic Service Data Unit',
  short: 'PNIO',
  on: { 'pn_rt.frame_id': [1] },
  fields: {},
  tree(t) {
    t.addLabel(`: ${t.end - t.at} bytes`);
  },
});

const AT = { service: 0, kind: 1, xid: 2, delay: 6, length: 8, blocks: 10 } as const;
const SERVICES: Readonly<Record<number, string>> = { 3: 'Get', 4: 'Set', 5: 'Ident', 6: 'Hello' };
const SERVICE = { get: 3, set: 4, identify: 5, hello: 6 } as const;
const SERVICE_KINDS: Readonly<Record<number, string>> = {
  0: 'Request',
  1: 'Response Success',
  5: 'Response - Request not supported',
};
const OPTIONS: Readonly<Record<number, string>> = {
  1: 'IP',
  2: 'Device properties',
  3: 'DHCP',
  5: 'Control',
  6: 'Device Initiative',
  255: 'All Selector',
};
const OPTION = { ip: 1, device: 2 } as const;
const ALL = 255;
const IP = { mac: 1, address: 2 } as const;
const DEVICE = { vendor: 1, name: 2, id: 3, role: 4, alias: 6 } as const;

export const profinetDcp = defineProtocol({
  name: 'pn_dcp',
  title: 'PROFINET DCP',
  short: 'PN-DCP',
  on: { 'pn_rt.frame_id': [0] },
  header: AT.blocks,
  fields: {
    service_id: { at: AT.service, type: 'u8', label: 'ServiceID', names: SERVICES },
    service_type: { at: AT.kind, type: 'u8', label: 'ServiceType', names: SERVICE_KINDS },
    xid: { at: AT.xid, type: 'u32', show: 'hex', label: 'Xid' },
    response_delay: { type: 'u16', label: 'ResponseDelay' },
    reserved16: { type: 'u16', label: 'Reserved' },
    data_length: { at: AT.length, type: 'u16', label: 'DCPDataLength' },
    option: { type: 'u8', label: 'Option', names: OPTIONS, many: true },
    block_length: { type: 'u16', label: 'DCPBlockLength', many: true },
    suboption_ip: { type: 'u8', label: 'Suboption', names: { 1: 'MAC address', 2: 'IP parameter' } },
    suboption_ip_mac_address: { type: 'ether', label: 'MAC Address' },
    suboption_ip_ip: { type: 'ipv4', label: 'IPaddress' },
    suboption_ip_subnetmask: { type: 'ipv4', label: 'Subnetmask' },
    suboption_ip_standard_gateway: { type: 'ipv4', label: 'StandardGateway' },
    suboption_device: {
      type: 'u8',
      label: 'Suboption',
      names: { 1: 'Manufacturer specific', 2: 'Name of Station', 3: 'Device ID', 4: 'Device Role', 6: 'Alias Name' },
      many: true,
    },
    suboption_device_devicevendorvalue: { type: 'string', label: 'DeviceVendorValue' },
    suboption_device_nameofstation: { type: 'string', label: 'NameOfStation' },
    suboption_vendor_id: { type: 'u16', show: 'hex', label: 'VendorID' },
    suboption_device_id: { type: 'u16', show: 'hex', label: 'DeviceID' },
    suboption_device_role: { type: 'u8', show: 'hex', label: 'DeviceRoleDetails' },
    suboption_device_aliasname: { type: 'string', label: 'AliasName' },
  },
  tree(t) {
    const service = t.u8(t.at);
    const kind = t.u8(t.at + AT.kind);
    const xid = t.u32(t.at + AT.xid);
    const name = SERVICES[service] ?? 'Unknown';
    const what = kind === 0 ? 'Req' : kind === 1 ? 'Ok ' : 'unknown type';
    t.info(`${name} ${what}, Xid:0x${xid.toString(16)}`);
    t.header();
    const isRequest = kind === 0;
    t.add(service === SERVICE.identify && isRequest ? 'response_delay' : 'reserved16', t.at + AT.delay);
    const end = Math.min(t.end, t.at + AT.blocks + t.u16(t.at + AT.length));
    if (service === SERVICE.get && isRequest) {
      for (let at = t.at + AT.blocks; at + 2 <= end; at += 2) option(t, at);
      return;
    }
    // Answers and announcements have two bytes about each block (IEC 61158-6-10 4.3.1.4).
    const about = service === SERVICE.set || !isRequest || service === SERVICE.hello ? 2 : 0;
    for (let at = t.at + AT.blocks; at + 4 <= end; ) {
      const length = t.u16(at + 2);
      t.need(at + 4, length);
      t.nest(t.text(`Block: ${OPTIONS[t.u8(at)] ?? 'Unknown'}`, at, 4 + length));
      option(t, at);
      t.add('block_length', at + 2);
      if (length >= about) block(t, t.u8(at), t.u8(at + 1), at + 4 + about, length - about);
      t.close();
      at += 4 + length + (length & 1);
    }
  },
});

function option(t: TreeBuilder, at: number): void {
  const kind = t.u8(at);
  t.add('option', at);
  if (kind === ALL) t.addInfo(', All');
  if (kind === OPTION.ip) t.add('suboption_ip', at + 1);
  else if (kind === OPTION.device) t.add('suboption_device', at + 1);
}

function block(t: TreeBuilder, kind: number, sub: number, at: number, length: number): void {
  if (kind === OPTION.ip && sub === IP.address && length >= 12) {
    t.add('suboption_ip_ip', at);
    t.add('suboption_ip_subnetmask', at + 4);
    t.add('suboption_ip_standard_gateway', at + 8);
  } else if (kind === OPTION.ip && sub === IP.mac && length >= 6) t.add('suboption_ip_mac_address', at);
  else if (kind !== OPTION.device || length === 0) return;
  else if (sub === DEVICE.vendor) t.add('suboption_device_devicevendorvalue', at, length);
  else if (sub === DEVICE.name) {
    t.add('suboption_device_nameofstation', at, length);
    t.addInfo(`, NameOfStation:"${t.string(at, length)}"`);
  } else if (sub === DEVICE.id && length >= 4) {
    t.add('suboption_vendor_id', at);
    t.add('suboption_device_id', at + 2);
  } else if (sub === DEVICE.role) t.add('suboption_device_role', at);
  else if (sub === DEVICE.alias) t.add('suboption_device_aliasname', at, length);
}
