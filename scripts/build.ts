/** `npm run build`: builds everything that runs into build/, as far as its sources changed. `--force` builds all of it. */
import { parseArgs } from 'node:util';
import { buildWhatChanged } from './build/parts.ts';

const { values } = parseArgs({ options: { force: { type: 'boolean', default: false } } });
const started = performance.now();
const say = (line: string) => process.stdout.write(`${line}\n`);
try {
  const built = await buildWhatChanged(process.cwd(), values.force, say);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(built.length === 0 ? `build: up to date (${seconds} s)` : `build: built ${built.join(' and ')} in ${seconds} s`);
} catch (error) {
  // The bundlers' messages show the place in the source; their own stack says nothing to people.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
