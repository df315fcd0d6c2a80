/** How records and messages add themselves to Info. */

import type { TreeBuilder } from '../../tree.ts';

/** Adds a description to Info: the first one of a frame replaces what TCP said, up to what TCP wants kept. */
export function say(t: TreeBuilder, isFirst: boolean, text: string): void {
  if (isFirst) t.info(t.fencedInfo === '' ? text : `, ${text}`);
  else t.addInfo(`, ${text}`);
}
