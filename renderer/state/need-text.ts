/** What is missing for capturing, or ended a capture, as a sentence. */

import type { CaptureNeed } from '../../engine/contract/capture.ts';
import { type Language, translateUnchecked } from '../../engine/text/index.ts';

/** A host newer than this page may name what it does not know: then the name itself is better than nothing. */
export function needText(language: Language, { key, params }: CaptureNeed): string {
  return translateUnchecked(language, `captureNeed.${key}`, params) ?? translateUnchecked(language, key, params) ?? key;
}
