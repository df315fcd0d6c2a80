/** Echo replies tied to their requests by identifier and sequence number, within a conversation: for ICMP and ICMPv6. */

import type { TreeBuilder } from './tree.ts';
import { Visits } from './visits.ts';

export interface EchoRequest {
  readonly frame: number;
  readonly time: bigint | null;
}

class Echoes {
  private readonly visits = new Visits<EchoRequest | null>();
  /** Requests without a reply so far, by identifier and sequence number. */
  private readonly open = new Map<number, EchoRequest>();

  visit(t: TreeBuilder, isRequest: boolean, key: number): EchoRequest | null {
    return this.visits.visit(t, () => (isRequest ? this.request(t, key) : this.reply(key))).fact;
  }

  private request(t: TreeBuilder, key: number): null {
    this.open.set(key, { frame: t.packet.number, time: t.packet.time });
    return null;
  }

  private reply(key: number): EchoRequest | null {
    const request = this.open.get(key) ?? null;
    this.open.delete(key);
    return request;
  }
}

/** The request that this packet answers, as far as the packets before it tell; null where there is none, or for a request. */
export function matchEcho(t: TreeBuilder, isRequest: boolean, key: number): EchoRequest | null {
  return t.conversation(() => new Echoes()).visit(t, isRequest, key);
}
