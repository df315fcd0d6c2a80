/** Colours for the text of a filter, whatever state it is in: what each piece of it is, for an editor. */

import type { FieldCatalog } from '../../base/fields.ts';
import { isFunctionName } from '../functions.ts';
import type { Span } from './ast.ts';
import { type Token, tokenize } from './lexer.ts';

export type HighlightKind =
  | 'field'
  | 'function'
  | 'operator'
  | 'keyword'
  | 'number'
  | 'address'
  | 'string'
  | 'value'
  | 'punctuation'
  | 'error';

export interface Highlight extends Span {
  readonly kind: HighlightKind;
}

/** With a catalogue, words are fields only where they are; without, every word that reads like one. */
export function highlightFilter(text: string, catalog?: FieldCatalog): Highlight[] {
  const tokens = tokenize(text);
  return tokens
    .filter((token) => token.kind !== 'end')
    .map((token, i) => ({ start: token.start, end: token.end, kind: kindOf(token, tokens[i + 1], catalog) }));
}

function kindOf(token: Token, next: Token | undefined, catalog: FieldCatalog | undefined): HighlightKind {
  switch (token.kind) {
    case 'string':
    case 'char':
      return 'string';
    case 'reference':
      return 'field';
    case 'macro':
      return 'function';
    case 'integer':
      return 'number';
    case 'error':
      return token.error?.code.endsWith('unterminated-string') ? 'string' : 'error'; // still being typed
    case 'sign':
      if (/^[a-z]/.test(token.text)) return 'keyword';
      return /^[(){}[\],:#@]$/.test(token.text) ? 'punctuation' : 'operator';
    default:
      return kindOfWord(token, next, catalog);
  }
}

function kindOfWord({ value, end }: Token, next: Token | undefined, catalog: FieldCatalog | undefined): HighlightKind {
  if (next?.value === '(' && next.start === end) return isFunctionName(value) ? 'function' : 'error';
  const name = value.startsWith('.') ? value.slice(1) : value;
  // As in the check: in another case a word without dots is rather a value (`ip.proto == TCP`).
  const field = catalog?.get(name);
  if (field !== undefined && (field.abbrev === name || name.includes('.'))) return 'field';
  if (/^(?:[0-9]+(?:\.[0-9]+)?|0[xX][0-9a-fA-F]+|0[bB][01]+)$/.test(value)) return 'number';
  if (
    /[:/]/.test(value) ||
    /^[0-9]+(?:\.[0-9]+)+$/.test(value) ||
    /^[0-9a-fA-F]{2}(?:[.-][0-9a-fA-F]{2})+$/.test(value)
  ) {
    return 'address';
  }
  return catalog === undefined ? 'field' : 'value';
}
