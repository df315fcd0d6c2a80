/** EtherCAT (IEC 61158-4-12): datagrams that each device reads and fills while the frame passes through it. */

import { u16le } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const DATAGRAMS = 1;
const TYPES: Readonly<Record<number, string>> = { 1: 'EtherCAT command', 2: 'ADS', 3: 'RAW-IO', 4: 'NV', 5: 'Mailbox' };
const AT = { command: 0, index: 1, address: 2, offset: 4, length: 6, interrupt: 8, data: 10 } as const;
const LENGTH_MASK = 0x7ff;
const MORE = 0x8000;
const COUNTER = 2;
const COMMANDS = [
  'NOP',
  'APRD',
  'APWR',
  'APRW',
  'FPRD',
  'FPWR',
  'FPRW',
  'BRD',
  'BWR',
  'BRW',
  'LRD',
  'LWR',
  'LRW',
  'ARMW',
  'FRMW',
] as const;
const FIRST_LOGICAL = 10;
const LAST_LOGICAL = 12;
/** Below it are a device's registers. */
const PROCESS_DATA = 0x1000;
const MOST_NAMED = 4;

export const ethercatFrame = defineProtocol({
  name: 'ecatf',
  title: 'EtherCAT frame header',
  short: 'ECATF',
  on: { ethertype: [0x88a4], 'udp.port': [34_980] },
  chooses: 'ecatf.type',
  header: 2,
  fields: {
    length: { at: 0, type: 'u16', little: true, bits: [10, 0], show: 'hex', label: 'Length' },
    reserved: { at: 0, type: 'u16', little: true, bits: [11, 11], show: 'hex', label: 'Reserved' },
    type: { at: 0, type: 'u16', little: true, bits: [15, 12], show: 'hex', label: 'Type', names: TYPES },
  },
  scan(p) {
    const type = u16le(p.bytes, p.at) >>> 12;
    p.enter(2);
    p.next(type);
  },
  tree(t) {
    t.info('EtherCAT frame header');
    const end = t.header();
    t.headerEnd(end);
    t.upper(end);
  },
});

export const ethercat = defineProtocol({
  name: 'ecat',
  title: 'EtherCAT datagram(s)',
  on: { 'ecatf.type': [DATAGRAMS] },
  header: AT.data + COUNTER,
  fields: {
    cmd: { type: 'u8', show: 'hex', label: 'Cmd', names: (command) => COMMANDS[command], many: true },
    idx: { type: 'u8', show: 'hex', label: 'Index', many: true },
    adp: { many: true, type: 'u16', little: true, show: 'hex', label: 'Slave Addr' },
    ado: { many: true, type: 'u16', little: true, show: 'hex', label: 'Offset Addr' },
    lad: { many: true, type: 'u32', little: true, show: 'hex', label: 'Log Addr' },
    'subframe.length': { type: 'u16', little: true, bits: [10, 0], label: 'Length', many: true },
    'subframe.circulating': {
      type: 'bool',
      of: 'u16',
      little: true,
      bits: [14, 14],
      label: 'Round trip',
      flag: ['Frame has circulated once', 'Frame is not circulating'],
      many: true,
    },
    'subframe.more': {
      type: 'bool',
      of: 'u16',
      little: true,
      bits: [15, 15],
      label: 'Last indicator',
      flag: ['More EtherCAT datagrams will follow', 'Last EtherCAT datagram'],
      many: true,
    },
    int: { many: true, type: 'u16', little: true, show: 'hex', label: 'Interrupt' },
    data: { type: 'bytes', label: 'Data', many: true },
    cnt: { many: true, type: 'u16', little: true, label: 'Working Cnt' },
  },
  tree(t) {
    const texts: string[] = [];
    for (let at = t.at, more = true; more; ) {
      const length = t.u16le(at + AT.length);
      more = (length & MORE) !== 0;
      const isOnly = !more && at === t.at;
      texts.push(summary(t, at, length & LENGTH_MASK, isOnly));
      at = datagram(t, at, length & LENGTH_MASK);
    }
    t.info(texts.length > 1 ? `${texts.length} Cmds, ${texts.slice(0, MOST_NAMED).join(', ')} ` : `${texts[0]} `);
  },
});

const isLogical = (command: number): boolean => command >= FIRST_LOGICAL && command <= LAST_LOGICAL;

/** A datagram in words; more of it where the frame has no other. */
function summary(t: TreeBuilder, at: number, length: number, isOnly: boolean): string {
  const command = t.u8(at);
  const name = `'${COMMANDS[command] ?? 'Unknown'}'`;
  if (!isOnly) return `${name}: len ${length}`;
  const where = isLogical(command)
    ? `Addr 0x${t.u32le(at + AT.address).toString(16)}`
    : `Adp 0x${t.u16le(at + AT.address).toString(16)}, Ado 0x${t.u16le(at + AT.offset).toString(16)}`;
  return `${name}: Len: ${length}, ${where}, Wc ${t.u16le(at + AT.data + length)}`;
}

function datagram(t: TreeBuilder, at: number, length: number): number {
  const command = t.u8(at);
  const end = at + AT.data + length + COUNTER;
  t.need(at, AT.data + length + COUNTER);
  t.nest(t.text(`EtherCAT datagram: ${COMMANDS[command] ?? 'Unknown'}, Len: ${length}`, at, end - at));
  t.add('cmd', at);
  t.add('idx', at + AT.index);
  if (isLogical(command)) t.add('lad', at + AT.address);
  else {
    t.add('adp', at + AT.address);
    t.add('ado', at + AT.offset);
  }
  for (const key of ['length', 'circulating', 'more']) t.add(`subframe.${key}`, at + AT.length);
  t.add('int', at + AT.interrupt);
  if (isLogical(command) || t.u16le(at + AT.offset) >= PROCESS_DATA) t.add('data', at + AT.data, length);
  t.add('cnt', end - COUNTER);
  t.close();
  return end;
}
