/** A TCP conversation cut into segments and framed as while loading; and its messages dissected one by one, in order. */

import { setPlatform } from '../../engine/base/platform.ts';
import { protocolNamed } from '../../engine/dissect/registry.ts';
import { StreamFraming } from '../../engine/dissect/stream-framing.ts';
import type { ConversationMemory, Dissection } from '../../engine/dissect/tree.ts';
import { nodePlatform } from '../../engine/host/platform-node.ts';
import { FlowStates } from '../../engine/table/flow-states.ts';
import { join } from './build-bytes.ts';
import { ethernet } from './build-link.ts';
import { ipv4, tcp, udp } from './build-packet.ts';
import { dissectPacket } from './dissect-packet.ts';

setPlatform(nodePlatform);

/** What one side sends before the other answers. */
export interface Flight {
  readonly from: 'client' | 'server';
  readonly data: Uint8Array;
}

/** A message as the framer cut it. */
export interface Framed {
  readonly direction: 0 | 1;
  readonly bytes: Uint8Array;
}

/** Frames flights that are sent in segments of the sizes that `cut` gives; `closes`: a FIN of the server at the end. */
export function frameStream(protocol: string, flights: readonly Flight[], cut: () => number, closes = true): Framed[] {
  const states = new FlowStates();
  states.add();
  const framing = new StreamFraming(states);
  const found = protocolNamed(protocol).index;
  const segments: { readonly direction: 0 | 1; readonly streamAt: number; readonly bytes: Uint8Array }[] = [];
  const streams: [Uint8Array, Uint8Array] = [new Uint8Array(0), new Uint8Array(0)];
  const framed: { direction: 0 | 1; from: number; to: number }[] = [];
  framing.onMessage = (startRow, startOffset, endRow, endOffset) => {
    const start = segments[startRow];
    const end = segments[endRow];
    if (start === undefined || end === undefined) throw new Error('a message outside its segments');
    framed.push({ direction: end.direction, from: start.streamAt + startOffset, to: end.streamAt + endOffset });
  };
  const send = (direction: 0 | 1, bytes: Uint8Array, isLast: boolean): void => {
    const streamAt = streams[direction].length;
    segments.push({ direction, streamAt, bytes });
    streams[direction] = join(streams[direction], bytes);
    const row = segments.length - 1;
    framing.segment(0, direction, row, found, 1000 + streamAt, bytes, 0, bytes.length, bytes.length, isLast);
  };
  for (const { from, data } of flights) {
    const direction = from === 'client' ? 0 : 1;
    for (let at = 0; at < data.length; ) {
      const size = Math.max(1, cut());
      send(direction, data.slice(at, at + size), false);
      at += size;
    }
  }
  if (closes) send(1, new Uint8Array(0), true);
  return framed.map(({ direction, from, to }) => ({ direction, bytes: streams[direction].slice(from, to) }));
}

const CLIENT = { src: '192.0.2.10', dst: '198.51.100.20' };
const SERVER = { src: '198.51.100.20', dst: '192.0.2.10' };
const MACS = { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' };

export interface SentMessage {
  readonly direction: 0 | 1;
  readonly bytes: Uint8Array;
}

/** Dissects each message as the payload of a packet of its own; packets are numbered from 1, ten milliseconds apart. */
export function dissectConversation(
  transport: 'tcp' | 'udp',
  protocol: string,
  messages: readonly SentMessage[],
  memory: ConversationMemory = { objects: new Map() },
): Dissection[] {
  return messages.map(({ direction, bytes }, i) => {
    const carrier = direction === 0 ? CLIENT : SERVER;
    const ports = direction === 0 ? { srcPort: 40_000, dstPort: 9 } : { srcPort: 9, dstPort: 40_000 };
    const segment = transport === 'tcp' ? tcp({ ...ports, seq: 1, ack: 1, flags: ['ack'] }, bytes) : udp(ports, bytes);
    const frame = ethernet(MACS, ipv4(carrier, segment)).bytes();
    return dissectPacket(frame, 1, protocol, { number: i + 1, direction, memory, time: BigInt(i) * 10_000_000n });
  });
}
