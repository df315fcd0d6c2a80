/**
 * A real sshd (OpenSSH) on the far side of the test's cable, with keys made for one test, and the system's own ssh client set
 * up for it. What sshd wants of /run and /etc is in a mount namespace of its own.
 */

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../engine/host/capture/program.ts';
import { type Network, said, THERE } from './network.ts';

const PORT = 2222;
/** Who may log in there without any right. */
export const GUEST = 'nagare-guest';
const GUEST_ID = 64_321;

const SSHD = findProgram('sshd', ['/usr/sbin']);
export const sshLacks: string | null =
  SSHD === null ? 'sshd' : (['ssh', 'ssh-keygen', 'unshare'].find((name) => findProgram(name) === null) ?? null);

/** Its own /run, and accounts that may log in: root is not locked, a guest is there. */
const SCRIPT = `
set -e
mount -t tmpfs tmpfs /run
mkdir /run/sshd
for name in passwd shadow; do mount --bind "$1/$name" "/etc/$name"; done
exec "$2" -D -e -f "$1/sshd_config"
`;

export class SshServer {
  /** To be put first in PATH: an ssh that knows where and how. */
  readonly bin: string;
  private readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.bin = join(folder, 'bin');
  }

  /** \`path\`: what the sessions find programs in; null: everything. */
  static async start(network: Network, path: string | null = null): Promise<SshServer> {
    const folder = join(network.folder, 'ssh');
    mkdirSync(join(folder, 'bin'), { recursive: true });
    chmodSync(network.folder, 0o755);
    for (const key of ['host', 'user', 'stranger'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, key)]);
    const publicKey = (name: string): string => readFileSync(join(folder, `${name}.pub`), 'utf8');
    const environment = path === null ? '' : `environment="PATH=${path}" `;
    write(folder, 'authorized_keys', `${environment}${publicKey('user')}`);
    write(folder, 'known_hosts', `[${THERE.address}]:${PORT} ${publicKey('host')}`);
    // What this machine's root has in its profile is not looked at.
    const accounts = readFileSync('/etc/passwd', 'utf8').replace(/^root:.*$/m, `root:x:0:0:root:${folder}:/bin/sh`);
    write(folder, 'passwd', `${accounts}${GUEST}:x:${GUEST_ID}:${GUEST_ID}::/:/bin/sh\n`);
    const shadow = readFileSync('/etc/shadow', 'utf8').replace(/^root:[^:]*:/m, 'root:*:');
    write(folder, 'shadow', `${shadow}${GUEST}:*:20000:0:99999:7:::\n`, 0o600);
    const settings = [
      `Port ${PORT}`,
      `ListenAddress ${THERE.address}`,
      `HostKey ${join(folder, 'host')}`,
      `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
      ...[
        'PermitRootLogin yes',
        'PermitUserEnvironment yes',
        'StrictModes no',
        'UsePAM no',
        'UseDNS no',
        'PidFile none',
      ],
    ];
    write(folder, 'sshd_config', `${settings.join('\n')}\n`);
    const server = new SshServer(folder);
    const real = network.wrap(findProgram('ssh') ?? 'ssh');
    server.useClient(real, 'user', 'known_hosts');
    const words = ['--mount', '--propagation', 'private', 'sh', '-c', SCRIPT, 'sh', folder, SSHD ?? ''];
    await said(network.start('there', 'unshare', ...words), 'stderr', 'Server listening');
    return server;
  }

  /** The client has this key, and knows the hosts of that file. */
  useClient(real: string, key: 'user' | 'stranger', knownHosts: string): void {
    const { folder } = this;
    const options = [
      `Port ${PORT}`,
      `IdentityFile ${join(folder, key)}`,
      'IdentitiesOnly yes',
      `UserKnownHostsFile ${join(folder, knownHosts)}`,
      ...['GlobalKnownHostsFile none', 'StrictHostKeyChecking yes'],
    ];
    write(folder, 'ssh_config', `${options.join('\n')}\n`);
    write(folder, 'bin/ssh', `#!/bin/sh\nexec ${real} -F ${join(folder, 'ssh_config')} "$@"\n`, 0o755);
  }
}

function write(folder: string, name: string, text: string, mode = 0o644): void {
  writeFileSync(join(folder, name), text);
  chmodSync(join(folder, name), mode);
}
