/** What a leaf of a filter asks of numbers: its comparison as intervals, where it is one with literals. */

import type { FieldValue } from '../base/fields.ts';
import { assertNever } from '../base/result.ts';
import type { ColumnField } from './column-fields.ts';
import { evaluate } from './evaluate.ts';
import type { Intervals } from './kernels.ts';
import type { CompareTree, FieldOperand, FilterTree, MembershipTree, Operand } from './language/checked.ts';
import { occurrence } from './occurrences.ts';

export const ANY_NUMBER: Intervals = [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]];

/** Does any operand ask for certain layers or raw bytes? Columns know neither. */
export function hasLayers(tree: FilterTree): boolean {
  return operandsOf(tree).some(
    (operand) => operand.kind === 'field' && (operand.layers !== undefined || operand.isRaw),
  );
}

export function operandsOf(tree: FilterTree): readonly Operand[] {
  switch (tree.kind) {
    case 'exists':
    case 'test':
      return [tree.operand];
    case 'compare':
      return [tree.left, tree.right];
    case 'contains':
      return [tree.operand, tree.needle];
    case 'matches':
    case 'in':
      return [tree.operand];
    case 'and':
    case 'or':
    case 'not':
    case 'xor':
      return [];
    default:
      return assertNever(tree);
  }
}

/** A comparison of the field itself with literals as intervals of numbers; null where it is anything else. */
export function intervalsOf(tree: FilterTree, number: (value: FieldValue) => number): Intervals | null {
  if (tree.kind === 'compare') return compareIntervals(tree, number);
  if (tree.kind === 'in') return setIntervals(tree, number);
  return null;
}

export function isPlain(operand: Operand): operand is FieldOperand {
  return operand.kind === 'field' && operand.layers === undefined && !operand.isRaw;
}

function compareIntervals(tree: CompareTree, number: (value: FieldValue) => number): Intervals | null {
  if (!isPlain(tree.left) || tree.right.kind !== 'literal') return null;
  const infinity = Number.POSITIVE_INFINITY;
  if (tree.right.prefix !== undefined)
    return tree.op === 'eq' && typeof tree.right.value === 'number'
      ? [block(tree.right.value, tree.right.prefix)]
      : null;
  const value = number(tree.right.value);
  switch (tree.op) {
    case 'eq':
      return [[value, value]];
    case 'ne':
      return [
        [-infinity, value - 1],
        [value + 1, infinity],
      ];
    case 'lt':
      return [[-infinity, value - 1]];
    case 'le':
      return [[-infinity, value]];
    case 'gt':
      return [[value + 1, infinity]];
    case 'ge':
      return [[value, infinity]];
    default:
      return assertNever(tree.op);
  }
}

/** First and last address of an IPv4 block. */
function block(address: number, prefix: number): [number, number] {
  const size = 2 ** (32 - prefix);
  const first = Math.floor(address / size) * size;
  return [first, first + size - 1];
}

function setIntervals(tree: MembershipTree, number: (value: FieldValue) => number): Intervals | null {
  if (!isPlain(tree.operand)) return null;
  const intervals: [number, number][] = [];
  for (const { low, high } of tree.set) {
    if (low.kind !== 'literal' || (high !== undefined && high.kind !== 'literal')) return null;
    if (low.prefix !== undefined) {
      if (typeof low.value !== 'number') return null;
      intervals.push(block(low.value, low.prefix));
      continue;
    }
    intervals.push([number(low.value), number((high ?? low).value)]);
  }
  return intervals.sort((a, b) => a[0] - b[0]);
}

/** Any other question about one narrow column: asked once for each value it can have. */
export function enumerated(tree: FilterTree, field: ColumnField): Intervals | null {
  const size = field.part.mask === 0 ? (field.part.column === 'window' ? 65536 : 0) : field.part.mask + 1;
  if (size === 0 || size > 65536) return null;
  const intervals: [number, number][] = [];
  for (let value = 0; value < size; value++) {
    const one = occurrence(value, 1, 1);
    if (!evaluate(tree, { occurrences: () => [one] })) continue;
    const last = intervals[intervals.length - 1];
    if (last !== undefined && last[1] === value - 1) last[1] = value;
    else intervals.push([value, value]);
  }
  return intervals.length === 0 ? [[1, 0]] : intervals;
}
