/**
 * Unpacks a compressed capture once into a private temporary file (DESIGN: everything is a file): mode 0600 in a folder of
 * mode 0700, watched for size and free disk, removed by `dispose`. What a crashed process left is removed at the next start.
 */

import { closeSync, lstatSync, mkdtempSync, openSync, readdirSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, createGunzip, type Gunzip } from 'node:zlib';
import { captureError } from '../base/capture-problems.ts';
import type { CaptureError, NagareError } from '../base/errors.ts';
import {
  COMPRESSION_HEAD_BYTES,
  type Compression,
  compressionOf,
  type Unpacker,
  type UnpackLimit,
  type UnpackProblem,
  type UnpackSink,
  unpackLimit,
} from '../readers/unpack.ts';
import { Lz4Unpacker } from '../readers/unpack-lz4.ts';
import { ZstdUnpacker } from '../readers/unpack-zstd.ts';
import { errorCode, FileSource, fileError, reason } from './file-source.ts';

export interface UnpackProgress {
  /** Of the compressed file. */
  readonly readBytes: number;
  readonly totalBytes: number;
  /** Size of the temporary file so far. */
  readonly writtenBytes: number;
}

export interface UnpackOptions {
  readonly onProgress?: (progress: UnpackProgress) => void;
  /** Asked between pieces; true ends the unpacking with `cancelled`. */
  readonly isCancelled?: () => boolean;
  /** Most bytes that may come out; see unpackLimit for what counts without it. */
  readonly limitBytes?: number;
  /** Where the temporary folder is made; the system's place for such by default. */
  readonly temporary?: string;
}

export interface UnpackedFile {
  /** The file to read: the temporary one, or the given one where it was not compressed. */
  readonly path: string;
  readonly compression: Compression | null;
  /** Why not all of it came out; what did is in the file. */
  readonly problem: CaptureError | null;
  /** Removes the temporary file. May be called twice. */
  dispose(): void;
}

const PIECE_BYTES = 64 * 1024;
/** Bytes written between two looks at the free disk and two calls of onProgress. */
const REPORT_BYTES = 16 * 1024 * 1024;
/** The disk is not filled further than this. */
const KEEP_FREE_BYTES = 256 * 1024 * 1024;

const PREFIX = 'nagare-';
/** `nagare-PID-XXXXXX`, as mkdtemp completes it. */
const FOLDER = /^nagare-(\d+)-[A-Za-z0-9]{6}$/;

/** Throws a NagareError where the file cannot be read, is too large unpacked, does not fit the disk, or was cancelled. */
export async function unpackIfPacked(path: string, options: UnpackOptions = {}): Promise<UnpackedFile> {
  const source = new FileSource(path);
  try {
    const head = new Uint8Array(COMPRESSION_HEAD_BYTES);
    const compression = compressionOf(head.subarray(0, source.read(0, head)));
    if (compression === null) return { path, compression, problem: null, dispose: () => undefined };
    return await unpackToFolder(source, compression, options);
  } finally {
    source.close();
  }
}

async function unpackToFolder(
  source: FileSource,
  compression: Compression,
  options: UnpackOptions,
): Promise<UnpackedFile> {
  const folder = makeFolder(options.temporary ?? tmpdir());
  const dispose = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  const path = join(folder, 'capture');
  try {
    const output = new Output(path, folder, source, options);
    try {
      const problem = await unpackers[compression](source, output);
      output.finish();
      return { path, compression, problem: problem && asCaptureError(problem, compression, source, output), dispose };
    } finally {
      output.close();
    }
  } catch (thrown) {
    dispose();
    throw thrown;
  }
}

const unpackers: Record<Compression, (source: FileSource, output: Output) => Promise<UnpackProblem | null>> = {
  gzip: unpackGzip,
  zstd: async (source, output) => pump(source, output, new ZstdUnpacker(output.sink)),
  lz4: async (source, output) => pump(source, output, new Lz4Unpacker(output.sink)),
};

function asCaptureError(
  { kind, message, at }: UnpackProblem,
  compression: Compression,
  source: FileSource,
  output: Output,
): CaptureError {
  const place = { reader: compression, at: output.written, file: source.name };
  const code = kind === 'cut' ? 'cut-short' : 'damaged';
  return captureError(code, `captureProblem.unpack-${kind}`, { compression, at, reason: message }, place);
}

/** The temporary file while it is written. */
class Output {
  written = 0;
  /** Offset in the compressed file that has been read up to. */
  readBytes = 0;
  readonly sink: UnpackSink = (bytes) => this.write(bytes);
  private readonly descriptor: number;
  private readonly folder: string;
  private readonly source: FileSource;
  private readonly options: UnpackOptions;
  private readonly totalBytes: number;
  private readonly limit: UnpackLimit;
  private reported = 0;

  constructor(path: string, folder: string, source: FileSource, options: UnpackOptions) {
    this.folder = folder;
    this.source = source;
    this.options = options;
    this.totalBytes = source.size;
    this.limit = unpackLimit(this.totalBytes, options.limitBytes);
    this.checkDisk();
    this.descriptor = openSync(path, 'wx', 0o600);
  }

  write(bytes: Uint8Array): void {
    if (this.written + bytes.length > this.limit.bytes) {
      const { bytes: limit, ratio } = this.limit;
      const file = this.source.name;
      throw ratio === null
        ? fileError('too-large', 'captureProblem.unpacks-too-large', { file, limit })
        : fileError('too-large', 'captureProblem.unpacks-too-much', { file, limit, ratio });
    }
    let done = 0;
    while (done < bytes.length) {
      try {
        done += writeSync(this.descriptor, bytes, done);
      } catch (thrown) {
        const code = errorCode(thrown);
        if (code === 'ENOSPC' || code === 'EDQUOT') throw this.noSpace();
        throw fileError('file-not-writable', 'captureProblem.not-written', {
          folder: this.folder,
          reason: reason(thrown),
        });
      }
    }
    this.written += bytes.length;
    if (this.written - this.reported < REPORT_BYTES) return;
    this.checkDisk();
    this.report();
  }

  /** Between two pieces of input. */
  checkCancelled(): void {
    if (this.options.isCancelled?.() === true) {
      throw fileError('cancelled', 'captureProblem.cancelled', { file: this.source.name });
    }
  }

  finish(): void {
    this.readBytes = this.totalBytes;
    this.report();
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private report(): void {
    this.reported = this.written;
    const { readBytes, totalBytes, written } = this;
    this.options.onProgress?.({ readBytes, totalBytes, writtenBytes: written });
  }

  private checkDisk(): void {
    const free = freeBytes(this.folder);
    if (free !== null && free < KEEP_FREE_BYTES) throw this.noSpace();
  }

  private noSpace(): NagareError {
    const { folder, written } = this;
    return fileError('no-space', 'captureProblem.no-space', { file: this.source.name, folder, written });
  }
}

/** Null where the system does not tell. */
function freeBytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null; // some network drives and old Windows versions cannot be asked; a full disk shows when it is written to
  }
}

function pump(source: FileSource, output: Output, unpacker: Unpacker): UnpackProblem | null {
  for (;;) {
    output.checkCancelled();
    // A new array each time: unpackers keep what they have not used.
    const piece = new Uint8Array(PIECE_BYTES);
    const read = source.read(output.readBytes, piece);
    if (read === 0) return unpacker.end();
    output.readBytes += read;
    const problem = unpacker.push(piece.subarray(0, read));
    if (problem !== null) return problem;
  }
}

/**
 * zlib's stream gives no bytes of the write that fails, so the failing piece is written again, ever smaller, on a new
 * stream whose output is let go until the place is reached: the last stage is single bytes.
 */
const GZIP_STAGES = [PIECE_BYTES, 256, 1] as const;

interface GzipEnd {
  readonly problem: UnpackProblem | null;
  /** Where the write that failed began; everything before it has come out. */
  readonly failedAt: number;
}

async function unpackGzip(source: FileSource, output: Output): Promise<UnpackProblem | null> {
  let place = 0;
  let end: GzipEnd = { problem: null, failedAt: 0 };
  for (const size of GZIP_STAGES) {
    end = await gunzip(source, output, place, size);
    if (end.problem === null || end.problem.kind === 'cut') break;
    place = end.failedAt;
  }
  return end.problem;
}

/** One pass over the file; from `place` on in writes of `size` bytes. What an earlier pass has written is not written again. */
async function gunzip(source: FileSource, output: Output, place: number, size: number): Promise<GzipEnd> {
  const stream = new GunzipStream(output);
  try {
    let at = 0;
    for (;;) {
      output.checkCancelled();
      const piece = new Uint8Array(at < place ? Math.min(PIECE_BYTES, place - at) : PIECE_BYTES);
      const read = source.read(at, piece);
      const step = at < place ? piece.length : size;
      for (let from = 0; from < read; from += step) {
        await stream.write(piece.subarray(from, Math.min(read, from + step)));
        if (stream.failure !== null) return { problem: gzipProblem(stream.failure, at + from), failedAt: at + from };
        // It ends by itself where zeros follow the last member: padding, which gzip ignores too.
        if (stream.hasEnded) return { problem: null, failedAt: at };
      }
      at += read;
      output.readBytes = Math.max(output.readBytes, at);
      if (read < piece.length) break;
    }
    await stream.finish();
    return { problem: stream.failure && gzipProblem(stream.failure, at), failedAt: at };
  } finally {
    stream.destroy();
  }
}

/** zlib's stream, written to one piece at a time. */
class GunzipStream {
  failure: Error | null = null;
  hasEnded = false;
  private readonly stream: Gunzip;
  private sinkError: Error | undefined;
  /** Settles the write that is under way: zlib forgets its callback when it fails. */
  private settle: () => void = () => undefined;

  /** What `output` has already is let go. */
  constructor(output: Output) {
    let toSkip = output.written;
    this.stream = createGunzip({ chunkSize: PIECE_BYTES });
    this.stream.on('data', (bytes: Uint8Array) => {
      const skipped = Math.min(toSkip, bytes.length);
      toSkip -= skipped;
      if (skipped === bytes.length || this.sinkError !== undefined) return;
      try {
        output.write(bytes.subarray(skipped));
      } catch (thrown) {
        this.sinkError = thrown instanceof Error ? thrown : new Error(String(thrown));
      }
    });
    this.stream.on('error', (error) => {
      this.failure = error;
    });
    this.stream.on('end', () => {
      this.hasEnded = true;
    });
    this.stream.on('close', () => this.settle());
  }

  /** Settles when zlib has taken the bytes and given what comes out of them, or has failed. */
  async write(bytes: Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => {
      this.settle = resolve;
      this.stream.write(bytes, () => resolve());
    });
    if (this.sinkError !== undefined) throw this.sinkError;
  }

  async finish(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.stream.closed) return resolve();
      this.settle = resolve;
      this.stream.end();
    });
    if (this.sinkError !== undefined) throw this.sinkError;
  }

  destroy(): void {
    this.stream.destroy();
  }
}

/** A second header that is none is not damage: gzip, too, takes what follows a member and is no member for garbage. */
function gzipProblem(error: Error, at: number): UnpackProblem {
  if ('errno' in error && error.errno === constants.Z_BUF_ERROR) {
    return { kind: 'cut', message: 'the data end too soon', at };
  }
  const isHeader = /header|compression method/.test(error.message);
  if (isHeader && at > GZIP_HEADER_BYTES) {
    return { kind: 'trailing', message: 'bytes that are no gzip data follow the last of them', at };
  }
  return { kind: 'damaged', message: error.message, at };
}

/** The least that a member's header takes. */
const GZIP_HEADER_BYTES = 10;

function makeFolder(parent: string): string {
  try {
    return mkdtempSync(join(parent, `${PREFIX}${process.pid}-`));
  } catch (thrown) {
    throw fileError('file-not-writable', 'captureProblem.no-folder', { folder: parent, reason: reason(thrown) });
  }
}

/**
 * Removes the temporary folders of processes that are no more. To be called at the start; returns how many there were.
 * Folders that belong to somebody else, and links, are left alone.
 */
export function removeStaleFolders(parent = tmpdir()): number {
  let removed = 0;
  for (const name of readdirSync(parent)) {
    const process = FOLDER.exec(name);
    if (process === null || isAlive(Number(process[1]))) continue;
    const path = join(parent, name);
    if (!isOwnFolder(path)) continue;
    try {
      rmSync(path, { recursive: true, force: true });
      removed++;
    } catch {
      // A folder that cannot be removed now is looked at again at the next start.
    }
  }
  return removed;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return errorCode(thrown) !== 'ESRCH';
  }
}

function isOwnFolder(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isDirectory()) return false;
  return process.getuid === undefined || stats.uid === process.getuid();
}
