/** SNMP engine IDs, value types and traps (RFC 1157, 3411, 3416), HTTP headers that have fields, and rows of MySQL. */

import { type BytesLike, hex, ipAddress, join, latin1, macAddress, u8, u32, u32le } from '../../build-bytes.ts';
import { der, derInteger, derOid, derSequence } from '../../build-der.ts';
import { answer, ask, conversations, ethernetFrames, type GoldenGroup, MAC } from '../capture.ts';
import { client, over, server } from './turns.ts';

const OBJECT = '1.3.6.1.4.1.32473.1';
const octets = (text: BytesLike): Uint8Array => der(4, text);

function bindings(...values: readonly Uint8Array[]): Uint8Array {
  return derSequence(...values.map((value, i) => derSequence(derOid(`${OBJECT}.${i + 1}`), value)));
}

function pdu(type: number, id: number, list: Uint8Array): Uint8Array {
  return der(0xa0 | type, derInteger([id]), derInteger([0]), derInteger([0]), list);
}

const VALUES = bindings(
  der(0x40, ipAddress('192.0.2.1')),
  der(0x41, [1, 0, 0]),
  der(0x42, [0x10]),
  der(0x43, [0x20]),
  der(0x45, hex('4700')),
  der(0x46, [1, 0]),
  der(0x47, [9]),
  der(0x80),
  der(0x40, ipAddress('2001:db8::1')),
);
const version2 = (data: Uint8Array): Uint8Array => derSequence(derInteger([1]), octets(latin1('public')), data);
const trap = derSequence(
  derInteger([0]),
  octets(latin1('public')),
  der(
    0xa4,
    derOid('1.3.6.1.4.1.32473'),
    der(0x40, ipAddress('192.0.2.1')),
    derInteger([6]),
    derInteger([1]),
    der(0x43, [0x30, 0x39]),
    bindings(derInteger([5])),
  ),
);

function version3(id: number, engine: Uint8Array): Uint8Array {
  const security = derSequence(
    octets(engine),
    derInteger([3]),
    derInteger([100]),
    octets(latin1('reader')),
    octets([]),
    octets([]),
  );
  return derSequence(
    derInteger([3]),
    derSequence(derInteger([id]), derInteger([0x05, 0xdc]), octets([4]), derInteger([3])),
    octets(security),
    derSequence(octets(engine), octets(latin1('context')), pdu(0, id, bindings(der(5)))),
  );
}

const enterprise = u32(0x8000_7ed9);
const ENGINES: readonly Uint8Array[] = [
  join(enterprise, [1], ipAddress('192.0.2.1')),
  join(enterprise, [2], ipAddress('2001:db8::1')),
  join(enterprise, [3], macAddress(MAC.peer)),
  join(u32(0x8000_0009), [3, 0], macAddress(MAC.peer)),
  join(enterprise, [4], latin1('engine')),
  join(u32(0x8000_1f88), [0x80], hex('01020304'), u32le(1_768_467_600)),
];

const snmp = ethernetFrames(
  ask(161, version2(pdu(0, 1, bindings(der(5))))),
  answer(161, version2(pdu(2, 1, VALUES))),
  ask(162, trap),
  ...ENGINES.map((engine, i) => ask(161, version3(10 + i, engine))),
);

// HTTP

function lines(...text: readonly string[]): Uint8Array {
  return latin1(`${text.join('\r\n')}\r\n\r\n`);
}

const http = conversations(
  over(80, [
    client(
      lines(
        'GET /list HTTP/1.1',
        'Host: www.example.net',
        'Accept-Encoding: gzip',
        'Accept-Language: ja',
        'Cache-Control: no-cache',
        'Referer: http://www.example.net/',
        'Sec-WebSocket-Protocol: chat',
        'X-Forwarded-For: 192.0.2.77',
        'Proxy-Authorization: Basic YWxpY2U6c2VjcmV0',
        'Authorization: CitrixAGBasic username="YWxpY2U="; domain="RVhBTVBMRQ=="; password="c2VjcmV0"; AGESessionId="7"',
      ),
    ),
    server(
      join(
        lines(
          'HTTP/1.1 407 Proxy Authentication Required',
          'Set-Cookie: id=7',
          'Last-Modified: Thu, 15 Jan 2026 09:00:00 GMT',
          'WWW-Authenticate: Basic realm="made"',
          'Proxy-Authenticate: Basic realm="made"',
          'Content-Length: 5',
          'Transfer-Encoding: chunked',
        ),
        latin1('2\r\nok\r\n0\r\n\r\n'),
      ),
    ),
  ]),
);

// MySQL

function packet(index: number, ...content: readonly BytesLike[]): Uint8Array {
  const body = join(...content);
  return join(u32le(body.length).slice(0, 3), u8(index), body);
}

const short = (text: string): Uint8Array => join(u8(text.length), latin1(text));
const greeting = packet(
  0,
  [10],
  latin1('8.0.36\0'),
  u32le(9),
  latin1('abcdefgh\0'),
  hex('ffff 08 0200 ffc7 15'),
  hex('00000000000000000000'),
  latin1('ijklmnopqrst\0'),
  latin1('mysql_native_password\0'),
);
const login = packet(
  1,
  hex('85a60f00 00000001 08'),
  new Uint8Array(23),
  latin1('alice\0'),
  u8(20),
  hex('000102030405060708090a0b0c0d0e0f10111213'),
  latin1('mysql_native_password\0'),
);
const column = packet(
  2,
  ...['def', 'shop', 'i', 'items', 'n', 'name'].map(short),
  [0x0c],
  hex('2100 fc030000 fd 0000 00 0000'),
);

const mysql = conversations(
  over(3306, [
    server(greeting),
    client(login),
    server(packet(2, hex('00 00 00 0200 0000'))),
    client(packet(0, [3], latin1('SELECT n FROM items i'))),
    server(
      join(
        packet(1, [1]),
        column,
        packet(3, hex('fe 0000 0200')),
        packet(4, short('pen')),
        packet(5, hex('fe 0000 0200')),
      ),
    ),
    client(packet(0, [3], latin1('SELECT x'))),
    server(packet(1, [0xff], hex('1e04'), latin1("#42S22Unknown column 'x'"))),
    client(packet(0, [3], latin1('UPDATE items SET n=1'))),
    server(packet(1, hex('00 01 00 0200 0000'), latin1('Rows matched: 1'))),
  ]),
);

export const managementGroup: GoldenGroup = { name: 'management', captures: { http, mysql, snmp } };
