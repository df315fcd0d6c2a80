import { describe, expect, it } from 'vitest';
import { bitRate, formatRate } from '../../../../engine/text/format/rate.ts';
import { digitsFor, momentText, rangeTexts } from '../../../../renderer/format/range.ts';

const EPOCH = '1795179600123456789'; // 2026-11-20 13:00:00.123456789 UTC

describe('ends of a time range', () => {
  it('have as many digits as tell them apart', () => {
    expect(rangeTexts({ from: 0, to: 240e9 }, { epoch: EPOCH, firstTime: 0 }, true)).toEqual(['13:00:00', '13:04:00']);
    expect(rangeTexts({ from: 0, to: 0.5e9 }, { epoch: EPOCH, firstTime: 0 }, true)).toEqual([
      '13:00:00.123',
      '13:00:00.623',
    ]);
    expect([digitsFor(60e9), digitsFor(5e9), digitsFor(1e6), digitsFor(1), digitsFor(0)]).toEqual([0, 2, 5, 9, 6]);
  });

  it('are seconds since the first packet where no date is known', () => {
    expect(rangeTexts({ from: 2e9, to: 100e9 }, { epoch: null, firstTime: 1e9 }, true)).toEqual(['1', '99']);
  });

  it('are exact to the nanosecond', () => {
    expect(momentText(1, EPOCH, 0, 9, true)).toBe('13:00:00.123456790');
    expect(momentText(-123456789, EPOCH, 0, 9, true)).toBe('13:00:00.000000000');
  });
});

describe('rates', () => {
  it('are bits a second in decimal units', () => {
    expect(formatRate(bitRate(125, 1e9), 'en')).toBe('1 kbit/s');
    expect(formatRate(bitRate(1_234_567, 1e9), 'en')).toBe('9.88 Mbit/s');
    expect(formatRate(999.6, 'en')).toBe('1 kbit/s');
    expect(formatRate(12.3, 'en')).toBe('12 bit/s');
  });

  it('are a dash where there was no time', () => {
    expect(formatRate(bitRate(125, 0), 'en')).toBe('–');
  });
});
