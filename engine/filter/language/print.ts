/** A tree back to the text of a filter, with the parentheses it needs and no others. Parsing that text gives the same tree. */

import { assertNever } from '../../base/result.ts';
import type { FilterNode, OperandNode, RangeNode } from './ast.ts';
import { LEVELS } from './parser.ts';

/** The empty filter is the empty text. */
export function printFilter(node: FilterNode | null): string {
  return node === null ? '' : printNode(node, 0);
}

/** A string literal as it has to be written: for building filters from values of packets. */
export function quoteString(value: string): string {
  let text = '"';
  for (const c of value) {
    const code = c.codePointAt(0) ?? 0;
    if (c === '"' || c === '\\') text += `\\${c}`;
    else if (c === '\n') text += '\\n';
    else if (c === '\r') text += '\\r';
    else if (c === '\t') text += '\\t';
    else if (code < 0x20 || code === 0x7f) text += hexEscape(code);
    else if (code >= 0xdc80 && code <= 0xdcff) text += hexEscape(code - 0xdc00);
    else text += c;
  }
  return `${text}"`;
}

function hexEscape(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

function printNode(node: FilterNode, level: number): string {
  switch (node.kind) {
    case 'or':
    case 'xor':
    case 'and': {
      const own = LEVELS[node.kind];
      const text = node.parts.map((part) => printNode(part, own + 1)).join(` ${node.kind} `);
      return own < level ? `(${text})` : text;
    }
    case 'not': {
      const text = `not ${printNode(node.inner, LEVELS.not)}`;
      return LEVELS.not < level ? `(${text})` : text;
    }
    case 'compare': {
      let text = node.quantifier === undefined ? '' : `${node.quantifier} `;
      node.operands.forEach((operand, i) => {
        const sign = node.signs[i - 1];
        text += `${sign === undefined ? '' : ` ${sign.sign} `}${printOperand(operand, LEVELS['&'])}`;
      });
      return text;
    }
    case 'in': {
      const set = node.set.map(({ low, high }) => {
        const from = printOperand(low, LEVELS['&']);
        return high === undefined ? from : `${from} .. ${printOperand(high, LEVELS['&'])}`;
      });
      const quantifier = node.quantifier === undefined ? '' : `${node.quantifier} `;
      const word = node.isNegated ? 'not in' : 'in';
      return `${quantifier}${printOperand(node.operand, LEVELS['&'])} ${word} {${set.join(', ')}}`;
    }
    case 'test':
      return printOperand(node.operand, 0);
    default:
      return assertNever(node);
  }
}

function printOperand(node: OperandNode, level: number): string {
  switch (node.kind) {
    case 'word': {
      const only = node.only === 'field' ? '.' : node.only === 'value' ? ':' : '';
      return `${node.isRaw ? '@' : ''}${only}${node.text}${printLayers(node.layers)}`;
    }
    case 'string':
      return node.isRaw ? `r"${node.value}"` : quoteString(node.value);
    case 'char':
      return printChar(node.value);
    case 'reference':
      if (node.isMacro) return node.text;
      return `\${${node.isRaw ? '@' : ''}${node.text}${printLayers(node.layers)}}`;
    case 'slice':
      return `${printOperand(node.operand, LEVELS.negate + 1)}[${node.ranges.map(printRange).join(',')}]`;
    case 'call':
      return `${node.name}(${node.args.map((arg) => printOperand(arg, LEVELS['&'])).join(', ')})`;
    case 'arithmetic': {
      const own = LEVELS[node.sign];
      const text = `${printOperand(node.left, own)} ${node.sign} ${printOperand(node.right, own + 1)}`;
      return own < level ? `{${text}}` : text;
    }
    case 'negate': {
      const text = `-${printOperand(node.operand, LEVELS.negate)}`;
      return LEVELS.negate < level ? `{${text}}` : text;
    }
    default:
      return assertNever(node);
  }
}

function printLayers(layers: readonly RangeNode[] | undefined): string {
  return layers === undefined ? '' : `#[${layers.map(printRange).join(',')}]`;
}

function printRange({ offset, length, last }: RangeNode): string {
  if (last !== undefined) return `${offset}-${last}`;
  if (length === undefined) return `${offset}:`;
  return length === 1 ? `${offset}` : `${offset}:${length}`;
}

function printChar(value: number): string {
  if (value === 0x27 || value === 0x5c) return `'\\${String.fromCharCode(value)}'`;
  if (value < 0x20 || value === 0x7f || (value >= 0x80 && value <= 0xff)) return `'${hexEscape(value)}'`;
  return `'${String.fromCodePoint(value)}'`;
}
