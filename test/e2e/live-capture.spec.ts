/** Live capture in the window: an interface, a wrong and a right capture filter, rows that arrive, a filter over them, saving, opening again. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright/test';
import { addressOf, countOf, expect, type Nagare, SAMPLE, test } from './fixtures.ts';

/** Why nothing may capture here; null: it can. */
function whyNot(): string | null {
  try {
    const said = execFileSync(process.execPath, ['cli/nagare.mjs', 'interfaces', '--json'], { encoding: 'utf8' });
    const { tool, interfaces } = JSON.parse(said) as {
      readonly tool: string;
      readonly interfaces: readonly { readonly name: string; readonly linkTypes: readonly string[] }[];
    };
    if (tool !== 'helper') return `the capture helper cannot capture here (${tool})`;
    const lo = interfaces.find(({ name }) => name === 'lo');
    return lo !== undefined && lo.linkTypes.length > 0
      ? null
      : 'there is no right to capture on the loopback interface';
  } catch (error) {
    return `no list of interfaces: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const reason = whyNot();
test.skip(reason !== null, reason ?? '');
test.use({ serveArgs: ['--capture'], files: [] });

/** The port that nobody listens on: each datagram is answered by an ICMP error. */
const PORT = 47_999;

/** Sends datagrams on loopback until told to stop; resolves to how many were sent. */
function sender(): { stop: () => Promise<number> } {
  const socket = createSocket('udp4');
  let sent = 0;
  const timer = setInterval(() => {
    socket.send(`packet ${sent++}`, PORT, '127.0.0.1');
  }, 10);
  return {
    stop: () =>
      new Promise((resolve) => {
        clearInterval(timer);
        setTimeout(() => socket.close(() => resolve(sent)), 300);
      }),
  };
}

async function openPage(page: Page): Promise<void> {
  await page.getByRole('toolbar').getByRole('button', { name: 'Capture', exact: true }).click();
  await expect(page.getByRole('table', { name: 'Interfaces' })).toBeVisible();
}

async function chooseLoopback(page: Page): Promise<void> {
  for (const box of await page.getByRole('checkbox', { name: /^Capture on / }).all()) {
    if (await box.isChecked()) await box.press('Space');
  }
  await page.getByRole('checkbox', { name: 'Capture on lo', exact: true }).press('Space');
}

async function startOn(page: Page, filter: string): Promise<void> {
  await openPage(page);
  await chooseLoopback(page);
  await page.getByRole('textbox', { name: 'Capture filter' }).fill(filter);
  await expect(page.getByText('This filter is right.')).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'Start' }).click();
  await expect(page.getByRole('toolbar').getByRole('button', { name: 'Capturing', exact: true })).toBeVisible();
}

async function stop(nagare: Nagare): Promise<void> {
  await nagare.page.getByRole('toolbar').getByRole('button', { name: 'Stop capturing' }).click();
  await expect(nagare.page.getByRole('toolbar').getByRole('button', { name: 'Capture', exact: true })).toBeVisible();
}

test('captures, follows, filters, stops, saves, and opens what was saved', async ({ nagare }) => {
  const { page } = nagare;
  await openPage(page);
  await chooseLoopback(page);

  // A wrong filter: the place is shown, and it cannot start.
  const field = page.getByRole('textbox', { name: 'Capture filter' });
  await field.fill(`udp prot ${PORT}`);
  await expect(page.getByText(/This filter is not right/)).toBeVisible();
  await expect(page.locator('mark')).toHaveText('prot');
  const start = page.getByRole('main').getByRole('button', { name: 'Start' });
  await expect(start).toBeDisabled();
  await field.fill(`udp port ${PORT}`);
  await expect(page.getByText('This filter is right.')).toBeVisible();

  await start.click();
  await expect(page.getByRole('toolbar').getByRole('button', { name: 'Capturing', exact: true })).toBeVisible();
  const traffic = sender();
  // Rows arrive, and the list keeps its end in sight.
  await expect.poll(() => nagare.valueOf('packets')).toBeGreaterThan(60);
  await expect
    .poll(async () => Number((await nagare.column('No.')).findLast((text) => text !== '')?.replaceAll(',', '') ?? 0))
    .toBeGreaterThan(60);
  await expect(nagare.rows.first()).toContainText('UDP');

  // A filter over what comes in grows with it; clearing it brings the rest back.
  await nagare.applyFilter('frame.number <= 5');
  await nagare.expectCount('displayed', 5);
  await nagare.applyFilter('udp.dstport == 9');
  await nagare.expectCount('displayed', 0);
  await nagare.applyFilter('udp');
  await expect.poll(() => nagare.valueOf('displayed')).toBeGreaterThan(60);

  const sent = await traffic.stop();
  await expect.poll(() => nagare.valueOf('packets')).toBe(sent);
  await stop(nagare);
  await expect(page.getByText('This capture is not saved yet.')).toBeVisible();

  // The page says what was captured, what was dropped and what that means.
  await openPage(page);
  const state = page.getByRole('region', { name: 'Live capture' });
  await expect(state.locator('[data-count="live-captured"]')).toHaveText(sent.toLocaleString('en-US'));
  await expect(state.getByText('Dropped by kernel')).toBeVisible();

  // Nothing is lost without being asked.
  await page.keyboard.press('ControlOrMeta+W');
  const leave = page.getByRole('dialog', { name: 'The open capture' });
  await expect(leave).toBeVisible();
  await leave.getByRole('button', { name: 'Cancel' }).click();
  await nagare.expectCount('packets', sent);

  const path = join(nagare.folder, 'saved.pcapng');
  await nagare.saveDownload(path, async () => {
    await state.getByRole('button', { name: 'Save as…' }).click();
    await page.getByRole('dialog', { name: 'Save the capture' }).getByRole('button', { name: /^Save/ }).click();
  });
  expect(countOf(path)).toBe(sent);
  await nagare.open(path);
  await nagare.expectCount('packets', sent);
  await expect(page.getByText('This capture is not saved yet.')).toHaveCount(0);
});

test('the list stays where somebody looks, and follows again from its end', async ({ nagare }) => {
  const { page } = nagare;
  await startOn(page, `udp port ${PORT}`);
  const traffic = sender();
  await expect.poll(() => nagare.valueOf('packets')).toBeGreaterThan(100);
  const follow = page.getByRole('toolbar').getByRole('button', { name: 'Follow the newest packets' });
  await expect(follow).toHaveAttribute('aria-pressed', 'true');

  await nagare.grid.focus();
  await page.keyboard.press('Home');
  await expect(follow).toHaveAttribute('aria-pressed', 'false');
  const before = await nagare.valueOf('packets');
  await expect.poll(() => nagare.valueOf('packets')).toBeGreaterThan(before + 50);
  await expect(nagare.row(1)).toBeVisible();

  await follow.click();
  await expect(nagare.row(1)).toHaveCount(0);
  await expect(follow).toHaveAttribute('aria-pressed', 'true');
  await traffic.stop();
  await stop(nagare);
});

test('panels are live, and a restart begins with an empty list', async ({ nagare }) => {
  const { page } = nagare;
  await startOn(page, `udp port ${PORT}`);
  const traffic = sender();
  await expect.poll(() => nagare.valueOf('packets')).toBeGreaterThan(20);
  await nagare.panel('Protocol hierarchy');
  await expect(page.getByText('User Datagram Protocol').first()).toBeVisible();
  const sent = await traffic.stop();
  await expect.poll(() => nagare.valueOf('packets')).toBe(sent);

  await page.getByRole('toolbar').getByRole('button', { name: 'Capturing', exact: true }).click();
  await page.getByRole('button', { name: 'Restart' }).click();
  await page
    .getByRole('dialog', { name: 'The open capture' })
    .getByRole('button', { name: 'Go on without saving' })
    .click();
  await nagare.expectCount('packets', 0);
  await expect(page.getByRole('toolbar').getByRole('button', { name: 'Capturing', exact: true })).toBeVisible();
  const again = sender();
  await expect.poll(() => nagare.valueOf('packets')).toBeGreaterThan(0);
  await again.stop();
  await stop(nagare);
});

test('a pasted command fills the options, and the options write the command', async ({ nagare }) => {
  const { page } = nagare;
  await openPage(page);
  await page.keyboard.press('ControlOrMeta+Shift+E');
  const dialog = page.getByRole('dialog', { name: 'Capture options' });
  await dialog
    .getByRole('textbox', { name: /^Paste a command/ })
    .fill(`sudo tcpdump -nn -i lo -s 96 -c 3 --frobnicate 'udp port ${PORT}'`);
  await expect(dialog.getByText('Not known here: --frobnicate')).toBeVisible();
  await expect(dialog.getByText('Only about printing: -n -n')).toBeVisible();
  await expect(dialog.getByRole('textbox', { name: 'Bytes kept of each packet' })).toHaveValue('96');
  await expect(dialog.getByLabel('The same on the command line')).toHaveText(
    `tcpdump -i lo -s 96 -c 3 -w capture.pcap 'udp port ${PORT}'`,
  );
  await dialog.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByRole('toolbar').getByRole('button', { name: 'Capturing', exact: true })).toBeVisible();
  const traffic = sender();
  // -c 3: it ends by itself.
  await expect(page.getByRole('toolbar').getByRole('button', { name: 'Capture', exact: true })).toBeVisible();
  await traffic.stop();
  await nagare.expectCount('packets', 3);
});

test('commands for another machine are made from the same options', async ({ nagare }) => {
  const { page } = nagare;
  await openPage(page);
  await page.getByRole('textbox', { name: 'Capture filter' }).fill('tcp port 443');
  await page.getByRole('button', { name: 'Commands for another machine…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Commands for another machine' });
  await expect(dialog.getByText("sudo tcpdump -i eth0 -w /tmp/capture.pcap 'tcp port 443'")).toBeVisible();
  await dialog.getByRole('button', { name: /pktmon$/ }).click();
  await expect(dialog.getByText('pktmon filter add nagare1 -t TCP -p 443')).toBeVisible();
  await expect(dialog.getByText(/Bring back: C:\\capture.etl/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('what a crash of the host leaves behind is offered at the next start, and opens', async ({
  host,
  browserOnce,
}) => {
  test.skip(host !== 'browser', 'the host of the desktop window goes with it');
  const home = mkdtempSync(join(tmpdir(), 'nagare-e2e-'));
  const env = { ...process.env, NAGARE_CONFIG_DIR: join(home, 'config'), LC_ALL: 'C', LANG: 'C', TZ: 'UTC' };
  mkdirSync(join(home, 'captures'));
  const begin = (): ChildProcess =>
    spawn(
      process.execPath,
      ['cli/nagare.mjs', 'serve', '--no-open', '--capture', '--root', join(home, 'captures'), SAMPLE],
      {
        env,
      },
    );
  const context = await (await browserOnce()).newContext();
  const servers = [begin()];
  try {
    const page = await context.newPage();
    await page.goto(await addressOf(servers[0] as ChildProcess));
    await startOn(page, `udp port ${PORT}`);
    const traffic = sender();
    const packets = page.locator('[data-count="packets"]');
    await expect.poll(async () => Number(await packets.getAttribute('data-value'))).toBeGreaterThan(50);
    servers[0]?.kill('SIGKILL');
    await traffic.stop();

    servers.push(begin());
    const again = await context.newPage();
    await again.goto(await addressOf(servers[1] as ChildProcess));
    await openPage(again);
    const left = again.getByRole('region', { name: /did not end in order/ });
    await expect(left).toBeVisible();
    await left.getByRole('button', { name: 'Open' }).click();
    await expect
      .poll(async () => Number(await again.locator('[data-count="packets"]').getAttribute('data-value')))
      .toBeGreaterThan(50);
    await expect(again.getByRole('grid', { name: 'Packets' }).getByText('UDP').first()).toBeVisible();

    // Deleted only when asked twice.
    await again.getByRole('toolbar').getByRole('button', { name: 'Capture', exact: true }).click();
    await left.getByRole('button', { name: 'Delete' }).click();
    await left.getByRole('button', { name: 'Delete for good' }).click();
    await expect(left).toHaveCount(0);
  } finally {
    await context.close();
    for (const server of servers) server.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
});

/** For docs/live-capture.md: `NAGARE_SCREENSHOTS=1` takes the pictures anew. */
async function takePictures(nagare: Nagare): Promise<void> {
  const { page } = nagare;
  const take = async (name: string): Promise<void> => {
    await page.screenshot({ path: `docs/live-capture/${name}.png` });
  };
  await openPage(page);
  await chooseLoopback(page);
  const traffic = sender();
  await page.getByRole('textbox', { name: 'Capture filter' }).fill(`udp prot ${PORT}`);
  await expect(page.locator('mark')).toBeVisible();
  await page.waitForTimeout(8000);
  await take('page');
  await page.getByRole('textbox', { name: 'Capture filter' }).fill(`udp port ${PORT} or icmp`);
  await expect(page.getByText('This filter is right.')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+Shift+E');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.waitForTimeout(300);
  await take('options');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Commands for another machine…' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /pktmon$/ })
    .click();
  await page.waitForTimeout(300);
  await take('commands');
  await page.keyboard.press('Escape');
  await page.getByRole('main').getByRole('button', { name: 'Start' }).click();
  await expect(page.getByRole('toolbar').getByRole('button', { name: 'Capturing', exact: true })).toBeVisible();
  await expect.poll(() => nagare.valueOf('packets')).toBeGreaterThan(300);
  await take('running');
  await traffic.stop();
  await stop(nagare);
}

if (process.env['NAGARE_SCREENSHOTS'] === '1') {
  test('takes the pictures of the manual', ({ nagare }) => takePictures(nagare));
}
