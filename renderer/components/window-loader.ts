/**
 * Rows of a long list, fetched a page at a time around what is shown: one request under way, the newest place wins, and
 * what is there stays until something else has arrived. So a list that is dragged through shows rows all the time.
 */

/** Rows fetched above and below the window. */
export const MARGIN = 60;
/** When fewer than this many rows are left beyond the window, more are fetched. */
const REFILL = 30;

export interface Page<Row> {
  readonly first: number;
  readonly rows: readonly Row[];
}

export interface LoaderOptions<Row> {
  /** Fetches rows [first, first + count); fewer come back where the list has become shorter. */
  fetch(first: number, count: number): Promise<readonly Row[]>;
  /** Rows have arrived. */
  onRows(): void;
  onError(error: unknown): void;
}

export interface WindowLoader<Row> {
  /** Says which rows are wanted on the screen; fetches what is missing. */
  want(first: number, count: number, total: number): void;
  row(position: number): Row | undefined;
  /** Whether all rows of [first, first + count) are there. */
  has(first: number, count: number): boolean;
  /** The rows that are there: [first, end). */
  held(): { readonly first: number; readonly end: number };
  /** What is there is out of date: it is fetched again, and shown until then. */
  refresh(): void;
  /** The list has become another one. Its rows are fetched; those of the one before are shown until then. */
  replace(): void;
  /** Whether the rows that are there are of this list, not of the one before. */
  isCurrent(): boolean;
  /** What is under way is not waited for any more. */
  close(): void;
}

interface Wanted {
  readonly first: number;
  readonly count: number;
  readonly total: number;
}

export function makeWindowLoader<Row>(options: LoaderOptions<Row>): WindowLoader<Row> {
  let page: Page<Row> = { first: 0, rows: [] };
  let wanted: Wanted = { first: 0, count: 0, total: 0 };
  let isStale = false;
  /** Lists are counted; rows that arrive for an earlier one are dropped. */
  let list = 0;
  let listOfPage = 0;
  let isBusy = false;
  let isClosed = false;

  const end = (of: Page<Row>): number => of.first + of.rows.length;

  function has(first: number, count: number): boolean {
    return first >= page.first && first + count <= end(page);
  }

  function needsMore({ first, count, total }: Wanted): boolean {
    if (count <= 0) return false;
    const above = Math.max(0, first - REFILL);
    const below = Math.min(total, first + count + REFILL);
    return isStale || !has(above, below - above);
  }

  async function load(): Promise<void> {
    if (isBusy || isClosed || !needsMore(wanted)) return;
    isBusy = true;
    const asked = wanted;
    const askedList = list;
    const first = Math.max(0, asked.first - MARGIN);
    const count = Math.min(asked.total, asked.first + asked.count + MARGIN) - first;
    isStale = false;
    let isFailed = false;
    try {
      const rows = await options.fetch(first, count);
      if (list === askedList) {
        page = { first, rows };
        listOfPage = list;
      }
    } catch (error) {
      isFailed = true;
      if (!isClosed) options.onError(error);
    }
    isBusy = false;
    if (isClosed) return;
    if (!isFailed && list === askedList) options.onRows();
    // The same question after a failure, or after fewer rows than promised, would only be asked for ever.
    const isSame = wanted.first === asked.first && wanted.count === asked.count && wanted.total === asked.total;
    if (!isSame || isStale) void load();
  }

  return {
    want: (first, count, total) => {
      const shown = Math.max(0, Math.min(count, total - first));
      if (wanted.first === first && wanted.count === shown && wanted.total === total && !isStale) return;
      wanted = { first, count: shown, total };
      void load();
    },
    row: (position) => page.rows[position - page.first],
    has,
    held: () => ({ first: page.first, end: end(page) }),
    refresh: () => {
      isStale = true;
      void load();
    },
    replace: () => {
      list++;
      isStale = true;
      void load();
    },
    isCurrent: () => list === listOfPage,
    close: () => {
      isClosed = true;
    },
  };
}
