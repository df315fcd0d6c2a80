/**
 * A file that is written as a whole or not at all: under a name of its own beside the place it is meant for, which it takes
 * when it is complete. A device or a pipe is written to directly.
 */

import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type ErrorCode, NagareError } from '../base/errors.ts';
import { type ExportProblemKey, type ExportProblemParams, exportMessage } from '../base/export-problems.ts';
import { errorCode, reason } from './file-source.ts';

export class OutputFile {
  private readonly name: string;
  /** Where it goes in the end; links have been followed. */
  private readonly path: string;
  /** Where it is written; null: directly to its place. */
  private readonly temporary: string | null;
  private readonly descriptor: number;
  private isOpen = true;

  /** `sources`: files that are read meanwhile, and must not be replaced. Throws a NagareError, as all of this does. */
  constructor(path: string, sources: readonly string[] = []) {
    this.name = path;
    const existing = this.guarded(() => statSync(path, { throwIfNoEntry: false }));
    if (existing?.isDirectory() === true) throw outputError('exportProblem.is-folder', { file: path });
    if (existing !== undefined && sources.some((source) => isSame(source, path, existing))) {
      throw outputError('exportProblem.same-file', { file: path });
    }
    this.path = existing === undefined ? path : this.guarded(() => realpathSync(path));
    const isPlain = existing === undefined || existing.isFile();
    const ending = `.${randomBytes(6).toString('hex')}.part`;
    this.temporary = isPlain ? join(dirname(this.path), `.${basename(this.path).slice(0, 200)}${ending}`) : null;
    // A file that is replaced keeps its mode; a new one gets the user's.
    const mode = existing === undefined ? 0o666 : existing.mode & 0o777;
    this.descriptor = this.guarded(() =>
      openSync(this.temporary ?? this.path, this.temporary === null ? 'w' : 'wx', mode),
    );
  }

  write(bytes: Uint8Array): void {
    this.guarded(() => {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.descriptor, bytes, done);
    });
  }

  /** Puts it in its place. */
  commit(): void {
    this.guarded(() => {
      // What a rename announces must be there after a power cut too.
      if (this.temporary !== null) fsyncSync(this.descriptor);
      this.close();
      if (this.temporary !== null) renameSync(this.temporary, this.path);
    });
  }

  /** Removes what there is of it, unless it has been committed. */
  discard(): void {
    this.close();
    if (this.temporary !== null) rmSync(this.temporary, { force: true });
  }

  private close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    closeSync(this.descriptor);
  }

  private guarded<T>(action: () => T): T {
    try {
      return action();
    } catch (thrown) {
      const file = this.name;
      switch (errorCode(thrown)) {
        case 'ENOENT':
        case 'ENOTDIR':
          throw outputError('exportProblem.folder-missing', { file });
        case 'EACCES':
        case 'EPERM':
        case 'EROFS':
          throw outputError('exportProblem.not-allowed', { file });
        case 'ENOSPC':
        case 'EDQUOT':
          throw outputError('exportProblem.no-space', { file }, 'no-space');
        default:
          throw outputError('exportProblem.not-written', { file, reason: reason(thrown) });
      }
    }
  }
}

function outputError(
  key: ExportProblemKey,
  params: ExportProblemParams,
  code: ErrorCode = 'file-not-writable',
): NagareError {
  return new NagareError(code, exportMessage(key, params), { key, params });
}

/** By name after links, or by what the file system says: hard links have two names. */
function isSame(source: string, path: string, stats: Stats): boolean {
  const other = statSync(source, { throwIfNoEntry: false });
  if (other === undefined) return false;
  if (stats.ino !== 0 && stats.ino === other.ino && stats.dev === other.dev) return true;
  return realpathSync(source) === realpathSync(path);
}
