/** Golden captures of AppleTalk, IPX with NetBIOS and SPX, sockets of virtual machines, RSVP, and exported messages. */

import {
  type BytesLike,
  hex,
  internetChecksum,
  ipv4Address,
  join,
  latin1,
  u8,
  u16,
  u32,
  u32le,
  u64le,
  utf8,
  zeros,
} from '../build-bytes.ts';
import { ethernet, llc } from '../build-link.ts';
import { ipv4, type Layer } from '../build-packet.ts';
import { ethernetFrames, frames, type GoldenGroup, IP4, MAC } from './capture.ts';

const ATALK = '09:00:07:ff:ff:ff';
const apple = (type: number, payload: Uint8Array): Layer =>
  ethernet(
    { src: MAC.host, dst: ATALK },
    llc({ dsap: 0xaa, ssap: 0xaa, control: [3] }, join(hex(type === 0x809b ? '080007' : '000000'), u16(type), payload)),
  );
const ddp = (type: number, payload: BytesLike): Layer => {
  const body = join(payload);
  return apple(
    0x809b,
    join(u16(13 + body.length), u16(0), u16(0), u16(0xef00), u8(255), u8(1), u8(2), u8(254), u8(type), body),
  );
};
const pascal = (text: string): Uint8Array => join(u8(text.length), latin1(text));
const entity = join(u16(0xef00), u8(1), u8(254), u8(0), pascal('Printer'), pascal('LaserWriter'), pascal('*'));
const aarp = (operation: number): Layer =>
  apple(
    0x80f3,
    join(
      u16(1),
      u16(0x809b),
      u8(6),
      u8(4),
      u16(operation),
      hex('020000000004'),
      hex('00ef0001'),
      zeros(6),
      hex('00ef0002'),
    ),
  );

export const appletalkGroup: GoldenGroup = {
  name: 'appletalk',
  captures: {
    aarp: ethernetFrames(aarp(3), aarp(1), aarp(2)),
    datagrams: ethernetFrames(
      ddp(2, join(u8(0x21), u8(7), entity)),
      ddp(2, join(u8(0x31), u8(7), entity)),
      ddp(6, join(u8(5), zeros(5), pascal('*'))),
      ddp(
        6,
        join(
          u8(6),
          u8(0x20),
          u16(5130),
          u16(5131),
          pascal('Sales'),
          pascal('\x09\x00\x07\x00\x00\x01'),
          pascal('Office'),
        ),
      ),
      ddp(6, join(u8(1), u8(2), u16(5130), u16(5131))),
      ddp(6, join(u8(2), u8(1), u16(5130), pascal('Sales'))),
      ddp(
        1,
        join(u16(5130), u8(8), u8(123), u16(0), u8(0x82), u16(5130), u8(0x80), u16(5131), u8(0x82), u16(5649), u8(1)),
      ),
      ddp(5, u8(2)),
      ddp(4, join(u8(1), utf8('echo'))),
      ddp(9, utf8('unknown')),
    ),
    'bad-name-cut': ethernetFrames(
      ddp(2, join(u8(0x21), u8(7), u16(0xef00), u8(1), u8(254), u8(0), u8(200), latin1('cut'))),
    ),
  },
};

const ipx = (type: number, socket: number, payload: BytesLike): Layer => {
  const body = join(payload);
  return ethernet(
    { src: MAC.host, dst: MAC.broadcast, type: 0x8137 },
    join(
      u16(0xffff),
      u16(30 + body.length),
      u8(0),
      u8(type),
      u32(10),
      hex('ffffffffffff'),
      u16(socket),
      u32(10),
      hex('020000000004'),
      u16(socket),
      body,
    ),
  );
};
const name16 = (text: string, kind: number): Uint8Array => join(latin1(text.padEnd(15, ' ')), u8(kind));
/** As a browser sends it, in a mailslot: an SMB transaction that names no mailslot has no more than its header. */
const smbHeader = join(hex('ff534d4225'), zeros(27), u8(0), u16(0));
const service = join(u16(4), latin1('FILES'.padEnd(48, '\0')), u32(0x0b), hex('000000000001'), u16(0x0451), u16(1));
const nlsp = (type: number, header: number, body: BytesLike, ...options: readonly Uint8Array[]): Layer =>
  ipx(0, 0x9001, join(u8(0x83), u8(header), u8(1), u8(0), u8(type), u8(1), zeros(2), body, ...options));
const option = (code: number, value: BytesLike): Uint8Array => {
  const bytes = join(value);
  return join(u8(code), u8(bytes.length), bytes);
};

export const ipxGroup: GoldenGroup = {
  name: 'ipx',
  captures: {
    services: ethernetFrames(
      ipx(4, 0x0455, join(u8(0), u8(11), name16('SERVER', 0x20), name16('WORKGROUP', 0x1e), utf8('datagram'))),
      ipx(20, 0x0455, join(zeros(28), u32(10), u8(0), u8(1), name16('SERVER', 0x20))),
      ipx(5, 0x5001, join(u8(0xc0), u8(0), u16(1), u16(2), u16(3), u16(4), u16(5), utf8('spx'))),
      ipx(4, 0x0452, join(u16(2), service)),
      ipx(4, 0x0452, join(u16(3), u16(4))),
      ipx(1, 0x0453, join(u16(1), u32(0xffffffff), u16(0), u16(0))),
      ipx(1, 0x0453, join(u16(2), u32(0x0b), u16(1), u16(2), u32(0x0c), u16(2), u16(3))),
      ipx(
        4,
        0x0455,
        join(u8(0x40), u8(6), hex('00010002'), u16(3), u16(4), u16(0), u16(4), u16(5), u16(6), utf8('data')),
      ),
      ipx(4, 0x0455, join(u8(0), u8(9), utf8('?'))),
      ipx(20, 0x0551, join(zeros(28), u32(10), u8(0xf1), u8(1), u16(7), name16('SERVER', 0x20), name16('HOST', 0))),
      ipx(20, 0x0553, join(zeros(32), u8(0xfc), u8(2), u16(0), name16('WORKGROUP', 0), name16('HOST', 0), smbHeader)),
      ipx(0, 0x4001, join(u8(3), utf8('?'))),
      ipx(0, 0x0457, hex('010203040506')),
      ipx(0, 0x0456, hex('0001')),
    ),
    'link-state': ethernetFrames(
      nlsp(
        15,
        27,
        join(u8(0x11), hex('02000000000b'), u16(30), u16(27), u8(64), hex('02000000000b'), u8(2)),
        option(192, zeros(8)),
        option(6, hex('02000000000c')),
        option(197, u32(1500)),
        option(9, zeros(2)),
      ),
      nlsp(17, 20, join(u8(0x41), hex('02000000000b'), u16(30), u16(20), u8(1))),
      nlsp(18, 27, join(u16(27), u16(7500), hex('02000000000b'), u8(0), u8(0), u32(0x80000001), u16(0x1234), u8(0x85))),
      nlsp(24, 33, join(u16(33), zeros(23))),
      nlsp(3, 8, zeros(2)),
    ),
    'bad-netbios-cut': ethernetFrames(ipx(4, 0x0455, join(u8(0), u8(11), latin1('SERVER')))),
    'bad-link-state-option': ethernetFrames(nlsp(17, 20, join(u8(0x41), zeros(12)), option(192, zeros(8)).slice(0, 5))),
  },
};

const vsock = (operation: number, kind: number, data = ''): Uint8Array =>
  join(
    u64le(3n),
    u64le(2n),
    u32le(1024),
    u32le(5000),
    [operation, 0, 2, 0, 44, 0, 0, 0],
    u64le(3n),
    u64le(2n),
    u32le(1024),
    u32le(5000),
    u32le(data.length),
    [1, 0, kind, 0],
    u32le(0),
    u32le(262_144),
    u32le(0),
    utf8(data),
  );

export const vsockGroup: GoldenGroup = {
  name: 'vsock',
  captures: {
    stream: frames(271, vsock(1, 1), vsock(1, 2), vsock(4, 5, 'hello'), vsock(3, 6), vsock(2, 4)),
    'bad-cut': frames(271, vsock(1, 1).slice(0, 50), vsock(1, 1).slice(0, 20)),
  },
};

const object = (kind: number, type: number, content: BytesLike): Uint8Array => {
  const bytes = join(content);
  return join(u16(4 + bytes.length), u8(kind), u8(type), bytes);
};
const rsvp = (type: number, ...objects: readonly Uint8Array[]): Layer => {
  const body = join(...objects);
  const bytes = join(u8(0x10), u8(type), u16(0), u8(254), u8(0), u16(8 + body.length), body);
  bytes.set(u16(internetChecksum(bytes)), 2);
  return ethernet(
    { src: MAC.host, dst: MAC.gateway },
    ipv4({ src: IP4.host, dst: IP4.server, id: 1, protocol: 46 }, bytes),
  );
};
const tunnel = object(1, 7, join(ipv4Address('192.0.2.9'), u16(0), u16(4), u32(0x0a000004)));

export const rsvpGroup: GoldenGroup = {
  name: 'rsvp',
  captures: {
    messages: ethernetFrames(
      rsvp(
        1,
        tunnel,
        object(3, 1, join(ipv4Address('192.0.2.1'), u32(0))),
        object(5, 1, u32(30_000)),
        object(19, 1, u32(0x0800)),
        object(207, 7, join(u8(7), u8(7), u8(4), u8(8), latin1('tunnel_4'))),
        object(11, 7, join(ipv4Address('192.0.2.1'), u16(0), u16(1))),
      ),
      rsvp(
        2,
        tunnel,
        object(8, 1, u32(18)),
        object(10, 7, join(ipv4Address('192.0.2.1'), u16(0), u16(1))),
        object(16, 1, u32(17)),
      ),
      rsvp(
        3,
        object(1, 1, join(ipv4Address('192.0.2.9'), u8(17), u8(0), u16(5000))),
        object(6, 1, join(ipv4Address('192.0.2.2'), u8(0), u8(1), u16(2))),
        object(11, 1, join(ipv4Address('192.0.2.1'), u16(0), u16(5000))),
      ),
    ),
    'bad-object-length': ethernetFrames(rsvp(1, hex('0002 0107')), rsvp(1, hex('0040 0107 c0000209'))),
  },
};

const tag = (number: number, content: BytesLike): Uint8Array => {
  const bytes = join(content);
  return join(u16(number), u16(bytes.length), bytes);
};
const from4 = join(tag(20, ipv4Address('192.0.2.1')), tag(21, ipv4Address('192.0.2.2')), tag(24, u32(3)));
const query = join(hex('1234 0100 0001 0000 0000 0000 03777777 076578616d706c65 03636f6d 00 0001 0001'));

export const exportedPduGroup: GoldenGroup = {
  name: 'exported-pdu',
  captures: {
    messages: frames(
      252,
      join(
        tag(14, latin1('udp.port')),
        from4,
        tag(25, u32(40_000)),
        tag(26, u32(53)),
        tag(30, u32(7)),
        tag(0, []),
        query,
      ),
      join(tag(12, latin1('dns\0')), from4, tag(0, []), query),
      join(
        tag(12, latin1('dns\0')),
        tag(33, latin1('Mine')),
        tag(22, hex('20010db8000000000000000000000001')),
        tag(23, hex('20010db8000000000000000000000002')),
        tag(0, []),
        query,
      ),
      join(tag(13, latin1('none_udp')), tag(32, u32(5)), tag(31, hex('0102')), tag(0, []), utf8('unknown')),
    ),
    'bad-tag-length': frames(252, join(tag(12, latin1('dns\0')), u16(14), u16(500), latin1('udp'))),
  },
};

const fixed = (text: string, length: number): Uint8Array => join(latin1(text), zeros(length - text.length));
/** Apple's header: an Ethernet interface, and the process that sent the packet. */
const pktap = (record: number): Uint8Array =>
  join(
    u32le(108),
    u32le(record),
    u32le(1),
    fixed('en0', 24),
    u32le(2),
    u32le(2),
    u32le(14),
    u32le(0),
    u32le(501),
    fixed('client', 20),
    u32le(0),
    [6, 0, 0, 0],
    u32le(501),
    fixed('client', 20),
  );
const sent = ethernet(
  { src: MAC.host, dst: MAC.gateway },
  ipv4({ src: IP4.host, dst: IP4.server, id: 4, protocol: 253 }, utf8('x')),
);

export const pktapGroup: GoldenGroup = {
  name: 'pktap',
  captures: {
    packet: frames(258, join(pktap(1), sent.bytes()), pktap(0)),
    'bad-header-length': frames(258, join(u32le(20), pktap(1).slice(4))),
  },
};
