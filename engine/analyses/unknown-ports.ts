/** Ports that have no known service: who uses them, whether somebody answers, where they lead, how regular it is. */

import type { Conversations } from './conversations.ts';
import { type AddressScope, endpointText, scopeOf } from './endpoint-text.ts';

export interface UnknownPort {
  readonly transport: 'tcp' | 'udp';
  readonly port: number;
  readonly clients: ReadonlySet<string>;
  readonly servers: ReadonlySet<string>;
  readonly conversations: number;
  /** Conversations with packets both ways. */
  readonly answered: number;
  readonly packets: number;
  readonly bytes: number;
  /** Where the servers are. */
  readonly inside: AddressScope;
  /** Median nanoseconds between the starts of conversations; NaN for fewer than three. */
  readonly interval: number;
  /** Starts come at even intervals: half of them within a tenth of the median. */
  readonly isRegular: boolean;
}

/** `isKnown`: the port has a service. Most bytes first. */
export function unknownPorts(
  layers: readonly Conversations[],
  isKnown: (transport: 'tcp' | 'udp', port: number) => boolean,
): UnknownPort[] {
  const found = new Map<string, Gathered>();
  for (const all of layers) {
    const transport = all.layer === 'tcp' ? 'tcp' : 'udp';
    for (let i = 0; i < all.count; i++) {
      const [client, server] = [all.sideOf(i, 0), all.sideOf(i, 1)];
      const port = all.endpoints.port(server);
      // The lower port is the service where the first packet came from it: the capture began in the middle.
      if (isKnown(transport, port) || isKnown(transport, all.endpoints.port(client))) continue;
      const key = `${transport} ${port}`;
      const one = found.get(key) ?? gather(transport, port);
      found.set(key, one);
      one.clients.add(endpointText(all.endpoints, client));
      one.servers.add(endpointText(all.endpoints, server));
      one.scopes.push(scopeOf(all.endpoints, client, server));
      one.conversations++;
      if (all.packets[1][i] > 0) one.answered++;
      one.packets += all.packets[0][i] + all.packets[1][i];
      one.bytes += all.bytes[0][i] + all.bytes[1][i];
      one.starts.push(all.first[i]);
    }
  }
  return [...found.values()].map(summary).sort((a, b) => b.bytes - a.bytes);
}

interface Gathered {
  readonly transport: 'tcp' | 'udp';
  readonly port: number;
  readonly clients: Set<string>;
  readonly servers: Set<string>;
  readonly scopes: AddressScope[];
  readonly starts: number[];
  conversations: number;
  answered: number;
  packets: number;
  bytes: number;
}

function gather(transport: 'tcp' | 'udp', port: number): Gathered {
  return {
    transport,
    port,
    clients: new Set(),
    servers: new Set(),
    scopes: [],
    starts: [],
    conversations: 0,
    answered: 0,
    packets: 0,
    bytes: 0,
  };
}

const LEAST_STARTS = 3;
const EVEN = 0.1;

function summary({ scopes, starts, ...rest }: Gathered): UnknownPort {
  const sorted = starts.filter(Number.isFinite).sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((start, i) => start - sorted[i]);
  gaps.sort((a, b) => a - b);
  const interval = sorted.length < LEAST_STARTS ? Number.NaN : gaps[gaps.length >>> 1];
  const even = gaps.filter((gap) => Math.abs(gap - interval) <= EVEN * interval).length;
  const isOne = scopes.every((scope) => scope === scopes[0]);
  return {
    ...rest,
    inside: isOne ? scopes[0] : 'several',
    interval,
    isRegular: interval > 0 && 2 * even > gaps.length,
  };
}
