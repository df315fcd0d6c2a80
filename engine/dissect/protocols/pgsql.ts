/** PostgreSQL's frontend/backend protocol 3.0 (PostgreSQL documentation, chapter "Message Formats"). */

import { u32 } from '../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import { isFromServer } from '../text-lines.ts';
import type { TreeBuilder } from '../tree.ts';

const PORT = 5432;
const CODE = { cancel: 80877102, ssl: 80877103, gss: 80877104, version3: 196608 } as const;
const MAX_MESSAGE = 1 << 30;
const MAX_STARTUP = 10_000;
const FRONTEND: Readonly<Record<string, string>> = {
  B: 'Bind',
  C: 'Close',
  D: 'Describe',
  E: 'Execute',
  F: 'Function call',
  H: 'Flush',
  P: 'Parse',
  Q: 'Simple query',
  S: 'Sync',
  X: 'Termination',
  d: 'Copy data',
  c: 'Copy completion',
  f: 'Copy failure',
  p: 'Password message',
};
const BACKEND: Readonly<Record<string, string>> = {
  1: 'Parse completion',
  2: 'Bind completion',
  3: 'Close completion',
  A: 'Notification',
  C: 'Command completion',
  D: 'Data row',
  E: 'Error',
  G: 'Copy in response',
  H: 'Copy out response',
  I: 'Empty query',
  K: 'Backend key data',
  N: 'Notice',
  R: 'Authentication request',
  S: 'Parameter status',
  T: 'Row description',
  V: 'Function call response',
  W: 'Copy both response',
  Z: 'Ready for query',
  c: 'Copy completion',
  d: 'Copy data',
  n: 'No data',
  s: 'Portal suspended',
  t: 'Parameter description',
  v: 'Negotiate protocol version',
};
const AUTHENTICATION: Readonly<Record<number, string>> = {
  0: 'Success',
  1: 'Kerberos V4',
  2: 'Kerberos V5',
  3: 'Plaintext password',
  4: 'crypt()ed password',
  5: 'MD5 password',
  6: 'SCM credentials',
  7: 'GSSAPI',
  8: 'GSSAPI/SSPI continue',
  9: 'SSPI',
  10: 'SASL',
  11: 'SASL continue',
  12: 'SASL complete',
};
const STATUS: Readonly<Record<number, string>> = {
  0x49: 'Idle',
  0x54: 'In a transaction',
  0x45: 'In a failed transaction',
};
const ERROR_KEYS: Readonly<Record<string, string>> = {
  S: 'severity',
  V: 'severity',
  C: 'code',
  M: 'message',
  D: 'detail',
  H: 'hint',
  P: 'position',
  p: 'internal_position',
  q: 'internal_query',
  W: 'where',
  s: 'schema_name',
  t: 'table_name',
  c: 'column_name',
  d: 'type_name',
  n: 'constraint_name',
  F: 'file',
  L: 'line',
  R: 'routine',
};
const MAX_COLUMNS = 2000;

/** A startup message has no type: its first byte is the top of its length. */
function frame(f: Framing): number {
  const { bytes, at, end } = f;
  if (bytes[at] === 0) {
    if (end - at < 4) return MORE;
    const length = u32(bytes, at);
    return length < 8 || length > MAX_STARTUP ? NOT_MINE : length;
  }
  if (f.direction === 1 && end - at === 1 && (bytes[at] === 0x53 || bytes[at] === 0x4e)) return 1; // answer to a request for TLS
  if (end - at < 5) return MORE;
  const length = u32(bytes, at + 1);
  return length < 4 || length > MAX_MESSAGE ? NOT_MINE : 1 + length;
}

const lastBytes = new WeakMap<TreeBuilder, Uint8Array>();

export const pgsql = defineProtocol({
  name: 'pgsql',
  title: 'PostgreSQL',
  on: { 'tcp.port': [PORT] },
  startsTls: true,
  fields: {
    frontend: { type: 'bool', label: 'Frontend', flag: ['True', 'False'], many: true },
    type: { type: 'string', label: 'Type', many: true },
    length: { type: 'u32', label: 'Length', many: true },
    version_major: { type: 'u16', label: 'Protocol major version', many: true },
    version_minor: { type: 'u16', label: 'Protocol minor version', many: true },
    parameter_name: { type: 'string', label: 'Parameter name', many: true },
    parameter_value: { type: 'string', label: 'Parameter value', many: true },
    authtype: { type: 'i32', label: 'Authentication type', names: AUTHENTICATION, many: true },
    salt: { type: 'bytes', label: 'Salt value', length: 4, many: true },
    password: { type: 'string', label: 'Password', many: true },
    pid: { type: 'u32', label: 'PID', many: true },
    key: { type: 'u32', label: 'Key', many: true },
    status: { type: 'u8', label: 'Status', names: STATUS, many: true },
    query: { type: 'string', label: 'Query', many: true },
    statement: { type: 'string', label: 'Statement', many: true },
    portal: { type: 'string', label: 'Portal', many: true },
    returns: { type: 'u32', label: 'Returns', many: true },
    tag: { type: 'string', label: 'Tag', many: true },
    'field.count': { type: 'u16', label: 'Field count', many: true },
    'col.name': { type: 'string', label: 'Column name', many: true },
    'oid.table': { type: 'u32', label: 'Table OID', many: true },
    'col.index': { type: 'u32', label: 'Column index', of: 'u16', many: true },
    'oid.type': { type: 'u32', label: 'Type OID', many: true },
    'val.length': { type: 'i32', label: 'Column length', many: true },
    'col.typemod': { type: 'i32', label: 'Type modifier', many: true },
    format: { type: 'u16', label: 'Format', names: { 0: 'Text', 1: 'Binary' }, many: true },
    'val.data': { type: 'bytes', label: 'Data', many: true },
    copydata: { type: 'bytes', label: 'Copy data', many: true },
    ...Object.fromEntries(
      [...new Set(Object.values(ERROR_KEYS))].map((key) => [key, { type: 'string', label: key, many: true } as const]),
    ),
  },
  recogniseOn: ['tcp'],
  recognise(bytes, at, end) {
    if (end - at < 8 || u32(bytes, at) !== end - at) return false;
    const code = u32(bytes, at + 4);
    return code === CODE.version3
      ? end - at > 12 && bytes[end - 1] === 0
      : (code === CODE.ssl || code === CODE.gss) && end - at === 8;
  },
  frame,
  tree(t) {
    const isFrontend = !isFromServer(t, [PORT]);
    const isSecond = lastBytes.get(t) === t.bytes;
    lastBytes.set(t, t.bytes);
    const code = t.u8(t.at);
    const letter = code === 0 ? '' : String.fromCharCode(code);
    t.info(`${isSecond ? '/' : isFrontend ? '>' : '<'}${letter}`);
    if (t.end - t.at === 1) {
      t.put('type', code === 0x53 ? 'SSL response: yes' : 'SSL response: no', t.at, 1);
      t.hide('frontend', 0, t.at, 0);
      return;
    }
    if (code === 0) {
      startup(t);
      return;
    }
    t.put('type', (isFrontend ? FRONTEND : BACKEND)[letter] ?? 'Unknown', t.at, 1);
    t.add('length', t.at + 1);
    t.hide('frontend', isFrontend ? 1 : 0, t.at, 0);
    t.limit(t.at + 1 + t.u32(t.at + 1));
    if (isFrontend) frontend(t, letter, t.at + 5);
    else backend(t, letter, t.at + 5);
  },
});

/** Adds text up to and with its NUL; returns one past it. */
function text(t: TreeBuilder, key: string, at: number): number {
  t.need(at, 1);
  const nul = t.bytes.subarray(at, t.end).indexOf(0);
  if (nul < 0) t.fail();
  t.put(key, t.string(at, nul), at, nul + 1);
  return at + nul + 1;
}

function startup(t: TreeBuilder): void {
  const { at } = t;
  const code = t.u32(at + 4);
  const names: Readonly<Record<number, string>> = {
    [CODE.cancel]: 'Cancel request',
    [CODE.ssl]: 'SSL request',
    [CODE.gss]: 'GSS encrypt request',
  };
  t.put('type', names[code] ?? 'Startup message', at, 0);
  t.add('length', at);
  t.hide('frontend', 1, at, 0);
  if (code === CODE.cancel) {
    t.add('pid', at + 8);
    t.add('key', at + 12);
  } else if (names[code] === undefined) {
    t.add('version_major', at + 4);
    t.add('version_minor', at + 6);
    let next = at + 8;
    while (next < t.end && t.u8(next) !== 0) next = text(t, 'parameter_value', text(t, 'parameter_name', next));
  }
}

function frontend(t: TreeBuilder, letter: string, at: number): void {
  switch (letter) {
    case 'p':
      text(t, 'password', at);
      break;
    case 'Q':
      text(t, 'query', at);
      break;
    case 'P': {
      const next = text(t, 'query', text(t, 'statement', at));
      const count = t.u16(next);
      t.text(`Parameters: ${count}`, next, 2);
      for (let i = 0; i < Math.min(count, MAX_COLUMNS); i++) t.add('oid.type', next + 2 + 4 * i);
      break;
    }
    case 'B':
      bind(t, text(t, 'statement', text(t, 'portal', at)));
      break;
    case 'D':
    case 'C':
      text(t, t.u8(at) === 0x53 ? 'statement' : 'portal', at + 1);
      break;
    case 'E': {
      const next = text(t, 'portal', at);
      t.add('returns', next);
      break;
    }
    case 'd':
      if (t.end > at) t.add('copydata', at, t.end - at);
      break;
    default:
      break;
  }
}

function bind(t: TreeBuilder, from: number): void {
  const formats = t.u16(from);
  t.text(`Parameter formats: ${formats}`, from, 2);
  let at = from + 2;
  for (let i = 0; i < formats; i++) at = t.add('format', at);
  const values = t.u16(at);
  t.text(`Parameter values: ${values}`, at, 2);
  at = value(t, at + 2, values);
  const results = t.u16(at);
  t.text(`Result formats: ${results}`, at, 2);
  at += 2;
  for (let i = 0; i < results; i++) at = t.add('format', at);
}

/** Values behind their lengths; -1: NULL. */
function value(t: TreeBuilder, from: number, count: number): number {
  let at = from;
  for (let i = 0; i < count; i++) {
    const length = t.u32(at) | 0;
    at = t.add('val.length', at);
    if (length > 0) at = t.add('val.data', at, length);
  }
  return at;
}

function backend(t: TreeBuilder, letter: string, at: number): void {
  switch (letter) {
    case 'R':
      t.add('authtype', at);
      if (t.u32(at) === 5) t.add('salt', at + 4);
      break;
    case 'K':
      t.add('pid', at);
      t.add('key', at + 4);
      break;
    case 'S':
      text(t, 'parameter_value', text(t, 'parameter_name', at));
      break;
    case 'Z':
      t.add('status', at);
      break;
    case 'C':
      text(t, 'tag', at);
      break;
    case 'T':
      rowDescription(t, at);
      break;
    case 'D': {
      const count = t.u16(at);
      t.add('field.count', at);
      t.nest(t.last());
      value(t, at + 2, count);
      t.close();
      break;
    }
    case 't': {
      const count = t.u16(at);
      t.text(`Parameters: ${count}`, at, 2);
      for (let i = 0; i < Math.min(count, MAX_COLUMNS); i++) t.add('oid.type', at + 2 + 4 * i);
      break;
    }
    case 'E':
    case 'N':
      error(t, at);
      break;
    case 'd':
      if (t.end > at) t.add('copydata', at, t.end - at);
      break;
    default:
      break;
  }
}

function rowDescription(t: TreeBuilder, from: number): void {
  const count = t.u16(from);
  t.add('field.count', from);
  t.nest(t.last());
  let at = from + 2;
  for (let i = 0; i < count; i++) {
    const next = text(t, 'col.name', at);
    t.nest(t.last());
    t.add('oid.table', next);
    t.put('col.index', t.u16(next + 4), next + 4, 2);
    t.add('oid.type', next + 6);
    t.put('val.length', (t.u16(next + 10) << 16) >> 16, next + 10, 2);
    t.add('col.typemod', next + 12);
    t.add('format', next + 16);
    t.close();
    at = next + 18;
  }
  t.close();
}

function error(t: TreeBuilder, from: number): void {
  let at = from;
  while (at < t.end && t.u8(at) !== 0) {
    const key = ERROR_KEYS[String.fromCharCode(t.u8(at))];
    if (key === undefined) {
      const nul = t.bytes.subarray(at, t.end).indexOf(0);
      if (nul < 0) return;
      at += nul + 1;
    } else {
      at = text(t, key, at + 1);
    }
  }
}
