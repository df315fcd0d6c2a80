/** How much of a carried file is there, in words. */

import { formatBytes } from './format/bytes.ts';
import type { Translate } from './index.ts';

interface Carried {
  readonly size: number;
  readonly whole: number | null;
  readonly missing: number;
}

export function completeness(t: Translate, language: string, { size, whole, missing }: Carried): string {
  if (missing === 0) return t('objects.complete');
  if (whole === null || whole <= 0) return t(size > 0 && missing === 1 ? 'objects.unknown' : 'objects.incomplete');
  const percent = Math.min(99, Math.floor((100 * Math.max(0, whole - missing)) / whole));
  return t('objects.partly', { percent, missing: formatBytes(missing, language) });
}
