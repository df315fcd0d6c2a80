/** The side of each connection that it was captured on: as the user says for the connection or for the file, else as told. */

import { CAPTURE_SIDES, type CaptureSide, sideOf } from '../../analyses/capture-side.ts';
import { clientSide, type Handshake, type RoundTrips, serverSide } from '../../analyses/round-trips.ts';
import type { Choice, Finding } from '../../contract/report.ts';
import { FLOW } from '../../table/flow-states.ts';
import type { Capture } from '../capture.ts';
import type { PanelInput } from './panel.ts';

export type KnownSide = CaptureSide | 'unknown';

export interface Sides {
  of(flow: number): KnownSide;
  readonly choice: Choice;
  readonly findings: readonly Finding[];
}

/** What the user says of the whole file. `options.side` goes before what is kept for it: the command line says it so. */
export function givenSide(capture: Capture, options: PanelInput['options']): CaptureSide | 'auto' {
  return CAPTURE_SIDES.find((side) => side === options.side) ?? capture.sides.file;
}

/** The side of each connection: as given for itself, for the file, or told. */
export function sideOfFlow(
  capture: Capture,
  given: CaptureSide | 'auto',
  handshakes: RoundTrips['handshakes'],
): (flow: number) => KnownSide {
  return (flow) => {
    const own = capture.sides.streams.get(capture.pass.flows.get(flow, FLOW.stream));
    if (own !== undefined) return own;
    return given === 'auto' ? toldOf(capture, flow, handshakes.get(flow)).side : given;
  };
}

export function sidesOf(input: PanelInput, { handshakes }: RoundTrips): Sides {
  const { capture } = input;
  const given = givenSide(capture, input.options);
  return {
    of: sideOfFlow(capture, given, handshakes),
    choice: { id: 'side', kind: 'own', value: given },
    findings: sentence(capture, handshakes, given),
  };
}

function toldOf(capture: Capture, flow: number, handshake: Handshake | undefined): ReturnType<typeof sideOf> {
  const { firstHops } = capture.pass;
  return sideOf({
    serverHalf: handshake === undefined ? Number.NaN : serverSide(handshake).low,
    clientHalf: handshake === undefined ? Number.NaN : clientSide(handshake).low,
    clientHops: firstHops.get(2 * flow),
    serverHops: firstHops.get(2 * flow + 1),
  });
}

/** One side is said of the file when this share of the connections that tell it are of one mind. */
const MOSTLY = 0.8;

function sentence(capture: Capture, handshakes: RoundTrips['handshakes'], given: CaptureSide | 'auto'): Finding[] {
  if (given !== 'auto') return [{ id: `side.given.${given}`, level: 'info', values: {} }];
  const counts = { client: 0, server: 0, between: 0 };
  const by = { times: 0, hops: 0 };
  for (const [flow, handshake] of handshakes) {
    const told = toldOf(capture, flow, handshake);
    if (told.side === 'unknown') continue;
    counts[told.side]++;
    if (told.by !== 'hops') by.times++;
    if (told.by !== 'times') by.hops++;
  }
  const all = counts.client + counts.server + counts.between;
  if (all === 0) return handshakes.size === 0 ? [] : [{ id: 'side.unknown', level: 'info', values: {} }];
  const main = CAPTURE_SIDES.find((side) => counts[side] >= MOSTLY * all);
  return [
    {
      id: `side.${main ?? 'mixed'}`,
      level: 'info',
      values: {
        count: { value: all, unit: 'count' },
        times: String(by.times),
        hops: String(by.hops),
        client: String(counts.client),
        server: String(counts.server),
        between: String(counts.between),
      },
    },
  ];
}
