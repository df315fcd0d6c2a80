/** SMB 1 ([MS-CIFS], [MS-SMB]): commands with parameter words and data bytes, chained by AndX; transactions carry mailslots and pipes. */

import { NT_STATUS } from '../../names/nt-status.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { Visits } from '../../visits.ts';

const AT = {
  command: 4,
  status: 5,
  flags: 9,
  flags2: 10,
  pidHigh: 12,
  signature: 14,
  tid: 24,
  pid: 26,
  uid: 28,
  mid: 30,
  body: 32,
} as const;
const COMMAND = {
  close: 0x04,
  delete: 0x06,
  rename: 0x07,
  queryInformation: 0x08,
  checkDirectory: 0x10,
  locking: 0x24,
  trans: 0x25,
  echo: 0x2b,
  openX: 0x2d,
  readX: 0x2e,
  writeX: 0x2f,
  trans2: 0x32,
  negotiate: 0x72,
  sessionSetup: 0x73,
  logoff: 0x74,
  treeConnect: 0x75,
  ntTrans: 0xa0,
  ntCreate: 0xa2,
} as const;
const COMMANDS: Readonly<Record<number, string>> = {
  0: 'Create Directory',
  1: 'Delete Directory',
  2: 'Open',
  3: 'Create',
  4: 'Close',
  5: 'Flush',
  6: 'Delete',
  7: 'Rename',
  8: 'Query Information',
  9: 'Set Information',
  10: 'Read',
  11: 'Write',
  12: 'Lock Byte Range',
  13: 'Unlock Byte Range',
  14: 'Create Temp',
  15: 'Create New',
  16: 'Check Directory',
  17: 'Process Exit',
  18: 'Seek',
  19: 'Lock And Read',
  20: 'Write And Unlock',
  21: 'unknown-0x15',
  22: 'unknown-0x16',
  23: 'unknown-0x17',
  24: 'unknown-0x18',
  25: 'unknown-0x19',
  26: 'Read Raw',
  27: 'Read MPX',
  28: 'Read MPX Secondary',
  29: 'Write Raw',
  30: 'Write MPX',
  31: 'Write MPX Secondary',
  32: 'Write Complete',
  33: 'Query Server (reserved)',
  34: 'Set Information2',
  35: 'Query Information2',
  36: 'Locking AndX',
  37: 'Trans',
  38: 'Trans Secondary',
  39: 'IOCTL',
  40: 'IOCTL Secondary',
  41: 'Copy',
  42: 'Move',
  43: 'Echo',
  44: 'Write And Close',
  45: 'Open AndX',
  46: 'Read AndX',
  47: 'Write AndX',
  48: 'New File Size (reserved)',
  49: 'Close And Tree Disconnect',
  50: 'Trans2',
  51: 'Trans2 Secondary',
  52: 'Find Close2',
  53: 'Find Notify Close',
  112: 'Tree Connect',
  113: 'Tree Disconnect',
  114: 'Negotiate Protocol',
  115: 'Session Setup AndX',
  116: 'Logoff AndX',
  117: 'Tree Connect AndX',
  128: 'Query Information Disk',
  129: 'Search',
  130: 'Find',
  131: 'Find Unique',
  132: 'Find Close',
  160: 'NT Trans',
  161: 'NT Trans Secondary',
  162: 'NT Create AndX',
  163: 'unknown-0xA3',
  164: 'NT Cancel',
  165: 'NT Rename',
  192: 'Open Print File',
  193: 'Write Print File',
  194: 'Close Print File',
  195: 'Get Print Queue',
  208: 'Send Single Block Message',
  209: 'Send Broadcast Message',
  210: 'Forward User Name',
  211: 'Cancel Forward',
  212: 'Get Machine Name',
  213: 'Send Start of Multi-block Message',
  214: 'Send End of Multi-block Message',
  215: 'Send Text of Multi-block Message',
  216: 'SMBreadbulk',
  217: 'SMBwritebulk',
  218: 'SMBwritebulkdata',
  254: 'SMBinvalid',
};
const TRANS2: Readonly<Record<number, string>> = {
  0: 'OPEN2',
  1: 'FIND_FIRST2',
  2: 'FIND_NEXT2',
  3: 'QUERY_FS_INFO',
  4: 'SET_FS_INFO',
  5: 'QUERY_PATH_INFO',
  6: 'SET_PATH_INFO',
  7: 'QUERY_FILE_INFO',
  8: 'SET_FILE_INFO',
  9: 'FSCTL',
  10: 'IOCTL2',
  11: 'FIND_NOTIFY_FIRST',
  12: 'FIND_NOTIFY_NEXT',
  13: 'CREATE_DIRECTORY',
  14: 'SESSION_SETUP',
  15: 'Unknown (0x0f)',
  16: 'GET_DFS_REFERRAL',
  17: 'REPORT_DFS_INCONSISTENCY',
};
const NT_TRANS: Readonly<Record<number, string>> = {
  1: 'NT CREATE',
  2: 'NT IOCTL',
  3: 'NT SET SECURITY DESC',
  4: 'NT NOTIFY',
  5: 'NT RENAME',
  6: 'NT QUERY SECURITY DESC',
  7: 'NT GET USER QUOTA',
  8: 'NT SET USER QUOTA',
};
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
const PIPE_TRANSACT = 0x26;
const UNICODE = 0x8000;
const NT_ERRORS = 0x4000;

/** What a request said that its response does not repeat. */
interface Request {
  readonly frame: number;
  readonly time: bigint | null;
  readonly command: number;
  readonly path: string;
  readonly fid: number;
  readonly name: string;
  readonly function: number;
}

interface Memory {
  readonly requests: Map<string, Request>;
  readonly answers: Map<number, number>;
  /** Names of open files, now. */
  readonly files: Map<number, string>;
  readonly visits: Visits<Facts>;
}

/** What was known when a message was seen first. */
interface Facts {
  readonly request: Request | null;
  /** Names of the files it speaks of. */
  readonly names: Map<number, string>;
}

/** The message that is being dissected. */
interface Message {
  readonly start: number;
  readonly isResponse: boolean;
  readonly isUnicode: boolean;
  readonly status: number;
  readonly memory: Memory | null;
  readonly request: Request | null;
  readonly names: Map<number, string>;
  path: string;
  fid: number;
  name: string;
  function: number;
}

export const smb = defineProtocol({
  name: 'smb',
  title: 'SMB (Server Message Block Protocol)',
  short: 'SMB',
  header: AT.body,
  remembers: true,
  opens: ['browser', 'smb_netlogon', 'gss-api', 'ntlmssp', 'dcerpc', 'data'],
  fields: {
    server_component: { type: 'u32', show: 'hex', label: 'Server Component' },
    cmd: { type: 'u8', show: 'hex', label: 'SMB Command', names: COMMANDS, many: true },
    nt_status: { type: 'u32', show: 'hex', label: 'NT Status', names: NT_STATUS },
    error_class: { type: 'u8', show: 'hex', label: 'Error Class' },
    error_code: { type: 'u16', show: 'hex', label: 'Error Code' },
    reserved: { type: 'bytes', label: 'Reserved', many: true },
    flags: { type: 'u8', show: 'hex', label: 'Flags' },
    'flags.lock': { type: 'bool', of: 'u8', bits: [0, 0], label: 'Lock and Read' },
    'flags.receive_buffer': { type: 'bool', of: 'u8', bits: [1, 1], label: 'Receive Buffer Posted' },
    'flags.caseless': { type: 'bool', of: 'u8', bits: [3, 3], label: 'Case Sensitivity' },
    'flags.canon': { type: 'bool', of: 'u8', bits: [4, 4], label: 'Canonicalized Pathnames' },
    'flags.oplock': { type: 'bool', of: 'u8', bits: [5, 5], label: 'Oplocks' },
    'flags.notify': { type: 'bool', of: 'u8', bits: [6, 6], label: 'Notify' },
    'flags.response': { type: 'bool', of: 'u8', bits: [7, 7], label: 'Request/Response' },
    flags2: { type: 'u16', show: 'hex', label: 'Flags2' },
    'flags2.long_names_allowed': { type: 'bool', of: 'u16', bits: [0, 0], label: 'Long Names Allowed' },
    'flags2.ea': { type: 'bool', of: 'u16', bits: [1, 1], label: 'Extended Attributes' },
    'flags2.sec_sig': { type: 'bool', of: 'u16', bits: [2, 2], label: 'Security Signatures' },
    'flags2.compressed': { type: 'bool', of: 'u16', bits: [3, 3], label: 'Compressed' },
    'flags2.sec_sig_required': { type: 'bool', of: 'u16', bits: [4, 4], label: 'Security Signatures Required' },
    'flags2.long_names_used': { type: 'bool', of: 'u16', bits: [6, 6], label: 'Long Names Used' },
    'flags2.reparse_path': { type: 'bool', of: 'u16', bits: [10, 10], label: 'Reparse Path' },
    'flags2.esn': { type: 'bool', of: 'u16', bits: [11, 11], label: 'Extended Security Negotiation' },
    'flags2.dfs': { type: 'bool', of: 'u16', bits: [12, 12], label: 'Dfs' },
    'flags2.roe': { type: 'bool', of: 'u16', bits: [13, 13], label: 'Execute-only Reads' },
    'flags2.nt_error': { type: 'bool', of: 'u16', bits: [14, 14], label: 'Error Code Type' },
    'flags2.string': { type: 'bool', of: 'u16', bits: [15, 15], label: 'Unicode Strings' },
    'pid.high': { type: 'u16', label: 'Process ID High' },
    signature: { type: 'bytes', label: 'Signature' },
    tid: { type: 'u16', label: 'Tree ID' },
    pid: { type: 'u16', label: 'Process ID' },
    uid: { type: 'u16', label: 'User ID' },
    mid: { type: 'u16', label: 'Multiplex ID' },
    wct: { type: 'u8', label: 'Word Count (WCT)', many: true },
    bcc: { type: 'u16', label: 'Byte Count (BCC)', many: true },
    response_in: { type: 'frame', label: 'Response in' },
    response_to: { type: 'frame', label: 'Response to' },
    time: { type: 'duration', label: 'Time from request' },
    andxoffset: { type: 'u16', label: 'AndXOffset', many: true },
    dialect: { type: 'string', label: 'Dialect', many: true },
    'dialect.name': { type: 'string', label: 'Name', many: true },
    max_bufsize: { type: 'u32', label: 'Max Buffer Size' },
    max_mpx_count: { type: 'u16', label: 'Max Mpx Count' },
    session_key: { type: 'u32', show: 'hex', label: 'Session Key' },
    security_blob: { type: 'bytes', label: 'Security Blob' },
    security_blob_len: { type: 'u16', label: 'Security Blob Length' },
    native_os: { type: 'string', label: 'Native OS' },
    native_lanman: { type: 'string', label: 'Native LAN Manager' },
    account: { type: 'string', label: 'Account' },
    primary_domain: { type: 'string', label: 'Primary Domain' },
    path: { type: 'string', label: 'Path', many: true },
    fid: { type: 'u16', show: 'hex', label: 'FID', many: true },
    file: { type: 'string', label: 'File Name' },
    service: { type: 'string', label: 'Service' },
    password: { type: 'bytes', label: 'Password' },
    access_mask: { type: 'u32', show: 'hex', label: 'Access Mask' },
    file_attribute: { type: 'u32', show: 'hex', label: 'File Attributes' },
    share_access: { type: 'u32', show: 'hex', label: 'Share Access' },
    'create.disposition': { type: 'u32', label: 'Disposition' },
    create_options: { type: 'u32', show: 'hex', label: 'Create Options' },
    create_flags: { type: 'u32', show: 'hex', label: 'Create Flags' },
    count: { type: 'u32', label: 'Count' },
    count_low: { type: 'u16', label: 'Count Low' },
    offset: { type: 'u32', label: 'Offset' },
    remaining: { type: 'u32', label: 'Remaining' },
    tpc: { type: 'u32', label: 'Total Parameter Count' },
    tdc: { type: 'u32', label: 'Total Data Count' },
    mpc: { type: 'u32', label: 'Max Parameter Count' },
    mdc: { type: 'u32', label: 'Max Data Count' },
    msc: { type: 'u8', label: 'Max Setup Count' },
    'transaction.flags': { type: 'u16', show: 'hex', label: 'Flags' },
    timeout: { type: 'u32', label: 'Timeout' },
    pc: { type: 'u16', label: 'Parameter Count' },
    po: { type: 'u16', label: 'Parameter Offset' },
    dc: { type: 'u16', label: 'Data Count' },
    data_offset: { type: 'u16', label: 'Data Offset' },
    pd: { type: 'u16', label: 'Parameter Displacement' },
    data_disp: { type: 'u16', label: 'Data Displacement' },
    sc: { type: 'u8', label: 'Setup Count' },
    trans_name: { type: 'string', label: 'Transaction Name' },
    'trans2.cmd': { type: 'u16', show: 'hex', label: 'Subcommand', names: TRANS2 },
    'nt.function': { type: 'u16', label: 'Function', names: NT_TRANS },
    search_pattern: { type: 'string', label: 'Search Pattern' },
    mailslot: { type: 'none', label: 'SMB MailSlot Protocol', abbrev: 'mailslot' },
    'mailslot.opcode': { type: 'u16', label: 'Opcode', abbrev: 'mailslot.opcode' },
    'mailslot.priority': { type: 'u16', label: 'Priority', abbrev: 'mailslot.priority' },
    'mailslot.class': { type: 'u16', label: 'Class', abbrev: 'mailslot.class' },
    'mailslot.size': { type: 'u16', label: 'Size', abbrev: 'mailslot.size' },
    'mailslot.name': { type: 'string', label: 'Mailslot Name', abbrev: 'mailslot.name' },
    pipe: { type: 'none', label: 'SMB Pipe Protocol', abbrev: 'smb_pipe' },
    'smb_pipe.function': { type: 'u16', show: 'hex', label: 'Function', abbrev: 'smb_pipe.function' },
    lanman: { type: 'none', label: 'Microsoft Windows Lanman Remote API Protocol', abbrev: 'lanman' },
    'lanman.function_code': { type: 'u16', label: 'Function Code', abbrev: 'lanman.function_code' },
  },
  tree(t) {
    const start = t.at;
    const command = t.u8(start + AT.command);
    const flags2 = t.u16le(start + AT.flags2);
    const isResponse = (t.u8(start + AT.flags) & 0x80) !== 0;
    const status = t.u32le(start + AT.status);
    const memory = t.isQuoted
      ? null
      : t.conversation(
          (): Memory => ({ requests: new Map(), answers: new Map(), files: new Map(), visits: new Visits() }),
        );
    const key = `${t.u16le(start + AT.mid)}:${t.u16le(start + AT.pid)}:${t.u16le(start + AT.tid)}`;
    const looseKey = `${t.u16le(start + AT.mid)}:${t.u16le(start + AT.pid)}`;
    const known = memory?.requests.get(key) ?? memory?.requests.get(looseKey) ?? null;
    const facts = memory?.visits.visit(t, () => ({
      request: isResponse && known?.command === command ? known : null,
      names: new Map(),
    })).fact;
    const request = facts?.request ?? null;
    header(t, start, isResponse, flags2, request, memory);
    const message: Message = {
      start,
      isResponse,
      status,
      memory,
      request,
      names: facts?.names ?? new Map<number, string>(),
      isUnicode: (flags2 & UNICODE) !== 0,
      path: '',
      fid: -1,
      name: '',
      function: -1,
    };
    t.info(`${COMMANDS[command] ?? `unknown-0x${command.toString(16)}`} ${isResponse ? 'Response' : 'Request'}`);
    chain(t, message, command);
    if (status !== 0 && isResponse && (flags2 & NT_ERRORS) !== 0)
      t.addInfo(`, Error: ${NT_STATUS[status] ?? `Unknown (0x${status.toString(16).padStart(8, '0')})`}`);
    if (!isResponse && memory !== null) {
      const said: Request = {
        frame: t.packet.number,
        time: t.packet.time,
        command,
        path: message.path,
        fid: message.fid,
        name: message.name,
        function: message.function,
      };
      memory.requests.set(key, said);
      memory.requests.set(looseKey, said);
    }
  },
});

function header(
  t: TreeBuilder,
  start: number,
  isResponse: boolean,
  flags2: number,
  request: Request | null,
  memory: Memory | null,
): void {
  t.nest(t.text('SMB Header', start, AT.body));
  t.put('server_component', t.u32le(start), start, 4, 'Server Component: SMB');
  const { number, time } = t.packet;
  if (request !== null) {
    memory?.answers.set(request.frame, number);
    t.generated('response_to', request.frame);
    if (time !== null && request.time !== null) t.generated('time', time - request.time);
  } else if (!isResponse) {
    const answer = memory?.answers.get(number);
    if (answer !== undefined) t.generated('response_in', answer);
  }
  t.add('cmd', start + AT.command);
  if ((flags2 & NT_ERRORS) !== 0) t.put('nt_status', t.u32le(start + AT.status), start + AT.status, 4);
  else {
    t.add('error_class', start + AT.status);
    t.add('reserved', start + AT.status + 1, 1);
    t.put('error_code', t.u16le(start + AT.status + 2), start + AT.status + 2, 2);
  }
  bits(t, 'flags', t.u8(start + AT.flags), start + AT.flags, 1);
  bits(t, 'flags2', flags2, start + AT.flags2, 2);
  t.put('pid.high', t.u16le(start + AT.pidHigh), start + AT.pidHigh, 2);
  t.add('signature', start + AT.signature, 8);
  t.add('reserved', start + AT.signature + 8, 2);
  for (const key of ['tid', 'pid', 'uid', 'mid'] as const) t.put(key, t.u16le(start + AT[key]), start + AT[key], 2);
  t.close();
}

/** A word of flags and the fields below it, by their declared bits. */
function bits(t: TreeBuilder, key: string, value: number, at: number, length: number): void {
  t.nest(t.put(key, value, at, length));
  for (const [name, { spec }] of t.protocol.fields) {
    if (name.startsWith(`${key}.`) && spec.bits !== undefined) t.put(name, (value >>> spec.bits[1]) & 1, at, length);
  }
  t.close();
}

function chain(t: TreeBuilder, m: Message, first: number): void {
  let command = first;
  let at = m.start + AT.body;
  for (let i = 0; i < MAX_CHAIN; i++) {
    if (!t.has(at, 1)) return;
    if (i > 0) t.addInfo(`; ${COMMANDS[command] ?? 'unknown'}`);
    const words = t.u8(at);
    const bytesAt = at + 1 + 2 * words;
    t.nest(
      t.text(
        `${COMMANDS[command] ?? 'unknown'} ${m.isResponse ? 'Response' : 'Request'} (0x${command.toString(16).padStart(2, '0')})`,
        at,
        0,
      ),
    );
    t.put('wct', words, at, 1);
    const count = t.has(bytesAt, 2) ? t.u16le(bytesAt) : 0;
    const body: Body = { words, at: at + 1, bytesAt: bytesAt + 2, bytesEnd: Math.min(t.end, bytesAt + 2 + count) };
    let next = NONE;
    let offset = 0;
    if (ANDX.includes(command) && words >= 2) {
      next = t.u8(at + 1);
      offset = t.u16le(at + 3);
      if (next !== NONE)
        t.put('cmd', next, at + 1, 1, `AndXCommand: ${COMMANDS[next] ?? next} (0x${next.toString(16)})`);
      else t.put('cmd', next, at + 1, 1, 'AndXCommand: No further commands (0xff)');
      t.put('andxoffset', offset, at + 3, 2);
    }
    if (words > 0 || count > 0) one(t, m, command, body);
    if (t.has(bytesAt, 2)) t.put('bcc', count, bytesAt, 2);
    t.close(body.bytesEnd);
    const following = m.start + offset;
    if (next === NONE || following <= at) return;
    command = next;
    at = following;
  }
}

interface Body {
  readonly words: number;
  /** First parameter word. */
  readonly at: number;
  readonly bytesAt: number;
  readonly bytesEnd: number;
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
    case COMMAND.close:
      if (!m.isResponse && body.words >= 3) useFile(t, m, t.u16le(body.at), body.at);
      else if (m.isResponse && m.request !== null && m.request.fid >= 0) t.addInfo(`, FID: ${hex4(m.request.fid)}`);
      return;
    case COMMAND.readX:
    case COMMAND.writeX:
      readWrite(t, m, command, body);
      return;
    case COMMAND.trans:
      transaction(t, m, body);
      return;
    case COMMAND.trans2:
      transaction2(t, m, body);
      return;
    case COMMAND.ntTrans:
      if (!m.isResponse && body.words >= 19) {
        const code = t.u16le(body.at + 36);
        t.put('nt.function', code, body.at + 36, 2);
        t.addInfo(`, ${NT_TRANS[code] ?? `Unknown (${code})`}`);
        m.function = code;
      } else if (m.request !== null && m.request.function >= 0)
        t.addInfo(`, ${NT_TRANS[m.request.function] ?? `Unknown (${m.request.function})`}`);
      return;
    case COMMAND.delete:
    case COMMAND.queryInformation:
    case COMMAND.checkDirectory:
      if (!m.isResponse && body.bytesEnd > body.bytesAt) {
        const name = string(t, m, body.bytesAt + 1, body.bytesEnd);
        t.put('file', name.text, body.bytesAt + 1, name.end - body.bytesAt - 1);
        t.addInfo(`, ${command === COMMAND.checkDirectory ? 'Directory' : 'Path'}: ${name.text}`);
      }
      return;
    default:
  }
}

function hex4(value: number): string {
  return `0x${value.toString(16).padStart(4, '0')}`;
}

/** Text of the message's kind up to its NUL; Unicode is aligned to two bytes from the header. */
function string(
  t: TreeBuilder,
  m: Message,
  at: number,
  end: number,
  isUnicode = m.isUnicode,
): { readonly text: string; readonly end: number } {
  if (!isUnicode) {
    const nul = t.bytes.subarray(at, end).indexOf(0);
    const stop = nul < 0 ? end : at + nul;
    return { text: t.string(at, Math.max(0, stop - at), 'latin1'), end: nul < 0 ? end : stop + 1 };
  }
  const from = at + ((at - m.start) & 1);
  let stop = from;
  while (stop + 1 < end && t.u16(stop) !== 0) stop += 2;
  return { text: t.string(from, Math.max(0, stop - from), 'utf16le'), end: Math.min(end, stop + 2) };
}

function negotiate(t: TreeBuilder, m: Message, body: Body): void {
  if (!m.isResponse) {
    for (let at = body.bytesAt; at < body.bytesEnd; ) {
      const name = string(t, m, at + 1, body.bytesEnd, false);
      t.nest(t.put('dialect', name.text, at, name.end - at));
      t.put('dialect.name', name.text, at + 1, name.end - at - 1);
      t.close();
      at = name.end;
    }
    return;
  }
  if (body.words !== 17) return;
  t.put('max_mpx_count', t.u16le(body.at + 3), body.at + 3, 2);
  t.put('max_bufsize', t.u32le(body.at + 7), body.at + 7, 4);
  t.put('session_key', t.u32le(body.at + 15), body.at + 15, 4);
  const hasExtendedSecurity = (t.u32le(body.at + 19) & 0x80000000) !== 0;
  if (hasExtendedSecurity && body.bytesEnd > body.bytesAt + 16) blob(t, body.bytesAt + 16, body.bytesEnd);
}

/** A security blob: SPNEGO, or NTLMSSP without it. */
function blob(t: TreeBuilder, at: number, end: number): void {
  t.add('security_blob', at, end - at);
  t.nest(t.last());
  t.dissect(t.has(at, 8) && t.string(at, 7, 'ascii') === 'NTLMSSP' ? 'ntlmssp' : 'gss-api', at, end, end);
  t.close();
  t.column('SMB');
}

function sessionSetup(t: TreeBuilder, m: Message, body: Body): void {
  let at = body.bytesAt;
  if (!m.isResponse && body.words >= 10) {
    t.put('max_mpx_count', t.u16le(body.at + 6), body.at + 6, 2);
    t.put('session_key', t.u32le(body.at + 10), body.at + 10, 4);
  }
  const names = m.isResponse ? ['native_os', 'native_lanman', 'primary_domain'] : ['native_os', 'native_lanman'];
  if (m.isResponse ? body.words >= 4 : body.words === 12) {
    const lengthAt = body.at + (m.isResponse ? 6 : 14);
    const length = t.u16le(lengthAt);
    t.put('security_blob_len', length, lengthAt, 2);
    const end = Math.min(body.bytesEnd, at + length);
    if (end > at) blob(t, at, end);
    at = end;
  } else if (!m.isResponse && body.words === 13) {
    at += t.u16le(body.at + 14) + t.u16le(body.at + 16);
    if (at > body.bytesEnd) return;
    const account = string(t, m, at, body.bytesEnd);
    t.put('account', account.text, at, account.end - at);
    const domain = string(t, m, account.end, body.bytesEnd);
    t.put('primary_domain', domain.text, account.end, domain.end - account.end);
    t.addInfo(
      `, User: ${account.text === '' && domain.text === '' ? 'anonymous' : domain.text === '' ? account.text : `${domain.text}\\${account.text}`}`,
    );
    at = domain.end;
  } else if (!m.isResponse && body.words === 10) {
    at += t.u16le(body.at + 14);
    if (at > body.bytesEnd) return;
    const account = string(t, m, at, body.bytesEnd);
    t.put('account', account.text, at, account.end - at);
    const domain = string(t, m, account.end, body.bytesEnd);
    t.put('primary_domain', domain.text, account.end, domain.end - account.end);
    t.addInfo(
      `, User: ${account.text === '' && domain.text === '' ? 'anonymous' : domain.text === '' ? account.text : `${domain.text}\\${account.text}`}`,
    );
    at = domain.end;
  }
  for (const key of names) {
    if (at >= body.bytesEnd) return;
    const name = string(t, m, at, body.bytesEnd);
    t.put(key, name.text, at, name.end - at);
    at = name.end;
  }
}

function treeConnect(t: TreeBuilder, m: Message, body: Body): void {
  if (m.isResponse) {
    if (body.bytesAt >= body.bytesEnd) return;
    const service = string(t, m, body.bytesAt, body.bytesEnd, false);
    t.put('service', service.text, body.bytesAt, service.end - body.bytesAt);
    return;
  }
  if (body.words < 4) return;
  const passwordLength = t.u16le(body.at + 6);
  const at = body.bytesAt + passwordLength;
  if (at > body.bytesEnd) return;
  if (passwordLength > 0) t.add('password', body.bytesAt, passwordLength);
  const path = string(t, m, at, body.bytesEnd);
  t.put('path', path.text, at, path.end - at);
  t.addInfo(`, Path: ${path.text}`);
  m.path = path.text;
  if (path.end < body.bytesEnd) {
    const service = string(t, m, path.end, body.bytesEnd, false);
    t.put('service', service.text, path.end, service.end - path.end);
  }
}

function ntCreate(t: TreeBuilder, m: Message, body: Body): void {
  if (m.isResponse) {
    if (body.words < 34) return;
    const fid = t.u16le(body.at + 5);
    if (m.request !== null && m.memory !== null) m.memory.files.set(fid, m.request.name);
    useFile(t, m, fid, body.at + 5);
    return;
  }
  if (body.words < 24) return;
  t.put('create_flags', t.u32le(body.at + 7), body.at + 7, 4);
  t.put('access_mask', t.u32le(body.at + 15), body.at + 15, 4);
  t.put('file_attribute', t.u32le(body.at + 27), body.at + 27, 4);
  t.put('share_access', t.u32le(body.at + 31), body.at + 31, 4);
  t.put('create.disposition', t.u32le(body.at + 35), body.at + 35, 4);
  t.put('create_options', t.u32le(body.at + 39), body.at + 39, 4);
  const name = string(t, m, body.bytesAt, body.bytesEnd);
  t.put('file', name.text, body.bytesAt, name.end - body.bytesAt);
  t.addInfo(`, Path: ${name.text}`);
  m.name = name.text;
}

function useFile(t: TreeBuilder, m: Message, fid: number, at: number): void {
  const name = m.names.get(fid) ?? m.memory?.files.get(fid) ?? '';
  m.names.set(fid, name);
  t.put('fid', fid, at, 2, `FID: ${hex4(fid)}${name === '' ? '' : ` (${name})`}`);
  t.addInfo(`, FID: ${hex4(fid)}`);
  m.fid = fid;
}

function readWrite(t: TreeBuilder, m: Message, command: number, body: Body): void {
  const isRead = command === COMMAND.readX;
  if (m.isResponse) {
    const fid = m.request?.fid ?? -1;
    if (fid >= 0) t.addInfo(`, FID: ${hex4(fid)}`);
    if (body.words < (isRead ? 12 : 6)) return;
    const countAt = body.at + (isRead ? 10 : 4);
    const count = t.u16le(countAt);
    t.put('count_low', count, countAt, 2);
    t.addInfo(`, ${count} byte${count === 1 ? '' : 's'}`);
    if (isRead && count > 0) contents(t, m, fid, m.start + t.u16le(body.at + 12), count);
    return;
  }
  if (body.words < (isRead ? 10 : 12)) return;
  useFile(t, m, t.u16le(body.at + 4), body.at + 4);
  const low = t.u32le(body.at + 6);
  const high = body.words >= (isRead ? 12 : 14) ? t.u32le(body.at + (isRead ? 20 : 24)) : 0;
  t.put('offset', low, body.at + 6, 4);
  const countAt = body.at + (isRead ? 10 : 20);
  const count = t.u16le(countAt);
  t.put('count_low', count, countAt, 2);
  t.addInfo(`, ${count} byte${count === 1 ? '' : 's'} at offset ${BigInt(high) * 0x100000000n + BigInt(low)}`);
  if (!isRead && count > 0) contents(t, m, m.fid, m.start + t.u16le(body.at + 22), count);
}

/** What is read from or written to a file: remote procedure calls where it is a pipe. */
function contents(t: TreeBuilder, m: Message, fid: number, at: number, count: number): void {
  const end = Math.min(t.end, at + count);
  if (at < m.start + AT.body || end <= at) return;
  if (t.has(at, 16) && t.u8(at) === 5 && t.u8(at + 1) === 0 && t.u8(at + 2) < 20) {
    t.hint = `pipe:${fid}`;
    t.dissect('dcerpc', at, end, end);
  } else t.payload(at, end, end);
}

/** The common words of transactions: where parameters and data are. */
interface Transaction {
  readonly parameterAt: number;
  readonly parameterCount: number;
  readonly dataAt: number;
  readonly dataCount: number;
  readonly setupAt: number;
  readonly setupCount: number;
}

function transactionWords(t: TreeBuilder, m: Message, body: Body): Transaction | null {
  const { at } = body;
  const word = (key: string, offset: number): number => {
    const value = t.u16le(at + offset);
    t.put(key, value, at + offset, 2);
    return value;
  };
  if (m.isResponse) {
    if (body.words < 10) return null;
    word('tpc', 0);
    word('tdc', 2);
    const parameterCount = word('pc', 6);
    const parameterAt = m.start + word('po', 8);
    word('pd', 10);
    const dataCount = word('dc', 12);
    const dataAt = m.start + word('data_offset', 14);
    word('data_disp', 16);
    t.add('sc', at + 18);
    return { parameterAt, parameterCount, dataAt, dataCount, setupAt: at + 20, setupCount: t.u8(at + 18) };
  }
  if (body.words < 14) return null;
  word('tpc', 0);
  word('tdc', 2);
  word('mpc', 4);
  word('mdc', 6);
  t.add('msc', at + 8);
  word('transaction.flags', 10);
  t.put('timeout', t.u32le(at + 12), at + 12, 4);
  const parameterCount = word('pc', 18);
  const parameterAt = m.start + word('po', 20);
  const dataCount = word('dc', 22);
  const dataAt = m.start + word('data_offset', 24);
  t.add('sc', at + 26);
  return { parameterAt, parameterCount, dataAt, dataCount, setupAt: at + 28, setupCount: t.u8(at + 26) };
}

function transaction(t: TreeBuilder, m: Message, body: Body): void {
  const words = transactionWords(t, m, body);
  if (words === null) return;
  let name = m.request?.name ?? '';
  if (!m.isResponse) {
    const read = string(t, m, body.bytesAt, body.bytesEnd);
    name = read.text;
    t.put('trans_name', name, body.bytesAt, read.end - body.bytesAt);
    m.name = name;
  }
  const dataEnd = Math.min(t.end, words.dataAt + words.dataCount);
  const upper = name.toUpperCase();
  if (upper.startsWith('\\MAILSLOT\\')) mailslot(t, upper, name, words, dataEnd);
  else if (upper === '\\PIPE\\LANMAN') lanman(t, m, words);
  else if (upper.startsWith('\\PIPE')) {
    const isTransact = m.isResponse || (words.setupCount >= 2 && t.u16le(words.setupAt) === PIPE_TRANSACT);
    if (!m.isResponse && words.setupCount >= 2) {
      t.put('pipe', new Uint8Array(0), words.setupAt, 4).text = 'SMB Pipe Protocol';
      t.put('smb_pipe.function', t.u16le(words.setupAt), words.setupAt, 2);
      m.fid = t.u16le(words.setupAt + 2);
      t.put('fid', m.fid, words.setupAt + 2, 2, `FID: ${hex4(m.fid)}`);
    }
    if (isTransact && words.dataCount > 0 && dataEnd > words.dataAt)
      contents(t, m, m.isResponse ? (m.request?.fid ?? -1) : m.fid, words.dataAt, words.dataCount);
  }
}

function mailslot(t: TreeBuilder, upper: string, name: string, words: Transaction, dataEnd: number): void {
  t.put('mailslot', new Uint8Array(0), words.setupAt, 2 * words.setupCount).text = 'SMB MailSlot Protocol';
  if (words.setupCount >= 3) {
    t.nest(t.last());
    (['opcode', 'priority', 'class'] as const).forEach((key, i) => {
      t.put(`mailslot.${key}`, t.u16le(words.setupAt + 2 * i), words.setupAt + 2 * i, 2);
    });
    t.put('mailslot.size', t.u16le(words.setupAt + 6), words.setupAt + 6, 2);
    t.put('mailslot.name', name, words.setupAt + 8, 0);
    t.close();
  }
  t.column('SMB Mailslot');
  t.info(words.setupCount > 0 && t.u16le(words.setupAt) !== 1 ? 'Unknown' : 'Write Mail Slot');
  if (dataEnd <= words.dataAt) return;
  if (upper === '\\MAILSLOT\\BROWSE' || upper === '\\MAILSLOT\\LANMAN')
    t.dissect('browser', words.dataAt, dataEnd, dataEnd);
  else if (upper.startsWith('\\MAILSLOT\\NET\\')) t.dissect('smb_netlogon', words.dataAt, dataEnd, dataEnd);
  else {
    t.payload(words.dataAt, dataEnd, dataEnd);
    t.column('SMB Mailslot');
  }
}

const LANMAN: Readonly<Record<number, string>> = {
  0: 'NetShareEnum',
  1: 'NetShareGetInfo',
  2: 'NetShareSetInfo',
  3: 'NetShareAdd',
  4: 'NetShareDel',
  5: 'NetShareCheck',
  6: 'NetSessionEnum',
  7: 'NetSessionGetInfo',
  8: 'NetSessionDel',
  9: 'NetConnectionEnum',
  10: 'NetFileEnum',
  11: 'NetFileGetInfo',
  12: 'NetFileClose',
  13: 'NetServerGetInfo',
  14: 'NetServerSetInfo',
  15: 'NetServerDiskEnum',
  16: 'NetServerAdminCommand',
  17: 'NetAuditOpen',
  18: 'NetAuditClear',
  19: 'NetErrorLogOpen',
  20: 'NetErrorLogClear',
  21: 'NetCharDevEnum',
  22: 'NetCharDevGetInfo',
  23: 'NetCharDevControl',
  24: 'NetCharDevQEnum',
  25: 'NetCharDevQGetInfo',
  26: 'NetCharDevQSetInfo',
  27: 'NetCharDevQPurge',
  28: 'NetCharDevQPurgeSelf',
  29: 'NetMessageNameEnum',
  30: 'NetMessageNameGetInfo',
  31: 'NetMessageNameAdd',
  32: 'NetMessageNameDel',
  33: 'NetMessageNameFwd',
  34: 'NetMessageNameUnFwd',
  35: 'NetMessageBufferSend',
  36: 'NetMessageFileSend',
  37: 'NetMessageLogFileSet',
  38: 'NetMessageLogFileGet',
  39: 'NetServiceEnum',
  40: 'NetServiceInstall',
  41: 'NetServiceControl',
  42: 'NetAccessEnum',
  43: 'NetAccessGetInfo',
  44: 'NetAccessSetInfo',
  45: 'NetAccessAdd',
  46: 'NetAccessDel',
  47: 'NetGroupEnum',
  48: 'NetGroupAdd',
  49: 'NetGroupDel',
  50: 'NetGroupAddUser',
  51: 'NetGroupDelUser',
  52: 'NetGroupGetUsers',
  53: 'NetUserEnum',
  54: 'NetUserAdd',
  55: 'NetUserDel',
  56: 'NetUserGetInfo',
  57: 'NetUserSetInfo',
  58: 'NetUserPasswordSet',
  59: 'NetUserGetGroups',
  62: 'NetWkstaSetUID',
  63: 'NetWkstaGetInfo',
  64: 'NetWkstaSetInfo',
  65: 'NetUseEnum',
  66: 'NetUseAdd',
  67: 'NetUseDel',
  68: 'NetUseGetInfo',
  69: 'WPrintQEnum',
  70: 'WPrintQGetInfo',
  71: 'WPrintQSetInfo',
  72: 'WPrintQAdd',
  73: 'WPrintQDel',
  74: 'WPrintQPause',
  75: 'WPrintQContinue',
  76: 'WPrintJobEnum',
  77: 'WPrintJobGetInfo',
  78: 'WPrintJobSetInfo_OLD',
  81: 'WPrintJobDel',
  82: 'WPrintJobPause',
  83: 'WPrintJobContinue',
  84: 'WPrintDestEnum',
  85: 'WPrintDestGetInfo',
  86: 'WPrintDestControl',
  87: 'NetProfileSave',
  88: 'NetProfileLoad',
  89: 'NetStatisticsGet',
  90: 'NetStatisticsClear',
  91: 'NetRemoteTOD',
  92: 'WNetBiosEnum',
  93: 'WNetBiosGetInfo',
  94: 'NetServerEnum',
  95: 'I_NetServerEnum',
  96: 'NetServiceGetInfo',
  103: 'WPrintQPurge',
  104: 'NetServerEnum2',
  105: 'NetAccessGetUserPerms',
  106: 'NetGroupGetInfo',
  107: 'NetGroupSetInfo',
  108: 'NetGroupSetUsers',
  109: 'NetUserSetGroups',
  110: 'NetUserModalsGet',
  111: 'NetUserModalsSet',
  112: 'NetFileEnum2',
  113: 'NetUserAdd2',
  114: 'NetUserSetInfo2',
  115: 'SetUserPassword',
  116: 'I_NetServerEnum2',
  117: 'NetConfigGet2',
  118: 'NetConfigGetAll2',
  119: 'NetGetDCName',
  120: 'NetHandleGetInfo',
  121: 'NetHandleSetInfo',
  122: 'NetStatisticsGet2',
  123: 'WBuildGetInfo',
  124: 'NetFileGetInfo2',
  125: 'NetFileClose2',
  126: 'NetServerReqChallenge',
  127: 'NetServerAuthenticate',
  128: 'NetServerPasswordSet',
  129: 'WNetAccountDeltas',
  130: 'WNetAccountSync',
  131: 'NetUserEnum2',
  132: 'NetWkstaUserLogon',
  133: 'NetWkstaUserLogoff',
  134: 'NetLogonEnum',
  135: 'NetErrorLogRead',
  136: 'I_NetPathType',
  137: 'I_NetPathCanonicalize',
  138: 'I_NetPathCompare',
  139: 'I_NetNameValidate',
  140: 'I_NetNameCanonicalize',
  141: 'I_NetNameCompare',
  142: 'NetAuditRead',
  143: 'WPrintDestAdd',
  144: 'WPrintDestSetInfo',
  145: 'WPrintDestDel',
  146: 'NetUserValidate2',
  147: 'WPrintJobSetInfo',
  148: 'TI_NetServerDiskEnum',
  149: 'TI_NetServerDiskGetInfo',
  150: 'TI_FTVerifyMirror',
  151: 'TI_FTAbortVerify',
  152: 'TI_FTGetInfo',
  153: 'TI_FTSetInfo',
  154: 'TI_FTLockDisk',
  155: 'TI_FTFixError',
  156: 'TI_FTAbortFix',
  157: 'TI_FTDiagnoseError',
  158: 'TI_FTGetDriveStats',
  160: 'TI_FTErrorGetInfo',
  163: 'NetAccessCheck',
  164: 'NetAlertRaise',
  165: 'NetAlertStart',
  166: 'NetAlertStop',
  167: 'NetAuditWrite',
  168: 'NetIRemoteAPI',
  169: 'NetServiceStatus',
  170: 'I_NetServerRegister',
  171: 'I_NetServerDeregister',
  172: 'I_NetSessionEntryMake',
  173: 'I_NetSessionEntryClear',
  174: 'I_NetSessionEntryGetInfo',
  175: 'I_NetSessionEntrySetInfo',
  176: 'I_NetConnectionEntryMake',
  177: 'I_NetConnectionEntryClear',
  178: 'I_NetConnectionEntrySetInfo',
  179: 'I_NetConnectionEntryGetInfo',
  180: 'I_NetFileEntryMake',
  181: 'I_NetFileEntryClear',
  182: 'I_NetFileEntrySetInfo',
  183: 'I_NetFileEntryGetInfo',
  184: 'AltSrvMessageBufferSend',
  185: 'AltSrvMessageFileSend',
  186: 'wI_NetRplWkstaEnum',
  187: 'wI_NetRplWkstaGetInfo',
  188: 'wI_NetRplWkstaSetInfo',
  189: 'wI_NetRplWkstaAdd',
  190: 'wI_NetRplWkstaDel',
  191: 'wI_NetRplProfileEnum',
  192: 'wI_NetRplProfileGetInfo',
  193: 'wI_NetRplProfileSetInfo',
  194: 'wI_NetRplProfileAdd',
  195: 'wI_NetRplProfileDel',
  196: 'wI_NetRplProfileClone',
  197: 'wI_NetRplBaseProfileEnum',
  201: 'WIServerSetInfo',
  205: 'WPrintDriverEnum',
  206: 'WPrintQProcessorEnum',
  207: 'WPrintPortEnum',
  208: 'WNetWriteUpdateLog',
  209: 'WNetAccountUpdate',
  210: 'WNetAccountConfirmUpdate',
  211: 'NetConfigSet',
  212: 'WAccountsReplicate',
  214: 'SamOEMChangePassword',
  215: 'NetServerEnum3',
  250: 'WPrintDriverGetInfo',
  251: 'WPrintDriverSetInfo',
  252: 'NetAliasAdd',
  253: 'NetAliasDel',
  254: 'NetAliasGetInfo',
  255: 'NetAliasSetInfo',
  256: 'NetAliasEnum',
  257: 'NetUserGetLogonAsn',
  258: 'NetUserSetLogonAsn',
  259: 'NetUserGetAppSel',
  260: 'NetUserSetAppSel',
  261: 'NetAppAdd',
  262: 'NetAppDel',
  263: 'NetAppGetInfo',
  264: 'NetAppSetInfo',
  265: 'NetAppEnum',
  266: 'NetUserDCDBInit',
  267: 'NetDASDAdd',
  268: 'NetDASDDel',
  269: 'NetDASDGetInfo',
  270: 'NetDASDSetInfo',
  271: 'NetDASDEnum',
  272: 'NetDASDCheck',
  273: 'NetDASDCtl',
  274: 'NetUserRemoteLogonCheck',
  275: 'NetUserPasswordSet3',
  276: 'NetCreateRIPLMachine',
  277: 'NetDeleteRIPLMachine',
  278: 'NetGetRIPLMachineInfo',
  279: 'NetSetRIPLMachineInfo',
  280: 'NetEnumRIPLMachine',
  281: 'I_ShareAdd',
  282: 'I_AliasEnum',
  283: 'NetAccessApply',
  284: 'WPrt16Query',
  285: 'WPrt16Set',
  286: 'NetUserDel100',
  287: 'NetUserRemoteLogonCheck2',
  294: 'WRemoteTODSet',
  295: 'WPrintJobMoveAll',
  296: 'W16AppParmAdd',
  297: 'W16AppParmDel',
  298: 'W16AppParmGet',
  299: 'W16AppParmSet',
  300: 'W16RIPLMachineCreate',
  301: 'W16RIPLMachineGetInfo',
  302: 'W16RIPLMachineSetInfo',
  303: 'W16RIPLMachineEnum',
  304: 'W16RIPLMachineListParmEnum',
  305: 'W16RIPLMachClassGetInfo',
  306: 'W16RIPLMachClassEnum',
  307: 'W16RIPLMachClassCreate',
  308: 'W16RIPLMachClassSetInfo',
  309: 'W16RIPLMachClassDelete',
  310: 'W16RIPLMachClassLPEnum',
  311: 'W16RIPLMachineDelete',
  312: 'W16WSLevelGetInfo',
  313: 'NetServerNameAdd',
  314: 'NetServerNameDel',
  315: 'NetServerNameEnum',
  316: 'I_WDASDEnum',
  317: 'I_WDASDEnumTerminate',
  318: 'I_WDASDSetInfo2',
};

/** The remote API of LAN Manager: named by function. */
function lanman(t: TreeBuilder, m: Message, words: Transaction): void {
  t.put('lanman', new Uint8Array(0), words.parameterAt, 0);
  t.column('LANMAN');
  const code = m.isResponse ? (m.request?.function ?? -1) : words.parameterCount >= 2 ? t.u16le(words.parameterAt) : -1;
  if (!m.isResponse && code >= 0) {
    t.put('lanman.function_code', code, words.parameterAt, 2, `Function Code: ${LANMAN[code] ?? code} (${code})`);
    m.function = code;
  }
  if (code >= 0) t.info(`${LANMAN[code] ?? `Unknown Command (${code})`} ${m.isResponse ? 'Response' : 'Request'}`);
}

const SUBCOMMAND = {
  findFirst: 1,
  findNext: 2,
  queryFs: 3,
  queryPath: 5,
  setPath: 6,
  queryFile: 7,
  setFile: 8,
  getDfs: 16,
} as const;

function transaction2(t: TreeBuilder, m: Message, body: Body): void {
  const words = transactionWords(t, m, body);
  if (words === null) return;
  if (m.isResponse) {
    if (m.request !== null && m.request.function >= 0) t.addInfo(`, ${TRANS2[m.request.function] ?? 'unknown'}`);
    return;
  }
  if (words.setupCount < 1) return;
  const code = t.u16le(words.setupAt);
  m.function = code;
  t.put('trans2.cmd', code, words.setupAt, 2);
  t.addInfo(`, ${TRANS2[code] ?? 'unknown'}`);
  const end = Math.min(t.end, words.parameterAt + words.parameterCount);
  if (words.parameterAt < m.start + AT.body) return;
  if (code === SUBCOMMAND.findFirst && words.parameterCount > 12) {
    const pattern = string(t, m, words.parameterAt + 12, end);
    t.put('search_pattern', pattern.text, words.parameterAt + 12, pattern.end - words.parameterAt - 12);
    t.addInfo(`, Pattern: ${pattern.text}`);
  } else if ((code === SUBCOMMAND.queryPath || code === SUBCOMMAND.setPath) && words.parameterCount > 6) {
    const name = string(t, m, words.parameterAt + 6, end);
    t.put('file', name.text, words.parameterAt + 6, name.end - words.parameterAt - 6);
    t.addInfo(`, Path: ${name.text}`);
  } else if ((code === SUBCOMMAND.queryFile || code === SUBCOMMAND.setFile) && words.parameterCount >= 2)
    useFile(t, m, t.u16le(words.parameterAt), words.parameterAt);
  else if (code === SUBCOMMAND.getDfs && words.parameterCount > 2) {
    const name = string(t, m, words.parameterAt + 2, end);
    t.addInfo(`, File: ${name.text}`);
  }
}
