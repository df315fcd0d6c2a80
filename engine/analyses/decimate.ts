/** Long series for pictures: fewer points, with the lowest and the highest of each stretch kept. */

/** Points that a picture of some thousand pixels can show. */
export const MOST_POINTS = 1200;

export interface Decimated {
  readonly axis: Float64Array;
  readonly series: readonly Float64Array[];
}

/** All series on one axis; as they are where they are short enough. NaN counts only where a stretch has nothing else. */
export function decimate(axis: Float64Array, series: readonly Float64Array[], most = MOST_POINTS): Decimated {
  if (axis.length <= most) return { axis, series };
  const stretches = most >> 1;
  const length = axis.length / stretches;
  const places = new Float64Array(2 * stretches);
  const result = series.map(() => new Float64Array(2 * stretches));
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor(stretch * length);
    const end = Math.max(from + 1, Math.floor((stretch + 1) * length));
    places[2 * stretch] = axis[from];
    places[2 * stretch + 1] = axis[(from + end) >> 1];
    series.forEach((values, s) => {
      const [first, second] = extremes(values, from, end);
      result[s][2 * stretch] = first;
      result[s][2 * stretch + 1] = second;
    });
  }
  return { axis: places, series: result };
}

/** The lowest and the highest value of [from, end), in the order in which they come. */
function extremes(values: Float64Array, from: number, end: number): readonly [number, number] {
  let low = -1;
  let high = -1;
  for (let i = from; i < end; i++) {
    if (Number.isNaN(values[i])) continue;
    if (low < 0 || values[i] < values[low]) low = i;
    if (high < 0 || values[i] > values[high]) high = i;
  }
  if (low < 0) return [Number.NaN, Number.NaN];
  return low <= high ? [values[low], values[high]] : [values[high], values[low]];
}
