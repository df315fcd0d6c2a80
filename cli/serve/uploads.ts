/** Dropped files: streamed into a private temporary file, counted on the way, never held in memory. */

import { createWriteStream, rmSync, statfsSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { NagareError } from '../../engine/base/errors.ts';
import { safeFileName } from '../../engine/host/file-name.ts';
import type { PrivateFolder } from '../../engine/host/private-folder.ts';
import { sizeText } from './size-text.ts';

/** The disk is not filled further than this. */
const KEEP_FREE_BYTES = 256 * 1024 * 1024;
/** A sender that says nothing for this long is gone. */
const IDLE_MS = 60_000;
/** Bytes between two looks at the free disk. */
const CHECK_BYTES = 64 * 1024 * 1024;

export class Uploads {
  readonly limit: number;
  private readonly folder: PrivateFolder;

  constructor(folder: PrivateFolder, limit: number) {
    this.folder = folder;
    this.limit = limit;
  }

  /** Path of the copy. Throws `too-large` or `no-space`; nothing is left of a file that did not arrive whole. */
  async receive(request: IncomingMessage): Promise<string> {
    const announced = Number(request.headers['content-length']);
    if (announced > this.limit) throw this.tooLarge();
    checkDisk(this.folder.path, Number.isFinite(announced) ? announced : 0);
    request.setTimeout(IDLE_MS, () => request.destroy(new Error('the sender has fallen silent')));
    const path = this.folder.newPath(safeFileName(headerName(request), 'capture'));
    try {
      const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
      // The request outlives a refusal: its answer goes over the same connection.
      await pipeline(this.counted(request.iterator({ destroyOnReturn: false })), file);
      return path;
    } catch (thrown) {
      rmSync(path, { force: true });
      throw asDiskError(thrown, this.folder.path);
    }
  }

  private async *counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let total = 0;
    let checked = 0;
    for await (const chunk of chunks) {
      total += chunk.length;
      if (total > this.limit) throw this.tooLarge();
      if (total - checked >= CHECK_BYTES) {
        checkDisk(this.folder.path, 0);
        checked = total;
      }
      yield chunk;
    }
  }

  private tooLarge(): NagareError {
    const limit = sizeText(this.limit);
    return new NagareError(
      'too-large',
      `Dropped files may have up to ${limit}; name larger ones at start: nagare serve FILE`,
    );
  }
}

/** The page sends the name percent-encoded: headers hold no other characters. */
function headerName(request: IncomingMessage): string {
  const given = request.headers['x-file-name'];
  if (typeof given !== 'string') return '';
  try {
    return decodeURIComponent(given);
  } catch {
    return ''; // no encoding of anything: the file gets a name of ours
  }
}

function checkDisk(folder: string, wanted: number): void {
  let free: number;
  try {
    const { bavail, bsize } = statfsSync(folder);
    free = bavail * bsize;
  } catch {
    return; // some disks cannot be asked; a full one shows when it is written to
  }
  if (free - wanted < KEEP_FREE_BYTES) throw noSpace(folder);
}

function noSpace(folder: string): NagareError {
  return new NagareError('no-space', `There is not enough free space in ${folder}.`);
}

function asDiskError(thrown: unknown, folder: string): unknown {
  const code = (thrown as NodeJS.ErrnoException).code;
  return code === 'ENOSPC' || code === 'EDQUOT' ? noSpace(folder) : thrown;
}
