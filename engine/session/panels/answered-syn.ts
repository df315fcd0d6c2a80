/** Which of several SYNs a SYN/ACK answered, by the timestamps option (RFC 7323 4.2): it echoes the value of that SYN. */

import { catalog } from '../../dissect/registry.ts';
import { TCP_FLAG } from '../../table/tcp-analysis.ts';
import { PacketSource } from '../packet-source.ts';
import type { PanelInput } from './panel.ts';

const NO_CONTEXT = { displayedBefore: -1, reference: -1 } as const;

/** Time of the SYN that was answered; NaN: cannot be told. */
export function answeredSyn({ capture, dissector }: PanelInput, flow: number, synAckRow: number): number {
  const { flows, table } = capture;
  flows.update();
  const echoed = option(synAckRow, 'tcp.options.timestamp.tsecr');
  if (echoed === null) return Number.NaN;
  let found = Number.NaN;
  for (let i = 0; i < flows.count(flow); i++) {
    const row = flows.row(flow, i);
    if (row >= synAckRow) break;
    if ((table.get('tcpFlags', row) & (TCP_FLAG.syn | TCP_FLAG.ack)) !== TCP_FLAG.syn) continue;
    if (option(row, 'tcp.options.timestamp.tsval') !== echoed) continue;
    // Two SYNs with the same value: the clock did not move between them.
    if (!Number.isNaN(found)) return Number.NaN;
    found = table.get('time', row);
  }
  return found;

  function option(row: number, name: string): string | null {
    const field = catalog.get(name);
    if (field === undefined) throw new Error(`there is no field ${name}`);
    const value = new PacketSource(capture, dissector, row, NO_CONTEXT).occurrences(field)[0]?.value;
    return value === undefined ? null : String(value);
  }
}
