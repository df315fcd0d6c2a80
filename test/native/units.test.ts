/** The parts of the capture helper, one by one: test/native/c, under the address and undefined-behaviour sanitizers. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { buildUnitTests, compiler } from './build-helper.ts';

const BUILD_LIMIT_MS = 120_000;

let program = '';

beforeAll(() => {
  if (compiler !== null) program = buildUnitTests();
}, BUILD_LIMIT_MS);

test.skipIf(compiler === null).each([
  ['json', 'JSON is escaped, and bytes that are not UTF-8 are replaced'],
  ['options', 'options stand where README says, and a wrong one is named'],
  ['pcapng', 'blocks of pcapng are whole, padded and cut at block ends'],
  ['ring', 'files begin and end at their limits, and a full disk leaves a whole file'],
  ['commands', 'commands come in any pieces'],
  ['filter', 'an expression is cut into its words'],
  ['events', 'each code of an error has its exit code'],
])('%s: %s', (part) => {
  const folder = mkdtempSync(join(tmpdir(), 'nagare-native-'));
  const { status, stdout, stderr } = spawnSync(program, [part], { cwd: folder, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^[1-9]\d* checks, 0 failed\n$/);
  expect(status).toBe(0);
});
