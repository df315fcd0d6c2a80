/**
 * Whether a part of the build is up to date: a stamp holds the hash of everything that went in. Contents, not times,
 * because git and archives set times as they like. Hashing all sources takes about 20 ms.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const IS_SOURCE = /\.(ts|tsx|css|html|json|svg|png|ico|woff2|c|h)$/;

/** One hash over files and whole folders, `inputs` relative to `root`; a missing one counts as missing. */
export function hashInputs(root: string, inputs: readonly string[]): string {
  const hash = createHash('sha256');
  hash.update(`node ${process.versions.node}\n`);
  for (const input of inputs) hashPath(hash, root, input);
  return hash.digest('hex');
}

function hashPath(hash: ReturnType<typeof createHash>, root: string, path: string): void {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  if (found === undefined) {
    hash.update(`missing ${path}\n`);
  } else if (found.isDirectory()) {
    const entries = readdirSync(join(root, path), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.isDirectory() || IS_SOURCE.test(entry.name)) hashPath(hash, root, `${path}/${entry.name}`);
    }
  } else {
    const content = readFileSync(join(root, path));
    hash.update(`${path} ${content.length}\n`);
    hash.update(content);
  }
}

/** True when the last finished build of this part had the same inputs and its outputs are still there. */
export function isFresh(stampFile: string, inputsHash: string, outputs: readonly string[]): boolean {
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== inputsHash) return false;
  return outputs.every((output) => existsSync(output));
}

export function writeStamp(stampFile: string, inputsHash: string): void {
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, inputsHash);
}

/** Before building: what is there while a build runs, or after it failed, counts as nothing. */
export function removeStamp(stampFile: string): void {
  rmSync(stampFile, { force: true });
}
