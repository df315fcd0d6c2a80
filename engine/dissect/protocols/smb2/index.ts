/** SMB 2 and 3 ([MS-SMB2] 2.2): requests and responses, compounded; what pipes and security blobs carry is dissected. */

import { NT_STATUS } from '../../names/nt-status.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { Visits } from '../../visits.ts';
import { createRequest, createResponse } from './create.ts';
import { createFields } from './fields/create.ts';
import { fileFields } from './fields/files.ts';
import { headerFields } from './fields/header.ts';
import { ioctlFields } from './fields/ioctl.ts';
import { queryFields } from './fields/query.ts';
import { setupFields } from './fields/setup.ts';
import { breakLock, close, flush, lock, notify, read, write } from './files.ts';
import { ioctl } from './ioctl.ts';
import { AT, type Facts, flags, type Memory, type Message, type Request, STATUS, treeKey } from './message.ts';
import { COMMAND, COMMANDS } from './names.ts';
import { find, getInfo, setInfo } from './query.ts';
import { negotiateRequest, negotiateResponse, sessionSetup, treeConnect } from './setup.ts';
import { compressed, errorResponse, transform } from './transforms.ts';

const MAGIC = { plain: 0xfe534d42, encrypted: 0xfd534d42, compressed: 0xfc534d42 } as const;
const FLAG = { response: 1, async: 2 } as const;
const MAX_COMPOUND = 256;

export const smb2 = defineProtocol({
  name: 'smb2',
  title: 'SMB2 (Server Message Block Protocol version 2)',
  short: 'SMB2',
  header: 4,
  remembers: true,
  opens: ['gss-api', 'ntlmssp', 'dcerpc', 'data'],
  fields: { ...headerFields, ...setupFields, ...createFields, ...fileFields, ...queryFields, ...ioctlFields },
  tree(t) {
    const memory = t.isQuoted ? newMemory() : t.conversation(newMemory);
    const { fact } = memory.visits.visit(t, () => ({ requests: new Map(), files: new Map() }));
    t.info('');
    const magic = t.u32(t.at);
    if (magic === MAGIC.encrypted) {
      transform(t);
      return;
    }
    if (magic === MAGIC.compressed) {
      compressed(t);
      return;
    }
    let at = t.at;
    let lastFid = '';
    for (let i = 0; i < MAX_COMPOUND; i++) {
      const next = t.u32le(at + AT.next);
      const end = next === 0 ? t.end : Math.min(t.end, at + next);
      if (i > 0) t.addInfo(';');
      lastFid = message(t, at, end, memory, fact, lastFid);
      if (next < AT.body || at + next >= t.end || t.u32(at + next) !== MAGIC.plain) return;
      at += next;
    }
  },
});

function newMemory(): Memory {
  return { visits: new Visits(), requests: new Map(), files: new Map(), trees: new Map(), users: new Map() };
}

function message(t: TreeBuilder, start: number, end: number, memory: Memory, facts: Facts, lastFid: string): string {
  const command = t.u16le(start + AT.command);
  const bits = t.u32le(start + AT.flags);
  const isResponse = (bits & FLAG.response) !== 0;
  const isAsync = (bits & FLAG.async) !== 0;
  const status = t.u32le(start + AT.status);
  const id = t.u64le(start + AT.message);
  let request: Request | null = null;
  if (isResponse) {
    const known = facts.requests.get(id);
    request = known === undefined ? (memory.requests.get(id) ?? null) : known;
    if (request !== null && (request.command !== command || request.frame > t.packet.number)) request = null;
    facts.requests.set(id, request);
  }
  const m: Message = {
    start,
    end,
    isResponse,
    status,
    session: t.u64le(start + AT.session),
    tree: isAsync ? 0 : t.u32le(start + AT.tree),
    memory,
    facts,
    request,
    file: '',
    fid: lastFid,
    text: '',
    function: -1,
    level: -1,
    class: -1,
  };
  header(t, m, isAsync);
  const name = COMMANDS[command] ?? `unknown(${command})`;
  const kind = isResponse ? 'Response' : 'Request';
  t.addInfo(`${name} ${kind}`);
  if (isResponse && status !== 0)
    t.addInfo(`, Error: ${NT_STATUS[status] ?? `Unknown (0x${status.toString(16).padStart(8, '0')})`}`);
  const place = Math.max(0, end - start - AT.body);
  t.nest(t.text(`${name} ${kind} (0x${command.toString(16).padStart(2, '0')})`, start + AT.body, place));
  if (t.has(start + AT.body, 2)) content(t, m, command);
  t.close();
  if (!isResponse) {
    const { file, fid, text, level } = m;
    const said = { frame: t.packet.number, time: t.packet.time, command, file, fid, text, level };
    memory.requests.set(id, { ...said, function: m.function, class: m.class });
  }
  return m.fid;
}

/** The body: its size, in which the lowest bit says that something follows the fixed part, and what the command says. */
function content(t: TreeBuilder, m: Message, command: number): void {
  const at = m.start + AT.body;
  const { status } = m;
  if (m.isResponse && (command === COMMAND.getInfo || command === COMMAND.find || command === COMMAND.setInfo))
    asked(t, m, command);
  const size = t.u16le(at);
  t.nest(t.put('buffer_code', size, at, 2));
  t.put('buffer_code.length', size >> 1, at, 2, `Fixed Part Length: ${size >> 1}`);
  t.put('buffer_code.dynamic', size & 1, at, 2);
  t.close();
  const isKept =
    status === 0 || status === STATUS.more || status === STATUS.overflow || command === COMMAND.sessionSetup;
  const isError = m.isResponse && !isKept;
  if (isError) {
    if (size === 9 && command !== COMMAND.getInfo) errorResponse(t, at);
    return;
  }
  body(t, m, command, at);
}

/** What the request was about, in front of an answer that does not say it. */
function asked(t: TreeBuilder, m: Message, command: number): void {
  if (m.request === null) return;
  if (command === COMMAND.find) {
    t.generated('find.infolevel', m.request.level);
    return;
  }
  t.generated('class', m.request.class);
  const keys = ['', 'file_info.infolevel', 'fs_info.infolevel', 'sec_info.infolevel'];
  const key = keys[m.request.class] ?? '';
  if (key !== '') t.generated(key, m.request.level);
}

function body(t: TreeBuilder, m: Message, command: number, at: number): void {
  switch (command) {
    case COMMAND.negotiate:
      if (m.isResponse) negotiateResponse(t, m, at);
      else negotiateRequest(t, at);
      return;
    case COMMAND.sessionSetup:
      sessionSetup(t, m, at);
      return;
    case COMMAND.treeConnect:
      treeConnect(t, m, at);
      return;
    case COMMAND.create:
      if (m.isResponse) createResponse(t, m, at);
      else createRequest(t, m, at);
      return;
    case COMMAND.close:
      close(t, m, at);
      return;
    case COMMAND.flush:
      flush(t, m, at);
      return;
    case COMMAND.read:
      read(t, m, at);
      return;
    case COMMAND.write:
      write(t, m, at);
      return;
    case COMMAND.lock:
      lock(t, m, at);
      return;
    case COMMAND.ioctl:
      ioctl(t, m, at);
      return;
    case COMMAND.find:
      find(t, m, at);
      return;
    case COMMAND.notify:
      notify(t, m, at);
      return;
    case COMMAND.getInfo:
      getInfo(t, m, at);
      return;
    case COMMAND.setInfo:
      setInfo(t, m, at);
      return;
    case COMMAND.breakLock:
      breakLock(t, m, at);
      return;
    default:
      // Logoff, tree disconnect, cancel, echo: two bytes that say nothing.
      if (t.has(at + 2, 2)) t.add('reserved', at + 2, 2);
  }
}

function header(t: TreeBuilder, m: Message, isAsync: boolean): void {
  const { start, isResponse, request } = m;
  t.nest(t.text('SMB2 Header', start, AT.body));
  t.put('protocol_id', t.u32(start), start, 4);
  t.put('header_len', t.u16le(start + AT.length), start + AT.length, 2);
  t.put('credit.charge', t.u16le(start + AT.charge), start + AT.charge, 2);
  if (isResponse) t.put('nt_status', m.status, start + AT.status, 4);
  else {
    t.put('channel_sequence', t.u16le(start + AT.status), start + AT.status, 2);
    t.add('reserved', start + AT.status + 2, 2);
  }
  t.put('cmd', t.u16le(start + AT.command), start + AT.command, 2);
  t.put(isResponse ? 'credits.granted' : 'credits.requested', t.u16le(start + AT.credits), start + AT.credits, 2);
  flags(t, 'flags', t.u32le(start + AT.flags), start + AT.flags, 4);
  t.put('chain_offset', t.u32le(start + AT.next), start + AT.next, 4);
  t.put('msg_id', t.u64le(start + AT.message), start + AT.message, 8);
  if (isAsync) t.put('aid', t.u64le(start + AT.process), start + AT.process, 8);
  else {
    t.put('pid', t.u32le(start + AT.process), start + AT.process, 4);
    tree(t, m);
  }
  user(t, m);
  t.add('signature', start + AT.signature, 16);
  const { time } = t.packet;
  if (request !== null) {
    t.generated('response_to', request.frame);
    if (time !== null && request.time !== null) t.generated('time', time - request.time);
  }
  t.close();
}

function tree(t: TreeBuilder, m: Message): void {
  const at = m.start + AT.tree;
  const node = t.put('tid', m.tree, at, 4);
  const known = m.memory.trees.get(treeKey(m.session, m.tree));
  if (known === undefined || known.frame >= t.packet.number) return;
  t.nest(node);
  t.generated('tree', known.name, at);
  t.generated('share_type', known.type, at);
  t.generated('tcon_frame', known.frame, at);
  t.close();
}

function user(t: TreeBuilder, m: Message): void {
  const at = m.start + AT.session;
  const node = t.put('sesid', m.session, at, 8);
  const known = m.memory.users.get(m.session);
  if (known === undefined || known.asked >= t.packet.number) return;
  const isGranted = known.granted > 0 && known.granted < t.packet.number;
  t.nest(node);
  if (known.account !== '') {
    t.generated('acct', known.account, at);
    t.generated('domain', known.domain, at);
    t.generated('host', known.host, at);
  }
  t.generated('auth_frame', isGranted ? known.granted : known.asked, at);
  t.close();
}
