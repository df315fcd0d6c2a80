/** Lines of a text file, found by their place: what readers of text formats read from. */

import { decodeLatin1 } from '../base/text.ts';
import type { FileWindow } from './file-window.ts';

/** Longer lines are taken in pieces of this size. */
const LONGEST_LINE = 1024 * 1024;
const PIECE = 8 * 1024;
const NEW_LINE = 10;

export interface Line {
  readonly text: string;
  /** Where the next one begins; the end of the file after the last. */
  readonly next: number;
  /** A line break ends it: without one, more may come. */
  readonly isWhole: boolean;
}

/** The line at `at`; null: the file ends there. */
export function lineAt(window: FileWindow, at: number): Line | null {
  for (let length = PIECE; ; length *= 2) {
    const bytes = window.bytes(at, length);
    if (bytes.length === 0) return null;
    const end = bytes.indexOf(NEW_LINE);
    if (end < 0 && bytes.length === length && length < LONGEST_LINE) continue;
    const size = end < 0 ? bytes.length : end + 1;
    return {
      text: decodeLatin1(bytes, 0, size).replace(/\r?\n$/, ''),
      next: at + size,
      isWhole: end >= 0 || bytes.length === length,
    };
  }
}
