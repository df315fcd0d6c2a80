/** `app://nagare/`: the page by a protocol of its own, instead of `file:`, whose pages may read what they like. */

import type { CustomScheme } from 'electron';
import { type PageFiles, SECURITY_HEADERS } from '../engine/host/page-files.ts';

const SCHEME = 'app';
const HOST = 'nagare';

export const PAGE_URL = `${SCHEME}://${HOST}/`;

/** Registered once, before the program is ready. No bypassCSP, no service workers. */
export const APP_SCHEME: CustomScheme = {
  scheme: SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true },
};

export const SCHEME_NAME = SCHEME;

/** Whether an address is this page's. Compared part by part: `app://nagare.example/` begins the same. */
export function isOurPage(address: string): boolean {
  try {
    const { protocol, host } = new URL(address);
    return protocol === `${SCHEME}:` && host === HOST;
  } catch {
    return false; // no address at all
  }
}

/** Answers a request of the page: files of the built page, nothing outside of its folder. */
export async function answerRequest(page: PageFiles, request: Request): Promise<Response> {
  if (!isOurPage(request.url)) return refuse(404, 'Not found');
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Method not allowed');
  const { status, headers, body } = await page.answer(new URL(request.url).pathname);
  return new Response(request.method === 'HEAD' ? null : new Uint8Array(body), { status, headers: { ...headers } });
}

function refuse(status: number, text: string): Response {
  return new Response(text, { status, headers: { ...SECURITY_HEADERS, 'Content-Type': 'text/plain; charset=utf-8' } });
}
