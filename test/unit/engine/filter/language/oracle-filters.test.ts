/** The filters that tshark 4.0 was asked: what it took is taken, what it refused is refused. */

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkFilter } from '../../../../../engine/filter/language/check.ts';
import { testCatalog } from '../test-catalog.ts';

const FILE = fileURLToPath(new URL('../../../../../../shared/captures/oracle/filters.tsv', import.meta.url));

describe('reference filters of tshark', () => {
  if (!existsSync(FILE)) {
    it.skip('../shared/captures/oracle/filters.tsv is not there', () => undefined);
    return;
  }
  const rows = readFileSync(FILE, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .map(([, filter = '', frames = '', text = '', place = '']) => ({ filter, frames, text, place }));
  const filters = new Map(rows.map((row) => [row.filter, row]));

  it('holds both kinds', () => {
    expect(rows.filter((row) => row.frames === 'ERROR').length).toBeGreaterThan(40);
    expect(rows.filter((row) => row.frames !== 'ERROR').length).toBeGreaterThan(300);
  });

  for (const { filter, frames, place } of filters.values()) {
    if (frames !== 'ERROR') {
      it(`takes ${filter}`, () => {
        const result = checkFilter(filter, testCatalog);
        expect(result.ok ? '' : result.error.message).toBe('');
      });
      continue;
    }
    it(`refuses ${filter}`, () => {
      const result = checkFilter(filter, testCatalog);
      expect(result.ok).toBe(false);
      if (result.ok) return;
      const { start, end, message } = result.error;
      expect(message).not.toBe('');
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(filter.length);
      expect(start).toBeLessThanOrEqual(end);
      // Where tshark names a place, ours touches it or what it belongs to.
      if (place !== '') {
        const at = Number(place.split(':')[0]);
        expect(Math.min(Math.abs(start - at), Math.abs(end - at))).toBeLessThanOrEqual(12);
      }
    });
  }
});
