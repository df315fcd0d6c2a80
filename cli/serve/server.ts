/**
 * `nagare serve`: the page, its WebSocket, dropped files and downloads over HTTP/1.1 on the loopback address. Nothing is
 * answered before Host has been checked, and nothing but the exchange of a code without the cookie.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { NagareError } from '../../engine/base/errors.ts';
import type { Transport } from '../../engine/contract/transport.ts';
import { log } from '../../engine/host/log.ts';
import { contentSecurityPolicy, makeNonce, PageFiles, SECURITY_HEADERS } from '../../engine/host/page-files.ts';
import type { Translate } from '../../engine/text/index.ts';
import { Access } from './access.ts';
import { DOWNLOAD_PATH, type Downloads } from './downloads.ts';
import { MAX_MESSAGE_BYTES, socketTransport } from './socket-transport.ts';
import type { Uploads } from './uploads.ts';

const ADDRESS = '127.0.0.1';
/** Each window holds a capture of its own. */
const MAX_WINDOWS = 32;
const HEADERS_MS = 10_000;
/** How long the rest of a refused file is let in, so that its sender gets to read the answer. */
const DRAIN_MS = 2000;

export interface ServerOptions {
  /** 0: one that is free. */
  readonly port: number;
  /** The built page. */
  readonly pageFolder: string;
  readonly uploads: Uploads;
  readonly downloads: Downloads;
  readonly t: Translate;
  /** A page has connected. */
  readonly onConnect: (transport: Transport) => void;
  readonly now?: () => number;
}

export interface RunningServer {
  readonly port: number;
  /** An address with a new code, for one browser. */
  newAddress(): string;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** Resolves when the port is open; throws a NagareError where it is not free. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const http = createServer();
  const port = await listen(http, options.port);
  const site = new Site(options, new Access(port, options.now));
  http.headersTimeout = HEADERS_MS;
  http.requestTimeout = 0; // a dropped file takes its time; uploads.ts watches for silence
  http.on('request', (request, response) => void site.answer(request, response));
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => site.upgrade(request, socket, head));
  return {
    port,
    newAddress: () => `http://${ADDRESS}:${port}/?code=${site.access.newCode()}`,
    close: () =>
      new Promise((resolve) => {
        site.close();
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

function listen(http: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      const message = `Port ${port} cannot be used (${error.code}); choose another one, or none.`;
      reject(isTaken ? new NagareError('failed', message) : error);
    });
    http.listen(port, ADDRESS, () => resolve((http.address() as AddressInfo).port));
  });
}

class Site {
  readonly access: Access;
  private readonly options: ServerOptions;
  private readonly page: PageFiles;
  private readonly sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  });

  constructor(options: ServerOptions, access: Access) {
    this.options = options;
    this.access = access;
    this.page = new PageFiles(options.pageFolder);
  }

  close(): void {
    for (const socket of this.sockets.clients) socket.terminate();
    this.sockets.close();
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
      await this.route(request, response);
    } catch (error) {
      if (request.destroyed && !request.complete) return; // the browser is gone: nobody to tell
      log(
        'error',
        `${request.method ?? ''} ${request.url ?? ''}: ${error instanceof Error ? error.message : String(error)}`,
      );
      if (response.headersSent) response.destroy();
      else text(response, 500, 'Something went wrong; the terminal says what.');
    }
  }

  /** Opens the page's connection, or refuses it without a word about why. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const { headers } = request;
    const status =
      !this.access.isOurHost(headers) || !this.access.isOurOrigin(headers) || !this.access.hasCookie(headers)
        ? '403 Forbidden'
        : pathOf(request)?.pathname !== '/host'
          ? '404 Not Found'
          : this.sockets.clients.size >= MAX_WINDOWS
            ? '503 Service Unavailable'
            : null;
    if (status !== null) {
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', (error) => log('warning', `a page's connection failed: ${error.message}`));
      this.options.onConnect(socketTransport(webSocket));
    });
  }

  private async route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { t } = this.options;
    const { method } = request;
    if (!this.access.isOurHost(request.headers)) return text(response, 403, t('serve.wrongHost'));
    const url = pathOf(request);
    if (url === null) return text(response, 400, 'Bad request');
    const isRead = method === 'GET' || method === 'HEAD';
    const code = url.searchParams.get('code');
    if (url.pathname === '/' && code !== null && method === 'GET') return this.exchange(code, request, response);
    if (!this.access.hasCookie(request.headers)) {
      if (url.pathname === '/' && isRead && comesFromElsewhere(request)) return bounce(response);
      return text(response, 403, t('serve.noCookie'));
    }
    if (url.pathname === '/upload') {
      if (method !== 'POST') return notAllowed(response, 'POST');
      return this.upload(request, response);
    }
    if (!isRead) return notAllowed(response, 'GET, HEAD');
    if (url.pathname.startsWith(DOWNLOAD_PATH)) {
      if (method !== 'GET') return notAllowed(response, 'GET');
      const isSent = await this.options.downloads.send(url.pathname.slice(DOWNLOAD_PATH.length), response);
      return isSent ? undefined : text(response, 404, t('serve.noDownload'));
    }
    const answer = await this.page.answer(url.pathname);
    response.writeHead(answer.status, { ...answer.headers, 'Content-Length': answer.body.length });
    response.end(method === 'HEAD' ? undefined : answer.body);
  }

  /** A code becomes a cookie; the address that stays in the browser's history has none. */
  private exchange(code: string, request: IncomingMessage, response: ServerResponse): void {
    const cookie = this.access.exchange(code);
    if (cookie === null && !this.access.hasCookie(request.headers)) {
      return text(response, 403, this.options.t('serve.codeUsed'));
    }
    response.writeHead(303, {
      Location: '/',
      'Cache-Control': 'no-store',
      'Content-Length': 0,
      ...(cookie === null ? {} : { 'Set-Cookie': cookie }),
    });
    response.end();
  }

  private async upload(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.access.isOurOrigin(request.headers)) return text(response, 403, this.options.t('serve.wrongHost'));
    try {
      json(response, 200, { path: await this.options.uploads.receive(request) });
    } catch (error) {
      if (!(error instanceof NagareError)) throw error;
      json(response, error.code === 'too-large' ? 413 : 507, { message: error.message });
      request.resume();
      setTimeout(() => {
        if (!request.complete) request.destroy();
      }, DRAIN_MS).unref();
    }
  }
}

/** The path and query of a request; null: a form that only proxies and hosts of many names know. */
function pathOf({ url }: IncomingMessage): URL | null {
  if (url === undefined || !url.startsWith('/')) return null;
  try {
    return new URL(`http://${ADDRESS}${url}`);
  } catch {
    return null;
  }
}

/**
 * A browser that was led here from another page or a file does not send a SameSite=Strict cookie on that step, nor on
 * redirects that follow it. A page of ours that leads to itself makes the next step our own.
 */
function comesFromElsewhere({ headers }: IncomingMessage): boolean {
  return headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] === 'navigate';
}

function bounce(response: ServerResponse): void {
  const page =
    '<!doctype html><meta charset="utf-8"><title>Nagare</title><meta http-equiv="refresh" content="0; url=/">';
  send(response, 200, 'text/html; charset=utf-8', page);
}

function text(response: ServerResponse, status: number, message: string): void {
  send(response, status, 'text/plain; charset=utf-8', `${message}\n`);
}

function notAllowed(response: ServerResponse, allow: string): void {
  response.setHeader('Allow', allow);
  text(response, 405, 'Method not allowed');
}

function json(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, 'application/json', JSON.stringify(value));
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'Content-Security-Policy': contentSecurityPolicy(makeNonce()),
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  });
  response.end(body);
}
