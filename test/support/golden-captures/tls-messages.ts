/**
 * Every handshake message and extension of TLS that has a layout, over TCP and over UDP: what is sealed on the wire lies open
 * here, as it does after decryption.
 */

import {
  type BytesLike,
  hex,
  ipAddress,
  join,
  latin1,
  seededRandom,
  u8,
  u16,
  u24,
  u32,
  u64,
  zeros,
} from '../build-bytes.ts';
import { certificate, certificateExtension, der, derBitString, derInteger, derOid, derSequence } from '../build-der.ts';
import { type TcpPacket, type Turn, tcpConversation } from '../build-tcp.ts';
import { extension, sized8, sized16, TLS_CONTENT, TLS_VERSION, tlsHandshake, tlsRecord } from '../build-tls.ts';
import { answer, ask, conversations, ethernetFrames, type GoldenCapture, type GoldenGroup, IP4 } from './capture.ts';

const MS = 1_000_000;
const HANDSHAKE = {
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  encryptedExtensions: 8,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
  certificateUrl: 21,
  certificateStatus: 22,
  keyUpdate: 24,
  compressedCertificate: 25,
} as const;
const SUITE = {
  rsa: 0x002f,
  rsaExport: 0x0003,
  dheRsa: 0x009e,
  psk: 0x00a8,
  tls13: 0x1301,
} as const;

const random = seededRandom(77);
const bytes = (length: number): Uint8Array => random.bytes(length);
/** SHA-256 of "HelloRetryRequest" (RFC 8446 4.1.3). */
const RETRY_RANDOM = hex('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c');
const sized24 = (body: BytesLike): Uint8Array => join(u24(body.length), body);

/** A message of a side: its type and its contents, which differ between the transports in a few places. */
interface Message {
  readonly from: 'client' | 'server';
  readonly type: number;
  readonly body: (isDatagram: boolean) => Uint8Array;
}

const client = (type: number, body: Uint8Array | Message['body']): Message => ({
  from: 'client',
  type,
  body: toBody(body),
});
const server = (type: number, body: Uint8Array | Message['body']): Message => ({
  from: 'server',
  type,
  body: toBody(body),
});

function toBody(body: Uint8Array | Message['body']): Message['body'] {
  return typeof body === 'function' ? body : () => body;
}

/** Hellos: the version as TLS has it, DTLS counts downwards from 0xfeff. */
function helloVersion(isDatagram: boolean, version: number): Uint8Array {
  return u16(isDatagram ? 0xfefd : version);
}

function hello(suites: readonly number[], extensions: readonly Uint8Array[], sessionId: BytesLike = []): Message {
  const randomBytes = bytes(32);
  return client(HANDSHAKE.clientHello, (isDatagram) =>
    join(
      helloVersion(isDatagram, TLS_VERSION.tls12),
      randomBytes,
      sized8(sessionId),
      isDatagram ? sized8(hex('c00c1e')) : [],
      sized16(...suites.map(u16)),
      [1, 0],
      sized16(...extensions),
    ),
  );
}

function helloBack(
  suite: number,
  extensions: readonly Uint8Array[],
  fields: { id?: BytesLike; random?: Uint8Array; version?: number } = {},
): Message {
  const randomBytes = fields.random ?? bytes(32);
  return server(HANDSHAKE.serverHello, (isDatagram) =>
    join(
      helloVersion(isDatagram, fields.version ?? TLS_VERSION.tls12),
      randomBytes,
      sized8(fields.id ?? []),
      u16(suite),
      [0],
      extensions.length === 0 ? [] : sized16(...extensions),
    ),
  );
}

// Values that several messages share

const name = (tag: number, text: BytesLike): Uint8Array =>
  derSequence(der(0x31, derSequence(derOid('2.5.4.10'), der(tag, text))));
const SCT = sized16(
  join([0], zeros(32), u64(1_768_467_600_000n), sized16(hex('0102')), u16(0x0403), sized16(bytes(70))),
);
const ocspResponse = (status: Uint8Array): Uint8Array => {
  const algorithm = derSequence(derOid('1.3.14.3.2.26'), der(0x05));
  const id = derSequence(algorithm, der(0x04, bytes(20)), der(0x04, bytes(20)), derInteger([0x51, 2, 3]));
  const time = (text: string): Uint8Array => der(0x18, latin1(text));
  const single = derSequence(id, status, time('20260115080000Z'), der(0xa0, time('20260122080000Z')));
  const data = derSequence(der(0xa2, der(0x04, bytes(20))), time('20260115083000Z'), derSequence(single));
  const signed = derSequence(data, derSequence(derOid('1.2.840.113549.1.1.11'), der(0x05)), derBitString(bytes(64)));
  return derSequence(der(0x0a, [0]), der(0xa0, derSequence(derOid('1.3.6.1.5.5.7.48.1.1'), der(0x04, signed))));
};
const GOOD = ocspResponse(der(0x80));
const REVOKED = ocspResponse(der(0xa1, der(0x18, latin1('20260101000000Z'))));

const leaf = certificate(
  {
    subject: { commonName: 'www.example.com', organization: 'Example', country: 'JP' },
    issuer: { commonName: 'Example Test CA' },
    dnsNames: ['www.example.com'],
    keyBytes: 64,
    extensions: join(
      certificateExtension('2.5.29.14', false, der(0x04, bytes(20))),
      certificateExtension('2.5.29.35', false, derSequence(der(0x80, bytes(20)))),
      certificateExtension('2.5.29.37', false, derSequence(derOid('1.3.6.1.5.5.7.3.1'), derOid('1.3.6.1.5.5.7.3.2'))),
      certificateExtension('2.5.29.32', false, derSequence(derSequence(derOid('2.23.140.1.2.1')))),
      certificateExtension(
        '2.5.29.18',
        false,
        derSequence(der(0x81, latin1('pki@example.com')), der(0x86, latin1('http://pki.example.com/'))),
      ),
    ),
  },
  seededRandom(78),
);
const authority = certificate(
  {
    subject: { commonName: 'Example Test CA' },
    issuer: { commonName: 'Example Test Root' },
    keyBytes: 64,
    isAuthority: true,
    pathLength: 2,
  },
  seededRandom(79),
);

/** Numbers of variable length (RFC 9000 16), in one or two bytes. */
const variable = (value: number): Uint8Array => (value < 64 ? u8(value) : u16(0x4000 | value));
const parameter = (type: number, value: BytesLike): Uint8Array => join(variable(type), variable(value.length), value);
export const QUIC_TRANSPORT_PARAMETERS = join(
  ...[1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 0x20, 0x1057, 0x3127].map((type, i) => parameter(type, variable(100 + i))),
  ...[0, 2, 15, 16].map((type) => parameter(type, bytes(type === 2 ? 16 : 8))),
  parameter(0x3128, latin1('BBR5')),
  parameter(0x0c, []),
  parameter(0x2ab2, []),
  parameter(
    0x0d,
    join(ipAddress('192.0.2.44'), u16(4433), ipAddress('2001:db8::44'), u16(4434), sized8(bytes(8)), bytes(16)),
  ),
  parameter(0x11, join(u32(1), u32(0x6b3343cf), u32(1))),
);

const PROTOCOLS = sized16(sized8(latin1('h2')), sized8(latin1('http/1.1')));
const helloExtensions: readonly Uint8Array[] = [
  extension(0, sized16([0], sized16(latin1('www.example.com')))),
  extension(1, [2]),
  extension(5, [1, 0, 0, 0, 0]),
  extension(9, sized8([0, 1])),
  extension(10, sized16(u16(29), u16(23))),
  extension(11, sized8([0, 1, 2])),
  extension(12, sized8(latin1('user'))),
  extension(13, sized16(u16(0x0403), u16(0x0804))),
  extension(14, join(sized16(u16(1), u16(7)), sized8([1, 2]))),
  extension(15, [1]),
  extension(16, PROTOCOLS),
  extension(17, sized16([2], sized16(sized16(), sized16()))),
  extension(19, sized8([0, 2])),
  extension(20, sized8([0, 2])),
  extension(21, zeros(12)),
  extension(22, []),
  extension(23, []),
  extension(27, sized8(u16(1), u16(2))),
  extension(28, u16(16_385)),
  extension(34, sized16(u16(0x0403))),
  extension(35, bytes(16)),
  extension(42, []),
  extension(43, sized8(u16(0x0304), u16(0x0303))),
  extension(44, sized16(hex('c00c1e00'))),
  extension(45, sized8([1])),
  extension(50, sized16(u16(0x0804))),
  extension(51, sized16(u16(29), sized16(bytes(32)))),
  extension(54, sized8(hex('0a0b0c'))),
  extension(17_513, PROTOCOLS),
  extension(65_281, sized8(bytes(12))),
  extension(65_486, join(u16(SUITE.tls13), u16(29), sized16(bytes(32)), sized16(bytes(32)), sized16(bytes(24)))),
  extension(57, QUIC_TRANSPORT_PARAMETERS),
  extension(
    41,
    join(
      sized16(sized16(latin1('ticket-1')), u32(5000), sized16(latin1('ticket-2')), u32(6000)),
      sized16(sized8(bytes(32)), sized8(bytes(32))),
    ),
  ),
];

const version13 = (isDatagram: boolean): Uint8Array => extension(43, u16(isDatagram ? 0xfefc : TLS_VERSION.tls13));

/** TLS 1.3, every message in clear. */
const version13Messages: readonly Message[] = [
  hello([SUITE.tls13, SUITE.rsa], helloExtensions),
  server(HANDSHAKE.serverHello, (isDatagram) =>
    join(
      helloVersion(isDatagram, TLS_VERSION.tls12),
      RETRY_RANDOM,
      sized8(),
      u16(SUITE.tls13),
      [0],
      sized16(version13(isDatagram), extension(51, u16(23)), extension(44, sized16(hex('c00c1e00')))),
    ),
  ),
  server(HANDSHAKE.serverHello, (isDatagram) =>
    join(
      helloVersion(isDatagram, TLS_VERSION.tls12),
      new Uint8Array(32).fill(0x5e),
      sized8(),
      u16(SUITE.tls13),
      [0],
      sized16(version13(isDatagram), extension(51, join(u16(23), sized16(zeros(65)))), extension(41, u16(1))),
    ),
  ),
  server(
    HANDSHAKE.encryptedExtensions,
    sized16(
      extension(16, sized16(sized8(latin1('h2')))),
      extension(19, [2]),
      extension(17_513, latin1('settings')),
      extension(65_486, bytes(16)),
    ),
  ),
  server(
    HANDSHAKE.certificateRequest,
    join(
      sized8(hex('c0ffee')),
      sized16(
        extension(13, sized16(u16(0x0403))),
        extension(47, sized16(sized16(name(0x14, latin1('Example T61'))), sized16(name(0x1e, hex('00450078'))))),
        extension(48, sized16(sized8(derOid('2.5.29.37')), sized16(derSequence(derOid('1.3.6.1.5.5.7.3.2'))))),
      ),
    ),
  ),
  server(
    HANDSHAKE.certificate,
    join(
      sized8(hex('c0ffee')),
      sized24(
        join(
          sized24(leaf),
          sized16(
            extension(5, join([1], sized24(GOOD))),
            extension(18, sized16(SCT)),
            extension(
              34,
              join(
                u32(86_400),
                u16(0x0403),
                sized24(derSequence(derSequence(derOid('1.3.101.112')), derBitString(bytes(32)))),
                u16(0x0804),
                sized16(bytes(64)),
              ),
            ),
          ),
          sized24(authority),
          sized16(),
        ),
      ),
    ),
  ),
  server(HANDSHAKE.compressedCertificate, join(u16(2), u24(900), sized24(bytes(40)))),
  server(HANDSHAKE.certificateVerify, join(u16(0x0804), sized16(bytes(64)))),
  server(HANDSHAKE.finished, bytes(32)),
  server(
    HANDSHAKE.newSessionTicket,
    join(u32(7200), u32(0x1234_5678), sized8(hex('0001')), sized16(bytes(32)), sized16(extension(42, u32(16_384)))),
  ),
  client(HANDSHAKE.keyUpdate, u8(1)),
];

const plain = (suite: number): Message => hello([suite], [extension(23, [])]);

/** Exchanges of keys in TLS 1.2 that ECDHE replaced, and the messages around client certificates. */
const oldKeyExchanges: Readonly<Record<string, readonly Message[]>> = {
  dhe: [
    plain(SUITE.dheRsa),
    helloBack(SUITE.dheRsa, []),
    server(HANDSHAKE.certificate, sized24(sized24(leaf))),
    server(HANDSHAKE.certificateStatus, join([2], sized24(join(sized24(GOOD), sized24(REVOKED))))),
    server(
      HANDSHAKE.serverKeyExchange,
      join(sized16(bytes(64)), sized16([2]), sized16(bytes(64)), u16(0x0401), sized16(bytes(64))),
    ),
    server(
      HANDSHAKE.certificateRequest,
      join(sized8([1, 64]), sized16(u16(0x0401)), sized16(sized16(name(0x13, latin1('Example'))))),
    ),
    server(HANDSHAKE.serverHelloDone, new Uint8Array(0)),
    client(
      HANDSHAKE.certificateUrl,
      join([0], sized16(sized16(latin1('http://pki.example.com/a.cer')), [1], bytes(20))),
    ),
    client(HANDSHAKE.clientKeyExchange, sized16(bytes(64))),
    client(HANDSHAKE.certificateVerify, join(u16(0x0401), sized16(bytes(64)))),
  ],
  'rsa-export': [
    plain(SUITE.rsaExport),
    helloBack(SUITE.rsaExport, [], { version: TLS_VERSION.tls12 }),
    server(HANDSHAKE.serverKeyExchange, join(sized16(bytes(64)), sized16([1, 0, 1]), u16(0x0401), sized16(bytes(64)))),
    client(HANDSHAKE.clientKeyExchange, sized16(bytes(64))),
  ],
  psk: [
    plain(SUITE.psk),
    helloBack(SUITE.psk, [extension(13_172, join(sized8(latin1('h2')), sized8(latin1('http/1.1'))))]),
    server(HANDSHAKE.serverKeyExchange, sized16(latin1('hint'))),
    server(HANDSHAKE.serverHelloDone, new Uint8Array(0)),
    client(HANDSHAKE.clientKeyExchange, sized16(latin1('identity'))),
  ],
  resumed: [
    hello([SUITE.rsa], [extension(23, [])], new Uint8Array(32).fill(0x1d)),
    helloBack(SUITE.rsa, [], { id: new Uint8Array(32).fill(0x1d) }),
  ],
};

/** A request, its answer, and a request that claims more bytes than it has (RFC 6520 4). */
const HEARTBEATS: readonly Uint8Array[] = [
  join([1], sized16(latin1('ping')), bytes(16)),
  join([2], sized16(latin1('ping')), bytes(16)),
  join([1], u16(16_384), latin1('ping')),
];

const turns = (list: readonly Message[]): Turn[] =>
  list.map(({ from, type, body }) => ({
    from,
    data: tlsRecord(TLS_CONTENT.handshake, tlsHandshake(type, body(false))),
    thinkNs: MS,
  }));

/** A record of SSL 2.0: two bytes of length, no padding. */
const ssl2 = (message: Uint8Array): Uint8Array => join(u16(0x8000 | message.length), message);

function over(list: readonly Turn[]): TcpPacket[] {
  return tcpConversation({
    client: { ip: IP4.host, port: 40_001, isn: 100 },
    server: { ip: IP4.server, port: 443, isn: 900, ttl: 55 },
    rttNs: 10 * MS,
    random: seededRandom(443),
    turns: list,
  });
}

function datagramRecord(content: number, sequence: number, body: Uint8Array): Uint8Array {
  return join([content], u16(0xfefd), u16(0), u16(0), u32(sequence), sized16(body));
}

/** One message in each datagram, whole. */
function datagrams(list: readonly Message[], others: readonly Uint8Array[] = []): GoldenCapture {
  const frames = list.map(({ from, type, body }, i) => {
    const content = body(true);
    const head = join([type], u24(content.length), u16(i), u24(0), u24(content.length));
    const record = datagramRecord(TLS_CONTENT.handshake, i, join(head, content));
    return from === 'client' ? ask(4433, record) : answer(4433, record);
  });
  return ethernetFrames(...frames, ...others.map((record) => ask(4433, record)));
}

const oldNames = Object.entries(oldKeyExchanges);

export const tlsMessageGroup: GoldenGroup = {
  name: 'tls-messages',
  captures: {
    'version-1-3': conversations(over(turns(version13Messages))),
    ...Object.fromEntries(oldNames.map(([key, list]) => [key, conversations(over(turns(list)))])),
    heartbeat: conversations(
      over([
        ...turns([plain(SUITE.rsa)]),
        ...HEARTBEATS.map(
          (data, i): Turn => ({
            from: i % 2 === 0 ? 'client' : 'server',
            data: tlsRecord(TLS_CONTENT.heartbeat, data),
            thinkNs: MS,
          }),
        ),
      ]),
    ),
    'ssl-2': conversations(
      over([
        // Client Hello with two ciphers, then Server Hello that takes a session up again (SSL 2.0 draft 2.5.1, 2.6.1).
        { from: 'client', data: ssl2(join([1], u16(2), u16(6), u16(16), u16(16), hex('010080030080'), bytes(32))) },
        { from: 'server', data: ssl2(join([4, 1, 0], u16(2), u16(0), u16(0), u16(16), bytes(16))), thinkNs: MS },
      ]),
    ),
    'dtls-version-1-3': datagrams(version13Messages),
    ...Object.fromEntries(oldNames.map(([key, list]) => [`dtls-${key}`, datagrams(list)])),
    'dtls-heartbeat': datagrams(
      [plain(SUITE.rsa), helloBack(SUITE.rsa, [extension(15, [1])])],
      HEARTBEATS.map((data, i) => datagramRecord(TLS_CONTENT.heartbeat, 10 + i, data)),
    ),
  },
};
