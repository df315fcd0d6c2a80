import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileSource } from '../../../../engine/host/file-source.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-source-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function failure(path: string): unknown {
  try {
    new FileSource(path).close();
  } catch (thrown) {
    return thrown;
  }
  return null;
}

describe('FileSource', () => {
  it('reads any part of a file, also one with a name outside ASCII', () => {
    const path = join(folder, 'パケット é.pcap');
    writeFileSync(
      path,
      Uint8Array.from({ length: 1000 }, (_, i) => i),
    );
    const source = new FileSource(path);
    expect(source).toMatchObject({ size: 1000, name: path });
    const into = new Uint8Array(new SharedArrayBuffer(10));
    expect(source.read(500, into)).toBe(10);
    expect([...into.slice(0, 3)]).toEqual([244, 245, 246]);
    expect(source.read(995, into)).toBe(5);
    expect(source.read(1000, into)).toBe(0);
    expect(source.read(5000, into)).toBe(0);
    source.close();
    source.close();
  });

  it('sees a file grow and shrink', () => {
    const path = join(folder, 'live.pcapng');
    writeFileSync(path, 'abc');
    const source = new FileSource(path, 'eth0');
    expect(source).toMatchObject({ size: 3, name: 'eth0' });
    appendFileSync(path, 'def');
    const into = new Uint8Array(10);
    expect([source.size, source.read(2, into)]).toEqual([6, 4]);
    truncateSync(path, 1);
    expect([source.size, source.read(2, into)]).toEqual([1, 0]);
    source.close();
  });

  it('says in one line what cannot be opened', () => {
    const path = join(folder, 'none.pcap');
    expect(failure(path)).toMatchObject({ code: 'file-not-found', message: `${path} does not exist` });
    expect(failure(join(path, 'deeper'))).toMatchObject({ code: 'file-not-found' });
    mkdirSync(path);
    expect(failure(path)).toMatchObject({
      code: 'file-not-readable',
      message: `${path} is a folder, not a file`,
      detail: { key: 'captureProblem.folder', params: { file: path } },
    });
  });

  it.skipIf(process.platform === 'win32')('opens no device, and no folder behind a link', () => {
    expect(failure('/dev/null')).toMatchObject({
      code: 'file-not-readable',
      message: '/dev/null is a device, pipe or socket, not a file',
    });
    const link = join(folder, 'link');
    symlinkSync(folder, link);
    expect(failure(link)).toMatchObject({ message: `${link} is a folder, not a file` });
  });
});
