/** A TCP or UDP conversation run through capture and dissector, as an opened file would be: for unit tests of protocols. */

import type { Dissection } from '../../engine/dissect/tree.ts';
import { MemorySource } from '../../engine/readers/byte-source.ts';
import { openCapture } from '../../engine/readers/index.ts';
import { Capture } from '../../engine/session/capture.ts';
import { Dissector } from '../../engine/session/dissector.ts';
import { seededRandom } from './build-bytes.ts';
import { everyMs, pcap, timeOf } from './build-capture.ts';
import { ethernet } from './build-link.ts';
import { ipv4, udp } from './build-packet.ts';
import { type Side, tcpConversation } from './build-tcp.ts';
import { stackText } from './dissect-packet.ts';

export type Said = readonly [Side, Uint8Array];

const START = timeOf('2026-01-15T09:00:00Z');
const CLIENT = '10.0.0.4';
const SERVER = '198.51.100.20';
const MS = 1_000_000;

function dissectFile(bytes: Uint8Array): Dissection[] {
  const opened = openCapture(new MemorySource(bytes));
  if (!opened.ok) throw new Error(opened.error.message);
  const capture = new Capture(opened.value, { seed: 1 });
  capture.load();
  const dissector = new Dissector(capture);
  return Array.from({ length: capture.table.count }, (_, row) => dissector.dissect(row));
}

/** Every frame of a TCP conversation with these messages, handshake and acknowledgements too. */
export function dissectStream(port: number, messages: readonly Said[]): Dissection[] {
  const packets = tcpConversation({
    client: { ip: CLIENT, port: 40_001, isn: 100 },
    server: { ip: SERVER, port, isn: 900, ttl: 55 },
    rttNs: 10 * MS,
    random: seededRandom(port),
    turns: messages.map(([from, data]) => ({ from, data, thinkNs: MS })),
  }).map(({ at, bytes }) => ({ time: START + BigInt(at), bytes }));
  return dissectFile(pcap({ variant: 'nano', packets }));
}

/** One frame for each datagram. */
export function dissectDatagrams(port: number, messages: readonly Said[]): Dissection[] {
  const frames = messages.map(([from, data]) => {
    const [src, dst] = from === 'client' ? [CLIENT, SERVER] : [SERVER, CLIENT];
    const [srcPort, dstPort] = from === 'client' ? [40_001, port] : [port, 40_001];
    return ethernet(
      { src: '02:00:00:00:00:04', dst: '02:00:00:00:00:01' },
      ipv4({ src, dst }, udp({ srcPort, dstPort }, data)),
    ).bytes();
  });
  return dissectFile(pcap({ packets: everyMs(START, frames) }));
}

/** `layers above the transport | Protocol column | Info` of the frames that carry an application. */
export function summaries(frames: readonly Dissection[], layer: string): string[] {
  return frames
    .map((frame) => ({ frame, stack: stackText(frame).replace(/^eth:ethertype:ip:(?:tcp|udp):?/, '') }))
    .filter(({ stack }) => stack.split(':').includes(layer))
    .map(({ frame, stack }) => `${stack} | ${frame.protocolColumn} | ${frame.info}`);
}
