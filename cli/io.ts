/** What a command has of the world: two outputs, the environment, and a signal that says nobody wants it any more. */

import type { Output } from './output/output.ts';

export interface Io {
  readonly out: Output;
  readonly err: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl+C, and when whoever reads the output has gone. */
  readonly signal: AbortSignal;
  /** The language of the system, where the environment does not say it: a tag like `ja-JP`. */
  readonly systemLanguage: string;
}
