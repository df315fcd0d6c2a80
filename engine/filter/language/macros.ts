/**
 * Macros of the display filter: named pieces of filter text with places for arguments, put in before the filter is read.
 * `${name}`, `${name:a;b}`, `${name;a;b}` and `$name(a, b)` are one call; `$1`, `$2` ... in the definition are its arguments.
 */

import type { FilterError } from '../../base/errors.ts';
import type { Result } from '../../base/result.ts';
import type { Span } from './ast.ts';
import { catchProblem, type Hint, refuse } from './problem.ts';
import { nearestName } from './suggest.ts';

export interface FilterMacro {
  readonly name: string;
  readonly text: string;
}

/** A call as it stands in a text: [start, end) from the dollar sign on. */
export interface MacroCall extends Span {
  readonly name: string;
  readonly args: readonly string[];
  /** `${name}`: it may as well be a reference to a field. */
  readonly isBare: boolean;
}

/** Where [from, to) of the expanded text came from: a macro's text is all of its call. */
interface Piece {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
  readonly isMacro: boolean;
}

export interface Expansion {
  readonly text: string;
  /** The place in the text as typed that a place in the expanded text came from. */
  readonly placeOf: (span: Span) => Span;
}

/** A macro that names itself, directly or through others, ends here. */
const MAX_DEPTH = 32;
const MAX_LENGTH = 65_536;

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const ARGUMENT = /\$([0-9]+)/g;

/** May a macro have this name? */
export function isMacroName(name: string): boolean {
  NAME.lastIndex = 0;
  return NAME.exec(name)?.[0] === name;
}

/** How many arguments a definition has places for. */
export function macroArguments(text: string): number {
  return Math.max(0, ...[...text.matchAll(ARGUMENT)].map((match) => Number(match[1])));
}

/** The call whose dollar sign is at `at`; null where it is something else, or has no end. */
export function readMacroCall(text: string, at: number): MacroCall | null {
  const isBraced = text[at + 1] === '{';
  const from = at + (isBraced ? 2 : 1);
  NAME.lastIndex = from;
  const name = NAME.exec(text)?.[0];
  if (name === undefined) return null;
  const next = from + name.length;
  const c = text[next];
  if (isBraced && c === '}') return { name, args: [], isBare: true, start: at, end: next + 1 };
  const isCall = isBraced ? c === ':' || c === ';' : c === '(';
  if (!isCall) return null;
  const read = isBraced ? readArguments(text, next + 1, ';', '}') : readArguments(text, next + 1, ',', ')');
  if (read === null) return null;
  const isEmpty = !isBraced && read.args.length === 1 && read.args[0].trim() === '';
  return { name, args: isEmpty ? [] : read.args, isBare: false, start: at, end: read.end };
}

const OPENING = '({[';
const CLOSING = ')}]';

/** Arguments up to the closing sign; brackets and quotes inside belong to them, a backslash takes the next sign as it is. */
function readArguments(
  text: string,
  from: number,
  separator: string,
  close: string,
): { readonly args: readonly string[]; readonly end: number } | null {
  const args: string[] = [];
  let arg = '';
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      const end = endOfString(text, i);
      arg += text.slice(i, end);
      i = end - 1;
    } else if (c === '\\' && i + 1 < text.length) {
      arg += text[++i];
      if (CLOSING.includes(text[i]) && depth > 0) depth--;
    } else if (depth === 0 && c === close) return { args: [...args, arg], end: i + 1 };
    else if (depth === 0 && c === separator) {
      args.push(arg);
      arg = '';
    } else {
      if (OPENING.includes(c)) depth++;
      else if (CLOSING.includes(c) && depth > 0) depth--;
      arg += c;
    }
  }
  return null;
}

/** One past the closing quote of the string that begins at `at`; past the quote alone where it is never closed. */
function endOfString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i + 1;
  }
  return at + 1;
}

/** The text with every macro in place of its call; `isField` tells references from macros that do not exist. */
export function expandMacros(
  text: string,
  macros: readonly FilterMacro[],
  isField: (name: string) => boolean,
): Result<Expansion, FilterError> {
  if (!text.includes('$')) return { ok: true, value: { text, placeOf: (span) => span } };
  return catchProblem(() => {
    const pieces: Piece[] = [];
    let expanded = '';
    const add = (added: string, start: number, end: number, isMacro: boolean): void => {
      pieces.push({ from: expanded.length, to: expanded.length + added.length, start, end, isMacro });
      expanded += added;
    };
    let at = 0;
    for (const call of callsIn(text)) {
      const macro = macroOf(call, macros, isField, call);
      if (macro === undefined) continue;
      if (call.start > at) add(text.slice(at, call.start), at, call.start, false);
      add(expand(macro, call, macros, isField, call, 1), call.start, call.end, true);
      at = call.end;
    }
    if (at < text.length) add(text.slice(at), at, text.length, false);
    return { text: expanded, placeOf: (span: Span) => placeIn(pieces, span, text.length) };
  });
}

/** The calls of a text, outside of strings. */
function* callsIn(text: string): Generator<MacroCall> {
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    if (c === '"') at = endOfString(text, at) - 1;
    else if (c === "'") at += charLength(text, at) - 1;
    else if (c === '$') {
      const call = readMacroCall(text, at);
      if (call === null) continue;
      yield call;
      at = call.end - 1;
    }
  }
}

function charLength(text: string, at: number): number {
  return /^'(?:\\.|[^'\\])*'/.exec(text.slice(at, at + 16))?.[0].length ?? 1;
}

/** The definition that a call means; undefined: it is a reference to a field. */
function macroOf(
  call: MacroCall,
  macros: readonly FilterMacro[],
  isField: (name: string) => boolean,
  place: Span,
): FilterMacro | undefined {
  const found = macros.find(({ name }) => name === call.name);
  if (found !== undefined || (call.isBare && isField(call.name))) return found;
  const near = nearestName(
    call.name,
    macros.map(({ name }) => name),
  );
  const hint: Hint | undefined =
    near === undefined ? undefined : { code: 'hint-did-you-mean', params: { name: `\${${near}}` } };
  return refuse('unknown-macro', place, { name: call.name }, hint);
}

/** A definition with its arguments, and with the macros that it calls itself. */
function expand(
  macro: FilterMacro,
  call: MacroCall,
  macros: readonly FilterMacro[],
  isField: (name: string) => boolean,
  place: Span,
  depth: number,
): string {
  if (depth > MAX_DEPTH) refuse('macro-too-deep', place, { name: macro.name, limit: MAX_DEPTH });
  const need = macroArguments(macro.text);
  if (call.args.length !== need) {
    refuse('macro-arguments', place, { name: macro.name, count: need, given: call.args.length });
  }
  const text = macro.text.replace(ARGUMENT, (_, index: string) => call.args[Number(index) - 1] ?? '');
  let result = '';
  let at = 0;
  for (const inner of callsIn(text)) {
    const found = macroOf(inner, macros, isField, place);
    if (found === undefined) continue;
    result += text.slice(at, inner.start) + expand(found, inner, macros, isField, place, depth + 1);
    at = inner.end;
    if (result.length > MAX_LENGTH) refuse('macro-too-long', place, { name: macro.name, limit: MAX_LENGTH });
  }
  result += text.slice(at);
  if (result.length > MAX_LENGTH) refuse('macro-too-long', place, { name: macro.name, limit: MAX_LENGTH });
  return result;
}

function placeIn(pieces: readonly Piece[], span: Span, length: number): Span {
  const original = (at: number, isEnd: boolean): number => {
    const piece = pieces.find(({ from, to }) => (isEnd ? at > from && at <= to : at >= from && at < to));
    if (piece === undefined) return at <= 0 ? 0 : length;
    if (piece.isMacro) return isEnd ? piece.end : piece.start;
    return piece.start + at - piece.from;
  };
  const start = original(span.start, false);
  return { start, end: Math.max(start, span.end === span.start ? start : original(span.end, true)) };
}
