/** One capture that runs: a tool, its files, its counters, and the limits that the tool does not know itself. */

import { rmSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CaptureNeed, CaptureSettings, LiveState } from '../../contract/capture.ts';
import type { CaptureNews } from './follow-files.ts';
import type { CaptureNote, CapturePlaces } from './places.ts';
import { watchSockets } from './sockets/watch.ts';
import type { CaptureTool, RunCounts, ToolRun } from './tool.ts';

const TICK_MS = 250;
/** Rates are those of the last second. */
const RATE_MS = 1000;
/** Free disk is asked for this often. */
const DISK_MS = 2000;

/** Problems after which the file has less than the tool has counted. */
const CUT: ReadonlySet<string> = new Set(['disk-full', 'write-failed', 'tool-ended']);

interface Sample {
  readonly at: number;
  readonly packets: number;
  readonly bytes: number;
}

export interface LiveOptions {
  readonly tool: CaptureTool;
  readonly settings: CaptureSettings;
  readonly places: CapturePlaces;
  /** The state has changed. */
  onChange(state: LiveState): void;
  onNews(news: CaptureNews): void;
}

export class LiveCapture {
  state: LiveState;
  /** Resolves when the files are whole. */
  readonly ended: Promise<void>;
  private readonly options: LiveOptions;
  private readonly run: ToolRun;
  private readonly note: CaptureNote;
  private readonly began = performance.now();
  private readonly ticking: NodeJS.Timeout;
  private files: string[] = [];
  private samples: Sample[] = [];
  /** Bytes of files that are not written any more. */
  private doneBytes = 0;
  private filesSoFar = 0;
  private lastDisk = Number.NEGATIVE_INFINITY;
  private isStopping = false;
  private readonly unwatch: () => void;

  constructor(options: LiveOptions) {
    const { tool, settings, places } = options;
    this.options = options;
    const isPrivate = settings.path === null;
    const path = settings.path ?? places.newPath(tool.extension);
    this.state = {
      isRunning: true,
      options: settings,
      tool: tool.name,
      captured: 0,
      received: null,
      droppedByKernel: null,
      droppedByInterface: null,
      packetRate: 0,
      byteRate: 0,
      fileBytes: 0,
      files: 0,
      freeBytes: 0,
      path,
      isPrivate,
      alerts: [],
      saved: [],
      problem: null,
    };
    this.note = places.note(isPrivate);
    this.run = tool.start(ringOf(settings), path, {
      opened: (file) => this.opened(file),
      removed: (file) => this.removed(file),
      counts: (counts) => this.counted(counts),
      problem: (need) => this.fail(need),
    });
    this.ticking = setInterval(() => this.tick(), TICK_MS);
    // Sockets of this machine say nothing about packets of another one.
    const isHere = settings.remote === null;
    this.unwatch = isHere ? watchSockets((owners) => options.onNews({ kind: 'sockets', owners })) : () => undefined;
    this.ended = this.run.ended.then(() => this.end());
  }

  /** Resolves when packets can come; rejects with a NagareError that says what is missing. */
  async started(): Promise<void> {
    try {
      await this.run.started;
    } catch (error) {
      this.end();
      throw error;
    }
  }

  get isStopped(): boolean {
    return !this.state.isRunning;
  }

  get format(): string {
    return this.options.tool.extension;
  }

  /** Every file that is there. */
  get paths(): readonly string[] {
    return this.files;
  }

  /** Ends it; resolves when the files are whole. */
  async stop(): Promise<void> {
    if (!this.isStopping) this.run.stop();
    this.isStopping = true;
    await this.ended;
  }

  /** Ends it where it still runs; its private files go. */
  async discard(): Promise<void> {
    await this.stop();
    this.note.done();
    if (this.state.isPrivate) for (const file of this.files) rmSync(file, { force: true });
  }

  /** Ends it where it still runs; its private files are offered at the next start. */
  async leave(): Promise<void> {
    await this.stop();
    if (this.state.isPrivate && this.files.length > 0) this.note.leave();
  }

  /**
   * What the session counts. Tools that do not say how many packets they wrote while they run are believed by their file, and
   * so is each where something went wrong with the file itself.
   */
  read(packets: number): void {
    const { problem, isRunning, captured } = this.state;
    const isCut = !isRunning && problem !== null && CUT.has(problem.key);
    const isBehind = this.options.tool.name !== 'helper' && isRunning && packets > captured;
    if ((isCut && packets !== captured) || isBehind) this.state = { ...this.state, captured: packets };
  }

  /** The flight recorder has saved something. */
  saved(path: string, packets: number): void {
    this.change({ saved: [...this.state.saved, { path, packets }] });
  }

  /** Flow monitors whose condition holds now. */
  alerted(alerts: readonly string[]): void {
    if (alerts.join('\n') !== this.state.alerts.join('\n')) this.change({ alerts });
  }

  fail(problem: CaptureNeed): void {
    this.change({ problem });
  }

  private opened(path: string): void {
    const last = this.files.at(-1);
    if (last !== undefined) this.doneBytes += sizeOf(last);
    this.files.push(path);
    this.filesSoFar++;
    this.note.files(this.files);
    this.options.onNews({ kind: 'opened', path });
    this.change({ path, files: this.filesSoFar });
  }

  private removed(path: string): void {
    this.files = this.files.filter((file) => file !== path);
    this.note.files(this.files);
    this.options.onNews({ kind: 'removed', path });
  }

  private counted({ captured, received, droppedByKernel, droppedByInterface, bytes }: RunCounts): void {
    this.change({
      captured: captured ?? this.state.captured,
      received,
      droppedByKernel,
      droppedByInterface,
      fileBytes: bytes ?? this.state.fileBytes,
    });
  }

  private tick(): void {
    const now = performance.now();
    const last = this.files.at(-1);
    if (last !== undefined) this.state = { ...this.state, fileBytes: this.doneBytes + sizeOf(last) };
    const { captured, fileBytes, packetRate, byteRate } = this.state;
    this.samples = [...this.samples, { at: now, packets: captured, bytes: fileBytes }].filter(
      ({ at }) => now - at <= RATE_MS + TICK_MS,
    );
    const [oldest] = this.samples;
    const seconds = (now - oldest.at) / 1000;
    const perSecond = (grown: number): number => (seconds > 0 ? Math.round(grown / seconds) : 0);
    const rates = { packetRate: perSecond(captured - oldest.packets), byteRate: perSecond(fileBytes - oldest.bytes) };
    if (rates.packetRate !== packetRate || rates.byteRate !== byteRate) this.change(rates);
    if (now - this.lastDisk > DISK_MS) {
      this.lastDisk = now;
      void this.lookAtDisk();
    }
    this.keepLimits(now);
  }

  /** Tools other than the helper know fewer limits than dumpcap's. */
  private keepLimits(now: number): void {
    const { stop } = this.state.options;
    const isReached =
      (stop.seconds !== null && now - this.began >= stop.seconds * 1000) ||
      (stop.packets !== null && this.state.captured >= stop.packets) ||
      (stop.bytes !== null && this.state.fileBytes >= stop.bytes);
    if (isReached && this.options.tool.name !== 'helper') void this.stop();
  }

  private async lookAtDisk(): Promise<void> {
    const freeBytes = await freeSpace(dirname(this.state.path));
    if (freeBytes !== this.state.freeBytes) this.change({ freeBytes });
  }

  private end(): void {
    clearInterval(this.ticking);
    this.unwatch();
    if (!this.state.isRunning) return;
    if (!this.state.isPrivate || this.files.length === 0) this.note.done();
    const last = this.files.at(-1);
    const fileBytes = last === undefined ? this.state.fileBytes : this.doneBytes + sizeOf(last);
    this.change({ isRunning: false, packetRate: 0, byteRate: 0, fileBytes });
    this.options.onNews({ kind: 'over' });
  }

  private change(changes: Partial<LiveState>): void {
    this.state = { ...this.state, ...changes };
    this.options.onChange(this.state);
  }
}

/** Parts that a view of the last minutes is made of: so much more than asked for is kept at most. */
const KEPT_PARTS = 6;

/** A view of the last minutes is a ring of files: what is older goes from the disk too. */
export function ringOf(settings: CaptureSettings): CaptureSettings {
  const { keepMinutes, ring } = settings;
  if (keepMinutes === null || ring !== null) return settings;
  const seconds = (keepMinutes * 60) / KEPT_PARTS;
  return { ...settings, ring: { packets: null, bytes: null, seconds, files: KEPT_PARTS + 1 } };
}

/** Bytes that this user may still write there; 0: nobody knows. */
export async function freeSpace(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return 0; // the folder is not made yet, or its file system does not say
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
