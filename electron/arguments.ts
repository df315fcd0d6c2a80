/** The files that a start names: by `nagare open`, by the system for a file of ours, or by hand. */

import { resolve } from 'node:path';

/**
 * Behind `--` everything is a file. Without it, as when the system opens a file with the packaged program, whatever is no
 * option; when not packaged the first of them is the program's own folder or file.
 */
export function filesOf(argv: readonly string[], isPackaged: boolean, folder: string): readonly string[] {
  const end = argv.indexOf('--');
  const words = argv.slice(1).filter((word) => !word.startsWith('-'));
  const files = end >= 0 ? argv.slice(end + 1) : isPackaged ? words : words.slice(1);
  return files.filter((file) => file !== '').map((file) => resolve(folder, file));
}

const KEY_LOG = '--tls-keys=';

/** The TLS key log file that a start names; empty: none. */
export function keyLogOf(argv: readonly string[], folder: string): string {
  const end = argv.indexOf('--');
  const word = argv.slice(1, end < 0 ? undefined : end).find((each) => each.startsWith(KEY_LOG));
  return word === undefined || word === KEY_LOG ? '' : resolve(folder, word.slice(KEY_LOG.length));
}
