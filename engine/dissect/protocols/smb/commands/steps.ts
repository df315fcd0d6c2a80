/** Steps that read one parameter or one piece of data each: what most commands are written as lists of. */

import type { TreeBuilder } from '../../../tree.ts';
import { dosTime, file, flags, type Message, number, openFile, short, text, unixTime } from '../message.ts';

/** Reads from `at`, at most up to `end`; returns the offset after it. It takes at least a byte, or `end` is reached. */
export type Step = (t: TreeBuilder, m: Message, at: number, end: number) => number;

/** Runs the steps while there are bytes for them. Returns where they ended. */
export function run(t: TreeBuilder, m: Message, steps: readonly Step[], at: number, end: number): number {
  let next = at;
  for (const step of steps) {
    if (next >= end) break;
    next = Math.min(end, step(t, m, next, end));
  }
  return next;
}

export const value =
  (key: string): Step =>
  (t, _m, at) =>
    number(t, key, at);

/** Sixteen bits of a field that has 32. */
export const half =
  (key: string): Step =>
  (t, _m, at) =>
    short(t, key, at);

export const word =
  (key: string, length?: number): Step =>
  (t, _m, at) =>
    flags(t, key, at, length);

export const skip =
  (length: number): Step =>
  (t, _m, at, end) =>
    t.add('reserved', at, Math.min(length, end - at));

export const seconds =
  (key: string): Step =>
  (t, _m, at) =>
    unixTime(t, key, at);

export const dateTime =
  (key: string, smbKey: string): Step =>
  (t, _m, at) =>
    dosTime(t, key, at, smbKey);

/** The file a request is about. */
export const fid: Step = (t, m, at) => {
  file(t, m, t.u16le(at), at);
  return at + 2;
};

export const closedFid: Step = (t, m, at) => {
  file(t, m, t.u16le(at), at, { closes: true });
  return at + 2;
};

/** The file that a response has opened. */
export const newFid: Step = (t, m, at) => {
  const opened = t.u16le(at);
  openFile(t, m, opened);
  file(t, m, opened, at);
  return at + 2;
};

/** One byte that says what follows: 4 for a text, 1 for data. */
export const format: Step = value('buffer_format');

/** A text up to its NUL. `says`: what it is called in Info; `keeps`: the file that the answer opens has this name. */
export const name =
  (key: string, says = '', { keeps = false, isAscii = false } = {}): Step =>
  (t, m, at, end) => {
    const read = text(t, m, key, at, end, m.isUnicode && !isAscii);
    if (says !== '') t.addInfo(`, ${says}: ${read.text}`);
    if (keeps) m.name = read.text;
    return read.end;
  };

/** What is left of the data bytes. */
export const rest =
  (key: string): Step =>
  (t, _m, at, end) =>
    t.add(key, at, end - at);

/** A length in 16 bits and so many bytes. */
export const counted =
  (lengthKey: string, key: string): Step =>
  (t, _m, at, end) => {
    const length = t.u16le(at);
    short(t, lengthKey, at);
    const there = Math.min(length, end - at - 2);
    return there > 0 ? t.add(key, at + 2, there) : at + 2;
  };

/** A piece of text of fixed length, up to its NUL. */
export const fixedText =
  (key: string, length: number): Step =>
  (t, _m, at, end) => {
    const there = Math.min(length, end - at);
    t.put(key, t.string(at, there, 'latin1', true), at, there);
    return at + length;
  };
