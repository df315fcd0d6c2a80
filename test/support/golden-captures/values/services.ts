/** Conversations that carry each value of telephony, file, message and peer-to-peer services, one capture a protocol. */

import {
  type BytesLike,
  ipAddress,
  join,
  latin1,
  padTo,
  u8,
  u16,
  u16le,
  u32,
  u32le,
  u64,
  utf8,
  zeros,
} from '../../build-bytes.ts';
import { ethernet } from '../../build-link.ts';
import { ipv4, type Layer, type Payload, type TcpFields, tcp, udp } from '../../build-packet.ts';
import { bencode, dhtQuery } from '../../build-services.ts';
import type { Message } from '../../conversation.ts';
import { ethernetFrames, type GoldenCapture, type GoldenGroup, IP4, MAC } from '../capture.ts';
import { said } from '../services.ts';

const udpSaid = (port: number, ...messages: readonly Message[]): GoldenCapture =>
  said({ port, transport: 'udp', messages });
const tcpSaid = (port: number, ...messages: readonly Message[]): GoldenCapture =>
  said({ port, transport: 'tcp', messages });
const lines = (...list: readonly string[]): Uint8Array => utf8(list.map((line) => `${line}\r\n`).join(''));

const description = [
  'v=0',
  'o=caller 1 1 IN IP4 192.0.2.1',
  's=call',
  'i=a call',
  'u=http://example.org/call',
  'e=caller@example.org',
  'p=+1 555 0100',
  'c=IN IP4 192.0.2.1',
  'b=AS:64',
  't=0 0',
  'r=604800 3600 0 90000',
  'z=2882844526 -1h',
  'k=clear:secret',
  'm=audio 4000 RTP/AVP 0',
]
  .map((line) => `${line}\r\n`)
  .join('');
const invitation = [
  'INVITE sip:callee@example.org SIP/2.0',
  'Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1',
  'Max-Forwards: 70',
  'From: <sip:caller@example.org>;tag=1',
  'To: <sip:callee@example.org>',
  'Call-ID: 1@example.org',
  'CSeq: 1 INVITE',
  'Contact: <sip:caller@192.0.2.1>',
  'Accept: application/sdp',
  'Allow: INVITE, ACK, BYE',
  'Supported: timer',
  'Require: 100rel',
  'Route: <sip:proxy.example.org;lr>',
  'Record-Route: <sip:proxy.example.org;lr>',
  'Subject: a call',
  'Expires: 120',
  'Event: presence',
  'Date: Thu, 15 Jan 2026 09:00:00 GMT',
  'Reason: SIP ;cause=200 ;text="done"',
  'User-Agent: phone/1',
  'Authorization: Digest username="caller", realm="example.org", nonce="n1", uri="sip:callee@example.org", response="r1"',
  'Content-Type: application/sdp',
  `Content-Length: ${description.length}`,
  '',
]
  .map((line) => `${line}\r\n`)
  .join('');
const refusal = lines(
  'SIP/2.0 401 Unauthorized',
  'Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1',
  'From: <sip:caller@example.org>;tag=1',
  'To: <sip:callee@example.org>;tag=2',
  'Call-ID: 1@example.org',
  'CSeq: 1 INVITE',
  'Server: registrar/1',
  'WWW-Authenticate: Digest realm="example.org", nonce="n1"',
  'Proxy-Authenticate: Digest realm="example.org", nonce="n2"',
  'Content-Length: 0',
  '',
);

const report = join(
  [0x81, 200],
  u16(12),
  u32(0x01020304),
  join(u32(0xed123456), u32(0x80000000), u32(160_000), u32(50), u32(8000)),
  join(u32(0x05060708), u8(25), [0, 0, 3], u32(65_537), u32(12), u32(0x12345678), u32(65_536)),
);

const address6 = join(u8(0), u8(2), u16(0x1234), ipAddress('2001:db8::1'));
const attribute = (type: number, value: Uint8Array): Uint8Array => padTo(join(u16(type), u16(value.length), value), 4);
const stun = (type: number, ...attributes: readonly Uint8Array[]): Uint8Array => {
  const body = join(...attributes);
  return join(u16(type), u16(body.length), u32(0x2112a442), utf8('transaction1'), body);
};
const classicBody = join(
  join(u16(1), u16(8), u8(0), u8(1), u16(4000), ipAddress('192.0.2.1')),
  join(u16(6), u16(4), utf8('user')),
);
const classic = join(u16(0x0101), u16(classicBody.length), new Uint8Array(16).fill(7), classicBody);

const HASH = new Uint8Array(20).fill(0xab);
const CONNECTION = u64(0x1122334455667788n);
const trackerFrames = udpSaid(
  6969,
  ['client', join(u64(0x41727101980n), u32(0), u32(1))],
  ['server', join(u32(0), u32(1), CONNECTION)],
  [
    'client',
    join(
      join(CONNECTION, u32(1), u32(2), HASH, utf8('-XX0001-000000000001')),
      join(u64(10n), u64(20n), u64(30n), u32(2), ipAddress('192.0.2.1'), u32(7), u32(50), u16(6881)),
    ),
  ],
  ['server', join(u32(1), u32(2), u32(1800), u32(3), u32(4), ipAddress('192.0.2.9'), u16(6881))],
  ['client', join(CONNECTION, u32(2), u32(3), HASH)],
  ['server', join(u32(2), u32(3), u32(4), u32(5), u32(6))],
);

const text = (value: string): Uint8Array => join(u16(value.length), utf8(value));
const mqtt = (first: number, ...body: readonly BytesLike[]): Uint8Array => {
  const whole = join(...body);
  return join(u8(first), u8(whole.length), whole);
};
const mqttFrames = tcpSaid(
  1883,
  [
    'client',
    mqtt(0x10, text('MQTT'), [4, 0xc6], u16(60), text('c1'), text('gone'), text('bye'), text('user'), text('secret')),
  ],
  ['server', mqtt(0x20, [0, 0])],
  ['client', mqtt(0x82, u16(1), text('a/b'), u8(1))],
  ['server', mqtt(0x90, u16(1), u8(1))],
);

const pong = join(u16le(6346), ipAddress('192.0.2.1'), u32le(10), u32le(2000));
const gnutellaFrames = tcpSaid(
  6346,
  ['client', join(new Uint8Array(16).fill(1), u8(0), u8(7), u8(0), u32le(0))],
  ['server', join(new Uint8Array(16).fill(1), u8(1), u8(7), u8(0), u32le(pong.length), pong)],
);

const ftpFrames = tcpSaid(
  21,
  ['server', lines('220 ready')],
  ['client', lines('PORT 192,0,2,1,15,160')],
  ['server', lines('200 done')],
  ['client', lines('EPRT |1|192.0.2.1|4001|')],
  ['server', lines('200 done')],
);

const smtpFrames = tcpSaid(
  25,
  ['server', lines('220 mail.example.org ESMTP')],
  ['client', lines('EHLO client.example.org')],
  ['server', lines('250-mail.example.org', '250 AUTH LOGIN PLAIN')],
  ['client', lines('AUTH LOGIN')],
  ['server', lines('334 VXNlcm5hbWU6')],
  ['client', lines('dXNlcg==')],
  ['server', lines('334 UGFzc3dvcmQ6')],
  ['client', lines('c2VjcmV0')],
  ['server', lines('535 no')],
  ['client', lines('AUTH PLAIN')],
  ['server', lines('334 ')],
  ['client', lines('AHVzZXIAc2VjcmV0')],
  ['server', lines('235 yes')],
);

const modbus = (id: number, ...body: readonly number[]): Uint8Array =>
  join(u16(id), u16(0), u16(1 + body.length), u8(1), body);
const modbusFrames = tcpSaid(
  502,
  ['client', modbus(1, 1, 0, 0, 0, 8)],
  ['server', modbus(1, 1, 1, 0x5a)],
  ['client', modbus(2, 3, 0, 0, 0, 2)],
  ['server', modbus(2, 3, 4, 0, 1, 0, 2)],
);

const part = [
  '--x',
  'Content-Type: text/plain',
  'Content-ID: <1@example.org>',
  'Content-Transfer-Encoding: 8bit',
  'Content-Description: a text',
  '',
  'text',
  '--x--',
  '',
].join('\r\n');
const posted = (type: string, body: string): Uint8Array =>
  utf8(
    `POST / HTTP/1.1\r\nHost: example.org\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
const bodies = tcpSaid(
  80,
  ['client', posted('multipart/mixed; boundary=x', part)],
  ['server', utf8('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{"done":false}')],
);

const winsrepl = (type: number, body: Uint8Array): Uint8Array =>
  join(u32(16 + body.length - 4 + 0), u32(0x7800), u32(1), u32(type), body);
const winsreplFrames = tcpSaid(
  42,
  ['client', winsrepl(0, join(u32(0x00004400), u16(5), u16(2), zeros(21)))],
  ['client', winsrepl(2, join(u32(4), zeros(24)))],
);

const peer = (type: number, body: Uint8Array): Uint8Array => join(u32(1 + body.length), u8(type), body);
const peerFrames = tcpSaid(
  6881,
  ['client', join(u8(19), latin1('BitTorrent protocol'), u64(0x100001n), HASH, utf8('-XX0001-000000000001'))],
  ['server', join(u8(19), latin1('BitTorrent protocol'), u64(0x100001n), HASH, utf8('-XX0001-000000000002'))],
  ['client', peer(9, u16(6881))],
  ['client', peer(20, join(u8(0), bencode({ m: { ut_pex: 1 }, l: [1, 'a'] })))],
  ['client', peer(20, join(u8(1), utf8('added')))],
);
const node6 = join(HASH, ipAddress('2001:db8::9'), u16(6881));
const dhtFrames = udpSaid(
  6881,
  ['client', dhtQuery('aa', 'get_peers', { id: HASH, info_hash: HASH, want: ['n4', 'n6'], scrape: 1 })],
  ['server', bencode({ r: { id: HASH, nodes6: node6 }, t: 'aa', y: 'r' })],
);

const tftpFrames = udpSaid(69, ['client', join(u16(2), utf8('config\0octet\0'))]);
const wgFrames = udpSaid(51_820, [
  'client',
  join([3, 0, 0, 0], u32(7), new Uint8Array(24).fill(1), new Uint8Array(32).fill(2)),
]);
const imapFrames = tcpSaid(
  143,
  ['server', lines('* OK ready')],
  ['client', lines('a1 SELECT INBOX')],
  ['server', lines('a1 OK done')],
  ['client', lines('a2 UID FETCH 1 FLAGS')],
  ['server', lines('a2 OK done')],
);
const socksFrames = tcpSaid(
  1080,
  ['client', join([5, 1, 0])],
  ['server', join([5, 0])],
  ['client', join([5, 1, 0, 4], ipAddress('2001:db8::1'), u16(80))],
  ['server', join([5, 0, 0, 4], ipAddress('2001:db8::1'), u16(80))],
);
const icapFrames = tcpSaid(1344, [
  'client',
  lines('OPTIONS icap://icap.example.org/echo ICAP/1.0', 'Host: icap.example.org', ''),
]);
const ircFrames = tcpSaid(6667, ['client', lines('NICK somebody')], ['client', lines(':somebody ')]);
const popFrames = tcpSaid(
  110,
  ['server', lines('+OK ready')],
  ['client', lines('AUTH LOGIN')],
  ['server', lines('+ VXNlcm5hbWU6')],
  ['client', lines('dXNlcg== more')],
);

/** A call whose media port is said in the invitation, and a file over a data connection that the control connection names. */
const frame = (transport: Layer, from: string, to: string): Layer =>
  ethernet({ src: MAC.host, dst: MAC.gateway }, ipv4({ src: from, dst: to }, transport));
const media = (port: number, message: Uint8Array): Layer =>
  frame(udp({ srcPort: 40_002, dstPort: port }, message), IP4.server, '192.0.2.1');
const padded = join([0xa0, 0], u16(1), u32(160), u32(7), new Uint8Array(20).fill(0x55), [0, 0, 0, 4]);
const announcedMedia = ethernetFrames(
  frame(udp({ srcPort: 5060, dstPort: 5060 }, utf8(invitation + description)), '192.0.2.1', IP4.server),
  media(4000, padded),
  media(4001, report),
);
const toServer = (ports: Pick<TcpFields, 'srcPort' | 'dstPort'>, fields: Partial<TcpFields>, text?: Payload): Layer =>
  frame(tcp({ ...ports, ...fields }, text), IP4.host, IP4.server);
const toClient = (ports: Pick<TcpFields, 'srcPort' | 'dstPort'>, fields: Partial<TcpFields>, text?: Payload): Layer =>
  frame(tcp({ srcPort: ports.dstPort, dstPort: ports.srcPort, ...fields }, text), IP4.server, IP4.host);
function opened(ports: Pick<TcpFields, 'srcPort' | 'dstPort'>): Layer[] {
  return [
    toServer(ports, { seq: 0, flags: ['syn'] }),
    toClient(ports, { seq: 0, ack: 1, flags: ['syn', 'ack'] }),
    toServer(ports, { seq: 1, ack: 1 }),
  ];
}
const control = { srcPort: 40_001, dstPort: 21 } as const;
const dataPorts = { srcPort: 40_002, dstPort: 4000 } as const;
const transferred = ethernetFrames(
  ...opened(control),
  toServer(control, { seq: 1, ack: 1, flags: ['ack', 'psh'] }, 'CWD /pub\r\n'),
  toClient(control, { seq: 1, ack: 11, flags: ['ack', 'psh'] }, '250 done\r\n'),
  toServer(control, { seq: 11, ack: 11, flags: ['ack', 'psh'] }, 'PASV\r\n'),
  toClient(control, { seq: 11, ack: 17, flags: ['ack', 'psh'] }, '227 Entering (198,51,100,20,15,160)\r\n'),
  toServer(control, { seq: 17, ack: 48, flags: ['ack', 'psh'] }, 'RETR list\r\n'),
  ...opened(dataPorts),
  toClient(dataPorts, { seq: 1, ack: 1, flags: ['ack', 'psh'] }, 'a list\n'),
);

const utpOpening = join([0x41, 0], u16(7), u32(1), u32(0), u32(65_536), u16(1), u16(0));
const utp = join([0x01, 3], u16(7), u32(1), u32(2), u32(65_536), u16(1), u16(0), [0, 4], u32(5), utf8('piece'));
const zookeeper = tcpSaid(
  2181,
  ['client', join(u32(44), u32(0), u64(0n), u32(30_000), u64(0n), u32(16), zeros(16))],
  ['server', join(u32(36), u32(0), u32(30_000), u64(1n), u32(16), zeros(16))],
  ['client', join(u32(8), u32(1), u32(11))],
  ['server', join(u32(16), u32(1), u64(7n), u32(0))],
);
const bacnet = join([0x81, 0x0a], u16(18), [1, 0x20], u16(5), u8(6), new Uint8Array(6).fill(2), [255, 0x10, 8]);

export const serviceValueGroup: GoldenGroup = {
  name: 'service-values',
  captures: {
    'announced-media': announcedMedia,
    'announced-data': transferred,
    'bt-utp': udpSaid(40_003, ['client', utpOpening], ['client', utp]),
    zookeeper,
    bacnet: udpSaid(47_808, ['client', bacnet]),
    sip: udpSaid(5060, ['client', utf8(invitation + description)], ['server', refusal]),
    rtcp: udpSaid(5005, ['client', report]),
    stun: udpSaid(
      3478,
      [
        'client',
        stun(0x0001, attribute(0x8022, utf8('client')), attribute(0x8029, u64(1n)), attribute(6, utf8('user'))),
      ],
      ['server', stun(0x0101, attribute(1, address6), attribute(0x20, address6), attribute(0x14, utf8('example.org')))],
      [
        'client',
        stun(
          0x0003,
          attribute(0x15, utf8('n1')),
          attribute(8, new Uint8Array(20).fill(9)),
          attribute(0x8028, u32(7)),
          attribute(7, utf8('pw')),
        ),
      ],
    ),
    'stun-classic': udpSaid(3479, ['client', classic]),
    'bt-tracker': trackerFrames,
    mqtt: mqttFrames,
    gnutella: gnutellaFrames,
    ftp: ftpFrames,
    smtp: smtpFrames,
    modbus: modbusFrames,
    bodies,
    amqp: tcpSaid(5672, ['client', join(latin1('AMQP'), [0, 0, 9, 1])]),
    winsrepl: winsreplFrames,
    bittorrent: peerFrames,
    'bt-dht': dhtFrames,
    tftp: tftpFrames,
    wireguard: wgFrames,
    imap: imapFrames,
    socks: socksFrames,
    icap: icapFrames,
    irc: ircFrames,
    pop: popFrames,
  },
};
