/** One packet dissected on its own, without a capture around it: for unit tests of protocols. */

import { labelOf, plainValue, type TreeNode } from '../../engine/dissect/node.ts';
import { allProtocols, lookUp } from '../../engine/dissect/registry.ts';
import { type Dissection, type PacketFacts, TreeBuilder } from '../../engine/dissect/tree.ts';
import { linkWord } from '../../engine/dissect/walk.ts';

/** Dissects a frame of a link type; what is above transports is found by port (`tcp.port`, `udp.port`) or given by name. */
export function dissectPacket(
  frame: Uint8Array,
  linkType = 1,
  application?: string,
  facts: Partial<PacketFacts> = {},
): Dissection {
  const builder: TreeBuilder = new TreeBuilder(frame, {
    link: linkWord(lookUp('link', linkType), linkType),
    length: frame.length,
    number: 1,
    time: 0n,
    direction: 0,
    flow: -1,
    memory: { objects: new Map() },
    streams: { tcp: [0], udp: [0] },
    tcp: null,
    datagram: null,
    reassembledIn: 0,
    application(t, at) {
      if (application === undefined || at >= t.end) return false;
      t.dissect(application, at);
      return true;
    },
    ...facts,
  });
  builder.frame();
  return builder.finish();
}

/** The tree as indented lines, as people see it. */
export function treeText(nodes: readonly TreeNode[], indent = ''): string {
  let text = '';
  for (const node of nodes) {
    if (!node.hidden) text += `${indent}${labelOf(node)}\n`;
    if (node.children !== null) text += treeText(node.children, node.hidden ? indent : `${indent}  `);
  }
  return text;
}

/** Every value of a field, hidden ones too, as the command line prints them. */
export function valuesOf(nodes: readonly TreeNode[], abbrev: string): string[] {
  const values: string[] = [];
  for (const node of nodes) {
    if (node.field?.abbrev === abbrev) values.push(node.value === null ? '' : plainValue(node.field, node.value));
    if (node.children !== null) values.push(...valuesOf(node.children, abbrev));
  }
  return values;
}

/** `eth:ethertype:ip:udp:dns`. */
export function stackText(dissection: Dissection): string {
  return dissection.listed.map((index) => allProtocols[index]?.name).join(':');
}
