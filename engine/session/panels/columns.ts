/** Columns of tables from functions of the row. */

/** NaN where there is nothing to tell. */
export function numbers(count: number, value: (row: number) => number): Float64Array {
  const values = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    const one = value(row);
    values[row] = Number.isFinite(one) ? one : Number.NaN;
  }
  return values;
}

export function texts(count: number, value: (row: number) => string): string[] {
  return Array.from({ length: count }, (_, row) => value(row));
}
