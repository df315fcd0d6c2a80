/** Ranges of characters as sequences of byte ranges of their UTF-8 (RFC 3629): how a class such as [あ-ん] is matched over bytes. */

import { foldCase, setOf } from './byte-set.ts';
import type { RegexNode } from './node.ts';

type Range = readonly [number, number];

const LAST = 0x10ffff;
/** Where UTF-8 gets one byte longer. */
const LENGTH_LIMITS = [0x7f, 0x7ff, 0xffff, LAST];

/** Matches the UTF-8 of one character in (or, negated, outside) the ranges. */
export function codePointsToNode(ranges: readonly Range[], ignoreCase: boolean, isNegated = false): RegexNode {
  const wanted = merged(ignoreCase ? ranges.flatMap(withOtherCase) : ranges);
  const sequences = (isNegated ? complement(wanted) : wanted).flatMap(utf8Sequences);
  const parts = sequences.map((sequence): RegexNode => {
    const steps = sequence.map((range): RegexNode => {
      const set = setOf(range);
      return { kind: 'bytes', set: ignoreCase && sequence.length === 1 && !isNegated ? foldCase(set) : set };
    });
    return steps.length === 1 ? steps[0] : { kind: 'sequence', parts: steps };
  });
  return parts.length === 1 ? parts[0] : { kind: 'choice', parts };
}

/** Beyond this a range is a whole script, where letters have no case, or both cases are in it. */
const FOLDED_RANGE = 1024;

/** The range, and the other case of each character in it where that is one character. */
function withOtherCase(range: Range): Range[] {
  const [low, high] = range;
  const all: Range[] = [range];
  if (high - low >= FOLDED_RANGE) return all;
  for (let code = low; code <= high; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const character = String.fromCodePoint(code);
    for (const other of [character.toLowerCase(), character.toUpperCase()]) {
      const otherCode = other.codePointAt(0) ?? code;
      if (otherCode !== code && String.fromCodePoint(otherCode) === other) all.push([otherCode, otherCode]);
    }
  }
  return all;
}

/** Sorted, without overlap. */
function merged(ranges: readonly Range[]): Range[] {
  const result: [number, number][] = [];
  for (const [low, high] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else result.push([low, high]);
  }
  return result;
}

function complement(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  let next = 0;
  for (const [low, high] of ranges) {
    if (low > next) result.push([next, low - 1]);
    next = high + 1;
  }
  if (next <= LAST) result.push([next, LAST]);
  return result;
}

/** The range cut where lengths change and where a continuation byte wraps, until every byte has one range of its own. */
function utf8Sequences([low, high]: Range): Range[][] {
  for (const limit of LENGTH_LIMITS) {
    if (low <= limit && high > limit) return [...utf8Sequences([low, limit]), ...utf8Sequences([limit + 1, high])];
  }
  for (let continuation = 1; continuation <= 3; continuation++) {
    const mask = 2 ** (6 * continuation) - 1;
    if (high <= 0x7f || Math.floor(low / (mask + 1)) === Math.floor(high / (mask + 1))) continue;
    if (low % (mask + 1) !== 0) {
      const cut = low + mask - (low % (mask + 1));
      return [...utf8Sequences([low, cut]), ...utf8Sequences([cut + 1, high])];
    }
    if (high % (mask + 1) !== mask) {
      const cut = high - (high % (mask + 1));
      return [...utf8Sequences([low, cut - 1]), ...utf8Sequences([cut, high])];
    }
  }
  const from = encode(low);
  const to = encode(high);
  return [from.map((byte, i): Range => [byte, to[i]])];
}

function encode(code: number): number[] {
  if (code < 0x80) return [code];
  if (code < 0x800) return [0xc0 | (code >> 6), 0x80 | (code & 63)];
  if (code < 0x10000) return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
  return [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
}
