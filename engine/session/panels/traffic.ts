/** Conversations of every layer of the rows that a panel counts. */

import { Conversations, LAYERS, type Layer } from '../../analyses/conversations.ts';
import { protocolNamed } from '../../dissect/registry.ts';
import type { PanelInput } from './panel.ts';
import { countShares } from './shares.ts';

export interface Layers {
  /** One for each of LAYERS. */
  readonly all: readonly Conversations[];
  /** The layer that people want to see first: the streams, else what there is. */
  readonly busiest: Conversations;
  /** There are ICMP errors that quote headers. */
  readonly hasErrors: boolean;
}

export function layersOf(input: Pick<PanelInput, 'capture' | 'rows'>): Layers {
  const counted = countShares(input);
  const { words, start } = input.capture.pass.paths;
  const ethernet = protocolNamed('eth').index;
  const all = LAYERS.map((layer: Layer) => {
    const conversations = new Conversations(layer, ethernet);
    for (const share of counted.shares) {
      conversations.add(words, start[share.path], start[share.path + 1], share, counted.totals);
    }
    return conversations;
  });
  const present = all.filter(({ count }) => count > 0);
  return {
    all,
    busiest: present.find(({ layer }) => layer === 'tcp') ?? present[0] ?? all[0],
    hasErrors: counted.totals.more > 0,
  };
}
