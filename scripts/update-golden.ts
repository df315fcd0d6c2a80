/** `npm run golden`: writes the text beside every golden capture. What it changes belongs to the commit that caused it. */

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { goldenCaptures, goldenText, textFileOf } from '../test/support/golden-text.ts';

const FOLDER = join('test', 'golden');

const captures = goldenCaptures(FOLDER);
const texts = new Set<string>();
let changed = 0;
for (const capture of captures) {
  const file = textFileOf(capture);
  if (texts.has(file)) throw new Error(`${capture}: another capture has the text ${file} already; rename one`);
  texts.add(file);
  const text = await goldenText(capture);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  writeFileSync(file, text);
  process.stdout.write(`${file}\n`);
  changed++;
}
const orphans = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .map((path) => join(FOLDER, path))
  .filter((path) => path.endsWith('.txt') && !texts.has(path));
for (const orphan of orphans) {
  rmSync(orphan);
  process.stdout.write(`${orphan}: removed, its capture is gone\n`);
}
process.stdout.write(`${captures.length} captures, ${changed} texts written, ${orphans.length} removed\n`);
