/** Which tool captures here: the first that can, in the order of what it can. */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CaptureNeed } from '../../contract/capture.ts';
import { Dumpcap } from './dumpcap.ts';
import { Helper } from './helper.ts';
import { installedHelper, lockedHelper } from './install-helper.ts';
import { npmCap } from './npm-cap.ts';
import { findProgram, isProgram } from './program.ts';
import { Tcpdump } from './tcpdump.ts';
import { type CaptureTool, needOf, type Survey } from './tool.ts';
import { windowsTrace } from './windows-trace.ts';

/** Where these are installed besides the folders of PATH. */
const MORE_FOLDERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['/usr/sbin', '/sbin', '/usr/bin', '/usr/local/bin'],
  darwin: ['/usr/sbin', '/Applications/Wireshark.app/Contents/MacOS'],
  win32: ['C:\\Program Files\\Wireshark'],
};

export interface Chosen {
  /** null: nothing captures here. */
  readonly tool: CaptureTool | null;
  /** Why it cannot capture for this user; null: it can. */
  readonly refusal: CaptureNeed | null;
  readonly survey: Survey;
}

/** The helper that was built with the program; null: it was not. */
export function builtHelper(): string | null {
  const name = process.platform === 'win32' ? 'nagare-capture.exe' : 'nagare-capture';
  const path = fileURLToPath(new URL(`../native/${name}`, import.meta.url));
  return existsSync(path) && isProgram(path) ? path : null;
}

/** The helper that is used: the installed copy, which has rights, before the built one. */
export function helperProgram(env: NodeJS.ProcessEnv = process.env): string | null {
  const named = env.NAGARE_CAPTURE_HELPER;
  if (named !== undefined && named !== '') return named;
  return installedHelper() ?? builtHelper();
}

/** Every tool that is there, the best first. */
export function tools(): CaptureTool[] {
  const also = MORE_FOLDERS[process.platform] ?? [];
  const helper = helperProgram();
  const dumpcap = findProgram('dumpcap', also);
  const tcpdump = process.platform === 'win32' ? null : findProgram('tcpdump', also);
  return [
    ...(helper === null ? [] : [new Helper(helper)]),
    ...(dumpcap === null ? [] : [new Dumpcap(dumpcap)]),
    ...(tcpdump === null ? [] : [new Tcpdump(tcpdump)]),
    ...[npmCap(), windowsTrace()].filter((tool) => tool !== null),
  ];
}

/** The first tool that lacks nothing; else the first that answers, with what it lacks. `locked`: see lockedHelper(). */
export async function chooseTool(
  candidates: readonly CaptureTool[] = tools(),
  locked: CaptureNeed | null = lockedHelper(),
): Promise<Chosen> {
  let best: Chosen | null = null;
  const refused = new Map<CaptureTool['name'], CaptureNeed>();
  for (const tool of candidates) {
    try {
      const survey = await tool.survey();
      const [need] = survey.needs;
      if (need === undefined)
        return {
          tool,
          refusal: null,
          survey: { ...survey, needs: shortcomings(tool, locked ?? refused.get('helper')) },
        };
      best ??= { tool, refusal: need, survey };
      refused.set(tool.name, need);
    } catch (error) {
      refused.set(tool.name, needOf(error));
    }
  }
  const more = locked === null ? [] : [locked];
  if (best !== null) {
    const needs = [...more, ...best.survey.needs];
    return { ...best, refusal: locked ?? best.refusal, survey: { ...best.survey, needs } };
  }
  const [refusal = { key: 'no-tool', params: {} }] = [...more, ...refused.values()];
  return { tool: null, refusal, survey: { version: '', interfaces: [], needs: [refusal] } };
}

/** What is worth knowing of a tool that works; `helper`: why the helper does not; undefined: it is not there. */
function shortcomings(tool: CaptureTool, helper: CaptureNeed | undefined): CaptureNeed[] {
  if (tool.name === 'helper') return [];
  const own = helper === undefined ? [] : [helper];
  const { name } = tool;
  if (!tool.isLive) return [...own, { key: 'not-live', params: { tool: name } }];
  if (!tool.isExact) return [...own, { key: 'not-exact', params: { tool: name } }];
  return [...own, { key: helper === undefined ? 'helper-missing' : 'helper-refused', params: { tool: name } }];
}
