/**
 * Mirror sessions: who sends copies of packets to whom, under which identifier. A session is the first tunnel of a header
 * chain that carries mirrored traffic, with the addresses around it; both ways of a conversation may be in different ones.
 */

import { formatIpv4, formatIpv6 } from '../base/address.ts';
import { PATH } from '../table/path-words.ts';
import type { Paths } from '../table/paths.ts';

export interface MirrorSession {
  /** Index of the tunnel's protocol. */
  readonly protocol: number;
  /** VNI, GRE key, ERSPAN session. */
  readonly key: number;
  /** Outer addresses; '' where the tunnel lies right on the link. */
  readonly source: string;
  readonly destination: string;
  readonly family: 'ip' | 'ipv6' | '';
}

export const NO_SESSION = -1;
const NOT_LOOKED = -2;

export class MirrorSessions {
  readonly all: MirrorSession[] = [];
  /** By session: the first one with its tunnel and key, whatever the addresses: both ways of a mirror. */
  private readonly groups: number[] = [];
  private readonly paths: Paths;
  private readonly protocols: ReadonlySet<number>;
  private readonly byText = new Map<string, number>();
  private readonly byMirror = new Map<string, number>();
  private known: Int32Array;

  /** `protocols`: indexes of those whose tunnels carry mirrored packets. */
  constructor(paths: Paths, protocols: ReadonlySet<number>) {
    this.paths = paths;
    this.protocols = protocols;
    this.known = new Int32Array(paths.count).fill(NOT_LOOKED);
  }

  /** Index in `all`; NO_SESSION. Hot: once per row. */
  of(path: number): number {
    // Paths come while a capture loads.
    if (path >= this.known.length) this.grow();
    const known = this.known[path];
    return known === NOT_LOOKED ? this.look(path) : known;
  }

  private grow(): void {
    const before = this.known;
    this.known = new Int32Array(this.paths.count).fill(NOT_LOOKED);
    this.known.set(before);
  }

  groupOf(session: number): number {
    return this.groups[session];
  }

  private look(path: number): number {
    const { words } = this.paths;
    let source = '';
    let destination = '';
    let family: MirrorSession['family'] = '';
    let found: MirrorSession | null = null;
    this.paths.visit(path, (kind, own, at) => {
      if (kind === PATH.tunnel && this.protocols.has(own) && (found === null || found.protocol !== own)) {
        // ERSPAN lies in GRE: the inner of two tunnels without addresses between them names the session.
        if (found === null || (found.source === source && found.destination === destination))
          found = { protocol: own, key: words[at], source, destination, family };
      } else if (kind === PATH.ipv4) {
        source = formatIpv4(words[at]);
        destination = formatIpv4(words[at + 1]);
        family = 'ip';
      } else if (kind === PATH.ipv6) {
        source = formatIpv6(this.paths.bytesAt(at, 4));
        destination = formatIpv6(this.paths.bytesAt(at + 4, 4));
        family = 'ipv6';
      }
    });
    const index = found === null ? NO_SESSION : this.indexOf(found);
    this.known[path] = index;
    return index;
  }

  private indexOf(session: MirrorSession): number {
    const text = `${session.protocol} ${session.key} ${session.source} ${session.destination}`;
    const known = this.byText.get(text);
    if (known !== undefined) return known;
    const index = this.all.push(session) - 1;
    this.byText.set(text, index);
    const mirror = `${session.protocol} ${session.key}`;
    const first = this.byMirror.get(mirror) ?? index;
    this.byMirror.set(mirror, first);
    this.groups.push(first);
    return index;
  }
}
