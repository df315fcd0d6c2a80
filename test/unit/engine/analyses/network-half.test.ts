/** Which round trips crossed the network. */

import { describe, expect, it } from 'vitest';
import type { CaptureSide } from '../../../../engine/analyses/capture-side.ts';
import { networkHalf } from '../../../../engine/analyses/network-half.ts';
import type { Samples } from '../../../../engine/analyses/round-trips.ts';

type Trip = readonly [flow: number, direction: 0 | 1, microseconds: number];

function samplesOf(trips: readonly Trip[]): Samples {
  return {
    count: trips.length,
    flow: Uint32Array.from(trips, ([flow]) => flow),
    direction: Uint8Array.from(trips, ([, direction]) => direction),
    time: Float64Array.from(trips, (_, i) => i),
    rtt: Float64Array.from(trips, ([, , microseconds]) => microseconds * 1000),
  };
}

function far(trips: readonly Trip[], side: (flow: number) => CaptureSide | 'unknown' = () => 'unknown'): number[] {
  const samples = networkHalf(samplesOf(trips), 4, side);
  expect(samples.rtt).toHaveLength(samples.count);
  return [...samples.rtt].map((ns) => ns / 1000);
}

/** The server answers after 20 ms, the client at once. */
const AT_CLIENT: readonly Trip[] = [
  [0, 0, 20_000],
  [0, 1, 50],
  [0, 1, 40_000],
  [0, 0, 21_000],
];

describe('the half of the round trips that crosses the network', () => {
  it('leaves out what the host at the capture point acknowledges, delayed or not', () => {
    expect(far(AT_CLIENT)).toEqual([20_000, 21_000]);
    expect(far(AT_CLIENT.map(([flow, direction, time]) => [flow, direction === 0 ? 1 : 0, time]))).toEqual([
      20_000, 21_000,
    ]);
  });

  it('is told by the side where that is known', () => {
    const near: readonly Trip[] = [
      [1, 0, 90],
      [1, 1, 80],
    ];
    expect(far(near)).toEqual([90, 80]);
    expect(far(near, () => 'client')).toEqual([90]);
    expect(far(near, () => 'server')).toEqual([80]);
    expect(far(AT_CLIENT, () => 'between')).toEqual([20_000, 50, 40_000, 21_000]);
  });

  it('is both halves where neither is near, or only one was seen', () => {
    expect(
      far([
        [2, 0, 9_000],
        [2, 1, 12_000],
        [3, 0, 40],
      ]),
    ).toEqual([9_000, 12_000, 40]);
  });

  it('judges each connection by itself', () => {
    expect(far([...AT_CLIENT, [1, 0, 30], [1, 1, 15_000]])).toEqual([20_000, 21_000, 15_000]);
  });
});
