/** Conversations of every layer of the rows that a panel counts. */

import { Conversations, LAYERS, type Layer } from '../../analyses/conversations.ts';
import type { BitSet } from '../../base/bitset.ts';
import { protocolNamed } from '../../dissect/registry.ts';
import type { Capture } from '../capture.ts';
import type { PanelInput } from './panel.ts';
import { remembered } from './remembered.ts';
import { countShares } from './shares.ts';

export interface Layers {
  /** One for each of LAYERS. */
  readonly all: readonly Conversations[];
  /** The layer that people want to see first: the streams, else what there is. */
  readonly busiest: Conversations;
  /** There are ICMP errors that quote headers. */
  readonly hasErrors: boolean;
}

const kept = remembered(addUp);

/** Nobody may change what it returns. */
export function layersOf({ capture, rows }: Pick<PanelInput, 'capture' | 'rows'>): Layers {
  return kept(capture, rows);
}

function addUp(capture: Capture, rows: BitSet | null): Layers {
  const counted = countShares({ capture, rows });
  const { words, start } = capture.pass.paths;
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
