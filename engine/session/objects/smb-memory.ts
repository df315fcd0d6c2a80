/** What is remembered of a connection to a file server: opened files, shares, requests whose answers do not repeat them. */

import type { ChunkedFile } from './chunks.ts';

/** A file on a share, as one connection opened it. */
export interface OpenFile {
  readonly name: string;
  readonly share: string;
  /** Size that the server told; -1: none. */
  readonly whole: number;
  readonly chunks: ChunkedFile;
  lastRow: number;
}

/** What is remembered of one connection. */
export interface SmbMemory {
  /** By message: what its response does not repeat. */
  readonly requests: Map<string, SmbRequest>;
  readonly files: Map<string, OpenFile>;
  readonly shares: Map<number, string>;
  /** Told of every file that is opened. */
  opened(file: OpenFile): void;
}

export interface SmbRequest {
  readonly command: number;
  /** Of an open or a connect. */
  readonly name?: string;
  readonly fid?: string;
  readonly offset?: number;
}

/** Requests without a response that are remembered. */
const MAX_REQUESTS = 10_000;

/** A request that its response will need. */
export function remember(memory: SmbMemory, key: string, request: SmbRequest): void {
  memory.requests.set(key, request);
  for (const oldest of memory.requests.keys()) {
    if (memory.requests.size <= MAX_REQUESTS) break;
    memory.requests.delete(oldest);
  }
}
