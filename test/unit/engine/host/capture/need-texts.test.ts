/** Every need that the host can name has its sentence in both languages. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { needText } from '../../../../../engine/text/capture-need.ts';
import { captureEn } from '../../../../../engine/text/en/capture.ts';

const FOLDER = 'engine/host/capture';

/** Keys as the code writes them: in needs, and in the tables that lead from messages and codes to needs. */
function namedKeys(): string[] {
  const sources = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const keys = sources.flatMap((name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8');
    const direct = [...text.matchAll(/\bkey: '([a-z-]+)'/g)];
    const tables = [...text.matchAll(/\/i,\s*'([a-z-]+)',?\s*\]/g), ...text.matchAll(/'[a-z-]+': '([a-z-]+)',/g)];
    return [...direct, ...tables].map(([, key = '']) => key);
  });
  return [...new Set(keys)];
}

describe('texts of what capturing needs', () => {
  const keys = namedKeys();

  it('are asked for by the host', () => {
    expect(keys).toEqual(
      expect.arrayContaining(['disk-full', 'no-ring', 'remote-unreachable', 'no-filter', 'tool-ended']),
    );
  });

  it.each(keys)('%s', (key) => {
    expect(Object.keys(captureEn)).toContain(`captureNeed.${key}`);
    const params = { reason: 'R', interface: 'eth0', path: 'P', tool: 'T', group: 'G', user: 'U' };
    for (const language of ['en', 'ja'] as const) expect(needText(language, { key, params })).not.toMatch(/[{}]/);
  });
});
