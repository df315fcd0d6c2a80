/** What every command on capture files shares: its operands and options, the warnings about damage, the rows of a filter. */

import { BitSet } from '../engine/base/bitset.ts';
import { type CaptureError, NagareError } from '../engine/base/errors.ts';
import { catalog } from '../engine/dissect/registry.ts';
import { checkFilter } from '../engine/filter/language/check.ts';
import type { FilterTree } from '../engine/filter/language/checked.ts';
import type { FilterMacro } from '../engine/filter/language/macros.ts';
import { runFilter } from '../engine/filter/plan.ts';
import { SettingsStore } from '../engine/host/settings.ts';
import { atAdapter } from '../engine/session/appearances.ts';
import type { Capture } from '../engine/session/capture.ts';
import { cloudOf } from '../engine/session/cloud.ts';
import type { Dissector } from '../engine/session/dissector.ts';
import { filterData } from '../engine/session/packet-source.ts';
import { Job } from '../engine/session/turns.ts';
import { captureProblemText } from '../engine/text/capture-problem.ts';
import { type OptionTable, UsageError } from './args.ts';
import { cloudFiles } from './cloud-files.ts';
import { type CommandContext, EXIT } from './command.ts';
import { decodeRules } from './decode-rules.ts';
import { givenNames } from './hosts-files.ts';
import { openCaptureFiles, turns } from './open-capture.ts';

export const CAPTURE_OPTIONS = {
  filter: { short: 'Y', long: 'filter', value: 'FILTER', help: 'cli.option.filter' },
  decodeAs: { short: 'd', long: 'decode-as', value: 'RULE', many: true, help: 'cli.option.decode-as' },
  tlsKeys: { long: 'tls-keys', value: 'FILE', help: 'cli.option.tls-keys' },
  cloud: { long: 'cloud', value: 'FILE', many: true, help: 'cli.option.cloud' },
  strict: { long: 'strict', help: 'cli.option.strict' },
} as const satisfies OptionTable;

export const VIEW_OPTION = {
  view: { long: 'view', value: 'all|adapter', help: 'cli.option.view' },
} as const satisfies OptionTable;

export interface CaptureRequest {
  readonly paths: readonly string[];
  /** A display filter's text. */
  readonly filter: string | undefined;
  /** Texts of rules: `tcp.port==8080,http`. */
  readonly decodeAs: readonly string[];
  /** Path of a TLS key log file. */
  readonly tlsKeys: string | undefined;
  /** Maps, address ranges, prices; those that the window keeps unless any are named. */
  readonly cloud?: readonly string[];
  /** Hosts files; those that the window keeps unless any are named. */
  readonly hosts?: readonly string[];
  /** `adapter`: of a packet that was seen at several places only the record at the adapter; `all` unless given. */
  readonly view?: string | undefined;
  /** A problem with a file makes the exit code 1. */
  readonly strict: boolean;
}

export interface LoadedCapture {
  readonly capture: Capture;
  readonly dissector: Dissector;
  /** Rows that filter and view leave; null: all. */
  readonly selected: BitSet | null;
  readonly job: Job;
  /** Rows of another filter. Throws NagareError for a wrong one. */
  select(filter: string): Promise<BitSet>;
}

/** Opens the files, has `work` done and closes them; returns the exit code. A wrong filter is told before a file is read. */
export async function withCapture(
  request: CaptureRequest,
  context: CommandContext,
  work: (loaded: LoadedCapture) => Promise<void>,
): Promise<number> {
  const { paths, filter = '', strict } = request;
  const { signal, t } = context;
  const isAdapter = isAdapterView(request.view ?? 'all', context);
  if (paths.length === 0) throw new UsageError(t('cli.usage.no-file'));
  const tree = checkedFilter(filter);
  const rules = decodeRules(request.decodeAs, t);
  const clouds = cloudFiles(request.cloud ?? [], t);
  const given = request.hosts === undefined ? null : givenNames(request.hosts, t);
  const opened = await openCaptureFiles(paths, signal, rules, request.tlsKeys);
  const { capture, dissector, problems } = opened;
  cloudOf(capture).use(clouds);
  if (given !== null) capture.given = given;
  try {
    const job = new Job(turns, signal);
    const data = filterData(capture, dissector, (row) => ({ displayedBefore: row - 1, reference: -1 }));
    const { count } = capture.table;
    const found = tree === null ? null : await runFilter(tree, data, 0, count, job.pause);
    const selected = isAdapter ? atAdapter(capture, found) : found;
    const leftOut = (found?.count() ?? count) - (selected?.count() ?? count);
    const select = async (text: string): Promise<BitSet> => {
      const other = checkedFilter(text);
      return other === null ? BitSet.full(count) : await runFilter(other, data, 0, count, job.pause);
    };
    await work({ capture, dissector, selected, job, select });
    if (leftOut > 0) context.err.write(`nagare: ${t('cli.left-out', { count: leftOut })}\n`);
    for (const problem of problems) {
      const isEnd = problem === capture.problem;
      context.err.write(`nagare: ${warningText(problem, isEnd, paths, context)}\n`);
    }
    return strict && problems.length > 0 ? EXIT.failure : EXIT.ok;
  } finally {
    opened.close();
  }
}

function isAdapterView(view: string, { t }: CommandContext): boolean {
  if (view !== 'all' && view !== 'adapter') throw new UsageError(t('cli.bad-view', { view }));
  return view === 'adapter';
}

/** The macros that the window keeps; the settings are read only where a filter may name one. */
function macrosFor(text: string): readonly FilterMacro[] {
  return text.includes('$') ? new SettingsStore().get().macros : [];
}

function checkedFilter(text: string): FilterTree | null {
  const checked = checkFilter(text, catalog, { macros: macrosFor(text) });
  if (!checked.ok) throw new NagareError('bad-filter', checked.error.message, checked.error);
  return checked.value.tree;
}

/** `isEnd`: nothing behind it could be read. */
function warningText(
  problem: CaptureError,
  isEnd: boolean,
  paths: readonly string[],
  { language, t }: CommandContext,
): string {
  const file = problem.file ?? paths.join(', ');
  const what = captureProblemText(language, problem, problem.message);
  if (problem.at < 0) return t('cli.file-note', { file, what });
  return t(isEnd ? 'cli.file-problem' : 'cli.file-oddity', { file, what, at: String(problem.at) });
}

/** The rows that a filter left, in file order. */
export function rowsOf({ capture, selected }: LoadedCapture): Uint32Array {
  return (selected ?? BitSet.full(capture.table.count)).toRows();
}
