/** `nagare fields`: values of fields, one packet a line, as `tshark -n -T fields` prints them; or the list of all fields. */

import type { Field } from '../../engine/base/fields.ts';
import { allProtocols, catalog } from '../../engine/dissect/registry.ts';
import { fieldTexts } from '../../engine/session/field-texts.ts';
import { PacketSource } from '../../engine/session/packet-source.ts';
import { type OptionTable, UsageError } from '../args.ts';
import { type CommandContext, defineCommand, EXIT } from '../command.ts';
import { fieldNamed } from '../field-names.ts';
import { CAPTURE_OPTIONS, type LoadedCapture, rowsOf, VIEW_OPTION, withCapture } from '../with-capture.ts';

export const fields = defineCommand({
  name: 'fields',
  usage: ['FILE... [-Y FILTER] -e FIELD [-e FIELD ...] [-E OPTION=VALUE ...]', '--list [--json]'],
  summary: 'cli.fields.summary',
  notes: ['cli.fields.print-options', 'cli.fields.columns'],
  options: {
    ...CAPTURE_OPTIONS,
    ...VIEW_OPTION,
    field: { short: 'e', long: 'field', value: 'FIELD', many: true, help: 'cli.fields.field' },
    print: { short: 'E', value: 'OPTION=VALUE', many: true, help: 'cli.fields.print' },
    list: { long: 'list', help: 'cli.fields.list' },
    json: { long: 'json', help: 'cli.fields.json' },
  } as const satisfies OptionTable,
  async run({ options, operands }, context) {
    const { t, out } = context;
    if (options.list) {
      out.write(options.json ? listJson() : listText());
      return EXIT.ok;
    }
    if (options.json) throw new UsageError(t('cli.fields.json-needs-list'));
    if (options.field.length === 0) throw new UsageError(t('cli.fields.no-field'));
    const wanted = options.field.map((name) => fieldNamed(name, t));
    const style = printStyle(options.print, context);
    return await withCapture({ ...options, paths: operands }, context, (loaded) =>
      printRows(loaded, wanted, style, options.field, context),
    );
  },
});

interface PrintStyle {
  readonly header: boolean;
  readonly bom: boolean;
  readonly separator: string;
  readonly aggregator: string;
  readonly occurrence: 'f' | 'l' | 'a';
  readonly quote: '' | '"' | "'";
}

const NAMED_CHARACTERS: Readonly<Record<string, string>> = { '/t': '\t', '/s': ' ' };
const QUOTES: Readonly<Record<string, PrintStyle['quote']>> = { d: '"', s: "'", n: '' };

/** The options of tshark's -E. */
function printStyle(given: readonly string[], { t }: CommandContext): PrintStyle {
  let style: PrintStyle = { header: false, bom: false, separator: '\t', aggregator: ',', occurrence: 'a', quote: '' };
  for (const text of given) {
    const equals = text.indexOf('=');
    const name = text.slice(0, Math.max(0, equals));
    const value = text.slice(equals + 1);
    const isSwitch = value === 'y' || value === 'n';
    const character = NAMED_CHARACTERS[value] ?? ([...value].length === 1 ? value : undefined);
    const quote = QUOTES[value];
    if ((name === 'header' || name === 'bom') && isSwitch) style = { ...style, [name]: value === 'y' };
    else if ((name === 'separator' || name === 'aggregator') && character !== undefined)
      style = { ...style, [name]: character };
    else if (name === 'occurrence' && (value === 'f' || value === 'l' || value === 'a'))
      style = { ...style, occurrence: value };
    else if (name === 'quote' && quote !== undefined) style = { ...style, quote };
    else throw new UsageError(t('cli.fields.bad-print-option', { text }));
  }
  return style;
}

async function printRows(
  loaded: LoadedCapture,
  wanted: readonly Field[],
  style: PrintStyle,
  names: readonly string[],
  { out }: CommandContext,
): Promise<void> {
  const { capture, dissector, job } = loaded;
  const rows = rowsOf(loaded);
  const ids = new Set(wanted.map(({ id }) => id));
  if (style.bom) out.write('\ufeff');
  if (style.header) out.write(`${names.join(style.separator)}\n`);
  let displayedBefore = -1;
  for (const [index, row] of rows.entries()) {
    const packet = new PacketSource(capture, dissector, row, { displayedBefore, reference: -1 });
    const texts = fieldTexts(packet, ids);
    const cells = wanted.map(({ id }) => cellOf(texts.get(id) ?? [], style));
    out.write(`${cells.join(style.separator)}\n`);
    displayedBefore = row;
    const waiting = job.pause(index, rows.length) ?? out.ready();
    if (waiting !== null) await waiting;
  }
}

function cellOf(values: readonly string[], { occurrence, aggregator, quote }: PrintStyle): string {
  if (values.length === 0) return '';
  const chosen = occurrence === 'f' ? values.slice(0, 1) : occurrence === 'l' ? values.slice(-1) : values;
  return quote + chosen.join(aggregator) + quote;
}

interface ListedField {
  readonly field: string;
  readonly name: string;
  readonly type: string;
  readonly protocol: string;
}

function listedFields(): ListedField[] {
  return catalog.fields
    .map(({ abbrev, label, type, protocol }) => ({
      field: abbrev,
      name: label,
      type,
      protocol: allProtocols[protocol]?.name ?? '',
    }))
    .filter(({ protocol }) => protocol !== '_ws.none')
    .sort((a, b) => (a.field < b.field ? -1 : 1));
}

function listText(): string {
  return listedFields()
    .map(({ field, name, type, protocol }) => `${field}\t${name}\t${type}\t${protocol}\n`)
    .join('');
}

function listJson(): string {
  return `${JSON.stringify(listedFields(), null, 2)}\n`;
}
