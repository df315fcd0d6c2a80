/** MySQL's client/server protocol (MySQL Internals, "Client/Server Protocol"; MariaDB alike): packets with a length and a number. */

import { u16le, u24le } from '../../../base/bytes.ts';
import { decodeLatin1 } from '../../../base/text.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import { isFromServer } from '../../text-lines.ts';
import type { TreeBuilder } from '../../tree.ts';
import { Visits } from '../../visits.ts';
import { COMMANDS, mysqlFields } from './fields.ts';
import { capabilities, columnFlags, extendedCapabilities, status } from './flags.ts';

const PORT = 3306;
const HEADER = 4;
const CLIENT = { ssl: 0x0800, protocol41: 0x0200, secure: 0x8000, connectWithDb: 0x0008 } as const;
const EXTENDED = { pluginAuth: 0x0008, connectAttributes: 0x0010, lenencAuth: 0x0020 } as const;
const COMMAND = { query: 3, prepare: 22 } as const;
/** What the next packets are. */
const PHASE = { greeting: 0, login: 1, authentication: 2, idle: 3, first: 4, fields: 5, rows: 6 } as const;

interface Memory {
  readonly visits: Visits<number>;
  phase: number;
}

function frame(f: Framing): number {
  if (f.end - f.at < HEADER) return MORE;
  return f.bytes[f.at + 3] > 0xff ? NOT_MINE : HEADER + u24le(f.bytes, f.at);
}

export const mysql = defineProtocol({
  name: 'mysql',
  title: 'MySQL Protocol',
  short: 'MySQL',
  on: { 'tcp.port': [PORT] },
  remembers: true,
  header: HEADER,
  startsTls: true,
  fields: mysqlFields,
  recogniseOn: ['tcp'],
  /** A server greeting: protocol 10, packet number 0, a version in print. */
  recognise(bytes, at, end) {
    if (end - at < 30 || bytes[at + 3] !== 0 || bytes[at + 4] !== 10 || u24le(bytes, at) !== end - at - HEADER)
      return false;
    return /^\d+\.\d+[\x20-\x7e]*\0/.test(decodeLatin1(bytes, at + 5, Math.min(end, at + 100)));
  },
  frame,
  tree(t) {
    const memory = t.conversation((): Memory => ({ visits: new Visits(), phase: PHASE.greeting }));
    let isFirst = false;
    const { index, fact } = memory.visits.visit(t, () => {
      isFirst = true;
      return memory.phase;
    });
    t.add('packet_length', t.at);
    t.add('packet_number', t.at + 3);
    const after = isFromServer(t, [PORT]) ? server(t, fact, index) : client(t, fact, index);
    if (isFirst) memory.phase = after;
  },
});

/** Text up to its NUL; returns one past it. */
function text(t: TreeBuilder, key: string, at: number): number {
  t.need(at, 1);
  const nul = t.bytes.subarray(at, t.end).indexOf(0);
  const length = nul < 0 ? t.end - at : nul;
  t.put(key, t.string(at, length), at, Math.min(length + 1, t.end - at));
  return at + length + 1;
}

/** A length-encoded integer: its value and one past it; -1n: NULL. */
function lengthEncoded(t: TreeBuilder, at: number): { readonly value: bigint; readonly next: number } {
  const first = t.u8(at);
  if (first < 0xfb) return { value: BigInt(first), next: at + 1 };
  if (first === 0xfb) return { value: -1n, next: at + 1 };
  if (first === 0xfc) return { value: BigInt(t.u16le(at + 1)), next: at + 3 };
  if (first === 0xfd) return { value: BigInt(t.u24le(at + 1)), next: at + 4 };
  return { value: t.u64le(at + 1), next: at + 9 };
}

/** The same, for filters on how numbers are written. */
function counted(t: TreeBuilder, at: number): { readonly value: bigint; readonly next: number } {
  const found = lengthEncoded(t, at);
  t.hide('prefix', t.u8(at), at, 1);
  t.hide('length', found.value < 0n ? 0n : found.value, at, found.next - at);
  return found;
}

function lengthEncodedText(t: TreeBuilder, key: string, at: number): number {
  const { value, next } = counted(t, at);
  const length = value < 0n ? 0 : Number(value);
  if (value >= 0n) t.add(key, next, length);
  return next + length;
}

function say(t: TreeBuilder, index: number, text: string): void {
  if (index === 0) t.info(text);
  else t.addInfo(text);
}

function server(t: TreeBuilder, phase: number, index: number): number {
  const at = t.at + HEADER;
  const code = t.u8(at);
  const length = t.u24le(t.at);
  if (phase === PHASE.greeting && (code === 10 || code === 9)) {
    greeting(t, at, index);
    return PHASE.login;
  }
  if (code === 0xff) {
    error(t, at, index);
    return PHASE.idle;
  }
  if (phase === PHASE.fields || phase === PHASE.rows) return resultSet(t, phase, at, code, length);
  if (code === 0xfe && length < 9) {
    say(t, index, 'Response  EOF ');
    t.addLabel(' - response EOF');
    eof(t, at);
    return PHASE.idle;
  }
  if (code === 0) {
    say(t, index, 'Response  OK ');
    t.addLabel(' - response OK');
    ok(t, at);
    return PHASE.idle;
  }
  if (phase === PHASE.login || phase === PHASE.authentication) {
    say(t, index, code === 0xfe ? 'Auth Switch Request ' : 'Auth More Data ');
    t.add('response_code', at);
    return PHASE.authentication;
  }
  say(t, index, 'Response TABULAR Response ');
  t.addLabel(' - column count');
  const { value, next } = counted(t, at);
  t.put('num_fields', value < 0n ? 0n : value, at, next - at);
  return PHASE.fields;
}

function resultSet(t: TreeBuilder, phase: number, at: number, code: number, length: number): number {
  if (code === 0xfe && length < 9) {
    t.addLabel(` - ${phase === PHASE.fields ? 'intermediate EOF' : 'response EOF'}`);
    eof(t, at);
    return phase === PHASE.fields ? PHASE.rows : PHASE.idle;
  }
  if (phase === PHASE.fields) {
    t.addLabel(' - field packet');
    let next = at;
    for (const key of ['catalog', 'db', 'table', 'org_table', 'name', 'org_name'])
      next = lengthEncodedText(t, `field.${key}`, next);
    if (t.has(next, COLUMN_END)) column(t, next + 1);
    return phase;
  }
  t.addLabel(' - row packet');
  for (let next = at; next < t.end; ) next = lengthEncodedText(t, 'row.text', next);
  return phase;
}

/** Bytes behind a column's names: a length, what it is, two of nothing. */
const COLUMN_END = 13;

function column(t: TreeBuilder, from: number): void {
  let at = t.add('field.charsetnr', from);
  at = t.add('field.length', at);
  at = t.add('field.type', at);
  columnFlags(t, at);
  t.add('field.decimals', at + 2);
}

function greeting(t: TreeBuilder, from: number, index: number): void {
  t.add('server_greeting', from, t.end - from);
  t.nest(t.last());
  const protocol = t.u8(from);
  t.add('protocol', from);
  const nul = t.bytes.subarray(from + 1, t.end).indexOf(0);
  if (nul < 0) t.fail();
  say(t, index, `Server Greeting  proto=${protocol} version=${t.string(from + 1, nul)} `);
  let at = text(t, 'version', from + 1);
  t.add('thread_id', at);
  at = text(t, 'salt', at + 4);
  if (at < t.end) {
    capabilities(t, 'caps.server', at);
    t.add('server_language', at + 2);
    status(t, at + 3);
    extendedCapabilities(t, 'extcaps.server', at + 5);
    t.add('auth_plugin.length', at + 7);
    t.add('unused', at + 8, 10);
    at += 18;
    if (at < t.end) at = text(t, 'salt2', at);
    if (at < t.end) text(t, 'auth_plugin', at);
  }
  t.close();
}

function ok(t: TreeBuilder, at: number): void {
  t.add('response_code', at);
  const rows = counted(t, at + 1);
  t.put('affected_rows', rows.value, at + 1, rows.next - at - 1);
  const id = counted(t, rows.next);
  if (id.value > 0n) t.put('insert_id', id.value, rows.next, id.next - rows.next);
  if (t.end >= id.next + 2) status(t, id.next);
  if (t.end >= id.next + 4) t.add('warnings', id.next + 2);
  if (t.end > id.next + 4) t.add('message', id.next + 4, t.end - id.next - 4);
}

function eof(t: TreeBuilder, at: number): void {
  t.add('response_code', at);
  t.add('eof', at);
  if (t.end >= at + 5) {
    t.add('warnings', at + 1);
    status(t, at + 3);
  }
}

function error(t: TreeBuilder, at: number, index: number): void {
  say(t, index, `Response  Error ${t.has(at, 3) ? u16le(t.bytes, at + 1) : ''} `);
  t.addLabel(' - response ERROR');
  t.add('response_code', at);
  t.add('error_code', at + 1);
  const hasState = t.has(at + 3, 6) && t.u8(at + 3) === 0x23;
  if (hasState) t.add('sqlstate', at + 4, 5);
  const from = hasState ? at + 9 : at + 3;
  if (t.end > from) t.add('error.message', from, t.end - from);
}

function client(t: TreeBuilder, phase: number, index: number): number {
  const at = t.at + HEADER;
  if (phase === PHASE.login && t.u8(t.at + 3) >= 1) return login(t, at, index);
  if (phase === PHASE.authentication && t.u8(t.at + 3) > 0) {
    say(t, index, 'Auth Switch Response ');
    if (t.end > at) t.add('payload', at, t.end - at);
    return phase;
  }
  if (t.end <= at) return phase;
  const code = t.u8(at);
  const name = COMMANDS[code] ?? 'Unknown';
  t.add('request', at, t.end - at);
  t.last().text = `Request Command ${name}`;
  t.nest(t.last());
  t.add('command', at);
  say(t, index, `Request ${name}`);
  if (t.end > at + 1)
    t.add(
      code === COMMAND.query || code === COMMAND.prepare ? 'query' : code === 2 ? 'schema' : 'payload',
      at + 1,
      t.end - at - 1,
    );
  t.close();
  return PHASE.first;
}

function login(t: TreeBuilder, from: number, index: number): number {
  const flags = t.u16le(from);
  t.add('login_request', from, t.end - from);
  t.nest(t.last());
  capabilities(t, 'caps.client', from);
  const extended = (flags & CLIENT.protocol41) !== 0 ? t.u16le(from + 2) : 0;
  let at = from + 5;
  if ((flags & CLIENT.protocol41) !== 0) {
    extendedCapabilities(t, 'extcaps.client', from + 2);
    t.add('max_packet', from + 4);
    t.add('charset', from + 8);
    t.add('unused', from + 9, 23);
    at = from + 32;
  }
  if (at >= t.end) {
    // The client goes on in TLS.
    t.close();
    say(t, index, 'Response: SSL Handshake user= ');
    return PHASE.login;
  }
  const nul = t.bytes.subarray(at, t.end).indexOf(0);
  say(t, index, `Login Request user=${t.string(at, nul < 0 ? t.end - at : nul)} `);
  at = text(t, 'user', at);
  if (at < t.end) {
    const length = (flags & CLIENT.secure) !== 0 || (extended & EXTENDED.lenencAuth) !== 0 ? t.u8(at) : 0;
    if (length > 0) t.add('passwd', at + 1, length);
    at += 1 + length;
  }
  if ((flags & CLIENT.connectWithDb) !== 0 && at < t.end) {
    const end = text(t, 'schema', at);
    t.addInfo(`db=${t.string(at, Math.min(end, t.end + 1) - at - 1)} `);
    at = end;
  }
  if ((extended & EXTENDED.pluginAuth) !== 0 && at < t.end) at = text(t, 'client_auth_plugin', at);
  if ((extended & EXTENDED.connectAttributes) !== 0 && at < t.end) attributes(t, at);
  t.close();
  return PHASE.authentication;
}

/** What the client says of itself: names and values, each behind its length. */
function attributes(t: TreeBuilder, from: number): void {
  const total = counted(t, from);
  const end = Math.min(t.end, total.next + Number(total.value < 0n ? 0n : total.value));
  t.nest(t.put('connattrs', new Uint8Array(0), from, end - from));
  t.put('connattrs.length', total.value < 0n ? 0n : total.value, from, total.next - from);
  for (let at = total.next; at < end; ) {
    const node = t.nest(t.put('connattrs.attr', new Uint8Array(0), at, 0));
    const name = attribute(t, 'connattrs.name', at);
    const value = attribute(t, 'connattrs.value', name.next);
    node.text = `Connection Attribute - ${name.text}: ${value.text}`;
    t.close(value.next);
    at = value.next;
  }
  t.close();
}

function attribute(t: TreeBuilder, key: string, at: number): { readonly text: string; readonly next: number } {
  const { value, next } = counted(t, at);
  const length = Number(value < 0n ? 0n : value);
  t.put(`${key}.length`, BigInt(length), at, next - at);
  const text = t.string(next, length);
  t.put(key, text, next, length);
  return { text, next: next + length };
}
