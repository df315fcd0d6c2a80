/** The LAN Manager remote API ([MS-RAP] 2.5): functions by number; who asks for servers and shares, and what is answered. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { browserTypeFields, serverType } from './browser.ts';
import { LANMAN } from './lanman-names.ts';
import type { Message } from './message.ts';
import type { Transaction } from './transactions.ts';

export const LANMAN_PIPE = '\\PIPE\\LANMAN';

const FUNCTION = {
  shareEnum: 0,
  shareInfo: 1,
  serverInfo: 13,
  serverEnum: 104,
  serverEnum3: 215,
  workstationInfo: 63,
} as const;
const SERVER_NAME = 16;
const SHARE_NAME = 13;
const SERVER = { short: 16, long: 26 } as const;
const SHARE = { short: 13, long: 20 } as const;
const STATUSES: Readonly<Record<number, string>> = {
  0: 'Success',
  5: 'User has insufficient privilege',
  65: 'Network access is denied',
  234: 'Additional data is available',
  2123: 'The return buffer is too small',
  2141: 'Server not configured for transactions',
};
const SHARE_TYPES: Readonly<Record<number, string>> = { 0: 'Directory', 1: 'Printer', 2: 'Device', 3: 'IPC' };

interface Asked {
  readonly m: Message;
  readonly words: Transaction;
}

const asked = new WeakMap<TreeBuilder, Asked>();

/** A row of its own, which frame.protocols does not list. */
export function showLanman(t: TreeBuilder, m: Message, words: Transaction): void {
  asked.set(t, { m, words });
  t.dissectUnlisted('lanman', words.parameterAt, t.end, t.wireEnd);
}

export const lanman = defineProtocol({
  name: 'lanman',
  title: 'Microsoft Windows Lanman Remote API Protocol',
  short: 'LANMAN',
  unlisted: true,
  fields: {
    function_code: { type: 'u16', label: 'Function Code', names: LANMAN },
    param_desc: { type: 'string', label: 'Parameter Descriptor' },
    ret_desc: { type: 'string', label: 'Return Descriptor' },
    level: { type: 'u16', label: 'Detail Level' },
    recv_buf_len: { type: 'u16', label: 'Receive Buffer Length' },
    enumeration_domain: { type: 'string', label: 'Enumeration Domain' },
    last_entry: { type: 'string', label: 'Last Entry' },
    'share.name': { type: 'string', label: 'Share Name', many: true },
    'share.type': { type: 'u16', label: 'Share Type', names: SHARE_TYPES, many: true },
    'share.comment': { type: 'string', label: 'Share Comment', many: true },
    share: { type: 'none', label: 'Share', many: true },
    status: { type: 'u16', label: 'Status', names: STATUSES },
    convert: { type: 'u16', label: 'Convert', doc: 'What to take from pointers, to get offsets in the data.' },
    entry_count: { type: 'u16', label: 'Entry Count' },
    available_count: { type: 'u16', label: 'Available Entries' },
    available_bytes: { type: 'u16', label: 'Available Bytes' },
    server: { type: 'none', label: 'Server', many: true },
    'server.name': { type: 'string', label: 'Server Name', many: true },
    'server.major': { type: 'u8', label: 'Major Version', many: true },
    'server.minor': { type: 'u8', label: 'Minor Version', many: true },
    'server.comment': { type: 'string', label: 'Server Comment', many: true },
    'smb.trans_data.parameters': {
      type: 'bytes',
      label: 'Parameters',
      many: true,
      abbrev: 'smb.trans_data.parameters',
    },
    'smb.trans_data': { type: 'bytes', label: 'Data', many: true, abbrev: 'smb.trans_data' },
    ...browserTypeFields,
  },
  tree(t) {
    const found = asked.get(t);
    if (found === undefined) return;
    const { m, words } = found;
    const { parameterAt: at, parameterEnd: end } = words;
    t.headerEnd(end);
    const code = m.isResponse ? (m.request?.function ?? -1) : end - at >= 2 ? t.u16le(at) : -1;
    t.info(`${LANMAN[code] ?? `Unknown Command (${code})`} ${m.isResponse ? 'Response' : 'Request'}`);
    if (m.isResponse) {
      if (code >= 0) t.generated('function_code', code);
      if (end - at >= 4) answer(t, m, code, words);
      return;
    }
    if (code < 0) return;
    t.put('function_code', code, at, 2);
    m.function = code;
    request(t, m, code, at + 2, end);
  },
});

/** A text up to its NUL. Returns the offset after it. */
function text(t: TreeBuilder, key: string, at: number, end: number): number {
  const nul = t.bytes.subarray(at, end).indexOf(0);
  const to = nul < 0 ? end : at + nul + 1;
  t.put(key, t.string(at, to - at, 'latin1', true), at, to - at);
  return to;
}

function word(t: TreeBuilder, key: string, at: number): number {
  t.put(key, t.u16le(at), at, 2);
  return at + 2;
}

/** Two descriptors, then what the first says; only the functions of browsing have parameters with names. */
function request(t: TreeBuilder, m: Message, code: number, from: number, end: number): void {
  if (from >= end) return;
  let at = text(t, 'param_desc', from, end);
  if (at >= end) return;
  at = text(t, 'ret_desc', at, end);
  if (at + 2 > end) return;
  if (code === FUNCTION.shareInfo) at = text(t, 'share.name', at, end);
  if (at + 4 > end || !isKnown(code)) {
    if (end > at) t.add('smb.trans_data.parameters', at, end - at);
    return;
  }
  m.level = t.u16le(at);
  at = word(t, 'level', at);
  at = word(t, 'recv_buf_len', at);
  if ((code === FUNCTION.serverEnum || code === FUNCTION.serverEnum3) && at + 4 <= end) {
    serverType(t, at);
    at += 4;
    if (at < end) at = text(t, 'enumeration_domain', at, end);
    else t.put('enumeration_domain', '', at, 0, 'Enumeration Domain: the own');
    if (code === FUNCTION.serverEnum3 && at < end) text(t, 'last_entry', at, end);
  }
}

function isKnown(code: number): boolean {
  return (Object.values(FUNCTION) as number[]).includes(code);
}

function answer(t: TreeBuilder, m: Message, code: number, words: Transaction): void {
  const { parameterEnd, dataAt, dataEnd } = words;
  let at = word(t, 'status', words.parameterAt);
  const convert = t.u16le(at);
  at = word(t, 'convert', at);
  const isList = code === FUNCTION.serverEnum || code === FUNCTION.serverEnum3 || code === FUNCTION.shareEnum;
  if (!isList || at + 4 > parameterEnd) {
    if (at + 2 <= parameterEnd && isKnown(code)) word(t, 'available_bytes', at);
    if (code === FUNCTION.serverInfo) server(t, m.request?.level ?? 0, dataAt, dataEnd, dataAt, convert);
    else if (dataEnd > dataAt) t.add('smb.trans_data', dataAt, dataEnd - dataAt);
    return;
  }
  const count = t.u16le(at);
  at = word(t, 'entry_count', at);
  word(t, 'available_count', at);
  const level = m.request?.level ?? 0;
  const isShare = code === FUNCTION.shareEnum;
  const [short, long] = isShare ? [SHARE.short, SHARE.long] : [SERVER.short, SERVER.long];
  const size = level === 0 ? short : long;
  for (let i = 0, next = dataAt; i < count && next + size <= dataEnd; i++, next += size) {
    if (isShare) share(t, level, next, dataEnd, dataAt, convert);
    else server(t, level, next, dataEnd, dataAt, convert);
  }
}

/** A text that a pointer of four bytes names: an offset in the data once `convert` is taken away. */
function pointed(t: TreeBuilder, key: string, at: number, dataAt: number, end: number, convert: number): void {
  const offset = (t.u32le(at) & 0xffff) - convert;
  if (offset <= 0 || dataAt + offset >= end) return;
  text(t, key, dataAt + offset, end);
}

function server(t: TreeBuilder, level: number, at: number, end: number, dataAt: number, convert: number): void {
  if (at + SERVER.short > end) return;
  const name = t.string(at, SERVER_NAME, 'latin1', true);
  const size = level > 0 && at + SERVER.long <= end ? SERVER.long : SERVER.short;
  t.nest(t.put('server', new Uint8Array(0), at, size, `Server: ${name}`));
  t.put('server.name', name, at, SERVER_NAME);
  if (size === SERVER.long) {
    t.add('server.major', at + 16);
    t.add('server.minor', at + 17);
    serverType(t, at + 18, false);
    pointed(t, 'server.comment', at + 22, dataAt, end, convert);
  }
  t.close();
}

function share(t: TreeBuilder, level: number, at: number, end: number, dataAt: number, convert: number): void {
  const name = t.string(at, SHARE_NAME, 'latin1', true);
  t.nest(t.put('share', new Uint8Array(0), at, level > 0 ? SHARE.long : SHARE.short, `Share: ${name}`));
  t.put('share.name', name, at, SHARE_NAME);
  if (level > 0) {
    t.put('share.type', t.u16le(at + 14), at + 14, 2);
    pointed(t, 'share.comment', at + 16, dataAt, end, convert);
  }
  t.close();
}
