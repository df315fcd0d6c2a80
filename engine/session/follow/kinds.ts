/** The kinds of streams that can be followed, and what a packet has of each. */

import type { TreeNode } from '../../dissect/node.ts';
import type { Dissection } from '../../dissect/tree.ts';
import { bytesOfNode, type MessageKind, nodesOf } from './message-pieces.ts';

export const FOLLOW_KINDS = ['tcp', 'udp', 'tls', 'http', 'http2', 'websocket'] as const;
export type FollowKind = (typeof FOLLOW_KINDS)[number];

/** Kinds above the transport. */
export const MESSAGE_KINDS: Readonly<Partial<Record<FollowKind, MessageKind>>> = {
  tls: { layer: 'tls', parts: tlsParts, runsOn: true },
  http: { layer: 'http', parts: httpParts, runsOn: false },
  http2: { layer: 'http2', parts: http2Parts, runsOn: false, subs: http2Streams },
  websocket: { layer: 'websocket', parts: webSocketParts, runsOn: false },
};

/** Application data of opened records; handshake and alerts, which were opened too, are none. */
function tlsParts({ root, sources }: Dissection): Uint8Array[] {
  const others = new Set<number>();
  for (const { field, source } of nodesOf(root)) if (field !== null && CONTROL.test(field.abbrev)) others.add(source);
  return sources.filter(({ name }, i) => name === 'Decrypted TLS' && !others.has(i)).map(({ bytes }) => bytes);
}

const CONTROL = /^tls\.(handshake|alert_message|change_cipher_spec|heartbeat_message)/;

/** Of each message its start line and header fields, then its body, with codings and chunks undone. */
function httpParts(dissection: Dissection): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (const node of nodesOf(dissection.root)) {
    const name = node.field?.abbrev;
    if (name === 'http' || name === 'http.file_data') parts.push(bytesOfNode(dissection, node));
  }
  return parts;
}

/** Of each frame of one stream its header fields as lines, or its data. */
function http2Parts(dissection: Dissection, sub: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (const frame of framesOf(dissection)) {
    if (streamOf(frame) !== sub) continue;
    const lines: string[] = [];
    let name = '';
    for (const node of nodesOf([frame])) {
      if (node.field?.abbrev === 'http2.header.name') name = String(node.value);
      else if (node.field?.abbrev === 'http2.header.value') lines.push(`${name}: ${String(node.value)}\r\n`);
      else if (node.field?.abbrev === 'http2.data.data') parts.push(bytesOfNode(dissection, node));
    }
    if (lines.length > 0) parts.push(new TextEncoder().encode(`${lines.join('')}\r\n`));
  }
  return parts;
}

/** Stream 0 carries settings only. */
function http2Streams(dissection: Dissection): number[] {
  return framesOf(dissection)
    .map(streamOf)
    .filter((stream) => stream > 0);
}

function framesOf({ root }: Dissection): TreeNode[] {
  return [...nodesOf(root)].filter((node) => node.field?.abbrev === 'http2.stream');
}

function streamOf(frame: TreeNode): number {
  for (const { field, value } of nodesOf([frame])) if (field?.abbrev === 'http2.streamid') return Number(value);
  return 0;
}

/** The payload of each frame, without its mask, unpacked where the message was compressed. */
function webSocketParts(dissection: Dissection): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (const node of nodesOf(dissection.root)) {
    if (node.field?.abbrev !== 'websocket.payload') continue;
    let unpacked: Uint8Array | null = null;
    for (const { source } of nodesOf(node.children ?? [])) {
      const found = dissection.sources[source];
      if (found?.name === 'Decompressed payload') unpacked = found.bytes;
    }
    parts.push(unpacked ?? bytesOfNode(dissection, node));
  }
  return parts;
}
