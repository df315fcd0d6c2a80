/** What must hold for every packet and every cut of it, whatever the protocol. */

import { expect } from 'vitest';
import type { Dissection } from '../../engine/dissect/tree.ts';
import { dissectPacket, stackText } from './dissect-packet.ts';
import { walkPacket } from './walk-packet.ts';

/** Dissects a whole frame, after checking it and all its cuts; returns the tree's side. */
export function checkPacket(frame: Uint8Array, linkType = 1): Dissection {
  const whole = dissectPacket(frame, linkType);
  expectSameLayers(whole, walkPacket(frame, linkType).stack);
  for (let length = 0; length < frame.length; length++) {
    const cut = frame.slice(0, length);
    expectSameLayers(
      dissectPacket(cut, linkType, undefined, { length: frame.length }),
      walkPacket(cut, linkType, frame.length).stack,
    );
    // The same bytes as a whole frame: headers that promise more than there is.
    expectSameLayers(dissectPacket(cut, linkType), walkPacket(cut, linkType).stack);
  }
  return whole;
}

/** The tree may go on above a transport, where the flow decides; below, both name the same layers. */
function expectSameLayers(tree: Dissection, columns: string): void {
  if (columns === 'dissect') return;
  const layers = stackText(tree);
  const known = columns.split(':').length;
  const names = layers.split(':');
  expect(names.slice(0, known).join(':')).toBe(columns);
  const top = names[known - 1] ?? '';
  const extra = names.slice(known);
  const isCarrier = top === 'tcp' || top === 'udp';
  expect(isCarrier ? extra.filter((name) => name !== 'data') : extra).toEqual([]);
}
