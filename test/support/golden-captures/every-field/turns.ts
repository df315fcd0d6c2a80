/** Conversations of this group: who says what, in turn. */

import { seededRandom } from '../../build-bytes.ts';
import { type TcpPacket, type Turn, tcpConversation } from '../../build-tcp.ts';
import { IP4 } from '../capture.ts';

const MS = 1_000_000;

export function over(port: number, turns: readonly Turn[], from = 40_001): TcpPacket[] {
  return tcpConversation({
    client: { ip: IP4.host, port: from, isn: 100 },
    server: { ip: IP4.server, port, isn: 900, ttl: 55 },
    rttNs: 10 * MS,
    random: seededRandom(port),
    turns,
  });
}

export const client = (data: Uint8Array): Turn => ({ from: 'client', data, thinkNs: MS });
export const server = (data: Uint8Array): Turn => ({ from: 'server', data, thinkNs: 2 * MS });
