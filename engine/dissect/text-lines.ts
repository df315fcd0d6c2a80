/** What line-based protocols (Telnet, FTP, mail, IRC) share: lines, words, and which side speaks. */

import { lineEnd } from '../base/text.ts';
import type { TreeBuilder } from './tree.ts';

/** [at, stop) without its line end, which is [stop, next). */
export interface Line {
  readonly at: number;
  readonly stop: number;
  readonly next: number;
}

/** The line that starts at `at`; the rest of the bytes where none ends. */
export function lineAt(bytes: Uint8Array, at: number, end: number): Line {
  const stop = lineEnd(bytes, at, end);
  if (stop === end) return { at, stop, next: end };
  return { at, stop, next: stop + (bytes[stop] === 13 ? 2 : 1) };
}

const SPACE = 32;

/** One past the word that starts at `at`. */
export function wordEnd(bytes: Uint8Array, at: number, stop: number): number {
  let end = at;
  while (end < stop && bytes[end] !== SPACE) end++;
  return end;
}

export function skipSpaces(bytes: Uint8Array, at: number, stop: number): number {
  let next = at;
  while (next < stop && bytes[next] === SPACE) next++;
  return next;
}

/** Does the server speak? By its port; where neither or both ends use one, by who spoke first. */
export function isFromServer(t: TreeBuilder, serverPorts: readonly number[]): boolean {
  const [source, destination] = t.ports;
  if (serverPorts.includes(destination)) return false;
  if (serverPorts.includes(source)) return true;
  return t.packet.direction === 1;
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
