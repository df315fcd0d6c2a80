/** The series of the I/O graph: what people choose, kept as the panel's option `series` in JSON. */

import * as v from 'valibot';

/** What is counted in each interval: packets, bytes, bits a second; or a function of a field's values. */
export const IO_VALUES = ['packets', 'bytes', 'bits', 'count', 'sum', 'min', 'max', 'avg'] as const;
export type IoValue = (typeof IO_VALUES)[number];

const ioSeries = v.object({
  /** A display filter; '' for all packets. */
  filter: v.pipe(v.string(), v.maxLength(65536)),
  value: v.picklist(IO_VALUES),
  /** A field's name, for functions. */
  field: v.optional(v.pipe(v.string(), v.maxLength(200)), ''),
  draw: v.optional(v.picklist(['line', 'bar', 'area', 'points']), 'line'),
});
export type IoSeries = v.InferOutput<typeof ioSeries>;

const MOST_SERIES = 20;
const list = v.pipe(v.array(ioSeries), v.maxLength(MOST_SERIES));

export const DEFAULT_IO_SERIES: readonly IoSeries[] = [
  { filter: '', value: 'packets', field: '', draw: 'line' },
  { filter: 'tcp.analysis.flags', value: 'packets', field: '', draw: 'bar' },
];

/** The series that a text says; null where it says none. */
export function readIoSeries(text: string): readonly IoSeries[] | null {
  try {
    const parsed = v.safeParse(list, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** Functions need a field. */
export function needsField(value: IoValue): boolean {
  return value !== 'packets' && value !== 'bytes' && value !== 'bits';
}
