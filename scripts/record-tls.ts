/**
 * Records TLS connections with their secrets: `node scripts/run.mjs record-tls [NAME ...]` writes
 * test/support/tls-recordings/NAME.json, from which golden captures are built. Keys, randoms and certificates are new each
 * time, so the captures and their texts change with it. Client and server talk in memory; certificates come from openssl.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Duplex } from 'node:stream';
import { connect, createSecureContext, type SecureVersion, TLSSocket, type TLSSocketOptions } from 'node:tls';

const FOLDER = join('test', 'support', 'tls-recordings');
const SERVER_NAME = 'www.example.com';
/** OpenSSL's SSL_OP_NO_ENCRYPT_THEN_MAC. */
const NO_ENCRYPT_THEN_MAC = 0x80000;
/** Suites with SHA-1, and TLS before 1.2, are refused at OpenSSL's usual level. */
const ANY_LEVEL = ':@SECLEVEL=0';
const BODY_BYTES = 18_000;
const QUIET_MS = 60;

interface Scenario {
  readonly version: SecureVersion;
  readonly ciphers: string;
  readonly rsa?: boolean;
  readonly alpn?: readonly string[];
  readonly secureOptions?: number;
  /** Groups of client and server. */
  readonly groups?: readonly [string, string];
  /** The body of the answer; a short one unless given. */
  readonly bodyBytes?: number;
  /** The connection that is recorded resumes one before it. */
  readonly resumes?: boolean;
  /** A second handshake on the same connection, between the two requests (RFC 5246 7.4.1.1). */
  readonly renegotiates?: boolean;
  readonly says?: 'http' | 'http2' | 'own';
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'tls10-cbc-sha': { version: 'TLSv1', ciphers: `ECDHE-RSA-AES128-SHA${ANY_LEVEL}`, rsa: true },
  'tls11-cbc-sha-mac-first': {
    version: 'TLSv1.1',
    ciphers: `ECDHE-RSA-AES256-SHA${ANY_LEVEL}`,
    rsa: true,
    secureOptions: NO_ENCRYPT_THEN_MAC,
  },
  'tls12-gcm-128': { version: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256', alpn: ['http/1.1'] },
  'tls12-gcm-256': { version: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' },
  'tls12-chacha': { version: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-CHACHA20-POLY1305' },
  'tls12-ccm-8': { version: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-CCM8' },
  'tls12-cbc-sha': { version: 'TLSv1.2', ciphers: `ECDHE-ECDSA-AES128-SHA${ANY_LEVEL}` },
  'tls12-cbc-sha256-mac-first': {
    version: 'TLSv1.2',
    ciphers: 'ECDHE-ECDSA-AES128-SHA256',
    secureOptions: NO_ENCRYPT_THEN_MAC,
  },
  'tls12-cbc-sha384': { version: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-SHA384' },
  'tls12-resumed': { version: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256', resumes: true },
  'tls12-renegotiated': { version: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384', renegotiates: true },
  'tls13-gcm-128': { version: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256', alpn: ['http/1.1'], bodyBytes: BODY_BYTES },
  'tls13-gcm-256': { version: 'TLSv1.3', ciphers: 'TLS_AES_256_GCM_SHA384' },
  'tls13-chacha': { version: 'TLSv1.3', ciphers: 'TLS_CHACHA20_POLY1305_SHA256' },
  'tls13-hello-retry': { version: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256', groups: ['X25519:P-256', 'P-256'] },
  'tls13-resumed': { version: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256', resumes: true },
  'tls13-h2': { version: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256', alpn: ['h2'], says: 'http2' },
  'tls13-own-protocol': { version: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256', alpn: ['example/1'], says: 'own' },
};

interface Turn {
  readonly from: 'client' | 'server';
  readonly base64: string;
}

/** Both ends of a connection in memory; `said` is told of every write. */
function pair(said: (from: Turn['from'], data: Buffer) => void): readonly [Duplex, Duplex] {
  const make = (from: Turn['from'], other: () => Duplex): Duplex =>
    new Duplex({
      read: () => undefined,
      write(chunk: Buffer, _encoding, done) {
        said(from, chunk);
        setImmediate(() => {
          other().push(chunk);
          done();
        });
      },
      final(done) {
        setImmediate(() => {
          other().push(null);
          done();
        });
      },
    });
  const client: Duplex = make('client', () => server);
  const server: Duplex = make('server', () => client);
  return [client, server];
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A certificate that nobody trusts, with its key. */
function makeCertificate(rsa: boolean): { readonly cert: Buffer; readonly key: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'nagare-record-'));
  try {
    const key = join(folder, 'key.pem');
    const cert = join(folder, 'cert.pem');
    const kind = rsa ? ['-newkey', 'rsa:2048'] : ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    const names = ['-subj', `/C=ZZ/O=Example Trust/CN=${SERVER_NAME}`, '-addext', `subjectAltName=DNS:${SERVER_NAME}`];
    const args = ['req', '-x509', '-nodes', '-days', '3650', ...kind, ...names, '-keyout', key, '-out', cert];
    execFileSync('openssl', args, { stdio: 'ignore' });
    return { cert: readFileSync(cert), key: readFileSync(key) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** RFC 9113 4.1. */
function http2Frame(type: number, flags: number, stream: number, body: Buffer): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(body.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, body]);
}

/** A length and a text, as HPACK has strings that are not packed (RFC 7541 5.2). */
function hpackText(text: string): Buffer {
  return Buffer.concat([Buffer.of(text.length), Buffer.from(text, 'latin1')]);
}

const HTTP2_DATA = 0;
const HTTP2_HEADERS = 1;
const HTTP2_SETTINGS = 4;
const END_OF_HEADERS = 4;
const END_OF_STREAM = 1;
/** Fields of HPACK's static table (RFC 7541 appendix A): whole ones, and names with a text of one's own behind them. */
const HPACK = { get: 0x82, https: 0x87, ok: 0x88, path: 0x44, authority: 0x41, contentType: 0x5f } as const;

const HTTP2 = {
  request: Buffer.concat([
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1'),
    http2Frame(HTTP2_SETTINGS, 0, 0, Buffer.alloc(0)),
    http2Frame(
      HTTP2_HEADERS,
      END_OF_HEADERS | END_OF_STREAM,
      1,
      Buffer.concat([
        Buffer.of(HPACK.get, HPACK.https, HPACK.path),
        hpackText('/index.txt'),
        Buffer.of(HPACK.authority),
        hpackText(SERVER_NAME),
      ]),
    ),
  ]),
  answer: Buffer.concat([
    http2Frame(HTTP2_SETTINGS, 0, 0, Buffer.alloc(0)),
    http2Frame(
      HTTP2_HEADERS,
      END_OF_HEADERS,
      1,
      Buffer.concat([Buffer.of(HPACK.ok, HPACK.contentType), hpackText('text/plain')]),
    ),
  ]),
};

async function converse(scenario: Scenario, client: TLSSocket, server: TLSSocket): Promise<void> {
  const answer = 'The quick brown fox. '.repeat(Math.ceil((scenario.bodyBytes ?? 100) / 21));
  if (scenario.says === 'own') {
    client.write('hello, this is a protocol of its own\n');
    await pause(QUIET_MS);
    server.write('so it is\n');
    await pause(QUIET_MS);
    client.end();
    await pause(QUIET_MS);
    server.end();
    return;
  }
  if (scenario.says === 'http2') {
    client.write(HTTP2.request);
    await pause(QUIET_MS);
    server.write(Buffer.concat([HTTP2.answer, http2Frame(HTTP2_DATA, 1, 1, Buffer.from(answer, 'latin1'))]));
    await pause(QUIET_MS);
    client.end();
    await pause(QUIET_MS);
    server.end();
    return;
  }
  const body = Buffer.from(answer, 'latin1');
  client.write(`GET /index.txt HTTP/1.1\r\nHost: ${SERVER_NAME}\r\nUser-Agent: example\r\n\r\n`);
  await pause(QUIET_MS);
  server.write(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n`);
  server.write(body);
  await pause(QUIET_MS);
  if (scenario.renegotiates === true) {
    await new Promise<void>((resolve, reject) => {
      client.renegotiate({ rejectUnauthorized: false }, (error) => (error === null ? resolve() : reject(error)));
    });
    await pause(QUIET_MS);
  }
  client.write(`GET /missing HTTP/1.1\r\nHost: ${SERVER_NAME}\r\n\r\n`);
  await pause(QUIET_MS);
  server.write('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
  await pause(QUIET_MS);
  client.end();
  await pause(QUIET_MS);
  server.end();
  await pause(QUIET_MS);
}

interface Connection {
  readonly keys: string;
  readonly turns: readonly Turn[];
  readonly session: Buffer | undefined;
}

async function record(scenario: Scenario, options: TLSSocketOptions, session: Buffer | undefined): Promise<Connection> {
  const turns: Turn[] = [];
  const [clientEnd, serverEnd] = pair((from, data) => {
    turns.push({ from, base64: data.toString('base64') });
  });
  const [clientGroups, serverGroups] = scenario.groups ?? ['auto', 'auto'];
  const alpn = scenario.alpn === undefined ? {} : { ALPNProtocols: [...scenario.alpn] };
  const server = new TLSSocket(serverEnd, { ...options, ...alpn, isServer: true, ecdhCurve: serverGroups });
  const client = connect({
    ...options,
    ...alpn,
    socket: clientEnd,
    servername: SERVER_NAME,
    rejectUnauthorized: false,
    ecdhCurve: clientGroups,
    session,
  });
  let keys = '';
  let ticket: Buffer | undefined;
  client.on('keylog', (line) => {
    keys += line.toString('latin1');
  });
  client.on('session', (given) => {
    ticket = given;
  });
  await new Promise((resolve, reject) => {
    client.once('secureConnect', resolve);
    client.once('error', reject);
    server.once('error', reject);
  });
  await pause(QUIET_MS);
  await converse(scenario, client, server);
  client.destroy();
  server.destroy();
  return { keys, turns, session: ticket };
}

async function recordScenario(name: string, scenario: Scenario): Promise<void> {
  const { version, ciphers, secureOptions } = scenario;
  const context = createSecureContext({
    ...makeCertificate(scenario.rsa === true),
    minVersion: version,
    maxVersion: version,
    ciphers,
    ...(secureOptions === undefined ? {} : { secureOptions }),
  });
  const options = { secureContext: context, minVersion: version, maxVersion: version, ciphers };
  const first = await record(scenario, options, undefined);
  const { keys, turns } = scenario.resumes === true ? await record(scenario, options, first.session) : first;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify({ keys, turns }, null, 2)}\n`);
  process.stdout.write(`${name}: ${turns.length} turns\n`);
}

const wanted = process.argv.slice(2);
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  if (wanted.length === 0 || wanted.includes(name)) await recordScenario(name, scenario);
}
