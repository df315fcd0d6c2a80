/** `nagare export`: the packets that a filter leaves, in another file. */

import { extname } from 'node:path';
import type { ExportFormat } from '../../engine/exporters/exporter.ts';
import { exporterNamed, exporters } from '../../engine/exporters/index.ts';
import { OutputFile } from '../../engine/host/output-file.ts';
import { DEFAULT_COLUMNS, exportRows } from '../../engine/session/export.ts';
import { translateUnchecked } from '../../engine/text/index.ts';
import { type OptionTable, UsageError } from '../args.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { fieldNamed } from '../field-names.ts';
import { CAPTURE_OPTIONS, type LoadedCapture, rowsOf, VIEW_OPTION, withCapture } from '../with-capture.ts';

const STANDARD_OUTPUT = '-';
const FORMATS = exporters.map(({ name }) => name).join('|');

export const exportCommand = defineCommand({
  name: 'export',
  usage: [`FILE... -w OUT [-Y FILTER] [--format ${FORMATS}] [--decapsulate] [-e COLUMN ...]`],
  summary: 'cli.export.summary',
  notes: ['cli.export.formats'],
  options: {
    output: { short: 'w', long: 'write', value: 'OUT', help: 'cli.export.output' },
    ...CAPTURE_OPTIONS,
    ...VIEW_OPTION,
    format: { long: 'format', value: 'FORMAT', help: 'cli.export.format' },
    decapsulate: { long: 'decapsulate', help: 'cli.export.decapsulate' },
    columns: { short: 'e', long: 'column', value: 'COLUMN', many: true, help: 'cli.export.column' },
  } as const satisfies OptionTable,
  run({ options, operands }, context) {
    const { t } = context;
    const { output } = options;
    if (output === undefined) throw new UsageError(t('cli.export.no-output'));
    const format = formatOf(options.format, output, context);
    if (options.columns.length > 0 && format !== 'csv') throw new UsageError(t('cli.export.columns-need-csv'));
    const columns = options.columns.map((name) => columnNamed(name, context));
    const request = { format, columns, decapsulate: options.decapsulate };
    return withCapture({ ...options, paths: operands }, context, async (loaded) => {
      if (output === STANDARD_OUTPUT) {
        await exportTo({ write: (bytes) => context.out.writeBytes(bytes) }, loaded, request, context);
        return;
      }
      const file = new OutputFile(output, operands);
      try {
        await exportTo(file, loaded, request, context);
        file.commit();
      } finally {
        file.discard();
      }
    });
  },
});

interface Asked {
  readonly format: ExportFormat;
  readonly columns: readonly string[];
  readonly decapsulate: boolean;
}

async function exportTo(
  sink: { write(bytes: Uint8Array): void },
  loaded: LoadedCapture,
  { format, columns, decapsulate }: Asked,
  context: CommandContext,
): Promise<void> {
  const { capture, dissector, job } = loaded;
  const request = {
    format,
    decapsulate,
    rows: rowsOf(loaded),
    application: `Nagare ${context.version}`,
    ...(columns.length > 0 && { columns }),
  };
  const { warnings } = await exportRows(capture, dissector, request, sink, job);
  for (const { key, params, message } of warnings) {
    context.err.write(`nagare: ${translateUnchecked(context.language, key, params) ?? message}\n`);
  }
}

/** As asked for, else by the ending of the file's name, else pcapng. */
function formatOf(asked: string | undefined, output: string, { t }: CommandContext): ExportFormat {
  if (asked === undefined) {
    const ending = extname(output).slice(1).toLowerCase();
    return exporters.find(({ extension }) => extension === ending)?.name ?? 'pcapng';
  }
  const exporter = exporterNamed(asked);
  if (exporter === undefined)
    throw new UsageError(t('cli.export.unknown-format', { format: asked, list: FORMATS.replaceAll('|', ', ') }));
  return exporter.name;
}

/** A column of the packet list, or a field. */
function columnNamed(name: string, { t }: CommandContext): string {
  return DEFAULT_COLUMNS.some((column) => column === name) ? name : fieldNamed(name, t).abbrev;
}
