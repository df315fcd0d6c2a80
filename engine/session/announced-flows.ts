/**
 * What flows say about other flows, while loading: runs the `announces` of the protocols that have one over whole messages, and
 * finds what was announced about a flow that begins. Nothing of this is done for flows of other protocols.
 */

import { formatIpv4, formatIpv6 } from '../base/address.ts';
import type { Announcement, Announcing, Endpoint, Transport } from '../dissect/announcements.ts';
import { Announcements } from '../dissect/announcements.ts';
import { allProtocols, protocolNamed } from '../dissect/registry.ts';
import { PATH, PATH_WORDS } from '../table/path-words.ts';
import type { Paths } from '../table/paths.ts';

/** The beginning of a message that is kept until the rest comes; a longer one announces nothing. */
const MAX_MESSAGE = 256 << 10;
/** All of them together; the oldest go first. */
const MAX_WAITING = 16 << 20;
const NOTHING: Uint8Array = new Uint8Array(0);
const NOWHERE: Endpoint = { address: '', port: 0 };

/** By protocol index: does it announce? Read for every payload. */
const ANNOUNCES = Uint8Array.from(allProtocols, ({ spec }) => (spec.announces === undefined ? 0 : 1));

export class AnnouncedFlows {
  private readonly table = new Announcements();
  private readonly paths: Paths;
  /** By flow: what announcing protocols keep, and what was announced about it. */
  private readonly states = new Map<number, unknown>();
  private readonly known = new Map<number, Announcement>();
  /** Beginnings of messages by flow and direction. */
  private readonly waiting = new Map<number, Uint8Array>();
  private waitingBytes = 0;
  private readonly said: Said;
  /** Where messages end in the segment at hand, with the row each began in. */
  private readonly ends: { readonly startRow: number; readonly startOffset: number; readonly endOffset: number }[] = [];

  constructor(paths: Paths) {
    this.paths = paths;
    this.said = new Said(this.table, this.states, (path) => this.endpoints(path));
  }

  /** What was announced about a flow; undefined: nothing. */
  of(flow: number): Announcement | undefined {
    return this.known.get(flow);
  }

  /** Protocol index that was announced for a flow of this path, 0: none. Remembers it. */
  choose(transport: Transport, flow: number, path: number, ports: number): number {
    if (!this.table.mayKnow(transport, ports >>> 16, ports & 0xffff)) return 0;
    const [source, destination] = this.endpoints(path);
    const found = this.table.find(transport, source, destination);
    if (found === undefined) return 0;
    this.known.set(flow, found);
    return found.protocol;
  }

  announces(protocol: number): boolean {
    return ANNOUNCES[protocol] === 1;
  }

  /** A whole message. */
  message(
    protocol: number,
    transport: Transport,
    flow: number,
    direction: 0 | 1,
    path: number,
    row: number,
    bytes: Uint8Array,
    at: number,
    end: number,
  ): void {
    if (end <= at) return;
    const { said } = this;
    said.transport = transport;
    said.flow = flow;
    said.direction = direction;
    said.path = path;
    said.row = row;
    said.bytes = bytes;
    said.at = at;
    said.end = end;
    allProtocols[protocol].spec.announces?.(said);
  }

  /** For the framer, while a segment of an announcing flow is framed. */
  readonly onMessage = (startRow: number, startOffset: number, _endRow: number, endOffset: number): void => {
    this.ends.push({ startRow, startOffset, endOffset });
  };

  /** A framed segment: its messages are those that onMessage was told of since the last one. */
  segment(
    protocol: number,
    flow: number,
    direction: 0 | 1,
    path: number,
    row: number,
    bytes: Uint8Array,
    at: number,
    end: number,
  ): void {
    const key = 2 * flow + direction;
    let next = at;
    for (const { startRow, startOffset, endOffset } of this.ends) {
      const stop = Math.min(end, at + endOffset);
      if (startRow === row) this.message(protocol, 'tcp', flow, direction, path, row, bytes, at + startOffset, stop);
      else {
        const begun = this.take(key);
        if (begun !== undefined) {
          const whole = joined(begun, bytes.subarray(at, stop));
          this.message(protocol, 'tcp', flow, direction, path, row, whole, 0, whole.length);
        }
      }
      next = stop;
    }
    this.ends.length = 0;
    if (end > next) this.keep(key, joined(this.take(key) ?? NOTHING, bytes.subarray(next, end)));
  }

  private take(key: number): Uint8Array | undefined {
    const found = this.waiting.get(key);
    if (found === undefined) return undefined;
    this.waiting.delete(key);
    this.waitingBytes -= found.length;
    return found;
  }

  private keep(key: number, bytes: Uint8Array): void {
    if (bytes.length > MAX_MESSAGE) return;
    this.waiting.set(key, bytes);
    this.waitingBytes += bytes.length;
    for (const oldest of this.waiting.keys()) {
      if (this.waitingBytes <= MAX_WAITING) break;
      this.take(oldest);
    }
  }

  /** Source and destination of a path's innermost transport. */
  private endpoints(path: number): readonly [Endpoint, Endpoint] {
    const { words, start } = this.paths;
    let network = -1;
    let found: readonly [Endpoint, Endpoint] = [NOWHERE, NOWHERE];
    for (let at = start[path]; at < start[path + 1]; ) {
      const kind = words[at] >>> 24;
      if (kind === PATH.ipv4 || kind === PATH.ipv6) network = at;
      if (kind === PATH.ports && network >= 0) {
        const size = words[network] >>> 24 === PATH.ipv6 ? 4 : 1;
        found = [
          { address: addressText(words, network + 1, size), port: words[at + 1] >>> 16 },
          { address: addressText(words, network + 1 + size, size), port: words[at + 1] & 0xffff },
        ];
      }
      at += 1 + PATH_WORDS[kind];
    }
    return found;
  }
}

/** What `announces` is given. */
class Said implements Announcing {
  bytes = NOTHING;
  at = 0;
  end = 0;
  row = 0;
  direction: 0 | 1 = 0;
  transport: Transport = 'tcp';
  flow = 0;
  path = 0;
  private readonly table: Announcements;
  private readonly states: Map<number, unknown>;
  private readonly endpoints: (path: number) => readonly [Endpoint, Endpoint];

  constructor(
    table: Announcements,
    states: Map<number, unknown>,
    endpoints: (path: number) => readonly [Endpoint, Endpoint],
  ) {
    this.table = table;
    this.states = states;
    this.endpoints = endpoints;
  }

  get source(): Endpoint {
    return this.endpoints(this.path)[0];
  }

  get destination(): Endpoint {
    return this.endpoints(this.path)[1];
  }

  state<T>(make: () => T): T {
    let found = this.states.get(this.flow);
    if (found === undefined) this.states.set(this.flow, (found = make()));
    return found as T;
  }

  tell(
    transport: Transport,
    address: string,
    port: number,
    protocol: string,
    method: string,
    notes: Announcement['notes'] = new Map(),
  ): Announcement {
    const announcement = { protocol: protocolNamed(protocol).index, row: this.row, method, notes };
    this.table.add(transport, address, port, announcement);
    return announcement;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}

function addressText(words: Uint32Array, at: number, size: number): string {
  if (size === 1) return formatIpv4(words[at]);
  const bytes = new Uint8Array(16);
  for (let i = 0; i < 16; i++) bytes[i] = words[at + (i >> 2)] >>> (24 - 8 * (i & 3));
  return formatIpv6(bytes);
}
