/** WINS replication ([MS-WINSRA] 2.2): name records between servers, over TCP behind four bytes of length. */

import { u32 } from '../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';

const AT = { size: 0, opcode: 4, association: 8, type: 12, body: 16 } as const;
const SIZE = 4;
const TYPES: Readonly<Record<number, string>> = {
  0: 'WREPL_START_ASSOCIATION',
  1: 'WREPL_START_ASSOCIATION_REPLY',
  2: 'WREPL_STOP_ASSOCIATION',
  3: 'WREPL_REPLICATION',
};
const TYPE = { start: 0, startReply: 1, stop: 2, replication: 3 } as const;
const COMMANDS: Readonly<Record<number, string>> = {
  0: 'WREPL_REPL_TABLE_QUERY',
  1: 'WREPL_REPL_TABLE_REPLY',
  2: 'WREPL_REPL_SEND_REQUEST',
  3: 'WREPL_REPL_SEND_REPLY',
  4: 'WREPL_REPL_UPDATE',
  5: 'WREPL_REPL_UPDATE2',
  8: 'WREPL_REPL_INFORM',
  9: 'WREPL_REPL_INFORM2',
};
const MAX_SIZE = 1 << 24;

export const winsrepl = defineProtocol({
  name: 'winsrepl',
  title: 'WINS (Windows Internet Name Service) Replication',
  short: 'WINS-Replication',
  on: { 'tcp.port': [42] },
  header: AT.body,
  fields: {
    size: { type: 'u32', label: 'Packet Size', at: AT.size },
    opcode: { type: 'u32', show: 'hex', label: 'Opcode', at: AT.opcode },
    assoc_ctx: { type: 'u32', show: 'hex', label: 'Assoc_Ctx', at: AT.association },
    message_type: { type: 'u32', label: 'Message_Type', at: AT.type, names: TYPES },
    major_version: { type: 'u16', label: 'Major Version' },
    minor_version: { type: 'u16', label: 'Minor Version' },
    repl_cmd: { type: 'u32', show: 'hex', label: 'Replication Command', names: COMMANDS },
    reason: { type: 'u32', show: 'hex', label: 'Reason' },
  },
  frame(f: Framing): number {
    if (f.end - f.at < SIZE) return MORE;
    const length = u32(f.bytes, f.at);
    return length < AT.body - SIZE || length > MAX_SIZE ? NOT_MINE : SIZE + length;
  },
  tree(t) {
    t.header();
    const type = t.u32(t.at + AT.type);
    const body = t.at + AT.body;
    t.info(TYPES[type] ?? 'Unknown');
    if (type === TYPE.start || type === TYPE.startReply) {
      t.put('assoc_ctx', t.u32(body), body, 4);
      t.add('minor_version', body + 4);
      t.add('major_version', body + 6);
    } else if (type === TYPE.stop) t.add('reason', body);
    else if (type === TYPE.replication) {
      const command = t.u32(body);
      t.add('repl_cmd', body);
      t.info(COMMANDS[command] ?? 'Unknown');
    }
  },
});
