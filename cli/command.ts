/** What a command is: its options, and what it does with them. */

import type { Language, TextKey, Translate } from '../engine/text/index.ts';
import { type Arguments, type OptionTable, optionsHelp, parseArguments } from './args.ts';
import type { Io } from './io.ts';

export interface CommandContext extends Io {
  readonly t: Translate;
  readonly language: Language;
  readonly version: string;
}

/** Exit codes (DESIGN: the command line). */
export const EXIT = { ok: 0, failure: 1, usage: 2, interrupted: 130 } as const;

interface CommandSpec<Table extends OptionTable> {
  readonly name: string;
  /** Without the program's and the command's name: `FILE... [-Y FILTER]`. One line each. */
  readonly usage: readonly string[];
  readonly summary: TextKey;
  /** Paragraphs below the options. */
  readonly notes?: readonly TextKey[];
  readonly options: Table;
  run(args: Arguments<Table>, context: CommandContext): Promise<number>;
}

/** A command whose options' types only its file knows. */
export interface Command {
  readonly name: string;
  help(t: Translate): string;
  run(argv: readonly string[], context: CommandContext): Promise<number>;
}

/** Every command has these. */
const COMMON_OPTIONS = {
  lang: { long: 'lang', value: 'en|ja', help: 'cli.option.lang' },
  help: { short: 'h', long: 'help', help: 'cli.option.help' },
} as const satisfies OptionTable;

export function defineCommand<Table extends OptionTable>(spec: CommandSpec<Table>): Command {
  const options = { ...spec.options, ...COMMON_OPTIONS };
  const help = (t: Translate): string => {
    const text = t as (key: TextKey) => string;
    const usage = spec.usage.map((line) => `  nagare ${spec.name} ${line}`.trimEnd());
    const notes = (spec.notes ?? []).map((key) => `\n${text(key)}\n`);
    return `${text(spec.summary)}\n\n${usage.join('\n')}\n\n${optionsHelp(options, t)}${notes.join('')}`;
  };
  return {
    name: spec.name,
    help,
    async run(argv, context) {
      if (asksForHelp(argv)) {
        context.out.write(help(context.t));
        return EXIT.ok;
      }
      // The common options are a part of the table that parseArguments() cannot take apart again.
      const args = parseArguments(options, argv, context.t) as unknown as Arguments<Table>;
      return await spec.run(args, context);
    },
  };
}

/** Also beside arguments that are wrong: who asks for help is not told off first. */
function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? undefined : end).some((argument) => argument === '-h' || argument === '--help');
}
