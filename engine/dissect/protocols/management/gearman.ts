/** Gearman (its PROTOCOL document): jobs between clients, a server and workers; and the server's commands as lines. */

import { u32 } from '../../../base/bytes.ts';
import { decodeLatin1 } from '../../../base/text.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import { lineAt } from '../../text-lines.ts';

const AT = { magic: 0, type: 4, length: 8, body: 12 } as const;
const MAGICS: Readonly<Record<string, string>> = { '\0REQ': 'REQ', '\0RES': 'RES' };
const TYPES: Readonly<Record<number, string>> = {
  0: 'TEXT',
  1: 'CAN_DO',
  2: 'CANT_DO',
  3: 'RESET_ABILITIES',
  4: 'PRE_SLEEP',
  6: 'NOOP',
  7: 'SUBMIT_JOB',
  8: 'JOB_CREATED',
  9: 'GRAB_JOB',
  10: 'NO_JOB',
  11: 'JOB_ASSIGN',
  12: 'WORK_STATUS',
  13: 'WORK_COMPLETE',
  14: 'WORK_FAIL',
  15: 'GET_STATUS',
  16: 'ECHO_REQ',
  17: 'ECHO_RES',
  18: 'SUBMIT_JOB_BG',
  19: 'ERROR',
  20: 'STATUS_RES',
  21: 'SUBMIT_JOB_HIGH',
  22: 'SET_CLIENT_ID',
  23: 'CAN_DO_TIMEOUT',
  24: 'ALL_YOURS',
  25: 'WORK_EXCEPTION',
  26: 'OPTION_REQ',
  27: 'OPTION_RES',
  28: 'WORK_DATA',
  29: 'WORK_WARNING',
  30: 'GRAB_JOB_UNIQ',
  31: 'JOB_ASSIGN_UNIQ',
  32: 'SUBMIT_JOB_HIGH_BG',
  33: 'SUBMIT_JOB_LOW',
  34: 'SUBMIT_JOB_LOW_BG',
  35: 'SUBMIT_JOB_SCHED',
  36: 'SUBMIT_JOB_EPOCH',
  37: 'SUBMIT_REDUCE_JOB',
  38: 'SUBMIT_REDUCE_JOB_BG',
  39: 'GRAB_JOB_ALL',
  40: 'JOB_ASSIGN_ALL',
  41: 'GET_STATUS_UNIQUE',
  42: 'STATUS_RES_UNIQUE',
};
const COMMANDS: readonly string[] = ['workers', 'status', 'maxqueue', 'shutdown', 'version'];
const MAX_LENGTH = 1 << 28;

function magicAt(bytes: Uint8Array, at: number): string | undefined {
  return MAGICS[decodeLatin1(bytes, at, at + AT.type)];
}

function isCommand(bytes: Uint8Array, at: number, end: number): boolean {
  const word = decodeLatin1(bytes, at, lineAt(bytes, at, end).stop).split(' ')[0] ?? '';
  return COMMANDS.includes(word);
}

export const gearman = defineProtocol({
  name: 'gearman',
  title: 'Gearman Protocol',
  short: 'Gearman',
  on: { 'tcp.port': [4730] },
  fields: {
    mgr_cmd: { type: 'string', label: 'Management Command', many: true },
    magic_code: { type: 'string', label: 'Magic Code', many: true },
    pkt_type: { type: 'u32', label: 'Packet Type', names: TYPES, many: true },
    data_size: { type: 'u32', label: 'Data Length', many: true },
    data_content: { type: 'string', label: 'Data Content', many: true },
  },
  accepts: (bytes, at, end) => (end - at >= AT.body && magicAt(bytes, at) !== undefined) || isCommand(bytes, at, end),
  frame(f: Framing): number {
    if (f.bytes[f.at] !== 0) return f.end - f.at; // lines: a segment at a time
    if (f.end - f.at < AT.body) return MORE;
    const length = u32(f.bytes, f.at + AT.length);
    return magicAt(f.bytes, f.at) === undefined || length > MAX_LENGTH ? NOT_MINE : AT.body + length;
  },
  tree(t) {
    const { at } = t;
    const magic = t.has(at, AT.body) ? magicAt(t.bytes, at) : undefined;
    if (magic === undefined) {
      const { stop } = lineAt(t.bytes, at, t.end);
      t.info(isCommand(t.bytes, at, t.end) ? `[MGR] ${t.string(at, stop - at)}` : '[MGR] Data');
      t.add('mgr_cmd', at, stop - at);
      return;
    }
    const type = t.u32(at + AT.type);
    const length = t.u32(at + AT.length);
    const text = `[${magic}] ${TYPES[type] ?? 'Unknown'}(${type}) LEN=${length}`;
    t.info(`${t.fencedInfo === '' ? '' : ', '}${text}`);
    t.nest(t.text(text, at, AT.body + length));
    t.put('magic_code', magic, at, AT.type);
    t.add('pkt_type', at + AT.type);
    t.add('data_size', at + AT.length);
    t.need(at + AT.body, length);
    if (length > 0) t.put('data_content', t.string(at + AT.body, length, 'utf8', true), at + AT.body, length);
    t.close();
  },
});
