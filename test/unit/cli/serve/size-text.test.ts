/** Sizes as people write and read them. */

import { expect, test } from 'vitest';
import { parseSize, sizeText } from '../../../../cli/serve/size-text.ts';

test.each([
  ['1', 1],
  ['1000B', 1000],
  ['512k', 512 * 1024],
  ['1.5 MiB', 1.5 * 1024 ** 2],
  ['4G', 4 * 1024 ** 3],
  ['1TB', 1024 ** 4],
])('%j is %d bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each(['', '0', '-1', '4X', 'G', '1e9', '9999999T'])('%j is no size', (text) => {
  expect(parseSize(text)).toBeNull();
});

test('sizes are written in the largest unit that fits', () => {
  expect([1000, 1024, 1536, 4 * 1024 ** 3].map(sizeText)).toEqual(['1000 B', '1 KiB', '1.5 KiB', '4 GiB']);
});
