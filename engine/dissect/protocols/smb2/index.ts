/** SMB 2 and 3 ([MS-SMB2] 2.2): requests and responses, compounded; what pipes and security blobs carry is dissected. */

import { NT_STATUS } from '../../names/nt-status.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { Visits } from '../../visits.ts';
import { fields } from './fields.ts';
import { COMMAND, COMMANDS, FILE_LEVELS, FIND_LEVELS, FS_LEVELS, IOCTLS } from './names.ts';

const MAGIC = { plain: 0xfe534d42, encrypted: 0xfd534d42, compressed: 0xfc534d42 } as const;
const AT = {
  length: 4,
  charge: 6,
  status: 8,
  command: 12,
  credits: 14,
  flags: 16,
  next: 20,
  message: 24,
  process: 32,
  tree: 36,
  session: 40,
  signature: 48,
  body: 64,
} as const;
const FLAG = { response: 1, async: 2 } as const;
const STATUS_PENDING = 0x103;
const MORE_PROCESSING = 0xc0000016;
const BUFFER_OVERFLOW = 0x80000005;
const EPOCH_1601 = 11_644_473_600_000_000_000n;
const MAX_COMPOUND = 256;
const SAME_FILE = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const FLAGS_OF_HEADER = ['response', 'async', 'chained', 'signature', 'priority_mask', 'dfs', 'replay'] as const;

/** What a request said that its response does not repeat. */
interface Request {
  readonly frame: number;
  readonly time: bigint | null;
  readonly command: number;
  readonly file: string;
  readonly fid: string;
  readonly text: string;
  readonly function: number;
  readonly level: number;
  readonly class: number;
}

interface Memory {
  readonly visits: Visits<Facts>;
  readonly requests: Map<bigint, Request>;
  readonly files: Map<string, string>;
}

interface Facts {
  readonly requests: Map<bigint, Request | null>;
  readonly files: Map<string, string>;
}

interface Message {
  readonly start: number;
  readonly end: number;
  readonly isResponse: boolean;
  readonly status: number;
  readonly tree: number;
  readonly memory: Memory;
  readonly facts: Facts;
  readonly request: Request | null;
  file: string;
  fid: string;
  text: string;
  function: number;
  level: number;
  class: number;
}

export const smb2 = defineProtocol({
  name: 'smb2',
  title: 'SMB2 (Server Message Block Protocol version 2)',
  short: 'SMB2',
  header: 4,
  remembers: true,
  opens: ['gss-api', 'ntlmssp', 'dcerpc', 'data'],
  fields,
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
  return { visits: new Visits(), requests: new Map(), files: new Map() };
}

/** A message under encryption (2.2.41). */
function transform(t: TreeBuilder): void {
  const { at } = t;
  t.add('header.transform.signature', at + 4, 16);
  t.add('header.transform.nonce', at + 20, 16);
  t.put('header.transform.msg_size', t.u32le(at + 36), at + 36, 4);
  t.put('header.transform.flags', t.u16le(at + 42), at + 42, 2);
  t.put('sesid', t.u64le(at + 44), at + 44, 8);
  if (t.end > at + 52) t.add('header.transform.enc_data', at + 52, t.end - at - 52);
  t.info('Encrypted SMB3');
}

/** A compressed message (2.2.42). */
function compressed(t: TreeBuilder): void {
  t.put('header.comp_transform.original_size', t.u32le(t.at + 4), t.at + 4, 4);
  t.info('Compressed SMB3');
}

function message(t: TreeBuilder, start: number, end: number, memory: Memory, facts: Facts, lastFid: string): string {
  const command = t.u16le(start + AT.command);
  const flags = t.u32le(start + AT.flags);
  const isResponse = (flags & FLAG.response) !== 0;
  const isAsync = (flags & FLAG.async) !== 0;
  const status = t.u32le(start + AT.status);
  const id = t.u64le(start + AT.message);
  let request: Request | null = null;
  if (isResponse) {
    const known = facts.requests.get(id);
    request = known === undefined ? (memory.requests.get(id) ?? null) : known;
    if (request !== null && (request.command !== command || request.frame > t.packet.number)) request = null;
    facts.requests.set(id, request);
  }
  const tree = isAsync ? 0 : t.u32le(start + AT.tree);
  header(t, start, isResponse, isAsync, request);
  const name = COMMANDS[command] ?? `unknown(${command})`;
  t.addInfo(`${name} ${isResponse ? 'Response' : 'Request'}`);
  if (isResponse && status !== 0)
    t.addInfo(`, Error: ${NT_STATUS[status] ?? `Unknown (0x${status.toString(16).padStart(8, '0')})`}`);
  const m: Message = {
    start,
    end,
    isResponse,
    status,
    tree,
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
  t.nest(
    t.text(
      `${name} ${isResponse ? 'Response' : 'Request'} (0x${command.toString(16).padStart(2, '0')})`,
      start + AT.body,
      Math.max(0, end - start - AT.body),
    ),
  );
  if (t.has(start + AT.body, 2)) {
    t.put('buffer_code', t.u16le(start + AT.body), start + AT.body, 2);
    const isError =
      isResponse &&
      status !== 0 &&
      status !== MORE_PROCESSING &&
      status !== BUFFER_OVERFLOW &&
      status !== STATUS_PENDING;
    if (!isError && status !== STATUS_PENDING) body(t, m, command);
  }
  t.close();
  if (!isResponse && request === null) {
    const said: Request = {
      frame: t.packet.number,
      time: t.packet.time,
      command,
      file: m.file,
      fid: m.fid,
      text: m.text,
      function: m.function,
      level: m.level,
      class: m.class,
    };
    memory.requests.set(id, said);
  }
  return m.fid;
}

function header(t: TreeBuilder, start: number, isResponse: boolean, isAsync: boolean, request: Request | null): void {
  t.nest(t.text('SMB2 Header', start, AT.body));
  t.put('protocol_id', t.u32(start), start, 4);
  t.put('header_len', t.u16le(start + AT.length), start + AT.length, 2);
  t.put('credit.charge', t.u16le(start + AT.charge), start + AT.charge, 2);
  if (isResponse) t.put('nt_status', t.u32le(start + AT.status), start + AT.status, 4);
  else {
    t.put('channel_sequence', t.u16le(start + AT.status), start + AT.status, 2);
    t.add('reserved', start + AT.status + 2, 2);
  }
  t.put('cmd', t.u16le(start + AT.command), start + AT.command, 2);
  t.put(isResponse ? 'credits.granted' : 'credits.requested', t.u16le(start + AT.credits), start + AT.credits, 2);
  bits(t, 'flags', t.u32le(start + AT.flags), start + AT.flags, 4, FLAGS_OF_HEADER);
  t.put('chain_offset', t.u32le(start + AT.next), start + AT.next, 4);
  t.put('msg_id', t.u64le(start + AT.message), start + AT.message, 8);
  if (isAsync) t.put('aid', t.u64le(start + AT.process), start + AT.process, 8);
  else {
    t.put('pid', t.u32le(start + AT.process), start + AT.process, 4);
    t.put('tid', t.u32le(start + AT.tree), start + AT.tree, 4);
  }
  t.put('sesid', t.u64le(start + AT.session), start + AT.session, 8);
  t.add('signature', start + AT.signature, 16);
  const { time } = t.packet;
  if (request !== null) {
    t.generated('response_to', request.frame);
    if (time !== null && request.time !== null) t.generated('time', time - request.time);
  }
  t.close();
}

/** A word of flags and the named fields below it. */
function bits(t: TreeBuilder, key: string, value: number, at: number, length: number, names: readonly string[]): void {
  t.nest(t.put(key, value, at, length));
  for (const name of names) {
    const bitsOf = t.protocol.fields.get(`${key}.${name}`)?.spec.bits;
    if (bitsOf !== undefined)
      t.put(`${key}.${name}`, Math.floor(value / 2 ** bitsOf[1]) % 2 ** (bitsOf[0] - bitsOf[1] + 1), at, length);
  }
  t.close();
}

function time(t: TreeBuilder, key: string, at: number): void {
  const ticks = t.u64le(at);
  const node = t.put(key, ticks * 100n - EPOCH_1601, at, 8);
  if (ticks === 0n) node.text = `${t.protocol.fields.get(key)?.field.label ?? key}: No time specified (0)`;
}

function guid(t: TreeBuilder, at: number): Uint8Array {
  const b = t.slice(at, 16);
  return Uint8Array.of(b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6], ...b.subarray(8));
}

function guidText(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The file a message speaks of: its id, and the name it was opened by. `shows`: named in Info. */
function file(t: TreeBuilder, m: Message, at: number, shows: boolean): void {
  const bytes = guid(t, at);
  const text = guidText(bytes);
  if (text !== SAME_FILE) m.fid = text;
  // What was not known when the message was first seen stays unknown, whatever the conversation has learnt since.
  let known = m.facts.files.get(m.fid);
  if (known === undefined) {
    known = m.memory.files.get(m.fid) ?? '';
    m.facts.files.set(m.fid, known);
  }
  if (known !== '') {
    m.file = known;
    if (shows && text !== SAME_FILE) t.addInfo(` File: ${known}`);
  }
  t.nest(t.put('fid', bytes, at, 16, `GUID handle${known === '' ? '' : ` File: ${known}`}`));
  t.close();
}

function body(t: TreeBuilder, m: Message, command: number): void {
  const at = m.start + AT.body;
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
      if (m.isResponse) {
        t.put('close.flags', t.u16le(at + 2), at + 2, 2);
        if (t.has(at, 60)) attributes(t, at + 8);
      } else {
        t.put('close.flags', t.u16le(at + 2), at + 2, 2);
        file(t, m, at + 8, true);
      }
      return;
    case COMMAND.read:
      read(t, m, at);
      return;
    case COMMAND.write:
      write(t, m, at);
      return;
    case COMMAND.ioctl:
      ioctl(t, m, at);
      return;
    case COMMAND.find:
      find(t, m, at);
      return;
    case COMMAND.getInfo:
    case COMMAND.setInfo:
      information(t, m, at, command);
      return;
    case COMMAND.flush:
    case COMMAND.lock:
    case COMMAND.notify:
      if (!m.isResponse) file(t, m, at + 8, true);
      return;
    case COMMAND.breakLock:
      if (t.u16le(at) === 24) {
        t.add('create.oplock', at + 2);
        file(t, m, at + 8, true);
      }
      return;
    default:
  }
}

function negotiateRequest(t: TreeBuilder, at: number): void {
  const count = t.u16le(at + 2);
  t.put('dialect_count', count, at + 2, 2);
  bits(t, 'sec_mode', t.u8(at + 4), at + 4, 1, ['sign_enabled', 'sign_required']);
  t.put('capabilities', t.u32le(at + 8), at + 8, 4);
  t.put('client_guid', guid(t, at + 12), at + 12, 16);
  const contextsAt = t.u32le(at + 28);
  let hasContexts = false;
  for (let i = 0; i < count; i++) {
    const dialect = t.u16le(at + 36 + 2 * i);
    if (dialect === 0x311) hasContexts = true;
    t.put('dialect', dialect, at + 36 + 2 * i, 2);
  }
  if (!hasContexts) {
    time(t, 'boot_time', at + 28);
    return;
  }
  t.put('negotiate_context.offset', contextsAt, at + 28, 4);
  t.put('negotiate_context.count', t.u16le(at + 32), at + 32, 2);
  contexts(t, at - AT.body + contextsAt, t.u16le(at + 32));
}

function contexts(t: TreeBuilder, from: number, count: number): void {
  let at = from;
  for (let i = 0; i < count && t.has(at, 8); i++) {
    const length = t.u16le(at + 2);
    t.nest(t.put('negotiate_context.type', t.u16le(at), at, 2));
    t.put('negotiate_context.data_length', length, at + 2, 2);
    t.close();
    at += 8 + length;
    at += (8 - ((at - from) & 7)) & 7;
  }
}

function blob(t: TreeBuilder, m: Message, offset: number, length: number): void {
  const from = m.start + offset;
  if (length === 0 || offset < AT.body || !t.has(from, length)) return;
  t.add('security_blob', from, length);
  t.nest(t.last());
  t.dissect(
    t.string(from, Math.min(7, length), 'latin1') === 'NTLMSSP' ? 'ntlmssp' : 'gss-api',
    from,
    from + length,
    from + length,
  );
  t.close();
  t.column('SMB2');
}

function negotiateResponse(t: TreeBuilder, m: Message, at: number): void {
  bits(t, 'sec_mode', t.u8(at + 2), at + 2, 1, ['sign_enabled', 'sign_required']);
  const dialect = t.u16le(at + 4);
  t.put('dialect', dialect, at + 4, 2);
  if (dialect === 0x311) t.put('negotiate_context.count', t.u16le(at + 6), at + 6, 2);
  t.put('server_guid', guid(t, at + 8), at + 8, 16);
  t.put('capabilities', t.u32le(at + 24), at + 24, 4);
  t.put('max_trans_size', t.u32le(at + 28), at + 28, 4);
  t.put('max_read_size', t.u32le(at + 32), at + 32, 4);
  t.put('max_write_size', t.u32le(at + 36), at + 36, 4);
  time(t, 'current_time', at + 40);
  time(t, 'boot_time', at + 48);
  blob(t, m, t.u16le(at + 56), t.u16le(at + 58));
  if (dialect === 0x311) {
    t.put('negotiate_context.offset', t.u32le(at + 60), at + 60, 4);
    contexts(t, m.start + t.u32le(at + 60), t.u16le(at + 6));
  }
}

function sessionSetup(t: TreeBuilder, m: Message, at: number): void {
  if (m.isResponse) {
    bits(t, 'session_flags', t.u16le(at + 2), at + 2, 2, []);
    blob(t, m, t.u16le(at + 4), t.u16le(at + 6));
    return;
  }
  t.put('ses_req_flags', t.u8(at + 2), at + 2, 1);
  bits(t, 'sec_mode', t.u8(at + 3), at + 3, 1, ['sign_enabled', 'sign_required']);
  t.put('capabilities', t.u32le(at + 4), at + 4, 4);
  t.put('channel', t.u32le(at + 8), at + 8, 4);
  t.put('previous_sesid', t.u64le(at + 16), at + 16, 8);
  blob(t, m, t.u16le(at + 12), t.u16le(at + 14));
}

function textAt(t: TreeBuilder, m: Message, offset: number, length: number): string {
  const from = m.start + offset;
  return length > 0 && offset >= AT.body && t.has(from, length) ? t.string(from, length, 'utf16le') : '';
}

function treeConnect(t: TreeBuilder, m: Message, at: number): void {
  if (m.isResponse) {
    t.put('share_type', t.u8(at + 2), at + 2, 1);
    t.put('share_flags', t.u32le(at + 4), at + 4, 4);
    t.put('share_caps', t.u32le(at + 8), at + 8, 4);
    t.put('access_mask', t.u32le(at + 12), at + 12, 4, undefined);
    return;
  }
  t.put('tc.flags', t.u16le(at + 2), at + 2, 2);
  const offset = t.u16le(at + 4);
  const length = t.u16le(at + 6);
  m.text = textAt(t, m, offset, length);
  t.put('tree', m.text, m.start + offset, length);
  t.addInfo(` Tree: ${m.text}`);
}

function createRequest(t: TreeBuilder, m: Message, at: number): void {
  t.add('create.oplock', at + 3);
  t.put('impersonation.level', t.u32le(at + 4), at + 4, 4);
  t.put('access_mask', t.u32le(at + 24), at + 24, 4);
  t.put('file_attribute', t.u32le(at + 28), at + 28, 4);
  t.put('share_access', t.u32le(at + 32), at + 32, 4);
  t.put('create.disposition', t.u32le(at + 36), at + 36, 4);
  t.put('create_options', t.u32le(at + 40), at + 40, 4);
  const offset = t.u16le(at + 44);
  const length = t.u16le(at + 46);
  m.file = textAt(t, m, offset, length);
  m.fid = '';
  t.put('filename', m.file, m.start + offset, length);
  t.addInfo(` File: ${m.file}`);
}

function attributes(t: TreeBuilder, at: number): void {
  time(t, 'create.time', at);
  time(t, 'last_access.time', at + 8);
  time(t, 'last_write.time', at + 16);
  time(t, 'last_change.time', at + 24);
  t.put('allocation_size', t.u64le(at + 32), at + 32, 8);
  t.put('eof', t.u64le(at + 40), at + 40, 8);
  t.put('file_attribute', t.u32le(at + 48), at + 48, 4);
}

function createResponse(t: TreeBuilder, m: Message, at: number): void {
  t.add('create.oplock', at + 2);
  t.put('create.action', t.u32le(at + 4), at + 4, 4);
  attributes(t, at + 8);
  const text = guidText(guid(t, at + 64));
  if (m.request !== null && !m.facts.files.has(text)) m.memory.files.set(text, m.request.file);
  file(t, m, at + 64, true);
}

function isPipe(t: TreeBuilder, at: number, length: number): boolean {
  return (
    length >= 16 &&
    t.has(at, 16) &&
    t.u8(at) === 5 &&
    t.u8(at + 1) === 0 &&
    t.u8(at + 2) < 20 &&
    (t.u8(at + 4) & 0xee) === 0
  );
}

function contents(t: TreeBuilder, m: Message, at: number, length: number, fid: string): void {
  const end = Math.min(m.end, at + length);
  if (at < m.start + AT.body || end <= at) return;
  if (isPipe(t, at, length)) {
    t.hint = `pipe:${fid}`;
    t.dissect('dcerpc', at, end, end);
  } else {
    t.payload(at, end, end);
  }
}

function read(t: TreeBuilder, m: Message, at: number): void {
  if (m.isResponse) {
    const offset = t.u8(at + 2);
    const length = t.u32le(at + 4);
    t.put('read_length', length, at + 4, 4);
    t.put('read_remaining', t.u32le(at + 8), at + 8, 4);
    if (m.status !== BUFFER_OVERFLOW || length > 0) contents(t, m, m.start + offset, length, m.request?.fid ?? '');
    return;
  }
  t.add('read_padding', at + 2);
  t.add('read_flags', at + 3);
  const length = t.u32le(at + 4);
  const offset = t.u64le(at + 8);
  t.put('read_length', length, at + 4, 4);
  t.put('file_offset', offset, at + 8, 8);
  t.addInfo(` Len:${length} Off:${offset}`);
  file(t, m, at + 16, true);
  t.put('min_count', t.u32le(at + 32), at + 32, 4);
  t.put('channel', t.u32le(at + 36), at + 36, 4);
  t.put('remaining_bytes', t.u32le(at + 40), at + 40, 4);
}

function write(t: TreeBuilder, m: Message, at: number): void {
  if (m.isResponse) {
    t.put('write.count', t.u32le(at + 4), at + 4, 4);
    t.put('write.remaining', t.u32le(at + 8), at + 8, 4);
    return;
  }
  const dataOffset = t.u16le(at + 2);
  const length = t.u32le(at + 4);
  const offset = t.u64le(at + 8);
  t.put('data_offset', dataOffset, at + 2, 2);
  t.put('write_length', length, at + 4, 4);
  t.put('file_offset', offset, at + 8, 8);
  t.addInfo(` Len:${length} Off:${offset}`);
  file(t, m, at + 16, true);
  t.put('channel', t.u32le(at + 32), at + 32, 4);
  t.put('remaining_bytes', t.u32le(at + 36), at + 36, 4);
  t.put('write.flags', t.u32le(at + 44), at + 44, 4);
  contents(t, m, m.start + dataOffset, length, m.fid);
}

const PIPE_TRANSCEIVE = 0x0011c017;

function ioctl(t: TreeBuilder, m: Message, at: number): void {
  const code = t.u32le(at + 4);
  t.put('ioctl.function', code, at + 4, 4);
  t.addInfo(` ${IOCTLS[code] ?? `Unknown (0x${code.toString(16).padStart(8, '0')})`}`);
  m.function = code;
  file(t, m, at + 8, code !== PIPE_TRANSCEIVE);
  const inOffset = t.u32le(at + 24);
  const inLength = t.u32le(at + 28);
  const outOffset = t.u32le(at + (m.isResponse ? 32 : 36));
  const outLength = t.u32le(at + (m.isResponse ? 36 : 40));
  if (code !== PIPE_TRANSCEIVE) return;
  if (m.isResponse) contents(t, m, m.start + outOffset, outLength, m.request?.fid ?? m.fid);
  else contents(t, m, m.start + inOffset, inLength, m.fid);
}

function find(t: TreeBuilder, m: Message, at: number): void {
  if (m.isResponse) {
    if (m.request !== null)
      t.addInfo(` ${FIND_LEVELS[m.request.level] ?? `Unknown (${m.request.level})`} Pattern: ${m.request.text}`);
    return;
  }
  const level = t.u8(at + 2);
  t.add('find.infolevel', at + 2);
  file(t, m, at + 8, false);
  if (m.file !== '' && guidText(guid(t, at + 8)) !== SAME_FILE) t.addInfo(` File: ${m.file}`);
  const offset = t.u16le(at + 24);
  const length = t.u16le(at + 26);
  m.level = level;
  m.text = textAt(t, m, offset, length);
  t.put('find.pattern', m.text, m.start + offset, length);
  t.addInfo(` ${FIND_LEVELS[level] ?? `Unknown (${level})`} Pattern: ${m.text}`);
}

const CLASSES: Readonly<Record<number, string>> = { 1: 'FILE_INFO', 2: 'FS_INFO', 3: 'SEC_INFO', 4: 'QUOTA_INFO' };

function information(t: TreeBuilder, m: Message, at: number, command: number): void {
  if (m.isResponse) return;
  const kind = t.u8(at + 2);
  const level = t.u8(at + 3);
  t.add('class', at + 2);
  const key =
    kind === 1 ? 'file_info.infolevel' : kind === 2 ? 'fs_info.infolevel' : kind === 3 ? 'sec_info.infolevel' : '';
  if (key !== '') t.add(key, at + 3);
  const levels = kind === 1 ? FILE_LEVELS : kind === 2 ? FS_LEVELS : {};
  const name =
    levels[level] ?? (kind === 3 ? `SMB2_SEC_INFO_${level.toString(16).padStart(2, '0')}` : `Unknown (${level})`);
  t.addInfo(` ${CLASSES[kind] ?? `Unknown (${kind})`}/${name}`);
  m.class = kind;
  m.level = level;
  file(t, m, at + (command === COMMAND.getInfo ? 24 : 16), true);
}
