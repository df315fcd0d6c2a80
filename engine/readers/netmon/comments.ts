/**
 * Comments (from version 2.2), one behind the other: frame count (u32), the frame's file offset (u32), title length and title
 * (UTF-16), description length and description (rich text).
 */

import { u32le } from '../../base/bytes.ts';
import { decodeLatin1, decodeUtf16le } from '../../base/text.ts';

const SMALLEST = 17;

/** Texts by the file offset of their frame. */
export function readComments(bytes: Uint8Array): Map<number, string[]> {
  const comments = new Map<number, string[]>();
  let at = 0;
  while (at + SMALLEST <= bytes.length) {
    const frame = u32le(bytes, at + 4);
    const titleEnd = at + 12 + u32le(bytes, at + 8);
    if (titleEnd === at + 12 || titleEnd + 4 > bytes.length) break;
    const end = titleEnd + 4 + u32le(bytes, titleEnd);
    if (end > bytes.length) break;
    const title = decodeUtf16le(bytes, at + 12, titleEnd).replace(/\0+$/, '');
    const description = plainText(decodeLatin1(bytes, titleEnd + 4, end)).trim();
    const text = [title, description].filter((part) => part !== '').join('\n');
    if (text !== '') comments.set(frame, [...(comments.get(frame) ?? []), text]);
    at = end;
  }
  return comments;
}

/** Groups of rich text that hold no text of the document. */
const HIDDEN_GROUPS = /^\\(?:fonttbl|colortbl|stylesheet|info|pict|generator|\*)/;
const BREAKS: Readonly<Record<string, string>> = { par: '\n', line: '\n', tab: '\t', emdash: '—', bullet: '•' };

/** The letters of a rich text (RTF 1.9): control words and hidden groups are left out. */
export function plainText(rich: string): string {
  if (!rich.startsWith('{\\rtf')) return rich.replace(/\0+$/, '');
  let text = '';
  let depth = 0;
  /** Depth of the group that is left out; 0: none. */
  let hidden = 0;
  /** Letters behind \uN that stand in for it. */
  let standIns = 0;
  for (let at = 0; at < rich.length; ) {
    const letter = rich[at];
    if (letter === '{') {
      depth++;
      if (hidden === 0 && HIDDEN_GROUPS.test(rich.slice(at + 1, at + 14))) hidden = depth;
      at++;
      continue;
    }
    if (letter === '}') {
      if (depth === hidden) hidden = 0;
      depth--;
      at++;
      continue;
    }
    const control = letter === '\\' ? CONTROL.exec(rich.slice(at, at + 40)) : null;
    let word = letter === '\r' || letter === '\n' || letter === '\0' ? '' : letter;
    if (control !== null) {
      word = controlText(control);
      standIns += control[1] === 'u' ? 1 : 0;
    } else if (standIns > 0 && word !== '') {
      standIns--;
      word = '';
    }
    if (hidden === 0) text += word;
    at += control === null ? 1 : control[0].length;
  }
  return text;
}

/** A word with a number, a letter in hexadecimal, or a sign. */
const CONTROL = /^\\(?:([a-z]+)(-?\d+)? ?|'([0-9a-f]{2})|([^a-z]))/is;

function controlText([, word, number, hex, sign]: RegExpExecArray): string {
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
  if (sign !== undefined) return '\\{}'.includes(sign) ? sign : sign === '~' ? ' ' : '';
  if (word === 'u') return String.fromCharCode(Number(number ?? 0) & 0xffff);
  return BREAKS[word] ?? '';
}
