/** engine/base/platform.ts by Node's zlib and crypto; zstd by the readers' own. */

import {
  type CipherCCMTypes,
  type CipherGCMTypes,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
} from 'node:crypto';
import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import {
  type BlockCipherName,
  type CompressionName,
  type Inflated,
  type Platform,
  setPlatform,
} from '../base/platform.ts';
import { ZstdUnpacker } from '../readers/unpack-zstd.ts';

const TAG_BYTES = 16;
/** zlib's functions refuse a limit of 0. */
const MIN_LIMIT = 1;

type ZlibName = Exclude<CompressionName, 'zstd'>;

/** Inflates all of `bytes`; `toTheEnd`: an end that is missing is an error. */
function unpack(
  name: ZlibName,
  bytes: Uint8Array,
  maxOutputLength: number,
  toTheEnd: boolean,
  before?: Uint8Array,
): Uint8Array {
  if (name === 'br') {
    const finishFlush = toTheEnd ? constants.BROTLI_OPERATION_FINISH : constants.BROTLI_OPERATION_FLUSH;
    return brotliDecompressSync(bytes, { maxOutputLength, finishFlush });
  }
  const options = { maxOutputLength, finishFlush: toTheEnd ? constants.Z_FINISH : constants.Z_SYNC_FLUSH };
  switch (name) {
    case 'gzip':
      return gunzipSync(bytes, options);
    case 'deflate':
      return inflateSync(bytes, options);
    case 'deflate-raw':
      return inflateRawSync(
        bytes,
        before === undefined || before.length === 0 ? options : { ...options, dictionary: before },
      );
  }
}

/** Why zlib refused. Its messages are not stable, its codes are. */
function reasonOf(thrown: unknown): 'limit' | 'damaged' | 'cut' {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code === 'ERR_BUFFER_TOO_LARGE') return 'limit';
  if (code === 'Z_BUF_ERROR') return 'cut';
  if (typeof code === 'string' && /^(Z_|ERR_|BROTLI_)/.test(code)) return 'damaged';
  throw thrown;
}

/**
 * What comes out before the damage or the limit: zlib's one-call functions give nothing then, so the longest start of the
 * input that unpacks is searched by halving. Every step is bounded by the same limit.
 */
function unpackStart(name: ZlibName, bytes: Uint8Array, limit: number, before?: Uint8Array): Uint8Array {
  let best: Uint8Array = new Uint8Array(0);
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    try {
      best = unpack(name, bytes.subarray(0, middle), limit, false, before);
      good = middle;
    } catch (thrown) {
      reasonOf(thrown);
      bad = middle;
    }
  }
  return best;
}

class LimitReached extends Error {}

/** Node has had its own zstd only since 22.15; the reader's bounds every block, so that no header can keep it busy. */
function unpackZstd(bytes: Uint8Array, limit: number): Inflated {
  const parts: Uint8Array[] = [];
  let length = 0;
  const unpacker = new ZstdUnpacker((part) => {
    const fits = part.subarray(0, limit - length);
    parts.push(fits.slice());
    length += fits.length;
    if (fits.length < part.length) throw new LimitReached();
  });
  let ended: Inflated['ended'] = 'done';
  try {
    const problem = unpacker.push(bytes) ?? unpacker.end();
    if (problem !== null) ended = problem.kind === 'cut' ? 'cut' : 'damaged';
  } catch (thrown) {
    if (!(thrown instanceof LimitReached)) throw thrown;
    ended = 'limit';
  }
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return { bytes: out, ended };
}

function inflate(name: CompressionName, input: Uint8Array, limit: number, before?: Uint8Array): Inflated {
  // zlib wants memory that no other thread writes to.
  const bytes = input.buffer instanceof SharedArrayBuffer ? input.slice() : input;
  if (bytes.length === 0) return { bytes, ended: 'cut' };
  if (name === 'zstd') return unpackZstd(bytes, limit);
  const most = Math.max(MIN_LIMIT, limit);
  try {
    return { bytes: unpack(name, bytes, most, before === undefined, before), ended: 'done' };
  } catch (thrown) {
    return { bytes: unpackStart(name, bytes, most, before), ended: reasonOf(thrown) };
  }
}

function openSealed(
  cipher: 'chacha20-poly1305' | CipherGCMTypes,
  key: Uint8Array,
  nonce: Uint8Array,
  additional: Uint8Array,
  bytes: Uint8Array,
): Uint8Array | null {
  if (bytes.length < TAG_BYTES) return null;
  const body = bytes.subarray(0, bytes.length - TAG_BYTES);
  // Both families take the same calls; the types of Node's two overloads do not say so.
  const decipher = createDecipheriv(cipher as CipherGCMTypes, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(bytes.subarray(body.length));
  decipher.setAAD(additional);
  const opened = decipher.update(body);
  try {
    decipher.final();
  } catch {
    return null; // the only thing final() can say here: the tag does not fit
  }
  return opened;
}

/** CCM checks the tag in update(), before anything comes out. */
function openCcm(
  key: Uint8Array,
  nonce: Uint8Array,
  additional: Uint8Array,
  bytes: Uint8Array,
  authTagLength: number,
): Uint8Array | null {
  if (bytes.length < authTagLength) return null;
  const body = bytes.subarray(0, bytes.length - authTagLength);
  const cipher: CipherCCMTypes = key.length === 16 ? 'aes-128-ccm' : 'aes-256-ccm';
  const decipher = createDecipheriv(cipher, key, nonce, { authTagLength });
  decipher.setAuthTag(bytes.subarray(body.length));
  decipher.setAAD(additional, { plaintextLength: body.length });
  try {
    const opened = decipher.update(body);
    decipher.final();
    return opened;
  } catch {
    return null; // the only thing that can be wrong here: the tag does not fit
  }
}

const CBC_NAMES: Readonly<Record<BlockCipherName, (keyBytes: number) => string>> = {
  aes: (keyBytes) => `aes-${keyBytes * 8}-cbc`,
  'triple-des': () => 'des-ede3-cbc',
  camellia: (keyBytes) => `camellia-${keyBytes * 8}-cbc`,
};

function decryptCbc(cipher: BlockCipherName, key: Uint8Array, iv: Uint8Array, bytes: Uint8Array): Uint8Array | null {
  if (bytes.length % iv.length !== 0) return null;
  const decipher = createDecipheriv(CBC_NAMES[cipher](key.length), key, iv);
  decipher.setAutoPadding(false);
  const opened = decipher.update(bytes);
  decipher.final();
  return opened;
}

export const nodePlatform: Platform = {
  inflate,
  hash: (name, bytes) => createHash(name).update(bytes).digest(),
  hmac: (name, key, bytes) => createHmac(name, key).update(bytes).digest(),
  aesBlock(key, block) {
    const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null);
    cipher.setAutoPadding(false);
    return cipher.update(block);
  },
  openAesGcm: (key, nonce, additional, bytes) =>
    openSealed(key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm', key, nonce, additional, bytes),
  openAesCcm: openCcm,
  decryptCbc,
  openChaCha: (key, nonce, additional, bytes) => openSealed('chacha20-poly1305', key, nonce, additional, bytes),
};

/** Called first by every entry that runs on Node. */
export function useNodePlatform(): void {
  setPlatform(nodePlatform);
}
