/** Files that appear whole or not at all, and never in the place of what they are made from. */

import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OutputFile } from '../../../../engine/host/output-file.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nagare-test-'));
  path = join(folder, 'out.pcap');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a file is there when it is complete, not before', () => {
  const file = new OutputFile(path);
  file.write(Uint8Array.of(1, 2));
  file.write(Uint8Array.of(3));
  expect(readdirSync(folder)).not.toContain('out.pcap');
  file.commit();
  expect([...readFileSync(path)]).toEqual([1, 2, 3]);
  file.discard();
  expect(readdirSync(folder)).toEqual(['out.pcap']);
});

test('one that is discarded leaves nothing, and what was there before as it was', () => {
  writeFileSync(path, 'before');
  const file = new OutputFile(path);
  file.write(Uint8Array.of(1));
  file.discard();
  expect(readdirSync(folder)).toEqual(['out.pcap']);
  expect(readFileSync(path, 'utf8')).toBe('before');
});

describe('a file that is read meanwhile is not replaced', () => {
  const source = (): string => {
    const name = join(folder, 'source.pcap');
    writeFileSync(name, 'source');
    return name;
  };

  test('by its own name', () => {
    const from = source();
    expect(() => new OutputFile(from, [from])).toThrow(expect.objectContaining({ code: 'file-not-writable' }));
  });

  test('by a symbolic or a hard link', () => {
    const from = source();
    symlinkSync(from, path);
    expect(() => new OutputFile(path, [from])).toThrow(expect.objectContaining({ code: 'file-not-writable' }));
    rmSync(path);
    linkSync(from, path);
    expect(() => new OutputFile(path, [from])).toThrow(expect.objectContaining({ code: 'file-not-writable' }));
    expect(readFileSync(from, 'utf8')).toBe('source');
  });
});

test('a folder, and a place that does not exist, are refused in words', () => {
  expect(() => new OutputFile(folder)).toThrow(folder);
  expect(() => new OutputFile(join(folder, 'nothing', 'out.pcap'))).toThrow('nothing');
});
