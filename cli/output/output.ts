/**
 * A text output: pieces are put together and handed on in large ones. On a terminal, characters that would move the cursor,
 * ring bells or turn the writing round are escaped, wherever they come from.
 */

import { escapeText } from '../../engine/base/text.ts';

export interface Output {
  readonly isTerminal: boolean;
  write(text: string): void;
  /** Bytes as they are, after what was written before. */
  writeBytes(bytes: Uint8Array): void;
  /** Null, or a promise to wait for: whoever reads is slower than we are. */
  ready(): Promise<void> | null;
  /** Hands on what is left, and waits until it is gone. */
  flush(): Promise<void>;
}

/** What an output needs of a Node stream. */
export interface TextStream {
  readonly isTTY?: boolean;
  readonly writableNeedDrain: boolean;
  readonly destroyed: boolean;
  write(piece: string | Uint8Array, done?: (error?: Error | null) => void): boolean;
  once(event: 'drain' | 'close', listener: () => void): unknown;
  removeListener(event: 'drain' | 'close', listener: () => void): unknown;
}

const PIECE_CHARACTERS = 64 * 1024;

export class StreamOutput implements Output {
  readonly isTerminal: boolean;
  private readonly stream: TextStream;
  private pending = '';

  constructor(stream: TextStream) {
    this.stream = stream;
    this.isTerminal = stream.isTTY === true;
  }

  write(text: string): void {
    this.pending += this.isTerminal ? forTerminal(text) : text;
    if (this.pending.length >= PIECE_CHARACTERS) this.pass();
  }

  writeBytes(bytes: Uint8Array): void {
    this.pass();
    this.stream.write(bytes.slice()); // the stream keeps it, and its owner may use it again
  }

  ready(): Promise<void> | null {
    const { stream } = this;
    if (!stream.writableNeedDrain || stream.destroyed) return null;
    return new Promise((resolve) => {
      const settle = (): void => {
        stream.removeListener('drain', settle);
        stream.removeListener('close', settle);
        resolve();
      };
      stream.once('drain', settle);
      stream.once('close', settle);
    });
  }

  async flush(): Promise<void> {
    this.pass();
    if (this.stream.destroyed) return;
    await new Promise<void>((resolve) => {
      this.stream.write('', () => resolve());
    });
  }

  private pass(): void {
    if (this.pending !== '' && !this.stream.destroyed) this.stream.write(this.pending);
    this.pending = '';
  }
}

/** Line ends and tabs are ours; escapeText() would double the backslashes that it has written before. */
export function forTerminal(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escapeText);
}
