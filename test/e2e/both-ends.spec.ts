/** Two captures of the same traffic in the window: what was lost between them, and the ladder with both ends; and its pictures. */

import { join } from 'node:path';
import { seededRandom } from '../support/build-bytes.ts';
import { type Segment, type TcpPacket, tcpConversation } from '../support/build-tcp.ts';
import { pcapOf } from '../support/load-capture.ts';
import { countOf, expect, test } from './fixtures.ts';

const SECOND = 1_000_000_000;

/** At the client's end or at the server's, whose clock is 3 s ahead; one segment in forty is lost between them. */
function atEnd(capturePoint: 0 | 1): TcpPacket[] {
  const random = seededRandom(11);
  const isLost = ({ kind, index, attempt, from }: Segment): boolean =>
    from === 'server' && kind === 'data' && attempt === 0 && index % 40 === 17;
  return tcpConversation({
    client:
      capturePoint === 0
        ? { ip: '10.1.0.4', port: 40_000, isn: 1000 }
        : { ip: '198.51.100.9', port: 61_000, isn: 1000, ttl: 62 },
    server: { ip: '192.0.2.80', port: 443, isn: 77 },
    rttNs: 20_000_000,
    capturePoint,
    random,
    turns: [
      { from: 'client', data: random.bytes(20_000) },
      { from: 'server', data: random.bytes(200_000) },
    ],
    fate: (segment) => (isLost(segment) ? { lost: capturePoint === 0 ? 'before' : 'after' } : undefined),
  });
}

const client = atEnd(0);
const server = atEnd(1).map((packet) => ({ ...packet, at: packet.at + 3 * SECOND }));

test.use({ files: [], captures: { 'client.pcap': pcapOf(client), 'server.pcap': pcapOf(server) } });

test('what was lost between two captures is counted and drawn, and leads to its packets', async ({ nagare }) => {
  const { page } = nagare;
  await nagare.panel('Flow monitors');
  await expect(page.getByText('1 connection is in both files', { exact: false })).toBeVisible();
  await expect(page.getByText(/The server’s clock is ahead by 3 s/)).toBeVisible();
  await expect(
    page.getByText(/this takes the shortest way there to be as long as the shortest way back/),
  ).toBeVisible();
  const ladder = page.getByRole('region', { name: 'Both ends' });
  await ladder.scrollIntoViewIfNeeded();
  await expect(ladder.getByText('Client’s end · 10.1.0.4:40000')).toBeVisible();
  await expect(ladder.getByRole('button', { name: /client → server: 1 byte/ })).toBeVisible();
  await ladder.getByRole('button', { name: /client → server: 1 byte/ }).click();
  await nagare.expectCount('displayed', 2);
  await expect(nagare.filter).toContainText('frame.number in');
  expect(countOf(join(nagare.folder, 'client.pcap'))).toBe(client.length);
});

const PICTURES = [
  { name: 'light', theme: 'light' },
  { name: 'dark', theme: 'dark' },
] as const;

for (const { name, theme } of PICTURES) {
  test(`the ladder of both ends looks as it should: ${name}`, async ({ nagare, host }) => {
    test.skip(host === 'electron', 'the pictures are of the browser');
    const { page } = nagare;
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: theme });
    await nagare.panel('Flow monitors');
    const ladder = page.getByRole('region', { name: 'Both ends' });
    await expect(ladder).toBeVisible();
    await ladder.scrollIntoViewIfNeeded();
    await page.mouse.move(0, 0);
    const file = process.env['NAGARE_SCREENSHOTS'] === '1' ? { path: `docs/cloud/both-ends-${name}.png` } : {};
    const taken = await page.screenshot({ ...file, animations: 'disabled', caret: 'hide' });
    expect(taken.length).toBeGreaterThan(20_000);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });
}
