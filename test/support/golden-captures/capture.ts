/** What a golden capture is, and the few helpers that all groups share. Documentation addresses only. */

import { cut } from '../build-bytes.ts';
import { everyMs, pcap, timeOf } from '../build-capture.ts';
import { ethernet, LINK_TYPE } from '../build-link.ts';
import { type Ipv4Fields, type Ipv6Fields, ipv4, ipv6, type Layer, type Payload, udp } from '../build-packet.ts';
import type { TcpPacket } from '../build-tcp.ts';

export interface GoldenCapture {
  /** Without the dot. */
  readonly extension: string;
  readonly bytes: Uint8Array;
}

/** The captures of one folder under test/golden: file name without extension to capture. */
export interface GoldenGroup {
  readonly name: string;
  readonly captures: Readonly<Record<string, GoldenCapture>>;
}

export const START = timeOf('2026-01-15T09:00:00Z');

export const MAC = {
  host: '02:00:00:00:00:04',
  gateway: '02:00:00:00:00:01',
  peer: '02:00:00:00:00:05',
  broadcast: 'ff:ff:ff:ff:ff:ff',
} as const;

export const IP4 = {
  host: '10.0.0.4',
  gateway: '10.0.0.1',
  peer: '10.0.0.5',
  resolver: '10.0.0.2',
  server: '198.51.100.20',
} as const;
export const IP6 = { host: '2001:db8::4', gateway: 'fe80::1', peer: '2001:db8::5', server: '2001:db8:1::20' } as const;

export function bytesOf(frame: Layer | Uint8Array): Uint8Array {
  return frame instanceof Uint8Array ? frame : frame.bytes();
}

/** A microsecond pcap, one frame every millisecond. */
export function frames(linkType: number, ...list: readonly (Layer | Uint8Array)[]): GoldenCapture {
  return { extension: 'pcap', bytes: pcap({ linkType, packets: everyMs(START, list.map(bytesOf)) }) };
}

export function ethernetFrames(...list: readonly (Layer | Uint8Array)[]): GoldenCapture {
  return frames(LINK_TYPE.ethernet, ...list);
}

/** The frames of TCP conversations, with the times that the simulation gave them. */
export function conversations(...list: readonly (readonly TcpPacket[])[]): GoldenCapture {
  const packets = list
    .flat()
    .sort((a, b) => a.at - b.at)
    .map(({ at, bytes }) => ({ time: START + BigInt(at), bytes }));
  return { extension: 'pcap', bytes: pcap({ variant: 'nano', packets }) };
}

/** A frame of which the capture kept only the first bytes. */
export function snapped(linkType: number, frame: Layer | Uint8Array, kept: number): GoldenCapture {
  const bytes = bytesOf(frame);
  const packets = [{ time: START, bytes: cut(bytes, kept), length: bytes.length }];
  return { extension: 'pcap', bytes: pcap({ linkType, snapLength: kept, packets }) };
}

/** From this host to its gateway, or the other way round. */
export function outbound(payload: Payload): Layer {
  return ethernet({ src: MAC.host, dst: MAC.gateway }, payload);
}

export function inbound(payload: Payload): Layer {
  return ethernet({ src: MAC.gateway, dst: MAC.host }, payload);
}

export function out4(payload: Payload, fields: Partial<Ipv4Fields> = {}): Layer {
  return outbound(ipv4({ src: IP4.host, dst: IP4.server, id: 0x1c46, ...fields }, payload));
}

export function in4(payload: Payload, fields: Partial<Ipv4Fields> = {}): Layer {
  return inbound(ipv4({ src: IP4.server, dst: IP4.host, ttl: 55, id: 0x0321, ...fields }, payload));
}

export function out6(payload: Payload, fields: Partial<Ipv6Fields> = {}): Layer {
  return outbound(ipv6({ src: IP6.host, dst: IP6.server, flowLabel: 0x12345, ...fields }, payload));
}

export function in6(payload: Payload, fields: Partial<Ipv6Fields> = {}): Layer {
  return inbound(ipv6({ src: IP6.server, dst: IP6.host, hopLimit: 55, ...fields }, payload));
}

/** A datagram to a server's port, and one back. */
export function ask(port: number, payload: Payload, fields: Partial<Ipv4Fields> = {}): Layer {
  return out4(udp({ srcPort: 40_000, dstPort: port }, payload), fields);
}

export function answer(port: number, payload: Payload, fields: Partial<Ipv4Fields> = {}): Layer {
  return in4(udp({ srcPort: port, dstPort: 40_000 }, payload), fields);
}
