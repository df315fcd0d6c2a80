/** The filter bar: values of the capture in completion, parts that switch off, references, named filters and macros. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countOf, expect, SAMPLE, test } from './fixtures.ts';

const BOTH = 'tcp.port == 80 and tcp.flags.syn == 1';

test('completion offers the values that occur, with their packets', async ({ nagare }) => {
  const { page, filter } = nagare;
  await filter.click();
  await page.keyboard.type('dns.qry.type == ');
  await page.keyboard.press('Control+Space');
  const value = page.getByRole('option', { name: /^28/ });
  await expect(value).toContainText('packets');
  await expect(value).toContainText(`${countOf(SAMPLE, 'dns.qry.type == 28')} packets`);
  await value.click();
  await page.keyboard.press('Enter');
  await nagare.expectCount('displayed', countOf(SAMPLE, 'dns.qry.type == 28'));
});

test('completion finds a value by a part of it', async ({ nagare }) => {
  const { page, filter } = nagare;
  await filter.click();
  await page.keyboard.type('ip.addr == 203.0');
  await expect(page.getByRole('option', { name: /^203\.0\.113\.\d+ .*packets/ }).first()).toBeVisible();
});

test('a part is switched off and on by a click and by a key, and its text stays', async ({ nagare }) => {
  const { page, filter } = nagare;
  await nagare.applyFilter(BOTH);
  await nagare.expectCount('displayed', countOf(SAMPLE, BOTH));
  const syn = page.getByRole('button', { name: 'Part of the filter: tcp.flags.syn == 1' });
  await expect(syn).toHaveAttribute('aria-pressed', 'true');
  await syn.click();
  await expect(syn).toHaveAttribute('aria-pressed', 'false');
  await nagare.expectCount('displayed', countOf(SAMPLE, 'tcp.port == 80'));
  await expect(filter).toHaveText(BOTH);
  const port = page.getByRole('button', { name: 'Part of the filter: tcp.port == 80' });
  await port.focus();
  await page.keyboard.press('Space');
  await nagare.expectCount('displayed', countOf(SAMPLE));
  await syn.click();
  await nagare.expectCount('displayed', countOf(SAMPLE, 'tcp.flags.syn == 1'));
  await expect(filter).toHaveText(BOTH);
  // What is off stays off while the rest is changed.
  await nagare.applyFilter(`${BOTH} and ip`);
  await nagare.expectCount('displayed', countOf(SAMPLE, 'tcp.flags.syn == 1 and ip'));
});

test('a reference speaks of the selected packet', async ({ nagare }) => {
  await nagare.row(14).click();
  await nagare.applyFilter('tcp.stream == ${tcp.stream} and frame.number > ${frame.number}');
  const stream = 'tcp.stream == 0 and frame.number > 14';
  await nagare.expectCount('displayed', countOf(SAMPLE, stream));
});

test('filters have names, macros are filters, and both are shared as a file', async ({ nagare }) => {
  const { page } = nagare;
  await nagare.applyFilter('dns');
  await page.getByRole('button', { name: 'Keep as favourite' }).click();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Named filters and macros');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Named filters and macros' });
  const named = dialog.getByRole('list', { name: 'Named filters' }).getByRole('listitem');
  await expect(named).toHaveCount(1);
  await named.getByRole('textbox', { name: 'Name' }).fill('Names');
  await dialog.getByRole('button', { name: 'Add a macro' }).click();
  const macro = dialog.getByRole('list', { name: 'Macros' }).getByRole('listitem').last();
  await macro.getByRole('textbox', { name: 'Name' }).fill('not a name');
  await expect(macro.getByText(/begins with a letter/)).toBeVisible();
  await macro.getByRole('textbox', { name: 'Name' }).fill('web');
  await macro.getByRole('textbox', { name: 'Text' }).fill('tcp.port == $1');
  const file = join(nagare.folder, 'filters.json');
  await nagare.saveDownload(file, () => dialog.getByRole('button', { name: 'Save to a file' }).click());
  const saved: unknown = JSON.parse(readFileSync(file, 'utf8'));
  expect(saved).toMatchObject({ format: 'nagare-filters', filters: [{ name: 'Names', filter: 'dns' }] });
  await named.getByRole('button', { name: 'Remove' }).click();
  await expect(named).toHaveCount(0);
  await dialog.locator('input[type=file]').setInputFiles(file);
  await expect(named.getByRole('textbox', { name: 'Name' })).toHaveValue('Names');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await nagare.applyFilter('$web(80) and ip');
  await nagare.expectCount('displayed', countOf(SAMPLE, 'tcp.port == 80 and ip'));
  await page.getByRole('button', { name: 'Filters used before, and favourites' }).click();
  await page.getByRole('menuitem', { name: 'Names: dns' }).click();
  await nagare.expectCount('displayed', countOf(SAMPLE, 'dns'));
});
