/** NFS file handles: opaque bytes that people tell apart by a checksum (CRC-32 of ISO 3309), as Wireshark shows them. */

import { hexNumber } from '../../../base/hex.ts';
import type { FieldSpec } from '../../field-spec.ts';
import type { TreeBuilder } from '../../tree.ts';

const POLYNOMIAL = 0xedb88320;
const MAX_HANDLE = 128;

export const handleFields = {
  'fh.length': { type: 'u32', label: 'length', abbrev: 'nfs.fh.length', many: true },
  'fh.hash': { type: 'u32', label: 'hash (CRC-32)', show: 'hex', abbrev: 'nfs.fh.hash', many: true },
  fhandle: { type: 'bytes', label: 'FileHandle', abbrev: 'nfs.fhandle', many: true },
} as const satisfies Readonly<Record<string, FieldSpec>>;

/** Handles are short: no table is worth it. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ POLYNOMIAL;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** A handle of known length; returns its checksum as text. */
export function fileHandle(t: TreeBuilder, label: string, at: number, length: number, from = at): string {
  if (length > MAX_HANDLE) t.fail();
  const hash = crc32(t.slice(at, length));
  t.nest(t.text(label, from, at + length - from));
  if (from < at) t.put('fh.length', length, from, 4);
  t.generated('fh.hash', hash, at, length);
  t.add('fhandle', at, length);
  t.close();
  return hexNumber(hash, 4);
}

/** A handle behind its length (versions 3 and 4). */
export function fileHandle3(
  t: TreeBuilder,
  label: string,
  at: number,
): { readonly hash: string; readonly end: number } {
  const length = t.u32(at);
  const hash = fileHandle(t, label, at + 4, length, at);
  return { hash, end: at + 4 + length + ((4 - (length % 4)) % 4) };
}
