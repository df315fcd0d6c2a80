/** Rows sorted by flow: a counting sort into the table's `rowsByFlow` column, made once after loading, again when rows came. */

import { BLOCK_MASK, BLOCK_ROWS, BLOCK_SHIFT } from '../table/packet-table.ts';
import type { FlowPass } from './flow-pass.ts';

const BY_ROW = 0xffffffff;

export class FlowIndex {
  private readonly pass: FlowPass;
  private start = new Uint32Array(1);
  private rows = -1;
  private first = 0;

  constructor(pass: FlowPass) {
    this.pass = pass;
  }

  /** Number of rows that the index covers. */
  get covered(): number {
    return Math.max(0, this.rows);
  }

  /** Brings the index up to date with the table. */
  update(): void {
    const { table, flows } = this.pass;
    if (this.rows === table.count && this.first === table.first) return;
    const { count, first, firstBase } = table;
    const start = new Uint32Array(flows.count + 2);
    const flowOfRow = new Uint32Array(count - first);
    const flowOfPath = this.flowOfPath();
    for (let base = firstBase; base < count; base += BLOCK_ROWS) {
      const { path } = table.blocks[base >>> BLOCK_SHIFT];
      const end = Math.min(BLOCK_ROWS, count - base);
      for (let i = Math.max(0, first - base); i < end; i++) {
        const known = flowOfPath[path[i]];
        const flow = known === BY_ROW ? this.pass.flowOf(base + i) + 1 : known;
        flowOfRow[base + i - first] = flow;
        start[flow + 1]++;
      }
    }
    start[0] = first; // places before it are those of rows that are gone
    for (let flow = 1; flow < start.length; flow++) start[flow] += start[flow - 1];
    const next = start.slice();
    for (let row = first; row < count; row++) {
      const position = next[flowOfRow[row - first]]++;
      table.blocks[position >>> BLOCK_SHIFT].rowsByFlow[position & BLOCK_MASK] = row;
    }
    this.start = start;
    this.rows = count;
    this.first = first;
  }

  /** Flow + 1 of each path's rows, 0: none; BY_ROW where a port was used again. */
  private flowOfPath(): Uint32Array {
    const { paths } = this.pass;
    const flows = new Uint32Array(paths.count);
    for (let path = 0; path < flows.length; path++) {
      const flow = this.pass.onlyFlowOf(path);
      flows[path] = flow === null ? BY_ROW : flow + 1;
    }
    return flows;
  }

  /** Rows of a flow that the index covers. */
  count(flow: number): number {
    return this.start[flow + 2] - this.start[flow + 1];
  }

  /** The i-th row of a flow. */
  row(flow: number, i: number): number {
    const position = this.start[flow + 1] + i;
    return this.pass.table.blocks[position >>> BLOCK_SHIFT].rowsByFlow[position & BLOCK_MASK];
  }

  /** Index of a row among those of its flow. */
  indexOf(flow: number, row: number): number {
    let low = 0;
    let high = this.count(flow) - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.row(flow, middle) < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
