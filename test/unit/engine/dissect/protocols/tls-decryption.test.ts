import { describe, expect, it } from 'vitest';
import type { Dissection } from '../../../../../engine/dissect/tree.ts';
import { useNodePlatform } from '../../../../../engine/host/platform-node.ts';
import { MemorySource } from '../../../../../engine/readers/byte-source.ts';
import { openCapture } from '../../../../../engine/readers/index.ts';
import { Capture } from '../../../../../engine/session/capture.ts';
import { Dissector } from '../../../../../engine/session/dissector.ts';
import { hex, join, latin1, seededRandom, toHex, u16, utf8, zeros } from '../../../../support/build-bytes.ts';
import { pcap } from '../../../../support/build-capture.ts';
import { type Turn, tcpConversation } from '../../../../support/build-tcp.ts';
import {
  changeCipherSpec,
  clientHello,
  extension,
  serverHello,
  TLS_CONTENT,
  TLS_VERSION,
  tlsRecord,
} from '../../../../support/build-tls.ts';
import { WS_OPCODE, websocketFrame, websocketRequest, websocketResponse } from '../../../../support/build-websocket.ts';
import { summaries } from '../../../../support/dissect-conversation.ts';
import { stackText, treeText, valuesOf } from '../../../../support/dissect-packet.ts';
import {
  type TlsRecording,
  tlsPackets,
  tlsRecording,
  turnsOf,
  withSecrets,
} from '../../../../support/golden-captures/decrypted.ts';
import { cbcRecord, sealedRecord, updatedSecret } from '../../../../support/seal-tls.ts';

useNodePlatform();

const MS = 1_000_000;
const GET = 'GET /more HTTP/1.1\r\nHost: www.example.com\r\n\r\n';

function load(
  bytes: Uint8Array,
  keyLogs: readonly Uint8Array[] = [],
): { readonly capture: Capture; readonly dissector: Dissector } {
  const opened = openCapture(new MemorySource(bytes));
  if (!opened.ok) throw new Error(opened.error.message);
  const capture = new Capture(opened.value, { seed: 1, keyLogs });
  capture.load();
  const dissector = new Dissector(capture);
  dissector.applySecrets();
  return { capture, dissector };
}

function dissectAll(bytes: Uint8Array, keyLogs: readonly Uint8Array[] = []): Dissection[] {
  const { capture, dissector } = load(bytes, keyLogs);
  return Array.from({ length: capture.table.count }, (_, row) => dissector.dissect(row));
}

/** A conversation of these turns on TLS's port, without secrets. */
function fileOf(turns: readonly Turn[], port = 443): Uint8Array {
  const packets = tcpConversation({
    client: { ip: '10.0.0.4', port: 40_001, isn: 100 },
    server: { ip: '198.51.100.20', port, isn: 900 },
    rttNs: 10 * MS,
    random: seededRandom(1),
    turns,
  }).map(({ at, bytes }) => ({ time: BigInt(at), bytes }));
  return pcap({ variant: 'nano', packets });
}

function secretOf(recording: TlsRecording, label: string): Uint8Array {
  const line = recording.keys.split('\n').find((each) => each.startsWith(`${label} `)) ?? '';
  return hex(line.split(' ')[2] ?? '');
}

const from = (side: Turn['from'], data: Uint8Array): Turn => ({ from: side, data, thinkNs: MS });

describe('recorded connections', () => {
  it.each([
    'tls10-cbc-sha',
    'tls11-cbc-sha-mac-first',
    'tls12-cbc-sha',
    'tls12-cbc-sha256-mac-first',
    'tls12-cbc-sha384',
    'tls12-ccm-8',
    'tls12-chacha',
    'tls12-gcm-128',
    'tls12-gcm-256',
    'tls12-renegotiated',
    'tls12-resumed',
    'tls13-chacha',
    'tls13-gcm-128',
    'tls13-gcm-256',
    'tls13-hello-retry',
    'tls13-resumed',
  ])('%s is opened by a key log, and what it carries is dissected', (name) => {
    const recording = tlsRecording(name);
    const found = summaries(dissectAll(fileOf(turnsOf(recording)), [utf8(recording.keys)]), 'http');
    expect(found).toHaveLength(4);
    expect(found[0]).toBe('tls:http | HTTP | GET /index.txt HTTP/1.1 ');
    expect(found[1]).toMatch(/tls:http:data-text-lines \| HTTP \| HTTP\/1.1 200 OK {2}\(text\/plain\)$/);
    expect(found[3]).toBe('tls:http | HTTP | HTTP/1.1 404 Not Found ');
  });

  it('stay closed without secrets, and nothing is said about it', () => {
    const all = dissectAll(fileOf(turnsOf(tlsRecording('tls12-gcm-128'))));
    expect(summaries(all, 'http')).toEqual([]);
    expect(all.flatMap(({ root }) => valuesOf(root, 'nagare.tls.undecrypted'))).toEqual([]);
  });

  it('are put together from records of several frames, with the frames named', () => {
    const recording = tlsRecording('tls13-gcm-128');
    const all = dissectAll(fileOf(turnsOf(recording)), [utf8(recording.keys)]);
    const answer = all.find(({ info }) => info.startsWith('HTTP/1.1 200'));
    if (answer === undefined) throw new Error('no answer');
    const segments = valuesOf(answer.root, 'tls.segment');
    expect(segments.length).toBeGreaterThan(2);
    expect(valuesOf(answer.root, 'tls.segment.count')).toEqual([String(segments.length)]);
    const body = answer.sources.find(({ name }) => name === 'Reassembled TLS');
    expect(valuesOf(answer.root, 'tls.reassembled.length')).toEqual([String(body?.bytes.length)]);
    expect(treeText(answer.root)).toContain('The quick brown fox.');
  });

  it('are dissected alike from the front, from the back, and twice', () => {
    const recording = tlsRecording('tls13-gcm-128');
    const file = fileOf(turnsOf(recording));
    const texts = (order: (rows: readonly number[]) => readonly number[]): string[] => {
      const { capture, dissector } = load(file, [utf8(recording.keys)]);
      const rows = Array.from({ length: capture.table.count }, (_, row) => row);
      const found = new Map(order(rows).map((row) => [row, treeText(dissector.dissect(row).root)]));
      return rows.map((row) => found.get(row) ?? '');
    };
    const forward = texts((rows) => rows);
    expect(texts((rows) => [...rows].reverse())).toEqual(forward);
    expect(texts((rows) => [...rows, ...rows])).toEqual(forward);
  });

  it('are marked in the table, so that filters and statistics look inside', () => {
    const recording = tlsRecording('tls12-gcm-128');
    const { capture } = load(withSecrets(tlsPackets(recording), recording.keys, 'last'));
    expect(capture.pass.decrypted.size).toBe(1);
    const other = load(fileOf(turnsOf(recording)), [utf8(tlsRecording('tls12-chacha').keys)]);
    expect(other.capture.pass.decrypted.size).toBe(0);
  });
});

describe('TLS 1.3', () => {
  const recording = tlsRecording('tls13-gcm-128');
  const secret = secretOf(recording, 'CLIENT_TRAFFIC_SECRET_0');
  const turns = turnsOf(recording);
  // The client's two requests were records 0 and 1; its close_notify, the last turn of its, is left out.
  const open = turns.slice(
    0,
    turns.findLastIndex((turn) => turn.from === 'client'),
  );

  it('goes on with new keys after a Key Update', () => {
    const next = updatedSecret(secret);
    const all = dissectAll(
      fileOf([
        ...open,
        from('client', sealedRecord(secret, 2, TLS_CONTENT.handshake, hex('1800000100'))),
        from('client', sealedRecord(next, 0, TLS_CONTENT.applicationData, latin1(GET))),
        from('client', sealedRecord(updatedSecret(next), 0, TLS_CONTENT.applicationData, latin1(GET))),
      ]),
      [utf8(recording.keys)],
    );
    const infos = all.map(({ info }) => info);
    expect(infos).toContain('Key Update');
    expect(infos.filter((info) => info.startsWith('GET /more'))).toHaveLength(1);
    expect(all.flatMap(({ root }) => valuesOf(root, 'nagare.tls.undecrypted'))).toHaveLength(1);
  });

  it('finds its place again behind lost records, and says how many', () => {
    const all = dissectAll(
      fileOf([...open, from('client', sealedRecord(secret, 42, TLS_CONTENT.applicationData, latin1(GET)))]),
      [utf8(recording.keys)],
    );
    const late = all.find(({ info }) => info.startsWith('GET /more'));
    expect(treeText(late?.root ?? [])).toContain('40 records are missing before this one');
  });

  it('carries a WebSocket, whose messages are named', () => {
    const answers = secretOf(recording, 'SERVER_TRAFFIC_SECRET_0');
    const seal = (side: 'client' | 'server', sequence: number, data: Uint8Array) =>
      from(side, sealedRecord(side === 'client' ? secret : answers, sequence, TLS_CONTENT.applicationData, data));
    const all = dissectAll(
      fileOf([
        ...open,
        seal('client', 2, websocketRequest()),
        seal('server', 80, websocketResponse()),
        seal('client', 3, websocketFrame(WS_OPCODE.text, '{"hello": "flow"}', { mask: [1, 2, 3, 4] })),
        seal('server', 81, join(websocketFrame(WS_OPCODE.text, 'one'), websocketFrame(WS_OPCODE.ping, ''))),
      ]),
      [utf8(recording.keys)],
    );
    expect(summaries(all, 'websocket')).toEqual([
      'tls:http:websocket:json | WebSocket | WebSocket Text [FIN] [MASKED]',
      'tls:http:websocket:data-text-lines | WebSocket | WebSocket Text [FIN] WebSocket Ping [FIN] ',
    ]);
    expect(all.flatMap(({ root }) => valuesOf(root, 'json.value.string'))).toEqual(['flow']);
  });

  it('opens early data by its own secret', () => {
    const hello = clientHello({ serverName: 'www.example.com', extensions: join(u16(42), u16(0)) }, seededRandom(3));
    const random = toHex(hello.slice(6, 38));
    const early = hex('5a'.repeat(32));
    const all = dissectAll(
      fileOf([
        from(
          'client',
          join(
            tlsRecord(TLS_CONTENT.handshake, hello, TLS_VERSION.tls10),
            changeCipherSpec(),
            sealedRecord(early, 0, TLS_CONTENT.applicationData, latin1(GET)),
          ),
        ),
        from('client', sealedRecord(early, 1, TLS_CONTENT.handshake, hex('05000000'))),
      ]),
      [utf8(`CLIENT_EARLY_TRAFFIC_SECRET ${random} ${toHex(early)}\n`)],
    );
    expect(summaries(all, 'http')).toEqual([expect.stringMatching(/tls:http \| HTTP \| GET \/more HTTP\/1\.1 $/)]);
    expect(all.map(({ info }) => info)).toContain('End of Early Data');
  });
});

describe('truncated MACs', () => {
  const TRUNCATED_HMAC = 4;
  const CBC_SHA256 = 0x003c;
  const hello = clientHello(
    { versions: [TLS_VERSION.tls12], cipherSuites: [CBC_SHA256], extensions: extension(TRUNCATED_HMAC, []) },
    seededRandom(5),
  );
  const infos = (accepted: boolean, macBytes: number): string[] => {
    const extensions = accepted ? extension(TRUNCATED_HMAC, []) : [];
    const answer = serverHello({ version: TLS_VERSION.tls12, cipherSuite: CBC_SHA256, extensions }, seededRandom(6));
    const master = new Uint8Array(48).fill(0x33);
    const randoms = { client: hello.slice(6, 38), server: answer.slice(6, 38) };
    const sealed = cbcRecord(master, randoms, 0, TLS_CONTENT.applicationData, utf8(GET), macBytes);
    const turns = [
      from('client', tlsRecord(TLS_CONTENT.handshake, hello)),
      from('server', tlsRecord(TLS_CONTENT.handshake, answer)),
      from('client', join(changeCipherSpec(), sealed)),
    ];
    const keys = `CLIENT_RANDOM ${toHex(randoms.client)} ${toHex(master)}\n`;
    return summaries(dissectAll(fileOf(turns), [utf8(keys)]), 'http');
  };

  it('of ten bytes are taken where both sides want them', () => {
    expect(infos(true, 10)).toEqual([expect.stringContaining('GET /more HTTP/1.1')]);
    expect(infos(false, 32)).toEqual([expect.stringContaining('GET /more HTTP/1.1')]);
  });

  it('are wrong where the server did not say so', () => {
    expect(infos(false, 10)).toEqual([]);
    expect(infos(true, 32)).toEqual([]);
  });
});

describe('what stays closed says why', () => {
  const reasons = (all: readonly Dissection[]): string[] =>
    all.flatMap(({ root }) => valuesOf(root, 'nagare.tls.undecrypted'));
  const helloOf = (suite: number): { readonly turns: Turn[]; readonly keys: string } => {
    const hello = clientHello({ versions: [TLS_VERSION.tls12], cipherSuites: [suite] }, seededRandom(5));
    const record = (message: Uint8Array): Uint8Array => tlsRecord(TLS_CONTENT.handshake, message);
    return {
      turns: [
        from('client', record(hello)),
        from('server', record(serverHello({ version: TLS_VERSION.tls12, cipherSuite: suite }, seededRandom(6)))),
        from('client', join(changeCipherSpec(), record(join([0xe5], zeros(60))))),
      ],
      keys: `CLIENT_RANDOM ${toHex(hello.slice(6, 38))} ${'33'.repeat(48)}\n`,
    };
  };

  it('a suite that nobody here can open', () => {
    const { turns, keys } = helloOf(0x0005);
    expect(reasons(dissectAll(fileOf(turns), [utf8(keys)]))).toEqual([
      'the cipher suite TLS_RSA_WITH_RC4_128_SHA is not supported',
    ]);
  });

  it('secrets of another connection', () => {
    const found = reasons(dissectAll(fileOf(helloOf(0xc02f).turns), [utf8(tlsRecording('tls12-chacha').keys)]));
    expect(found).toEqual(['the secrets at hand have none for this client random']);
  });

  it('a wrong secret', () => {
    const { turns, keys } = helloOf(0xc02f);
    expect(reasons(dissectAll(fileOf(turns), [utf8(keys)]))).toEqual([expect.stringContaining('the MAC is wrong')]);
  });

  it('no hello', () => {
    const recording = tlsRecording('tls12-gcm-128');
    const found = reasons(dissectAll(fileOf(turnsOf(recording).slice(4)), [utf8(recording.keys)]));
    expect(new Set(found)).toEqual(new Set([expect.stringContaining('the Client Hello is not in this capture')]));
  });
});

describe('hostile bytes', () => {
  it.each(['tls10-cbc-sha', 'tls12-cbc-sha', 'tls12-gcm-128', 'tls13-gcm-256'])(
    'in %s end nothing but their layer',
    (name) => {
      const recording = tlsRecording(name);
      const whole = withSecrets(tlsPackets(recording), recording.keys);
      const random = seededRandom(11);
      for (let round = 0; round < 60; round++) {
        const bytes = whole.slice();
        for (let i = 0; i < 8; i++) bytes[200 + random.int(bytes.length - 200)] = random.int(256);
        for (const { layers } of dissectAll(bytes)) expect(layers.length).toBeLessThan(64);
      }
    },
  );

  it('of a sealed record may be too few for its cipher', () => {
    const recording = tlsRecording('tls12-cbc-sha');
    const turns = turnsOf(recording).slice(0, 4);
    for (let length = 0; length < 70; length++) {
      const short = tlsRecord(TLS_CONTENT.applicationData, zeros(length));
      const all = dissectAll(fileOf([...turns, from('client', short)]), [utf8(recording.keys)]);
      expect(all.length).toBeGreaterThan(6);
      for (const dissection of all) expect(stackText(dissection)).toContain('eth:ethertype:ip:tcp');
    }
  });
});
