/** Flow monitors as the user names them: two sides, the width of a bucket, what to be told about. Kept as JSON in the settings. */

import * as v from 'valibot';

export const MONITOR_BUCKETS = ['auto', '1', '5', '10', '30', '60', '300', '600', '900', '1800', '3600'] as const;
export const ALERT_VALUES = ['rttP95', 'resentShare', 'timeouts', 'rate', 'silence'] as const;
export type AlertValue = (typeof ALERT_VALUES)[number];

const side = v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(100))), v.maxLength(200));

const monitor = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  /** Addresses, blocks (`10.0.0.0/8`), names of the map; none: any address. */
  local: side,
  remote: side,
  /** Milliseconds, share in percent, a count, Mbit/s, seconds without a packet. */
  alert: v.optional(
    v.nullable(v.object({ value: v.picklist(ALERT_VALUES), above: v.pipe(v.number(), v.finite(), v.minValue(0)) })),
  ),
});
const monitors = v.pipe(v.array(monitor), v.maxLength(50));

export type MonitorSpec = v.InferOutput<typeof monitor>;

/** Null where the text is not what it should be; none for an empty one. */
export function readMonitors(text: string): readonly MonitorSpec[] | null {
  if (text.trim() === '') return [];
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const read = v.safeParse(monitors, json);
  return read.success ? read.output : null;
}

const healthPeriod = v.object({ from: v.string(), to: v.string(), state: v.pipe(v.string(), v.maxLength(200)) });
export type HealthPeriod = v.InferOutput<typeof healthPeriod>;

/** What a provider itself says of its health, by the user's hand: moments in ISO 8601. Null where the text is something else. */
export function readHealth(text: string): readonly HealthPeriod[] | null {
  if (text.trim() === '') return [];
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const read = v.safeParse(v.pipe(v.array(healthPeriod), v.maxLength(200)), json);
  if (!read.success) return null;
  return read.output.every(({ from, to }) => Date.parse(from) <= Date.parse(to)) ? read.output : null;
}
