/** The parts of the build: what goes in, what comes out, and how. Each is built only when something that goes in changed. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build as bundle } from 'rolldown';
import { build as buildPage } from 'vite';
import { nodeBundles, nodeOutputs } from '../../vite.node.config.ts';
import { hashInputs, isFresh, removeStamp, writeStamp } from './freshness.ts';
import { buildNative, nativeTarget } from './native.ts';

export interface Part {
  readonly name: string;
  /** Files and folders, relative to the project's root. */
  readonly inputs: readonly string[];
  /** Files that must be there afterwards. */
  readonly outputs: readonly string[];
  readonly build: () => Promise<void>;
}

export function allParts(root: string, report: (line: string) => void): Part[] {
  const parts: Part[] = [
    {
      name: 'node',
      inputs: ['engine', 'cli', 'electron', 'vite.node.config.ts', 'package-lock.json'],
      outputs: nodeOutputs(root).map((output) => join(root, 'build', output)),
      build: async () => {
        for (const folder of ['cli', 'host', 'electron', 'chunks']) {
          rmSync(join(root, 'build', folder), { recursive: true, force: true });
        }
        await bundle(nodeBundles(root, report));
      },
    },
  ];
  if (existsSync(join(root, 'renderer/index.html'))) {
    parts.push({
      name: 'page',
      inputs: ['engine', 'renderer', 'vite.config.ts', 'package-lock.json'],
      outputs: [join(root, 'build/renderer/index.html')],
      build: async () => {
        await buildPage({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn', mode: 'production' });
      },
    });
  } else {
    report('build: renderer/index.html does not exist yet, left out');
  }
  return parts;
}

/** Builds what is not built; returns the names of the parts that were. */
export async function buildWhatChanged(
  root: string,
  force: boolean,
  report: (line: string) => void,
): Promise<string[]> {
  process.env['NODE_ENV'] = 'production'; // vite takes it for the page's own, whatever started this
  const built: string[] = [];
  for (const part of allParts(root, report)) {
    const stamp = join(root, 'build', 'stamps', part.name);
    const hash = hashInputs(root, part.inputs);
    if (!force && isFresh(stamp, hash, part.outputs)) continue;
    removeStamp(stamp);
    await part.build();
    const missing = part.outputs.filter((output) => !existsSync(output));
    if (missing.length > 0) throw new Error(`${part.name} was built, but ${missing.join(', ')} is not there`);
    writeStamp(stamp, hash);
    built.push(part.name);
  }
  if (buildHelper(root, force, report)) built.push('native');
  return built;
}

/** Everything but live capture works without the helper: what is in its way is said, and the build goes on. */
function buildHelper(root: string, force: boolean, report: (line: string) => void): boolean {
  const target = nativeTarget(process.platform);
  try {
    const result = target === null ? 'no compiler' : buildNative(root, target, force);
    if (result === 'no compiler') report('build: no C compiler for the capture helper, left out (native/README.md)');
    return result === 'built';
  } catch (error) {
    report(`build: the capture helper is left out: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}
