/** `nagare count`: how many packets there are, or how many a filter leaves. */

import { defineCommand } from '../command.ts';
import { CAPTURE_OPTIONS, VIEW_OPTION, withCapture } from '../with-capture.ts';

export const count = defineCommand({
  name: 'count',
  usage: ['FILE... [-Y FILTER]'],
  summary: 'cli.count.summary',
  options: { ...CAPTURE_OPTIONS, ...VIEW_OPTION },
  run: ({ options, operands }, context) =>
    withCapture({ ...options, paths: operands }, context, async ({ capture, selected }) => {
      context.out.write(`${selected === null ? capture.table.count : selected.count()}\n`);
    }),
});
