/** `--cloud` and the cloud panels on the command line. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CloudFolder } from '../../../engine/host/cloud-folder.ts';
import { runCli } from '../../support/run-cli.ts';

const SAMPLE = fileURLToPath(new URL('../../../assets/sample.pcapng', import.meta.url));
const MAP = 'cidr,network,name,class\n10.0.0.0/24,hub,here,peered\n';
let folder: string;
const path = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nagare-cloud-'));
  writeFileSync(path('map.csv'), MAP);
  writeFileSync(path('old.csv'), 'class,price\ninternet,1\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the option --cloud', () => {
  it('gives a map to panels, filters and fields', async () => {
    const stats = await runCli(['stats', SAMPLE, 'egress', '--json', '--cloud', path('map.csv')]);
    const { tables } = JSON.parse(stats.out) as { tables: Record<string, { billing: string; packets: number }[]> };
    const inside = tables['egress.classes']?.find(({ billing }) => billing === 'billing.peered');
    const filter = 'nagare.direction == "out" and nagare.class == "peered" and not nagare.copy';
    const counted = await runCli(['count', SAMPLE, '-Y', filter, '--cloud', path('map.csv')]);
    expect(inside?.packets).toBeGreaterThan(0);
    expect(Number(counted.out)).toBe(inside?.packets);
    const without = await runCli(['count', SAMPLE, '-Y', filter]);
    expect(without.out).not.toBe(counted.out);
    const fields = await runCli([
      'fields',
      SAMPLE,
      '-Y',
      filter,
      '-e',
      'nagare.peer',
      '-e',
      'nagare.class',
      '--cloud',
      path('map.csv'),
    ]);
    expect(fields.out.split('\n')[0]).toMatch(/^10\.0\.0\.\d+\tpeered$/);
  });

  it('says what is wrong with a file, and where', async () => {
    const old = await runCli(['stats', SAMPLE, 'egress', '--cloud', path('old.csv')]);
    expect([old.code, old.out]).toEqual([2, '']);
    expect(old.err).toContain('a price table needs a date');
    const missing = await runCli(['stats', SAMPLE, 'egress', '--cloud', path('none.csv')]);
    expect([missing.code, missing.err.includes('ENOENT')]).toEqual([2, true]);
  });
});

describe('the kept files', () => {
  it('are copies, one map and one price table, and are refused when they cannot be used', () => {
    const kept = new CloudFolder(folder);
    expect(kept.list()).toEqual({ files: [], prices: '', problem: null });
    expect(kept.add('one.csv', MAP).files).toEqual([{ name: 'one.csv', kind: 'map', date: '', entries: 1 }]);
    expect(kept.add('../two.csv', MAP).files.map(({ name }) => name)).toHaveLength(1);
    const refused = kept.add('bad.csv', 'cidr\nx\n');
    expect([refused.files.length, refused.problem]).toEqual([1, { key: 'block', line: 2, what: 'x' }]);
    const prices = '# date: 2026-11-01\n# currency: EUR\n# source: s\nclass,price\ninternet,1\n';
    expect(kept.add('p.csv', prices).prices).toBe(prices);
    expect(kept.read().prices?.currency).toBe('EUR');
    expect(kept.remove('p.csv').prices).toBe('');
    expect(kept.remove('../../map.csv').files).toHaveLength(1);
  });
});
