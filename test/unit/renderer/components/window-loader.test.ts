import { describe, expect, it, vi } from 'vitest';
import { MARGIN, makeWindowLoader, type WindowLoader } from '../../../../renderer/components/window-loader.ts';

interface Question {
  readonly first: number;
  readonly count: number;
  answer(rows?: readonly number[]): Promise<void>;
  fail(error: Error): Promise<void>;
}

interface Lab {
  readonly loader: WindowLoader<number>;
  readonly asked: Question[];
  readonly onRows: ReturnType<typeof vi.fn>;
  readonly onError: ReturnType<typeof vi.fn>;
}

const TOTAL = 1_000_000;

function lab(): Lab {
  const asked: Question[] = [];
  const onRows = vi.fn();
  const onError = vi.fn();
  const settle = () => new Promise<void>((resolve) => setTimeout(resolve));
  const loader = makeWindowLoader<number>({
    fetch: (first, count) =>
      new Promise((resolve, reject) => {
        asked.push({
          first,
          count,
          answer: (rows) => {
            resolve(rows ?? Array.from({ length: count }, (_, index) => first + index));
            return settle();
          },
          fail: (error) => {
            reject(error);
            return settle();
          },
        });
      }),
    onRows,
    onError,
  });
  return { loader, asked, onRows, onError };
}

describe('the loader of a window', () => {
  it('asks for the window and a margin, inside the list', async () => {
    const { loader, asked, onRows } = lab();
    loader.want(0, 30, TOTAL);
    expect(asked).toMatchObject([{ first: 0, count: 30 + MARGIN }]);
    await asked[0]?.answer();
    expect(onRows).toHaveBeenCalledOnce();
    expect(loader.has(0, 30)).toBe(true);
    expect(loader.row(7)).toBe(7);
    loader.want(TOTAL - 30, 30, TOTAL);
    expect(asked[1]).toMatchObject({ first: TOTAL - 30 - MARGIN, count: 30 + MARGIN });
  });

  it('has one request under way, and then asks for the newest place only', async () => {
    const { loader, asked } = lab();
    loader.want(0, 30, TOTAL);
    for (let first = 1000; first <= 50_000; first += 1000) loader.want(first, 30, TOTAL);
    expect(asked).toHaveLength(1);
    await asked[0]?.answer();
    expect(asked).toHaveLength(2);
    expect(asked[1]?.first).toBe(50_000 - MARGIN);
  });

  it('keeps the rows it has until others arrive', async () => {
    const { loader, asked } = lab();
    loader.want(0, 30, TOTAL);
    await asked[0]?.answer();
    loader.want(500_000, 30, TOTAL);
    expect(loader.row(7)).toBe(7);
    expect(loader.has(500_000, 30)).toBe(false);
    await asked[1]?.answer();
    expect(loader.has(500_000, 30)).toBe(true);
  });

  it('does not ask while enough is there, and refills before the margin is used up', async () => {
    const { loader, asked } = lab();
    loader.want(1000, 30, TOTAL);
    await asked[0]?.answer();
    loader.want(1020, 30, TOTAL);
    expect(asked).toHaveLength(1);
    loader.want(1045, 30, TOTAL);
    expect(asked).toHaveLength(2);
    expect(loader.has(1045, 30)).toBe(true);
  });

  it('fetches the rows that a growing list has gained', async () => {
    const { loader, asked } = lab();
    loader.want(0, 30, 10);
    await asked[0]?.answer();
    loader.want(0, 30, 25);
    expect(asked[1]).toMatchObject({ first: 0, count: 25 });
  });

  it('shows what is out of date until it is fetched again', async () => {
    const { loader, asked, onRows } = lab();
    loader.want(0, 3, 3);
    await asked[0]?.answer([1, 2, 3]);
    loader.refresh();
    expect(loader.row(0)).toBe(1);
    await asked[1]?.answer([10, 20, 30]);
    expect(loader.row(0)).toBe(10);
    expect(onRows).toHaveBeenCalledTimes(2);
    expect(asked).toHaveLength(2);
  });

  it('fetches again what became out of date while it was under way', async () => {
    const { loader, asked } = lab();
    loader.want(0, 3, 3);
    loader.refresh();
    await asked[0]?.answer([1, 2, 3]);
    expect(asked).toHaveLength(2);
  });

  it('drops rows of a list that has been replaced, and knows which list its rows are of', async () => {
    const { loader, asked, onRows } = lab();
    loader.want(0, 3, 3);
    await asked[0]?.answer([1, 2, 3]);
    loader.refresh();
    loader.replace();
    expect(loader.isCurrent()).toBe(false);
    await asked[1]?.answer([7, 8, 9]);
    expect(loader.row(0)).toBe(1);
    expect(onRows).toHaveBeenCalledTimes(1);
    await asked[2]?.answer([40, 50, 60]);
    expect(loader.isCurrent()).toBe(true);
    expect(loader.row(0)).toBe(40);
  });

  it('reports a failure once and does not ask the same again by itself', async () => {
    const { loader, asked, onError, onRows } = lab();
    loader.want(0, 30, TOTAL);
    await asked[0]?.fail(new Error('gone'));
    expect(onError).toHaveBeenCalledOnce();
    expect(onRows).not.toHaveBeenCalled();
    expect(asked).toHaveLength(1);
    loader.want(100, 30, TOTAL);
    expect(asked).toHaveLength(2);
  });

  it('does not ask for ever when fewer rows come than were promised', async () => {
    const { loader, asked } = lab();
    loader.want(0, 30, 30);
    await asked[0]?.answer([1, 2]);
    expect(asked).toHaveLength(1);
    expect(loader.has(0, 30)).toBe(false);
  });

  it('says which rows it holds while the list grows away from them', async () => {
    const { loader, asked } = lab();
    expect(loader.held()).toEqual({ first: 0, end: 0 });
    loader.want(100, 30, 130);
    loader.want(400, 30, 430);
    await asked[0]?.answer();
    // Too late for what is wanted by now, but nearer than nothing.
    expect(loader.has(400, 30)).toBe(false);
    expect(loader.held()).toEqual({ first: 40, end: 130 });
    expect(asked[1]).toMatchObject({ first: 400 - MARGIN });
  });

  it('is silent after it was closed', async () => {
    const { loader, asked, onRows, onError } = lab();
    loader.want(0, 30, TOTAL);
    loader.close();
    await asked[0]?.answer();
    loader.want(0, 60, TOTAL);
    expect(onRows).not.toHaveBeenCalled();
    expect(onError).not.toHaveBeenCalled();
    expect(asked).toHaveLength(1);
  });
});
