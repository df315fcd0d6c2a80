/** The main path through the window: open, read, filter, narrow, export. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { smallCapture } from './captures.ts';
import { countOf, expect, SAMPLE, SAMPLE_PACKETS, test } from './fixtures.ts';

test.describe('without a file', () => {
  test.use({ files: [] });

  test('the first start shows the sample capture and says so', async ({ nagare }) => {
    await nagare.expectCount('packets', SAMPLE_PACKETS);
    await expect(nagare.page.getByText('This is the sample capture that comes with Nagare.')).toBeVisible();
    await expect(nagare.page.getByRole('heading', { name: 'Overview' })).toBeVisible();
    await expect(nagare.page.getByText(/^703 packets, /)).toBeVisible();
    await nagare.panel('Packets');
    await expect(nagare.rows.first()).toBeVisible();
    await expect(nagare.page).toHaveTitle(/sample\.pcapng/);
    // Nothing is under way any more.
    await expect(nagare.page.getByText(/^Loaded in/)).toBeVisible();
    await expect(nagare.page.getByRole('progressbar')).toHaveCount(0);
  });
});

test.describe('a second file', () => {
  test.use({ captures: { 'second.pcap': smallCapture(40) }, files: [] });

  test('is opened from the window and takes the place of the first', async ({ nagare }) => {
    await nagare.expectCount('packets', 40);
    await nagare.applyFilter('tcp');
    const filtered = await nagare.export(/^All/, 'pcapng', 'third.pcapng');
    await nagare.open(filtered);
    await expect(nagare.page).toHaveTitle(/third\.pcapng/);
    await nagare.expectCount('packets', 40);
    await nagare.expectCount('displayed', 40);
    await expect(nagare.filter).toHaveText(/^$|Display filter/);
  });
});

test('the last packet is reached by scrolling and by key, and is wholly in sight', async ({ nagare }) => {
  await nagare.grid.hover();
  for (let i = 0; i < 12; i++) await nagare.page.mouse.wheel(0, 2000);
  const last = nagare.row(SAMPLE_PACKETS);
  await expect(last).toBeVisible();
  await nagare.page.mouse.wheel(0, -100_000);
  await expect(nagare.row(1)).toBeVisible();
  await nagare.row(1).click();
  await nagare.page.keyboard.press('End');
  await expect(last).toHaveAttribute('aria-selected', 'true');
  const [row, list] = [await last.boundingBox(), await nagare.grid.boundingBox()];
  if (row === null || list === null) throw new Error('nothing is shown');
  expect(row.y + row.height).toBeLessThanOrEqual(list.y + list.height + 0.5);
});

test('a filter shows its packets, as many as the command line counts', async ({ nagare }) => {
  await nagare.applyFilter('tcp.port == 80');
  const found = countOf(SAMPLE, 'tcp.port == 80');
  expect(found).toBeGreaterThan(0);
  await nagare.expectCount('displayed', found);
  await nagare.expectCount('packets', SAMPLE_PACKETS);
  await nagare.applyFilter('');
  await nagare.expectCount('displayed', SAMPLE_PACKETS);
});

test('a wrong filter says where and what would be right, and leaves the list alone', async ({ nagare }) => {
  await nagare.applyFilter('tcp.prot == 80');
  await expect(nagare.filter).toHaveAttribute('aria-invalid', 'true');
  const problem = nagare.page.getByRole('alert');
  await expect(problem).toContainText('tcp.prot');
  await expect(problem).toContainText('tcp.port');
  await nagare.expectCount('displayed', SAMPLE_PACKETS);
  await nagare.applyFilter('tcp.port == 80');
  await expect(problem).toHaveCount(0);
  await expect(nagare.filter).not.toHaveAttribute('aria-invalid', 'true');
});

test('the SYN flag of the details becomes a filter', async ({ nagare }) => {
  await nagare.applyFilter('tcp.flags.syn == 1 && tcp.flags.ack == 0');
  await nagare.rows.first().click();
  await nagare.expand(/^Flags: 0x002/);
  await nagare.tree.getByRole('treeitem', { name: /= Syn: Set$/ }).click({ button: 'right' });
  await nagare.page.getByRole('menuitem', { name: 'Apply as filter' }).click();
  await nagare.page.getByRole('menuitem', { name: 'Selected', exact: true }).click();
  await expect(nagare.filter).toHaveText(/^tcp\.flags\.syn == (1|True)$/);
  await nagare.expectCount('displayed', countOf(SAMPLE, 'tcp.flags.syn == 1'));
});

test('details and bytes lead to each other', async ({ nagare }) => {
  await nagare.applyFilter('http.request');
  await nagare.rows.first().click();
  await nagare.expand(/^Transmission Control Protocol/);
  await nagare.tree.getByRole('treeitem', { name: /^Source Port/ }).click();
  const marked = nagare.bytes.locator('mark, [data-marked], [data-part="hex"] [class*="marked"]');
  await expect(marked.first()).toBeVisible();
  const port = (await marked.first().innerText()).replace(/\s/g, '');
  const label = await nagare.tree.getByRole('treeitem', { name: /^Source Port/ }).innerText();
  expect(Number.parseInt(port, 16)).toBe(Number(/\d+/.exec(label)?.[0]));
  // The first byte belongs to the address of the Ethernet header.
  const hex = nagare.bytes.locator('[data-part="hex"]').first();
  await hex.click({ position: { x: 4, y: 8 } });
  await expect(nagare.tree.getByRole('treeitem', { selected: true })).toHaveText(/^Destination: |Ethernet II/);
});

test('what is displayed is exported, and the export opened again holds as many packets', async ({ nagare }) => {
  await nagare.applyFilter('udp || icmp');
  const wanted = countOf(SAMPLE, 'udp || icmp');
  await nagare.expectCount('displayed', wanted);
  const path = await nagare.export(/^Displayed/, 'pcapng', 'part.pcapng');
  expect(countOf(path)).toBe(wanted);
  expect(countOf(path, 'udp || icmp')).toBe(wanted);
  await nagare.open(path);
  await nagare.expectCount('packets', wanted);
  await nagare.expectCount('displayed', wanted);
});

test('the columns are exported for spreadsheets, the fields for scripts', async ({ nagare }) => {
  await nagare.applyFilter('dns');
  const wanted = countOf(SAMPLE, 'dns');
  await nagare.expectCount('displayed', wanted);
  const csv = readFileSync(await nagare.export(/^Displayed/, 'CSV', 'part.csv'), 'utf8')
    .trim()
    .split('\n');
  expect(csv).toHaveLength(wanted + 1);
  expect(csv[0]?.trim()).toBe('number,time,source,destination,protocol,length,info');
  const json: unknown = JSON.parse(readFileSync(await nagare.export(/^Displayed/, 'JSON', 'part.json'), 'utf8'));
  expect(json).toHaveLength(wanted);
});

test('a download has the name of its capture', async ({ nagare, host }) => {
  test.skip(host === 'electron', 'the desktop window asks for a name');
  await nagare.page.getByRole('toolbar').getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    nagare.page.waitForEvent('download'),
    nagare.page.getByRole('dialog').getByRole('button', { name: 'Download' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('sample-export.pcapng');
  await download.saveAs(join(nagare.folder, 'x.pcapng'));
  expect(countOf(join(nagare.folder, 'x.pcapng'))).toBe(SAMPLE_PACKETS);
});

test('dragging over the strip selects a time range that narrows everything', async ({ nagare }) => {
  const strip = nagare.page.getByRole('group', { name: 'Packets over time' });
  const box = await strip.boundingBox();
  if (box === null) throw new Error('there is no strip');
  const y = box.y + box.height / 2;
  await nagare.page.mouse.move(box.x + box.width * 0.25, y);
  await nagare.page.mouse.down();
  await nagare.page.mouse.move(box.x + box.width * 0.4, y, { steps: 4 });
  await nagare.page.mouse.move(box.x + box.width * 0.5, y, { steps: 4 });
  await nagare.page.mouse.up();
  await expect.poll(() => nagare.valueOf('displayed')).toBeLessThan(SAMPLE_PACKETS);
  const inRange = await nagare.valueOf('displayed');
  expect(inRange).toBeGreaterThan(0);
  const times = (await nagare.column('Time')).map(Number);
  // The sample takes 297 s: a quarter to a half of it.
  expect(Math.min(...times)).toBeGreaterThan(60);
  expect(Math.max(...times)).toBeLessThan(160);
  await nagare.applyFilter('tcp');
  await expect.poll(() => nagare.valueOf('displayed')).toBeLessThan(inRange);
  await nagare.page.getByRole('button', { name: 'Protocol hierarchy' }).click();
  const first = nagare.page.getByRole('treegrid', { name: 'Protocol hierarchy' }).getByRole('row').nth(1);
  await expect(first).toContainText(String(await nagare.valueOf('displayed')));
  await nagare.page.mouse.click(box.x + box.width * 0.8, y);
  await nagare.expectCount('displayed', countOf(SAMPLE, 'tcp'));
});

test('a figure of the hierarchy leads to exactly its packets, and back leads back', async ({ nagare }) => {
  await nagare.page
    .getByRole('navigation', { name: 'Panels' })
    .getByRole('button', { name: 'Protocol hierarchy' })
    .click();
  const table = nagare.page.getByRole('treegrid', { name: 'Protocol hierarchy' });
  const row = table.getByRole('row', { name: /^SSH/ });
  const figure = row.getByRole('button').first();
  const packets = Number(await figure.innerText());
  await figure.click();
  await expect(nagare.grid).toBeVisible();
  await nagare.expectCount('displayed', packets);
  for (const protocol of await nagare.column('Protocol')) expect(protocol).toMatch(/^SSH/);
  await nagare.page.keyboard.press('Alt+ArrowLeft');
  await expect(table).toBeVisible();
  await nagare.expectCount('displayed', SAMPLE_PACKETS);
});

test('a file dropped onto the window is opened', async ({ nagare, host }) => {
  test.skip(host === 'electron', 'a file made by a script has no path: the desktop window rightly refuses it');
  const bytes = [...smallCapture(25)];
  const files = await nagare.page.evaluateHandle((content) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(content)], 'dropped.pcap'));
    return transfer;
  }, bytes);
  for (const event of ['dragenter', 'dragover', 'drop']) {
    await nagare.page.locator('#root > *').first().dispatchEvent(event, { dataTransfer: files });
  }
  await nagare.expectCount('packets', 25);
  await expect(nagare.page).toHaveTitle(/dropped\.pcap/);
});
