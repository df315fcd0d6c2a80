/** DoIP (ISO 13400-2): diagnosis of vehicles over IP. A header, then announcements, activation of routing, diagnostic messages. */

import { u32 } from '../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { version: 0, inverse: 1, type: 2, length: 4, body: 8 } as const;
const PORT = 13_400;
const MAX_LENGTH = 16 << 20;
const DIAGNOSTIC = { message: 0x8001, positive: 0x8002, negative: 0x8003 } as const;
const VIN = 17;
const IDENTITY = 6;
const VERSIONS: Readonly<Record<number, string>> = {
  0x0: 'Reserved',
  0x1: 'DoIP ISO/DIS 13400-2:2010',
  0x2: 'DoIP ISO 13400-2:2012',
  0x3: 'DoIP ISO 13400-2:2019',
  0x4: 'DoIP ISO 13400-2:2019 Amd1 (experimental)',
  0xff: 'Default value for vehicle identification request messages',
};
const TYPES: Readonly<Record<number, string>> = {
  0x0: 'Generic DoIP header NACK',
  0x1: 'Vehicle identification request',
  0x2: 'Vehicle identification request with EID',
  0x3: 'Vehicle identification request with VIN',
  0x4: 'Vehicle announcement message/vehicle identification response message',
  0x5: 'Routing activation request',
  0x6: 'Routing activation response',
  0x7: 'Alive check request',
  0x8: 'Alive check response',
  0x4001: 'DoIP entity status request',
  0x4002: 'DoIP entity status response',
  0x4003: 'Diagnostic power mode information request',
  0x4004: 'Diagnostic power mode information response',
  0x8001: 'Diagnostic message',
  0x8002: 'Diagnostic message ACK',
  0x8003: 'Diagnostic message NACK',
};
const NACK_CODES: Readonly<Record<number, string>> = {
  0x0: 'Incorrect pattern format',
  0x1: 'Unknown payload type',
  0x2: 'Message too large',
  0x3: 'Out of memory',
  0x4: 'Invalid payload length',
};
const FURTHER_ACTIONS: Readonly<Record<number, string>> = {
  0x0: 'No further action required',
  0x10: 'Routing activation required to initiate central security',
};
const SYNC_STATUSES: Readonly<Record<number, string>> = {
  0x0: 'VIN and/or GID are synchronized',
  0x10: 'Incomplete: VIN and GID are NOT synchronized',
};
const RESPONSE_CODES: Readonly<Record<number, string>> = {
  0x0: 'Routing activation denied due to unknown source address.',
  0x1: 'Routing activation denied because all concurrently supported TCP_DATA sockets are registered and active.',
  0x2: 'Routing activation denied because an SA different from the table connection entry was received on the already activated TCP_DATA socket.',
  0x3: 'Routing activation denied because the SA is already registered and active on a different TCP_DATA socket.',
  0x4: 'Routing activation denied due to missing authentication.',
  0x5: 'Routing activation denied due to rejected confirmation.',
  0x6: 'Routing activation denied due to unsupported routing activation type.',
  0x7: 'Routing activation denied due to request for encrypted connection via TLS.',
  0x8: 'Reserved by ISO 13400.',
  0x9: 'Reserved by ISO 13400.',
  0xa: 'Reserved by ISO 13400.',
  0xb: 'Reserved by ISO 13400.',
  0xc: 'Reserved by ISO 13400.',
  0xd: 'Reserved by ISO 13400.',
  0xe: 'Reserved by ISO 13400.',
  0xf: 'Reserved by ISO 13400.',
  0x10: 'Routing successfully activated.',
  0x11: 'Routing will be activated; confirmation required.',
};
const DIAG_NACK_CODES: Readonly<Record<number, string>> = {
  0x2: 'Invalid source address',
  0x3: 'Unknown target address',
  0x4: 'Diagnostic message too large',
  0x5: 'Out of memory',
  0x6: 'Target unreachable',
  0x7: 'Unknown network',
  0x8: 'Transport protocol error',
};

/** A version and its complement. */
function begins(bytes: Uint8Array, at: number, end: number): boolean {
  return at + 1 >= end || (bytes[at] ^ bytes[at + 1]) === 0xff;
}

export const doip = defineProtocol({
  name: 'doip',
  title: 'DoIP (ISO13400) Protocol',
  short: 'DoIP',
  on: { 'tcp.port': [PORT], 'udp.port': [PORT] },
  opens: ['uds', 'data'],
  fields: {
    version: { type: 'u8', label: 'Version', show: 'hex', names: VERSIONS },
    inverse: { type: 'u8', label: 'Inverse version', show: 'hex' },
    type: { type: 'u16', label: 'Type', show: 'hex', names: TYPES },
    length: { type: 'u32', label: 'Length' },
    nack_code: { type: 'u8', label: 'DoIP Header NACK code', show: 'hex', names: NACK_CODES },
    vin: { type: 'string', label: 'VIN' },
    logical_address: { type: 'u16', label: 'Logical Address', show: 'hex' },
    eid: { type: 'bytes', label: 'EID' },
    gid: { type: 'bytes', label: 'GID' },
    futher_action: { type: 'u8', label: 'Further action required', show: 'hex', names: FURTHER_ACTIONS },
    sync_status: { type: 'u8', label: 'VIN/GID sync. status', show: 'hex', names: SYNC_STATUSES },
    power_mode: {
      type: 'u8',
      label: 'Diagnostic power mode',
      show: 'hex',
      names: { 0x0: 'not ready', 0x1: 'ready', 0x2: 'not supported' },
    },
    node_type: { type: 'u8', label: 'Node type', show: 'hex', names: { 0x0: 'DoIP gateway', 0x1: 'DoIp node' } },
    max_sockets: { type: 'u8', label: 'Max concurrent sockets' },
    sockets: { type: 'u8', label: 'Currently open sockets' },
    max_data_size: { type: 'u32', label: 'Max data size' },
    source_address: { type: 'u16', label: 'Source Address', show: 'hex' },
    target_address: { type: 'u16', label: 'Target Address', show: 'hex' },
    activation_type: {
      type: 'u8',
      label: 'Activation type',
      show: 'hex',
      names: { 0x0: 'Default', 0x1: 'WWH-OBD', 0xe0: 'Central security' },
    },
    tester_logical_address: { type: 'u16', label: 'Logical address of external tester', show: 'hex' },
    response_code: { type: 'u8', label: 'Routing activation response code', show: 'hex', names: RESPONSE_CODES },
    reserved_iso: { type: 'u32', label: 'Reserved by ISO', show: 'hex' },
    reserved_oem: { type: 'u32', label: 'Reserved by OEM', show: 'hex' },
    data: { type: 'bytes', label: 'User data' },
    diag_ack_code: { type: 'u8', label: 'ACK code', show: 'hex', names: { 0x0: 'ACK' } },
    diag_nack_code: { type: 'u8', label: 'NACK code', show: 'hex', names: DIAG_NACK_CODES },
    previous: { type: 'bytes', label: 'Previous message' },
  },
  accepts: begins,
  frame(f: Framing): number {
    if (!begins(f.bytes, f.at, f.end)) return NOT_MINE;
    if (f.end - f.at < AT.body) return MORE;
    const length = u32(f.bytes, f.at + AT.length);
    return length > MAX_LENGTH ? NOT_MINE : AT.body + length;
  },
  tree(t) {
    const { at } = t;
    t.need(at, AT.body);
    if (!begins(t.bytes, at, t.end)) {
      t.payload(at);
      return;
    }
    const type = t.u16(at + AT.type);
    const name = t.nameOf('type', type) ?? `0x${type.toString(16).padStart(4, '0')} Unknown payload`;
    t.info(name);
    t.addLabel(`, ${name}`);
    t.add('version', at);
    t.add('inverse', at + AT.inverse);
    t.add('type', at + AT.type);
    t.add('length', at + AT.length);
    t.limit(at + AT.body + t.u32(at + AT.length));
    body(t, type, at + AT.body);
  },
});

/** Fields one behind the other: name, or name and length. */
function row(t: TreeBuilder, from: number, ...keys: readonly (string | readonly [string, number])[]): number {
  let at = from;
  for (const key of keys) at = typeof key === 'string' ? t.add(key, at) : t.add(key[0], at, key[1]);
  return at;
}

function body(t: TreeBuilder, type: number, at: number): void {
  switch (type) {
    case 0:
      row(t, at, 'nack_code');
      break;
    case 2:
      row(t, at, ['eid', IDENTITY]);
      break;
    case 3:
      row(t, at, ['vin', VIN]);
      break;
    case 4: {
      const next = row(t, at, ['vin', VIN], 'logical_address', ['eid', IDENTITY], ['gid', IDENTITY], 'futher_action');
      if (next < t.end) t.add('sync_status', next);
      break;
    }
    case 5: {
      const next = row(t, at, 'source_address', 'activation_type', 'reserved_iso');
      if (next < t.end) t.add('reserved_oem', next);
      break;
    }
    case 6: {
      const next = row(t, at, 'tester_logical_address', 'source_address', 'response_code', 'reserved_iso');
      if (next < t.end) t.add('reserved_oem', next);
      break;
    }
    case 8:
      row(t, at, 'source_address');
      break;
    case 0x4002: {
      const next = row(t, at, 'node_type', 'max_sockets', 'sockets');
      if (next < t.end) t.add('max_data_size', next);
      break;
    }
    case 0x4004:
      row(t, at, 'power_mode');
      break;
    case DIAGNOSTIC.message: {
      const next = row(t, at, 'source_address', 'target_address');
      t.headerEnd(next);
      t.hint = `${t.u16(at)} ${t.u16(at + 2)}`;
      if (next < t.end) t.dissect('uds', next);
      t.hint = '';
      break;
    }
    case DIAGNOSTIC.positive:
    case DIAGNOSTIC.negative: {
      const code = type === DIAGNOSTIC.positive ? 'diag_ack_code' : 'diag_nack_code';
      const next = row(t, at, 'source_address', 'target_address', code);
      if (next < t.end) t.add('previous', next, t.end - next);
      break;
    }
    default:
      if (at < t.end) t.add('data', at, t.end - at);
  }
}
