/** Every panel in the window: each of its numbers leads to exactly its packets, it follows filter and time range, it is copied. */

import type { Locator, Page } from 'playwright/test';
import { linkOf, type PacketLink, type Report, type Table } from '../../engine/contract/report.ts';
import { isText, reportCsv, reportJson } from '../../engine/contract/report-output.ts';
import { panels } from '../../engine/session/panels/index.ts';
import { translateUnchecked } from '../../engine/text/index.ts';
import { sortedRows } from '../../renderer/components/report/sort-rows.ts';
import { expect, type Nagare, test } from './fixtures.ts';
import { Expected, panelCapture } from './panel-capture.ts';

/** Panels that are reports, in the order of the side bar. */
const GROUPS = {
  look: ['overview'],
  statistics: ['conversations', 'endpoints', 'destinations', 'io', 'lengths', 'names', 'properties'],
  latency: ['rtt', 'response', 'tcp', 'expert'],
  cloud: ['monitor', 'egress'],
} as const;
/** Panels whose numbers are clicked by tests of their own. */
const OWN = ['hierarchy', 'mirror'];
const REPORTS: readonly string[] = Object.values(GROUPS).flat();

const FILE = panelCapture();

test.use({ files: [], captures: { 'panels.pcap': FILE } });

let expected: Expected;

test.beforeAll(async () => {
  expected = await Expected.of(FILE);
});

const english = (key: string): string => {
  const text = translateUnchecked('en', key);
  if (text === undefined) throw new Error(`no text for ${key}`);
  return text;
};
const titleOf = (panel: string): string => english(`panel.${panel}`);

async function show(nagare: Nagare, panel: string): Promise<void> {
  await nagare.panel(titleOf(panel));
  await expect(nagare.page.getByRole('heading', { name: titleOf(panel), level: 1 })).toBeVisible();
}

/** The capture is there, however long a busy machine takes to start. */
async function loaded(nagare: Nagare): Promise<void> {
  await expect(nagare.count('packets')).toHaveAttribute('data-value', String(expected.packets), { timeout: 60_000 });
}

/** Every figure and cell is in sight. */
async function makeRoom(page: Page): Promise<void> {
  await page.setViewportSize({ width: 2600, height: 1200 });
}

/** One number of a panel: how to press it, and what it should find. */
interface Pressed {
  readonly name: string;
  readonly link: PacketLink;
  readonly press: () => Promise<void>;
}

function* numbersOf(page: Page, report: Report): Generator<Pressed> {
  for (const { id, link } of report.figures) {
    if (link === undefined) continue;
    yield {
      name: `figure ${id}`,
      link,
      press: () => page.locator(`[data-figure="${id}"]`).getByRole('button').click(),
    };
  }
  const findings = page.getByRole('list', { name: english('report.findings') }).getByRole('listitem');
  for (const [i, { id, link }] of report.findings.entries()) {
    if (link === undefined) continue;
    const button = findings.nth(i).getByRole('button', { name: english('report.packets') });
    yield { name: `finding ${id}`, link, press: () => button.click() };
  }
  for (const table of report.tables) yield* cellsOf(page, report, table);
}

/**
 * Each link of the first and the last row once: numbers of a row that lead to the same packets are one. What the rows between
 * them find is asked of the session (test/unit/engine/session/panels/reports.test.ts).
 */
function* cellsOf(page: Page, report: Report, table: Table): Generator<Pressed> {
  const title = english(`table.${table.id}`);
  for (const [position, row] of orderOf(table).entries()) {
    if (position > 0 && position < table.count - 1) continue;
    const seen = new Set<string>();
    for (const { id, link } of linksOf(table, row)) {
      const key = JSON.stringify(link);
      if (seen.has(key)) continue;
      seen.add(key);
      yield {
        name: `${table.id} row ${position + 1} ${id}`,
        link,
        press: async () => {
          await showTable(page, report, table);
          // A hand holds the button down for a moment, in which the row is selected.
          await cellsNamed(page, title, position, id).click({ delay: 40 });
        },
      };
    }
  }
}

const orderOf = (table: Table): Uint32Array => sortedRows(table, table.sort ?? null, '');

/** Where the numbers of a row lead. */
function linksOf(table: Table, row: number): { readonly id: string; readonly link: PacketLink }[] {
  return table.columns.flatMap((column) => {
    const link = linkOf(table, column, row);
    const isNumber = column.hidden !== true && !isText(column) && !Number.isNaN(column.values[row]);
    return isNumber && link !== null ? [{ id: column.id, link }] : [];
  });
}

async function showTable(page: Page, report: Report, table: Table): Promise<void> {
  const title = escaped(english(`table.${table.id}`));
  if (report.tables.length > 1) await page.getByRole('tab', { name: new RegExp(`^${title} `) }).click();
}

function cellsNamed(page: Page, table: string, position: number, column: string): Locator {
  const grid = page.getByRole('grid', { name: table, exact: true });
  return grid.locator(`[aria-rowindex="${position + 2}"] [col-id="${column}"] button`);
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

for (const [group, names] of Object.entries(GROUPS)) {
  test(`every number leads to its packets, and back: ${english(`panels.${group}`)}`, async ({ nagare }) => {
    test.setTimeout(60_000 + 120_000 * names.length);
    const { page } = nagare;
    await loaded(nagare);
    await makeRoom(page);
    for (const panel of names) {
      await show(nagare, panel);
      const report = await expected.report(panel);
      for (const { name, link, press } of numbersOf(page, report)) {
        await test.step(name, async () => {
          await press();
          await expect(nagare.grid).toBeVisible();
          await nagare.expectCount('displayed', await expected.count(link));
          await page.keyboard.press('Alt+ArrowLeft');
          await expect(page.getByRole('heading', { name: titleOf(panel), level: 1 })).toBeVisible();
        });
      }
    }
  });
}

test('no panel is left out', () => {
  expect([...REPORTS, ...OWN].sort()).toEqual([...panels.keys()].sort());
});

test('Protocol hierarchy: every count leads to its packets, and back', async ({ nagare }) => {
  test.setTimeout(180_000);
  const { page } = nagare;
  await loaded(nagare);
  await show(nagare, 'hierarchy');
  const counts = page.getByRole('treegrid', { name: titleOf('hierarchy') }).getByRole('button', { name: /^\d+$/ });
  await expect(counts.first()).toHaveText(String(expected.packets));
  for (let i = 0; i < (await counts.count()); i++) {
    const text = await counts.nth(i).innerText();
    await counts.nth(i).click({ delay: 40 });
    await expect(nagare.grid).toBeVisible();
    await nagare.expectCount('displayed', Number(text));
    await page.keyboard.press('Alt+ArrowLeft');
    await expect(counts.first()).toBeVisible();
  }
});

test('every number of a table that has packets is a button', async ({ nagare }) => {
  test.setTimeout(120_000);
  const { page } = nagare;
  await loaded(nagare);
  await makeRoom(page);
  for (const panel of REPORTS) {
    await show(nagare, panel);
    const report = await expected.report(panel);
    for (const table of report.tables) {
      if (table.count === 0) continue;
      await showTable(page, report, table);
      const title = english(`table.${table.id}`);
      const places = [...orderOf(table)].flatMap((row, position) =>
        linksOf(table, row).map(({ id }) => `${position + 2} ${id}`),
      );
      const buttons = page.getByRole('grid', { name: title, exact: true }).locator('[role="gridcell"] button');
      const shown = (): Promise<string[]> =>
        buttons.evaluateAll((all) =>
          all.map((one) => {
            const row = one.closest('[role="row"]')?.getAttribute('aria-rowindex') ?? '';
            return `${row} ${one.closest('[col-id]')?.getAttribute('col-id') ?? ''}`;
          }),
        );
      await expect.poll(shown, { message: `${panel} ${title}` }).toEqual(expect.arrayContaining(places));
    }
  }
});

test('panels open from the side bar and the palette, and say how they count, in both languages', async ({ nagare }) => {
  test.setTimeout(180_000);
  const { page } = nagare;
  await loaded(nagare);
  for (const language of ['en', 'ja'] as const) {
    const text = (key: string): string => translateUnchecked(language, key) ?? key;
    if (language === 'ja') {
      await page.getByRole('button', { name: 'Language' }).click();
      await page.getByRole('menu').getByText('日本語').click();
    }
    for (const panel of REPORTS) {
      const heading = page.getByRole('heading', { name: text(`panel.${panel}`), level: 1 });
      const bar = page.getByRole('navigation', { name: text('panels.label') });
      await bar.getByRole('button', { name: text('panel.packets'), exact: true }).click();
      await bar.getByRole('button', { name: text(`panel.${panel}`), exact: true }).click();
      await expect(heading).toBeVisible();
      await page.getByRole('button', { name: text('report.explain') }).click();
      await expect(page.getByRole('dialog')).toHaveText(text(`explain.${panel}`));
      await page.keyboard.press('Escape');
      await bar.getByRole('button', { name: text('panel.packets'), exact: true }).click();
      await nagare.run(text(`panel.${panel}`));
      await expect(heading).toBeVisible();
    }
  }
});

test('panels follow the filter and the time range', async ({ nagare }) => {
  test.setTimeout(120_000);
  const { page } = nagare;
  await loaded(nagare);
  await nagare.applyFilter('ip');
  for (const panel of REPORTS.filter((name) => name !== 'properties')) {
    await show(nagare, panel);
    for (const { id, value } of (await expected.report(panel, 'ip')).figures) {
      await expect(page.locator(`[data-figure="${id}"]`), `${panel} ${id}`).toHaveAttribute(
        'data-value',
        String(value),
      );
    }
  }
  // Dragging over a chart of times selects a range, for all panels.
  await nagare.applyFilter('');
  await show(nagare, 'io');
  const plot = page.locator('[data-chart] .recharts-cartesian-grid').first();
  await expect(plot).toBeVisible();
  const box = await plot.boundingBox();
  if (box === null) throw new Error('the chart has no size');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.3, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, y, { steps: 4 });
  await page.mouse.move(box.x + box.width * 0.7, y, { steps: 4 });
  await page.mouse.up();
  const pill = page.getByRole('button', { name: english('filterBar.removeRange') });
  await expect(pill).toBeVisible();
  const inRange = await nagare.valueOf('displayed');
  expect(inRange).toBeGreaterThan(0);
  expect(inRange).toBeLessThan(expected.packets);
  await show(nagare, 'lengths');
  const counts = page
    .getByRole('grid', { name: english('table.lengths'), exact: true })
    .locator('[role="gridcell"][col-id="packets"] button');
  const sum = async (): Promise<number> => (await counts.allInnerTexts()).reduce((all, one) => all + Number(one), 0);
  await expect.poll(sum).toBe(inRange);
  await pill.click();
  await nagare.expectCount('displayed', expected.packets);
});

test('tables are copied as CSV, and all as JSON', async ({ nagare, host }) => {
  test.setTimeout(120_000);
  test.skip(host === 'electron', 'the clipboard of the test is the browser’s');
  const { page } = nagare;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await loaded(nagare);
  const copied = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
  for (const panel of REPORTS) {
    await show(nagare, panel);
    const report = await expected.report(panel);
    const copy = page.getByRole('button', { name: english('report.copy') });
    for (const table of report.tables) {
      await copy.click();
      const entry = english('report.copyCsv').replace('{table}', english(`table.${table.id}`));
      await page.getByRole('menuitem', { name: entry, exact: true }).click();
      await expect.poll(copied, { message: `${panel} ${table.id}` }).toBe(reportCsv(table, expected.epoch));
    }
    await copy.click();
    await page.getByRole('menuitem', { name: english('report.copyJson') }).click();
    const json = JSON.parse(JSON.stringify(reportJson(report, expected.epoch))) as unknown;
    await expect.poll(async () => parsed(await copied()), { message: panel }).toEqual(json);
  }
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

test('a panel is reached, and its numbers followed, with the keyboard alone', async ({ nagare }) => {
  const { page } = nagare;
  await loaded(nagare);
  await nagare.run(titleOf('conversations'));
  const grid = page.getByRole('grid', { name: english('table.conversations'), exact: true });
  await expect(grid).toBeVisible();
  const report = await expected.report('conversations');
  const [table] = report.tables;
  if (table === undefined) throw new Error('no table');
  for (let i = 0; i < 40 && !(await grid.evaluate((element) => element.contains(document.activeElement))); i++) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  const [first] = sortedRows(table, table.sort ?? null, '');
  const link = linkOf(table, null, first ?? 0);
  if (link === null) throw new Error('the first row leads nowhere');
  await nagare.expectCount('displayed', await expected.count(link));
});
