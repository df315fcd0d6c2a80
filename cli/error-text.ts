/** What went wrong, as one line in the user's language. */

import { type FilterError, NagareError } from '../engine/base/errors.ts';
import { captureProblemText } from '../engine/text/capture-problem.ts';
import { filterProblemText } from '../engine/text/filter-problem.ts';
import { translateUnchecked } from '../engine/text/index.ts';
import { UsageError } from './args.ts';
import type { CommandContext } from './command.ts';

export function errorText(thrown: unknown, context: CommandContext): string {
  const { language, t } = context;
  if (thrown instanceof UsageError) return oneLine(thrown.message);
  if (thrown instanceof NagareError) {
    const { code, detail, message } = thrown;
    if (code === 'bad-filter' && isFilterError(detail)) return oneLine(filterText(detail, context));
    if (isKeyed(detail)) {
      const text = detail.key.startsWith('captureProblem.')
        ? captureProblemText(language, detail, message)
        : (translateUnchecked(language, detail.key, detail.params) ?? message);
      return oneLine(detail.file === undefined ? text : `${detail.file}: ${text}`);
    }
    return oneLine(message);
  }
  return oneLine(t('cli.internal', { reason: thrown instanceof Error ? thrown.message : String(thrown) }));
}

function filterText(error: FilterError, { language, t }: CommandContext): string {
  const { message, hint } = filterProblemText(language, error);
  const place = String(error.start + 1);
  return hint === undefined
    ? t('cli.bad-filter', { place, message })
    : t('cli.bad-filter-hint', { place, message, hint });
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ');
}

function isFilterError(detail: unknown): detail is FilterError {
  return typeof detail === 'object' && detail !== null && 'start' in detail && 'code' in detail && 'params' in detail;
}

/** `file`: where the text does not name the file itself. */
interface KeyedDetail {
  readonly key: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly file?: string;
}

function isKeyed(detail: unknown): detail is KeyedDetail {
  return typeof detail === 'object' && detail !== null && 'key' in detail && 'params' in detail;
}
