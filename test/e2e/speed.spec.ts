/** Guards on a capture of 200,000 packets: far below what `npm run bench` measures, so that only a real fault trips them. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSmall } from '../../scripts/make-capture/small.ts';
import { test as base, expect } from './fixtures.ts';

const PACKETS = 200_000;

const FRAMES_PER_SECOND = 30;
const JUMP_MS = 300;

const test = base.extend<object, { large: string }>({
  large: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from the pattern
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'nagare-e2e-'));
      const out = join(folder, 'large.pcap');
      writeSmall({ packets: PACKETS, seed: 1, format: 'pcap', out });
      await use(out);
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
  files: async ({ large }, use) => use([large]),
});

test('scrolling keeps its pace and shows rows all the while', async ({ nagare }) => {
  await nagare.expectCount('packets', PACKETS);
  const { page } = nagare;
  await expect(nagare.row(1)).toBeVisible();
  await nagare.grid.hover();
  const measured = page.evaluate(async (forMs) => {
    const grid = document.querySelector('[role="grid"]');
    const started = performance.now();
    let frames = 0;
    let empty = 0;
    while (performance.now() - started < forMs) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      frames++;
      const shown = [...(grid?.querySelectorAll('[role="gridcell"][aria-colindex="1"]') ?? [])];
      if (shown.filter((cell) => /\d/.test(cell.textContent ?? '')).length < 5) empty++;
    }
    return { perSecond: (frames * 1000) / (performance.now() - started), emptyShare: empty / frames };
  }, 3000);
  for (let i = 0; i < 60; i++) {
    await page.mouse.wheel(0, 400);
    await page.waitForTimeout(40);
  }
  const { perSecond, emptyShare } = await measured;
  expect(perSecond).toBeGreaterThan(FRAMES_PER_SECOND);
  expect(emptyShare).toBeLessThan(0.1);
  const [top] = await nagare.column('No.');
  expect(Number(top)).toBeGreaterThan(200);
});

test('a jump to any row is quick', async ({ nagare }) => {
  await nagare.expectCount('packets', PACKETS);
  await expect(nagare.row(1)).toBeVisible();
  await nagare.row(1).click();
  const jumps: number[] = [];
  for (let i = 0; i < 8; i++) {
    const [key, number] = i % 2 === 0 ? (['End', PACKETS] as const) : (['Home', 1] as const);
    jumps.push(
      await nagare.page.evaluate(
        async ([pressed, wanted]) => {
          const grid = document.querySelector('[role="grid"]');
          const isThere = (): boolean =>
            [...(grid?.querySelectorAll('[role="gridcell"][aria-colindex="1"]') ?? [])].some(
              (cell) => cell.textContent?.replace(/\D/g, '') === String(wanted),
            );
          const started = performance.now();
          document.activeElement?.dispatchEvent(
            new KeyboardEvent('keydown', { key: pressed, bubbles: true, cancelable: true }),
          );
          while (!isThere()) {
            if (performance.now() - started > 10_000) throw new Error(`packet ${wanted} was never shown`);
            await new Promise((resolve) => requestAnimationFrame(resolve));
          }
          return performance.now() - started;
        },
        [key, number] as const,
      ),
    );
  }
  const median = jumps.sort((a, b) => a - b)[Math.floor(jumps.length / 2)];
  expect(median).toBeLessThan(JUMP_MS);
});
