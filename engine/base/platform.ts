/**
 * What the host lends the engine: decompression and cryptography, synchronous, always with a limit on what may come out.
 * engine/host/platform-node.ts implements it; tests may put in their own.
 */

/** Why a decompression ended. `limit`: the output would be larger than asked for; what fits has been returned. */
export interface Inflated {
  readonly bytes: Uint8Array;
  readonly ended: 'done' | 'limit' | 'damaged' | 'cut';
}

export type CompressionName = 'gzip' | 'deflate' | 'deflate-raw' | 'br' | 'zstd';
export type HashName = 'md5' | 'sha1' | 'sha256' | 'sha384';
/** Block ciphers in CBC mode; the key's length says which AES. */
export type BlockCipherName = 'aes' | 'triple-des' | 'camellia';

export interface Platform {
  /**
   * At most `limit` bytes come out. Never throws because of the bytes. `before`: the bytes are a piece of a raw DEFLATE stream
   * that need not end, and this is what was unpacked before it (its last 32 KB, or nothing).
   */
  inflate(name: CompressionName, bytes: Uint8Array, limit: number, before?: Uint8Array): Inflated;
  hash(name: HashName, bytes: Uint8Array): Uint8Array;
  hmac(name: HashName, key: Uint8Array, bytes: Uint8Array): Uint8Array;
  /** AES in ECB mode, one block, no padding: header protection of QUIC. */
  aesBlock(key: Uint8Array, block: Uint8Array): Uint8Array;
  /** AES-GCM; null where the tag does not fit. `bytes` ends with the 16-byte tag. */
  openAesGcm(key: Uint8Array, nonce: Uint8Array, additional: Uint8Array, bytes: Uint8Array): Uint8Array | null;
  /** AES-CCM with a tag of `tagBytes` (8 or 16) at the end; null where it does not fit. */
  openAesCcm(
    key: Uint8Array,
    nonce: Uint8Array,
    additional: Uint8Array,
    bytes: Uint8Array,
    tagBytes: number,
  ): Uint8Array | null;
  /** CBC mode, padding left in place; null where `bytes` is no whole number of blocks. */
  decryptCbc(cipher: BlockCipherName, key: Uint8Array, iv: Uint8Array, bytes: Uint8Array): Uint8Array | null;
  /** ChaCha20-Poly1305; null where the tag does not fit. */
  openChaCha(key: Uint8Array, nonce: Uint8Array, additional: Uint8Array, bytes: Uint8Array): Uint8Array | null;
}

let current: Platform | undefined;

/** Called once by each entry (host worker, CLI, test set-up) before anything is dissected. */
export function setPlatform(platform: Platform): void {
  current = platform;
}

export function platform(): Platform {
  if (current === undefined) throw new Error('no platform has been set: call setPlatform first');
  return current;
}
