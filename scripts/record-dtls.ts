/**
 * Records DTLS connections with their secrets: `node scripts/run.mjs record-dtls` writes test/support/tls-recordings/dtls*.json,
 * from which golden captures are built. Node knows no DTLS: openssl's own client and server talk through a relay, over loopback,
 * with datagrams so small that certificates come in fragments.
 */

import { execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const FOLDER = join('test', 'support', 'tls-recordings');
const PORT = { server: 14_433, relay: 14_434 } as const;
const MTU = '400';
const ADDRESS = '127.0.0.1';
const SCENARIOS = {
  'dtls10-cbc': ['-dtls1', 'ECDHE-RSA-AES128-SHA:@SECLEVEL=0'],
  'dtls12-gcm': ['-dtls1_2', 'ECDHE-RSA-AES128-GCM-SHA256'],
} as const;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function record(name: string, version: string, cipher: string, folder: string): Promise<void> {
  const [key, cert, log] = ['key.pem', 'cert.pem', 'keys.log'].map((file) => join(folder, file));
  const subject = ['-subj', '/C=ZZ/O=Example Trust/CN=www.example.com'];
  const request = ['req', '-x509', '-nodes', '-days', '3650', '-newkey', 'rsa:2048', ...subject];
  execFileSync('openssl', [...request, '-keyout', key ?? '', '-out', cert ?? ''], { stdio: 'ignore' });
  rmSync(log ?? '', { force: true });
  const common = [version, '-cipher', cipher, '-mtu', MTU];
  const start = (...args: readonly string[]) => spawn('openssl', [...args], { stdio: ['pipe', 'ignore', 'ignore'] });
  const server = start(
    's_server',
    ...common,
    '-port',
    String(PORT.server),
    '-key',
    key ?? '',
    '-cert',
    cert ?? '',
    '-listen',
  );
  await pause(700);

  const turns: { readonly from: 'client' | 'server'; readonly base64: string }[] = [];
  const front = createSocket('udp4');
  const back = createSocket('udp4');
  let peer = 0;
  front.on('message', (data, { port }) => {
    peer = port;
    turns.push({ from: 'client', base64: data.toString('base64') });
    back.send(data, PORT.server, ADDRESS);
  });
  back.on('message', (data) => {
    turns.push({ from: 'server', base64: data.toString('base64') });
    front.send(data, peer, ADDRESS);
  });
  front.bind(PORT.relay, ADDRESS);
  const to = `${ADDRESS}:${PORT.relay}`;
  const client = start(
    's_client',
    ...common,
    '-connect',
    to,
    '-servername',
    'www.example.com',
    '-keylogfile',
    log ?? '',
  );
  await pause(1200);
  client.stdin.write('hello over datagrams\n');
  await pause(300);
  server.stdin.write('hello back\n');
  await pause(300);
  client.stdin.end();
  await pause(500);
  client.kill();
  server.kill();
  front.close();
  back.close();
  const keys = readFileSync(log ?? '', 'latin1').replace(/^#.*\n/gm, '');
  writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify({ keys, turns }, null, 2)}\n`);
  process.stdout.write(`${name}: ${turns.length} datagrams\n`);
}

const folder = mkdtempSync(join(tmpdir(), 'nagare-record-'));
try {
  for (const [name, [version, cipher]] of Object.entries(SCENARIOS)) await record(name, version, cipher, folder);
} finally {
  rmSync(folder, { recursive: true });
}
