import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clampTop,
  type GridBox,
  lastTop,
  MAX_SCROLL_PX,
  movedRow,
  scrollLength,
  scrollOfTop,
  slotCount,
  topAround,
  topOfScroll,
  topShowing,
  wheelRows,
  wholeRows,
} from '../../../../renderer/components/grid-window.ts';

const boxes = fc.record({
  height: fc.integer({ min: 0, max: 3000 }),
  rowHeight: fc.constantFrom(21, 23, 28),
  total: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 4_000_000_000 })),
});

const ten: GridBox = { height: 235, rowHeight: 23, total: 10_000_000 };

describe('the window of a list', () => {
  it('counts whole rows, and one slot more for the row that is cut', () => {
    expect(wholeRows(ten)).toBe(10);
    expect(slotCount(ten)).toBe(11);
    expect(slotCount({ ...ten, height: 230 })).toBe(10);
    expect(wholeRows({ ...ten, height: 5 })).toBe(1);
  });

  it('shows the last row whole when it is at its end', () => {
    fc.assert(
      fc.property(boxes, (box) => {
        const top = lastTop(box);
        expect(box.total - top).toBeLessThanOrEqual(wholeRows(box));
        if (box.total > wholeRows(box)) expect(box.total - top).toBe(wholeRows(box));
      }),
    );
  });

  it('moves as little as it must to show a row whole', () => {
    expect(topShowing(ten, 100, 100)).toBe(100);
    expect(topShowing(ten, 100, 109)).toBe(100);
    expect(topShowing(ten, 100, 110)).toBe(101);
    expect(topShowing(ten, 100, 99)).toBe(99);
    expect(topShowing(ten, 100, 9_999_999)).toBe(9_999_990);
    fc.assert(
      fc.property(boxes, fc.nat(), fc.nat(), (box, from, to) => {
        if (box.total === 0) return;
        const row = to % box.total;
        for (const top of [topShowing(box, clampTop(box, from), row), topAround(box, row)]) {
          expect(top).toBeGreaterThanOrEqual(0);
          expect(top).toBeLessThanOrEqual(row);
          expect(row).toBeLessThan(top + wholeRows(box));
        }
      }),
    );
  });

  it('never makes the scroll bar longer than what browsers draw well', () => {
    fc.assert(
      fc.property(boxes, (box) => {
        expect(scrollLength(box)).toBeLessThanOrEqual(Math.max(MAX_SCROLL_PX, box.height));
        expect(scrollLength(box)).toBeGreaterThanOrEqual(box.height);
      }),
    );
    expect(scrollLength({ ...ten, total: 1000 })).toBe(1000 * 23 + 5);
  });

  it('gives back the row that the scroll bar was placed for', () => {
    fc.assert(
      fc.property(boxes, fc.nat(), (box, from) => {
        const top = clampTop(box, from % (lastTop(box) + 1));
        expect(topOfScroll(box, scrollOfTop(box, top))).toBe(top);
      }),
    );
  });

  it('reaches both ends by the scroll bar', () => {
    expect(topOfScroll(ten, 0)).toBe(0);
    expect(topOfScroll(ten, MAX_SCROLL_PX - ten.height)).toBe(9_999_990);
    expect(topOfScroll({ ...ten, total: 3 }, 0)).toBe(0);
  });

  it('turns a notch of the wheel into four rows, and small moves into rows as they add up', () => {
    expect(wheelRows(100, 0)).toEqual({ rows: 4, leftOver: 0 });
    let leftOver = 0;
    let rows = 0;
    for (let i = 0; i < 100; i++) {
      const step = wheelRows(-5, leftOver);
      ({ leftOver } = step);
      rows += step.rows;
    }
    expect(Math.abs(rows + 20)).toBeLessThanOrEqual(1);
  });

  it('moves by keys and stops at the ends', () => {
    expect(movedRow(ten, 5, 'down')).toBe(6);
    expect(movedRow(ten, 0, 'up')).toBe(0);
    expect(movedRow(ten, 5, 'pageDown')).toBe(15);
    expect(movedRow(ten, 5, 'pageUp')).toBe(0);
    expect(movedRow(ten, 5, 'last')).toBe(9_999_999);
    expect(movedRow(ten, 9_999_999, 'down')).toBe(9_999_999);
    expect(movedRow(ten, 7, 'first')).toBe(0);
    expect(movedRow(ten, -1, 'down')).toBe(0);
    expect(movedRow(ten, -1, 'pageDown')).toBe(10);
    expect(movedRow({ ...ten, total: 0 }, -1, 'last')).toBe(0);
  });
});
