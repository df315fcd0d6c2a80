/** Fragments joined to datagrams: whatever way they lie. */

import { describe, expect, it } from 'vitest';
import { Defragmenter, type Fragment } from '../../../../engine/dissect/defragment.ts';

const BYTES = Uint8Array.from({ length: 64 }, (_, i) => i);

function piece(offset: number, at: number, end: number, isLast = false): Fragment {
  return { key: '4.17.1', protocol: 17, offset, isLast, at, end };
}

describe('a datagram', () => {
  it('is whole once its last missing piece came, in any order', () => {
    const joined = new Defragmenter();
    expect(joined.add('a', 0, piece(16, 16, 30, true), BYTES)).toBeNull();
    expect(joined.add('a', 1, piece(0, 0, 16), BYTES)).toEqual({ bytes: BYTES.slice(0, 30), rows: [0, 1] });
  });

  it('leaves out the odd end of a piece that is not the last one', () => {
    const joined = new Defragmenter();
    // Overlapping pieces as forged to harm (teardrop): 36 bytes at 0, then 4 bytes at 24.
    expect(joined.add('a', 0, piece(0, 0, 36), BYTES)).toBeNull();
    expect(joined.add('a', 1, piece(24, 40, 44, true), BYTES)?.bytes).toEqual(BYTES.slice(0, 28));
  });

  it('takes no piece of less than eight bytes in its middle', () => {
    const joined = new Defragmenter();
    expect(joined.add('a', 0, piece(0, 0, 7), BYTES)).toBeNull();
    expect(joined.add('a', 1, piece(0, 0, 4, true), BYTES)?.rows).toEqual([1]);
  });
});
