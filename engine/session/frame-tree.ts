/** The Frame layer of the detail tree: what the record itself says. */

import type { FieldValue } from '../base/fields.ts';
import { escapeText } from '../base/text.ts';
import { formatSeconds } from '../base/time.ts';
import { TreeNode } from '../dissect/node.ts';
import { allProtocols, protocolNamed } from '../dissect/registry.ts';
import { type Dissection, EXPERT_GROUP, SEVERITY } from '../dissect/tree.ts';
import { linkTypeInfo, NETMON_LINK_TYPE } from '../readers/link-types.ts';
import { FLAG } from '../table/flags.ts';
import type { Capture } from './capture.ts';

/** `eth:ethertype:ip:tcp`. */
export function stackText(layers: readonly number[]): string {
  return layers.map((protocol) => allProtocols[protocol].name).join(':');
}

/** Wireshark's own numbers of link types, which `frame.encap_type` has in place of the file's. */
const ENCAPSULATIONS: Readonly<Record<number, number>> = {
  0: 15,
  1: 1,
  6: 2,
  7: 8,
  8: 3,
  9: 4,
  10: 6,
  12: 7,
  14: 7,
  18: 11,
  101: 7,
  104: 28,
  105: 20,
  107: 26,
  113: 25,
  119: 21,
  127: 23,
  140: 42,
  163: 24,
  187: 41,
  189: 95,
  192: 97,
  195: 104,
  197: 98,
  204: 19,
  226: 124,
  227: 125,
  228: 129,
  229: 130,
  239: 141,
  249: 152,
  253: 158,
  258: 171,
  266: 182,
  276: 210,
  283: 206,
  [NETMON_LINK_TYPE.radio]: 126,
};

/** A comment counts among the expert findings, for filters. */
function commentFindings(comment: string): TreeNode[] {
  const expert = protocolNamed('_ws.expert');
  const found = new TreeNode(expert.self, new Uint8Array(0), 0, 0, 0, -1);
  const values = { message: comment, severity: SEVERITY.comment, group: EXPERT_GROUP.comment };
  const parts = Object.entries(values).map(
    ([key, value]) => new TreeNode(expert.fields.get(key)?.field ?? null, value, 0, 0, 0, -1),
  );
  for (const node of [found, ...parts]) node.hidden = true;
  return [found, ...parts];
}

/** What only a view knows of a packet. */
export interface FrameContext {
  /** Row shown before this one; -1: none. */
  readonly displayedBefore: number;
  /** Time reference at or before this row; -1: the first packet. */
  readonly reference: number;
}

export function frameTree(capture: Capture, row: number, dissection: Dissection, context: FrameContext): TreeNode {
  const frame = protocolNamed('frame');
  const { table } = capture;
  const length = table.get('length', row);
  const captured = table.get('capturedLength', row);
  const flags = table.get('flags', row);
  const index = table.get('interface', row);
  const iface = capture.reader.facts.interfaces[index];
  const top = new TreeNode(frame.self, null, 0, 0, captured, -1);
  top.children = [];
  const put = (key: string, value: FieldValue, text?: string, generated = false): TreeNode => {
    const entry = frame.fields.get(key);
    if (entry === undefined) throw new Error(`frame declares no field ${key}`);
    const node = new TreeNode(entry.field, value, 0, 0, 0, -1);
    node.text = text ?? null;
    node.generated = generated;
    top.children?.push(node);
    return node;
  };
  const bytes = (n: number): string => `${n} byte${n === 1 ? '' : 's'}`;
  top.text = `Frame ${row + 1}: ${bytes(length)} on wire (${length * 8} bits), ${bytes(captured)} captured (${captured * 8} bits)`;
  const isNumbered = capture.hasInterfaceIds;
  if (isNumbered) top.text += ` on interface ${escapeText(iface?.name ?? 'unknown')}, id ${index}`;
  for (const comment of capture.comments.get(row) ?? []) put('comment', comment).children = commentFindings(comment);
  if (iface !== undefined) {
    if (isNumbered) put('interface_id', index);
    if (iface.name !== undefined) put('interface_name', iface.name);
    if (iface.description !== undefined) put('interface_description', iface.description);
    const encapsulation = ENCAPSULATIONS[iface.linkType];
    const { title } = linkTypeInfo(iface.linkType);
    if (encapsulation !== undefined)
      put('encap_type', encapsulation, `Encapsulation type: ${title} (${encapsulation})`);
  }
  if ((flags & (FLAG.inbound | FLAG.outbound)) !== 0) {
    put('packet_flags_direction', (flags & FLAG.inbound) !== 0 ? 1 : 2);
    put('p2p_dir', (flags & FLAG.inbound) !== 0 ? 1 : 0, undefined, true);
  }
  const time = capture.time(row);
  if (time !== null) {
    put('time', time);
    put('time_epoch', time, `Epoch Time: ${formatSeconds(time)} seconds`);
    const since = (other: number): bigint | null => {
      const before = other < 0 ? null : capture.time(other);
      return before === null ? null : time - before;
    };
    put('time_delta', since(row - 1) ?? 0n, undefined, true);
    put('time_delta_displayed', since(context.displayedBefore) ?? 0n, undefined, true);
    put('time_relative', since(context.reference < 0 ? capture.firstTimed : context.reference) ?? 0n, undefined, true);
  }
  put('number', row + 1);
  put('len', length, `Frame Length: ${bytes(length)} (${length * 8} bits)`);
  put('cap_len', captured, `Capture Length: ${bytes(captured)} (${captured * 8} bits)`);
  put('marked', (flags & FLAG.marked) !== 0 ? 1 : 0, undefined, true);
  put('ignored', (flags & FLAG.ignored) !== 0 ? 1 : 0, undefined, true);
  if ((flags & FLAG.malformed) !== 0) put('malformed', new Uint8Array(0), undefined, true);
  if ((flags & FLAG.copy) !== 0) put('copy', new Uint8Array(0), undefined, true);
  put('protocols', stackText(dissection.listed), undefined, true);
  const notes = capture.options(row);
  if (notes?.dropCount !== undefined) put('drop_count', notes.dropCount);
  if (notes?.packetId !== undefined) put('packet_id', notes.packetId);
  return top;
}
