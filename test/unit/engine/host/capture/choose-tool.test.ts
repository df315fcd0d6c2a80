import { describe, expect, it } from 'vitest';
import type { CaptureNeed } from '../../../../../engine/contract/capture.ts';
import { rightsMissing } from '../../../../../engine/host/capture/child-run.ts';
import { chooseTool } from '../../../../../engine/host/capture/choose-tool.ts';
import { type CaptureTool, NO_PERMISSION, needError } from '../../../../../engine/host/capture/tool.ts';

const RIGHT: CaptureNeed = { key: NO_PERMISSION, params: { reason: 'not permitted' } };
const LOCKED: CaptureNeed = { key: 'not-in-group', params: { path: '/x', group: 'capturers', user: 'alex' } };

/** `lacks`: what its survey says is missing; 'broken': it does not even answer. */
function tool(name: CaptureTool['name'], lacks: CaptureNeed | 'broken' | null, isExact = true): CaptureTool {
  return {
    name,
    isExact,
    extension: 'pcapng',
    isLive: true,
    survey: () =>
      lacks === 'broken'
        ? Promise.reject(needError({ key: 'libpcap-missing', params: {} }, 'no library'))
        : Promise.resolve({ version: name, interfaces: [], needs: lacks === null ? [] : [lacks] }),
    checkFilter: () => Promise.resolve(null),
    start: () => {
      throw new Error('not started here');
    },
  };
}

async function chosen(candidates: readonly CaptureTool[], locked: CaptureNeed | null = null) {
  const { tool, survey } = await chooseTool(candidates, locked);
  return [tool?.name ?? 'none', ...survey.needs.map(({ key }) => key)];
}

describe('the tool that captures', () => {
  it('is the first that lacks nothing', async () => {
    expect(await chosen([tool('helper', null), tool('dumpcap', null)])).toEqual(['helper']);
    expect(await chosen([tool('dumpcap', null)])).toEqual(['dumpcap', 'helper-missing']);
    expect(await chosen([tool('cap', null, false)])).toEqual(['cap', 'not-exact']);
    expect(await chosen([])).toEqual(['none', 'no-tool']);
  });

  it('is not one that may not capture either: then the right that is missing is said', async () => {
    expect(await chosen([tool('helper', RIGHT), tool('dumpcap', RIGHT)])).toEqual(['helper', NO_PERMISSION]);
    expect(await chosen([tool('dumpcap', RIGHT), tool('tcpdump', RIGHT)])).toEqual(['dumpcap', NO_PERMISSION]);
    expect(await chosen([tool('helper', 'broken'), tool('dumpcap', RIGHT)])).toEqual(['dumpcap', NO_PERMISSION]);
  });

  it('says what keeps the helper from it where another one captures', async () => {
    expect(await chosen([tool('helper', RIGHT), tool('dumpcap', null)])).toEqual([
      'dumpcap',
      NO_PERMISSION,
      'helper-refused',
    ]);
    expect(await chosen([tool('helper', 'broken'), tool('tcpdump', null)])).toEqual([
      'tcpdump',
      'libpcap-missing',
      'helper-refused',
    ]);
  });

  it('says that an installed helper is for members of its group', async () => {
    expect(await chosen([tool('dumpcap', null)], LOCKED)).toEqual(['dumpcap', 'not-in-group', 'helper-refused']);
    expect(await chosen([tool('dumpcap', RIGHT)], LOCKED)).toEqual(['dumpcap', 'not-in-group', NO_PERMISSION]);
    expect(await chosen([], LOCKED)).toEqual(['none', 'not-in-group']);
  });
});

describe('the right to open an interface', () => {
  const lo = { name: 'lo', isLoopback: true, isUp: true };
  const opened = (code: number, stderr: string) =>
    rightsMissing([lo as never], () => Promise.resolve({ code, stdout: '', stderr }));

  it('is asked of the program that would use it', async () => {
    expect(await opened(0, '')).toEqual([]);
    const refusal =
      'dumpcap: The capabilities of the capture device "lo" could not be obtained (You don\'t have permission to capture on that device).\n';
    expect(await opened(1, refusal)).toMatchObject([{ key: NO_PERMISSION }]);
    expect(await opened(1, 'tcpdump: lo: something else\n')).toEqual([]);
  });
});
