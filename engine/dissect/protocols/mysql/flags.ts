/** Words of flags in MySQL's protocol: what both sides can do, how the server stands, what a column is. */

import type { FieldSpec } from '../../field-spec.ts';
import type { TreeBuilder } from '../../tree.ts';

type Flag = readonly [name: string, label: string, bit: number];

const CAPABILITIES: readonly Flag[] = [
  ['lp', 'Long Password', 0],
  ['fr', 'Found Rows', 1],
  ['lf', 'Long Column Flags', 2],
  ['cd', 'Connect With Database', 3],
  ['ns', 'No database.table.column', 4],
  ['cp', 'Compression', 5],
  ['ob', 'ODBC Client', 6],
  ['li', 'LOAD DATA LOCAL', 7],
  ['is', "Spaces before '(' ignored", 8],
  ['cu', 'Protocol 4.1 (new flag)', 9],
  ['ia', 'Interactive Client', 10],
  ['sl', 'TLS after the greeting', 11],
  ['ii', 'SIGPIPE ignored', 12],
  ['ta', 'Transactions', 13],
  ['rs', 'Protocol 4.1 (old flag)', 14],
  ['sc', 'Authentication of 4.1', 15],
];
const EXTENDED: readonly Flag[] = [
  ['ms', 'Multiple statements', 0],
  ['mr', 'Multiple results', 1],
  ['pm', 'Multiple results of prepared statements', 2],
  ['pa', 'Authentication plugins', 3],
  ['ca', 'Connection attributes', 4],
  ['ep', 'Expired passwords', 6],
  ['session_track', 'Session tracking', 7],
  ['deprecate_eof', 'No EOF packets', 8],
  ['optional_metadata', 'Optional metadata', 9],
  ['compress_zsd', 'Compression by zstd', 10],
  ['query_attrs', 'Query attributes', 11],
  ['mf_auth', 'Several factors', 12],
  ['cap_ext', 'Capability extension', 13],
];
const STATUS: readonly Flag[] = [
  ['it', 'In transaction', 0],
  ['ac', 'Auto-commit', 1],
  ['mu', 'Multiple queries', 2],
  ['mr', 'More results', 3],
  ['bi', 'Bad index used', 4],
  ['ni', 'No index used', 5],
  ['cr', 'Cursor exists', 6],
  ['lr', 'Last row sent', 7],
  ['dr', 'Database dropped', 8],
  ['bs', 'No backslash escapes', 9],
  ['mc', 'Metadata changed', 10],
  ['query_was_slow', 'Query was slow', 11],
  ['ps_out_params', 'Output parameters', 12],
  ['trans_readonly', 'Read-only transaction', 13],
  ['session_state_changed', 'Session state changed', 14],
];
const COLUMN: readonly Flag[] = [
  ['not_null', 'Not null', 0],
  ['primary_key', 'Primary key', 1],
  ['unique_key', 'Unique key', 2],
  ['multiple_key', 'Multiple key', 3],
  ['blob', 'Blob', 4],
  ['unsigned', 'Unsigned', 5],
  ['zero_fill', 'Zero fill', 6],
  ['enum', 'Enum', 8],
  ['auto_increment', 'Auto increment', 9],
  ['timestamp', 'Timestamp', 10],
  ['set', 'Set', 11],
];

function fieldsOf(prefix: string, flags: readonly Flag[]): [string, FieldSpec][] {
  return flags.map(([name, label, bit]) => [
    `${prefix}.${name}`,
    { type: 'bool', of: 'u16', bits: [bit, bit], label, little: true, many: true },
  ]);
}

export const flagFields: Readonly<Record<string, FieldSpec>> = Object.fromEntries([
  ...fieldsOf('caps', CAPABILITIES),
  ...fieldsOf('caps', EXTENDED),
  ['caps.unused', { type: 'u16', show: 'hex', bits: [15, 14], label: 'Unused', little: true, many: true }],
  ...fieldsOf('stat', STATUS),
  ['field.flags', { type: 'u16', show: 'hex', label: 'Flags', little: true, many: true }],
  ...fieldsOf('field.flags', COLUMN),
]);

function word(t: TreeBuilder, key: string, at: number, prefix: string, flags: readonly Flag[]): void {
  t.add(key, at);
  t.nest(t.last());
  for (const [name] of flags) t.add(`${prefix}.${name}`, at, 2);
}

export function capabilities(t: TreeBuilder, key: 'caps.server' | 'caps.client', at: number): void {
  word(t, key, at, 'caps', CAPABILITIES);
  t.close();
}

export function extendedCapabilities(t: TreeBuilder, key: 'extcaps.server' | 'extcaps.client', at: number): void {
  word(t, key, at, 'caps', EXTENDED);
  t.add('caps.unused', at);
  t.close();
}

export function status(t: TreeBuilder, at: number): void {
  word(t, 'server_status', at, 'stat', STATUS);
  t.close();
}

export function columnFlags(t: TreeBuilder, at: number): void {
  word(t, 'field.flags', at, 'field.flags', COLUMN);
  t.close();
}
