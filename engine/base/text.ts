/** Bytes from the wire to text that is safe to show: nothing in it can move a cursor or end a line. */

const utf8 = new TextDecoder('utf-8');

/** UTF-8 with replacement characters for what is not. */
export function decodeUtf8(bytes: Uint8Array, at = 0, end = bytes.length): string {
  // TextDecoder refuses views on shared memory in some engines: slice() copies to private memory.
  return utf8.decode(bytes.slice(at, end));
}

/** One byte, one character (ISO 8859-1). */
export function decodeLatin1(bytes: Uint8Array, at = 0, end = bytes.length): string {
  let text = '';
  if (end - at < SHORT) for (let i = at; i < end; i++) text += String.fromCharCode(bytes[i]);
  else
    for (let i = at; i < end; i += PIECE)
      text += Reflect.apply(String.fromCharCode, null, bytes.subarray(i, Math.min(end, i + PIECE)));
  return text;
}

/** A longer text is made of pieces: 3.5 times as fast as by letters. */
const SHORT = 24;
const PIECE = 4096;

/** Does the text at `at` start with one of these letters? Recognisers ask before they decode: once per flow each. */
export function startsWithAny(bytes: Uint8Array, at: number, letters: string): boolean {
  return letters.includes(String.fromCharCode(bytes[at]));
}

/** UTF-16 little endian, as Windows protocols have it. */
export function decodeUtf16le(bytes: Uint8Array, at = 0, end = bytes.length): string {
  let text = '';
  for (let i = at; i + 1 < end; i += 2) text += String.fromCharCode(bytes[i] | (bytes[i + 1] << 8));
  return text;
}

const LETTERS: Readonly<Record<string, string>> = {
  '\u0007': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
};

/**
 * As Wireshark shows text from packets: C escapes for what does not print, octal where C has no letter; what turns the writing
 * round is escaped too. Backslashes and quotes stay as they are.
 */
export function escapeText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (c) => {
    const letter = LETTERS[c];
    if (letter !== undefined) return `\\${letter}`;
    const code = c.charCodeAt(0);
    return code < 0x80 ? `\\${code.toString(8).padStart(3, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** The text column of a hex dump: printable ASCII as it is, the rest as a dot. */
export function printable(bytes: Uint8Array, at = 0, end = bytes.length): string {
  let text = '';
  for (let i = at; i < end; i++) text += bytes[i] >= 0x20 && bytes[i] < 0x7f ? String.fromCharCode(bytes[i]) : '.';
  return text;
}

/** End of the line that starts at `at`: the offset of its CR LF or LF, or `end` where there is none. */
export function lineEnd(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i < end; i++) if (bytes[i] === 10) return i > at && bytes[i - 1] === 13 ? i - 1 : i;
  return end;
}
