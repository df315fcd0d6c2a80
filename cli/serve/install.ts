/** Where the program lies: everything that is installed with it is found from here. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's folder. Two levels up holds for this source as for the bundles (build/cli, build/chunks). */
const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));

export const PAGE_FOLDER = join(PACKAGE, 'build', 'renderer');
export const ELECTRON_MAIN = join(PACKAGE, 'build', 'electron', 'main.js');

const SAMPLE = join(PACKAGE, 'assets', 'sample.pcapng');

/** The sample capture; null where it was not installed. */
export function samplePath(): string | null {
  return existsSync(SAMPLE) ? SAMPLE : null;
}
