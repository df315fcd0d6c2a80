/** Whole packets as a JSON array (docs/json.md has the members): what the record says, the list's columns, and the tree. */

import { formatSeconds } from '../base/time.ts';
import { labelOf, plainValue, type TreeNode } from '../dissect/node.ts';
import { TextWriter } from './chunk-writer.ts';
import { defineExporter, type ExportCapture, type ExportPacket, eachRow } from './exporter.ts';

export interface JsonPacket {
  readonly number: number;
  /** Seconds since 1970 UTC with nine decimals, as text: a JSON number would lose the last of them. */
  readonly time: string | null;
  readonly length: number;
  readonly capturedLength: number;
  readonly interface: number;
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  readonly info: string;
  readonly comments: readonly string[];
  /** Byte arrays that `source` of a node counts: the frame, then what was put together or unpacked. */
  readonly dataSources: readonly string[];
  readonly layers: readonly JsonNode[];
}

export interface JsonNode {
  /** The field's name in filters; missing for plain texts. */
  readonly field?: string;
  readonly label: string;
  /** As `nagare fields` prints it; missing where the field has no value of its own. */
  readonly value?: string;
  /** Index into dataSources; missing for the frame. */
  readonly source?: number;
  readonly at: number;
  readonly length: number;
  readonly children?: readonly JsonNode[];
}

export const json = defineExporter({
  name: 'json',
  title: 'JSON',
  extension: 'json',
  kind: 'text',
  async write(input) {
    const out = new TextWriter(input.sink);
    out.write('[');
    await eachRow(input, true, (row, index) => {
      out.write(index === 0 ? '\n' : ',\n');
      out.write(JSON.stringify(jsonPacket(input.capture, row, input.packet(row, index))));
    });
    out.write(input.rows.length === 0 ? ']\n' : '\n]\n');
    out.flush();
  },
});

export function jsonPacket(capture: ExportCapture, row: number, packet: ExportPacket): JsonPacket {
  const time = capture.time(row);
  return {
    number: row + 1,
    time: time === null ? null : formatSeconds(time),
    length: capture.table.get('length', row),
    capturedLength: capture.table.get('capturedLength', row),
    interface: capture.table.get('interface', row),
    source: packet.cell('source'),
    destination: packet.cell('destination'),
    protocol: packet.cell('protocol'),
    info: packet.cell('info'),
    comments: capture.comments.get(row) ?? [],
    dataSources: packet.sources,
    layers: packet.tree.filter((node) => !node.hidden).map(jsonNode),
  };
}

function jsonNode(node: TreeNode): JsonNode {
  const { field, value } = node;
  const children = (node.children ?? []).filter((child) => !child.hidden).map(jsonNode);
  return {
    ...(field !== null && { field: field.abbrev }),
    label: labelOf(node),
    ...(field !== null && value !== null && { value: plainValue(field, value) }),
    ...(node.source > 0 && { source: node.source }),
    at: node.at,
    length: node.length,
    ...(children.length > 0 && { children }),
  };
}
