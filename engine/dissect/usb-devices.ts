/**
 * What a capture says of its USB devices (USB 2.0 9.6, 9.4): a device tells its interfaces' classes once, in a descriptor, and the
 * packets of its endpoints make sense with them only. Learnt while loading, in file order; bounded, the oldest are forgotten.
 */

import { u16le, u32le } from '../base/bytes.ts';

/** Offsets in the headers of usbmon, USBPcap and Darwin. */
export const LINUX = {
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
export const PCAP = {
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
export const DARWIN = {
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
/** Darwin numbers transfers as endpoint descriptors do: control, isochronous, bulk, interrupt. */
export const DARWIN_TRANSFERS: readonly number[] = [2, 0, 3, 1];
const CONTROL = 2;
const SETUP_BYTES = 8;

/** One record of a transfer, whatever system wrote it. One object, reused. */
export interface Transfer {
  kind: 'linux' | 'pcap' | 'darwin';
  bus: number;
  device: number;
  endpoint: number;
  /** As usbmon numbers them: isochronous, interrupt, control, bulk. */
  transfer: number;
  /** From the host; false: the device's answer. */
  isRequest: boolean;
  /** Where the setup packet of a control request is; -1: it has none. */
  setupAt: number;
  /** Where its data begins. */
  dataAt: number;
}

const TRANSFER: Transfer = {
  kind: 'linux',
  bus: 0,
  device: 0,
  endpoint: 0,
  transfer: 0,
  isRequest: false,
  setupAt: -1,
  dataAt: 0,
};

/** Hot: whose record it is: the link type says it, but the layer does not; the headers' first bytes differ. */
export function kindOf(b: Uint8Array, at: number, end: number): Transfer['kind'] {
  const type = b[at + LINUX.type];
  const isType = type === 0x53 || type === 0x43 || type === 0x45;
  if (at + LINUX.payload <= end && isType && b[at + LINUX.transfer] <= 3) return 'linux';
  return u16le(b, at) <= 0x0102 && u16le(b, at) >= 0x0100 ? 'darwin' : 'pcap';
}

/** Hot: reads the header of the record in [at, end); null: it is cut. The result is the next call's. */
export function readTransfer(b: Uint8Array, at: number, end: number): Transfer | null {
  if (end - at < PCAP.payload) return null;
  const t = TRANSFER;
  t.kind = kindOf(b, at, end);
  t.setupAt = -1;
  if (t.kind === 'linux') {
    t.bus = u16le(b, at + LINUX.bus);
    t.device = b[at + LINUX.device];
    t.endpoint = b[at + LINUX.endpoint];
    t.transfer = b[at + LINUX.transfer];
    t.isRequest = b[at + LINUX.type] === 0x53;
    if (t.transfer === CONTROL && b[at + LINUX.setupFlag] === 0) t.setupAt = at + LINUX.setup;
    t.dataAt = Math.max(at + LINUX.payload, end - u32le(b, at + LINUX.dataLength));
    return t;
  }
  if (t.kind === 'pcap') {
    t.bus = u16le(b, at + PCAP.bus);
    t.device = u16le(b, at + PCAP.device);
    t.endpoint = b[at + PCAP.endpoint];
    t.transfer = b[at + PCAP.transfer];
    t.isRequest = (b[at + PCAP.info] & 1) === 0;
    const length = u16le(b, at);
    t.dataAt = Math.min(end, at + length);
    const isSetup = t.transfer === CONTROL && length > PCAP.payload && b[at + PCAP.payload] === 0 && t.isRequest;
    if (isSetup && t.dataAt + SETUP_BYTES <= end) t.setupAt = t.dataAt;
    return length < PCAP.payload ? null : t;
  }
  if (end - at < DARWIN.payload) return null;
  const length = b[at + DARWIN.headerLength];
  t.bus = b[at + DARWIN.location + 3];
  t.device = b[at + DARWIN.index];
  t.endpoint = b[at + DARWIN.endpoint];
  t.transfer = DARWIN_TRANSFERS[b[at + DARWIN.transfer]] ?? 255;
  t.isRequest = b[at + DARWIN.request] === 0;
  t.dataAt = Math.min(end, at + length);
  if (t.transfer === CONTROL && t.isRequest && t.dataAt + SETUP_BYTES <= end) t.setupAt = t.dataAt;
  return length < DARWIN.payload ? null : t;
}

/** A setup packet (USB 2.0 9.3). */
export interface Setup {
  readonly row: number;
  readonly type: number;
  readonly request: number;
  readonly value: number;
  readonly index: number;
}

export interface InterfaceClass {
  readonly class: number;
  readonly subclass: number;
  readonly protocol: number;
}

/** A device's interfaces, as it told them in a row. */
interface Configuration {
  readonly row: number;
  readonly interfaces: Map<number, InterfaceClass>;
  /** By the endpoint's address, direction bit and all. */
  readonly endpoints: Map<number, InterfaceClass>;
}

export const DESCRIPTOR = { configuration: 2, interface: 4, endpoint: 5, humanInterface: 0x21, report: 0x22 } as const;
export const REQUEST = { getDescriptor: 6, setDescriptor: 7 } as const;
const MAX_DEVICES = 4096;
/** A device is configured anew when it is plugged in again, or another gets its address. */
const MAX_CONFIGURATIONS = 64;
const MAX_ANSWERS = 65_536;

export class UsbDevices {
  private readonly configurations = new Map<number, Configuration[]>();
  /** Requests on their way, by device. */
  private readonly asked = new Map<number, Setup>();
  /** The request that a row answers. */
  private readonly answers = new Map<number, Setup>();

  /** Once per USB record, in file order. */
  learn(row: number, b: Uint8Array, at: number, end: number): void {
    const record = readTransfer(b, at, end);
    if (record === null || record.transfer !== CONTROL) return;
    const device = deviceKey(record);
    if (record.setupAt >= 0) {
      remember(this.asked, device, setupAt(row, b, record.setupAt), MAX_DEVICES);
      return;
    }
    const setup = this.asked.get(device);
    if (setup === undefined || record.isRequest) return;
    this.asked.delete(device);
    remember(this.answers, row, setup, MAX_ANSWERS);
    if (setup.type !== 0x80 || setup.request !== REQUEST.getDescriptor) return;
    if (setup.value >>> 8 !== DESCRIPTOR.configuration) return;
    const told = readConfiguration(row, b, record.dataAt, end);
    if (told.interfaces.size === 0) return; // a first look at its length
    const known = this.configurations.get(device) ?? [];
    known.push(told);
    if (known.length > MAX_CONFIGURATIONS) known.shift();
    remember(this.configurations, device, known, MAX_DEVICES);
  }

  /** The request that a row's record answers; undefined: none. */
  answered(row: number): Setup | undefined {
    return this.answers.get(row);
  }

  /** What the endpoint of a record in a row belongs to, as the device told before. */
  ofEndpoint(row: number, record: Transfer): InterfaceClass | undefined {
    return this.before(row, record)?.endpoints.get(record.endpoint);
  }

  ofInterface(row: number, record: Transfer, number: number): InterfaceClass | undefined {
    return this.before(row, record)?.interfaces.get(number);
  }

  private before(row: number, record: Transfer): Configuration | undefined {
    return this.configurations.get(deviceKey(record))?.findLast((one) => one.row < row);
  }
}

function deviceKey({ bus, device }: Transfer): number {
  return bus * 65_536 + device;
}

function remember<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= most) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    break;
  }
}

export function setupAt(row: number, b: Uint8Array, at: number): Setup {
  return { row, type: b[at], request: b[at + 1], value: u16le(b, at + 2), index: u16le(b, at + 4) };
}

/** Interfaces and endpoints of a configuration: descriptors behind each other, each with its length and type in front. */
function readConfiguration(row: number, b: Uint8Array, from: number, end: number): Configuration {
  const interfaces = new Map<number, InterfaceClass>();
  const endpoints = new Map<number, InterfaceClass>();
  let current: InterfaceClass | undefined;
  for (let at = from; at + 2 <= end && b[at] >= 2; at += b[at]) {
    if (b[at + 1] === DESCRIPTOR.interface && at + 9 <= end) {
      current = { class: b[at + 5], subclass: b[at + 6], protocol: b[at + 7] };
      interfaces.set(b[at + 2], current);
    } else if (b[at + 1] === DESCRIPTOR.endpoint && at + 3 <= end && current !== undefined) {
      endpoints.set(b[at + 2], current);
    }
  }
  return { row, interfaces, endpoints };
}
