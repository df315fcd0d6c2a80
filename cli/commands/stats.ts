/** `nagare stats`: a panel's figures, as a table or as JSON (docs/json.md). */

import { nearestName } from '../../engine/filter/language/suggest.ts';
import { panels } from '../../engine/session/panels/index.ts';
import type { Panel } from '../../engine/session/panels/panel.ts';
import { type OptionTable, UsageError } from '../args.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { CAPTURE_OPTIONS, withCapture } from '../with-capture.ts';

const VIEWS: readonly string[] = ['all', 'adapter'];

export const stats = defineCommand({
  name: 'stats',
  usage: [`FILE... ${[...panels.keys()].join('|')} [-Y FILTER] [--json]`],
  summary: 'cli.stats.summary',
  options: {
    ...CAPTURE_OPTIONS,
    json: { long: 'json', help: 'cli.option.json' },
    view: { long: 'view', value: 'all|adapter', help: 'cli.stats.view' },
  } as const satisfies OptionTable,
  run({ options, operands }, context) {
    const { view = 'adapter', json, filter, strict } = options;
    if (!VIEWS.includes(view)) throw new UsageError(context.t('cli.stats.bad-view', { view }));
    const panel = panelNamed(operands.at(-1), context);
    return withCapture({ paths: operands.slice(0, -1), filter, strict }, context, async (loaded) => {
      const { capture, dissector, selected, job } = loaded;
      const made = await panel.make({ capture, dissector, rows: selected, job });
      context.out.write(json ? `${JSON.stringify(made.data, null, 2)}\n` : made.table());
    });
  },
});

/** The panel is the last operand: files come before it, and there may be several. */
function panelNamed(name: string | undefined, { t }: CommandContext): Panel {
  const names = [...panels.keys()];
  const list = names.join(', ');
  if (name === undefined) throw new UsageError(t('cli.stats.no-panel', { list }));
  const panel = panels.get(name);
  if (panel !== undefined) return panel;
  const near = nearestName(name, names);
  throw new UsageError(
    near === undefined
      ? t('cli.stats.unknown-panel', { name, list })
      : t('cli.stats.unknown-panel-near', { name, near, list }),
  );
}
