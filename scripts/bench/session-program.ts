/** The program that measures an open session, bundled on its own: started by run.mjs its memory would be the bundler's too. */

import { join } from 'node:path';
import { build } from 'rolldown';

/** Path of the built program. */
export async function buildSessionProgram(root: string): Promise<string> {
  const file = join(root, 'build', 'scripts', 'bench-session.mjs');
  await build({
    cwd: root,
    input: join(root, 'scripts', 'bench-session.ts'),
    platform: 'node',
    external: [/^node:/],
    logLevel: 'warn',
    output: { file, format: 'esm', codeSplitting: false },
  });
  return file;
}
