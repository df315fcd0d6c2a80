/** The capture helper (native/): exact times, drops counted, rings, and it says in JSON lines what it does. */

import type { CaptureNeed, CaptureSettings, LiveInterface, Traffic } from '../../contract/capture.ts';
import { type HelperLine, parseHelperLine } from './helper-lines.ts';
import { runProgram, startProgram } from './program.ts';
import {
  type CaptureTool,
  type FilterCheck,
  NO_PERMISSION,
  needError,
  type RunListener,
  type Survey,
  type ToolRun,
} from './tool.ts';

const ANSWER_MS = 10_000;
/** A helper that was told to stop and does not is ended. */
const STOP_MS = 5000;

/** The helper's error codes that have a text of their own; others are `failed`, with its message. */
const NEEDS: Readonly<Record<string, string>> = {
  'library-missing': process.platform === 'win32' ? 'npcap-missing' : 'libpcap-missing',
  permission: NO_PERMISSION,
  'no-device': 'no-device',
  'interface-down': 'interface-down',
  filter: 'filter',
  'option-unsupported': 'option-unsupported',
  'write-failed': 'write-failed',
  'disk-full': 'disk-full',
  'device-gone': 'device-gone',
};

type ErrorLine = Extract<HelperLine, { readonly event: 'error' }>;

export function needOfHelper({ code, message, interface: name, path }: ErrorLine): CaptureNeed {
  const params = { reason: message, interface: name ?? '', path: path ?? '' };
  return { key: NEEDS[code] ?? 'failed', params };
}

export class Helper implements CaptureTool {
  readonly name = 'helper';
  readonly isExact = true;
  readonly extension = 'pcapng';
  readonly isLive = true;
  private readonly program: string;
  /** Arguments before those of the helper. */
  private readonly prefix: readonly string[];

  constructor(program: string, prefix: readonly string[] = []) {
    this.program = program;
    this.prefix = prefix;
  }

  async survey(): Promise<Survey> {
    const answer = await this.ask(['interfaces']);
    if (answer?.event !== 'interfaces') throw this.refusal(answer);
    const refused = answer.interfaces.find(({ error }) => error?.code === 'permission');
    return {
      version: answer.library,
      interfaces: answer.interfaces.map(
        (one): LiveInterface => ({
          name: one.name,
          title: one.friendlyName ?? '',
          description: one.description ?? '',
          addresses: one.addresses.map(({ address, prefix }) => (prefix === null ? address : `${address}/${prefix}`)),
          linkTypes: one.linkTypes.map(({ name }) => name),
          isUp: one.up,
          isLoopback: one.loopback,
          isWireless: one.wireless,
        }),
      ),
      needs: refused === undefined ? [] : [{ key: NO_PERMISSION, params: { reason: refused.error?.message ?? '' } }],
    };
  }

  async checkFilter(linkType: string, filter: string): Promise<FilterCheck> {
    const type = linkType === '' ? [] : ['--link-type', linkType];
    const answer = await this.ask(['check-filter', ...type, '--', filter]);
    if (answer?.event !== 'filter') throw this.refusal(answer);
    return answer.ok ? { ok: true } : { ok: false, message: answer.message ?? '', at: answer.at ?? null };
  }

  start(options: CaptureSettings, path: string, listener: RunListener): ToolRun {
    return new HelperRun(this.program, helperArguments(options, path), listener);
  }

  /** Counters of all interfaces once a second, until the function that is returned is called. */
  watch(onTraffic: (traffic: Traffic) => void): () => void {
    const child = startProgram(this.program, ['counts'], {
      onLine: (text) => {
        const line = parseHelperLine(text);
        if (line?.event !== 'interface-counts') return;
        const interfaces = line.interfaces.map((one) => ({
          name: one.name,
          packets: one.receivedPackets + one.sentPackets,
          bytes: one.receivedBytes + one.sentBytes,
        }));
        onTraffic({ at: line.timeMs, interfaces });
      },
      onErrorLine: () => undefined,
      onEnd: () => undefined,
    });
    return () => child.stdin?.end();
  }

  private async ask(args: readonly string[]): Promise<HelperLine | null> {
    const { stdout } = await runProgram(this.program, [...this.prefix, ...args], ANSWER_MS);
    return parseHelperLine(stdout.split('\n')[0] ?? '');
  }

  private refusal(answer: HelperLine | null): Error {
    if (answer?.event === 'error') return needError(needOfHelper(answer), answer.message);
    const reason = `${this.program} gave no answer`;
    return needError({ key: 'failed', params: { reason } }, reason);
  }
}

/** A run of a program that speaks the helper's language. */
export class HelperRun implements ToolRun {
  readonly started: Promise<void>;
  readonly ended: Promise<void>;
  private readonly child: ReturnType<typeof startProgram>;

  constructor(program: string, args: readonly string[], listener: RunListener) {
    let onStart: () => void = () => undefined;
    let onRefusal: (error: Error) => void = () => undefined;
    let onEnd: () => void = () => undefined;
    let hasStarted = false;
    let hasStopped = false;
    this.started = new Promise((resolve, reject) => {
      onStart = resolve;
      onRefusal = reject;
    });
    this.ended = new Promise((resolve) => {
      onEnd = resolve;
    });
    this.child = startProgram(program, args, {
      onLine: (text) => {
        const line = parseHelperLine(text);
        switch (line?.event) {
          case 'file':
            if (line.action === 'opened') {
              listener.opened(line.path);
              hasStarted = true;
              onStart();
            } else if (line.action === 'removed') listener.removed(line.path);
            return;
          case 'counts':
          case 'stopped':
            hasStopped = line.event === 'stopped';
            listener.counts(line);
            return;
          case 'error':
            if (hasStarted) listener.problem(needOfHelper(line));
            else onRefusal(needError(needOfHelper(line), line.message));
            return;
          case 'warning':
            listener.problem({ key: 'warning', params: { reason: line.message, interface: line.interface ?? '' } });
            return;
          default:
            return;
        }
      },
      onErrorLine: () => undefined,
      onEnd: (code, reason) => {
        const why = reason ?? `exit code ${code ?? ''}`;
        onRefusal(needError({ key: 'tool-ended', params: { reason: why } }, `The capture helper ended: ${why}`));
        if (hasStarted && !hasStopped) listener.problem({ key: 'tool-ended', params: { reason: why } });
        onEnd();
      },
    });
  }

  stop(): void {
    this.child.stdin?.write('stop\n');
    setTimeout(() => this.child.kill('SIGKILL'), STOP_MS).unref();
  }

  rotate(): void {
    this.child.stdin?.write('rotate\n');
  }
}

/** The helper's command line. */
export function helperArguments(options: CaptureSettings, path: string): string[] {
  const { stop, ring } = options;
  const value = (name: string, given: number | string | null | undefined): string[] =>
    given === null || given === undefined || given === '' || given === 0 ? [] : [name, String(given)];
  return [
    'capture',
    ...value('--filter', options.filter),
    ...value('--snap-length', options.snapLength),
    ...(options.promiscuous ? [] : ['--no-promiscuous']),
    ...(options.monitor ? ['--monitor'] : []),
    ...value('--buffer', Math.ceil(options.bufferBytes / 1024)),
    ...(options.direction === 'both' ? [] : ['--direction', options.direction]),
    ...value('--link-type', options.linkType),
    ...value('--timestamp-type', options.timestampType),
    '--timestamp-precision',
    options.precision,
    ...(options.immediate ? ['--immediate'] : []),
    ...options.interfaces.flatMap((name) => ['--interface', name]),
    '--write',
    path,
    ...value('--stop-packets', stop.packets),
    ...value('--stop-bytes', stop.bytes),
    ...value('--stop-seconds', stop.seconds),
    ...value('--stop-files', stop.files),
    ...value('--file-packets', ring?.packets),
    ...value('--file-bytes', ring?.bytes),
    ...value('--file-seconds', ring?.seconds),
    ...value('--file-interval', ring?.interval),
    ...value('--ring-files', ring?.files),
  ];
}
