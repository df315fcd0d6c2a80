/** The suites of `npm test`, in the order in which they run: the quick ones that find most come first. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser } from '../../test/support/browser.ts';
import { type Outcome, runCommand } from './run-command.ts';
import { ONE_FAILED, ONE_PASSED, readTally, type Tally, tallyPlaywrightFile, tallyVitestFile } from './tally.ts';

export interface Suite {
  readonly name: string;
  readonly limitSeconds: number;
  /** Suites without which this one cannot run. */
  readonly after?: readonly string[];
  readonly run: (root: string, limitSeconds: number) => Promise<SuiteResult>;
}

export interface SuiteResult {
  readonly outcome: Outcome;
  readonly tally: Tally;
}

const FOLDERS = ['engine', 'cli', 'electron', 'renderer', 'test', 'scripts'];

/** The programs of the packages, started by Node itself: `npx` and the `.cmd` files of Windows need a shell. */
const TOOLS = {
  biome: '@biomejs/biome/bin/biome',
  eslint: 'eslint/bin/eslint.js',
  tsc: 'typescript/bin/tsc',
  depcruise: 'dependency-cruiser/bin/dependency-cruise.mjs',
  knip: 'knip/bin/knip.js',
  vitest: 'vitest/vitest.mjs',
  playwright: 'playwright/cli.js',
} as const;

export const SUITES: readonly Suite[] = [
  script('build', 120, 'build'),
  check('format', 60, 'biome', ['check', '--error-on-warnings', '.']),
  check('types', 240, 'tsc', ['--build']),
  check('layers', 120, 'depcruise', ['--config', '.dependency-cruiser.cjs', ...FOLDERS]),
  check('unused', 120, 'knip', ['--no-config-hints']),
  check('lint', 300, 'eslint', ['--max-warnings', '0', '.']),
  vitest('unit', 480),
  vitest('golden', 180),
  { ...vitest('fields', 60), after: ['unit', 'golden'] },
  vitest('property', 900),
  vitest('electron', 120),
  vitest('native', 240),
  { name: 'conformance', limitSeconds: 300, run: runConformance },
  { name: 'end-to-end', limitSeconds: 1200, after: ['build'], run: runPlaywright },
];

/** `npm run test:system`: on a network of their own, one after the other, because they measure. */
export const SYSTEM_SUITES: readonly Suite[] = [
  script('build', 120, 'build'),
  vitest('system', 560, ['--no-file-parallelism']),
];

function toolArgs(root: string, tool: keyof typeof TOOLS, args: readonly string[]): string[] {
  return [join(root, 'node_modules', TOOLS[tool]), ...args];
}

/** A tool whose exit code is its verdict: one test. */
function check(name: string, limitSeconds: number, tool: keyof typeof TOOLS, args: readonly string[]): Suite {
  return verdict(name, limitSeconds, (root) => toolArgs(root, tool, args));
}

function script(name: string, limitSeconds: number, file: string): Suite {
  return verdict(name, limitSeconds, (root) => [join(root, 'scripts/run.mjs'), file]);
}

function verdict(name: string, limitSeconds: number, args: (root: string) => readonly string[]): Suite {
  return {
    name,
    limitSeconds,
    run: async (root, limit) => {
      const outcome = await runCommand({ program: process.execPath, args: args(root), limitSeconds: limit });
      return { outcome, tally: outcome.code === 0 ? ONE_PASSED : ONE_FAILED };
    },
  };
}

function vitest(name: string, limitSeconds: number, more: readonly string[] = []): Suite {
  return {
    name,
    limitSeconds,
    run: async (root, limit) => {
      const report = reportFile(root, name);
      const options = [
        'run',
        '--project',
        name,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...more,
      ];
      const args = toolArgs(root, 'vitest', options);
      const outcome = await runCommand({ program: process.execPath, args, limitSeconds: limit });
      return { outcome, tally: agree(outcome, tallyVitestFile(report)) };
    },
  };
}

/** One test for each floor of scripts/conformance/floors.json; without the captures it is skipped by name. */
async function runConformance(root: string, limitSeconds: number): Promise<SuiteResult> {
  const report = reportFile(root, 'conformance');
  const args = [join(root, 'scripts/run.mjs'), 'conformance', '--check'];
  const outcome = await runCommand({ program: process.execPath, args, limitSeconds });
  return { outcome, tally: agree(outcome, readTally(report)) };
}

/** Without a browser the tests are listed, so that each is skipped by its name. */
async function runPlaywright(root: string, limitSeconds: number): Promise<SuiteResult> {
  const report = reportFile(root, 'end-to-end');
  const listOnly = findBrowser() === null;
  const options = listOnly ? ['test', '--list', '--reporter=json'] : ['test'];
  const args = toolArgs(root, 'playwright', options);
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: report };
  const outcome = await runCommand({ program: process.execPath, args, limitSeconds, env });
  return { outcome, tally: agree(outcome, tallyPlaywrightFile(report, listOnly)) };
}

/** A run that failed without a failed test (nothing found, an error outside of tests, its limit) counts as one failure. */
function agree(outcome: Outcome, tally: Tally | null): Tally {
  if (tally === null) return ONE_FAILED;
  return outcome.code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

export function reportFile(root: string, name: string): string {
  const folder = join(root, 'build/test-results');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.json`);
  if (existsSync(file)) rmSync(file);
  return file;
}
