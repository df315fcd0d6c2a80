/** More of what build-conversations.ts holds: databases, building control, session announcements, content adaptation. */

import { hex, ipv4Address, join, latin1, u8, u16, u32, zeros } from './build-bytes.ts';
import type { Conversation, Message } from './conversation.ts';

const client = (...parts: readonly Uint8Array[]): Message => ['client', join(...parts)];
const server = (...parts: readonly Uint8Array[]): Message => ['server', join(...parts)];

const oracle = (type: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const body = join(...parts);
  return join(u16(8 + body.length), u16(0), u8(type), u8(0), u16(0), body);
};
const connectData = latin1('(DESCRIPTION=(CONNECT_DATA=(SERVICE_NAME=orders)))');
const oracleConnect = oracle(
  1,
  u16(0x013a),
  u16(0x012c),
  u16(0x0c41),
  u16(8192),
  u16(32767),
  u16(0x7f08),
  zeros(4),
  u16(connectData.length),
  u16(58),
  zeros(30),
  connectData,
);

const bvlc = (kind: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const body = join(...parts);
  return join(u8(0x81), u8(kind), u16(4 + body.length), body);
};

const httpHead = latin1('GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n');
const icapRequest = join(
  latin1(
    `REQMOD icap://icap.example.net/filter ICAP/1.0\r\nHost: icap.example.net\r\nEncapsulated: req-hdr=0, null-body=${httpHead.length}\r\n\r\n`,
  ),
  httpHead,
);
const icapAnswer = latin1('ICAP/1.0 204 No Content\r\nISTag: "1"\r\nEncapsulated: null-body=0\r\n\r\n');
const icapBody = latin1(
  'RESPMOD icap://icap.example.net/scan ICAP/1.0\r\nEncapsulated: res-hdr=0, res-body=19\r\n\r\nHTTP/1.1 200 OK\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
);

const description = latin1('v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=Talk\r\nt=0 0\r\n');

const text = (value: string, length: number): Uint8Array => join(latin1(value), zeros(length - value.length));
const text16 = (value: string): Uint8Array => join(u16(value.length), latin1(value));
const pptp = (kind: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const body = join(...parts);
  return join(u16(12 + body.length), u16(1), u32(0x1a2b3c4d), u16(kind), u16(0), body);
};
const slp2 = (kind: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const body = join(...parts);
  return join(u8(2), u8(kind), u8(0), u16(16 + body.length), u16(0x2000), hex('000000'), u16(7), text16('en'), body);
};
const slp1 = (kind: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const body = join(...parts);
  return join(u8(1), u8(kind), u16(12 + body.length), hex('0000'), latin1('en'), u16(3), u16(7), body);
};

export const moreConversations: readonly Conversation[] = [
  {
    name: 'oracle',
    port: 1521,
    transport: 'tcp',
    layer: 'tns',
    framed: true,
    messages: [
      client(oracleConnect),
      server(oracle(2, u16(0x013a), u16(0x0c41), u16(8192), u16(32767), u16(1), u16(0), u16(32), zeros(10))),
      client(oracle(6, u16(0), u32(0xdeadbeef), zeros(8))),
      client(oracle(6, u16(0x40), u8(3), latin1('select'))),
      server(oracle(12, hex('010002'))),
      server(oracle(4, u8(1), u8(34), u16(6), latin1('(ERR=)'))),
      server(oracle(5, u16(9), latin1('(ADDRESS='))),
      server(oracle(14, u16(8))),
      server(hex('0020 0000 63 00 0000')),
    ],
    says: [
      'tns | TNS | Request, Connect (1)',
      'tns | TNS | Response, Accept (2)',
      'tns:data | TNS | Request, Data (6), Secure Network Services',
      'tns:data | TNS | Request, Data (6), User OCI Functions',
      'tns | TNS | Response, Marker (12)',
      'tns | TNS | Response, Refuse (4)',
      'tns | TNS | Response, Redirect (5)',
      'tns | TNS | Response, Control (14)',
      'tns | TNS | Response, Unknown (99)',
    ],
  },
  {
    name: 'icap',
    port: 1344,
    transport: 'tcp',
    layer: 'icap',
    framed: true,
    messages: [client(icapRequest), server(icapAnswer), client(icapBody), server(latin1('no such thing\r\n'))],
    says: [
      'icap:http | HTTP | GET / HTTP/1.1 ',
      'icap | ICAP | ICAP/1.0 204 No Content',
      'icap:http:data | HTTP | HTTP/1.1 200 OK ',
      'icap | ICAP | Continuation',
    ],
  },
  {
    name: 'bacnet',
    port: 47_808,
    transport: 'udp',
    layer: 'bvlc',
    framed: false,
    messages: [
      client(bvlc(11, hex('0120 ffff 00 ff'), hex('10 08 0a1b59 1a1b59'))),
      client(bvlc(10, hex('0104'), hex('02 04 07 0c 0c02000001 1955'))),
      server(bvlc(10, hex('0108 0005 01 0c'), hex('38 07 01 04 0c'))),
      server(bvlc(10, hex('0100'), hex('20 07 0f'))),
      server(bvlc(10, hex('0100'), hex('40 07 01 04'))),
      server(bvlc(10, hex('0100'), hex('50 07 0c 9102'))),
      server(bvlc(10, hex('0100'), hex('60 07 09'))),
      server(bvlc(10, hex('0100'), hex('71 07 04'))),
      server(bvlc(10, hex('0180 00'), hex('0001'))),
      server(bvlc(10, hex('0180 81 0105'))),
      client(bvlc(5, u16(60))),
      server(bvlc(0, u16(0x30))),
      server(bvlc(4, ipv4Address('192.0.2.9'), u16(47_808), hex('0100 1000'))),
      server(bvlc(10, hex('0120 ffff'))),
    ],
    says: [
      'bvlc:bacnet:bacapp | BACnet-APDU | Unconfirmed-REQ who-Is ',
      'bvlc:bacnet:bacapp | BACnet-APDU | Confirmed-REQ   readProperty[  7] ',
      'bvlc:bacnet:bacapp | BACnet-APDU | Complex-ACK     readProperty[  7] ',
      'bvlc:bacnet:bacapp | BACnet-APDU | Simple-ACK      writeProperty[  7] ',
      'bvlc:bacnet:bacapp | BACnet-APDU | Segment-ACK     ',
      'bvlc:bacnet:bacapp | BACnet-APDU | Error           readProperty[  7] ',
      'bvlc:bacnet:bacapp | BACnet-APDU | Reject          ',
      'bvlc:bacnet:bacapp | BACnet-APDU | Abort           ',
      'bvlc:bacnet:data | BACnet-NPDU | Who-Is-Router-To-Network',
      'bvlc:bacnet | BACnet-NPDU | Vendor Proprietary Message',
      'bvlc | BVLC | BACnet Virtual Link Control BVLC Function Register-Foreign-Device ',
      'bvlc | BVLC | BACnet Virtual Link Control BVLC Function BVLC-Result ',
      'bvlc:bacnet:bacapp | BACnet-APDU | Unconfirmed-REQ i-Am ',
      'bvlc:bacnet | BACnet-NPDU | Building Automation and Control Network NPDU[Malformed Packet]',
    ],
  },
  {
    name: 'sap',
    port: 9875,
    transport: 'udp',
    layer: 'sap',
    framed: false,
    messages: [
      client(hex('2000 1234'), ipv4Address('192.0.2.1'), latin1('application/sdp\0'), description),
      client(hex('2401 1234'), ipv4Address('192.0.2.1'), hex('01020304'), description),
      client(hex('3200 1234'), hex('20010db8000000000000000000000001'), zeros(8)),
      client(hex('2000 12')),
    ],
    says: [
      'sap:sdp | SAP/SDP | Announcement (v1)',
      'sap:sdp | SAP/SDP | Deletion (v1)',
      'sap:data | SAP | Announcement (v1)',
      'sap | SAP | Announcement (v1)[Malformed Packet]',
    ],
  },
  {
    name: 'pptp',
    port: 1723,
    transport: 'tcp',
    layer: 'pptp',
    framed: true,
    messages: [
      client(pptp(1, u16(0x0100), u16(0), u32(1), u32(1), u16(0), u16(1), text('client', 64), text('Example', 64))),
      server(
        pptp(2, u16(0x0100), hex('0100'), u32(1), u32(1), u16(1), u16(1), text('server', 64), text('Example', 64)),
      ),
      client(
        pptp(
          7,
          u16(1),
          u16(1),
          u32(300),
          u32(100_000_000),
          u32(3),
          u32(3),
          u16(64),
          u16(0),
          u16(3),
          u16(0),
          text('123', 64),
          text('', 64),
        ),
      ),
      server(pptp(8, u16(2), u16(1), hex('0100'), u16(0), u32(64_000), u16(16), u16(0), u32(0))),
      client(pptp(15, u16(2), u16(0), u32(0xffffffff), u32(0xffffffff))),
      client(pptp(5, u32(7))),
      server(pptp(6, u32(7), hex('0100 0000'))),
      server(pptp(9, u16(3), u16(2), u32(1), u32(0), u16(3), u16(3), text('123', 64), text('456', 64), text('', 64))),
      client(pptp(10, u16(4), u16(3), hex('0100'), u16(16), u16(0), u16(0))),
      server(pptp(11, u16(4), u16(0), u32(64_000), u16(16), u16(0), u32(1))),
      server(pptp(14, u16(2), u16(0), u32(1), u32(0), u32(0), u32(0), u32(0), u32(0))),
      client(pptp(12, u16(1), u16(0))),
      server(pptp(13, u16(2), hex('0400'), u16(0), u16(0), text('done', 128))),
      client(pptp(3, hex('01000000'))),
      server(pptp(4, hex('01000000'))),
      server(join(u16(16), u16(1), u32(0x12345678), u16(5), u16(0), u32(1))),
    ],
    says: [
      'pptp | PPTP | Start-Control-Connection-Request',
      'pptp | PPTP | Start-Control-Connection-Reply',
      'pptp | PPTP | Outgoing-Call-Request',
      'pptp | PPTP | Outgoing-Call-Reply',
      'pptp | PPTP | Set-Link-Info',
      'pptp | PPTP | Echo-Request',
      'pptp | PPTP | Echo-Reply',
      'pptp | PPTP | Incoming-Call-Request',
      'pptp | PPTP | Incoming-Call-Reply',
      'pptp | PPTP | Incoming-Call-Connected',
      'pptp | PPTP | WAN-Error-Notify',
      'pptp | PPTP | Call-Clear-Request',
      'pptp | PPTP | Call-Disconnect-Notify',
      'pptp | PPTP | Stop-Control-Connection-Request',
      'pptp | PPTP | Stop-Control-Connection-Reply',
      'pptp | PPTP | Echo-Request',
    ],
  },
  {
    name: 'srvloc',
    port: 427,
    transport: 'udp',
    layer: 'srvloc',
    framed: false,
    messages: [
      client(slp2(1, text16(''), text16('service:printer'), text16('DEFAULT'), text16('(colour=true)'), text16(''))),
      server(slp2(2, u16(0), u16(1), u8(0), u16(300), text16('service:printer:lpr://192.0.2.9'), u8(0))),
      client(slp2(6, text16(''), text16('service:printer'), text16('DEFAULT'), text16('colour'), text16(''))),
      server(slp2(7, u16(0), text16('(colour=true)'), u8(0))),
      server(
        slp2(
          8,
          u16(0),
          u32(1),
          text16('service:directory-agent://192.0.2.8'),
          text16('DEFAULT'),
          text16(''),
          text16(''),
          u8(0),
        ),
      ),
      server(slp2(5, u16(2))),
      client(slp1(6, text16(''), text16('service:x:'), text16(''), text16(''))),
      client(slp1(1, text16(''), text16('printer//'))),
      server(slp1(2, u16(0), u16(1), u16(60), text16('service:printer:lpr://192.0.2.9'))),
      client(slp2(1, u16(500))),
    ],
    says: [
      'srvloc | SRVLOC | Service Request, V2 XID - 7',
      'srvloc | SRVLOC | Service Reply, V2 XID - 7',
      'srvloc | SRVLOC | Attribute Request, V2 XID - 7',
      'srvloc | SRVLOC | Attribute Reply, V2 XID - 7',
      'srvloc | SRVLOC | DA Advertisement, V2 XID - 7',
      'srvloc | SRVLOC | Service Acknowledge, V2 XID - 7',
      'srvloc | SRVLOC | Attribute Request, V1 Transaction ID - 7',
      'srvloc | SRVLOC | Service Request, V1 Transaction ID - 7',
      'srvloc | SRVLOC | Service Reply, V1 Transaction ID - 7',
      'srvloc | SRVLOC | Service Request, V2 XID - 7[Malformed Packet]',
    ],
  },
  {
    name: 'socks-carried',
    port: 1080,
    transport: 'tcp',
    layer: 'socks',
    framed: true,
    messages: [
      client(hex('05 02 00 02')),
      server(hex('05 02')),
      client(hex('01 04'), latin1('user'), hex('04'), latin1('pass')),
      server(hex('01 00')),
      client(hex('05 01 00 03 0b'), latin1('example.com'), u16(80)),
      server(hex('05 00 00 01 c0000201'), u16(40_000)),
      client(latin1('GET / HTTP/1.1\r\nHost: example.com\r\n\r\n')),
      server(latin1('HTTP/1.1 204 No Content\r\n\r\n')),
    ],
    says: [
      'socks | Socks | Version: 5 Connect to server request',
      'socks | Socks | Version: 5 Connect to server response',
      'socks | Socks | Version: 5 User authentication request',
      'socks | Socks | Version: 5 User authentication reply',
      'socks | Socks | Version: 5 Command Request - Connect',
      'socks | Socks | Version: 5 Command Response - Connect',
      'socks:http | HTTP | GET / HTTP/1.1 ',
      'socks:http | HTTP | HTTP/1.1 204 No Content ',
    ],
  },
  {
    name: 'socks4-carried',
    port: 1080,
    transport: 'tcp',
    layer: 'socks',
    framed: true,
    messages: [
      client(hex('04 01 0050 00000001'), latin1('user\0example.com\0')),
      server(hex('00 5a 0050 c0000201')),
      client(latin1('GET / HTTP/1.1\r\nHost: example.com\r\n\r\n')),
      server(latin1('HTTP/1.1 204 No Content\r\n\r\n')),
    ],
    says: [
      'socks | Socks | Version: 4 Connect to server request',
      'socks | Socks | Version: 4 Connect Response',
      'socks:http | HTTP | GET / HTTP/1.1 ',
      'socks:http | HTTP | HTTP/1.1 204 No Content ',
    ],
  },
];
