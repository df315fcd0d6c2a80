/** USB requests as Linux (usbmon, 48 and 64 bytes), Windows (USBPcap) and macOS (Darwin) record them; mass storage by name. */

import { u16le, u32le } from '../../base/bytes.ts';
import { ABSENT, ADDRESS } from '../../table/path-words.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const LINUX = {
  id: 0,
  type: 8,
  transfer: 9,
  endpoint: 10,
  device: 11,
  bus: 12,
  setupFlag: 14,
  dataFlag: 15,
  status: 28,
  length: 32,
  dataLength: 36,
  setup: 40,
  payload: 48,
} as const;
const PCAP = {
  headerLength: 0,
  irp: 2,
  status: 10,
  function: 14,
  info: 16,
  bus: 17,
  device: 19,
  endpoint: 21,
  transfer: 22,
  dataLength: 23,
  stage: 27,
  payload: 27,
} as const;
const DARWIN = {
  version: 0,
  headerLength: 2,
  request: 3,
  length: 4,
  location: 24,
  index: 29,
  endpoint: 30,
  transfer: 31,
  payload: 32,
} as const;
const KIND = { linux: 0, pcap: 1, darwin: 2 } as const;
const TRANSFERS: Readonly<Record<number, string>> = {
  0: 'URB_ISOCHRONOUS',
  1: 'URB_INTERRUPT',
  2: 'URB_CONTROL',
  3: 'URB_BULK',
  0xfe: 'USB_IRP_INFO',
  0xff: 'Unknown',
};
/** Darwin numbers transfers as endpoint descriptors do. */
const DARWIN_TRANSFERS: readonly number[] = [2, 0, 3, 1];
const REQUESTS: Readonly<Record<number, string>> = {
  0: 'GET STATUS',
  1: 'CLEAR FEATURE',
  3: 'SET FEATURE',
  5: 'SET ADDRESS',
  6: 'GET DESCRIPTOR',
  7: 'SET DESCRIPTOR',
  8: 'GET CONFIGURATION',
  9: 'SET CONFIGURATION',
  10: 'GET INTERFACE',
  11: 'SET INTERFACE',
  12: 'SYNCH FRAME',
};
const DESCRIPTORS: Readonly<Record<number, string>> = {
  1: 'DEVICE',
  2: 'CONFIGURATION',
  3: 'STRING',
  4: 'INTERFACE',
  5: 'ENDPOINT',
  6: 'DEVICE QUALIFIER',
  7: 'OTHER_SPEED CONFIGURATION',
  8: 'INTERFACE POWER',
  11: 'INTERFACE ASSOCIATION',
  0x0f: 'BOS',
};
const CONTROL = 2;
const BULK = 3;
const REPORT_DESCRIPTOR = 0x22;
/** The first bytes of USB3 Vision's packets: `U3VC`, `U3VE`, `U3VL`, `U3VT`. */
const VISION: ReadonlySet<number> = new Set([0x43563355, 0x45563355, 0x4c563355, 0x54563355]);
/** Command and status wrappers of bulk-only mass storage. */
const WRAPPER = { command: 0x43425355, status: 0x53425355 } as const;

export const usb = defineProtocol({
  name: 'usb',
  title: 'USB URB',
  on: { link: [189, 220, 249, 266] },
  header: PCAP.payload,
  opens: ['usbms', 'usbhid', 'u3v'],
  fields: {
    urb_id: { type: 'u64', little: true, show: 'hex', label: 'URB id' },
    urb_type: { type: 'string', label: 'URB type' },
    transfer_type: { type: 'u8', show: 'hex', label: 'URB transfer type', names: TRANSFERS },
    endpoint_address: { type: 'u8', show: 'hex', label: 'Endpoint' },
    'endpoint_address.direction': { type: 'u8', bits: [7, 7], label: 'Direction', names: { 0: 'OUT', 1: 'IN' } },
    'endpoint_address.number': { type: 'u8', bits: [3, 0], label: 'Endpoint number' },
    device_address: { type: 'u16', label: 'Device' },
    bus_id: { type: 'u16', label: 'URB bus id' },
    urb_status: { type: 'i32', little: true, label: 'URB status' },
    urb_len: { type: 'u32', little: true, label: 'URB length [bytes]' },
    data_len: { type: 'u32', little: true, label: 'Data length [bytes]' },
    capdata: { type: 'bytes', label: 'Leftover Capture Data' },
    bmRequestType: { type: 'u8', show: 'hex', label: 'bmRequestType' },
    request: { type: 'u8', label: 'bRequest', names: REQUESTS, abbrev: 'usb.setup.bRequest' },
    descriptor: {
      type: 'u8',
      show: 'hex',
      label: 'bDescriptorType',
      names: DESCRIPTORS,
      abbrev: 'usb.bDescriptorType',
    },
    setup_length: { type: 'u16', little: true, label: 'wLength', abbrev: 'usb.setup.wLength' },
  },
  scan(p) {
    const kind = kindOf(p.bytes, p.at, p.end);
    const b = p.bytes;
    const { at } = p;
    if (kind === KIND.linux && !p.has(LINUX.payload)) return;
    if (kind === KIND.darwin && !p.has(DARWIN.payload)) return;
    let bus: number;
    let device: number;
    let endpoint: number;
    let fromHost: boolean;
    if (kind === KIND.linux) {
      bus = u16le(b, at + LINUX.bus);
      device = b[at + LINUX.device];
      endpoint = b[at + LINUX.endpoint];
      fromHost = b[at + LINUX.type] === 0x53;
    } else if (kind === KIND.pcap) {
      bus = u16le(b, at + PCAP.bus);
      device = u16le(b, at + PCAP.device);
      endpoint = b[at + PCAP.endpoint];
      fromHost = (b[at + PCAP.info] & 1) === 0;
    } else {
      bus = b[at + DARWIN.location + 3];
      device = b[at + DARWIN.index];
      endpoint = b[at + DARWIN.endpoint];
      fromHost = b[at + DARWIN.request] === 0;
    }
    const number = endpoint & 127;
    if (fromHost) p.named(ADDRESS.usb, ABSENT, 0, 0, bus, device, number);
    else p.named(ADDRESS.usb, bus, device, number, ABSENT, 0, 0);
  },
  tree(t) {
    const kind = kindOf(t.bytes, t.at, t.end);
    if (kind === KIND.linux) linux(t);
    else if (kind === KIND.pcap) windows(t);
    else darwin(t);
  },
});

/** Hot: whose record it is: the link type says it, but the layer does not; the header's first bytes differ. */
function kindOf(b: Uint8Array, at: number, end: number): number {
  const type = b[at + LINUX.type];
  if (at + LINUX.payload <= end && (type === 0x53 || type === 0x43 || type === 0x45) && b[at + LINUX.transfer] <= 3)
    return KIND.linux;
  return u16le(b, at) <= 0x0102 && u16le(b, at) >= 0x0100 ? KIND.darwin : KIND.pcap;
}

function linux(t: TreeBuilder): void {
  const { at } = t;
  const type = String.fromCharCode(t.u8(at + LINUX.type));
  const isRequest = type === 'S';
  t.add('urb_id', at);
  t.put(
    'urb_type',
    type,
    at + LINUX.type,
    1,
    `URB type: ${isRequest ? 'URB_SUBMIT' : type === 'C' ? 'URB_COMPLETE' : 'URB_ERROR'} ('${type}')`,
  );
  endpoint(t, t.u8(at + LINUX.transfer), at + LINUX.transfer, at + LINUX.endpoint);
  t.put('device_address', t.u8(at + LINUX.device), at + LINUX.device, 1);
  t.put('bus_id', t.u16le(at + LINUX.bus), at + LINUX.bus, 2);
  t.add('urb_status', at + LINUX.status);
  t.add('urb_len', at + LINUX.length);
  t.add('data_len', at + LINUX.dataLength);
  const hasSetup = t.u8(at + LINUX.setupFlag) === 0;
  t.headerEnd(at + LINUX.payload);
  if (hasSetup && t.u8(at + LINUX.transfer) === CONTROL) setup(t, at + LINUX.setup);
  data(t, t.u8(at + LINUX.transfer), Math.max(at + LINUX.payload, t.end - t.u32le(at + LINUX.dataLength)));
}

function windows(t: TreeBuilder): void {
  const { at } = t;
  const length = t.u16le(at);
  const transfer = t.u8(at + PCAP.transfer);
  endpoint(t, transfer, at + PCAP.transfer, at + PCAP.endpoint);
  t.put('bus_id', t.u16le(at + PCAP.bus), at + PCAP.bus, 2);
  t.put('device_address', t.u16le(at + PCAP.device), at + PCAP.device, 2);
  t.add('data_len', at + PCAP.dataLength);
  if (length < PCAP.payload) t.fail();
  t.headerEnd(at + length);
  if (transfer === CONTROL && length > PCAP.stage && t.u8(at + PCAP.stage) === 0 && t.has(at + length, 8)) {
    setup(t, at + length);
    return;
  }
  data(t, transfer, at + length);
}

function darwin(t: TreeBuilder): void {
  const { at } = t;
  const length = t.u8(at + DARWIN.headerLength);
  const transfer = DARWIN_TRANSFERS[t.u8(at + DARWIN.transfer)] ?? 255;
  const isRequest = t.u8(at + DARWIN.request) === 0;
  endpoint(t, transfer, at + DARWIN.transfer, at + DARWIN.endpoint);
  t.addInfo(isRequest ? ' (submitted)' : ' (completed)');
  if (length < DARWIN.payload) t.fail();
  t.headerEnd(at + length);
  if (transfer === CONTROL && isRequest && t.has(at + length, 8)) setup(t, at + length);
  else data(t, transfer, at + length);
}

function endpoint(t: TreeBuilder, transfer: number, transferAt: number, endpointAt: number): void {
  const address = t.u8(endpointAt);
  t.info(`${TRANSFERS[transfer] ?? 'Unknown type'} ${(address & 0x80) !== 0 ? 'in' : 'out'}`);
  t.put('transfer_type', transfer, transferAt, 1);
  t.add('endpoint_address', endpointAt);
  t.nest(t.last());
  t.add('endpoint_address.direction', endpointAt);
  t.add('endpoint_address.number', endpointAt);
  t.close();
}

/** Requests that only devices of the HID class know: its own, and for the descriptor of reports. */
function isHumanInterface(kind: number, request: number, value: number): boolean {
  if (kind === 0x81) return request === 6 && value >>> 8 === REPORT_DESCRIPTOR;
  if (kind === 0x21) return request >= 9 && request <= 11;
  return kind === 0xa1 && request >= 1 && request <= 3;
}

function setup(t: TreeBuilder, at: number): void {
  const kind = t.u8(at);
  const request = t.u8(at + 1);
  if (isHumanInterface(kind, request, t.u16le(at + 2))) {
    t.add('bmRequestType', at);
    t.dissect('usbhid', at);
    return;
  }
  t.add('bmRequestType', at);
  t.add('request', at + 1);
  t.add('setup_length', at + 6);
  if ((kind & 0x60) !== 0) return; // a class or vendor request: who understands it is not known
  t.info(`${REQUESTS[request] ?? `Unknown (${request})`} Request`);
  if (request === 6 || request === 7) {
    t.addInfo(` ${DESCRIPTORS[t.u8(at + 3)] ?? `Unknown type ${t.u8(at + 3).toString(16)}`}`);
    t.add('descriptor', at + 3);
  }
}

function data(t: TreeBuilder, transfer: number, at: number): void {
  if (at >= t.end) return;
  const first = t.has(at, 4) ? u32le(t.bytes, at) : 0;
  if (transfer === BULK && (first === WRAPPER.command || first === WRAPPER.status)) {
    t.dissect('usbms', at);
    return;
  }
  if (transfer === BULK && VISION.has(first)) {
    t.dissect('u3v', at);
    return;
  }
  t.add('capdata', at, t.end - at);
}

const SCSI: Readonly<Record<number, string>> = {
  0x00: 'Test Unit Ready',
  0x03: 'Request Sense',
  0x12: 'Inquiry',
  0x1a: 'Mode Sense(6)',
  0x1b: 'Start Stop Unit',
  0x1e: 'Prevent/Allow Medium Removal',
  0x23: 'Read Format Capacities',
  0x25: 'Read Capacity(10)',
  0x28: 'Read(10)',
  0x2a: 'Write(10)',
  0x35: 'Synchronize Cache(10)',
  0x5a: 'Mode Sense(10)',
};
const COMMAND = { tag: 4, length: 8, lun: 13, cdb: 15 } as const;

export const usbMassStorage = defineProtocol({
  name: 'usbms',
  title: 'USB Mass Storage',
  header: 4,
  fields: {
    dCBWSignature: { type: 'u32', little: true, show: 'hex', label: 'Signature' },
    dCBWTag: { type: 'u32', little: true, show: 'hex', label: 'Tag' },
    dCBWDataTransferLength: { type: 'u32', little: true, label: 'DataTransferLength' },
    dCBWLUN: { type: 'u8', bits: [3, 0], show: 'hex', label: 'LUN' },
    dCSWSignature: { type: 'u32', little: true, show: 'hex', label: 'Signature' },
    dCSWStatus: {
      type: 'u8',
      show: 'hex',
      label: 'Status',
      names: { 0: 'Command Passed', 1: 'Command Failed', 2: 'Phase Error' },
    },
  },
  tree(t) {
    const { at } = t;
    t.info('');
    if (t.u32le(at) === WRAPPER.status) {
      t.add('dCSWSignature', at);
      t.add('dCBWTag', at + COMMAND.tag);
      t.add('dCSWStatus', at + 12);
      return;
    }
    t.add('dCBWSignature', at);
    t.add('dCBWTag', at + COMMAND.tag);
    t.add('dCBWDataTransferLength', at + COMMAND.length);
    t.add('dCBWLUN', at + COMMAND.lun);
    const operation = t.u8(at + COMMAND.cdb);
    const lun = `0x${(t.u8(at + COMMAND.lun) & 15).toString(16).padStart(2, '0')}`;
    t.info(`SCSI: ${SCSI[operation] ?? `Unknown (0x${operation.toString(16)})`} LUN: ${lun} `);
    if (operation === 0x28 || operation === 0x2a)
      t.addInfo(
        `(LBA: 0x${t
          .u32(at + COMMAND.cdb + 2)
          .toString(16)
          .padStart(8, '0')}, Len: ${t.u16(at + COMMAND.cdb + 7)})`,
      );
  },
});
