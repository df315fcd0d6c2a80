/** The kinds of streams that can be followed, and what a packet has of each. */

import type { Dissection } from '../../dissect/tree.ts';
import { bytesOfNode, type MessageKind, nodesOf } from './message-pieces.ts';

export const FOLLOW_KINDS = ['tcp', 'udp', 'tls', 'http', 'http2', 'websocket'] as const;
export type FollowKind = (typeof FOLLOW_KINDS)[number];

/** Kinds above the transport. */
export const MESSAGE_KINDS: Readonly<Partial<Record<FollowKind, MessageKind>>> = {
  http: { layer: 'http', parts: httpParts, runsOn: false },
};

/** TCP and UDP streams, and those above that some protocol here takes apart. */
export function isOffered(kind: FollowKind): boolean {
  return kind === 'tcp' || kind === 'udp' || MESSAGE_KINDS[kind] !== undefined;
}

/** Of each message its start line and header fields, then its body, with codings and chunks undone. */
function httpParts(dissection: Dissection): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (const node of nodesOf(dissection.root)) {
    if (node.field?.abbrev === 'http' || node.field?.abbrev === 'http.file_data')
      parts.push(bytesOfNode(dissection, node));
  }
  return parts;
}
