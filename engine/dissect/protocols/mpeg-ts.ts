/** MPEG transport streams (ISO/IEC 13818-1) over UDP: packets of 188 bytes, and the tables that name what is in them. */

import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const SYNC = 0x47;
const SIZE = 188;
const HEADER = 4;
const PID = { programs: 0, lastTable: 0x1f, nothing: 0x1fff } as const;
const PACKET_START = 0x40;
const ADAPTATION = { field: 0x20, payload: 0x10 } as const;
const TABLE = { programs: 0, map: 2 } as const;
/** Names of packet identifiers, as Info has them. */
const PIDS: Readonly<Record<number, string>> = {
  0: 'Program Association Table (PAT)',
  1: 'Conditional Access Table (CAT)',
  2: 'Transport Stream Description Table (TSDT)',
  0x10: 'Network Information Table (NIT)',
  0x11: 'Service Description Table (SDT)',
  0x12: 'Event Information Table (EIT)',
  0x14: 'Time and Date Table (TDT)',
  [PID.nothing]: 'NULL packet',
};

interface Memory {
  /** Packet identifiers of program maps, by the association tables seen. */
  readonly maps: Set<number>;
}

function isStream(bytes: Uint8Array, from: number, end: number): boolean {
  if (end - from < SIZE || (end - from) % SIZE !== 0) return false;
  for (let at = from; at < end; at += SIZE) if (bytes[at] !== SYNC) return false;
  return true;
}

export const mp2t = defineProtocol({
  name: 'mp2t',
  title: 'ISO/IEC 13818-1',
  short: 'MPEG TS',
  opens: ['mpeg_sect', 'mpeg_pat', 'mpeg_pmt'],
  remembers: true,
  fields: {
    header: { type: 'u32', label: 'Header', show: 'hex', many: true },
    sync_byte: { type: 'u32', label: 'Sync Byte', show: 'hex', bits: [31, 24], many: true },
    tei: { type: 'u32', label: 'Transport Error Indicator', bits: [23, 23], many: true },
    pusi: { type: 'u32', label: 'Payload Unit Start Indicator', bits: [22, 22], many: true },
    tp: { type: 'u32', label: 'Transport Priority', bits: [21, 21], many: true },
    pid: { type: 'u32', label: 'PID', show: 'hex', bits: [20, 8], many: true },
    tsc: {
      type: 'u32',
      label: 'Transport Scrambling Control',
      show: 'hex',
      bits: [7, 6],
      names: {
        0x0: 'Not scrambled',
        0x1: 'Reserved',
        0x2: 'Packet scrambled with Even Key',
        0x3: 'Packet scrambled with Odd Key',
      },
      many: true,
    },
    afc: {
      type: 'u32',
      label: 'Adaptation Field Control',
      show: 'hex',
      bits: [5, 4],
      names: {
        0x0: 'Reserved',
        0x1: 'Payload only',
        0x2: 'Adaptation Field only',
        0x3: 'Adaptation Field and Payload',
      },
      many: true,
    },
    cc: { type: 'u32', label: 'Continuity Counter', bits: [3, 0], many: true },
    'af.length': { type: 'u8', label: 'Adaptation Field Length', many: true },
    'af.rai': { type: 'u8', label: 'Random Access Indicator', bits: [6, 6], many: true },
    'af.pcr_flag': { type: 'u8', label: 'PCR Flag', bits: [4, 4], many: true },
    pointer: { type: 'u8', label: 'Pointer', many: true },
  },
  recogniseOn: ['udp'],
  recognise: isStream,
  accepts: isStream,
  tree(t) {
    const memory = t.conversation((): Memory => ({ maps: new Set() }));
    for (let at = t.at; at + SIZE <= t.end; at += SIZE) packet(t, memory, at);
  },
});

function packet(t: TreeBuilder, memory: Memory, at: number): void {
  const pid = t.u16(at + 1) & 0x1fff;
  const name = PIDS[pid];
  t.nest(t.text(`Packet, PID=0x${pid.toString(16)} CC=${t.u8(at + 3) & 0xf}`, at, SIZE));
  t.add('header', at);
  for (const key of ['sync_byte', 'tei', 'pusi', 'tp', 'pid', 'tsc', 'afc', 'cc']) t.add(key, at);
  if (name !== undefined) t.addInfo(` ${name}`);
  const flags = t.u8(at + 3);
  let payload = at + HEADER;
  if ((flags & ADAPTATION.field) !== 0) {
    const length = t.u8(payload);
    t.add('af.length', payload);
    if (length > 0) {
      t.add('af.rai', payload + 1);
      t.add('af.pcr_flag', payload + 1);
    }
    payload += 1 + length;
  }
  const starts = (t.u8(at + 1) & PACKET_START) !== 0;
  const isTable = pid <= PID.lastTable || memory.maps.has(pid);
  if ((flags & ADAPTATION.payload) !== 0 && starts && isTable && payload < at + SIZE)
    tables(t, memory, payload, at + SIZE);
  t.close();
}

/** Sections that are whole in this packet; the pointer says where the first begins. */
function tables(t: TreeBuilder, memory: Memory, pointerAt: number, end: number): void {
  t.add('pointer', pointerAt);
  let at = pointerAt + 1 + t.u8(pointerAt);
  while (at + 3 <= end && t.u8(at) !== 0xff) {
    const length = 3 + (t.u16(at + 1) & 0xfff);
    if (at + length > end) return;
    if (t.u8(at) === TABLE.programs) learn(t, memory, at, at + length);
    else if (t.u8(at) === TABLE.map) t.addInfo(' Program Map Table (PMT) ');
    t.dissect('mpeg_sect', at, at + length, at + length);
    at += length;
  }
}

function learn(t: TreeBuilder, memory: Memory, at: number, end: number): void {
  for (let entry = at + 8; entry + 8 <= end; entry += 4)
    if (t.u16(entry) !== 0) memory.maps.add(t.u16(entry + 2) & 0x1fff);
}

export const mpegSection = defineProtocol({
  name: 'mpeg_sect',
  title: 'MPEG2 Section',
  short: 'MPEG SECT',
  header: 3,
  opens: ['mpeg_pat', 'mpeg_pmt', 'data'],
  fields: {
    tid: { type: 'u8', label: 'Table ID', show: 'hex' },
    syntax_indicator: { type: 'u16', label: 'Syntax indicator', bits: [15, 15] },
    len: { type: 'u16', label: 'Length', bits: [11, 0] },
  },
  tree(t) {
    const column = t.columnSoFar;
    const table = t.u8(t.at);
    if (table === TABLE.programs || table === TABLE.map) {
      t.headerEnd(t.at);
      t.dissect(table === TABLE.programs ? 'mpeg_pat' : 'mpeg_pmt', t.at);
    } else {
      head(t);
      t.payload(t.at + 3);
    }
    t.column(column === 'MPEG SECT' ? 'MPEG TS' : column);
  },
});

function head(t: TreeBuilder): void {
  for (const [key, place] of [
    ['tid', 0],
    ['syntax_indicator', 1],
    ['len', 1],
  ] as const)
    t.add(key, t.at + place);
}

const SECTION_FIELDS = {
  tid: { type: 'u8', label: 'Table ID', show: 'hex', abbrev: 'mpeg_sect.tid' },
  syntax_indicator: { type: 'u16', label: 'Syntax indicator', bits: [15, 15], abbrev: 'mpeg_sect.syntax_indicator' },
  len: { type: 'u16', label: 'Length', bits: [11, 0], abbrev: 'mpeg_sect.len' },
} as const;

export const mpegPat = defineProtocol({
  name: 'mpeg_pat',
  title: 'MPEG2 Program Association Table',
  short: 'MPEG TS',
  header: 8,
  fields: {
    ...SECTION_FIELDS,
    tsid: { type: 'u16', label: 'Transport Stream ID', show: 'hex' },
    version: { type: 'u8', label: 'Version Number', show: 'hex', bits: [5, 1] },
    cur_next_ind: {
      type: 'bool',
      label: 'Current/Next Indicator',
      bits: [0, 0],
      flag: ['Currently applicable', 'Not yet applicable'],
    },
    sect_num: { type: 'u8', label: 'Section Number' },
    last_sect_num: { type: 'u8', label: 'Last Section Number' },
    prog_num: { type: 'u16', label: 'Program Number', show: 'hex', many: true },
    prog_map_pid: { type: 'u16', label: 'Program Map PID', show: 'hex', bits: [12, 0], many: true },
  },
  tree(t) {
    const { at } = t;
    head(t);
    t.add('tsid', at + 3);
    t.add('version', at + 5);
    t.add('cur_next_ind', at + 5);
    t.add('sect_num', at + 6);
    t.add('last_sect_num', at + 7);
    for (let entry = at + 8; entry + 8 <= t.end; entry += 4) {
      t.add('prog_num', entry);
      t.add('prog_map_pid', entry + 2);
    }
  },
});

export const mpegPmt = defineProtocol({
  name: 'mpeg_pmt',
  title: 'MPEG2 Program Map Table',
  short: 'MPEG TS',
  header: 12,
  fields: {
    ...SECTION_FIELDS,
    pg_num: { type: 'u16', label: 'Program Number', show: 'hex' },
    pcr_pid: { type: 'u16', label: 'PCR PID', show: 'hex', bits: [12, 0] },
    prog_info_len: { type: 'u16', label: 'Program Info Length', bits: [11, 0] },
    'stream.type': { type: 'u8', label: 'Stream type', show: 'hex', many: true },
    'stream.elementary_pid': { type: 'u16', label: 'Elementary PID', show: 'hex', bits: [12, 0], many: true },
    'stream.es_info_len': { type: 'u16', label: 'ES Info Length', bits: [11, 0], many: true },
  },
  tree(t) {
    const { at } = t;
    head(t);
    t.add('pg_num', at + 3);
    t.add('pcr_pid', at + 8);
    t.add('prog_info_len', at + 10);
    const from = at + 12 + (t.u16(at + 10) & 0xfff);
    for (let entry = from; entry + 9 <= t.end; ) {
      t.add('stream.type', entry);
      t.add('stream.elementary_pid', entry + 1);
      t.add('stream.es_info_len', entry + 3);
      entry += 5 + (t.u16(entry + 3) & 0xfff);
    }
  },
});
