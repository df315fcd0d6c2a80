/** The paths that the user has chosen: on the command line, in a dialog, by dropping, or in an earlier run. No others are opened. */

import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';

export class Grants {
  private readonly open = new Set<string>();
  private readonly save = new Set<string>();

  allowOpen(paths: readonly string[]): void {
    for (const path of paths) for (const form of forms(path)) this.open.add(form);
  }

  /** Once a file has been written it may be opened too. */
  allowSave(path: string): void {
    this.save.add(resolve(path));
    this.open.add(resolve(path));
  }

  /** The path, where it may be used for this. */
  check(to: 'open' | 'save', path: string): readonly string[] {
    const full = resolve(path);
    return (to === 'open' ? this.open : this.save).has(full) ? [full] : [];
  }
}

/** As it was named, and with links resolved, as a session's state names it. */
function forms(path: string): string[] {
  const full = resolve(path);
  try {
    return [full, realpathSync.native(full)];
  } catch {
    return [full]; // not there (any more): opening it will say so
  }
}
