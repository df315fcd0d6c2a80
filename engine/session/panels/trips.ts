/** Round trips of the rows that a panel counts, measured once for the panels that show them. */

import { type RoundTrips, roundTrips } from '../../analyses/round-trips.ts';
import { type Spread, spreadOf } from '../../analyses/samples.ts';
import { flowFinder } from './flow-finder.ts';
import type { PanelInput } from './panel.ts';
import { remembered } from './remembered.ts';

export interface Trips extends RoundTrips {
  /** Of all samples. */
  readonly spread: Spread;
}

const measured = remembered((capture, rows): Trips => {
  const trips = roundTrips(capture.table, flowFinder(capture.pass), rows);
  return { ...trips, spread: spreadOf(trips.samples.rtt.slice()) };
});

/** Nobody may change what it returns. */
export function tripsOf({ capture, rows }: Pick<PanelInput, 'capture' | 'rows'>): Trips {
  return measured(capture, rows);
}
