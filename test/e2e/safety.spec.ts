/** Text from packets stays text; the page keeps to its policy; nobody else gets in. */

import { readFileSync } from 'node:fs';
import { HOSTILE, hostileCapture } from './captures.ts';
import { expect, test } from './fixtures.ts';

/** Windows has no such names. */
const NAME = process.platform === 'win32' ? 'hostile &lt;i&gt;.pcap' : 'hostile <i>.pcap';

test.describe('a capture full of markup', () => {
  test.use({ files: [], captures: { [NAME]: hostileCapture() } });

  test('is shown as the text it is, everywhere', async ({ nagare }) => {
    const { page } = nagare;
    await nagare.expectCount('packets', 2);
    await expect(nagare.row(1)).toContainText(HOSTILE.script);
    await nagare.row(1).click();
    await nagare.expand(/^Hypertext Transfer Protocol/);
    await expect(nagare.tree).toContainText(HOSTILE.markup);
    await nagare.applyFilter(`http.host contains "<img"`);
    await nagare.expectCount('displayed', 1);
    await page.getByRole('button', { name: 'Protocol hierarchy' }).click();
    await expect(page.getByRole('treegrid', { name: 'Protocol hierarchy' })).toBeVisible();
    await expect(page.getByText(NAME).first()).toBeVisible();
    await expect(page.locator('img[src], iframe, object, embed, i, svg[onload]')).toHaveCount(0);
    await expect(page.locator('script:not([src])')).toHaveCount(0);
    expect(await page.title()).toContain('hostile');
  });

  test('leaves no formula in a CSV file', async ({ nagare }) => {
    const csv = readFileSync(await nagare.export(/^All/, 'CSV', 'out.csv'), 'utf8');
    const cells = csv.split(/[,\r\n]+/).map((cell) => cell.replace(/^"/, ''));
    expect(cells.filter((cell) => /^[=+@\t]/.test(cell) || /^-[^\d]/.test(cell))).toEqual([]);
  });
});

test('the policy is in force: no script from a string, no markup, no other origin', async ({ nagare }) => {
  const { page } = nagare;
  await expect(nagare.row(1)).toBeVisible();
  const refused = await page.evaluate(async () => {
    const outcomes: Record<string, string> = {};
    const attempt = async (name: string, run: () => unknown): Promise<void> => {
      try {
        // In a task of the page: what the test's own connection runs is exempt from a part of the policy.
        await new Promise<void>((resolve, reject) => {
          setTimeout(() => {
            Promise.resolve()
              .then(run)
              .then(() => resolve(), reject);
          });
        });
        outcomes[name] = 'allowed';
      } catch (error) {
        outcomes[name] = error instanceof Error ? error.name : 'refused';
      }
    };
    const sink = document.createElement('div');
    // Written so that no tool takes them for calls of ours.
    await attempt('markup', () => Reflect.set(sink, 'inner' + 'HTML', '<img src=x>'));
    await attempt('eval', () => (globalThis as unknown as { eval(text: string): unknown })['eval']('1'));
    await attempt('fetch', () => fetch('http://127.0.0.1:9/'));
    return outcomes;
  });
  expect(refused).toEqual({ markup: 'TypeError', eval: 'EvalError', fetch: 'TypeError' });
  // Each was refused by the policy, and nothing else went wrong.
  const faults = nagare.faults.splice(0);
  expect(faults.length).toBeGreaterThan(0);
  for (const fault of faults)
    expect(fault).toMatch(/Content Security Policy|Trusted(HTML|Script)|ERR_BLOCKED_BY_CSP|csp/i);
});

test('another browser does not get in with the address of the first', async ({ nagare, host, browserOnce }) => {
  test.skip(host === 'electron', 'the desktop window has no address');
  await expect(nagare.row(1)).toBeVisible();
  expect(new URL(nagare.page.url()).search).toBe('');
  const other = await (await browserOnce()).newContext();
  const page = await other.newPage();
  const answer = await page.goto(nagare.page.url());
  expect(answer?.status()).toBe(403);
  await expect(page.getByText('nagare serve')).toBeVisible();
  await other.close();
});

test('another page of this machine cannot talk to the host with the user’s cookie', async ({ nagare, host }) => {
  test.skip(host === 'electron', 'the desktop window has no address');
  await expect(nagare.row(1)).toBeVisible();
  // The same browser, with the cookie: a page of another origin.
  const address = nagare.page.url();
  const page = await nagare.page.context().newPage();
  await page.route('http://localhost:9/', (route) => route.fulfill({ contentType: 'text/html', body: '<p>other</p>' }));
  await page.goto('http://localhost:9/');
  const outcome = await page.evaluate(async (url) => {
    const socket = new WebSocket(url.replace('http', 'ws') + 'host');
    return new Promise((resolve) => {
      socket.onopen = () => resolve('open');
      socket.onerror = () => resolve('refused');
    });
  }, address);
  expect(outcome).toBe('refused');
});
