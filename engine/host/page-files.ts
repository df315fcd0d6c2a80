/**
 * The built page as whoever serves it answers it (Electron's own protocol, nagare serve): files below one folder, each
 * answer with the headers that keep the page to itself (Content Security Policy Level 3, Fetch's isolation headers).
 */

import { randomBytes } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, isAbsolute, join, relative, sep } from 'node:path';

export interface PageAnswer {
  readonly status: 200 | 400 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};

const INDEX = 'index.html';
/** Where the renderer looks for the nonce (renderer/theme/nonce.ts). */
const NONCE_PLACE = '<meta property="csp-nonce" nonce="" />';
/** Names in this folder hold a hash of their content. */
const HASHED = 'assets/';

/** Only files of our own run, nothing is fetched from elsewhere, no string becomes markup or script, nobody frames the page. */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

/** Headers of every answer, whatever it holds. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
  'Permissions-Policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
};

export function makeNonce(): string {
  return randomBytes(16).toString('base64');
}

export class PageFiles {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Answers the path of an address, as it stands there (percent-encoded). Nothing outside the folder, no listings. */
  async answer(pathname: string): Promise<PageAnswer> {
    const nonce = makeNonce();
    const name = decoded(pathname);
    if (name === null) return refusal(400, nonce);
    const path = await this.find(name === '' ? INDEX : name);
    if (path === null) return refusal(404, nonce);
    const bytes = await readFile(path);
    const isPage = extname(path) === '.html';
    return {
      status: 200,
      headers: {
        ...headers(nonce),
        'Content-Type': TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream',
        'Cache-Control': name.startsWith(HASHED) ? 'private, max-age=31536000, immutable' : 'no-store',
      },
      body: isPage ? withNonce(bytes, nonce) : bytes,
    };
  }

  /** The real path of a file below the folder, links resolved; null: there is none. */
  private async find(name: string): Promise<string | null> {
    try {
      const root = await realpath(this.folder);
      const path = await realpath(join(root, name));
      return isInside(root, path) && (await stat(path)).isFile() ? path : null;
    } catch {
      return null; // whatever the system says of such a name, there is no file of the page behind it
    }
  }
}

/** Whether a path is the folder or lies below it. Both must be real paths; Windows' letter case does not matter there. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** `/assets/a%20b.js` as `assets/a b.js`; null for what no link of the page would hold. */
function decoded(pathname: string): string | null {
  let name: string;
  try {
    name = decodeURIComponent(pathname).replace(/^\//, '');
  } catch {
    return null;
  }
  const isOdd = name.includes('\0') || name.includes('\\') || name.includes(':');
  return isOdd || name.startsWith('/') || name.split('/').includes('..') ? null : name;
}

function headers(nonce: string): Record<string, string> {
  return { ...SECURITY_HEADERS, 'Content-Security-Policy': contentSecurityPolicy(nonce) };
}

function refusal(status: 400 | 404, nonce: string): PageAnswer {
  const body = new TextEncoder().encode(status === 400 ? 'Bad request\n' : 'Not found\n');
  return {
    status,
    headers: { ...headers(nonce), 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
    body,
  };
}

function withNonce(bytes: Uint8Array, nonce: string): Uint8Array {
  const html = new TextDecoder().decode(bytes);
  if (!html.includes(NONCE_PLACE)) throw new Error('index.html has no place for the nonce');
  return new TextEncoder().encode(html.replace(NONCE_PLACE, `<meta property="csp-nonce" nonce="${nonce}" />`));
}
