/** Long jobs in a thread that also answers questions: work for a few milliseconds, then let others have their turn. */

import { NagareError } from '../base/errors.ts';

/** What the thread lends. */
export interface Turns {
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  /** Resolves once waiting messages have been handled. */
  next(): Promise<void>;
}

const SLICE_MS = 12;

/** One job's slices: `pause()` is null while its slice lasts. */
export class Job {
  private readonly turns: Turns;
  private readonly signal: { readonly aborted: boolean } | null;
  private readonly report: ((done: number, total: number) => void) | null;
  private started: number;
  private reported = 0;

  constructor(
    turns: Turns,
    signal: { readonly aborted: boolean } | null = null,
    report: ((done: number, total: number) => void) | null = null,
  ) {
    this.turns = turns;
    this.signal = signal;
    this.report = report;
    this.started = turns.now();
  }

  /** Null, or a promise to wait for. Throws `cancelled` when nobody wants the job any more. */
  readonly pause = (done: number, total: number): Promise<void> | null => {
    const now = this.turns.now();
    if (now - this.started < SLICE_MS) return null;
    if (this.signal?.aborted === true) throw new NagareError('cancelled', 'The job was cancelled.');
    if (this.report !== null && now - this.reported > 100) {
      this.reported = now;
      this.report(done, total);
    }
    return this.turns.next().then(() => {
      if (this.signal?.aborted === true) throw new NagareError('cancelled', 'The job was cancelled.');
      this.started = this.turns.now();
    });
  };

  /** Waits for what another job does. */
  async until(isDone: () => boolean): Promise<void> {
    while (!isDone()) {
      if (this.signal?.aborted === true) throw new NagareError('cancelled', 'The job was cancelled.');
      await this.turns.next();
    }
    this.started = this.turns.now();
  }
}

/** For programs with nothing else to do: never waits. */
export const noTurns: Turns = { now: () => 0, next: () => Promise.resolve() };
