/**
 * WebSocket messages (RFC 6455 5.2) of a connection, whole or with holes: a message's size is in its header, so what follows
 * a hole is found again as long as the headers themselves were captured. Where one was not, nobody knows what comes next, and
 * the direction ends there. Nothing of the payload is kept: a message knows where its bytes are.
 */

import { protocolNamed } from '../dissect/registry.ts';
import { FLOW, ipProtocolOf } from '../table/flow-states.ts';
import type { Capture } from './capture.ts';
import type { Dissector } from './dissector.ts';
import type { Direction, Pieces } from './follow/pieces.ts';
import { tcpPieces } from './follow/transport-pieces.ts';
import { type Push, pushOf, type Span } from './pushes.ts';
import { StreamBytes } from './stream-bytes.ts';
import type { Job } from './turns.ts';

/** A WebSocket message. */
export interface WebSocketPush extends Push {
  readonly isText: boolean;
  /** permessage-deflate (RFC 7692). */
  readonly isCompressed: boolean;
}

const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
const FIN = 0x80;
const COMPRESSED = 0x40;
const RESERVED = 0x30;
const MASKED = 0x80;
const LONGEST_HEADER = 14;
/** How far into a direction the handshake is looked for. */
const LONGEST_HANDSHAKE = 1 << 20;
const WEBSOCKET = protocolNamed('websocket').index;
const TCP = 6;

/** Flows that became WebSocket. */
export function webSocketFlows({ pass }: Capture): number[] {
  const found: number[] = [];
  for (let flow = 0; flow < pass.flows.count; flow++) {
    const application = pass.flows.get(flow, FLOW.application);
    const isWebSocket = application >>> 16 === WEBSOCKET || (application & 0xffff) === WEBSOCKET + 1;
    if (isWebSocket && ipProtocolOf(pass.flows.get(flow, FLOW.bits)) === TCP) found.push(flow);
  }
  return found;
}

export async function pushesOf(
  capture: Capture,
  dissector: Dissector,
  flow: number,
  job: Job,
): Promise<WebSocketPush[]> {
  const pieces = await tcpPieces(capture, dissector, flow, job);
  return ([0, 1] as const).flatMap((direction) => new PushReader(dissector, pieces, flow, direction).all());
}

class PushReader {
  private readonly stream: StreamBytes;
  private readonly flow: number;
  private readonly direction: Direction;

  constructor(dissector: Dissector, pieces: Pieces, flow: number, direction: Direction) {
    this.stream = new StreamBytes(dissector, pieces, direction);
    this.flow = flow;
    this.direction = direction;
  }

  all(): WebSocketPush[] {
    const found: WebSocketPush[] = [];
    let at = this.handshakeEnd();
    if (at < 0) return found;
    let open: { spans: Span[]; first: number; header: number } | null = null;
    while (at < this.stream.length) {
      const header = this.stream.read(at, LONGEST_HEADER);
      const frame = header === null ? null : frameOf(header);
      if (frame === null) break; // the header itself is missing, or this is no frame
      const span = { at: at + frame.header, length: frame.length, mask: frame.mask };
      const starts = frame.opcode === OPCODE.text || frame.opcode === OPCODE.binary;
      if (starts) open = { spans: [], first: frame.first, header: at };
      if (open !== null && (starts || frame.opcode === OPCODE.continuation)) {
        open.spans.push(span);
        if ((frame.first & FIN) !== 0) {
          const isText = (open.first & 0x0f) === OPCODE.text;
          found.push({
            ...pushOf(
              this.stream,
              { flow: this.flow, direction: this.direction, kind: isText ? 'text' : 'binary' },
              open,
            ),
            isText,
            isCompressed: (open.first & COMPRESSED) !== 0,
          });
          open = null;
        }
      }
      at = span.at + span.length;
    }
    return found;
  }

  /** Where the first frame begins: behind the HTTP head that upgrades; -1: it is not in the capture. */
  private handshakeEnd(): number {
    const bytes = this.stream.upTo(LONGEST_HANDSHAKE);
    let head = 0;
    for (let i = 3; i < bytes.length; i++) {
      if (bytes[i] !== 10 || bytes[i - 1] !== 13 || bytes[i - 2] !== 10 || bytes[i - 3] !== 13) continue;
      const text = String.fromCharCode(...bytes.subarray(head, Math.min(i, head + 16_384)));
      if (/\r\nupgrade:[ \t]*websocket/i.test(text)) return i + 1;
      head = i + 1;
    }
    return -1;
  }
}

interface Frame {
  /** The first byte: FIN, reserved bits, opcode. */
  readonly first: number;
  readonly opcode: number;
  readonly header: number;
  readonly length: number;
  readonly mask: Uint8Array | null;
}

/** null: too few bytes, or none that a WebSocket frame begins with. */
function frameOf(bytes: Uint8Array): Frame | null {
  if (bytes.length < 2) return null;
  const [first, second] = bytes;
  const opcode = first & 0x0f;
  if ((first & RESERVED) !== 0 || !Object.values(OPCODE).some((one) => one === opcode)) return null;
  const short = second & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const header = 2 + extended + ((second & MASKED) !== 0 ? 4 : 0);
  if (bytes.length < header) return null;
  let length = extended === 0 ? short : 0;
  for (let i = 2; i < 2 + extended; i++) length = length * 256 + bytes[i];
  if (!Number.isSafeInteger(length)) return null;
  return { first, opcode, header, length, mask: (second & MASKED) !== 0 ? bytes.slice(header - 4, header) : null };
}
