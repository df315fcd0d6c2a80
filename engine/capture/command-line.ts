/** A capture's settings as the command line of tcpdump or dumpcap that does the same, and what that tool cannot do of it. */

import type { CaptureSettings } from '../contract/capture.ts';
import { quoteLine, type Shell } from './quote.ts';

export const CAPTURE_TOOLS = ['tcpdump', 'dumpcap'] as const;
export type CaptureTool = (typeof CAPTURE_TOOLS)[number];

/** Settings that a tool has no option for, or none of that exactness. */
export type MissingSetting =
  | 'direction'
  | 'precision'
  | 'immediate'
  | 'stopBytes'
  | 'stopSeconds'
  | 'stopFiles'
  | 'ringPackets'
  | 'ringInterval'
  | 'ringFiles'
  | 'saveWhen'
  | 'keepMinutes';

export interface CommandLines {
  /** Each line as its words; tcpdump needs one for each interface, all running at the same time. */
  readonly lines: readonly (readonly string[])[];
  readonly missing: readonly MissingSetting[];
}

const MILLION = 1_000_000;
const KIB = 1024;
const MIB = 1024 * 1024;

/** Lines for the machine that captures. */
export function commandLines(tool: CaptureTool, settings: CaptureSettings): CommandLines {
  const made = tool === 'tcpdump' ? tcpdump(settings) : dumpcap(settings);
  const missing = new Set(made.missing);
  if (settings.keepMinutes !== null) missing.add('keepMinutes');
  if (settings.saveWhen !== null) missing.add('saveWhen');
  return { lines: made.lines, missing: [...missing] };
}

/** The same as text for a shell. On another machine: started there through ssh, the file fetched when it has ended. */
export function commandText(
  tool: CaptureTool,
  shell: Shell,
  settings: CaptureSettings,
): { readonly text: string; readonly missing: readonly MissingSetting[] } {
  const { remote } = settings;
  if (remote === null) {
    const { lines, missing } = commandLines(tool, settings);
    return { text: lines.map((words) => quoteLine(shell, words)).join('\n'), missing };
  }
  const path = `/tmp/capture${remote.tool === 'tcpdump' ? '.pcap' : '.pcapng'}`;
  const { lines, missing } = commandLines(remote.tool, { ...settings, path });
  const rights = remote.sudo ? ['sudo', '-n'] : [];
  const ssh = ['ssh', ...(remote.port === null ? [] : ['-p', String(remote.port)]), remote.destination];
  const scp = ['scp', ...(remote.port === null ? [] : ['-P', String(remote.port)])];
  const fetched = settings.ring === null && lines.length === 1 ? path : path.replace('.', '*.');
  return {
    text: [
      ...lines.map((words) => quoteLine(shell, [...ssh, quoteLine('sh', [...rights, ...words])])),
      quoteLine(shell, [...scp, `${remote.destination}:${fetched}`, '.']),
    ].join('\n'),
    missing,
  };
}

function tcpdump(settings: CaptureSettings): CommandLines {
  const { interfaces } = settings;
  const missing: MissingSetting[] = [];
  const lines = interfaces.map((name) => {
    const path = settings.path ?? 'capture.pcap';
    const own = interfaces.length > 1 ? withSuffix(path, fileWord(name)) : path;
    return [
      'tcpdump',
      '-i',
      name,
      ...tcpdumpOptions(settings),
      ...tcpdumpFiles(settings, own, missing),
      ...filterWords(settings),
    ];
  });
  return { lines, missing };
}

function filterWords({ filter }: CaptureSettings): readonly string[] {
  return filter.trim() === '' ? [] : [filter.trim()];
}

function tcpdumpOptions(settings: CaptureSettings): readonly string[] {
  const words: string[] = [];
  if (settings.snapLength > 0) words.push('-s', String(settings.snapLength));
  if (!settings.promiscuous) words.push('-p');
  if (settings.monitor) words.push('-I');
  if (settings.bufferBytes > 0) words.push('-B', String(Math.ceil(settings.bufferBytes / KIB)));
  if (settings.direction !== 'both') words.push('-Q', settings.direction);
  if (settings.linkType !== '') words.push('-y', settings.linkType);
  if (settings.timestampType !== '') words.push('-j', settings.timestampType);
  if (settings.precision === 'nano') words.push('--time-stamp-precision=nano');
  if (settings.immediate) words.push('--immediate-mode');
  if (settings.stop.packets !== null) words.push('-c', String(settings.stop.packets));
  return words;
}

/**
 * -C is counted in millions of bytes and -G in whole seconds. -W is a ring with -C, a number of files to stop after with -G,
 * and nothing with both.
 */
function tcpdumpFiles(settings: CaptureSettings, path: string, missing: MissingSetting[]): readonly string[] {
  const { stop, ring } = settings;
  const words: string[] = [];
  let file = path;
  if (stop.bytes !== null) missing.push('stopBytes');
  if (ring === null) {
    if (stop.files !== null) missing.push('stopFiles');
    if (stop.seconds !== null) words.push('-G', String(Math.ceil(stop.seconds)), '-W', '1');
    return [...words, '-w', file];
  }
  if (ring.packets !== null) missing.push('ringPackets');
  if (isSome(ring.interval)) missing.push('ringInterval');
  if (stop.seconds !== null) missing.push('stopSeconds');
  if (ring.bytes !== null) words.push('-C', String(Math.ceil(ring.bytes / MILLION)));
  if (ring.seconds !== null) {
    words.push('-G', String(Math.ceil(ring.seconds)));
    // Without a time in its name each file would replace the one before.
    file = withSuffix(path, '%Y%m%d-%H%M%S');
  }
  const isBySize = ring.bytes !== null && ring.seconds === null;
  const isByTime = ring.seconds !== null && ring.bytes === null;
  if (ring.files !== null) {
    if (isBySize) words.push('-W', String(ring.files));
    else missing.push('ringFiles');
  }
  if (stop.files !== null) {
    if (isByTime) words.push('-W', String(stop.files));
    else missing.push('stopFiles');
  }
  return [...words, '-w', file];
}

function dumpcap(settings: CaptureSettings): CommandLines {
  const { interfaces, stop, ring } = settings;
  const missing: MissingSetting[] = [];
  if (settings.direction !== 'both') missing.push('direction');
  if (settings.immediate) missing.push('immediate');
  if (ring !== null && stop.bytes !== null) missing.push('stopBytes');
  const names = interfaces.flatMap((name) => ['-i', name]);
  const own = dumpcapOptions(settings);
  // What stands before the first interface is for all of them.
  const words = interfaces.length > 1 ? [...own, ...names] : [...names, ...own];
  if (stop.packets !== null) words.push('-c', String(stop.packets));
  if (stop.bytes !== null && ring === null) words.push('-a', `filesize:${Math.ceil(stop.bytes / 1000)}`);
  if (stop.seconds !== null) words.push('-a', `duration:${stop.seconds}`);
  if (stop.files !== null) words.push('-a', `files:${stop.files}`);
  if (ring !== null) {
    if (ring.bytes !== null) words.push('-b', `filesize:${Math.ceil(ring.bytes / 1000)}`);
    if (ring.seconds !== null) words.push('-b', `duration:${ring.seconds}`);
    if (isSome(ring.interval)) words.push('-b', `interval:${ring.interval}`);
    if (ring.packets !== null) words.push('-b', `packets:${ring.packets}`);
    if (ring.files !== null) words.push('-b', `files:${ring.files}`);
  }
  return { lines: [['dumpcap', ...words, '-w', settings.path ?? 'capture.pcapng']], missing };
}

function dumpcapOptions(settings: CaptureSettings): readonly string[] {
  const words: string[] = [];
  const [filter] = filterWords(settings);
  if (filter !== undefined) words.push('-f', filter);
  if (settings.snapLength > 0) words.push('-s', String(settings.snapLength));
  if (!settings.promiscuous) words.push('-p');
  if (settings.monitor) words.push('-I');
  if (settings.bufferBytes > 0) words.push('-B', String(Math.ceil(settings.bufferBytes / MIB)));
  if (settings.linkType !== '') words.push('-y', settings.linkType);
  if (settings.timestampType !== '') words.push('--time-stamp-type', settings.timestampType);
  return words;
}

function isSome(value: number | null | undefined): value is number {
  return value !== null && value !== undefined;
}

/** `a/capture.pcap` with `eth0` is `a/capture-eth0.pcap`. */
function withSuffix(path: string, suffix: string): string {
  const [, stem = path, ending = ''] = /^(.*?)(\.[^./\\]*)?$/s.exec(path) ?? [];
  return `${stem}-${suffix}${ending}`;
}

/** An interface's name as part of a file's: Windows' device names hold backslashes and braces. */
function fileWord(name: string): string {
  return name.replace(/[^\w.-]+/g, '_').replace(/^_+|_+$/g, '');
}
