/** X.509 certificates (RFC 5280) as far as people ask: serial, names, validity, key, alternative names. Walks DER (X.690). */

import { formatIpv4, formatIpv6 } from '../../../base/address.ts';
import { u32 } from '../../../base/bytes.ts';
import { decodeLatin1, decodeUtf8 } from '../../../base/text.ts';
import { formatOid } from '../../node.ts';
import type { TreeBuilder } from '../../tree.ts';
import { addExtensionValue } from './certificate-extensions.ts';
import { children, type Element, element, TAG } from './der.ts';
import { addTimestamps } from './signatures.ts';

/** Bit of a tag: elements inside. */
const CONSTRUCTED = 0x20;
const NAME_TAG = { email: 0x81, dns: 0x82, uri: 0x86, ip: 0x87, authority: 0xa1, directory: 0xa4 } as const;

const OIDS: Readonly<Record<string, string>> = {
  '2.5.4.3': 'id-at-commonName',
  '2.5.4.4': 'id-at-surname',
  '2.5.4.5': 'id-at-serialNumber',
  '2.5.4.6': 'id-at-countryName',
  '2.5.4.7': 'id-at-localityName',
  '2.5.4.8': 'id-at-stateOrProvinceName',
  '2.5.4.9': 'id-at-streetAddress',
  '2.5.4.10': 'id-at-organizationName',
  '2.5.4.11': 'id-at-organizationalUnitName',
  '2.5.4.12': 'id-at-title',
  '2.5.4.13': 'id-at-description',
  '2.5.4.15': 'id-at-businessCategory',
  '2.5.4.17': 'id-at-postalCode',
  '2.5.4.42': 'id-at-givenName',
  '2.5.4.97': 'id-at-organizationIdentifier',
  '1.2.840.113549.1.9.1': 'pkcs-9-at-emailAddress',
  '0.9.2342.19200300.100.1.1': 'id-at-uid',
  '0.9.2342.19200300.100.1.25': 'dc',
  '1.3.6.1.4.1.311.60.2.1.3': 'jurisdictionOfIncorporationCountryName',
  '1.2.840.113549.1.1.1': 'rsaEncryption',
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.2.840.113549.1.1.10': 'id-RSASSA-PSS',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption',
  '1.2.840.10045.2.1': 'id-ecPublicKey',
  '1.2.840.10045.3.1.7': 'secp256r1',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
  '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512',
  '1.3.132.0.34': 'secp384r1',
  '1.3.132.0.35': 'secp521r1',
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
  '2.5.29.14': 'id-ce-subjectKeyIdentifier',
  '2.5.29.15': 'id-ce-keyUsage',
  '2.5.29.17': 'id-ce-subjectAltName',
  '2.5.29.18': 'id-ce-issuerAltName',
  '2.5.29.19': 'id-ce-basicConstraints',
  '2.5.29.31': 'id-ce-cRLDistributionPoints',
  '2.5.29.32': 'id-ce-certificatePolicies',
  '2.5.29.35': 'id-ce-authorityKeyIdentifier',
  '2.5.29.37': 'id-ce-extKeyUsage',
  '1.3.6.1.5.5.7.1.1': 'id-pe-authorityInfoAccess',
  '1.3.6.1.4.1.11129.2.4.2': 'SignedCertificateTimestampList',
  '2.16.840.1.113730.1.1': 'ns_cert_exts.cert_type',
};

const COUNTRY = '2.5.4.6';
/** Further names of the subject, and of the issuer. */
const ALTERNATIVE_NAMES: readonly string[] = ['2.5.29.17', '2.5.29.18'];
/** CRL distribution points and authority information access: URIs inside. */
const WITH_PLACES: readonly string[] = ['2.5.29.31', '1.3.6.1.5.5.7.1.1'];
const MAX_NESTING = 8;
const AUTHORITY_KEY = '2.5.29.35';
const TIMESTAMPS = '1.3.6.1.4.1.11129.2.4.2';
const RSA = '1.2.840.113549.1.1.1';

function named(oid: string): string {
  const name = OIDS[oid];
  return name === undefined ? oid : `${oid} (${name})`;
}

/** Adds what the certificate in [at, end) says. Bytes that are no certificate are left as they are. */
export function addCertificate(t: TreeBuilder, at: number, end: number): void {
  const outer = element(t, at, end);
  const signed = outer === null || outer.tag !== TAG.sequence ? null : element(t, outer.value, outer.end);
  if (signed === null || signed.tag !== TAG.sequence) return;
  t.nest(t.text('signedCertificate', signed.at, signed.end - signed.at));
  const parts = children(t, signed.value, signed.end);
  let next = 0;
  if (parts[next]?.tag === TAG.version) {
    const version = element(t, parts[next].value, parts[next].end);
    if (version !== null && version.end - version.value === 1)
      t.put('x509af.version', t.u8(version.value), version.value, 1);
    next++;
  }
  const [serial, algorithm, issuer, validity, subject, key] = parts.slice(next);
  if (serial?.tag === TAG.integer) t.add('x509af.serialNumber', serial.value, serial.end - serial.value);
  if (algorithm !== undefined) addAlgorithm(t, algorithm, 'signature');
  if (issuer !== undefined) addName(t, issuer, 'issuer');
  if (validity !== undefined) addValidity(t, validity);
  if (subject !== undefined) addName(t, subject, 'subject');
  if (key !== undefined) {
    t.nest(t.text('subjectPublicKeyInfo', key.at, key.end - key.at));
    addPublicKey(t, key);
    t.close();
  }
  const extensions = parts.slice(next + 6).find((part) => part.tag === TAG.extensions);
  const list = extensions === undefined ? null : element(t, extensions.value, extensions.end);
  if (list !== null) addExtensions(t, list);
  t.close();
  const after = children(t, signed.end, outer?.end ?? signed.end);
  if (after[0] !== undefined) addAlgorithm(t, after[0], 'algorithmIdentifier');
  const signature = after[1];
  if (signature?.tag === TAG.bitString && signature.end > signature.value + 1)
    t.add('x509af.encrypted', signature.value + 1, signature.end - signature.value - 1);
}

/** RFC 5280 4.1.2.7; an RSA key is two numbers (RFC 8017 A.1.1). */
function addPublicKey(t: TreeBuilder, key: Element): void {
  const [algorithm, bits] = children(t, key.value, key.end);
  if (algorithm !== undefined) addAlgorithm(t, algorithm, 'algorithm');
  if (bits?.tag !== TAG.bitString || bits.end <= bits.value + 1) return;
  t.add('x509af.subjectPublicKey', bits.value + 1, bits.end - bits.value - 1);
  const id = algorithm === undefined ? null : element(t, algorithm.value, algorithm.end);
  if (id?.tag !== TAG.oid || oidOf(t, id) !== RSA) return;
  const pair = element(t, bits.value + 1, bits.end);
  const [modulus, exponent] = pair === null ? [] : children(t, pair.value, pair.end);
  if (modulus !== undefined && modulus.end > modulus.value)
    t.add('pkcs1.modulus', modulus.value, modulus.end - modulus.value);
  if (exponent !== undefined && exponent.end > exponent.value && exponent.end - exponent.value <= 4) {
    let value = 0;
    for (let i = exponent.value; i < exponent.end; i++) value = (value << 8) | t.u8(i);
    t.put('pkcs1.publicExponent', value, exponent.value, exponent.end - exponent.value);
  }
}

function oidOf(t: TreeBuilder, item: Element): string {
  return formatOid(t.slice(item.value, item.end - item.value));
}

export function addAlgorithm(t: TreeBuilder, item: Element, label: string): void {
  const id = element(t, item.value, item.end);
  if (id === null || id.tag !== TAG.oid) return;
  const oid = oidOf(t, id);
  t.nest(t.text(`${label} (${OIDS[oid] ?? oid})`, item.at, item.end - item.at));
  t.put(
    'x509af.algorithm.id',
    t.slice(id.value, id.end - id.value),
    id.value,
    id.end - id.value,
    `Algorithm Id: ${named(oid)}`,
  );
  t.close();
}

function stringOf(t: TreeBuilder, item: Element): string {
  if (item.tag === TAG.utf8) return decodeUtf8(t.bytes, item.value, item.end);
  if (item.tag !== TAG.bmp) return decodeLatin1(t.bytes, item.value, item.end);
  let text = '';
  for (let at = item.value; at + 1 < item.end; at += 2) text += String.fromCharCode(t.u16(at));
  return text;
}

const STRING_FIELDS: Readonly<Record<number, string>> = {
  [TAG.utf8]: 'x509sat.uTF8String',
  [TAG.printable]: 'x509sat.printableString',
  [TAG.teletex]: 'x509sat.teletexString',
  [TAG.bmp]: 'x509sat.bmpString',
};

function addName(t: TreeBuilder, item: Element, label: string): void {
  const row = t.nest(t.text(label, item.at, item.end - item.at));
  const shown: string[] = [];
  for (const set of children(t, item.value, item.end)) {
    for (const pair of children(t, set.value, set.end)) {
      const id = element(t, pair.value, pair.end);
      const value = id === null ? null : element(t, id.end, pair.end);
      if (id === null || value === null || id.tag !== TAG.oid) continue;
      const oid = oidOf(t, id);
      const text = stringOf(t, value);
      t.nest(t.text(`${OIDS[oid] ?? oid}=${text}`, pair.at, pair.end - pair.at));
      t.put(
        'x509if.oid',
        t.slice(id.value, id.end - id.value),
        id.value,
        id.end - id.value,
        `Object Id: ${named(oid)}`,
      );
      const key = oid === COUNTRY ? 'x509sat.CountryName' : STRING_FIELDS[value.tag];
      if (key === undefined) t.text(text, value.value, value.end - value.value);
      else t.put(key, text, value.value, value.end - value.value);
      t.close();
      shown.push(`${OIDS[oid] ?? oid}=${text}`);
    }
  }
  row.text = `${label}: ${shown.reverse().join(',')}`;
  t.close();
}

function addValidity(t: TreeBuilder, item: Element): void {
  t.nest(t.text('validity', item.at, item.end - item.at));
  children(t, item.value, item.end)
    .slice(0, 2)
    .forEach((time, i) => {
      const label = i === 0 ? 'notBefore' : 'notAfter';
      const text = decodeLatin1(t.bytes, time.value, Math.min(time.end, time.value + 32));
      const isUtc = time.tag === TAG.utcTime;
      const found = (
        isUtc ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?Z/ : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:\.\d+)?Z/
      ).exec(text);
      if (found === null) {
        t.text(`${label}: ${text}`, time.at, time.end - time.at);
        return;
      }
      const [, y, month, day, hour, minute, second = '00'] = found;
      // RFC 5280 4.1.2.5.1: two digits from 50 on are of the last century.
      const year = isUtc ? String(Number(y) + (Number(y) >= 50 ? 1900 : 2000)) : y;
      const shown = `${year}-${month}-${day} ${hour}:${minute}:${second} (UTC)`;
      t.nest(t.text(`${label}: ${shown}`, time.at, time.end - time.at));
      if (isUtc) t.put('x509af.utcTime', shown, time.value, time.end - time.value);
      else
        t.put(
          'x509af.generalizedTime',
          BigInt(Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))) *
            1_000_000n,
          time.value,
          time.end - time.value,
        );
      t.close();
    });
  t.close();
}

function addExtensions(t: TreeBuilder, list: Element): void {
  const items = children(t, list.value, list.end);
  t.nest(t.text(`extensions: ${items.length} items`, list.at, list.end - list.at));
  for (const item of items) {
    const parts = children(t, item.value, item.end);
    const id = parts[0];
    const value = parts.find((part) => part.tag === TAG.octetString);
    if (id === undefined || id.tag !== TAG.oid) continue;
    const oid = oidOf(t, id);
    t.nest(t.text(`Extension (${OIDS[oid] ?? oid})`, item.at, item.end - item.at));
    t.put(
      'x509af.extension.id',
      t.slice(id.value, id.end - id.value),
      id.value,
      id.end - id.value,
      `Extension Id: ${named(oid)}`,
    );
    const critical = parts.find((part) => part.tag === TAG.boolean && part.end > part.value);
    if (critical !== undefined) t.put('x509af.critical', t.u8(critical.value) === 0 ? 0 : 1, critical.value, 1);
    const inside = value === undefined ? null : element(t, value.value, value.end);
    if (inside !== null && ALTERNATIVE_NAMES.includes(oid)) addAlternativeNames(t, inside);
    if (inside !== null) addExtensionValue(t, oid, inside);
    if (inside !== null && oid === AUTHORITY_KEY) addAuthority(t, inside);
    if (inside?.tag === TAG.octetString && oid === TIMESTAMPS && inside.end - inside.value > 2)
      addTimestamps(t, inside.value, inside.end);
    if (inside !== null && WITH_PLACES.includes(oid)) addPlaces(t, inside, 0);
    t.close();
  }
  t.close();
}

/** The issuer's own issuer, where the key is named so (RFC 5280 4.2.1.1). */
function addAuthority(t: TreeBuilder, item: Element): void {
  for (const part of children(t, item.value, item.end)) {
    if (part.tag !== NAME_TAG.authority) continue;
    for (const general of children(t, part.value, part.end)) {
      const name = general.tag === NAME_TAG.directory ? element(t, general.value, general.end) : null;
      if (name !== null) addName(t, name, 'directoryName');
    }
  }
}

/** The URIs anywhere inside (RFC 5280 4.2.1.13 and 4.2.2.1). */
function addPlaces(t: TreeBuilder, item: Element, depth: number): void {
  for (const part of children(t, item.value, item.end)) {
    if (part.tag === NAME_TAG.uri) {
      t.put(
        'x509ce.uniformResourceIdentifier',
        decodeLatin1(t.bytes, part.value, part.end),
        part.value,
        part.end - part.value,
      );
    } else if ((part.tag & CONSTRUCTED) !== 0 && depth < MAX_NESTING) {
      addPlaces(t, part, depth + 1);
    }
  }
}

/** RFC 5280 4.2.1.6. */
function addAlternativeNames(t: TreeBuilder, list: Element): void {
  for (const name of children(t, list.value, list.end)) {
    const length = name.end - name.value;
    const text = decodeLatin1(t.bytes, name.value, name.end);
    if (name.tag === NAME_TAG.dns) t.put('x509ce.dNSName', text, name.value, length);
    else if (name.tag === NAME_TAG.email) t.put('x509ce.rfc822Name', text, name.value, length);
    else if (name.tag === NAME_TAG.uri) t.put('x509ce.uniformResourceIdentifier', text, name.value, length);
    else if (name.tag === NAME_TAG.ip) addAddress(t, name, length);
  }
}

function addAddress(t: TreeBuilder, name: Element, length: number): void {
  const address = t.slice(name.value, length);
  if (length === 4) {
    t.put('x509ce.iPAddress', address, name.value, length, `iPAddress: ${formatIpv4(u32(address, 0))}`);
    t.hide('x509ce.IPAddress.ipv4', u32(address, 0), name.value, length);
  } else if (length === 16) {
    t.put('x509ce.iPAddress', address, name.value, length, `iPAddress: ${formatIpv6(address)}`);
    t.hide('x509ce.IPAddress.ipv6', address, name.value, length);
  } else {
    t.put('x509ce.iPAddress', address, name.value, length);
  }
}

/** A distinguished name on its own, as a Certificate Request has them. */
export function addDistinguishedName(t: TreeBuilder, at: number, end: number): void {
  const item = element(t, at, end);
  if (item !== null) addName(t, item, 'Distinguished Name');
}
