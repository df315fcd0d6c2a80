/**
 * S7 communication (Siemens SIMATIC), inside COTP: a header, parameters, data. No public standard; layout as seen on the wire:
 *
 *   32 | kind | 0000 | reference | parameter length | data length | error (answers only) | parameters | data
 */

import { u16 } from '../../base/bytes.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { kind: 1, reserved: 2, reference: 4, parameterLength: 6, dataLength: 8, error: 10 } as const;
const KIND = { job: 1, ack: 2, ackData: 3, userdata: 7 } as const;
const FUNCTION = { services: 0, setup: 0xf0, read: 0x04, write: 0x05 } as const;
const ANY_ADDRESS = 0x10;
const ITEM_HEADER = 2;
const GROUP = { programmer: 1, cyclic: 2, blocks: 3, cpu: 4, security: 5, time: 7 } as const;
const READ_SZL = 1;
const PARAM_FUNCS: Readonly<Record<number, string>> = {
  0x0: 'CPU services',
  0xf0: 'Setup communication',
  0x4: 'Read Var',
  0x5: 'Write Var',
  0x1a: 'Request download',
  0x1b: 'Download block',
  0x1c: 'Download ended',
  0x1d: 'Start upload',
  0x1e: 'Upload',
  0x1f: 'End upload',
  0x28: 'PI-Service',
  0x29: 'PLC Stop',
};
const PARAM_ITEM_TRANSP_SIZES: Readonly<Record<number, string>> = {
  1: 'BIT',
  2: 'BYTE',
  3: 'CHAR',
  4: 'WORD',
  5: 'INT',
  6: 'DWORD',
  7: 'DINT',
  8: 'REAL',
  10: 'TOD',
  11: 'TIME',
  12: 'S5TIME',
  15: 'DATE_AND_TIME',
  28: 'COUNTER',
  29: 'TIMER',
  30: 'IEC TIMER',
  31: 'IEC COUNTER',
  32: 'HS COUNTER',
};
const PARAM_ITEM_AREAS: Readonly<Record<number, string>> = {
  0x1: 'Data record',
  0x3: 'System info of 200 family',
  0x5: 'System flags of 200 family',
  0x6: 'Analog inputs of 200 family',
  0x7: 'Analog outputs of 200 family',
  0x80: 'Direct peripheral access (P)',
  0x81: 'Inputs (I)',
  0x82: 'Outputs (Q)',
  0x83: 'Flags (M)',
  0x84: 'Data blocks (DB)',
  0x85: 'Instance data blocks (DI)',
  0x86: 'Local data (L)',
  0x87: 'Unknown yet (V)',
  0x1c: 'S7 counters (C)',
  0x1d: 'S7 timers (T)',
  0x1e: 'IEC counters (200 family)',
  0x1f: 'IEC timers (200 family)',
};
const PARAM_USERDATA_TYPES: Readonly<Record<number, string>> = {
  0: 'Push',
  4: 'Request',
  8: 'Response',
  3: 'NC Push',
  7: 'NC Request',
  11: 'NC Response',
};
const PARAM_USERDATA_FUNCGROUPS: Readonly<Record<number, string>> = {
  0: 'Mode-transition',
  1: 'Programmer commands',
  2: 'Cyclic services',
  3: 'Block functions',
  4: 'CPU functions',
  5: 'Security',
  6: 'PBC BSEND/BRECV',
  7: 'Time functions',
  15: 'NC programming',
};
const DATA_RETURNCODES: Readonly<Record<number, string>> = {
  0x0: 'Reserved',
  0x1: 'Hardware error',
  0x3: 'Accessing the object not allowed',
  0x5: 'Invalid address',
  0x6: 'Data type not supported',
  0x7: 'Data type inconsistent',
  0xa: 'Object does not exist',
  0xff: 'Success',
};
const DATA_TRANSPORTSIZES: Readonly<Record<number, string>> = {
  0x0: 'NULL',
  0x3: 'BIT',
  0x4: 'BYTE/WORD/DWORD',
  0x5: 'INTEGER',
  0x6: 'DINTEGER',
  0x7: 'REAL',
  0x9: 'OCTET STRING',
  0x11: 'NCK ADDRESS1',
  0x12: 'NCK ADDRESS2',
};
const SUBFUNCTIONS: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  [GROUP.programmer]: {
    1: 'Block status',
    2: 'Variable status',
    3: 'Output ISTACK',
    4: 'Output BSTACK',
    5: 'Output LSTACK',
    7: 'Force selection',
    8: 'Modify variable',
    9: 'Force',
    12: 'Memory reset',
  },
  [GROUP.cyclic]: { 1: 'Cyclic transfer', 4: 'Unsubscribe', 5: 'Change driven transfer' },
  [GROUP.blocks]: { 1: 'List blocks', 2: 'List blocks of type', 3: 'Get block info' },
  [GROUP.cpu]: {
    1: 'Read SZL',
    2: 'Message service',
    3: 'Diagnostic message',
    5: 'ALARM_8 indication',
    6: 'NOTIFY indication',
    11: 'ALARM ack',
    17: 'ALARM_SQ indication',
    18: 'ALARM_S indication',
    19: 'ALARM query',
  },
  [GROUP.security]: { 1: 'PLC password' },
  [GROUP.time]: { 1: 'Read clock', 2: 'Set clock', 3: 'Read clock (following)', 4: 'Set clock' },
};

export const s7comm = defineProtocol({
  name: 's7comm',
  title: 'S7 Communication',
  fields: {
    'header.protid': { type: 'u8', label: 'Protocol Id', show: 'hex' },
    'header.rosctr': { type: 'u8', label: 'ROSCTR', names: { 1: 'Job', 2: 'Ack', 3: 'Ack_Data', 7: 'Userdata' } },
    'header.redid': { type: 'u16', label: 'Redundancy Identification (Reserved)', show: 'hex' },
    'header.pduref': { type: 'u16', label: 'Protocol Data Unit Reference' },
    'header.parlg': { type: 'u16', label: 'Parameter length' },
    'header.datlg': { type: 'u16', label: 'Data length' },
    'header.errcls': { type: 'u8', label: 'Error class', show: 'hex' },
    'header.errcod': { type: 'u8', label: 'Error code', show: 'hex' },
    'param.errcod': { type: 'u16', label: 'Error code', show: 'hex' },
    'param.func': { type: 'u8', label: 'Function', show: 'hex', names: PARAM_FUNCS },
    'param.maxamq_calling': { type: 'u16', label: 'Max AmQ (parallel jobs with ack) calling' },
    'param.maxamq_called': { type: 'u16', label: 'Max AmQ (parallel jobs with ack) called' },
    'param.setup_reserved1': { type: 'u8', label: 'Reserved', show: 'hex' },
    'param.pdu_length': { type: 'u16', label: 'PDU length' },
    'param.itemcount': { type: 'u8', label: 'Item count' },
    'param.data': { type: 'bytes', label: 'Parameter data' },
    'param.item': { type: 'none', label: 'Item', many: true },
    'param.item.varspec': { type: 'u8', label: 'Variable specification', show: 'hex', many: true },
    'param.item.varspec_length': { type: 'u8', label: 'Length of following address specification', many: true },
    'param.item.syntaxid': { type: 'u8', label: 'Syntax Id', show: 'hex', many: true },
    'param.item.transp_size': { type: 'u8', label: 'Transport size', names: PARAM_ITEM_TRANSP_SIZES, many: true },
    'param.item.length': { type: 'u16', label: 'Length', many: true },
    'param.item.db': { type: 'u16', label: 'DB number', many: true },
    'param.item.area': { type: 'u8', label: 'Area', show: 'hex', names: PARAM_ITEM_AREAS, many: true },
    'param.item.address': { type: 'u24', label: 'Address', show: 'hex', many: true },
    'param.item.address.byte': { type: 'u24', label: 'Byte Address', bits: [18, 3], many: true },
    'param.item.address.bit': { type: 'u24', label: 'Bit Address', bits: [2, 0], many: true },
    'param.userdata.head': { type: 'u24', label: 'Parameter head', show: 'hex' },
    'param.userdata.length': { type: 'u8', label: 'Parameter length' },
    'param.userdata.reqres1': { type: 'u8', label: 'Method (Request/Response)', show: 'hex' },
    'param.userdata.type': { type: 'u8', label: 'Type', bits: [7, 4], names: PARAM_USERDATA_TYPES },
    'param.userdata.funcgroup': { type: 'u8', label: 'Function group', bits: [3, 0], names: PARAM_USERDATA_FUNCGROUPS },
    'param.userdata.subfunc': { type: 'u8', label: 'Subfunction' },
    'param.userdata.seq_num': { type: 'u8', label: 'Sequence number' },
    data: { type: 'none', label: 'Data' },
    'data.returncode': { type: 'u8', label: 'Return code', show: 'hex', names: DATA_RETURNCODES, many: true },
    'data.transportsize': { type: 'u8', label: 'Transport size', show: 'hex', names: DATA_TRANSPORTSIZES, many: true },
    'data.length': { type: 'u16', label: 'Length', many: true },
  },
  tree(t) {
    const { at } = t;
    const kind = t.u8(at + AT.kind);
    const hasError = kind === KIND.ack || kind === KIND.ackData;
    const from = at + AT.error + (hasError ? 2 : 0);
    t.info(`ROSCTR:[${(t.nameOf('header.rosctr', kind) ?? 'Unknown').padEnd(8)}]`);
    for (const [key, place] of [
      ['protid', 0],
      ['rosctr', AT.kind],
      ['redid', AT.reserved],
      ['pduref', AT.reference],
      ['parlg', AT.parameterLength],
      ['datlg', AT.dataLength],
    ] as const)
      t.add(`header.${key}`, at + place);
    const length = t.u16(at + AT.parameterLength);
    const dataLength = t.u16(at + AT.dataLength);
    if (hasError) {
      t.add('header.errcls', at + AT.error);
      t.add('header.errcod', at + AT.error + 1);
    }
    if (length > 0) {
      if (kind === KIND.userdata) userdata(t, from, from + length);
      else parameters(t, kind, from, from + length);
    }
    if (hasError && t.u16(at + AT.error) !== 0) {
      t.generated('param.errcod', t.u16(at + AT.error), at + AT.error, 2);
      t.addInfo(` -> Errorcode:[0x${hex16(t.u16(at + AT.error))}]`);
    }
    if (dataLength > 0) data(t, kind, from, length, from + length, dataLength);
  },
});

function parameters(t: TreeBuilder, kind: number, at: number, end: number): void {
  const code = t.u8(at);
  t.add('param.func', at);
  const name = t.nameOf('param.func', code);
  t.addInfo(name === undefined ? ` Unknown function: 0x${code.toString(16).padStart(2, '0')}` : ` Function:[${name}]`);
  if (code === FUNCTION.setup) {
    t.add('param.setup_reserved1', at + 1);
    t.add('param.maxamq_calling', at + 2);
    t.add('param.maxamq_called', at + 4);
    t.add('param.pdu_length', at + 6);
  } else if (code === FUNCTION.read || code === FUNCTION.write) {
    const count = t.u8(at + 1);
    t.add('param.itemcount', at + 1);
    if (kind === KIND.job) items(t, count, at + 2, end);
  } else if (end > at + 1) t.add('param.data', at + 1, end - at - 1);
}

/** What is read or written: mostly areas of memory (S7ANY). */
function items(t: TreeBuilder, count: number, from: number, end: number): void {
  let at = from;
  for (let i = 0; i < count && at < end; i++) {
    const length = t.u8(at + 1);
    const size = ITEM_HEADER + length;
    t.need(at, size);
    const node = t.put('param.item', new Uint8Array(0), at, size, `Item [${i + 1}]`);
    t.nest(node);
    t.add('param.item.varspec', at);
    t.add('param.item.varspec_length', at + 1);
    if (length > 0) t.add('param.item.syntaxid', at + 2);
    if (length === 10 && t.u8(at + 2) === ANY_ADDRESS) {
      t.add('param.item.transp_size', at + 3);
      t.add('param.item.length', at + 4);
      t.add('param.item.db', at + 6);
      t.add('param.item.area', at + 8);
      t.add('param.item.address', at + 9);
      t.nest(t.last());
      t.add('param.item.address.byte', at + 9);
      t.add('param.item.address.bit', at + 9);
      t.close();
    }
    t.close();
    at += size + (size & 1);
  }
}

function userdata(t: TreeBuilder, at: number, end: number): void {
  t.add('param.userdata.head', at);
  t.add('param.userdata.length', at + 3);
  t.add('param.userdata.reqres1', at + 4);
  const type = t.u8(at + 5) >>> 4;
  const group = t.u8(at + 5) & 0xf;
  const sub = t.u8(at + 6);
  t.put('param.userdata.type', type, at + 5, 1);
  t.put('param.userdata.funcgroup', group, at + 5, 1);
  t.add('param.userdata.subfunc', at + 6);
  t.add('param.userdata.seq_num', at + 7);
  const groupName = t.nameOf('param.userdata.funcgroup', group) ?? 'Unknown';
  const what = SUBFUNCTIONS[group]?.[sub];
  t.addInfo(` Function:[${t.nameOf('param.userdata.type', type) ?? 'Unknown'}] -> [${groupName}]`);
  t.addInfo(what === undefined ? '' : ` -> [${what}]`);
  if (end > at + 8) t.need(at + 8, end - at - 8);
}

/** Sizes of an answer's and a write's items count bits in these kinds, bytes in the others. */
const IN_BITS = [3, 4, 5];

function data(
  t: TreeBuilder,
  kind: number,
  parametersAt: number,
  parametersLength: number,
  at: number,
  length: number,
): void {
  t.need(at, length);
  t.put('data', new Uint8Array(0), at, length);
  t.nest(t.last());
  const code = parametersLength > 0 ? t.u8(parametersAt) : 0;
  if (kind === KIND.userdata) {
    if (length >= 4) dataItem(t, at);
  } else if (kind === KIND.ackData && code === FUNCTION.write) {
    for (let i = 0; i < length; i++) t.add('data.returncode', at + i);
  } else if (code === FUNCTION.read || code === FUNCTION.write) dataItems(t, at, at + length);
  t.close();
  if (kind !== KIND.userdata || length < 8 || parametersLength < 8) return;
  const group = u16(t.bytes, parametersAt + 5);
  if ((group & 0xfff) === ((GROUP.cpu << 8) | READ_SZL))
    t.addInfo(` ID=0x${hex16(t.u16(at + 4))} Index=0x${hex16(t.u16(at + 6))}`);
}

function hex16(value: number): string {
  return value.toString(16).padStart(4, '0');
}

/** A code, a kind and a size; returns the bytes that follow. */
function dataItem(t: TreeBuilder, at: number): number {
  t.add('data.returncode', at);
  t.add('data.transportsize', at + 1);
  const size = IN_BITS.includes(t.u8(at + 1)) ? Math.ceil(t.u16(at + 2) / 8) : t.u16(at + 2);
  t.put('data.length', size, at + 2, 2);
  return size;
}

/** Items begin at even places. */
function dataItems(t: TreeBuilder, from: number, end: number): void {
  for (let at = from; at + 4 <= end; ) {
    const size = dataItem(t, at);
    at += 4 + size + (size & 1);
  }
}
