/** The command line (DESIGN section 9): finds the command, turns what goes wrong into one line and an exit code. */

import process from 'node:process';
import { NagareError } from '../engine/base/errors.ts';
import { nearestName } from '../engine/filter/language/suggest.ts';
import {
  LANGUAGES,
  type Language,
  pickLanguage,
  type TextKey,
  type Translate,
  translator,
} from '../engine/text/index.ts';
import { UsageError } from './args.ts';
import { type CommandContext, EXIT } from './command.ts';
import { type CommandEntry, commands, DEFAULT_COMMAND } from './commands/index.ts';
import { errorText } from './error-text.ts';
import type { Io } from './io.ts';
import { StreamOutput } from './output/output.ts';
import { programVersion } from './version.ts';

/** Runs one command line, without the program's name; returns the exit code. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const language = languageOf(argv, io);
  const t = translator(language);
  const context: CommandContext = { ...io, t, language, version: programVersion() };
  let code: number;
  try {
    code = await dispatch(argv, context);
  } catch (thrown) {
    code = report(thrown, context);
  }
  await io.out.flush();
  await io.err.flush();
  return code;
}

async function dispatch(argv: readonly string[], context: CommandContext): Promise<number> {
  const { t } = context;
  const at = argv.findIndex((_, i) => !isGlobal(argv, i));
  const word = argv[at];
  const rest = argv.filter((_, i) => i !== at);
  const fallback = commands.find(({ name }) => name === DEFAULT_COMMAND);
  if (word === undefined) {
    if (fallback !== undefined) return await runEntry(fallback, argv, context);
    throw new UsageError(t('cli.usage.no-command'));
  }
  if (word === '--help' || word === '-h' || word === 'help') {
    const topic = commands.find(({ name }) => rest.includes(name));
    context.out.write(topic === undefined ? overview(t, context.version) : (await topic.load()).help(t));
    return EXIT.ok;
  }
  if (word === '--version' || word === '-V') {
    context.out.write(`nagare ${context.version}\n`);
    return EXIT.ok;
  }
  const entry = commands.find(({ name }) => name === word);
  if (entry !== undefined) return await runEntry(entry, rest, context);
  if (word.startsWith('-') && word !== '--') {
    if (fallback !== undefined) return await runEntry(fallback, argv, context);
    throw new UsageError(t('cli.usage.unknown-option', { option: word }));
  }
  // A word that is nearly a command, and no file's name, is a slip.
  const near = nearestName(
    word,
    commands.map(({ name }) => name),
  );
  if (fallback !== undefined && (near === undefined || /[./\\]/.test(word)))
    return await runEntry(fallback, argv, context);
  throw new UsageError(
    near === undefined ? t('cli.usage.unknown-command', { word }) : t('cli.usage.unknown-command-near', { word, near }),
  );
}

/** `--lang ja` may stand before the command too. */
function isGlobal(argv: readonly string[], i: number): boolean {
  return argv[i] === '--lang' || argv[i - 1] === '--lang' || argv[i]?.startsWith('--lang=') === true;
}

async function runEntry(entry: CommandEntry, argv: readonly string[], context: CommandContext): Promise<number> {
  const command = await entry.load();
  try {
    return await command.run(argv, context);
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    throw new UsageError(context.t('cli.usage.see-help', { problem: thrown.message, command: entry.name }));
  }
}

function overview(t: Translate, version: string): string {
  const text = t as (key: TextKey) => string;
  const width = Math.max(...commands.map(({ name }) => name.length));
  const list = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${text(summary)}\n`);
  return `nagare ${version} - ${t('cli.about')}\n\n${t('cli.commands')}\n${list.join('')}\n${t('cli.more-help')}\n`;
}

/** One line on standard error, and the exit code. */
function report(thrown: unknown, context: CommandContext): number {
  if (context.signal.aborted) return context.signal.reason === OUTPUT_GONE ? EXIT.ok : EXIT.interrupted;
  context.err.write(`nagare: ${errorText(thrown, context)}\n`);
  if (thrown instanceof UsageError) return EXIT.usage;
  return thrown instanceof NagareError && thrown.code === 'bad-filter' ? EXIT.usage : EXIT.failure;
}

/** `--lang`, else what the system's environment says: the first of these that is set counts, as everywhere. */
function languageOf(argv: readonly string[], io: Io): Language {
  const at = argv.findIndex((argument) => argument === '--lang' || argument.startsWith('--lang='));
  const argument = argv[at];
  const asked = argument === '--lang' ? argv[at + 1] : argument?.slice('--lang='.length);
  if (LANGUAGES.some((language) => language === asked)) return asked as Language;
  const { LC_ALL, LC_MESSAGES, LANG } = io.env;
  const set = [LC_ALL, LC_MESSAGES, LANG].find((value) => value !== undefined && value !== '');
  return pickLanguage([(set ?? io.systemLanguage).replaceAll('_', '-')]);
}

/** The reason of the signal when whoever read the output has gone. */
const OUTPUT_GONE = 'output gone';

/** Runs the program's own command line in this process. */
export async function run(): Promise<void> {
  const stop = new AbortController();
  // A second Ctrl+C ends the process at once, as it would have without us.
  process.once('SIGINT', () => stop.abort('interrupted'));
  process.once('SIGTERM', () => stop.abort('interrupted'));
  const gone = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE' && error.code !== 'EOF') throw error;
    stop.abort(OUTPUT_GONE);
  };
  process.stdout.on('error', gone);
  process.stderr.on('error', gone);
  const io: Io = {
    out: new StreamOutput(process.stdout),
    err: new StreamOutput(process.stderr),
    env: process.env,
    signal: stop.signal,
    get systemLanguage() {
      return Intl.DateTimeFormat().resolvedOptions().locale; // 20 ms: only where the environment does not say it
    },
  };
  process.exitCode = await main(process.argv.slice(2), io);
}
