/** Both ends of a flow: the side that sent its first packet, and the other. */

import { FLOW } from '../../table/flow-states.ts';
import { PATH } from '../../table/path-words.ts';
import type { FlowPass } from '../flow-pass.ts';

export interface FlowEnds {
  readonly client: string;
  readonly clientPort: number;
  readonly server: string;
  readonly serverPort: number;
  /** Start of the addresses' field names. */
  readonly family: 'ip' | 'ipv6';
  /** tcp.stream or udp.stream. */
  readonly stream: number;
}

export function flowEnds(pass: FlowPass, flow: number): FlowEnds {
  const { paths, table, flows } = pass;
  const path = table.get('path', flows.get(flow, FLOW.firstRow));
  const { source, destination } = paths.addresses(path);
  let ports = 0;
  let family: 'ip' | 'ipv6' = 'ip';
  paths.visit(path, (kind, _own, at) => {
    if (kind === PATH.ports) ports = paths.words[at];
    else if (kind === PATH.ipv4) family = 'ip';
    else if (kind === PATH.ipv6) family = 'ipv6';
  });
  return {
    client: source,
    clientPort: ports >>> 16,
    server: destination,
    serverPort: ports & 0xffff,
    family,
    stream: flows.get(flow, FLOW.stream),
  };
}
