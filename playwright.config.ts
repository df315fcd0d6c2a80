/**
 * End-to-end tests (playwright) of the built program: in the browser that the machine has, and the same in the desktop
 * window where Electron's binary is installed.
 */
import { defineConfig } from 'playwright/test';
import { browserFlags, findBrowser } from './test/support/browser.ts';

const browser = findBrowser();

export default defineConfig<object, { host: 'browser' | 'electron' }>({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/e2e',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  projects: [
    { name: 'browser', use: { host: 'browser' } },
    { name: 'electron', use: { host: 'electron' } },
  ],
  reporter: [['line'], ['json', { outputFile: 'build/test-results/end-to-end.json' }]],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
    launchOptions: {
      args: browserFlags(),
      ...(browser === null ? {} : { executablePath: browser.path }),
    },
  },
});
