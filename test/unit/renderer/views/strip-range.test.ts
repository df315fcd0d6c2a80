import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  barHeights,
  bucketAt,
  bucketSpan,
  highestOf,
  isOutside,
  moveRange,
  pixelAt,
  rangeBetween,
  resizeRange,
  scaleRange,
  timeAt,
} from '../../../../renderer/views/time-strip/strip-range.ts';

const all = { from: 1000, to: 11_000 };
const scale = { ...all, width: 200 };

describe('places on the time strip', () => {
  it('are times and back', () => {
    expect(timeAt(scale, 100)).toBe(6000);
    expect(pixelAt(scale, 6000)).toBe(100);
    expect(timeAt(scale, -50)).toBe(1000);
    expect(timeAt(scale, 900)).toBe(11_000);
    expect(pixelAt({ from: 5, to: 5, width: 200 }, 5)).toBe(0);
  });

  it('make the same range whichever way one drags', () => {
    expect(rangeBetween(scale, 150, 50)).toEqual(rangeBetween(scale, 50, 150));
    expect(rangeBetween(scale, 50, 150)).toEqual({ from: 3500, to: 8500 });
  });

  it('belong to a bucket', () => {
    expect(bucketAt(200, 50, 0)).toBe(0);
    expect(bucketAt(200, 50, 199.9)).toBe(49);
    expect(bucketAt(200, 50, 200)).toBe(-1);
    expect(bucketSpan(all, 50, 49)).toEqual({ from: 10_800, to: 11_000 });
  });

  it('are outside of a range or not', () => {
    expect(isOutside({ from: 2, to: 4 }, 4)).toBe(false);
    expect(isOutside({ from: 2, to: 4 }, 5)).toBe(true);
  });
});

describe('a range moved by keys', () => {
  const step = 200;
  const range = { from: 3000, to: 5000 };

  it('keeps its length and stays inside the capture', () => {
    expect(moveRange(all, range, step)).toEqual({ from: 3200, to: 5200 });
    expect(moveRange(all, range, 1e9)).toEqual({ from: 9000, to: 11_000 });
    expect(moveRange(all, range, -1e9)).toEqual({ from: 1000, to: 3000 });
  });

  it('is resized at one end and never turns over', () => {
    expect(resizeRange(all, range, 'to', 1e9, step)).toEqual({ from: 3000, to: 11_000 });
    expect(resizeRange(all, range, 'to', -1e9, step)).toEqual({ from: 3000, to: 3200 });
    expect(resizeRange(all, range, 'from', 1e9, step)).toEqual({ from: 4800, to: 5000 });
  });

  it('grows and shrinks about its middle', () => {
    expect(scaleRange(all, range, 0.5, step)).toEqual({ from: 3500, to: 4500 });
    expect(scaleRange(all, range, 100, step)).toEqual(all);
  });

  it('is always a range inside the capture', () => {
    const ranges = fc.tuple(fc.integer({ min: 1000, max: 11_000 }), fc.integer({ min: 1000, max: 11_000 }));
    fc.assert(
      fc.property(
        ranges,
        fc.integer({ min: -20_000, max: 20_000 }),
        fc.double({ min: 0.1, max: 9, noNaN: true }),
        ([a, b], delta, factor) => {
          const begun = { from: Math.min(a, b), to: Math.max(a, b) };
          for (const next of [
            moveRange(all, begun, delta),
            resizeRange(all, begun, 'to', delta, step),
            resizeRange(all, begun, 'from', delta, step),
            scaleRange(all, begun, factor, step),
          ]) {
            expect(next.from).toBeGreaterThanOrEqual(all.from);
            expect(next.to).toBeLessThanOrEqual(all.to);
            expect(next.to).toBeGreaterThanOrEqual(next.from);
          }
        },
      ),
    );
  });
});

describe('bars', () => {
  it('are as high as their share, and never lower than a pixel where there is a packet', () => {
    expect([...barHeights([0, 1, 500, 1000], 1000, 40)]).toEqual([0, 1, 20, 40]);
    expect([...barHeights([0, 0], 0, 40)]).toEqual([0, 0]);
    expect(highestOf(Uint32Array.of(3, 9, 2))).toBe(9);
  });
});
