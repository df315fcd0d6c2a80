/** The conversations panel of a capture with very many connections, in a real browser: opening, sorting, searching, scrolling. */

import type { Locator, Page } from 'playwright';
import { grouped, type Line } from './report.ts';

const FRAMES_PER_SECOND = 55;
/** Over the network of this machine, drawing included. */
const ANSWER_MS = 1000;

/** `packets`: connections of a packet each. The page shows the capture, loaded. */
export async function measureConversations(page: Page, packets: number): Promise<Line[]> {
  const what = `${grouped(packets)} conversations`;
  const grid = page.getByRole('grid', { name: 'Conversations', exact: true });
  const opened = await msUntil(
    () =>
      page
        .getByRole('navigation', { name: 'Panels' })
        .getByRole('button', { name: 'Conversations', exact: true })
        .click(),
    () => waitForRow(grid),
  );
  const heading = grid.getByRole('columnheader', { name: 'Start', exact: true });
  const sorted = await msUntil(
    () => heading.click(),
    () => grid.locator('[role=columnheader][aria-sort]:not([aria-sort=none])', { hasText: 'Start' }).waitFor(),
  );
  const search = page.getByRole('textbox', { name: 'Search in Conversations' });
  const found = await msUntil(
    () => search.fill('10.0.2.'),
    () => grid.and(page.locator(`:not([aria-rowcount="${packets + 1}"])`)).waitFor(),
  );
  await search.fill('');
  await waitForRow(grid);
  const fps = await scrollFps(page, grid);
  return [
    timeLine(`${what}: the panel opens`, opened),
    timeLine(`${what}: sorted by a click`, sorted),
    timeLine(`${what}: searched`, found),
    {
      what: `${what}: scrolling`,
      figure: `${fps.toFixed(0)} frames a second`,
      target: `${FRAMES_PER_SECOND}`,
      isReached: fps >= FRAMES_PER_SECOND,
    },
  ];
}

function timeLine(what: string, ms: number): Line {
  return { what, figure: `${ms.toFixed(0)} ms`, target: `${ANSWER_MS} ms`, isReached: ms <= ANSWER_MS };
}

async function msUntil(act: () => Promise<unknown>, isDone: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await act();
  await isDone();
  return performance.now() - began;
}

async function waitForRow(grid: Locator): Promise<void> {
  await grid.locator('[role=row][aria-rowindex="2"] [role=gridcell]:not(:empty)').first().waitFor({ timeout: 60_000 });
}

/** Frames drawn a second while the wheel turns over the list. */
export async function scrollFps(page: Page, grid: Locator): Promise<number> {
  const box = await grid.boundingBox();
  if (box === null) throw new Error('the list is not there');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const counted = page.evaluate(
    () =>
      new Promise<number>((done) => {
        let frames = 0;
        const began = performance.now();
        const tick = (): void => {
          frames++;
          const took = performance.now() - began;
          if (took < 3000) requestAnimationFrame(tick);
          else done((frames * 1000) / took);
        };
        requestAnimationFrame(tick);
      }),
  );
  for (let i = 0; i < 120; i++) {
    await page.mouse.wheel(0, 400);
    await page.waitForTimeout(20);
  }
  return counted;
}
