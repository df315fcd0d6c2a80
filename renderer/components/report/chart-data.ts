/** Charts as the drawing library wants them, and as tables. */

import type { Chart, Series, Table, TableColumn, Tone } from '../../../engine/contract/report.ts';

/** One place of the axis; series by `s0`, `s1` ... NaN has become null: the line breaks there. */
export type ChartPoint = Readonly<Record<string, number | string | null>>;

export const seriesKey = (index: number): string => `s${index}`;

export function chartPoints({ axis, series, logarithmic = false }: Chart): ChartPoint[] {
  const points: Record<string, number | string | null>[] = [];
  for (let i = 0; i < axis.values.length; i++) {
    const point: Record<string, number | string | null> = { x: axis.values[i] ?? null };
    series.forEach(({ values }, index) => {
      const value = values[i] ?? Number.NaN;
      point[seriesKey(index)] = Number.isNaN(value) || (logarithmic && value <= 0) ? null : value;
    });
    points.push(point);
  }
  return points;
}

/** The same numbers as a table. `title` names the columns. */
export function chartTable(chart: Chart, title: (series: Series) => string): Table {
  const { axis, series, id } = chart;
  const first: TableColumn =
    axis.unit === 'text'
      ? { id: 'place', unit: 'text', values: axis.values }
      : { id: axis.unit === 'time' ? 'time' : 'place', unit: axis.unit, values: axis.values };
  return {
    id: `chart ${id}`,
    count: axis.values.length,
    columns: [first, ...series.map((one) => ({ id: title(one), unit: one.unit, values: one.values, filter: '' }))],
    filter: null,
  };
}

const TONES: readonly Tone[] = ['accent', 'blue', 'violet', 'green', 'amber', 'red', 'grey'];

export function toneColour(series: Series, index: number): string {
  return `var(--${series.tone ?? TONES[index % TONES.length] ?? 'accent'})`;
}
