/** The common packet format (CIP volume 2, 2-6): a count of items, each with a type and a length. */

import type { FieldSpec } from '../../field-spec.ts';
import type { TreeBuilder } from '../../tree.ts';

const TYPE = {
  identity: 0x0c,
  connection: 0xa1,
  connected: 0xb1,
  unconnected: 0xb2,
  services: 0x100,
  socketTo: 0x8000,
  socketFrom: 0x8001,
  sequenced: 0x8002,
} as const;
const ENIP_CPF_TYPEIDS: Readonly<Record<number, string>> = {
  0x0: 'Null Address Item',
  0xc: 'CIP Identity',
  0x86: 'CIP Security Information',
  0x87: 'EtherNet/IP Capability',
  0x88: 'EtherNet/IP Usage',
  0xa1: 'Connected Address Item',
  0xb1: 'Connected Data Item',
  0xb2: 'Unconnected Data Item',
  0x100: 'List Services Response',
  0x8000: 'Socket Address Info O->T',
  0x8001: 'Socket Address Info T->O',
  0x8002: 'Sequenced Address Item',
  0x8003: 'Unconnected Message over UDP',
};

export const ITEM_FIELDS: Readonly<Record<string, FieldSpec>> = {
  'cpf.itemcount': { type: 'u16', label: 'Item Count', little: true, abbrev: 'enip.cpf.itemcount' },
  'cpf.typeid': {
    type: 'u16',
    label: 'Type ID',
    show: 'hex',
    little: true,
    names: ENIP_CPF_TYPEIDS,
    many: true,
    abbrev: 'enip.cpf.typeid',
  },
  'cpf.length': { type: 'u16', label: 'Length', little: true, many: true, abbrev: 'enip.cpf.length' },
  'cpf.sai.connid': {
    type: 'u32',
    label: 'Connection ID',
    show: 'hex',
    little: true,
    many: true,
    abbrev: 'enip.cpf.sai.connid',
  },
  'cpf.sai.seq': {
    type: 'u32',
    label: 'Encapsulation Sequence Number',
    little: true,
    many: true,
    abbrev: 'enip.cpf.sai.seq',
  },
  'cpf.cai.connid': {
    type: 'u32',
    label: 'Connection ID',
    show: 'hex',
    little: true,
    many: true,
    abbrev: 'enip.cpf.cai.connid',
  },
  'cpf.data': { type: 'bytes', label: 'Data', many: true, abbrev: 'enip.cpf.data' },
};

export const ITEM_OWN_FIELDS: Readonly<Record<string, FieldSpec>> = {
  seq: { type: 'u16', label: 'CIP Sequence Count', little: true, abbrev: 'cip.seq' },
  'lsr.capaflags': { type: 'u16', label: 'Capability Flags', show: 'hex', little: true, abbrev: 'enip.lsr.capaflags' },
  'lsr.capaflags.tcp': {
    type: 'bool',
    label: 'Supports CIP Encapsulation via TCP',
    bits: [5, 5],
    of: 'u16',
    little: true,
    flag: ['True', 'False'],
    abbrev: 'enip.lsr.capaflags.tcp',
  },
  'lsr.capaflags.udp': {
    type: 'bool',
    label: 'Supports CIP Class 0 or 1 via UDP',
    bits: [8, 8],
    of: 'u16',
    little: true,
    flag: ['True', 'False'],
    abbrev: 'enip.lsr.capaflags.udp',
  },
  'lsr.servicename': { type: 'string', label: 'Name of Service', abbrev: 'enip.lsr.servicename' },
  sinfamily: { type: 'u16', label: 'sin_family', many: true, abbrev: 'enip.sinfamily' },
  sinport: { type: 'u16', label: 'sin_port', many: true, abbrev: 'enip.sinport' },
  sinaddr: { type: 'ipv4', label: 'sin_addr', many: true, abbrev: 'enip.sinaddr' },
  sinzero: { type: 'bytes', label: 'sin_zero', many: true, abbrev: 'enip.sinzero' },
  'lir.vendor': { type: 'u16', label: 'Vendor ID', show: 'hex', little: true, abbrev: 'enip.lir.vendor' },
  'lir.devtype': { type: 'u16', label: 'Device Type', little: true, abbrev: 'enip.lir.devtype' },
  'lir.prodcode': { type: 'u16', label: 'Product Code', little: true, abbrev: 'enip.lir.prodcode' },
  'lir.revision': { type: 'u16', label: 'Revision', abbrev: 'enip.lir.revision' },
  'lir.status': { type: 'u16', label: 'Status', show: 'hex', little: true, abbrev: 'enip.lir.status' },
  'lir.serial': { type: 'u32', label: 'Serial Number', show: 'hex', little: true, abbrev: 'enip.lir.serial' },
  'lir.namelen': { type: 'u8', label: 'Product Name Length', abbrev: 'enip.lir.namelen' },
  'lir.name': { type: 'string', label: 'Product Name', abbrev: 'enip.lir.name' },
  'lir.state': { type: 'u8', label: 'State', show: 'hex', abbrev: 'enip.lir.state' },
};

const SOCKET = 16;

/** Adds the items from `from` on. `key`: what a request and its answer share, for the CIP message in them. */
export function addItems(t: TreeBuilder, from: number, isAnswer: boolean, key: string): void {
  const count = t.u16le(from);
  t.add('cpf.itemcount', from);
  let at = from + 2;
  let about = key;
  for (let i = 0; i < count; i++) {
    const type = t.u16le(at);
    const length = t.u16le(at + 2);
    t.add('cpf.typeid', at);
    t.nest(t.last());
    t.add('cpf.length', at + 2);
    t.need(at + 4, length);
    if (type === TYPE.connection) about = `connection ${t.packet.flow}`;
    item(t, type, at + 4, length, isAnswer, about);
    t.close();
    at += 4 + length;
  }
}

function item(t: TreeBuilder, type: number, at: number, length: number, isAnswer: boolean, key: string): void {
  if (length === 0) return;
  switch (type) {
    case TYPE.identity:
      identity(t, at);
      break;
    case TYPE.services:
      t.add('encapver', at);
      t.add('lsr.capaflags', at + 2);
      t.add('lsr.capaflags.tcp', at + 2);
      t.add('lsr.capaflags.udp', at + 2);
      name(t, 'lsr.servicename', at + 4, 16);
      break;
    case TYPE.connection:
      t.add('cpf.cai.connid', at);
      break;
    case TYPE.sequenced:
      t.add('cpf.sai.connid', at);
      t.add('cpf.sai.seq', at + 4);
      t.info(
        `Connection: ID=0x${t.u32le(at).toString(16).padStart(8, '0').toUpperCase()}, SEQ=${String(t.u32le(at + 4)).padStart(10, '0')}`,
      );
      break;
    case TYPE.socketTo:
    case TYPE.socketFrom:
      if (length >= SOCKET) socket(t, at);
      break;
    case TYPE.connected:
      connected(t, at, length, isAnswer, key);
      break;
    case TYPE.unconnected:
      t.hint = `${isAnswer ? 'answer' : 'request'} ${key}`;
      t.dissect('cip', at, at + length, at + length);
      t.hint = '';
      break;
    default:
      t.add('cpf.data', at, length);
  }
}

/** On a connection a count comes first; what is not CIP is an application's I/O. */
function connected(t: TreeBuilder, at: number, length: number, isAnswer: boolean, key: string): void {
  if (t.protocol.name === 'cipio') {
    t.hint = 'inside';
    t.dissect('cipio', at, at + length, at + length);
    t.hint = '';
    return;
  }
  const next = t.add('seq', at);
  t.hint = `${isAnswer ? 'answer' : 'request'} ${key} ${t.u16le(at)}`;
  if (length > 2) t.dissect('cip', next, at + length, at + length);
  t.hint = '';
}

function socket(t: TreeBuilder, at: number): void {
  t.add('sinfamily', at);
  t.add('sinport', at + 2);
  t.add('sinaddr', at + 4);
  t.add('sinzero', at + 8, 8);
}

function name(t: TreeBuilder, key: string, at: number, length: number): void {
  const text = t.string(at, length, 'latin1', true);
  t.put(key, text, at, length);
  t.addInfo(`, ${text}`);
}

/** What a device says of itself (2-4.2.3). */
function identity(t: TreeBuilder, at: number): void {
  t.add('encapver', at);
  socket(t, at + 2);
  t.add('lir.vendor', at + 18);
  t.add('lir.devtype', at + 20);
  t.add('lir.prodcode', at + 22);
  t.put('lir.revision', t.u16(at + 24), at + 24, 2);
  t.add('lir.status', at + 26);
  t.add('lir.serial', at + 28);
  t.add('lir.namelen', at + 32);
  const length = t.u8(at + 32);
  name(t, 'lir.name', at + 33, length);
  t.add('lir.state', at + 33 + length);
}
