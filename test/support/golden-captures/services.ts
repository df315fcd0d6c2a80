/** Golden captures of services: the conversations that unit tests share, one capture each, good and malformed frames in it. */

import { seededRandom } from '../build-bytes.ts';
import { conversationList } from '../build-conversations.ts';
import { tcpConversation } from '../build-tcp.ts';
import type { Conversation } from '../conversation.ts';
import { answer, ask, conversations, ethernetFrames, type GoldenCapture, type GoldenGroup, IP4 } from './capture.ts';

const MS = 1_000_000;

export function said({
  port,
  transport,
  messages,
}: Pick<Conversation, 'port' | 'transport' | 'messages'>): GoldenCapture {
  if (transport === 'udp') {
    return ethernetFrames(
      ...messages.map(([from, data]) => (from === 'client' ? ask(port, data) : answer(port, data))),
    );
  }
  return conversations(
    tcpConversation({
      client: { ip: IP4.host, port: 40_001, isn: 100 },
      server: { ip: IP4.server, port, isn: 900, ttl: 55 },
      rttNs: 10 * MS,
      random: seededRandom(port),
      turns: messages.map(([from, data]) => ({ from, data, thinkNs: MS })),
    }),
  );
}

export const servicesGroup: GoldenGroup = {
  name: 'services',
  captures: Object.fromEntries(conversationList.map((conversation) => [conversation.name, said(conversation)])),
};
