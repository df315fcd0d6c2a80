/** The parts that the outermost `and` or `or` of a filter joins, so that one can be left out while its text stays. */

import type { Span } from './ast.ts';
import { parseFilter } from './parser.ts';

export interface FilterPart extends Span {
  /** As it stands in the filter. */
  readonly text: string;
}

export interface FilterParts {
  readonly joint: 'and' | 'or';
  readonly parts: readonly FilterPart[];
}

/** Null where the filter has no parts, or cannot be read. */
export function filterParts(text: string): FilterParts | null {
  const parsed = parseFilter(text);
  if (!parsed.ok || parsed.value === null) return null;
  const root = parsed.value;
  if (root.kind !== 'and' && root.kind !== 'or') return null;
  const parts = root.parts.map(({ start, end }) => ({ start, end, text: text.slice(start, end) }));
  return { joint: root.kind, parts };
}

/** The filter without the parts whose texts are given; the text as it is where there are none of them. */
export function withoutParts(text: string, texts: readonly string[]): string {
  const found = texts.length === 0 ? null : filterParts(text);
  if (found === null) return text;
  const left = found.parts.filter((part) => !texts.includes(part.text));
  if (left.length === found.parts.length) return text;
  return left.map((part) => part.text).join(` ${found.joint} `);
}
