/** X.509 certificates with every extension that has a layout, and a stapled answer of their issuer, over DTLS. */

import {
  type BytesLike,
  hex,
  ipAddress,
  join,
  latin1,
  seededRandom,
  u16,
  u24,
  u32,
  utf8,
  zeros,
} from '../build-bytes.ts';
import { certificate, certificateExtension, der, derBitString, derInteger, derOid, derSequence } from '../build-der.ts';

import { sized8, sized16, TLS_CONTENT } from '../build-tls.ts';
import { answer, ask, ethernetFrames, type GoldenCapture, type GoldenGroup } from './capture.ts';

/** DTLS 1.2. */
const VERSION = 0xfefd;
const SUITE = 0x009e;
const random = seededRandom(91);
const sized24 = (body: BytesLike): Uint8Array => join(u24(body.length), body);
const time = (text: string): Uint8Array => der(0x18, latin1(text));
const attribute = (oid: string, tag: number, text: BytesLike): Uint8Array =>
  der(0x31, derSequence(derOid(oid), der(tag, text)));

const personName = derSequence(
  attribute('2.5.4.6', 0x13, latin1('JP')),
  attribute('2.5.4.5', 0x13, latin1('C-0001')),
  attribute('2.5.4.10', 0x14, latin1('Example')),
  attribute('2.5.4.11', 0x1e, hex('0045006e0067')),
  attribute('2.5.4.4', 0x1c, hex('0000005900000061')),
  attribute('2.5.4.3', 0x0c, utf8('例')),
  attribute('1.2.840.113549.1.9.1', 0x16, latin1('pki@example.com')),
  attribute('0.9.2342.19200300.100.1.25', 0x16, latin1('example')),
);

const generalNames = join(
  der(0xa0, derOid('1.3.6.1.4.1.311.20.2.3'), der(0xa0, der(0x0c, utf8('user@example.com')))),
  der(0x81, latin1('pki@example.com')),
  der(0x82, latin1('www.example.com')),
  der(0xa4, personName),
  der(0x86, latin1('http://www.example.com/')),
  der(0x87, ipAddress('192.0.2.1')),
  der(0x87, ipAddress('2001:db8::1')),
  der(0x88, hex('2a0304')),
);
const crl = der(0x86, latin1('http://pki.example.com/a.crl'));
const distributionPoints = derSequence(
  derSequence(der(0xa0, der(0xa0, crl)), der(0x81, [1, 0x06]), der(0xa2, der(0xa4, personName))),
  derSequence(der(0xa0, der(0xa1, derSequence(derOid('2.5.4.3'), der(0x13, latin1('crl 2')))))),
);
const access = (oid: string, url: string): Uint8Array => derSequence(derOid(oid), der(0x86, latin1(url)));
const statement = derSequence(derOid('1.3.6.1.5.5.7.2.1'), der(0x16, latin1('http://pki.example.com/cps')));
const notice = (text: Uint8Array, organization: Uint8Array): Uint8Array =>
  derSequence(
    derOid('1.3.6.1.5.5.7.2.2'),
    derSequence(derSequence(organization, derSequence(derInteger([1]), derInteger([2]))), text),
  );
const policies = derSequence(
  derSequence(derOid('2.23.140.1.2.1')),
  derSequence(
    derOid('1.3.6.1.4.1.99999.1'),
    derSequence(
      statement,
      notice(der(0x0c, utf8('To be read')), der(0x1a, latin1('Example'))),
      notice(der(0x1e, hex('00410042')), der(0x16, latin1('Example'))),
    ),
  ),
);
const subtree = (name: Uint8Array, ...limits: readonly Uint8Array[]): Uint8Array => derSequence(name, ...limits);

const extensions: readonly (readonly [string, BytesLike])[] = [
  ['2.5.29.14', der(0x04, random.bytes(20))],
  ['2.5.29.16', derSequence(der(0x80, latin1('20260101000000Z')), der(0x81, latin1('20261231235959Z')))],
  ['2.5.29.17', derSequence(generalNames)],
  ['2.5.29.18', derSequence(der(0x86, latin1('http://pki.example.com/')))],
  [
    '2.5.29.30',
    derSequence(
      der(0xa0, subtree(der(0x82, latin1('example.com')), der(0x80, [1]), der(0x81, [3]))),
      der(0xa1, subtree(der(0x87, ipAddress('192.0.2.0'), ipAddress('255.255.255.0')))),
    ),
  ],
  ['2.5.29.31', distributionPoints],
  ['2.5.29.32', policies],
  ['2.5.29.33', derSequence(derSequence(derOid('1.3.6.1.4.1.99999.1'), derOid('1.3.6.1.4.1.99999.2')))],
  ['2.5.29.35', derSequence(der(0x80, random.bytes(20)), der(0xa1, der(0xa4, personName)), der(0x82, [0x51, 1]))],
  ['2.5.29.36', derSequence(der(0x80, [2]), der(0x81, [0]))],
  ['2.5.29.37', derSequence(derOid('1.3.6.1.5.5.7.3.1'), derOid('1.3.6.1.5.5.7.3.9'))],
  ['2.5.29.46', derSequence(derSequence(der(0xa0, der(0xa0, crl))))],
  ['2.5.29.54', derInteger([3])],
  [
    '1.3.6.1.5.5.7.1.1',
    derSequence(
      access('1.3.6.1.5.5.7.48.1', 'http://ocsp.example.com/'),
      access('1.3.6.1.5.5.7.48.2', 'http://pki.example.com/ca.cer'),
    ),
  ],
  ['1.3.6.1.5.5.7.1.11', derSequence(access('1.3.6.1.5.5.7.48.5', 'http://pki.example.com/all'))],
  ['1.3.6.1.5.5.7.1.24', derSequence(derInteger([5]), derInteger([17]))],
  ['1.3.6.1.5.5.7.48.1.5', der(0x05)],
  ['1.3.6.1.4.1.311.21.7', derSequence(derOid('1.3.6.1.4.1.311.21.8.1'), derInteger([100]), derInteger([7]))],
  ['1.3.6.1.4.1.311.21.10', derSequence(derSequence(derOid('1.3.6.1.5.5.7.3.1')))],
];

const issuer = { commonName: 'Example Test CA' };
const leaf = certificate(
  {
    subject: { commonName: 'www.example.com' },
    issuer,
    keyBytes: 64,
    extensions: join(...extensions.map(([oid, value]) => certificateExtension(oid, false, value))),
  },
  seededRandom(92),
);
const responder = certificate({ subject: { commonName: 'Responder' }, issuer, keyBytes: 64 }, seededRandom(93));

/** RFC 5280 4.1.2.8: unique identifiers, and a year of four digits, as only certificates of long ago have them. */
const unusual = ((): Uint8Array => {
  const algorithm = derSequence(derOid('1.2.840.10045.4.3.2'));
  const key = derSequence(derSequence(derOid('1.2.840.10045.2.1'), derOid('1.2.840.10045.3.1.7')), derBitString([4]));
  const validity = derSequence(der(0x17, latin1('990101000000Z')), time('20500101000000Z'));
  const body = derSequence(
    der(0xa0, derInteger([1])),
    derInteger([0x51]),
    algorithm,
    personName,
    validity,
    personName,
    key,
    der(0x81, [0, 1, 2]),
    der(0x82, [0, 3, 4]),
  );
  return derSequence(body, algorithm, derBitString(random.bytes(16)));
})();

const algorithm = derSequence(derOid('1.3.14.3.2.26'), der(0x05));
const answered = (serial: number, status: Uint8Array, ...more: readonly Uint8Array[]): Uint8Array =>
  derSequence(
    derSequence(algorithm, der(0x04, random.bytes(20)), der(0x04, random.bytes(20)), derInteger([serial])),
    status,
    time('20260115080000Z'),
    ...more,
  );
const extensionOf = (oid: string, value: BytesLike): Uint8Array => derSequence(derOid(oid), der(0x04, value));
const ocsp = ((): Uint8Array => {
  const data = derSequence(
    der(0xa1, personName),
    time('20260115083000Z'),
    derSequence(
      answered(1, der(0x80), der(0xa0, time('20260122080000Z'))),
      answered(
        2,
        der(0xa1, time('20260101000000Z'), der(0xa0, der(0x0a, [1]))),
        der(0xa1, derSequence(extensionOf('1.3.6.1.5.5.7.48.1.6', time('20250101000000Z')))),
      ),
      answered(3, der(0x82)),
    ),
    der(0xa1, derSequence(extensionOf('1.3.6.1.5.5.7.48.1.2', der(0x04, hex('0102030405060708'))))),
  );
  const basic = derSequence(
    data,
    derSequence(derOid('1.2.840.113549.1.1.11'), der(0x05)),
    derBitString(random.bytes(64)),
    der(0xa0, derSequence(responder)),
  );
  return derSequence(der(0x0a, [0]), der(0xa0, derSequence(derOid('1.3.6.1.5.5.7.48.1.1'), der(0x04, basic))));
})();

/** DTLS 1.2, one message in each datagram. */
function exchange(...messages: readonly (readonly [number, BytesLike])[]): GoldenCapture {
  const record = (sequence: number, type: number, body: BytesLike): Uint8Array => {
    const content = join([type], u24(body.length), u16(sequence), u24(0), u24(body.length), body);
    return join([TLS_CONTENT.handshake], u16(VERSION), u16(0), u16(0), u32(sequence), sized16(content));
  };
  const hello = join(u16(VERSION), random.bytes(32), sized8(), sized8(), sized16(u16(SUITE)), [1, 0]);
  const helloBack = join(u16(VERSION), random.bytes(32), sized8(), u16(SUITE), [0]);
  return ethernetFrames(
    ask(4433, record(0, 1, hello)),
    answer(4433, record(0, 2, helloBack)),
    ...messages.map(([type, body], i) => answer(4433, record(i + 1, type, body))),
  );
}

const certificates = (...list: readonly Uint8Array[]): Uint8Array => sized24(join(...list.map(sized24)));

export const certificateGroup: GoldenGroup = {
  name: 'certificates',
  captures: {
    extensions: exchange([11, certificates(leaf, unusual)]),
    'stapled-response': exchange([11, certificates(responder)], [22, join([1], sized24(ocsp))]),
    'cut-in-extensions': exchange([11, certificates(leaf.slice(0, 900), zeros(4))]),
  },
};
