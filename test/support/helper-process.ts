/** The capture helper as a running program: its events as they come, its standard input, its end. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

export interface HelperEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

interface Waiter {
  readonly isIt: (event: HelperEvent) => boolean;
  readonly found: (event: HelperEvent) => void;
  readonly ended: (reason: Error) => void;
}

export class HelperProcess {
  readonly events: HelperEvent[] = [];
  readonly exit: Promise<number | null>;
  errorText = '';
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly waiters = new Set<Waiter>();
  private text = '';

  constructor(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(program, args, { stdio: 'pipe', env: { ...process.env, ...env } });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => this.take(text));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.errorText += text;
    });
    this.child.stdin.on('error', () => undefined); // it may have ended already, which `exit` tells
    this.exit = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (code) => {
        for (const waiter of this.waiters) waiter.ended(new Error(`the helper ended first: ${this.story()}`));
        resolve(code);
      });
    });
  }

  get pid(): number {
    const { pid } = this.child;
    if (pid === undefined) throw new Error('the helper was not started');
    return pid;
  }

  /** The first event of this name that fulfils the condition, also one that has come already. */
  next(name: string, isIt: (event: HelperEvent) => boolean = () => true): Promise<HelperEvent> {
    const fits = (event: HelperEvent) => event.event === name && isIt(event);
    const found = this.events.find(fits);
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { isIt: fits, found: resolve, ended: reject };
      this.waiters.add(waiter);
    });
  }

  all(name: string): HelperEvent[] {
    return this.events.filter((event) => event.event === name);
  }

  send(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  closeInput(): void {
    this.child.stdin.end();
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Tells it to stop and waits for its end. */
  async stop(): Promise<HelperEvent> {
    this.send('stop');
    await this.exit;
    const stopped = this.events.at(-1);
    if (stopped?.event !== 'stopped') throw new Error(`the helper did not stop: ${this.story()}`);
    return stopped;
  }

  /** What it said, for messages of failed tests. */
  story(): string {
    return [...this.events.map((event) => JSON.stringify(event)), this.errorText].join('\n');
  }

  private take(text: string): void {
    this.text += text;
    const lines = this.text.split('\n');
    this.text = lines.pop() ?? '';
    for (const line of lines) {
      const event = JSON.parse(line) as HelperEvent;
      this.events.push(event);
      for (const waiter of this.waiters) {
        if (!waiter.isIt(event)) continue;
        this.waiters.delete(waiter);
        waiter.found(event);
      }
    }
  }
}

/** Runs it to its end. */
export async function runHelper(
  program: string,
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly events: readonly HelperEvent[]; readonly errorText: string }> {
  const helper = new HelperProcess(program, args);
  helper.closeInput();
  const code = await helper.exit;
  return { code, events: helper.events, errorText: helper.errorText };
}
