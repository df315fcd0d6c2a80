import { describe, expect, it } from 'vitest';
import { alertsOf, FlightRecorder, savedPath } from '../../../../../engine/host/capture/recorder.ts';

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

  it('saves when the condition of a flow monitor holds, which its panel tells', () => {
    const findings = [
      { id: 'monitor.rule', values: {} },
      { id: 'monitor.alert.rate', values: { name: 'web to database', value: { value: 12, unit: 'number' } } },
    ];
    expect(alertsOf(findings)).toEqual(['web to database']);
    let saved = 0;
    const recorder = new FlightRecorder({ filter: '', packetRate: null, minutes: 1 }, () => saved++);
    recorder.alerted([]);
    expect(saved).toBe(0);
    recorder.alerted(alertsOf(findings));
    expect(saved).toBe(1);
  });

  it('names its files after the capture', () => {
    const time = new Date(2026, 10, 21, 15, 30, 0);
    expect(savedPath('/captures/ring_00012_20261121150000.pcapng', time)).toBe(
      '/captures/ring-saved-20261121-153000.pcapng',
    );
    expect(savedPath('/captures/one.pcap', time)).toBe('/captures/one-saved-20261121-153000.pcapng');
  });
});
