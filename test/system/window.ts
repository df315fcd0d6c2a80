/** The window on this side of the cable: `nagare serve --capture`, and Chromium with the page. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type BrowserServer, chromium, type Page } from 'playwright';
import { browserFlags, findBrowser } from '../support/browser.ts';
import { HERE, type Network } from './network.ts';

const START_MS = 30_000;
/** Drawing has no processor of its own while traffic is made. */
const PAGE_MS = 60_000;
const POLL_MS = 50;

export const browserPath = findBrowser()?.path ?? null;

export class LiveWindow {
  readonly page: Page;
  private readonly server: ChildProcess;
  private readonly browser: BrowserServer;

  private constructor(server: ChildProcess, browser: BrowserServer, page: Page) {
    this.server = server;
    this.browser = browser;
    this.page = page;
  }

  /** Settings, and captures that are not saved, are in a folder of the network's own: the next start finds them. */
  static async open(network: Network): Promise<LiveWindow> {
    if (browserPath === null) throw new Error('there is no browser');
    const config = `NAGARE_CONFIG_DIR=${join(network.folder, 'config')}`;
    const serve = [process.execPath, 'cli/nagare.mjs', 'serve', '--capture', '--no-open', '--root', network.folder];
    const server = network.start('here', 'env', config, 'LC_ALL=C', ...serve);
    const address = await addressOf(server);
    const executablePath = network.wrap(browserPath);
    const browser = await chromium.launchServer({ executablePath, args: browserFlags() });
    const page = await (await chromium.connect(browser.wsEndpoint())).newPage();
    page.setDefaultTimeout(PAGE_MS);
    await page.goto(address);
    return new LiveWindow(server, browser, page);
  }

  /** Captures on the cable; resolves when it runs. */
  async capture(filter: string): Promise<void> {
    const { page } = this;
    await this.showCapture();
    for (const box of await page.getByRole('checkbox', { name: /^Capture on / }).all()) {
      if (await box.isChecked()) await box.press('Space');
    }
    await page.getByRole('checkbox', { name: `Capture on ${HERE.card}`, exact: true }).press('Space');
    await page.getByRole('textbox', { name: 'Capture filter' }).fill(filter);
    await page.getByRole('main').getByRole('button', { name: 'Start' }).click();
    await page.getByRole('toolbar').getByRole('button', { name: 'Capturing', exact: true }).waitFor();
  }

  async showCapture(): Promise<void> {
    const name = /^Captur(e|ing)$/;
    await this.page.getByRole('toolbar').getByRole('button', { name }).click();
    await this.page.getByRole('table', { name: 'Interfaces' }).waitFor();
  }

  async stopCapture(): Promise<void> {
    await this.page.getByRole('toolbar').getByRole('button', { name: 'Stop capturing' }).click();
    await this.page.getByRole('toolbar').getByRole('button', { name: 'Capture', exact: true }).waitFor();
  }

  /** Rows that there are. */
  async packets(): Promise<number> {
    return Number(await this.page.locator('[data-count="packets"]').getAttribute('data-value'));
  }

  /** Waits until there are so many, and gives how many there are; after the time, whatever there are. */
  async packetsReach(least: number, limitMs: number): Promise<number> {
    const end = performance.now() + limitMs;
    let packets = await this.packets();
    while (packets < least && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      packets = await this.packets();
    }
    return packets;
  }

  /** A figure of the capture page: `captured`, `droppedByKernel` ... */
  async figure(id: string): Promise<number> {
    const text = await this.page.locator(`[data-count="live-${id}"]`).innerText();
    return Number(text.replaceAll(',', ''));
  }

  /** As when the system ends the host for want of memory. */
  async killHost(): Promise<void> {
    const ended = once(this.server, 'close');
    this.server.kill('SIGKILL');
    await ended;
  }

  killWindow(): Promise<void> {
    return this.browser.kill();
  }

  async close(): Promise<void> {
    await this.browser.close();
    if (this.server.exitCode !== null || this.server.signalCode !== null) return;
    const ended = once(this.server, 'close');
    this.server.kill('SIGINT');
    await ended;
  }
}

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (why: string) => reject(new Error(`nagare serve ${why}: ${text}`));
    const timer = setTimeout(() => fail('did not start'), START_MS);
    const hear = (piece: Buffer): void => {
      text += piece.toString('utf8');
      const [address] = /http:\/\/127\.0\.0\.1:\d+\/\?code=[\w-]+/.exec(text) ?? [];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    };
    server.stdout?.on('data', hear);
    server.stderr?.on('data', hear);
    server.once('exit', () => fail('ended'));
  });
}
