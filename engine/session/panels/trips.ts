/** Round trips of the rows that a panel counts, measured once for the panels that show them. */

import { networkHalf } from '../../analyses/network-half.ts';
import { type RoundTrips, roundTrips, type Samples } from '../../analyses/round-trips.ts';
import { type Spread, spreadOf } from '../../analyses/samples.ts';
import type { GivenSides } from '../../contract/preferences.ts';
import { givenSide, sideOfFlow } from './capture-side.ts';
import { flowFinder } from './flow-finder.ts';
import type { PanelInput } from './panel.ts';
import { remembered } from './remembered.ts';

export interface Trips extends RoundTrips {
  /** The samples that crossed the network, as far as can be told; all others lie between the capture point and a host beside it. */
  readonly network: Samples;
  /** Of the network's. */
  readonly spread: Spread;
}

type TripsInput = Pick<PanelInput, 'capture' | 'rows'> & Partial<Pick<PanelInput, 'options'>>;

const measured = remembered((capture, rows) => roundTrips(capture.table, flowFinder(capture.pass), rows));

/** Told apart by the side that the user has given. */
const halved = new WeakMap<
  RoundTrips,
  { readonly streams: GivenSides['streams']; readonly given: string; readonly trips: Trips }
>();

/** Nobody may change what it returns. */
export function tripsOf({ capture, rows, options = {} }: TripsInput): Trips {
  const all = measured(capture, rows);
  const given = givenSide(capture, options);
  const { streams } = capture.sides;
  const known = halved.get(all);
  if (known !== undefined && known.given === given && known.streams === streams) return known.trips;
  const side = sideOfFlow(capture, given, all.handshakes);
  const network = networkHalf(all.samples, capture.pass.flows.count, side);
  const trips = { ...all, network, spread: spreadOf(network.rtt.slice()) };
  halved.set(all, { streams, given, trips });
  return trips;
}
