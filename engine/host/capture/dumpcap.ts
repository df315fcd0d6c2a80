/** Wireshark's dumpcap, where it is installed: the kernel's times, rings of its own; what was dropped is known at the end. */

import { dirname, isAbsolute, join } from 'node:path';
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
/** Interface types of `dumpcap -D -M`. */
const WIRELESS = '1';

export class Dumpcap implements CaptureTool {
  readonly name = 'dumpcap';
  readonly isExact = true;
  readonly extension = 'pcapng';
  readonly isLive = true;
  private readonly program: string;

  constructor(program: string) {
    this.program = program;
  }

  async survey(): Promise<Survey> {
    const [version, list] = await Promise.all([
      runProgram(this.program, ['--version'], ANSWER_MS),
      runProgram(this.program, ['-D', '-M'], ANSWER_MS),
    ]);
    if (list.code !== 0) throw refusal(list.stderr);
    const interfaces = parseDumpcapList(list.stdout);
    // Everybody may list interfaces; to say what one can do it is opened.
    const needs = await rightsMissing(interfaces, (name) => runProgram(this.program, ['-i', name, '-L'], ANSWER_MS));
    return { version: version.stdout.split('\n')[0] ?? '', interfaces, needs };
  }

  async checkFilter(linkType: string, filter: string): Promise<FilterCheck> {
    const type = linkType === '' ? [] : ['-y', linkType];
    const { code, stderr } = await runProgram(this.program, ['-d', ...type, '-f', filter], ANSWER_MS);
    if (code === 0 && !/invalid capture filter/i.test(stderr)) return { ok: true };
    const message = /\(([^()]*(?:\([^()]*\))?[^()]*)\)/.exec(stderr)?.[1] ?? stderr.split('\n')[0] ?? '';
    return { ok: false, message: message.replace(/^can't parse filter expression: /, ''), at: null };
  }

  start(options: CaptureSettings, path: string, listener: RunListener): ToolRun {
    const lines = {
      program: this.program,
      args: dumpcapArguments(options, path),
      opened: (line: string) => openedFile(line, path),
      counts: dumpcapCounts,
      keptFiles: options.ring?.files ?? null,
    };
    return new ProgramRun(lines, listener, { interface: options.interfaces.join(', '), path });
  }
}

/** `File: /captures/out_00001_20261121153000.pcapng`. */
export function openedFile(line: string, path: string): string | null {
  const file = /(?:^|\r)File: (.+)$/.exec(line)?.[1];
  if (file === undefined) return null;
  return isAbsolute(file) ? file : join(dirname(path), file);
}

/** `Packets captured: 10`, and for each interface `... 'lo': 10/2 (pcap:1/dumpcap:1/flushed:0/ps_ifdrop:0) (83.3%)`. */
export function dumpcapCounts(line: string): Partial<RunCounts> | null {
  const captured = /(?:^|\r)Packets captured: (\d+)/.exec(line)?.[1];
  if (captured !== undefined) return { captured: Number(captured) };
  const drops = /: (\d+)\/(\d+) \(pcap:(\d+)\/dumpcap:(\d+)\/flushed:(\d+)\/ps_ifdrop:(\d+)\)/.exec(line);
  if (drops === null) return null;
  const [received, dropped, , , , byInterface] = drops.slice(1).map(Number);
  return {
    received: (received ?? 0) + (dropped ?? 0),
    droppedByKernel: (dropped ?? 0) - (byInterface ?? 0),
    droppedByInterface: byInterface ?? 0,
  };
}

/** Lines of `dumpcap -D -M`: number and name, model, alias, type, addresses, `loopback` or `network`. */
export function parseDumpcapList(text: string): LiveInterface[] {
  return text.split(/\r?\n/).flatMap((line): LiveInterface[] => {
    const [first = '', model = '', alias = '', type = '', addresses = '', kind = ''] = line.split('\t');
    const name = /^\d+\. (.+)$/.exec(first)?.[1];
    if (name === undefined) return [];
    return [
      {
        name,
        title: alias,
        description: model,
        addresses: addresses.split(',').filter((address) => address !== ''),
        linkTypes: [],
        isUp: true,
        isLoopback: kind === 'loopback',
        isWireless: type === WIRELESS,
      },
    ];
  });
}

/** dumpcap's command line. Options of an interface stand behind each of them. */
export function dumpcapArguments(options: CaptureSettings, path: string): string[] {
  const { stop, ring } = options;
  const kilobytes = (bytes: number): number => Math.max(1, Math.round(bytes / 1000));
  const condition = (letter: string, name: string, value: number | null | undefined): string[] =>
    value === null || value === undefined ? [] : [letter, `${name}:${value}`];
  const ofInterface = [
    ...(options.filter === '' ? [] : ['-f', options.filter]),
    ...(options.snapLength === 0 ? [] : ['-s', String(options.snapLength)]),
    ...(options.promiscuous ? [] : ['-p']),
    ...(options.monitor ? ['-I'] : []),
    ...(options.bufferBytes === 0 ? [] : ['-B', String(Math.max(1, Math.ceil(options.bufferBytes / (1 << 20))))]),
    ...(options.linkType === '' ? [] : ['-y', options.linkType]),
    ...(options.timestampType === '' ? [] : ['--time-stamp-type', options.timestampType]),
  ];
  return [
    '-q',
    ...options.interfaces.flatMap((name) => ['-i', name, ...ofInterface]),
    '-w',
    path,
    ...condition('-a', 'packets', stop.packets),
    ...condition('-a', 'filesize', stop.bytes === null ? null : kilobytes(stop.bytes)),
    ...condition('-a', 'duration', stop.seconds),
    ...condition('-a', 'files', stop.files),
    ...condition('-b', 'packets', ring?.packets),
    ...condition('-b', 'filesize', ring?.bytes === null || ring === null ? null : kilobytes(ring.bytes)),
    ...condition('-b', 'duration', ring?.seconds),
    ...condition('-b', 'interval', ring?.interval),
    ...condition('-b', 'files', ring?.files),
  ];
}

function refusal(stderr: string): Error {
  const message = stderr.split('\n')[0] ?? '';
  return needError(needOfMessage(message), message);
}
