/** What the dissection of a TLS conversation remembers. Never changed in place: facts about earlier records hold on to it. */

import type { Carried } from '../../carried.ts';
import type { TreeBuilder } from '../../tree.ts';
import type { Visits } from '../../visits.ts';
import type { CarriedRecord, FrameNotes } from './application-data.ts';
import { type Connection, NEW_CONNECTION } from './connection.ts';
import type { Seal } from './decrypt/seal.ts';
import { HANDSHAKE_HEADER } from './names.ts';

/** What a direction has to remember. */
export interface Side {
  /** A Change Cipher Spec has gone by: handshake messages and alerts are no longer readable as they are. */
  readonly isEncrypted: boolean;
  /** Start of a handshake message that its record did not hold whole. */
  readonly pending: Pending | null;
  /** How its records are opened; null: they are not sealed, or nobody has secrets. */
  readonly seal: Seal | null;
}

/** Pieces of a handshake message, the latest first: a chain, so that a million small records cost no more than their bytes. */
export interface Pending {
  readonly bytes: Uint8Array;
  /** Frame that the piece came in. */
  readonly frame: number;
  readonly before: Pending | null;
  /** Bytes of all pieces. */
  readonly length: number;
  /** The message's length with its header; 0: its header is not whole yet. */
  readonly needed: number;
  readonly type: number;
}

export function withPiece(before: Pending | null, bytes: Uint8Array, frame: number): Pending {
  const length = (before?.length ?? 0) + bytes.length;
  const added = { bytes, frame, before, length, needed: before?.needed ?? 0, type: before?.type ?? bytes[0] };
  if (added.needed > 0 || length < HANDSHAKE_HEADER) return added;
  const head = joined(added);
  return { ...added, needed: HANDSHAKE_HEADER + ((head[1] << 16) | (head[2] << 8) | head[3]) };
}

export function joined(pending: Pending): Uint8Array {
  const all = new Uint8Array(pending.length);
  let end = pending.length;
  for (let piece: Pending | null = pending; piece !== null; piece = piece.before) {
    end -= piece.bytes.length;
    all.set(piece.bytes, end);
  }
  return all;
}

/** The conversation before a record. */
export interface State {
  readonly connection: Connection;
  readonly sides: readonly [Side, Side];
  /** The application's stream inside, once anything of it was decrypted. */
  readonly carried: Carried<CarriedRecord> | null;
}

export interface Memory {
  readonly visits: Visits<State>;
  /** By the dissection of one frame. */
  readonly notes: WeakMap<TreeBuilder, FrameNotes>;
  now: State;
}

const QUIET: Side = { isEncrypted: false, pending: null, seal: null };

export const START: State = { connection: NEW_CONNECTION, sides: [QUIET, QUIET], carried: null };

export function withSide(state: State, direction: 0 | 1, side: Side): State {
  return { ...state, sides: direction === 0 ? [side, state.sides[1]] : [state.sides[0], side] };
}
