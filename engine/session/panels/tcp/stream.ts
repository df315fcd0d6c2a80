/** One connection in pictures: sequence numbers, throughput, round trips, and the window. */

import { decimate, MOST_POINTS } from '../../../analyses/decimate.ts';
import { roundTrips } from '../../../analyses/round-trips.ts';
import { timeLine } from '../../../analyses/samples.ts';
import { type StreamCourse, streamCourse } from '../../../analyses/tcp-stream.ts';
import { BitSet } from '../../../base/bitset.ts';
import type { Chart, Series } from '../../../contract/report.ts';
import { ANALYSIS } from '../../../table/analysis-bits.ts';
import { FLAG } from '../../../table/flags.ts';
import { SIDE, SIDE_BIT, SIDE_WORDS } from '../../../table/flow-states.ts';
import type { FlowPass } from '../../flow-pass.ts';
import { windowShiftOf } from '../../flow-replay.ts';
import { eachRowsValues } from '../field-values.ts';
import { flowFinder } from '../flow-finder.ts';
import type { PanelInput } from '../panel.ts';

const BUCKETS = 240;
const SACK_LEFT = 'tcp.options.sack_le';
const SACK_RIGHT = 'tcp.options.sack_re';

/** The connection's packets among those that the panel counts, in file order. */
export function rowsOf({ capture, rows }: PanelInput, flow: number): Uint32Array {
  const { flows } = capture;
  flows.update();
  const list = new Uint32Array(flows.count(flow));
  let count = 0;
  for (let i = 0; i < list.length; i++) {
    const row = flows.row(flow, i);
    if (rows === null || rows.has(row)) list[count++] = row;
  }
  return list.subarray(0, count);
}

/** Sequence number that a direction counts from; null: not seen. */
export function baseOf(pass: FlowPass, flow: number, direction: 0 | 1): number | null {
  const side = direction * SIDE_WORDS;
  const isKnown = (pass.flows.get(flow, side + SIDE.bits) & SIDE_BIT.baseKnown) !== 0;
  return isKnown ? pass.flows.get(flow, side + SIDE.baseSeq) : null;
}

/** Window shift of a direction; 0 where it is not used or not known. */
export function shiftUsed(pass: FlowPass, flow: number, direction: 0 | 1): number {
  const bits = (of: number): number => pass.flows.get(flow, of * SIDE_WORDS + SIDE.bits);
  return Math.max(0, windowShiftOf(bits(direction), bits(1 - direction)));
}

export async function streamCharts(
  input: PanelInput,
  flow: number,
  rows: Uint32Array,
  direction: 0 | 1,
): Promise<Chart[]> {
  if (rows.length === 0) return [];
  const { pass } = input.capture;
  const base = baseOf(pass, flow, direction);
  const receiver = direction === 0 ? 1 : 0;
  const course = streamCourse(pass.table, rows, direction, shiftUsed(pass, flow, receiver), base);
  const sack = await sackEdges(input, course, direction, base);
  return [
    onTime('tcp.sequence', course, [
      { id: 'tcp.sent', unit: 'bytes', values: course.sent, tone: 'accent', draw: 'points' },
      { id: 'tcp.resent', unit: 'bytes', values: course.resent, tone: 'red', draw: 'points' },
      { id: 'tcp.acked', unit: 'bytes', values: course.acked, tone: 'green' },
      { id: 'tcp.edge', unit: 'bytes', values: course.edge, tone: 'grey' },
      ...(sack === null
        ? []
        : ([
            { id: 'tcp.sackLeft', unit: 'bytes', values: sack.left, tone: 'violet', draw: 'points' },
            { id: 'tcp.sackRight', unit: 'bytes', values: sack.right, tone: 'amber', draw: 'points' },
          ] as const)),
    ]),
    throughput(pass, rows, course),
    ...trips(pass, rows),
    onTime('tcp.window', course, [
      { id: 'tcp.window', unit: 'bytes', values: course.window, tone: 'grey' },
      { id: 'tcp.inFlight', unit: 'bytes', values: course.inFlight, tone: 'accent' },
    ]),
  ];
}

function onTime(id: string, { times }: Pick<StreamCourse, 'times'>, series: readonly Series[]): Chart {
  const shown = decimate(
    times,
    series.map(({ values }) => values),
  );
  return {
    id,
    draw: 'line',
    axis: { unit: 'time', values: shown.axis },
    selects: 'time',
    series: series.map((one, i) => ({ ...one, values: shown.series[i] })),
  };
}

/**
 * Edges of the block that each duplicate ACK reports first, the newest (RFC 2018 4). Of more duplicate ACKs than a picture
 * has points, evenly chosen ones are read.
 */
async function sackEdges(
  input: PanelInput,
  { rows, acked }: StreamCourse,
  direction: 0 | 1,
  base: number | null,
): Promise<{ readonly left: Float64Array; readonly right: Float64Array } | null> {
  const { pass } = input.capture;
  const { table } = pass;
  const places: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    const way = (table.get('flags', rows[i]) & FLAG.reverse) !== 0 ? 1 : 0;
    if (way !== direction && (table.get('analysis', rows[i]) & ANALYSIS.duplicateAck) !== 0) places.push(i);
  }
  if (places.length === 0 || base === null) return null;
  const wanted = new BitSet(table.count, table.first);
  const placeOf = new Map<number, number>();
  const step = Math.max(1, places.length / MOST_POINTS);
  for (let n = 0; n < places.length; n += step) {
    const place = places[Math.floor(n)];
    wanted.add(rows[place]);
    placeOf.set(rows[place], place);
  }
  const left = new Float64Array(rows.length).fill(Number.NaN);
  const right = new Float64Array(rows.length).fill(Number.NaN);
  await eachRowsValues(input, [SACK_LEFT, SACK_RIGHT], wanted, (row, values) => {
    const place = placeOf.get(row);
    const [from] = values(SACK_LEFT);
    const [to] = values(SACK_RIGHT);
    if (place === undefined || from === undefined || to === undefined) return;
    // The fields are relative where the base is known, and wrap: they are near what is acknowledged.
    const own = pass.relativeSequence ? 0 : base;
    const near = (seq: number): number => acked[place] + ((seq - own - acked[place]) | 0);
    left[place] = near(Number(from));
    right[place] = near(Number(to));
  });
  return left.some((one) => !Number.isNaN(one)) ? { left, right } : null;
}

/** Bits a second of data each way, and of what the receiver newly acknowledged. */
function throughput({ table }: FlowPass, rows: Uint32Array, { times, acked }: StreamCourse): Chart {
  const line = timeLine(times[0], times[times.length - 1], BUCKETS);
  const ways = [new Float64Array(line.times.length), new Float64Array(line.times.length)];
  const good = new Float64Array(line.times.length);
  for (let i = 0; i < rows.length; i++) {
    const bucket = Math.floor((times[i] - times[0]) / line.width);
    if (!(bucket >= 0 && bucket < line.times.length)) continue;
    const way = (table.get('flags', rows[i]) & FLAG.reverse) !== 0 ? 1 : 0;
    ways[way][bucket] += table.get('payloadLength', rows[i]);
    if (i > 0 && acked[i] > acked[i - 1]) good[bucket] += acked[i] - acked[i - 1];
  }
  const rate = (bytes: Float64Array): Float64Array => bytes.map((one) => (one * 8e9) / line.width);
  return {
    id: 'tcp.throughput',
    draw: 'line',
    axis: { unit: 'time', values: line.times },
    selects: 'time',
    series: [
      { id: 'tcp.fromClient', unit: 'bit/s', values: rate(ways[0]), tone: 'accent' },
      { id: 'tcp.fromServer', unit: 'bit/s', values: rate(ways[1]), tone: 'blue' },
      { id: 'tcp.goodput', unit: 'bit/s', values: rate(good), tone: 'green' },
    ],
  };
}

/** Each sample of the round trip, by Karn's rule. */
function trips(pass: FlowPass, rows: Uint32Array): Chart[] {
  const own = new BitSet(pass.table.count, pass.table.first);
  for (const row of rows) own.add(row);
  const { samples } = roundTrips(pass.table, flowFinder(pass), own);
  if (samples.count === 0) return [];
  const of = (direction: 0 | 1): Float64Array =>
    samples.rtt.map((rtt, i) => (samples.direction[i] === direction ? rtt : Number.NaN));
  return [
    {
      ...onTime('tcp.trips', { times: samples.time }, [
        { id: 'tcp.serverTrip', unit: 'ns', values: of(0), tone: 'accent' },
        { id: 'tcp.clientTrip', unit: 'ns', values: of(1), tone: 'blue' },
      ]),
      draw: 'points',
    },
  ];
}
