/** Files carried in packets, written out: one as it is, several as an archive, or each into a folder. Names are defused. */

import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { nameToSave } from '../session/objects/index.ts';
import type { StoredObject } from '../session/objects/object.ts';
import type { Job } from '../session/turns.ts';
import { safeFileName } from './file-name.ts';
import { ZipWriter } from './zip-writer.ts';

interface Sink {
  write(bytes: Uint8Array): void;
}

/** One object's bytes; an archive of several. */
export async function saveObjects(objects: readonly StoredObject[], sink: Sink, job: Job): Promise<void> {
  const [only] = objects;
  if (objects.length === 1 && only !== undefined) {
    for (const part of only.parts()) sink.write(part);
    return;
  }
  const names = uniqueNames(objects);
  const zip = new ZipWriter(sink);
  for (const [index, object] of objects.entries()) {
    zip.add(names[index] ?? '', () => object.parts());
    const waiting = job.pause(index, objects.length);
    if (waiting !== null) await waiting;
  }
  zip.finish();
}

/**
 * Writes each object into the folder, which must be there; returns the paths. A file that is there already is never replaced
 * and no link followed: the next free number is taken.
 */
export async function saveIntoFolder(objects: readonly StoredObject[], folder: string, job: Job): Promise<string[]> {
  const names = uniqueNames(objects);
  const paths: string[] = [];
  for (const [index, object] of objects.entries()) {
    const { path, descriptor } = openNew(folder, names[index] ?? '');
    try {
      for (const part of object.parts())
        for (let done = 0; done < part.length; ) done += writeSync(descriptor, part, done);
    } finally {
      closeSync(descriptor);
    }
    paths.push(path);
    const waiting = job.pause(index, objects.length);
    if (waiting !== null) await waiting;
  }
  return paths;
}

/** As many as a folder may have of one name before something is wrong with it. */
const MAX_TRIES = 100_000;

function openNew(folder: string, name: string): { readonly path: string; readonly descriptor: number } {
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? name : numbered(name, number));
    try {
      return { path, descriptor: openSync(path, 'wx', 0o666) };
    } catch (thrown) {
      const isThere = (thrown as NodeJS.ErrnoException).code === 'EEXIST';
      if (!isThere || number >= MAX_TRIES) throw thrown;
    }
  }
}

/** Safe names, no two alike on systems that do not tell upper from lower case. */
export function uniqueNames(objects: readonly StoredObject[]): string[] {
  const taken = new Set<string>();
  const next = new Map<string, number>();
  return objects.map((object) => {
    const name = safeFileName(nameToSave(object), `${object.kind}-${object.row + 1}`);
    let unique = name;
    let number = next.get(name.toLowerCase()) ?? 2;
    for (; taken.has(unique.toLowerCase()); number++) unique = numbered(name, number);
    next.set(name.toLowerCase(), number);
    taken.add(unique.toLowerCase());
    return unique;
  });
}

/** `notes.txt` becomes `notes(2).txt`. */
function numbered(name: string, number: number): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? `${name.slice(0, dot)}(${number})${name.slice(dot)}` : `${name}(${number})`;
}
