import { describe, expect, it } from 'vitest';
import { makeSelectionStore } from '../../../../renderer/state/selection-store.ts';

describe('the selection', () => {
  it('is one row after a click', () => {
    const store = makeSelectionStore();
    store.select(7, 70);
    store.select(9, 90);
    expect(store.get()).toMatchObject({ position: 9, row: 90, ranges: [[9, 10]] });
  });

  it('goes from the anchor to the row with Shift, in both directions', () => {
    const store = makeSelectionStore();
    store.select(7, 70);
    store.extendTo(10, 100);
    expect(store.get().ranges).toEqual([[7, 11]]);
    store.extendTo(5, 50);
    expect(store.get()).toMatchObject({ ranges: [[5, 8]], position: 5, anchor: 7 });
  });

  it('takes rows in and out with Ctrl', () => {
    const store = makeSelectionStore();
    store.select(1);
    store.toggle(3);
    store.toggle(4);
    expect(store.get().ranges).toEqual([
      [1, 2],
      [3, 5],
    ]);
    store.toggle(3);
    expect(store.get()).toMatchObject({
      ranges: [
        [1, 2],
        [4, 5],
      ],
      position: 3,
    });
  });

  it('selects everything without moving the current row', () => {
    const store = makeSelectionStore();
    store.select(4, 40);
    store.selectAll(10_000_000);
    expect(store.get()).toMatchObject({ ranges: [[0, 10_000_000]], position: 4, row: 40 });
    store.clear();
    store.selectAll(0);
    expect(store.get().ranges).toEqual([]);
  });

  it('learns the packet of a row that was not loaded, and only of the current one', () => {
    const store = makeSelectionStore();
    store.select(500);
    expect(store.get().row).toBe(-1);
    store.resolve(499, 1);
    expect(store.get().row).toBe(-1);
    store.resolve(500, 12);
    expect(store.get().row).toBe(12);
  });

  it('forgets bytes of the packet before, and keeps them for the same packet', () => {
    const store = makeSelectionStore();
    store.select(1, 10);
    store.setBytes({ source: 0, at: 4, length: 2, field: 'ip.src', node: 3 });
    store.select(1, 10);
    expect(store.get().bytes).not.toBeNull();
    store.select(2, 20);
    expect(store.get().bytes).toBeNull();
  });
});
