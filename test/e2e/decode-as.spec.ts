/** "Decode as…": the dialog sets rules, the packets are decoded again, and the file is known when it is opened again. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FlowFrames } from '../support/flow-frames.ts';
import { expect, test } from './fixtures.ts';

const client = { ip: '192.0.2.10', port: 40_000 };
const server = { ip: '198.51.100.20', port: 53 };
const web = new FlowFrames()
  .tcp(client, server, 'GET /index HTTP/1.1\r\nHost: example.com\r\n\r\n')
  .tcp(server, client, 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
  .file();

test.use({ captures: { 'web.pcap': web }, files: [] });

test('a port is decoded as another protocol, and the file remembers it', async ({ nagare }) => {
  const { page } = nagare;
  writeFileSync(join(nagare.folder, 'other.pcap'), new FlowFrames().udp(client, server, 'x').file());
  await nagare.expectCount('packets', 2);
  await nagare.applyFilter('http');
  await nagare.expectCount('displayed', 0);
  await nagare.applyFilter('');
  await nagare.expectCount('displayed', 2);

  // By the menu of the list.
  await nagare.row(1).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Decode as…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Decode as' });
  await expect(dialog.getByText('There are no rules')).toBeVisible();
  await dialog.getByRole('button', { name: 'tcp.port 53 (now' }).click();
  await expect(dialog.getByRole('button', { name: 'Apply' })).toBeDisabled();
  await dialog.getByRole('combobox', { name: 'Protocol' }).fill('htpp');
  await expect(dialog.getByText('No such protocol for tcp.port.')).toBeVisible();
  await dialog.getByRole('combobox', { name: 'Protocol' }).fill('http');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(nagare.row(1).getByText('GET /index HTTP/1.1')).toBeVisible();
  await nagare.applyFilter('http');
  await nagare.expectCount('displayed', 2);

  // Another file is not touched; this one is known again.
  await nagare.open(join(nagare.folder, 'other.pcap'));
  await nagare.expectCount('packets', 1);
  await nagare.open(join(nagare.folder, 'web.pcap'));
  await nagare.expectCount('packets', 2);
  await expect(nagare.row(1).getByText('GET /index HTTP/1.1')).toBeVisible();

  // Without the rule everything is as it was.
  await nagare.row(1).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Decode as…' }).click();
  await dialog.getByRole('button', { name: 'Remove this rule' }).click();
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(nagare.row(1).getByText('GET /index HTTP/1.1')).toHaveCount(0);
});
