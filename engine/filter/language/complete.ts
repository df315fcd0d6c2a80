/** What may come next at the cursor of a filter: names, signs, values. Works on tokens, so the rest may be unfinished. */

import type { Field, FieldCatalog } from '../../base/fields.ts';
import { FUNCTION_NAMES, FUNCTIONS } from '../functions.ts';
import { typeClass } from '../value.ts';
import { COMPARE_SIGNS, type Token, tokenize } from './lexer.ts';
import { typeText } from './literals.ts';
import { quoteString } from './print.ts';
import { lowerCaseNames } from './suggest.ts';

export type OptionKind = 'field' | 'protocol' | 'function' | 'operator' | 'keyword' | 'value';

export interface CompletionOption {
  /** What is put in place of [from, to). */
  readonly text: string;
  readonly kind: OptionKind;
  /** A field's label, a value's number. */
  readonly detail: string;
  /** Of a field: the dictionary's key of the name of its type. */
  readonly typeKey: string | undefined;
}

export interface Completion {
  readonly from: number;
  readonly to: number;
  readonly options: readonly CompletionOption[];
  /** False where more would fit than were asked for. */
  readonly isComplete: boolean;
  /** The field whose values may stand here, where that is what is wanted. */
  readonly valuesOf: Field | undefined;
}

export interface CompleteOptions {
  /** At most so many options. */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 100;

/** What the place of the cursor asks for. */
type Expected =
  /** A condition begins: a field, a protocol, a function, `not`. */
  | { readonly what: 'operand' }
  /** Behind an operand: signs that suit it, `and`, `or`. */
  | { readonly what: 'operator'; readonly field: Field | undefined }
  /** Behind a comparison or in a set: values of the field, other fields. */
  | { readonly what: 'value'; readonly field: Field | undefined }
  /** Behind a value: `and`, `or`; in a set nothing that has a name. */
  | { readonly what: 'joint' }
  | { readonly what: 'nothing' };

export function completeFilter(
  text: string,
  cursor: number,
  catalog: FieldCatalog,
  { limit = DEFAULT_LIMIT }: CompleteOptions = {},
): Completion {
  const tokens = tokenize(text).filter((token) => token.kind !== 'end');
  // `tcp.`: a dot with nothing behind it is no part of a word yet, but it is where most names are asked for.
  const dotted =
    text[cursor - 1] === '.' ? tokens.find(({ kind, end }) => kind === 'word' && end === cursor - 1) : undefined;
  const current = dotted ?? tokens.find((token) => isTypedAt(token, cursor));
  const from = current?.start ?? cursor;
  const to = dotted === undefined ? (current?.end ?? cursor) : cursor;
  const typed = text.slice(from, cursor);
  const before = tokens.filter((token) => token.end <= from && token !== current);
  const list = new OptionList(typed.replace(/^"/, ''), limit);
  const expected = expectedAfter(before, catalog);
  switch (expected.what) {
    case 'operand':
      addNames(list, catalog);
      addFunctions(list);
      for (const word of ['not', 'any', 'all'])
        list.add({ text: word, kind: 'keyword', detail: '', typeKey: undefined });
      break;
    case 'operator':
      addOperators(list, expected.field);
      break;
    case 'value':
      addValues(list, expected.field);
      if (typed !== '' && !typed.startsWith('"')) {
        const { field } = expected;
        addNames(list, catalog, (other) => field === undefined || typeClass(other.type) === typeClass(field.type));
        addFunctions(list);
      }
      break;
    case 'joint':
      addJoints(list);
      break;
    default:
      break;
  }
  const valuesOf = expected.what === 'value' ? expected.field : undefined;
  return { from, to, options: list.sorted(), isComplete: list.isComplete, valuesOf };
}

/** Is this the token that is being typed: a word, or a string that names a value? */
function isTypedAt(token: Token, cursor: number): boolean {
  if (cursor <= token.start || cursor > token.end) return false;
  if (token.kind === 'word' || token.kind === 'string') return true;
  if (token.kind === 'error') return token.text.startsWith('"');
  return token.kind === 'sign' && /^[a-z]/.test(token.text) && cursor <= token.end;
}

/** Reads the tokens before the cursor as far as it matters which kind of thing they end in. */
function expectedAfter(tokens: readonly Token[], catalog: FieldCatalog): Expected {
  let expected: Expected = { what: 'operand' };
  /** The field that values are compared with; kept inside a set. */
  let subject: Field | undefined;
  let isInSet = false;
  let bracketsOpen = false;
  /** Open parentheses, and whether each belongs to a function. */
  const calls: boolean[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token.kind === 'error') return { what: 'nothing' };
    if (bracketsOpen) {
      if (token.value === ']') {
        bracketsOpen = false;
        expected = { what: 'operator', field: subject };
      }
      continue;
    }
    if (token.kind !== 'sign') {
      if (expected.what === 'value') expected = isInSet ? { what: 'nothing' } : { what: 'joint' };
      else {
        subject = token.kind === 'word' ? catalog.get(token.value) : undefined;
        expected = { what: 'operator', field: subject };
      }
      continue;
    }
    const { value } = token;
    if (COMPARE_SIGNS.has(value)) expected = { what: 'value', field: subject };
    else if (value === '[') {
      bracketsOpen = true;
      subject = undefined; // a slice is bytes: the field's names do not hold for it
    } else if (value === '{') {
      isInSet = tokens[i - 1]?.value === 'in';
      expected = isInSet ? { what: 'value', field: subject } : { what: 'operand' };
    } else if (value === '}') {
      expected = isInSet ? { what: 'joint' } : { what: 'operator', field: undefined };
      isInSet = false;
    } else if (value === ',' || value === '..') {
      expected = isInSet ? { what: 'value', field: subject } : { what: 'operand' };
    } else if (value === 'in') expected = { what: 'nothing' };
    else if (value === '(') {
      const name = tokens[i - 1];
      calls.push(name?.kind === 'word' && name.end === token.start);
      expected = { what: 'operand' };
    } else if (value === ')') {
      const isCall = calls.pop() === true;
      if (isCall) subject = undefined;
      expected = isCall ? { what: 'operator', field: undefined } : { what: 'joint' };
    } else if (value === '#') expected = { what: 'nothing' };
    else if (value === 'not' && expected.what === 'operator') expected = { what: 'nothing' };
    else if (/^[&+\-*/%]$/.test(value)) expected = { what: 'value', field: undefined };
    else {
      subject = undefined;
      expected = { what: 'operand' };
    }
  }
  return bracketsOpen ? { what: 'nothing' } : expected;
}

/** Collects options that fit what is typed: those that begin with it first, then those that contain it. */
class OptionList {
  private readonly wanted: string;
  private readonly limit: number;
  private readonly starting: CompletionOption[] = [];
  private readonly containing: CompletionOption[] = [];
  private dropped = 0;

  constructor(typed: string, limit: number) {
    this.wanted = typed.toLowerCase();
    this.limit = limit;
  }

  get isComplete(): boolean {
    return this.dropped === 0 && this.starting.length + this.containing.length <= this.limit;
  }

  /** `lower` is the text in lower case, where the caller has it. */
  add(option: CompletionOption, lower = option.text.toLowerCase()): void {
    const at = this.wanted === '' ? 0 : lower.indexOf(this.wanted, lower.startsWith('"') ? 1 : 0);
    if (at < 0) return;
    const list = at === 0 || (at === 1 && lower.startsWith('"')) ? this.starting : this.containing;
    if (list.length <= this.limit) list.push(option);
    else this.dropped++;
  }

  /** Does a name fit? Asked before an option is made of it. */
  fits(lower: string): boolean {
    return this.wanted === '' || lower.includes(this.wanted);
  }

  sorted(): readonly CompletionOption[] {
    return [...this.starting, ...this.containing].slice(0, this.limit);
  }
}

const byNesting = new WeakMap<FieldCatalog, readonly number[]>();

/** Fields in the order they are offered: protocols and short paths first, then by name. */
function offeringOrder(catalog: FieldCatalog): readonly number[] {
  let order = byNesting.get(catalog);
  if (order === undefined) {
    const names = lowerCaseNames(catalog);
    const depths = names.map((name) => name.split('.').length);
    order = names.map((_, i) => i).sort((a, b) => depths[a] - depths[b] || (names[a] < names[b] ? -1 : 1));
    byNesting.set(catalog, order);
  }
  return order;
}

function addNames(list: OptionList, catalog: FieldCatalog, isWanted: (field: Field) => boolean = () => true): void {
  const names = lowerCaseNames(catalog);
  for (const id of offeringOrder(catalog)) {
    const lower = names[id];
    if (!list.fits(lower)) continue;
    const field = catalog.fields[id];
    if (!isWanted(field)) continue;
    const kind = field.type === 'protocol' ? 'protocol' : 'field';
    list.add({ text: field.abbrev, kind, detail: field.label, typeKey: typeText(field.type) }, lower);
  }
}

function addFunctions(list: OptionList): void {
  for (const name of FUNCTION_NAMES) {
    const { maxArgs } = FUNCTIONS[name];
    const detail = maxArgs === 1 ? `${name}(field)` : `${name}(field, ...)`;
    list.add({ text: `${name}(`, kind: 'function', detail, typeKey: undefined });
  }
}

function addOperators(list: OptionList, field: Field | undefined): void {
  const kind = field === undefined ? undefined : typeClass(field.type);
  const signs: string[] = [];
  if (kind === 'boolean') signs.push('==', '!=');
  else if (kind === 'string') signs.push('==', '!=', 'contains', 'matches', 'in', '<', '>', '<=', '>=', '===', '!==');
  else if (field?.type === 'protocol') signs.push('contains', 'matches', '==', '!=');
  else if (kind === 'bytes') signs.push('==', '!=', 'contains', 'matches', 'in', '===', '!==', '&');
  else if (kind !== 'none') {
    signs.push('==', '!=', '>', '<', '>=', '<=', 'in', '===', '!==');
    if (kind === undefined) signs.push('contains', 'matches');
    if (kind === 'integer' || kind === undefined) signs.push('&', '+', '-', '*', '/', '%');
  }
  for (const sign of signs) {
    list.add({ text: sign === 'in' ? 'in {' : sign, kind: 'operator', detail: '', typeKey: undefined });
  }
  addJoints(list);
}

function addJoints(list: OptionList): void {
  for (const word of ['and', 'or', 'xor']) list.add({ text: word, kind: 'keyword', detail: '', typeKey: undefined });
}

function addValues(list: OptionList, field: Field | undefined): void {
  if (field === undefined) return;
  if (field.type === 'bool') {
    for (const text of ['1', '0', 'true', 'false']) list.add({ text, kind: 'value', detail: '', typeKey: undefined });
  }
  if (field.flag !== undefined) {
    field.flag.forEach((name, i) => {
      list.add({ text: quoteString(name), kind: 'value', detail: i === 0 ? '1' : '0', typeKey: undefined });
    });
    return;
  }
  if (field.names === undefined || typeof field.names === 'function') return;
  for (const [number, name] of Object.entries(field.names)) {
    list.add({ text: quoteString(name), kind: 'value', detail: number, typeKey: undefined });
  }
}
