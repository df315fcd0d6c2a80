/** `node scripts/run.mjs build-native`: the capture helper for this system; `--windows` for Windows, with mingw; `--force`. */
import { parseArgs } from 'node:util';
import { buildNative, nativeOutput, nativeTarget } from './build/native.ts';

const { values } = parseArgs({
  options: { windows: { type: 'boolean', default: false }, force: { type: 'boolean', default: false } },
});
const root = process.cwd();
const target = values.windows ? 'windows' : nativeTarget(process.platform);
try {
  if (target === null) throw new Error(`the capture helper does not know this system (${process.platform})`);
  const result = buildNative(root, target, values.force);
  if (result === 'no compiler') throw new Error('there is no C compiler (cc, gcc or clang; mingw for --windows)');
  process.stdout.write(`build-native: ${nativeOutput(root, target)}: ${result}\n`);
} catch (error) {
  process.stderr.write(`build-native: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
