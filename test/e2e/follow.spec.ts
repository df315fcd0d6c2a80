/** What two hosts said: the window "Follow stream", and the files that were carried. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageCapture } from './captures.ts';
import { expect, test } from './fixtures.ts';

test.use({ files: [], captures: { 'page.pcap': pageCapture() } });

test('a stream is followed, searched, and leads to its packets', async ({ nagare }) => {
  const { page } = nagare;
  await nagare.panel('Packets');
  await nagare.row(1).click();
  await page.keyboard.press('ControlOrMeta+Alt+Shift+T');
  const dialog = page.getByRole('dialog', { name: 'Follow stream' });
  await expect(dialog.getByRole('heading', { name: 'HTTP stream 0' })).toBeVisible();

  const lines = dialog.getByRole('option');
  await expect(lines.first()).toContainText('GET /hello.html HTTP/1.1');
  await expect(lines.first()).toContainText('A');
  // Markup from packets is text.
  await expect(lines.filter({ hasText: '<html><b>needle</b> and needle</html>' })).toHaveCount(1);

  await dialog.getByRole('textbox', { name: 'Search in the stream' }).fill('NEEDLE');
  await expect(dialog.getByText('1 of 2')).toBeVisible();
  await dialog.getByRole('button', { name: 'Next match' }).click();
  await expect(dialog.getByText('2 of 2')).toBeVisible();

  await lines.filter({ hasText: 'needle' }).click();
  await expect(nagare.row(3)).toHaveAttribute('aria-selected', 'true');

  await dialog.getByRole('button', { name: 'Show only its packets' }).click();
  await nagare.expectCount('displayed', 3);
  await expect(nagare.filter).toHaveText('tcp.stream == 0');

  await dialog.getByRole('button', { name: /Show as/ }).click();
  await page.getByRole('option', { name: 'Hex' }).click();
  await expect(lines.first()).toContainText('00000000  47 45 54 20');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toHaveCount(0);
});

test('a stream is saved as its bytes', async ({ nagare }) => {
  const { page } = nagare;
  await nagare.panel('Packets');
  await nagare.row(1).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Follow stream' }).click();
  const dialog = page.getByRole('dialog', { name: 'Follow stream' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  const path = join(nagare.folder, 'stream.bin');
  await nagare.saveDownload(path, () => page.getByRole('menuitem', { name: 'Bytes as they are' }).click());
  const text = readFileSync(path, 'latin1');
  expect(text).toMatch(
    /^GET \/hello\.html HTTP\/1\.1\r\n[^]*HTTP\/1\.1 200 [^]*<html><b>needle<\/b> and needle<\/html>\n$/,
  );
});

test('carried files are listed and saved', async ({ nagare }) => {
  const { page } = nagare;
  await nagare.panel('Packets');
  await nagare.run('Export objects');
  const dialog = page.getByRole('dialog', { name: 'Export objects' });
  const row = dialog.getByRole('row').filter({ hasText: 'hello.html' });
  await expect(row).toContainText('www.example.com');
  await expect(row).toContainText('text/html');
  await expect(row).toContainText('Complete');
  await row.getByRole('gridcell').first().click();
  const path = join(nagare.folder, 'hello.html');
  await nagare.saveDownload(path, () => dialog.getByRole('button', { name: 'Save', exact: true }).click());
  expect(readFileSync(path, 'latin1')).toBe('<html><b>needle</b> and needle</html>\n');
});
