/** References (`${ip.src}`) filled in from the selected packet: what is one value afterwards is a constant like any other. */

import { assertNever } from '../base/result.ts';
import { type ValueSource, valuesOf } from './evaluate.ts';
import type { FilterTree, Operand, ReferenceOperand } from './language/checked.ts';
import { compute, negateValue } from './value.ts';

/** The tree with the values that its references have in `selected`; they have none where that is null. */
export function bindReferences(tree: FilterTree, selected: ValueSource | null): FilterTree {
  const operand = (one: Operand): Operand => bindOperand(one, selected);
  switch (tree.kind) {
    case 'and':
    case 'or':
      return { ...tree, parts: tree.parts.map((part) => bindReferences(part, selected)) };
    case 'xor':
      return { ...tree, left: bindReferences(tree.left, selected), right: bindReferences(tree.right, selected) };
    case 'not':
      return { ...tree, inner: bindReferences(tree.inner, selected) };
    case 'exists':
      return tree;
    case 'test':
      return { ...tree, operand: operand(tree.operand) };
    case 'compare':
      return { ...tree, left: operand(tree.left), right: operand(tree.right) };
    case 'contains':
      return { ...tree, operand: operand(tree.operand), needle: operand(tree.needle) };
    case 'matches':
      return { ...tree, operand: operand(tree.operand) };
    case 'in': {
      const set = tree.set.map(({ low, high }) => ({
        low: operand(low),
        high: high === undefined ? undefined : operand(high),
      }));
      return { ...tree, operand: operand(tree.operand), set };
    }
    default:
      return assertNever(tree);
  }
}

function bindOperand(operand: Operand, selected: ValueSource | null): Operand {
  switch (operand.kind) {
    case 'field':
    case 'literal':
      return operand;
    case 'reference':
      return bound(operand, selected);
    case 'slice':
      return { ...operand, operand: bindOperand(operand.operand, selected) };
    case 'call':
      return { ...operand, args: operand.args.map((arg) => bindOperand(arg, selected)) };
    case 'arithmetic': {
      const left = bindOperand(operand.left, selected);
      const right = bindOperand(operand.right, selected);
      if (left.kind !== 'literal' || right.kind !== 'literal') return { ...operand, left, right };
      const value = compute(operand.sign, operand.type, left.value, right.value);
      if (value === undefined) return { ...operand, left, right };
      return { kind: 'literal', type: operand.type, value, prefix: undefined };
    }
    case 'negate': {
      const inner = bindOperand(operand.operand, selected);
      if (inner.kind !== 'literal') return { ...operand, operand: inner };
      return { kind: 'literal', type: operand.type, value: negateValue(operand.type, inner.value), prefix: undefined };
    }
    default:
      return assertNever(operand);
  }
}

function bound(reference: ReferenceOperand, selected: ValueSource | null): Operand {
  if (selected === null) return reference;
  const values = valuesOf({ ...reference, kind: 'field' }, selected);
  const [only] = values;
  if (values.length !== 1 || only === undefined) return { ...reference, values };
  return { kind: 'literal', type: reference.type, value: only, prefix: undefined };
}
