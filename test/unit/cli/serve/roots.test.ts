/** Which files a served page may open: links are resolved before paths are compared. */

import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Roots } from '../../../../cli/serve/roots.ts';

let base: string;
let root: string;

beforeEach(() => {
  base = realpathSync.native(mkdtempSync(join(tmpdir(), 'nagare-test-')));
  root = join(base, 'captures');
  mkdirSync(join(root, 'inner'), { recursive: true });
  mkdirSync(join(base, 'captures-of-others'));
  writeFileSync(join(root, 'a.pcap'), 'aaa');
  writeFileSync(join(root, 'inner', 'b.pcap'), 'b');
  writeFileSync(join(base, 'captures-of-others', 'c.pcap'), 'c');
  symlinkSync(join(base, 'captures-of-others'), join(root, 'link'), 'junction');
  symlinkSync(join(root, 'inner'), join(root, 'own-link'), 'junction');
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('check', () => {
  test('gives the real path of what lies below the folder', () => {
    const roots = new Roots([root]);
    expect(roots.check(join(root, 'a.pcap'))).toBe(join(root, 'a.pcap'));
    expect(roots.check(join(root, 'inner', '..', 'inner', 'b.pcap'))).toBe(join(root, 'inner', 'b.pcap'));
    expect(roots.check(join(root, 'own-link', 'b.pcap'))).toBe(join(root, 'inner', 'b.pcap'));
  });

  test('a folder may itself be named by a link', () => {
    const roots = new Roots([join(root, 'link')]);
    expect(roots.folders).toEqual([join(base, 'captures-of-others')]);
    expect(roots.check(join(root, 'link', 'c.pcap'))).toBe(join(base, 'captures-of-others', 'c.pcap'));
  });

  test.each([
    ['above', ['..', 'captures-of-others', 'c.pcap']],
    ['through a link', ['link', 'c.pcap']],
    ['of the folder above', ['..']],
    ['not there', ['..', 'nothing', 'd.pcap']],
  ])('refuses a path %s', (_, way) => {
    const roots = new Roots([root]);
    expect(() => roots.check(join(root, ...way))).toThrow(expect.objectContaining({ code: 'not-allowed' }));
  });

  test('a folder whose name only begins the same is another one', () => {
    const path = join(base, 'captures-of-others', 'c.pcap');
    expect(() => new Roots([root]).check(path)).toThrow(expect.objectContaining({ code: 'not-allowed' }));
  });

  test('says that a file below the folder is not there', () => {
    expect(() => new Roots([root]).check(join(root, 'd.pcap'))).toThrow(
      expect.objectContaining({ code: 'file-not-found' }),
    );
  });

  test('lends single files without their folders', () => {
    const roots = new Roots([join(root, 'inner')]);
    roots.addFile(join(root, 'a.pcap'));
    expect(roots.check(join(root, 'a.pcap'))).toBe(join(root, 'a.pcap'));
    writeFileSync(join(root, 'e.pcap'), '');
    expect(() => roots.check(join(root, 'e.pcap'))).toThrow(expect.objectContaining({ code: 'not-allowed' }));
  });

  test.runIf(process.platform === 'win32')('letter case does not matter on Windows', () => {
    expect(new Roots([root.toUpperCase()]).check(join(root.toLowerCase(), 'A.PCAP'))).toBe(join(root, 'a.pcap'));
  });
});

describe('browse', () => {
  test('lists folders and files, and links only where they stay inside', async () => {
    const { path, parent, entries } = await new Roots([root]).browse(root);
    expect([path, parent]).toEqual([root, null]);
    expect(entries.map(({ name, isFolder, size }) => [name, isFolder, isFolder ? 0 : size]).sort()).toEqual([
      ['a.pcap', false, 3],
      ['inner', true, 0],
      ['own-link', true, 0],
    ]);
  });

  test('leads from an inner folder back to the outer one, and no further', async () => {
    const roots = new Roots([root]);
    expect((await roots.browse(join(root, 'inner'))).parent).toBe(root);
    await expect(roots.browse(base)).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(roots.browse(join(root, 'link'))).rejects.toMatchObject({ code: 'not-allowed' });
  });

  test('starts in the only folder, or with the list of them', async () => {
    expect((await new Roots([root]).browse(null)).path).toBe(root);
    const both = await new Roots([root, join(base, 'captures-of-others'), join(root, 'inner')]).browse(null);
    expect(both.path).toBeNull();
    expect(both.entries.map(({ path }) => path)).toEqual([root, join(base, 'captures-of-others')]);
  });

  test('does not show where dropped files lie', async () => {
    const roots = new Roots([root]);
    roots.addHidden(join(base, 'captures-of-others'));
    expect(roots.check(join(base, 'captures-of-others', 'c.pcap'))).toContain('c.pcap');
    expect((await roots.browse(null)).path).toBe(root);
  });
});

test('what is no folder is refused at start', () => {
  expect(() => new Roots([join(root, 'a.pcap')])).toThrow('is not a folder');
  expect(() => new Roots([join(root, 'nothing')])).toThrow('cannot be used as a folder');
});
