/** A byte source on a file, also on one that is still growing. Opens regular files only. */

import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { type CaptureProblemKey, type ProblemParams, problemMessage } from '../base/capture-problems.ts';
import { type ErrorCode, NagareError } from '../base/errors.ts';
import type { ByteSource } from '../readers/byte-source.ts';

export class FileSource implements ByteSource {
  readonly name: string;
  private readonly descriptor: number;
  private isOpen = true;

  /** `name`: what people call it, where that is not the path (an unpacked file). Throws a NagareError. */
  constructor(path: string, name = path) {
    this.name = name;
    // Asked before opening: a named pipe would block there, a device might do anything.
    checkKind(
      name,
      orThrow(name, () => statSync(path)),
    );
    // Should it have become a pipe in between, this flag keeps the open from waiting. Windows has none.
    const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
    this.descriptor = orThrow(name, () => openSync(path, flags));
    try {
      checkKind(name, fstatSync(this.descriptor));
    } catch (thrown) {
      this.close();
      throw thrown;
    }
  }

  get size(): number {
    return orThrow(this.name, () => fstatSync(this.descriptor).size);
  }

  read(at: number, into: Uint8Array): number {
    let done = 0;
    while (done < into.length) {
      let read = 0;
      try {
        read = readSync(this.descriptor, into, done, into.length - done, at + done);
      } catch (thrown) {
        const params = { file: this.name, at: at + done, reason: reason(thrown) };
        throw fileError('file-not-readable', 'captureProblem.not-read', params);
      }
      if (read === 0) break;
      done += read;
    }
    return done;
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    closeSync(this.descriptor);
  }
}

function checkKind(file: string, stats: Stats): void {
  if (stats.isFile()) return;
  const key = stats.isDirectory() ? 'captureProblem.folder' : 'captureProblem.device';
  throw fileError('file-not-readable', key, { file });
}

function orThrow<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (thrown) {
    switch (errorCode(thrown)) {
      case 'ENOENT':
      case 'ENOTDIR':
        throw fileError('file-not-found', 'captureProblem.not-found', { file });
      case 'EACCES':
      case 'EPERM':
        throw fileError('file-not-readable', 'captureProblem.not-allowed', { file });
      case 'EBUSY':
        throw fileError('file-not-readable', 'captureProblem.locked', { file });
      default:
        throw fileError('file-not-readable', 'captureProblem.not-opened', { file, reason: reason(thrown) });
    }
  }
}

/** A NagareError whose `detail` is the key and the values of its text. */
export function fileError(code: ErrorCode, key: CaptureProblemKey, params: ProblemParams): NagareError {
  return new NagareError(code, problemMessage(key, params), { key, params });
}

/** Node's code of a system error, e.g. `ENOENT`. */
export function errorCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
}

/** What the system said. */
export function reason(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
