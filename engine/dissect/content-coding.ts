/** Content codings of bodies (RFC 9110 8.4.1), undone with a limit on what comes out. */

import { type CompressionName, type Inflated, platform } from '../base/platform.ts';

/** An unpacked body may be this large; a larger one is shown as far as that. */
export const MAX_UNPACKED = 32 << 20;

const CODINGS: ReadonlyMap<string, readonly CompressionName[]> = new Map<string, readonly CompressionName[]>([
  ['gzip', ['gzip']],
  ['x-gzip', ['gzip']],
  // RFC 9110 8.4.1.2: zlib's format by the text, raw deflate from some servers.
  ['deflate', ['deflate', 'deflate-raw']],
  ['br', ['br']],
  ['zstd', ['zstd']],
]);

/** The bytes as they were before `coding` (small letters); null where the coding is not known. Empty where they are damaged. */
export function unpackBody(coding: string, bytes: Uint8Array): Inflated | null {
  const names = CODINGS.get(coding);
  if (names === undefined) return null;
  let last: Inflated = { bytes: new Uint8Array(0), ended: 'damaged' };
  for (const name of names) {
    last = platform().inflate(name, bytes, MAX_UNPACKED);
    if (last.bytes.length > 0 || last.ended === 'done') return last;
  }
  return last;
}
