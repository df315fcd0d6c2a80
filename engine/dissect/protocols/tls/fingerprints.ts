/**
 * Fingerprints of hellos: JA3 and JA3S (Salesforce, "TLS Fingerprinting with JA3 and JA3S"), JA4 (FoxIO, "JA4 technical
 * details"). They name the software that speaks TLS, by the order of what it offers.
 */

import { toHex } from '../../../base/hex.ts';
import { platform } from '../../../base/platform.ts';
import { EXTENSION, isGrease } from './names.ts';

/** What a hello offers, in its order, gathered while its fields are added. */
export interface Hello {
  version: number;
  readonly suites: number[];
  readonly extensions: number[];
  readonly groups: number[];
  readonly pointFormats: number[];
  readonly signatures: number[];
  readonly versions: number[];
  serverName: string;
  /** Bytes of the first ALPN name; null: none. */
  alpn: Uint8Array | null;
}

export function makeHello(): Hello {
  return {
    version: 0,
    suites: [],
    extensions: [],
    groups: [],
    pointFormats: [],
    signatures: [],
    versions: [],
    serverName: '',
    alpn: null,
  };
}

function text(values: readonly number[]): string {
  return values.filter((value) => !isGrease(value)).join('-');
}

export function ja3Text(hello: Hello): string {
  return [
    hello.version,
    text(hello.suites),
    text(hello.extensions),
    text(hello.groups),
    hello.pointFormats.join('-'),
  ].join(',');
}

export function ja3sText(hello: Hello): string {
  return [hello.version, hello.suites.join('-'), hello.extensions.join('-')].join(',');
}

function ascii(value: string): Uint8Array {
  return Uint8Array.from(value, (c) => c.charCodeAt(0));
}

export function md5(value: string): string {
  return toHex(platform().hash('md5', ascii(value)));
}

const VERSIONS: Readonly<Record<number, string>> = {
  0x0304: '13',
  0x0303: '12',
  0x0302: '11',
  0x0301: '10',
  0x0300: 's3',
  0x0002: 's2',
  0xfeff: 'd1',
  0xfefd: 'd2',
  0xfefc: 'd3',
};
const HASH_DIGITS = 12;

/** The start of a SHA-256; zeros for nothing. */
function hash12(value: string): string {
  return value === '' ? '0'.repeat(HASH_DIGITS) : toHex(platform().hash('sha256', ascii(value))).slice(0, HASH_DIGITS);
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, '0');
}

function isAlphanumeric(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
}

/** First and last character of the first ALPN name; of its hex digits where these are no letters or digits. */
function alpnMark(alpn: Uint8Array | null): string {
  if (alpn === null || alpn.length === 0) return '00';
  const first = alpn[0];
  const last = alpn[alpn.length - 1];
  if (isAlphanumeric(first) && isAlphanumeric(last)) return String.fromCharCode(first, last);
  const digits = toHex(alpn);
  return `${digits[0]}${digits[digits.length - 1]}`;
}

/** `t13d1516h2_8daaf6152771_02713d6af862`; `transport`: t for TCP, q for QUIC, d for DTLS. */
export function ja4(hello: Hello, transport: 't' | 'q' | 'd'): string {
  const suites = hello.suites.filter((value) => !isGrease(value));
  const extensions = hello.extensions.filter((value) => !isGrease(value));
  const versions = hello.versions.filter((value) => !isGrease(value));
  // DTLS counts its versions downwards.
  const best = transport === 'd' ? Math.min(...versions) : Math.max(...versions);
  const version = versions.length > 0 ? best : hello.version;
  const two = (count: number): string => Math.min(99, count).toString().padStart(2, '0');
  const name = hello.extensions.includes(EXTENSION.serverName) ? 'd' : 'i';
  const head = `${transport}${VERSIONS[version] ?? '00'}${name}${two(suites.length)}${two(extensions.length)}${alpnMark(hello.alpn)}`;
  const sortedSuites = suites.map(hex4).sort().join(',');
  const sortedExtensions = extensions
    .filter((value) => value !== EXTENSION.serverName && value !== EXTENSION.alpn)
    .map(hex4)
    .sort()
    .join(',');
  const signatures = hello.signatures
    .filter((value) => !isGrease(value))
    .map(hex4)
    .join(',');
  return `${head}_${hash12(sortedSuites)}_${hash12(signatures === '' ? sortedExtensions : `${sortedExtensions}_${signatures}`)}`;
}
