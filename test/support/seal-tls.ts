/** Seals records with Node's own cryptography: what no recording has in it (RFC 8446 5.2, 7.1 to 7.3; RFC 5246 5, 6.2.3.2, 6.3). */

import { createCipheriv, createHmac } from 'node:crypto';
import { join, latin1, u8, u16, u64 } from './build-bytes.ts';
import { TLS_CONTENT, TLS_VERSION } from './build-tls.ts';

const TAG = 16;

function expandLabel(secret: Uint8Array, label: string, length: number): Uint8Array {
  const name = latin1(`tls13 ${label}`);
  const info = join(u16(length), u8(name.length), name, u8(0), u8(1));
  return new Uint8Array(createHmac('sha256', secret).update(info).digest().subarray(0, length));
}

/** The secret after a Key Update. */
export function updatedSecret(secret: Uint8Array): Uint8Array {
  return expandLabel(secret, 'traffic upd', secret.length);
}

/** A record of TLS_AES_128_GCM_SHA256 with a few zeros behind its type. */
export function sealedRecord(secret: Uint8Array, sequence: number, type: number, content: Uint8Array): Uint8Array {
  const nonce = expandLabel(secret, 'iv', 12);
  new DataView(nonce.buffer, nonce.byteOffset).setUint32(
    8,
    new DataView(nonce.buffer, nonce.byteOffset).getUint32(8) ^ sequence,
  );
  const inner = join(content, u8(type), [0, 0, 0]);
  const header = join(u8(TLS_CONTENT.applicationData), u16(TLS_VERSION.tls12), u16(inner.length + TAG));
  const cipher = createCipheriv('aes-128-gcm', expandLabel(secret, 'key', 16), nonce);
  cipher.setAAD(header);
  const body = cipher.update(inner);
  cipher.final();
  return join(header, new Uint8Array(body), new Uint8Array(cipher.getAuthTag()));
}

/** RFC 5246 5: P_SHA256. */
function expanded(secret: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const hmac = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHmac('sha256', secret).update(bytes).digest());
  let a = seed;
  let out: Uint8Array = new Uint8Array(0);
  while (out.length < length) {
    a = hmac(a);
    out = join(out, hmac(join(a, seed)));
  }
  return out.slice(0, length);
}

const MAC_KEY = 32;
const BLOCK = 16;

/** A client's record of TLS_RSA_WITH_AES_128_CBC_SHA256 in TLS 1.2; `macBytes`: so many of the MAC (RFC 6066 7). */
export function cbcRecord(
  master: Uint8Array,
  randoms: { readonly client: Uint8Array; readonly server: Uint8Array },
  sequence: number,
  type: number,
  content: Uint8Array,
  macBytes: number,
): Uint8Array {
  const seed = join(latin1('key expansion'), randoms.server, randoms.client);
  const block = expanded(master, seed, 2 * MAC_KEY + 2 * BLOCK);
  const head = join(u64(BigInt(sequence)), u8(type), u16(TLS_VERSION.tls12), u16(content.length));
  const mac = createHmac('sha256', block.slice(0, MAC_KEY)).update(join(head, content)).digest().subarray(0, macBytes);
  const padding = BLOCK - 1 - ((content.length + macBytes) % BLOCK);
  const iv = new Uint8Array(BLOCK).fill(7);
  const cipher = createCipheriv('aes-128-cbc', block.slice(2 * MAC_KEY, 2 * MAC_KEY + BLOCK), iv);
  cipher.setAutoPadding(false);
  const inner = join(content, new Uint8Array(mac), new Uint8Array(padding + 1).fill(padding));
  const body = join(iv, new Uint8Array(cipher.update(inner)));
  return join(u8(type), u16(TLS_VERSION.tls12), u16(body.length), body);
}
