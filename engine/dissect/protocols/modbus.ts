/** Modbus over TCP and UDP (Modbus Messaging on TCP/IP 1.0b): a header, then a function and its data. */

import { u16 } from '../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { transaction: 0, protocol: 2, length: 4, unit: 6, function: 7 } as const;
const HEADER = 7;
const MAX_LENGTH = 260;
const PORT = 502;
const FUNCTIONS: Readonly<Record<number, string>> = {
  1: 'Read Coils',
  2: 'Read Discrete Inputs',
  3: 'Read Holding Registers',
  4: 'Read Input Registers',
  5: 'Write Single Coil',
  6: 'Write Single Register',
  7: 'Read Exception Status',
  8: 'Diagnostics',
  11: 'Get Comm. Event Counters',
  12: 'Get Comm. Event Log',
  15: 'Write Multiple Coils',
  16: 'Write Multiple Registers',
  17: 'Report Slave ID',
  20: 'Read File Record',
  21: 'Write File Record',
  22: 'Mask Write Register',
  23: 'Read Write Register',
  24: 'Read FIFO Queue',
  43: 'Encapsulated Interface Transport',
  90: 'Unity (Schneider)',
};
const EXCEPTIONS: Readonly<Record<number, string>> = {
  1: 'Illegal function',
  2: 'Illegal data address',
  3: 'Illegal data value',
  4: 'Slave device failure',
  5: 'Acknowledge',
  6: 'Slave device busy',
  8: 'Memory parity error',
  10: 'Gateway path unavailable',
  11: 'Gateway target device failed to respond',
};
const EXCEPTION = 0x80;

interface Memory {
  readonly clients: Map<string, number>;
}

/** The header, alike over TCP and UDP (3.1.3). */
const HEADER_FIELDS = {
  trans_id: { type: 'u16', label: 'Transaction Identifier', at: AT.transaction, abbrev: 'mbtcp.trans_id' },
  prot_id: { type: 'u16', label: 'Protocol Identifier', at: AT.protocol, abbrev: 'mbtcp.prot_id' },
  len: { type: 'u16', label: 'Length', at: AT.length, abbrev: 'mbtcp.len' },
  unit_id: { type: 'u8', label: 'Unit Identifier', at: AT.unit, abbrev: 'mbtcp.unit_id' },
} as const;

function isHeader(bytes: Uint8Array, at: number, end: number): boolean {
  const length = u16(bytes, at + AT.length);
  return end - at >= HEADER && u16(bytes, at + AT.protocol) === 0 && length >= 2 && length <= MAX_LENGTH;
}

export const mbtcp = defineProtocol({
  name: 'mbtcp',
  title: 'Modbus/TCP',
  short: 'Modbus/TCP',
  on: { 'tcp.port': [PORT] },
  header: HEADER,
  remembers: true,
  opens: ['modbus'],
  fields: HEADER_FIELDS,
  frame(f: Framing): number {
    if (f.end - f.at < AT.unit) return MORE;
    const length = u16(f.bytes, f.at + AT.length);
    return u16(f.bytes, f.at + AT.protocol) !== 0 || length < 2 || length > MAX_LENGTH ? NOT_MINE : AT.unit + length;
  },
  tree: (t) => message(t, 'Modbus/TCP'),
});

export const mbudp = defineProtocol({
  name: 'mbudp',
  title: 'Modbus/UDP',
  short: 'Modbus/UDP',
  on: { 'udp.port': [PORT] },
  header: HEADER,
  remembers: true,
  opens: ['modbus'],
  fields: HEADER_FIELDS,
  accepts: isHeader,
  tree: (t) => message(t, 'Modbus/UDP'),
});

function message(t: TreeBuilder, column: string): void {
  if (t.u16(t.at + AT.protocol) !== 0) {
    t.payload(t.at);
    return;
  }
  t.header();
  t.headerEnd(t.at + HEADER);
  // Who asks is the side that sent first.
  const memory = t.conversation((): Memory => ({ clients: new Map() }));
  const asks = memory.clients.get('first') ?? t.packet.direction;
  memory.clients.set('first', asks);
  const isQuery = t.packet.direction === asks;
  const code = t.u8(t.at + AT.function) & ~EXCEPTION;
  const isException = (t.u8(t.at + AT.function) & EXCEPTION) !== 0;
  const name = FUNCTIONS[code] ?? 'Unknown function';
  const what = isQuery ? 'Query' : 'Response';
  t.info(
    `${what.padStart(8)}: Trans: ${pad(t.u16(t.at), 5)}; Unit: ${pad(t.u8(t.at + AT.unit), 3)}, Func: ${pad(code, 3)}: ${name}${isException ? '. Exception returned ' : ''}`,
  );
  t.hint = isQuery ? 'query' : 'response';
  t.dissect('modbus', t.at + HEADER);
  t.hint = '';
  t.column(column);
}

function pad(value: number, width: number): string {
  return String(value).padStart(width);
}

export const modbus = defineProtocol({
  name: 'modbus',
  title: 'Modbus',
  short: 'Modbus/TCP',
  header: 1,
  fields: {
    func_code: { type: 'u8', bits: [6, 0], label: 'Function Code', names: FUNCTIONS },
    exception_code: { type: 'u8', label: 'Exception Code', names: EXCEPTIONS },
    reference_num: { type: 'u16', label: 'Reference Number' },
    word_cnt: { type: 'u16', label: 'Word Count' },
    bit_cnt: { type: 'u16', label: 'Bit Count' },
    byte_cnt: { type: 'u8', label: 'Byte Count' },
    regval_uint16: { type: 'u16', label: 'Register Value (UINT16)', many: true },
    data: { type: 'bytes', label: 'Data' },
  },
  tree(t) {
    const isQuery = t.hint === 'query';
    const code = t.u8(t.at);
    t.put('func_code', code & ~EXCEPTION, t.at, 1);
    if ((code & EXCEPTION) !== 0) {
      t.add('exception_code', t.at + 1);
      return;
    }
    body(t, code, isQuery, t.at + 1);
  },
});

function body(t: TreeBuilder, code: number, isQuery: boolean, at: number): void {
  if (code >= 1 && code <= 4) {
    if (isQuery) {
      t.add('reference_num', at);
      t.add(code <= 2 ? 'bit_cnt' : 'word_cnt', at + 2);
      return;
    }
    const count = t.u8(at);
    t.put('byte_cnt', count, at, 1);
    t.need(at + 1, count);
    if (code >= 3) for (let i = 0; i + 2 <= count; i += 2) t.add('regval_uint16', at + 1 + i);
    return;
  }
  if (code === 5 || code === 6) {
    t.add('reference_num', at);
    if (code === 6) t.add('regval_uint16', at + 2);
    return;
  }
  if (code === 15 || code === 16) {
    t.add('reference_num', at);
    t.add(code === 15 ? 'bit_cnt' : 'word_cnt', at + 2);
    return;
  }
  if (t.end > at) t.add('data', at, t.end - at);
}
