/** What package-lock.json promises: `npm ci` works on every system, with any registry. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

interface LockedPackage {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, '../../..');

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}

describe('the lock file', () => {
  const lock = readJson('package-lock.json') as { readonly packages: Readonly<Record<string, LockedPackage>> };
  const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

  test('has no download addresses, and a checksum for every package', () => {
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(([, locked]) => locked.resolved !== undefined)).toEqual([]);
    expect(packages.filter(([, locked]) => locked.integrity === undefined)).toEqual([]);
  });

  test('holds the parts of every system, whatever system it was made on', () => {
    const names = new Set(
      packages.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)),
    );
    const lacking = packages.flatMap(([path, locked]) =>
      Object.keys(locked.optionalDependencies ?? {})
        .filter((name) => !names.has(name))
        .map((name) => `${path}: ${name}`),
    );
    expect(lacking).toEqual([]);
  });
});

test('electron is a pinned development dependency: as an optional one, npm drops it with its types', () => {
  const manifest = readJson('package.json') as Readonly<Record<string, Readonly<Record<string, string>>>>;
  expect(manifest['devDependencies']?.['electron']).toMatch(/^\d+\.\d+\.\d+$/);
  expect(manifest['optionalDependencies']?.['electron']).toBeUndefined();
  expect(manifest['dependencies']?.['electron']).toBeUndefined();
});
