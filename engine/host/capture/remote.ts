/**
 * A capture on another machine: its tcpdump or dumpcap, over the system's ssh client. What ssh is told is an argument
 * list; what runs there passes a shell once, every word of ours in quotes. The packets of the session itself are left out.
 */

import { closeSync, openSync, writeSync } from 'node:fs';
import type { CaptureSettings } from '../../contract/capture.ts';
import { ProgramRun } from './child-run.ts';
import { dumpcapArguments } from './dumpcap.ts';
import { findProgram } from './program.ts';
import { tcpdumpArguments, tcpdumpCounts, unsupported } from './tcpdump.ts';
import { type CaptureTool, NO_PERMISSION, needError, type RunListener, type Survey, type ToolRun } from './tool.ts';

type Remote = NonNullable<CaptureSettings['remote']>;

const CONNECT_SECONDS = 15;

/** Throws a NagareError where there is no ssh client. */
export function remoteTool(remote: Remote): CaptureTool {
  const ssh = findProgram('ssh', ['C:\\Windows\\System32\\OpenSSH']);
  if (ssh === null) throw needError({ key: 'no-ssh', params: {} }, 'The program ssh is missing.');
  return new RemoteTool(ssh, remote);
}

export class RemoteTool implements CaptureTool {
  readonly name: 'tcpdump' | 'dumpcap';
  readonly isExact = true;
  readonly extension: 'pcap' | 'pcapng';
  readonly isLive = true;
  private readonly ssh: string;
  private readonly remote: Remote;

  constructor(ssh: string, remote: Remote) {
    this.ssh = ssh;
    this.remote = remote;
    this.name = remote.tool;
    this.extension = remote.tool === 'dumpcap' ? 'pcapng' : 'pcap';
  }

  /** Nobody asks: what is there shows when it starts. */
  survey(): Promise<Survey> {
    return Promise.resolve({ version: '', interfaces: [], needs: [] });
  }

  checkFilter(): Promise<null> {
    return Promise.resolve(null);
  }

  start(options: CaptureSettings, path: string, listener: RunListener): ToolRun {
    const params = { interface: options.interfaces.join(', '), path };
    const wrong = unsupported(options);
    if (wrong !== null) throw needError({ key: wrong, params: { ...params, reason: '' } }, `${this.name}: ${wrong}`);
    const file = openSync(path, 'w', 0o600);
    let isReady = false;
    const run = new ProgramRun(
      {
        program: this.ssh,
        args: sshArguments(this.remote, remoteCommand(options, this.remote)),
        onOutput: (bytes) => {
          for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
        },
        opened: (line) => {
          if (isReady || !/^tcpdump: listening on |^File: /.test(line)) return null;
          isReady = true;
          return path;
        },
        counts: tcpdumpCounts,
        endsByInput: true,
        renamed: (need) => (need.key === NO_PERMISSION ? { ...need, key: 'remote-permission' } : need),
      },
      listener,
      params,
    );
    void run.ended.then(() => closeSync(file));
    return run;
  }
}

/** No terminal, no password asked for, no escape character in the stream; what follows `--` is never an option. */
export function sshArguments({ destination, port }: Remote, command: string): string[] {
  const options = ['BatchMode=yes', `ConnectTimeout=${CONNECT_SECONDS}`, 'ServerAliveInterval=15'];
  return [
    '-T',
    '-e',
    'none',
    ...options.flatMap((option) => ['-o', option]),
    ...(port === null ? [] : ['-p', String(port)]),
    '--',
    destination,
    command,
  ];
}

/**
 * What the other machine's shell is told. The capture runs in the background and ends with our end of the connection, so
 * that its last packets and counts come over; `sh -c` because the login shell may be another one.
 */
export function remoteCommand(options: CaptureSettings, { tool, sudo }: Remote): string {
  const sudoWords = sudo ? 'sudo -n ' : '';
  const own = '"(tcp and host $c and port ${2:-22} and port ${4:-22})"';
  const wanted = options.filter === '' ? `"not "${own}` : `${quoted(`(${options.filter}) and not `)}${own}`;
  const plain = { ...options, filter: '' };
  const words =
    tool === 'tcpdump'
      ? ['tcpdump', ...tcpdumpArguments(plain, '-').map(quoted), '--', wanted]
      : ['dumpcap', '-f', wanted, ...dumpcapArguments(plain, '-').map(quoted)];
  const script = [
    // Client's address and port, own address and port.
    'set -- $SSH_CONNECTION',
    'c=${1:-0.0.0.0}; c=${c%%%*}', // without the zone of a link-local address
    'exec 3<&0',
    `${sudoWords}${words.join(' ')} </dev/null & p=$!`,
    `{ cat <&3 >/dev/null; ${sudoWords}kill -TERM $p; } >/dev/null 2>&1 &`,
    'wait $p',
  ];
  return `exec sh -c ${quoted(script.join('\n'))}`;
}

/** A word that every POSIX shell takes as it is. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
