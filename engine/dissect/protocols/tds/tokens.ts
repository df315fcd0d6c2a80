/** What servers answer ([MS-TDS] 2.2.7): tokens, one behind the other; the columns of one say how the rows after it are read. */

import type { TreeBuilder } from '../../tree.ts';
import { TYPE_ID } from './names.ts';
import { securityToken } from './requests.ts';
import { readType, readValue, type TypeRows, type ValueType } from './types.ts';

const TOKEN = {
  returnStatus: 0x79,
  columns: 0x81,
  order: 0xa9,
  error: 0xaa,
  info: 0xab,
  returnValue: 0xac,
  loginAck: 0xad,
  featureAck: 0xae,
  row: 0xd1,
  nbcRow: 0xd2,
  change: 0xe3,
  sessionState: 0xe4,
  sspi: 0xed,
  done: 0xfd,
  doneProc: 0xfe,
  doneInProc: 0xff,
} as const;
const DONE_NAMES: Readonly<Record<number, readonly [string, string, number]>> = {
  [TOKEN.done]: ['done', 'Token - Done', 0x17f],
  [TOKEN.doneProc]: ['doneproc', 'Token - DoneProc', 0x1ff],
  [TOKEN.doneInProc]: ['doneinproc', 'Token - DoneInProc', 0x177],
};
const DONE_BITS: readonly (readonly [string, number])[] = [
  ['more', 0],
  ['error', 1],
  ['inxact', 2],
  ['proc', 3],
  ['count', 4],
  ['attn', 5],
  ['event', 6],
  ['rpcinbatch', 7],
  ['srverror', 8],
];
const NO_COLUMNS = 0xffff;
const MAX_TOKENS = 20_000;
const MAX_COLUMNS = 4096;
const FEATURE_END = 0xff;
const CHANGE_COLLATION = 7;
/** Changes whose values are texts. */
const TEXT_CHANGES: readonly number[] = [1, 2, 3, 4, 5, 6, 13, 19];
const LONG_TYPES: readonly number[] = [TYPE_ID.image, TYPE_ID.text, TYPE_ID.nText];
const COLUMN_FLAGS: readonly (readonly [string, number])[] = [
  ['nullable', 15],
  ['casesen', 14],
  ['updateable', 12],
  ['identity', 11],
  ['computed', 10],
  ['fixedlenclrtype', 7],
  ['sparsecolumnset', 5],
  ['encrypted', 4],
  ['hidden', 2],
  ['key', 1],
  ['nullableunknown', 0],
];

export function tokens(t: TreeBuilder, body: number): void {
  let columns: readonly ValueType[] = [];
  for (let at = body, i = 0; i < MAX_TOKENS && at < t.end; i++) {
    const token = t.u8(at);
    if (token === TOKEN.columns) {
      const found = columnData(t, at);
      ({ columns, at } = found);
      continue;
    }
    const next = one(t, token, at, columns);
    if (next <= at) {
      t.put('unknown_tds_token', new Uint8Array(0), at, t.end - at, 'Token - Unknown');
      return;
    }
    at = next;
  }
}

/** One token; the offset after it, or 0 where it is not known. */
function one(t: TreeBuilder, token: number, at: number, columns: readonly ValueType[]): number {
  switch (token) {
    case TOKEN.done:
    case TOKEN.doneProc:
    case TOKEN.doneInProc:
      return done(t, token, at);
    case TOKEN.returnStatus:
      t.nest(t.put('returnstatus', new Uint8Array(0), at, 5, 'Token - ReturnStatus'));
      t.put('returnstatus.value', t.u32le(at + 1), at + 1, 4);
      t.close();
      return at + 5;
    case TOKEN.row:
    case TOKEN.nbcRow:
      return columns.length === 0 ? 0 : row(t, at, columns, token === TOKEN.nbcRow);
    case TOKEN.change:
      return change(t, at);
    case TOKEN.error:
      return problem(t, 'error', 'Token - Error', at);
    case TOKEN.info:
      return problem(t, 'info', 'Token - Info', at);
    case TOKEN.loginAck:
      return loginAck(t, at);
    case TOKEN.order:
      return order(t, at);
    case TOKEN.featureAck:
      return features(t, at);
    case TOKEN.sessionState:
      return sessionState(t, at);
    case TOKEN.sspi: {
      const length = t.u16le(at + 1);
      t.nest(t.put('sspi', new Uint8Array(0), at, 3 + length, 'Token - SSPI'));
      t.add('sspi.buffer', at + 3, length);
      if (length > 0) securityToken(t, at + 3, at + 3 + length);
      t.close();
      return at + 3 + length;
    }
    default:
      return 0;
  }
}

/** 2.2.7.6. Counts have eight bytes since version 7.2; an older server's are told by the bytes that there are. */
function done(t: TreeBuilder, token: number, at: number): number {
  const [key, title, mask] = DONE_NAMES[token] ?? ['done', '', 0];
  const length = isWide(t, at) ? 13 : 9;
  t.nest(t.put(key, new Uint8Array(0), at, length, title));
  const status = t.u16le(at + 1) & mask;
  t.nest(t.put(`${key}.status`, status, at + 1, 2));
  for (const [name, bit] of DONE_BITS)
    if (((mask >> bit) & 1) !== 0) t.put(`done.status.${name}`, (status >> bit) & 1, at + 1, 2);
  t.close();
  t.put(`${key}.curcmd`, t.u16le(at + 3), at + 3, 2);
  if (length === 13) t.put(`${key}.donerowcount64`, t.u64le(at + 5), at + 5, 8);
  else t.put(`${key}.donerowcount`, t.u32le(at + 5), at + 5, 4);
  t.close();
  return at + length;
}

/** Does the count have eight bytes? It does where a token, or the end, follows them. */
function isWide(t: TreeBuilder, at: number): boolean {
  if (!t.has(at, 13)) return false;
  const known: readonly number[] = Object.values(TOKEN);
  return at + 13 === t.end || known.includes(t.u8(at + 13)) || !known.includes(t.u8(at + 9));
}

/** 2.2.7.4. */
function columnData(t: TreeBuilder, from: number): { readonly columns: readonly ValueType[]; readonly at: number } {
  const count = t.u16le(from + 1);
  const node = t.put('colmetadata', new Uint8Array(0), from, 3, 'Token - ColumnMetaData');
  t.nest(node);
  t.put('colmetadata.columns', count, from + 1, 2);
  const columns: ValueType[] = [];
  let at = from + 3;
  if (count !== NO_COLUMNS)
    for (let i = 0; i < count && i < MAX_COLUMNS; i++) {
      const start = at;
      const field = t.put('colmetadata.field', new Uint8Array(0), at, 0, `Column ${i + 1}`);
      t.nest(field);
      const found = column(t, at);
      columns.push(found.type);
      at = found.at;
      t.close();
      field.length = at - start;
    }
  t.close(at);
  return { columns, at };
}

function column(t: TreeBuilder, from: number): { readonly type: ValueType; readonly at: number } {
  t.put('colmetadata.usertype', t.u32le(from), from, 4);
  const bits = t.u16(from + 4);
  t.nest(t.put('colmetadata.results_token_flags', t.u16le(from + 4), from + 4, 2));
  for (const [name, bit] of COLUMN_FLAGS) {
    const width = name === 'updateable' ? 3 : 1;
    t.put(`colmetadata.flags.${name}`, ((bits >> bit) & width) !== 0 ? 1 : 0, from + 4, 2);
  }
  t.close();
  const found = readType(t, from + 6, columnRows(t));
  let at = found.at;
  if (LONG_TYPES.includes(found.type.id)) at = tableName(t, at);
  const length = t.u8(at);
  t.put('colmetadata.colname_length', length, at, 1);
  if (length > 0) t.put('colmetadata.colname', t.string(at + 1, 2 * length, 'utf16le'), at + 1, 2 * length);
  return { type: found.type, at: at + 1 + 2 * length };
}

function columnRows(t: TreeBuilder): TypeRows {
  return {
    id: (value, at) => void t.put('colmetadata.results_token_type', value, at, 1),
    size: (value, at, width) =>
      void t.put(width === 1 ? 'colmetadata.type_size' : 'colmetadata.large_type_size', value & 0xffff, at, width),
    precision: (value, at) => void t.put('colmetadata.precision', value, at, 1),
    scale: (value, at) => void t.put('colmetadata.scale', value, at, 1),
    collation: (at) => {
      t.put('colmetadata.collate_codepage', t.u16le(at), at, 2);
      t.put('colmetadata.collate_flags', t.u16le(at + 2), at + 2, 2);
      t.put('colmetadata.collate_charset_id', t.u8(at + 4), at + 4, 1);
    },
  };
}

function tableName(t: TreeBuilder, from: number): number {
  const parts = t.u8(from);
  t.put('colmetadata.table_name_parts', parts, from, 1);
  let at = from + 1;
  for (let i = 0; i < parts; i++) {
    const length = t.u16le(at);
    t.put('colmetadata.table_name_length', length, at, 2);
    t.put('colmetadata.table_name', t.string(at + 2, 2 * length, 'utf16le'), at + 2, 2 * length);
    at += 2 + 2 * length;
  }
  return at;
}

/** A value for each column; in an NBC row a bit for each says which have none. */
function row(t: TreeBuilder, from: number, columns: readonly ValueType[], isSparse: boolean): number {
  const node = t.put(
    isSparse ? 'nbcrow' : 'row',
    new Uint8Array(0),
    from,
    1,
    isSparse ? 'Token - NBCRow' : 'Token - Row',
  );
  t.nest(node);
  const bitmap = from + 1;
  let at = bitmap + (isSparse ? Math.ceil(columns.length / 8) : 0);
  columns.forEach((type, i) => {
    if (isSparse && ((t.u8(bitmap + (i >> 3)) >> (i & 7)) & 1) !== 0) return;
    const field = t.put('row.field', new Uint8Array(0), at, 0);
    t.nest(field);
    const value = readValue(t, type, at);
    t.close(value.at);
    field.text = `Field ${i + 1} (${value.text})`;
    at = value.at;
  });
  t.close(at);
  return at;
}

/** 2.2.7.9. */
function change(t: TreeBuilder, at: number): number {
  const length = t.u16le(at + 1);
  const end = at + 3 + length;
  t.need(at, 3 + length);
  t.nest(t.put('envchange', new Uint8Array(0), at, 3 + length, 'Token - EnvChange'));
  t.put('envchange.length', length, at + 1, 2);
  const type = t.u8(at + 3);
  t.put('envchange.type', type, at + 3, 1);
  let next = at + 4;
  for (const which of ['new', 'old']) {
    if (next >= end) break;
    const size = t.u8(next);
    t.put(`envchange.${which}value_length`, size, next, 1);
    const isText = TEXT_CHANGES.includes(type);
    const bytes = isText ? 2 * size : size;
    next++;
    if (next + bytes > end) break;
    if (isText) t.put(`envchange.${which}value_string`, t.string(next, bytes, 'utf16le'), next, bytes);
    else if (type === CHANGE_COLLATION && bytes === 5) {
      t.put('envchange.collate_codepage', t.u16le(next), next, 2);
      t.put('envchange.collate_flags', t.u16le(next + 2), next + 2, 2);
      t.put('envchange.collate_charset_id', t.u8(next + 4), next + 4, 1);
    } else if (bytes > 0) t.add(`envchange.${which}value`, next, bytes);
    next += bytes;
  }
  t.close();
  return end;
}

/** 2.2.7.10, 2.2.7.13: an error and a notice look alike. */
function problem(t: TreeBuilder, key: 'error' | 'info', title: string, at: number): number {
  const length = t.u16le(at + 1);
  const end = at + 3 + length;
  t.nest(t.put(key, new Uint8Array(0), at, 3 + length, title));
  t.put(`${key}.length`, length, at + 1, 2);
  t.put(`${key}.number`, t.u32le(at + 3), at + 3, 4);
  t.put(`${key}.state`, t.u8(at + 7), at + 7, 1);
  t.put(`${key}.class`, t.u8(at + 8), at + 8, 1);
  let next = at + 9;
  for (const [name, width] of [
    ['msgtext', 2],
    ['servername', 1],
    ['procname', 1],
  ] as const) {
    const characters = width === 2 ? t.u16le(next) : t.u8(next);
    t.put(`${key}.${name}_length`, characters, next, width);
    next += width;
    if (characters > 0) t.put(`${key}.${name}`, t.string(next, 2 * characters, 'utf16le'), next, 2 * characters);
    next += 2 * characters;
  }
  if (next + 2 <= end) t.put(`${key}.linenumber`, t.u16le(next), next, 2);
  t.close();
  return end;
}

/** 2.2.7.14. */
function loginAck(t: TreeBuilder, at: number): number {
  const length = t.u16le(at + 1);
  t.nest(t.put('loginack', new Uint8Array(0), at, 3 + length, 'Token - LoginAck'));
  t.put('loginack.length', length, at + 1, 2);
  t.put('loginack.interface', t.u8(at + 3), at + 3, 1);
  t.put('loginack.tdsversion', t.u32(at + 4), at + 4, 4);
  const characters = t.u8(at + 8);
  if (characters > 0) t.put('loginack.progname', t.string(at + 9, 2 * characters, 'utf16le'), at + 9, 2 * characters);
  const version = at + 9 + 2 * characters;
  if (version + 4 <= at + 3 + length) t.put('loginack.progversion', t.u32(version), version, 4);
  t.close();
  return at + 3 + length;
}

function order(t: TreeBuilder, at: number): number {
  const length = t.u16le(at + 1);
  t.nest(t.put('order', new Uint8Array(0), at, 3 + length, 'Token - Order'));
  t.put('order.length', length, at + 1, 2);
  for (let next = at + 3; next + 2 <= at + 3 + length; next += 2) t.put('order.colnum', t.u16le(next), next, 2);
  t.close();
  return at + 3 + length;
}

function features(t: TreeBuilder, at: number): number {
  t.nest(t.put('featureextack', new Uint8Array(0), at, 1, 'Token - FeatureExtAck'));
  let next = at + 1;
  for (let i = 0; i < MAX_COLUMNS && t.u8(next) !== FEATURE_END; i++) {
    const length = t.u32le(next + 1);
    t.need(next, 5 + length);
    t.nest(t.put('featureextack.feature', new Uint8Array(0), next, 5 + length, 'Feature'));
    t.put('featureextack.featureid', t.u8(next), next, 1);
    t.put('featureextack.featureackdatalen', length, next + 1, 4);
    if (length > 0) t.add('featureextack.featureackdata', next + 5, length);
    t.close();
    next += 5 + length;
  }
  t.close(next + 1);
  return next + 1;
}

function sessionState(t: TreeBuilder, at: number): number {
  const length = t.u32le(at + 1);
  const end = at + 5 + length;
  t.need(at, 5 + length);
  t.nest(t.put('sessionstate', new Uint8Array(0), at, 5 + length, 'Token - Session State'));
  t.put('sessionstate.length', length, at + 1, 4);
  t.put('sessionstate.seqno', t.u32le(at + 5), at + 5, 4);
  t.put('sessionstate.status', t.u8(at + 9), at + 9, 1);
  for (let next = at + 10, i = 0; i < MAX_COLUMNS && next + 2 <= end; i++) {
    t.put('sessionstate.stateid', t.u8(next), next, 1);
    const size = t.u8(next + 1);
    t.put('sessionstate.statelen', size, next + 1, 1);
    if (next + 2 + size > end) break;
    if (size > 0) t.add('sessionstate.statevalue', next + 2, size);
    next += 2 + size;
  }
  t.close();
  return end;
}
