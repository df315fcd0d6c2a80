/** The user's key log file: read whole, as it is now; the program that writes it goes on. */

import { readFileSync, statSync } from 'node:fs';
import { NagareError } from '../base/errors.ts';
import { KeyLog } from '../base/key-log.ts';

const MAX_BYTES = 256 << 20;

/** Throws a NagareError where the file cannot be read, or holds no secrets. */
export function readKeyLogFile(path: string): { readonly text: Uint8Array; readonly secrets: number } {
  const text = contentsOf(path);
  const secrets = new KeyLog().add(text);
  if (secrets === 0 && text.length > 0)
    throw problem('bad-input', 'keyLog.noSecrets', `${path} is no TLS key log file`, { path });
  return { text, secrets };
}

function contentsOf(path: string): Uint8Array {
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES)
      throw problem('too-large', 'keyLog.tooLarge', `${path} has ${size} bytes; the limit is ${MAX_BYTES}`, {
        path,
        size,
        limit: MAX_BYTES,
      });
    return readFileSync(path);
  } catch (thrown) {
    if (thrown instanceof NagareError) throw thrown;
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'EIO';
    const isMissing = code === 'ENOENT';
    throw problem(
      isMissing ? 'file-not-found' : 'file-not-readable',
      isMissing ? 'keyLog.missing' : 'keyLog.unreadable',
      isMissing ? `There is no key log file ${path}` : `The key log file ${path} cannot be read (${code})`,
      { path, code },
    );
  }
}

/** `key`: the sentence in the dictionaries, for windows. */
function problem(
  code: NagareError['code'],
  key: string,
  message: string,
  params: Readonly<Record<string, string | number>>,
): NagareError {
  return new NagareError(code, message, { key, params });
}
