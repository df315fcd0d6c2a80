/** The option for a TLS key log file, of commands that hand it on. */

import { resolve } from 'node:path';
import { readKeyLogFile } from '../engine/host/key-log-file.ts';

/** The whole path. What is wrong with the file is said here, and not by a window. */
export function keyLogPath(option: string | undefined): string | undefined {
  if (option === undefined) return undefined;
  readKeyLogFile(option);
  return resolve(option);
}
