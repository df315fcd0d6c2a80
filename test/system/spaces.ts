/**
 * Machines of one test as network namespaces, with cables between any two of them, programs that run on them and captures of
 * their cards; all of it is gone when the test is over.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCompiler } from '../../scripts/build/native.ts';
import { collect, NO_IPV6, program, run, said } from './network.ts';

export interface Plug {
  readonly space: string;
  readonly card: string;
  readonly address: string;
}

/** What the kernel's buffer still holds is handed over up to a second later. */
const SETTLE_MS = 1500;
/** In KiB: a flood must not be lost between two turns of the program that writes it. */
const BUFFER = '65536';
const PREFIX = 24;

export interface CaptureOptions {
  /** Bytes kept of each packet; 0: all. */
  readonly snap?: number;
  readonly filter?: string;
}

export class Spaces {
  readonly folder = mkdtempSync(join(tmpdir(), 'nagare-system-'));
  private readonly children: ChildProcess[] = [];
  private readonly names = new Map<string, string>();
  private captures = 0;

  constructor(...spaces: string[]) {
    for (const space of spaces) {
      const name = `nagare-${space}-${this.folder.slice(-6)}`;
      run('ip', 'netns', 'add', name);
      this.names.set(space, name);
      run('ip', 'netns', 'exec', name, 'sh', '-c', NO_IPV6);
      run('ip', '-n', name, 'link', 'set', 'lo', 'up');
    }
  }

  private name(space: string): string {
    const name = this.names.get(space);
    if (name === undefined) throw new Error(`there is no namespace ${space}`);
    return name;
  }

  /** A pair of cards; one with address '' has none. */
  cable(a: Plug, b: Plug): void {
    const peer = ['type', 'veth', 'peer', 'name', b.card, 'netns', this.name(b.space)];
    run('ip', 'link', 'add', a.card, 'netns', this.name(a.space), ...peer);
    for (const { space, card, address } of [a, b]) {
      if (address !== '') this.run(space, 'ip', 'addr', 'add', `${address}/${PREFIX}`, 'dev', card);
      this.run(space, 'ip', 'link', 'set', card, 'up');
    }
  }

  run(space: string, ...command: string[]): string {
    return run('ip', 'netns', 'exec', this.name(space), ...command);
  }

  /** False where it fails: the kernel, or the system, does not have it. */
  can(space: string, ...command: string[]): boolean {
    try {
      this.run(space, ...command);
      return true;
    } catch {
      return false;
    }
  }

  /** Segmentation and checksums by the card. */
  offload(space: string, card: string, state: 'on' | 'off'): void {
    this.run(space, compiled('offload'), card, state);
  }

  start(space: string, ...command: string[]): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', this.name(space), ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.children.push(child);
    return child;
  }

  /** Runs it to its end and gives what it printed; throws where it fails. */
  async finish(space: string, ...command: string[]): Promise<string> {
    const child = this.start(space, ...command);
    const output = [collect(child, 'stdout'), collect(child, 'stderr')] as const;
    const [code] = (await once(child, 'close')) as [number | null];
    const [out, error] = await Promise.all(output);
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${error}`);
    return out;
  }

  /** Begins a capture; what it gives ends it and reads the file. Throws where the kernel had to drop packets. */
  async capture(
    space: string,
    card: string,
    { snap = 0, filter = 'tcp' }: CaptureOptions = {},
  ): Promise<() => Promise<Uint8Array>> {
    const file = join(this.folder, `${++this.captures}.pcap`);
    const options = ['-i', card, '-n', '-s', String(snap), '-B', BUFFER, '-w', file, '--time-stamp-precision=nano'];
    const child = this.start(space, 'tcpdump', ...options, filter);
    let report = '';
    child.stderr?.on('data', (text: Buffer) => {
      report += text.toString();
    });
    await said(child, 'stderr', 'listening on');
    return async () => {
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      child.kill('SIGINT');
      await once(child, 'close');
      const dropped = /(\d+) packets? dropped by kernel/.exec(report)?.[1];
      if (dropped !== '0') throw new Error(`tcpdump on ${card}: ${report}`);
      return new Uint8Array(readFileSync(file));
    };
  }

  close(): void {
    for (const child of this.children) child.kill('SIGKILL');
    for (const name of this.names.values()) run('ip', 'netns', 'del', name);
    rmSync(this.folder, { recursive: true });
  }
}

const built = new Map<string, string>();

/** A program of one file in C. */
export function compiled(name: string): string {
  let file = built.get(name);
  if (file === undefined) {
    const compiler = findCompiler('linux');
    if (compiler === null) throw new Error('there is no C compiler');
    const folder = join(process.cwd(), 'build/system-tests');
    mkdirSync(folder, { recursive: true });
    file = join(folder, name);
    execFileSync(compiler, [
      '-std=c17',
      '-O2',
      '-Wall',
      '-Wextra',
      '-Wpedantic',
      '-Werror',
      program(`${name}.c`),
      '-o',
      file,
    ]);
    built.set(name, file);
  }
  return file;
}

/** Is this program on the path? */
export function hasProgram(name: string): boolean {
  try {
    run('sh', '-c', `command -v ${name}`);
    return true;
  } catch {
    return false;
  }
}
