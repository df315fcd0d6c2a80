/** Exports on their way to the browser: a file of the host under an address that works once (RFC 6266, RFC 8187). */

import { randomBytes } from 'node:crypto';
import { createReadStream, rmSync, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { safeFileName } from '../../engine/host/file-name.ts';
import type { PrivateFolder } from '../../engine/host/private-folder.ts';

/** Where downloads lie; followed by the id. */
export const DOWNLOAD_PATH = '/download/';

interface Download {
  readonly path: string;
  readonly name: string;
}

export class Downloads {
  private readonly folder: PrivateFolder;
  private readonly waiting = new Map<string, Download>();

  constructor(folder: PrivateFolder) {
    this.folder = folder;
  }

  /** A place to write an export to, and the address, relative to the page, that it can then be fetched from. */
  add(suggestedName: string): { readonly path: string; readonly address: string } {
    const id = randomBytes(32).toString('base64url');
    const name = safeFileName(suggestedName, 'export');
    const path = this.folder.newPath(name);
    this.waiting.set(id, { path, name });
    return { path, address: `.${DOWNLOAD_PATH}${id}` };
  }

  /** Sends the file and forgets it; false: there is none of this id. */
  async send(id: string, response: ServerResponse): Promise<boolean> {
    const download = this.waiting.get(id);
    this.waiting.delete(id);
    if (download === undefined) return false;
    try {
      response.writeHead(200, {
        'Content-Type': 'application/octet-stream',
        'Content-Length': statSync(download.path).size,
        'Content-Disposition': disposition(download.name),
        'Cache-Control': 'no-store',
      });
      await pipeline(createReadStream(download.path), response);
    } finally {
      rmSync(dirname(download.path), { recursive: true, force: true, maxRetries: 3 });
    }
    return true;
  }
}

/** The name twice: plain ASCII for old readers, and exactly. The name must be a safe one. */
export function disposition(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%]/g, '_');
  const exact = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${exact}`;
}
