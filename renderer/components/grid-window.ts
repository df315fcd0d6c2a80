/**
 * Arithmetic of a list seen through a window: which whole rows fit, where the first one may be, and how a scroll bar that
 * cannot be as long as the list stands for it. Chromium draws unevenly past 16.7 million pixels, so the bar ends far below.
 */

/** Length of the scroll bar's content. Shorter lists have one as long as they are, and scroll to the pixel. */
export const MAX_SCROLL_PX = 8_000_000;

export interface GridBox {
  /** Height for rows, in pixels. */
  readonly height: number;
  readonly rowHeight: number;
  /** Rows in the list. */
  readonly total: number;
}

/** Rows that fit whole: a page. At least one, so that keys move even in a box that is too low. */
export function wholeRows({ height, rowHeight }: GridBox): number {
  return Math.max(1, Math.floor(height / rowHeight));
}

/** Slots to draw: whole rows and the one that is cut off below them. */
export function slotCount({ height, rowHeight }: GridBox): number {
  return Math.max(1, Math.ceil(height / rowHeight));
}

/** First row of the last page: there the last row is whole. */
export function lastTop(box: GridBox): number {
  return Math.max(0, box.total - wholeRows(box));
}

export function clampTop(box: GridBox, top: number): number {
  return Math.max(0, Math.min(Math.round(top), lastTop(box)));
}

/** Smallest move of the window that shows a row whole. */
export function topShowing(box: GridBox, top: number, row: number): number {
  if (row < top) return clampTop(box, row);
  const page = wholeRows(box);
  return row >= top + page ? clampTop(box, row - page + 1) : clampTop(box, top);
}

/** The window with a row in its middle, for jumps from elsewhere. */
export function topAround(box: GridBox, row: number): number {
  return clampTop(box, row - Math.floor(wholeRows(box) / 2));
}

/** Height of what the scroll bar scrolls; never less than the bar itself. */
export function scrollLength(box: GridBox): number {
  const rest = box.height - wholeRows(box) * box.rowHeight;
  return Math.max(box.height, Math.min(box.total * box.rowHeight + rest, MAX_SCROLL_PX));
}

/** First row for a place of the scroll bar. */
export function topOfScroll(box: GridBox, scrollTop: number): number {
  const way = scrollLength(box) - box.height;
  return way <= 0 ? 0 : clampTop(box, (scrollTop / way) * lastTop(box));
}

/** Place of the scroll bar for a first row. */
export function scrollOfTop(box: GridBox, top: number): number {
  const last = lastTop(box);
  return last === 0 ? 0 : (top / last) * (scrollLength(box) - box.height);
}

/** A mouse wheel's notch is 100 px and moves this many rows. */
const ROWS_PER_NOTCH = 4;
const NOTCH_PX = 100;

/** Rows of a wheel event, with what is left over for the next: trackpads send a few pixels at a time. */
export function wheelRows(deltaPx: number, leftOver: number): { readonly rows: number; readonly leftOver: number } {
  const exact = leftOver + (deltaPx / NOTCH_PX) * ROWS_PER_NOTCH;
  const rows = Math.trunc(exact);
  return { rows, leftOver: exact - rows };
}

export type Move = 'up' | 'down' | 'pageUp' | 'pageDown' | 'first' | 'last';

/** Where a key moves from a row (-1: there is none yet). */
export function movedRow(box: GridBox, row: number, move: Move): number {
  const last = box.total - 1;
  const within = (target: number): number => Math.max(0, Math.min(target, last));
  switch (move) {
    case 'up':
      return within(row - 1);
    case 'down':
      return within(row + 1);
    case 'pageUp':
      return within(row - wholeRows(box));
    case 'pageDown':
      return within(Math.max(row, 0) + wholeRows(box));
    case 'first':
      return 0;
    case 'last':
      return Math.max(0, last);
  }
}
