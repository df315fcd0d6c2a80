/** What is not told by its bytes: an encrypted BitTorrent connection to a peer that DHT named, one to nobody known, Tor by its port. */

import { hex, join, seededRandom, utf8 } from '../build-bytes.ts';
import { pcap } from '../build-capture.ts';
import { ethernet } from '../build-link.ts';
import { ipv4, udp } from '../build-packet.ts';
import { bencode } from '../build-services.ts';
import { type TcpPacket, tcpConversation } from '../build-tcp.ts';
import { clientHello, TLS_CONTENT, tlsRecord } from '../build-tls.ts';
import { type GoldenCapture, type GoldenGroup, IP4, MAC, START } from './capture.ts';

const MS = 1_000_000;
const NODE = '203.0.113.9';
const PEER = '192.0.2.33';
const RELAY = '192.0.2.44';
const HASH = new Uint8Array(20).fill(0x5a);
const random = seededRandom(77);

/** `192.0.2.33:40100`, as DHT writes it. */
const peer = join(hex('c0000221'), hex('9ca4'));
const found = bencode({ r: { id: HASH, token: utf8('ab'), values: [peer] }, t: 'aa', y: 'r' });
const datagram = ethernet(
  { src: MAC.gateway, dst: MAC.host },
  ipv4({ src: NODE, dst: IP4.host }, udp({ srcPort: 51_413, dstPort: 6881 }, found)),
).bytes();

function connection(ip: string, port: number, at: number, first: Uint8Array, answer: Uint8Array): readonly TcpPacket[] {
  return tcpConversation({
    client: { ip: IP4.host, port: 50_000 + (at % 1000), isn: 100 },
    server: { ip, port, isn: 900, ttl: 55 },
    rttNs: 10 * MS,
    random: seededRandom(port),
    turns: [
      { from: 'client', data: first, thinkNs: at * MS },
      { from: 'server', data: answer, thinkNs: MS },
    ],
  });
}

const hello = tlsRecord(TLS_CONTENT.handshake, clientHello({ serverName: 'www.q3vwxk2lt5bd.com' }, random));

const packets = [
  ...connection(PEER, 40_100, 1, random.bytes(300), random.bytes(200)),
  ...connection('198.51.100.7', 40_101, 2, random.bytes(300), random.bytes(200)),
  ...connection(RELAY, 9001, 3, hello, tlsRecord(TLS_CONTENT.alert, Uint8Array.of(2, 40))),
].sort((a, b) => a.at - b.at);

const capture: GoldenCapture = {
  extension: 'pcap',
  bytes: pcap({
    variant: 'nano',
    packets: [
      { time: START - 1n, bytes: datagram },
      ...packets.map(({ at, bytes }) => ({ time: START + BigInt(Math.round(at)), bytes })),
    ],
  }),
};

export const probableGroup: GoldenGroup = { name: 'probable', captures: { peers: capture } };
export const probableCapture = capture.bytes;
