/**
 * File names that come from elsewhere (a page, a dropped file, a capture) made safe to write on any system: no folders, no
 * control or direction-changing characters, nothing that Windows reserves.
 */

/** Shorter than any file system's limit of 255 bytes, with room for what a browser adds to a name that exists. */
const MAX_BYTES = 200;

/** Device names of Windows, with any extension (Naming Files, Paths, and Namespaces). */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\.|$)/i;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f<>:"/\\|?*]/g;
/** Characters that show nothing or reverse what follows: `annexe\u202egnp.exe` reads as a picture. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** The name alone, defused; `fallback` where nothing is left of it. */
export function safeFileName(name: string, fallback: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  // Half a character becomes the replacement character on its way through UTF-8.
  const whole = new TextDecoder().decode(new TextEncoder().encode(last));
  const clean = whole
    .normalize('NFC')
    .replace(INVISIBLE, '')
    .replace(UNSAFE, '_')
    // A leading dot hides a file, a leading dash is an option; Windows drops dots and spaces at the end.
    .replace(/^[\s.-]+/, '')
    .replace(/[\s.]+$/, '')
    .replace(RESERVED, '_$1');
  return clean === '' ? fallback : shortened(clean);
}

/** Cut to MAX_BYTES of UTF-8, the ending kept. */
function shortened(name: string): string {
  const encoder = new TextEncoder();
  if (encoder.encode(name).length <= MAX_BYTES) return name;
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : '';
  let stem = '';
  let room = MAX_BYTES - encoder.encode(ending).length;
  for (const character of name.slice(0, name.length - ending.length)) {
    room -= encoder.encode(character).length;
    if (room < 0) break;
    stem += character;
  }
  return stem + ending;
}
