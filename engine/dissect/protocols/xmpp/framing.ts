/** Where stanzas end in a stream of XMPP (RFC 6120 4): at the tags that close what was opened outermost inside the stream. */

import { decodeLatin1 } from '../../../base/text.ts';
import { type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import { readTag } from '../../xml-elements.ts';

const LESS = 60;
const COLON = 58;
const STREAM = 'stream';
const BLANK_OR_TEXT = 9;

/** All that is complete of what the bytes hold: as tshark, one message of all that came together. */
export function frame(f: Framing): number {
  const { bytes, at, end } = f;
  if (bytes[at] < BLANK_OR_TEXT) return NOT_MINE; // compressed (XEP-0138), or no XMPP
  let depth = 0;
  let whole = at;
  for (let next = at; next < end; ) {
    if (bytes[next] !== LESS) {
      while (next < end && bytes[next] !== LESS) next++;
      if (depth === 0) whole = next; // blanks that keep the connection alive
      continue;
    }
    const { kind, end: tagEnd } = readTag(bytes, next, end);
    if (tagEnd === 0) break;
    if (kind === 'open' && !(depth === 0 && isStream(bytes, next + 1, tagEnd))) depth++;
    else if (kind === 'close' && depth > 0) depth--;
    next = tagEnd;
    if (depth === 0) whole = next;
  }
  return whole > at ? whole - at : MORE;
}

/** Is it the tag of the stream itself, with whatever prefix? Its end tag comes when the connection closes. */
function isStream(bytes: Uint8Array, at: number, end: number): boolean {
  let name = at;
  for (let i = at; i < end && bytes[i] > 32; i++) if (bytes[i] === COLON) name = i + 1;
  for (let i = 0; i < STREAM.length; i++) if (bytes[name + i] !== STREAM.charCodeAt(i)) return false;
  return bytes[name + STREAM.length] <= 32 || bytes[name + STREAM.length] === 62;
}

const BEGINNING = /^(?:<\?xml[^>]*>\s*)?<stream:stream\b|^<\?xml[^>]*>\s*<\w+:?stream\b[^>]*jabber:/;

export function recognise(bytes: Uint8Array, at: number, end: number): boolean {
  return bytes[at] === LESS && BEGINNING.test(decodeLatin1(bytes, at, Math.min(end, at + 512)));
}
