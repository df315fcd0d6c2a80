/** What the suites came to, and reading it from the reports of vitest and playwright (both JSON). */
import { existsSync, readFileSync } from 'node:fs';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** The names of what was skipped. */
  readonly skipped: readonly string[];
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: [] };
export const ONE_PASSED: Tally = { passed: 1, failed: 0, skipped: [] };
export const ONE_FAILED: Tally = { passed: 0, failed: 1, skipped: [] };

export function add(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: [...a.skipped, ...b.skipped] };
}

/** The line that every run ends with. */
export function closingLine(tally: Tally): string {
  return `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped.length} skipped`;
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** A file that failed without a failed test (it did not load, a hook threw) counts as one failure. */
export function tallyVitest(report: VitestReport): Tally {
  let tally = NOTHING;
  for (const file of report.testResults) {
    let ofFile = NOTHING;
    for (const test of file.assertionResults) {
      if (test.status === 'passed') ofFile = add(ofFile, ONE_PASSED);
      else if (test.status === 'failed') ofFile = add(ofFile, ONE_FAILED);
      else ofFile = add(ofFile, { passed: 0, failed: 0, skipped: [test.fullName] });
    }
    if (file.status === 'failed' && ofFile.failed === 0) ofFile = add(ofFile, ONE_FAILED);
    tally = add(tally, ofFile);
  }
  return tally;
}

interface PlaywrightSuite {
  readonly title: string;
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs: readonly {
    readonly title: string;
    readonly tests: readonly { readonly status: 'expected' | 'unexpected' | 'flaky' | 'skipped' }[];
  }[];
}

interface PlaywrightReport {
  readonly suites: readonly PlaywrightSuite[];
  readonly errors: readonly unknown[];
}

/** `listOnly`: nothing was run, so that every test counts as skipped. A flaky test failed at least once: it failed. */
export function tallyPlaywright(report: PlaywrightReport, listOnly: boolean): Tally {
  const ofSuite = (suite: PlaywrightSuite, path: string): Tally => {
    let tally = NOTHING;
    for (const spec of suite.specs) {
      for (const test of spec.tests) {
        if (listOnly || test.status === 'skipped')
          tally = add(tally, { ...NOTHING, skipped: [`${path} ${spec.title}`] });
        else tally = add(tally, test.status === 'expected' ? ONE_PASSED : ONE_FAILED);
      }
    }
    for (const inner of suite.suites ?? []) tally = add(tally, ofSuite(inner, `${path} ${inner.title}`));
    return tally;
  };
  const tests = report.suites.map((suite) => ofSuite(suite, suite.title)).reduce(add, NOTHING);
  return report.errors.length > 0 && tests.failed === 0 ? add(tests, ONE_FAILED) : tests;
}

/** The report of one run, or null where the run ended before it wrote one. */
export function readReport<T>(file: string): T | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : null;
}

export function tallyVitestFile(file: string): Tally | null {
  const report = readReport<VitestReport>(file);
  return report === null ? null : tallyVitest(report);
}

export function tallyPlaywrightFile(file: string, listOnly: boolean): Tally | null {
  const report = readReport<PlaywrightReport>(file);
  return report === null ? null : tallyPlaywright(report, listOnly);
}

/** A tally that a script of ours, or a run, left. */
export function readTally(file: string): Tally | null {
  return readReport<Tally>(file);
}
