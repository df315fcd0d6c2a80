/** The second thread's program, bundled for a test from the sources as they are. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

export interface ScanThread {
  readonly entry: URL;
  dispose(): void;
}

export async function buildScanThread(): Promise<ScanThread> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'nagare-test-'));
  const file = join(folder, 'scan-worker.mjs');
  const bundle = await rolldown({ cwd: root, input: 'engine/host/scan-worker.ts', platform: 'node', logLevel: 'warn' });
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  await bundle.close();
  return { entry: pathToFileURL(file), dispose: () => rmSync(folder, { recursive: true, force: true }) };
}
