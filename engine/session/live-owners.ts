/** Whose sockets are whose while a capture runs, as the machine's own tables say: the likely program of a flow. */

import { formatIpv4, formatIpv6 } from '../base/address.ts';
import { PATH } from '../table/path-words.ts';
import type { Paths } from '../table/paths.ts';

export interface SocketOwner {
  /** IP protocol number: 6 or 17. */
  readonly protocol: number;
  /** '': any address of this machine. */
  readonly local: string;
  readonly localPort: number;
  /** '' and 0: a socket that is not connected. */
  readonly remote: string;
  readonly remotePort: number;
  readonly id: number;
  readonly name: string;
}

export interface OwningProgram {
  readonly id: number;
  readonly name: string;
}

/** Sockets that are remembered; those not seen for longest go first. */
const MOST = 200_000;

export class LiveOwners {
  private readonly byEnds = new Map<string, OwningProgram>();
  /** Grows when something new is known: flows that had no program may have one now. */
  revision = 0;

  get isEmpty(): boolean {
    return this.byEnds.size === 0;
  }

  add(owners: readonly SocketOwner[]): void {
    if (owners.length > 0) this.revision++;
    for (const { protocol, local, localPort, remote, remotePort, id, name } of owners) {
      const key = keyOf(protocol, local, localPort, remote, remotePort);
      this.byEnds.delete(key);
      this.byEnds.set(key, { id, name });
    }
    for (const key of this.byEnds.keys()) {
      if (this.byEnds.size <= MOST) break;
      this.byEnds.delete(key);
    }
  }

  /** The program at one of a header chain's ends: its connected socket, else one that takes what comes to the port. */
  ofPath(paths: Paths, path: number): OwningProgram | null {
    let addresses: readonly [string, string] = ['', ''];
    let found: OwningProgram | null = null;
    paths.visit(path, (kind, own, at) => {
      const { words } = paths;
      if (kind === PATH.ipv4) addresses = [formatIpv4(words[at]), formatIpv4(words[at + 1])];
      else if (kind === PATH.ipv6) addresses = [formatIpv6(paths.bytesAt(at, 4)), formatIpv6(paths.bytesAt(at + 4, 4))];
      else if (kind === PATH.ports) {
        const [source, destination] = addresses;
        const from = words[at] >>> 16;
        const to = words[at] & 0xffff;
        found = this.of(own, source, from, destination, to) ?? found;
      }
    });
    return found;
  }

  private of(protocol: number, a: string, aPort: number, b: string, bPort: number): OwningProgram | null {
    const known = this.byEnds;
    return (
      known.get(keyOf(protocol, a, aPort, b, bPort)) ??
      known.get(keyOf(protocol, b, bPort, a, aPort)) ??
      known.get(keyOf(protocol, a, aPort, '', 0)) ??
      known.get(keyOf(protocol, b, bPort, '', 0)) ??
      known.get(keyOf(protocol, '', aPort, '', 0)) ??
      known.get(keyOf(protocol, '', bPort, '', 0)) ??
      null
    );
  }
}

function keyOf(protocol: number, local: string, localPort: number, remote: string, remotePort: number): string {
  return `${protocol} ${local} ${localPort} ${remote} ${remotePort}`;
}
