/** Seals TLS 1.3 records (RFC 8446 5.2, 7.1 to 7.3) with Node's own cryptography: what no recording has in it. */

import { createCipheriv, createHmac } from 'node:crypto';
import { join, latin1, u8, u16 } from './build-bytes.ts';
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
