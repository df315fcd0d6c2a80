/** TRANSACTION2 ([MS-CIFS] 2.2.6): searching directories, information about files and volumes, DFS referrals. */

import type { TreeBuilder } from '../../tree.ts';
import { aboutFile, byteCount } from './commands/simple.ts';
import { referrals } from './dfs.ts';
import { FILE_LEVELS, FIND_LEVELS, SET_VOLUME_LEVELS, VOLUME_LEVELS } from './level-names.ts';
import { fileInformation, findInformation, setInformation, volumeInformation } from './levels.ts';
import {
  type Body,
  file,
  flags,
  type Message,
  number,
  numbers,
  openFile,
  padding,
  reserved,
  text,
  unixTime,
} from './message.ts';
import { TRANS2 } from './names.ts';
import { partBytes, requestWords, responseWords, type Transaction } from './transactions.ts';

const SUB = {
  open: 0,
  findFirst: 1,
  findNext: 2,
  queryFs: 3,
  setFs: 4,
  queryPath: 5,
  setPath: 6,
  queryFile: 7,
  setFile: 8,
  createDirectory: 13,
  getDfs: 16,
} as const;
const RESUME_KEYS = 4;
/** What the answer needs of a search: the level, and whether entries begin with a key. */
const KEYS = 0x10000;

export function transaction2(t: TreeBuilder, m: Message, body: Body): void {
  if (m.isResponse) {
    answer(t, m, body);
    return;
  }
  const words = requestWords(t, m, body);
  if (words === null || words.setupCount < 1) {
    byteCount(t, body);
    return;
  }
  const code = t.u16le(words.setupAt);
  m.function = code;
  number(t, 'trans2.cmd', words.setupAt);
  t.addInfo(`, ${TRANS2[code] ?? `Unknown (0x${code.toString(16).padStart(2, '0')})`}`);
  byteCount(t, body);
  padding(t, body.bytesAt, Math.min(words.parameterAt, body.bytesEnd));
  if (words.parameterEnd > words.parameterAt) {
    t.nest(
      t.text(`${TRANS2[code] ?? 'Unknown'} Parameters`, words.parameterAt, words.parameterEnd - words.parameterAt),
    );
    parameters(t, m, code, words);
    t.close();
  }
  if (words.dataEnd > words.dataAt) {
    padding(t, words.parameterEnd, words.dataAt);
    t.nest(t.text(`${TRANS2[code] ?? 'Unknown'} Data`, words.dataAt, words.dataEnd - words.dataAt));
    if (code === SUB.setPath || code === SUB.setFile) setInformation(t, m, m.level, words.dataAt, words.dataEnd);
    else if (m.level === 3 && (code === SUB.queryPath || code === SUB.queryFile))
      fileInformation(t, m, m.level, words.dataAt, words.dataEnd);
    else t.add('trans_data', words.dataAt, words.dataEnd - words.dataAt);
    t.close();
  }
}

function parameters(
  t: TreeBuilder,
  m: Message,
  code: number,
  { parameterAt: at, parameterEnd: end }: Transaction,
): void {
  const length = end - at;
  const says = (key: string, from: number, title: string): string => {
    const { text: name } = text(t, m, key, from, end);
    t.addInfo(`, ${title}: ${name}`);
    return name;
  };
  if (code === SUB.findFirst && length >= 12) {
    flags(t, 'search.attribute', at);
    number(t, 'search_count', at + 2);
    const isKeyed = (t.u16le(at + 4) & RESUME_KEYS) !== 0;
    flags(t, 'find_first2.flags', at + 4);
    level(t, m, 'ff2_loi', at + 6);
    if (isKeyed) m.level += KEYS;
    number(t, 'storage_type', at + 8);
    if (length > 12) m.name = says('search_pattern', at + 12, 'Pattern');
  } else if (code === SUB.findNext && length >= 12) {
    numbers(t, at, 'search_id', 'search_count');
    level(t, m, 'ff2_loi', at + 4);
    if ((t.u16le(at + 10) & RESUME_KEYS) !== 0) m.level += KEYS;
    number(t, 'resume', at + 6);
    flags(t, 'find_first2.flags', at + 10);
    if (length > 12) says('file', at + 12, 'Continue');
  } else if (code === SUB.queryFs && length >= 2) {
    level(t, m, 'qfsi_loi', at);
    t.addInfo(`, ${VOLUME_LEVELS[m.level] ?? unknown(m.level)}`);
  } else if (code === SUB.setFs && length >= 4) {
    file(t, m, t.u16le(at), at, { shows: false });
    level(t, m, 'sfsi_loi', at + 2);
    t.addInfo(`, ${SET_VOLUME_LEVELS[m.level] ?? unknown(m.level)}`);
  } else if ((code === SUB.queryPath || code === SUB.setPath) && length >= 6) {
    const isSet = code === SUB.setPath;
    level(t, m, isSet ? 'spi_loi' : 'qpi_loi', at);
    if (!isSet) t.addInfo(`, ${FILE_LEVELS[m.level] ?? unknown(m.level)}`);
    reserved(t, at + 2, 4);
    if (length > 6) m.name = says('file', at + 6, 'Path');
  } else if ((code === SUB.queryFile || code === SUB.setFile) && length >= 4) {
    const isSet = code === SUB.setFile;
    file(t, m, t.u16le(at), at);
    level(t, m, isSet ? 'spi_loi' : 'qpi_loi', at + 2);
    if (!isSet) t.addInfo(`, ${FILE_LEVELS[m.level] ?? unknown(m.level)}`);
    if (length >= 6) reserved(t, at + 4, 2);
  } else if (code === SUB.getDfs && length >= 2) {
    number(t, 'max_referral_level', at);
    if (length > 2) says('file', at + 2, 'File');
  } else if (code === SUB.createDirectory && length > 4) {
    reserved(t, at, 4);
    says('dir_name', at + 4, 'Dir');
  } else if (code === SUB.open && length >= 28) {
    flags(t, 'open.flags', at);
    flags(t, 'access.desired', at + 2);
    reserved(t, at + 4, 2);
    flags(t, 'file_attribute', at + 6);
    unixTime(t, 'create.time', at + 8);
    flags(t, 'open.function', at + 12);
    number(t, 'alloc_size', at + 14);
    reserved(t, at + 18, 10);
    if (length > 28) m.name = says('file', at + 28, 'Path');
  } else t.add('trans_data.parameters', at, length);
}

function level(t: TreeBuilder, m: Message, key: string, at: number): void {
  m.level = t.u16le(at);
  number(t, key, at);
}

function unknown(value: number): string {
  return `Unknown level (${value})`;
}

function answer(t: TreeBuilder, m: Message, body: Body): void {
  const code = m.request?.function ?? -1;
  aboutFile(t, m, body.at, code !== SUB.setFile && code !== SUB.setFs);
  if (code >= 0) {
    t.put('trans2.cmd', code, body.at, 0).generated = true;
    t.addInfo(`, ${TRANS2[code] ?? `Unknown (0x${code.toString(16).padStart(2, '0')})`}`);
    asked(t, m, code);
  }
  const words = responseWords(t, m, body);
  byteCount(t, body);
  if (words === null) return;
  const { parameterAt, parameterEnd, dataAt, dataEnd } = words;
  if (code < 0) {
    partBytes(t, words);
    return;
  }
  if (parameterEnd > parameterAt) {
    padding(t, body.bytesAt, parameterAt);
    t.nest(t.text(`${TRANS2[code] ?? 'Unknown'} Parameters`, parameterAt, parameterEnd - parameterAt));
    answerParameters(t, m, code, parameterAt, parameterEnd);
    t.close();
  }
  if (dataEnd > dataAt) {
    padding(t, parameterEnd > parameterAt ? parameterEnd : body.bytesAt, dataAt);
    t.nest(t.text(`${TRANS2[code] ?? 'Unknown'} Data`, dataAt, dataEnd - dataAt));
    answerData(t, m, code, words);
    t.close();
  }
}

/** What the request asked for: the level, and by which name. */
function asked(t: TreeBuilder, m: Message, code: number): void {
  const { level: kind, name } = m.request ?? { level: -1, name: '' };
  if (kind < 0) return;
  if (code === SUB.queryPath || code === SUB.queryFile) {
    t.generated('qpi_loi', kind);
    if (code === SUB.queryPath) t.generated('file', name);
  } else if (code === SUB.queryFs) t.generated('qfsi_loi', kind);
  else if (code === SUB.findFirst || code === SUB.findNext) {
    t.generated('ff2_loi', kind % KEYS);
    if (code === SUB.findFirst) t.generated('search_pattern', name);
  }
}

function answerParameters(t: TreeBuilder, m: Message, code: number, at: number, end: number): void {
  const length = end - at;
  let next = at;
  if (code === SUB.findFirst || code === SUB.findNext) {
    if (code === SUB.findFirst && length >= 2) next = number(t, 'search_id', next);
    if (end - next >= 8) {
      next = numbers(t, next, 'search_count', 'end_of_search');
      t.put('ea.error_offset', t.u16le(next), next, 2);
      next = number(t, 'last_name_offset', next + 2);
    }
  } else if (
    (code === SUB.queryPath || code === SUB.setPath || code === SUB.queryFile || code === SUB.setFile) &&
    length >= 2
  ) {
    t.put('ea.error_offset', t.u16le(at), at, 2);
    next = at + 2;
  } else if (code === SUB.open && length >= 30) {
    const fid = t.u16le(at);
    openFile(t, m, fid);
    file(t, m, fid, at);
    flags(t, 'file_attribute', at + 2);
    unixTime(t, 'create.time', at + 4);
    number(t, 'file_size', at + 8);
    flags(t, 'access.granted', at + 12);
    number(t, 'file_type', at + 14);
    flags(t, 'ipc_state', at + 16);
    flags(t, 'open.action', at + 18);
    number(t, 'server_fid', at + 20);
    t.put('ea.error_offset', t.u16le(at + 24), at + 24, 2);
    number(t, 'ea.list_length', at + 26);
    next = at + 30;
  } else if (code === SUB.createDirectory && length >= 2) {
    t.put('ea.error_offset', t.u16le(at), at, 2);
    next = at + 2;
  }
  if (next < end) t.add('trans_data.parameters', next, end - next);
}

function answerData(t: TreeBuilder, m: Message, code: number, { dataAt, dataEnd }: Transaction): void {
  const wanted = m.request?.level ?? -1;
  if (code === SUB.findFirst || code === SUB.findNext) {
    const kind = { level: wanted % KEYS, hasResumeKeys: wanted >= KEYS };
    const names = findInformation(t, m, kind, dataAt, dataEnd);
    if (FIND_LEVELS[kind.level] !== undefined && names.length > 0) t.addInfo(`, Files: ${names.join(' ')}`);
  } else if (code === SUB.queryFs) volumeInformation(t, m, wanted, dataAt, dataEnd);
  else if (code === SUB.queryPath || code === SUB.queryFile) fileInformation(t, m, wanted, dataAt, dataEnd);
  else if (code === SUB.getDfs) referrals(t, m, dataAt, dataEnd);
  else t.add('trans_data', dataAt, dataEnd - dataAt);
}
