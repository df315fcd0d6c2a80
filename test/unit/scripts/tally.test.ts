/** Counting what suites report: scripts/test/tally.ts. */
import { describe, expect, test } from 'vitest';
import { add, closingLine, NOTHING, tallyPlaywright, tallyVitest } from '../../../scripts/test/tally.ts';

const named = (fullName: string, status: string) => ({ fullName, status });

describe('vitest reports', () => {
  test('count tests by their status, and keep the names of what was skipped', () => {
    const assertionResults = [named('a', 'passed'), named('b', 'failed'), named('c', 'skipped'), named('d', 'todo')];
    const report = { testResults: [{ name: 'x.test.ts', status: 'failed', assertionResults }] };
    expect(tallyVitest(report)).toEqual({ passed: 1, failed: 1, skipped: ['c', 'd'] });
  });

  test('a file that did not load is one failure, though no test of it failed', () => {
    const report = { testResults: [{ name: 'x.test.ts', status: 'failed', assertionResults: [] }] };
    expect(tallyVitest(report)).toEqual({ passed: 0, failed: 1, skipped: [] });
  });

  test('a file whose hook threw is a failure beside its passed tests', () => {
    const report = { testResults: [{ name: 'x.test.ts', status: 'failed', assertionResults: [named('a', 'passed')] }] };
    expect(tallyVitest(report)).toEqual({ passed: 1, failed: 1, skipped: [] });
  });
});

describe('playwright reports', () => {
  const spec = (title: string, status: 'expected' | 'unexpected' | 'flaky' | 'skipped') => ({
    title,
    tests: [{ status }],
  });
  const report = {
    errors: [],
    suites: [
      {
        title: 'open.spec.ts',
        specs: [spec('opens', 'expected'), spec('closes', 'unexpected')],
        suites: [{ title: 'in Electron', specs: [spec('opens', 'skipped'), spec('blinks', 'flaky')] }],
      },
    ],
  };

  test('count nested suites; what was flaky failed', () => {
    const skipped = ['open.spec.ts in Electron opens'];
    expect(tallyPlaywright(report, false)).toEqual({ passed: 1, failed: 2, skipped });
  });

  test('of a listing, every test is skipped by its name', () => {
    const tally = tallyPlaywright(report, true);
    expect(tally.passed + tally.failed).toBe(0);
    expect(tally.skipped).toEqual([
      'open.spec.ts opens',
      'open.spec.ts closes',
      'open.spec.ts in Electron opens',
      'open.spec.ts in Electron blinks',
    ]);
  });

  test('an error outside of tests is a failure', () => {
    expect(tallyPlaywright({ suites: [], errors: [{}] }, false).failed).toBe(1);
  });
});

test('the closing line adds up every suite', () => {
  const total = [
    { passed: 3, failed: 0, skipped: ['a'] },
    { passed: 4, failed: 1, skipped: ['b', 'c'] },
  ].reduce(add, NOTHING);
  expect(closingLine(total)).toBe('7 passed, 1 failed, 3 skipped');
});
