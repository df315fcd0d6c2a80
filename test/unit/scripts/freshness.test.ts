/** Building only what changed: scripts/build/freshness.ts. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashInputs, isFresh, removeStamp, writeStamp } from '../../../scripts/build/freshness.ts';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nagare-freshness-'));
  mkdirSync(join(root, 'engine/base'), { recursive: true });
  writeFileSync(join(root, 'engine/base/a.ts'), 'one');
  writeFileSync(join(root, 'lock.json'), '{}');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const hash = () => hashInputs(root, ['engine', 'lock.json']);

test('a newer time alone changes nothing', () => {
  const before = hash();
  utimesSync(join(root, 'engine/base/a.ts'), new Date(0), new Date(1e12));
  expect(hash()).toBe(before);
});

test('a changed, added, moved or removed source changes the hash', () => {
  const seen = new Set([hash()]);
  writeFileSync(join(root, 'engine/base/a.ts'), 'two');
  seen.add(hash());
  writeFileSync(join(root, 'engine/base/b.ts'), 'two');
  seen.add(hash());
  rmSync(join(root, 'engine/base/a.ts'));
  seen.add(hash());
  rmSync(join(root, 'lock.json'));
  seen.add(hash());
  expect(seen.size).toBe(5);
});

test('a part is fresh when its stamp has the same hash and its outputs are there', () => {
  const stamp = join(root, 'build/stamps/node');
  const output = join(root, 'engine/base/a.ts');
  expect(isFresh(stamp, hash(), [output])).toBe(false);
  writeStamp(stamp, hash());
  expect(isFresh(stamp, hash(), [output])).toBe(true);
  expect(isFresh(stamp, hash(), [output, join(root, 'gone.js')])).toBe(false);
  writeFileSync(output, 'two');
  expect(isFresh(stamp, hash(), [output])).toBe(false);
  removeStamp(stamp);
  expect(isFresh(stamp, '', [])).toBe(false);
});
