/**
 * Frames for fields that no other golden capture has: made ones of which a byte or two were changed until the field was there
 * (frames.txt), one capture for each link type.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { frames, type GoldenCapture, type GoldenGroup } from './capture.ts';

const FILE = join('test', 'support', 'golden-captures', 'frames.txt');

/** Link type and bytes of each line. */
function framesByLink(): ReadonlyMap<number, readonly Uint8Array[]> {
  const byLink = new Map<number, Uint8Array[]>();
  for (const line of readFileSync(FILE, 'utf8').split('\n')) {
    const [link = '', hex = ''] = line.split(' ');
    if (hex === '' || link === '#') continue;
    const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    byLink.set(Number(link), [...(byLink.get(Number(link)) ?? []), bytes]);
  }
  return byLink;
}

const captures: Readonly<Record<string, GoldenCapture>> = Object.fromEntries(
  [...framesByLink()].map(([link, list]) => [`link-type-${link}`, frames(link, ...list)]),
);

export const fieldGroup: GoldenGroup = { name: 'fields', captures };
