/** What waits until the first rows of a capture are shown. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UntilFirstRows } from '../../../../engine/host/first-rows.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function isOver(waiting: Promise<void>): Promise<boolean> {
  let over = false;
  void waiting.then(() => (over = true));
  await vi.advanceTimersByTimeAsync(0);
  return over;
}

describe('waiting for the first rows', () => {
  it('is over at once where no capture is being opened, and when the rows are there', async () => {
    const until = new UntilFirstRows();
    expect(await isOver(until.wait())).toBe(true);
    until.begin();
    const waiting = until.wait();
    expect(await isOver(waiting)).toBe(false);
    until.done();
    expect(await isOver(waiting)).toBe(true);
    expect(await isOver(until.wait())).toBe(true);
  });

  it('lasts a second at most after the last capture was opened', async () => {
    const until = new UntilFirstRows();
    until.begin();
    const waiting = until.wait();
    await vi.advanceTimersByTimeAsync(900);
    until.begin();
    await vi.advanceTimersByTimeAsync(900);
    expect(await isOver(waiting)).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(await isOver(waiting)).toBe(true);
  });
});
