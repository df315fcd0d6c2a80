/** `nagare show`: one packet's tree, as people read it or as JSON (docs/json.md). */

import { NagareError } from '../../engine/base/errors.ts';
import { labelOf, type TreeNode } from '../../engine/dissect/node.ts';
import { jsonPacket } from '../../engine/exporters/json.ts';
import { exportPacket } from '../../engine/session/export.ts';
import { PacketSource } from '../../engine/session/packet-source.ts';
import { type OptionTable, UsageError } from '../args.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { CAPTURE_OPTIONS, withCapture } from '../with-capture.ts';

export const show = defineCommand({
  name: 'show',
  usage: ['FILE... -n FRAME [--json]'],
  summary: 'cli.show.summary',
  options: {
    frame: { short: 'n', long: 'number', value: 'FRAME', help: 'cli.show.frame' },
    json: { long: 'json', help: 'cli.option.json' },
    decodeAs: CAPTURE_OPTIONS.decodeAs,
    tlsKeys: CAPTURE_OPTIONS.tlsKeys,
    strict: CAPTURE_OPTIONS.strict,
  } as const satisfies OptionTable,
  run({ options, operands }, context) {
    const number = frameNumber(options.frame, context);
    return withCapture({ ...options, paths: operands, filter: undefined }, context, async (loaded) => {
      const { capture, dissector } = loaded;
      const row = number - 1;
      if (row >= capture.table.count) {
        const params = { number: String(number), count: capture.table.count };
        throw new NagareError('bad-input', `There is no packet ${number}.`, { key: 'cli.show.no-such-packet', params });
      }
      const packet = new PacketSource(capture, dissector, row, { displayedBefore: row - 1, reference: -1 });
      const { out } = context;
      if (options.json)
        out.write(`${JSON.stringify(jsonPacket(capture, row, exportPacket(capture, packet, row)), null, 2)}\n`);
      else out.write(treeText(packet.tree));
    });
  },
});

function frameNumber(text: string | undefined, { t }: CommandContext): number {
  if (text === undefined) throw new UsageError(t('cli.show.frame-missing'));
  const number = Number(text);
  if (!/^\d+$/.test(text) || number === 0 || !Number.isSafeInteger(number))
    throw new UsageError(t('cli.show.bad-frame', { text }));
  return number;
}

/** Each node on a line, four spaces deeper than the one it belongs to. */
export function treeText(nodes: readonly TreeNode[], depth = 0): string {
  let text = '';
  for (const node of nodes) {
    if (node.hidden) continue;
    text += `${'    '.repeat(depth)}${labelOf(node)}\n${treeText(node.children ?? [], depth + 1)}`;
  }
  return text;
}
