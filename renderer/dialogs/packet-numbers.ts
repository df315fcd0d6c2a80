/** Packet numbers as people type them: `17`, `1,024`, `1-40, 100-`. Numbers count from 1. */

/** One number, digits grouped or not; null: it is none. */
export function parseNumber(text: string): number | null {
  const digits = normalise(text).replace(/[\s,_.']/g, '');
  if (!/^[0-9]{1,10}$/.test(digits)) return null;
  return Number(digits);
}

/** Full-width digits and signs, as a Japanese keyboard makes them, become plain ones. */
function normalise(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[〜～–—−]/g, '-')
    .replaceAll('、', ',')
    .trim();
}

export type NumberRange = readonly [first: number, last: number];

/**
 * `1-40, 100-` as ranges of numbers, sorted and joined; `last` ends an open one. Null: it cannot be read, or names no
 * packet.
 */
export function parseRanges(text: string, last: number): readonly NumberRange[] | null {
  const parts = normalise(text)
    .split(/[,\s]+/)
    .filter((part) => part !== '');
  const ranges: [number, number][] = [];
  for (const part of parts) {
    const match = /^(\d{0,10})(?:(-)(\d{0,10}))?$/.exec(part);
    if (match === null || part === '-') return null;
    const [, from = '', dash, to = ''] = match;
    const first = from === '' ? 1 : Number(from);
    const end = dash === undefined ? first : to === '' ? last : Math.min(last, Number(to));
    if (first < 1 || first > last || end < first) return null;
    ranges.push([first, end]);
  }
  if (ranges.length === 0) return null;
  ranges.sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const range of ranges) {
    const before = joined.at(-1);
    if (before !== undefined && range[0] <= before[1] + 1) before[1] = Math.max(before[1], range[1]);
    else joined.push([...range]);
  }
  return joined;
}

export function countNumbers(ranges: readonly NumberRange[]): number {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

/** The packets' rows, from 0. */
export function rowsOf(ranges: readonly NumberRange[]): Uint32Array<ArrayBuffer> {
  const rows = new Uint32Array(countNumbers(ranges));
  let at = 0;
  for (const [first, last] of ranges) for (let number = first; number <= last; number++) rows[at++] = number - 1;
  return rows;
}
