import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileSource } from '../../../../engine/host/file-source.ts';
import {
  removeStaleFolders,
  type UnpackOptions,
  type UnpackProgress,
  unpackIfPacked,
} from '../../../../engine/host/unpack-file.ts';
import { openCapture } from '../../../../engine/readers/index.ts';
import { join as joinBytes, utf8, zeros } from '../../../support/build-bytes.ts';
import { simplePcapng } from '../../../support/build-capture.ts';
import { lz4Frame, lz4Literals, zstdFrame, zstdRaw } from '../readers/build-packed.ts';
import { expectSameBytes, readAll } from '../readers/read-all.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unpack-file-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Bytes that do not repeat, so that packed and unpacked lengths are near each other. */
function noise(length: number): Uint8Array {
  let seed = 7;
  return Uint8Array.from({ length }, () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return seed >> 16;
  });
}

function unpack(bytes: Uint8Array, options: UnpackOptions = {}): ReturnType<typeof unpackIfPacked> {
  const path = join(folder, 'packed');
  writeFileSync(path, bytes);
  return unpackIfPacked(path, { temporary: folder, ...options });
}

async function unpackedBytes(bytes: Uint8Array): Promise<{ bytes: Uint8Array; problem: string | undefined }> {
  const file = await unpack(bytes);
  const read = new Uint8Array(readFileSync(file.path));
  file.dispose();
  return { bytes: read, problem: file.problem?.key };
}

const leftOver = (): string[] => readdirSync(folder).filter((name) => name.startsWith('nagare-'));

describe('unpackIfPacked', () => {
  it('leaves a file alone that is not compressed', async () => {
    const file = await unpack(utf8('plain'));
    expect(file).toMatchObject({ path: join(folder, 'packed'), compression: null, problem: null });
    file.dispose();
    expect(existsSync(file.path)).toBe(true);
  });

  const content = joinBytes(noise(300_000), zeros(200_000), utf8('end'));
  it.each([
    ['gzip', gzipSync(content)],
    ['lz4', lz4Frame([lz4Literals(content.subarray(0, 300_000)), lz4Literals(content.subarray(300_000))])],
    ['zstd', zstdFrame(zstdRaw(content))],
  ])('unpacks %s into a private file, and removes it', async (compression, packed) => {
    const progress: UnpackProgress[] = [];
    const file = await unpack(packed, { onProgress: (step) => progress.push(step) });
    expect(file).toMatchObject({ compression, problem: null });
    expectSameBytes(readFileSync(file.path), content);
    if (process.platform !== 'win32') {
      expect(statSync(file.path).mode & 0o777).toBe(0o600);
      expect(statSync(join(file.path, '..')).mode & 0o777).toBe(0o700);
    }
    expect(file.path).toMatch(new RegExp(`nagare-${process.pid}-[A-Za-z0-9]{6}`));
    expect(progress.at(-1)).toEqual({
      readBytes: packed.length,
      totalBytes: packed.length,
      writtenBytes: content.length,
    });
    file.dispose();
    file.dispose();
    expect(leftOver()).toEqual([]);
  });

  it('unpacks members and frames that follow each other', async () => {
    const [one, two] = [noise(100_000), utf8('two')];
    for (const packed of [
      joinBytes(gzipSync(one), gzipSync(two)),
      joinBytes(lz4Frame([lz4Literals(one)]), lz4Frame([lz4Literals(two)])),
      joinBytes(zstdFrame(zstdRaw(one)), zstdFrame(zstdRaw(two))),
    ]) {
      const read = await unpackedBytes(packed);
      expectSameBytes(read.bytes, joinBytes(one, two));
      expect(read.problem).toBeUndefined();
    }
  });

  it('leaves out what follows the last member, as gzip does: zeros silently, anything else with a warning', async () => {
    for (const packed of [gzipSync(content), gzipSync(utf8('short'))]) {
      const { bytes: alone } = await unpackedBytes(packed);
      const padded = await unpackedBytes(joinBytes(packed, zeros(1000)));
      expectSameBytes(padded.bytes, alone);
      expect(padded.problem).toBeUndefined();
      expectSameBytes((await unpackedBytes(joinBytes(packed, zeros(100_000), utf8('x')))).bytes, alone);
      for (const garbage of [utf8('x'), utf8('garbage behind'), noise(200_000)]) {
        const read = await unpackedBytes(joinBytes(packed, garbage));
        expectSameBytes(read.bytes, alone);
        // One byte may still be the start of a member: then it is the file that seems cut.
        expect(read.problem).toMatch(garbage.length === 1 ? /unpack-(cut|trailing)/ : /unpack-trailing/);
      }
    }
  });

  it('keeps every byte that came out before a cut', async () => {
    const packed = gzipSync(content);
    for (const cut of [11, 5000, 65_536, 200_000, packed.length - 1]) {
      const read = await unpackedBytes(packed.subarray(0, cut));
      expect(read.problem).toBe('captureProblem.unpack-cut');
      expectSameBytes(read.bytes, content.subarray(0, read.bytes.length));
      expect(read.bytes.length).toBeGreaterThan(cut > 65_000 ? cut - 40_000 : -1);
    }
    const wholeButTheEnd = await unpackedBytes(packed.subarray(0, packed.length - 1));
    expectSameBytes(wholeButTheEnd.bytes, content);
  });

  it('keeps every byte that came out before a damage', async () => {
    const packed = new Uint8Array(gzipSync(content, { level: 0 }));
    const at = 150_000;
    packed.fill(0xff, at, at + 70_000); // stored blocks: the next block header is in there
    const read = await unpackedBytes(packed);
    expect(read.problem).toBe('captureProblem.unpack-damaged');
    expect(read.bytes.length).toBeGreaterThan(at - 1000);
    expectSameBytes(read.bytes.subarray(0, at - 1000), content.subarray(0, at - 1000));
  });

  it('opens a capture whose compression is cut, with both warnings', async () => {
    const packets = Array.from({ length: 2000 }, (_, i) => ({ time: BigInt(i), bytes: noise(100 + (i % 7)) }));
    const packed = gzipSync(simplePcapng(packets), { level: 1 });
    const file = await unpack(packed.subarray(0, packed.length / 2));
    const source = new FileSource(file.path, 'half.pcapng.gz');
    const opened = openCapture(source, { compression: 'gzip', problem: file.problem });
    if (!opened.ok) throw new Error(opened.error.message);
    expect(readAll(opened.value).length).toBeGreaterThan(500);
    expect(opened.value.problem).toMatchObject({ code: 'cut-short', file: 'half.pcapng.gz' });
    expect(opened.value.facts.warnings).toMatchObject([
      {
        code: 'cut-short',
        reader: 'gzip',
        message: `the gzip data end too soon, at byte ${Math.floor(packed.length / 2)} of the compressed file`,
      },
    ]);
    source.close();
    file.dispose();
  });

  it('refuses a bomb, with the limit named, and leaves nothing behind', async () => {
    await expect(unpack(gzipSync(zeros(3_000_000)), { limitBytes: 1_000_000 })).rejects.toMatchObject({
      code: 'too-large',
      message: `${join(folder, 'packed')} unpacks to more than 1000000 bytes, the limit for unpacked captures`,
    });
    expect(leftOver()).toEqual([]);
  });

  it('can be cancelled, and leaves nothing behind', async () => {
    for (const packed of [gzipSync(content), zstdFrame(zstdRaw(content))]) {
      let asked = 0;
      await expect(unpack(packed, { isCancelled: () => ++asked > 2 })).rejects.toMatchObject({ code: 'cancelled' });
      expect(leftOver()).toEqual([]);
    }
  });

  it('says what cannot be opened', async () => {
    await expect(unpackIfPacked(folder)).rejects.toMatchObject({ code: 'file-not-readable' });
    await expect(unpackIfPacked(join(folder, 'none'))).rejects.toMatchObject({ code: 'file-not-found' });
    await expect(unpack(gzipSync(content), { temporary: join(folder, 'none') })).rejects.toMatchObject({
      code: 'file-not-writable',
    });
  });
});

describe('removeStaleFolders', () => {
  it('removes what processes left that are no more, and nothing else', () => {
    const make = (name: string): string => {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'capture'), 'x');
      return name;
    };
    const dead = make('nagare-2147483646-abcDEF');
    const kept = [make(`nagare-${process.pid}-abcDEF`), make('nagare-notes'), make('other-2147483646-abcDEF')];
    if (process.platform !== 'win32') {
      symlinkSync(join(folder, kept[1] ?? ''), join(folder, 'nagare-2147483645-abcDEF'));
      kept.push('nagare-2147483645-abcDEF');
    }
    expect(removeStaleFolders(folder)).toBe(1);
    expect(readdirSync(folder).sort()).toEqual(kept.sort());
    expect(existsSync(join(folder, dead))).toBe(false);
  });
});
