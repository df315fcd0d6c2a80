/** The options of `nagare capture`, dumpcap's where dumpcap has them, as settings of a capture. */

import { resolve } from 'node:path';
import { type CaptureSettings, DEFAULT_CAPTURE, wrongSetting } from '../../engine/contract/capture.ts';
import type { Translate } from '../../engine/text/index.ts';
import { type OptionTable, type OptionValues, UsageError } from '../args.ts';

export const SETTINGS_OPTIONS = {
  interfaces: { short: 'i', long: 'interface', value: 'IF', many: true, help: 'cli.capture.interface' },
  captureFilter: { short: 'f', long: 'capture-filter', value: 'FILTER', help: 'cli.capture.filter' },
  output: { short: 'w', long: 'output', value: 'OUT', help: 'cli.capture.output' },
  stop: { short: 'a', long: 'autostop', value: 'CONDITION', many: true, help: 'cli.capture.stop' },
  ring: { short: 'b', long: 'ring', value: 'CONDITION', many: true, help: 'cli.capture.ring' },
  count: { short: 'c', long: 'count', value: 'N', help: 'cli.capture.count' },
  snapLength: { short: 's', long: 'snapshot-length', value: 'BYTES', help: 'cli.capture.snap-length' },
  notPromiscuous: { short: 'p', long: 'no-promiscuous-mode', help: 'cli.capture.not-promiscuous' },
  monitor: { short: 'I', long: 'monitor-mode', help: 'cli.capture.monitor' },
  buffer: { short: 'B', long: 'buffer-size', value: 'MIB', help: 'cli.capture.buffer' },
  linkType: { short: 'y', long: 'linktype', value: 'TYPE', help: 'cli.capture.link-type' },
  direction: { short: 'Q', long: 'direction', value: 'in|out|inout', help: 'cli.capture.direction' },
  timestampType: { long: 'time-stamp-type', value: 'TYPE', help: 'cli.capture.timestamp-type' },
  nano: { long: 'nano', help: 'cli.capture.nano' },
  remote: { long: 'remote', value: 'USER@HOST', help: 'cli.capture.remote' },
  remotePort: { long: 'remote-port', value: 'PORT', help: 'cli.capture.remote-port' },
  remoteTool: { long: 'remote-tool', value: 'tcpdump|dumpcap', help: 'cli.capture.remote-tool' },
  sudo: { long: 'sudo', help: 'cli.capture.sudo' },
} as const satisfies OptionTable;

type Options = OptionValues<typeof SETTINGS_OPTIONS>;
type Limits = CaptureSettings['stop'] & { readonly interval: number | null };

const DIRECTIONS: Readonly<Record<string, CaptureSettings['direction']>> = { in: 'in', out: 'out', inout: 'both' };
const KILOBYTE = 1000;

/** What each condition of dumpcap's counts, and by how much to multiply it. */
const CONDITIONS: Readonly<Record<string, readonly [keyof Limits, number]>> = {
  packets: ['packets', 1],
  filesize: ['bytes', KILOBYTE],
  duration: ['seconds', 1],
  files: ['files', 1],
  interval: ['interval', 1],
};

/** Throws a UsageError for what makes no sense. `path`: the file that the tool writes; null: a private one. */
export function captureSettings(options: Options, path: string | null, t: Translate): CaptureSettings {
  if (options.interfaces.length === 0) throw new UsageError(t('cli.capture.no-interface'));
  const stop = limits(options.stop, '-a', t);
  const ring = options.ring.length === 0 ? null : limits(options.ring, '-b', t);
  if (ring !== null && [ring.packets, ring.bytes, ring.seconds, ring.interval].every((limit) => limit === null))
    throw new UsageError(t('cli.capture.ring-size'));
  const direction = DIRECTIONS[options.direction ?? 'inout'];
  if (direction === undefined) throw new UsageError(wrong('-Q', options.direction ?? '', t));
  const count = options.count === undefined ? stop.packets : whole(options.count, '-c', t);
  const settings: CaptureSettings = {
    ...DEFAULT_CAPTURE,
    interfaces: [...options.interfaces],
    filter: options.captureFilter ?? '',
    snapLength: options.snapLength === undefined ? 0 : whole(options.snapLength, '-s', t),
    promiscuous: !options.notPromiscuous,
    monitor: options.monitor,
    bufferBytes: options.buffer === undefined ? 0 : whole(options.buffer, '-B', t) * 1024 * 1024,
    direction,
    linkType: options.linkType ?? '',
    timestampType: options.timestampType ?? '',
    precision: options.nano ? 'nano' : 'micro',
    stop: { packets: count, bytes: stop.bytes, seconds: stop.seconds, files: stop.files },
    ring,
    path: path === null ? null : resolve(path),
    remote: remoteOf(options, t),
  };
  const fault = wrongSetting(settings);
  if (fault !== null) throw new UsageError(t('cli.capture.wrong', { option: fault.name, value: fault.message }));
  return settings;
}

function remoteOf(options: Options, t: Translate): CaptureSettings['remote'] {
  if (options.remote === undefined) return null;
  const tool = options.remoteTool ?? 'tcpdump';
  if (tool !== 'tcpdump' && tool !== 'dumpcap') throw new UsageError(wrong('--remote-tool', tool, t));
  const port = options.remotePort === undefined ? null : whole(options.remotePort, '--remote-port', t);
  return { destination: options.remote, port, tool, sudo: options.sudo };
}

function limits(conditions: readonly string[], option: string, t: Translate): Limits {
  const found: Record<keyof Limits, number | null> = {
    packets: null,
    bytes: null,
    seconds: null,
    files: null,
    interval: null,
  };
  for (const condition of conditions) {
    const [name = '', value = ''] = condition.split(':', 2);
    const known = CONDITIONS[name];
    const number = Number(value);
    const isRight =
      known !== undefined &&
      (known[0] !== 'interval' || option === '-b') &&
      value !== '' &&
      number > 0 &&
      (name === 'duration' || Number.isSafeInteger(number));
    if (!isRight) throw new UsageError(t('cli.capture.bad-condition', { option, condition }));
    found[known[0]] = number * known[1];
  }
  return found;
}

function whole(text: string, option: string, t: Translate): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new UsageError(wrong(option, text, t));
  return value;
}

function wrong(option: string, value: string, t: Translate): string {
  return t('cli.capture.wrong', { option, value });
}
