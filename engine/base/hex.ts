/** Bytes as hexadecimal digits, both ways. */

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** `0a:1b:2c` with a separator, `0a1b2c` without. */
export function toHex(bytes: Uint8Array, separator = '', from = 0, to = bytes.length): string {
  let text = '';
  for (let at = from; at < to; at++) text += at > from ? separator + DIGITS[bytes[at]] : DIGITS[bytes[at]];
  return text;
}

/** Pairs of digits, with or without `:`, `-`, `.` or blanks between them; null where it is anything else. */
export function fromHex(text: string): Uint8Array | null {
  const digits = text.replace(/[\s:.-]/g, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) return null;
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** `0x0800`: a number of a fixed width in hexadecimal. */
export function hexNumber(value: number | bigint, widthBytes: number): string {
  return `0x${value.toString(16).padStart(widthBytes * 2, '0')}`;
}
