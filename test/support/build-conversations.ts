/**
 * Short conversations of services, one good and often one malformed: what unit tests and golden captures share. Messages
 * follow the documents that the protocols' files name.
 */

import { hex, join, latin1, u16, u16le, u32, u32le, u64, zeros } from './build-bytes.ts';
import {
  BITTORRENT_MESSAGE,
  bencode,
  bittorrentHandshake,
  bittorrentMessage,
  portmapGetPort,
  RPC_PROGRAM,
  rdpConnectionConfirm,
  rdpConnectionRequest,
  rpcCall,
  rpcRecord,
  rpcReply,
} from './build-services.ts';
import { businessConversations } from './business-conversations.ts';
import type { Conversation, Message } from './conversation.ts';
import { industryConversations } from './industry-conversations.ts';
import { messengerConversations } from './messenger-conversations.ts';
import { moreConversations } from './more-conversations.ts';
import { xmlConversations } from './xml-conversations.ts';

const client = (...parts: readonly (string | Uint8Array)[]): Message => ['client', bytesOf(parts)];
const server = (...parts: readonly (string | Uint8Array)[]): Message => ['server', bytesOf(parts)];

function bytesOf(parts: readonly (string | Uint8Array)[]): Uint8Array {
  return join(...parts.map((part) => (typeof part === 'string' ? latin1(part) : part)));
}

const byte = (...values: number[]): Uint8Array => Uint8Array.from(values);
const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i);
const handle = join(u32(8), counting(8));
const text4 = (text: string): Uint8Array => join(u32(text.length), latin1(text), zeros((4 - (text.length % 4)) % 4));
const attributes3 = join(
  ...[2, 0o755, 2, 0, 0].map(u32),
  u64(4096n),
  u64(4096n),
  zeros(8),
  u64(1n),
  u64(2n),
  zeros(24),
);
const nfs = (xid: number, procedure: number, body: Uint8Array): Uint8Array =>
  rpcRecord(rpcCall({ xid, program: RPC_PROGRAM.nfs, version: 3, procedure, arguments: body }));
const amqp = (type: number, channel: number, body: Uint8Array): Uint8Array =>
  join(byte(type), u16(channel), u32(body.length), body, byte(0xce));
const cql = (version: number, code: number, body: Uint8Array): Uint8Array =>
  join(byte(version, 0), u16(0), byte(code), u32(body.length), body);
const kafka = (api: number, version: number, id: number): Uint8Array =>
  join(u32(14), u16(api), u16(version), u32(id), u16(4), latin1('test'));
const postgres = (type: string, body: Uint8Array): Uint8Array => join(latin1(type), u32(4 + body.length), body);
const mysql = (number: number, body: Uint8Array): Uint8Array =>
  join(byte(body.length & 0xff, body.length >>> 8, 0, number), body);
const mongo = (id: number, to: number, code: number, body: Uint8Array): Uint8Array =>
  join(u32le(16 + body.length), u32le(id), u32le(to), u32le(code), body);
const infoHash = counting(20);
const peer = latin1('-XX0001-abcdefghijkl');

export const conversationList: readonly Conversation[] = [
  ...moreConversations,
  ...businessConversations,
  ...industryConversations,
  ...messengerConversations,
  ...xmlConversations,
  {
    name: 'telnet',
    port: 23,
    transport: 'tcp',
    layer: 'telnet',
    framed: false,
    messages: [
      server(hex('fffd18 fffd1f')),
      client(hex('fffb18 fffa1f00500018fff0')),
      server('login: '),
      server(hex('ff')),
    ],
    says: [
      'telnet | TELNET | Telnet Data ...',
      'telnet | TELNET | Telnet Data ...',
      'telnet | TELNET | Telnet Data ...',
      'telnet | TELNET | Telnet Data ...[Malformed Packet]',
    ],
  },
  {
    name: 'ftp',
    port: 21,
    transport: 'tcp',
    layer: 'ftp',
    framed: false,
    messages: [
      server('220-Hello\r\n220 ready\r\n'),
      client('USER anonymous\r\n'),
      server('227 Entering Passive Mode (192,0,2,1,28,86)\r\n'),
      client('EPRT |2|2001:db8::1|5282|\r\n'),
      server('229 Extended (|||70000|)\r\n'),
    ],
    says: [
      'ftp | FTP | Response: 220-Hello',
      'ftp | FTP | Request: USER anonymous',
      'ftp | FTP | Response: 227 Entering Passive Mode (192,0,2,1,28,86)',
      'ftp | FTP | Request: EPRT |2|2001:db8::1|5282|',
      'ftp | FTP | Response: 229 Extended (|||70000|)',
    ],
  },
  {
    name: 'smtp',
    port: 25,
    transport: 'tcp',
    layer: 'smtp',
    framed: true,
    messages: [
      server('220-mail.example.com\r\n220 ready\r\n'),
      client('EHLO vm1\r\n'),
      server('250 OK\r\n'),
      client('DATA\r\n'),
      server('354 go on\r\n'),
      client('QUIT\r\n.\r\n'),
      server('250 OK\r\n'),
    ],
    says: [
      'smtp | SMTP | S: 220-mail.example.com | ready',
      'smtp | SMTP | C: EHLO vm1',
      'smtp | SMTP | S: 250 OK',
      'smtp | SMTP | C: DATA',
      'smtp | SMTP | S: 354 go on',
      'smtp:imf | SMTP/IMF | QUIT  ',
      'smtp | SMTP | S: 250 OK',
    ],
  },
  {
    name: 'pop',
    port: 110,
    transport: 'tcp',
    layer: 'pop',
    framed: false,
    messages: [server('+OK hi\r\n'), client('RETR 1\r\n'), server('+OK 2\r\nhi\r\n.\r\n'), server('more of it')],
    says: [
      'pop | POP | S: +OK hi',
      'pop | POP | C: RETR 1',
      'pop | POP | S: +OK 2',
      'pop | POP | S: DATA fragment, 10 bytes',
    ],
  },
  {
    name: 'imap',
    port: 143,
    transport: 'tcp',
    layer: 'imap',
    framed: false,
    messages: [
      server('* OK ready\r\n'),
      client('a1 LOGIN bob secret\r\n'),
      server('* CAPABILITY IMAP4rev1\r\na1 OK LOGIN done\r\n'),
    ],
    says: [
      'imap | IMAP | Response: * OK ready',
      'imap | IMAP | Request: a1 LOGIN bob secret',
      'imap | IMAP | Response: a1 OK LOGIN done',
    ],
  },
  {
    name: 'irc',
    port: 6667,
    transport: 'tcp',
    layer: 'irc',
    framed: false,
    messages: [client('NICK bob\r\nUSER b 0 * :Bob\r\n'), server(':irc.example.net 001 bob :Welcome\r\n:broken\r\n')],
    says: ['irc | IRC | Request (NICK) (USER)', 'irc | IRC | Response (001)'],
  },
  {
    name: 'gnutella',
    port: 6346,
    transport: 'tcp',
    layer: 'gnutella',
    framed: true,
    messages: [
      client('GNUTELLA CONNECT/0.6\r\n\r\n'),
      server(zeros(16), hex('000700 00000000')),
      client(zeros(16), hex('800700 07000000 0000'), 'test\0'),
      client(zeros(16), hex('800700 ff000000 0000')),
    ],
    says: ['gnutella | Gnutella | ', 'gnutella | Gnutella | Ping', 'gnutella | Gnutella | Query'],
  },
  {
    name: 'rpc',
    port: 2049,
    transport: 'tcp',
    layer: 'rpc',
    framed: true,
    messages: [
      client(nfs(1, 1, handle)),
      server(rpcRecord(rpcReply(1, join(u32(0), attributes3)))),
      client(nfs(2, 3, join(handle, text4('file')))),
      server(rpcRecord(rpcReply(2, join(u32(2), u32(0))))),
      client(nfs(3, 6, join(handle, u64(0n), u32(4096)))),
      client(nfs(4, 3, join(u32(9999), zeros(8)))),
    ],
    says: [
      'rpc:nfs | NFS | V3 GETATTR Call, FH: 0x88aa689f',
      'rpc:nfs | NFS | V3 GETATTR Reply (Call In 4)  Directory mode: 0755 uid: 0 gid: 0',
      'rpc:nfs | NFS | V3 LOOKUP Call, DH: 0x88aa689f/file',
      'rpc:nfs | NFS | V3 LOOKUP Reply (Call In 6) Error: NFS3ERR_NOENT',
      'rpc:nfs | NFS | V3 READ Call, FH: 0x88aa689f Offset: 0 Len: 4096',
      'rpc:nfs | NFS | V3 LOOKUP Call[Malformed Packet]',
    ],
  },
  {
    name: 'portmap',
    port: 111,
    transport: 'udp',
    layer: 'rpc',
    framed: false,
    messages: [
      client(portmapGetPort(1, { program: RPC_PROGRAM.nfs, version: 3, protocol: 6 })),
      server(rpcReply(1, u32(2049))),
      client(portmapGetPort(1, { program: RPC_PROGRAM.nfs, version: 3, protocol: 6 })),
      server(rpcReply(1, u32(0))),
      client(rpcCall({ xid: 9, program: RPC_PROGRAM.portmap, version: 2, procedure: 3, arguments: u32(1) })),
    ],
    says: [
      'rpc:portmap | Portmap | V2 GETPORT Call NFS(100003) V:3 TCP',
      'rpc:portmap | Portmap | V2 GETPORT Reply (Call In 1) Port:2049',
      'rpc:portmap | Portmap | [RPC retransmission of #1]V2 GETPORT Call NFS(100003) V:3 TCP',
      'rpc:portmap | Portmap | [RPC duplicate of #2]V2 GETPORT Reply (Call In 1) PROGRAM_NOT_AVAILABLE',
      'rpc:portmap | Portmap | V2 GETPORT Call[Malformed Packet]',
    ],
  },
  {
    name: 'rdp',
    port: 3389,
    transport: 'tcp',
    layer: 'tpkt',
    framed: false,
    messages: [
      client(rdpConnectionRequest('operator')),
      server(rdpConnectionConfirm(2)),
      client(hex('0300000902f0800401')),
      client(hex('0300000702f080')),
      client(hex('44042a1b')),
      server(hex('ffffffff')),
    ],
    says: [
      'tpkt:cotp:rdp | RDP | Cookie: mstshash=operator, Negotiate Request',
      'tpkt:cotp:rdp | RDP | Negotiate Response',
      'tpkt:cotp:t125 | T.125 | erectDomainRequest [Malformed Packet]',
      'tpkt:cotp | COTP | DT TPDU (0) EOT',
      'tpkt:rdp | RDP | Fast-Path PDU,Mouse[Malformed Packet]',
      'tpkt | TPKT | Continuation',
    ],
  },
  {
    name: 'bittorrent',
    port: 6881,
    transport: 'tcp',
    layer: 'bittorrent',
    framed: true,
    messages: [
      client(bittorrentHandshake(infoHash, peer)),
      server(
        bittorrentHandshake(infoHash, peer),
        bittorrentMessage(20, join(byte(0), bencode({ m: { ut_pex: 1 }, p: 6881 }))),
      ),
      client(bittorrentMessage(BITTORRENT_MESSAGE.request, join(u32(1), u32(2), u32(16_384))), zeros(4)),
      client(bittorrentMessage(20, join(byte(0), latin1('d1:md')))),
    ],
    says: [
      'bittorrent | BitTorrent | Handshake  ',
      'bittorrent:bencode | BitTorrent | Handshake  Extended  ',
      'bittorrent | BitTorrent | Request, Piece (Idx:0x1,Begin:0x2,Len:0x4000)  KeepAlive  ',
      'bittorrent:bencode | BitTorrent | Extended  ',
    ],
  },
  {
    name: 'bt-dht',
    port: 6881,
    transport: 'udp',
    layer: 'bt-dht',
    framed: false,
    messages: [
      client(bencode({ a: { id: infoHash }, q: 'ping', t: 'aa', y: 'q' })),
      server(bencode({ r: { id: infoHash, nodes: counting(52), values: [hex('c00002011ae1')] }, t: 'aa', y: 'r' })),
      client('d1:ad2:id99:x1:y1:qe'),
    ],
    says: [
      'bt-dht | BT-DHT | BitTorrent DHT Protocol',
      'bt-dht | BT-DHT | BitTorrent DHT Protocol reply=2 nodes reply=1 peers',
      'bt-dht | BT-DHT | BitTorrent DHT Protocol[Malformed Packet]',
    ],
  },
  {
    name: 'bt-utp', // off by default in tshark
    port: 51413,
    transport: 'udp',
    layer: 'bt-utp',
    framed: false,
    messages: [
      client(hex('41001234 00000001 00000000 00100000 00010000')),
      server(hex('21011234 00000001 00000000 00100000 00070001 0004 01020304')),
    ],
    says: [
      'bt-utp | BT-uTP | Connection ID:4660 [Syn] Seq=1 Ack=0 Win=1048576 Len=0',
      'bt-utp | BT-uTP | Connection ID:4660 [State] Seq=7 Ack=1 Win=1048576 Len=0',
    ],
  },
  {
    name: 'bt-tracker', // not in tshark 4.0
    port: 6969,
    transport: 'udp',
    layer: 'bt-tracker',
    framed: false,
    messages: [
      client(hex('0000041727101980 00000000 0000004d')),
      server(hex('00000000 0000004d 1122334455667788')),
      client(hex('1122334455667788 00000002 0000004e'), infoHash),
      server(hex('00000003 0000004e'), 'bad request'),
    ],
    says: [
      'bt-tracker | BT-Tracker | Connect Request',
      'bt-tracker | BT-Tracker | Connect Response',
      'bt-tracker | BT-Tracker | Scrape Request',
      'bt-tracker | BT-Tracker | Error Response',
    ],
  },
  {
    name: 'tftp',
    port: 69,
    transport: 'udp',
    layer: 'tftp',
    framed: false,
    messages: [
      client(hex('0001'), 'a.txt\0octet\0blksize\x001024\0'),
      server(hex('0003 0001'), 'hello'),
      client(hex('0004 0001')),
      server(hex('0005 0001'), 'none\0'),
      client(hex('0001')),
    ],
    says: [
      'tftp | TFTP | Read Request, File: a.txt, Transfer type: octet, blksize=1024',
      'tftp:data | TFTP | Data Packet, Block: 1 (last)',
      'tftp | TFTP | Acknowledgement, Block: 1',
      'tftp | TFTP | Error Code, Code: File not found, Message: none',
      'tftp | TFTP | Read Request[Malformed Packet]',
    ],
  },
  {
    name: 'syslog',
    port: 514,
    transport: 'udp',
    layer: 'syslog',
    framed: false,
    messages: [
      client('<34>Oct 11 22:14:15 vm1 su[12]: failed'),
      client('<165>1 2026-01-15T09:00:00.003Z vm1 app 12 ID47 - done'),
      client('<999>'),
    ],
    says: [
      'syslog | Syslog | AUTH.CRIT: Oct 11 22:14:15 vm1 su[12]: failed',
      'syslog | Syslog | LOCAL4.NOTICE: 1 2026-01-15T09:00:00.003Z vm1 app 12 ID47 - done',
      'syslog | Syslog | UNKNOWN.DEBUG: ',
    ],
  },
  {
    name: 'ssdp',
    port: 1900,
    transport: 'udp',
    layer: 'ssdp',
    framed: false,
    messages: [
      client('M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMX: 3\r\n\r\n'),
      server('HTTP/1.1 200 OK\r\nSERVER: x/1\r\nLOCATION: http://192.0.2.1/d.xml\r\n\r\n'),
    ],
    says: ['ssdp | SSDP | M-SEARCH * HTTP/1.1 ', 'ssdp | SSDP | HTTP/1.1 200 OK '],
  },
  {
    name: 'socks',
    port: 1080,
    transport: 'tcp',
    layer: 'socks',
    framed: false,
    messages: [
      client(hex('050100')),
      server(hex('0500')),
      client(hex('050100030b'), 'example.com', hex('0050')),
      server(hex('05000009')),
    ],
    says: [
      'socks | Socks | Version: 5 Connect to server request',
      'socks | Socks | Version: 5 Connect to server response',
      'socks | Socks | Version: 5 Command Request - Connect',
      'socks | Socks | Version: 5 Command Response - Connect[Malformed Packet]',
    ],
  },
  {
    name: 'resp',
    port: 6379,
    transport: 'tcp',
    layer: 'resp',
    framed: true,
    messages: [
      client('*2\r\n$3\r\nGET\r\n$3\r\nfoo\r\n'),
      server('$3\r\nbar\r\n'),
      client('*1\r\n$4\r\nINFO\r\n'),
      server('-ERR unknown\r\n'),
    ],
    says: [
      'resp | RESP | Request: GET foo',
      'resp | RESP | Response: bar',
      'resp | RESP | Request: INFO',
      'resp | RESP | Response: Error: ERR unknown',
    ],
  },
  {
    name: 'memcache',
    port: 11211,
    transport: 'tcp',
    layer: 'memcache',
    framed: false,
    messages: [
      client('get foo\r\n'),
      server('END\r\n'),
      client(hex('8000000300000000 00000003 00000007 0000000000000000'), 'foo'),
      server(hex('8100ffff00000000 00000003 00000007 0000000000000000'), 'foo'),
    ],
    says: [
      'memcache | MEMCACHE | get foo ',
      'memcache | MEMCACHE | END ',
      'memcache | MEMCACHE | Get Request',
      'memcache | MEMCACHE | Get Response[Malformed Packet]',
    ],
  },
  {
    name: 'kafka',
    port: 9092,
    transport: 'tcp',
    layer: 'kafka',
    framed: true,
    messages: [client(kafka(18, 0, 1)), server(u32(10), u32(1), zeros(6)), server(u32(10), u32(7), zeros(6))],
    says: [
      'kafka | Kafka | Kafka ApiVersions v0 Request',
      'kafka | Kafka | Kafka ApiVersions v0 Response',
      'kafka | Kafka | Kafka Response (Undecoded, Request Missing)',
    ],
  },
  {
    name: 'amqp',
    port: 5672,
    transport: 'tcp',
    layer: 'amqp',
    framed: true,
    messages: [
      client(
        amqp(1, 1, join(hex('003c 0028 0000 02'), latin1('ex'), hex('02'), latin1('rk'), hex('00'))),
        amqp(3, 1, latin1('hi')),
      ),
      server(amqp(8, 0, zeros(0))),
      server(amqp(1, 0, byte(0, 10))),
    ],
    says: [
      'amqp | AMQP | Basic.Publish x=ex rk=rk Content-Body ',
      'amqp | AMQP | Heartbeat ',
      'amqp | AMQP | [Malformed Packet]',
    ],
  },
  {
    name: 'cql',
    port: 9042,
    transport: 'tcp',
    layer: 'cql',
    framed: true,
    messages: [
      client(cql(4, 5, zeros(0))),
      client(cql(4, 7, join(u32(8), latin1('SELECT 1'), hex('000100')))),
      server(cql(0x84, 0, join(u32(0x2000), u16(9), latin1('bad')))),
    ],
    says: [
      'cql | CQL | v4 C->S Type OPTIONS',
      'cql | CQL | v4 C->S Type QUERY',
      'cql | CQL | v4 S->C Type ERROR[Malformed Packet]',
    ],
  },
  {
    name: 'mongo', // named as Wireshark's dissector, whose default port list tshark 4.0 shares with TLS
    port: 27017,
    transport: 'tcp',
    layer: 'mongo',
    framed: true,
    messages: [client(mongo(1, 0, 2013, zeros(10))), server(mongo(2, 1, 2013, zeros(10)))],
    says: [
      'mongo | MONGO | Request : Extensible Message Format',
      'mongo | MONGO | Response : Extensible Message Format',
    ],
  },
  {
    name: 'pgsql',
    port: 5432,
    transport: 'tcp',
    layer: 'pgsql',
    framed: true,
    messages: [
      client(u32(8 + 10), u32(196_608), 'user\0bob\0', byte(0)),
      server(postgres('R', u32(0)), postgres('Z', latin1('I'))),
      client(postgres('Q', latin1('select 1\0'))),
      server(postgres('T', join(u16(1), latin1('a\0'), zeros(18))), postgres('D', join(u16(1), u32(1), latin1('1')))),
      server(postgres('E', latin1('SERROR\0Mno such table\0\0'))),
      server(postgres('D', join(u16(9), u32(1)))),
    ],
    says: [
      'pgsql | PGSQL | >',
      'pgsql | PGSQL | <R/Z',
      'pgsql | PGSQL | >Q',
      'pgsql | PGSQL | <T/D',
      'pgsql | PGSQL | <E',
      'pgsql | PGSQL | <D[Malformed Packet]',
    ],
  },
  {
    name: 'mysql',
    port: 3306,
    transport: 'tcp',
    layer: 'mysql',
    framed: true,
    messages: [
      server(
        mysql(
          0,
          join(
            byte(10),
            latin1('8.0.28\0'),
            u32le(30),
            latin1('saltsalt\0'),
            u16le(0xffff),
            byte(33),
            u16le(2),
            u16le(0xdfff),
            byte(21),
            zeros(10),
            latin1('saltsaltsalt\0mysql_native_password\0'),
          ),
        ),
      ),
      client(
        mysql(
          1,
          join(
            u16le(0xa285),
            u16le(8),
            u32le(1 << 24),
            byte(33),
            zeros(23),
            latin1('bob\0'),
            byte(0),
            latin1('mysql_native_password\0'),
          ),
        ),
      ),
      server(mysql(2, hex('00000002000000'))),
      client(mysql(0, join(byte(3), latin1('select 1')))),
      server(mysql(1, hex('ff1504'))),
      client(mysql(0, byte(1))),
    ],
    says: [
      'mysql | MySQL | Server Greeting  proto=10 version=8.0.28 ',
      'mysql | MySQL | Login Request user=bob ',
      'mysql | MySQL | Response  OK ',
      'mysql | MySQL | Request Query',
      'mysql | MySQL | Response  Error 1045 ',
      'mysql | MySQL | Request Quit',
    ],
  },
  {
    name: 'mqtt',
    port: 1883,
    transport: 'tcp',
    layer: 'mqtt',
    framed: true,
    messages: [
      client(hex('100f0004'), 'MQTT', hex('0402003c0003'), 'vm1'),
      server(hex('20020000')),
      client(hex('32070001'), 'a', hex('0007'), 'hi'),
      client(hex('8206 0001 0009'), 'ab'),
    ],
    says: [
      'mqtt | MQTT | Connect Command',
      'mqtt | MQTT | Connect Ack',
      'mqtt | MQTT | Publish Message (id=7) [a]',
      'mqtt | MQTT | Subscribe Request (id=1)[Malformed Packet]',
    ],
  },
  {
    name: 'x11',
    port: 6000,
    transport: 'tcp',
    layer: 'x11',
    framed: true,
    messages: [
      client(hex('6c000b000000000000000000')),
      client(hex('2b000100 08000200 01000000')),
      server(hex('02'), zeros(31), hex('0c'), zeros(31)),
    ],
    says: [
      'x11 | X11 | Requests: Initial connection request',
      'x11 | X11 | Requests: GetInputFocus, MapWindow',
      'x11 | X11 | Event: KeyPress, Expose',
    ],
  },
  {
    name: 'vnc',
    port: 5900,
    transport: 'tcp',
    layer: 'vnc',
    framed: false,
    messages: [server('RFB 003.008\n'), client('RFB 003.008\n')],
    says: ['vnc | VNC | Server protocol version: 003.008', 'vnc | VNC | Client protocol version: 003.008'],
  },
  {
    name: 'rsync',
    port: 873,
    transport: 'tcp',
    layer: 'rsync',
    framed: false,
    messages: [server('@RSYNCD: 31.0\n'), client('@RSYNCD: 31.0\n'), server('abc')],
    says: [
      'rsync | RSYNC | Server Initialisation (Version 31.0)',
      'rsync | RSYNC | Client Initialisation (Version 31.0)',
      'rsync | RSYNC | Data',
    ],
  },
  {
    name: 'edonkey',
    port: 4662,
    transport: 'tcp',
    layer: 'edonkey',
    framed: true,
    messages: [client(hex('e3 12000000 01 10'), counting(16)), server(hex('e3 11000000 4c'), counting(16))],
    says: ['edonkey | eDonkey | eDonkey TCP: Hello', 'edonkey | eDonkey | eDonkey TCP: Hello Answer'],
  },
  {
    name: 'stratum', // not in tshark
    port: 3333,
    transport: 'tcp',
    layer: 'stratum',
    framed: false,
    messages: [
      client('{"id":1,"method":"mining.subscribe","params":[]}\n'),
      server('{"id":1,"result":[],"error":null}\n'),
    ],
    says: ['stratum | Stratum | mining.subscribe', 'stratum | Stratum | Result'],
  },
  {
    name: 'zookeeper', // not in tshark
    port: 2181,
    transport: 'tcp',
    layer: 'zookeeper',
    framed: true,
    messages: [
      client(u32(44), u32(0), zeros(8), u32(30_000), zeros(8), u32(16), zeros(16)),
      client(u32(8), u32(1), u32(11)),
    ],
    says: ['zookeeper | ZooKeeper | Connect Request', 'zookeeper | ZooKeeper | Ping Request'],
  },
  {
    name: 'iperf3', // not in tshark 4.0
    port: 5201,
    transport: 'tcp',
    layer: 'iperf3',
    framed: false,
    messages: [client('abcdefghijklmnopqrstuvwxyz234567abcd\0'), server(byte(9)), client(u32(2), '{}')],
    says: ['iperf3 | iPerf3 | Cookie', 'iperf3 | iPerf3 | Parameter exchange', 'iperf3 | iPerf3 | Control JSON'],
  },
];
