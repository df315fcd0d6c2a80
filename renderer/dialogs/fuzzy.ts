/** Fuzzy matching for the command palette: the letters typed, in their order, the nearer together the better. */

export interface Match {
  /** Higher is better. */
  readonly score: number;
  /** Indexes of the letters that matched, for showing them. */
  readonly at: readonly number[];
}

const START_OF_TEXT = 12;
const START_OF_WORD = 8;
const NEXT_TO_LAST = 10;
const PER_LETTER_BETWEEN = -1;

/** Null: the letters are not all there. Blanks in what was typed only separate. */
export function fuzzyMatch(typed: string, text: string): Match | null {
  const wanted = [...typed.toLowerCase().replace(/\s+/g, '')];
  const lower = text.toLowerCase();
  if (wanted.length === 0) return { score: 0, at: [] };
  let best: Match | null = null;
  // Each place where the first letter stands may begin the match; titles are short.
  for (let start = lower.indexOf(wanted[0] ?? ''); start >= 0; start = lower.indexOf(wanted[0] ?? '', start + 1)) {
    const found = matchFrom(wanted, lower, start);
    if (found === null) break; // a later start has even less text before it
    if (best === null || found.score > best.score) best = found;
  }
  return best;
}

function matchFrom(wanted: readonly string[], lower: string, start: number): Match | null {
  const at: number[] = [];
  let score = 0;
  let from = start;
  for (const letter of wanted) {
    const place = lower.indexOf(letter, from);
    if (place < 0) return null;
    const last = at.at(-1);
    if (place === 0) score += START_OF_TEXT;
    else if (isWordStart(lower, place)) score += START_OF_WORD;
    if (last !== undefined)
      score += place === last + 1 ? NEXT_TO_LAST : PER_LETTER_BETWEEN * Math.min(10, place - last - 1);
    at.push(place);
    from = place + letter.length;
  }
  // Among equals the shorter title says more of what was typed.
  return { score: score - lower.length / 100, at };
}

function isWordStart(text: string, at: number): boolean {
  return /[\s:/(.,-]/.test(text[at - 1] ?? '');
}
