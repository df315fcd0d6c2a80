/** ICAP (RFC 3507): a request or an answer like HTTP's, whose body is an HTTP message in pieces. */

import { decodeLatin1, startsWithAny } from '../../base/text.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';
import { lineAt } from '../text-lines.ts';
import type { TreeBuilder } from '../tree.ts';

const PORTS = [1344];
const START = /^(?:(REQMOD|RESPMOD|OPTIONS) icap:\S+ ICAP\/\d\.\d|ICAP\/\d\.\d \d{3})/;
const METHODS: Readonly<Record<string, string>> = { REQMOD: 'reqmod', RESPMOD: 'respmod', OPTIONS: 'options' };
const MAX_LINE = 8192;
const MAX_HEAD = 32 << 10;
const LF = 10;
const MAX_CHUNK_LINE = 64;
/** Whether there is a body, and how many bytes of HTTP heads stand in front of it. */
const ENCAPSULATED = /^encapsulated:[^\r\n]*?(null|req|res|opt)-body=(\d+)/im;

/** Offset behind the empty line that ends a head; -1: not there. Linear: each byte is looked at once. */
function headEnd(b: Uint8Array, at: number, end: number): number {
  for (let i = b.indexOf(LF, at); i >= 0 && i < end; i = b.indexOf(LF, i + 1)) {
    if (i + 1 < end && b[i + 1] === LF) return i + 2;
    if (i + 2 < end && b[i + 1] === 13 && b[i + 2] === LF) return i + 3;
  }
  return -1;
}

/** `state` 1: inside the chunks of a body, one unit each. */
function frame(f: Framing): number {
  if (f.state === 1 && !f.lost) return chunk(f);
  f.state = 0;
  const first = decodeLatin1(f.bytes, f.at, Math.min(f.end, f.at + 5));
  if (!/^(?:ICAP\/|REQMO|RESPM|OPTIO)/.test(first)) return f.end - f.at < 5 ? MORE : NOT_MINE;
  const head = headEnd(f.bytes, f.at, f.end);
  if (head < 0) return f.end - f.at > MAX_HEAD ? NOT_MINE : MORE;
  const found = ENCAPSULATED.exec(decodeLatin1(f.bytes, f.at, head));
  if (found === null) return head - f.at;
  if (found[1] !== 'null') {
    f.state = 1;
    f.continues = true;
  }
  return head - f.at + Math.min(Number(found[2]), MAX_HEAD);
}

/** A chunk, or the empty one with the lines behind it. */
function chunk(f: Framing): number {
  const stop = f.bytes.indexOf(LF, f.at);
  if (stop < 0 || stop >= f.end) return f.end - f.at > MAX_CHUNK_LINE ? NOT_MINE : MORE;
  const size = /^([0-9a-f]{1,8})\s*(?:;.*)?\r?$/i.exec(
    decodeLatin1(f.bytes, f.at, Math.min(stop, f.at + MAX_CHUNK_LINE)),
  )?.[1];
  if (size === undefined) {
    f.state = 0;
    return NOT_MINE;
  }
  const length = Number.parseInt(size, 16);
  if (length > 0) {
    f.continues = true;
    return stop + 1 - f.at + length + 2;
  }
  const end = headEnd(f.bytes, stop, f.end);
  if (end < 0) return MORE;
  f.state = 0;
  return end - f.at;
}

export const icap = defineProtocol({
  name: 'icap',
  title: 'Internet Content Adaptation Protocol',
  on: { 'tcp.port': PORTS },
  opens: ['http', 'data'],
  fields: {
    response: { type: 'bool', label: 'Response' },
    reqmod: { type: 'bool', label: 'Reqmod' },
    respmod: { type: 'bool', label: 'Respmod' },
    options: { type: 'bool', label: 'Options' },
    other: { type: 'bool', label: 'Other' },
  },
  recogniseOn: ['tcp'],
  recognise: (b, at, end) =>
    startsWithAny(b, at, 'ROI') && START.test(decodeLatin1(b, at, Math.min(end, at + MAX_LINE))),
  frame,
  tree,
});

function tree(t: TreeBuilder): void {
  const first = lineAt(t.bytes, t.at, t.end);
  const line = t.string(t.at, Math.min(MAX_LINE, first.stop - t.at), 'latin1');
  const found = START.exec(line);
  if (found === null) {
    t.info('Continuation');
    t.hide('other', 1, t.at, 0);
    t.text('Continuation', t.at, t.end - t.at);
    return;
  }
  t.info(line);
  const end = headEnd(t.bytes, t.at, t.end);
  const stop = end < 0 ? t.end : end;
  for (let at = t.at; at < stop; ) {
    const { stop: lineEnd, next } = lineAt(t.bytes, at, stop);
    t.text(`${t.string(at, lineEnd - at, 'latin1')}\\r\\n`, at, next - at);
    at = next;
  }
  t.put(METHODS[found[1] ?? ''] ?? 'response', 1, t.at, 0).hidden = true;
  t.headerEnd(stop);
  if (stop < t.end) t.dissect('http', stop);
}
