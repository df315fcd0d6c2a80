/** What a capture lacks, or what ended it, as one sentence. */

import { type Language, translateUnchecked } from './index.ts';

interface Need {
  readonly key: string;
  readonly params: Readonly<Record<string, string | number>>;
}

export function needText(language: Language, { key, params }: Need): string {
  const { reason } = params;
  return translateUnchecked(language, `captureNeed.${key}`, params) ?? (typeof reason === 'string' ? reason : key);
}
