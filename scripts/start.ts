/**
 * `npm start [-- FILE...]`: builds what is not built and opens the window, on the sample capture where no file is named.
 * Everything else, from the choice between Electron and the browser on, is `nagare open`'s.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildWhatChanged } from './build/parts.ts';

const root = process.cwd();
try {
  await buildWhatChanged(root, false, (line) => process.stdout.write(`${line}\n`));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

const given = process.argv.slice(2);
const files = given.some((argument) => !argument.startsWith('-'))
  ? given
  : [...given, join(root, 'assets/sample.pcapng')];
const nagare = spawn(process.execPath, [join(root, 'cli/nagare.mjs'), 'open', ...files], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => nagare.kill(signal)); // ends when the program has ended, not before
}
nagare.on('error', (error) => {
  process.stderr.write(`start: ${error.message}\n`);
  process.exitCode = 1;
});
nagare.on('exit', (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 1;
});
