/** Writes test/golden/NAME/CASE.pcap(ng) from the builders in test/support/golden-captures. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { goldenGroups } from '../../test/support/golden-captures/index.ts';

/** Leaves files that it does not know alone: texts beside the captures, and captures added by hand. */
export function writeGolden(folder: string): string {
  let count = 0;
  for (const { name, captures } of goldenGroups) {
    const own = join(folder, name);
    mkdirSync(own, { recursive: true });
    for (const [caseName, { extension, bytes }] of Object.entries(captures)) {
      writeFileSync(join(own, `${caseName}.${extension}`), bytes);
      count++;
    }
  }
  return `${folder}: ${count} captures in ${goldenGroups.length} folders`;
}
