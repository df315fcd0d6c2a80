/** Numbers and names as mobile networks write them: digits in half bytes, labels as in DNS. */

import { decodeLatin1 } from '../../../base/text.ts';

/** Digits, the low half byte first; a half byte of ones ends them (TS 24.008 10.5.4.7). */
export function digits(bytes: Uint8Array, at: number, end: number): string {
  let text = '';
  for (let i = at; i < end; i++) {
    const [low, high] = [bytes[i] & 15, bytes[i] >>> 4];
    if (low > 9) break;
    text += low;
    if (high > 9) break;
    text += high;
  }
  return text;
}

/** Labels behind their lengths, with dots between (TS 23.003 9.1). */
export function labels(bytes: Uint8Array, at: number, end: number): string {
  const parts: string[] = [];
  for (let i = at; i < end; ) {
    const length = bytes[i];
    parts.push(decodeLatin1(bytes, i + 1, Math.min(end, i + 1 + length)));
    i += 1 + length;
  }
  return parts.join('.');
}
