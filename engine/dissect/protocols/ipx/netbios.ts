/** NetBIOS over IPX, as Novell ("NetBIOS over IPX", 1992) and Microsoft (names and mailslots, NMPI) carry it. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

/** Broadcasts that routers forward carry the networks they went through in front. */
const NETWORKS = 8;
const NETWORKS_LENGTH = 4 * NETWORKS;
const NAME_LENGTH = 16;
const TYPE = { deregister: 5, data: 6, end: 7, endAck: 8, statusQuery: 9, datagram: 11 } as const;
const TYPES: Readonly<Record<number, string>> = {
  1: 'Find name',
  2: 'Name recognized',
  3: 'Check name',
  4: 'Name in use',
  5: 'Deregister name',
  6: 'Session data',
  7: 'Session end',
  8: 'Session end ACK',
  9: 'Status query',
  10: 'Status response',
  11: 'Directed datagram',
};
const MAILSLOT_WRITE = 0xfc;
const OPCODES: Readonly<Record<number, string>> = {
  0xf1: 'Claim name',
  0xf2: 'Delete name',
  0xf3: 'Query name',
  0xf4: 'Name found',
  0xf5: 'Messenger hangup',
  0xfc: 'Mailslot write',
  0xfd: 'Find mailslot name',
  0xfe: 'Mailslot name found',
};
const NAME_TYPES: Readonly<Record<number, string>> = { 1: 'Machine', 2: 'Workgroup', 3: 'Browser' };
/** What the last byte of a NetBIOS name says. */
const NAME_USES: Readonly<Record<number, string>> = {
  0x00: 'Workstation/Redirector',
  0x01: 'Browser',
  0x02: 'Workstation/Redirector',
  0x03: 'Messenger service/Main name',
  0x06: 'RAS Server service',
  0x1b: 'Domain Master Browser',
  0x1c: 'Domain Controllers',
  0x1d: 'Local Master Browser',
  0x1e: 'Browser Election Service',
  0x20: 'Server service',
  0x21: 'RAS client service',
};
const SMB = 0xff534d42;

const nameFields = {
  nb_name: { type: 'string', label: 'Name', abbrev: 'netbios.nb_name', many: true },
  nb_name_type: {
    type: 'u8',
    show: 'hex',
    label: 'Name type',
    names: NAME_USES,
    abbrev: 'netbios.nb_name_type',
    many: true,
  },
  ipx_network: { type: 'u32', show: 'hex', label: 'IPX Network', abbrev: 'nmpi.ipx_network', many: true },
} as const;

export const nbipx = defineProtocol({
  name: 'nbipx',
  title: 'NetBIOS over IPX',
  unlisted: true,
  opens: ['smb'],
  fields: {
    ...nameFields,
    name_flags: { type: 'u8', show: 'hex', label: 'Name type flag', abbrev: 'nmpi.name_flags' },
    group: {
      type: 'bool',
      of: 'u8',
      bits: [7, 7],
      label: 'Name',
      flag: ['Group name', 'Unique name'],
      abbrev: 'nmpi.name_flags.group',
    },
    in_use: {
      type: 'bool',
      of: 'u8',
      bits: [6, 6],
      label: 'In use',
      flag: ['Used', 'Not used'],
      abbrev: 'nmpi.name_flags.in_use',
    },
    registered: {
      type: 'bool',
      of: 'u8',
      bits: [2, 2],
      label: 'Registered',
      flag: ['Yes', 'No'],
      abbrev: 'nmpi.name_flags.registered',
    },
    duplicated: {
      type: 'bool',
      of: 'u8',
      bits: [1, 1],
      label: 'Duplicated',
      flag: ['Yes', 'No'],
      abbrev: 'nmpi.name_flags.duplicated',
    },
    deregistered: {
      type: 'bool',
      of: 'u8',
      bits: [0, 0],
      label: 'Deregistered',
      flag: ['Yes', 'No'],
      abbrev: 'nmpi.name_flags.deregistered',
    },
    conn_control: { type: 'u8', show: 'hex', label: 'Connection control', abbrev: 'nmpi.conn_control' },
    sys_packet: {
      type: 'bool',
      of: 'u8',
      bits: [7, 7],
      label: 'Packet',
      flag: ['System packet', 'Non-system packet'],
      abbrev: 'nmpi.conn_control.sys_packet',
    },
    ack: {
      type: 'bool',
      of: 'u8',
      bits: [6, 6],
      label: 'Acknowledgement',
      flag: ['Required', 'Not required'],
      abbrev: 'nmpi.conn_control.ack',
    },
    attention: {
      type: 'bool',
      of: 'u8',
      bits: [5, 5],
      label: 'Attention',
      flag: ['Yes', 'No'],
      abbrev: 'nmpi.conn_control.attention',
    },
    end_msg: {
      type: 'bool',
      of: 'u8',
      bits: [4, 4],
      label: 'End of message',
      flag: ['Yes', 'No'],
      abbrev: 'nmpi.conn_control.end_msg',
    },
    resend: {
      type: 'bool',
      of: 'u8',
      bits: [3, 3],
      label: 'Resend',
      flag: ['Yes', 'No'],
      abbrev: 'nmpi.conn_control.resend',
    },
    packettype: { type: 'u8', show: 'hex', label: 'Packet Type', names: TYPES, abbrev: 'nmpi.packettype' },
    src_conn_id: { type: 'u16', show: 'hex', label: 'Source connection ID', abbrev: 'nmpi.session.src_conn_id' },
    dest_conn_id: { type: 'u16', show: 'hex', label: 'Destination connection ID', abbrev: 'nmpi.session.dest_conn_id' },
    send_seq_number: { type: 'u16', label: 'Send sequence number', abbrev: 'nmpi.session.send_seq_number' },
    total_data_length: { type: 'u16', label: 'Total data length', abbrev: 'nmpi.session.total_data_length' },
    offset: { type: 'u16', label: 'Offset', abbrev: 'nmpi.session.offset' },
    data_length: { type: 'u16', label: 'Data length', abbrev: 'nmpi.session.data_length' },
    recv_seq_number: { type: 'u16', label: 'Receive sequence number', abbrev: 'nmpi.session.recv_seq_number' },
    bytes_received: { type: 'u16', label: 'Bytes received', abbrev: 'nmpi.session.bytes_received' },
  },
  tree(t) {
    const at = t.hint === 'ipx:broadcast' ? networks(t, t.at) : t.at;
    t.hint = '';
    const type = t.u8(at + 1);
    t.info(TYPES[type] ?? `Unknown (0x${type.toString(16).padStart(2, '0')})`);
    if (type <= TYPE.deregister) {
      nameFlags(t, at);
      t.add('packettype', at + 1);
      t.addInfo(` ${shownName(t, at + 2)}`);
      name(t, 'Name', at + 2);
    } else if (type === TYPE.datagram) {
      connectionControl(t, at);
      t.add('packettype', at + 1);
      name(t, 'Receiver Name', at + 2);
      name(t, 'Sender Name', at + 2 + NAME_LENGTH);
      datagram(t, at + 2 + 2 * NAME_LENGTH);
    } else {
      connectionControl(t, at);
      t.add('packettype', at + 1);
      if (type >= TYPE.data && type <= TYPE.endAck) session(t, at + 2);
      else if (t.end > at + 2) t.payload(at + 2);
    }
  },
});

/** Connections of both ends, then counts of packets and bytes; then data. */
function session(t: TreeBuilder, at: number): void {
  t.add('src_conn_id', at);
  t.add('dest_conn_id', at + 2);
  t.add('send_seq_number', at + 4);
  t.add('total_data_length', at + 6);
  t.add('offset', at + 8);
  t.add('data_length', at + 10);
  t.add('recv_seq_number', at + 12);
  t.add('bytes_received', at + 14);
  t.headerEnd(at + 16);
  t.payload(at + 16);
}

function nameFlags(t: TreeBuilder, at: number): void {
  t.add('name_flags', at);
  t.nest(t.last());
  for (const flag of ['group', 'in_use', 'registered', 'duplicated', 'deregistered']) t.add(flag, at);
  t.close();
}

function connectionControl(t: TreeBuilder, at: number): void {
  t.add('conn_control', at);
  t.nest(t.last());
  for (const flag of ['sys_packet', 'ack', 'attention', 'end_msg', 'resend']) t.add(flag, at);
  t.close();
}

export const nmpi = defineProtocol({
  name: 'nmpi',
  title: 'Name Management Protocol over IPX',
  unlisted: true,
  opens: ['smb'],
  fields: {
    ...nameFields,
    opcode: { type: 'u8', show: 'hex', label: 'Opcode', names: OPCODES },
    name_type: { type: 'u8', show: 'hex', label: 'Name Type', names: NAME_TYPES },
    messageid: { type: 'u16', show: 'hex', label: 'Message ID', little: true },
  },
  tree(t) {
    t.hint = '';
    const at = networks(t, t.at);
    const opcode = t.u8(at);
    t.info(OPCODES[opcode] ?? `Unknown NMPI op-code 0x${opcode.toString(16).padStart(2, '0')}`);
    t.add('opcode', at);
    t.add('name_type', at + 1);
    t.add('messageid', at + 2);
    if (opcode !== MAILSLOT_WRITE) t.addInfo(` ${shownName(t, at + 4)}`);
    name(t, 'Requested name', at + 4);
    name(t, 'Source name', at + 4 + NAME_LENGTH);
    const body = at + 4 + 2 * NAME_LENGTH;
    if (opcode === MAILSLOT_WRITE) datagram(t, body);
  },
});

function networks(t: TreeBuilder, at: number): number {
  t.need(at, NETWORKS_LENGTH);
  for (let i = 0; i < NETWORKS; i++) if (t.u32(at + 4 * i) !== 0) t.add('ipx_network', at + 4 * i);
  return at + NETWORKS_LENGTH;
}

function name(t: TreeBuilder, label: string, at: number): void {
  const use = NAME_USES[t.u8(at + NAME_LENGTH - 1)];
  t.nest(t.text(`${label}: ${shownName(t, at)}${use === undefined ? '' : ` (${use})`}`, at, NAME_LENGTH));
  t.put('nb_name', nameText(t, at), at, NAME_LENGTH - 1);
  t.add('nb_name_type', at + NAME_LENGTH - 1);
  t.close();
}

/** A mailslot's message, or a datagram that nobody knows. */
function datagram(t: TreeBuilder, at: number): void {
  t.headerEnd(at);
  if (t.has(at, 4) && t.u32(at) === SMB) t.dissect('smb', at);
  else t.payload(at);
}

/** Fifteen characters, padded with blanks. */
function nameText(t: TreeBuilder, at: number): string {
  let text = '';
  for (let i = 0; i < NAME_LENGTH - 1; i++) {
    const byte = t.u8(at + i);
    text += byte < 0x20 ? `<${byte.toString(16).padStart(2, '0')}>` : String.fromCharCode(byte);
  }
  return text.trimEnd();
}

function shownName(t: TreeBuilder, at: number): string {
  const use = t.u8(at + NAME_LENGTH - 1);
  return `${nameText(t, at)}<${use.toString(16).padStart(2, '0')}>`;
}
