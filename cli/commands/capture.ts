/** `nagare capture`: packets of an interface into a file, as dumpcap's options say, and on the screen where asked. */

import { NagareError } from '../../engine/base/errors.ts';
import type { CaptureNeed, CaptureSettings, LiveState } from '../../engine/contract/capture.ts';
import { catalog } from '../../engine/dissect/registry.ts';
import { checkFilter } from '../../engine/filter/language/check.ts';
import { CaptureService } from '../../engine/host/capture/service.ts';
import { needText } from '../../engine/text/capture-need.ts';
import type { Translate } from '../../engine/text/index.ts';
import { type OptionTable, UsageError } from '../args.ts';
import { SelectedPackets, type Selection } from '../capture/selected.ts';
import { captureSettings, SETTINGS_OPTIONS } from '../capture/settings.ts';
import { type CommandContext, defineCommand, EXIT } from '../command.ts';
import { CAPTURE_OPTIONS } from '../with-capture.ts';

/** What a display filter reads from while it keeps nothing else: files of this size, and so many. */
const PRIVATE_RING = { packets: null, bytes: 64_000_000, seconds: null, files: 4 } as const;

export const capture = defineCommand({
  name: 'capture',
  usage: ['-i IF [-f FILTER] -w OUT [-a CONDITION]... [-b CONDITION]...', '-i IF [-Y FILTER] [-w OUT] --print'],
  summary: 'cli.capture.summary',
  notes: ['cli.capture.conditions', 'cli.capture.note'],
  options: {
    ...SETTINGS_OPTIONS,
    filter: CAPTURE_OPTIONS.filter,
    print: { long: 'print', help: 'cli.capture.print' },
    quiet: { short: 'q', long: 'quiet', help: 'cli.capture.quiet' },
  } as const satisfies OptionTable,
  async run({ options, operands }, context) {
    const { t } = context;
    // As tcpdump has it: what is left over is the capture filter.
    const captureFilter = [options.captureFilter, ...operands].filter((text) => text !== undefined).join(' ');
    const { filter = '', output } = options;
    if (output === undefined && !options.print) throw new UsageError(t('cli.capture.no-output'));
    const isPiped = output === '-';
    if (isPiped && context.out.isTerminal) throw new UsageError(t('cli.capture.terminal'));
    if (isPiped && options.print) throw new UsageError(t('cli.capture.print-and-pipe'));
    if (isPiped && options.ring.length > 0) throw new UsageError(t('cli.capture.ring-and-pipe'));
    const checked = checkFilter(filter, catalog);
    if (!checked.ok) throw new NagareError('bad-filter', checked.error.message, checked.error);
    const isCopied = (filter !== '' && output !== undefined) || isPiped;
    if (isCopied && options.ring.length > 0) throw new UsageError(t('cli.capture.ring-and-filter'));
    const written = isCopied ? null : (output ?? null);
    const settings = captureSettings({ ...options, captureFilter }, written, t);
    // Nothing is kept but what passes the filter: the files that it is read from may go.
    const ring = written === null && settings.ring === null && settings.remote === null ? PRIVATE_RING : settings.ring;
    const selection = { filter, copyTo: isCopied ? output : null, print: options.print };
    const isLookedAt = isCopied || options.print;
    return await runCapture({ ...settings, ring }, isLookedAt ? selection : null, options.quiet, context);
  },
});

async function runCapture(
  settings: CaptureSettings,
  selection: Selection | null,
  isQuiet: boolean,
  context: CommandContext,
): Promise<number> {
  const { t, err, language, signal } = context;
  const service = new CaptureService();
  const chosen = await service.toolFor(settings);
  const selected = selection === null ? null : new SelectedPackets(selection, chosen.extension, context);
  let told: CaptureNeed | null = null;
  const say = (line: string): void => {
    err.write(`${line}\n`);
    void err.flush();
  };
  const live = await service.start(settings, {
    onNews: (news) => selected?.files.heard(news),
    onChange: ({ problem }) => {
      if (problem !== null && problem !== told) say(`nagare: ${needText(language, problem)}`);
      told = problem;
    },
  });
  if (!isQuiet) say(t('cli.capture.started', { interfaces: settings.interfaces.join(', '), tool: chosen.name }));
  const stop = (): void => void live.stop();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  await live.ended;
  await selected?.done();
  if (live.state.isPrivate) await live.discard();
  for (const line of closingLines(live.state, selection?.filter === '' ? null : (selected?.passed ?? null), t))
    say(line);
  // Ctrl+C is how a capture ends: it is no failure.
  return live.state.problem !== null && FATAL.has(live.state.problem.key) ? EXIT.failure : EXIT.ok;
}

/** Problems after which the capture is not what was asked for. */
const FATAL: ReadonlySet<string> = new Set(['disk-full', 'device-gone', 'write-failed', 'tool-ended', 'failed']);

/** Captured, received by the filter, dropped by the kernel; and what passed the display filter, where there is one. */
export function closingLines(state: LiveState, passed: number | null, t: Translate): string[] {
  const { captured, received, droppedByKernel, droppedByInterface, tool } = state;
  return [
    t('cli.capture.captured', { count: captured }),
    received === null ? t('cli.capture.received-unknown', { tool }) : t('cli.capture.received', { count: received }),
    droppedByKernel === null
      ? t('cli.capture.dropped-unknown', { tool })
      : t('cli.capture.dropped', { count: droppedByKernel }),
    ...(droppedByInterface === null || droppedByInterface === 0
      ? []
      : [t('cli.capture.dropped-by-interface', { count: droppedByInterface })]),
    ...(passed === null ? [] : [t('cli.capture.passed', { count: passed })]),
  ];
}
