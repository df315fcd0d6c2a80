/** USB requests as Linux (usbmon, 48 and 64 bytes), Windows (USBPcap) and macOS (Darwin) record them; mass storage by name. */

import { u32le } from '../../../base/bytes.ts';
import { ABSENT, ADDRESS } from '../../../table/path-words.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import {
  DARWIN,
  DARWIN_TRANSFERS,
  DESCRIPTOR,
  type InterfaceClass,
  kindOf,
  LINUX,
  PCAP,
  REQUEST,
  readTransfer,
  type Setup,
  setupAt,
} from '../../usb-devices.ts';
import { addDescriptors, CLASSES, DESCRIPTOR_FIELDS, DESCRIPTORS } from './descriptors.ts';
import { REQUESTS as CLASS_REQUESTS, HOLDS } from './human-interface.ts';
import { WRAPPER } from './mass-storage.ts';
import { VISION } from './vision.ts';

const TRANSFERS: Readonly<Record<number, string>> = {
  0: 'URB_ISOCHRONOUS',
  1: 'URB_INTERRUPT',
  2: 'URB_CONTROL',
  3: 'URB_BULK',
  0xfe: 'USB_IRP_INFO',
  0xff: 'Unknown',
};
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
const CONTROL = 2;
const BULK = 3;
/** Interface classes, and the subclass of cameras among the miscellaneous ones. */
const CLASS = { humanInterface: 3, massStorage: 8, miscellaneous: 0xef } as const;
const VISION_SUBCLASS = 5;

export const usb = defineProtocol({
  name: 'usb',
  title: 'USB URB',
  on: { link: [189, 220, 249, 266] },
  header: PCAP.payload,
  opens: ['usbms', 'scsi', 'usbhid', 'u3v', 'data'],
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
    setup_value: { type: 'u16', little: true, show: 'hex', label: 'wValue', abbrev: 'usb.setup.wValue' },
    setup_index: { type: 'u16', little: true, label: 'wIndex', abbrev: 'usb.setup.wIndex' },
    setup_length: { type: 'u16', little: true, label: 'wLength', abbrev: 'usb.setup.wLength' },
    request_in: { type: 'frame', label: 'Request in' },
    ...DESCRIPTOR_FIELDS,
  },
  scan(p, c) {
    const record = readTransfer(p.bytes, p.at, p.end);
    if (record === null) return;
    const { bus, device, isRequest } = record;
    const number = record.endpoint & 127;
    if (isRequest) p.named(ADDRESS.usb, ABSENT, 0, 0, bus, device, number);
    else p.named(ADDRESS.usb, bus, device, number, ABSENT, 0, 0);
    // Where the flow pass, which tells the devices apart, finds the record.
    c.payloadAt[p.row] = p.at;
    c.payloadEnd[p.row] = p.end;
  },
  tree(t) {
    const kind = kindOf(t.bytes, t.at, t.end);
    if (kind === 'linux') linux(t);
    else if (kind === 'pcap') windows(t);
    else darwin(t);
  },
});

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
  t.headerEnd(at + LINUX.payload);
  contents(t);
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
  contents(t);
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
  contents(t);
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

/** What the transfer carries, behind its header. */
function contents(t: TreeBuilder): void {
  const record = readTransfer(t.bytes, t.at, t.end);
  if (record === null) return;
  const { dataAt, transfer } = record;
  const row = t.packet.number - 1;
  const devices = t.packet.usb;
  if (record.setupAt >= 0) {
    const asked = setupAt(row, t.bytes, record.setupAt);
    request(t, asked, record.setupAt, devices?.ofInterface(row, record, asked.index & 255));
    if (record.kind === 'linux' && dataAt < t.end) t.add('capdata', dataAt, t.end - dataAt);
    return;
  }
  const asked = transfer === CONTROL && !record.isRequest ? devices?.answered(row) : undefined;
  if (asked !== undefined) answer(t, asked, dataAt, devices?.ofInterface(asked.row, record, asked.index & 255));
  else if (dataAt < t.end) data(t, transfer, dataAt, devices?.ofEndpoint(row, record));
}

/** A request of the HID class, or for its report descriptor; `known`: the interface that it goes to, if the device told. */
function isHumanInterface({ type, request: number, value }: Setup, known: InterfaceClass | undefined): boolean {
  if (known !== undefined && known.class !== CLASS.humanInterface) return false;
  if (type === 0x81) return number === REQUEST.getDescriptor && value >>> 8 === DESCRIPTOR.report;
  if (type === 0x21) return number >= 9 && number <= 11;
  return type === 0xa1 && number >= 1 && number <= 3;
}

function request(t: TreeBuilder, asked: Setup, at: number, known: InterfaceClass | undefined): void {
  t.add('bmRequestType', at);
  if (known !== undefined && (asked.type & 31) === 1) classOf(t, known);
  if (isHumanInterface(asked, known)) {
    t.dissect('usbhid', at);
    return;
  }
  t.add('request', at + 1);
  t.add('setup_value', at + 2);
  t.add('setup_index', at + 4);
  t.add('setup_length', at + 6);
  if ((asked.type & 0x60) !== 0) return; // a class or vendor request: who understands it is not known
  t.info(`${REQUESTS[asked.request] ?? `Unknown (${asked.request})`} Request`);
  if (asked.request === REQUEST.getDescriptor || asked.request === REQUEST.setDescriptor) {
    const type = asked.value >>> 8;
    t.addInfo(` ${DESCRIPTORS[type] ?? `Unknown type ${type.toString(16)}`}`);
    t.put('bDescriptorType', type, at + 3, 1);
  }
}

/** What the device says to a request before. */
function answer(t: TreeBuilder, asked: Setup, at: number, known: InterfaceClass | undefined): void {
  const isHuman = isHumanInterface(asked, known);
  const isDescriptor = asked.request === REQUEST.getDescriptor && (asked.type & 0x60) === 0;
  const type = asked.value >>> 8;
  t.generated('request_in', asked.row + 1);
  if (isHuman) t.column('USBHID');
  if (isHuman || (asked.type & 0x60) === 0) {
    const names = isHuman ? CLASS_REQUESTS : REQUESTS;
    t.info(`${names[asked.request] ?? `Unknown (${asked.request})`} Response`);
    if (isDescriptor) t.addInfo(` ${DESCRIPTORS[type] ?? `Unknown type ${type.toString(16)}`}`);
  }
  if (at >= t.end) return;
  if (isHuman && (asked.type & 0x80) !== 0) {
    t.hint = isDescriptor ? HOLDS.items : HOLDS.report;
    t.dissect('usbhid', at);
    t.hint = '';
  } else if (isDescriptor) addDescriptors(t, at, type);
  else t.add('capdata', at, t.end - at);
}

/** The class of the interface that the endpoint belongs to, as the device told it before. */
function classOf(t: TreeBuilder, known: InterfaceClass): void {
  const name = CLASSES[known.class] ?? 'Unknown';
  const code = known.class.toString(16).padStart(2, '0');
  t.generated('bInterfaceClass', known.class).text = `[bInterfaceClass: ${name} (0x${code})]`;
}

function data(t: TreeBuilder, transfer: number, at: number, known: InterfaceClass | undefined): void {
  if (known !== undefined) classOf(t, known);
  const first = t.has(at, 4) ? u32le(t.bytes, at) : 0;
  const isCamera = known?.class === CLASS.miscellaneous && known.subclass === VISION_SUBCLASS;
  if (known?.class === CLASS.humanInterface) {
    const kept = { column: t.columnSoFar, info: t.infoSoFar };
    t.hint = HOLDS.report;
    t.dissect('usbhid', at);
    t.hint = '';
    t.column(kept.column);
    t.info(kept.info);
  } else if (known?.class === CLASS.massStorage && transfer === BULK) t.dissect('usbms', at);
  else if (transfer === BULK && (first === WRAPPER.command || first === WRAPPER.status)) t.dissect('usbms', at);
  else if (isCamera || (transfer === BULK && VISION.has(first))) t.dissect('u3v', at);
  else t.add('capdata', at, t.end - at);
}
