/** Windows (netstat, tasklist) and macOS (lsof): what their own commands say of sockets and processes. */

import type { SocketOwner } from '../../../session/live-owners.ts';

const PROTOCOLS: Readonly<Record<string, number>> = { TCP: 6, UDP: 17 };

/** `192.0.2.1:443`, `[2001:db8::1%4]:443`, `*:*`, `0.0.0.0:0`: no address where it stands for any. */
function endOf(text: string): readonly [string, number] {
  const [, address = '', port = '0'] = /^\[?([^\]]*?)(?:%\w+)?\]?:(\d+|\*)$/.exec(text) ?? [];
  const isAny = address === '*' || address === '0.0.0.0' || address === '::' || address === '';
  return [isAny ? '' : address.toLowerCase(), port === '*' ? 0 : Number(port)];
}

/** `netstat -ano` and `tasklist /fo csv /nh`; headings and states are in the language of the system, and not read. */
export function windowsOwners(netstat: string, tasklist: string): SocketOwner[] {
  const names = new Map<number, string>();
  for (const line of tasklist.split(/\r?\n/)) {
    const [, name, id] = /^"([^"]*)","(\d+)"/.exec(line) ?? [];
    if (name !== undefined && id !== undefined) names.set(Number(id), name);
  }
  return netstat.split(/\r?\n/).flatMap((line) => {
    const words = line.trim().split(/\s+/);
    const protocol = PROTOCOLS[words[0] ?? ''];
    const id = Number(words.at(-1));
    if (protocol === undefined || !(id > 0)) return [];
    const [local, localPort] = endOf(words[1] ?? '');
    const [remote, remotePort] = endOf(words[2] ?? '');
    return [{ protocol, local, localPort, remote, remotePort, id, name: names.get(id) ?? `process ${id}` }];
  });
}

/** `lsof -nP -i -FpcPn`: a process's lines, then a protocol and a name (`a:1->b:2`) for each of its sockets. */
export function macosOwners(lsof: string): SocketOwner[] {
  const owners: SocketOwner[] = [];
  let id = 0;
  let name = '';
  let protocol: number | undefined;
  for (const line of lsof.split('\n')) {
    const value = line.slice(1);
    switch (line[0]) {
      case 'p':
        id = Number(value);
        break;
      case 'c':
        name = value;
        break;
      case 'P':
        protocol = PROTOCOLS[value];
        break;
      case 'n': {
        const [near = '', far = '*:*'] = value.split('->');
        const [local, localPort] = endOf(near);
        const [remote, remotePort] = endOf(far);
        if (protocol !== undefined && localPort > 0)
          owners.push({ protocol, local, localPort, remote, remotePort, id, name });
        break;
      }
      default:
    }
  }
  return owners;
}
