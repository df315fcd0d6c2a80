/** Search filters (RFC 4511 4.5.1.7), as rows and as the text that people write (RFC 4515). */

import { type BerElement, berChildren } from '../../ber.ts';
import type { TreeBuilder } from '../../tree.ts';
import { count, leaf, text, truth } from './elements.ts';
import { FILTERS } from './names.ts';

const MAX_DEPTH = 24;
const CHOICE = {
  and: 0,
  or: 1,
  not: 2,
  equal: 3,
  substrings: 4,
  greater: 5,
  less: 6,
  present: 7,
  approx: 8,
  extensible: 9,
} as const;
const COMPARISONS: Readonly<Record<number, readonly [string, string]>> = {
  3: ['ldap.equalityMatch_element', '='],
  5: ['ldap.greaterOrEqual_element', '>='],
  6: ['ldap.lessOrEqual_element', '<='],
  8: ['ldap.approxMatch_element', '~='],
};
const PIECES = ['ldap.initial', 'ldap.any', 'ldap.final'] as const;

/** Adds the rows of a filter; returns its text. `key`: what it is in the filter around it. */
export function filter(t: TreeBuilder, element: BerElement, key: string, depth: number): string {
  if (depth > MAX_DEPTH) t.fail();
  const choice = element.number;
  const node = t.put(key, choice, element.at, element.end - element.at);
  t.nest(node);
  const written = content(t, element, choice, depth);
  t.close();
  const { label } = t.protocol.fields.get(key)?.field ?? { label: key };
  node.text = `${label}: ${FILTERS[choice] ?? 'unknown'} (${choice})`;
  return written;
}

function content(t: TreeBuilder, element: BerElement, choice: number, depth: number): string {
  const comparison = COMPARISONS[choice];
  if (comparison !== undefined) {
    const [name, value] = berChildren(t.bytes, element);
    t.nest(t.put(comparison[0], new Uint8Array(0), element.at, element.end - element.at));
    leaf(t, 'ldap.attributeDesc', name);
    leaf(t, 'ldap.assertionValue', value);
    t.close();
    return `(${text(t, name)}${comparison[1]}${text(t, value)})`;
  }
  switch (choice) {
    case CHOICE.and:
    case CHOICE.or: {
      const isAnd = choice === CHOICE.and;
      const items = berChildren(t.bytes, element);
      t.nest(count(t, isAnd ? 'ldap.and' : 'ldap.or', element, items.length));
      const inner = items.map((item) => filter(t, item, isAnd ? 'ldap.and_item' : 'ldap.or_item', depth + 1));
      t.close();
      return `(${isAnd ? '&' : '|'}${inner.join('')})`;
    }
    case CHOICE.not: {
      const [inner] = berChildren(t.bytes, element);
      return inner === undefined ? '(!)' : `(!${filter(t, inner, 'ldap.not', depth + 1)})`;
    }
    case CHOICE.present:
      leaf(t, 'ldap.present', element);
      return `(${text(t, element)}=*)`;
    case CHOICE.substrings:
      return substrings(t, element);
    case CHOICE.extensible:
      return extensible(t, element);
    default:
      return '(?)';
  }
}

function substrings(t: TreeBuilder, element: BerElement): string {
  const [type, list] = berChildren(t.bytes, element);
  t.nest(t.put('ldap.substrings_element', new Uint8Array(0), element.at, element.end - element.at));
  leaf(t, 'ldap.type', type);
  let written = '';
  if (list !== undefined) {
    const pieces = berChildren(t.bytes, list);
    t.nest(count(t, 'ldap.substrings', list, pieces.length));
    pieces.forEach((piece, i) => {
      leaf(t, PIECES[piece.number] ?? 'ldap.any', piece);
      if (i === 0 && piece.number !== 0) written += '*';
      written += text(t, piece);
      if (piece.number !== 2) written += '*';
    });
    t.close();
  }
  t.close();
  return `(${text(t, type)}=${written})`;
}

function extensible(t: TreeBuilder, element: BerElement): string {
  const parts = new Map(berChildren(t.bytes, element).map((part) => [part.number, part]));
  t.nest(t.put('ldap.extensibleMatch_element', new Uint8Array(0), element.at, element.end - element.at));
  leaf(t, 'ldap.matchingRule', parts.get(1));
  leaf(t, 'ldap.type', parts.get(2));
  leaf(t, 'ldap.matchValue', parts.get(3));
  truth(t, 'ldap.dnAttributes', parts.get(4));
  t.close();
  const rule = text(t, parts.get(1));
  return `(${text(t, parts.get(2))}${rule === '' ? '' : `:${rule}`}:=${text(t, parts.get(3))})`;
}
