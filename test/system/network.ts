/**
 * Two machines on one cable: network namespaces joined by a pair of virtual cards (veth), made for one test and removed
 * after it. Without IPv6, so that nothing but the test's own traffic is on the cable.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileNative, findCompiler } from '../../scripts/build/native.ts';
import { SYSTEM_PARTS } from '../../scripts/test/system-parts.ts';
import { HelperProcess } from '../support/helper-process.ts';

export const HERE = { address: '192.0.2.1', card: 'here0' } as const;
export const THERE = { address: '192.0.2.2', card: 'there0' } as const;
/** A third machine that is not on the cable: frames to it are seen by who captures, and by nobody else. */
export const ABSENT = { address: '192.0.2.99', mac: '02:00:5e:00:53:99' } as const;

const PREFIX = 24;
/** Where the kernel has IPv6 at all. */
export const NO_IPV6 = 'f=/proc/sys/net/ipv6/conf/all/disable_ipv6; [ ! -e $f ] || echo 1 >$f';

export function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** What the tests of this folder need; null where all of it is there, what is missing else. */
function findMissing(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'root on Linux';
  if (findCompiler('linux') === null) return 'a C compiler';
  for (const name of ['libpcap', 'tcpdump']) {
    if (SYSTEM_PARTS.find((part) => part.name.startsWith(name))?.isThere() !== true) return name;
  }
  const probe = `nagare-probe-${process.pid}`;
  try {
    run('ip', 'netns', 'add', probe);
    run('ip', 'netns', 'del', probe);
    return null;
  } catch {
    return 'network namespaces (ip netns add)';
  }
}

export const missing = findMissing();

interface CableEnd {
  readonly address: string;
  readonly card: string;
}

export class Network {
  readonly folder = mkdtempSync(join(tmpdir(), 'nagare-system-'));
  private readonly here: string;
  private readonly there: string;
  private readonly children: ChildProcess[] = [];
  private readonly mounts: string[] = [];

  constructor() {
    const name = this.folder.slice(-6);
    this.here = `nagare-here-${name}`;
    this.there = `nagare-there-${name}`;
    run('ip', 'netns', 'add', this.here);
    run('ip', 'netns', 'add', this.there);
    for (const space of [this.here, this.there]) {
      run('ip', 'netns', 'exec', space, 'sh', '-c', NO_IPV6);
      run('ip', '-n', space, 'link', 'set', 'lo', 'up');
    }
    this.connect();
  }

  /** Plugs the cable in: also again, after a card was removed. */
  connect(): void {
    this.addCable(HERE, THERE);
    run('ip', '-n', this.there, 'neigh', 'add', ABSENT.address, 'lladdr', ABSENT.mac, 'dev', THERE.card);
  }

  /** Another cable between the two. */
  addCable(here: CableEnd, there: CableEnd): void {
    const cable = ['type', 'veth', 'peer', 'name', there.card, 'netns', this.there];
    run('ip', 'link', 'add', here.card, 'netns', this.here, ...cable);
    for (const [space, { address, card }] of [[this.here, here] as const, [this.there, there] as const]) {
      run('ip', '-n', space, 'addr', 'add', `${address}/${PREFIX}`, 'dev', card);
      run('ip', '-n', space, 'link', 'set', card, 'up');
    }
  }

  removeCard(): void {
    run('ip', '-n', this.here, 'link', 'del', HERE.card);
  }

  setCard(state: 'up' | 'down'): void {
    run('ip', '-n', this.here, 'link', 'set', HERE.card, state);
  }

  /** The helper, on this side of the cable; `through` is a program that starts it. */
  capture(args: readonly string[], through: readonly string[] = []): HelperProcess {
    return new HelperProcess('ip', ['netns', 'exec', this.here, ...through, helperProgram(), 'capture', ...args]);
  }

  /** A program that runs another one on this side: for who takes the path of a program only. */
  wrap(program: string): string {
    const wrapper = join(this.folder, 'wrapped');
    writeFileSync(wrapper, `#!/bin/sh\nexec ip netns exec ${this.here} '${program}' "$@"\n`, { mode: 0o700 });
    return wrapper;
  }

  start(side: 'here' | 'there', ...command: string[]): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', this[side], ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.children.push(child);
    return child;
  }

  /** Runs it to its end and gives what it printed; throws where it fails. */
  async finish(side: 'here' | 'there', ...command: string[]): Promise<string> {
    const child = this.start(side, ...command);
    const output = [collect(child, 'stdout'), collect(child, 'stderr')] as const;
    const [code] = (await once(child, 'close')) as [number | null];
    const [out, error] = await Promise.all(output);
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${error}`);
    return out;
  }

  /** A disk of so many bytes. */
  mountSmallDisk(bytes: number): string {
    const place = join(this.folder, 'disk');
    mkdirSync(place);
    run('mount', '-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', place);
    this.mounts.push(place);
    return place;
  }

  close(): void {
    for (const child of this.children) child.kill('SIGKILL');
    for (const place of this.mounts) run('umount', place);
    run('ip', 'netns', 'del', this.here);
    run('ip', 'netns', 'del', this.there);
    rmSync(this.folder, { recursive: true });
  }
}

/** Waits until the stream has said `text`; throws where it ends before. */
export function said(child: ChildProcess, stream: 'stdout' | 'stderr', text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = '';
    child[stream]?.setEncoding('utf8').on('data', (piece: string) => {
      seen += piece;
      if (seen.includes(text)) resolve();
    });
    child.once('close', () => reject(new Error(`it ended without saying ${text}: ${seen}`)));
  });
}

export async function collect(child: ChildProcess, stream: 'stdout' | 'stderr'): Promise<string> {
  let text = '';
  for await (const piece of child[stream]?.setEncoding('utf8') ?? []) text += String(piece);
  return text;
}

let built: { readonly helper: string; readonly traffic: string } | null = null;

/** As it is installed: without sanitizers. */
export function buildPrograms(): void {
  const compiler = findCompiler('linux');
  if (compiler === null) throw new Error('there is no C compiler');
  const folder = join(process.cwd(), 'build/system-tests');
  mkdirSync(folder, { recursive: true });
  const helper = join(folder, 'nagare-capture');
  const traffic = join(folder, 'traffic');
  compileNative(process.cwd(), compiler, { target: 'linux', output: helper, mains: ['native/main.c'], flags: ['-O2'] });
  execFileSync(compiler, ['-std=c17', '-O2', '-Wall', '-Wextra', '-Werror', program('traffic.c'), '-o', traffic]);
  built = { helper, traffic };
}

function helperProgram(): string {
  if (built === null) throw new Error('the programs are not built');
  return built.helper;
}

export function trafficProgram(): string {
  if (built === null) throw new Error('the programs are not built');
  return built.traffic;
}

/** A file of the folder `programs`. */
export function program(name: string): string {
  return join(process.cwd(), 'test/system/programs', name);
}
