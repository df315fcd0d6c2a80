/** Handshake messages of DTLS in pieces (RFC 6347 4.2.3): kept by message number until all bytes are there, in any order. */

/** A piece, the latest first. */
interface Piece {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly frame: number;
  readonly before: Piece | null;
}

/** A message of which not all has come. Never changed in place. */
export interface Partial {
  readonly sequence: number;
  readonly type: number;
  readonly length: number;
  readonly pieces: Piece | null;
  readonly kept: number;
}

export interface Whole {
  readonly bytes: Uint8Array;
  /** Frames of its pieces, in the order they came. */
  readonly frames: readonly number[];
}

/** Messages of a direction that wait at the same time; the oldest goes first. */
const MAX_PARTIAL = 8;
/** A longer message is shown in its pieces. */
export const MAX_MESSAGE = 1 << 18;
/** Bytes kept for one message: pieces may come twice. */
const MAX_KEPT = 2 * MAX_MESSAGE;

/** The messages after another piece, and the message that it completes. */
export function withFragment(
  before: readonly Partial[],
  head: Pick<Partial, 'sequence' | 'type' | 'length'>,
  offset: number,
  bytes: Uint8Array,
  frame: number,
): { readonly after: readonly Partial[]; readonly whole: Whole | null } {
  const found = before.find(
    ({ sequence, type, length }) => sequence === head.sequence && type === head.type && length === head.length,
  );
  const others = before.filter((one) => one !== found);
  const kept = (found?.kept ?? 0) + bytes.length;
  if (kept > MAX_KEPT) return { after: others, whole: null };
  const { sequence, type, length } = head;
  const next = { sequence, type, length, kept, pieces: { offset, bytes, frame, before: found?.pieces ?? null } };
  const whole = kept < length ? null : joined(next);
  return whole === null ? { after: [...others, next].slice(-MAX_PARTIAL), whole } : { after: others, whole };
}

/** null: bytes are missing still. */
function joined({ length, pieces }: Partial): Whole | null {
  const list: Piece[] = [];
  for (let piece = pieces; piece !== null; piece = piece.before) list.push(piece);
  const bytes = new Uint8Array(length);
  let covered = 0;
  for (const piece of [...list].sort((a, b) => a.offset - b.offset)) {
    if (piece.offset > covered) return null;
    bytes.set(piece.bytes.subarray(0, length - piece.offset), piece.offset);
    covered = Math.max(covered, piece.offset + piece.bytes.length);
  }
  return covered < length ? null : { bytes, frames: list.reverse().map(({ frame }) => frame) };
}
