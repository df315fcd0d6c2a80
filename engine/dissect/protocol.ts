/**
 * What a protocol is: one object made by `defineProtocol`, with its fields and up to four faces.
 *
 * - `scan` (layers 2 to 4 and tunnels): the cheap pass over every packet. No object, array, closure, string or bigint is
 *   made in it; `p.has(n)` before bytes past `header` are read. It says where the next layer starts and which it is.
 * - `recognise`: does the first payload of a flow look like mine? Once per flow, on any port.
 * - `frame` (stream protocols): where does the message that starts here end? From message headers alone.
 * - `announces`: which other flows does a message speak of, and what do they carry? Then those are known on any port.
 * - `tree`: the full dissection of one layer or one message, for the detail pane, deep filters and the Info column.
 */

import type { Announcing } from './announcements.ts';
import type { DispatchTable, FieldSpec } from './field-spec.ts';
import type { Scratch } from './scratch.ts';
import type { TreeBuilder } from './tree.ts';
import type { Cursor } from './walk.ts';

/** `frame` result: the message's length cannot be told from the bytes there are. */
export const MORE = -1;
/** `frame` result: these bytes are not a message of this protocol. The rest of the segment is shown as its continuation. */
export const NOT_MINE = -2;
/** `frame` result: the message lasts until the direction is closed (FIN). */
export const UNTIL_CLOSE = -3;
/** `frame` result: nothing has shown yet that the flow is this protocol's. The rest of the segment gets no layer. */
export const NOT_YET = -4;
/** `Framing.above`: what was said before does not hold, there is nothing above. */
export const NOTHING = 0xffff;
/** `Framing.becomes`: whichever protocol recognises the next bytes, as at the start of a flow. */
export const RECOGNISED = 0xffff;

/** Fields (keys of a protocol) that only messages of a certain beginning have; see ProtocolSpec.onlyIn. */
export interface OnlyIn {
  readonly fields: readonly string[];
  /** May a message that begins at `at` have them? True where the bytes do not say yet. */
  begins(this: void, bytes: Uint8Array, at: number, end: number): boolean;
  /** So many bytes of the message are all that its tree reads for them alone (TreeBuilder.asksOnly); -1: not told by these. */
  reach?(this: void, bytes: Uint8Array, at: number, end: number): number;
}

/** What a framer knows. One object, reused. The bytes at [at, end) are contiguous stream bytes from a message boundary. */
export interface Framing {
  bytes: Uint8Array;
  at: number;
  end: number;
  /** 0: from the side that sent the first SYN (or the first packet); 1: the other. */
  direction: 0 | 1;
  /** A number of the framer's own, kept per direction, 0 at the start: e.g. HTTP inside a chunked body. */
  state: number;
  /** A number of the framer's own, kept per flow and seen by both directions: e.g. the last request was HEAD. */
  shared: number;
  /** Set it to true when the unit of which the length is returned does not complete its message (a chunk of a body). */
  continues: boolean;
  /** Index of the protocol shown above this message (or above what is none, NOT_MINE) in the stack: a media type; or 0. */
  above: number;
  /** With UNTIL_CLOSE: bytes in front of the body. Where none follow them, nothing is shown above; 0: there is no such part. */
  header: number;
  /**
   * Set it to a protocol's index, or RECOGNISED, when the flow, both directions of it, is that protocol's once the unit of which
   * the length is returned ends: after STARTTLS, an accepted Upgrade or CONNECT. The unit must end with the bytes at hand.
   * Where 0 is returned with it, the bytes at f.at are that protocol's already. State and shared start anew.
   */
  becomes: number;
  /** With `becomes`: messages of the new protocol are shown inside a layer of the flow's first one; see TreeBuilder.inner. */
  isInside: boolean;
  /** Index of the protocol that a table has for `key`, for `above` and `becomes`; 0: none. */
  find(table: DispatchTable, key: string | number): number;
  /** Index of the protocol of that name, for `becomes`; 0: none. */
  named(name: string): number;
  /** Bytes before these were lost: a state that depends on them no longer holds. */
  lost: boolean;
  /** Set by TLS-like protocols: what is inside, so that the tree and the Protocol column agree; kept per flow. */
  version: number;
}

export type { DispatchTable, FieldSpec } from './field-spec.ts';

export interface ProtocolSpec {
  /** Filter name and, with a dot, the start of its fields' names. */
  readonly name: string;
  /** Full name: the row in the detail tree. */
  readonly title: string;
  /** The Protocol column; upper case of the name unless given, empty: what the layer below says. */
  readonly short?: string;
  /** Where it is found: table to keys. */
  readonly on?: Partial<Readonly<Record<DispatchTable, readonly (number | string)[]>>>;
  /** The tables it finds the next layer in; `p.next(key)` uses the first, `p.nextIn(i, key)` the others. */
  readonly chooses?: DispatchTable | readonly DispatchTable[];
  /** Bytes that must be there before scan, tree and recognise are called. Default 0. */
  readonly header?: number;
  readonly fields: Readonly<Record<string, FieldSpec>>;
  /** Hot: once per packet. */
  scan?(this: void, p: Cursor, c: Scratch): void;
  /** Once per flow with its first payload. `port`: lower of the two ports; 0 where there is none. */
  recognise?(bytes: Uint8Array, at: number, end: number, port: number): boolean;
  /** Which transports `recognise` is asked for; both unless given. */
  readonly recogniseOn?: readonly ('tcp' | 'udp')[];
  /**
   * Could this datagram be one of its messages? Asked for every datagram of a flow that was recognised as its own or announced;
   * where not, recognition is asked anew: a flow may carry several protocols side by side (RFC 7983). Of a stream only the first
   * payload on its port is asked about: a port that anybody may use says little.
   */
  accepts?(this: void, bytes: Uint8Array, at: number, end: number): boolean;
  /**
   * Tells of other flows: called while loading with every message (every segment, where it has no `frame`) of its flows. Reads
   * as little as it can, and never throws because of bytes.
   */
  announces?(this: void, a: Announcing): void;
  /** Layers that its tree may open and the column pass does not know (bodies, certificates), by name; or any application. */
  readonly opens?: readonly string[] | 'applications';
  /** Where the column pass lists it, it opens nothing: where it might, the pass lists `_ws.undecided` in its place. */
  readonly isClosedInStacks?: boolean;
  /** Known by signs alone: a flow that was announced as its own is not, unless it accepts the first payload. */
  readonly probable?: boolean;
  /** What comes beside it on ports that were announced for it, by name: datagrams that it declines and this one accepts. */
  readonly companion?: string;
  /** Its layers may be rows of the tree that frame.protocols does not list (TreeBuilder.dissectUnlisted). */
  readonly unlisted?: boolean;
  /** A segment in which a message begins shows the protocol too, although the message ends in a later one. */
  readonly showsBeginning?: boolean;
  /**
   * Its messages can be read in their stream's order only: what came before a late segment, but belongs behind it, is told with
   * that segment. Messages of others stay in the rows they came in.
   */
  readonly inOrder?: boolean;
  /** Its tree uses `t.conversation()`: a conversation's messages are dissected in order. */
  readonly remembers?: boolean;
  /**
   * For filters: fields whose values depend on no message without them, by the beginning of the messages that have them. A
   * filter on such fields alone passes over all other messages of the stream, without making a tree of them.
   */
  readonly onlyIn?: readonly OnlyIn[];
  /** A Client Hello where a message may begin makes the flow TLS: STARTTLS and its like. */
  readonly startsTls?: boolean;
  /** Bytes of the message that starts at f.at (it may be more than there are), or MORE, NOT_MINE, NOT_YET, UNTIL_CLOSE. */
  frame?(this: void, f: Framing): number;
  tree?(t: TreeBuilder): void;
}

export function defineProtocol(spec: ProtocolSpec): ProtocolSpec {
  return spec;
}
