/** Mirrored traffic: what is missing from it, its packets from inside and outside, and an export without tunnels. */

import { join } from 'node:path';
import { panelMirrorJa } from '../../engine/text/ja/panel-mirror.ts';
import { seededRandom } from '../support/build-bytes.ts';
import { mirroredFrame } from '../support/build-mirror.ts';
import { tcpConversation } from '../support/build-tcp.ts';
import { pcapOf } from '../support/load-capture.ts';
import { countOf, expect, test } from './fixtures.ts';

/** Two sessions; every 40th segment of the answers is missing from the mirrors. */
function mirroredCapture(): Uint8Array {
  const packets = [77, 78].flatMap((vni) =>
    tcpConversation({
      client: { ip: `192.0.2.${vni}`, port: 20_000 },
      server: { ip: '198.51.100.20', port: 443 },
      rttNs: 12_000_000,
      rateBps: 200e6,
      capturePoint: 1,
      turns: [
        { from: 'client', data: new Uint8Array(300) },
        { from: 'server', data: new Uint8Array(400_000) },
      ],
      random: seededRandom(vni),
      frame: mirroredFrame({ vni, source: '203.0.113.1', target: '203.0.113.2', mtu: vni === 78 ? 1500 : 9000 }),
    }).filter(({ from, kind }, i) => from === 'client' || kind !== 'data' || i % 40 !== 20),
  );
  return pcapOf(packets);
}

test.use({ files: [], captures: { 'mirror.pcap': mirroredCapture() } });

test('a mirror is judged, and its packets are found', async ({ nagare }) => {
  const { page } = nagare;
  await nagare.panel('Mirror quality');
  await expect(page.getByText(/of stream bytes .* are missing from the mirror/)).toBeVisible();
  await expect(page.getByText(/the way needs an MTU of 1,550/)).toBeVisible();
  const sessions = page.getByRole('grid', { name: 'Mirror sessions' });
  await expect(sessions.getByRole('row').filter({ hasText: 'vxlan' })).toHaveCount(2);
  await sessions.getByRole('gridcell', { name: '78', exact: true }).dblclick();
  await nagare.expectCount('displayed', countOf(join(nagare.folder, 'mirror.pcap'), 'vxlan.vni == 78'));
  await expect(nagare.filter).toContainText('vxlan.vni');
});

test('mirrored packets are seen from outside and from inside', async ({ nagare }) => {
  const { page } = nagare;
  await nagare.panel('Packets');
  await expect(nagare.row(1)).toContainText('198.51.100.20');
  await nagare.panel('Mirror quality');
  await page.getByRole('button', { name: 'Show the outer packets' }).click();
  await expect(page.getByRole('button', { name: 'Show the inner packets' })).toBeVisible();
  await nagare.panel('Packets');
  await expect(nagare.row(1)).toContainText('203.0.113.2');
  await expect(nagare.row(1)).not.toContainText('198.51.100.20');
  await nagare.panel('Mirror quality');
  await page.getByRole('button', { name: 'Show the inner packets' }).click();
  await nagare.panel('Packets');
  await expect(nagare.row(1)).toContainText('198.51.100.20');
});

test('mirrored packets are exported without their tunnels', async ({ nagare }) => {
  const path = join(nagare.folder, 'inner.pcapng');
  await nagare.page.getByRole('toolbar').getByRole('button', { name: 'Export' }).click();
  const dialog = nagare.page.getByRole('dialog', { name: 'Export packets' });
  await dialog.getByRole('radio', { name: /^All/ }).check({ force: true });
  await dialog.getByRole('checkbox', { name: /without their VXLAN/ }).check({ force: true });
  await nagare.saveDownload(path, () => dialog.getByRole('button', { name: /Download|Save as/ }).click());
  expect(countOf(path)).toBe(countOf(join(nagare.folder, 'mirror.pcap')));
  expect(countOf(path, 'vxlan')).toBe(0);
  expect(countOf(path, 'tcp.port == 443')).toBe(countOf(path));
});

test('commands prepare a target, and the panel says whether mirror traffic arrives', async ({ nagare }) => {
  const { page } = nagare;
  await nagare.panel('Mirror quality');
  await expect(page.getByText(/Mirror traffic is arriving: .* packets in the last/)).toBeVisible();
  await page.getByRole('button', { name: 'Prepare a target' }).click();
  const dialog = page.getByRole('dialog', { name: 'Prepare a target' });
  await dialog.getByRole('textbox', { name: 'VNI or session' }).fill('77');
  await expect(dialog.getByText(/ip link add vxlan77 type vxlan id 77 dstport 4789 dev eth0/)).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Card' }).fill('eth0; reboot');
  await expect(dialog.getByText('Give a card, numbers and addresses that can be used.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Copy the commands' })).toBeDisabled();
});

const PICTURES = [
  { name: 'light', theme: 'light', language: 'en' },
  { name: 'dark', theme: 'dark', language: 'en' },
  { name: 'ja', theme: 'light', language: 'ja' },
] as const;

for (const { name, theme, language } of PICTURES) {
  test(`the panel looks as it should: ${name}`, async ({ nagare, host }) => {
    test.skip(host === 'electron', 'the pictures are of the browser');
    const { page } = nagare;
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: theme });
    await nagare.panel('Mirror quality');
    if (language === 'ja') {
      await page.getByRole('button', { name: 'Language' }).click();
      await page
        .getByRole('menuitemradio', { name: /日本語/ })
        .or(page.getByRole('menuitem', { name: /日本語/ }))
        .click();
    }
    const title = language === 'ja' ? (panelMirrorJa['panel.mirror'] as string) : 'Mirror quality';
    await expect(page.getByRole('heading', { name: title })).toBeVisible();
    await expect(page.getByText('203.0.113.1').first()).toBeVisible();
    await page.mouse.move(0, 0);
    const file = process.env['NAGARE_SCREENSHOTS'] === '1' ? { path: `docs/cloud/mirror-${name}.png` } : {};
    const taken = await page.screenshot({ ...file, animations: 'disabled', caret: 'hide' });
    expect(taken.length).toBeGreaterThan(20_000);
    // Nothing is cut off at the side.
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });
}
