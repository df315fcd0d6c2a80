#!/usr/bin/env node
/** The `nagare` program: starts the built command line, or says what to do where nothing is built. */
import { existsSync } from 'node:fs';
import process from 'node:process';

const built = new URL('../build/cli/main.js', import.meta.url);
if (existsSync(built)) {
  const { run } = await import(built.href);
  await run();
} else {
  process.stderr.write('nagare: nothing is built yet; run "npm run build" in the project folder first\n');
  process.exitCode = 1;
}
