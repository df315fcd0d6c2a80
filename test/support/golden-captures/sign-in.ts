/** Signing in and agreeing on keys: NTLM in SPNEGO, Kerberos, LDAP binds, the key exchanges of SSH, payloads of ISAKMP. */

import {
  type BytesLike,
  hex,
  join,
  latin1,
  seededRandom,
  u8,
  u16,
  u16le,
  u32,
  u32le,
  u64le,
  zeros,
} from '../build-bytes.ts';
import { der, derInteger, derOid, derSequence } from '../build-der.ts';
import { SSH_MESSAGE, sshBanner, sshKexInit, sshPacket } from '../build-ssh.ts';
import { type TcpPacket, type Turn, tcpConversation } from '../build-tcp.ts';
import { answer, ask, conversations, ethernetFrames, type GoldenCapture, type GoldenGroup, IP4 } from './capture.ts';

const MS = 1_000_000;
const random = seededRandom(91);

export function over(port: number, turns: readonly Turn[]): TcpPacket[] {
  return tcpConversation({
    client: { ip: IP4.host, port: 40_001, isn: 100 },
    server: { ip: IP4.server, port, isn: 900, ttl: 55 },
    rttNs: 10 * MS,
    random: seededRandom(port),
    turns,
  });
}

const client = (data: Uint8Array): Turn => ({ from: 'client', data, thinkNs: MS });
const server = (data: Uint8Array): Turn => ({ from: 'server', data, thinkNs: 2 * MS });

const tagged = (number: number, ...content: readonly BytesLike[]): Uint8Array => der(0xa0 | number, ...content);
const integer = (value: number): Uint8Array => derInteger(value < 0x80 ? [value] : u16(value));
const octets = (value: BytesLike): Uint8Array => der(0x04, value);
const general = (text: string): Uint8Array => der(0x1b, latin1(text));

// NTLM ([MS-NLMP] 2.2.1)

const utf16 = (text: string): Uint8Array => Uint8Array.from([...latin1(text)].flatMap((byte) => [byte, 0]));
const FLAGS = 0x6289_8235;
const VERSION = hex('0a00614a0000000f');
/** 2026-01-15 09:00:00 UTC in tenths of a microsecond since 1601. */
const FILE_TIME = u64le(134_129_412_000_000_000n);
const item = (type: number, value: BytesLike): Uint8Array => join(u16le(type), u16le(value.length), value);
const TARGET = [
  item(2, utf16('EXAMPLE')),
  item(1, utf16('SERVER')),
  item(4, utf16('example.com')),
  item(3, utf16('server.example.com')),
  item(5, utf16('example.com')),
  item(7, FILE_TIME),
  item(6, u32le(2)),
];
const END = item(0, []);

/** A message whose variable parts come behind its `head` bytes in the order of their descriptors. */
function ntlm(type: number, head: number, build: (place: (value: BytesLike) => Uint8Array) => Uint8Array): Uint8Array {
  const behind: BytesLike[] = [];
  let offset = head;
  const fixed = build((value) => {
    behind.push(value);
    offset += value.length;
    return join(u16le(value.length), u16le(value.length), u32le(offset - value.length));
  });
  return join(latin1('NTLMSSP\0'), u32le(type), fixed, ...behind);
}

export const negotiateMessage = ntlm(1, 40, (place) =>
  join(u32le(FLAGS), place(latin1('EXAMPLE')), place(latin1('HOST')), VERSION),
);
export const challengeMessage = ntlm(2, 56, (place) => {
  const name = place(utf16('EXAMPLE'));
  const info = place(join(...TARGET, item(9, utf16('cifs/server')), END));
  return join(name, u32le(FLAGS), hex('0123456789abcdef'), zeros(8), info, VERSION);
});
const response = join(
  random.bytes(16),
  hex('0101000000000000'),
  FILE_TIME,
  random.bytes(8),
  zeros(4),
  ...TARGET,
  item(8, join(u32le(48), zeros(4), random.bytes(40))),
  item(10, random.bytes(16)),
  item(9, utf16('cifs/server')),
  END,
  zeros(4),
);
export const authenticateMessage = ntlm(3, 88, (place) => {
  const [domain, user, host] = [place(utf16('EXAMPLE')), place(utf16('user')), place(utf16('HOST'))];
  const [lm, nt, key] = [place(random.bytes(24)), place(response), place(random.bytes(16))];
  return join(lm, nt, domain, user, host, key, u32le(FLAGS), VERSION, random.bytes(16));
});

// SPNEGO (RFC 4178 4.2, [MS-SPNG] 2.2.1) in LDAP binds (RFC 4511 4.2)

const OID = {
  spnego: '1.3.6.1.5.5.2',
  ntlm: '1.3.6.1.4.1.311.2.2.10',
  kerberos: '1.2.840.113554.1.2.2',
} as const;
const mechanisms = (...list: readonly string[]): Uint8Array => tagged(0, derSequence(...list.map(derOid)));
const initial = (...parts: readonly BytesLike[]): Uint8Array =>
  der(0x60, derOid(OID.spnego), tagged(0, derSequence(...parts)));
const target = (...parts: readonly BytesLike[]): Uint8Array => tagged(1, derSequence(...parts));
const result = (value: number): Uint8Array => tagged(0, der(0x0a, [value]));

const ldap = (id: number, operation: Uint8Array): Uint8Array => derSequence(derInteger([id]), operation);
const bind = (id: number, credentials: Uint8Array): Turn =>
  client(
    ldap(id, der(0x60, derInteger([3]), octets([]), der(0xa3, octets(latin1('GSS-SPNEGO')), octets(credentials)))),
  );
const bound = (id: number, code: number, credentials: Uint8Array): Turn =>
  server(ldap(id, der(0x61, der(0x0a, [code]), octets([]), octets([]), der(0x87, credentials))));

// Kerberos (RFC 4120 5)

const principal = (type: number, ...names: readonly string[]): Uint8Array =>
  derSequence(tagged(0, derInteger([type])), tagged(1, derSequence(...names.map(general))));
const time = (text: string): Uint8Array => der(0x18, latin1(text));
const sealed = (length: number): Uint8Array =>
  derSequence(tagged(0, integer(18)), tagged(1, integer(2)), tagged(2, octets(random.bytes(length))));
const ticket = (): Uint8Array =>
  der(
    0x61,
    derSequence(
      tagged(0, integer(5)),
      tagged(1, general('EXAMPLE.COM')),
      tagged(2, principal(2, 'krbtgt', 'EXAMPLE.COM')),
      tagged(3, sealed(60)),
    ),
  );
const applicationRequest = (): Uint8Array =>
  der(
    0x6e,
    derSequence(
      tagged(0, integer(5)),
      tagged(1, integer(14)),
      tagged(2, der(0x03, [0], hex('20000000'))),
      tagged(3, ticket()),
      tagged(4, sealed(40)),
    ),
  );
const kdcRequest = (application: number, type: number, data: Uint8Array): Uint8Array =>
  der(
    application,
    derSequence(
      tagged(1, integer(5)),
      tagged(2, integer(type)),
      tagged(3, derSequence(data)),
      tagged(
        4,
        derSequence(
          tagged(0, der(0x03, [0], hex('50810010'))),
          tagged(1, principal(1, 'user')),
          tagged(2, general('EXAMPLE.COM')),
          tagged(3, principal(2, 'krbtgt', 'EXAMPLE.COM')),
          tagged(4, time('20260115090000Z')),
          tagged(5, time('20260116090000Z')),
          tagged(6, time('20260122090000Z')),
          tagged(7, derInteger(u32(0x1234_5678))),
          tagged(8, derSequence(integer(18), integer(17))),
        ),
      ),
    ),
  );
const preAuthentication = (type: number, value: BytesLike): Uint8Array =>
  derSequence(tagged(1, integer(type)), tagged(2, octets(value)));
const kdcReply = (application: number, type: number): Uint8Array =>
  der(
    application,
    derSequence(
      tagged(0, integer(5)),
      tagged(1, integer(type)),
      tagged(3, general('EXAMPLE.COM')),
      tagged(4, principal(1, 'user')),
      tagged(5, ticket()),
      tagged(6, sealed(80)),
    ),
  );
const kdcError = der(
  0x7e,
  derSequence(
    tagged(0, integer(5)),
    tagged(1, integer(30)),
    tagged(2, time('20260115085959Z')),
    tagged(3, integer(4660)),
    tagged(4, time('20260115090000Z')),
    tagged(5, integer(1000)),
    tagged(6, integer(60)),
    tagged(7, general('EXAMPLE.COM')),
    tagged(8, principal(1, 'user')),
    tagged(9, general('EXAMPLE.COM')),
    tagged(10, principal(2, 'krbtgt', 'EXAMPLE.COM')),
    tagged(11, general('try again')),
    tagged(12, octets(hex('3003020101'))),
  ),
);
const checksum = derSequence(tagged(0, integer(16)), tagged(1, octets(random.bytes(12))));
const address = derSequence(tagged(0, integer(2)), tagged(1, octets([10, 0, 0, 4])));
const safe = der(
  0x74,
  derSequence(
    tagged(0, integer(5)),
    tagged(1, integer(20)),
    tagged(2, derSequence(tagged(0, octets(latin1('data'))), tagged(4, address))),
    tagged(3, checksum),
  ),
);
const sealedMessage = der(0x75, derSequence(tagged(0, integer(5)), tagged(1, integer(21)), tagged(3, sealed(32))));

// SSH key exchanges (RFC 4253 8, RFC 4419 3, RFC 5656 4)

const string = (value: BytesLike): Uint8Array => join(u32(value.length), value);
const text = (value: string): Uint8Array => string(latin1(value));
/** A number of so many bytes, positive. */
const number = (length: number): Uint8Array => string(join([0x11], random.bytes(length - 1)));
const message = (code: number, ...parts: readonly BytesLike[]): Uint8Array => sshPacket(join(u8(code), ...parts));

function sshKeys(kex: string, type: string, turns: readonly Turn[]): GoldenCapture {
  const offers = { kex: [kex], hostKeys: [type] };
  return conversations(
    over(22, [
      client(sshBanner('Example_1.0')),
      server(sshBanner('Example_2.0')),
      client(sshKexInit(offers, seededRandom(1))),
      server(sshKexInit(offers, seededRandom(2))),
      ...turns,
      server(message(SSH_MESSAGE.newKeys)),
    ]),
  );
}

const signature = (type: string): Uint8Array => string(join(text(type), string(random.bytes(64))));
const rsaKey = string(join(text('ssh-rsa'), string([1, 0, 1]), number(128)));
const dsaKey = string(join(text('ssh-dss'), number(128), number(20), number(128), number(128)));
const ecdsaKey = string(join(text('ecdsa-sha2-nistp256'), text('nistp256'), string(join([4], random.bytes(64)))));
const otherKey = string(join(text('sk-ssh-ed25519@openssh.com'), string(random.bytes(32)), text('ssh:')));

// ISAKMP (RFC 2408 3, RFC 7296 3)

/** Payloads behind each other, each with the number of the next. */
function isakmp(
  version: number,
  exchange: number,
  flags: number,
  list: readonly (readonly [number, BytesLike])[],
): Uint8Array {
  const payloads = list.map(([, value], i) => join([list[i + 1]?.[0] ?? 0, 0], u16(4 + value.length), value));
  const body = join(...payloads);
  return join(
    hex('0102030405060708a1a2a3a4a5a6a7a8'),
    [list[0]?.[0] ?? 0, version, exchange, flags],
    u32(0),
    u32(28 + body.length),
    body,
  );
}

/** An AP-REQ as the first token of SPNEGO. */
export const kerberosToken = initial(
  mechanisms(OID.kerberos, OID.ntlm),
  tagged(2, octets(der(0x60, derOid(OID.kerberos), hex('0100'), applicationRequest()))),
);
export const acceptedToken = target(result(0), tagged(1, derOid(OID.kerberos)));

export const signInGroup: GoldenGroup = {
  name: 'sign-in',
  captures: {
    'ldap-ntlm': conversations(
      over(389, [
        bind(1, initial(mechanisms(OID.ntlm), tagged(2, octets(negotiateMessage)))),
        bound(1, 14, target(result(1), tagged(1, derOid(OID.ntlm)), tagged(2, octets(challengeMessage)))),
        bind(2, target(tagged(2, octets(authenticateMessage)), tagged(3, octets(join(u32le(1), random.bytes(12)))))),
        bound(2, 0, target(result(0), tagged(3, octets(join(u32le(1), random.bytes(12)))))),
      ]),
    ),
    'ldap-kerberos': conversations(over(389, [bind(1, kerberosToken), bound(1, 0, acceptedToken)])),
    'kerberos-messages': ethernetFrames(
      ask(88, kdcRequest(0x6a, 10, preAuthentication(128, hex('3005a0030101ff')))),
      answer(88, kdcError),
      answer(88, kdcReply(0x6b, 11)),
      ask(88, kdcRequest(0x6c, 12, preAuthentication(1, applicationRequest()))),
      answer(88, kdcReply(0x6d, 13)),
      ask(88, applicationRequest()),
      ask(88, safe),
      ask(88, sealedMessage),
    ),
    'ssh-group-exchange': sshKeys('diffie-hellman-group-exchange-sha256', 'ssh-rsa', [
      client(message(34, u32(2048), u32(3072), u32(8192))),
      server(message(31, number(256), string([2]))),
      client(message(32, number(256))),
      server(message(33, rsaKey, number(256), signature('ssh-rsa'))),
    ]),
    'ssh-group14': sshKeys('diffie-hellman-group14-sha256', 'ssh-dss', [
      client(message(30, number(256))),
      server(message(31, dsaKey, number(256), signature('ssh-dss'))),
    ]),
    'ssh-ecdsa': sshKeys('ecdh-sha2-nistp256', 'ecdsa-sha2-nistp256', [
      client(message(30, string(join([4], random.bytes(64))))),
      server(message(31, ecdsaKey, string(join([4], random.bytes(64))), signature('ecdsa-sha2-nistp256'))),
    ]),
    'ssh-other-key': sshKeys('curve25519-sha256', 'sk-ssh-ed25519@openssh.com', [
      client(message(30, string(random.bytes(32)))),
      server(message(31, otherKey, string(random.bytes(32)), signature('sk-ssh-ed25519@openssh.com'))),
      client(message(SSH_MESSAGE.ignore, text('nothing'))),
      client(message(SSH_MESSAGE.serviceRequest, text('ssh-userauth'))),
    ]),
    'isakmp-version-2': ethernetFrames(
      ask(
        500,
        isakmp(0x20, 34, 8, [
          [34, join(u16(14), zeros(2), random.bytes(256))],
          [40, random.bytes(32)],
          [41, join([0, 0], u16(16_388), random.bytes(20))],
          [43, latin1('Example')],
        ]),
      ),
    ),
    'isakmp-version-1': ethernetFrames(
      ask(
        500,
        isakmp(0x10, 4, 0, [
          [4, random.bytes(128)],
          [10, random.bytes(16)],
          [8, random.bytes(20)],
        ]),
      ),
    ),
  },
};
