/** What a cipher suite's name says about how records are sealed (RFC 5246 6.2.3, 5288, 5289, 6655, 7905, 8446 B.4). */

import type { BlockCipherName, HashName } from '../../../../base/platform.ts';
import { cipherSuiteNames } from '../../../names/cipher-suites.ts';

/** How records are sealed. */
export type Sealing =
  | { readonly kind: 'gcm' | 'chacha' }
  | { readonly kind: 'ccm'; readonly tagBytes: number }
  | { readonly kind: 'cbc'; readonly cipher: BlockCipherName; readonly blockBytes: number; readonly mac: HashName }
  /** Only protected against changes (RFC 5246 6.2.3.1). */
  | { readonly kind: 'plain'; readonly mac: HashName };

export interface Suite {
  readonly sealing: Sealing;
  readonly keyBytes: number;
  /** Of the nonce, as much as the handshake settles. */
  readonly ivBytes: number;
  readonly macBytes: number;
  /** Hash of the key derivation from TLS 1.2 on. */
  readonly hash: HashName;
}

const MAC_BYTES: Readonly<Record<HashName, number>> = { md5: 16, sha1: 20, sha256: 32, sha384: 48 };
const HASHES: Readonly<Record<string, HashName>> = { MD5: 'md5', SHA: 'sha1', SHA256: 'sha256', SHA384: 'sha384' };
const AES_BLOCK = 16;
const DES_BLOCK = 8;
/** GCM and CCM: four bytes are settled, eight come with each record. ChaCha20 and TLS 1.3: all twelve. */
const SALT_BYTES = 4;
export const NONCE_BYTES = 12;
const TRIPLE_DES_KEY = 24;
const CHACHA_KEY = 32;

const AEAD = /^AES_(128|256)_(GCM|CCM|CCM_8)(?:_(SHA256|SHA384))?$/;
const CBC = /^(AES|CAMELLIA)_(128|256)_CBC_(SHA|SHA256|SHA384)$/;
const TRIPLE_DES = /^3DES_EDE_CBC_(SHA|MD5)$/;
const PLAIN = /^NULL_(MD5|SHA|SHA256|SHA384)$/;

/** null: a suite that nobody here can open. */
export function suiteOf(number: number): Suite | null {
  const name = cipherSuiteNames[number] ?? '';
  const is13 = number >>> 8 === 0x13;
  const rest = is13 ? name.replace(/^TLS_/, '') : (name.split('_WITH_')[1] ?? '');
  const aead = AEAD.exec(rest);
  if (aead !== null) {
    return {
      sealing: aead[2] === 'GCM' ? { kind: 'gcm' } : { kind: 'ccm', tagBytes: aead[2] === 'CCM_8' ? 8 : 16 },
      keyBytes: Number(aead[1]) / 8,
      ivBytes: is13 ? NONCE_BYTES : SALT_BYTES,
      macBytes: 0,
      hash: aead[3] === 'SHA384' ? 'sha384' : 'sha256',
    };
  }
  if (rest === 'CHACHA20_POLY1305_SHA256')
    return { sealing: { kind: 'chacha' }, keyBytes: CHACHA_KEY, ivBytes: NONCE_BYTES, macBytes: 0, hash: 'sha256' };
  const cbc = CBC.exec(rest);
  if (cbc !== null)
    return withMac(cbc[1] === 'AES' ? 'aes' : 'camellia', AES_BLOCK, Number(cbc[2]) / 8, HASHES[cbc[3]]);
  const tripleDes = TRIPLE_DES.exec(rest);
  if (tripleDes !== null) return withMac('triple-des', DES_BLOCK, TRIPLE_DES_KEY, HASHES[tripleDes[1]]);
  const plain = PLAIN.exec(rest);
  if (plain === null) return null;
  const mac = HASHES[plain[1]];
  return { sealing: { kind: 'plain', mac }, keyBytes: 0, ivBytes: 0, macBytes: MAC_BYTES[mac], hash: derivation(mac) };
}

function withMac(cipher: BlockCipherName, blockBytes: number, keyBytes: number, mac: HashName): Suite {
  return {
    sealing: { kind: 'cbc', cipher, blockBytes, mac },
    keyBytes,
    ivBytes: blockBytes,
    macBytes: MAC_BYTES[mac],
    hash: derivation(mac),
  };
}

/** RFC 5246 5: SHA-256, unless the suite names a stronger one. */
function derivation(mac: HashName): HashName {
  return mac === 'sha384' ? 'sha384' : 'sha256';
}
