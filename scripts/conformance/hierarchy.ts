/** Protocol hierarchy: packets and bytes of each node, ours against `-z io,phs`. */

import { BitSet } from '../../engine/base/bitset.ts';
import type { HierarchyPanel, HierarchyNode as OurNode } from '../../engine/contract/api.ts';
import { findProtocol } from '../../engine/dissect/registry.ts';
import { hierarchyPanel } from '../../engine/session/panels/hierarchy.ts';
import { isMessage } from '../../engine/session/rows-of-layers.ts';
import { Job, noTurns } from '../../engine/session/turns.ts';
import type { Opened } from './captures.ts';
import type { Details } from './details.ts';
import type { HierarchyNode } from './oracle.ts';
import { DIFFERENT, EQUAL, type Scores, type Verdict } from './score.ts';

export const HIERARCHY = 'hierarchy';

/**
 * Rows of tshark's hierarchy that are no protocols: lists of segments, comments, marks, bare text and fields at the top of the tree.
 * docs/differences.md: they are no rows here, and what is below them counts for the protocol above.
 */
const NO_PROTOCOL = /^(pkt_comment|text|mailslot|smb_pipe|_ws\.short|_ws\.lua|_ws\.expert)$/;
/** Fields at the top of the tree have a dot in their names, as few protocols have. */
const isProtocol = (name: string): boolean =>
  !NO_PROTOCOL.test(name) && (!name.includes('.') || findProtocol(name) !== undefined);

const NOT_A_ROW: Verdict = { kind: 'deliberate', rule: 'rows that are no protocols, or one more message of theirs' };
/** The end of a chain that tshark cuts short. */
const CUT = '...';

/** Several messages of one protocol in a packet are one row: `tls/tls` is `tls`. Headers in each other are not. */
function isRepeat(names: readonly string[], i: number): boolean {
  const name = names[i] ?? '';
  if (i === 0 || name.replace(CUT, '') !== names[i - 1]?.replace(CUT, '')) return false;
  const { index } = findProtocol(name.replace(CUT, '')) ?? { index: -1 };
  return index < 0 || isMessage(index);
}

/** Without rows that are no protocols; what stood below them moves up. */
function protocolsOnly(nodes: readonly HierarchyNode[]): { readonly rows: HierarchyNode[]; readonly left: number } {
  const rows = new Map<string, HierarchyNode>();
  let left = 0;
  for (const { path, packets, bytes } of nodes) {
    const names = path.split('/');
    const protocols = names.filter(isProtocol);
    if (!isProtocol(names.at(-1) ?? '') || isRepeat(protocols, protocols.length - 1)) {
      left++;
      continue;
    }
    const key = protocols.filter((_, i) => !isRepeat(protocols, i)).join('/');
    const known = rows.get(key);
    rows.set(key, { path: key, packets: packets + (known?.packets ?? 0), bytes: bytes + (known?.bytes ?? 0) });
  }
  return { rows: [...rows.values()], left };
}

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
  const { rows, left } = protocolsOnly(theirs);
  if (left > 0) scores.count(HIERARCHY, NOT_A_ROW, left);
  const expected = new Map(rows.map(({ path, packets, bytes }) => [path, `${packets} packets ${bytes} bytes`]));
  for (const path of new Set([...ours.keys(), ...expected.keys()])) {
    const our = ours.get(path) ?? 'nothing';
    const their = expected.get(path) ?? 'nothing';
    scores.count(HIERARCHY, our === their ? EQUAL : DIFFERENT);
    if (our !== their)
      details.add({ capture: name, frame: 0, field: HIERARCHY, ours: `${path} ${our}`, theirs: `${path} ${their}` });
  }
}
