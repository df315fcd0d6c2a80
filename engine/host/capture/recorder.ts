/**
 * The flight recorder: saves the last minutes of a capture when a packet passes a filter, when packets come faster than a rate, or
 * when a flow monitor's condition holds; one file for each such stretch at most, so that a condition that goes on holding does not fill the disk.
 */

import { basename, dirname, extname, join } from 'node:path';
import type { CaptureSettings } from '../../contract/capture.ts';

type Condition = NonNullable<CaptureSettings['saveWhen']>;

const MS_PER_MINUTE = 60_000;

export class FlightRecorder {
  private readonly condition: Condition;
  private readonly save: (minutes: number) => void;
  private readonly now: () => number;
  private lastSaved = Number.NEGATIVE_INFINITY;
  private rows = 0;

  constructor(condition: Condition, save: (minutes: number) => void, now: () => number = () => performance.now()) {
    this.condition = condition;
    this.save = save;
    this.now = now;
  }

  /** Packets a second, as counted last. */
  rate(packets: number): void {
    const { packetRate } = this.condition;
    if (packetRate !== null && packets > packetRate) this.trigger();
  }

  /** Rows of the filter's view: more than before are new packets that pass it; fewer have been retired. */
  passed(rows: number): void {
    if (rows > this.rows) this.trigger();
    this.rows = rows;
  }

  /** Flow monitors whose condition holds. */
  alerted(names: readonly string[]): void {
    if (names.length > 0) this.trigger();
  }

  private trigger(): void {
    const now = this.now();
    if (now - this.lastSaved < this.condition.minutes * MS_PER_MINUTE) return;
    this.lastSaved = now;
    this.save(this.condition.minutes);
  }
}

/** Names of the monitors whose condition holds, from what their panel says. */
export function alertsOf(
  findings: readonly { readonly id: string; readonly values: Readonly<Record<string, unknown>> }[],
): string[] {
  return findings.flatMap(({ id, values }) => {
    const { name } = values;
    return id.startsWith('monitor.alert.') && typeof name === 'string' ? [name] : [];
  });
}

/** `/captures/ring.pcapng` to `/captures/ring-saved-20261121-153000.pcapng`. */
export function savedPath(path: string, now = new Date()): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  const name = basename(path, extname(path)).replace(/_\d{5}(?:_\d{14})?$/, '');
  return join(dirname(path), `${name}-saved-${day}-${time}.pcapng`);
}
