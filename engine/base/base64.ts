/** Base64 in both alphabets (RFC 4648 4 and 5). */

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes that a text stands for, up to its first character that is no Base64. */
export function decodeBase64(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length * 3) >>> 2);
  let length = 0;
  let held = 0;
  let bits = 0;
  for (const letter of text) {
    const value = LETTERS.indexOf(letter === '-' ? '+' : letter === '_' ? '/' : letter);
    if (value < 0) break;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[length++] = (held >>> bits) & 255;
    }
  }
  return bytes.subarray(0, length);
}
