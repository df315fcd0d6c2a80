/** What is wrong with a capture file, in the user's language. */

import { type Language, translateUnchecked } from './index.ts';

type Params = Readonly<Record<string, string | number>>;

/** The parts of a CaptureError, or of the `detail` of a NagareError about a file, that say what it is about. */
interface CaptureProblemText {
  readonly key: string;
  readonly params: Params;
}

/** `message`: what to say where the dictionary has no such key. */
export function captureProblemText(language: Language, problem: CaptureProblemText, message: string): string {
  return textOf(language, problem.key, problem.params) ?? message;
}

/** Values that are keys themselves (what a file seems to be) are written out first, with the values that are left. */
function textOf(language: Language, key: string, params: Params): string | undefined {
  const written = Object.entries(params).map(([name, value]): [string, string | number] => {
    if (typeof value !== 'string' || !value.startsWith('captureProblem.')) return [name, value];
    const { [name]: _, ...others } = params;
    return [name, textOf(language, value, others) ?? value];
  });
  return translateUnchecked(language, key, Object.fromEntries(written));
}
