/** Rows of headers that both kinds of DCE/RPC have: how numbers are written, and bits of flags (C706 12.6.3, 12.5.2, 14.1). */

import type { FieldSpec } from '../../field-spec.ts';
import type { TreeBuilder } from '../../tree.ts';

const FLAGS1 = ['rsrvd_80', 'broadcast', 'idempotent', 'maybe', 'nofack', 'frag', 'last_frag', 'rsrvd_01'] as const;
const FLAGS2 = [
  'rsrvd_80',
  'rsrvd_40',
  'rsrvd_20',
  'rsrvd_10',
  'rsrvd_08',
  'rsrvd_04',
  'cancel_pending',
  'rsrvd_01',
] as const;
const LABELS: Readonly<Record<string, string>> = {
  broadcast: 'Broadcast',
  idempotent: 'Idempotent',
  maybe: 'Maybe',
  nofack: 'No Fack',
  frag: 'Fragment',
  last_frag: 'Last Fragment',
  cancel_pending: 'Cancel Pending',
};

function bitFields(prefix: string, names: readonly string[]): Record<string, FieldSpec> {
  return Object.fromEntries(
    names.map((name, i) => [
      `${prefix}_${name}`,
      { type: 'bool', of: 'u8', bits: [7 - i, 7 - i], label: LABELS[name] ?? 'Reserved' } satisfies FieldSpec,
    ]),
  );
}

export const headerRowFields: Readonly<Record<string, FieldSpec>> = {
  'drep.byteorder': { type: 'u8', label: 'Byte order', names: { 0: 'Big-endian', 1: 'Little-endian' } },
  'drep.character': { type: 'u8', label: 'Character', names: { 0: 'ASCII', 1: 'EBCDIC' } },
  'drep.fp': { type: 'u8', label: 'Floating-point', names: { 0: 'IEEE', 1: 'VAX', 2: 'Cray', 3: 'IBM' } },
  ...bitFields('dg_flags1', FLAGS1),
  ...bitFields('dg_flags2', FLAGS2),
  dg_serial_hi: { type: 'u8', show: 'hex', label: 'Serial High' },
  dg_serial_lo: { type: 'u8', show: 'hex', label: 'Serial Low' },
  dg_server_boot: { type: 'time', label: 'Server boot time' },
  dg_ihint: { type: 'u16', show: 'hex', label: 'Interface Hint' },
  dg_ahint: { type: 'u16', show: 'hex', label: 'Activity Hint' },
  dg_auth_proto: { type: 'u8', label: 'Auth proto', names: { 0: 'None', 1: 'OSF DCE Private Key Authentication' } },
  'cn_ctx_id.no_bind': { type: 'none', label: 'No bind information for this context' },
  cn_ctx_item: { type: 'none', label: 'Ctx Item', many: true },
  cn_bind_abstract_syntax: { type: 'none', label: 'Abstract Syntax', many: true },
  cn_bind_trans: { type: 'none', label: 'Transfer Syntax', many: true },
  cn_bind_trans_btfn: { type: 'u16', show: 'hex', label: 'Bind Time Features', many: true },
  'cn_bind_trans_btfn.01': {
    type: 'bool',
    of: 'u16',
    bits: [0, 0],
    label: 'Security Context Multiplexing Supported',
    many: true,
  },
  'cn_bind_trans_btfn.02': {
    type: 'bool',
    of: 'u16',
    bits: [1, 1],
    label: 'Keep Connection On Orphan Supported',
    many: true,
  },
  auth_info: { type: 'none', label: 'Auth Info', many: true },
  auth_padding: { type: 'bytes', label: 'Auth Padding', many: true },
  fragments: { type: 'none', label: 'Reassembled DCE/RPC Fragments' },
  fragment: { type: 'frame', label: 'DCE/RPC Fragment', many: true },
  'fragment.count': { type: 'u32', label: 'Fragment count' },
  'reassembled.length': { type: 'u32', label: 'Reassembled DCE/RPC length' },
};

/** How numbers, characters and fractions are written. */
export function representation(t: TreeBuilder, at: number, length: number): void {
  t.add('drep', at, length);
  t.nest(t.last());
  t.put('drep.byteorder', t.u8(at) >>> 4, at, 1);
  t.put('drep.character', t.u8(at) & 0xf, at, 1);
  t.put('drep.fp', t.u8(at + 1), at + 1, 1);
  t.close();
}

export function datagramFlags(t: TreeBuilder, at: number): void {
  for (const [i, names] of [FLAGS1, FLAGS2].entries()) {
    const key = `dg_flags${i + 1}`;
    t.add(key, at + i);
    t.nest(t.last());
    for (const name of names) t.add(`${key}_${name}`, at + i);
    t.close();
  }
}

/** [MS-RPCE] 2.2.2.14: a transfer syntax that is none, whose last bytes are what both sides can do. */
export function bindTimeFeatures(t: TreeBuilder, uuidAt: number): void {
  const value = t.u16le(uuidAt + 8);
  t.nest(t.put('cn_bind_trans_btfn', value, uuidAt + 8, 2));
  t.put('cn_bind_trans_btfn.01', value & 1, uuidAt + 8, 2);
  t.put('cn_bind_trans_btfn.02', (value >> 1) & 1, uuidAt + 8, 2);
  t.close();
}
