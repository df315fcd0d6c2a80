/** The moving line of an interface's traffic: bytes a second over the last minute, the newest at the right. */

import type { Rate } from '../../state/capture-store.ts';
import styles from './live-capture.module.css';

const WIDTH = 120;
const HEIGHT = 20;
const SECONDS = 60;
/** Below this many bytes a second the line stays near the ground: a packet now and then is not a mountain. */
const LEAST_PEAK = 1000;

export function TrafficLine({ rates, label }: { readonly rates: readonly Rate[]; readonly label: string }) {
  const { line, area } = pathsOf(rates.map(({ bytes }) => bytes));
  return (
    <svg
      className={styles.line}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {rates.length > 1 && (
        <>
          <path className={styles.lineArea} d={area} />
          <path className={styles.lineStroke} d={line} vectorEffect="non-scaling-stroke" />
        </>
      )}
    </svg>
  );
}

export function pathsOf(values: readonly number[]): { readonly line: string; readonly area: string } {
  const peak = Math.max(LEAST_PEAK, ...values);
  const step = WIDTH / (SECONDS - 1);
  const first = WIDTH - (values.length - 1) * step;
  const points = values.map((value, at) => {
    const y = HEIGHT - 1 - (Math.max(0, value) / peak) * (HEIGHT - 2);
    return `${round(first + at * step)} ${round(y)}`;
  });
  const line = points.length === 0 ? '' : `M${points.join('L')}`;
  return { line, area: line === '' ? '' : `${line}L${WIDTH} ${HEIGHT}L${round(first)} ${HEIGHT}Z` };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
