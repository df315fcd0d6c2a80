/** Protocol hierarchy: packets and bytes of each node, ours against `-z io,phs`. */

import { BitSet } from '../../engine/base/bitset.ts';
import type { HierarchyPanel, HierarchyNode as OurNode } from '../../engine/contract/api.ts';
import { hierarchyPanel } from '../../engine/session/panels/hierarchy.ts';
import { Job, noTurns } from '../../engine/session/turns.ts';
import type { Opened } from './captures.ts';
import type { Details } from './details.ts';
import type { HierarchyNode } from './oracle.ts';
import { DIFFERENT, EQUAL, type Scores } from './score.ts';

export const HIERARCHY = 'hierarchy';

export async function compareHierarchy(
  { capture, dissector }: Opened,
  theirs: readonly HierarchyNode[],
  { name, scores, details }: { readonly name: string; readonly scores: Scores; readonly details: Details },
): Promise<void> {
  const made = await hierarchyPanel.make({
    capture,
    dissector,
    rows: null,
    job: new Job(noTurns),
    options: {},
    select: () => Promise.resolve(new BitSet(0)),
  });
  if (made.kind !== 'own') throw new Error('the hierarchy has data of its own');
  const ours = new Map<string, string>();
  const visit = (nodes: readonly OurNode[], path: string): void => {
    for (const { protocol, packets, bytes, children } of nodes) {
      const here = path === '' ? protocol : `${path}/${protocol}`;
      ours.set(here, `${packets} packets ${bytes} bytes`);
      visit(children, here);
    }
  };
  visit((made.data as HierarchyPanel).roots, '');
  const expected = new Map(theirs.map(({ path, packets, bytes }) => [path, `${packets} packets ${bytes} bytes`]));
  for (const path of new Set([...ours.keys(), ...expected.keys()])) {
    const our = ours.get(path) ?? 'nothing';
    const their = expected.get(path) ?? 'nothing';
    scores.count(HIERARCHY, our === their ? EQUAL : DIFFERENT);
    if (our !== their)
      details.add({ capture: name, frame: 0, field: HIERARCHY, ours: `${path} ${our}`, theirs: `${path} ${their}` });
  }
}
