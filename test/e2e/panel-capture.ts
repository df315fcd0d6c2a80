/** A capture small enough that every number of every panel can be clicked, and what the panels should say about it. */

import type { CallContext } from '../../engine/contract/api.ts';
import type { PropertiesPanel } from '../../engine/contract/properties.ts';
import type { PacketLink, Report } from '../../engine/contract/report.ts';
import { useNodePlatform } from '../../engine/host/platform-node.ts';
import type { Session } from '../../engine/session/session.ts';
import { propertiesReport } from '../../renderer/views/properties/properties-report.ts';
import { seededRandom, zeros } from '../support/build-bytes.ts';
import { pcap } from '../support/build-capture.ts';
import { dnsQuery, dnsResponse } from '../support/build-dns.ts';
import { httpRequest, httpResponse } from '../support/build-http.ts';
import { ethernet } from '../support/build-link.ts';
import { icmp, icmpEcho, ipv4, type Layer, quoted, udp } from '../support/build-packet.ts';
import { tcpConversation } from '../support/build-tcp.ts';
import { openSession } from '../support/load-capture.ts';

const START = 1_768_467_600_000_000_000n; // 2026-01-15 09:00 UTC
const MS = 1_000_000;
const CLIENT = '192.0.2.4';
const WEB = '198.51.100.20';
const RESOLVER = '192.0.2.53';
const LINK = { src: '02:00:00:00:00:04', dst: '02:00:00:00:00:01' };

/** A page fetched with a lost segment, one asked for over IPv6, a port that is closed, names, echoes, and an error that quotes. */
export function panelCapture(): Uint8Array {
  const random = seededRandom(3);
  const page = httpResponse({ headers: { 'Content-Length': '30000' }, body: zeros(30_000) });
  const web = tcpConversation({
    client: { ip: CLIENT, port: 40_000 },
    server: { ip: WEB, port: 80 },
    start: 40 * MS,
    rttNs: 20 * MS,
    capturePoint: 0,
    random,
    turns: [
      { from: 'client', data: httpRequest({ host: 'www.example.com' }) },
      { from: 'server', data: page, thinkNs: 5 * MS },
    ],
    fate: ({ from, kind, index, attempt }) =>
      from === 'server' && kind === 'data' && index === 9 && attempt === 0 ? { lost: 'before' } : undefined,
  });
  const other = tcpConversation({
    client: { ip: '2001:db8::4', port: 40_001 },
    server: { ip: '2001:db8:1::20', port: 7777 },
    start: 900 * MS,
    rttNs: 40 * MS,
    random,
    turns: [
      { from: 'client', data: zeros(200) },
      { from: 'server', data: zeros(800), thinkNs: 10 * MS },
    ],
  });
  const refused = tcpConversation({
    client: { ip: CLIENT, port: 40_002 },
    server: { ip: WEB, port: 8081 },
    start: 1500 * MS,
    rttNs: 20 * MS,
    random,
    refuse: 'rst',
  });
  const ask = { srcPort: 50_000, dstPort: 53 };
  const stray = ipv4({ src: CLIENT, dst: WEB }, udp({ srcPort: 50_001, dstPort: 9999 }, zeros(40)));
  const question = { name: 'www.example.com', type: 'A' } as const;
  const answer = { name: question.name, type: 'A', ttl: 60, address: WEB } as const;
  const single: [atMs: number, way: 'out' | 'in', packet: Layer][] = [
    [0, 'out', ipv4({ src: CLIENT, dst: RESOLVER }, udp(ask, dnsQuery(7, question.name, 'A')))],
    [
      12,
      'in',
      ipv4({ src: RESOLVER, dst: CLIENT }, udp({ srcPort: 53, dstPort: 50_000 }, dnsResponse(7, question, [answer]))),
    ],
    [2000, 'out', ipv4({ src: CLIENT, dst: WEB }, icmpEcho({ id: 9, sequence: 1 }))],
    [2021, 'in', ipv4({ src: WEB, dst: CLIENT }, icmpEcho({ id: 9, sequence: 1, reply: true }))],
    [2500, 'out', stray],
    [2520, 'in', ipv4({ src: WEB, dst: CLIENT }, icmp({ type: 3, code: 3 }, quoted(stray)))],
  ];
  const frames = [
    ...[...web, ...other, ...refused].map(({ at, bytes }) => ({ at, bytes })),
    ...single.map(([atMs, way, packet]) => ({
      at: atMs * MS,
      bytes: ethernet(way === 'out' ? LINK : { src: LINK.dst, dst: LINK.src }, packet).bytes(),
    })),
  ].sort((a, b) => a.at - b.at);
  return pcap({
    variant: 'nano',
    packets: frames.map(({ at, bytes }) => ({ time: START + BigInt(Math.round(at)), bytes })),
  });
}

const CALL: CallContext = { signal: new AbortController().signal, progress: () => undefined };

/** What panels say of a capture, asked without any window. */
export class Expected {
  private readonly session: Session;

  private constructor(session: Session) {
    this.session = session;
  }

  static async of(file: Uint8Array): Promise<Expected> {
    useNodePlatform();
    const { session } = openSession(file);
    await session.loaded;
    return new Expected(session);
  }

  get packets(): number {
    return this.session.state.packets;
  }

  get epoch(): bigint {
    const { epoch } = this.session.state;
    if (epoch === null) throw new Error('No packet of the capture has a time.');
    return BigInt(epoch);
  }

  async report(panel: string, filter = '', range: PacketLink['range'] | null = null): Promise<Report> {
    const made = await this.session.panel({ session: 1, panel, filter, range, options: {} }, CALL);
    return panel === 'properties' ? propertiesReport(made as PropertiesPanel) : (made as Report);
  }

  /** Packets that a link finds. */
  async count({ filter, range = undefined }: PacketLink): Promise<number> {
    const rows = await this.session.select(filter, range ?? null, CALL);
    return rows?.count() ?? this.packets;
  }
}
