/** What must hold for every message of an application protocol: any cut and any damage ends well, and framers agree with themselves. */

import { expect } from 'vitest';
import { type Framing, MORE } from '../../engine/dissect/protocol.ts';
import { lookUp, protocolNamed } from '../../engine/dissect/registry.ts';
import type { Dissection } from '../../engine/dissect/tree.ts';
import { type BytesLike, join, seededRandom } from './build-bytes.ts';
import { ethernet } from './build-link.ts';
import { ipv4, tcp, udp } from './build-packet.ts';
import { dissectPacket } from './dissect-packet.ts';

const LINK = { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' };
const NET = { src: '192.0.2.1', dst: '192.0.2.2' };
const DAMAGED = 200;

/** A frame that carries `message`. */
export function frameOf(transport: 'tcp' | 'udp', message: BytesLike, port = 40_001): Uint8Array {
  const ports = { srcPort: 40_000, dstPort: port };
  const bytes = join(message);
  return ethernet(LINK, ipv4(NET, transport === 'tcp' ? tcp(ports, bytes) : udp(ports, bytes))).bytes();
}

/** Dissects a message by the protocol's name after checking all its cuts and many damaged copies; returns the tree. */
export function checkApplication(name: string, transport: 'tcp' | 'udp', message: BytesLike): Dissection {
  const bytes = join(message);
  const step = Math.max(1, Math.floor(bytes.length / 400));
  for (let length = 0; length < bytes.length; length += step) {
    dissectPacket(frameOf(transport, bytes.slice(0, length)), 1, name);
  }
  const random = seededRandom(bytes.length + 7);
  for (let i = 0; i < DAMAGED; i++) {
    const damaged = bytes.slice();
    const places = random.bytes(6);
    for (let n = 0; n + 1 < places.length; n += 2) {
      const at = ((places[n] ?? 0) * 256 + (places[n + 1] ?? 0)) % damaged.length;
      damaged[at] = n === 0 ? 0xff : (places[n + 1] ?? 0);
    }
    dissectPacket(frameOf(transport, damaged), 1, name);
    dissectPacket(frameOf(transport, random.bytes(i)), 1, name);
  }
  return dissectPacket(frameOf(transport, bytes), 1, name);
}

/** Feeds a message to its framer byte by byte: it asks for more until it can tell, and then tells its length. */
export function expectFramed(name: string, message: BytesLike, continues = join(message).length): void {
  const { frame } = protocolNamed(name).spec;
  if (frame === undefined) throw new Error(`${name} has no framer`);
  const bytes = join(message);
  for (let length = 1; length <= bytes.length; length++) {
    const framing: Framing = {
      bytes,
      at: 0,
      end: length,
      direction: 0,
      state: 0,
      shared: 0,
      continues: false,
      above: 0,
      header: 0,
      becomes: 0,
      isInside: false,
      find: lookUp,
      named: (wanted) => protocolNamed(wanted).index,
      lost: false,
      version: 0,
    };
    const found = frame(framing);
    if (found !== MORE) expect(found).toBe(continues);
    if (length === bytes.length) expect(found).toBe(continues);
  }
}

/** Does the protocol claim this first payload of a flow? */
export function recognises(name: string, payload: BytesLike, port = 40_000): boolean {
  const bytes = join(payload);
  return protocolNamed(name).spec.recognise?.(bytes, 0, bytes.length, port) ?? false;
}
