/** Traces of Windows: dropped on the window, in the adapter view and in the stack view, filtered by drop reason, exported. */

import { join } from 'node:path';
import { DROP, netmonTrace, netshTrace, PROGRAM, pktmonTrace, windowsPackets } from '../support/build-windows-trace.ts';
import { countOf, expect, type Nagare, test } from './fixtures.ts';

const packets = windowsPackets();
/** Packets that came in, and went no further than the stack. */
const dropped = packets.flatMap(({ isSent }, i) => (isSent ? [] : [i])).slice(1, 3);
const trace = pktmonTrace(packets, { compression: 'xpress', dropped });
const RECORDS = 3 * packets.length + dropped.length;

test.use({ files: [] });

/** Drops a file on the page, as from a file manager. */
async function drop({ page }: Nagare, name: string, bytes: Uint8Array): Promise<void> {
  const transfer = await page.evaluateHandle(
    ({ base64, fileName }) => {
      const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([content], fileName));
      return data;
    },
    { base64: Buffer.from(bytes).toString('base64'), fileName: name },
  );
  for (const type of ['dragenter', 'dragover', 'drop']) {
    await page.locator('#root > *').first().dispatchEvent(type, { dataTransfer: transfer });
  }
}

test('a trace that is dropped on the window shows each packet once', async ({ nagare, host }) => {
  test.skip(host === 'electron', 'the desktop window gets paths from the system');
  await drop(nagare, 'trace.etl', trace);
  await expect(nagare.page).toHaveTitle(/trace\.etl/);
  await nagare.expectCount('packets', RECORDS);
  await nagare.expectCount('displayed', packets.length);
  const left = RECORDS - packets.length;
  await expect(nagare.page.getByText(`Adapter view · ${left} other appearances left out`)).toBeVisible();
});

test.describe('a trace of Packet Monitor', () => {
  test.use({ captures: { 'trace.etl': trace } });

  test('has panels that count each packet once, and all appearances when the pill is gone', async ({ nagare }) => {
    await nagare.expectCount('displayed', packets.length);
    await nagare.panel('Protocol hierarchy');
    const tcp = nagare.page
      .getByRole('treegrid')
      .getByRole('row')
      .filter({ hasText: /^Transmission Control/ });
    const counted = (packetsOfIt: number): Promise<void> =>
      expect(tcp.getByRole('gridcell', { name: String(packetsOfIt), exact: true }).first()).toBeVisible();
    await counted(packets.length);
    await nagare.page.getByRole('button', { name: 'Show all appearances' }).click();
    await counted(RECORDS);
    await nagare.panel('Packets');
    await nagare.expectCount('displayed', RECORDS);
    await nagare.page.getByRole('button', { name: 'All appearances', exact: true }).click();
    await nagare.expectCount('displayed', packets.length);
  });

  test('shows the way of a packet through the stack, and leads to each record of it', async ({ nagare }) => {
    const { page } = nagare;
    await nagare.panel('Packets');
    await nagare.rows.nth(dropped[0] ?? 0).click();
    const stack = page.getByRole('button', { name: /^Stack: 4 appearances/ });
    await expect(stack).toContainText(DROP.text);
    await stack.click();
    const places = page.getByRole('table').getByRole('row');
    await expect(places).toHaveCount(5);
    await expect(places.nth(1)).toContainText('card.sys');
    await expect(places.nth(1)).toContainText('counted here');
    await expect(places.nth(4)).toContainText(DROP.text);
    await page.getByRole('button', { name: /^filter\.sys: Go to frame/ }).click();
    await nagare.expectCount('displayed', RECORDS);
    await expect(nagare.tree.getByRole('treeitem', { name: /^Packet Monitor: filter\.sys/ })).toBeVisible();
  });

  test('is filtered by drop reason, and exported', async ({ nagare }) => {
    const file = join(nagare.folder, 'trace.etl');
    const filter = `pktmon.drop.reason == "${DROP.text}"`;
    await nagare.page.getByRole('button', { name: 'Show all appearances' }).click();
    await nagare.applyFilter(filter);
    await nagare.expectCount('displayed', dropped.length);
    expect(countOf(file, filter)).toBe(dropped.length);
    const path = await nagare.export(/^Displayed/, 'pcapng', 'drops.pcapng');
    expect(countOf(path)).toBe(dropped.length);
    expect(countOf(path, `frame.comment contains "${DROP.text}"`)).toBe(dropped.length);
  });
});

for (const [name, bytes, program] of [
  ['netsh.etl', netshTrace(packets), `process ${PROGRAM.browser}`],
  ['monitor.cap', netmonTrace(packets), `program-${PROGRAM.browser}.exe`],
] as const) {
  test.describe(`the program of a connection in ${name}`, () => {
    test.use({ captures: { [name]: bytes } });

    test('is found by a filter and shown with the packet', async ({ nagare }) => {
      await nagare.expectCount('displayed', packets.length);
      await nagare.applyFilter(`nagare.process == "${program}"`);
      await nagare.expectCount('displayed', packets.length / 2);
      // Nothing is several times in it: there is no pill.
      await expect(nagare.page.getByRole('group', { name: 'Adapter view' })).toHaveCount(0);
      await nagare.panel('Packets');
      await nagare.rows.first().click();
      await expect(nagare.tree.getByRole('treeitem', { name: new RegExp(`^Process: ${program}`) })).toBeVisible();
    });
  });
}
