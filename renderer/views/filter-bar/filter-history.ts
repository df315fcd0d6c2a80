/** Filters used before: the newest first, each once; and the way through them with the arrow keys. */

const MAX_KEPT = 100;

export function remember(history: readonly string[], filter: string): readonly string[] {
  const text = filter.trim();
  if (text === '' || history[0] === text) return history;
  return [text, ...history.filter((old) => old !== text)].slice(0, MAX_KEPT);
}

/** A walk through the history: -1 is the text that was being typed when it began. */
export interface Walk {
  readonly at: number;
  readonly typed: string;
}

/** A step back (1) or forward (-1); null: there is nothing further that way. */
export function walkHistory(
  history: readonly string[],
  walk: Walk,
  step: 1 | -1,
): { readonly walk: Walk; readonly text: string } | null {
  let at = walk.at + step;
  // The text that is there already is no step.
  if (walk.at === -1 && step === 1 && history[0] === walk.typed.trim()) at++;
  if (at < -1 || at >= history.length) return null;
  return { walk: { ...walk, at }, text: at === -1 ? walk.typed : (history[at] ?? '') };
}
