/** Files that a served page may open: below the folders named at start, links resolved, and single files lent to it. */

import { type Dirent, realpathSync, statSync } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NagareError } from '../../engine/base/errors.ts';
import type { FolderEntry, Output } from '../../engine/contract/api.ts';
import { isInside } from '../../engine/host/page-files.ts';

/** How many entries of a folder are looked at side by side. */
const AT_ONCE = 64;

export class Roots {
  /** Real paths, as the system writes them. */
  readonly folders: readonly string[];
  private readonly files = new Set<string>();
  private readonly hidden: string[] = [];

  /** Throws a NagareError for what is no folder. */
  constructor(folders: readonly string[]) {
    const real = folders.map(realFolder);
    // A folder inside another one adds nothing.
    this.folders = [...new Set(real)].filter((one) => !real.some((other) => other !== one && isInside(other, one)));
  }

  /** Lends one file (the sample capture). */
  addFile(path: string): void {
    this.files.add(realpathSync.native(path));
  }

  /** Lends a folder that is not shown (dropped files). */
  addHidden(folder: string): void {
    this.hidden.push(realpathSync.native(folder));
  }

  /** The real path of a file that may be opened; throws `file-not-found` or `not-allowed`. */
  check(path: string): string {
    let real: string;
    try {
      real = realpathSync.native(path);
    } catch {
      // Whether a file outside exists is nobody's business, so this is asked of the folder too.
      throw this.parentIsAllowed(path) ? notFound(path) : this.notAllowed(path);
    }
    if (!this.isAllowed(real)) throw this.notAllowed(path);
    return real;
  }

  /** What a folder holds: folders and regular files that may be opened, links by where they lead. null: the folders themselves. */
  async browse(path: string | null): Promise<Output<'files.browse'>> {
    const [only] = this.folders;
    if (path === null && this.folders.length === 1 && only !== undefined) return this.browse(only);
    if (path === null) {
      const entries = await Promise.all(this.folders.map((folder) => this.entry(folder, folder)));
      return { path: null, parent: null, entries: entries.filter((entry) => entry !== null) };
    }
    const real = this.check(path);
    let found: Dirent[];
    try {
      found = await readdir(real, { withFileTypes: true });
    } catch (thrown) {
      throw new NagareError('file-not-readable', `${path} cannot be read: ${reason(thrown)}`);
    }
    const entries: FolderEntry[] = [];
    for (let at = 0; at < found.length; at += AT_ONCE) {
      const some = found.slice(at, at + AT_ONCE).map(({ name }) => this.entry(join(real, name), name));
      for (const entry of await Promise.all(some)) if (entry !== null) entries.push(entry);
    }
    const parent = dirname(real);
    return { path: real, parent: this.folders.includes(real) || !this.isAllowed(parent) ? null : parent, entries };
  }

  /** null for what may not or cannot be opened: it is not listed. */
  private async entry(path: string, name: string): Promise<FolderEntry | null> {
    try {
      const real = await realpath(path);
      if (!this.isAllowed(real)) return null;
      const stats = await stat(real);
      if (!stats.isFile() && !stats.isDirectory()) return null;
      return { name, path, isFolder: stats.isDirectory(), size: stats.size, modified: stats.mtimeMs };
    } catch {
      return null; // a link that leads nowhere, or a file that went away meanwhile
    }
  }

  private isAllowed(real: string): boolean {
    return this.files.has(real) || [...this.folders, ...this.hidden].some((folder) => isInside(folder, real));
  }

  private parentIsAllowed(path: string): boolean {
    try {
      return this.isAllowed(realpathSync.native(dirname(path)));
    } catch {
      return false; // not even its folder is there
    }
  }

  private notAllowed(path: string): NagareError {
    const folders = this.folders.join(', ');
    return new NagareError('not-allowed', `${path} is not below a folder named at start (${folders}); use --root.`);
  }
}

function realFolder(path: string): string {
  try {
    const real = realpathSync.native(path);
    if (statSync(real).isDirectory()) return real;
  } catch (thrown) {
    throw new NagareError('file-not-found', `${path} cannot be used as a folder: ${reason(thrown)}`);
  }
  throw new NagareError('bad-input', `${path} is not a folder.`);
}

function notFound(path: string): NagareError {
  return new NagareError('file-not-found', `${path} does not exist.`, {
    key: 'captureProblem.not-found',
    params: { file: path },
  });
}

function reason(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
