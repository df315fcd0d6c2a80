/** Find: the next packet whose list texts, details or bytes hold something. */

import type { BitSet } from '../base/bitset.ts';
import { NagareError } from '../base/errors.ts';
import { fromHex } from '../base/hex.ts';
import type { Input, Output } from '../contract/api.ts';
import { labelOf, type TreeNode } from '../dissect/node.ts';
import { filterError } from '../filter/language/problem.ts';
import { compileRegex } from '../filter/regex/regex.ts';
import { indexOfBytes } from '../filter/value.ts';
import { cellText } from './cells.ts';
import type { OpenPackets } from './filters.ts';
import type { PacketSource } from './packet-source.ts';
import type { Job } from './turns.ts';
import type { Views } from './views.ts';

/** Where in the packet the match is: bytes of a data source. Length 0: the packet as such. */
export interface Place {
  readonly source: number;
  readonly at: number;
  readonly length: number;
}

const PACKET: Place = { source: 0, at: 0, length: 0 };

type Test = (packet: PacketSource, row: number) => Place | null;

/** What the cells of a row say, for searches in the list. */
type CellTexts = (packet: PacketSource, row: number) => readonly string[];

const LIST_COLUMNS = ['source', 'destination', 'protocol', 'info'] as const;

/**
 * The next row of a view that has what is looked for, around the end; `set`: the rows that a filter leaves, where one is
 * looked for. Null: there is none. Throws `bad-input` where the text is no hex string or regular expression.
 */
export async function findInView(
  input: Input<'view.find'>,
  views: Views,
  packets: OpenPackets,
  set: BitSet | null,
  job: Job,
): Promise<Output<'view.find'>> {
  const view = views.of(input.view);
  const { capture } = packets;
  const total = views.rowsIn(view);
  if (total === 0) return null;
  const texts: CellTexts = (packet, row) => LIST_COLUMNS.map((column) => cellText(capture, row, column, packet));
  const test: Test =
    set === null
      ? findTest(input, texts, (row) => capture.bytes(row))
      : (_packet, row) => (set.has(row) ? PACKET : null);
  const step = input.forward ? 1 : -1;
  const from = input.forward ? input.from : Math.max(0, input.from);
  for (let n = 1; n <= total; n++) {
    const position = (((from + step * n) % total) + total) % total;
    const row = views.rowAt(view, position);
    const place = test(packets.packet(row, view.set), row);
    if (place !== null) return { position, row, ...place };
    const waiting = job.pause(n, total);
    if (waiting !== null) await waiting;
    if (capture !== packets.capture) return null;
  }
  return null;
}

function findTest(input: Input<'view.find'>, cells: CellTexts, bytesOf: (row: number) => Uint8Array): Test {
  const { kind, where, text, matchCase } = input;
  if (kind === 'hex') {
    const needle = fromHex(text);
    if (needle === null || needle.length === 0)
      throw new NagareError('bad-input', 'Pairs of hexadecimal digits are needed, such as 0a1b2c.');
    return (_packet, row) => placeOf(bytesOf(row), needle);
  }
  const matches = kind === 'regex' ? regexTest(text, matchCase) : textTest(text, matchCase);
  switch (where) {
    case 'bytes':
      return (_packet, row) => matches.bytes(bytesOf(row));
    case 'details':
      return (packet) => labelPlace(packet.tree, matches.text);
    default:
      return (packet, row) => (cells(packet, row).some(matches.text) ? PACKET : null);
  }
}

interface Matcher {
  readonly text: (text: string) => boolean;
  readonly bytes: (bytes: Uint8Array) => Place | null;
}

function regexTest(pattern: string, matchCase: boolean): Matcher {
  const compiled = compileRegex(pattern, { ignoreCase: !matchCase });
  if (!compiled.ok) {
    const error = filterError(compiled.error.code, compiled.error, compiled.error.params);
    throw new NagareError('bad-input', error.message, error);
  }
  const regex = compiled.value;
  const utf8 = new TextEncoder();
  return { text: (text) => regex.test(utf8.encode(text)), bytes: (bytes) => (regex.test(bytes) ? PACKET : null) };
}

function textTest(wanted: string, matchCase: boolean): Matcher {
  const utf8 = new TextEncoder();
  const plain = utf8.encode(wanted);
  const lower = wanted.toLowerCase();
  const lowerBytes = utf8.encode(lower);
  if (matchCase) return { text: (text) => text.includes(wanted), bytes: (bytes) => placeOf(bytes, plain) };
  return {
    text: (text) => text.toLowerCase().includes(lower),
    bytes: (bytes) => placeOf(bytes.map(toLower), lowerBytes),
  };
}

/** ASCII letters only: what bytes mean beyond them nobody knows. */
function toLower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;
}

function placeOf(bytes: Uint8Array, needle: Uint8Array): Place | null {
  const at = indexOfBytes(bytes, needle, 0, bytes.length);
  return at < 0 ? null : { source: 0, at, length: needle.length };
}

function labelPlace(nodes: readonly TreeNode[], test: (text: string) => boolean): Place | null {
  for (const node of nodes) {
    if (!node.hidden && test(labelOf(node))) return { source: node.source, at: node.at, length: node.length };
    const inside = node.children === null ? null : labelPlace(node.children, test);
    if (inside !== null) return inside;
  }
  return null;
}
