import { describe, expect, it } from 'vitest';
import { unpackLznt1 } from '../../../../../engine/base/lznt1.ts';
import { unpackXpress } from '../../../../../engine/base/xpress.ts';
import { unpackXpressHuffman } from '../../../../../engine/base/xpress-huffman.ts';
import { join, seededRandom } from '../../../../support/build-bytes.ts';
import { packLznt1, packXpress, packXpressHuffman } from '../../../../support/build-etl-packed.ts';
import { expectSameBytes } from '../read-all.ts';

const FORMATS = [
  ['XPRESS', packXpress, unpackXpress],
  ['XPRESS with Huffman codes', packXpressHuffman, unpackXpressHuffman],
  ['LZNT1', packLznt1, unpackLznt1],
] as const;

const random = seededRandom(7);
const noise = (length: number): Uint8Array => random.bytes(length);
const SAMPLES = {
  'one byte': Uint8Array.of(7),
  zeros: new Uint8Array(70_000),
  'a run longer than 65,535': new Uint8Array(200_000).fill(65),
  noise: noise(90_000),
  'noise and repetitions': join(
    ...Array.from({ length: 300 }, (_, i) => join(noise(i % 40), new Uint8Array(300).fill(i))),
  ),
  'few letters': Uint8Array.from({ length: 150_000 }, (_, i) => 97 + ((i * i) % 7)),
} as const;

describe.each(FORMATS)('%s', (_, pack, unpack) => {
  it.each(Object.entries(SAMPLES))('gives %s again', (_name, bytes) => {
    const out = new Uint8Array(bytes.length);
    expect(unpack(pack(bytes), out)).toBe(bytes.length);
    expectSameBytes(out, bytes);
  });

  it('gives of cut data the beginning, and of changed data no more than there is room for', () => {
    const bytes = SAMPLES['noise and repetitions'];
    const packed = pack(bytes);
    for (let size = 0; size < packed.length; size += 997) {
      const out = new Uint8Array(bytes.length);
      const got = unpack(packed.subarray(0, size), out);
      expect(got).toBeLessThanOrEqual(bytes.length);
      // The last codes of a cut stream of bits may be made of what is not there.
      const sure = Math.max(0, got - 64);
      expectSameBytes(out.subarray(0, sure), bytes.subarray(0, sure));
      const changed = packed.slice();
      changed[size] = (changed[size] ?? 0) ^ 0x5a;
      expect(unpack(changed, out)).toBeLessThanOrEqual(bytes.length);
    }
  });
});
