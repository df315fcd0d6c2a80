/** How each panel looks: light, dark, in Japanese. Kept in docs/panels with NAGARE_SCREENSHOTS=1. */

import type { Page } from 'playwright/test';
import { translateUnchecked } from '../../engine/text/index.ts';
import { expect, test } from './fixtures.ts';

/** Those of the cloud have captures and pictures of their own. */
const PANELS = [
  'overview',
  'hierarchy',
  'conversations',
  'endpoints',
  'destinations',
  'io',
  'lengths',
  'names',
  'properties',
  'rtt',
  'response',
  'tcp',
  'expert',
] as const;

const LOOKS = [
  { name: 'light', theme: 'light', language: 'en' },
  { name: 'dark', theme: 'dark', language: 'en' },
  { name: 'ja', theme: 'light', language: 'ja' },
] as const;

const SIZE = { width: 1440, height: 900 };

for (const { name, theme, language } of LOOKS) {
  test(`each panel looks as it should: ${name}`, async ({ nagare, host }) => {
    test.skip(host === 'electron', 'the pictures are of the browser');
    test.setTimeout(180_000);
    const { page } = nagare;
    const text = (key: string): string => translateUnchecked(language, key) ?? key;
    await page.setViewportSize(SIZE);
    await page.emulateMedia({ colorScheme: theme });
    if (language === 'ja') {
      await page.getByRole('button', { name: 'Language' }).click();
      await page.getByRole('menu').getByText('日本語').click();
    }
    const bar = page.getByRole('navigation', { name: text('panels.label') });
    for (const panel of PANELS) {
      const title = text(`panel.${panel}`);
      await bar.getByRole('button', { name: title }).click();
      await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
      await settled(page);
      await picture(page, `${panel}-${name}`);
      // Nothing is cut off at the side.
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    }
  });
}

/** What is counted is there, and what is drawn of it. */
async function settled(page: Page): Promise<void> {
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  await page.mouse.move(0, 0);
  await page.waitForTimeout(300);
  await expect(page.getByRole('progressbar')).toHaveCount(0);
}

/** The panel as far as it is in sight. */
async function picture(page: Page, name: string): Promise<void> {
  const box = await page.locator('[data-pane="panel"]').boundingBox();
  if (box === null) throw new Error('the panel is not in sight');
  const clip = { ...box, height: Math.min(box.height, SIZE.height - box.y) };
  const file = process.env['NAGARE_SCREENSHOTS'] === '1' ? { path: `docs/panels/${name}.png` } : {};
  const taken = await page.screenshot({ ...file, clip, animations: 'disabled', caret: 'hide' });
  expect(taken.length).toBeGreaterThan(10_000);
}
