/** Fields made from the tables of flag words. */

import type { FieldSpec } from '../../../field-spec.ts';
import { FLAG_WORDS, type FlagWord } from './flag-words.ts';
import { VOLUME_WORDS } from './volume-words.ts';

const WORDS: Readonly<Record<string, FlagWord>> = { ...FLAG_WORDS, ...VOLUME_WORDS };

/** A word in 16 bits and in 32 is one field. */
const SHARED: Readonly<Record<string, string>> = { ext_file_attribute: 'file_attribute' };
const WIDE = new Set(Object.values(SHARED));

export interface Bits {
  readonly field: string;
  readonly high: number;
  readonly low: number;
}

export interface Word {
  readonly field: string;
  readonly length: 1 | 2 | 4;
  readonly bits: readonly Bits[];
}

const LENGTHS = { u8: 1, u16: 2, u32: 4 } as const;

function specs(): Record<string, FieldSpec> {
  const all: Record<string, FieldSpec> = {};
  for (const [key, { type, label, prefix, parts }] of Object.entries(WORDS)) {
    const field = SHARED[key] ?? key;
    all[field] = { type: WIDE.has(field) ? 'u32' : type, show: 'hex', label, many: true };
    for (const [name, title, high, low, names] of parts)
      all[`${prefix}.${name}`] =
        low === undefined
          ? { type: 'bool', of: type, bits: [high, high], label: title, many: true }
          : { type, bits: [high, low], label: title, many: true, ...(names === undefined ? {} : { names }) };
  }
  return all;
}

export const wordFields: Readonly<Record<string, FieldSpec>> = specs();

/** What to read for a word, by its key in the tables. */
export const WORD: ReadonlyMap<string, Word> = new Map(
  Object.entries(WORDS).map(([key, { type, prefix, parts }]) => [
    key,
    {
      field: SHARED[key] ?? key,
      length: LENGTHS[type],
      bits: parts.map(([name, , high, low]) => ({ field: `${prefix}.${name}`, high, low: low ?? high })),
    },
  ]),
);
