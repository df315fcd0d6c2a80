/** sFlow 5: samples of packets, with the headers that they quote, and counters. */

import { type BytesLike, hex, ipAddress, ipv4Address, join, u32, u64, zeros } from '../../build-bytes.ts';
import { ethernet } from '../../build-link.ts';
import { ipv4, tcp } from '../../build-packet.ts';
import { type GoldenGroup, IP4, MAC } from '../capture.ts';
import { client, overUdp } from './talk.ts';

const long = (...values: readonly number[]): Uint8Array => join(...values.map((value) => u32(value)));
const tagged = (type: number, ...parts: readonly BytesLike[]): Uint8Array => {
  const body = join(...parts);
  return join(u32(type), u32(body.length), body);
};
const datagram = (agent: Uint8Array, ...samples: readonly BytesLike[]): Uint8Array =>
  join(u32(5), u32(agent.length === 4 ? 1 : 2), agent, long(0, 1, 5000, samples.length), ...samples);
const sampled = ethernet(
  { src: MAC.host, dst: MAC.peer },
  ipv4({ src: IP4.host, dst: IP4.peer, id: 7 }, tcp({ srcPort: 40_000, dstPort: 80, flags: ['syn'] })),
).bytes();
const rawHeader = (protocol: number, bytes: Uint8Array): Uint8Array =>
  tagged(1, long(protocol, 64, 4, bytes.length), bytes, zeros((4 - (bytes.length % 4)) % 4));
const switched = tagged(1001, long(10, 0, 20, 3));
const routed = tagged(1002, u32(1), ipv4Address('192.0.2.254'), long(24, 16));
const routed6 = tagged(1002, u32(2), ipAddress('2001:db8::fe'), long(64, 48));
const frameData = tagged(2, u32(64), hex('0200000000040000 0200000000050000'), u32(0x800));
const flow = (...records: readonly BytesLike[]): Uint8Array =>
  tagged(1, long(7, 5, 512, 1000, 0, 1, 0x4000_0002, records.length), ...records);
const expandedFlow = (...records: readonly BytesLike[]): Uint8Array =>
  tagged(3, long(8, 0, 5, 512, 1000, 0, 0, 1, 0, 2, records.length), ...records);
const interfaceCounters = tagged(
  1,
  long(5, 6),
  u64(1_000_000_000n),
  long(1, 3),
  u64(1234n),
  long(10, 1, 2, 0, 0, 0),
  u64(4321n),
  long(9, 0, 0, 0, 0, 0),
);
const ethernetCounters = tagged(2, long(...Array.from({ length: 13 }, (_, i) => i)));
const vlanCounters = tagged(5, u32(10), u64(99n), long(1, 2, 3, 4));
const processor = tagged(1001, long(500, 400, 300), u64(1n << 33n), u64(1n << 32n));
const agent = ipv4Address('192.0.2.1');

export const sampleGroup: GoldenGroup = {
  name: 'samples',
  captures: {
    sflow: overUdp(
      6343,
      client(
        datagram(agent, flow(rawHeader(1, sampled), switched, routed), tagged(2, long(9, 5, 1), interfaceCounters)),
      ),
      client(datagram(ipAddress('2001:db8::1'), expandedFlow(rawHeader(11, sampled.slice(14)), routed6, frameData))),
      client(datagram(agent, tagged(4, long(10, 0, 5, 3), ethernetCounters, vlanCounters, processor))),
      client(
        datagram(
          agent,
          tagged((4413 << 12) | 1, hex('01020304')),
          flow(tagged((4413 << 12) | 1, u32(1)), tagged(1099, u32(2))),
        ),
      ),
      client(join(u32(4), u32(1), agent, long(2, 6000, 0))),
    ),
    'bad-sample-length': overUdp(
      6343,
      client(datagram(agent, flow(rawHeader(1, sampled)).slice(0, 60))),
      client(datagram(agent, flow(tagged(1, long(1, 64, 4, 9000))))),
      client(join(long(5, 3), agent)),
      client('no sample'),
    ),
  },
};
