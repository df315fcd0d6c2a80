/** What captures: one small interface, one file per tool. A tool is a program of its own; none of its code runs in ours. */

import { NagareError } from '../../base/errors.ts';
import type { CaptureAbility, CaptureNeed, CaptureSettings, LiveInterface } from '../../contract/capture.ts';

/** Counters of a run so far. */
export interface RunCounts {
  /** null: the tool does not say; the file is counted. */
  readonly captured: number | null;
  readonly received: number | null;
  readonly droppedByKernel: number | null;
  readonly droppedByInterface: number | null;
  /** Of all files; null: the tool does not say. */
  readonly bytes: number | null;
}

/** What a run says while it goes on. */
export interface RunListener {
  /** A file was begun: the first one, or the next of a ring. */
  opened(path: string): void;
  /** The oldest file of a ring is gone. */
  removed(path: string): void;
  counts(counts: RunCounts): void;
  /** Something is wrong; the run may go on. */
  problem(need: CaptureNeed): void;
}

export interface ToolRun {
  /** Resolves when packets can come, rejects with a NagareError whose detail is the need. */
  readonly started: Promise<void>;
  /** Resolves when the program has ended and its files are whole. */
  readonly ended: Promise<void>;
  /** Ends it; what it has seen is written. */
  stop(): void;
  /** Goes on in the next file of the ring at once. */
  rotate?(): void;
}

export interface CaptureTool {
  readonly name: CaptureAbility['tool'];
  /** Times are the kernel's, and drops are counted. */
  readonly isExact: boolean;
  /** `pcapng`, or what else its files end in. */
  readonly extension: 'pcapng' | 'pcap' | 'etl';
  /** Its files can be read while they are written. */
  readonly isLive: boolean;
  /** Throws a NagareError whose detail is the need. */
  survey(): Promise<Survey>;
  /** null: the tool cannot tell; a wrong filter shows when the capture starts. */
  checkFilter(linkType: string, filter: string): Promise<FilterCheck | null>;
  start(options: CaptureSettings, path: string, listener: RunListener): ToolRun;
}

export type FilterCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly message: string; readonly at: number | null };

export interface Survey {
  readonly version: string;
  readonly interfaces: readonly LiveInterface[];
  readonly needs: readonly CaptureNeed[];
}

/** The right to capture is got in another way on each system. */
export const NO_PERMISSION =
  process.platform === 'win32'
    ? 'permission-windows'
    : process.platform === 'darwin'
      ? 'permission-macos'
      : 'permission-linux';

/** A need as an error: the key is one of the dictionaries'. */
export function needError(need: CaptureNeed, message: string): NagareError {
  return new NagareError('failed', message, { key: `captureNeed.${need.key}`, params: need.params });
}

/** The need that an error carries; `failed` with its text where it carries none. */
export function needOf(thrown: unknown): CaptureNeed {
  if (thrown instanceof NagareError && isNeed(thrown.detail)) {
    return { key: thrown.detail.key.slice('captureNeed.'.length), params: thrown.detail.params };
  }
  return { key: 'failed', params: { reason: thrown instanceof Error ? thrown.message : String(thrown) } };
}

function isNeed(detail: unknown): detail is CaptureNeed {
  return (
    typeof detail === 'object' &&
    detail !== null &&
    'key' in detail &&
    'params' in detail &&
    typeof detail.key === 'string' &&
    detail.key.startsWith('captureNeed.')
  );
}
