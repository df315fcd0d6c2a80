/** Short words for frames of protocols that lie on Ethernet: a type and bytes. */

import { type BytesLike, hex, join, u16 } from '../../build-bytes.ts';
import { ethernet } from '../../build-link.ts';
import { ipv4, udp } from '../../build-packet.ts';
import { IP4, MAC } from '../capture.ts';

/** A datagram to be carried by anything. */
export const datagram = ipv4({ src: IP4.host, dst: IP4.peer }, udp({ srcPort: 4000, dstPort: 4001 }, 'hello')).bytes();

/** Bytes, or hexadecimal text. */
export type Part = BytesLike | string;

/** The bytes of parts that are bytes, or hexadecimal text. */
export function bytes(...parts: readonly Part[]): Uint8Array {
  return join(...parts.map((part) => (typeof part === 'string' ? hex(part) : part)));
}

/** An Ethernet frame of a type. */
export function typed(type: number, ...parts: readonly Part[]): Uint8Array {
  return ethernet({ src: MAC.host, dst: MAC.peer, type }, bytes(...parts)).bytes();
}

/** An 802.3 frame with a SNAP header. */
export function snap(oui: string, pid: number, ...parts: readonly Part[]): Uint8Array {
  const body = bytes('aaaa03', oui, u16(pid), ...parts);
  return ethernet({ src: MAC.host, dst: '01:00:0c:cc:cc:cc', type: body.length }, body).bytes();
}

/** An IPv4 packet of a protocol. */
export function over(protocol: number, ...parts: readonly Part[]): Uint8Array {
  return typed(0x0800, ipv4({ src: IP4.host, dst: IP4.peer, protocol }, bytes(...parts)).bytes());
}

/** A frame with the datagram, for tunnels that carry Ethernet. */
export const carried = typed(0x0800, datagram);

/** A value with its type and its whole length, two bytes each. */
export function value(type: number, ...parts: readonly Part[]): Uint8Array {
  const body = bytes(...parts);
  return join(u16(type), u16(4 + body.length), body);
}
