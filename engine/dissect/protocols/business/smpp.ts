/** SMPP 3.4: requests and answers between those who send short messages and a message centre. */

import { u32 } from '../../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const AT = { length: 0, id: 4, status: 8, sequence: 12, body: 16 } as const;
const MAX_LENGTH = 64 << 10;
const ANSWER = 0x80000000;
const NACK = 0x80000000;
const ID = { bindReceiver: 1, bindTransmitter: 2, submit: 4, deliver: 5, bindTransceiver: 9 } as const;
const STATUSES: Readonly<Record<number, string>> = {
  0x00: 'Ok',
  0x01: 'Message length is invalid',
  0x02: 'Command length is invalid',
  0x03: 'Invalid command ID',
  0x04: 'Incorrect BIND status for given command',
  0x05: 'ESME already in bound state',
  0x06: 'Invalid priority flag',
  0x07: 'Invalid registered delivery flag',
  0x08: 'System error',
  0x0a: 'Invalid source address',
  0x0b: 'Invalid destination address',
  0x0c: 'Message ID is invalid',
  0x0d: 'Bind failed',
  0x0e: 'Invalid password',
  0x0f: 'Invalid system ID',
  0x11: 'Cancel SM failed',
  0x13: 'Replace SM failed',
  0x14: 'Message queue full',
  0x15: 'Invalid service type',
  0x45: 'submit_sm or submit_multi failed',
  0x58: 'Throttling error (ESME has exceeded allowed message limits)',
};
const COMMAND_IDS: Readonly<Record<number, string>> = {
  0x1: 'Bind_receiver',
  0x2: 'Bind_transmitter',
  0x3: 'Query_sm',
  0x4: 'Submit_sm',
  0x5: 'Deliver_sm',
  0x6: 'Unbind',
  0x7: 'Replace_sm',
  0x8: 'Cancel_sm',
  0x9: 'Bind_transceiver',
  0xb: 'Outbind',
  0x15: 'Enquire_link',
  0x21: 'Submit_multi',
  0x102: 'Alert_notification',
  0x103: 'Data_sm',
  0x111: 'Broadcast_sm',
  0x112: 'Query_broadcast_sm',
  0x113: 'Cancel_broadcast_sm',
  0x1000001: 'Auth_acc',
  0x1000002: 'Sm_result_notify',
  0x80000000: 'Generic_nack',
  0x80000001: 'Bind_receiver - resp',
  0x80000002: 'Bind_transmitter - resp',
  0x80000003: 'Query_sm - resp',
  0x80000004: 'Submit_sm - resp',
  0x80000005: 'Deliver_sm - resp',
  0x80000006: 'Unbind - resp',
  0x80000007: 'Replace_sm - resp',
  0x80000008: 'Cancel_sm - resp',
  0x80000009: 'Bind_transceiver - resp',
  0x80000015: 'Enquire_link - resp',
  0x80000021: 'Submit_multi - resp',
  0x80000103: 'Data_sm - resp',
  0x80000111: 'Broadcast_sm - resp',
  0x80000112: 'Query_broadcast_sm - resp',
  0x80000113: 'Cancel_broadcast_sm - resp',
  0x81000001: 'Auth_acc - resp',
  0x81000002: 'Sm_result_notify - resp',
};
const COMMANDS: ReadonlySet<number> = new Set(Object.keys(COMMAND_IDS).map(Number));

function isPdu(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < AT.status) return true;
  const length = u32(bytes, at);
  return length >= AT.body && length <= MAX_LENGTH && COMMANDS.has(u32(bytes, at + AT.id));
}

export const smpp = defineProtocol({
  name: 'smpp',
  title: 'Short Message Peer to Peer',
  on: { 'tcp.port': [2775] },
  fields: {
    command_length: { type: 'u32', label: 'Length' },
    command_id: { type: 'u32', label: 'Operation', show: 'hex', names: COMMAND_IDS },
    sequence_number: { type: 'u32', label: 'Sequence #' },
    system_id: { type: 'string', label: 'System ID' },
    password: { type: 'string', label: 'Password' },
    system_type: { type: 'string', label: 'System type' },
    addr_ton: { type: 'u8', label: 'Type of number', show: 'hex' },
    addr_npi: { type: 'u8', label: 'Numbering plan indicator', show: 'hex' },
    address_range: { type: 'string', label: 'Address' },
    service_type: { type: 'string', label: 'Service type' },
    source_addr_ton: { type: 'u8', label: 'Type of number (originator)', show: 'hex' },
    source_addr_npi: { type: 'u8', label: 'Numbering plan indicator (originator)', show: 'hex' },
    source_addr: { type: 'string', label: 'Originator address' },
    dest_addr_ton: { type: 'u8', label: 'Type of number (recipient)', show: 'hex' },
    dest_addr_npi: { type: 'u8', label: 'Numbering plan indicator (recipient)', show: 'hex' },
    destination_addr: { type: 'string', label: 'Recipient address' },
    protocol_id: { type: 'u8', label: 'Protocol id.', show: 'hex' },
    priority_flag: { type: 'u8', label: 'Priority level', show: 'hex' },
    replace_if_present_flag: { type: 'u8', label: 'Replace', show: 'hex', bits: [0, 0] },
    data_coding: { type: 'u8', label: 'Data coding', show: 'hex' },
    sm_default_msg_id: { type: 'u8', label: 'Predefined message' },
    sm_length: { type: 'u8', label: 'Message length' },
    message: { type: 'bytes', label: 'Message bytes' },
    message_id: { type: 'string', label: 'Message id.' },
    command_status: { type: 'u32', label: 'Result', show: 'hex', names: STATUSES },
  },
  recogniseOn: ['tcp'],
  recognise(bytes, at, end) {
    if (end - at < AT.body || !isPdu(bytes, at, end) || u32(bytes, at) > end - at) return false;
    const isAnswer = u32(bytes, at + AT.id) >= ANSWER;
    return (
      (isAnswer ? STATUSES[u32(bytes, at + AT.status)] !== undefined : u32(bytes, at + AT.status) === 0) &&
      u32(bytes, at + AT.sequence) <= 0x7fffffff
    );
  },
  accepts: isPdu,
  frame(f: Framing): number {
    if (f.end - f.at < AT.status) return MORE;
    return isPdu(f.bytes, f.at, f.end) ? u32(f.bytes, f.at) : NOT_MINE;
  },
  tree(t) {
    const { at } = t;
    const id = t.u32(at + AT.id);
    const status = t.u32(at + AT.status);
    const isAnswer = id >= ANSWER;
    const name = COMMAND_IDS[id] ?? 'Unknown';
    const said = isAnswer ? `${name}: "${STATUSES[status] ?? 'Unknown'}"` : name;
    t.info(t.fencedInfo === '' ? said : `, ${said}`);
    t.addLabel(`, Command: ${name}, Seq: ${t.u32(at + AT.sequence)}, Len: ${t.u32(at)}`);
    t.add('command_length', at);
    t.add('command_id', at + AT.id);
    if (isAnswer) t.add('command_status', at + AT.status);
    t.add('sequence_number', at + AT.sequence);
    if (id !== NACK && at + AT.body < t.end) body(t, id, at + AT.body);
  },
});

/** A text with a NUL at its end; an empty one is not shown. Returns one past the NUL. */
function text(t: TreeBuilder, key: string, at: number): number {
  const length = t.bytes.subarray(at, t.end).indexOf(0);
  if (length < 0) t.fail();
  if (length > 0) t.add(key, at, length);
  return at + length + 1;
}

function body(t: TreeBuilder, id: number, at: number): void {
  switch (id) {
    case ID.bindReceiver:
    case ID.bindTransmitter:
    case ID.bindTransceiver: {
      const next = text(t, 'system_type', text(t, 'password', text(t, 'system_id', at))) + 1;
      text(t, 'address_range', t.add('addr_npi', t.add('addr_ton', next)));
      break;
    }
    case ID.submit:
    case ID.deliver:
      shortMessage(t, at);
      break;
    case ANSWER + ID.bindReceiver:
    case ANSWER + ID.bindTransmitter:
    case ANSWER + ID.bindTransceiver:
      text(t, 'system_id', at);
      break;
    case ANSWER + ID.submit:
    case ANSWER + ID.deliver:
      text(t, 'message_id', at);
      break;
    default:
  }
}

function shortMessage(t: TreeBuilder, from: number): void {
  let at = text(t, 'service_type', from);
  at = text(t, 'source_addr', t.add('source_addr_npi', t.add('source_addr_ton', at)));
  at = text(t, 'destination_addr', t.add('dest_addr_npi', t.add('dest_addr_ton', at)));
  at = t.add('priority_flag', t.add('protocol_id', at + 1));
  for (let i = 0; i < 2; i++) {
    const length = t.bytes.subarray(at, t.end).indexOf(0);
    if (length < 0) t.fail();
    at += length + 1; // times of delivery and validity
  }
  at = t.add('replace_if_present_flag', at + 1);
  at = t.add('sm_default_msg_id', t.add('data_coding', at));
  const length = t.u8(at);
  at = t.add('sm_length', at);
  if (length > 0) t.add('message', at, length);
}
