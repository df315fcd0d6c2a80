/** Every golden capture reads as the text beside it says. `npm run golden` writes the texts; read what changed like code. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { goldenCaptures, goldenText, textFileOf } from '../support/golden-text.ts';

const FOLDER = join('test', 'golden');
const captures = goldenCaptures(FOLDER);

describe('golden captures', () => {
  it.each(captures)('%s reads as its text says', async (capture) => {
    const file = textFileOf(capture);
    expect(existsSync(file), `${file} is missing: npm run golden writes it`).toBe(true);
    expect(await goldenText(capture)).toBe(readFileSync(file, 'utf8'));
  });

  it('have a text each, and no text is without its capture', () => {
    const texts = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.txt'));
    expect(texts.map((path) => join(FOLDER, path)).sort()).toEqual(captures.map(textFileOf).sort());
    expect(new Set(captures.map(textFileOf)).size, 'two captures share a text').toBe(captures.length);
  });

  it('are found', () => {
    expect(captures.length).toBeGreaterThan(300);
    expect(captures.map((path) => basename(path))).toContain('two-interfaces.pcapng');
  });
});
