/**
 * Where captures without a name of their own go: a folder that only this user can read. Beside each capture that runs, there
 * or elsewhere, a note in that folder says so; what a crash leaves is found by the notes whose program is gone.
 */

import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { NagareError } from '../../base/errors.ts';
import type { CaptureOutputs } from '../../contract/capture.ts';
import { isInside } from '../page-files.ts';
import { settingsFolder } from '../settings.ts';

const NOTE = '.running.json';
const noteSchema = v.object({ pid: v.number(), isPrivate: v.boolean(), paths: v.array(v.string()) });
type Note = v.InferOutput<typeof noteSchema>;

/** The process of a capture that nobody holds any more. */
const NOBODY = 0;

export interface CaptureNote {
  files(paths: readonly string[]): void;
  /** Nobody wants it at the moment: it is offered from now on. */
  leave(): void;
  /** It is saved, discarded, or was the user's own file all along. */
  done(): void;
}

export class CapturePlaces {
  readonly folder: string;

  constructor(folder = join(settingsFolder(), 'captures')) {
    this.folder = folder;
  }

  /** A new name: `capture-20261121-153000-a1b2.pcapng`. */
  newPath(extension: string, now = new Date()): string {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const two = (value: number): string => String(value).padStart(2, '0');
    const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
    const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
    return join(this.folder, `capture-${day}-${time}-${randomBytes(2).toString('hex')}.${extension}`);
  }

  /** A note that there is a capture, until it is taken back. */
  note(isPrivate: boolean): CaptureNote {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const path = join(this.folder, `${process.pid}-${randomBytes(4).toString('hex')}${NOTE}`);
    let files: readonly string[] = [];
    const write = (pid: number): void =>
      writeFileSync(path, JSON.stringify({ pid, isPrivate, paths: files }), { mode: 0o600 });
    return {
      files: (paths) => {
        files = paths;
        write(process.pid);
      },
      leave: () => write(NOBODY),
      done: () => rmSync(path, { force: true }),
    };
  }

  /** Files of captures whose program has gone without ending them. */
  left(): CaptureOutputs['capture.left'] {
    return this.orphans().flatMap(({ note }) =>
      note.paths.flatMap((path) => {
        const stats = statSync(path, { throwIfNoEntry: false });
        if (stats?.isFile() !== true || stats.size === 0) return [];
        return [{ path, size: stats.size, modified: stats.mtimeMs }];
      }),
    );
  }

  /** The user does not want it any more: a private file goes, another one is only not offered again. */
  discard(path: string): void {
    const found = this.orphans().find(({ note }) => note.paths.includes(path));
    if (found === undefined) throw new NagareError('bad-input', `${path} is no capture that was left behind.`);
    const { note, file } = found;
    if (note.isPrivate) rmSync(path, { force: true });
    const paths = note.paths.filter((other) => other !== path);
    if (paths.length === 0) rmSync(file, { force: true });
    else writeFileSync(file, JSON.stringify({ ...note, paths }), { mode: 0o600 });
  }

  /** Whether a file is one of ours, which a window may open without having chosen it. */
  isOwn(path: string): boolean {
    try {
      const real = realpathSync(path);
      return isInside(realpathSync(this.folder), real) || this.orphans().some(({ note }) => note.paths.includes(path));
    } catch {
      return false;
    }
  }

  private orphans(): { readonly file: string; readonly note: Note }[] {
    let names: string[];
    try {
      names = readdirSync(this.folder).filter((name) => name.endsWith(NOTE));
    } catch {
      return []; // there was no capture yet
    }
    return names.flatMap((name) => {
      const file = join(this.folder, name);
      const note = readNote(file);
      return note === null || isRunning(note.pid) ? [] : [{ file, note }];
    });
  }
}

function readNote(file: string): Note | null {
  try {
    return v.parse(noteSchema, JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null; // half written, or another version's
  }
}

function isRunning(pid: number): boolean {
  if (pid <= NOBODY) return false; // such numbers stand for groups of processes
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
