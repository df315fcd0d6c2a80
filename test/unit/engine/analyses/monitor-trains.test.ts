/** What holds a sender up that waits for acknowledgements, told from either end of the way. */

import { describe, expect, it } from 'vitest';
import { LIMIT, Trains } from '../../../../engine/analyses/monitor-trains.ts';

const MS = 1e6;
const TRIP = 20 * MS;
const SEGMENT = 1000;

interface Run {
  /** Segments sent in each round trip. */
  readonly flights: readonly number[];
  readonly window: number;
  /** Time from the capture point to the sender and back. */
  readonly back: number;
  readonly every?: number;
  readonly lostAt?: number;
}

/** Nanoseconds of waiting that were put down to each limit. */
function explained({ flights, window, back, every = TRIP, lostAt = -1 }: Run): Record<'receiver' | 'sender', number> {
  const trains = new Trains();
  const number = trains.add(1);
  const found = { receiver: 0, sender: 0 };
  let seq = 4_294_960_000;
  let waited = 0;
  flights.forEach((segments, round) => {
    const start = round * every + back / 2;
    for (let i = 0; i < segments; i++) {
      if (i === 0 && round > 0) waited += every;
      const limit = trains.data(number, seq >>> 0, SEGMENT, start + i * 1000, TRIP, back, waited);
      if (limit === LIMIT.receiver) found.receiver += trains.explained;
      if (limit === LIMIT.sender) found.sender += trains.explained;
      if (limit !== LIMIT.none) waited -= trains.explained;
      seq += SEGMENT;
    }
    if (round === lostAt) trains.lose(number);
    // From here to the receiver and back again.
    for (let i = 0; i < segments; i++)
      trains.acknowledge(number, (seq - (segments - 1 - i) * SEGMENT) >>> 0, window, start + i * 1000 + TRIP - back);
  });
  return found;
}

const steady = (segments: number, rounds: number): number[] => Array.from({ length: rounds }, () => segments);

describe.each([
  ['at the sender', 0],
  ['in the middle', TRIP / 2],
  ['at the receiver', TRIP],
])('captured %s', (_, back) => {
  it('a window that every flight fills is the limit', () => {
    const { receiver, sender } = explained({ flights: steady(16, 20), window: 17_000, back });
    expect(receiver / TRIP).toBeGreaterThan(17);
    expect(sender).toBe(0);
  });

  it('flights that stay the same in a large window are a limit of the sender', () => {
    const { receiver, sender } = explained({ flights: steady(16, 20), window: 500_000, back });
    expect(sender / TRIP).toBeGreaterThan(17);
    expect(receiver).toBe(0);
  });

  it('nobody is blamed while flights grow, after a loss, or where programs send at times of their own', () => {
    const growing = [1, 2, 4, 8, 16, 32, 64, 128];
    const nothing = { receiver: 0, sender: 0 };
    expect(explained({ flights: growing, window: 500_000, back })).toEqual(nothing);
    expect(explained({ flights: steady(16, 20), window: 500_000, back, lostAt: 0 })).toEqual(nothing);
    expect(explained({ flights: steady(4, 40), window: 500_000, back, every: 1.7 * TRIP })).toEqual(nothing);
    expect(explained({ flights: steady(4, 40), window: 500_000, back, every: 0.6 * TRIP })).toEqual(nothing);
  });
});

it('where the scale of windows is not known, nobody is blamed', () => {
  const trains = new Trains();
  const number = trains.add(Number.NaN);
  const limits = new Set<number>();
  for (let round = 0; round < 20; round++) {
    for (let i = 0; i < 8; i++)
      limits.add(trains.data(number, (8 * round + i) * SEGMENT, SEGMENT, round * TRIP + i, TRIP, 0, round * TRIP));
    trains.acknowledge(number, 8 * (round + 1) * SEGMENT, 500, (round + 1) * TRIP - 100);
  }
  expect([...limits]).toEqual([LIMIT.none]);
});
