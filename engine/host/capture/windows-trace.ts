/**
 * Windows' own packet capture, for machines without Npcap: Packet Monitor (pktmon; Windows 10 1809, Server 2019 and later)
 * or `netsh trace` before that. Both write an .etl that is read when they have ended. They want an administrator, whom
 * Windows asks for: this program and its window run without.
 */

import { release } from 'node:os';
import type { NoteId } from '../../capture/other-machine/machine.ts';
import { netshConditions } from '../../capture/other-machine/netsh.ts';
import { pktmonFilters } from '../../capture/other-machine/pktmon.ts';
import { type CaptureSettings, DEFAULT_CAPTURE, type LiveInterface } from '../../contract/capture.ts';
import { runProgram } from './program.ts';
import {
  type CaptureTool,
  type FilterCheck,
  NO_PERMISSION,
  needError,
  type RunListener,
  type Survey,
  type ToolRun,
} from './tool.ts';

const ANSWER_MS = 15_000;
/** The user is asked by Windows, and may be away. */
const ELEVATE_MS = 5 * 60_000;
/** First build with pktmon; first one whose pktmon takes `--capture` in place of `--etw`. */
const PKTMON_BUILD = 17763;
const CAPTURE_BUILD = 19041;
/** The file goes round at this size. */
const FILE_MB = 4096;
const MEBIBYTE = 1 << 20;

export interface TraceCommands {
  readonly start: readonly (readonly string[])[];
  readonly stop: readonly (readonly string[])[];
}

/** What starts and ends Packet Monitor: whole packets, of the adapters only. null: it cannot tell this filter. */
export function pktmonCommands(options: CaptureSettings, path: string, build: number): TraceCommands | null {
  const lost: NoteId[] = [];
  const filters = pktmonFilters(options.filter, lost);
  if (lost.includes('filterLost')) return null;
  const size = String(options.snapLength); // 0: whole packets
  const megabytes = String(fileMegabytes(options));
  const isNew = build >= CAPTURE_BUILD;
  const file = ['--file-name', path, '--file-size', megabytes];
  const start = isNew
    ? [
        'pktmon',
        'start',
        '--capture',
        '--comp',
        componentOf(options),
        '--pkt-size',
        size,
        ...file,
        '--log-mode',
        'circular',
      ]
    : ['pktmon', 'start', '--etw', '-c', componentOf(options), '-p', size, '-f', path, '-s', megabytes];
  const added = filters.map((words) => ['pktmon', 'filter', 'add', ...words]);
  const clear = ['pktmon', 'filter', 'remove'];
  return { start: [clear, ...added, start], stop: [['pktmon', 'stop'], ...(added.length === 0 ? [] : [clear])] };
}

/** `any` is every adapter; a number is the id of one, as `pktmon list` has it. */
function componentOf({ interfaces }: CaptureSettings): string {
  return interfaces.every((name) => /^\d+$/.test(name)) ? interfaces.join(' ') : 'nics';
}

/** What starts and ends a network trace: packets only, whole ones, no report made at the end. null: a filter it has not. */
export function netshCommands(options: CaptureSettings, path: string): TraceCommands | null {
  const lost: NoteId[] = [];
  const conditions = netshConditions(options.filter, lost);
  if (lost.includes('filterLost')) return null;
  const start = [
    'netsh',
    'trace',
    'start',
    'capture=yes',
    'capturetype=physical',
    'report=no',
    'correlation=no',
    'persistent=no',
    'overwrite=yes',
    'filemode=circular',
    `maxsize=${fileMegabytes(options)}`,
    ...(options.snapLength === 0 ? [] : [`packettruncatebytes=${options.snapLength}`]),
    `tracefile=${path}`,
    ...conditions,
  ];
  return { start: [start], stop: [['netsh', 'trace', 'stop']] };
}

function fileMegabytes({ stop }: CaptureSettings): number {
  return stop.bytes === null ? FILE_MB : Math.max(1, Math.ceil(stop.bytes / MEBIBYTE));
}

/**
 * One elevated command interpreter for several commands, started by PowerShell: Windows asks once. Nothing of the user's is
 * in the text but the path, and that stands in quotes that neither shell looks into.
 */
export function elevatedCommand(commands: readonly (readonly string[])[]): readonly string[] {
  const line = commands.map((words) => words.map(cmdWord).join(' ')).join(' && ');
  const script = `$p = Start-Process -FilePath cmd.exe -ArgumentList ${powershellText(`/d /s /c "${line}"`)} -Verb RunAs -WindowStyle Hidden -Wait -PassThru; exit $p.ExitCode`;
  return ['powershell.exe', '-NoProfile', '-NonInteractive', '-Command', script];
}

/** A word for cmd.exe. A path cannot hold quotes; percent signs would be names of variables, so such paths are refused. */
function cmdWord(word: string): string {
  if (/["%\r\n]/.test(word)) throw needError({ key: 'write-failed', params: { path: word, reason: '"%' } }, word);
  return /^[\w.:=\\/-]+$/.test(word) ? word : `"${word}"`;
}

function powershellText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Adapters in the list of `pktmon list`: lines of an id, a MAC address and a name; the text around them is localized. */
export function parsePktmonList(text: string): LiveInterface[] {
  return text.split(/\r?\n/).flatMap((line): LiveInterface[] => {
    const [, name, , title] = /^\s*(\d+)\s+((?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2})\s+(.+?)\s*$/.exec(line) ?? [];
    return name === undefined || title === undefined ? [] : [adapter(name, title)];
  });
}

function adapter(name: string, title: string): LiveInterface {
  return {
    name,
    title,
    description: '',
    addresses: [],
    linkTypes: [],
    isUp: true,
    isLoopback: false,
    isWireless: /wi-?fi|wireless|802\.11/i.test(title),
  };
}

export class WindowsTrace implements CaptureTool {
  readonly name: 'pktmon' | 'netsh';
  readonly isExact = true;
  readonly extension = 'etl';
  readonly isLive = false;
  private readonly build: number;

  constructor(build: number) {
    this.build = build;
    this.name = build >= PKTMON_BUILD ? 'pktmon' : 'netsh';
  }

  async survey(): Promise<Survey> {
    const all = adapter('any', 'Windows');
    if (this.name === 'netsh') return { version: `netsh trace, build ${this.build}`, interfaces: [all], needs: [] };
    const { stdout } = await runProgram('pktmon', ['list'], ANSWER_MS).catch(() => ({ stdout: '' }));
    return { version: `pktmon, build ${this.build}`, interfaces: [all, ...parsePktmonList(stdout)], needs: [] };
  }

  /** They have filters of their own: of libpcap's, what can be said in those. */
  checkFilter(_linkType: string, filter: string): Promise<FilterCheck> {
    const isSaid = this.commands({ ...DEFAULT_CAPTURE, interfaces: ['any'], filter }, 'x') !== null;
    if (isSaid) return Promise.resolve({ ok: true });
    return Promise.resolve({ ok: false, message: `${this.name}: ${filter}`, at: null });
  }

  start(options: CaptureSettings, path: string, listener: RunListener): ToolRun {
    const params = { interface: options.interfaces.join(', '), path, reason: this.name };
    if (options.ring !== null) throw needError({ key: 'no-ring', params }, `${this.name} has no rings`);
    const commands = this.commands(options, path);
    if (commands === null) throw needError({ key: 'no-filter', params }, `${this.name} has no such capture filters`);
    return new TraceRun(commands, path, listener);
  }

  private commands(options: CaptureSettings, path: string): TraceCommands | null {
    return this.name === 'pktmon' ? pktmonCommands(options, path, this.build) : netshCommands(options, path);
  }
}

class TraceRun implements ToolRun {
  readonly started: Promise<void>;
  readonly ended: Promise<void>;
  private readonly commands: TraceCommands;
  private onStop: () => void = () => undefined;

  constructor(commands: TraceCommands, path: string, listener: RunListener) {
    this.commands = commands;
    this.started = this.elevated(commands.start);
    const asked = new Promise<void>((resolve) => {
      this.onStop = resolve;
    });
    this.ended = this.started.then(
      async () => {
        await asked;
        try {
          await this.elevated(this.commands.stop);
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          listener.problem({ key: 'tool-ended', params: { reason } });
        }
        listener.opened(path); // it can be read now
      },
      () => undefined,
    );
  }

  stop(): void {
    this.onStop();
  }

  private async elevated(commands: readonly (readonly string[])[]): Promise<void> {
    const [program = '', ...args] = elevatedCommand(commands);
    const { code, stderr } = await runProgram(program, args, ELEVATE_MS);
    if (code === 0) return;
    const reason = stderr.split('\n')[0]?.trim() ?? '';
    throw needError({ key: NO_PERMISSION, params: { reason } }, reason);
  }
}

/** This machine's; null: it is no Windows. */
export function windowsTrace(os: NodeJS.Platform = process.platform, version = release()): WindowsTrace | null {
  if (os !== 'win32') return null;
  return new WindowsTrace(Number(version.split('.')[2] ?? 0));
}
