import { describe, expect, it } from 'vitest';
import { DEFAULT_CAPTURE } from '../../../../engine/contract/capture.ts';
import { translator } from '../../../../engine/text/index.ts';
import { isEmptyRing, tabsWithProblems } from '../../../../renderer/dialogs/capture/option-problems.ts';
import { suggestedName } from '../../../../renderer/dialogs/capture/save-capture.ts';
import type { CaptureOptions } from '../../../../renderer/state/capture-store.ts';
import { needText } from '../../../../renderer/state/need-text.ts';
import { changedOptions } from '../../../../renderer/views/live-capture/changed-options.ts';
import { pathsOf } from '../../../../renderer/views/live-capture/traffic-line.tsx';

function options(patch: Partial<CaptureOptions>): CaptureOptions {
  return { ...DEFAULT_CAPTURE, ...patch };
}
const NO_LIMIT = { packets: null, bytes: null, seconds: null, files: null };

describe('capture options', () => {
  it('have nothing wrong as they come', () => {
    expect([...tabsWithProblems(options({}))]).toEqual([]);
  });

  it('name the tab where something is wrong', () => {
    const remote = { destination: '-oProxyCommand=x', port: null, tool: 'tcpdump', sudo: false } as const;
    expect([...tabsWithProblems(options({ snapLength: Number.NaN }))]).toEqual(['capture']);
    expect([...tabsWithProblems(options({ stop: { ...NO_LIMIT, bytes: Number.NaN } }))]).toEqual(['files']);
    expect([...tabsWithProblems(options({ ring: { ...NO_LIMIT, files: 3 } }))]).toEqual(['files']);
    expect([...tabsWithProblems(options({ saveWhen: { filter: ' ', packetRate: null, minutes: 5 } }))]).toEqual([
      'recorder',
    ]);
    expect([...tabsWithProblems(options({ remote }))]).toEqual(['remote']);
    expect([...tabsWithProblems(options({ remote: { ...remote, destination: 'ops@vm.example.net' } }))]).toEqual([]);
    expect(isEmptyRing({ ...NO_LIMIT, seconds: 1 })).toBe(false);
  });

  it('that differ from the usual ones are said in words, in both languages', () => {
    for (const language of ['en', 'ja'] as const) {
      const t = translator(language);
      expect(changedOptions(t, options({ filter: 'tcp' }))).toEqual([]);
      const all = changedOptions(
        t,
        options({
          snapLength: 96,
          bufferBytes: 4096,
          promiscuous: false,
          direction: 'in',
          ring: { ...NO_LIMIT, bytes: 1 },
          stop: { ...NO_LIMIT, packets: 1 },
          keepMinutes: 5,
        }),
      );
      expect(all).toHaveLength(7);
      expect(all[0]).toContain('96');
    }
  });
});

describe('the name of a saved capture', () => {
  it('is the time, unless the file has one of its own', () => {
    const now = new Date(2026, 0, 5, 9, 3, 7);
    expect(suggestedName('capture-20260105-080000-1a2b.pcapng', now)).toBe('capture-20260105-090307.pcapng');
    expect(suggestedName('', now)).toBe('capture-20260105-090307.pcapng');
    expect(suggestedName('web-01.pcapng', now)).toBe('web-01.pcapng');
  });
});

describe('the moving line', () => {
  it('ends at the right edge, and the highest value at the top', () => {
    const { line, area } = pathsOf([0, 5000, 2500]);
    const points = line.slice(1).split('L');
    expect(points).toHaveLength(3);
    expect(points.at(-1)).toMatch(/^120 /);
    expect(points[1]).toMatch(/ 1$/);
    expect(area.endsWith('Z')).toBe(true);
  });

  it('stays near the ground for a packet now and then', () => {
    const { line } = pathsOf([0, 60]);
    expect(Number(line.split('L')[1]?.split(' ')[1])).toBeGreaterThan(17);
  });

  it('is nothing before the first value', () => {
    expect(pathsOf([]).line).toBe('');
  });
});

describe('what is missing for capturing', () => {
  it('is a sentence of the dictionaries, or its name where a page is too old', () => {
    expect(needText('en', { key: 'not-offered', params: {} })).toMatch(/serve --capture/);
    expect(needText('ja', { key: 'not-offered', params: {} })).toMatch(/ライブキャプチャ/);
    expect(needText('en', { key: 'of-the-future', params: {} })).toBe('of-the-future');
  });
});
