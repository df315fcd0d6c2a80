/** The table of agreement, as Markdown for the terminal and docs/conformance.md, and as data for build/conformance.json. */

import { THEMES } from './captures.ts';
import type { Details } from './details.ts';
import { FIGURES } from './figures.ts';
import type { CaptureScores, Scores } from './score.ts';

const PLACES = 2;
/** Kinds of disagreement listed for a figure. */
const MOST = 100;

export function percent(share: number | null): string {
  if (share === null) return '';
  // Never round up to 100: it must mean all of them.
  const scale = 10 ** (PLACES + 2);
  return `${((share === 1 ? scale : Math.floor(share * scale)) / 10 ** PLACES).toFixed(PLACES)} %`;
}

const all = (): boolean => true;
const opened = ({ isOpened }: CaptureScores): boolean => isOpened;

export function tableText(scores: Scores): string {
  const head = [
    'What',
    'Values',
    'Mean',
    'Pooled',
    'Pooled over all',
    'Tolerated',
    'Deliberate',
    'To reach',
    ...THEMES,
  ];
  const lines = FIGURES.flatMap(({ name, title, target, isPooled = false }) => {
    const sum = scores.sum(name, opened);
    if (sum.score.total === 0) return [];
    const cells = [
      title,
      sum.score.total.toLocaleString('en-US'),
      isPooled ? '' : percent(sum.mean),
      percent(sum.pooled),
      percent(scores.sum(name, all).pooled),
      String(sum.score.tolerated),
      String(sum.score.deliberate),
      percent(target),
      ...THEMES.map((theme) => percent(scores.sum(name, (one) => one.isOpened && one.theme === theme).pooled)),
    ];
    return [`| ${cells.join(' | ')} |`];
  });
  return [`| ${head.join(' | ')} |`, `| --- ${'| ---: '.repeat(head.length - 1)}|`, ...lines, ''].join('\n');
}

export function rulesText(scores: Scores): string {
  return [...scores.rules]
    .sort((a, b) => b[1] - a[1])
    .map(([rule, count]) => `- ${rule}: ${count}\n`)
    .join('');
}

/** The captures that agree least in a figure. */
export function worstText(scores: Scores, figure: string, limit: number): string {
  return scores.captures
    .flatMap(({ name, isOpened, figures }) => {
      const score = figures.get(figure);
      if (score === undefined || !isOpened) return [];
      const wrong = score.total - score.equal - score.tolerated - score.deliberate;
      return wrong > 0 ? [{ name, wrong, total: score.total }] : [];
    })
    .sort((a, b) => b.wrong - a.wrong)
    .slice(0, limit)
    .map(({ name, wrong, total }) => `${String(wrong).padStart(6)} of ${String(total).padStart(6)}  ${name}\n`)
    .join('');
}

export function mostText(details: Details, field: string, limit: number): string {
  return details
    .most(field, limit)
    .map(({ count, captures, ours, theirs, example }) => {
      const where = `${example.capture}${example.frame === 0 ? '' : ` frame ${example.frame}`}`;
      const files = captures.size > 1 ? ` and ${captures.size - 1} more` : '';
      return `${String(count).padStart(6)}  ours ${ours || '(none)'}\n        tshark ${theirs || '(none)'}  (${where}${files})\n`;
    })
    .join('');
}

export function reportJson(
  scores: Scores,
  details: Details,
  notOpened: readonly string[],
  skipped: readonly string[],
): string {
  const figures = Object.fromEntries(
    FIGURES.map(({ name, target }) => {
      const { score, mean, pooled, captures } = scores.sum(name, opened);
      const byTheme = Object.fromEntries(
        THEMES.map((theme) => [theme, scores.sum(name, (one) => one.isOpened && one.theme === theme).pooled]),
      );
      return [name, { ...score, captures, mean, pooled, pooledOverAll: scores.sum(name, all).pooled, target, byTheme }];
    }),
  );
  const captures = Object.fromEntries(
    scores.captures.map(({ name, isOpened, figures: own }) => [name, { isOpened, ...Object.fromEntries(own) }]),
  );
  const rules = Object.fromEntries(scores.rules);
  const disagreements = Object.fromEntries(
    FIGURES.map(({ name }) => [
      name,
      details.most(name, MOST).map(({ ours, theirs, count, captures: files, example }) => ({
        ...{ ours, theirs, count, captures: [...files], frame: example.frame },
      })),
    ]),
  );
  const report = { figures, rules, notOpened, skipped, captures, disagreements };
  return `${JSON.stringify(report, null, 1)}\n`;
}
