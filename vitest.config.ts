/** The test suites that run in Node (vitest): one project each, so that `npx vitest run --project unit` runs one alone. */
import { defineConfig } from 'vitest/config';

/** Generous, because two cores are shared with whatever else runs; a test that hangs still ends. */
const TEST_TIMEOUT_MS = 30_000;

function suite(name: string, setupFiles: string[] = []) {
  return {
    extends: true as const,
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`, `test/${name}/**/*.test.tsx`],
      environment: 'node',
      setupFiles,
      testTimeout: TEST_TIMEOUT_MS,
      hookTimeout: TEST_TIMEOUT_MS,
    },
  };
}

export default defineConfig({
  test: {
    projects: [
      suite('unit', ['test/support/record-fields.ts']),
      suite('golden', ['test/support/record-fields.ts']),
      // After those two: reads what they saw.
      suite('fields'),
      suite('property', ['test/support/property-setup.ts']),
      suite('electron'),
      suite('native'),
      suite('system'),
    ],
    pool: 'threads',
    maxWorkers: 2,
  },
});
