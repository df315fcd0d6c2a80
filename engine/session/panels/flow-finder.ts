/** The flow of each row, looked up by header chain: for loops over many rows. */

import type { FlowPass } from '../flow-pass.ts';

/** Rows of the chain are of several flows: the port was used again. */
const BY_ROW = -2;

/** Says of a row, among those that are there now, which flow it is of; -1: none. */
export function flowFinder(pass: FlowPass): (row: number) => number {
  const { table } = pass;
  const flows = new Int32Array(pass.paths.count);
  for (let path = 0; path < flows.length; path++) flows[path] = pass.onlyFlowOf(path) ?? BY_ROW;
  return (row) => {
    const flow = flows[table.get('path', row)];
    return flow === BY_ROW ? pass.flowOf(row) : flow;
  };
}
