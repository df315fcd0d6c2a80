/** What comparing came to: per figure and capture, and summed up over captures. */

import type { Theme } from './captures.ts';

/** How a value compares. A `tolerated` one is right by a rule of tolerances.ts, a `deliberate` one differs by docs/differences.md. */
export type Verdict =
  | { readonly kind: 'equal' | 'different' }
  | { readonly kind: 'tolerated' | 'deliberate'; readonly rule: string };

export const EQUAL: Verdict = { kind: 'equal' };
export const DIFFERENT: Verdict = { kind: 'different' };

export interface Score {
  total: number;
  equal: number;
  tolerated: number;
  deliberate: number;
}

export interface CaptureScores {
  readonly theme: Theme;
  readonly name: string;
  readonly isOpened: boolean;
  readonly figures: Map<string, Score>;
}

/** One figure over many captures. */
export interface Sum {
  readonly captures: number;
  readonly score: Score;
  /** Share of equal values among those that are meant to be equal; null: there are none. */
  readonly mean: number | null;
  readonly pooled: number | null;
}

export class Scores {
  readonly captures: CaptureScores[] = [];
  /** How often each rule was used, by figure. */
  readonly rules = new Map<string, number>();

  begin(theme: Theme, name: string, isOpened: boolean): void {
    this.captures.push({ theme, name, isOpened, figures: new Map() });
  }

  /** Counts a value of the capture that was begun last. */
  count(figure: string, verdict: Verdict, times = 1): void {
    const score = this.scoreOf(figure);
    score.total += times;
    if (verdict.kind === 'different') return;
    score[verdict.kind] += times;
    if (!('rule' in verdict)) return;
    const key = `${figure}: ${verdict.kind}: ${verdict.rule}`;
    this.rules.set(key, (this.rules.get(key) ?? 0) + times);
  }

  private scoreOf(figure: string): Score {
    const figures = this.captures.at(-1)?.figures ?? new Map<string, Score>();
    let score = figures.get(figure);
    if (score === undefined) {
      score = { total: 0, equal: 0, tolerated: 0, deliberate: 0 };
      figures.set(figure, score);
    }
    return score;
  }

  /** `which`: captures to sum up; those that cannot be opened count as different throughout. */
  sum(figure: string, which: (capture: CaptureScores) => boolean): Sum {
    const all: Score = { total: 0, equal: 0, tolerated: 0, deliberate: 0 };
    const shares: number[] = [];
    for (const capture of this.captures) {
      const score = capture.figures.get(figure);
      if (score === undefined || !which(capture)) continue;
      all.total += score.total;
      all.equal += score.equal;
      all.tolerated += score.tolerated;
      all.deliberate += score.deliberate;
      const share = shareOf(score);
      if (share !== null) shares.push(share);
    }
    const mean = shares.length === 0 ? null : shares.reduce((sum, one) => sum + one, 0) / shares.length;
    return { captures: shares.length, score: all, mean, pooled: shareOf(all) };
  }
}

function shareOf({ total, equal, tolerated, deliberate }: Score): number | null {
  const meant = total - deliberate;
  return meant === 0 ? null : (equal + tolerated) / meant;
}
