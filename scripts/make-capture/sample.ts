/**
 * The sample capture that a first start opens: five minutes of one VM (10.0.0.4), told so that every panel has something
 * to show. Names and addresses are reserved for documentation.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ipAddress, join, macAddress, type Random, seededRandom, u32, zeros } from '../../test/support/build-bytes.ts';
import { pcapng, timeOf } from '../../test/support/build-capture.ts';
import { DHCP_MESSAGE, dhcp, dhcpOption } from '../../test/support/build-dhcp.ts';
import { DNS_RCODE, type DnsRecord, type DnsType, dnsQuery, dnsResponse } from '../../test/support/build-dns.ts';
import { httpRequest, httpResponse, sampleText } from '../../test/support/build-http.ts';
import { ARP, arp, ethernet } from '../../test/support/build-link.ts';
import {
  ICMP,
  icmp,
  icmpEcho,
  icmpv6Echo,
  ipv4,
  ipv6,
  type Layer,
  ndOption,
  neighborAdvertisement,
  neighborSolicitation,
  type Payload,
  pingPayload,
  quoted,
  routerAdvertisement,
  udp,
} from '../../test/support/build-packet.ts';
import {
  BITTORRENT_MESSAGE,
  bencode,
  bittorrentHandshake,
  bittorrentMessage,
  dhtQuery,
  dhtResponse,
  ntp,
  peerId,
  portmapDump,
  portmapDumpReply,
  portmapGetPort,
  RDP_PROTOCOL,
  RPC_PROGRAM,
  rdpConnectionConfirm,
  rdpConnectionRequest,
  rpcRecord,
  rpcReply,
} from '../../test/support/build-services.ts';
import { sshEncrypted, sshLoginTurns } from '../../test/support/build-ssh.ts';
import {
  type Fate,
  type HostFields,
  type Segment,
  type TcpConversationFields,
  type Turn,
  tcpConversation,
} from '../../test/support/build-tcp.ts';
import { TLS_VERSION, tlsAlert, tlsData, tlsHandshakeTurns } from '../../test/support/build-tls.ts';
import { VXLAN_PORT, vxlan } from '../../test/support/build-tunnel.ts';

const START = timeOf('2026-01-15T00:02:00Z');
const MS = 1_000_000;
const SECOND = 1000 * MS;

const VM = {
  ip: '10.0.0.4',
  ip6: '2001:db8:10::4',
  linkLocal: 'fe80::200:5eff:fe00:5304',
  mac: '00:00:5e:00:53:04',
} as const;
const GATEWAY = { ip: '10.0.0.1', linkLocal: 'fe80::200:5eff:fe00:5301', mac: '00:00:5e:00:53:01' } as const;
const PEER = { ip: '10.0.0.5', mac: '00:00:5e:00:53:05' } as const;
const FILE_SERVER = { ip: '10.0.0.9', mac: '00:00:5e:00:53:09' } as const;
const RESOLVER = '10.0.0.2';
const BROADCAST = 'ff:ff:ff:ff:ff:ff';

/** Round trips to the places that the VM talks to, in milliseconds. */
const SITES = {
  www: { name: 'www.example.com', ip: '198.51.100.20', rttMs: 12.4, ttl: 52 },
  api: { name: 'api.example.net', ip: '198.51.100.77', rttMs: 31, ttl: 49 },
  slow: { name: 'reports.example.org', ip: '203.0.113.44', rttMs: 8.2, ttl: 54 },
  mirror: { name: 'downloads.example.com', ip: '198.51.100.130', rttMs: 24, ttl: 50 },
  backup: { name: 'backup.example.net', ip: '203.0.113.200', rttMs: 62, ttl: 44 },
} as const;
const SITE6 = { name: 'www.example.org', ip: '2001:db8:20::80', rttMs: 18 } as const;

/** Which interface a packet was captured on. */
const ETH0 = 0;
const MIRROR = 1;

interface Seen {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly interface?: number;
  readonly outbound?: boolean;
  readonly comment?: string;
}

type Site = { readonly ip: string; readonly rttMs: number; readonly ttl?: number };

class Story {
  readonly seen: Seen[] = [];
  readonly random: Random = seededRandom(20_260_115);
  #id = 0x2a10;
  #port = 49_160;

  nextPort(): number {
    this.#port += 1 + this.random.int(7);
    return this.#port;
  }

  add(at: number, bytes: Uint8Array, details: Omit<Seen, 'at' | 'bytes'> = {}): void {
    this.seen.push({ at: Math.round(at), bytes, ...details });
  }

  /** An IPv4 packet that the VM sends through its gateway or to a neighbour. */
  out(at: number, dst: string, payload: Payload, dstMac: string = GATEWAY.mac): void {
    const packet = ipv4({ src: VM.ip, dst, id: this.#id++ & 0xffff, dontFragment: true }, payload);
    this.add(at, ethernet({ src: VM.mac, dst: dstMac }, packet).bytes(), { outbound: true });
  }

  in(at: number, src: string, payload: Payload, ttl = 64, srcMac: string = GATEWAY.mac): void {
    const packet = ipv4({ src, dst: VM.ip, ttl, id: this.#id++ & 0xffff }, payload);
    this.add(at, ethernet({ src: srcMac, dst: VM.mac, pad: true }, packet).bytes(), { outbound: false });
  }

  /** Question and answer over UDP. */
  ask(
    at: number,
    server: string,
    port: number,
    question: Uint8Array,
    answer: Uint8Array | undefined,
    tookMs: number,
  ): void {
    const srcPort = 32_800 + this.random.int(20_000);
    this.out(at, server, udp({ srcPort, dstPort: port }, question));
    if (answer !== undefined) this.in(at + tookMs * MS, server, udp({ srcPort: port, dstPort: srcPort }, answer));
  }

  /** A name lookup; two packets. */
  resolve(
    at: number,
    name: string,
    type: DnsType,
    answers: readonly DnsRecord[],
    tookMs = 0.9,
    fields: Parameters<typeof dnsResponse>[3] = {},
  ): void {
    const id = this.random.int(0x10000);
    this.ask(
      at,
      RESOLVER,
      53,
      dnsQuery(id, name, type, 1232),
      dnsResponse(id, { name, type }, answers, { edns: 1232, ...fields }),
      tookMs,
    );
  }

  /** A connection of the VM to a site, seen at the VM. */
  connect(
    at: number,
    site: Site,
    port: number,
    turns: readonly Turn[],
    fields: Partial<TcpConversationFields> & {
      readonly clientFields?: Partial<HostFields>;
      readonly serverFields?: Partial<HostFields>;
    } = {},
  ): void {
    const { clientFields, serverFields, ...rest } = fields;
    const isIpv6 = site.ip.includes(':');
    this.converse({
      client: { ip: isIpv6 ? VM.ip6 : VM.ip, mac: VM.mac, port: this.nextPort(), ...clientFields },
      server: { ip: site.ip, mac: GATEWAY.mac, port, ttl: site.ttl ?? 60, mss: isIpv6 ? 1420 : 1440, ...serverFields },
      start: at,
      rttNs: site.rttMs * MS,
      capturePoint: 0.002,
      jitterNs: site.rttMs * 30_000,
      turns,
      ...rest,
    });
  }

  /** A connection from outside to a port of the VM, seen at the VM. */
  accept(
    at: number,
    from: Site,
    port: number,
    turns: readonly Turn[],
    fields: Partial<TcpConversationFields> = {},
  ): void {
    this.converse({
      client: {
        ip: from.ip,
        mac: GATEWAY.mac,
        port: 50_000 + this.random.int(14_000),
        ttl: from.ttl ?? 113,
        mss: 1380,
      },
      server: { ip: VM.ip, mac: VM.mac, port },
      start: at,
      rttNs: from.rttMs * MS,
      capturePoint: 0.998,
      jitterNs: from.rttMs * 30_000,
      turns,
      ...fields,
    });
  }

  converse(fields: TcpConversationFields, details: Omit<Seen, 'at' | 'bytes'> = {}): void {
    for (const { at, bytes, from } of tcpConversation({ random: this.random, ...fields })) {
      const isVm = (from === 'client' ? fields.client : fields.server).mac === VM.mac;
      this.add(at, bytes, { outbound: isVm, ...details });
    }
  }
}

const from =
  (side: Turn['from']) =>
  (data: Uint8Array, thinkMs = 1): Turn => ({ from: side, data, thinkNs: thinkMs * MS });
const client = from('client');
const server = from('server');

/** Does something to given data segments of the server the first time they are sent. */
function toServerData(fates: Readonly<Record<number, Fate>>, attempts = 1): (segment: Segment) => Fate | undefined {
  return ({ from: side, kind, index, attempt }) =>
    side === 'server' && kind === 'data' && attempt < attempts ? fates[index] : undefined;
}

function startOfDay(s: Story): void {
  const lease = [
    dhcpOption.server(GATEWAY.ip),
    dhcpOption.leaseTime(3600),
    dhcpOption.mask('255.255.255.0'),
    dhcpOption.routers(GATEWAY.ip),
    dhcpOption.nameServers(RESOLVER),
    dhcpOption.domain('example.net'),
  ];
  const transaction = s.random.u32();
  const ask = dhcp({
    operation: 1,
    transaction,
    clientMac: VM.mac,
    clientIp: VM.ip,
    options: [
      dhcpOption.messageType(DHCP_MESSAGE.request),
      dhcpOption.hostName('vm1'),
      dhcpOption.parameterList(1, 3, 6, 15, 51),
    ],
  });
  const reply = dhcp({
    operation: 2,
    transaction,
    clientMac: VM.mac,
    clientIp: VM.ip,
    yourIp: VM.ip,
    options: [dhcpOption.messageType(DHCP_MESSAGE.ack), ...lease],
  });
  s.out(0.4 * SECOND, GATEWAY.ip, udp({ srcPort: 68, dstPort: 67 }, ask));
  s.in(0.4012 * SECOND, GATEWAY.ip, udp({ srcPort: 67, dstPort: 68 }, reply));
  for (const [at, who] of [
    [0.398, GATEWAY],
    [62.1, PEER],
    [150.3, FILE_SERVER],
    [241.7, GATEWAY],
  ] as const) {
    s.add(
      at * SECOND,
      ethernet(
        { src: VM.mac, dst: BROADCAST },
        arp({ operation: ARP.request, senderMac: VM.mac, senderIp: VM.ip, targetIp: who.ip }),
      ).bytes(),
      { outbound: true },
    );
    s.add(
      at * SECOND + 210_000,
      ethernet(
        { src: who.mac, dst: VM.mac, pad: true },
        arp({ operation: ARP.reply, senderMac: who.mac, senderIp: who.ip, targetMac: VM.mac, targetIp: VM.ip }),
      ).bytes(),
      { outbound: false },
    );
  }
  const routerPacket = ipv6(
    { src: GATEWAY.linkLocal, dst: 'ff02::1', hopLimit: 255 },
    routerAdvertisement(
      { flags: 0x40, lifetime: 1800 },
      ndOption.prefix('2001:db8:10::', 64),
      ndOption.mtu(1500),
      ndOption.sourceLinkAddress(macAddress(GATEWAY.mac)),
    ),
  );
  s.add(2.2 * SECOND, ethernet({ src: GATEWAY.mac, dst: '33:33:00:00:00:01' }, routerPacket).bytes(), {
    outbound: false,
  });
  for (const at of [3, 190]) {
    const solicit = ipv6(
      { src: VM.ip6, dst: 'ff02::1:ff00:5301', hopLimit: 255 },
      neighborSolicitation(GATEWAY.linkLocal, ndOption.sourceLinkAddress(macAddress(VM.mac))),
    );
    const advertise = ipv6(
      { src: GATEWAY.linkLocal, dst: VM.ip6, hopLimit: 255 },
      neighborAdvertisement(
        { target: GATEWAY.linkLocal, router: true, solicited: true, override: true },
        ndOption.targetLinkAddress(macAddress(GATEWAY.mac)),
      ),
    );
    s.add(at * SECOND, ethernet({ src: VM.mac, dst: '33:33:ff:00:53:01' }, solicit).bytes(), { outbound: true });
    s.add(at * SECOND + 340_000, ethernet({ src: GATEWAY.mac, dst: VM.mac }, advertise).bytes(), { outbound: false });
  }
  for (const at of [5, 69, 133, 197, 261]) {
    const sent = START + BigInt(at * SECOND);
    const answered = sent + 4_200_000n;
    const reply4 = ntp({
      mode: 4,
      stratum: 2,
      rootDelay: 0.0021,
      rootDispersion: 0.0007,
      reference: '192.0.2.123',
      referenceTime: sent - 30_000_000_000n,
      originTime: sent,
      receiveTime: answered - 2_100_000n,
      transmitTime: answered - 2_060_000n,
    });
    s.ask(at * SECOND, '203.0.113.123', 123, ntp({ mode: 3, poll: 6, transmitTime: sent }), reply4, 4.2);
  }
}

/** One echo a second to the peer and now and then to the outside; one answer never comes. */
function pings(s: Story): void {
  for (let i = 1; i <= 20; i++) {
    const at = (64 + i) * SECOND;
    s.out(at, PEER.ip, icmpEcho({ id: 0x1f2e, sequence: i }), PEER.mac);
    if (i !== 13)
      s.in(
        at + 380_000 + s.random.int(160_000),
        PEER.ip,
        icmpEcho({ id: 0x1f2e, sequence: i, reply: true }),
        64,
        PEER.mac,
      );
  }
  for (let i = 1; i <= 5; i++) {
    const at = (200 + i) * SECOND;
    s.out(at, SITES.www.ip, icmpEcho({ id: 0x1f40, sequence: i }));
    s.in(
      at + SITES.www.rttMs * MS + s.random.int(2 * MS),
      SITES.www.ip,
      icmpEcho({ id: 0x1f40, sequence: i, reply: true }),
      SITES.www.ttl,
    );
    const wrap = (packet: Layer, out: boolean): Uint8Array =>
      (out
        ? ethernet({ src: VM.mac, dst: GATEWAY.mac }, packet)
        : ethernet({ src: GATEWAY.mac, dst: VM.mac }, packet)
      ).bytes();
    s.add(
      at + 400 * MS,
      wrap(ipv6({ src: VM.ip6, dst: SITE6.ip }, icmpv6Echo({ id: 0x77, sequence: i }, pingPayload())), true),
      { outbound: true },
    );
    s.add(
      at + 400 * MS + SITE6.rttMs * MS,
      wrap(
        ipv6(
          { src: SITE6.ip, dst: VM.ip6, hopLimit: 53 },
          icmpv6Echo({ id: 0x77, sequence: i, reply: true }, pingPayload()),
        ),
        false,
      ),
      { outbound: false },
    );
  }
  // A datagram to a port that nobody listens on, and a hop limit that ran out.
  const refused = ipv4(
    { src: VM.ip, dst: '198.51.100.9', id: 0x7700, dontFragment: true },
    udp({ srcPort: 40_404, dstPort: 33_434 }, zeros(24)),
  );
  s.add(96 * SECOND, ethernet({ src: VM.mac, dst: GATEWAY.mac }, refused).bytes(), { outbound: true });
  s.in(96.009 * SECOND, '198.51.100.9', icmp({ type: ICMP.unreachable, code: 3 }, quoted(refused, 52)), 51);
  const expired = ipv4(
    { src: VM.ip, dst: '198.51.100.9', id: 0x7701, ttl: 3 },
    udp({ srcPort: 40_405, dstPort: 33_435 }, zeros(24)),
  );
  s.add(97 * SECOND, ethernet({ src: VM.mac, dst: GATEWAY.mac }, expired).bytes(), { outbound: true });
  s.in(97.006 * SECOND, '192.0.2.33', icmp({ type: ICMP.timeExceeded }, quoted(expired)), 61);
}

function names(s: Story): void {
  const lookUp = (at: number, site: { readonly name: string; readonly ip: string }, tookMs?: number): void =>
    s.resolve(
      at * SECOND,
      site.name,
      site.ip.includes(':') ? 'AAAA' : 'A',
      [{ name: site.name, type: site.ip.includes(':') ? 'AAAA' : 'A', address: site.ip, ttl: 120 }],
      tookMs,
    );
  lookUp(8, SITES.www, 1.1);
  lookUp(21.9, SITES.api, 14.6);
  lookUp(39.9, SITES.slow, 0.7);
  lookUp(104.9, SITES.mirror, 0.8);
  lookUp(169.9, SITES.backup, 22.4);
  lookUp(119.9, SITE6, 1.2);
  s.resolve(8.001 * SECOND, SITES.www.name, 'AAAA', [], 1.3, {
    authority: [
      {
        name: 'example.com',
        type: 'SOA',
        primary: 'ns1.example.com',
        mailbox: 'hostmaster.example.com',
        serial: 2026011501,
      },
    ],
  });
  s.resolve(57 * SECOND, 'wpad.example.net', 'A', [], 0.6, { rcode: DNS_RCODE.noSuchName });
  s.resolve(90 * SECOND, 'www.example.net', 'A', [
    { name: 'www.example.net', type: 'CNAME', target: SITES.www.name },
    { name: SITES.www.name, type: 'A', address: SITES.www.ip },
  ]);
  s.resolve(
    180 * SECOND,
    '4.0.0.10.in-addr.arpa',
    'PTR',
    [{ name: '4.0.0.10.in-addr.arpa', type: 'PTR', target: 'vm1.example.net' }],
    0.5,
  );
  s.resolve(
    228 * SECOND,
    'example.com',
    'MX',
    [{ name: 'example.com', type: 'MX', preference: 10, target: 'mail.example.com' }],
    1.8,
  );
  // The resolver does not answer at first.
  const id = s.random.int(0x10000);
  const question = dnsQuery(id, 'metrics.example.net', 'A', 1232);
  for (const at of [140, 145]) s.out(at * SECOND, RESOLVER, udp({ srcPort: 45_511, dstPort: 53 }, question));
  s.in(
    145.0021 * SECOND,
    RESOLVER,
    udp(
      { srcPort: 53, dstPort: 45_511 },
      dnsResponse(id, { name: 'metrics.example.net', type: 'A' }, [
        { name: 'metrics.example.net', type: 'A', address: '198.51.100.78' },
      ]),
    ),
  );
}

function web(s: Story): void {
  const get = (host: string, path: string): Uint8Array => httpRequest({ host, path });
  const page = (length: number): Uint8Array =>
    httpResponse({ body: sampleText(length), headers: { 'Cache-Control': 'max-age=600' } });
  s.connect(8.01 * SECOND, SITES.www, 80, [
    client(get(SITES.www.name, '/')),
    server(page(2600), 6),
    client(get(SITES.www.name, '/style.css'), 40),
    server(page(1200), 3),
    client(get(SITES.www.name, '/missing.png'), 5),
    server(httpResponse({ status: 404, body: 'Not found\n' }), 2),
    client(
      httpRequest({
        method: 'POST',
        host: SITES.www.name,
        path: '/login',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: 'user=demo&token=0000',
      }),
      900,
    ),
    server(httpResponse({ status: 204 }), 12),
  ]);
  // Network 8 ms, program two seconds: the answer to "is it the network or the application".
  for (const [at, path, thinkMs] of [
    [40, '/daily', 2010],
    [47, '/weekly', 2240],
    [55, '/health', 4],
  ] as const) {
    s.connect(at * SECOND, SITES.slow, 80, [
      client(get(SITES.slow.name, path)),
      server(page(path === '/health' ? 20 : 3000), thinkMs),
    ]);
  }
  s.connect(105 * SECOND, SITES.mirror, 80, [client(get(SITES.mirror.name, '/list.txt')), server(page(14_000), 5)], {
    // Two segments are lost on the way here; the three that follow tell the sender.
    fate: toServerData({ 4: { lost: 'before' }, 8: { lost: 'before' } }),
  });
  s.connect(108 * SECOND, SITES.mirror, 80, [client(get(SITES.mirror.name, '/index.txt')), server(page(9000), 5)], {
    // The resent segment is lost as well: only the timer helps.
    fate: toServerData({ 2: { lost: 'before' } }, 2),
  });
  s.connect(112 * SECOND, SITES.mirror, 80, [client(get(SITES.mirror.name, '/swapped.txt')), server(page(8000), 5)], {
    fate: toServerData({ 2: { delayNs: 16_000 } }),
  });
  // The program on the VM stops reading: its window closes for 1.2 s.
  s.connect(116 * SECOND, SITES.mirror, 80, [client(get(SITES.mirror.name, '/log.txt')), server(page(16_000), 5)], {
    clientFields: { buffer: 8192, stall: { afterBytes: 6000, forNs: 1200 * MS } },
  });
  const port = s.nextPort();
  for (const [at, isn] of [
    [246, 1_800_000_000],
    [252, 2_600_000_000],
  ] as const) {
    s.connect(at * SECOND, SITES.www, 80, [client(get(SITES.www.name, '/poll')), server(page(60), 2)], {
      clientFields: { port, isn },
    });
  }
}

function encrypted(s: Story): void {
  const session = (
    serverName: string,
    version: number,
    exchanges: readonly (readonly [number, number, number])[],
  ): Turn[] => [
    ...tlsHandshakeTurns({ serverName, version, grease: version === TLS_VERSION.tls13 }, s.random),
    ...exchanges.flatMap(([up, down, thinkMs]) => [
      client(tlsData(s.random, up, version), 20),
      server(tlsData(s.random, down, version), thinkMs),
    ]),
  ];
  s.connect(
    22 * SECOND,
    SITES.api,
    443,
    session(SITES.api.name, TLS_VERSION.tls13, [
      [310, 900, 18],
      [420, 2400, 35],
      [380, 500, 15],
    ]),
  );
  s.connect(27 * SECOND, SITES.api, 443, session(SITES.api.name, TLS_VERSION.tls12, [[300, 1500, 20]]), {
    fate: ({ kind, attempt }) => (kind === 'syn' && attempt === 0 ? { lost: 'after' } : undefined),
  });
  s.connect(
    120 * SECOND,
    SITE6,
    443,
    session(SITE6.name, TLS_VERSION.tls13, [
      [290, 3100, 9],
      [250, 400, 5],
    ]),
  );
  s.connect(146 * SECOND, { ip: '198.51.100.78', rttMs: 30, ttl: 49 }, 443, [
    ...session('metrics.example.net', TLS_VERSION.tls12, [[700, 120, 6]]),
    client(tlsAlert(1, 0), 5),
  ]);
  // A server that accepts nothing: refused at once, and one that never answers.
  s.connect(152 * SECOND, { ip: '198.51.100.79', rttMs: 30, ttl: 49 }, 8443, [], { refuse: 'rst' });
  s.connect(234 * SECOND, { ip: '203.0.113.250', rttMs: 40 }, 8443, [], { refuse: 'silence' });
  // The nightly copy that nobody knew of: out to a public address, the first tail lost and probed for.
  s.connect(
    170 * SECOND,
    SITES.backup,
    443,
    [
      ...tlsHandshakeTurns({ serverName: SITES.backup.name }, s.random),
      client(tlsData(s.random, 58_000), 30),
      server(tlsData(s.random, 200), 40),
      client(tlsData(s.random, 5000), 300),
      server(tlsData(s.random, 120), 25),
    ],
    {
      serverFields: { buffer: 262_144 },
      fate: ({ from: side, kind, index, attempt }) =>
        side === 'client' && kind === 'data' && attempt === 0 && (index === 9 || index === 46)
          ? { lost: 'after' }
          : undefined,
    },
  );
}

/** Sign-ins from outside, over SSH and RDP, and what looks for open doors. */
function signIns(s: Story): void {
  const admin = { ip: '192.0.2.77', rttMs: 21, ttl: 53 } as const;
  const keys = Array.from({ length: 14 }, (_, i) => [
    client(sshEncrypted(s.random, 16), 130 + s.random.int(300)),
    server(sshEncrypted(s.random, i === 13 ? 620 : 16), 2),
  ]).flat();
  s.accept(74 * SECOND, admin, 22, [
    ...sshLoginTurns({ client: 'OpenSSH_9.6', server: 'OpenSSH_9.2' }, s.random),
    ...keys,
  ]);
  const rdp = (user: string): Turn[] => [
    client(rdpConnectionRequest(user), 2),
    server(rdpConnectionConfirm(RDP_PROTOCOL.hybrid), 8),
  ];
  s.accept(128 * SECOND, { ip: '192.0.2.77', rttMs: 21, ttl: 117 }, 3389, [
    ...rdp('operator'),
    ...tlsHandshakeTurns({ serverName: 'vm1.example.net', version: TLS_VERSION.tls12, alpn: [] }, s.random),
    client(tlsData(s.random, 250, TLS_VERSION.tls12), 4),
    server(tlsData(s.random, 420, TLS_VERSION.tls12), 6),
    client(tlsData(s.random, 180, TLS_VERSION.tls12), 700),
    server(tlsData(s.random, 2600, TLS_VERSION.tls12), 30),
  ]);
  ['administrator', 'admin', 'test', 'user1'].forEach((user, i) => {
    s.accept((158 + 3.1 * i) * SECOND, { ip: '203.0.113.66', rttMs: 148, ttl: 108 }, 3389, rdp(user), {
      close: { by: 'server', how: 'rst', afterNs: 40 * MS },
    });
  });
  [21, 23, 25, 445, 1433, 3306, 5900, 6379, 8080].forEach((port, i) => {
    s.accept((214 + 0.13 * i) * SECOND, { ip: '203.0.113.66', rttMs: 148, ttl: 108 }, port, [], { refuse: 'rst' });
  });
}

/** What one may not want to see: portmap in the clear, file sharing between peers. */
function unwanted(s: Story): void {
  const nfs = { program: RPC_PROGRAM.nfs, version: 3, protocol: 6, port: 2049 } as const;
  const files = { ip: FILE_SERVER.ip, rttMs: 0.4, ttl: 64 } as const;
  s.connect(
    150.4 * SECOND,
    files,
    111,
    [
      client(rpcRecord(portmapGetPort(0x5be1, nfs))),
      server(rpcRecord(rpcReply(0x5be1, u32(nfs.port)))),
      client(rpcRecord(portmapDump(0x5be2)), 3),
      server(
        rpcRecord(
          portmapDumpReply(0x5be2, [
            { program: RPC_PROGRAM.portmap, version: 2, protocol: 6, port: 111 },
            nfs,
            { program: RPC_PROGRAM.mountd, version: 3, protocol: 6, port: 20_048 },
          ]),
        ),
      ),
    ],
    { serverFields: { mac: FILE_SERVER.mac } },
  );
  s.ask(151 * SECOND, '203.0.113.90', 111, portmapGetPort(0x5be3, { ...nfs, protocol: 17 }), undefined, 0);
  const infoHash = s.random.bytes(20);
  const id = s.random.bytes(20);
  const nodes = Array.from({ length: 5 }, (_, i) => ({ ip: `203.0.113.${150 + i}`, port: 6881 + i * 111 }));
  nodes.forEach(({ ip, port }, i) => {
    const other = s.random.bytes(20);
    const transaction = String.fromCharCode(0x61 + i, 0x61);
    const query =
      i % 2 === 0
        ? dhtQuery(transaction, 'ping', { id })
        : dhtQuery(transaction, 'get_peers', { id, info_hash: infoHash });
    const reply =
      i % 2 === 0
        ? dhtResponse(transaction, { id: other })
        : dhtResponse(transaction, {
            id: other,
            token: 'tk',
            values: [join(ipAddress('203.0.113.151'), [0x1a, 0xe1])],
          });
    const at = (182 + 0.4 * i) * SECOND;
    s.out(at, ip, udp({ srcPort: 51_413, dstPort: port }, query));
    if (i !== 3) s.in(at + (45 + 10 * i) * MS, ip, udp({ srcPort: port, dstPort: 51_413 }, reply), 48);
  });
  const extended = bittorrentMessage(
    BITTORRENT_MESSAGE.extended,
    join([0], bencode({ m: { ut_metadata: 2, ut_pex: 1 }, p: 51_413, v: 'example client 1.0' })),
  );
  s.connect(185 * SECOND, { ip: '203.0.113.151', rttMs: 55, ttl: 47 }, 6881, [
    client(bittorrentHandshake(infoHash, peerId(s.random)), 2),
    server(
      join(
        bittorrentHandshake(infoHash, peerId(s.random)),
        extended,
        bittorrentMessage(BITTORRENT_MESSAGE.bitfield, [0xff, 0xff, 0xfe]),
      ),
      3,
    ),
    client(join(extended, bittorrentMessage(BITTORRENT_MESSAGE.interested)), 2),
    server(bittorrentMessage(BITTORRENT_MESSAGE.unchoke), 30),
    client(bittorrentMessage(BITTORRENT_MESSAGE.request, join(u32(3), u32(0), u32(8192)))),
    server(bittorrentMessage(BITTORRENT_MESSAGE.piece, join(u32(3), u32(0), s.random.bytes(8192))), 20),
  ]);
}

/** Packets that another VM's mirror sends here inside VXLAN: two tenants' traffic, with addresses of their own. */
function mirrored(s: Story): void {
  const source = { ip: '10.0.0.30', mac: '00:00:5e:00:53:30' } as const;
  const collector = { ip: '10.0.0.40', mac: '00:00:5e:00:53:40' } as const;
  const wrap =
    (vni: number) =>
    (side: 'client' | 'server', packet: Layer): Uint8Array => {
      const inner =
        side === 'client'
          ? { src: '00:00:5e:00:53:a1', dst: '00:00:5e:00:53:a2' }
          : { src: '00:00:5e:00:53:a2', dst: '00:00:5e:00:53:a1' };
      // The source port is a hash of the inner flow and differs by direction.
      const datagram = udp(
        { srcPort: side === 'client' ? 54_017 : 60_233, dstPort: VXLAN_PORT, checksum: 0 },
        vxlan({ vni }, ethernet(inner, packet)),
      );
      return ethernet(
        { src: source.mac, dst: collector.mac },
        ipv4({ src: source.ip, dst: collector.ip, dontFragment: true }, datagram),
      ).bytes();
    };
  const onMirror = { interface: MIRROR };
  s.converse(
    {
      client: { ip: '172.16.5.10', port: 51_002, mss: 1410 },
      server: { ip: '172.16.5.80', port: 80, mss: 1410 },
      start: 60 * SECOND,
      rttNs: 0.9 * MS,
      capturePoint: 0.5,
      frame: wrap(7001),
      turns: [
        client(httpRequest({ host: 'inventory.example.net', path: '/items?limit=20' })),
        server(httpResponse({ body: inventory(40), headers: { 'Content-Type': 'application/json' } }), 24),
        client(httpRequest({ host: 'inventory.example.net', path: '/items/17' }), 300),
        server(httpResponse({ body: sampleText(400) }), 8),
      ],
      fate: toServerData({ 2: { lost: 'after' } }),
    },
    { ...onMirror },
  );
  s.converse(
    {
      client: { ip: '172.16.5.10', port: 51_077, mss: 1410 },
      server: { ip: '172.16.5.81', port: 443, mss: 1410 },
      start: 137 * SECOND,
      rttNs: 1.1 * MS,
      capturePoint: 0.5,
      frame: wrap(7001),
      turns: [
        ...tlsHandshakeTurns({ serverName: 'db-proxy.example.net' }, s.random),
        client(tlsData(s.random, 200), 3),
        server(tlsData(s.random, 900), 6),
      ],
    },
    { ...onMirror },
  );
  const tenant = (side: 'client' | 'server', payload: Layer): Uint8Array =>
    wrap(7002)(
      side,
      side === 'client'
        ? ipv4({ src: '172.16.9.3', dst: '172.16.9.4', id: 9 }, payload)
        : ipv4({ src: '172.16.9.4', dst: '172.16.9.3', id: 9 }, payload),
    );
  for (let i = 1; i <= 3; i++) {
    s.add((100 + i) * SECOND, tenant('client', icmpEcho({ id: 5, sequence: i })), { ...onMirror });
    s.add((100 + i) * SECOND + 700_000, tenant('server', icmpEcho({ id: 5, sequence: i, reply: true })), {
      ...onMirror,
    });
  }
}

/** A service of the VM itself: an answer whose acknowledgement gets lost behind the capture point, so that it is sent again for nothing. */
function ownService(s: Story): void {
  const visitor = { ip: '192.0.2.140', rttMs: 35, ttl: 51 } as const;
  const turns = [
    client(httpRequest({ host: 'vm1.example.net', path: '/status' })),
    server(httpResponse({ body: sampleText(180) }), 3),
  ];
  s.accept(205.5 * SECOND, visitor, 8080, turns);
  // Seen at the VM: its answer leaves, and is lost outside; the probe for the tail brings it through.
  s.accept(208 * SECOND, visitor, 8080, turns, { fate: toServerData({ 0: { lost: 'after' } }) });
  s.connect(
    255 * SECOND,
    SITES.api,
    8080,
    [
      client(httpRequest({ host: SITES.api.name, path: '/ack' })),
      server(httpResponse({ body: sampleText(700) }), 8),
      client(httpRequest({ host: SITES.api.name, path: '/done' }), 900),
      server(httpResponse({ status: 204 }), 4),
    ],
    {
      clientFields: { delayedAckNs: 0 },
      serverFields: { tailLossProbe: false },
      fate: ({ from: side, kind, index }) =>
        side === 'client' && kind === 'ack' && index === 1 ? { lost: 'after' } : undefined,
    },
  );
  // A connection kept open: keep-alives while nothing is said.
  s.connect(258 * SECOND, SITES.api, 5671, [
    client(s.random.bytes(60)),
    server(s.random.bytes(40), 3),
    client(zeros(0), 15_000),
    client(zeros(0), 15_000),
    client(s.random.bytes(30), 4000),
    server(s.random.bytes(20), 3),
  ]);
}

function inventory(items: number): string {
  return JSON.stringify(
    Array.from({ length: items }, (_, i) => ({
      id: i + 1,
      name: `item ${i + 1}`,
      count: (i * 37) % 90,
      shelf: 'A-example',
    })),
  );
}

/** Comments, by what the packet is. */
const COMMENTS: readonly { readonly text: string; readonly find: (seen: Seen) => boolean }[] = [
  {
    text: 'The server takes two seconds for this report; the network takes 8 ms.',
    find: ({ bytes }) => includes(bytes, 'GET /daily'),
  },
  {
    text: 'An outside address tries user names on RDP.',
    find: ({ bytes }) => includes(bytes, 'mstshash=administrator'),
  },
];

function includes(bytes: Uint8Array, text: string): boolean {
  return new TextDecoder('latin1').decode(bytes).includes(text);
}

export function makeSample(): Uint8Array {
  const s = new Story();
  for (const part of [startOfDay, pings, names, web, encrypted, signIns, unwanted, mirrored, ownService]) part(s);
  const packets = s.seen.sort((a, b) => a.at - b.at);
  const writer = pcapng()
    .section({
      hardware: 'virtual machine',
      os: 'Linux',
      application: 'nagare make-capture',
      comment: 'Made for Nagare: five minutes of one VM. Every name and address is reserved for documentation.',
    })
    .interface({
      name: 'eth0',
      description: 'The VM itself, 10.0.0.4',
      os: 'Linux',
      resolution: 9,
      mac: macAddress(VM.mac),
      ipv4: [ipAddress(VM.ip), ipAddress('255.255.255.0')],
      ipv6: [ipAddress(VM.ip6), 64],
      speed: 10_000_000_000n,
    })
    .interface({ name: 'mirror0', description: 'VXLAN mirror of two tenants', resolution: 9, filter: 'udp port 4789' })
    .names([
      { address: ipAddress(VM.ip), names: ['vm1.example.net'] },
      { address: ipAddress(FILE_SERVER.ip), names: ['files.example.net'] },
      { address: ipAddress(VM.ip6), names: ['vm1.example.net'] },
    ]);
  const counts = [0n, 0n];
  const unused = new Set(COMMENTS);
  for (const packet of packets) {
    const index = packet.interface ?? ETH0;
    counts[index] = (counts[index] ?? 0n) + 1n;
    const comments = [...unused].filter(({ find }) => find(packet));
    for (const comment of comments) unused.delete(comment);
    writer.packet({
      time: START + BigInt(packet.at),
      bytes: packet.bytes,
      interface: index,
      ...(packet.outbound === undefined ? {} : { flags: packet.outbound ? 2 : 1 }),
      ...(comments.length === 0 ? {} : { comments: comments.map(({ text }) => text) }),
    });
  }
  if (unused.size > 0) throw new Error('a comment of the sample found no packet');
  const end = START + BigInt(packets.at(-1)?.at ?? 0);
  counts.forEach((received, index) => {
    writer.statistics({
      interface: index,
      time: end,
      start: START,
      end,
      received,
      dropped: index === MIRROR ? 3n : 0n,
    });
  });
  return writer.bytes();
}

export function writeSample(out: string): string {
  const bytes = makeSample();
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, bytes);
  return `${out}: ${bytes.length} bytes`;
}
