/** Protocol hierarchy: the contract's HierarchyPanel, and the text that `nagare stats FILE hierarchy` prints. */

import { type HierarchyEntry, hierarchyTree, type StackTotal, stackTotals } from '../../analyses/hierarchy.ts';
import type { HierarchyNode, HierarchyPanel, UnwantedMark } from '../../contract/api.ts';
import { allProtocols, protocolNamed } from '../../dissect/registry.ts';
import { hidesLayers } from '../hidden-layers.ts';
import { afterWhichNoRow, beforeRows, betweenRows, ownLayer, rowsOfLayers } from '../rows-of-layers.ts';
import { foundUnwanted, unwantedMarks } from './hierarchy-unwanted.ts';
import { knownNames } from './known-names.ts';
import { definePanel, type PanelInput } from './panel.ts';
import { findUnwantedQuickly } from './unwanted.ts';

export const hierarchyPanel = definePanel<HierarchyPanel>({
  name: 'hierarchy',
  async make(input) {
    const { capture, rows } = input;
    const { stacks } = capture.pass;
    const { totals, open } = stackTotals(capture.table, stacks, rows, (stack) => hidesLayers(stacks, stack));
    totals.push(...(await dissected(input, open)));
    const shown = totals.map((total) => ({ ...total, layers: hierarchyRows(total.layers) }));
    const roots = [...hierarchyTree(shown).values()];
    const [first, last] = timeSpan(input);
    const { found: unwanted, notRead } = await findUnwantedQuickly(input);
    const marks = await unwantedMarks(input, unwanted, hierarchyRows);
    const names = unwanted.length === 0 ? null : await knownNames(input);
    return {
      packets: totals.reduce((sum, one) => sum + one.packets, 0),
      bytes: totals.reduce((sum, one) => sum + one.bytes, 0),
      duration: Math.max(0, last - first),
      roots: nodes(roots, '', '', [], '', marks),
      unwanted: foundUnwanted(input, unwanted, names),
      notRead: notRead.map(({ title }) => title),
      isGathering: input.isGathering === true,
    };
  },
  table(data) {
    const lines = [
      `${'Protocol'.padEnd(44)}${'Packets'.padStart(12)}${'Bytes'.padStart(16)}${'End packets'.padStart(14)}${'End bytes'.padStart(16)}`,
    ];
    const add = (node: HierarchyNode, depth: number): void => {
      const isMarked = node.unwanted.length > 0;
      const name = `${'  '.repeat(depth)}${node.protocol}${isMarked ? ' (!)' : ''}`;
      lines.push(
        `${name.padEnd(44)}${String(node.packets).padStart(12)}${String(node.bytes).padStart(16)}${String(node.endPackets).padStart(14)}${String(node.endBytes).padStart(16)}`,
      );
      for (const child of node.children) add(child, depth + 1);
    };
    for (const root of data.roots) add(root, 0);
    if (data.unwanted.length > 0)
      lines.push('', `${'(!) Unwanted'.padEnd(44)}${'Packets'.padStart(12)}${'Bytes'.padStart(16)}  Addresses`);
    for (const { title, kind, packets, bytes, addresses, addressCount } of data.unwanted) {
      const more = addressCount > addresses.length ? ` +${addressCount - addresses.length}` : '';
      const involved = addresses
        .map(({ address, name }) => (name === '' ? address : `${name} (${address})`))
        .join(', ');
      lines.push(
        `${`${title} [${kind}]`.padEnd(44)}${String(packets).padStart(12)}${String(bytes).padStart(16)}  ${involved}${more}`,
      );
    }
    if (data.notRead.length > 0)
      lines.push('', `Not looked for, as too many messages would have to be read: ${data.notRead.join(', ')}`);
    return `${lines.join('\n')}\n`;
  },
});

/** Rows whose stack only a dissection tells. */
async function dissected({ capture, dissector, job }: PanelInput, rows: readonly number[]): Promise<StackTotal[]> {
  const malformed = protocolNamed('_ws.malformed').index;
  const byStack = new Map<string, { layers: readonly number[]; packets: number; bytes: number }>();
  for (let i = 0; i < rows.length; i++) {
    const { layers, malformed: isMalformed, bare } = dissector.dissect(rows[i]);
    const all = isMalformed ? [...layers.filter((_, layer) => layer !== bare), malformed] : layers;
    const key = all.join();
    const total = byStack.get(key) ?? { layers: all, packets: 0, bytes: 0 };
    total.packets++;
    total.bytes += capture.table.get('length', rows[i]);
    byStack.set(key, total);
    const waiting = job.pause(i, rows.length);
    if (waiting !== null) await waiting;
  }
  return [...byStack.values()];
}

/**
 * `path`: the layers above, as a regular expression over frame.protocols, which leaves pseudo layers out of the tree. `beside`:
 * rows above that frame.protocols does not list. `way`: the protocols above by number, for the marks.
 */
function nodes(
  entries: readonly HierarchyEntry[],
  path: string,
  above: string,
  beside: readonly string[],
  way: string,
  marks: ReadonlyMap<string, readonly UnwantedMark[]>,
): HierarchyNode[] {
  return entries
    .map((entry) => {
      const { name, spec } = allProtocols[entry.protocol];
      const ownWay = way === '' ? String(entry.protocol) : `${way},${entry.protocol}`;
      const isMalformed = name === '_ws.malformed';
      const isUnlisted = spec.unlisted === true;
      const before = path === '' ? beforeRows(name) : `${path}${betweenRows(above, name)}:`;
      const own = `${before}${ownLayer(name)}`;
      const listed = isUnlisted ? `${path}(${betweenRows(above, name)}:${ownLayer(name)})?` : own;
      const here = isMalformed ? path : listed;
      const after = isMalformed ? null : afterWhichNoRow(name);
      const also = isMalformed || isUnlisted ? [...beside, name] : beside;
      const conditions = [
        `frame.protocols matches "${here}(:|$)"`,
        ...(after === null ? [] : [`not frame.protocols matches "${here}${after}"`]),
        ...also,
      ];
      return {
        protocol: name,
        title: spec.title,
        filter: conditions.join(' and '),
        packets: entry.packets,
        bytes: entry.bytes,
        endPackets: entry.endPackets,
        endBytes: entry.endBytes,
        unwanted: marks.get(ownWay) ?? [],
        children: nodes([...entry.children.values()], here, name, also, ownWay, marks),
      };
    })
    .sort((a, b) => b.packets - a.packets || (a.protocol < b.protocol ? -1 : 1));
}

/** What is wrong with a packet is a row below the last one. */
function hierarchyRows(layers: readonly number[]): number[] {
  const malformed = protocolNamed('_ws.malformed').index;
  return layers.at(-1) === malformed ? [...rowsOfLayers(layers.slice(0, -1)), malformed] : rowsOfLayers(layers);
}

function timeSpan({ capture, rows }: PanelInput): [number, number] {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  if (rows === null) return [capture.pass.firstTime, capture.pass.lastTime];
  for (let row = rows.next(0); row >= 0; row = rows.next(row + 1)) {
    const time = capture.table.get('time', row);
    if (time < first) first = time;
    if (time > last) last = time;
  }
  return [first, last];
}
