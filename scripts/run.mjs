/**
 * Runs scripts/NAME.ts: `node scripts/run.mjs NAME [arguments]`. Node 20 cannot run TypeScript, so the script is
 * bundled to build/scripts/NAME.mjs first (rolldown, about 0.1 s); packages stay outside the bundle.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const name = process.argv[2];
const source = join(root, 'scripts', `${name}.ts`);
if (name === undefined || !/^[a-z-]+$/.test(name) || !existsSync(source)) {
  process.stderr.write(`run: there is no scripts/${name}.ts\n`);
  process.exit(2);
}

const { rolldown } = await import('rolldown').catch(() => {
  process.stderr.write('run: the packages are not installed; run npm ci first\n');
  process.exit(1);
});
process.chdir(root);
const bundle = await rolldown({
  cwd: root,
  input: source,
  platform: 'node',
  // Bare names are packages (and node: modules); relative paths are ours, absolute ones the entry itself.
  external: (id) => !id.startsWith('.') && !/^([A-Za-z]:)?[\\/]/.test(id),
  logLevel: 'warn',
});
const output = join(root, 'build', 'scripts', `${name}.mjs`);
await bundle.write({ file: output, format: 'esm', sourcemap: 'inline', codeSplitting: false });
await bundle.close();

// The script sees the arguments as if it had been started by its own name.
process.argv.splice(1, 2, output);
await import(pathToFileURL(output).href);
