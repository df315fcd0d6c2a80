/** The fake host's streams and carried files: one conversation of HTTP, whatever is asked for. */

import type { HostMethods } from '../../engine/contract/api.ts';
import {
  FOLLOW_LINE,
  type FollowLines,
  type FollowMatch,
  type FollowOutputs,
  type FollowSummary,
} from '../../engine/contract/follow.ts';
import { latin1, toHex } from './build-bytes.ts';

type Side = 'both' | 0 | 1;
type Mode = 'text' | 'hex' | 'raw';

interface Line {
  readonly text: string;
  readonly row: number;
  readonly side: 0 | 1;
}

const LINES: readonly Line[] = [
  { text: 'GET /report.pdf HTTP/1.1', row: 3, side: 0 },
  { text: 'Host: www.example.com', row: 3, side: 0 },
  { text: '', row: 3, side: 0 },
  { text: 'HTTP/1.1 200 OK', row: 4, side: 1 },
  { text: 'Content-Type: application/pdf', row: 4, side: 1 },
  { text: '', row: 4, side: 1 },
  { text: '%PDF-1.7', row: 5, side: 1 },
];

const OBJECTS: FollowOutputs['objects.list'] = [
  {
    kind: 'http',
    row: 5,
    host: 'www.example.com',
    type: 'application/pdf',
    name: 'report.pdf',
    size: 48_213,
    whole: 48_213,
    missing: 0,
  },
  { kind: 'tftp', row: 9, host: '192.0.2.36', type: '', name: 'boot.img', size: 1024, whole: 2048, missing: 1024 },
];

function linesOf(side: Side): readonly Line[] {
  return LINES.filter((line) => side === 'both' || line.side === side);
}

function shown({ text }: Line, mode: Mode): string {
  return mode === 'text' ? text : toHex(latin1(text));
}

function sizeOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { text }) => sum + text.length + 2, 0);
}

function summary({ kind, stream, sub }: Pick<FollowSummary, 'kind' | 'stream' | 'sub'>): FollowSummary {
  const end = (name: string, side: 0 | 1) => ({
    name,
    bytes: sizeOf(linesOf(side)),
    missing: 0,
    packets: new Set(linesOf(side).map(({ row }) => row)).size,
  });
  return {
    kind,
    stream,
    sub,
    subs: [],
    ends: [end('10.0.0.4:49822', 0), end('192.0.2.36:80', 1)],
    turns: 2,
    filter: `tcp.stream == ${stream}`,
  };
}

function page(side: Side, mode: Mode, first: number, count: number): FollowLines {
  const all = linesOf(side);
  const asked = all.slice(first, first + count);
  const bits = (line: Line, at: number): number => {
    const before = all[first + at - 1];
    const turns = before !== undefined && before.side !== line.side;
    return (line.side === 1 ? FOLLOW_LINE.reverse : 0) | (turns ? FOLLOW_LINE.turn : 0);
  };
  return {
    total: all.length,
    first,
    texts: asked.map((line) => shown(line, mode)),
    rows: Uint32Array.from(asked, ({ row }) => row),
    bits: Uint8Array.from(asked, bits),
    lengths: Float64Array.from(asked, ({ text }) => text.length + 2),
  };
}

function find(side: Side, mode: Mode, text: string, index: number, matchCase: boolean): FollowMatch | null {
  const plain = (value: string): string => (matchCase ? value : value.toLowerCase());
  const found = linesOf(side).flatMap((line, at) => {
    const from = text === '' ? -1 : plain(shown(line, mode)).indexOf(plain(text));
    return from < 0 ? [] : [{ line: at, from, to: from + text.length }];
  });
  const count = found.length;
  const chosen = found[((index % count) + count) % count];
  return chosen === undefined ? null : { index: ((index % count) + count) % count, count, isCut: false, ...chosen };
}

function saved(path: string | null, name: string, bytes: number): FollowOutputs['follow.save'] {
  return { path, download: path === null ? `/download/1/${name}` : null, bytes };
}

/** The fake host's answers to `follow.*` and `objects.*`. */
export const fakeStreams: Pick<HostMethods, keyof FollowOutputs> = {
  'follow.targets': () => [{ kind: 'tcp', stream: 0, sub: 0 }],
  'follow.open': summary,
  'follow.lines': ({ side, mode, first, count }) => page(side, mode, first, count),
  'follow.lineOf': ({ side, row }) =>
    Math.max(
      0,
      linesOf(side).findIndex((line) => line.row === row),
    ),
  'follow.find': ({ side, mode, text, index, matchCase }) => find(side, mode, text, index, matchCase),
  'follow.save': ({ side, path, suggestedName }) => saved(path, suggestedName, sizeOf(linesOf(side))),
  'objects.list': () => OBJECTS,
  'objects.save': ({ objects, path, suggestedName }) =>
    saved(
      path,
      suggestedName,
      objects.reduce((sum, object) => sum + (OBJECTS[object]?.size ?? 0), 0),
    ),
};
