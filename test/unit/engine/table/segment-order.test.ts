import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SegmentOrder } from '../../../../engine/table/segment-order.ts';

interface Sent {
  /** Place in the stream. */
  readonly at: number;
  readonly length: number;
}

/** What comes out for a stream that begins at `first`: its bytes by place, -1 for each that is missing. */
function put(first: number, sent: readonly Sent[], acks: readonly number[] = [], limit = 1000): number[] {
  const out: number[] = [];
  const order = new SegmentOrder<Sent>(
    {
      piece: ({ at }, skip, length) => {
        for (let i = 0; i < length; i++) out.push(at + skip + i);
      },
      gap: (length) => {
        for (let i = 0; i < length; i++) out.push(-1);
      },
    },
    { segments: limit, bytes: 1_000_000 },
  );
  order.start(first);
  sent.forEach((one, i) => {
    order.take((first + one.at) | 0, one.length, one);
    if (acks[i] !== undefined) order.acked((first + acks[i]) | 0);
  });
  order.finish();
  return out;
}

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe('segments put in order', () => {
  it('come out as they were sent, over the end of the sequence numbers', () => {
    expect(
      put(0xffff_fffa, [
        { at: 0, length: 4 },
        { at: 4, length: 4 },
        { at: 8, length: 4 },
      ]),
    ).toEqual(numbers(0, 12));
  });

  it('wait for what was overtaken', () => {
    expect(
      put(100, [
        { at: 4, length: 4 },
        { at: 0, length: 4 },
      ]),
    ).toEqual(numbers(0, 8));
  });

  it('count once where they overlap or repeat', () => {
    const sent = [
      { at: 0, length: 6 },
      { at: 2, length: 6 },
      { at: 0, length: 6 },
      { at: 8, length: 2 },
    ];
    expect(put(7, sent)).toEqual(numbers(0, 10));
  });

  it('leave a hole where the receiver has what the capture does not, and go on behind it', () => {
    expect(
      put(
        1,
        [
          { at: 0, length: 2 },
          { at: 5, length: 2 },
        ],
        [2, 7],
      ),
    ).toEqual([0, 1, -1, -1, -1, 5, 6]);
  });

  it('do not wait past the limit', () => {
    const sent = [5, 10, 15].map((at) => ({ at, length: 1 }));
    expect(put(1, sent, [], 2)).toHaveLength(16);
  });

  it('give the same stream in any order, cut, doubled and overlapping in any way', () => {
    const pieces = fc.array(fc.record({ at: fc.nat(60), length: fc.integer({ min: 1, max: 30 }) }), { maxLength: 40 });
    fc.assert(
      fc.property(pieces, fc.integer(), fc.infiniteStream(fc.nat()), (some, first, random) => {
        const length = some.reduce((end, { at, length: n }) => Math.max(end, at + n), 1);
        const whole = [...some, ...numbers(0, length).map((at) => ({ at, length: 1 }))];
        for (let i = whole.length - 1; i > 0; i--) {
          const j = (random.next().value ?? 0) % (i + 1);
          const [a, b] = [whole[i], whole[j]];
          if (a !== undefined && b !== undefined) [whole[i], whole[j]] = [b, a];
        }
        expect(put(first, whole)).toEqual(numbers(0, length));
      }),
      { numRuns: 300 },
    );
  });
});
