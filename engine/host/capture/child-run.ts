/** A run of a program that says in sentences what it does (dumpcap, tcpdump, ssh): what its lines mean, and how it ends. */

import type { CaptureNeed, LiveInterface } from '../../contract/capture.ts';
import { type Finished, startProgram } from './program.ts';
import { NO_PERMISSION, needError, type RunCounts, type RunListener, type ToolRun } from './tool.ts';

/** A program that was told to stop and does not is ended. */
const STOP_MS = 5000;

export interface ProgramLines {
  readonly program: string;
  readonly args: readonly string[];
  /** The file that the line says has been begun; null: none. */
  opened(line: string): string | null;
  /** What the line counts, beside what was known. */
  counts(line: string): Partial<RunCounts> | null;
  /** Takes what comes on standard output, where that is the capture itself. */
  readonly onOutput?: (bytes: Uint8Array) => void;
  /** Files of the ring; the program removes the oldest without a word. */
  readonly keptFiles?: number | null;
  /** What a need is called where the program runs. */
  readonly renamed?: (need: CaptureNeed) => CaptureNeed;
  /** Told by the end of its standard input; by a signal otherwise. */
  readonly endsByInput?: boolean;
}

const NOTHING: RunCounts = {
  captured: null,
  received: null,
  droppedByKernel: null,
  droppedByInterface: null,
  bytes: null,
};

/** Sentences of libpcap, the kernel and the programs themselves, with LC_ALL=C. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/permission denied \((?:publickey|password|keyboard|gssapi|hostbased)|too many authentication/i, 'remote-login'],
  [/host key verification|host key for .* has changed|no .* host key is known/i, 'remote-host-key'],
  [/can't parse filter|invalid capture filter|syntax error/i, 'filter'],
  [/no space left|disk is full|quota exceeded/i, 'disk-full'],
  [/no longer (?:running|attached)|disappeared|went down/i, 'device-gone'],
  [/not up|network is down/i, 'interface-down'],
  [/no such device|doesn't exist|there is no device|no interface/i, 'no-device'],
  [/couldn't open .*permission|cannot be opened|could not be opened|\.pcap(?:ng)?: permission denied/i, 'write-failed'],
  [/permission|not permitted|cap_net_raw|a password is required/i, NO_PERMISSION],
  [/not supported|isn't supported|not one of the dlts|can't set|rfmon/i, 'option-unsupported'],
  [
    /connection (?:refused|timed out|closed|reset)|could not resolve|no route|network is unreachable/i,
    'remote-unreachable',
  ],
  [/command not found|not found$/i, 'remote-tool-missing'],
];

/** What an error message is about. */
export function needOfMessage(message: string, params: CaptureNeed['params'] = {}): CaptureNeed {
  const [, key] = MEANINGS.find(([pattern]) => pattern.test(message)) ?? [null, 'failed'];
  return { key, params: { interface: '', path: '', ...params, reason: message } };
}

/** The right to capture, where a program that lists interfaces may not open one; `open`: has it open that interface. */
export async function rightsMissing(
  interfaces: readonly LiveInterface[],
  open: (name: string) => Promise<Finished>,
): Promise<CaptureNeed[]> {
  const one = interfaces.find(({ isLoopback }) => isLoopback) ?? interfaces.find(({ isUp }) => isUp);
  if (one === undefined) return [];
  const { code, stderr } = await open(one.name);
  if (code === 0) return [];
  const need = needOfMessage(complaint(stderr.split('\n').map((line) => line.trim())) ?? stderr.trim());
  return need.key === NO_PERMISSION ? [need] : []; // what else is wrong with that one shows when it is captured on
}

export class ProgramRun implements ToolRun {
  readonly started: Promise<void>;
  readonly ended: Promise<void>;
  private readonly child: ReturnType<typeof startProgram>;
  private readonly endsByInput: boolean;
  private isStopping = false;

  constructor(lines: ProgramLines, listener: RunListener, params: CaptureNeed['params'] = {}) {
    this.endsByInput = lines.endsByInput === true;
    let settle: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;
    let onEnd: () => void = () => undefined;
    const files: string[] = [];
    const said: string[] = [];
    let counts = NOTHING;
    this.started = new Promise((resolve, reject) => {
      settle = { resolve, reject };
    });
    this.ended = new Promise((resolve) => {
      onEnd = resolve;
    });
    this.child = startProgram(lines.program, lines.args, {
      onOutput: lines.onOutput,
      onLine: () => undefined,
      onErrorLine: (line) => {
        const file = lines.opened(line);
        const counted = lines.counts(line);
        if (file !== null) {
          files.push(file);
          listener.opened(file);
          settle?.resolve();
          const oldest = files.length > (lines.keptFiles ?? Number.POSITIVE_INFINITY) ? files.shift() : undefined;
          if (oldest !== undefined) listener.removed(oldest);
        } else if (counted !== null) {
          counts = { ...counts, ...counted };
          listener.counts(counts);
        } else if (line.trim() !== '') said.push(line.trim());
      },
      onEnd: (code, reason) => {
        const message = complaint(said) ?? reason ?? `exit code ${code ?? ''}`;
        const meant = needOfMessage(message, params);
        const need = lines.renamed?.(meant) ?? meant;
        settle?.reject(needError(need, message));
        const isFine = code === 0 || this.isStopping;
        if (files.length > 0 && !isFine) listener.problem(need);
        onEnd();
      },
    });
  }

  stop(): void {
    this.isStopping = true;
    if (this.endsByInput) this.child.stdin?.end();
    else this.child.kill('SIGINT');
    setTimeout(() => this.child.kill('SIGKILL'), STOP_MS).unref();
  }
}

/** Lines that only say that it goes well. */
const CHATTER = /^(?:Capturing on|File: |tcpdump: (?:listening|data link|verbose)|dropped privs)/;

/** The first line that complains; programs repeat themselves and add advice. */
function complaint(said: readonly string[]): string | null {
  const found = said.find((line) => line !== '' && !CHATTER.test(line));
  return found === undefined ? null : found.replace(/^(?:tcpdump|dumpcap|sudo|ssh): /, '');
}
