import { describe, expect, it } from 'vitest';
import { FlightRecorder, savedPath } from '../../../../../engine/host/capture/recorder.ts';

describe('the flight recorder', () => {
  it('saves once for each stretch in which its condition holds', () => {
    let now = 0;
    const saved: number[] = [];
    const recorder = new FlightRecorder(
      { filter: 'tcp.flags.reset == 1', packetRate: 100, minutes: 2 },
      () => saved.push(now),
      () => now,
    );
    recorder.passed(0);
    recorder.rate(100);
    expect(saved).toEqual([]);
    recorder.passed(1);
    now = 60_000;
    recorder.passed(5);
    recorder.rate(500);
    expect(saved).toEqual([0]);
    now = 120_000;
    recorder.passed(3); // rows were retired: nothing new has passed
    expect(saved).toEqual([0]);
    recorder.rate(101);
    expect(saved).toEqual([0, 120_000]);
  });

  it('names its files after the capture', () => {
    const time = new Date(2026, 10, 21, 15, 30, 0);
    expect(savedPath('/captures/ring_00012_20261121150000.pcapng', time)).toBe(
      '/captures/ring-saved-20261121-153000.pcapng',
    );
    expect(savedPath('/captures/one.pcap', time)).toBe('/captures/one-saved-20261121-153000.pcapng');
  });
});
