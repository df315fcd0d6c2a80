/** What USB devices of a class speak, as far as bytes tell it: human interface requests (HID 1.11), cameras (USB3 Vision 1.0). */

import { defineProtocol } from '../protocol.ts';

const REQUESTS: Readonly<Record<number, string>> = {
  1: 'GET_REPORT',
  2: 'GET_IDLE',
  3: 'GET_PROTOCOL',
  6: 'GET DESCRIPTOR',
  9: 'SET_REPORT',
  10: 'SET_IDLE',
  11: 'SET_PROTOCOL',
};
const REPORTS: Readonly<Record<number, string>> = { 1: 'Input', 2: 'Output', 3: 'Feature' };
const REQUEST = { getReport: 1, descriptor: 6, setReport: 9, idle: 10, protocol: 11 } as const;

/** A setup packet whose request is one of the class's own; which requests those are is decided below this layer. */
export const usbHid = defineProtocol({
  name: 'usbhid',
  title: 'USB HID',
  header: 8,
  fields: {
    'setup.bRequest': { type: 'u8', show: 'hex', label: 'bRequest', names: REQUESTS },
    'setup.wValue': { type: 'u16', show: 'hex', label: 'wValue', little: true },
    'setup.ReportID': { type: 'u8', label: 'ReportID' },
    'setup.ReportType': { type: 'u8', label: 'ReportType', names: REPORTS },
    'setup.Duration': { type: 'u8', label: 'Duration' },
    'setup.wIndex': { type: 'u16', label: 'wIndex', little: true },
    'setup.wLength': { type: 'u16', label: 'wLength', little: true },
    data: { type: 'bytes', label: 'HID Data' },
  },
  tree(t) {
    const { at } = t;
    const request = t.u8(at + 1);
    t.info(`${REQUESTS[request] ?? `Unknown (${request})`} Request`);
    if (request === REQUEST.descriptor) t.addInfo(' HID Report');
    t.add('setup.bRequest', at + 1);
    t.add('setup.wValue', at + 2);
    if (request === REQUEST.getReport || request === REQUEST.setReport) {
      t.add('setup.ReportID', at + 2);
      t.add('setup.ReportType', at + 3);
    } else if (request === REQUEST.idle) {
      t.add('setup.ReportID', at + 2);
      t.add('setup.Duration', at + 3);
    }
    t.add('setup.wIndex', at + 4);
    t.add('setup.wLength', at + 6);
    if (t.end > at + 8) t.add('data', at + 8, t.end - at - 8);
  },
});

const PREFIX = { control: 0x43563355, event: 0x45563355, leader: 0x4c563355, trailer: 0x54563355 } as const;
const COMMANDS: Readonly<Record<number, string>> = {
  0x0800: 'READMEM_CMD',
  0x0801: 'READMEM_ACK',
  0x0802: 'WRITEMEM_CMD',
  0x0803: 'WRITEMEM_ACK',
  0x0805: 'PENDING_ACK',
  0x0c00: 'EVENT_CMD',
  0x0c01: 'EVENT_ACK',
};
const READ = 0x0800;
const WRITE = 0x0802;
const EVENT = 0x0c00;

export const usb3Vision = defineProtocol({
  name: 'u3v',
  title: 'USB3 Vision',
  header: 12,
  fields: {
    'gencp.prefix': { type: 'u32', show: 'hex', label: 'Prefix', little: true },
    'gencp.flags': { type: 'u16', show: 'hex', label: 'Flags', little: true },
    'gencp.status': { type: 'u16', show: 'hex', label: 'Status', little: true },
    'gencp.command_id': { type: 'u16', show: 'hex', label: 'Command', little: true, names: COMMANDS },
    'gencp.payloadlength': { type: 'u16', show: 'hex-dec', label: 'Payload Length', little: true },
    'gencp.req_id': { type: 'u16', show: 'hex', label: 'Request ID', little: true },
    'gencp.address': { type: 'u64', show: 'hex', label: 'Address', little: true },
    'gencp.count': { type: 'u16', show: 'hex-dec', label: 'Count', little: true },
    'gencp.payloaddata': { type: 'bytes', label: 'Payload Data' },
    'stream.prefix': { type: 'u32', show: 'hex', label: 'Stream Prefix', little: true },
    'stream.leader_size': { type: 'u16', label: 'Leader Size', little: true },
    'stream.trailer_size': { type: 'u16', label: 'Trailer Size', little: true },
    'stream.block_id': { type: 'u64', show: 'hex', label: 'Block ID', little: true },
  },
  tree(t) {
    const { at } = t;
    const prefix = t.u32le(at);
    t.info('');
    if (prefix === PREFIX.leader || prefix === PREFIX.trailer) {
      const isLeader = prefix === PREFIX.leader;
      t.info(isLeader ? 'Stream Leader ' : 'Stream Trailer');
      t.add('stream.prefix', at);
      t.add(isLeader ? 'stream.leader_size' : 'stream.trailer_size', at + 6);
      t.add('stream.block_id', at + 8);
      return;
    }
    const command = t.u16le(at + 6);
    const isAnswer = (command & 1) !== 0;
    t.info(`${isAnswer ? '<' : '>'} ${COMMANDS[command] ?? 'Unknown'} `);
    t.add('gencp.prefix', at);
    t.add(isAnswer ? 'gencp.status' : 'gencp.flags', at + 4);
    t.add('gencp.command_id', at + 6);
    t.add('gencp.payloadlength', at + 8);
    t.add('gencp.req_id', at + 10);
    if (command === READ && t.has(at + 12, 12)) {
      t.add('gencp.address', at + 12);
      t.add('gencp.count', at + 22);
      t.addInfo(
        ` (0x${t
          .u64le(at + 12)
          .toString(16)
          .toUpperCase()
          .padStart(8, '0')} (${t.u16le(at + 22)}) bytes)`,
      );
    } else if (command === WRITE && t.has(at + 12, 8)) {
      t.add('gencp.address', at + 12);
      if (t.end > at + 20) t.add('gencp.payloaddata', at + 20, t.end - at - 20);
    } else if (command === EVENT || t.end > at + 12) t.add('gencp.payloaddata', at + 12, t.end - at - 12);
  },
});
