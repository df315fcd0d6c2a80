/** UDP's times within its streams, for filters: from the columns and the flows alone, as the tree's (dissect/protocols/udp.ts). */

import { FLOW, ipProtocolOf } from '../table/flow-states.ts';
import type { Capture } from './capture.ts';

const UDP = 17;

export const UDP_FIGURES: readonly string[] = ['udp.time_relative', 'udp.time_delta'];

/** Nanoseconds by row from the table's first block on, NaN where there are none; null: it is no such figure. */
export function udpFigure({ pass, table, flows }: Capture, name: string): Float64Array | null {
  if (!UDP_FIGURES.includes(name)) return null;
  const isRelative = name === 'udp.time_relative';
  flows.update();
  const values = new Float64Array(table.count - table.firstBase).fill(Number.NaN);
  for (let flow = 0; flow < pass.flows.count; flow++) {
    if (ipProtocolOf(pass.flows.get(flow, FLOW.bits)) !== UDP) continue;
    const count = flows.count(flow);
    let since = Number.NaN;
    for (let i = 0; i < count; i++) {
      const row = flows.row(flow, i);
      const time = table.get('time', row);
      if (i === 0) since = time;
      values[row - table.firstBase] = time - since;
      if (!isRelative) since = time;
    }
  }
  return values;
}
