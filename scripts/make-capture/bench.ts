/**
 * The benchmark capture: many thousand flows at once, as a busy gateway sees them. By packets about a quarter HTTP with
 * keep-alive, a quarter TLS, the rest opaque TCP, DNS, SSH and a few portmap calls on TCP port 111; with handshakes,
 * losses, retransmissions and reordering in many flows.
 */

import { ipAddress, type Random, seededRandom } from '../../test/support/build-bytes.ts';
import { dnsQuery, dnsResponse } from '../../test/support/build-dns.ts';
import { httpRequest, httpResponse, sampleText } from '../../test/support/build-http.ts';
import { ethernet } from '../../test/support/build-link.ts';
import { ipv4, udp } from '../../test/support/build-packet.ts';
import {
  portmapDump,
  portmapDumpReply,
  portmapGetPort,
  RPC_PROGRAM,
  rpcRecord,
  rpcReply,
} from '../../test/support/build-services.ts';
import { sshEncrypted, sshLoginTurns } from '../../test/support/build-ssh.ts';
import { type Fate, type Segment, type Turn, tcpConversation } from '../../test/support/build-tcp.ts';
import { TLS_VERSION, tlsData, tlsHandshakeTurns } from '../../test/support/build-tls.ts';
import { adjustChecksum, type BulkOptions, BulkWriter, wordSum } from './bulk-writer.ts';
import { addressOffset, type FlowTemplate, l4Offset, makeTemplate } from './flow-templates.ts';

const MS = 1_000_000;
/** Flows start evenly over this time for 2,000,000 packets, and over less for fewer. */
const SPREAD_NS_PER_PACKET = 150_000;
const CLIENTS = 4000;
const SERVERS = 300;
const CLIENT4 = '10.1.0.1';
const SERVER4 = '198.51.100.1';
const CLIENT6 = '2001:db8:a::1';
const SERVER6 = '2001:db8:b::1';
const MACS = { client: { mac: '02:00:00:00:00:01' }, server: { mac: '02:00:00:00:00:04' } };

type MakeTurns = (random: Random, index: number) => Turn[];

interface Kind {
  readonly name: string;
  /** Of all flows, in per mille. */
  readonly share: number;
  readonly templates: number;
  readonly port: number;
  readonly make: (random: Random, index: number, port: number) => FlowTemplate;
}

const KINDS: readonly Kind[] = [
  { name: 'http', share: 268, templates: 48, port: 80, make: overTcp(httpTurns) },
  { name: 'tls', share: 268, templates: 48, port: 443, make: overTcp(tlsTurns) },
  { name: 'opaque', share: 334, templates: 48, port: 30_100, make: overTcp(opaqueTurns) },
  { name: 'dns', share: 100, templates: 64, port: 53, make: dnsFlow },
  { name: 'ssh', share: 25, templates: 8, port: 22, make: overTcp(sshTurns) },
  { name: 'portmap', share: 5, templates: 4, port: 111, make: overTcp(portmapTurns) },
];

/** Two of five paths lose packets. */
function losses(random: Random): (segment: Segment) => Fate | undefined {
  const rate = random.chance(0.4) ? 0.004 + random.int(12) / 1000 : 0;
  return ({ kind, attempt }) => {
    if (kind === 'syn' || kind === 'syn-ack') return random.chance(rate) ? { lost: 'after' } : undefined;
    if (kind === 'data' && attempt < 2 && random.chance(rate)) return { lost: random.chance(0.5) ? 'before' : 'after' };
    if (kind === 'data' && random.chance(rate / 3)) return { delayNs: 30_000 + random.int(2 * MS) };
    if (kind === 'ack' && random.chance(rate / 2)) return { lost: 'after' };
    return undefined;
  };
}

function overTcp(turns: MakeTurns): Kind['make'] {
  return (random, index, port) => {
    const isIpv6 = index % 10 === 9;
    const host = { windowScale: 7, ttl: 50 + random.int(14), timestamps: random.chance(0.85) };
    return makeTemplate(
      tcpConversation({
        client: { ...host, ...MACS.client, ip: isIpv6 ? CLIENT6 : CLIENT4, port: 40_000, buffer: 262_144 },
        server: { ...host, ...MACS.server, ip: isIpv6 ? SERVER6 : SERVER4, port, ttl: 64, buffer: 262_144 },
        rttNs: (0.5 + 79.5 * (random.int(1000) / 1000) ** 2) * MS,
        jitterNs: 200_000,
        capturePoint: 0.9,
        random,
        turns: turns(random, index),
        fate: losses(random),
        close: {
          by: random.chance(0.7) ? 'client' : 'server',
          how: random.chance(0.1) ? 'rst' : 'fin',
          afterNs: random.int(2000) * MS,
        },
      }),
    );
  };
}

/** Several requests on one connection; some headers come in two segments. */
function httpTurns(random: Random, index: number): Turn[] {
  return Array.from({ length: 13 + random.int(14) }, (_, n): Turn[] => {
    const isPost = random.chance(0.2);
    const request = httpRequest({
      method: isPost ? 'POST' : 'GET',
      host: `www${index}.example.com`,
      path: `/api/v1/items/${random.int(10_000)}?page=${n}`,
      headers: { Cookie: `session=${random.u32().toString(16)}`, 'Accept-Language': 'en, ja;q=0.8' },
      ...(isPost ? { body: sampleText(20 + random.int(600)) } : {}),
    });
    const status = random.pick([200, 200, 200, 200, 304, 404]);
    const isEmpty = status === 304;
    const response = httpResponse({
      status,
      headers: { 'Cache-Control': 'max-age=60', 'X-Request': random.u32().toString(16) },
      body: isEmpty ? '' : sampleText(random.pick([100, 400, 1100, 2400, 4400])),
      ...(!isEmpty && random.chance(0.15) ? { chunks: [1000, 3000] } : {}),
    });
    const think = random.int(40) * MS;
    const wait = 1 * MS + random.int(60) * MS;
    if (!random.chance(0.25)) {
      return [
        { from: 'client', data: request, thinkNs: think },
        { from: 'server', data: response, thinkNs: wait },
      ];
    }
    const half = 40 + random.int(60);
    return [
      { from: 'client', data: request.slice(0, half), thinkNs: think },
      { from: 'client', data: request.slice(half), thinkNs: 300_000 },
      { from: 'server', data: response.slice(0, half), thinkNs: wait },
      { from: 'server', data: response.slice(half), thinkNs: 400_000 },
    ];
  }).flat();
}

function tlsTurns(random: Random, index: number): Turn[] {
  const version = random.chance(0.3) ? TLS_VERSION.tls12 : TLS_VERSION.tls13;
  const exchanges = Array.from({ length: 15 + random.int(17) }, (): Turn[] => [
    { from: 'client', data: tlsData(random, 60 + random.int(500), version), thinkNs: random.int(50) * MS },
    {
      from: 'server',
      data: tlsData(random, random.pick([90, 300, 1000, 2800, 6000]), version),
      thinkNs: random.int(30) * MS,
    },
  ]);
  return [
    ...tlsHandshakeTurns({ serverName: `host${index}.example.net`, version, grease: random.chance(0.7) }, random),
    ...exchanges.flat(),
  ];
}

function opaqueTurns(random: Random): Turn[] {
  return Array.from({ length: 23 + random.int(27) }, (): Turn[] => [
    { from: 'client', data: random.bytes(20 + random.int(900)), thinkNs: random.int(60) * MS },
    { from: 'server', data: random.bytes(random.pick([40, 150, 700, 1600, 4200])), thinkNs: random.int(20) * MS },
  ]).flat();
}

function sshTurns(random: Random): Turn[] {
  const keys = Array.from({ length: 30 }, (): Turn[] => [
    { from: 'client', data: sshEncrypted(random, 16), thinkNs: (80 + random.int(250)) * MS },
    { from: 'server', data: sshEncrypted(random, 16 + random.int(200)), thinkNs: 400_000 },
  ]);
  return [...sshLoginTurns({ client: 'OpenSSH_9.6', server: 'OpenSSH_9.2' }, random), ...keys.flat()];
}

function portmapTurns(random: Random): Turn[] {
  const xid = random.u32();
  const nfs = { program: RPC_PROGRAM.nfs, version: 3, protocol: 6 } as const;
  return [
    { from: 'client', data: rpcRecord(portmapGetPort(xid, nfs)), thinkNs: MS },
    { from: 'server', data: rpcRecord(rpcReply(xid, [0, 0, 8, 1])), thinkNs: MS },
    { from: 'client', data: rpcRecord(portmapDump(xid + 1)), thinkNs: 5 * MS },
    {
      from: 'server',
      data: rpcRecord(
        portmapDumpReply(xid + 1, [
          { ...nfs, port: 2049 },
          { program: RPC_PROGRAM.portmap, version: 2, protocol: 6, port: 111 },
        ]),
      ),
      thinkNs: MS,
    },
  ];
}

function dnsFlow(random: Random, index: number, port: number): FlowTemplate {
  const id = random.int(0x10000);
  const name = `www${index}.example.com`;
  const frame = (from: 'client' | 'server', payload: Uint8Array): Uint8Array =>
    from === 'client'
      ? ethernet(
          { src: MACS.client.mac, dst: MACS.server.mac },
          ipv4({ src: CLIENT4, dst: SERVER4, id }, udp({ srcPort: 40_000, dstPort: port }, payload)),
        ).bytes()
      : ethernet(
          { src: MACS.server.mac, dst: MACS.client.mac },
          ipv4({ src: SERVER4, dst: CLIENT4, id }, udp({ srcPort: port, dstPort: 40_000 }, payload)),
        ).bytes();
  const answers = Array.from({ length: 1 + random.int(4) }, (_, n) => ({
    name,
    type: 'A' as const,
    address: `203.0.113.${n + 1}`,
    ttl: 60,
  }));
  return makeTemplate([
    { at: 0, from: 'client', bytes: frame('client', dnsQuery(id, name, 'A')) },
    {
      at: (0.3 + random.int(400) / 10) * MS,
      from: 'server',
      bytes: frame('server', dnsResponse(id, { name, type: 'A' }, answers)),
    },
  ]);
}

/** The flows of the capture, as columns. */
interface Flows {
  readonly count: number;
  readonly kind: Uint8Array;
  readonly template: Uint8Array;
  readonly start: Float64Array;
  readonly next: Uint32Array;
  readonly clientSeq: Uint32Array;
  readonly serverSeq: Uint32Array;
}

function planFlows(packets: number, templates: readonly (readonly FlowTemplate[])[], random: Random): Flows {
  const kinds: number[] = [];
  const chosen: number[] = [];
  // A shuffled deck of kinds, dealt again and again, keeps the shares exact also in short captures.
  const deck = KINDS.flatMap(({ share }, kind) => new Array<number>(share).fill(kind));
  for (let i = deck.length - 1; i > 0; i--) {
    const j = random.int(i + 1);
    const card = deck[i] ?? 0;
    deck[i] = deck[j] ?? 0;
    deck[j] = card;
  }
  for (let total = 0; total < packets; ) {
    const kind = deck[kinds.length % deck.length] ?? 0;
    const list = templates[kind] ?? [];
    const template = random.int(list.length);
    kinds.push(kind);
    chosen.push(template);
    total += list[template]?.count ?? 0;
  }
  const count = kinds.length;
  return {
    count,
    kind: Uint8Array.from(kinds),
    template: Uint8Array.from(chosen),
    start: Float64Array.from({ length: count }, () =>
      Math.floor((random.u32() / 0x1_0000_0000) * packets * SPREAD_NS_PER_PACKET),
    ).sort(),
    next: new Uint32Array(count),
    clientSeq: Uint32Array.from({ length: count }, () => random.u32()),
    serverSeq: Uint32Array.from({ length: count }, () => random.u32()),
  };
}

/** A heap of flows by the time of their next packet. */
class FlowQueue {
  readonly #times: Float64Array;
  readonly #flows: Uint32Array;
  size = 0;

  constructor(capacity: number) {
    this.#times = new Float64Array(capacity + 1);
    this.#flows = new Uint32Array(capacity + 1);
  }

  get firstTime(): number {
    return this.#times[1] ?? Number.POSITIVE_INFINITY;
  }

  get firstFlow(): number {
    return this.#flows[1] ?? 0;
  }

  add(time: number, flow: number): void {
    let at = ++this.size;
    for (let up = at >> 1; up > 0 && (this.#times[up] ?? 0) > time; up = at >> 1) {
      this.#times[at] = this.#times[up] ?? 0;
      this.#flows[at] = this.#flows[up] ?? 0;
      at = up;
    }
    this.#times[at] = time;
    this.#flows[at] = flow;
  }

  /** Gives the first flow another time, which lets it sink. */
  replaceFirst(time: number, flow: number): void {
    const times = this.#times;
    let at = 1;
    for (;;) {
      let child = 2 * at;
      if (child > this.size) break;
      if (child < this.size && (times[child + 1] ?? 0) < (times[child] ?? 0)) child++;
      if ((times[child] ?? 0) >= time) break;
      times[at] = times[child] ?? 0;
      this.#flows[at] = this.#flows[child] ?? 0;
      at = child;
    }
    times[at] = time;
    this.#flows[at] = flow;
  }

  removeFirst(): void {
    const last = this.size--;
    if (last > 1) this.replaceFirst(this.#times[last] ?? 0, this.#flows[last] ?? 0);
  }
}

/** Copies frames of templates into the writer's buffer and gives them the flow's addresses, ports and sequence numbers. */
class FlowPatcher {
  readonly #writer: BulkWriter;
  readonly #client = { 4: ipAddress(CLIENT4), 6: ipAddress(CLIENT6) };
  readonly #server = { 4: ipAddress(SERVER4), 6: ipAddress(SERVER6) };

  constructor(writer: BulkWriter) {
    this.#writer = writer;
  }

  /** Hot: once per packet. */
  write(time: number, flow: number, flows: Flows, template: FlowTemplate, index: number, port: number): void {
    const { buffer, view } = this.#writer;
    const offset = template.offsets[index] ?? 0;
    const length = template.lengths[index] ?? 0;
    const at = this.#writer.begin(time, length);
    buffer.set(template.bytes.subarray(offset, offset + length), at);
    const { isIpv6 } = template;
    const fromClient = template.fromClient[index] === 1;
    // The host part of the addresses and the client's port tell the flows apart; see `planFlows` for how many there are.
    const clientHost = 1 + (flow % CLIENTS);
    const serverHost = 1 + ((flow * 31) % SERVERS);
    const clientPort = 32_768 + ((flow * 7919) % 28_000);
    const version = isIpv6 ? 6 : 4;
    const addressBytes = isIpv6 ? 16 : 4;
    const clientAt = at + addressOffset(isIpv6) + (fromClient ? 0 : addressBytes);
    const serverAt = at + addressOffset(isIpv6) + (fromClient ? addressBytes : 0);
    buffer.set(this.#client[version], clientAt);
    buffer.set(this.#server[version], serverAt);
    view.setUint16(clientAt + addressBytes - 2, clientHost);
    // 198.51.100.1 to .254, then on in 198.51.101.0: the host part may reach into the third byte.
    const serverWord = (isIpv6 ? 0 : 0x6400) + serverHost;
    view.setUint16(serverAt + addressBytes - 2, serverWord);
    const addressDelta = clientHost - 1 + serverHost - 1;
    if (!isIpv6) view.setUint16(at + 24, adjustChecksum(view.getUint16(at + 24), addressDelta));
    const l4 = at + l4Offset(isIpv6);
    view.setUint16(l4 + (fromClient ? 0 : 2), clientPort);
    view.setUint16(l4 + (fromClient ? 2 : 0), port);
    let delta = addressDelta + clientPort + port - template.portSum;
    if (!template.isTcp) {
      const sum = adjustChecksum(view.getUint16(l4 + 6), delta);
      view.setUint16(l4 + 6, sum === 0 ? 0xffff : sum);
      this.#writer.end();
      return;
    }
    const own = (fromClient ? flows.clientSeq[flow] : flows.serverSeq[flow]) ?? 0;
    const peer = (fromClient ? flows.serverSeq[flow] : flows.clientSeq[flow]) ?? 0;
    delta += this.#shift(l4 + 4, own);
    if (((buffer[l4 + 13] ?? 0) & 0x10) !== 0) delta += this.#shift(l4 + 8, peer);
    const sackAt = at + (template.sackAt[index] ?? 0);
    for (let edge = 0, edges = template.sackEdges[index] ?? 0; edge < edges; edge++) {
      delta += this.#shift(sackAt + 4 * edge, peer);
    }
    view.setUint16(l4 + 16, adjustChecksum(view.getUint16(l4 + 16), delta));
    this.#writer.end();
  }

  /** Adds to a sequence number; returns what that does to a sum over its words. */
  #shift(at: number, by: number): number {
    const { view } = this.#writer;
    const before = view.getUint32(at);
    const after = (before + by) >>> 0;
    view.setUint32(at, after);
    // Every number here starts at an even offset; at an odd one the words would be others.
    return wordSum(after) - wordSum(before);
  }
}

export function writeBench({ packets, seed, format, out }: BulkOptions): string {
  const random = seededRandom(seed);
  const templates = KINDS.map(({ templates: count, make, port }) =>
    Array.from({ length: count }, (_, i) => make(random, i, port)),
  );
  const flows = planFlows(packets, templates, random);
  const templateOf = (flow: number): FlowTemplate => {
    const template = templates[flows.kind[flow] ?? 0]?.[flows.template[flow] ?? 0];
    if (template === undefined) throw new Error(`flow ${flow} has no template`);
    return template;
  };
  const writer = new BulkWriter(out, format);
  const patcher = new FlowPatcher(writer);
  const queue = new FlowQueue(flows.count);
  let started = 0;
  while (writer.packets < packets) {
    const nextStart = flows.start[started] ?? Number.POSITIVE_INFINITY;
    if (started < flows.count && (queue.size === 0 || nextStart <= queue.firstTime)) {
      queue.add(nextStart, started++);
      continue;
    }
    const flow = queue.firstFlow;
    const template = templateOf(flow);
    const index = flows.next[flow] ?? 0;
    patcher.write(queue.firstTime, flow, flows, template, index, KINDS[flows.kind[flow] ?? 0]?.port ?? 0);
    flows.next[flow] = index + 1;
    if (index + 1 < template.count)
      queue.replaceFirst((flows.start[flow] ?? 0) + (template.times[index + 1] ?? 0), flow);
    else queue.removeFirst();
  }
  writer.close();
  return `${out}: ${writer.packets} packets, ${writer.bytes} bytes, ${started} flows`;
}
