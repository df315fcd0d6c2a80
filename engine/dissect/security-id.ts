/** Security identifiers ([MS-DTYP] 2.4.2): `S-1-5-21-...`, and the fields they are. */

import { toHex } from '../base/hex.ts';
import type { FieldSpec } from './field-spec.ts';
import type { TreeBuilder } from './tree.ts';

const HEADER = 8;
const MAX_PARTS = 15;

export const sidFields: Readonly<Record<string, FieldSpec>> = {
  'nt.sid': { type: 'string', label: 'SID', many: true, abbrev: 'nt.sid' },
  'nt.sid.revision': { type: 'u8', label: 'Revision', many: true, abbrev: 'nt.sid.revision' },
  'nt.sid.num_auth': { type: 'u8', label: 'Num Auth', many: true, abbrev: 'nt.sid.num_auth' },
  'nt.sid.auth': { type: 'u64', label: 'Authority', many: true, abbrev: 'nt.sid.auth' },
  'nt.sid.subauth': { type: 'string', label: 'Subauthorities', many: true, abbrev: 'nt.sid.subauth' },
};

/** Does a SID of that length stand at `at`? */
export function isSid(t: TreeBuilder, at: number, length: number): boolean {
  if (length < HEADER || !t.has(at, length)) return false;
  const count = t.u8(at + 1);
  return t.u8(at) === 1 && count <= MAX_PARTS && length >= HEADER + 4 * count;
}

/** Shows one and what it is made of. Returns the offset after it. */
export function showSid(t: TreeBuilder, at: number, title: string): number {
  const count = Math.min(MAX_PARTS, t.u8(at + 1));
  const length = HEADER + 4 * count;
  t.need(at, length);
  const authority = BigInt(`0x${toHex(t.bytes, '', at + 2, at + 8)}`);
  const parts = Array.from({ length: count }, (_, i) => t.u32le(at + HEADER + 4 * i)).join('-');
  const text = `S-${t.u8(at)}-${authority}${count > 0 ? `-${parts}` : ''}`;
  t.nest(t.put('nt.sid', text, at, length, `${title}: ${text}`));
  t.add('nt.sid.revision', at);
  t.add('nt.sid.num_auth', at + 1);
  t.put('nt.sid.auth', authority, at + 2, 6);
  t.put('nt.sid.subauth', parts, at + HEADER, 4 * count);
  t.close();
  return at + length;
}
