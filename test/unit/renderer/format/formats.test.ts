import { describe, expect, it } from 'vitest';
import { formatBytes } from '../../../../engine/text/format/bytes.ts';
import { formatCount, formatShare } from '../../../../engine/text/format/count.ts';
import { formatDuration } from '../../../../engine/text/format/duration.ts';
import { protocolFamily } from '../../../../renderer/format/protocol-family.ts';
import {
  formatClock,
  formatRowTime,
  formatSeconds,
  type RowTimes,
  timeZoneName,
} from '../../../../renderer/format/time.ts';

describe('sizes', () => {
  it('have three digits that count and the unit that fits', () => {
    expect(formatBytes(0, 'en')).toBe('0 B');
    expect(formatBytes(999, 'en')).toBe('999 B');
    expect(formatBytes(1000, 'en')).toBe('1 kB');
    expect(formatBytes(1_110_000_000, 'en')).toBe('1.11 GB');
    expect(formatBytes(12_340_000, 'en')).toBe('12.3 MB');
    expect(formatBytes(999_600, 'en')).toBe('1 MB');
    expect(formatBytes(2 ** 60, 'en')).toBe('1,153 PB');
  });
});

describe('counts and shares', () => {
  it('group digits', () => {
    expect(formatCount(2_007_828, 'en')).toBe('2,007,828');
    expect(formatCount(2_007_828, 'ja')).toBe('2,007,828');
  });

  it('never call something nothing, or a part the whole', () => {
    expect(formatShare(12_403, 2_007_828, 'en')).toBe('0.6 %');
    expect(formatShare(1, 2_007_828, 'en')).toBe('< 0.1 %');
    expect(formatShare(2_007_827, 2_007_828, 'en')).toBe('> 99.9 %');
    expect(formatShare(5, 5, 'en')).toBe('100 %');
    expect(formatShare(0, 5, 'en')).toBe('0 %');
    expect(formatShare(0, 0, 'en')).toBe('0 %');
  });
});

describe('durations', () => {
  it('use the unit that people would', () => {
    expect(formatDuration(0.25, 'en')).toBe('0.25 ms');
    expect(formatDuration(11, 'en')).toBe('11 ms');
    expect(formatDuration(812, 'en')).toBe('0.8 s');
    expect(formatDuration(59_940, 'en')).toBe('60 s');
    expect(formatDuration(59_960, 'en')).toBe('1 min 0 s');
    expect(formatDuration(200_000, 'en')).toBe('3 min 20 s');
    expect(formatDuration(3_700_000, 'en')).toBe('1 h 2 min');
  });
});

describe('row times', () => {
  const context = { epoch: '1795179600123456789', start: 0, digits: 9 };
  const row: RowTimes = { time: 132_104_431_007, before: 132_104_430_000, reference: 100_000_000_000 };

  it('are written in each format', () => {
    expect(formatRowTime('relative', row, context)).toBe('132.104431007');
    expect(formatRowTime('delta', row, context)).toBe('0.000001007');
    expect(formatRowTime('reference', row, context)).toBe('32.104431007');
    expect(formatRowTime('epoch', row, context)).toBe('1795179732.227887796');
    expect(formatRowTime('utc', row, context)).toBe('2026-11-20 13:02:12.227887796Z');
  });

  it('are local in the zone of the machine', () => {
    const local = formatRowTime('local', row, { ...context, digits: 3 });
    const date = new Date(1_795_179_732_227);
    const two = (value: number) => String(value).padStart(2, '0');
    expect(local).toBe(
      `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.227`,
    );
  });

  it('are cut to the digits of the clock, not rounded', () => {
    expect(formatSeconds(1_999_999_999, 6)).toBe('1.999999');
    expect(formatSeconds(1_999_999_999, 0)).toBe('1');
    expect(formatSeconds(5, 12)).toBe('0.000000005000');
  });

  it('have a sign where a packet came before the first, and count from zero where there is nothing before', () => {
    expect(formatSeconds(-1_500_000_000, 6)).toBe('-1.500000');
    expect(formatRowTime('delta', { ...row, before: Number.NaN }, context)).toBe('0.000000000');
    expect(formatRowTime('reference', { ...row, reference: Number.NaN }, context)).toBe('132.104431007');
  });

  it('are empty for a packet without a time', () => {
    expect(formatRowTime('utc', { ...row, time: Number.NaN }, context)).toBe('');
  });

  it('before 1970 and beyond all calendars are still written', () => {
    const early = { epoch: '-1500000000', start: 0, digits: 3 };
    expect(formatRowTime('epoch', { ...row, time: 0 }, early)).toBe('-1.500');
    expect(formatRowTime('utc', { ...row, time: 0 }, early)).toBe('1969-12-31 23:59:58.500Z');
    const never = { epoch: '99999999999999999000000000', start: 0, digits: 0 };
    expect(formatRowTime('utc', { ...row, time: 0 }, never)).toBe('99999999999999999');
  });
});

describe('clocks and zones', () => {
  it('write hours, minutes and seconds', () => {
    expect(formatClock(10_000_000_000, { epoch: '1795179600123456789' }, true)).toBe('13:00:10');
  });

  it('name the zone by its distance from UTC', () => {
    const at = (minutes: number): Date => Object.assign(new Date(0), { getTimezoneOffset: () => minutes });
    expect(timeZoneName(at(0))).toBe('UTC');
    expect(timeZoneName(at(-540))).toBe('UTC+9');
    expect(timeZoneName(at(210))).toBe('UTC-3:30');
  });
});

describe('protocol families', () => {
  it('know a protocol by its name, whatever its version or contents', () => {
    expect(protocolFamily('TLSv1.3')).toBe('secure');
    expect(protocolFamily('TLSv1')).toBe('secure');
    expect(protocolFamily('HTTP/JSON')).toBe('web');
    expect(protocolFamily('HTTP2')).toBe('web');
    expect(protocolFamily('SMB2')).toBe('legacy');
    expect(protocolFamily('ICMPv6')).toBe('control');
    expect(protocolFamily('SSHv2')).toBe('secure');
    expect(protocolFamily('constructor')).toBe('other');
    expect(protocolFamily('')).toBe('other');
  });
});
