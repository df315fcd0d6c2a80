/**
 * A folder that only this user can read (mode 0700), for copies of dropped files and exports on their way to a browser.
 * Removed when the program ends, or by removeStaleFolders at the next start where it could not be.
 */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class PrivateFolder {
  readonly path: string;
  private next = 1;
  private readonly onExit = (): void => this.remove();

  /** `parent`: the system's place for temporary files where it is left out. */
  constructor(parent: string = tmpdir()) {
    // Named as unpack-file.ts names its folders, so that what a crash leaves is removed with theirs.
    this.path = mkdtempSync(join(parent, `nagare-${process.pid}-`));
    process.once('exit', this.onExit);
  }

  /** A path in a folder of its own, so that any name is free. */
  newPath(name: string): string {
    const folder = join(this.path, String(this.next++));
    mkdirSync(folder, { mode: 0o700 });
    return join(folder, name);
  }

  remove(): void {
    process.off('exit', this.onExit);
    rmSync(this.path, { recursive: true, force: true, maxRetries: 3 });
  }
}
