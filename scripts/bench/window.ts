/** The window measured in a real browser over `nagare serve`: first rows, frames a second while scrolling, jumps. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright';
import { browserFlags, findBrowser } from '../../test/support/browser.ts';
import type { MadeCapture } from './captures.ts';
import { measureConversations, scrollFps } from './conversations.ts';
import { grouped, type Section } from './report.ts';

const FIRST_ROWS_MS = 300;
const FRAMES_PER_SECOND = 55;
const JUMP_MS = 100;
/** Waiting for the whole capture ends here. */
const LOADING_MS = 300_000;

/** The window's section of the report; null where there is no browser. */
export async function measureWindow(
  root: string,
  large: MadeCapture,
  many: MadeCapture,
  connections: MadeCapture,
): Promise<Section | null> {
  const found = findBrowser();
  if (found === null) return null;
  const browser = await chromium.launch({ executablePath: found.path, args: browserFlags() });
  const newPage = (): Promise<Page> => browser.newPage({ viewport: { width: 1440, height: 900 } });
  try {
    const first = await withServed(root, large.path, async (url) => firstRows(await newPage(), url));
    const { fps, jump } = await withServed(root, many.path, async (url) => {
      const page = await newPage();
      await firstRows(page, url);
      await allLoaded(page, many.packets);
      return { fps: await scrollFps(page, page.getByRole('grid')), jump: await jumps(page, many.packets) };
    });
    const conversations = await withServed(root, connections.path, async (url) => {
      const page = await newPage();
      await firstRows(page, url);
      await allLoaded(page, connections.packets);
      return measureConversations(page, connections.packets);
    });
    return {
      title: 'Window (headless Chromium, software rendering)',
      lines: [
        {
          what: `first rows of ${grouped(large.packets)} packets, after asking for the file`,
          figure: `${first.toFixed(0)} ms`,
          target: `${FIRST_ROWS_MS} ms`,
          isReached: first <= FIRST_ROWS_MS,
        },
        {
          what: `scrolling through ${grouped(many.packets)} packets`,
          figure: `${fps.toFixed(0)} frames a second`,
          target: `${FRAMES_PER_SECOND}`,
          isReached: fps >= FRAMES_PER_SECOND,
        },
        {
          what: 'a jump to the end or the start of them, median',
          figure: `${jump.toFixed(0)} ms`,
          target: `${JUMP_MS} ms`,
          isReached: jump <= JUMP_MS,
        },
        ...conversations,
      ],
    };
  } finally {
    await browser.close();
  }
}

async function withServed<T>(root: string, file: string, body: (url: string) => Promise<T>): Promise<T> {
  const settings = mkdtempSync(join(tmpdir(), 'nagare-bench-settings-'));
  const child = spawn(process.execPath, [join(root, 'cli', 'nagare.mjs'), 'serve', file, '--no-open'], {
    env: { ...process.env, NAGARE_CONFIG_DIR: settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    return await body(await addressOf(child));
  } finally {
    child.kill();
    rmSync(settings, { recursive: true, force: true });
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let text = '';
    child.stdout?.on('data', (part: Buffer) => {
      text += part.toString('utf8');
      const address = /http:\/\/127\.0\.0\.1:\S+/.exec(text)?.[0];
      if (address !== undefined) found(address);
    });
    child.on('exit', (code) => failed(new Error(`serve ended with ${code}`)));
  });
}

/** Milliseconds from the page asking the host for the file to the first row on screen. */
async function firstRows(page: Page, url: string): Promise<number> {
  await page.addInitScript(() => {
    const marks = window as unknown as { asked?: number; shown?: number };
    window.WebSocket = class extends WebSocket {
      override send(data: Parameters<WebSocket['send']>[0]): void {
        const bytes =
          data instanceof ArrayBuffer
            ? new Uint8Array(data)
            : ArrayBuffer.isView(data)
              ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
              : null;
        const text =
          typeof data === 'string' ? data : bytes === null ? '' : new TextDecoder().decode(bytes.slice(0, 400));
        if (text.includes('session.open')) marks.asked ??= performance.now();
        super.send(data);
      }
    };
    const look = (): void => {
      const row = document.querySelector('[role=grid] [role=row][aria-rowindex="2"] [role=gridcell]');
      if (row !== null && row.textContent !== '') marks.shown ??= performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(url);
  await page.waitForFunction(() => (window as unknown as { shown?: number }).shown !== undefined, undefined, {
    timeout: 60_000,
  });
  return page.evaluate(() => {
    const { asked = 0, shown = 0 } = window as unknown as { asked?: number; shown?: number };
    return shown - asked;
  });
}

async function allLoaded(page: Page, packets: number): Promise<void> {
  await page.waitForFunction(
    (all) => Number(document.querySelector('[data-count=packets]')?.getAttribute('data-value')) >= all,
    packets,
    { timeout: LOADING_MS },
  );
  await page.waitForTimeout(2000);
}

/** Median milliseconds of End and Home, from the key to the row on screen. */
async function jumps(page: Page, packets: number): Promise<number> {
  await page.getByRole('grid').focus();
  const ms: number[] = [];
  for (let i = 0; i < 6; i++) {
    const toEnd = i % 2 === 0;
    const began = performance.now();
    await page.keyboard.press(toEnd ? 'End' : 'Home');
    await page.waitForFunction(
      (index) =>
        [...document.querySelectorAll('[role=grid] [role=row]')].some(
          (row) => row.getAttribute('aria-rowindex') === index && (row.textContent ?? '') !== '',
        ),
      String(toEnd ? packets + 1 : 2),
      { polling: 'raf', timeout: 60_000 },
    );
    ms.push(performance.now() - began);
  }
  ms.sort((a, b) => a - b);
  return ms[ms.length >>> 1] ?? 0;
}
