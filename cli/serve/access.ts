/**
 * Who may talk to the server: whoever brought a one-time code, from then on by cookie (RFC 6265bis), from a page of this
 * very server. Host and Origin are checked because names of other sites can be made to lead here (DNS rebinding), and
 * because pages of other servers on this machine count as the same site.
 */

import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export const CODE_LIFETIME_MS = 60_000;

/** 256 bits: nobody guesses it. */
function secret(): string {
  return randomBytes(32).toString('base64url');
}

export class Access {
  private readonly port: number;
  private readonly now: () => number;
  /** Code to the time when it ends. */
  private readonly codes = new Map<string, number>();
  private readonly sessions = new Set<string>();

  constructor(port: number, now: () => number = () => performance.now()) {
    this.port = port;
    this.now = now;
  }

  /** A code for one browser, valid once and for a minute. */
  newCode(): string {
    const now = this.now();
    for (const [code, end] of this.codes) if (end <= now) this.codes.delete(code);
    const code = secret();
    this.codes.set(code, now + CODE_LIFETIME_MS);
    return code;
  }

  /** Uses a code up: the Set-Cookie header that it buys, or null. */
  exchange(code: string): string | null {
    const end = this.codes.get(code);
    this.codes.delete(code);
    if (end === undefined || this.now() >= end) return null;
    const session = secret();
    this.sessions.add(session);
    return `${this.cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  hasCookie({ cookie }: IncomingHttpHeaders): boolean {
    for (const pair of (cookie ?? '').split(';')) {
      const split = pair.indexOf('=');
      if (
        split > 0 &&
        pair.slice(0, split).trim() === this.cookieName &&
        this.sessions.has(pair.slice(split + 1).trim())
      ) {
        return true;
      }
    }
    return false;
  }

  /** Whether a request was made to this server by one of its own names. */
  isOurHost({ host }: IncomingHttpHeaders): boolean {
    return host !== undefined && this.hosts.includes(host.toLowerCase());
  }

  /** Whether a page of this server asks. Browsers name the origin of every WebSocket and every POST. */
  isOurOrigin({ host, origin }: IncomingHttpHeaders): boolean {
    return host !== undefined && origin === `http://${host.toLowerCase()}`;
  }

  private get hosts(): readonly string[] {
    return [`127.0.0.1:${this.port}`, `localhost:${this.port}`];
  }

  /** Cookies know no ports: the name keeps two servers of one machine apart. */
  private get cookieName(): string {
    return `nagare-${this.port}`;
  }
}
