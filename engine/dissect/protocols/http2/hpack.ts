/**
 * HPACK (RFC 7541): header blocks of one direction, with the table that they build up. A table is changed in place, block after
 * block in the order of the connection; what a block said is kept by the caller.
 */

import { decodeUtf8 } from '../../../base/text.ts';
import { decodeHuffman } from './huffman.ts';
import { STATIC_TABLE } from './static-table.ts';

/** RFC 7541 4.1: what an entry counts beside its name and value. */
const ENTRY_OVERHEAD = 32;
const DEFAULT_SIZE = 4096;
/** No honest peer asks for a larger table; what is claimed beyond it is not kept. */
const MAX_SIZE = 1 << 20;
/** Larger numbers are a damaged block. */
const MAX_INTEGER = 2 ** 28;

/** How a header field is written (RFC 7541 6). */
export const REPRESENTATION = {
  indexed: 'Indexed Header Field',
  incremental: 'Literal Header Field with Incremental Indexing',
  without: 'Literal Header Field without Indexing',
  never: 'Literal Header Field never Indexed',
} as const;

export interface HeaderField {
  /** Offset in the block, and bytes taken. */
  readonly at: number;
  readonly length: number;
  readonly name: string;
  readonly value: string;
  /** Their lengths in bytes, unpacked. */
  readonly nameLength: number;
  readonly valueLength: number;
  readonly representation: string;
  /** Index in the tables; 0: the name is new. */
  readonly index: number;
  /** The table has nothing at `index`: it was added before the capture began, or in a part that is missing. */
  readonly isUnknown: boolean;
}

export interface SizeUpdate {
  readonly at: number;
  readonly length: number;
  readonly size: number;
}

export interface Block {
  readonly fields: readonly HeaderField[];
  readonly updates: readonly SizeUpdate[];
  /** Bytes that were read; fewer than there are where a field goes on in the next frame, or the block is damaged. */
  readonly read: number;
  readonly isDamaged: boolean;
}

interface Entry {
  readonly name: string;
  readonly value: string;
  readonly nameLength: number;
  readonly valueLength: number;
}

interface Text {
  readonly text: string;
  readonly length: number;
  readonly next: number;
}

/** The bytes end within a field. */
const CUT = 'cut';
const DAMAGED = 'damaged';

export class HpackTable {
  /** Newest last; its index 62 in blocks. */
  private readonly entries: Entry[] = [];
  private start = 0;
  private size = 0;
  private maxSize = DEFAULT_SIZE;

  /** Reads [at, end); `limit`: fields that are returned, of more only the table's changes are kept. */
  decode(bytes: Uint8Array, at: number, end: number, limit: number): Block {
    const fields: HeaderField[] = [];
    const updates: SizeUpdate[] = [];
    let next = at;
    while (next < end) {
      const first = bytes[next];
      if ((first & 0xe0) === 0x20) {
        const size = integer(bytes, next, end, 5);
        if (typeof size === 'string') return { fields, updates, read: next - at, isDamaged: size === DAMAGED };
        this.resize(Math.min(MAX_SIZE, size.value));
        if (updates.length < limit) updates.push({ at: next, length: size.next - next, size: size.value });
        next = size.next;
        continue;
      }
      const field = this.field(bytes, next, end);
      if (typeof field === 'string') return { fields, updates, read: next - at, isDamaged: field === DAMAGED };
      if (fields.length < limit) fields.push(field);
      next += field.length;
    }
    return { fields, updates, read: next - at, isDamaged: false };
  }

  private field(bytes: Uint8Array, at: number, end: number): HeaderField | typeof CUT | typeof DAMAGED {
    const first = bytes[at];
    const isIndexed = (first & 0x80) !== 0;
    const isIncremental = !isIndexed && (first & 0x40) !== 0;
    const index = integer(bytes, at, end, isIndexed ? 7 : isIncremental ? 6 : 4);
    if (typeof index === 'string') return index;
    const known = index.value === 0 ? undefined : this.entry(index.value);
    if (isIndexed) {
      if (index.value === 0) return DAMAGED;
      return {
        at,
        length: index.next - at,
        ...(known ?? NOTHING),
        representation: REPRESENTATION.indexed,
        index: index.value,
        isUnknown: known === undefined,
      };
    }
    let next = index.next;
    let name: Text = { text: known?.name ?? '', length: known?.nameLength ?? 0, next };
    if (index.value === 0) {
      const read = string(bytes, next, end);
      if (typeof read === 'string') return read;
      name = read;
      next = read.next;
    }
    const value = string(bytes, next, end);
    if (typeof value === 'string') return value;
    const entry = { name: name.text, nameLength: name.length, value: value.text, valueLength: value.length };
    if (isIncremental) this.add(entry);
    const kind = isIncremental
      ? REPRESENTATION.incremental
      : (first & 0x10) !== 0
        ? REPRESENTATION.never
        : REPRESENTATION.without;
    return {
      at,
      length: value.next - at,
      ...entry,
      representation: `${kind} - ${index.value === 0 ? 'New' : 'Indexed'} Name`,
      index: index.value,
      isUnknown: index.value !== 0 && known === undefined,
    };
  }

  private entry(index: number): Entry | undefined {
    if (index <= STATIC_TABLE.length) {
      const [name, value] = STATIC_TABLE[index - 1];
      return { name, value, nameLength: name.length, valueLength: value.length };
    }
    const place = this.entries.length - (index - STATIC_TABLE.length);
    return place < this.start ? undefined : this.entries[place];
  }

  private add(entry: Entry): void {
    this.entries.push(entry);
    this.size += sizeOf(entry);
    this.evict();
  }

  private resize(size: number): void {
    this.maxSize = size;
    this.evict();
  }

  private evict(): void {
    while (this.size > this.maxSize && this.start < this.entries.length)
      this.size -= sizeOf(this.entries[this.start++]);
    if (this.start > 64 && this.start * 2 > this.entries.length) {
      this.entries.splice(0, this.start);
      this.start = 0;
    }
  }
}

const NOTHING: Entry = { name: '', value: '', nameLength: 0, valueLength: 0 };

function sizeOf({ nameLength, valueLength }: Entry): number {
  return nameLength + valueLength + ENTRY_OVERHEAD;
}

/** A number with a prefix of so many bits (RFC 7541 5.1). */
function integer(
  bytes: Uint8Array,
  at: number,
  end: number,
  bits: number,
): { readonly value: number; readonly next: number } | typeof CUT | typeof DAMAGED {
  const most = (1 << bits) - 1;
  let value = bytes[at] & most;
  let next = at + 1;
  if (value < most) return { value, next };
  for (let factor = 1; ; factor *= 128) {
    if (next >= end) return CUT;
    const byte = bytes[next++];
    value += (byte & 0x7f) * factor;
    if (value > MAX_INTEGER || factor > MAX_INTEGER) return DAMAGED;
    if ((byte & 0x80) === 0) return { value, next };
  }
}

/** A string, as it is or Huffman-coded (RFC 7541 5.2). */
function string(bytes: Uint8Array, at: number, end: number): Text | typeof CUT | typeof DAMAGED {
  if (at >= end) return CUT;
  const length = integer(bytes, at, end, 7);
  if (typeof length === 'string') return length;
  const next = length.next + length.value;
  if (next > end) return CUT;
  if ((bytes[at] & 0x80) === 0) return { text: decodeUtf8(bytes, length.next, next), length: length.value, next };
  const unpacked = decodeHuffman(bytes, length.next, next);
  if (unpacked === null) return DAMAGED;
  return { text: decodeUtf8(unpacked, 0, unpacked.length), length: unpacked.length, next };
}
