/**
 * A mount namespace in which /etc and /usr/local may be changed: users, groups and installed programs of a test are gone with it.
 * The network is the machine's own.
 */

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Both folders on a file system of its own, what is in them as before; then it waits for its end. */
const SCRIPT = `
set -e
mount -t tmpfs -o mode=755 tmpfs "$1"
cp -a /etc "$1/etc"
mkdir "$1/local"
for one in /usr/local/*; do
  name="$1/local/\${one##*/}"
  if [ -L "$one" ]; then cp -a "$one" "$name"
  elif [ -d "$one" ]; then mkdir "$name"; mount --rbind "$one" "$name"
  elif [ -e "$one" ]; then cp -a "$one" "$name"
  fi
done
mount --bind "$1/etc" /etc
mount --rbind "$1/local" /usr/local
echo ready
exec cat
`;

export interface Said {
  readonly code: number | null;
  readonly out: string;
}

export class PrivateMachine {
  readonly folder = mkdtempSync(join(tmpdir(), 'nagare-machine-'));
  private readonly holder: ChildProcess;

  private constructor(holder: ChildProcess) {
    this.holder = holder;
  }

  static async start(): Promise<PrivateMachine> {
    const place = mkdtempSync(join(tmpdir(), 'nagare-mounts-'));
    const words = ['--mount', '--propagation', 'private', 'sh', '-c', SCRIPT, 'sh', place];
    const holder = spawn('unshare', words, { stdio: ['pipe', 'pipe', 'inherit'] });
    await new Promise<void>((resolve, reject) => {
      holder.stdout.once('data', () => resolve());
      holder.once('close', (code) => {
        rmSync(place, { recursive: true, force: true });
        reject(new Error(`no mount namespace: exit code ${code ?? ''}`));
      });
    });
    return new PrivateMachine(holder);
  }

  /** Runs a program there; as root unless a user is named, who has the groups that /etc gives. */
  run(user: string | null, env: Readonly<Record<string, string>>, ...command: readonly string[]): Said {
    const as = user === null ? [] : ['setpriv', '--reuid', user, '--regid', user, '--init-groups', '--'];
    const words = [`--mount=/proc/${this.holder.pid ?? 0}/ns/mnt`, '--', ...as, ...command];
    const { status, stdout, stderr } = spawnSync('nsenter', words, {
      encoding: 'utf8',
      env: { ...process.env, ...env },
      timeout: 60_000,
    });
    return { code: status, out: stdout + stderr };
  }

  /** As root, where nothing may go wrong. */
  must(...command: readonly string[]): void {
    const { code, out } = this.run(null, {}, ...command);
    if (code !== 0) throw new Error(`${command.join(' ')}: ${out}`);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.holder.once('close', resolve));
    this.holder.stdin?.end();
    await closed;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What the tests of installing need besides root; null: all of it is there. */
export function machineLacks(): string | null {
  for (const name of ['unshare', 'nsenter', 'setpriv', 'useradd', 'groupadd', 'setcap']) {
    if (spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0) return name;
  }
  try {
    execFileSync('unshare', ['--mount', '--propagation', 'private', 'true'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'mount namespaces (unshare --mount)';
  }
}
