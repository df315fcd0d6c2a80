/** The verification trailer behind a request's stub ([MS-RPCE] 2.2.2.13): what must not have been changed on the way. */

import type { FieldSpec } from '../../field-spec.ts';
import type { TreeBuilder } from '../../tree.ts';
import { interfaceName } from './bind.ts';
import { TRANSFERS } from './names.ts';
import { type Order, uuidBytes, uuidText } from './order.ts';

const SIGNATURE = [0x8a, 0xe3, 0x13, 0x71, 0x02, 0xf4, 0x36, 0x71] as const;
const COMMAND = { bitmask: 1, context: 2 } as const;
const COMMANDS: Readonly<Record<number, string>> = { 1: 'BITMASK_1', 2: 'PCONTEXT', 3: 'HEADER2' };
const NUMBER = 0x3fff;
const IS_LAST = 0x4000;
/** A UUID and its version, twice. */
const CONTEXT = 40;

const FLAG = ['True', 'False'] as const;
const many = true;

export const trailerFields: Readonly<Record<string, FieldSpec>> = {
  'rpc_sec_vt.signature': { type: 'bytes', label: 'SEC_VT_SIGNATURE' },
  'rpc_sec_vt.command': { type: 'u16', show: 'hex', label: 'Command', many },
  'rpc_sec_vt.command.cmd': { type: 'u16', bits: [13, 0], show: 'hex', label: 'Cmd', names: COMMANDS, many },
  'rpc_sec_vt.command.end': { type: 'bool', of: 'u16', bits: [14, 14], label: 'SEC_VT_COMMAND_END', flag: FLAG, many },
  'rpc_sec_vt.command.must_process': {
    type: 'bool',
    of: 'u16',
    bits: [15, 15],
    label: 'SEC_VT_MUST_PROCESS_COMMAND',
    flag: FLAG,
    many,
  },
  'rpc_sec_vt.command.length': { type: 'u16', label: 'Length', many },
  'rpc_sec_vt.bitmask': { type: 'u32', show: 'hex', label: 'rpc_sec_vt_bitmask', many },
  'rpc_sec_vt.bitmask.sign': {
    type: 'bool',
    of: 'u32',
    bits: [0, 0],
    label: 'CLIENT_SUPPORT_HEADER_SIGNING',
    flag: FLAG,
    many,
  },
  'rpc_sec_vt.pcontext.interface.uuid': { type: 'guid', label: 'UUID', many },
  'rpc_sec_vt.pcontext.interface.ver': { type: 'u32', show: 'hex', label: 'Version', many },
};

/** Where the trailer begins in a stub [at, end): at a multiple of 4; -1: there is none. */
export function findTrailer(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i + SIGNATURE.length + 4 <= end; i += 4)
    if (bytes[i] === SIGNATURE[0] && SIGNATURE.every((byte, j) => bytes[i + j] === byte)) return i;
  return -1;
}

export function addTrailer(t: TreeBuilder, order: Order, from: number, end: number): void {
  t.nest(t.text('Verification Trailer', from, end - from));
  t.add('rpc_sec_vt.signature', from, SIGNATURE.length);
  for (let at = from + SIGNATURE.length; at + 4 <= end; ) {
    const command = order.u16(at);
    const length = order.u16(at + 2);
    const name = COMMANDS[command & NUMBER] ?? 'Unknown';
    t.nest(t.text(`Command: ${name}${(command & IS_LAST) === 0 ? '' : ', END'}`, at, 4 + length));
    t.nest(t.put('rpc_sec_vt.command', command, at, 2));
    t.put('rpc_sec_vt.command.cmd', command & NUMBER, at, 2);
    t.put('rpc_sec_vt.command.end', (command >>> 14) & 1, at, 2);
    t.put('rpc_sec_vt.command.must_process', command >>> 15, at, 2);
    t.close();
    t.put('rpc_sec_vt.command.length', length, at + 2, 2);
    at += 4;
    if (at + length > end) t.fail();
    if ((command & NUMBER) === COMMAND.bitmask && length >= 4) bitmask(t, order, at);
    else if ((command & NUMBER) === COMMAND.context && length >= CONTEXT) context(t, order, at);
    t.close();
    at += length;
    if ((command & IS_LAST) !== 0) break;
  }
  t.close();
}

function bitmask(t: TreeBuilder, order: Order, at: number): void {
  const value = order.u32(at);
  t.nest(t.put('rpc_sec_vt.bitmask', value, at, 4));
  t.put('rpc_sec_vt.bitmask.sign', value & 1, at, 4);
  t.close();
}

/** The interface that was bound, and how its values are written. */
function context(t: TreeBuilder, order: Order, at: number): void {
  for (const [i, label] of ['Abstract Syntax', 'Transfer Syntax'].entries()) {
    const place = at + 20 * i;
    const uuid = uuidBytes(t, place, order.isLittle);
    const text = uuidText(uuid);
    const name = i === 0 ? interfaceName(text) : (TRANSFERS[text] ?? text);
    t.put('rpc_sec_vt.pcontext.interface.uuid', uuid, place, 16, `${label}: ${name}`);
    t.put('rpc_sec_vt.pcontext.interface.ver', order.u32(place + 16), place + 16, 4);
  }
}
