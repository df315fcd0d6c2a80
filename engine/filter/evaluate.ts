/**
 * A checked filter over the values of one thing (a packet, a header chain, a protocol stack): the one place that knows what the
 * language means. Kernels only do the same faster for single columns.
 */

import type { Field, FieldValue } from '../base/fields.ts';
import { assertNever } from '../base/result.ts';
import { FUNCTIONS } from './functions.ts';
import type { CompareTree, FieldOperand, FilterTree, MembershipTree, Operand } from './language/checked.ts';
import { compute, containsValue, isInLayers, isZero, negateValue, satisfies, sliceBytes, valueBytes } from './value.ts';

/** One occurrence of a field. */
export interface Occurrence {
  /** Null for fields that have no value of their own (none, protocol). */
  readonly value: FieldValue | null;
  /** Which layer of its protocol it is in, from 1, and how many of those there are. */
  readonly layer: number;
  readonly layers: number;
  /** The bytes it covers. */
  bytes(): Uint8Array;
  /** Of a protocol: its bytes and those of what it carries, in which `contains` and `matches` look. */
  reach?(): Uint8Array;
}

/** Where values come from. */
export interface ValueSource {
  occurrences(field: Field): readonly Occurrence[];
}

/** Is the filter true of what the source holds? */
export function evaluate(tree: FilterTree, source: ValueSource): boolean {
  switch (tree.kind) {
    case 'and':
      return tree.parts.every((part) => evaluate(part, source));
    case 'or':
      return tree.parts.some((part) => evaluate(part, source));
    case 'xor':
      return evaluate(tree.left, source) !== evaluate(tree.right, source);
    case 'not':
      return !evaluate(tree.inner, source);
    case 'exists':
      return found(tree.operand, source).length > 0;
    case 'test':
      return tree.operand.kind === 'slice'
        ? valuesOf(tree.operand, source).length > 0
        : valuesOf(tree.operand, source).some((value) => !isZero(value));
    case 'compare':
      return compare(tree, source);
    case 'contains': {
      const needles = valuesOf(tree.needle, source);
      return quantified(tree.quantifier, searchedIn(tree.operand, source), (value) =>
        needles.some((needle) => containsValue(value, needle)),
      );
    }
    case 'matches':
      return quantified(tree.quantifier, searchedIn(tree.operand, source), (value) =>
        tree.regex.test(typeof value === 'string' ? utf8.encode(value) : (value as Uint8Array)),
      );
    case 'in':
      return quantified(tree.quantifier, valuesOf(tree.operand, source), (value) => isIn(tree, value, source));
    default:
      return assertNever(tree);
  }
}

const utf8 = new TextEncoder();

function quantified(
  quantifier: 'any' | 'all',
  values: readonly FieldValue[],
  test: (value: FieldValue) => boolean,
): boolean {
  return quantifier === 'any' ? values.some(test) : values.length > 0 && values.every(test);
}

function compare(tree: CompareTree, source: ValueSource): boolean {
  const left = valuesOf(tree.left, source);
  if (left.length === 0) return false;
  const right = valuesOf(tree.right, source);
  if (right.length === 0) return false;
  const prefix = tree.right.kind === 'literal' ? tree.right.prefix : undefined;
  const test = (a: FieldValue): boolean =>
    tree.quantifier === 'any'
      ? right.some((b) => satisfies(tree.op, a, b, prefix))
      : right.every((b) => satisfies(tree.op, a, b, prefix));
  return tree.quantifier === 'any' ? left.some(test) : left.every(test);
}

function isIn(tree: MembershipTree, value: FieldValue, source: ValueSource): boolean {
  return tree.set.some(({ low, high }) => {
    const lows = valuesOf(low, source);
    if (high === undefined) {
      const prefix = low.kind === 'literal' ? low.prefix : undefined;
      return lows.some((item) => satisfies('eq', value, item, prefix));
    }
    const highs = valuesOf(high, source);
    return lows.some((a) => satisfies('ge', value, a) && highs.some((b) => satisfies('le', value, b)));
  });
}

/** Occurrences of a field operand in the layers it asks for. */
function found(operand: FieldOperand, source: ValueSource): readonly Occurrence[] {
  const all = source.occurrences(operand.field);
  const { layers } = operand;
  return layers === undefined ? all : all.filter((one) => isInLayers(layers, one.layer, one.layers));
}

/** What `contains` and `matches` look through: of a protocol more than its own bytes, `tcp contains "GET"` finds what TCP carries. */
function searchedIn(operand: Operand, source: ValueSource): readonly FieldValue[] {
  if (operand.kind !== 'field' || operand.type !== 'protocol' || operand.isRaw) return valuesOf(operand, source);
  return found(operand, source).map((one) => one.reach?.() ?? one.bytes());
}

/** All values of an operand. */
export function valuesOf(operand: Operand, source: ValueSource): readonly FieldValue[] {
  switch (operand.kind) {
    case 'literal':
      return [operand.value];
    case 'reference':
      return operand.values;
    case 'field': {
      const isBytes = operand.isRaw || operand.type === 'protocol' || operand.type === 'none';
      return found(operand, source).map((one) => (isBytes || one.value === null ? one.bytes() : one.value));
    }
    case 'slice': {
      const inner = operand.operand;
      return valuesOf(inner, source)
        .map((value) => sliceBytes(valueBytes(inner.type, value), operand.ranges))
        .filter((bytes) => bytes !== undefined);
    }
    case 'call': {
      const args = operand.args.map((arg) => ({
        type: arg.type,
        values: valuesOf(arg, source),
        field: arg.kind === 'field' ? arg.field : undefined,
      }));
      return FUNCTIONS[operand.name].apply(args);
    }
    case 'arithmetic': {
      const right = valuesOf(operand.right, source);
      const results: FieldValue[] = [];
      for (const a of valuesOf(operand.left, source)) {
        for (const b of right) {
          const result = compute(operand.sign, operand.type, a, b);
          if (result !== undefined) results.push(result);
        }
      }
      return results;
    }
    case 'negate':
      return valuesOf(operand.operand, source).map((value) => negateValue(operand.type, value));
    default:
      return assertNever(operand);
  }
}

/** Every field a filter reads. */
export function fieldsOf(tree: FilterTree): readonly Field[] {
  const fields = new Set<Field>();
  const operand = (one: Operand): void => {
    switch (one.kind) {
      case 'field':
        fields.add(one.field);
        break;
      case 'slice':
      case 'negate':
        operand(one.operand);
        break;
      case 'call':
        one.args.forEach(operand);
        break;
      case 'arithmetic':
        operand(one.left);
        operand(one.right);
        break;
      case 'literal':
      case 'reference': // of another packet
        break;
      default:
        assertNever(one);
    }
  };
  const visit = (one: FilterTree): void => {
    switch (one.kind) {
      case 'and':
      case 'or':
        one.parts.forEach(visit);
        break;
      case 'xor':
        visit(one.left);
        visit(one.right);
        break;
      case 'not':
        visit(one.inner);
        break;
      case 'exists':
      case 'test':
        operand(one.operand);
        break;
      case 'compare':
        operand(one.left);
        operand(one.right);
        break;
      case 'contains':
        operand(one.operand);
        operand(one.needle);
        break;
      case 'matches':
        operand(one.operand);
        break;
      case 'in':
        operand(one.operand);
        for (const { low, high } of one.set) {
          operand(low);
          if (high !== undefined) operand(high);
        }
        break;
      default:
        assertNever(one);
    }
  };
  visit(tree);
  return [...fields];
}
