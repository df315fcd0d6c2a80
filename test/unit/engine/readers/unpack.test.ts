import { describe, expect, it } from 'vitest';
import {
  compressionOf,
  type Unpacker,
  type UnpackProblem,
  type UnpackSink,
  unpackLimit,
} from '../../../../engine/readers/unpack.ts';
import { Lz4Unpacker, XxHash32 } from '../../../../engine/readers/unpack-lz4.ts';
import { ZstdUnpacker } from '../../../../engine/readers/unpack-zstd.ts';
import { type BytesLike, join, u32le, utf8, zeros } from '../../../support/build-bytes.ts';
import { lz4Frame, lz4Literals, zstdBlock, zstdFrame, zstdRaw } from './build-packed.ts';
import { PACKED_SAMPLES, sampleText } from './packed-samples.ts';

type Make = (sink: UnpackSink) => Unpacker;
const zstd: Make = (sink) => new ZstdUnpacker(sink);
const lz4: Make = (sink) => new Lz4Unpacker(sink);

/** Pushed in pieces of `size` bytes. */
function unpack(make: Make, packed: Uint8Array, size = packed.length): { text: string; problem: UnpackProblem | null } {
  const parts: Uint8Array[] = [];
  const unpacker = make((bytes) => parts.push(bytes.slice()));
  let problem: UnpackProblem | null = null;
  for (let at = 0; at < packed.length && problem === null; at += size) {
    problem = unpacker.push(packed.slice(at, at + size));
  }
  problem ??= unpacker.end();
  return { text: Buffer.concat(parts).toString('latin1'), problem };
}

describe('compressionOf', () => {
  it.each([
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0)],
    [null, Uint8Array.of(0x1f, 0x8b, 7, 0)],
    ['zstd', zstdFrame(zstdRaw(zeros(3)))],
    ['lz4', lz4Frame([])],
    ['lz4', join(u32le(0x184d2a53), u32le(3), zeros(3), lz4Frame([]))],
    ['zstd', join(u32le(0x184d2a50), u32le(0), u32le(0xfd2fb528))],
    [null, join(u32le(0x184d2a50), u32le(4), zeros(100))],
    ['zstd', join(u32le(0x184d2a50), u32le(5000), zeros(100))],
    [null, utf8('plain text')],
    [null, zeros(2)],
  ])('says %s by the first bytes', (name, head) => {
    expect(compressionOf(head)).toBe(name);
  });
});

describe('unpackLimit', () => {
  it('is one for all files, and less for small ones', () => {
    expect(unpackLimit(10)).toEqual({ bytes: 1024 ** 3, ratio: 500 });
    expect(unpackLimit(10 * 1024 ** 2)).toEqual({ bytes: 5000 * 1024 ** 2, ratio: 500 });
    expect(unpackLimit(1024 ** 3)).toEqual({ bytes: 64 * 1024 ** 3, ratio: null });
    expect(unpackLimit(10, 1000)).toEqual({ bytes: 1000, ratio: null });
  });
});

describe.each(PACKED_SAMPLES)('$format: $title ($command)', ({ format, lines, base64 }) => {
  const make = format === 'zstd' ? zstd : lz4;
  const packed = new Uint8Array(Buffer.from(base64, 'base64'));
  const whole = sampleText(lines);

  it('comes out as it went in, whatever the pieces', () => {
    for (const size of [packed.length, 1, 7, 64])
      expect(unpack(make, packed, size)).toEqual({ text: whole, problem: null });
  });

  it('gives the start of it where it is cut, and says so', () => {
    for (let cut = 1; cut < packed.length; cut += 13) {
      const { text, problem } = unpack(make, packed.subarray(0, cut));
      expect(whole.startsWith(text)).toBe(true);
      expect(problem).toMatchObject({ kind: 'cut', at: cut });
    }
  });

  it('ends whatever bytes are changed', () => {
    for (let at = 0; at < packed.length; at++) {
      const changed = packed.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x55;
      const { text } = unpack(make, changed);
      expect(text.length).toBeLessThan(10_000_000);
    }
  });

  it('goes on with a frame behind it, and past one that is to be skipped', () => {
    const skippable = join(u32le(0x184d2a5f), u32le(5), utf8('extra'));
    expect(unpack(make, join(packed, skippable, packed, skippable), 11)).toEqual({
      text: whole + whole,
      problem: null,
    });
  });

  it('leaves out what is no frame', () => {
    expect(unpack(make, join(packed, utf8('trailing')))).toMatchObject({
      text: whole,
      problem: { kind: 'trailing', at: packed.length },
    });
  });
});

describe('zstd', () => {
  it('repeats a byte', () => {
    const blocks = join(zstdBlock(1, 70_000, [65], false), zstdBlock(1, 3, [66]));
    expect(unpack(zstd, zstdFrame(blocks)).text).toBe('A'.repeat(70_000) + 'BBB');
  });

  it('finds matches a whole window back, however often the window has been moved', () => {
    const text = utf8(sampleText(40_000));
    const blocks: Uint8Array[] = [];
    const expected: Uint8Array[] = [];
    let all = 0;
    const offset = 131_000;
    for (let at = 0; at + 60_000 <= text.length; at += 60_000) {
      const part = text.subarray(at, at + 60_000);
      blocks.push(zstdBlock(0, part.length, part, false));
      expected.push(part);
      all += part.length;
      if (all < offset) continue;
      // No literals; one sequence whose three codes are given: offset code 16 with 16 more bits, a match of three bytes.
      const more = offset + 3 - 65_536;
      blocks.push(zstdBlock(2, 9, [0x00, 0x01, 0x54, 0x00, 16, 0x00, more & 255, more >> 8, 0x01], false));
      const before = Buffer.concat(expected.slice(-6));
      expected.push(before.subarray(before.length - offset, before.length - offset + 3));
      all += 3;
    }
    blocks.push(zstdBlock(0, 0, []));
    const { text: out, problem } = unpack(zstd, zstdFrame(join(...blocks)), 50_000);
    expect(problem).toBeNull();
    expect(blocks.length).toBeGreaterThan(30);
    expect(out === Buffer.concat(expected).toString('latin1')).toBe(true);
  });

  const bad = (body: BytesLike): Uint8Array => zstdFrame(zstdBlock(2, body.length, body));
  it.each([
    [
      'a window that would cost the memory',
      zstdFrame(zstdRaw(zeros(1)), 0xf8),
      /needs a window of .* the limit is 134217728/,
    ],
    ['a reserved block type', zstdFrame(zstdBlock(3, 1, [0])), /type that does not exist/],
    [
      'a block above the limit',
      zstdFrame(zstdBlock(0, 200_000, zeros(200_000))),
      /claims 200000 bytes; the limit is 131072/,
    ],
    ['a repeated byte beyond the window', zstdFrame(zstdBlock(1, 131_072, [1]), 0x00), /larger than its window/],
    ['literals beyond the block', bad([0xf8]), /literals are longer than their block/],
    ['a table that has not come', bad([0x03, 0x00, 0x00, 0x00]), /a table that has not come/],
    ['a match before the frame', bad([0x00, 0x01, 0x54, 0x00, 0x05, 0x00, 0x01]), /match begins before|stream/],
    [
      'ten bytes that ask for 98,000 long matches',
      bad([0x00, 0xff, 0xff, 0xff, 0x54, 0x00, 0x00, 0x34, 0x01, 0x01]),
      /longer than its block|before the frame|stream/,
    ],
    ['a dictionary', join(u32le(0xfd2fb528), [0x21, 0x07, 0x01], zstdRaw(zeros(1))), /needs a dictionary/],
  ])('refuses %s', (_, packed, message) => {
    const { problem } = unpack(zstd, packed);
    expect(problem?.kind).toBe('damaged');
    expect(problem?.message).toMatch(message);
  });
});

describe('lz4', () => {
  it('repeats what came in an earlier block', () => {
    const match = Uint8Array.of(0x0f, 4, 0, 255, 10, 0x10, 0x21); // 284 bytes from 4 back, then "!"
    const { text, problem } = unpack(lz4, lz4Frame([lz4Literals(utf8('ABCD')), match]));
    expect(problem).toBeNull();
    expect(text).toBe(`ABCD${'ABCD'.repeat(71)}!`);
  });

  it('refuses what refers to an earlier block where blocks are independent', () => {
    const match = Uint8Array.of(0x00, 4, 0, 0x10, 0x21);
    expect(unpack(lz4, lz4Frame([lz4Literals(utf8('ABCD')), match], 0x60))).toMatchObject({
      text: 'ABCD',
      problem: { kind: 'damaged', message: 'a block cannot be unpacked' },
    });
  });

  it('refuses blocks above the limit of the frame', () => {
    const packed = join(lz4Frame([]).subarray(0, 7), u32le(0x7fff_ffff));
    expect(unpack(lz4, packed).problem?.message).toBe('a block claims 2147483647 bytes; the limit is 4194304');
  });

  it('checks the checksum of the content', () => {
    const sample = PACKED_SAMPLES.find(({ command }) => command.includes('-BX'));
    const packed = new Uint8Array(Buffer.from(sample?.base64 ?? '', 'base64'));
    packed[packed.length - 1] = (packed.at(-1) ?? 0) ^ 1;
    const { text, problem } = unpack(lz4, packed);
    expect(text).toBe(sampleText(150));
    expect(problem).toMatchObject({ kind: 'damaged', message: 'the checksum of the content is wrong' });
  });

  it('hashes as the xxHash specification says', () => {
    const hash = (bytes: Uint8Array, size: number): number => {
      const state = new XxHash32();
      for (let at = 0; at < bytes.length; at += size) state.update(bytes.subarray(at, at + size));
      return state.digest();
    };
    expect(hash(zeros(0), 1)).toBe(0x02cc5d05);
    expect(hash(utf8('abc'), 3)).toBe(0x32d153ff);
    const long = utf8('Nobody inspects the spammish repetition');
    for (const size of [1, 5, 16, 17, 100]) expect(hash(long, size)).toBe(0xe2293b2f);
  });
});
