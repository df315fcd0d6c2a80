/** EtherNet/IP (ODVA, CIP volume 2): commands that carry CIP in items of a common packet format; I/O over UDP. */

import { u16le } from '../../../base/bytes.ts';
import { toHex } from '../../../base/hex.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { addItems, ITEM_FIELDS, ITEM_OWN_FIELDS } from './items.ts';

const AT = { command: 0, length: 2, session: 4, status: 8, context: 12, options: 20, body: 24 } as const;
const PORT = 44_818;
const COMMAND = {
  nop: 0,
  services: 4,
  identity: 0x63,
  interfaces: 0x64,
  register: 0x65,
  unregister: 0x66,
  request: 0x6f,
  unit: 0x70,
} as const;
const COMMANDS: Readonly<Record<number, string>> = {
  0x0: 'NOP',
  0x4: 'List Services',
  0x63: 'List Identity',
  0x64: 'List Interfaces',
  0x65: 'Register Session',
  0x66: 'Unregister Session',
  0x6f: 'Send RR Data',
  0x70: 'Send Unit Data',
  0xc8: 'StartDTLS',
};
const STATUSES: Readonly<Record<number, string>> = {
  0x0: 'Success',
  0x1: 'Invalid Command',
  0x2: 'No Memory Resources',
  0x3: 'Incorrect Data',
  0x64: 'Invalid Session Handle',
  0x65: 'Invalid Length',
  0x69: 'Unsupported Protocol Revision',
  0x6a: 'Encapsulated CIP service not allowed on this port',
};

/** A command that there is; the port alone says little. */
function begins(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at < 2 || COMMANDS[u16le(bytes, at)] !== undefined;
}

export const enip = defineProtocol({
  name: 'enip',
  title: 'EtherNet/IP (Industrial Protocol)',
  on: { 'tcp.port': [PORT], 'udp.port': [PORT] },
  opens: ['cip', 'data'],
  remembers: true,
  fields: {
    command: { type: 'u16', label: 'Command', show: 'hex', little: true, names: COMMANDS },
    length: { type: 'u16', label: 'Length', little: true },
    session: { type: 'u32', label: 'Session Handle', show: 'hex', little: true },
    status: { type: 'u32', label: 'Status', show: 'hex', little: true, names: STATUSES },
    context: { type: 'bytes', label: 'Sender Context' },
    options: { type: 'u32', label: 'Options', show: 'hex', little: true },
    encapver: { type: 'u16', label: 'Encapsulation Protocol Version', little: true },
    'rs.version': { type: 'u16', label: 'Protocol Version', little: true },
    'rs.flags': { type: 'u16', label: 'Option Flags', show: 'hex', little: true },
    'srrd.iface': { type: 'u32', label: 'Interface Handle', show: 'hex', little: true, names: { 0x0: 'CIP' } },
    'sud.iface': { type: 'u32', label: 'Interface Handle', show: 'hex', little: true, names: { 0x0: 'CIP' } },
    timeout: { type: 'u16', label: 'Timeout', little: true },
    encap_data: { type: 'bytes', label: 'Encap Data' },
    listid_delay: { type: 'u16', label: 'Max Response Delay', little: true },
    ...ITEM_FIELDS,
    ...ITEM_OWN_FIELDS,
  },
  accepts: begins,
  frame(f: Framing): number {
    if (!begins(f.bytes, f.at, f.end)) return NOT_MINE;
    return f.end - f.at < AT.session ? MORE : AT.body + u16le(f.bytes, f.at + AT.length);
  },
  tree(t) {
    const { at } = t;
    const command = t.u16le(at);
    const isAnswer = t.ports[0] === PORT && (t.ports[1] !== PORT || t.packet.direction === 1);
    const name = COMMANDS[command] ?? `Unknown Command (0x${command.toString(16).padStart(4, '0')})`;
    let said = `${name} (${isAnswer ? 'Rsp' : 'Req'})`;
    if (command === COMMAND.register || command === COMMAND.unregister)
      said += `, Session: 0x${t
        .u32le(at + AT.session)
        .toString(16)
        .padStart(8, '0')
        .toUpperCase()}`;
    t.info(t.fencedInfo === '' ? said : ` | ${said}`);
    t.addLabel(`, ${name}`);
    t.add('command', at);
    t.add('length', at + AT.length);
    t.add('session', at + AT.session);
    t.add('status', at + AT.status);
    const asksAll = command === COMMAND.identity && !isAnswer;
    if (asksAll) t.add('listid_delay', at + AT.context);
    t.add('context', at + AT.context + (asksAll ? 2 : 0), asksAll ? 6 : 8);
    t.add('options', at + AT.options);
    t.limit(at + AT.body + t.u16le(at + AT.length));
    if (at + AT.body < t.end) body(t, command, isAnswer, at + AT.body);
  },
});

function body(t: TreeBuilder, command: number, isAnswer: boolean, at: number): void {
  const key = toHex(t.slice(t.at + AT.session, 4)) + toHex(t.slice(t.at + AT.context, 8));
  switch (command) {
    case COMMAND.services:
    case COMMAND.identity:
    case COMMAND.interfaces:
      addItems(t, at, isAnswer, key);
      break;
    case COMMAND.register:
      t.add('rs.flags', t.add('rs.version', at));
      break;
    case COMMAND.request:
    case COMMAND.unit: {
      const next = t.add('timeout', t.add(command === COMMAND.request ? 'srrd.iface' : 'sud.iface', at));
      addItems(t, next, isAnswer, key);
      break;
    }
    default:
      t.add('encap_data', at, t.end - at);
  }
}

/** Class 0 and 1 connections: items without a command in front, then what the application sends. */
export const cipIo = defineProtocol({
  name: 'cipio',
  title: 'Common Industrial Protocol, I/O',
  short: 'CIP I/O',
  on: { 'udp.port': [2222] },
  opens: ['cipio', 'data'],
  fields: { data: { type: 'bytes', label: 'Data' }, ...ITEM_FIELDS },
  /** A count of items, the first of which is an address. */
  accepts: (bytes, at, end) => end - at < 4 || (u16le(bytes, at) === 2 && u16le(bytes, at + 2) === 0x8002),
  tree(t) {
    if (t.hint === 'inside') {
      t.add('data', t.at, t.end - t.at);
      return;
    }
    t.label('EtherNet/IP (Industrial Protocol)');
    addItems(t, t.at, false, '');
  },
});
