/**
 * DNP3 (IEEE 1815): a link header with its check sequence, blocks of sixteen bytes with theirs, in them a transport byte and an
 * application message. Object headers are read, not the objects between them.
 */

import { u16le } from '../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { start: 0, length: 2, control: 3, target: 4, source: 6, check: 8 } as const;
const HEADER = 10;
const BLOCK = 16;
const SHORTEST = 5;
const PORT = 20_000;
const CHECK = { bad: 0, good: 1 } as const;
const CTL_PRIFUNCS: Readonly<Record<number, string>> = {
  0: 'Reset of Remote Link',
  1: 'Reset of User Process',
  2: 'Test Function For Link',
  3: 'User Data',
  4: 'Unconfirmed User Data',
  9: 'Request Link Status',
};
const CTL_SECFUNCS: Readonly<Record<number, string>> = {
  0: 'ACK',
  1: 'NACK',
  11: 'Status of Link',
  14: 'Link Service Not Functioning',
  15: 'Link Service Not Used or Implemented',
};
const DNP_HDR_CRC_STATUSES: Readonly<Record<number, string>> = {
  0: 'Bad',
  1: 'Good',
  2: 'Unverified',
  3: 'Not present',
  4: 'Illegal',
};
const DNP_DATA_CHUNK_CRC_STATUSES: Readonly<Record<number, string>> = {
  0: 'Bad',
  1: 'Good',
  2: 'Unverified',
  3: 'Not present',
  4: 'Illegal',
};
const AL_FUNCS: Readonly<Record<number, string>> = {
  0: 'Confirm',
  1: 'Read',
  2: 'Write',
  3: 'Select',
  4: 'Operate',
  5: 'Direct Operate',
  6: 'Direct Operate No Ack',
  7: 'Immediate Freeze',
  8: 'Immediate Freeze No Ack',
  9: 'Freeze and Clear',
  10: 'Freeze and Clear No ACK',
  11: 'Freeze With Time',
  12: 'Freeze With Time No ACK',
  13: 'Cold Restart',
  14: 'Warm Restart',
  15: 'Initialize Data',
  16: 'Initialize Application',
  17: 'Start Application',
  18: 'Stop Application',
  19: 'Save Configuration',
  20: 'Enable Spontaneous Messages',
  21: 'Disable Spontaneous Messages',
  22: 'Assign Classes',
  23: 'Delay Measurement',
  24: 'Record Current Time',
  25: 'Open File',
  26: 'Close File',
  27: 'Delete File',
  28: 'Get File Info',
  29: 'Authenticate File',
  30: 'Abort File',
  31: 'Activate Config',
  32: 'Authentication Request',
  33: 'Authentication Error',
  129: 'Response',
  130: 'Unsolicited Response',
  131: 'Authentication Response',
};
const AL_OBJQ_PREFIXS: Readonly<Record<number, string>> = {
  0: 'None',
  1: '1-Octet Index Prefix',
  2: '2-Octet Index Prefix',
  3: '4-Octet Index Prefix',
  4: '1-Octet Object Size Prefix',
  5: '2-Octet Object Size Prefix',
  6: '4-Octet Object Size Prefix',
};
const AL_OBJQ_RANGES: Readonly<Record<number, string>> = {
  0: '8-bit Start and Stop Indices',
  1: '16-bit Start and Stop Indices',
  2: '32-bit Start and Stop Indices',
  3: '8-bit Absolute Address in Range Field',
  4: '16-bit Absolute Address in Range Field',
  5: '32-bit Absolute Address in Range Field',
  6: 'No Range Field',
  7: '8-bit Single Field Quantity',
  8: '16-bit Single Field Quantity',
  9: '32-bit Single Field Quantity',
  10: 'Reserved',
  11: 'Free-format Qualifier',
};
const FUNCTION = { confirm: 0, read: 1, response: 0x81, unsolicited: 0x82 } as const;
const CONTROL = { direction: 0x80, primary: 0x40, frameCount: 0x20, flow: 0x10 } as const;
const TRANSPORT = { final: 0x80, first: 0x40 } as const;
const CLASSES = 0x3c;
/** Object groups (annex A). */
const GROUPS: Readonly<Record<number, string>> = {
  0: 'Device Attributes',
  1: 'Binary Input',
  2: 'Binary Input Change',
  3: 'Double-bit Input',
  4: 'Double-bit Input Change',
  10: 'Binary Output',
  11: 'Binary Output Change',
  12: 'Control Relay Output Block',
  13: 'Binary Command Event',
  20: 'Binary Counter',
  21: 'Frozen Binary Counter',
  22: 'Binary Counter Change',
  23: 'Frozen Binary Counter Change',
  30: 'Analog Input',
  31: 'Frozen Analog Input',
  32: 'Analog Input Change',
  33: 'Frozen Analog Input Change',
  34: 'Analog Input Deadband',
  40: 'Analog Output Status',
  41: 'Analog Output Block',
  42: 'Analog Output Event',
  43: 'Analog Output Command Event',
  50: 'Time and Date',
  51: 'Time and Date CTO',
  52: 'Time Delay',
  60: 'Class Data',
  70: 'File Control',
  80: 'Internal Indications',
  85: 'Data-Set Prototype',
  86: 'Data-Set Descriptor',
  87: 'Data-Set, Present Value',
  88: 'Data-Set, Snapshot',
  110: 'Octet String',
  111: 'Octet String Event',
  112: 'Virtual Terminal Output Block',
  113: 'Virtual Terminal Event Data',
};

function objectName(value: number): string | undefined {
  const group = GROUPS[value >>> 8];
  return group === undefined ? undefined : `${group} (Obj:${value >>> 8}, Var:${value & 0xff})`;
}

function begins(bytes: Uint8Array, at: number, end: number): boolean {
  return bytes[at] === 0x05 && (at + 1 >= end || bytes[at + 1] === 0x64);
}

/** Bytes of a link frame whose length byte says `length` (9.2.4.1): what follows the header comes in blocks. */
function frameLength(length: number): number {
  const data = length - SHORTEST;
  return HEADER + data + 2 * Math.ceil(data / BLOCK);
}

function checkOf(bytes: Uint8Array, at: number, end: number): number {
  let crc = 0;
  for (let i = at; i < end; i++) {
    crc ^= bytes[i];
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ 0xa6bc : crc >>> 1;
  }
  return ~crc & 0xffff;
}

export const dnp3 = defineProtocol({
  name: 'dnp3',
  title: 'Distributed Network Protocol 3.0',
  short: 'DNP 3.0',
  on: { 'tcp.port': [PORT], 'udp.port': [PORT] },
  fields: {
    start: { type: 'u16', label: 'Start Bytes', show: 'hex' },
    len: { type: 'u8', label: 'Length' },
    ctl: { type: 'u8', label: 'Control', show: 'hex' },
    'ctl.prifunc': { type: 'u8', label: 'Control Function Code', bits: [3, 0], names: CTL_PRIFUNCS },
    'ctl.secfunc': { type: 'u8', label: 'Control Function Code', bits: [3, 0], names: CTL_SECFUNCS },
    'ctl.dir': { type: 'bool', label: 'Direction', bits: [7, 7] },
    'ctl.prm': { type: 'bool', label: 'Primary', bits: [6, 6] },
    'ctl.fcb': { type: 'bool', label: 'Frame Count Bit', bits: [5, 5] },
    'ctl.fcv': { type: 'bool', label: 'Frame Count Valid', bits: [4, 4] },
    'ctl.dfc': { type: 'bool', label: 'Data Flow Control', bits: [4, 4] },
    dst: { type: 'u16', label: 'Destination', little: true },
    src: { type: 'u16', label: 'Source', little: true },
    addr: { type: 'u16', label: 'Address', little: true, many: true },
    'hdr.CRC': { type: 'u16', label: 'Data Link Header checksum', show: 'hex', little: true },
    'hdr.CRC.status': {
      type: 'u8',
      label: 'Data Link Header Checksum Status',
      names: DNP_HDR_CRC_STATUSES,
      abbrev: 'dnp.hdr.CRC.status',
    },
    'tr.ctl': { type: 'u8', label: 'Transport Control', show: 'hex' },
    'tr.fin': { type: 'bool', label: 'Final', bits: [7, 7] },
    'tr.fir': { type: 'bool', label: 'First', bits: [6, 6] },
    'tr.seq': { type: 'u8', label: 'Sequence', bits: [5, 0] },
    data_chunk: { type: 'bytes', label: 'Data Chunk', many: true, abbrev: 'dnp.data_chunk' },
    data_chunk_len: { type: 'u16', label: 'Data Chunk length', many: true, abbrev: 'dnp.data_chunk_len' },
    'data_chunk.CRC': {
      type: 'u16',
      label: 'Data Chunk checksum',
      show: 'hex',
      little: true,
      many: true,
      abbrev: 'dnp.data_chunk.CRC',
    },
    'data_chunk.CRC.status': {
      type: 'u8',
      label: 'Data Chunk Checksum Status',
      names: DNP_DATA_CHUNK_CRC_STATUSES,
      many: true,
      abbrev: 'dnp.data_chunk.CRC.status',
    },
    'al.ctl': { type: 'u8', label: 'Application Control', show: 'hex' },
    'al.fir': { type: 'bool', label: 'First', bits: [7, 7] },
    'al.fin': { type: 'bool', label: 'Final', bits: [6, 6] },
    'al.con': { type: 'bool', label: 'Confirm', bits: [5, 5] },
    'al.uns': { type: 'bool', label: 'Unsolicited', bits: [4, 4] },
    'al.seq': { type: 'u8', label: 'Sequence', bits: [3, 0] },
    'al.func': { type: 'u8', label: 'Application Layer Function Code', names: AL_FUNCS },
    'al.iin': { type: 'u16', label: 'Internal Indications', show: 'hex' },
    'al.iin.bmsg': { type: 'bool', label: 'Broadcast Msg Rx', bits: [8, 8], of: 'u16' },
    'al.iin.cls1d': { type: 'bool', label: 'Class 1 Data Available', bits: [9, 9], of: 'u16' },
    'al.iin.cls2d': { type: 'bool', label: 'Class 2 Data Available', bits: [10, 10], of: 'u16' },
    'al.iin.cls3d': { type: 'bool', label: 'Class 3 Data Available', bits: [11, 11], of: 'u16' },
    'al.iin.tsr': { type: 'bool', label: 'Time Sync Required', bits: [12, 12], of: 'u16' },
    'al.iin.dol': { type: 'bool', label: 'Digital Outputs in Local', bits: [13, 13], of: 'u16' },
    'al.iin.dt': { type: 'bool', label: 'Device Trouble', bits: [14, 14], of: 'u16' },
    'al.iin.rst': { type: 'bool', label: 'Device Restart', bits: [15, 15], of: 'u16' },
    'al.iin.fcni': { type: 'bool', label: 'Function Code not implemented', bits: [0, 0], of: 'u16' },
    'al.iin.obju': { type: 'bool', label: 'Requested Objects Unknown', bits: [1, 1], of: 'u16' },
    'al.iin.pioor': { type: 'bool', label: 'Parameters Invalid or Out of Range', bits: [2, 2], of: 'u16' },
    'al.iin.ebo': { type: 'bool', label: 'Event Buffer Overflow', bits: [3, 3], of: 'u16' },
    'al.iin.oae': { type: 'bool', label: 'Operation Already Executing', bits: [4, 4], of: 'u16' },
    'al.iin.cc': { type: 'bool', label: 'Configuration Corrupt', bits: [5, 5], of: 'u16' },
    'al.obj': { type: 'u16', label: 'Object', show: 'hex', names: objectName, many: true },
    'al.objq.prefix': { type: 'u8', label: 'Prefix Code', bits: [6, 4], names: AL_OBJQ_PREFIXS, many: true },
    'al.objq.range': { type: 'u8', label: 'Range Code', bits: [3, 0], names: AL_OBJQ_RANGES, many: true },
  },
  accepts: begins,
  frame(f: Framing): number {
    if (!begins(f.bytes, f.at, f.end)) return NOT_MINE;
    if (f.end - f.at <= AT.length) return MORE;
    const length = f.bytes[f.at + AT.length];
    return length < SHORTEST ? NOT_MINE : frameLength(length);
  },
  tree(t) {
    const { at } = t;
    if (!begins(t.bytes, at, t.end)) {
      t.text('Continuation', at, t.end - at);
      return;
    }
    t.info('');
    const control = t.u8(at + AT.control);
    const length = t.u8(at + AT.length);
    const target = t.u16le(at + AT.target);
    const source = t.u16le(at + AT.source);
    const isPrimary = (control & CONTROL.primary) !== 0;
    const key = isPrimary ? 'ctl.prifunc' : 'ctl.secfunc';
    const name = t.nameOf(key, control & 0xf) ?? 'Unknown function';
    t.nest(t.text(`Data Link Layer, Len: ${length}, From: ${source}, To: ${target}, ${name}`, at, HEADER));
    t.add('start', at);
    t.add('len', at + AT.length);
    linkControl(t, key, at + AT.control);
    t.add('dst', at + AT.target);
    t.add('src', at + AT.source);
    t.hide('addr', target, at + AT.target, 2);
    t.hide('addr', source, at + AT.source, 2);
    check(t, 'hdr.CRC', 'hdr.CRC.status', at, AT.check);
    t.close();
    if (length <= SHORTEST) {
      t.info(`from ${source} to ${target}, len=${length}, ${name}`);
      return;
    }
    const transport = t.u8(at + HEADER);
    transportControl(t, transport, at + HEADER);
    const data = chunks(t, at + HEADER, length - SHORTEST);
    const isWhole = (transport & TRANSPORT.first) !== 0 && (transport & TRANSPORT.final) !== 0;
    if (isWhole) t.within('Application data', data.subarray(1), () => application(t));
    else t.info(`Fragment of a message, sequence ${transport & 0x3f}`);
  },
});

function linkControl(t: TreeBuilder, key: string, at: number): void {
  t.add('ctl', at);
  t.nest(t.last());
  t.add('ctl.dir', at);
  t.add('ctl.prm', at);
  if (key === 'ctl.prifunc') {
    t.add('ctl.fcb', at);
    t.add('ctl.fcv', at);
  } else t.add('ctl.dfc', at);
  t.add(key, at);
  t.close();
}

function transportControl(t: TreeBuilder, transport: number, at: number): void {
  t.add('tr.ctl', at);
  t.last().text = `Transport Control: 0x${transport.toString(16).padStart(2, '0')}, Sequence ${transport & 0x3f}`;
  t.nest(t.last());
  for (const key of ['fin', 'fir', 'seq']) t.add(`tr.${key}`, at);
  t.close();
}

/** Adds a check sequence behind `length` bytes from `at`, and whether it is right. */
function check(t: TreeBuilder, key: string, status: string, at: number, length: number): void {
  t.add(key, at + length);
  t.generated(status, u16le(t.bytes, at + length) === checkOf(t.bytes, at, at + length) ? CHECK.good : CHECK.bad);
}

/** Shows the blocks of `length` bytes of data; returns them without their check sequences. */
function chunks(t: TreeBuilder, from: number, length: number): Uint8Array {
  const data = new Uint8Array(length);
  t.nest(t.text('Data Chunks', from, t.end - from));
  let at = from;
  for (let done = 0; done < length; ) {
    const size = Math.min(BLOCK, length - done);
    t.need(at, size + 2);
    data.set(t.bytes.subarray(at, at + size), done);
    t.add('data_chunk', at, size);
    t.nest(t.last());
    t.generated('data_chunk_len', size, at, size);
    check(t, 'data_chunk.CRC', 'data_chunk.CRC.status', at, size);
    t.close();
    done += size;
    at += size + 2;
  }
  t.close();
  return data;
}

function application(t: TreeBuilder): void {
  const code = t.u8(1);
  const name = t.nameOf('al.func', code) ?? 'Unknown function';
  t.info(name);
  t.nest(t.text(`Application Layer: ${name}`, 0, t.end));
  t.add('al.ctl', 0);
  t.nest(t.last());
  for (const key of ['fir', 'fin', 'con', 'uns', 'seq']) t.add(`al.${key}`, 0);
  t.close();
  t.add('al.func', 1);
  if (code === FUNCTION.response || code === FUNCTION.unsolicited) {
    indications(t);
    objects(t, 4);
  } else if (code === FUNCTION.read) readObjects(t);
  else if (code !== FUNCTION.confirm) objects(t, 2);
  t.close();
}

const INDICATIONS = [
  'rst',
  'dt',
  'dol',
  'tsr',
  'cls3d',
  'cls2d',
  'cls1d',
  'bmsg',
  'cc',
  'oae',
  'ebo',
  'pioor',
  'obju',
  'fcni',
];

function indications(t: TreeBuilder): void {
  t.add('al.iin', 2);
  t.nest(t.last());
  for (const key of INDICATIONS) t.add(`al.iin.${key}`, 2);
  t.close();
}

/** Bytes of the range that a qualifier's low four bits announce (11.3.3.5); -1: reserved. */
const RANGES: readonly number[] = [2, 4, 8, 1, 2, 4, 0, 1, 2, 4, -1, 1, -1, -1, -1, -1];

/** Bytes of one object (annex A), by group and variation; 0: bits, packed. Behind others nothing more is read. */
const SIZES: ReadonlyMap<number, number> = new Map([
  [0x0101, 0],
  [0x0102, 1],
  [0x0201, 1],
  [0x0202, 7],
  [0x0203, 3],
  [0x0a01, 0],
  [0x0a02, 1],
  [0x0c01, 11],
  [0x1401, 5],
  [0x1402, 3],
  [0x1405, 4],
  [0x1406, 2],
  [0x1501, 5],
  [0x1502, 3],
  [0x1505, 11],
  [0x1506, 9],
  [0x1509, 4],
  [0x150a, 2],
  [0x1601, 5],
  [0x1602, 3],
  [0x1605, 11],
  [0x1606, 9],
  [0x1e01, 5],
  [0x1e02, 3],
  [0x1e03, 4],
  [0x1e04, 2],
  [0x1e05, 5],
  [0x1e06, 9],
  [0x2001, 5],
  [0x2002, 3],
  [0x2003, 11],
  [0x2004, 9],
  [0x2005, 5],
  [0x2007, 11],
  [0x2801, 5],
  [0x2802, 3],
  [0x2803, 5],
  [0x2901, 5],
  [0x2902, 3],
  [0x2903, 5],
  [0x3201, 6],
  [0x3301, 6],
  [0x3402, 2],
  [0x5001, 0],
]);
/** Bytes of the index in front of each object, by the qualifier's prefix code. */
const PREFIXES: readonly number[] = [0, 1, 2, 4];

/** Objects that a range stands for (11.3.3.5). */
function countOf(t: TreeBuilder, at: number): number {
  switch (t.u8(at) & 0xf) {
    case 0:
      return t.u8(at + 2) - t.u8(at + 1) + 1;
    case 1:
      return t.u16le(at + 3) - t.u16le(at + 1) + 1;
    case 7:
      return t.u8(at + 1);
    case 8:
      return t.u16le(at + 1);
    default:
      return -1;
  }
}

/** Object headers with their objects between them, as far as these are known. */
function objects(t: TreeBuilder, from: number): void {
  for (let at = from; at < t.end; ) {
    const next = objectHeader(t, at);
    const size = SIZES.get(t.u16(at));
    const prefix = PREFIXES[(t.u8(at + 2) >>> 4) & 7];
    const count = countOf(t, at + 2);
    if (size === undefined || prefix === undefined || count < 0) return;
    at = next + (size === 0 ? Math.ceil(count / 8) : count * (size + prefix));
  }
}

/** An object header; returns one past its range. */
function objectHeader(t: TreeBuilder, at: number): number {
  t.add('al.obj', at);
  t.nest(t.last());
  t.add('al.objq.prefix', at + 2);
  t.add('al.objq.range', at + 2);
  t.close();
  const range = RANGES[t.u8(at + 2) & 0xf];
  return range < 0 ? t.end : at + 3 + range;
}

/** What is asked for has no bytes: header behind header. */
function readObjects(t: TreeBuilder): void {
  const classes = new Set<number>();
  for (let at = 2; at < t.end; ) {
    const next = objectHeader(t, at);
    if (t.u8(at) === CLASSES) classes.add(t.u8(at + 1) - 1);
    at = next;
  }
  if (classes.size > 0) t.addInfo(`, Class ${[...classes].sort((a, b) => a - b).join('')}`);
}
