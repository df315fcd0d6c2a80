/** Short talks of a client with a server, over TCP with its handshake and end, or over UDP. */

import { type BytesLike, join, latin1 } from '../../build-bytes.ts';
import type { Message } from '../../conversation.ts';
import type { GoldenCapture } from '../capture.ts';
import { said } from '../services.ts';

const bytesOf = (what: BytesLike | string): Uint8Array => (typeof what === 'string' ? latin1(what) : join(what));

export const client = (...parts: readonly (BytesLike | string)[]): Message => ['client', join(...parts.map(bytesOf))];
export const server = (...parts: readonly (BytesLike | string)[]): Message => ['server', join(...parts.map(bytesOf))];

export function overTcp(port: number, ...messages: readonly Message[]): GoldenCapture {
  return said({ port, transport: 'tcp', messages });
}

export function overUdp(port: number, ...messages: readonly Message[]): GoldenCapture {
  return said({ port, transport: 'udp', messages });
}
