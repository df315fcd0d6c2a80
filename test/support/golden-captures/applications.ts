/** Golden captures of applications: DNS, DHCP, NTP, HTTP, TLS, SSH, and the services that the sample shows. */

import {
  cut,
  hex,
  join,
  latin1,
  patched,
  type Random,
  seededRandom,
  u16,
  u24,
  u32,
  utf8,
  zeros,
} from '../build-bytes.ts';
import { timeOf } from '../build-capture.ts';
import { certificate } from '../build-der.ts';
import { DHCP_MESSAGE, dhcp, dhcpOption } from '../build-dhcp.ts';
import { DNS_FLAG, DNS_RCODE, type DnsRecord, dnsMessage, dnsOverTcp, dnsQuery, dnsResponse } from '../build-dns.ts';
import { chunked, httpRequest, httpResponse, sampleText } from '../build-http.ts';
import { ethernet } from '../build-link.ts';
import { ipv4, type Layer, udp } from '../build-packet.ts';
import {
  BITTORRENT_MESSAGE,
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
} from '../build-services.ts';
import { SSH_MESSAGE, sshBanner, sshEncrypted, sshKexInit, sshLoginTurns, sshPacket } from '../build-ssh.ts';
import {
  type HostFields,
  type Side,
  type TcpConversationFields,
  type TcpPacket,
  type Turn,
  tcpConversation,
} from '../build-tcp.ts';
import {
  certificateMessage,
  changeCipherSpec,
  clientHello,
  serverHello,
  TLS_CONTENT,
  TLS_HANDSHAKE,
  TLS_VERSION,
  tlsAlert,
  tlsData,
  tlsHandshake,
  tlsHandshakeTurns,
  tlsRecord,
} from '../build-tls.ts';
import {
  answer,
  ask,
  conversations,
  ethernetFrames,
  type GoldenGroup,
  IP4,
  IP6,
  in6,
  MAC,
  out6,
  START,
} from './capture.ts';

const MS = 1_000_000;

/** One exchange of the given messages, without losses unless asked for. */
function over(
  port: number,
  turns: readonly Turn[],
  fields: Partial<TcpConversationFields> & { readonly host?: Partial<HostFields> } = {},
): TcpPacket[] {
  const { host = {}, ...rest } = fields;
  return tcpConversation({
    client: { ip: IP4.host, port: 40_001, isn: 100 },
    server: { ip: IP4.server, port, isn: 900, ttl: 55, ...host },
    rttNs: 10 * MS,
    random: seededRandom(port),
    turns,
    ...rest,
  });
}

function turn(from: Side, data: Uint8Array, thinkNs = MS): Turn {
  return { from, data, thinkNs };
}

const client = (data: Uint8Array, thinkNs = MS): Turn => turn('client', data, thinkNs);
const server = (data: Uint8Array, thinkNs = 2 * MS): Turn => turn('server', data, thinkNs);

// DNS

const question = { name: 'www.example.com', type: 'A' } as const;
const address: DnsRecord = { name: 'www.example.com', type: 'A', address: '198.51.100.20' };
const header = (counts: readonly [number, number, number, number], body: Uint8Array): Uint8Array =>
  join(dnsMessage({ id: 0x4242, counts }), body);
const record = (name: Uint8Array, type: number, length: number, data: Uint8Array): Uint8Array =>
  join(name, u16(type), u16(1), u32(60), u16(length), data);

export const dnsGroup: GoldenGroup = {
  name: 'dns',
  captures: {
    'query-a': ethernetFrames(
      ask(53, dnsQuery(0x1001, 'www.example.com', 'A')),
      answer(53, dnsResponse(0x1001, question, [address])),
    ),
    'query-aaaa-ipv6': ethernetFrames(
      out6(udp({ srcPort: 40_000, dstPort: 53 }, dnsQuery(0x1002, 'www.example.com', 'AAAA', 1232))),
      in6(
        udp(
          { srcPort: 53, dstPort: 40_000 },
          dnsResponse(
            0x1002,
            { name: 'www.example.com', type: 'AAAA' },
            [{ name: 'www.example.com', type: 'AAAA', address: '2001:db8:1::20' }],
            { edns: 1232 },
          ),
        ),
      ),
    ),
    'record-types': ethernetFrames(
      answer(
        53,
        dnsResponse(
          0x1003,
          { name: 'example.com', type: 'ANY' },
          [
            { name: 'example.com', type: 'CNAME', target: 'www.example.com' },
            { name: 'example.com', type: 'MX', preference: 10, target: 'mail.example.com' },
            { name: 'example.com', type: 'TXT', texts: ['v=spf1 -all', 'second'] },
            {
              name: '_sip._tcp.example.com',
              type: 'SRV',
              priority: 1,
              weight: 2,
              port: 5060,
              target: 'sip.example.com',
            },
            { name: '20.100.51.198.in-addr.arpa', type: 'PTR', target: 'www.example.com' },
          ],
          {
            authority: [
              { name: 'example.com', type: 'NS', target: 'ns1.example.com' },
              {
                name: 'example.com',
                type: 'SOA',
                primary: 'ns1.example.com',
                mailbox: 'hostmaster.example.com',
                serial: 2026011501,
              },
            ],
            additional: [{ name: 'ns1.example.com', type: 'A', address: '192.0.2.53' }],
          },
        ),
      ),
    ),
    'no-such-name': ethernetFrames(
      ask(53, dnsQuery(0x1004, 'missing.example.com', 'A')),
      answer(
        53,
        dnsResponse(0x1004, { name: 'missing.example.com', type: 'A' }, [], {
          rcode: DNS_RCODE.noSuchName,
          authority: [
            {
              name: 'example.com',
              type: 'SOA',
              primary: 'ns1.example.com',
              mailbox: 'hostmaster.example.com',
              serial: 1,
            },
          ],
        }),
      ),
    ),
    'server-failure': ethernetFrames(answer(53, dnsResponse(0x1005, question, [], { rcode: DNS_RCODE.serverFailure }))),
    'repeated-query': ethernetFrames(
      ask(53, dnsQuery(0x1006, 'www.example.com', 'A')),
      ask(53, dnsQuery(0x1006, 'www.example.com', 'A')),
      answer(53, dnsResponse(0x1006, question, [address])),
    ),
    truncated: ethernetFrames(
      answer(53, dnsMessage({ id: 0x1007, flags: DNS_FLAG.response | DNS_FLAG.truncated, questions: [question] })),
    ),
    'unknown-type': ethernetFrames(
      answer(
        53,
        dnsResponse(0x1008, question, [{ name: 'www.example.com', type: 'raw', number: 65_280, data: hex('010203') }]),
      ),
    ),
    'odd-names': ethernetFrames(
      ask(53, dnsQuery(0x1009, '', 'NS')),
      ask(53, dnsQuery(0x100a, 'with space.ex\u00e4mple.com', 'A')),
      ask(53, dnsQuery(0x100b, `${'a'.repeat(63)}.example.com`, 'A')),
    ),
    'over-tcp': conversations(
      over(53, [
        client(dnsOverTcp(dnsQuery(0x2001, 'www.example.com', 'A'), dnsQuery(0x2002, 'example.com', 'TXT'))),
        server(dnsOverTcp(dnsResponse(0x2001, question, [address]))),
      ]),
    ),
    'over-tcp-split': conversations(
      over(53, [
        client(dnsOverTcp(dnsQuery(0x2003, 'example.com', 'TXT')).slice(0, 1)),
        client(dnsOverTcp(dnsQuery(0x2003, 'example.com', 'TXT')).slice(1)),
        server(
          dnsOverTcp(
            dnsResponse(
              0x2003,
              { name: 'example.com', type: 'TXT' },
              Array.from({ length: 30 }, (_, i) => ({
                name: 'example.com',
                type: 'TXT' as const,
                texts: [sampleText(100 + i)],
              })),
            ),
          ),
        ),
      ]),
    ),
    multicast: ethernetFrames(
      ethernet(
        { src: MAC.host, dst: '01:00:5e:00:00:fb' },
        ipv4(
          { src: IP4.host, dst: '224.0.0.251', ttl: 255 },
          udp(
            { srcPort: 5353, dstPort: 5353 },
            dnsMessage({ id: 0, flags: 0, questions: [{ name: '_http._tcp.local', type: 'PTR' }] }),
          ),
        ),
      ),
    ),
    'bad-name-loop': ethernetFrames(answer(53, header([1, 0, 0, 0], hex('c00c 0001 0001')))),
    'bad-name-loop-of-two': ethernetFrames(answer(53, header([1, 0, 0, 0], hex('c00e c00c 0001 0001')))),
    'name-points-forward': ethernetFrames(answer(53, header([1, 0, 0, 0], hex('c014 0001 0001 00000000 0161 00')))),
    'name-points-outside': ethernetFrames(answer(53, header([1, 0, 0, 0], hex('ffff 0001 0001')))),
    'bad-label-type': ethernetFrames(answer(53, header([1, 0, 0, 0], hex('8061 00 0001 0001')))),
    'name-without-end': ethernetFrames(answer(53, header([1, 0, 0, 0], join([63], zeros(63), [63], zeros(20))))),
    'name-too-long': ethernetFrames(
      answer(
        53,
        header(
          [1, 0, 0, 0],
          join(...Array.from({ length: 10 }, () => join([60], latin1('x'.repeat(60)))), [0], hex('00010001')),
        ),
      ),
    ),
    'count-too-high': ethernetFrames(
      answer(53, dnsMessage({ id: 0x4243, questions: [question], counts: [65_535, 65_535, 65_535, 65_535] })),
    ),
    'record-past-packet': ethernetFrames(
      answer(53, header([0, 1, 0, 0], record(hex('0161 00'), 16, 400, hex('0362 6364')))),
    ),
    'address-too-short': ethernetFrames(answer(53, header([0, 1, 0, 0], record(hex('0161 00'), 1, 3, hex('0a0000'))))),
    'text-past-record': ethernetFrames(
      answer(53, header([0, 1, 0, 0], record(hex('0161 00'), 16, 4, hex('20616263')))),
    ),
    'cut-in-header': ethernetFrames(ask(53, cut(dnsQuery(0x1001, 'www.example.com', 'A'), 7))),
    'over-tcp-length-zero': conversations(over(53, [client(hex('0000 0000'))])),
  },
};

// DHCP

const MAC_CLIENT = MAC.host;
const lease = [
  dhcpOption.mask('255.255.255.0'),
  dhcpOption.routers(IP4.gateway),
  dhcpOption.nameServers('10.0.0.2', '10.0.0.3'),
  dhcpOption.domain('example.net'),
  dhcpOption.leaseTime(86_400),
  dhcpOption.server(IP4.gateway),
];

function fromClient(message: Uint8Array): Layer {
  return ethernet(
    { src: MAC.host, dst: MAC.broadcast },
    ipv4({ src: '0.0.0.0', dst: '255.255.255.255' }, udp({ srcPort: 68, dstPort: 67 }, message)),
  );
}

function fromServer(message: Uint8Array): Layer {
  return ethernet(
    { src: MAC.gateway, dst: MAC.host },
    ipv4({ src: IP4.gateway, dst: IP4.host }, udp({ srcPort: 67, dstPort: 68 }, message)),
  );
}

const discover = { operation: 1, transaction: 0x3903f326, clientMac: MAC_CLIENT } as const;
const reply = {
  operation: 2,
  transaction: 0x3903f326,
  clientMac: MAC_CLIENT,
  yourIp: IP4.host,
  serverIp: IP4.gateway,
} as const;

export const dhcpGroup: GoldenGroup = {
  name: 'dhcp',
  captures: {
    lease: ethernetFrames(
      fromClient(
        dhcp({
          ...discover,
          broadcast: true,
          options: [
            dhcpOption.messageType(DHCP_MESSAGE.discover),
            dhcpOption.clientId(MAC_CLIENT),
            dhcpOption.hostName('vm1'),
            dhcpOption.parameterList(1, 3, 6, 15, 51),
          ],
        }),
      ),
      fromServer(dhcp({ ...reply, options: [dhcpOption.messageType(DHCP_MESSAGE.offer), ...lease] })),
      fromClient(
        dhcp({
          ...discover,
          options: [
            dhcpOption.messageType(DHCP_MESSAGE.request),
            dhcpOption.requestedAddress(IP4.host),
            dhcpOption.server(IP4.gateway),
          ],
        }),
      ),
      fromServer(dhcp({ ...reply, options: [dhcpOption.messageType(DHCP_MESSAGE.ack), ...lease] })),
    ),
    nak: ethernetFrames(
      fromServer(
        dhcp({ ...reply, options: [dhcpOption.messageType(DHCP_MESSAGE.nak), dhcpOption.server(IP4.gateway)] }),
      ),
    ),
    'plain-bootp': ethernetFrames(fromClient(dhcp({ ...discover, cookie: [], bootFile: 'boot.img', open: true }))),
    'unknown-option': ethernetFrames(
      fromServer(dhcp({ ...reply, options: [dhcpOption.messageType(DHCP_MESSAGE.ack), [224, hex('c0ffee')]] })),
    ),
    'no-end-option': ethernetFrames(
      fromServer(dhcp({ ...reply, options: [dhcpOption.messageType(DHCP_MESSAGE.ack)], open: true })),
    ),
    'option-past-packet': ethernetFrames(fromServer(join(dhcp({ ...reply, open: true }), [12, 200, 0x61]))),
    'odd-option-sizes': ethernetFrames(
      fromServer(
        dhcp({
          ...reply,
          options: [
            [53, []],
            [1, hex('ffff')],
            [3, hex('0a0000')],
            [51, hex('00')],
          ],
        }),
      ),
    ),
    'cut-in-header': ethernetFrames(fromClient(cut(dhcp(discover), 100))),
  },
};

// NTP

const at = (ms: number): bigint => START + BigInt(ms) * 1_000_000n;

export const ntpGroup: GoldenGroup = {
  name: 'ntp',
  captures: {
    'client-server': ethernetFrames(
      ask(123, ntp({ mode: 3, transmitTime: at(0) })),
      answer(
        123,
        ntp({
          mode: 4,
          stratum: 2,
          rootDelay: 0.004,
          rootDispersion: 0.02,
          reference: '192.0.2.123',
          referenceTime: at(-60_000),
          originTime: at(0),
          receiveTime: at(5),
          transmitTime: at(6),
        }),
      ),
    ),
    'stratum-1': ethernetFrames(
      answer(
        123,
        ntp({ mode: 4, stratum: 1, reference: 'GPS', leap: 1, transmitTime: timeOf('2026-12-31T23:59:59.5Z') }),
      ),
    ),
    'kiss-of-death': ethernetFrames(
      answer(123, ntp({ mode: 4, stratum: 0, leap: 3, reference: 'RATE', transmitTime: at(0) })),
    ),
    'version-3': ethernetFrames(ask(123, ntp({ mode: 3, version: 3 }))),
    broadcast: ethernetFrames(answer(123, ntp({ mode: 5, stratum: 3, reference: '192.0.2.1', transmitTime: at(0) }))),
    'with-digest': ethernetFrames(ask(123, join(ntp({ mode: 3, transmitTime: at(0) }), u32(1), zeros(16)))),
    control: ethernetFrames(ask(123, hex('1602 0001 0000 0000 0000 0000'))),
    'cut-in-header': ethernetFrames(ask(123, cut(ntp({ mode: 3 }), 20))),
  },
};

// HTTP

const get = (path = '/', headers = {}): Uint8Array => httpRequest({ host: 'www.example.com', path, headers });

export const httpGroup: GoldenGroup = {
  name: 'http',
  captures: {
    'get-small': conversations(over(80, [client(get('/index.html')), server(httpResponse({ body: 'hello' }))])),
    'keep-alive': conversations(
      over(80, [
        client(get('/1')),
        server(httpResponse({ body: sampleText(4000) })),
        client(get('/2')),
        server(httpResponse({ body: sampleText(20) })),
        client(get('/3')),
        server(httpResponse({ status: 304 })),
      ]),
    ),
    pipelined: conversations(
      over(80, [
        client(join(get('/1'), get('/2'), get('/3'))),
        server(join(httpResponse({ body: 'one' }), httpResponse({ body: 'two' }), httpResponse({ body: 'three' }))),
      ]),
    ),
    'headers-split': conversations(
      over(80, [
        client(get('/split').slice(0, 20)),
        client(get('/split').slice(20), 5 * MS),
        server(httpResponse({ body: sampleText(100) }).slice(0, 60)),
        server(httpResponse({ body: sampleText(100) }).slice(60), 5 * MS),
      ]),
    ),
    chunked: conversations(
      over(80, [client(get('/chunked')), server(httpResponse({ body: sampleText(5000), chunks: [10, 1000, 2000] }))]),
    ),
    'chunked-over-segments': conversations(
      over(80, [
        client(get('/slow')),
        server(httpResponse({ chunks: [5], body: 'hello' }).slice(0, -12)),
        server(chunked(utf8('hello'), [5]).slice(-12), 50 * MS),
      ]),
    ),
    post: conversations(
      over(80, [
        client(
          httpRequest({
            method: 'POST',
            host: 'api.example.com',
            path: '/orders',
            headers: { 'Content-Type': 'application/json' },
            body: '{"order":1}',
          }),
        ),
        server(httpResponse({ status: 204, reason: 'No Content' })),
      ]),
    ),
    'expect-continue': conversations(
      over(80, [
        client(
          httpRequest({
            method: 'PUT',
            host: 'api.example.com',
            path: '/file',
            headers: { Expect: '100-continue', 'Content-Length': '3000' },
          }),
        ),
        server(httpResponse({ status: 100 })),
        client(utf8(sampleText(3000))),
        server(httpResponse({ body: 'stored' })),
      ]),
    ),
    head: conversations(
      over(80, [
        client(httpRequest({ method: 'HEAD', host: 'www.example.com' })),
        server(httpResponse({ headers: { 'Content-Length': '1000000' } })),
        client(get('/after')),
        server(httpResponse({ body: 'x' })),
      ]),
    ),
    'no-body-until-close': conversations(
      over(
        80,
        [client(get('/moved')), server(utf8('HTTP/1.0 302 Found\r\nContent-Type: text/html\r\nLocation: /\r\n\r\n'))],
        { close: { by: 'server', how: 'fin' } },
      ),
    ),
    'no-body-in-chunks': conversations(
      over(80, [
        client(get('/moved')),
        server(utf8('HTTP/1.1 302 Found\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n')),
      ]),
    ),
    'body-until-close': conversations(
      over(
        80,
        [
          client(httpRequest({ host: 'www.example.com', version: 'HTTP/1.0' })),
          server(utf8(`HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n${sampleText(3000)}`)),
        ],
        { close: { by: 'server', how: 'fin' } },
      ),
    ),
    'other-port': conversations(over(8088, [client(get('/')), server(httpResponse({ status: 404, body: 'no' }))])),
    'over-ipv6': conversations(
      over(80, [client(get('/')), server(httpResponse({ body: 'six' }))], {
        client: { ip: IP6.host, port: 40_001 },
        server: { ip: IP6.server, port: 80 },
      }),
    ),
    'lost-segment': conversations(
      over(
        80,
        [
          client(get('/big')),
          server(httpResponse({ body: sampleText(12_000) })),
          client(get('/next')),
          server(httpResponse({ body: 'next' })),
        ],
        {
          fate: ({ from, kind, index, attempt }) =>
            from === 'server' && kind === 'data' && index === 3 && attempt === 0 ? { lost: 'before' } : undefined,
        },
      ),
    ),
    'segment-not-captured': conversations(
      over(
        80,
        [
          client(get('/big')),
          server(httpResponse({ body: sampleText(12_000) })),
          client(get('/next')),
          server(httpResponse({ body: 'next' })),
        ],
        {
          fate: ({ from, kind, index }) =>
            from === 'server' && kind === 'data' && index === 3 ? { lost: 'before' } : undefined,
        },
      ).filter(({ cause }) => cause === 'first'),
    ),
    'starts-in-body': conversations(
      over(80, [
        client(get('/big')),
        server(httpResponse({ body: sampleText(6000) })),
        client(get('/next')),
        server(httpResponse({ body: 'next' })),
      ]).slice(6),
    ),
    'markup-in-path': conversations(
      over(80, [
        client(get('/<img src=x onerror=alert(1)>?q=%00\u0007')),
        server(httpResponse({ headers: { 'X-Note': '=cmd()' }, body: '\u001b[31mred' })),
      ]),
    ),
    'bad-content-length': conversations(
      over(80, [client(get('/')), server(httpResponse({ headers: { 'Content-Length': 'many' }, body: 'x' }))]),
    ),
    'huge-content-length': conversations(
      over(80, [
        client(get('/')),
        server(httpResponse({ headers: { 'Content-Length': '99999999999999999999' }, body: 'x' })),
      ]),
    ),
    'bad-chunk-size': conversations(
      over(80, [
        client(get('/')),
        server(utf8('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n')),
      ]),
    ),
    'headers-without-end': conversations(over(80, [client(utf8(`GET / HTTP/1.1\r\n${'X-A: b\r\n'.repeat(2000)}`))])),
    'not-http': conversations(over(80, [client(hex('00010203 04050607 08090a0b')), server(hex('ffee'))])),
  },
};

// TLS

const random = (seed: number): Random => seededRandom(seed);
const helloRecord = (fields: Parameters<typeof clientHello>[0], seed = 1): Uint8Array =>
  tlsRecord(TLS_CONTENT.handshake, clientHello(fields, random(seed)), TLS_VERSION.tls10);
const data = (seed: number, version: number = TLS_VERSION.tls13): Turn[] => [
  client(tlsData(random(seed), 400, version)),
  server(tlsData(random(seed + 1), 5000, version)),
];
const helloBytes = helloRecord({ serverName: 'www.example.com', versions: [TLS_VERSION.tls12] });
/** A hello whose message is 11 bytes of header, version and random start, so that lengths inside can be broken. */
const sessionIdAt = 5 + 4 + 2 + 32;

export const tlsGroup: GoldenGroup = {
  name: 'tls',
  captures: {
    'version-1-3': conversations(
      over(443, [
        ...tlsHandshakeTurns({ serverName: 'www.example.com' }, random(2)),
        ...data(3),
        client(tlsAlert(1, 0)),
      ]),
    ),
    'version-1-2': conversations(
      over(443, [
        ...tlsHandshakeTurns(
          { serverName: 'mail.example.net', version: TLS_VERSION.tls12, alpn: ['http/1.1'] },
          random(4),
        ),
        ...data(5, TLS_VERSION.tls12),
      ]),
    ),
    grease: conversations(over(443, tlsHandshakeTurns({ serverName: 'www.example.org', grease: true }, random(6)))),
    'many-certificate-names': conversations(
      over(
        443,
        tlsHandshakeTurns(
          {
            serverName: 'a.example.com',
            version: TLS_VERSION.tls12,
            certificate: {
              dnsNames: ['a.example.com', '*.example.com', 'b.example.net'],
              ipAddresses: ['192.0.2.7', '2001:db8::7'],
              subject: { commonName: 'a.example.com', organization: 'Example', country: 'JP' },
            },
          },
          random(7),
        ),
      ),
    ),
    'other-port': conversations(
      over(9443, [...tlsHandshakeTurns({ serverName: 'www.example.com' }, random(8)), ...data(9)]),
    ),
    'no-server-name': conversations(
      over(443, [
        client(helloRecord({})),
        server(tlsRecord(TLS_CONTENT.handshake, serverHello({ version: TLS_VERSION.tls12 }, random(10)))),
      ]),
    ),
    refused: conversations(
      over(443, [
        client(helloRecord({ serverName: 'old.example.com', versions: [TLS_VERSION.tls10] })),
        server(tlsAlert(2, 70)),
      ]),
    ),
    'hello-split': conversations(
      over(443, [
        client(helloBytes.slice(0, 3)),
        client(helloBytes.slice(3, 60), 2 * MS),
        client(helloBytes.slice(60), 2 * MS),
      ]),
    ),
    'message-over-records': conversations(
      over(443, [
        client(helloBytes),
        server(
          join(
            tlsRecord(TLS_CONTENT.handshake, serverHello({ version: TLS_VERSION.tls12 }, random(11))),
            tlsRecord(
              TLS_CONTENT.handshake,
              certificateMessage([
                certificate(
                  { subject: { commonName: 'www.example.com' }, issuer: { commonName: 'Example Test CA' } },
                  random(12),
                ),
              ]),
              TLS_VERSION.tls12,
              256,
            ),
          ),
        ),
      ]),
    ),
    'several-messages-in-record': conversations(
      over(443, [
        client(helloBytes),
        server(
          tlsRecord(
            TLS_CONTENT.handshake,
            join(
              serverHello({ version: TLS_VERSION.tls12 }, random(13)),
              certificateMessage([]),
              tlsHandshake(TLS_HANDSHAKE.serverHelloDone, []),
            ),
          ),
        ),
      ]),
    ),
    resumed: conversations(
      over(443, [
        client(helloRecord({ serverName: 'www.example.com', versions: [TLS_VERSION.tls12], ticket: 160 })),
        server(
          join(
            tlsRecord(TLS_CONTENT.handshake, serverHello({ version: TLS_VERSION.tls12 }, random(14))),
            changeCipherSpec(),
            tlsRecord(TLS_CONTENT.handshake, join([0xe5], random(15).bytes(39))),
          ),
        ),
      ]),
    ),
    'starts-in-data': conversations(
      over(443, [...tlsHandshakeTurns({ serverName: 'www.example.com' }, random(16)), ...data(17), ...data(19)]).slice(
        12,
      ),
    ),
    'lost-segment': conversations(
      over(
        443,
        [
          ...tlsHandshakeTurns({ serverName: 'www.example.com' }, random(20)),
          server(tlsData(random(21), 20_000)),
          ...data(22),
        ],
        {
          fate: ({ from, kind, index, attempt }) =>
            from === 'server' && kind === 'data' && index === 7 && attempt === 0 ? { lost: 'before' } : undefined,
        },
      ),
    ),
    'record-length-zero': conversations(over(443, [client(helloBytes), server(hex('17 0303 0000 17 0303 0000'))])),
    'record-too-long': conversations(over(443, [client(helloBytes), server(hex('16 0303 ffff 0200'))])),
    'message-past-record': conversations(
      over(443, [client(tlsRecord(TLS_CONTENT.handshake, join([1], u24(0xffffff), hex('0303'))))]),
    ),
    'session-id-too-long': conversations(over(443, [client(patched(helloBytes, sessionIdAt, [0xff]))])),
    'cipher-suites-odd': conversations(over(443, [client(patched(helloBytes, sessionIdAt + 1, [0, 3]))])),
    'extensions-past-message': conversations(
      over(443, [client(patched(helloBytes, sessionIdAt + 1 + 2 + 12 + 2, [0xff, 0xff]))]),
    ),
    'server-name-past-extension': conversations(
      over(443, [client(helloRecord({ extensions: hex('0000 0007 0005 00 0090 6162') }))]),
    ),
    'certificate-not-der': conversations(
      over(443, [
        client(helloBytes),
        server(
          join(
            tlsRecord(TLS_CONTENT.handshake, serverHello({ version: TLS_VERSION.tls12 }, random(23))),
            tlsRecord(TLS_CONTENT.handshake, certificateMessage([hex('3084ffffffff 3080')])),
          ),
        ),
      ]),
    ),
    'not-tls': conversations(over(443, [client(utf8('GET / HTTP/1.0\r\n\r\n')), server(hex('000102'))])),
  },
};

// SSH

export const sshGroup: GoldenGroup = {
  name: 'ssh',
  captures: {
    login: conversations(over(22, sshLoginTurns({ client: 'OpenSSH_9.6', server: 'OpenSSH_9.2 Example' }, random(30)))),
    'other-port': conversations(
      over(2222, sshLoginTurns({ client: 'OpenSSH_9.6', server: 'OpenSSH_9.2' }, random(31)).slice(0, 6)),
    ),
    'banner-after-text': conversations(
      over(22, [
        server(join(latin1('Welcome to a test host.\r\n'), sshBanner('OpenSSH_9.2'))),
        client(sshBanner('OpenSSH_9.6')),
      ]),
    ),
    'banner-and-kex-together': conversations(
      over(22, [
        client(join(sshBanner('OpenSSH_9.6'), sshKexInit({}, random(32)))),
        server(join(sshBanner('OpenSSH_9.2'), sshKexInit({}, random(33)))),
      ]),
    ),
    'kex-split': conversations(
      over(22, [
        client(sshBanner('OpenSSH_9.6')),
        server(sshBanner('OpenSSH_9.2')),
        client(sshKexInit({}, random(34)).slice(0, 100)),
        client(sshKexInit({}, random(34)).slice(100), 3 * MS),
      ]),
    ),
    'starts-encrypted': conversations(
      over(
        22,
        Array.from({ length: 6 }, (_, i) => turn(i % 2 === 0 ? 'client' : 'server', sshEncrypted(random(35 + i), 64))),
      ).slice(3),
    ),
    'disconnect-in-clear': conversations(
      over(22, [
        client(sshBanner('OpenSSH_9.6')),
        server(sshBanner('OpenSSH_9.2')),
        server(sshPacket(join([SSH_MESSAGE.disconnect], u32(2), u32(7), latin1('refused'), u32(0)))),
      ]),
    ),
    'packet-too-long': conversations(
      over(22, [
        client(sshBanner('OpenSSH_9.6')),
        server(sshBanner('OpenSSH_9.2')),
        client(hex('ffffffff 04 14 0000')),
      ]),
    ),
    'name-list-past-packet': conversations(
      over(22, [
        client(sshBanner('OpenSSH_9.6')),
        server(sshBanner('OpenSSH_9.2')),
        client(sshPacket(join([SSH_MESSAGE.kexInit], zeros(16), u32(0x7fffffff), latin1('x')))),
      ]),
    ),
    'banner-without-end': conversations(over(22, [client(latin1(`SSH-2.0-${'x'.repeat(600)}`))])),
  },
};

// Services that the sample capture shows and later protocols build on

export const rpcGroup: GoldenGroup = {
  name: 'portmap',
  captures: {
    'get-port-udp': ethernetFrames(
      ask(111, portmapGetPort(7, { program: RPC_PROGRAM.nfs, version: 3, protocol: 6 })),
      answer(111, rpcReply(7, u32(2049))),
    ),
    'dump-tcp': conversations(
      over(111, [
        client(rpcRecord(portmapDump(8))),
        server(
          rpcRecord(
            portmapDumpReply(8, [
              { program: RPC_PROGRAM.portmap, version: 2, protocol: 6, port: 111 },
              { program: RPC_PROGRAM.nfs, version: 3, protocol: 6, port: 2049 },
            ]),
          ),
        ),
      ]),
    ),
    'fragment-length-huge': conversations(over(111, [client(join(u32(0xffffffff), portmapDump(9)))])),
  },
};

export const rdpGroup: GoldenGroup = {
  name: 'rdp',
  captures: {
    negotiation: conversations(
      over(3389, [
        client(rdpConnectionRequest('operator')),
        server(rdpConnectionConfirm(RDP_PROTOCOL.ssl)),
        ...tlsHandshakeTurns({ serverName: 'vm1.example.net', version: TLS_VERSION.tls12, alpn: [] }, random(50)),
        ...data(51, TLS_VERSION.tls12),
      ]),
    ),
    'tpkt-length-zero': conversations(over(3389, [client(hex('03000000 06e0'))])),
  },
};

const infoHash = seededRandom(60).bytes(20);

export const bittorrentGroup: GoldenGroup = {
  name: 'bittorrent',
  captures: {
    handshake: conversations(
      over(51_413, [
        client(bittorrentHandshake(infoHash, peerId(random(61)))),
        server(
          join(
            bittorrentHandshake(infoHash, peerId(random(62))),
            bittorrentMessage(BITTORRENT_MESSAGE.bitfield, hex('ffe0')),
          ),
        ),
        client(bittorrentMessage(BITTORRENT_MESSAGE.interested)),
        server(bittorrentMessage(BITTORRENT_MESSAGE.unchoke)),
        client(bittorrentMessage(BITTORRENT_MESSAGE.request, join(u32(0), u32(0), u32(16_384)))),
        server(bittorrentMessage(BITTORRENT_MESSAGE.piece, join(u32(0), u32(0), random(63).bytes(4000)))),
      ]),
    ),
    dht: ethernetFrames(
      ask(6881, dhtQuery('aa', 'ping', { id: random(64).bytes(20) })),
      answer(6881, dhtResponse('aa', { id: random(65).bytes(20) })),
      ask(6881, dhtQuery('ab', 'get_peers', { id: random(64).bytes(20), info_hash: infoHash })),
    ),
  },
};
