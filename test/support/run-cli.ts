/** Runs a command line of ours in this process, and keeps what it says. */

import { main } from '../../cli/main.ts';
import type { Output } from '../../cli/output/output.ts';

export interface CliRun {
  readonly code: number;
  readonly out: string;
  /** The same as bytes. */
  readonly bytes: Uint8Array;
  readonly err: string;
}

export interface CliSettings {
  readonly env?: Readonly<Record<string, string>>;
  readonly systemLanguage?: string;
  readonly signal?: AbortSignal;
}

class CapturedOutput implements Output {
  readonly isTerminal = false;
  private readonly pieces: Uint8Array[] = [];

  write(text: string): void {
    this.pieces.push(new TextEncoder().encode(text));
  }

  writeBytes(bytes: Uint8Array): void {
    this.pieces.push(bytes.slice());
  }

  ready(): null {
    return null;
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  get bytes(): Uint8Array {
    return Buffer.concat(this.pieces);
  }

  get text(): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.bytes);
  }
}

export async function runCli(argv: readonly string[], settings: CliSettings = {}): Promise<CliRun> {
  const out = new CapturedOutput();
  const err = new CapturedOutput();
  const { env = {}, systemLanguage = 'en-US', signal = new AbortController().signal } = settings;
  const code = await main(argv, { out, err, env, signal, systemLanguage });
  return { code, out: out.text, bytes: out.bytes, err: err.text };
}
