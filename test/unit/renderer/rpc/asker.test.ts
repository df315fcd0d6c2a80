import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeAsker } from '../../../../renderer/rpc/asker.ts';

interface Flight {
  readonly question: string;
  readonly signal: AbortSignal;
  readonly answer: () => void;
}

function lab() {
  const flights: Flight[] = [];
  let idle = 0;
  const asker = makeAsker({
    onIdle: () => {
      idle++;
    },
    ask: (question, signal) => new Promise((answer) => flights.push({ question, signal, answer })),
  });
  return { asker, flights, idle: () => idle };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('asking the host', () => {
  it('lets another question overtake the one on its way', () => {
    const { asker, flights } = lab();
    asker.want('a');
    asker.want('b');
    expect(flights.map(({ question }) => question)).toEqual(['a', 'b']);
    expect(flights[0]?.signal.aborted).toBe(true);
    expect(flights[1]?.signal.aborted).toBe(false);
  });

  it('never starves an answer by asking the same again', async () => {
    const { asker, flights } = lab();
    asker.want('a');
    for (let i = 0; i < 20; i++) {
      await vi.advanceTimersByTimeAsync(100);
      asker.want('a');
    }
    expect(flights).toHaveLength(1);
    expect(flights[0]?.signal.aborted).toBe(false);
    flights[0]?.answer();
    await vi.advanceTimersByTimeAsync(0);
    // Two seconds it took: the next waits four.
    await vi.advanceTimersByTimeAsync(3900);
    expect(flights).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(flights).toHaveLength(2);
  });

  it('asks again what has changed after a quick answer, but not at once', async () => {
    const { asker, flights } = lab();
    asker.want('a');
    flights[0]?.answer();
    await vi.advanceTimersByTimeAsync(0);
    asker.want('a');
    asker.want('a');
    await vi.advanceTimersByTimeAsync(150);
    expect(flights).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(flights).toHaveLength(2);
    flights[1]?.answer();
    await vi.advanceTimersByTimeAsync(10_000);
    // A change long after the last answer is asked about at once.
    asker.want('a');
    await vi.advanceTimersByTimeAsync(0);
    expect(flights).toHaveLength(3);
  });

  it('asks nothing more once it is stopped, or has nothing to ask', async () => {
    const { asker, flights, idle } = lab();
    asker.want('a');
    asker.want('a');
    asker.want(null);
    expect(idle()).toBe(1);
    expect(flights[0]?.signal.aborted).toBe(true);
    flights[0]?.answer();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(flights).toHaveLength(1);
    asker.want('a');
    asker.stop();
    expect(flights[1]?.signal.aborted).toBe(true);
    // As React does when it mounts twice.
    asker.want('a');
    expect(flights).toHaveLength(3);
  });
});
