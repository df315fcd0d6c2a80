/** Services over TCP and UDP: what good and malformed conversations say, in one piece, byte by byte, cut and spoilt. */

import { describe, expect, it } from 'vitest';
import { plainValue, type TreeNode } from '../../../../../engine/dissect/node.ts';
import type { Dissection } from '../../../../../engine/dissect/tree.ts';
import { seededRandom } from '../../../../support/build-bytes.ts';
import { conversationList } from '../../../../support/build-conversations.ts';
import type { Conversation, Message } from '../../../../support/conversation.ts';
import { dissectDatagrams, dissectStream, summaries } from '../../../../support/dissect-conversation.ts';
import { stackText } from '../../../../support/dissect-packet.ts';

function run(conversation: Conversation, messages: readonly Message[] = conversation.messages): Dissection[] {
  const { port, transport } = conversation;
  return transport === 'tcp' ? dissectStream(port, messages) : dissectDatagrams(port, messages);
}

/** Every value can be printed, whatever the bytes were. */
function printAll(nodes: readonly TreeNode[]): void {
  for (const node of nodes) {
    if (node.field !== null && node.value !== null) plainValue(node.field, node.value);
    printAll(node.children ?? []);
  }
}

const cases = conversationList.map((conversation) => [conversation.name, conversation] as const);

describe.each(cases)('%s', (_, conversation) => {
  it('says what each frame holds', () => {
    expect(summaries(run(conversation), conversation.layer)).toEqual(conversation.says);
  });

  it('lives with messages that are cut or spoilt', () => {
    const random = seededRandom(conversation.port);
    for (let i = 0; i < 12; i++) {
      const messages = conversation.messages.map(([from, data]): Message => {
        const spoilt = data.slice(0, 1 + random.int(data.length));
        if (i % 2 === 1) spoilt[random.int(spoilt.length)] = random.int(256);
        return [from, spoilt];
      });
      for (const frame of run(conversation, messages)) printAll(frame.root);
    }
  });
});

describe.each(cases.filter(([, { framed }]) => framed))('%s in pieces', (_, conversation) => {
  it('finds messages that come byte by byte', () => {
    const pieces = conversation.messages.flatMap(([from, data]) =>
      Array.from(data, (byte): Message => [from, Uint8Array.of(byte)]),
    );
    const layers = run(conversation, pieces).filter((frame) =>
      stackText(frame).split(':').includes(conversation.layer),
    );
    expect(layers.length).toBeGreaterThan(0);
    expect(layers.length).toBeLessThan(pieces.length / 2);
  });
});
