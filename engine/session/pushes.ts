/**
 * Something large that one side of a connection sent as one: a WebSocket message, the body of an HTTP message. Its size is in its
 * header, so it is known what of it is missing. Nothing of the payload is kept: a push knows where its bytes are.
 */

import type { Direction } from './follow/pieces.ts';
import type { StreamBytes } from './stream-bytes.ts';

/** A run of payload bytes in the direction's stream. */
export interface Span {
  readonly at: number;
  readonly length: number;
  /** Four bytes that the payload was masked with; null: it was not. */
  readonly mask: Uint8Array | null;
}

type PushKind = 'text' | 'binary' | 'request' | 'response';

export interface Push {
  readonly flow: number;
  readonly direction: Direction;
  readonly kind: PushKind;
  /** Bytes of payload by its headers. */
  readonly size: number;
  /** Rows of the first and the last byte that were captured. */
  readonly firstRow: number;
  readonly lastRow: number;
  /** Bytes [from, to) of the payload that are not in the capture. */
  readonly holes: readonly { readonly from: number; readonly to: number }[];
  readonly missing: number;
  /** The payload, unmasked, in parts; zeros in its holes. */
  parts(): Iterable<Uint8Array>;
}

const PART = 1 << 16;

/** `header`: place of the first byte that belongs to it. */
export function pushOf(
  stream: StreamBytes,
  about: Pick<Push, 'flow' | 'direction' | 'kind'>,
  { spans, header }: { readonly spans: readonly Span[]; readonly header: number },
): Push {
  const holes: { from: number; to: number }[] = [];
  let size = 0;
  let lastRow = stream.rowAt(header);
  for (const span of spans) {
    for (const { from, to } of stream.holesIn(span.at, span.at + span.length)) {
      const hole = { from: size + from - span.at, to: size + to - span.at };
      const before = holes[holes.length - 1];
      if (before?.to === hole.from) before.to = hole.to;
      else holes.push(hole);
    }
    lastRow = Math.max(lastRow, stream.lastRowIn(span.at, span.at + span.length));
    size += span.length;
  }
  return {
    ...about,
    size,
    firstRow: stream.rowAt(header),
    lastRow,
    holes,
    missing: holes.reduce((sum, { from, to }) => sum + to - from, 0),
    parts: () => partsOf(stream, spans),
  };
}

function* partsOf(stream: StreamBytes, spans: readonly Span[]): Generator<Uint8Array> {
  for (const { at, length, mask } of spans) {
    for (let done = 0; done < length; done += PART) {
      const part = stream.filled(at + done, Math.min(PART, length - done));
      if (mask !== null)
        for (let i = 0; i < part.bytes.length; i++) if (part.there[i] !== 0) part.bytes[i] ^= mask[(done + i) & 3];
      yield part.bytes;
    }
  }
}
