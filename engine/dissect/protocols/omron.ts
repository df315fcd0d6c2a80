/** OMRON FINS (Factory Interface Network Service, W342): commands to controllers, in datagrams or behind a header on TCP. */

import { u32 } from '../../base/bytes.ts';
import { decodeLatin1 } from '../../base/text.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const MAGIC = 0x46494e53; // FINS
const TCP = { length: 4, command: 8, error: 12, body: 16 } as const;
const CARRIES_FRAME = 2;
const MAX_LENGTH = 0xffff;
const COMMAND = { memoryRead: 0x0101, memoryWrite: 0x0102, memoryFill: 0x0103, controllerRead: 0x0501 } as const;
const BODY = 12;
const RESPONSE = 0x40;
const MODEL = 20;
/** Memory area codes of words and bits (5-2-2), as people write them. */
const AREAS: Readonly<Record<number, string>> = {
  0x30: 'CIO',
  0x31: 'W',
  0x32: 'H',
  0x33: 'A',
  0xb0: 'CIO',
  0xb1: 'W',
  0xb2: 'H',
  0xb3: 'A',
  0x02: 'D',
  0x82: 'D',
};
const TCP_COMMANDS: Readonly<Record<number, string>> = {
  0x0: 'Node Address Data Send (Client to Server)',
  0x1: 'Node Address Data Send (Server to Client)',
  0x2: 'Frame Send',
  0x3: 'Frame Send Error Notification',
  0x6: 'Connection Confirmation',
};
const TCP_ERROR_CODES: Readonly<Record<number, string>> = {
  0x0: 'Normal',
  0x1: "The header is not 'FINS' (ASCII code)",
  0x2: 'The data length is too long',
  0x3: 'The command is not supported',
  0x20: 'All connections are in use',
  0x21: 'The specified node is already connected',
  0x22: 'Attempt to access a protected node from an unspecified IP address',
  0x23: 'The client FINS node address is out of range',
  0x24: 'The same FINS node address is being used by the client and server',
  0x25: 'All the node addresses available for allocation have been used',
};
const COMMANDS: Readonly<Record<number, string>> = {
  0x101: 'Memory Area Read',
  0x102: 'Memory Area Write',
  0x103: 'Memory Area Fill',
  0x104: 'Multiple Memory Area Read',
  0x105: 'Memory Area Transfer',
  0x201: 'Parameter Area Read',
  0x202: 'Parameter Area Write',
  0x203: 'Parameter Area Clear',
  0x220: 'Data Link Table Read',
  0x221: 'Data Link Table Write',
  0x304: 'Program Area Protect',
  0x305: 'Program Area Protect Clear',
  0x306: 'Program Area Read',
  0x307: 'Program Area Write',
  0x308: 'Program Area Clear',
  0x401: 'Run',
  0x402: 'Stop',
  0x403: 'Reset',
  0x501: 'Controller Data Read',
  0x502: 'Connection Data Read',
  0x601: 'Controller Status Read',
  0x602: 'Network Status Read',
  0x603: 'Data Link Status Read',
  0x620: 'Cycle Time Read',
  0x701: 'Clock Read',
  0x702: 'Clock Write',
  0x801: 'LOOP-BACK Test',
  0x802: 'Broadcast Test Results Read',
  0x803: 'Broadcast Test Data Send',
  0x920: 'Message Read | Message Clear | FAL/FALS Read',
  0xc01: 'Access Right Acquire',
  0xc02: 'Access Right Forced Acquire',
  0xc03: 'Access Right Release',
  0x2101: 'Error Clear',
  0x2102: 'Error Log Read',
  0x2103: 'Error Log Clear',
  0x2201: 'File Name Read',
  0x2202: 'Single File Read',
  0x2203: 'Single File Write',
  0x2204: 'Memory Card Format',
  0x2205: 'File Delete',
  0x2206: 'Volume Label Create/Delete',
  0x2207: 'File Copy',
  0x2208: 'File Name Change',
  0x2209: 'File Data Check',
  0x220a: 'Memory Area File Transfer',
  0x220b: 'Parameter Area File Transfer',
  0x220c: 'Program Area File Transfer',
  0x220f: 'File Memory Index Read',
  0x2210: 'File Memory Read',
  0x2211: 'File Memory Write',
  0x2301: 'Forced Set/Reset',
  0x2302: 'Forced Set/Reset Cancel',
  0x230a: 'Multiple Forced Status Read',
  0x2601: 'Name Set',
  0x2602: 'Name Delete',
  0x2603: 'Name Read',
};
const MEMORY_AREA_READS: Readonly<Record<number, string>> = {
  0x0: 'CIO, TR, CPU Bus Link, and Auxiliary : Bit status',
  0x40: 'CIO, TR, CPU Bus Link, and Auxiliary : Bit status (with forced status)',
  0x80: 'CIO, TR, CPU Bus Link, and Auxiliary : Word contents',
  0xc0: 'CIO, TR, CPU Bus Link, and Auxiliary : Word contents (with forced status)',
  0x1: 'Timer/Counter : Completion Flag status',
  0x41: 'Timer/Counter : Completion Flag status (with forced status)',
  0x81: 'Timer/Counter : PV',
  0x82: 'DM : Word contents',
  0x3: 'Transition : Flag status',
  0x43: 'Transition : Flag status (with forced status)',
  0x4: 'Step : Flag status',
  0x44: 'Step : Status',
  0x84: 'Step : Step timer PV',
  0x5: 'Forced status : Bit status',
  0x85: 'Forced status : Word contents',
  0x90: 'Expansion DM : Word contents, bank E0',
  0x91: 'Expansion DM : Word contents, bank E1',
  0x92: 'Expansion DM : Word contents, bank E2',
  0x93: 'Expansion DM : Word contents, bank E3',
  0x94: 'Expansion DM : Word contents, bank E4',
  0x95: 'Expansion DM : Word contents, bank E5',
  0x96: 'Expansion DM : Word contents, bank E6',
  0x97: 'Expansion DM : Word contents, bank E7',
  0x98: 'Expansion DM : Word contents, current bank',
  0x9c: 'Register : Register contents / Current bank no. of expansion DM',
  0x1b: 'Action : Flag status',
  0xdd: 'Interrupt status : Scheduled interrupt interval',
  0x30: 'CS1 mode: CIO Area : Bit status',
  0x31: 'CS1 mode: Work Area : Bit status',
  0x32: 'CS1 mode: Holding Bit Area : Bit status',
  0x33: 'CS1 mode: Auxiliary Area : Bit status',
  0x70: 'CS1 mode: CIO Area : Bit status (with forced status)',
  0x71: 'CS1 mode: Work Area : Bit status (with forced status)',
  0x72: 'CS1 mode: Holding Bit Area : Bit status (with forced status)',
  0xb0: 'CS1 mode: CIO Area : Word contents',
  0xb1: 'CS1 mode: Work Area : Word contents',
  0xb2: 'CS1 mode: Holding Bit Area : Word contents',
  0xb3: 'CS1 mode: Auxiliary Bit Area : Word contents',
  0xf0: 'CS1 mode: CIO Area : Word contents (with forced status)',
  0xf1: 'CS1 mode: Work Area : Word contents (with forced status)',
  0xf2: 'CS1 mode: Holding Bit Area : Word contents (with forced status)',
  0x9: 'CS1 mode: Timer/Counter : Completion Flag status',
  0x49: 'CS1 mode: Timer/Counter : Completion Flag status (with forced status)',
  0x89: 'CS1 mode: Timer/Counter : PV',
  0x2: 'CS1 mode: DM : Bit contents',
  0x20: 'CS1 mode: Expansion DM : Bit contents, bank E0',
  0x21: 'CS1 mode: Expansion DM : Bit contents, bank E1',
  0x22: 'CS1 mode: Expansion DM : Bit contents, bank E2',
  0x23: 'CS1 mode: Expansion DM : Bit contents, bank E3',
  0x24: 'CS1 mode: Expansion DM : Bit contents, bank E4',
  0x25: 'CS1 mode: Expansion DM : Bit contents, bank E5',
  0x26: 'CS1 mode: Expansion DM : Bit contents, bank E6',
  0x27: 'CS1 mode: Expansion DM : Bit contents, bank E7',
  0x28: 'CS1 mode: Expansion DM : Bit contents, bank E8',
  0x29: 'CS1 mode: Expansion DM : Bit contents, bank E9',
  0x2a: 'CS1 mode: Expansion DM : Bit contents, bank EA',
  0x2b: 'CS1 mode: Expansion DM : Bit contents, bank EB',
  0x2c: 'CS1 mode: Expansion DM : Bit contents, bank EC',
  0xa0: 'CS1 mode: Expansion DM : Word contents, bank E0',
  0xa1: 'CS1 mode: Expansion DM : Word contents, bank E1',
  0xa2: 'CS1 mode: Expansion DM : Word contents, bank E2',
  0xa3: 'CS1 mode: Expansion DM : Word contents, bank E3',
  0xa4: 'CS1 mode: Expansion DM : Word contents, bank E4',
  0xa5: 'CS1 mode: Expansion DM : Word contents, bank E5',
  0xa6: 'CS1 mode: Expansion DM : Word contents, bank E6',
  0xa7: 'CS1 mode: Expansion DM : Word contents, bank E7',
  0xa8: 'CS1 mode: Expansion DM : Word contents, bank E8',
  0xa9: 'CS1 mode: Expansion DM : Word contents, bank E9',
  0xaa: 'CS1 mode: Expansion DM : Word contents, bank EA',
  0xab: 'CS1 mode: Expansion DM : Word contents, bank EB',
  0xac: 'CS1 mode: Expansion DM : Word contents, bank EC',
  0xbc: 'CS1 mode: Register : Register contents / Current bank no. of expansion DM',
  0x6: 'CS1 mode: Task flag : Bit contents',
  0x46: 'CS1 mode: Task flag : Status',
  0xdc: 'CS1 mode: Index register : Register contents',
  0x7: 'CS1 mode: Clock pulses / Condition flags : Bit contents',
};
const RESPONSE_CODES: Readonly<Record<number, string>> = {
  0x0: 'Normal completion',
  0x1: 'Service was interrupted',
  0x101: 'Local node not part of Network',
  0x102: 'Token time-out, node number to large',
  0x103: 'Number of transmit retries exceeded',
  0x104: 'Maximum number of frames exceeded',
  0x105: 'Node number setting error (range)',
  0x106: 'Node number duplication error',
  0x201: 'Destination node not part of Network',
  0x202: 'No node with the specified node number',
  0x203: 'Third node not part of Network : Broadcasting was specified',
  0x204: 'Busy error, destination node busy',
  0x205: 'Response time-out',
  0x301: 'Error occurred : ERC indicator is lit',
  0x302: 'CPU error occurred in the PC at the destination node',
  0x303: 'A controller error has prevented a normal response',
  0x304: 'Node number setting error',
  0x401: 'An undefined command has been used',
  0x402: 'Cannot process command because the specified unit model or version is wrong',
  0x501: 'Destination node number is not set in the routing table',
  0x502: "Routing table isn't registered",
  0x503: 'Routing table error',
  0x504: 'Max relay nodes (2) was exceeded',
  0x1001: 'The command is longer than the max permissible length',
  0x1002: 'The command is shorter than the min permissible length',
  0x1003: 'The designated number of data items differs from the actual number',
  0x1004: 'An incorrect command format has been used',
  0x1005: 'An incorrect header has been used',
  0x1101: 'Memory area code invalid or DM is not available',
  0x1102: 'Access size is wrong in command',
  0x1103: 'First address in inaccessible area',
  0x1104: 'The end of specified word range exceeds acceptable range',
  0x1106: 'A non-existent program number',
  0x1109: 'The size of data items in command block are wrong',
  0x110a: 'The IOM break function cannot be executed',
  0x110b: 'The response block is longer than the max length',
  0x110c: 'An incorrect parameter code has been specified',
  0x2002: 'The data is protected',
  0x2003: 'Registered table does not exist',
  0x2004: 'Search data does not exist',
  0x2005: 'Non-existent program number',
  0x2006: 'Non-existent file',
  0x2007: 'Verification error',
  0x2101: 'Specified area is read-only',
  0x2102: 'The data is protected',
  0x2103: 'Too many files open',
  0x2105: 'Non-existent program number',
  0x2106: 'Non-existent file',
  0x2107: 'File already exists',
  0x2108: 'Data cannot be changed',
  0x2201: 'The mode is wrong (executing)',
  0x2202: 'The mode is wrong (stopped)',
  0x2203: 'The PC is in the PROGRAM mode',
  0x2204: 'The PC is in the DEBUG mode',
  0x2205: 'The PC is in the MONITOR mode',
  0x2206: 'The PC is in the RUN mode',
  0x2207: 'The specified node is not the control node',
  0x2208: 'The mode is wrong and the step cannot be executed',
  0x2301: 'The file device does not exist where specified',
  0x2302: 'The specified memory does not exist',
  0x2303: 'No clock exists',
  0x2401: 'Data link table is incorrect',
  0x2502: 'Parity / checksum error occurred',
  0x2503: 'I/O setting error',
  0x2504: 'Too many I/O points',
  0x2505: 'CPU bus error',
  0x2506: 'I/O duplication error',
  0x2507: 'I/O bus error',
  0x2509: 'SYSMAC BUS/2 error',
  0x250a: 'Special I/O Unit error',
  0x250d: 'Duplication in SYSMAC BUS word allocation',
  0x250f: 'A memory error has occurred',
  0x2510: 'Terminator not connected in SYSMAC BUS system',
  0x2601: 'The specified area is not protected',
  0x2602: 'An incorrect password has been specified',
  0x2604: 'The specified area is protected',
  0x2605: 'The service is being executed',
  0x2606: 'The service is not being executed',
  0x2607: 'Service cannot be execute from local node',
  0x2608: 'Service cannot be executed settings are incorrect',
  0x2609: 'Service cannot be executed incorrect settings in command data',
  0x260a: 'The specified action has already been registered',
  0x260b: 'Cannot clear error, error still exists',
  0x3001: 'The access right is held by another device',
  0x4001: 'Command aborted with ABORT command',
};

/** Bits of the first byte that are always 0, the second byte and a gateway count that a request may have. */
function isFrame(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at >= BODY && (bytes[at] & 0x3e) === 0 && bytes[at + 1] === 0;
}

function isMagic(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at >= 4 ? u32(bytes, at) === MAGIC : 'FINS'.startsWith(decodeLatin1(bytes, at, end));
}

export const omron = defineProtocol({
  name: 'omron',
  title: 'OMRON FINS Protocol',
  on: { 'tcp.port': [9600], 'udp.port': [9600] },
  fields: {
    'tcp.magic': { type: 'u32', label: 'Magic Bytes', show: 'hex' },
    'tcp.length': { type: 'u32', label: 'Length' },
    'tcp.command': { type: 'u32', label: 'Command', show: 'hex', names: TCP_COMMANDS },
    'tcp.error_code': { type: 'u32', label: 'Error Code', show: 'hex', names: TCP_ERROR_CODES },
    'tcp.client_node_address': { type: 'u32', label: 'Client Node Address' },
    'tcp.server_node_address': { type: 'u32', label: 'Server Node Address' },
    icf: { type: 'u8', label: 'OMRON ICF Field', show: 'hex' },
    'icf.gwb': {
      type: 'u8',
      label: 'Gateway bit',
      show: 'hex',
      bits: [7, 7],
      names: { 0x0: "Don't use Gateway", 0x1: 'Use Gateway' },
    },
    'icf.dtb': {
      type: 'u8',
      label: 'Data Type bit',
      show: 'hex',
      bits: [6, 6],
      names: { 0x0: 'Command', 0x1: 'Response' },
    },
    'icf.rb0': { type: 'u8', label: 'Reserved bit 0', show: 'hex', bits: [5, 5] },
    'icf.rb1': { type: 'u8', label: 'Reserved bit 1', show: 'hex', bits: [4, 4] },
    'icf.rb2': { type: 'u8', label: 'Reserved bit 2', show: 'hex', bits: [3, 3] },
    'icf.rb3': { type: 'u8', label: 'Reserved bit 3', show: 'hex', bits: [2, 2] },
    'icf.rb4': { type: 'u8', label: 'Reserved bit 4', show: 'hex', bits: [1, 1] },
    'icf.rsb': {
      type: 'u8',
      label: 'Response setting bit',
      show: 'hex',
      bits: [0, 0],
      names: { 0x0: 'Response Required', 0x1: 'Response Not Required' },
    },
    rsv: { type: 'u8', label: 'Reserved', show: 'hex' },
    gct: { type: 'u8', label: 'Gateway Count', show: 'hex' },
    dna: { type: 'u8', label: 'Destination network address', show: 'hex' },
    da1: { type: 'u8', label: 'Destination node number', show: 'hex' },
    da2: { type: 'u8', label: 'Destination unit address', show: 'hex' },
    sna: { type: 'u8', label: 'Source network address', show: 'hex' },
    sa1: { type: 'u8', label: 'Source node number', show: 'hex' },
    sa2: { type: 'u8', label: 'Source unit address', show: 'hex' },
    sid: { type: 'u8', label: 'Service ID', show: 'hex' },
    command: { type: 'u16', label: 'Command CODE', show: 'hex', names: COMMANDS },
    'memory.area.read': { type: 'u8', label: 'Memory Area Code', show: 'hex', names: MEMORY_AREA_READS },
    'memory.address': { type: 'u16', label: 'Beginning address', show: 'hex' },
    'memory.address.bits': { type: 'u8', label: 'Beginning address bits', show: 'hex' },
    'memory.numitems': { type: 'u16', label: 'Number of items' },
    'response.code': { type: 'u16', label: 'Response code', show: 'hex', names: RESPONSE_CODES },
    'command.data': { type: 'bytes', label: 'Command Data' },
    'response.data': { type: 'bytes', label: 'Response data' },
    'controller.model': { type: 'string', label: 'Controller model' },
    'controller.version': { type: 'string', label: 'Controller version' },
  },
  accepts: (bytes, at, end) => isFrame(bytes, at, end) || isMagic(bytes, at, end),
  frame(f: Framing): number {
    if (!isMagic(f.bytes, f.at, f.end)) return NOT_MINE;
    if (f.end - f.at < TCP.command) return MORE;
    const length = u32(f.bytes, f.at + TCP.length);
    return length < 8 || length > MAX_LENGTH ? NOT_MINE : TCP.command + length;
  },
  tree(t) {
    t.info('');
    if (!isMagic(t.bytes, t.at, t.end)) {
      if (t.transport === 'udp') fins(t, t.at);
      else t.text('Continuation', t.at, t.end - t.at);
      return;
    }
    const { at } = t;
    const command = t.u32(at + TCP.command);
    t.add('tcp.magic', at);
    t.add('tcp.length', at + TCP.length);
    t.add('tcp.command', at + TCP.command);
    t.add('tcp.error_code', at + TCP.error);
    t.info(`FINS/TCP : ${TCP_COMMANDS[command] ?? `Unknown (${command})`}`);
    if (command === CARRIES_FRAME) fins(t, at + TCP.body);
    else if (command < CARRIES_FRAME) {
      t.add('tcp.client_node_address', at + TCP.body);
      if (command === 1) t.add('tcp.server_node_address', at + TCP.body + 4);
    }
  },
});

function fins(t: TreeBuilder, at: number): void {
  const isResponse = (t.u8(at) & RESPONSE) !== 0;
  const command = t.u16(at + 10);
  const name = t.nameOf('command', command) ?? `Unknown (0x${command.toString(16).padStart(4, '0')})`;
  t.info(`${isResponse ? 'Response' : 'Command '} : ${name}`);
  t.add('icf', at);
  t.nest(t.last());
  for (const key of ['gwb', 'dtb', 'rb0', 'rb1', 'rb2', 'rb3', 'rb4', 'rsb']) t.add(`icf.${key}`, at);
  t.close();
  for (const [i, key] of ['rsv', 'gct', 'dna', 'da1', 'da2', 'sna', 'sa1', 'sa2', 'sid'].entries())
    t.add(key, at + 1 + i);
  t.add('command', at + 10);
  if (isResponse) response(t, command, at + BODY);
  else request(t, command, at + BODY);
}

function request(t: TreeBuilder, command: number, at: number): void {
  if (command !== COMMAND.memoryRead && command !== COMMAND.memoryWrite && command !== COMMAND.memoryFill) {
    if (at < t.end) t.add('command.data', at, t.end - at);
    return;
  }
  t.add('memory.area.read', at);
  t.add('memory.address', at + 1);
  t.add('memory.address.bits', at + 3);
  const next = t.add('memory.numitems', at + 4);
  const area = AREAS[t.u8(at)];
  const bits = t.u8(at + 3) !== 0 ? `.${t.u8(at + 3)}` : '';
  if (command === COMMAND.memoryRead && area !== undefined) t.addInfo(` (${area}${t.u16(at + 1)}${bits})`);
  if (next < t.end) t.add('command.data', next, t.end - next);
}

function response(t: TreeBuilder, command: number, at: number): void {
  const next = t.add('response.code', at);
  if (command === COMMAND.controllerRead && t.has(next, 2 * MODEL)) {
    t.add('controller.model', next, MODEL);
    t.add('controller.version', next + MODEL, MODEL);
    if (t.end > next + 2 * MODEL) t.add('response.data', next + 2 * MODEL, t.end - next - 2 * MODEL);
  } else if (next < t.end) t.add('response.data', next, t.end - next);
}
