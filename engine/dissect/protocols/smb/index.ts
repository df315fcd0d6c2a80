/** SMB 1 ([MS-CIFS], [MS-SMB]): commands with parameter words and data bytes, chained by AndX; transactions carry mailslots and pipes. */

import { NT_STATUS } from '../../names/nt-status.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { Visits } from '../../visits.ts';
import { locking, ntCreate, openX, readX, writeX } from './commands/files.ts';
import { negotiate, sessionSetup, treeConnect } from './commands/session.ts';
import { byteCount, simple } from './commands/simple.ts';
import { dosError } from './errors.ts';
import { fileFields } from './fields/files.ts';
import { headerFields, sessionFields, transactionFields } from './fields/header.ts';
import { informationFields } from './fields/information.ts';
import { wordFields } from './fields/words.ts';
import { header } from './header.ts';
import { type Body, type Facts, HEADER, type Memory, type Message, number, type Request, reserved } from './message.ts';
import { COMMAND, COMMANDS } from './names.ts';
import { ntTransaction } from './nt-transact.ts';
import { transaction } from './trans.ts';
import { transaction2 } from './trans2.ts';
import { ntSecondaryWords, secondaryWords } from './transactions.ts';

const AT = { command: 4, status: 5, flags: 9, flags2: 10, tid: 24, pid: 26, uid: 28, mid: 30 } as const;
const NONE = 0xff;
/** Commands whose first two words name the next command of a chain. */
const ANDX: readonly number[] = [
  COMMAND.locking,
  COMMAND.openX,
  COMMAND.readX,
  COMMAND.writeX,
  COMMAND.sessionSetup,
  COMMAND.logoff,
  COMMAND.treeConnect,
  COMMAND.ntCreate,
];
const MAX_CHAIN = 16;
const RESPONSE = 0x80;
const UNICODE = 0x8000;
const NT_ERRORS = 0x4000;

export const smb = defineProtocol({
  name: 'smb',
  title: 'SMB (Server Message Block Protocol)',
  short: 'SMB',
  header: HEADER,
  remembers: true,
  opens: ['mailslot', 'smb_pipe', 'lanman', 'browser', 'smb_netlogon', 'gss-api', 'ntlmssp', 'dcerpc', 'data'],
  fields: {
    ...headerFields,
    ...wordFields,
    ...sessionFields,
    ...fileFields,
    ...transactionFields,
    ...informationFields,
  },
  tree(t) {
    const start = t.at;
    const command = t.u8(start + AT.command);
    const flags2 = t.u16le(start + AT.flags2);
    const isResponse = (t.u8(start + AT.flags) & RESPONSE) !== 0;
    const status = t.u32le(start + AT.status);
    const tid = t.u16le(start + AT.tid);
    const uid = t.u16le(start + AT.uid);
    const memory = t.isQuoted ? null : t.conversation(emptyMemory);
    const who = `${t.u16le(start + AT.mid)}:${t.u16le(start + AT.pid)}`;
    const known = memory?.requests.get(who) ?? null;
    const facts =
      memory === null
        ? null
        : memory.visits.visit(
            t,
            (): Facts => ({
              request: known !== null && (isResponse ? known.command === command : isCancel(command)) ? known : null,
              tree: memory.trees.get(tid) ?? connected(t, known, { isResponse, command, status, chained: chains(t) }),
              user: memory.users.get(uid) ?? null,
              files: new Map(),
            }),
          ).fact;
    const m: Message = {
      start,
      isResponse,
      isUnicode: (flags2 & UNICODE) !== 0,
      status,
      tid,
      uid,
      memory,
      facts,
      request: isResponse ? (facts?.request ?? null) : null,
      path: '',
      fid: -1,
      name: '',
      function: -1,
      level: -1,
      opening: null,
      account: '',
      domain: '',
      count: -1,
      offset: 0n,
    };
    if (facts?.tree !== null && facts !== null && memory !== null && !memory.trees.has(tid))
      memory.trees.set(tid, facts.tree);
    header(t, m, {
      isNtStatus: (flags2 & NT_ERRORS) !== 0,
      cancels: isCancel(command) ? (facts?.request ?? null) : null,
    });
    t.info(`${COMMANDS[command] ?? `unknown-0x${command.toString(16)}`} ${isResponse ? 'Response' : 'Request'}`);
    chain(t, m, command);
    if (isResponse && status !== 0) t.addInfo(`, Error: ${errorText(status, (flags2 & NT_ERRORS) !== 0)}`);
    if (!isResponse && memory !== null && !isCancel(command)) memory.requests.set(who, saidBy(t, m, command));
  },
});

function emptyMemory(): Memory {
  return {
    requests: new Map(),
    files: new Map(),
    trees: new Map(),
    users: new Map(),
    visits: new Visits(),
  };
}

function isCancel(command: number): boolean {
  return command === COMMAND.ntCancel;
}

/** Is a tree connect the command, or the second of the chain? */
function chains(t: TreeBuilder): boolean {
  return t.has(t.at + HEADER, 2) && t.u8(t.at + HEADER) > 0 && t.u8(t.at + HEADER + 1) === COMMAND.treeConnect;
}

/** The share that this answer connects. */
function connected(
  t: TreeBuilder,
  request: Request | null,
  said: { readonly isResponse: boolean; readonly command: number; readonly status: number; readonly chained: boolean },
): Facts['tree'] {
  if (!said.isResponse || request === null || request.path === '' || said.status !== 0) return null;
  if (said.command !== COMMAND.treeConnect && !(said.command === COMMAND.sessionSetup && said.chained)) return null;
  return { path: request.path, mapped: t.packet.number };
}

function errorText(status: number, isNt: boolean): string {
  if (isNt) return NT_STATUS[status] ?? `Unknown (0x${status.toString(16).padStart(8, '0')})`;
  return dosError(status & 0xff, status >>> 16);
}

function saidBy(t: TreeBuilder, m: Message, command: number): Request {
  return {
    frame: t.packet.number,
    time: t.packet.time,
    command,
    path: m.path,
    fid: m.fid,
    name: m.name,
    function: m.function,
    level: m.level,
    opening: m.opening,
    account: m.account,
    domain: m.domain,
    count: m.count,
    offset: m.offset,
  };
}

function chain(t: TreeBuilder, m: Message, first: number): void {
  let command = first;
  let at = m.start + HEADER;
  for (let i = 0; i < MAX_CHAIN; i++) {
    if (!t.has(at, 1)) return;
    if (i > 0) t.addInfo(`; ${COMMANDS[command] ?? 'unknown'}`);
    const words = t.u8(at);
    const end = at + 1 + 2 * words;
    const count = t.has(end, 2) ? t.u16le(end) : 0;
    const title = `${COMMANDS[command] ?? 'unknown'} ${m.isResponse ? 'Response' : 'Request'}`;
    t.nest(t.text(`${title} (0x${command.toString(16).padStart(2, '0')})`, at, 0));
    t.put('wct', words, at, 1);
    const body: Body = { words, at: at + 1, end, bytesAt: end + 2, bytesEnd: Math.min(t.end, end + 2 + count) };
    let next = NONE;
    let offset = 0;
    if (ANDX.includes(command) && words >= 2) {
      next = t.u8(at + 1);
      offset = t.u16le(at + 3);
      const name = next === NONE ? 'none' : (COMMANDS[next] ?? 'unknown');
      t.put('cmd', next, at + 1, 1, `AndXCommand: ${name} (0x${next.toString(16)})`);
      reserved(t, at + 2, 1);
      number(t, 'andxoffset', at + 3);
    }
    one(t, m, command, body);
    t.close(Math.max(at, body.bytesEnd));
    const following = m.start + offset;
    if (next === NONE || following <= at) return;
    command = next;
    at = following;
  }
}

function one(t: TreeBuilder, m: Message, command: number, body: Body): void {
  switch (command) {
    case COMMAND.negotiate:
      negotiate(t, m, body);
      return;
    case COMMAND.sessionSetup:
      sessionSetup(t, m, body);
      return;
    case COMMAND.treeConnect:
      treeConnect(t, m, body);
      return;
    case COMMAND.ntCreate:
      ntCreate(t, m, body);
      return;
    case COMMAND.openX:
      openX(t, m, body);
      return;
    case COMMAND.readX:
      readX(t, m, body);
      return;
    case COMMAND.writeX:
      writeX(t, m, body);
      return;
    case COMMAND.locking:
      locking(t, m, body);
      return;
    case COMMAND.trans:
      transaction(t, m, body);
      return;
    case COMMAND.trans2:
      transaction2(t, m, body);
      return;
    case COMMAND.transSecondary:
    case COMMAND.trans2Secondary:
      secondaryWords(t, m, body);
      return;
    case COMMAND.ntTrans:
      ntTransaction(t, m, body);
      return;
    case COMMAND.ntTransSecondary:
      ntSecondaryWords(t, m, body);
      return;
    default:
      if (!simple(t, m, command, body)) others(t, body, ANDX.includes(command) ? 4 : 0);
  }
}

/** A command without a shape of its own: its parameters and its data as bytes. */
function others(t: TreeBuilder, body: Body, skipped: number): void {
  const at = body.at + skipped;
  if (body.end > at) t.add('word_parameters', at, body.end - at);
  byteCount(t, body);
  if (body.bytesEnd > body.bytesAt) t.add('byte_parameters', body.bytesAt, body.bytesEnd - body.bytesAt);
}
