/** Linux: the kernel's socket tables (/proc/net/tcp and its like, proc(5)), and whose descriptors their inodes are. */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { formatIpv4, formatIpv6 } from '../../../base/address.ts';
import type { SocketOwner } from '../../../session/live-owners.ts';

type Socket = Omit<SocketOwner, 'id' | 'name'> & { readonly inode: number };

const TABLES: readonly (readonly [string, number])[] = [
  ['tcp', 6],
  ['tcp6', 6],
  ['udp', 17],
  ['udp6', 17],
];
/** ::ffff:0:0/96 */
const MAPPED = '::ffff:';

/** `0100007F:1F90`: the address as words in this machine's order (little-endian), the port in hexadecimal. */
function endOf(text: string): readonly [string, number] {
  const [address = '', port = '0'] = text.split(':');
  const bytes = new Uint8Array(address.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const word = i - (i % 4);
    bytes[word + 3 - (i % 4)] = Number.parseInt(address.slice(2 * i, 2 * i + 2), 16);
  }
  if (bytes.every((byte) => byte === 0)) return ['', Number.parseInt(port, 16)];
  const shown =
    bytes.length === 4
      ? formatIpv4(((bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3]) >>> 0)
      : formatIpv6(bytes);
  return [shown.startsWith(MAPPED) ? shown.slice(MAPPED.length) : shown, Number.parseInt(port, 16)];
}

/** Lines of /proc/net/tcp, tcp6, udp, udp6 behind the heading. */
export function parseSocketTable(text: string, protocol: number): Socket[] {
  return text.split('\n').flatMap((line) => {
    const words = line.trim().split(/\s+/);
    const inode = Number(words[9]);
    if (!/^\d+:$/.test(words[0] ?? '') || !(inode > 0)) return [];
    const [local, localPort] = endOf(words[1] ?? '');
    const [remote, remotePort] = endOf(words[2] ?? '');
    return [{ protocol, local, localPort, remote, remotePort, inode }];
  });
}

/** Asks again and again: inodes that are known already are not looked for. */
export class LinuxSockets {
  private readonly known = new Map<number, { readonly id: number; readonly name: string } | null>();

  look(): SocketOwner[] {
    const sockets = TABLES.flatMap(([name, protocol]) => parseSocketTable(readOr(`/proc/net/${name}`), protocol));
    const inodes = new Set(sockets.map(({ inode }) => inode));
    for (const inode of this.known.keys()) if (!inodes.has(inode)) this.known.delete(inode);
    if ([...inodes].some((inode) => !this.known.has(inode))) this.find(inodes);
    return sockets.flatMap(({ inode, ...ends }) => {
      const owner = this.known.get(inode) ?? null;
      return owner === null ? [] : [{ ...ends, ...owner }];
    });
  }

  /** Other users' processes do not show their descriptors: their sockets stay nobody's. */
  private find(wanted: ReadonlySet<number>): void {
    for (const inode of wanted) if (!this.known.has(inode)) this.known.set(inode, null);
    for (const entry of listOr('/proc')) {
      const id = Number(entry);
      if (!Number.isInteger(id)) continue;
      let name: string | undefined;
      for (const descriptor of listOr(`/proc/${id}/fd`)) {
        const inode = socketInode(`/proc/${id}/fd/${descriptor}`);
        if (inode === null || this.known.get(inode) !== null || !wanted.has(inode)) continue;
        name ??= readOr(`/proc/${id}/comm`).trim();
        this.known.set(inode, { id, name });
      }
    }
  }
}

function socketInode(path: string): number | null {
  try {
    const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1];
    return inode === undefined ? null : Number(inode);
  } catch {
    return null; // closed meanwhile
  }
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // no IPv6, or the process has ended
  }
}

function listOr(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return []; // another user's, or ended
  }
}
