/** Golden captures of TLS with secrets: recorded connections (scripts/record-tls.ts) in TCP, their key logs in the file or not. */

import { readFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { seededRandom, utf8 } from '../build-bytes.ts';
import { everyMs, pcapng, SECRETS } from '../build-capture.ts';
import { type TcpPacket, type Turn, tcpConversation } from '../build-tcp.ts';
import { answer, ask, bytesOf, type GoldenCapture, type GoldenGroup, IP4, START } from './capture.ts';

const FOLDER = joinPath('test', 'support', 'tls-recordings');
const MS = 1_000_000;
const PORT = 443;
const DTLS_PORT = 4433;

export interface TlsRecording {
  /** A key log's text. */
  readonly keys: string;
  readonly turns: readonly { readonly from: 'client' | 'server'; readonly base64: string }[];
}

export function tlsRecording(name: string): TlsRecording {
  return JSON.parse(readFileSync(joinPath(FOLDER, `${name}.json`), 'utf8')) as TlsRecording;
}

export function turnsOf({ turns }: TlsRecording): Turn[] {
  return turns.map(({ from, base64 }) => ({
    from,
    data: Uint8Array.from(Buffer.from(base64, 'base64')),
    thinkNs: MS,
  }));
}

/** The frames of a recorded connection. */
export function tlsPackets(recording: TlsRecording, port = PORT): TcpPacket[] {
  return tcpConversation({
    client: { ip: IP4.host, port: 40_001, isn: 100 },
    server: { ip: IP4.server, port, isn: 900, ttl: 55 },
    rttNs: 10 * MS,
    random: seededRandom(port),
    turns: turnsOf(recording),
  });
}

/** A capture with secrets in front of its packets, or behind them. */
export function withSecrets(
  packets: readonly TcpPacket[],
  keys: string,
  place: 'first' | 'last' = 'first',
): Uint8Array {
  const writer = pcapng().section().interface({ linkType: 1, resolution: 9 });
  if (place === 'first') writer.secrets(SECRETS.tls, utf8(keys));
  for (const { at, bytes } of packets) writer.packet({ time: START + BigInt(at), bytes });
  if (place === 'last') writer.secrets(SECRETS.tls, utf8(keys));
  return writer.bytes();
}

function recorded(name: string, port = PORT): GoldenCapture {
  const recording = tlsRecording(name);
  return { extension: 'pcapng', bytes: withSecrets(tlsPackets(recording, port), recording.keys) };
}

/** The lines of a key log that have this label. */
function only(keys: string, ...labels: readonly string[]): string {
  return keys
    .split('\n')
    .filter((line) => labels.some((label) => line.startsWith(`${label} `)))
    .join('\n');
}

const gcm = tlsRecording('tls12-gcm-128');
const gcm13 = tlsRecording('tls13-gcm-128');
const NAMES = [
  'tls10-cbc-sha',
  'tls11-cbc-sha-mac-first',
  'tls12-ccm-8',
  'tls12-cbc-sha',
  'tls12-cbc-sha256-mac-first',
  'tls12-cbc-sha384',
  'tls12-chacha',
  'tls12-gcm-128',
  'tls12-gcm-256',
  'tls12-renegotiated',
  'tls12-resumed',
  'tls13-chacha',
  'tls13-gcm-128',
  'tls13-gcm-256',
  'tls13-h2',
  'tls13-hello-retry',
  'tls13-own-protocol',
  'tls13-resumed',
] as const;

/** A recorded exchange of datagrams, one every millisecond; `order`: which of them, and in which order. */
function datagrams(name: string, order?: (count: number) => readonly number[]): GoldenCapture {
  const { keys, turns } = tlsRecording(name);
  const frames = turns.map(({ from, base64 }) => {
    const data = Uint8Array.from(Buffer.from(base64, 'base64'));
    return bytesOf(from === 'client' ? ask(DTLS_PORT, data) : answer(DTLS_PORT, data));
  });
  const list = order === undefined ? frames : order(frames.length).map((i) => frames[i] ?? new Uint8Array(0));
  const writer = pcapng().section().interface({ linkType: 1, resolution: 9 }).secrets(SECRETS.tls, utf8(keys));
  for (const packet of everyMs(START, list)) writer.packet(packet);
  return { extension: 'pcapng', bytes: writer.bytes() };
}

/** Without the n-th segment of a side that carries data. */
function without(packets: readonly TcpPacket[], side: TcpPacket['from'], n: number): TcpPacket[] {
  const lost = packets.filter(({ from, kind }) => from === side && kind === 'data')[n];
  return packets.filter((packet) => packet !== lost);
}

/** A byte of the last record of a turn is another. */
function damaged(recording: TlsRecording, turn: number): TlsRecording {
  const turns = recording.turns.map(({ from, base64 }, i) => {
    const data = Buffer.from(base64, 'base64');
    if (i === turn) data.writeUInt8(data.readUInt8(data.length - 1) ^ 1, data.length - 1);
    return { from, base64: data.toString('base64') };
  });
  return { ...recording, turns };
}

const REQUEST = gcm.turns.findLastIndex(({ from }, i) => from === 'client' && i < gcm.turns.length - 3);

export const decryptedGroup: GoldenGroup = {
  name: 'tls-decrypted',
  captures: {
    ...Object.fromEntries(NAMES.map((name) => [name, recorded(name)])),
    'dtls10-cbc': datagrams('dtls10-cbc'),
    'dtls12-gcm': datagrams('dtls12-gcm'),
    'dtls-fragments-disordered': datagrams('dtls12-gcm', (count) => {
      const order = Array.from({ length: count }, (_, i) => i);
      order.splice(3, 4, 6, 4, 3, 4, 5);
      return order;
    }),
    'dtls-fragment-lost': datagrams('dtls12-gcm', (count) =>
      Array.from({ length: count }, (_, i) => i).filter((i) => i !== 4),
    ),
    'secrets-behind-packets': {
      extension: 'pcapng',
      bytes: withSecrets(tlsPackets(gcm), gcm.keys, 'last'),
    },
    'secrets-of-another': {
      extension: 'pcapng',
      bytes: withSecrets(tlsPackets(gcm), gcm13.keys),
    },
    'only-application-secrets': {
      extension: 'pcapng',
      bytes: withSecrets(tlsPackets(gcm13), only(gcm13.keys, 'CLIENT_TRAFFIC_SECRET_0', 'SERVER_TRAFFIC_SECRET_0')),
    },
    'starts-in-data': {
      extension: 'pcapng',
      bytes: withSecrets(tlsPackets(gcm).slice(8), gcm.keys),
    },
    'record-changed': {
      extension: 'pcapng',
      bytes: withSecrets(tlsPackets(damaged(gcm, REQUEST)), gcm.keys),
    },
    'record-lost': {
      extension: 'pcapng',
      bytes: withSecrets(without(tlsPackets(gcm13), 'client', 2), gcm13.keys),
    },
    'damaged-key-log': {
      extension: 'pcapng',
      bytes: withSecrets(
        tlsPackets(gcm),
        `# a comment\n\nCLIENT_RANDOM 00\nCLIENT_RANDOM ${'zz'.repeat(32)} 00\nUNKNOWN ${'00'.repeat(32)} 00\n${gcm.keys.replaceAll('\n', '\r\n')}`,
      ),
    },
    'two-connections': {
      extension: 'pcapng',
      bytes: withSecrets(
        [...tlsPackets(gcm), ...tlsPackets(gcm13, 8443)].sort((a, b) => a.at - b.at),
        `${gcm.keys}${gcm13.keys}`,
      ),
    },
  },
};
