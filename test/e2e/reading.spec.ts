/** Finding one's way in a capture: keys, find, go to, marks, sorting. */

import { countOf, expect, SAMPLE, SAMPLE_PACKETS, test } from './fixtures.ts';

test('arrows, pages and ends move through the list', async ({ nagare }) => {
  const { page } = nagare;
  await nagare.row(1).click();
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowDown');
  await expect(nagare.row(4)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowUp');
  await expect(nagare.row(3)).toHaveAttribute('aria-selected', 'true');
  await expect(nagare.tree.getByRole('treeitem').first()).toHaveText(/^Frame 3:/);
  await page.keyboard.press('PageDown');
  await expect(nagare.tree.getByRole('treeitem').first()).not.toHaveText(/^Frame 3:/);
  await page.keyboard.press('End');
  await expect(nagare.row(SAMPLE_PACKETS)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Home');
  await expect(nagare.row(1)).toHaveAttribute('aria-selected', 'true');
});

test('F6 goes through the panes, and keys work in each', async ({ nagare }) => {
  const { page } = nagare;
  await nagare.row(1).click();
  const paneOf = (): Promise<string | undefined> =>
    page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-pane]')?.dataset['pane']);
  const seen = new Set<string | undefined>();
  for (let i = 0; i < 6; i++) {
    seen.add(await paneOf());
    await page.keyboard.press('F6');
  }
  for (const pane of ['list', 'details', 'bytes', 'filter']) expect([...seen]).toContain(pane);
});

test('several packets are selected with Shift and Ctrl', async ({ nagare }) => {
  const { page } = nagare;
  await nagare.row(2).click();
  await nagare.row(5).click({ modifiers: ['Shift'] });
  await nagare.row(8).click({ modifiers: ['ControlOrMeta'] });
  await expect(nagare.rows.and(page.locator('[aria-selected="true"]'))).toHaveCount(5);
  await expect(nagare.status).toContainText('5');
});

test('find goes to packets whose texts match, from wherever one is, and says when there is none', async ({
  nagare,
}) => {
  const { page } = nagare;
  await nagare.row(12).click(); // behind the only match: the search goes round
  await page.keyboard.press('ControlOrMeta+F');
  const find = page.getByRole('search', { name: 'Find packet' });
  await find.getByRole('textbox', { name: 'Search for' }).fill('Router Advertisement');
  await page.keyboard.press('Enter');
  const selected = nagare.rows.and(page.locator('[aria-selected="true"]'));
  await expect(selected).toContainText('Router Advertisement');
  await find.getByRole('textbox').fill('there is no such text');
  await page.keyboard.press('Enter');
  await expect(find.getByRole('status')).not.toHaveText('');
  await find.getByRole('button', { name: 'Close' }).click();
  await expect(find).toHaveCount(0);
});

test('a packet is gone to by its number', async ({ nagare }) => {
  const { page } = nagare;
  await nagare.row(1).click();
  await page.keyboard.press('ControlOrMeta+G');
  await page.getByRole('dialog', { name: 'Go to packet' }).getByRole('textbox').fill('321');
  await page.keyboard.press('Enter');
  await expect(nagare.row(321)).toHaveAttribute('aria-selected', 'true');
  await expect(nagare.tree.getByRole('treeitem').first()).toHaveText(/^Frame 321:/);
});

test('packets are marked, counted and exported', async ({ nagare }) => {
  const { page } = nagare;
  for (const number of [2, 4, 6]) {
    await nagare.row(number).click();
    await page.keyboard.press('ControlOrMeta+M');
  }
  await nagare.expectCount('marked', 3);
  await nagare.row(4).click();
  await page.keyboard.press('ControlOrMeta+M');
  await nagare.expectCount('marked', 2);
  const path = await nagare.export(/^Marked/, 'pcap', 'marked.pcap');
  await nagare.open(path);
  await nagare.expectCount('packets', 2);
  await nagare.expectCount('marked', 0);
});

test('a click on a heading sorts, a second one the other way round, a third one not at all', async ({ nagare }) => {
  const { page } = nagare;
  const heading = nagare.grid.getByRole('columnheader', { name: 'Length' });
  const lengths = async (): Promise<number[]> =>
    (await nagare.column('Length')).map((text) => Number(text.replace(/\D/g, '')));
  await heading.click();
  await expect(heading).toHaveAttribute('aria-sort', 'ascending');
  await expect.poll(async () => (await lengths())[0]).toBe(42);
  const up = await lengths();
  expect(up).toEqual([...up].sort((a, b) => a - b));
  await heading.click();
  await expect(heading).toHaveAttribute('aria-sort', 'descending');
  // The current packet stays in sight, wherever the order has taken it.
  await nagare.grid.hover();
  await page.mouse.wheel(0, -1_000_000);
  await expect.poll(async () => (await lengths())[0]).toBeGreaterThan(1000);
  const down = await lengths();
  expect(down).toEqual([...down].sort((a, b) => b - a));
  await heading.click();
  await expect.poll(async () => (await nagare.column('No.'))[0]).toBe('1');
});

test('the cell under the mouse becomes a filter', async ({ nagare }) => {
  const { page } = nagare;
  await nagare.row(8).getByRole('gridcell', { name: '203.0.113.123' }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Apply as filter' }).click();
  await page.getByRole('menuitem', { name: 'Not selected', exact: true }).click();
  await expect(nagare.filter).toHaveText('not (ip.dst == 203.0.113.123)');
  await nagare.expectCount('displayed', countOf(SAMPLE, 'not (ip.dst == 203.0.113.123)'));
});

test('a field of the details becomes a column', async ({ nagare }) => {
  const { page } = nagare;
  await nagare.applyFilter('dns');
  await nagare.rows.first().click();
  await nagare.expand(/^User Datagram Protocol/);
  await nagare.tree.getByRole('treeitem', { name: /^Source Port/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Add as column' }).click();
  await expect(nagare.grid.getByRole('columnheader', { name: /udp\.srcport|Source Port/ })).toBeVisible();
});

test('the command palette runs any command', async ({ nagare }) => {
  await expect(nagare.row(1)).toBeVisible();
  await nagare.run('last packet');
  await expect(nagare.row(SAMPLE_PACKETS)).toHaveAttribute('aria-selected', 'true');
});
