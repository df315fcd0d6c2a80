/** Bluetooth between host and controller (LINKTYPE_BLUETOOTH_HCI_H4, with and without direction): commands, events, L2CAP by name. */

import { ADDRESS } from '../../table/path-words.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const KIND = { command: 1, acl: 2, sco: 3, event: 4 } as const;
const HOST = 1;
const CONTROLLER = 2;
const KINDS: Readonly<Record<number, string>> = {
  1: 'HCI Command',
  2: 'ACL Data',
  3: 'SCO Data',
  4: 'HCI Event',
  5: 'ISO Data',
};
/** In front of the packet where the link type has it: 0 sent, 1 received. */
const DIRECTION_LENGTH = 4;

const OPCODES: Readonly<Record<number, string>> = {
  0x0000: 'No Operation',
  0x0401: 'Inquiry',
  0x0402: 'Inquiry Cancel',
  0x0405: 'Create Connection',
  0x0406: 'Disconnect',
  0x0409: 'Accept Connection Request',
  0x040a: 'Reject Connection Request',
  0x040b: 'Link Key Request Reply',
  0x040c: 'Link Key Request Negative Reply',
  0x040d: 'PIN Code Request Reply',
  0x040e: 'PIN Code Request Negative Reply',
  0x040f: 'Change Connection Packet Type',
  0x0411: 'Authentication Requested',
  0x0413: 'Set Connection Encryption',
  0x0419: 'Remote Name Request',
  0x041b: 'Read Remote Supported Features',
  0x041d: 'Read Remote Version Information',
  0x0803: 'Sniff Mode',
  0x0804: 'Exit Sniff Mode',
  0x080b: 'Switch Role',
  0x080d: 'Write Link Policy Settings',
  0x0c01: 'Set Event Mask',
  0x0c03: 'Reset',
  0x0c05: 'Set Event Filter',
  0x0c0d: 'Read Stored Link Key',
  0x0c12: 'Delete Stored Link Key',
  0x0c13: 'Change Local Name',
  0x0c14: 'Read Local Name',
  0x0c16: 'Write Connection Accept Timeout',
  0x0c18: 'Write Page Timeout',
  0x0c1a: 'Write Scan Enable',
  0x0c20: 'Write Authentication Enable',
  0x0c22: 'Write Encryption Mode',
  0x0c23: 'Read Class of Device',
  0x0c24: 'Write Class of Device',
  0x0c25: 'Read Voice Setting',
  0x0c26: 'Write Voice Setting',
  0x0c33: 'Host Buffer Size',
  0x1001: 'Read Local Version Information',
  0x1002: 'Read Local Supported Commands',
  0x1003: 'Read Local Supported Features',
  0x1005: 'Read Buffer Size',
  0x1009: 'Read BD ADDR',
};
const EVENTS: Readonly<Record<number, string>> = {
  0x01: 'Inquiry Complete',
  0x02: 'Inquiry Result',
  0x03: 'Connect Complete',
  0x04: 'Connect Request',
  0x05: 'Disconnect Complete',
  0x06: 'Authentication Complete',
  0x07: 'Remote Name Request Complete',
  0x08: 'Encryption Change',
  0x0b: 'Read Remote Supported Features',
  0x0c: 'Read Remote Version Information Complete',
  0x0e: 'Command Complete',
  0x0f: 'Command Status',
  0x10: 'Hardware Error',
  0x12: 'Role Change',
  0x13: 'Number of Completed Packets',
  0x14: 'Mode Change',
  0x15: 'Return Link Keys',
  0x16: 'PIN Code Request',
  0x17: 'Link Key Request',
  0x18: 'Link Key Notification',
  0x1b: 'Max Slots Change',
  0x1c: 'Read Clock Offset Complete',
  0x1d: 'Connection Packet Type Changed',
  0x20: 'Page Scan Repetition Mode Change',
  0x22: 'Inquiry Result With RSSI',
  0x23: 'Read Remote Extended Features Complete',
  0x2f: 'Extended Inquiry Result',
  0x3e: 'LE Meta',
};
const COMMAND_COMPLETE = 0x0e;
const COMMAND_STATUS = 0x0f;

/** The layer that Wireshark lists in front: it has no bytes. */
export const bluetooth = defineProtocol({
  name: 'bluetooth',
  title: 'Bluetooth',
  short: 'Bluetooth',
  on: { link: [187, 201] },
  chooses: 'bluetooth.transport',
  fields: {},
  scan(p) {
    p.next(0);
  },
  tree(t) {
    t.headerEnd(t.at);
    t.upper(t.at);
  },
});

export const hciH4 = defineProtocol({
  name: 'hci_h4',
  title: 'Bluetooth HCI H4',
  short: 'HCI H4',
  on: { 'bluetooth.transport': [0] },
  chooses: 'hci_h4.type',
  header: 1,
  fields: {
    direction: { type: 'u8', show: 'hex', label: 'Direction', names: { 0: 'Sent', 1: 'Rcvd', 255: 'Unspecified' } },
    type: { type: 'u8', show: 'hex', label: 'HCI Packet Type', names: KINDS },
  },
  scan(p) {
    const at = directionLength(p.bytes, p.at, p.end);
    const kind = p.bytes[p.at + at];
    if (kind === KIND.command) p.named(ADDRESS.host, HOST, 0, 0, CONTROLLER, 0, 0);
    else if (kind === KIND.event) p.named(ADDRESS.host, CONTROLLER, 0, 0, HOST, 0, 0);
    p.enter(at + 1);
    p.next(kind);
  },
  tree(t) {
    const length = directionLength(t.bytes, t.at, t.end);
    t.info(length === 0 ? 'UnknownDirection ' : t.u32(t.at) === 0 ? 'Sent ' : 'Rcvd ');
    if (length > 0) t.put('direction', t.u32(t.at) & 255, t.at, length);
    t.add('type', t.at + length);
    t.fence();
    t.addInfo(KINDS[t.u8(t.at + length)] ?? 'Unknown HCI packet type');
    t.headerEnd(t.at + length + 1);
    t.upper(t.at + length + 1);
  },
});

/** Hot: a packet type is never 0, a direction starts with three zeros. */
function directionLength(b: Uint8Array, at: number, end: number): number {
  return at + DIRECTION_LENGTH < end && b[at] === 0 ? DIRECTION_LENGTH : 0;
}

const opcodeName = (opcode: number): string =>
  OPCODES[opcode] ??
  `Unknown Command 0x${opcode.toString(16).padStart(4, '0').toUpperCase()} (opcode 0x${opcode.toString(16).padStart(4, '0').toUpperCase()})`;

export const hciCommand = defineProtocol({
  name: 'bthci_cmd',
  title: 'Bluetooth HCI Command',
  short: 'HCI_CMD',
  on: { 'hci_h4.type': [KIND.command] },
  header: 3,
  fields: {
    opcode: { at: 0, type: 'u16', little: true, show: 'hex', label: 'Command Opcode', names: OPCODES },
    'opcode.ogf': { type: 'u16', little: true, bits: [15, 10], show: 'hex', label: 'Opcode Group Field' },
    'opcode.ocf': { type: 'u16', little: true, bits: [9, 0], show: 'hex', label: 'Opcode Command Field' },
    param_length: { at: 2, type: 'u8', label: 'Parameter Total Length' },
  },
  tree(t) {
    const name = opcodeName(t.u16le(t.at));
    t.info(name);
    t.addLabel(` - ${name}`);
    t.header();
    t.add('opcode.ogf', t.at);
    t.add('opcode.ocf', t.at);
    t.need(t.at + 3, t.u8(t.at + 2));
  },
});

export const hciEvent = defineProtocol({
  name: 'bthci_evt',
  title: 'Bluetooth HCI Event',
  short: 'HCI_EVT',
  on: { 'hci_h4.type': [KIND.event] },
  header: 2,
  fields: {
    code: { at: 0, type: 'u8', show: 'hex', label: 'Event Code', names: EVENTS },
    param_length: { at: 1, type: 'u8', label: 'Parameter Total Length' },
    num_command_packets: { type: 'u8', label: 'Number of Allowed Command Packets' },
    opcode: { type: 'u16', little: true, show: 'hex', label: 'Command Opcode', names: OPCODES },
  },
  tree(t) {
    const code = t.u8(t.at);
    const name = EVENTS[code] ?? `Unknown 0x${code.toString(16).padStart(2, '0')}`;
    t.info(name);
    t.addLabel(` - ${name}`);
    const body = t.header();
    const at = code === COMMAND_COMPLETE ? body : code === COMMAND_STATUS ? body + 1 : -1;
    if (at < 0) return;
    t.add('num_command_packets', at);
    t.add('opcode', at + 1);
    t.addInfo(` (${opcodeName(t.u16le(at + 1))})`);
  },
});

const SIGNALLING = 1;
const SIGNALS: Readonly<Record<number, string>> = {
  1: 'Command Reject',
  2: 'Connection Request',
  3: 'Connection Response',
  4: 'Configure Request',
  5: 'Configure Response',
  6: 'Disconnection Request',
  7: 'Disconnection Response',
  8: 'Echo Request',
  9: 'Echo Response',
  10: 'Information Request',
  11: 'Information Response',
};
const SERVICES: Readonly<Record<number, string>> = {
  1: 'SDP',
  3: 'RFCOMM',
  5: 'TCS-BIN',
  15: 'BNEP',
  17: 'HID-Control',
  19: 'HID-Interrupt',
  23: 'AVCTP-Control',
  25: 'AVDTP',
  31: 'ATT',
};

export const hciAcl = defineProtocol({
  name: 'bthci_acl',
  title: 'Bluetooth HCI ACL Packet',
  short: 'HCI_ACL',
  on: { 'hci_h4.type': [KIND.acl] },
  chooses: 'bluetooth.transport',
  header: 4,
  fields: {
    chandle: { at: 0, type: 'u16', little: true, bits: [11, 0], show: 'hex', label: 'Connection Handle' },
    pb_flag: { at: 0, type: 'u16', little: true, bits: [13, 12], label: 'PB Flag' },
    bc_flag: { at: 0, type: 'u16', little: true, bits: [15, 14], label: 'BC Flag' },
    length: { at: 2, type: 'u16', little: true, label: 'Data Total Length' },
  },
  scan(p) {
    const boundary = (p.bytes[p.at + 1] >>> 4) & 3;
    p.enter(4);
    if (boundary === 1) p.rest();
    else p.next(1);
  },
  tree(t) {
    const end = t.header();
    t.headerEnd(end);
    t.upper(end);
  },
});

export const l2cap = defineProtocol({
  name: 'btl2cap',
  title: 'Bluetooth L2CAP Protocol',
  short: 'L2CAP',
  on: { 'bluetooth.transport': [1] },
  header: 4,
  fields: {
    length: { at: 0, type: 'u16', little: true, label: 'Length' },
    cid: {
      at: 2,
      type: 'u16',
      little: true,
      show: 'hex',
      label: 'CID',
      names: {
        1: 'L2CAP Signaling Channel',
        2: 'Connectionless reception channel',
        4: 'Attribute Protocol',
        6: 'Security Manager Protocol',
      },
    },
    cmd_code: { type: 'u8', show: 'hex', label: 'Command Code', names: SIGNALS, many: true },
    cmd_ident: { type: 'u8', show: 'hex', label: 'Command Identifier', many: true },
    cmd_length: { type: 'u16', little: true, label: 'Command Length', many: true },
  },
  tree(t) {
    const channel = t.u16le(t.at + 2);
    const body = t.header();
    t.info(
      channel === SIGNALLING ? '' : channel === 2 ? 'Connectionless reception channel' : 'Connection oriented channel',
    );
    if (channel !== SIGNALLING) return;
    for (let at = body; at + 4 <= t.end; ) {
      const length = t.u16le(at + 2);
      if (at > body) t.addInfo(', ');
      signal(t, at);
      at += 4 + length;
    }
  },
});

function signal(t: TreeBuilder, at: number): void {
  const code = t.u8(at);
  const channel = (where: number): string => `0x${t.u16le(where).toString(16).padStart(4, '0')}`;
  t.add('cmd_code', at);
  t.add('cmd_ident', at + 1);
  t.add('cmd_length', at + 2);
  t.addInfo(SIGNALS[code] ?? `Unknown (${code})`);
  const body = at + 4;
  if (code === 2) t.addInfo(` (${SERVICES[t.u16le(body)] ?? 'Unknown'}, SCID: ${channel(body + 2)})`);
  else if (code === 3)
    t.addInfo(
      ` - ${t.u16le(body + 4) === 0 ? 'Success' : t.u16le(body + 4) === 1 ? 'Pending' : 'Refused'} (SCID: ${channel(body + 2)}, DCID: ${channel(body)})`,
    );
  else if (code === 4) t.addInfo(` (DCID: ${channel(body)})`);
  else if (code === 5) t.addInfo(` - ${t.u16le(body + 4) === 0 ? 'Success' : 'Failure'} (SCID: ${channel(body)})`);
}
