/** I/O graph: several series over time, each a filter and what is counted of its packets. */

import { decimate } from '../../analyses/decimate.ts';
import type { BitSet } from '../../base/bitset.ts';
import { NagareError } from '../../base/errors.ts';
import type { Unit } from '../../base/unit.ts';
import { DEFAULT_IO_SERIES, type IoSeries, needsField, readIoSeries } from '../../contract/io-series.ts';
import { report } from '../../contract/report.ts';
import { catalog } from '../../dissect/registry.ts';
import { eachRowsValues } from './field-values.ts';
import { chosen, defineReport, type PanelInput } from './panel.ts';

const INTERVALS = ['auto', '1ms', '10ms', '100ms', '1s', '10s', '1min', '10min', '1h'] as const;
const NANOSECONDS: Readonly<Record<(typeof INTERVALS)[number], number>> = {
  auto: 0,
  '1ms': 1e6,
  '10ms': 1e7,
  '100ms': 1e8,
  '1s': 1e9,
  '10s': 1e10,
  '1min': 6e10,
  '10min': 6e11,
  '1h': 3.6e12,
};
const SCALES = ['linear', 'logarithmic'] as const;
/** Intervals that a picture shows well; and more than a capture is cut into. */
const WANTED_BUCKETS = 400;
const MOST_BUCKETS = 4_000_000;

export const ioPanel = defineReport({
  name: 'io',
  async make(input) {
    const { pass } = input.capture;
    const series = seriesOf(input);
    const span = Math.max(1, pass.lastTime - pass.firstTime + 1);
    const wanted = chosen(input, 'interval', INTERVALS);
    const width = widthOf(NANOSECONDS[wanted], span);
    const scale = chosen(input, 'scale', SCALES);
    const buckets = pass.lastTime >= pass.firstTime ? Math.ceil(span / width) : 0;
    const axis = Float64Array.from({ length: buckets }, (_, i) => pass.firstTime + i * width);
    const values: Float64Array[] = [];
    for (const one of series) values.push(await valuesOf(input, one, buckets, width));
    const shown = decimate(axis, values);
    return report({
      choices: [
        { id: 'interval', kind: 'one', values: INTERVALS, value: wanted },
        { id: 'scale', kind: 'one', values: SCALES, value: scale },
        { id: 'series', kind: 'own', value: JSON.stringify(series) },
      ],
      figures: [{ id: 'io.interval', unit: 'ns', value: buckets === 0 ? Number.NaN : width }],
      charts:
        buckets === 0
          ? []
          : [
              {
                id: 'io',
                draw: 'line',
                axis: { unit: 'time', values: shown.axis },
                selects: 'time',
                logarithmic: scale === 'logarithmic',
                series: series.map((one, i) => ({
                  id: `io.${one.value}`,
                  title: titleOf(one),
                  unit: unitOf(one),
                  values: shown.series[i],
                  draw: one.draw,
                })),
              },
            ],
    });
  },
});

/** Throws `bad-input` for series that are none, or ask for a field that there is not. */
function seriesOf({ options }: PanelInput): readonly IoSeries[] {
  const text = options.series ?? '';
  const series = text === '' ? DEFAULT_IO_SERIES : readIoSeries(text);
  if (series === null)
    throw new NagareError('bad-input', 'The series of the graph are no list of {filter, value, field}.');
  for (const { value, field } of series) {
    if (needsField(value) && catalog.get(field) === undefined)
      throw new NagareError('bad-input', `There is no field "${field}" to take the ${value} of.`);
  }
  return series;
}

function widthOf(wanted: number, span: number): number {
  if (wanted > 0) return Math.max(wanted, span / MOST_BUCKETS);
  const least = span / WANTED_BUCKETS;
  const decade = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].find((factor) => factor * decade >= least) ?? 10;
  return Math.max(1, step * decade);
}

async function valuesOf(input: PanelInput, series: IoSeries, buckets: number, width: number): Promise<Float64Array> {
  const rows = await input.select(series.filter);
  const { table, firstTime } = input.capture.pass;
  const bucketOf = (row: number): number => Math.floor((table.get('time', row) - firstTime) / width);
  if (needsField(series.value)) return fieldValues(input, series, rows, buckets, bucketOf);
  const values = new Float64Array(buckets);
  for (let row = rows.next(0); row >= 0; row = rows.next(row + 1)) {
    const bucket = bucketOf(row);
    if (bucket >= 0 && bucket < buckets) values[bucket] += series.value === 'packets' ? 1 : table.get('length', row);
  }
  return series.value === 'bits' ? values.map((bytes) => (bytes * 8e9) / width) : values;
}

/** Intervals without a value have none: the line breaks. A count of nothing is 0. */
async function fieldValues(
  input: PanelInput,
  { value, field }: IoSeries,
  rows: BitSet,
  buckets: number,
  bucketOf: (row: number) => number,
): Promise<Float64Array> {
  const counts = new Float64Array(buckets);
  const values = new Float64Array(buckets).fill(Number.NaN);
  await eachRowsValues(input, [field], rows, (row, valuesIn) => {
    const bucket = bucketOf(row);
    if (!(bucket >= 0 && bucket < buckets)) return;
    for (const one of valuesIn(field)) {
      const number = Number(one);
      counts[bucket]++;
      if (Number.isNaN(number)) continue;
      const before = values[bucket];
      if (Number.isNaN(before)) values[bucket] = number;
      else if (value === 'min') values[bucket] = Math.min(before, number);
      else if (value === 'max') values[bucket] = Math.max(before, number);
      else values[bucket] = before + number;
    }
  });
  if (value === 'count') return counts;
  return value === 'avg' ? values.map((sum, bucket) => sum / counts[bucket]) : values;
}

function unitOf({ value, field }: IoSeries): Unit {
  if (value === 'bytes') return 'bytes';
  if (value === 'bits') return 'bit/s';
  if (value === 'packets' || value === 'count') return 'count';
  return catalog.get(field)?.type === 'duration' ? 'ns' : 'number';
}

function titleOf({ filter, value, field }: IoSeries): string {
  const of = needsField(value) ? `${value}(${field})` : value;
  return filter === '' ? of : `${of}: ${filter}`;
}
