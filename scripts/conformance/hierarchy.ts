/** Protocol hierarchy: packets and bytes of each node, ours against `-z io,phs`. */

import { BitSet } from '../../engine/base/bitset.ts';
import type { HierarchyPanel, HierarchyNode as OurNode } from '../../engine/contract/api.ts';
import { allProtocols, findProtocol } from '../../engine/dissect/registry.ts';
import { hierarchyPanel } from '../../engine/session/panels/hierarchy.ts';
import { isMessage, rowsOfLayers } from '../../engine/session/rows-of-layers.ts';
import { Job, noTurns } from '../../engine/session/turns.ts';
import type { Opened } from './captures.ts';
import { BY_PORT_ALONE } from './deliberate.ts';
import type { Details } from './details.ts';
import { rowsOf } from './filters.ts';
import type { MeantFrame } from './frames.ts';
import type { HierarchyNode } from './oracle.ts';
import { DIFFERENT, EQUAL, type Scores, type Verdict } from './score.ts';

export const HIERARCHY = 'hierarchy';

/**
 * Rows of tshark's hierarchy that are no protocols: lists of segments, comments, marks, bare text and fields at the top of the tree.
 * docs/differences.md: they are no rows here, and what is below them counts for the protocol above.
 */
const NO_PROTOCOL = /^(pkt_comment|text|_ws\.short|_ws\.lua|_ws\.expert)$/;
/** Fields at the top of the tree have a dot in their names, as few protocols have. */
const isProtocol = (name: string): boolean =>
  !NO_PROTOCOL.test(name) && (!name.includes('.') || findProtocol(name) !== undefined);

const MEANT: Verdict = { kind: 'deliberate', rule: 'rows of frames whose layers differ on purpose' };
const NOT_A_ROW: Verdict = { kind: 'deliberate', rule: 'rows that are no protocols, or one more message of theirs' };
const OWN_ROW: Verdict = { kind: 'deliberate', rule: 'requests and reports of HID are its rows' };
/** The end of a chain that tshark cuts short. */
const CUT = '...';

const bare = (name: string): string => name.replace(CUT, '');

/** The rows of a path: several messages of one protocol in a packet are one, headers in each other are not (rowsOfLayers). */
function withoutRepeats(names: readonly string[]): string[] {
  const rows: string[] = [];
  for (const name of names) {
    const { index } = findProtocol(bare(name)) ?? { index: -1 };
    let last = rows.length - 1;
    while (last >= 0 && bare(rows[last] ?? '') !== bare(name) && findProtocol(bare(rows[last] ?? ''))?.spec.unlisted)
      last--;
    const isRepeat = last >= 0 && bare(rows[last] ?? '') === bare(name) && (index < 0 || isMessage(index));
    if (!isRepeat) rows.push(name);
  }
  return rows;
}

/** What shares a port with sound (RFC 7983): a row below RTP there, beside it here. */
const BESIDE_RTP = /^(.*)\/rtp\/(stun|dtls)(\/.*)?$/;

/** Rows below RTP that do not travel in it, and SRTCP by its other name, as they are here. */
function besideRtp(nodes: readonly HierarchyNode[]): HierarchyNode[] {
  const moved = new Map<string, { packets: number; bytes: number }>();
  for (const { path, packets, bytes } of nodes) {
    const [, above, , below] = BESIDE_RTP.exec(path) ?? [];
    if (above === undefined || below !== undefined) continue;
    const known = moved.get(`${above}/rtp`) ?? { packets: 0, bytes: 0 };
    moved.set(`${above}/rtp`, { packets: known.packets + packets, bytes: known.bytes + bytes });
  }
  return nodes
    .map(({ path, packets, bytes }) => {
      const less = moved.get(path);
      return {
        path: path.replace(BESIDE_RTP, '$1/$2$3').replace(/\/srtcp\b/, '/rtcp'),
        packets: packets - (less?.packets ?? 0),
        bytes: bytes - (less?.bytes ?? 0),
      };
    })
    .filter(({ packets }) => packets > 0);
}

/** Without rows that are no protocols; what stood below them moves up. */
function protocolsOnly(nodes: readonly HierarchyNode[]): { readonly rows: HierarchyNode[]; readonly left: number } {
  const rows = new Map<string, HierarchyNode>();
  let left = 0;
  for (const { path, packets, bytes } of nodes) {
    const protocols = path.split('/').filter(isProtocol);
    const kept = withoutRepeats(protocols);
    if (!isProtocol(path.split('/').at(-1) ?? '') || kept.length < withoutRepeats(protocols.slice(0, -1)).length + 1) {
      left++;
      continue;
    }
    const key = kept.join('/');
    const known = rows.get(key);
    rows.set(key, { path: key, packets: packets + (known?.packets ?? 0), bytes: bytes + (known?.bytes ?? 0) });
  }
  return { rows: [...rows.values()], left };
}

/** Packets and bytes per row. */
type Totals = Map<string, { packets: number; bytes: number }>;

function count(totals: Totals, path: string, packets: number, bytes: number): void {
  const known = totals.get(path) ?? { packets: 0, bytes: 0 };
  totals.set(path, { packets: known.packets + packets, bytes: known.bytes + bytes });
}

/** Counts a frame in the rows of its layers, as frame.protocols names them. */
function countFrame(totals: Totals, layers: string, bytes: number): void {
  const known = layers.split(':').flatMap((name) => findProtocol(name)?.index ?? []);
  const names = rowsOfLayers(known).map((index) => allProtocols[index]?.name ?? '');
  names.forEach((_, i) => {
    count(totals, names.slice(0, i + 1).join('/'), 1, bytes);
  });
}

function without(totals: Totals, part: Totals, path: string): string {
  const { packets, bytes } = totals.get(path) ?? { packets: 0, bytes: 0 };
  const left = part.get(path) ?? { packets: 0, bytes: 0 };
  return packets - left.packets === 0 ? 'nothing' : `${packets - left.packets} packets ${bytes - left.bytes} bytes`;
}

const NOTHING: Totals = new Map();

/** All that is shown as data on port 7000, past the frames of the answers too. */
async function onNobodysPort(opened: Opened): Promise<{ readonly path: string; readonly totals: Totals }> {
  const { table } = opened.capture;
  const path = 'eth/ip/tcp/data';
  const totals: Totals = new Map();
  const rows = await rowsOf(opened, 'tcp.port == 7000 and frame.protocols == "eth:ethertype:ip:tcp:data"');
  for (const row of rows) count(totals, path, 1, table.get('length', row));
  return { path, totals };
}

/** `meant`: frames whose layers differ on purpose; a row that only they make differ does so too. */
export async function compareHierarchy(
  opened: Opened,
  theirs: readonly HierarchyNode[],
  meant: readonly MeantFrame[],
  { name, scores, details }: { readonly name: string; readonly scores: Scores; readonly details: Details },
): Promise<void> {
  const { capture, dissector } = opened;
  const made = await hierarchyPanel.make({
    capture,
    dissector,
    rows: null,
    job: new Job(noTurns),
    options: {},
    select: () => Promise.resolve(new BitSet(0)),
  });
  if (made.kind !== 'own') throw new Error('the hierarchy has data of its own');
  const ours: Totals = new Map();
  const visit = (nodes: readonly OurNode[], path: string): void => {
    for (const { protocol, packets, bytes, children } of nodes) {
      const here = path === '' ? protocol : `${path}/${protocol}`;
      count(ours, here, packets, bytes);
      visit(children, here);
    }
  };
  visit((made.data as HierarchyPanel).roots, '');
  const { rows, left } = protocolsOnly(besideRtp(theirs));
  if (left > 0) scores.count(HIERARCHY, NOT_A_ROW, left);
  const expected: Totals = new Map();
  for (const { path, packets, bytes } of rows) count(expected, path, packets, bytes);
  const oursMeant: Totals = new Map();
  const theirsMeant: Totals = new Map();
  for (const frame of meant) {
    countFrame(oursMeant, frame.ours, frame.bytes);
    countFrame(theirsMeant, frame.theirs, frame.bytes);
  }
  const nobodys = await onNobodysPort(opened);
  for (const path of new Set([...ours.keys(), ...expected.keys()])) {
    const our = without(ours, NOTHING, path);
    const their = without(expected, NOTHING, path);
    if (our === their) scores.count(HIERARCHY, EQUAL);
    else if (path === 'usb/usbhid') scores.count(HIERARCHY, OWN_ROW);
    else if (BY_PORT_ALONE.some((name) => path.split('/').includes(name))) scores.count(HIERARCHY, MEANT);
    else if (without(ours, oursMeant, path) === without(expected, theirsMeant, path)) scores.count(HIERARCHY, MEANT);
    else if (path === nobodys.path && without(ours, nobodys.totals, path) === their) scores.count(HIERARCHY, MEANT);
    else {
      scores.count(HIERARCHY, DIFFERENT);
      details.add({ capture: name, frame: 0, field: HIERARCHY, ours: `${path} ${our}`, theirs: `${path} ${their}` });
    }
  }
}
