/**
 * Flows that other flows speak of: a passive FTP reply names the port of the file, a session description the ports of the
 * sound, an endpoint mapper the port of an interface. A protocol's `announces` tells them while loading, and the first payload of
 * the flow is taken for what was announced, whatever its port. Bounded: the oldest announcements are forgotten.
 */

/** What was said about a flow to come. */
export interface Announcement {
  /** Protocol index. */
  readonly protocol: number;
  /** The row that said it. */
  readonly row: number;
  /** How: `PASV`, `SDP`, `EPM` ... */
  readonly method: string;
  /** What else the announcing flow says of it, now or later: the command a file is sent for, an interface; by name. */
  readonly notes: Map<string, Note>;
}

export interface Note {
  readonly text: string;
  readonly row: number;
}

/** One end of a flow. Addresses are texts as `formatIpv4` and `formatIpv6` write them. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export type Transport = 'tcp' | 'udp';

/** What `announces` gets: one message (or one segment, where nothing is framed) of an announcing protocol. One object, reused. */
export interface Announcing {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
  readonly row: number;
  /** 0: sent by the side that sent the flow's first packet. */
  readonly direction: 0 | 1;
  readonly transport: Transport;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  /** An object that lives as long as the flow's announcements are looked for: its first message makes it. */
  state<T>(make: () => T): T;
  /** What one end of a flow to come carries; `address` '' is any; `notes`: those of another announcement of the same flow. */
  tell(
    transport: Transport,
    address: string,
    port: number,
    protocol: string,
    method: string,
    notes?: Announcement['notes'],
  ): Announcement;
}

/** Announcements kept. */
const MAX_KEPT = 65_536;
const PORTS = 65_536;

export class Announcements {
  private readonly kept = new Map<string, Announcement>();
  /** How many are kept per transport and port: the question that most flows stop at. Made with the first announcement. */
  private perPort: Uint16Array | null = null;

  add(transport: Transport, address: string, port: number, announcement: Announcement): void {
    if (!(port > 0 && port < PORTS)) return;
    this.perPort ??= new Uint16Array(2 * PORTS);
    const key = keyOf(transport, address, port);
    if (!this.kept.delete(key)) this.perPort[slotOf(transport, port)]++;
    this.kept.set(key, announcement);
    if (this.kept.size <= MAX_KEPT) return;
    for (const [oldest] of this.kept) {
      this.kept.delete(oldest);
      const [which, , oldPort] = oldest.split(' ');
      this.perPort[slotOf(which === 'tcp' ? 'tcp' : 'udp', Number(oldPort))]--;
      break;
    }
  }

  /** May a flow between these ports have been announced? Once per flow, or per datagram that nobody claims. */
  mayKnow(transport: Transport, source: number, destination: number): boolean {
    return (
      this.perPort !== null &&
      (this.perPort[slotOf(transport, destination)] > 0 || this.perPort[slotOf(transport, source)] > 0)
    );
  }

  /** What was said about a flow between these ends; the destination's word counts first. */
  find(transport: Transport, source: Endpoint, destination: Endpoint): Announcement | undefined {
    for (const { address, port } of [destination, source]) {
      const found = this.kept.get(keyOf(transport, address, port)) ?? this.kept.get(keyOf(transport, '', port));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function keyOf(transport: Transport, address: string, port: number): string {
  return `${transport} ${address} ${port}`;
}

function slotOf(transport: Transport, port: number): number {
  return (transport === 'tcp' ? 0 : PORTS) + port;
}
