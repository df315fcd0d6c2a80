/** PPTP (RFC 2637): control messages over TCP; what they set up goes through GRE. */

import { u16, u32 } from '../../base/bytes.ts';
import { defineProtocol, type FieldSpec, type Framing, MORE, NOT_MINE } from '../protocol.ts';

const COOKIE = 0x1a2b3c4d;
const HEADER = 12;
const MAX_LENGTH = 4096;
const MESSAGES: Readonly<Record<number, string>> = {
  1: 'Start-Control-Connection-Request',
  2: 'Start-Control-Connection-Reply',
  3: 'Stop-Control-Connection-Request',
  4: 'Stop-Control-Connection-Reply',
  5: 'Echo-Request',
  6: 'Echo-Reply',
  7: 'Outgoing-Call-Request',
  8: 'Outgoing-Call-Reply',
  9: 'Incoming-Call-Request',
  10: 'Incoming-Call-Reply',
  11: 'Incoming-Call-Connected',
  12: 'Call-Clear-Request',
  13: 'Call-Disconnect-Notify',
  14: 'WAN-Error-Notify',
  15: 'Set-Link-Info',
};
const RESULTS: Readonly<Record<number, string>> = {
  1: 'Successful channel establishment',
  2: 'General error',
  3: 'Command channel already exists',
  4: 'Requester not authorized',
  5: 'Protocol version of requester not supported',
};
const number = (type: 'u8' | 'u16' | 'u32', label: string): FieldSpec => ({ type, label });
const RESERVED1 = 'reserved1';
const RESERVED2 = 'reserved2';

/** What each message holds behind its type, in order; `host_name`, `vendor_name` and the like have fixed lengths. */
const LAYOUTS: Readonly<Record<number, readonly string[]>> = {
  1: [
    'protocol_version',
    RESERVED2,
    'framing_capabilities',
    'bearer_capabilities',
    'maximum_channels',
    'firmware_revision',
    'host_name',
    'vendor_name',
  ],
  2: [
    'protocol_version',
    'control_result',
    'error',
    'framing_capabilities',
    'bearer_capabilities',
    'maximum_channels',
    'firmware_revision',
    'host_name',
    'vendor_name',
  ],
  3: ['reason', RESERVED1, RESERVED2],
  4: ['stop_result', 'error', RESERVED2],
  5: ['identifier'],
  6: ['identifier', 'echo_result', 'error', RESERVED2],
  7: [
    'call_id',
    'call_serial_number',
    'minimum_bps',
    'maximum_bps',
    'bearer_type',
    'framing_type',
    'packet_receive_window_size',
    'packet_processing_delay',
    'phone_number_length',
    RESERVED2,
    'phone_number',
    'subaddress',
  ],
  8: [
    'call_id',
    'peer_call_id',
    'out_result',
    'error',
    'cause',
    'connect_speed',
    'packet_receive_window_size',
    'packet_processing_delay',
    'physical_channel_id',
  ],
  9: [
    'call_id',
    'call_serial_number',
    'bearer_type',
    'physical_channel_id',
    'dialed_number_length',
    'dialing_number_length',
    'dialed_number',
    'dialing_number',
    'subaddress',
  ],
  10: [
    'call_id',
    'peer_call_id',
    'in_result',
    'error',
    'packet_receive_window_size',
    'packet_processing_delay',
    RESERVED2,
  ],
  11: [
    'peer_call_id',
    RESERVED2,
    'connect_speed',
    'packet_receive_window_size',
    'packet_processing_delay',
    'framing_type',
  ],
  12: ['call_id', RESERVED2],
  13: ['call_id', 'disc_result', 'error', 'cause', RESERVED2, 'call_Statistics'],
  14: [
    'peer_call_id',
    RESERVED2,
    'crc_errors',
    'framing_errors',
    'hardware_overruns',
    'buffer_overruns',
    'timeout_errors',
    'alignment_errors',
  ],
  15: ['peer_call_id', RESERVED2, 'send_accm', 'receive_accm'],
};
const TEXTS: Readonly<Record<string, number>> = {
  host_name: 64,
  vendor_name: 64,
  phone_number: 64,
  subaddress: 64,
  dialed_number: 64,
  dialing_number: 64,
  call_Statistics: 128,
};
const SKIPPED: Readonly<Record<string, number>> = { [RESERVED1]: 1, [RESERVED2]: 2 };

function frame(f: Framing): number {
  if (f.end - f.at < 8) return MORE;
  const length = u16(f.bytes, f.at);
  return u32(f.bytes, f.at + 4) !== COOKIE || length < HEADER || length > MAX_LENGTH ? NOT_MINE : length;
}

export const pptp = defineProtocol({
  name: 'pptp',
  title: 'Point-to-Point Tunnelling Protocol',
  on: { 'tcp.port': [1723] },
  header: HEADER,
  fields: {
    length: number('u16', 'Length'),
    type: { type: 'u16', label: 'Message type', names: { 1: 'Control Message', 2: 'Management Message' } },
    magic_cookie: { type: 'u32', show: 'hex', label: 'Magic Cookie' },
    'magic_cookie.incorrect': { type: 'none', label: 'Incorrect Magic Cookie' },
    control_message_type: { type: 'u16', label: 'Control Message Type', names: MESSAGES },
    protocol_version: { type: 'u16', show: 'hex', label: 'Protocol version' },
    framing_capabilities: { type: 'u32', show: 'hex', label: 'Framing Capabilities' },
    bearer_capabilities: { type: 'u32', show: 'hex', label: 'Bearer Capabilities' },
    maximum_channels: number('u16', 'Maximum Channels'),
    firmware_revision: number('u16', 'Firmware Revision'),
    host_name: { type: 'string', label: 'Host Name' },
    vendor_name: { type: 'string', label: 'Vendor Name' },
    control_result: { type: 'u8', label: 'Result Code', names: RESULTS },
    stop_result: number('u8', 'Result Code'),
    echo_result: number('u8', 'Result Code'),
    out_result: number('u8', 'Result Code'),
    in_result: number('u8', 'Result Code'),
    disc_result: number('u8', 'Result Code'),
    error: number('u8', 'Error Code'),
    reason: number('u8', 'Reason'),
    identifier: number('u32', 'Identifier'),
    call_id: number('u16', 'Call ID'),
    peer_call_id: number('u16', 'Peer Call ID'),
    call_serial_number: number('u16', 'Call Serial Number'),
    minimum_bps: number('u32', 'Minimum BPS'),
    maximum_bps: number('u32', 'Maximum BPS'),
    framing_type: number('u32', 'Framing Type'),
    bearer_type: number('u32', 'Bearer Type'),
    packet_receive_window_size: number('u16', 'Packet Receive Window Size'),
    packet_processing_delay: number('u16', 'Packet Processing Delay'),
    phone_number_length: number('u16', 'Phone Number Length'),
    phone_number: { type: 'string', label: 'Phone Number' },
    subaddress: { type: 'string', label: 'Subaddress' },
    cause: number('u16', 'Cause Code'),
    connect_speed: number('u32', 'Connect Speed'),
    physical_channel_id: number('u32', 'Physical Channel ID'),
    dialed_number_length: number('u16', 'Dialed Number Length'),
    dialing_number_length: number('u16', 'Dialing Number Length'),
    dialed_number: { type: 'string', label: 'Dialed Number' },
    dialing_number: { type: 'string', label: 'Dialing Number' },
    call_Statistics: { type: 'string', label: 'Call Statistics' },
    crc_errors: number('u32', 'CRC Errors'),
    framing_errors: number('u32', 'Framing Errors'),
    hardware_overruns: number('u32', 'Hardware overruns'),
    buffer_overruns: number('u32', 'Buffer overruns'),
    timeout_errors: number('u32', 'Time-out Errors'),
    alignment_errors: number('u32', 'Alignment Errors'),
    send_accm: { type: 'u32', show: 'hex', label: 'Send ACCM' },
    receive_accm: { type: 'u32', show: 'hex', label: 'Receive ACCM' },
  },
  recogniseOn: ['tcp'],
  recognise: (b, at, end) => end - at >= HEADER && u16(b, at + 2) === 1 && u32(b, at + 4) === COOKIE,
  frame,
  tree(t) {
    const { at } = t;
    const kind = t.u16(at + 8);
    t.info(MESSAGES[kind] ?? `Unknown control type (${kind})`);
    t.add('length', at);
    t.add('type', at + 2);
    t.add('magic_cookie', at + 4);
    if (t.u32(at + 4) !== COOKIE) {
      t.expert('warning', 'Incorrect Magic Cookie', at + 4, 4, 'magic_cookie.incorrect');
      return;
    }
    t.add('control_message_type', at + 8);
    // A type without a second half has two reserved bytes.
    let next = at + HEADER;
    for (const key of LAYOUTS[kind] ?? []) {
      const skipped = SKIPPED[key];
      const text = TEXTS[key];
      if (skipped !== undefined) next += skipped;
      else if (text === undefined) next = t.add(key, next);
      else {
        t.put(key, t.string(next, text, 'latin1', true), next, text);
        next += text;
      }
    }
  },
});
