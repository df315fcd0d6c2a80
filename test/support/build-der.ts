/** A small DER writer (ITU-T X.690) and X.509 certificates (RFC 5280) made with it; signatures are random bytes. */

import { type BytesLike, ipAddress, join, type Random, u8, u16, utf8 } from './build-bytes.ts';

export function der(tag: number, ...content: readonly BytesLike[]): Uint8Array {
  const body = join(...content);
  const length =
    body.length < 0x80
      ? u8(body.length)
      : body.length < 0x100
        ? Uint8Array.of(0x81, body.length)
        : join([0x82], u16(body.length));
  return join(u8(tag), length, body);
}

export function derInteger(value: BytesLike): Uint8Array {
  const [first = 0] = value;
  return der(0x02, first >= 0x80 ? [0] : [], value);
}

export function derOid(text: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const base128 = (value: number): number[] => {
    const out = [value & 0x7f];
    for (let left = value >>> 7; left > 0; left >>>= 7) out.unshift(0x80 | (left & 0x7f));
    return out;
  };
  return der(0x06, [first * 40 + second, ...rest.flatMap(base128)]);
}

export function derSequence(...content: readonly BytesLike[]): Uint8Array {
  return der(0x30, ...content);
}

export function certificateExtension(oid: string, critical: boolean, value: BytesLike): Uint8Array {
  return derSequence(derOid(oid), critical ? der(0x01, [0xff]) : [], der(0x04, value));
}

export function derBitString(content: BytesLike): Uint8Array {
  return der(0x03, [0], content);
}

/** UTCTime: `2026-01-15` as `260115000000Z`. */
function derTime(date: string): Uint8Array {
  return der(0x17, utf8(`${date.slice(2).replaceAll('-', '')}000000Z`));
}

const OID = {
  commonName: '2.5.4.3',
  country: '2.5.4.6',
  organization: '2.5.4.10',
  rsaEncryption: '1.2.840.113549.1.1.1',
  sha256WithRsa: '1.2.840.113549.1.1.11',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
} as const;

export interface NameFields {
  readonly commonName: string;
  readonly organization?: string;
  readonly country?: string;
}

function derName(fields: NameFields): Uint8Array {
  const part = (oid: string, tag: number, text: string | undefined): Uint8Array =>
    text === undefined ? new Uint8Array(0) : der(0x31, derSequence(derOid(oid), der(tag, utf8(text))));
  return derSequence(
    part(OID.country, 0x13, fields.country),
    part(OID.organization, 0x0c, fields.organization),
    part(OID.commonName, 0x0c, fields.commonName),
  );
}

export interface CertificateFields {
  readonly subject: NameFields;
  readonly issuer: NameFields;
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly isAuthority?: boolean;
  /** Authorities that may stand below this one. */
  readonly pathLength?: number;
  /** Further extensions, encoded: `certificateExtension`. */
  readonly extensions?: BytesLike;
  /** Bytes of the RSA modulus. */
  readonly keyBytes?: number;
}

export function certificate(fields: CertificateFields, random: Random): Uint8Array {
  const keyBytes = fields.keyBytes ?? 256;
  const algorithm = derSequence(derOid(OID.sha256WithRsa), der(0x05));
  const modulus = random.bytes(keyBytes);
  modulus.set([0xc0 | (modulus.at(0) ?? 0)]);
  modulus.set([1 | (modulus.at(-1) ?? 0)], keyBytes - 1);
  const publicKey = derSequence(
    derSequence(derOid(OID.rsaEncryption), der(0x05)),
    derBitString(derSequence(derInteger(modulus), derInteger([1, 0, 1]))),
  );
  const names = [
    ...(fields.dnsNames ?? []).map((name) => der(0x82, utf8(name))),
    ...(fields.ipAddresses ?? []).map((address) => der(0x87, ipAddress(address))),
  ];
  const authority = join(
    fields.isAuthority === true ? der(0x01, [0xff]) : [],
    fields.pathLength === undefined ? [] : derInteger([fields.pathLength]),
  );
  const extensions = join(
    certificateExtension(OID.basicConstraints, true, derSequence(authority)),
    certificateExtension(OID.keyUsage, true, der(0x03, fields.isAuthority === true ? [1, 0x06] : [5, 0xa0])),
    names.length === 0 ? [] : certificateExtension(OID.subjectAltName, false, derSequence(...names)),
    fields.extensions ?? [],
  );
  const serial = random.bytes(16);
  serial.set([0x40 | ((serial.at(0) ?? 0) & 0x3f)]);
  const body = derSequence(
    der(0xa0, derInteger([2])),
    derInteger(serial),
    algorithm,
    derName(fields.issuer),
    derSequence(derTime(fields.notBefore ?? '2026-01-01'), derTime(fields.notAfter ?? '2026-12-31')),
    derName(fields.subject),
    publicKey,
    der(0xa3, derSequence(extensions)),
  );
  return derSequence(body, algorithm, derBitString(random.bytes(keyBytes)));
}
