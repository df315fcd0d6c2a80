/** Opens capture files for a command: unpacked, merged where there are several, and read to the end. The one place that does. */

import { type CaptureError, NagareError } from '../engine/base/errors.ts';
import { type DecodeRule, decodeMap } from '../engine/dissect/decode-as.ts';
import { FileSource } from '../engine/host/file-source.ts';
import { readKeyLogFile } from '../engine/host/key-log-file.ts';
import { useNodePlatform } from '../engine/host/platform-node.ts';
import { secondThread } from '../engine/host/shared-scanner.ts';
import { removeStaleFolders, unpackIfPacked } from '../engine/host/unpack-file.ts';
import { WindowSource } from '../engine/host/window-source.ts';
import { openCapture } from '../engine/readers/index.ts';
import { mergeReaders } from '../engine/readers/merge.ts';
import type { CaptureReader } from '../engine/readers/reader.ts';
import { Capture } from '../engine/session/capture.ts';
import { Dissector } from '../engine/session/dissector.ts';
import type { Turns } from '../engine/session/turns.ts';

export interface OpenedCapture {
  readonly capture: Capture;
  readonly dissector: Dissector;
  /** What was wrong with the files; empty where nothing was. */
  readonly problems: readonly CaptureError[];
  close(): void;
}

/** A command has nothing else to do, but Ctrl+C must get through. */
export const turns: Turns = {
  now: () => performance.now(),
  next: () => new Promise((resolve) => setImmediate(resolve)),
};

const SLICE_MS = 50;

/** Throws a NagareError where a file cannot be opened, and when the signal ends the reading. */
export async function openCaptureFiles(
  paths: readonly string[],
  signal: AbortSignal,
  rules: readonly DecodeRule[] = [],
  tlsKeys?: string,
): Promise<OpenedCapture> {
  const keyLogs = tlsKeys === undefined ? [] : [readKeyLogFile(tlsKeys).text];
  useNodePlatform();
  removeStaleFolders();
  const ends: (() => void)[] = [];
  const close = (): void => {
    for (const end of ends.splice(0).reverse()) end();
  };
  try {
    const readers: CaptureReader[] = [];
    let size = 0;
    for (const path of paths) {
      const file = await unpackIfPacked(path, { isCancelled: () => signal.aborted });
      ends.push(() => file.dispose());
      const source = new FileSource(file.path, path);
      ends.push(() => source.close());
      const { compression, problem } = file;
      const reader = openCapture(new WindowSource(source), compression === null ? undefined : { compression, problem });
      if (!reader.ok) {
        const { code, message, key, params } = reader.error;
        throw new NagareError(code, `${path}: ${message}`, { key, params, file: path });
      }
      readers.push(reader.value);
      size += source.size;
    }
    const [only] = readers;
    const reader = readers.length === 1 && only !== undefined ? only : mergeReaders(readers);
    const decodeAs = decodeMap(rules);
    const scanner = secondThread(size, decodeAs);
    const capture = new Capture(reader, { keyLogs, decodeAs, ...(scanner === undefined ? {} : { scanner }) });
    ends.push(() => capture.close());
    await load(capture, signal);
    const { facts, problem } = capture.reader;
    const problems = [...facts.warnings, ...(problem === null ? [] : [problem])];
    const dissector = new Dissector(capture);
    dissector.applySecrets();
    return { capture, dissector, problems, close };
  } catch (thrown) {
    close();
    throw thrown;
  }
}

async function load(capture: Capture, signal: AbortSignal): Promise<void> {
  for (;;) {
    const slice = performance.now();
    if (capture.load(() => performance.now() - slice > SLICE_MS)) return;
    await turns.next();
    if (signal.aborted) throw new NagareError('cancelled', 'The reading was cancelled.');
  }
}
