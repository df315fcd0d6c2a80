/** Live capture as a host offers it: which tool there is, and captures by it. */

import type { CaptureAbility, CaptureOutputs, CaptureSettings, LiveState, Traffic } from '../../contract/capture.ts';
import { type Chosen, chooseTool, helperProgram } from './choose-tool.ts';
import type { CaptureNews } from './follow-files.ts';
import { freeSpace, LiveCapture } from './live-capture.ts';
import { CapturePlaces } from './places.ts';
import { remoteTool } from './remote.ts';
import { type CaptureTool, needError } from './tool.ts';
import { watchTraffic } from './traffic.ts';

/** What was found out is believed for this long: dialogs ask again and again. */
const KEEP_MS = 3000;

export interface CaptureServiceOptions {
  readonly places?: CapturePlaces;
  /** Instead of what is installed. */
  readonly tools?: () => readonly CaptureTool[];
}

export class CaptureService {
  readonly places: CapturePlaces;
  private readonly tools: (() => readonly CaptureTool[]) | undefined;
  private chosen: { readonly at: number; readonly what: Promise<Chosen> } | null = null;

  constructor(options: CaptureServiceOptions = {}) {
    this.places = options.places ?? new CapturePlaces();
    this.tools = options.tools;
  }

  async ability(): Promise<CaptureAbility> {
    const { tool, refusal, survey } = await this.look(true);
    return {
      // One that this user may not capture with is none; its interfaces are listed all the same.
      tool: refusal === null && tool !== null ? tool.name : 'none',
      version: survey.version,
      isExact: tool?.isExact ?? false,
      needs: survey.needs,
      interfaces: survey.interfaces,
      folder: this.places.folder,
      freeBytes: await freeSpace(this.places.folder),
    };
  }

  async checkFilter(linkType: string, filter: string): Promise<CaptureOutputs['capture.checkFilter']> {
    const { tool } = await this.look(false);
    return (await tool?.checkFilter(linkType, filter)) ?? { ok: true };
  }

  /** Throws a NagareError whose detail says what is missing. */
  async start(
    settings: CaptureSettings,
    listener: { onChange(state: LiveState): void; onNews(news: CaptureNews): void },
  ): Promise<LiveCapture> {
    const tool = await this.toolFor(settings);
    const live = new LiveCapture({ tool, settings, places: this.places, ...listener });
    await live.started();
    return live;
  }

  watch(onTraffic: (traffic: Traffic) => void): () => void {
    return watchTraffic(this.tools === undefined ? helperProgram() : null, onTraffic);
  }

  /** What captures with these settings. Throws a NagareError whose detail says what is missing. */
  async toolFor({ remote }: CaptureSettings): Promise<CaptureTool> {
    if (remote !== null) return remoteTool(remote);
    const { tool, refusal } = await this.look(false);
    if (tool !== null && refusal === null) return tool;
    const need = refusal ?? { key: 'no-tool', params: {} };
    throw needError(need, `Nothing can capture here: ${need.key}`);
  }

  private look(isNew: boolean): Promise<Chosen> {
    const now = performance.now();
    if (this.chosen === null || (isNew && now - this.chosen.at > KEEP_MS)) {
      this.chosen = { at: now, what: chooseTool(this.tools?.()) };
    }
    return this.chosen.what;
  }
}
