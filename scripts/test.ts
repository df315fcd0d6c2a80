/**
 * `npm test`: every suite, each with a time limit of its own, and one closing line that adds them up. `--install` brings
 * missing system parts first; `--only unit,golden` runs some suites. With CI=true a part that is missing is a failure.
 * `--system` (`npm run test:system`) runs those that need root and a network of their own; with `--add` its closing line
 * adds up what the last run of `npm test` came to.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { canInstall, installParts, linesToRun, missingParts } from './test/install-parts.ts';
import { reportFile, SUITES, type Suite, SYSTEM_SUITES } from './test/suites.ts';
import { add, closingLine, NOTHING, ONE_FAILED, readTally, type Tally } from './test/tally.ts';

const root = process.cwd();
const say = (line: string) => process.stdout.write(`${line}\n`);

interface Options {
  readonly install: boolean;
  readonly suites: readonly Suite[];
  /** What it comes to is kept under this name. */
  readonly total: string;
  readonly addsTests: boolean;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      install: { type: 'boolean', default: false },
      only: { type: 'string' },
      system: { type: 'boolean', default: false },
      add: { type: 'boolean', default: false },
    },
  });
  const chosen = { install: values.install, addsTests: values.add };
  if (values.system) return { ...chosen, suites: SYSTEM_SUITES, total: 'total-system' };
  if (values.only === undefined) return { ...chosen, suites: SUITES, total: 'total' };
  const wanted = values.only.split(',');
  const unknown = wanted.filter((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `there is no suite ${unknown.join(', ')}; there are ${SUITES.map((suite) => suite.name).join(', ')}`,
    );
  }
  return { ...chosen, suites: SUITES.filter((suite) => wanted.includes(suite.name)), total: 'total-only' };
}

/** What is missing counts as skipped, one for each part; in CI, where everything is meant to be there, as failed. */
async function checkSystem(install: boolean): Promise<Tally> {
  let missing = missingParts();
  if (missing.length > 0 && install && canInstall()) {
    await installParts(root, missing, say);
    missing = missingParts();
  }
  if (missing.length === 0) return NOTHING;
  for (const part of missing) say(`missing: ${part.name}`);
  say('To install what is missing, run:');
  for (const line of linesToRun(root, missing)) say(`  ${line}`);
  if (process.env['CI'] === 'true') return { ...NOTHING, failed: missing.length };
  return { ...NOTHING, skipped: missing.map((part) => `what needs ${part.name}`) };
}

async function runSuite(suite: Suite, failedSuites: ReadonlySet<string>): Promise<Tally> {
  say(`\n== ${suite.name}`);
  const lacking = (suite.after ?? []).filter((name) => failedSuites.has(name));
  if (lacking.length > 0) {
    say(`== ${suite.name}: not run, because ${lacking.join(' and ')} failed`);
    return ONE_FAILED;
  }
  const { outcome, tally } = await suite.run(root, suite.limitSeconds);
  const hasRun = tally.passed + tally.failed + tally.skipped.length > 0;
  if (outcome.error !== null) say(`${suite.name} could not be started: ${outcome.error}`);
  if (outcome.timedOut) say(`${suite.name} was ended at its limit of ${suite.limitSeconds} s`);
  if (!hasRun) say(`${suite.name} has no tests, which counts as a failure`);
  const counted = hasRun ? tally : ONE_FAILED;
  for (const name of counted.skipped) say(`skipped: ${suite.name}: ${name}`);
  say(`== ${suite.name}: ${closingLine(counted)} in ${outcome.seconds.toFixed(1)} s`);
  return counted;
}

async function main(): Promise<void> {
  const started = performance.now();
  const { install, suites, total: name, addsTests } = readOptions();
  const totalFile = reportFile(root, name);
  // A run of chosen suites is a developer's: what the others need is not looked for.
  const isWhole = suites === SUITES;
  let total = install || isWhole ? await checkSystem(install) : NOTHING;
  const failedSuites = new Set<string>(total.failed > 0 ? ['system parts'] : []);
  for (const suite of suites) {
    const tally = await runSuite(suite, failedSuites);
    if (tally.failed > 0) failedSuites.add(suite.name);
    total = add(total, tally);
  }
  say('');
  if (failedSuites.size > 0) say(`failed: ${[...failedSuites].join(', ')}`);
  say(`all suites: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  writeFileSync(totalFile, JSON.stringify(total));
  // Tests that ended without a total failed.
  if (addsTests) total = add(readTally(join(root, 'build/test-results/total.json')) ?? ONE_FAILED, total);
  say(closingLine(total));
  if (total.failed > 0 || total.passed === 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`test: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
