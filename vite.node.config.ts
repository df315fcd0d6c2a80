/**
 * What runs outside the page, bundled by rolldown: the command line, the host's worker, Electron's main process, host
 * process and preload. Each worker or process entry is an input of its own, because code that starts it names its file
 * in the output tree: `build/cli/main.js` and `build/electron/host-process.js` both find `../host/worker.js`.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildOptions } from 'rolldown';

/** Output file, without the ending, to source file. */
const MODULES = {
  'cli/main': 'cli/main.ts',
  'host/worker': 'engine/host/worker.ts',
  'host/scan-worker': 'engine/host/scan-worker.ts',
  'host/cap-child': 'engine/host/capture/cap-child.ts',
  'electron/main': 'electron/main.ts',
  'electron/host-process': 'electron/host-process.ts',
};

/** Packages that are not bundled: Electron's own module, and native or optional ones that are looked up when running. */
const EXTERNAL = [/^node:/, 'electron', 'cap', 'bufferutil', 'utf-8-validate'];

const PRELOAD = 'electron/preload.ts';

/** The files that the bundles make under build/, those of sources that are there. */
export function nodeOutputs(root: string): string[] {
  const outputs = Object.entries({ ...MODULES, 'electron/preload': PRELOAD });
  return outputs
    .filter(([, source]) => existsSync(join(root, source)))
    .map(([name, source]) => `${name}${source === PRELOAD ? '.cjs' : '.js'}`);
}

/** The bundles of everything that is not the page. Sources that are not written yet are reported and left out. */
export function nodeBundles(root: string, report: (line: string) => void): BuildOptions[] {
  const present = (source: string) => {
    const found = existsSync(join(root, source));
    if (!found) report(`build: ${source} does not exist yet, left out`);
    return found;
  };
  const shared = { cwd: root, platform: 'node', external: EXTERNAL, logLevel: 'warn' } as const;
  const output = { dir: join(root, 'build'), sourcemap: true, cleanDir: false } as const;
  const modules = Object.fromEntries(Object.entries(MODULES).filter(([, source]) => present(source)));
  const bundles: BuildOptions[] = [];
  if (Object.keys(modules).length > 0) {
    bundles.push({
      ...shared,
      input: modules,
      output: { ...output, format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    });
  }
  if (present(PRELOAD)) {
    // A sandboxed preload must be one CommonJS file.
    bundles.push({
      ...shared,
      input: { 'electron/preload': PRELOAD },
      output: { ...output, format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
    });
  }
  return bundles;
}
