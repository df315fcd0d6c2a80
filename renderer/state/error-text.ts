/** Failures as sentences for people. */

import { NagareError } from '../../engine/base/errors.ts';
import { captureProblemText } from '../../engine/text/capture-problem.ts';
import { filterProblemText } from '../../engine/text/filter-problem.ts';
import { type Language, translateUnchecked, translator } from '../../engine/text/index.ts';

type Params = Readonly<Record<string, string | number>>;

/** The sentence for a failed request, or null where there is nothing to say (the user cancelled it). `bare`: the reason alone. */
export function errorText(language: Language, error: unknown, form: 'sentence' | 'bare' = 'sentence'): string | null {
  if (error instanceof NagareError && error.code === 'cancelled') return null;
  const reason = reasonText(language, error);
  return form === 'bare' ? reason : translator(language)('error.request', { reason });
}

/** What the host names by key is said in the user's language; the rest as it came. */
function reasonText(language: Language, error: unknown): string {
  if (!(error instanceof NagareError)) return error instanceof Error ? error.message : String(error);
  const { detail, message } = error;
  if (!isRecord(detail) || !isParams(detail.params)) return message;
  const { params } = detail;
  if (typeof detail.key === 'string') {
    const { key } = detail;
    const text = key.startsWith('captureProblem.')
      ? captureProblemText(language, { key, params }, message)
      : (translateUnchecked(language, key, params) ?? message);
    return typeof detail.file === 'string' ? `${detail.file}: ${text}` : text;
  }
  return typeof detail.code === 'string'
    ? filterProblemText(language, { code: detail.code, params, message }).message
    : message;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** A detail comes from the host, but as data: looked at before it is used. */
function isParams(value: unknown): value is Params {
  return isRecord(value) && Object.values(value).every((one) => typeof one === 'string' || typeof one === 'number');
}
