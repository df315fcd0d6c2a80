/** tcpdump, where it is installed: the kernel's times, one file, counts at the end. */

import { userInfo } from 'node:os';
import type { CaptureSettings, LiveInterface } from '../../contract/capture.ts';
import { needOfMessage, ProgramRun, rightsMissing } from './child-run.ts';
import { runProgram } from './program.ts';
import {
  type CaptureTool,
  type FilterCheck,
  needError,
  type RunCounts,
  type RunListener,
  type Survey,
  type ToolRun,
} from './tool.ts';

const ANSWER_MS = 10_000;

export class Tcpdump implements CaptureTool {
  readonly name = 'tcpdump';
  readonly isExact = true;
  readonly extension = 'pcap';
  readonly isLive = true;
  private readonly program: string;

  constructor(program: string) {
    this.program = program;
  }

  async survey(): Promise<Survey> {
    const [version, list] = await Promise.all([
      runProgram(this.program, ['--version'], ANSWER_MS),
      runProgram(this.program, ['-D'], ANSWER_MS),
    ]);
    if (list.code !== 0) throw refusal(list.stderr);
    const said = (version.stdout + version.stderr).split('\n').slice(0, 2);
    const interfaces = parseTcpdumpList(list.stdout);
    const needs = await rightsMissing(interfaces, (name) => runProgram(this.program, ['-i', name, '-L'], ANSWER_MS));
    return { version: said.join(', '), interfaces, needs };
  }

  async checkFilter(linkType: string, filter: string): Promise<FilterCheck> {
    const type = linkType === '' ? 'EN10MB' : linkType;
    const { code, stderr } = await runProgram(this.program, ['-y', type, '-d', '--', filter], ANSWER_MS);
    if (code === 0) return { ok: true };
    const message = stderr.split('\n').find((line) => /^tcpdump: (?!data link)/.test(line)) ?? stderr;
    return {
      ok: false,
      message: message.replace(/^tcpdump: (?:can't parse filter expression: )?/, '').trim(),
      at: null,
    };
  }

  start(options: CaptureSettings, path: string, listener: RunListener): ToolRun {
    const params = { interface: options.interfaces.join(', '), path };
    const wrong = unsupported(options);
    if (wrong !== null) throw needError({ key: wrong, params: { ...params, reason: '' } }, `tcpdump: ${wrong}`);
    const lines = {
      program: this.program,
      args: [...asOurselves(), ...tcpdumpArguments(options, path)],
      opened: (line: string) => (/^tcpdump: listening on /.test(line) ? path : null),
      counts: tcpdumpCounts,
    };
    return new ProgramRun(lines, listener, params);
  }
}

/** tcpdump captures on one interface, and its rings take file names over again. */
export function unsupported({ interfaces, ring }: CaptureSettings): string | null {
  if (interfaces.length > 1) return 'one-interface';
  return ring === null ? null : 'no-ring';
}

/** Started by root it would write as a user of its own, who may not write into our folder. */
function asOurselves(): string[] {
  return process.getuid?.() === 0 ? ['-Z', userInfo().username] : [];
}

const COUNTS: readonly (readonly [RegExp, keyof RunCounts])[] = [
  [/^(\d+) packets? captured/, 'captured'],
  [/^(\d+) packets? received by filter/, 'received'],
  [/^(\d+) packets? dropped by kernel/, 'droppedByKernel'],
  [/^(\d+) packets? dropped by interface/, 'droppedByInterface'],
];

/** The closing lines: `10 packets received by filter`. */
export function tcpdumpCounts(line: string): Partial<RunCounts> | null {
  for (const [pattern, name] of COUNTS) {
    const value = pattern.exec(line)?.[1];
    if (value !== undefined) return { [name]: Number(value) };
  }
  return null;
}

/** Lines of `tcpdump -D`: `1.eth0 (description) [Up, Running, Connected]`. */
export function parseTcpdumpList(text: string): LiveInterface[] {
  return text.split(/\r?\n/).flatMap((line): LiveInterface[] => {
    const found = /^\d+\.(\S+)(?: \((.*)\))?(?: \[([^\]]*)\])?\s*$/.exec(line);
    if (found === null) return [];
    const [, name = '', description = '', states = ''] = found;
    return [
      {
        name,
        title: '',
        description,
        addresses: [],
        linkTypes: [],
        isUp: /\bUp\b/.test(states),
        isLoopback: /\bLoopback\b/.test(states),
        isWireless: /\bWireless\b/.test(states),
      },
    ];
  });
}

/** tcpdump's command line up to the filter, which is the last word of it. */
export function tcpdumpArguments(options: CaptureSettings, path: string): string[] {
  const { stop } = options;
  return [
    '-n',
    '-U',
    ...options.interfaces.flatMap((name) => ['-i', name]),
    ...(options.snapLength === 0 ? [] : ['-s', String(options.snapLength)]),
    ...(options.promiscuous ? [] : ['-p']),
    ...(options.monitor ? ['-I'] : []),
    ...(options.bufferBytes === 0 ? [] : ['-B', String(Math.ceil(options.bufferBytes / 1024))]),
    ...(options.direction === 'both' ? [] : ['-Q', options.direction]),
    ...(options.linkType === '' ? [] : ['-y', options.linkType]),
    ...(options.timestampType === '' ? [] : ['-j', options.timestampType]),
    ...(options.precision === 'nano' ? ['--time-stamp-precision=nano'] : []),
    ...(options.immediate ? ['--immediate-mode'] : []),
    ...(stop.packets === null ? [] : ['-c', String(stop.packets)]),
    '-w',
    path,
    ...(options.filter === '' ? [] : ['--', options.filter]),
  ];
}

function refusal(stderr: string): Error {
  const message = (stderr.split('\n')[0] ?? '').replace(/^tcpdump: /, '');
  return needError(needOfMessage(message), message);
}
