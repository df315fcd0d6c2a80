/** NetBIOS name service (RFC 1002 4.2): DNS-like messages about names in a LAN. */

import { formatIpv4 } from '../../../base/address.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { longName, plainName, readName } from './name.ts';

const AT = { id: 0, flags: 2, questions: 4, answers: 6, authority: 8, additional: 10, records: 12 } as const;
const TYPE = { nb: 32, nbstat: 33 } as const;
const NAME_ENTRY = 18;
/** `<20>` at the end of a name. */
const KIND_LENGTH = 4;
const OPCODES: Readonly<Record<number, string>> = {
  0: 'Name query',
  5: 'Registration',
  6: 'Release',
  7: 'Wait for acknowledgment',
  8: 'Refresh',
  9: 'Refresh (alternate opcode)',
  15: 'Multi-homed registration',
};
const RCODES: Readonly<Record<number, string>> = {
  0: 'No error',
  1: 'Request was invalidly formatted',
  2: 'Server failure',
  3: 'Requested name does not exist',
  4: 'Request is not implemented',
  5: 'Request was refused',
  6: 'Name is owned by another node',
  7: 'Name is in conflict',
};
const NODE_TYPES: Readonly<Record<number, string>> = { 0: 'B-node', 1: 'P-node', 2: 'M-node', 3: 'H-node' };
const TYPES: Readonly<Record<number, string>> = { 1: 'A', 2: 'NS', 10: 'NULL', 32: 'NB', 33: 'NBSTAT' };
const CLASSES: Readonly<Record<number, string>> = { 1: 'IN', 255: 'ANY' };
/** Fields of the statistics that follow the names of a node status, in order. */
const STATISTICS = [
  'unit_id',
  'jumpers',
  'test_result',
  'version_number',
  'period_of_statistics',
  'num_crcs',
  'num_alignment_errors',
  'num_collisions',
  'num_send_aborts',
  'num_good_sends',
  'num_good_receives',
  'numretransmits',
  'num_no_resource_conditions',
  'numcommand_blocks',
  'numpending_sessions',
  'max_num_pending_sessions',
  'max_total_sessions_possible',
  'session_data_packet_size',
] as const;

export const nbns = defineProtocol({
  name: 'nbns',
  title: 'NetBIOS Name Service',
  on: { 'udp.port': [137] },
  header: AT.records,
  fields: {
    id: { type: 'u16', show: 'hex', label: 'Transaction ID', at: AT.id },
    flags: { type: 'u16', show: 'hex', label: 'Flags', at: AT.flags },
    'flags.response': {
      type: 'bool',
      of: 'u16',
      bits: [15, 15],
      label: 'Response',
      flag: ['Message is a response', 'Message is a query'],
    },
    'flags.opcode': { type: 'u16', bits: [14, 11], label: 'Opcode', names: OPCODES },
    'flags.authoritative': { type: 'bool', of: 'u16', bits: [10, 10], label: 'Authoritative' },
    'flags.truncated': { type: 'bool', of: 'u16', bits: [9, 9], label: 'Truncated' },
    'flags.recdesired': { type: 'bool', of: 'u16', bits: [8, 8], label: 'Recursion desired' },
    'flags.recavail': { type: 'bool', of: 'u16', bits: [7, 7], label: 'Recursion available' },
    'flags.broadcast': { type: 'bool', of: 'u16', bits: [4, 4], label: 'Broadcast' },
    'flags.rcode': { type: 'u16', bits: [3, 0], label: 'Reply code', names: RCODES },
    'count.queries': { type: 'u16', label: 'Questions' },
    'count.answers': { type: 'u16', label: 'Answer RRs' },
    'count.auth_rr': { type: 'u16', label: 'Authority RRs' },
    'count.add_rr': { type: 'u16', label: 'Additional RRs' },
    name: { type: 'string', label: 'Name', many: true },
    netbios_name: { type: 'string', label: 'Name', many: true },
    type: { type: 'u16', label: 'Type', names: TYPES, many: true },
    class: { type: 'u16', label: 'Class', names: CLASSES, many: true },
    ttl: { type: 'u32', label: 'Time to live', many: true },
    data_length: { type: 'u16', label: 'Data length', many: true },
    nb_flags: { type: 'u16', show: 'hex', label: 'Name flags', many: true },
    'nb_flags.group': {
      type: 'bool',
      of: 'u16',
      bits: [15, 15],
      label: 'Name type',
      flag: ['Group name', 'Unique name'],
    },
    'nb_flags.ont': { type: 'u16', bits: [14, 13], label: 'ONT', names: NODE_TYPES },
    addr: { type: 'ipv4', label: 'Addr', many: true },
    name_flags: { type: 'u16', show: 'hex', label: 'Name flags', many: true },
    'name_flags.group': {
      type: 'bool',
      of: 'u16',
      bits: [15, 15],
      label: 'Name type',
      flag: ['Group name', 'Unique name'],
    },
    'name_flags.ont': { type: 'u16', bits: [14, 13], label: 'ONT', names: NODE_TYPES },
    'name_flags.drg': {
      type: 'bool',
      of: 'u16',
      bits: [12, 12],
      label: 'Name is being deregistered',
      flag: ['Yes', 'No'],
    },
    'name_flags.cnf': { type: 'bool', of: 'u16', bits: [11, 11], label: 'Name is in conflict', flag: ['Yes', 'No'] },
    'name_flags.act': { type: 'bool', of: 'u16', bits: [10, 10], label: 'Name is active', flag: ['Yes', 'No'] },
    'name_flags.prm': { type: 'bool', of: 'u16', bits: [9, 9], label: 'Permanent node name', flag: ['Yes', 'No'] },
    number_of_names: { type: 'u8', label: 'Number of names' },
    unit_id: { type: 'ether', label: 'Unit ID' },
    jumpers: { type: 'u8', show: 'hex', label: 'Jumpers' },
    test_result: { type: 'u8', show: 'hex', label: 'Test result' },
    version_number: { type: 'u16', show: 'hex', label: 'Version number' },
    period_of_statistics: { type: 'u16', show: 'hex', label: 'Period of statistics' },
    num_crcs: { type: 'u16', label: 'Number of CRCs' },
    num_alignment_errors: { type: 'u16', label: 'Number of alignment errors' },
    num_collisions: { type: 'u16', label: 'Number of collisions' },
    num_send_aborts: { type: 'u16', label: 'Number of send aborts' },
    num_good_sends: { type: 'u32', label: 'Number of good sends' },
    num_good_receives: { type: 'u32', label: 'Number of good receives' },
    numretransmits: { type: 'u16', label: 'Number of retransmits' },
    num_no_resource_conditions: { type: 'u16', label: 'Number of no resource conditions' },
    numcommand_blocks: { type: 'u16', label: 'Number of command blocks' },
    numpending_sessions: { type: 'u16', label: 'Number of pending sessions' },
    max_num_pending_sessions: { type: 'u16', label: 'Max number of pending sessions' },
    max_total_sessions_possible: { type: 'u16', label: 'Max total sessions possible' },
    session_data_packet_size: { type: 'u16', label: 'Session data packet size' },
    data: { type: 'bytes', label: 'Data' },
  },
  tree(t) {
    const base = t.at;
    const flags = t.u16(base + AT.flags);
    const opcode = (flags >>> 11) & 0xf;
    const isResponse = (flags & 0x8000) !== 0;
    const rcode = flags & 0xf;
    t.add('id', base);
    t.add('flags', base + AT.flags);
    t.nest(t.last());
    const shown = isResponse
      ? ['response', 'opcode', 'authoritative', 'truncated', 'recdesired', 'recavail', 'broadcast', 'rcode']
      : ['response', 'opcode', 'truncated', 'recdesired', 'broadcast'];
    for (const key of shown) t.add(`flags.${key}`, base + AT.flags, 2);
    t.close();
    t.info(`${OPCODES[opcode] ?? `Unknown operation (${opcode})`}${isResponse ? ' response' : ''}`);
    if (isResponse && rcode !== 0) t.addInfo(`, ${RCODES[rcode] ?? `Unknown error (${rcode})`}`);
    const counts = [AT.questions, AT.answers, AT.authority, AT.additional].map((at) => t.u16(base + at));
    t.add('count.queries', base + AT.questions);
    t.add('count.answers', base + AT.answers);
    t.add('count.auth_rr', base + AT.authority);
    t.add('count.add_rr', base + AT.additional);
    let at = base + AT.records;
    if (counts[0] > 0) {
      t.nest(t.text('Queries', at, 0));
      for (let i = 0; i < counts[0]; i++) at = question(t, base, at);
      t.close(at);
    }
    ['Answers', 'Authoritative nameservers', 'Additional records'].forEach((title, section) => {
      const count = counts[section + 1];
      if (count === 0) return;
      t.nest(t.text(title, at, 0));
      for (let i = 0; i < count; i++) at = record(t, base, at, section === 0, opcode);
      t.close(at);
    });
  },
});

function question(t: TreeBuilder, base: number, at: number): number {
  const name = readName(t, base, at);
  const type = t.u16(name.end);
  t.addInfo(` ${TYPES[type] ?? `Unknown (${type})`} ${name.text}`);
  t.nest(
    t.text(
      `${name.text}: type ${TYPES[type] ?? type}, class ${CLASSES[t.u16(name.end + 2)] ?? t.u16(name.end + 2)}`,
      at,
      name.end + 4 - at,
    ),
  );
  t.put('name', name.text, at, name.end - at, `Name: ${type === TYPE.nbstat ? name.text : longName(name)}`);
  t.add('type', name.end);
  t.add('class', name.end + 2);
  t.close();
  return name.end + 4;
}

function record(t: TreeBuilder, base: number, at: number, isAnswer: boolean, opcode: number): number {
  const name = readName(t, base, at);
  const type = t.u16(name.end);
  const data = name.end + 10;
  const length = t.u16(name.end + 8);
  if (isAnswer) t.addInfo(` ${TYPES[type] ?? `Unknown (${type})`}`);
  t.nest(
    t.text(
      `${name.text}: type ${TYPES[type] ?? type}, class ${CLASSES[t.u16(name.end + 2)] ?? t.u16(name.end + 2)}`,
      at,
      data + length - at,
    ),
  );
  t.put('name', name.text, at, name.end - at, `Name: ${type === TYPE.nbstat ? name.text : longName(name)}`);
  t.add('type', name.end);
  t.add('class', name.end + 2);
  t.add('ttl', name.end + 4);
  t.add('data_length', name.end + 8);
  const end = data + length;
  if (type === TYPE.nb) {
    if (opcode === WAIT) {
      // Waiting repeats the flags of the request it holds up.
      if (length >= 2) t.add('flags', data);
    } else {
      for (let entry = data; entry + 6 <= end; entry += 6) {
        nameFlags(t, 'nb_flags', entry, ['group', 'ont']);
        t.add('addr', entry + 2);
        if (isAnswer && entry === data) t.addInfo(` ${formatIpv4(t.u32(entry + 2))}`);
      }
    }
  } else if (type === TYPE.nbstat && length > 0) status(t, data, end);
  else if (length > 0) t.add('data', data, length);
  t.close();
  return end;
}

const WAIT = 7;

function nameFlags(t: TreeBuilder, key: string, at: number, keys: readonly string[]): void {
  t.add(key, at);
  t.nest(t.last());
  for (const flag of keys) t.add(`${key}.${flag}`, at, 2);
  t.close();
}

/** A node status (RFC 1002 4.2.18): names, then statistics of the adapter. */
function status(t: TreeBuilder, data: number, end: number): void {
  const count = t.u8(data);
  t.add('number_of_names', data);
  let at = data + 1;
  for (let i = 0; i < count && at + NAME_ENTRY <= end; i++, at += NAME_ENTRY) {
    t.need(at, NAME_ENTRY);
    const name = plainName(t.bytes, at);
    t.put('netbios_name', name.text.slice(0, -KIND_LENGTH), at, 16, `Name: ${longName({ ...name, end: at + 16 })}`);
    nameFlags(t, 'name_flags', at + 16, ['group', 'ont', 'drg', 'cnf', 'act', 'prm']);
  }
  for (const key of STATISTICS) {
    if (at >= end) break;
    at = t.add(key, at);
  }
}
