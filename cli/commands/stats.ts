/** `nagare stats`: a panel's figures, as a table or as JSON (docs/json.md). */

import type { BitSet } from '../../engine/base/bitset.ts';
import { formatAbsolute } from '../../engine/base/time.ts';
import type { Report, Table } from '../../engine/contract/report.ts';
import { reportCsv, reportJson } from '../../engine/contract/report-output.ts';
import { nearestName } from '../../engine/filter/language/suggest.ts';
import { SettingsStore } from '../../engine/host/settings.ts';
import { panels } from '../../engine/session/panels/index.ts';
import type { Panel } from '../../engine/session/panels/panel.ts';
import { type OptionTable, UsageError } from '../args.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { reportText } from '../output/report.ts';
import { CAPTURE_OPTIONS, withCapture } from '../with-capture.ts';

export const stats = defineCommand({
  name: 'stats',
  usage: [`FILE... ${[...panels.keys()].join('|')} [-Y FILTER] [--json|--csv] [--set NAME=VALUE]`],
  summary: 'cli.stats.summary',
  options: {
    ...CAPTURE_OPTIONS,
    hosts: { long: 'hosts', value: 'FILE', many: true, help: 'cli.option.hosts' },
    json: { long: 'json', help: 'cli.option.json' },
    csv: { long: 'csv', help: 'cli.stats.csv' },
    table: { long: 'table', value: 'TABLE', help: 'cli.stats.table' },
    set: { long: 'set', value: 'NAME=VALUE', many: true, help: 'cli.stats.set' },
    view: { long: 'view', value: 'all|adapter', help: 'cli.stats.view' },
  } as const satisfies OptionTable,
  run({ options, operands }, context) {
    const { view = 'adapter', json, csv } = options;
    const { t, language, out } = context;
    const panel = panelNamed(operands.at(-1), context);
    const chosen = Object.fromEntries(options.set.map((text) => assignment(text, t)));
    return withCapture({ ...options, view, paths: operands.slice(0, -1) }, context, async (loaded) => {
      const { capture, dissector, selected, job } = loaded;
      capture.preferences = new SettingsStore().get();
      const inside = async (text: string): Promise<BitSet> => {
        const found = await loaded.select(text);
        return selected === null ? found : found.copy().and(selected);
      };
      const made = await panel.make({ capture, dissector, rows: selected, job, options: chosen, select: inside });
      if (made.kind === 'own') {
        if (csv) throw new UsageError(t('cli.stats.no-csv', { panel: panel.name }));
        out.write(json ? `${JSON.stringify(made.data, null, 2)}\n` : made.table());
      } else if (csv) {
        out.write(reportCsv(tableOf(made.report, options.table, t), capture.epoch));
      } else {
        const format = (time: number): string => formatAbsolute(capture.epoch + BigInt(Math.round(time)));
        const { report } = made;
        out.write(
          json
            ? `${JSON.stringify(reportJson(report, capture.epoch), null, 2)}\n`
            : reportText(report, { language, clock: { epoch: String(capture.epoch), format } }),
        );
      }
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

/** `layer=tcp`: something that the panel lets one choose. */
function assignment(text: string, t: CommandContext['t']): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(t('cli.stats.bad-set', { text }));
  return [text.slice(0, at), text.slice(at + 1)];
}

/** The table of that name, else the first. */
function tableOf(report: Report, name: string | undefined, t: CommandContext['t']): Table {
  const table = name === undefined ? report.tables[0] : report.tables.find(({ id }) => id === name);
  if (table === undefined)
    throw new UsageError(t('cli.stats.no-table', { list: report.tables.map(({ id }) => id).join(', ') }));
  return table;
}
