/** Command-line options: one table per command says what there is, reads the arguments and prints the help. */

import type { TextKey, Translate } from '../engine/text/index.ts';

export interface OptionSpec {
  /** One letter: `-Y`. */
  readonly short?: string;
  /** `--filter`. */
  readonly long?: string;
  /** What its value is called in the help; an option without is a switch. */
  readonly value?: string;
  /** May be given several times. */
  readonly many?: true;
  readonly help: TextKey;
}

export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** The values of a table's options: a list, a text, or whether the switch was there. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends { readonly many: true }
    ? readonly string[]
    : Table[Name] extends { readonly value: string }
      ? string | undefined
      : boolean;
};

/** Wrong usage, in the user's language. Ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Arguments<Table extends OptionTable> {
  readonly options: OptionValues<Table>;
  readonly operands: readonly string[];
}

/** `-Y x`, `-Yx`, `--filter x`, `--filter=x`; `--` ends the options, `-` alone is an operand. Throws UsageError. */
export function parseArguments<Table extends OptionTable>(
  table: Table,
  argv: readonly string[],
  t: Translate,
): Arguments<Table> {
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? '';
    if (argument === '--') {
      operands.push(...argv.slice(i + 1));
      break;
    }
    if (!argument.startsWith('-') || argument === '-') {
      operands.push(argument);
      continue;
    }
    const { option, attached } = split(argument);
    const [name, spec] = Object.entries(table).find(([, one]) => isCalled(one, option)) ?? [];
    if (name === undefined || spec === undefined) throw new UsageError(t('cli.usage.unknown-option', { option }));
    const earlier = values.get(name);
    if (spec.value === undefined) {
      if (attached !== undefined) throw new UsageError(t('cli.usage.no-value-wanted', { option }));
      values.set(name, []);
      continue;
    }
    if (earlier !== undefined && spec.many !== true) throw new UsageError(t('cli.usage.given-twice', { option }));
    const value = attached ?? argv[++i];
    if (value === undefined) throw new UsageError(t('cli.usage.value-missing', { option, value: spec.value }));
    values.set(name, [...(earlier ?? []), value]);
  }
  const options = Object.entries(table).map(([name, spec]) => [name, valueOf(spec, values.get(name))]);
  return { options: Object.fromEntries(options) as OptionValues<Table>, operands };
}

function split(argument: string): { readonly option: string; readonly attached: string | undefined } {
  if (!argument.startsWith('--')) {
    return { option: argument.slice(0, 2), attached: argument.length > 2 ? argument.slice(2) : undefined };
  }
  const equals = argument.indexOf('=');
  if (equals < 0) return { option: argument, attached: undefined };
  return { option: argument.slice(0, equals), attached: argument.slice(equals + 1) };
}

function isCalled(spec: OptionSpec, option: string): boolean {
  return option === `-${spec.short ?? ''}` || option === `--${spec.long ?? ''}`;
}

function valueOf(
  spec: OptionSpec,
  given: readonly string[] | undefined,
): readonly string[] | string | boolean | undefined {
  if (spec.value === undefined) return given !== undefined;
  return spec.many === true ? (given ?? []) : given?.[0];
}

/** `  -Y, --filter FILTER  what it does`: one line each. */
export function optionsHelp(table: OptionTable, t: Translate): string {
  const lines = Object.values(table).map((spec) => {
    const names = [spec.short === undefined ? '  ' : `-${spec.short}`, spec.long === undefined ? '' : `--${spec.long}`];
    const value = spec.value === undefined ? '' : ` ${spec.value}`;
    const separator = spec.short !== undefined && spec.long !== undefined ? ', ' : spec.short === undefined ? '  ' : '';
    return { name: `${names.join(separator)}${value}`, help: helpText(spec.help, t) };
  });
  const width = Math.max(...lines.map(({ name }) => name.length));
  return lines.map(({ name, help }) => `  ${name.padEnd(width)}  ${help}\n`).join('');
}

/** Help texts have no places to fill in. */
function helpText(key: TextKey, t: Translate): string {
  return (t as (key: TextKey) => string)(key);
}
