/**
 * The half of the round trips that crosses the network. On a host, data is acknowledged from two sides: by the host itself, in
 * microseconds, and by the other one across the network. Counted together, the first would hide the second.
 */

import { type CaptureSide, isNear } from './capture-side.ts';
import type { Samples } from './round-trips.ts';

/** What is not known to be near. `flows`: how many there are; `sideOf`: where a flow was captured, as far as that is known. */
export function networkHalf(
  samples: Samples,
  flows: number,
  sideOf: (flow: number) => CaptureSide | 'unknown',
): Samples {
  const near = nearDirections(samples, flows, sideOf);
  const { count, direction, flow, rtt, time } = samples;
  const kept = new Uint32Array(count);
  let length = 0;
  for (let i = 0; i < count; i++) if (near[flow[i]] !== direction[i] + 1) kept[length++] = i;
  if (length === count) return samples;
  const places = kept.subarray(0, length);
  return {
    count: length,
    flow: Uint32Array.from(places, (i) => flow[i]),
    direction: Uint8Array.from(places, (i) => direction[i]),
    time: Float64Array.from(places, (i) => time[i]),
    rtt: Float64Array.from(places, (i) => rtt[i]),
  };
}

/** By flow: 1 more than the direction whose data is acknowledged at the capture point; 0: none is known to be. */
function nearDirections(
  samples: Samples,
  flows: number,
  sideOf: (flow: number) => CaptureSide | 'unknown',
): Uint8Array {
  const { count, direction, flow, rtt } = samples;
  const least = new Float64Array(2 * flows).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < count; i++) {
    const at = 2 * flow[i] + direction[i];
    if (rtt[i] < least[at]) least[at] = rtt[i];
  }
  const near = new Uint8Array(flows);
  for (let one = 0; one < flows; one++) {
    const [toServer, toClient] = [least[2 * one], least[2 * one + 1]];
    if (toServer === toClient) continue; // no samples, mostly
    const side = sideOf(one);
    if (side === 'client' || (side === 'unknown' && isNear(toClient, toServer))) near[one] = 2;
    else if (side === 'server' || (side === 'unknown' && isNear(toServer, toClient))) near[one] = 1;
  }
  return near;
}
