/** Keys of QUIC's Initial packets (RFC 9001 5.2, 5.4, RFC 9369 3.3): made from the connection id, so anyone can read them. */

import { platform } from '../../../base/platform.ts';

const SALTS: Readonly<Record<string, string>> = {
  v1: '38762cf7f55934b34d179ae6a4c80cadccbb7f0a',
  v2: '0dede3def700a6db819381be6e269dcbf9bd2ed9',
  draft29: 'afbfec289993d24c9e9786f19c6111e04390a899',
  draft23: 'c3eef712c72ebb5a11a7d2432bb46365bef9f502',
};
const V1 = 1;
const V2 = 0x6b3343cf;
const DRAFT = 0xff000000;
const SAMPLE = 16;
const TAG = 16;

/** Which salt a version uses; undefined: its Initial packets cannot be read. */
function saltOf(version: number): string | undefined {
  if (version === V1) return SALTS.v1;
  if (version === V2) return SALTS.v2;
  const draft = version - DRAFT;
  if (draft >= 29 && draft <= 34) return SALTS.draft29;
  if (draft >= 23 && draft <= 28) return SALTS.draft23;
  return undefined;
}

export interface InitialKeys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly headerKey: Uint8Array;
}

/** HKDF-Expand-Label (RFC 8446 7.1) with an empty context, for outputs of one hash at most. */
function expand(secret: Uint8Array, label: string, length: number): Uint8Array {
  const text = `tls13 ${label}`;
  const info = new Uint8Array(4 + text.length + 1);
  info[1] = length;
  info[2] = text.length;
  for (let i = 0; i < text.length; i++) info[3 + i] = text.charCodeAt(i);
  info[info.length - 1] = 1; // the first block's counter
  return platform().hmac('sha256', secret, info).slice(0, length);
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

export function initialKeys(version: number, connection: Uint8Array, isClient: boolean): InitialKeys | null {
  const salt = saltOf(version);
  if (salt === undefined) return null;
  const secret = expand(platform().hmac('sha256', fromHex(salt), connection), isClient ? 'client in' : 'server in', 32);
  const prefix = version === V2 ? 'quicv2' : 'quic';
  return {
    key: expand(secret, `${prefix} key`, 16),
    iv: expand(secret, `${prefix} iv`, 12),
    headerKey: expand(secret, `${prefix} hp`, 16),
  };
}

export interface Opened {
  readonly packetNumber: number;
  readonly packetNumberLength: number;
  readonly first: number;
  readonly payload: Uint8Array;
}

/** Takes off header protection and opens the packet at [at, end) whose packet number starts at `numberAt`; null: not with these keys. */
export function openInitial(
  keys: InitialKeys,
  bytes: Uint8Array,
  at: number,
  numberAt: number,
  end: number,
): Opened | null {
  if (numberAt + 4 + SAMPLE > end) return null;
  const mask = platform().aesBlock(keys.headerKey, bytes.slice(numberAt + 4, numberAt + 4 + SAMPLE));
  const first = bytes[at] ^ (mask[0] & 0x0f);
  const length = (first & 3) + 1;
  const header = bytes.slice(at, numberAt + length);
  header[0] = first;
  let packetNumber = 0;
  for (let i = 0; i < length; i++) {
    const byte = bytes[numberAt + i] ^ mask[1 + i];
    header[numberAt - at + i] = byte;
    packetNumber = packetNumber * 256 + byte;
  }
  if (end - numberAt - length < TAG) return null;
  const nonce = keys.iv.slice();
  for (let i = 0, rest = packetNumber; i < 4; i++) {
    nonce[11 - i] ^= rest & 0xff;
    rest >>>= 8;
  }
  const payload = platform().openAesGcm(keys.key, nonce, header, bytes.slice(numberAt + length, end));
  return payload === null ? null : { packetNumber, packetNumberLength: length, first, payload };
}
