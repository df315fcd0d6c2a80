/** NT_TRANSACT ([MS-CIFS] 2.2.7): creating with a security descriptor, control codes, watching directories, security. */

import type { TreeBuilder } from '../../tree.ts';
import { aboutFile, byteCount } from './commands/simple.ts';
import {
  type Body,
  file,
  fileTime,
  flags,
  type Message,
  number,
  numbers,
  openFile,
  padding,
  reserved,
  textOf,
} from './message.ts';
import { NT_TRANS } from './names.ts';
import { ntRequestWords, ntResponseWords, partBytes, setupWords, type Transaction } from './transactions.ts';

const FUNCTION = { create: 1, ioctl: 2, setSecurity: 3, notify: 4, rename: 5, querySecurity: 6 } as const;
const MAX_CHANGES = 1024;
/** Bytes that say what was created. */
const CREATED = 69;

function name(code: number): string {
  return NT_TRANS[code] ?? `Unknown (${code})`;
}

export function ntTransaction(t: TreeBuilder, m: Message, body: Body): void {
  if (m.isResponse) {
    answer(t, m, body);
    return;
  }
  const words = ntRequestWords(t, m, body);
  if (words === null) {
    byteCount(t, body);
    return;
  }
  const code = t.u16le(words.setupAt);
  m.function = code;
  number(t, 'nt.function', words.setupAt);
  t.addInfo(`, ${name(code)}`);
  const own = { ...words, setupAt: words.setupAt + 2 };
  setup(t, m, code, own);
  byteCount(t, body);
  padding(t, body.bytesAt, Math.min(words.parameterAt, body.bytesEnd));
  if (own.parameterEnd > own.parameterAt) {
    t.nest(t.text(`${name(code)} Parameters`, own.parameterAt, own.parameterEnd - own.parameterAt));
    parameters(t, m, code, own);
    t.close();
  }
  if (own.dataEnd > own.dataAt) data(t, code, own);
}

/** What stands behind the function; its words were counted with it. */
function setup(t: TreeBuilder, m: Message, code: number, words: Transaction): void {
  const { setupAt: at, setupCount } = words;
  if (setupCount === 0) return;
  if (code === FUNCTION.ioctl && setupCount >= 4) {
    number(t, 'nt.ioctl.function', at);
    file(t, m, t.u16le(at + 4), at + 4);
    number(t, 'nt.ioctl.isfsctl', at + 6);
    flags(t, 'nt.ioctl.completion_filter', at + 7);
  } else if (code === FUNCTION.notify && setupCount >= 4) {
    flags(t, 'nt.notify.completion_filter', at);
    file(t, m, t.u16le(at + 4), at + 4);
    number(t, 'nt.notify.watch_tree', at + 6);
    reserved(t, at + 7, 1);
  } else setupWords(t, words);
}

function parameters(t: TreeBuilder, m: Message, code: number, words: Transaction): void {
  const { parameterAt: at, parameterEnd: end } = words;
  if ((code === FUNCTION.setSecurity || code === FUNCTION.querySecurity) && end - at >= 8) {
    file(t, m, t.u16le(at), at);
    reserved(t, at + 2, 2);
    flags(t, 'nt_qsd', at + 4);
  } else if (code === FUNCTION.create && end - at >= 53) create(t, m, at, end);
  else t.add('trans_data.parameters', at, end - at);
}

function create(t: TreeBuilder, m: Message, from: number, end: number): void {
  let at = flags(t, 'create_flags', from);
  at = number(t, 'rfid', at);
  at = flags(t, 'access_mask', at);
  at = number(t, 'alloc_size64', at);
  at = flags(t, 'ext_file_attribute', at);
  at = flags(t, 'share_access', at);
  at = number(t, 'create.disposition', at);
  at = flags(t, 'create_options', at);
  at = numbers(t, at, 'sd.length', 'ea.list_length');
  const length = t.u32le(at);
  at = numbers(t, at, 'file_name_len', 'impersonation.level');
  at = flags(t, 'security.flags', at);
  const nameAt = at + (m.isUnicode ? (at - m.start) & 1 : 0);
  const there = Math.min(length, end - nameAt);
  if (there <= 0) return;
  m.name = textOf(t, m, 'file', nameAt, there);
  t.addInfo(`, Path: ${m.name}`);
}

function data(t: TreeBuilder, code: number, { dataAt, dataEnd }: Transaction): void {
  t.nest(t.text(`${name(code)} Data`, dataAt, dataEnd - dataAt));
  t.add('trans_data', dataAt, dataEnd - dataAt);
  t.close();
}

function answer(t: TreeBuilder, m: Message, body: Body): void {
  const code = m.request?.function ?? -1;
  aboutFile(t, m, body.at);
  if (code >= 0) {
    t.put('nt.function', code, body.at, 0).generated = true;
    t.addInfo(`, ${name(code)}`);
  }
  const words = ntResponseWords(t, m, body);
  if (words === null) {
    byteCount(t, body);
    return;
  }
  if (words.setupCount > 0) t.add('nt_transaction_setup', words.setupAt, 2 * words.setupCount);
  byteCount(t, body);
  const { parameterAt, parameterEnd, dataAt, dataEnd } = words;
  if (code < 0) {
    partBytes(t, words);
    return;
  }
  if (parameterEnd > parameterAt) {
    padding(t, body.bytesAt, parameterAt);
    t.nest(t.text(`${name(code)} Parameters`, parameterAt, parameterEnd - parameterAt));
    answerParameters(t, m, code, parameterAt, parameterEnd);
    t.close();
  }
  if (dataEnd > dataAt) {
    padding(t, parameterEnd > parameterAt ? parameterEnd : body.bytesAt, dataAt);
    data(t, code, words);
  }
}

function answerParameters(t: TreeBuilder, m: Message, code: number, at: number, end: number): void {
  if (code === FUNCTION.notify) changes(t, m, at, end);
  else if (code === FUNCTION.querySecurity && end - at >= 4) number(t, 'sec_desc_len', at);
  else if (code === FUNCTION.create && end - at >= 4) {
    number(t, 'oplock.level', at);
    const fid = t.u16le(at + 2);
    openFile(t, m, fid);
    file(t, m, fid, at + 2);
    if (end - at >= CREATED) created(t, at + 4);
    else if (end > at + 4) t.add('trans_data.parameters', at + 4, end - at - 4);
  } else t.add('trans_data.parameters', at, end - at);
}

/** What was opened: times, attributes, sizes, and what kind of file it is. */
function created(t: TreeBuilder, from: number): void {
  let at = number(t, 'create.action', from);
  at = number(t, 'ea.error_offset', at);
  for (const key of ['create.time', 'access.time', 'last_write.time', 'change.time']) at = fileTime(t, key, at);
  at = flags(t, 'ext_file_attribute', at);
  at = numbers(t, at, 'alloc_size64', 'end_of_file', 'file_type');
  at = flags(t, 'ipc_state', at);
  number(t, 'is_directory', at);
}

/** What changed in a directory. */
function changes(t: TreeBuilder, m: Message, from: number, end: number): void {
  for (let at = from, i = 0; i < MAX_CHANGES && at + 12 <= end; i++) {
    const next = t.u32le(at);
    const length = Math.min(t.u32le(at + 8), end - at - 12);
    t.nest(t.text('Change', at, next === 0 ? end - at : Math.min(next, end - at)));
    numbers(t, at, 'next_entry_offset', 'nt.notify.action', 'file_name_len');
    if (length > 0) textOf(t, m, 'file', at + 12, length, true);
    t.close();
    if (next < 12) return;
    at += next;
  }
}
