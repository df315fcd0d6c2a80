/**
 * The built program, started for each test with a configuration of its own: through `nagare serve` in a browser, or as the
 * desktop window where Electron's binary is installed. Things are found by their accessible names, in English.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  _electron,
  type Browser,
  test as base,
  type ElectronApplication,
  expect,
  type Locator,
  type Page,
} from 'playwright/test';
import { findBrowser } from '../support/browser.ts';
import { findElectron } from '../support/electron-binary.ts';

export { expect } from 'playwright/test';

export const SAMPLE = resolve('assets/sample.pcapng');
/** Packets in the sample capture. */
export const SAMPLE_PACKETS = 703;

/** What the command line counts: another way to the same number. */
export function countOf(file: string, filter?: string): number {
  const args = ['cli/nagare.mjs', 'count', file, ...(filter === undefined ? [] : ['-Y', filter])];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

const START_MS = 20_000;

type Count = 'packets' | 'displayed' | 'marked';

/** What differs between the two hosts. */
interface Shell {
  readonly page: Page;
  /** Loads the page, where that is not done by itself. */
  start(): Promise<void>;
  chooseFile(path: string): Promise<void>;
  /** Does what asks for a file to write, and waits for it; its path. */
  export(path: string, ask: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** A window of the program, and the words to talk about it. */
export class Nagare {
  readonly page: Page;
  /** Files in here may be opened. */
  readonly folder: string;
  readonly grid: Locator;
  readonly tree: Locator;
  readonly bytes: Locator;
  readonly filter: Locator;
  readonly status: Locator;
  /** Whatever should not happen in a page: exceptions, messages of the console, what the policy refused. None at the end. */
  readonly faults: string[] = [];
  private readonly shell: Shell;

  constructor(shell: Shell, folder: string) {
    const { page } = shell;
    watch(page, this.faults);
    this.shell = shell;
    this.page = page;
    this.folder = folder;
    this.grid = page.getByRole('grid', { name: 'Packets' });
    this.tree = page.getByRole('tree', { name: 'Packet details' });
    this.bytes = page.getByRole('region', { name: 'Packet bytes' });
    this.filter = page.getByRole('combobox', { name: 'Display filter' });
    this.status = page.getByRole('status', { name: 'Status' });
  }

  /** Packets, not headings, that are in sight. */
  get rows(): Locator {
    return this.grid.getByRole('row').filter({ has: this.page.getByRole('gridcell') });
  }

  /** The row of a packet, by its number. */
  row(number: number): Locator {
    return this.rows.filter({ has: this.page.getByRole('gridcell', { name: String(number), exact: true }).first() });
  }

  count(name: Count): Locator {
    return this.page.locator(`[data-count="${name}"]`);
  }

  async expectCount(name: Count, value: number): Promise<void> {
    await expect(this.count(name)).toHaveAttribute('data-value', String(value));
  }

  async valueOf(name: Count): Promise<number> {
    return Number(await this.count(name).getAttribute('data-value'));
  }

  /** Texts of a column of the rows in sight, from the top. */
  async column(name: string): Promise<string[]> {
    const headings = await this.grid.getByRole('columnheader').allInnerTexts();
    const at = headings.findIndex((heading) => heading.trim() === name);
    return this.rows.evaluateAll(
      (rows, index) =>
        rows
          .map((row) => ({
            top: row.getBoundingClientRect().top,
            text: row.querySelector(`[aria-colindex="${index + 1}"]`)?.textContent ?? '',
          }))
          .sort((a, b) => a.top - b.top)
          .map(({ text }) => text.trim()),
      at,
    );
  }

  /** Shows a panel, by its name in the side bar. */
  async panel(name: string): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Panels' }).getByRole('button', { name, exact: true }).click();
  }

  /** Runs a command by its title in the palette, once it is offered there. */
  async run(title: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+K');
    const input = this.page.getByRole('dialog').getByRole('combobox');
    const first = this.page.getByRole('dialog').getByRole('option', { selected: true });
    // What is offered depends on what is open: typed anew until the capture is there.
    await expect(async () => {
      await input.fill('');
      await input.fill(title);
      await expect(first).toContainText(title, { ignoreCase: true, timeout: 500 });
    }).toPass();
    await this.page.keyboard.press('Enter');
    await expect(input).toHaveCount(0);
  }

  /** Writes a filter and applies it. */
  async applyFilter(text: string): Promise<void> {
    await this.filter.click();
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.press('Delete');
    await this.page.keyboard.type(text);
    await this.page.keyboard.press('Enter');
  }

  /** Opens a row of the details, where it is closed. */
  async expand(name: RegExp): Promise<void> {
    const item = this.tree.getByRole('treeitem', { name }).first();
    await item.click();
    if ((await item.getAttribute('aria-expanded')) === 'false') await this.page.keyboard.press('ArrowRight');
    await expect(item).toHaveAttribute('aria-expanded', 'true');
  }

  async open(path: string): Promise<void> {
    await this.shell.chooseFile(path);
  }

  /** Asks for a file to write, and waits until it is there. */
  async saveDownload(path: string, ask: () => Promise<void>): Promise<void> {
    await this.shell.export(path, ask);
  }

  /** The whole export dialog: which packets, in which format; the file is then in the folder that may be opened from. */
  async export(which: RegExp, format: string, name: string): Promise<string> {
    const path = join(this.folder, name);
    await this.page.getByRole('toolbar').getByRole('button', { name: 'Export' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Export packets' });
    // The circle of a radio button is drawn over it.
    await dialog.getByRole('radio', { name: which }).check({ force: true });
    await dialog.getByRole('radio', { name: format, exact: true }).check({ force: true });
    await this.shell.export(path, () => dialog.getByRole('button', { name: /Download|Save as/ }).click());
    return path;
  }
}

interface Options {
  /** Files named at start. */
  files: readonly string[];
  /** Made in the folder that files may be opened from, and named at start behind `files`. */
  captures: Readonly<Record<string, Uint8Array>>;
  /** More of `nagare serve`'s options; the desktop window has none. */
  serveArgs: readonly string[];
}

interface WorkerOptions {
  host: 'browser' | 'electron';
}

interface WorkerFixtures {
  /** The browser, started when it is asked for first. */
  browserOnce: () => Promise<Browser>;
}

export const test = base.extend<Options & { nagare: Nagare }, WorkerOptions & WorkerFixtures>({
  host: ['browser', { scope: 'worker', option: true }],
  files: [[SAMPLE], { option: true }],
  captures: [{}, { option: true }],
  serveArgs: [[], { option: true }],

  browserOnce: [
    async ({ playwright }, use) => {
      let browser: Browser | undefined;
      await use(async () => {
        browser ??= await playwright.chromium.launch();
        return browser;
      });
      await browser?.close();
    },
    { scope: 'worker' },
  ],

  nagare: async ({ host, files, captures, serveArgs, browserOnce }, use, info) => {
    const electron = host === 'electron' ? findElectron() : null;
    test.skip(
      host === 'electron' && electron === null,
      'Electron’s binary is not installed (npx install-electron --no)',
    );
    test.skip(host === 'browser' && findBrowser() === null, 'there is no browser');
    const home = realpathSync.native(mkdtempSync(join(tmpdir(), 'nagare-e2e-')));
    try {
      const folder = join(home, 'captures');
      mkdirSync(folder);
      const made = Object.entries(captures).map(([name, bytes]) => {
        const path = join(folder, name);
        writeFileSync(path, bytes);
        return path;
      });
      const env = { ...process.env, NAGARE_CONFIG_DIR: join(home, 'config'), LC_ALL: 'C', LANG: 'C', TZ: 'UTC' };
      const named = [...files, ...made];
      const shell =
        electron === null
          ? await startServe(await browserOnce(), [...serveArgs, ...named], folder, env)
          : await startElectron(electron, named, env);
      const nagare = new Nagare(shell, folder);
      try {
        await shell.start();
        // The sample introduces itself; a test that names it wants its packets.
        if (files.includes(SAMPLE)) await nagare.panel('Packets');
        await use(nagare);
        // A page that has met a fault may still look right.
        if (info.status === 'passed') expect(nagare.faults).toEqual([]);
      } finally {
        await shell.close();
      }
    } finally {
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    }
  },
});

function watch(page: Page, faults: string[]): void {
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`${message.type()}: ${message.text()}`);
  });
  page.on('requestfailed', (request) => faults.push(`failed: ${request.url()} ${request.failure()?.errorText ?? ''}`));
}

async function startServe(
  browser: Browser,
  args: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<Shell> {
  const server = spawn(process.execPath, ['cli/nagare.mjs', 'serve', '--no-open', '--root', folder, ...args], { env });
  const address = await addressOf(server);
  const context = await browser.newContext({ acceptDownloads: true });
  const page = await context.newPage();
  return {
    page,
    start: async () => void (await page.goto(address)),
    chooseFile: async (path) => {
      await page.getByRole('toolbar').getByRole('button', { name: 'Open' }).click();
      const dialog = page.getByRole('dialog', { name: 'Open capture' });
      const file = dialog.getByRole('option', { name: fileName(path) });
      const folder = dialog.getByRole('option', { name: folderName(path) });
      await expect(file.or(folder).first()).toBeVisible();
      if (!(await file.isVisible())) await folder.dblclick();
      await file.click();
      await dialog.getByRole('button', { name: 'Open', exact: true }).click();
    },
    export: async (path, ask) => {
      const [download] = await Promise.all([page.waitForEvent('download'), ask()]);
      await download.saveAs(path);
    },
    close: async () => {
      await context.close();
      await stop(server);
    },
  };
}

function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

function folderName(path: string): string {
  return path.split(/[\\/]/).at(-2) ?? path;
}

/** The address that the server prints. */
export function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error(`nagare serve did not start: ${said}`)), START_MS);
    const hear = (text: Buffer): void => {
      said += text.toString('utf8');
      const [address] = /http:\/\/127\.0\.0\.1:\d+\/\?code=[\w-]+/.exec(said) ?? [];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    };
    server.stdout?.on('data', hear);
    server.stderr?.on('data', hear);
    server.once('exit', (code) => reject(new Error(`nagare serve ended with ${code}: ${said}`)));
  });
}

/** Ctrl+C, as a user ends it; it must end by itself. */
async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = new Promise<number | null>((resolve) => server.once('exit', resolve));
  server.kill('SIGINT');
  const timer = setTimeout(() => server.kill('SIGKILL'), 10_000);
  const code = await ended;
  clearTimeout(timer);
  if (process.platform !== 'win32') expect(code, 'nagare serve ends cleanly').toBe(0);
}

async function startElectron(program: string, files: readonly string[], env: NodeJS.ProcessEnv): Promise<Shell> {
  // Root needs this; the program as it ships never has it.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const profile = join(env['NAGARE_CONFIG_DIR'] ?? tmpdir(), 'electron');
  const variables = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const app: ElectronApplication = await _electron.launch({
    executablePath: program,
    args: [...sandbox, `--user-data-dir=${profile}`, resolve('build/electron/main.js'), '--', ...files],
    env: Object.fromEntries(variables),
  });
  const page = await app.firstWindow();
  return {
    page,
    start: async () => undefined,
    chooseFile: async (path) => {
      await app.evaluate(({ dialog }, chosen) => {
        dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
      }, path);
      await page.getByRole('toolbar').getByRole('button', { name: 'Open' }).click();
    },
    export: async (path, ask) => {
      await app.evaluate(({ dialog }, chosen) => {
        dialog.showSaveDialog = async () => ({ canceled: false, filePath: chosen });
      }, path);
      await ask();
      await expect(page.getByText(/packets? written to|macros are saved/)).toBeVisible();
    },
    close: async () => {
      await app.close();
    },
  };
}
