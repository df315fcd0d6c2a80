/** Builder of TLS records and handshakes: TLS 1.2 (RFC 5246) and 1.3 (RFC 8446). What would be encrypted is random bytes. */

import { type BytesLike, join, latin1, type Random, u8, u16, u24, u32, zeros } from './build-bytes.ts';
import { type CertificateFields, certificate } from './build-der.ts';
import type { Turn } from './build-tcp.ts';

export const TLS_VERSION = { ssl30: 0x0300, tls10: 0x0301, tls11: 0x0302, tls12: 0x0303, tls13: 0x0304 } as const;
export const TLS_CONTENT = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
  heartbeat: 24,
} as const;
export const TLS_HANDSHAKE = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
  certificateStatus: 22,
} as const;

export const CIPHER_SUITES = {
  TLS_AES_128_GCM_SHA256: 0x1301,
  TLS_AES_256_GCM_SHA384: 0x1302,
  TLS_CHACHA20_POLY1305_SHA256: 0x1303,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 0xc02b,
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 0xc02c,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 0xc02f,
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 0xc030,
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 0xcca8,
  TLS_RSA_WITH_AES_128_CBC_SHA: 0x002f,
  TLS_RSA_WITH_AES_256_CBC_SHA: 0x0035,
} as const;

const EXTENSION = {
  serverName: 0,
  statusRequest: 5,
  groups: 10,
  pointFormats: 11,
  signatureAlgorithms: 13,
  alpn: 16,
  signedTimestamps: 18,
  padding: 21,
  extendedMasterSecret: 23,
  sessionTicket: 35,
  supportedVersions: 43,
  pskModes: 45,
  keyShare: 51,
  renegotiationInfo: 0xff01,
} as const;

const GROUP = { x25519: 29, secp256r1: 23, secp384r1: 24 } as const;

/** One record; longer content is split into several, as senders do. */
export function tlsRecord(
  content: number,
  body: Uint8Array,
  version: number = TLS_VERSION.tls12,
  maximum = 16_384,
): Uint8Array {
  const records: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < body.length; at += maximum) {
    const piece = body.slice(at, at + maximum);
    records.push(join(u8(content), u16(version), u16(piece.length), piece));
  }
  return join(...records);
}

export function tlsHandshake(type: number, body: BytesLike, length = body.length): Uint8Array {
  return join(u8(type), u24(length), body);
}

export function extension(type: number, body: BytesLike): Uint8Array {
  return join(u16(type), u16(body.length), body);
}

export function sized8(...parts: readonly BytesLike[]): Uint8Array {
  const body = join(...parts);
  return join(u8(body.length), body);
}

export function sized16(...parts: readonly BytesLike[]): Uint8Array {
  const body = join(...parts);
  return join(u16(body.length), body);
}

function alpn(protocols: readonly string[]): Uint8Array {
  return extension(EXTENSION.alpn, sized16(...protocols.map((name) => sized8(latin1(name)))));
}

/** Reserved values (RFC 8701) that clients sprinkle in: 0x0a0a, 0x1a1a ... */
function greaseValue(random: Random): number {
  const nibble = (random.int(16) << 4) | 0x0a;
  return (nibble << 8) | nibble;
}

export interface ClientHelloFields {
  readonly serverName?: string;
  readonly alpn?: readonly string[];
  /** Versions offered, best first. Without 1.3 the hello has no supported_versions extension. */
  readonly versions?: readonly number[];
  readonly cipherSuites?: readonly number[];
  readonly sessionId?: Uint8Array;
  readonly grease?: boolean;
  /** Length of a session ticket to resume with; 0 asks for one. */
  readonly ticket?: number;
  /** Further extensions, encoded. */
  readonly extensions?: BytesLike;
}

/** A hello as present-day clients send it. */
export function clientHello(fields: ClientHelloFields, random: Random): Uint8Array {
  const versions = fields.versions ?? [TLS_VERSION.tls13, TLS_VERSION.tls12];
  const has13 = versions.includes(TLS_VERSION.tls13);
  const grease = fields.grease === true ? greaseValue(random) : undefined;
  const first = grease === undefined ? [] : u16(grease);
  const suites = fields.cipherSuites ?? [
    ...(has13
      ? [
          CIPHER_SUITES.TLS_AES_128_GCM_SHA256,
          CIPHER_SUITES.TLS_AES_256_GCM_SHA384,
          CIPHER_SUITES.TLS_CHACHA20_POLY1305_SHA256,
        ]
      : []),
    CIPHER_SUITES.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CIPHER_SUITES.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    CIPHER_SUITES.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    CIPHER_SUITES.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    CIPHER_SUITES.TLS_RSA_WITH_AES_128_CBC_SHA,
    CIPHER_SUITES.TLS_RSA_WITH_AES_256_CBC_SHA,
  ];
  const signatures = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601];
  const extensions = [
    grease === undefined ? [] : extension(grease, []),
    fields.serverName === undefined
      ? []
      : extension(EXTENSION.serverName, sized16([0], sized16(latin1(fields.serverName)))),
    extension(EXTENSION.extendedMasterSecret, []),
    extension(EXTENSION.renegotiationInfo, [0]),
    extension(EXTENSION.groups, sized16(first, u16(GROUP.x25519), u16(GROUP.secp256r1), u16(GROUP.secp384r1))),
    extension(EXTENSION.pointFormats, [1, 0]),
    extension(EXTENSION.sessionTicket, random.bytes(fields.ticket ?? 0)),
    fields.alpn === undefined ? [] : alpn(fields.alpn),
    extension(EXTENSION.statusRequest, [1, 0, 0, 0, 0]),
    extension(EXTENSION.signatureAlgorithms, sized16(...signatures.map(u16))),
    extension(EXTENSION.signedTimestamps, []),
    has13
      ? extension(
          EXTENSION.keyShare,
          sized16(first, first.length === 0 ? [] : [0, 1, 0], u16(GROUP.x25519), sized16(random.bytes(32))),
        )
      : [],
    has13 ? extension(EXTENSION.pskModes, [1, 1]) : [],
    has13 ? extension(EXTENSION.supportedVersions, sized8(first, ...versions.map(u16))) : [],
    fields.extensions ?? [],
  ];
  const highest = Math.max(...versions.map((version) => Math.min(version, TLS_VERSION.tls12)));
  const body = join(
    u16(highest),
    random.bytes(32),
    sized8(fields.sessionId ?? (has13 ? random.bytes(32) : [])),
    sized16(first, ...suites.map(u16)),
    [1, 0],
    sized16(...extensions),
  );
  return tlsHandshake(TLS_HANDSHAKE.clientHello, body);
}

export interface ServerHelloFields {
  readonly version?: number;
  readonly cipherSuite?: number;
  readonly sessionId?: Uint8Array;
  readonly alpn?: string;
  /** Further extensions before TLS 1.3, encoded. */
  readonly extensions?: BytesLike;
}

export function serverHello(fields: ServerHelloFields, random: Random): Uint8Array {
  const version = fields.version ?? TLS_VERSION.tls13;
  const has13 = version === TLS_VERSION.tls13;
  const suite =
    fields.cipherSuite ??
    (has13 ? CIPHER_SUITES.TLS_AES_128_GCM_SHA256 : CIPHER_SUITES.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
  const extensions = has13
    ? [
        extension(EXTENSION.keyShare, join(u16(GROUP.x25519), sized16(random.bytes(32)))),
        extension(EXTENSION.supportedVersions, u16(TLS_VERSION.tls13)),
      ]
    : [
        extension(EXTENSION.renegotiationInfo, [0]),
        extension(EXTENSION.extendedMasterSecret, []),
        extension(EXTENSION.sessionTicket, []),
        extension(EXTENSION.pointFormats, [1, 0]),
        fields.alpn === undefined ? [] : alpn([fields.alpn]),
        fields.extensions ?? [],
      ];
  const body = join(
    u16(Math.min(version, TLS_VERSION.tls12)),
    random.bytes(32),
    sized8(fields.sessionId ?? []),
    u16(suite),
    [0],
    sized16(...extensions),
  );
  return tlsHandshake(TLS_HANDSHAKE.serverHello, body);
}

export function certificateMessage(certificates: readonly Uint8Array[]): Uint8Array {
  const list = join(...certificates.flatMap((bytes) => [u24(bytes.length), bytes]));
  return tlsHandshake(TLS_HANDSHAKE.certificate, join(u24(list.length), list));
}

/** ECDHE on x25519 with an RSA-PSS signature of random bytes. */
export function serverKeyExchange(random: Random): Uint8Array {
  const body = join([3], u16(GROUP.x25519), sized8(random.bytes(32)), u16(0x0804), sized16(random.bytes(256)));
  return tlsHandshake(TLS_HANDSHAKE.serverKeyExchange, body);
}

export function clientKeyExchange(random: Random): Uint8Array {
  return tlsHandshake(TLS_HANDSHAKE.clientKeyExchange, sized8(random.bytes(32)));
}

export function newSessionTicket(random: Random, length = 176): Uint8Array {
  return tlsHandshake(TLS_HANDSHAKE.newSessionTicket, join(u32(7200), sized16(random.bytes(length))));
}

export function changeCipherSpec(): Uint8Array {
  return tlsRecord(TLS_CONTENT.changeCipherSpec, u8(1));
}

export function tlsAlert(level: number, description: number): Uint8Array {
  return tlsRecord(TLS_CONTENT.alert, Uint8Array.of(level, description));
}

/** Encrypted application data: plain text of this length takes 8 + 16 bytes more with AES-GCM in TLS 1.2, 1 + 16 in 1.3. */
export function tlsData(random: Random, length: number, version: number = TLS_VERSION.tls13): Uint8Array {
  const overhead = version === TLS_VERSION.tls13 ? 17 : 24;
  const parts: Uint8Array[] = [];
  for (let left = length; left > 0; left -= 16_384) {
    parts.push(
      tlsRecord(
        TLS_CONTENT.applicationData,
        random.bytes(Math.min(left, 16_384) + overhead),
        TLS_VERSION.tls12,
        17_000,
      ),
    );
  }
  return join(...parts);
}

export interface TlsSessionFields {
  readonly serverName: string;
  readonly version?: number;
  readonly alpn?: readonly string[];
  readonly grease?: boolean;
  readonly certificate?: Partial<CertificateFields>;
}

/** The flights of a whole handshake, certificates included. */
export function tlsHandshakeTurns(fields: TlsSessionFields, random: Random): Turn[] {
  const version = fields.version ?? TLS_VERSION.tls13;
  const sessionId = random.bytes(32);
  const protocols = fields.alpn ?? ['h2', 'http/1.1'];
  const hello = clientHello(
    {
      serverName: fields.serverName,
      alpn: protocols,
      versions: version === TLS_VERSION.tls13 ? [TLS_VERSION.tls13, TLS_VERSION.tls12] : [version],
      sessionId: version === TLS_VERSION.tls13 ? sessionId : zeros(0),
      grease: fields.grease ?? false,
    },
    random,
  );
  const first: Turn = { from: 'client', data: tlsRecord(TLS_CONTENT.handshake, hello, TLS_VERSION.tls10) };
  if (version === TLS_VERSION.tls13) {
    // Encrypted extensions, certificate, verify and finished travel as application data.
    const flight = join(
      tlsRecord(TLS_CONTENT.handshake, serverHello({ version, sessionId }, random)),
      changeCipherSpec(),
      tlsRecord(TLS_CONTENT.applicationData, random.bytes(32)),
      tlsRecord(TLS_CONTENT.applicationData, random.bytes(2100 + random.int(700))),
      tlsRecord(TLS_CONTENT.applicationData, random.bytes(281)),
      tlsRecord(TLS_CONTENT.applicationData, random.bytes(53)),
    );
    return [
      first,
      { from: 'server', data: flight, thinkNs: 900_000 },
      {
        from: 'client',
        data: join(changeCipherSpec(), tlsRecord(TLS_CONTENT.applicationData, random.bytes(53))),
        thinkNs: 600_000,
      },
    ];
  }
  const issuer = { commonName: 'Example Test CA', organization: 'Example Trust', country: 'ZZ' };
  const leaf = certificate(
    { subject: { commonName: fields.serverName }, issuer, dnsNames: [fields.serverName], ...fields.certificate },
    random,
  );
  const authority = certificate(
    { subject: issuer, issuer: { commonName: 'Example Test Root', country: 'ZZ' }, isAuthority: true },
    random,
  );
  const record = (message: Uint8Array): Uint8Array => tlsRecord(TLS_CONTENT.handshake, message, version);
  // The first byte is not a handshake type, so that nobody can mistake the ciphertext for a message.
  const finished = (): Uint8Array => record(join([0xe5], random.bytes(39)));
  const flight = join(
    record(
      serverHello(
        { version, sessionId: random.bytes(32), ...(protocols[0] === undefined ? {} : { alpn: protocols[0] }) },
        random,
      ),
    ),
    record(certificateMessage([leaf, authority])),
    record(serverKeyExchange(random)),
    record(tlsHandshake(TLS_HANDSHAKE.serverHelloDone, [])),
  );
  return [
    first,
    { from: 'server', data: flight, thinkNs: 1_400_000 },
    {
      from: 'client',
      data: join(record(clientKeyExchange(random)), changeCipherSpec(), finished()),
      thinkNs: 1_100_000,
    },
    { from: 'server', data: join(record(newSessionTicket(random)), changeCipherSpec(), finished()), thinkNs: 700_000 },
  ];
}
