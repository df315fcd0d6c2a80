/** Streams by the numbers that people see: `tcp.stream`, `udp.stream`. */

import { FLOW, ipProtocolOf } from '../../table/flow-states.ts';
import type { Capture } from '../capture.ts';

export type Transport = 'tcp' | 'udp';

const IP_PROTOCOL = { tcp: 6, udp: 17 } as const;

/** The flow of a stream number; -1: there is none. */
export function flowOfStream({ pass }: Capture, transport: Transport, stream: number): number {
  const { flows } = pass;
  for (let flow = 0; flow < flows.count; flow++) {
    if (flows.get(flow, FLOW.stream) === stream && transportOf(flows.get(flow, FLOW.bits)) === transport) return flow;
  }
  return -1;
}

/** A row's innermost conversation; null: it has none over TCP or UDP. */
export function streamOfRow({ pass }: Capture, row: number): { transport: Transport; stream: number } | null {
  const flow = pass.flowOf(row);
  if (flow < 0) return null;
  const transport = transportOf(pass.flows.get(flow, FLOW.bits));
  return transport === null ? null : { transport, stream: pass.flows.get(flow, FLOW.stream) };
}

function transportOf(bits: number): Transport | null {
  const protocol = ipProtocolOf(bits);
  return protocol === IP_PROTOCOL.tcp ? 'tcp' : protocol === IP_PROTOCOL.udp ? 'udp' : null;
}
