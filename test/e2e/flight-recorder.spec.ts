/** Captures that run for long: a ring of files, the flight recorder by its condition and by hand, the last minutes only. */

import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Locator, Page } from 'playwright/test';
import { countOf, expect, type Nagare, test } from './fixtures.ts';

/** Why nothing may capture here; null: it can. */
function whyNot(): string | null {
  try {
    const said = execFileSync(process.execPath, ['cli/nagare.mjs', 'interfaces', '--json'], { encoding: 'utf8' });
    const { tool, needs } = JSON.parse(said) as { readonly tool: string; readonly needs: readonly unknown[] };
    return tool === 'helper' && needs.length === 0 ? null : `the capture helper cannot capture here (${tool})`;
  } catch (error) {
    return `no list of interfaces: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const reason = whyNot();
test.skip(reason !== null, reason ?? '');
test.use({ serveArgs: ['--capture'], files: [] });

const PORT = 47_998;

/** Sends one datagram after the other on loopback; `special`: one that is longer than all others. */
function sender(): { special: () => void; stop: () => void } {
  const socket = createSocket('udp4');
  const timer = setInterval(() => socket.send('plain', PORT, '127.0.0.1'), 4);
  return {
    special: () => socket.send('x'.repeat(500), PORT, '127.0.0.1'),
    stop: () => {
      clearInterval(timer);
      socket.close();
    },
  };
}

/** The options of a capture on the loopback interface, ready for one of the tabs. */
async function openOptions(page: Page): Promise<Locator> {
  await page.getByRole('toolbar').getByRole('button', { name: 'Capture', exact: true }).click();
  await expect(page.getByRole('table', { name: 'Interfaces' })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+Shift+E');
  const dialog = page.getByRole('dialog', { name: 'Capture options' });
  await dialog.getByRole('textbox', { name: /^Paste a command/ }).fill(`tcpdump -i lo 'udp dst port ${PORT}'`);
  return dialog;
}

async function start(page: Page, dialog: Locator): Promise<void> {
  await dialog.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByRole('toolbar').getByRole('button', { name: 'Capturing', exact: true })).toBeVisible();
}

async function stop({ page }: Nagare): Promise<void> {
  await page.getByRole('toolbar').getByRole('button', { name: 'Stop capturing' }).click();
  await expect(page.getByRole('toolbar').getByRole('button', { name: 'Capture', exact: true })).toBeVisible();
}

async function showState({ page }: Nagare): Promise<Locator> {
  await page
    .getByRole('toolbar')
    .getByRole('button', { name: /^Captur/ })
    .first()
    .click();
  return page.getByRole('region', { name: 'Live capture' });
}

test('a packet that somebody waits for has the last minutes saved by themselves', async ({ nagare }) => {
  const { page } = nagare;
  const dialog = await openOptions(page);
  await dialog.getByRole('tab', { name: 'Flight recorder' }).click();
  await dialog.getByText('Save the last minutes by itself').click();
  await dialog.getByRole('textbox', { name: 'A packet passes this display filter' }).fill('udp.length > 400');
  await start(page, dialog);
  const traffic = sender();
  await expect.poll(() => nagare.valueOf('packets')).toBeGreaterThan(100);
  const state = await showState(nagare);
  await expect(state.getByText('Saved by the flight recorder')).toHaveCount(0);
  traffic.special();
  await expect(state.getByText('Saved by the flight recorder')).toBeVisible();
  traffic.stop();
  await stop(nagare);

  // What was saved holds the packet and what led to it.
  const folder = join(dirname(nagare.folder), 'config', 'captures');
  const [saved = ''] = readdirSync(folder).filter((name) => name.includes('-saved-'));
  const file = join(folder, saved);
  expect(countOf(file)).toBeGreaterThan(100);
  expect(countOf(file, 'udp.length > 400')).toBe(1);
});

test('the last minutes are saved by hand while it goes on', async ({ nagare }) => {
  const { page } = nagare;
  const dialog = await openOptions(page);
  await start(page, dialog);
  const traffic = sender();
  await expect.poll(() => nagare.valueOf('packets')).toBeGreaterThan(100);
  const state = await showState(nagare);
  const path = join(nagare.folder, 'last.pcapng');
  await nagare.saveDownload(path, async () => {
    await state.getByRole('button', { name: 'Save as…' }).click();
    const save = page.getByRole('dialog', { name: 'Save the capture' });
    await save.getByText('The last minutes').click();
    await save.getByRole('textbox', { name: 'Minutes' }).fill('2');
    await save.getByRole('button', { name: /^Save/ }).click();
  });
  expect(countOf(path)).toBeGreaterThanOrEqual(100);
  const before = await nagare.valueOf('packets');
  await expect.poll(() => nagare.valueOf('packets')).toBeGreaterThan(before);
  traffic.stop();
  await stop(nagare);
});

test('a ring keeps its newest files: older packets are retired, and panels say what they cover', async ({ nagare }) => {
  const { page } = nagare;
  const dialog = await openOptions(page);
  await dialog.getByRole('tab', { name: 'Files and end' }).click();
  await dialog.getByText('Write several files').click();
  await dialog.getByRole('textbox', { name: 'at', exact: true }).fill('0.05');
  await dialog.getByRole('textbox', { name: 'Keep the newest' }).fill('2');
  await start(page, dialog);
  const traffic = sender();
  const state = await showState(nagare);
  const retired = state.locator('[data-count="live-retired"]');
  await expect(retired).toBeVisible({ timeout: 20_000 });
  await expect(state.getByText(/Older than what is kept/)).toBeVisible();
  await nagare.panel('Protocol hierarchy');
  const covered = page.locator('[data-retired]');
  await expect(covered).toContainText(/retired: what is said here covers packets [\d,]+ to [\d,]+/);
  traffic.stop();
  await stop(nagare);
  // Row numbers only grow: the first one that is there is not the first one ever.
  const first = Number(await covered.getAttribute('data-retired'));
  expect(first).toBeGreaterThan(0);
  await nagare.panel('Packets');
  await page.keyboard.press('Home');
  await nagare.grid.focus();
  await page.keyboard.press('Home');
  await expect.poll(async () => Number((await nagare.column('No.'))[0]?.replaceAll(',', ''))).toBe(first + 1);
});
