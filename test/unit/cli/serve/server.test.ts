/** The server of `nagare serve` over real connections: who gets in, what is answered, and what never is. */

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { CODE_LIFETIME_MS } from '../../../../cli/serve/access.ts';
import { Downloads } from '../../../../cli/serve/downloads.ts';
import { type RunningServer, startServer } from '../../../../cli/serve/server.ts';
import { Uploads } from '../../../../cli/serve/uploads.ts';
import { decodeFrame, encodeFrame } from '../../../../engine/contract/frames.ts';
import type { Transport } from '../../../../engine/contract/transport.ts';
import { PrivateFolder } from '../../../../engine/host/private-folder.ts';
import { translator } from '../../../../engine/text/index.ts';
import { type Answer, ask } from './ask.ts';

const UPLOAD_LIMIT = 1000;
const PAGE = '<!doctype html><meta property="csp-nonce" nonce="" /><p>page</p>';

let base: string;
let folder: PrivateFolder;
let downloads: Downloads;
let server: RunningServer;
let transports: Transport[];
let now: number;

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'nagare-test-'));
  const pageFolder = join(base, 'page');
  mkdirSync(join(pageFolder, 'assets'), { recursive: true });
  writeFileSync(join(pageFolder, 'index.html'), PAGE);
  writeFileSync(join(pageFolder, 'assets', 'main-x1.js'), 'export {};');
  writeFileSync(join(base, 'secret.txt'), 'secret');
  symlinkSync(join(base, 'secret.txt'), join(pageFolder, 'assets', 'link.txt'));
  folder = new PrivateFolder(base);
  downloads = new Downloads(folder);
  transports = [];
  now = 1000;
  server = await startServer({
    port: 0,
    pageFolder,
    uploads: new Uploads(folder, UPLOAD_LIMIT),
    downloads,
    t: translator('en'),
    onConnect: (transport) => transports.push(transport),
    now: () => now,
  });
});

afterEach(async () => {
  await server.close();
  folder.remove();
  rmSync(base, { recursive: true, force: true });
});

/** `/?code=...` of a new address. */
function newPath(): string {
  const { pathname, search } = new URL(server.newAddress());
  return pathname + search;
}

function cookieOf({ headers }: Answer): string {
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

async function signIn(): Promise<string> {
  return cookieOf(await ask(server.port, newPath()));
}

function origin(): string {
  return `http://127.0.0.1:${server.port}`;
}

describe('the one-time code', () => {
  test('is exchanged for a cookie and a clean address', async () => {
    const answer = await ask(server.port, newPath());
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
    const attributes = (answer.headers['set-cookie']?.[0] ?? '').split('; ').slice(1);
    expect(attributes).toEqual(['Path=/', 'HttpOnly', 'SameSite=Strict']);
    expect(cookieOf(answer)).toMatch(new RegExp(`^nagare-${server.port}=[\\w-]{43}$`));
    expect((await ask(server.port, '/', { headers: { cookie: cookieOf(answer) } })).body).toContain('<p>page</p>');
  });

  test('works once', async () => {
    const path = newPath();
    expect((await ask(server.port, path)).status).toBe(303);
    const again = await ask(server.port, path);
    expect(again.status).toBe(403);
    expect(again.headers['set-cookie']).toBeUndefined();
    expect(again.body).toContain('has been used');
  });

  test('ends after a minute', async () => {
    const [early, late] = [newPath(), newPath()];
    now += CODE_LIFETIME_MS - 1;
    expect((await ask(server.port, early)).status).toBe(303);
    now += 1;
    expect((await ask(server.port, late)).status).toBe(403);
  });

  test('is not used up by a look at its headers, nor by a wrong Host', async () => {
    const path = newPath();
    expect((await ask(server.port, path, { method: 'HEAD' })).status).toBe(403);
    expect((await ask(server.port, path, { headers: { host: `nagare.example:${server.port}` } })).status).toBe(403);
    expect((await ask(server.port, path)).status).toBe(303);
  });

  test('once used leads who has the cookie to the page all the same', async () => {
    const path = newPath();
    const cookie = cookieOf(await ask(server.port, path));
    const again = await ask(server.port, path, { headers: { cookie } });
    expect([again.status, again.headers.location]).toEqual([303, '/']);
  });
});

describe('without the cookie', () => {
  test.each(['/', '/index.html', '/assets/main-x1.js', '/download/x', '/nothing'])('%s is refused', async (path) => {
    const answer = await ask(server.port, path);
    expect(answer.status).toBe(403);
    expect(answer.body).not.toContain('page');
  });

  test('a cookie of another value or name is none', async () => {
    const value = (await signIn()).split('=')[1] ?? '';
    for (const cookie of [`nagare-${server.port}=guess`, `nagare-1=${value}`, `x${await signIn()}`, 'nagare']) {
      expect((await ask(server.port, '/', { headers: { cookie } })).status, cookie).toBe(403);
    }
  });

  test('a browser led here from elsewhere is led on once by a page of ours, which shows nothing', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    const bounce = await ask(server.port, '/', { headers });
    expect(bounce.status).toBe(200);
    expect(bounce.body).toContain('http-equiv="refresh"');
    expect(bounce.body).not.toContain('<p>page</p>');
    // The step that this page makes comes from our own origin: without the cookie it ends there.
    const next = await ask(server.port, '/', { headers: { ...headers, 'sec-fetch-site': 'same-origin' } });
    expect(next.status).toBe(403);
  });
});

describe('Host', () => {
  test.each([
    'nagare.example',
    'nagare.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    '127.0.0.1.nagare.example:PORT',
    '[::1]:PORT',
    '0.0.0.0:PORT',
  ])('%s is refused, cookie or not', async (name) => {
    const host = name.replace('PORT', String(server.port));
    const answer = await ask(server.port, '/', { headers: { host, cookie: await signIn() } });
    expect(answer.status).toBe(403);
    expect(answer.body).not.toContain('<p>page</p>');
  });

  test('localhost is us too', async () => {
    const headers = { host: `LocalHost:${server.port}`, cookie: await signIn() };
    expect((await ask(server.port, '/', { headers })).status).toBe(200);
  });
});

describe('answers', () => {
  test('carry the policy and the isolation headers, the page its nonce, new each time', async () => {
    const cookie = await signIn();
    const [first, second] = [
      await ask(server.port, '/', { headers: { cookie } }),
      await ask(server.port, '/', { headers: { cookie } }),
    ];
    const nonceOf = ({ headers }: Answer): string =>
      /'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1] ?? '';
    expect(nonceOf(first)).toMatch(/^[A-Za-z0-9+/]{22}==$/);
    expect(first.body).toContain(`<meta property="csp-nonce" nonce="${nonceOf(first)}" />`);
    expect(nonceOf(second)).not.toBe(nonceOf(first));
    expect(first.headers['content-security-policy']).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonceOf(first)}'; img-src 'self' data:; ` +
        "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
        "object-src 'none'; require-trusted-types-for 'script'",
    );
    expect(first.headers['cache-control']).toBe('no-store');
  });

  test.each([
    ['/', 200],
    ['/assets/main-x1.js', 200],
    ['/nothing', 404],
    ['/upload', 405],
    ['/download/none', 404],
  ])('%s is safe from other sites and from guesses about its type', async (path, status) => {
    const answer = await ask(server.port, path, { headers: { cookie: await signIn() } });
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
    });
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('files of the page have their types, and may be kept where their name holds a hash', async () => {
    const answer = await ask(server.port, '/assets/main-x1.js', { headers: { cookie: await signIn() } });
    expect(answer.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(answer.headers['cache-control']).toContain('immutable');
  });

  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%5c..%5c..%5csecret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/assets/link.txt',
    '//secret.txt',
    '/C:%5csecret.txt',
    '/assets/main-x1.js%00.txt',
    '/%ff',
  ])('%s leads nowhere', async (path) => {
    const answer = await ask(server.port, path, { headers: { cookie: await signIn() } });
    expect([400, 404]).toContain(answer.status);
    expect(answer.body).not.toContain('secret');
  });

  test('folders are not listed', async () => {
    for (const path of ['/assets', '/assets/']) {
      const answer = await ask(server.port, path, { headers: { cookie: await signIn() } });
      expect(answer.status, path).toBe(404);
      expect(answer.body).not.toContain('main-x1');
    }
  });

  test('an address of another host in the request line is no path of ours', async () => {
    const headers = { cookie: await signIn() };
    expect((await ask(server.port, 'http://nagare.example/', { headers })).status).toBe(400);
  });
});

describe('dropped files', () => {
  const upload = async (body: Uint8Array | string, headers: Record<string, string> = {}): Promise<Answer> =>
    ask(server.port, '/upload', {
      method: 'POST',
      headers: { cookie: await signIn(), origin: origin(), 'x-file-name': 'a.pcap', ...headers },
      body,
    });
  const pathOf = ({ body }: Answer): string => (JSON.parse(body) as { path: string }).path;

  test('are kept in a private file under their name', async () => {
    const answer = await upload('bytes', { 'x-file-name': encodeURIComponent('捕捉 1.pcapng') });
    expect(answer.status).toBe(200);
    expect(pathOf(answer)).toMatch(/捕捉 1\.pcapng$/);
    expect(readFileSync(pathOf(answer), 'utf8')).toBe('bytes');
    if (process.platform !== 'win32') {
      expect(statSync(pathOf(answer)).mode & 0o777).toBe(0o600);
      expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    }
  });

  test.each(['../../evil', '..%2f..%2fevil', '%2Fetc%2Fevil', 'C%3A%5Cevil', '%00', '%zz', ''])(
    'named %j stay in their folder',
    async (name) => {
      const path = pathOf(await upload('x', { 'x-file-name': name }));
      expect(path.startsWith(folder.path)).toBe(true);
      expect(path).not.toContain('..');
      expect(existsSync(path)).toBe(true);
    },
  );

  test('up to the limit are taken; one byte more is refused, naming it', async () => {
    expect((await upload('x'.repeat(UPLOAD_LIMIT))).status).toBe(200);
    const refused = await upload('x'.repeat(UPLOAD_LIMIT + 1));
    expect(refused.status).toBe(413);
    expect((JSON.parse(refused.body) as { message: string }).message).toContain(`${UPLOAD_LIMIT} B`);
  });

  test('that do not say their length are counted while they arrive, and nothing stays of one that is too large', async () => {
    const refused = await upload('x'.repeat(UPLOAD_LIMIT * 50), { 'transfer-encoding': 'chunked' });
    expect(refused.status).toBe(413);
    expect(existsSync(join(folder.path, '1', 'a.pcap'))).toBe(false);
  });

  test.each<[string, Record<string, string>]>([
    ['another origin', { origin: 'http://127.0.0.1:1' }],
    ['no page', { origin: 'null' }],
    ['another site', { origin: 'https://nagare.example' }],
  ])('from %s are refused', async (_, headers) => {
    expect((await upload('x', headers)).status).toBe(403);
  });

  test('without the cookie, or with a wrong Host, are refused', async () => {
    expect((await upload('x', { cookie: '' })).status).toBe(403);
    expect((await upload('x', { host: 'nagare.example' })).status).toBe(403);
  });

  test('are gone when the server ends', async () => {
    const path = pathOf(await upload('x'));
    folder.remove();
    expect(existsSync(path)).toBe(false);
    expect(existsSync(folder.path)).toBe(false);
  });
});

describe('downloads', () => {
  const fetchAddress = async (address: string, headers: Record<string, string> = {}): Promise<Answer> =>
    ask(server.port, address.slice(1), { headers: { cookie: await signIn(), ...headers } });

  test('are sent once, as a file with its name', async () => {
    const { path, address } = downloads.add('web "01"\r\nX: 捕捉.csv');
    writeFileSync(path, 'a,b');
    const answer = await fetchAddress(address);
    expect([answer.status, answer.body]).toEqual([200, 'a,b']);
    expect(answer.headers['content-disposition']).toBe(
      `attachment; filename="web _01___X_ __.csv"; filename*=UTF-8''web%20_01___X_%20%E6%8D%95%E6%8D%89.csv`,
    );
    expect(answer.headers['content-type']).toBe('application/octet-stream');
    await expect.poll(() => existsSync(path)).toBe(false);
    expect((await fetchAddress(address)).status).toBe(404);
  });

  test('are not for who has no cookie', async () => {
    const { path, address } = downloads.add('a.csv');
    writeFileSync(path, 'a,b');
    expect((await fetchAddress(address, { cookie: '' })).status).toBe(403);
    expect((await fetchAddress(address)).body).toBe('a,b');
  });
});

describe('the WebSocket', () => {
  const dial = async (headers: Record<string, string>, path = '/host'): Promise<WebSocket | number> => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
    return new Promise((resolve) => {
      socket.once('open', () => resolve(socket));
      socket.once('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
      socket.on('error', () => undefined); // it follows every refusal
    });
  };

  test('carries messages both ways in frames', async () => {
    const socket = await dial({ cookie: await signIn(), origin: origin() });
    if (typeof socket === 'number') throw new Error(`refused: ${socket}`);
    const [transport] = transports;
    const heard = new Promise((resolve) => transport?.onMessage(resolve));
    socket.send(encodeFrame({ rows: Uint32Array.of(1, 2), none: Number.NaN }));
    expect(await heard).toEqual({ rows: Uint32Array.of(1, 2), none: Number.NaN });
    const answered = new Promise<Buffer>((resolve) => socket.once('message', (data) => resolve(data as Buffer)));
    transport?.send({ times: Float64Array.of(0.5) });
    expect(decodeFrame(await answered)).toEqual({ times: Float64Array.of(0.5) });
    const closed = new Promise<void>((resolve) => transport?.onClose(resolve));
    socket.close();
    await closed;
  });

  test.each<[string, Record<string, string>]>([
    ['without the cookie', { cookie: '' }],
    ['with another origin', { origin: 'https://nagare.example' }],
    ['from a page of another port', { origin: 'http://127.0.0.1:1' }],
    ['from another name of this machine than Host says', { origin: 'http://localhost:PORT' }],
    ['without an origin', { origin: '' }],
    ['with another Host', { host: 'nagare.example:PORT', origin: 'http://nagare.example:PORT' }],
  ])('%s is refused', async (_, wrong) => {
    const changed = Object.fromEntries(
      Object.entries(wrong).map(([k, v]) => [k, v.replace('PORT', String(server.port))]),
    );
    expect(await dial({ cookie: await signIn(), origin: origin(), ...changed })).toBe(403);
    expect(transports).toHaveLength(0);
  });

  test('is at one address only', async () => {
    expect(await dial({ cookie: await signIn(), origin: origin() }, '/other')).toBe(404);
  });

  test.each<[string, string | Uint8Array, number]>([
    ['text', 'hello', 1003],
    ['bytes that are no frame', Uint8Array.of(255, 255, 255, 255, 0), 1007],
  ])('closes on %s', async (_, data, code) => {
    const socket = await dial({ cookie: await signIn(), origin: origin() });
    if (typeof socket === 'number') throw new Error(`refused: ${socket}`);
    transports[0]?.onMessage(() => {
      throw new Error('this is no message');
    });
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.send(data);
    expect(await closed).toBe(code);
  });
});

test('a port that is taken is named', async () => {
  const again = startServer({
    port: server.port,
    pageFolder: base,
    uploads: new Uploads(folder, 1),
    downloads,
    t: translator('en'),
    onConnect: () => undefined,
  });
  await expect(again).rejects.toThrow(`Port ${server.port} cannot be used`);
});
