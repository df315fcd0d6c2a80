/** DNS records, EDNS options and stateful operations that other captures do not have, and NetBIOS names, sessions and frames. */

import {
  type BytesLike,
  hex,
  ipAddress,
  join,
  latin1,
  macAddress,
  u8,
  u16,
  u16le,
  u32,
  utf8,
} from '../../build-bytes.ts';
import { DNS_FLAG, type DnsRecord, dnsMessage, dnsOverTcp, dnsQuery, dnsResponse } from '../../build-dns.ts';
import { ethernet, llc } from '../../build-link.ts';
import { answer, ask, conversations, ethernetFrames, type GoldenGroup, IP4, MAC } from '../capture.ts';
import { client, over, server } from './turns.ts';

/** A name without pointers. */
function name(text: string): Uint8Array {
  return join(...text.split('.').map((label) => join(u8(label.length), latin1(label))), u8(0));
}

function raw(number: number, ...data: readonly BytesLike[]): DnsRecord {
  return { type: 'raw', name: 'example.net', number, data: join(...data) };
}

function parameter(key: number, ...value: readonly BytesLike[]): Uint8Array {
  const bytes = join(...value);
  return join(u16(key), u16(bytes.length), bytes);
}

function text(value: string): Uint8Array {
  return join(u8(value.length), latin1(value));
}

const now = u32(1_768_467_600);
const RECORDS: readonly DnsRecord[] = [
  raw(19, text('311061700956')),
  raw(26, u16(10), name('map.example'), name('x400.example')),
  raw(29, u8(0), u8(0x12), u8(0x16), u8(0x13), u32(0x8b3f_0000), u32(0x7f00_0000), u32(10_000_000)),
  raw(42, u16(2), u8(32), u8(4), ipAddress('2001:db8::').slice(0, 4), u16(7), u8(8), u8(1), u8(9)),
  raw(45, u8(10), u8(2), u8(2), ipAddress('2001:db8::9'), hex('0103a1')),
  raw(45, u8(10), u8(3), u8(2), name('gw.example.net'), hex('0103a1')),
  raw(55, u8(4), u8(2), u16(6), hex('01020304'), hex('a0a1a2a3a4a5'), name('rvs.example.net')),
  raw(
    65,
    u16(1),
    u8(0),
    parameter(0, u16(1), u16(4)),
    parameter(1, text('h2')),
    parameter(5, hex('0004fe0d0000')),
    parameter(6, ipAddress('2001:db8::80')),
    parameter(32_769, hex('0102')),
    parameter(65_000, hex('0304')),
  ),
  raw(99, text('v=spf1 -all')),
  raw(257, u8(0), text('issuewild'), utf8('ca.example')),
  raw(257, u8(0x80), text('iodef'), utf8('mailto:security@example.net')),
  raw(65_281, u32(0x10000), u32(2), u32(900), u32(2), ipAddress('192.0.2.1'), ipAddress('192.0.2.2')),
  raw(65_282, u32(0), u32(2), u32(900), name('example.net')),
];
const SIGNED: readonly DnsRecord[] = [
  raw(249, name('gss.example'), now, now, u16(3), u16(0), u16(3), hex('a1b2c3'), u16(2), hex('d4e5')),
  raw(250, name('hmac-sha256'), u16(0), now, u16(300), u16(4), hex('cafe0001'), u16(7), u16(18), u16(6), u16(0), now),
];
const EDNS = join(
  parameter(5, [8, 13]),
  parameter(6, [1, 2]),
  parameter(7, [1]),
  parameter(8, u16(2), u8(56), u8(0), ipAddress('2001:db8:1::').slice(0, 7)),
  parameter(10, hex('0102030405060708'), hex('a1a2a3a4a5a6a7a8')),
  parameter(11, u16(100)),
  parameter(12, hex('00000000')),
  parameter(13, name('example.net')),
  parameter(15, u16(6), utf8('bogus')),
);
const question = { name: 'example.net', type: 'ANY' } as const;
const optRecord: DnsRecord = { type: 'raw', name: '', number: 41, class: 1232, ttl: 0, data: EDNS };
const DSO = 0x3000;

const dnsRecords = ethernetFrames(
  ask(53, dnsQuery(1, 'example.net', 'ANY')),
  answer(53, dnsResponse(1, question, RECORDS)),
  answer(53, dnsResponse(1, question, RECORDS.slice(0, 1))),
  ask(53, dnsMessage({ id: 2, questions: [question], additional: [optRecord] })),
  answer(53, dnsResponse(2, question, SIGNED, { additional: [optRecord] })),
);
const dnsStateful = conversations(
  over(53, [
    client(
      dnsOverTcp(
        join(
          dnsMessage({ id: 3, flags: DSO }),
          parameter(1, u32(15_000), u32(30_000)),
          parameter(3, hex('000000')),
          parameter(0x40, hex('0102')),
        ),
      ),
    ),
    server(dnsOverTcp(join(dnsMessage({ id: 3, flags: DSO | DNS_FLAG.response }), parameter(2, u32(5000))))),
  ]),
);

// NetBIOS

function netbiosName(plain: string, kind: number): Uint8Array {
  const bytes = join(latin1(plain.padEnd(15)), u8(kind));
  return join(u8(32), Uint8Array.from([...bytes].flatMap((byte) => [0x41 + (byte >>> 4), 0x41 + (byte & 15)])), u8(0));
}

const statistics = join(
  macAddress(MAC.peer),
  u8(1),
  u8(2),
  ...[3, 4, 5, 6, 7, 8].map(u16),
  ...[9, 10].map(u32),
  ...[11, 12, 13, 14, 15, 16, 17].map(u16),
);
const names = join(
  u8(2),
  latin1('FILES'.padEnd(15)),
  u8(0x20),
  u16(0x0400),
  latin1('WORKGROUP'.padEnd(15)),
  u8(0),
  u16(0x9e00),
  statistics,
);
const status = join(
  hex('0009 8400 0000 0001 0000 0000'),
  netbiosName('*', 0),
  u16(33),
  u16(1),
  u32(0),
  u16(names.length),
  names,
);
const nodeStatus = ethernetFrames(
  ask(137, join(hex('0009 0000 0001 0000 0000 0000'), netbiosName('*', 0), u16(33), u16(1))),
  answer(137, status),
);

const request = join(netbiosName('FILES', 0x20), netbiosName('HOST4', 0));
const sessions = conversations(
  over(139, [client(join([0x81, 0], u16(request.length), request)), server(join([0x83, 0, 0, 1], [0x82]))]),
  over(
    139,
    [
      client(join([0x81, 0], u16(request.length), request)),
      server(join([0x84, 0, 0, 6], ipAddress(IP4.peer), u16(1139))),
    ],
    40_002,
  ),
);

/** NetBIOS frames on LLC: the query that asks for a name. */
const queryFrame = join(
  u16le(44),
  u16(0xffef),
  u8(0x0a),
  u8(0),
  u16le(1),
  u16le(0),
  u16le(7),
  latin1('FILES'.padEnd(15)),
  u8(0x20),
  latin1('HOST4'.padEnd(15)),
  u8(0),
);
const frames = ethernetFrames(
  ethernet({ src: MAC.host, dst: '03:00:00:00:00:01' }, llc({ dsap: 0xf0, ssap: 0xf0 }, queryFrame)),
);

export const nameServiceGroup: GoldenGroup = {
  name: 'name-services',
  captures: {
    'dns-records': dnsRecords,
    'dns-stateful': dnsStateful,
    'nbns-node-status': nodeStatus,
    'nbss-refusals': sessions,
    'netbios-frames': frames,
  },
};
