/** Calls and streams: RTSP with what it sets up, MGCP, MEGACO, Cisco's telephones, IAX2. */

import { hex, join, latin1, u8, u16, u32, u32le } from '../../build-bytes.ts';
import type { GoldenGroup } from '../capture.ts';
import { client, overTcp, overUdp, server } from './talk.ts';

const lines = (...all: readonly string[]): string => `${all.join('\r\n')}\r\n`;
const description = lines(
  'v=0',
  'o=- 1 1 IN IP4 198.51.100.20',
  's=-',
  'c=IN IP4 198.51.100.20',
  't=0 0',
  'm=audio 3456 RTP/AVP 0',
);
const rtp = join(hex('8000 0001'), u32(160), u32(77), new Uint8Array(20).fill(0xd5));
const mgcpAnswer = `${lines('200 1200 OK', 'I: FDE234C8')}\r\n${description}`;
const element = (id: number, ...value: readonly Uint8Array[]): Uint8Array => {
  const body = join(...value);
  return join(u8(id), u8(body.length), body);
};
const full = (kind: number, subclass: number, ...elements: readonly Uint8Array[]): Uint8Array =>
  join(u16(0x8001), u16(0), u32(7), u8(0), u8(0), u8(kind), u8(subclass), ...elements);
const TEXTS = [1, 2, 3, 4, 5, 6, 7, 10, 13, 15, 16, 17, 22, 28, 32, 33, 45];
const WORDS = [11, 12, 14, 19, 20, 21, 24, 34, 40, 41, 43, 49];
const LONGS = [8, 9, 27, 46, 47, 48, 50, 51];
const everyElement = join(
  ...TEXTS.map((id) => element(id, latin1('text'))),
  ...WORDS.map((id) => element(id, u16(2))),
  ...LONGS.map((id) => element(id, u32(4))),
  ...[38, 39, 42].map((id) => element(id, u8(1))),
  element(200, hex('0102')),
);
const skinny = (id: number, body: Uint8Array): Uint8Array => join(u32le(4 + body.length), u32le(0), u32le(id), body);

export const telephonyGroup: GoldenGroup = {
  name: 'telephony',
  captures: {
    rtsp: overTcp(
      554,
      client(lines('DESCRIBE rtsp://example.net/a RTSP/1.0', 'CSeq: 1', '')),
      server(
        lines(
          'RTSP/1.0 200 OK',
          'CSeq: 1',
          'Content-Type: application/sdp',
          `Content-Length: ${description.length}`,
          '',
        ),
        description,
      ),
      client(lines('SETUP rtsp://example.net/a/1 RTSP/1.0', 'CSeq: 2', 'Transport: RTP/AVP/TCP;interleaved=0-1', '')),
      server(lines('RTSP/1.0 200 OK', 'CSeq: 2', 'Session: 77', 'Transport: RTP/AVP/TCP;interleaved=0-1', '')),
      server(hex('2400'), u16(rtp.length), rtp),
      server(hex('2405 0002 0102')),
      client('no message\r\n'),
    ),
    mgcp: overUdp(
      2427,
      client(
        lines(
          'CRCX 1200 aaln/1@rgw.example.net MGCP 1.0',
          'K: 1-2',
          'B: e:mu',
          'C: A3C47F21',
          'I: F1',
          'I2: F2',
          'L: p:10, a:PCMU',
          'M: recvonly',
          'N: ca@ca.example.net:5678',
          'X: 01',
          'R: hu',
          'D: (0T)',
          'O: 9',
          'P: PS=10',
          'E: 500 x',
          'Z: e',
          'Z2: f',
          'F: A',
          'Q: loop',
          'T: hd',
          'S: rg',
          'RM: graceful',
          'RD: 5',
          'A: a:PCMU',
          'Y9: x',
        ),
      ),
      server(mgcpAnswer),
      client(lines('RQNT 1 a MGCP 1.0', 'X: 1', '.', 'RQNT 2 a MGCP 1.0')),
      client('hello'),
    ),
    megaco: overUdp(
      2944,
      client(
        'MEGACO/1 [192.0.2.1]:2944\nTransaction = 9998 {\n Context = - {\n ServiceChange = ROOT {Services {Method = Restart}}\n }\n}\n',
      ),
      server('!/1 [192.0.2.2] P=9998{C=-{SC=ROOT}}'),
      client('!/1 [192.0.2.1] T=9999{C=$ {A=A4444,A=$ {M{O{MO=SR}}}}}'),
      server('!/1 [192.0.2.2] '),
      client('hello'),
    ),
    skinny: overTcp(
      2000,
      client(skinny(0, new Uint8Array(0))),
      client(skinny(1, join(latin1('SEP020000000004'), new Uint8Array(40)))),
      server(skinny(0x81, new Uint8Array(24))),
      server(skinny(0x91, new Uint8Array(8)), skinny(0x100, new Uint8Array(0))),
      client(hex('ffffffffffffffffffff')),
    ),
    iax2: overUdp(
      4569,
      client(full(6, 1, everyElement)),
      server(full(6, 4)),
      client(full(4, 4)),
      client(full(2, 4, hex('aabb'))),
      client(full(7, 0, latin1('hi'))),
      client(hex('0001 0002 aabbcc')),
      client(hex('0000 0101 00000001')),
      client(full(6, 1, hex('0609 61'))),
    ),
  },
};
