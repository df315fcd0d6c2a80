/** What record-fields.ts writes for each test file, and where. */

import { join } from 'node:path';

export interface SeenFields {
  /** Path of the test file. */
  readonly test: string;
  readonly fields: readonly string[];
}

export const SEEN_FIELDS = join('build', 'seen-fields');
