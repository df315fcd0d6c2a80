/** Messages under encryption and compression ([MS-SMB2] 2.2.41, 2.2.42), and answers that are errors (2.2.2). */

import type { TreeBuilder } from '../../tree.ts';
import { flags, numbers } from './message.ts';

const TRANSFORM = 52;
const COMPRESSED = 16;
const SYMLINK = 0x4c4d5953;

export function transform(t: TreeBuilder): void {
  const { at } = t;
  t.nest(t.text('SMB2 Transform Header', at, TRANSFORM));
  t.put('protocol_id', t.u32(at), at, 4);
  t.add('header.transform.signature', at + 4, 16);
  t.add('header.transform.nonce', at + 20, 16);
  numbers(t, at + 36, 'header.transform.msg_size');
  t.add('header.transform.reserved', at + 40, 2);
  flags(t, 'header.transform.flags', t.u16le(at + 42), at + 42, 2);
  numbers(t, at + 44, 'sesid');
  t.close();
  if (t.end > at + TRANSFORM) {
    t.nest(t.text('Encrypted SMB3 data', at + TRANSFORM, t.end - at - TRANSFORM));
    t.add('header.transform.enc_data', at + TRANSFORM, t.end - at - TRANSFORM);
    t.close();
  }
  t.info('Encrypted SMB3');
}

export function compressed(t: TreeBuilder): void {
  const { at } = t;
  t.nest(t.text('SMB2 Compression Transform Header', at, COMPRESSED));
  t.put('protocol_id', t.u32(at), at, 4);
  numbers(t, at + 4, 'header.comp_transform.original_size');
  const isChained = (t.u16le(at + 10) & 1) !== 0;
  numbers(t, at + 8, 'header.comp_transform.comp_alg', 'header.comp_transform.flags');
  numbers(t, at + 12, isChained ? 'header.comp_transform.length' : 'header.comp_transform.offset');
  t.close();
  if (t.end > at + COMPRESSED) t.add('header.comp_transform.data', at + COMPRESSED, t.end - at - COMPRESSED);
  t.info('Compressed SMB3');
}

/** 2.2.2: a count of contexts, and bytes that depend on the status. */
export function errorResponse(t: TreeBuilder, at: number): void {
  if (!t.has(at + 2, 6)) return;
  const length = t.u32le(at + 4);
  numbers(t, at + 2, 'error.context_count', 'error.reserved', 'error.byte_count');
  const from = at + 8;
  const there = Math.min(Math.max(length, 1), t.end - from);
  if (there > 0) t.add('error.data', from, there);
  if (length >= 28 && t.has(from, 28) && t.u32le(from + 4) === SYMLINK) symlink(t, from);
}

/** 2.2.2.2.1: where a symbolic link leads. */
function symlink(t: TreeBuilder, at: number): void {
  t.put('symlink_error_response', '', at, t.u32le(at) + 4);
  t.nest(t.last());
  numbers(
    t,
    at,
    'symlink.length',
    'symlink.error_tag',
    'reparse_tag',
    'reparse_data_length',
    'symlink.unparsed_path_length',
  );
  const names = at + 28;
  name(t, 'symlink.substitute_name', names, at + 16);
  name(t, 'symlink.print_name', names, at + 20);
  numbers(t, at + 24, 'symlink.flags');
  t.close();
}

function name(t: TreeBuilder, key: string, names: number, at: number): void {
  const from = names + t.u16le(at);
  const length = t.u16le(at + 2);
  if (t.has(from, length)) t.put(key, t.string(from, length, 'utf16le'), from, length);
}
