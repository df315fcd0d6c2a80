/**
 * Captures in which much goes wrong at once, for properties: streams of messages cut anywhere, segments lost, repeated, merged,
 * overlapping and out of order, ports used again, fragments, tunnels, quoted headers, VLANs and cut packets.
 */

import fc from 'fast-check';
import { join, seededRandom } from '../support/build-bytes.ts';
import { type CapturePacket, pcap } from '../support/build-capture.ts';
import { dnsOverTcp, dnsQuery, dnsResponse } from '../support/build-dns.ts';
import { httpRequest, httpResponse } from '../support/build-http.ts';
import { ethernet, vlan } from '../support/build-link.ts';
import {
  fragmentIpv4,
  icmp,
  ipv4,
  ipv6,
  type Layer,
  quoted,
  synOptions,
  type TcpFlag,
  tcp,
  udp,
} from '../support/build-packet.ts';
import { tlsHandshakeTurns } from '../support/build-tls.ts';
import { VXLAN_PORT, vxlan } from '../support/build-tunnel.ts';

type Random = ReturnType<typeof seededRandom>;

const MAC = { a: '02:00:00:00:00:01', b: '02:00:00:00:00:02' } as const;

interface Stream {
  readonly port: number;
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

function stream(random: Random): Stream {
  const text = 'Lorem ipsum dolor sit amet, '.repeat(1 + random.int(20));
  const query = dnsQuery(7, 'www.example.net', 'A');
  const answer = dnsResponse(7, { name: 'www.example.net', type: 'A' }, []);
  switch (random.int(5)) {
    case 0: {
      const get = httpRequest({ host: 'www.example.net', path: '/a' });
      const post = httpRequest({ host: 'www.example.net', method: 'POST', body: text });
      const plain = httpResponse({ headers: { 'Content-Type': 'text/plain' }, body: text });
      const chunks = httpResponse({ headers: { 'Content-Type': 'text/html' }, body: text, chunks: [7, 100] });
      return {
        port: random.int(2) === 0 ? 80 : 8123,
        client: join(get, post, get),
        server: join(plain, chunks, plain),
      };
    }
    case 1: {
      const turns = tlsHandshakeTurns(
        { serverName: 'www.example.net', version: random.int(2) === 0 ? 0x303 : 0x304 },
        random,
      );
      const side = (from: string): Uint8Array =>
        join(...turns.filter((turn) => turn.from === from).map(({ data }) => data));
      return { port: 443, client: side('client'), server: side('server') };
    }
    case 2:
      return { port: 53, client: dnsOverTcp(query, query, query), server: dnsOverTcp(answer, answer, answer) };
    default:
      return {
        port: 9000 + random.int(3),
        client: random.bytes(random.int(900)),
        server: random.bytes(random.int(900)),
      };
  }
}

interface Segment {
  readonly fromClient: boolean;
  readonly at: number;
  readonly data: Uint8Array;
  readonly flags: readonly TcpFlag[];
}

/** The segments of one connection, and then what a bad network makes of them. */
function segments({ client, server }: Stream, random: Random): Segment[] {
  const all: Segment[] = [];
  if (random.int(4) > 0) {
    all.push({ fromClient: true, at: -1, data: new Uint8Array(0), flags: ['syn'] });
    all.push({ fromClient: false, at: -1, data: new Uint8Array(0), flags: ['syn', 'ack'] });
    all.push({ fromClient: true, at: 0, data: new Uint8Array(0), flags: ['ack'] });
  }
  const sent: [number, number] = [0, 0];
  const data: readonly [Uint8Array, Uint8Array] = [client, server];
  const largest = [20, 200, 1400][random.int(3)] ?? 20;
  for (let n = 0; n < 60 && (sent[0] < client.length || sent[1] < server.length); n++) {
    const side = random.int(2) === 0 ? 0 : 1;
    const length = Math.min(1 + random.int(largest), data[side].length - sent[side]);
    const flags: TcpFlag[] = random.int(3) === 0 ? ['ack', 'psh'] : ['ack'];
    all.push({
      fromClient: side === 0,
      at: sent[side],
      data: data[side].subarray(sent[side], sent[side] + length),
      flags,
    });
    sent[side] += length;
  }
  for (const side of [0, 1] as const) {
    if (random.int(3) > 0)
      all.push({
        fromClient: side === 0,
        at: sent[side],
        data: new Uint8Array(0),
        flags: random.int(4) === 0 ? ['rst'] : ['fin', 'ack'],
      });
  }
  const seen: Segment[] = [];
  for (const segment of all) {
    const fate = random.int(20);
    if (fate === 0) continue;
    seen.push(segment);
    if (fate === 1) seen.push(segment);
    if (fate === 2 && seen.length > 1) seen.splice(seen.length - 2, 0, ...seen.splice(seen.length - 1));
    if (fate === 3) {
      // A repetition cut elsewhere.
      const from = Math.max(0, segment.at - random.int(50));
      const whole = segment.fromClient ? client : server;
      seen.push({ ...segment, at: from, data: whole.subarray(from, from + 1 + random.int(300)) });
    }
  }
  return seen;
}

/** The frames of a connection. */
function frames(random: Random): Uint8Array[] {
  const made = stream(random);
  const clientPort = 40_000 + random.int(3);
  const isIpv6 = random.int(4) === 0;
  const inTunnel = random.int(5) === 0;
  const start: readonly [number, number] = [
    random.int(2) === 0 ? 0xffff_ff00 : random.int(1 << 30),
    random.int(1 << 30),
  ];
  const out: Uint8Array[] = [];
  for (const { fromClient, at, data, flags } of segments(made, random)) {
    const [own, other] = fromClient ? ([0, 1] as const) : ([1, 0] as const);
    const segment = tcp(
      {
        srcPort: fromClient ? clientPort : made.port,
        dstPort: fromClient ? made.port : clientPort,
        seq: (start[own] + 1 + at) >>> 0,
        ack: flags.includes('ack') ? (start[other] + 1 + random.int(400)) >>> 0 : 0,
        flags,
        window: random.int(8) === 0 ? 0 : 1000,
        options: flags.includes('syn') ? synOptions({ mss: 1400, windowScale: 3 }) : [],
      },
      data,
    );
    const [src, dst] = fromClient ? ['192.0.2.1', '192.0.2.2'] : ['192.0.2.2', '192.0.2.1'];
    const [src6, dst6] = fromClient ? ['2001:db8::1', '2001:db8::2'] : ['2001:db8::2', '2001:db8::1'];
    const macs = fromClient ? { src: MAC.a, dst: MAC.b } : { src: MAC.b, dst: MAC.a };
    const fields = { src, dst, ttl: 60 + random.int(4), id: random.int(65536) };
    let layers: Layer[] = [isIpv6 ? ipv6({ src: src6, dst: dst6 }, segment) : ipv4(fields, segment)];
    if (!isIpv6 && data.length > 64 && random.int(6) === 0) layers = fragmentIpv4(fields, segment, 68);
    for (const layer of layers) {
      const inner = ethernet(macs, random.int(9) === 0 ? vlan({ id: 5 }, layer) : layer);
      if (!inTunnel) {
        out.push(inner.bytes());
        continue;
      }
      const outer = { srcPort: 50_000 + random.int(4), dstPort: VXLAN_PORT };
      out.push(
        ethernet(
          macs,
          ipv4({ src: '198.51.100.1', dst: '198.51.100.2' }, udp(outer, vxlan({ vni: 77 }, inner))),
        ).bytes(),
      );
    }
    if (random.int(15) === 0 && layers[0] !== undefined) {
      out.push(
        ethernet(
          { src: MAC.b, dst: MAC.a },
          ipv4({ src: '203.0.113.9', dst: '192.0.2.1' }, icmp({ type: 3, code: 1 }, quoted(layers[0]))),
        ).bytes(),
      );
    }
  }
  return out;
}

function make(seed: number): Uint8Array {
  const random = seededRandom(seed);
  const queues = Array.from({ length: 1 + random.int(3) }, () => frames(random));
  const packets: CapturePacket[] = [];
  let time = 1_700_000_000_000_000_000n;
  while (queues.some((queue) => queue.length > 0)) {
    const bytes = queues[random.int(queues.length)]?.shift();
    if (bytes === undefined) continue;
    time += BigInt(random.int(5) === 0 ? random.int(90_000_000) : random.int(9_000)) * 1000n;
    const cut = random.int(25) === 0 ? random.int(bytes.length) : bytes.length;
    packets.push({ time, bytes: bytes.subarray(0, cut), length: bytes.length });
  }
  return pcap({ linkType: 1, packets });
}

export const busyCapture: fc.Arbitrary<Uint8Array> = fc.nat().map(make);
