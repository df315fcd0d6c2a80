/** The cloud panels in the window: what goes out and what it costs, monitors with their verdict; and their pictures. */

import type { Page } from 'playwright/test';
import { ja } from '../../engine/text/ja.ts';
import { seededRandom, zeros } from '../support/build-bytes.ts';
import { type TcpPacket, tcpConversation } from '../support/build-tcp.ts';
import { pcapOf } from '../support/load-capture.ts';
import { countOf, expect, test } from './fixtures.ts';

const SECOND = 1_000_000_000;
const MAP = `cidr,network,zone,region,name,provider,instance,card,subnet
10.1.0.4,hub,1,japaneast,web,azure,vm-web-1,nic-web-1,snet-web
10.1.1.0/24,hub,2,japaneast,db,azure,vm-db-1,nic-db-1,snet-db
10.2.0.0/16,spoke,1,japaneast,files,azure,,,snet-files
`;
const RANGES = JSON.stringify({
  createDate: '2026-11-01',
  prefixes: [{ ip_prefix: '198.51.100.0/24', region: 'us-east-1', service: 'EC2' }],
});
const PRICES = '# date: 2026-11-01\n# currency: USD\n# source: example\nclass,free,up to,price\ninternet,,,0.1\n';

/** Uploads to a few places, one of which loses packets and one whose server thinks for long. */
function packets(): TcpPacket[] {
  const random = seededRandom(5);
  const upload = (ip: string, port: number, second: number, bytes: number, more: object = {}): TcpPacket[] =>
    tcpConversation({
      client: { ip: '10.1.0.4', port: 40_000 + second },
      server: { ip, port },
      start: second * SECOND,
      rttNs: 8_000_000,
      capturePoint: 0,
      random,
      turns: [
        { from: 'client', data: zeros(bytes) },
        { from: 'server', data: zeros(2000), thinkNs: 5_000_000 },
      ],
      ...more,
    });
  const lossy = {
    fate: ({ index, attempt, kind }: { index: number; attempt: number; kind: string }) =>
      kind === 'data' && attempt === 0 && index % 15 === 7 ? { lost: 'after' } : undefined,
  };
  const slow = {
    turns: [
      { from: 'client', data: zeros(400) },
      { from: 'server', data: zeros(9000), thinkNs: 2 * SECOND },
    ],
  };
  return [0, 60, 120, 180].flatMap((start) => [
    ...upload('192.0.2.80', 443, start, 300_000, lossy),
    ...upload('198.51.100.7', 443, start + 5, 120_000),
    ...upload('10.1.1.9', 5432, start + 9, 20_000, slow),
    ...upload('10.2.0.9', 445, start + 20, 60_000),
  ]);
}

test.use({ captures: { 'web.pcap': pcapOf(packets()) }, files: [] });

const figure = (page: Page, id: string) => page.locator(`[data-figure="${id}"]`);

async function addFiles(page: Page, button: string, close: string): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click();
  const dialog = page.getByRole('dialog').last();
  await dialog.locator('input[type="file"]').setInputFiles([
    { name: 'map.csv', mimeType: 'text/csv', buffer: Buffer.from(MAP) },
    { name: 'ip-ranges.json', mimeType: 'application/json', buffer: Buffer.from(RANGES) },
    { name: 'prices.csv', mimeType: 'text/csv', buffer: Buffer.from(PRICES) },
  ]);
  await expect(dialog.getByText('prices.csv')).toBeVisible();
  await dialog.getByRole('button', { name: close }).last().click();
}

test('what goes out is classified by the user’s files, priced, and printed on a page', async ({ nagare }) => {
  const { page, folder } = nagare;
  await nagare.panel('Transfer out');
  await expect(page.getByText('There is no map file', { exact: false })).toBeVisible();
  await expect(figure(page, 'egress.costMonth')).toHaveCount(0);
  await addFiles(page, 'Map, ranges, prices', 'Close');
  await expect(figure(page, 'egress.costMonth')).toBeVisible();
  await expect(page.getByText('Address ranges: ip-ranges.json (2026-11-01)', { exact: false })).toBeVisible();

  // A figure leads to exactly its packets.
  await figure(page, 'egress.ip').getByRole('button').click();
  await nagare.expectCount('displayed', countOf(`${folder}/web.pcap`, 'nagare.direction == "out"'));
  await nagare.applyFilter('nagare.class == "other-zone"');
  await nagare.expectCount('displayed', countOf(`${folder}/web.pcap`, 'ip.addr == 10.1.1.9'));
  await nagare.applyFilter('');

  // Own addresses are corrected, and found again.
  await nagare.panel('Transfer out');
  const bytes = Number(await figure(page, 'egress.ip').getAttribute('data-value'));
  const own = page.getByRole('textbox', { name: 'Own addresses' });
  await own.fill('192.0.2.80');
  await page.getByRole('button', { name: 'Use these' }).click();
  await expect(figure(page, 'egress.ip')).not.toHaveAttribute('data-value', String(bytes));
  await page.getByRole('button', { name: 'Find them again' }).click();
  await expect(figure(page, 'egress.ip')).toHaveAttribute('data-value', String(bytes));

  // A file that cannot be used says why, and changes nothing.
  await page.getByRole('button', { name: 'Map, ranges, prices' }).click();
  const files = page.getByRole('dialog');
  await files.getByRole('textbox', { name: 'Price table' }).fill(PRICES.replace('# date: 2026-11-01\n', ''));
  await files.getByRole('button', { name: 'Keep the prices' }).click();
  await expect(files.getByRole('alert')).toContainText('needs a date');
  await files.getByRole('button', { name: 'Close' }).last().click();

  await page.getByRole('button', { name: 'Report to print' }).click();
  const report = page.getByRole('article');
  await expect(report.getByRole('heading', { name: 'Transfer out of web.pcap' })).toBeVisible();
  await expect(report.getByText('10.1.1.9')).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(report).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Panels' })).toBeHidden();
});

test('monitors are named, kept, and say whose fault it is', async ({ nagare, host }) => {
  const { page } = nagare;
  await nagare.panel('Flow monitors');
  await expect(page.getByText('Next: see what the server’s program waits for', { exact: false })).toBeVisible();
  await expect(page.getByText('Connection 2, 10.1.0.4:40009 to 10.1.1.9:5432', { exact: false })).toBeVisible();
  await page.getByRole('button', { name: 'Monitors', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('uploads');
  await dialog.getByRole('textbox', { name: 'Local side' }).fill('10.1.0.4');
  await dialog.getByRole('textbox', { name: 'Remote side' }).fill('192.0.2.80, 198.51.100.0/24');
  await dialog.getByRole('button', { name: 'Use these monitors' }).click();
  await expect(page.getByText('uploads: 8 flows', { exact: false })).toBeVisible();
  test.skip(host === 'electron', 'the rest loads the page again, which the desktop window does not do');
  await page.reload();
  await nagare.panel('Flow monitors');
  await expect(page.getByText('uploads: 8 flows', { exact: false })).toBeVisible();
});

test('periods of the provider’s health are entered by hand and drawn under the graph', async ({ nagare }) => {
  const { page } = nagare;
  await nagare.panel('Flow monitors');
  await expect(page.getByText('Provider health, as entered')).toHaveCount(0);
  await page.getByRole('button', { name: 'Provider health' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'From' }).fill('2026-01-15T09:01:00Z');
  await dialog.getByRole('textbox', { name: 'To' }).fill('tomorrow');
  await dialog.getByRole('textbox', { name: 'What the provider says' }).fill('degraded');
  const draw = dialog.getByRole('button', { name: 'Draw these periods' });
  await expect(draw).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'To' }).fill('2026-01-15T09:02:00Z');
  await draw.click();
  await expect(page.getByText('Provider health, as entered')).toBeVisible();
  await expect(page.getByText(/as you entered it: degraded/)).toBeVisible();
});

const PICTURES = [
  { name: 'light', theme: 'light', language: 'en' },
  { name: 'dark', theme: 'dark', language: 'en' },
  { name: 'ja', theme: 'light', language: 'ja' },
] as const;

for (const { name, theme, language } of PICTURES) {
  test(`the cloud panels look as they should: ${name}`, async ({ nagare, host }) => {
    test.skip(host === 'electron', 'the pictures are of the browser');
    const { page } = nagare;
    const text = (key: keyof typeof ja, english: string): string => (language === 'ja' ? (ja[key] as string) : english);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: theme });
    await expect(nagare.row(1)).toBeVisible();
    if (language === 'ja') {
      await page.getByRole('button', { name: 'Language' }).click();
      await page
        .getByRole('menuitemradio', { name: /日本語/ })
        .or(page.getByRole('menuitem', { name: /日本語/ }))
        .click();
    }
    const panels = page.getByRole('navigation', { name: text('panels.label', 'Panels') });
    const show = (key: 'panel.egress' | 'panel.monitor', english: string) =>
      panels.getByRole('button', { name: text(key, english), exact: true }).click();
    await show('panel.egress', 'Transfer out');
    await addFiles(page, text('cloud.files', 'Map, ranges, prices'), text('action.close', 'Close'));
    await expect(figure(page, 'egress.costMonth')).toBeVisible();
    await picture(page, `egress-${name}`);
    await show('panel.monitor', 'Flow monitors');
    await expect(figure(page, 'monitor.flows')).toBeVisible();
    await picture(page, `monitor-${name}`);
    // Nothing is cut off at the side.
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });
}

/** Kept in docs/ where that is asked for. */
async function picture(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  const file = process.env['NAGARE_SCREENSHOTS'] === '1' ? { path: `docs/cloud/${name}.png` } : {};
  const taken = await page.screenshot({ ...file, animations: 'disabled', caret: 'hide' });
  expect(taken.length).toBeGreaterThan(20_000);
}
