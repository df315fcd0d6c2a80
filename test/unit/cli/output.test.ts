import { describe, expect, it } from 'vitest';
import { forTerminal, StreamOutput, type TextStream } from '../../../cli/output/output.ts';

class FakeStream implements TextStream {
  readonly isTTY: boolean;
  writableNeedDrain = false;
  destroyed = false;
  readonly pieces: (string | Uint8Array)[] = [];
  private readonly listeners: (() => void)[] = [];

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(piece: string | Uint8Array, done?: () => void): boolean {
    if (piece.length > 0) this.pieces.push(piece);
    done?.();
    return !this.writableNeedDrain;
  }

  once(_: 'drain' | 'close', listener: () => void): this {
    this.listeners.push(listener);
    return this;
  }

  removeListener(): this {
    return this;
  }

  drain(): void {
    this.writableNeedDrain = false;
    for (const listener of this.listeners.splice(0)) listener();
  }
}

describe('output', () => {
  it('escapes on a terminal what would move the cursor, and nothing elsewhere', async () => {
    const evil = 'a\u001b[2Jb\u0007\r\u202e\u009b1m\tc\n';
    const [terminal, pipe] = [new FakeStream(true), new FakeStream(false)];
    for (const stream of [terminal, pipe]) {
      const output = new StreamOutput(stream);
      output.write(evil);
      await output.flush();
    }
    expect(terminal.pieces).toEqual(['a\\033[2Jb\\a\\r\\u202e\\u009b1m\tc\n']);
    expect(pipe.pieces).toEqual([evil]);
  });

  it('leaves escapes that are there already', () => {
    expect(forTerminal('C:\\path "quoted" \\n')).toBe('C:\\path "quoted" \\n');
  });

  it('puts many small pieces into few large ones', async () => {
    const stream = new FakeStream(false);
    const output = new StreamOutput(stream);
    for (let i = 0; i < 50_000; i++) output.write('0123456789\n');
    await output.flush();
    expect(stream.pieces.length).toBeLessThan(12);
    expect(stream.pieces.join('')).toBe('0123456789\n'.repeat(50_000));
  });

  it('keeps bytes behind the text before them', async () => {
    const stream = new FakeStream(false);
    const output = new StreamOutput(stream);
    output.write('text');
    output.writeBytes(Uint8Array.of(1, 2));
    await output.flush();
    expect(stream.pieces).toEqual(['text', Uint8Array.of(1, 2)]);
  });

  it('waits for a slow reader, and not for one that has gone', async () => {
    const stream = new FakeStream(false);
    const output = new StreamOutput(stream);
    expect(output.ready()).toBeNull();
    stream.writableNeedDrain = true;
    const waiting = output.ready();
    expect(waiting).not.toBeNull();
    stream.drain();
    await waiting;
    stream.writableNeedDrain = true;
    stream.destroyed = true;
    expect(output.ready()).toBeNull();
  });
});
