/**
 * Whether Electron's binary is installed. Its package is there without it (the binary comes from outside the registry),
 * and merely importing `electron` would try to fetch it: so look at the files, as the package's own index.js would.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The path of the program, or null where it is not installed. With REQUIRE_ELECTRON=1 its absence throws. */
export function findElectron(env: NodeJS.ProcessEnv = process.env): string | null {
  const found = lookUp(env);
  if (found === null && env['REQUIRE_ELECTRON'] === '1') {
    throw new Error('REQUIRE_ELECTRON=1, but Electron’s binary is not installed: run npx install-electron --no');
  }
  return found;
}

function lookUp(env: NodeJS.ProcessEnv): string | null {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const pathFile = join(folder, 'path.txt');
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  const program = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
  const path = override === undefined ? join(folder, 'dist', program) : join(override, program);
  return existsSync(path) ? path : null;
}
