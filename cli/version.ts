/** The version of the package that this is a part of, wherever it was built to. */

import { existsSync, readFileSync } from 'node:fs';

export function programVersion(): string {
  for (let folder = new URL('.', import.meta.url); ; folder = new URL('..', folder)) {
    const file = new URL('package.json', folder);
    if (existsSync(file)) {
      const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
      if (name === 'nagare' && version !== undefined) return version;
    }
    if (folder.pathname === new URL('..', folder).pathname) return '0';
  }
}
