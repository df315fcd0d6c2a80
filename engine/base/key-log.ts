/**
 * Secrets of TLS connections as programs log them for debugging (draft-ietf-tls-keylogfile, "The SSLKEYLOGFILE Format for TLS",
 * and its predecessor in NSS): one secret a line, by a label and the client's random. pcapng files may hold such texts.
 */

import { toHex } from './hex.ts';
import { decodeLatin1 } from './text.ts';

/** Labels whose second word is the client's random. */
const LABELS: ReadonlySet<string> = new Set([
  'CLIENT_RANDOM',
  'CLIENT_EARLY_TRAFFIC_SECRET',
  'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
  'SERVER_HANDSHAKE_TRAFFIC_SECRET',
  'CLIENT_TRAFFIC_SECRET_0',
  'SERVER_TRAFFIC_SECRET_0',
  'EARLY_EXPORTER_SECRET',
  'EXPORTER_SECRET',
  'ECH_SECRET',
  'ECH_CONFIG',
  'PMS_CLIENT_RANDOM',
  'QUIC_CLIENT_EARLY_TRAFFIC_SECRET',
  'QUIC_CLIENT_HANDSHAKE_TRAFFIC_SECRET',
  'QUIC_SERVER_HANDSHAKE_TRAFFIC_SECRET',
  'QUIC_CLIENT_TRAFFIC_SECRET_0',
  'QUIC_SERVER_TRAFFIC_SECRET_0',
]);

/** Labels of secrets that are found by something else, which is put in front of it: see `find`. */
export const OTHER_LABEL = {
  /** By the first eight bytes of the encrypted premaster secret. */
  rsa: 'RSA',
  /** Master secret by session id. */
  session: 'RSA Session-ID',
} as const;

const RANDOM_BYTES = 32;
/** TLS has no longer secrets; ECH configurations are longer, and are kept for completeness. */
const MAX_SECRET_BYTES = 4096;
const LINE = /^([A-Z0-9_]+) ([0-9A-Fa-f]+) ([0-9A-Fa-f]+)$/;
const SESSION_LINE = /^RSA Session-ID:([0-9A-Fa-f]+) Master-Key:([0-9A-Fa-f]+)$/;
const LINE_FEED = 10;
const MAX_LINE = 2 * (RANDOM_BYTES + MAX_SECRET_BYTES) + 64;

export class KeyLog {
  /** Label and what the secret belongs to, as hex digits, to the secret. */
  private readonly secrets = new Map<string, Uint8Array>();
  private readonly randoms = new Set<string>();

  get isEmpty(): boolean {
    return this.secrets.size === 0;
  }

  /** Secrets kept. */
  get size(): number {
    return this.secrets.size;
  }

  /** Takes the lines of a text; comments, empty lines and what nobody knows are passed over. Returns how many secrets it had. */
  add(text: Uint8Array): number {
    let found = 0;
    for (let at = 0; at < text.length; ) {
      const stop = text.indexOf(LINE_FEED, at);
      const end = stop < 0 ? text.length : stop;
      if (end - at <= MAX_LINE && this.line(decodeLatin1(text, at, end).trim())) found++;
      at = end + 1;
    }
    return found;
  }

  private line(line: string): boolean {
    const session = SESSION_LINE.exec(line);
    if (session !== null) return this.keep(OTHER_LABEL.session, session[1], session[2]);
    const found = LINE.exec(line);
    if (found === null) return false;
    const [, label, owner, secret] = found;
    if (label === OTHER_LABEL.rsa) return this.keep(label, owner, secret);
    if (!LABELS.has(label) || owner.length !== 2 * RANDOM_BYTES) return false;
    this.randoms.add(owner.toLowerCase());
    return this.keep(label, owner, secret);
  }

  private keep(label: string, owner: string, secret: string): boolean {
    if (secret.length % 2 !== 0 || secret.length > 2 * MAX_SECRET_BYTES) return false;
    const bytes = new Uint8Array(secret.length / 2);
    for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(secret.slice(2 * i, 2 * i + 2), 16);
    this.secrets.set(`${label} ${owner.toLowerCase()}`, bytes);
    return true;
  }

  /** The secret with this label of whom `owner` names (a client's random, mostly). */
  find(label: string, owner: Uint8Array): Uint8Array | undefined {
    return this.secrets.get(`${label} ${toHex(owner)}`);
  }

  /** Is there any secret for the client whose random is at `at`? */
  knows(bytes: Uint8Array, at: number): boolean {
    return at + RANDOM_BYTES <= bytes.length && this.randoms.has(toHex(bytes, '', at, at + RANDOM_BYTES));
  }
}
