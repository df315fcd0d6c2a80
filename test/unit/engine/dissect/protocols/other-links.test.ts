/** Link layers that are not Ethernet: which layer follows, every cut; addresses and names of what they carry. */

import { describe, expect, it } from 'vitest';
import {
  ipv4Address,
  join,
  macAddress,
  u8,
  u16,
  u16le,
  u32,
  u32le,
  utf8,
  zeros,
} from '../../../../support/build-bytes.ts';
import { ipv4, ipv6, udp } from '../../../../support/build-packet.ts';
import { checkPacket } from '../../../../support/check-packet.ts';
import { dissectPacket, stackText, valuesOf } from '../../../../support/dissect-packet.ts';

const datagram = udp({ srcPort: 4000, dstPort: 4001 }, 'hello');
const four = ipv4({ src: '192.0.2.1', dst: '192.0.2.2' }, datagram).bytes();
const six = ipv6({ src: '2001:db8::1', dst: '2001:db8::2' }, datagram).bytes();
const MACS = join(macAddress('02:00:00:00:00:02'), macAddress('02:00:00:00:00:01'));
const SNAP_IP = join([0xaa, 0xaa, 3, 0, 0, 0], u16(0x0800));

describe('links that carry IP', () => {
  it.each([
    ['Cisco HDLC', 104, join([0x0f, 0], u16(0x0800), four), 'chdlc:ip:udp:data'],
    ['Frame Relay with an NLPID', 107, join([0x18, 0x41, 3, 0x8e], six), 'fr:ipv6:udp:data'],
    ['Frame Relay as Cisco has it', 107, join([0x18, 0x41], u16(0x0800), four), 'fr:ip:udp:data'],
    ['Frame Relay with SNAP', 107, join([0x18, 0x41, 3, 0, 0x80, 0, 0, 0], u16(0x0800), four), 'fr:ip:udp:data'],
    ['FDDI', 10, join([0x50], MACS, SNAP_IP, four), 'fddi:llc:ip:udp:data'],
    ['Token Ring', 6, join([0x10, 0x40], MACS, SNAP_IP, four), 'tr:llc:ip:udp:data'],
    ['IPNET', 226, join([1, 2], u16(0), u32(four.length), zeros(16), four), 'ipnet:ip:udp:data'],
    ['classical IP over ATM', 18, four, 'clip:ip:udp:data'],
    ['SLIP', 8, join(zeros(16), four), 'slip:ip:udp:data'],
    ['ARCNET', 7, join([1, 2, 0xd4, 0, 0, 1], four), 'arcnet:ip:udp:data'],
    ['NFLOG', 239, join([2, 0], u16(0), u16le(4 + four.length), u16le(9), four), 'nflog:ip:udp:data'],
  ])('shows %s', (_, linkType, bytes, stack) => {
    expect(stackText(checkPacket(bytes, linkType))).toBe(stack);
  });

  it('follows a source route of Token Ring', () => {
    const routed = join(
      [0x10, 0x40],
      macAddress('02:00:00:00:00:02'),
      macAddress('82:00:00:00:00:01'),
      [0x06, 0x30],
      u16(0x0011),
      u16(0x0020),
      SNAP_IP,
      four,
    );
    const whole = checkPacket(routed, 6);
    expect(stackText(whole)).toBe('tr:llc:ip:udp:data');
    expect(valuesOf(whole.root, 'tr.rif')).toEqual(['001-1-002']);
    expect(valuesOf(whole.root, 'tr.src')).toEqual(['02:00:00:00:00:01']);
  });

  it('says that an NFLOG attribute without a length is malformed', () => {
    expect(checkPacket(join([2, 0], u16(0), u16le(0), u16le(9), four), 239).malformed).toBe(true);
  });
});

describe('keepalives on Cisco HDLC', () => {
  it('shows both sequences', () => {
    const whole = checkPacket(join([0x8f, 0], u16(0x8035), u32(2), u32(64), u32(55), u16(0xffff)), 104);
    expect(whole.info).toBe('Line keepalive, outgoing sequence 64, returned sequence 55');
  });
});

describe('CAN', () => {
  it('shows identifier, length and data', () => {
    const whole = checkPacket(join(u32(0x733), [1], zeros(3), [0x7f]), 227);
    expect(stackText(whole)).toBe('can:data');
    expect(whole.info).toBe('ID: 1843 (0x733), Length: 1');
  });
});

describe('SS7', () => {
  it('shows point codes and names the user of level 3', () => {
    const label = ((8283 << 14) | 14593) >>> 0;
    const whole = checkPacket(join([0, 0, 7, 0x83], u32le(label), [9, 0]), 140);
    expect(stackText(whole)).toBe('mtp2:mtp3:sccp');
    expect([valuesOf(whole.root, 'mtp3.opc'), valuesOf(whole.root, 'mtp3.dpc')]).toEqual([['8283'], ['14593']]);
    expect(whole.info).toBe('UDT ');
  });
});

describe('USB', () => {
  const linux = (
    type: number,
    transfer: number,
    endpoint: number,
    setup: Uint8Array,
    data: Uint8Array,
    flag = 1,
  ): Uint8Array =>
    join(
      zeros(8),
      [type, transfer, endpoint, 9],
      u16le(1),
      [flag, 0],
      zeros(12),
      u32le(0),
      u32le(data.length),
      u32le(data.length),
      setup,
      data,
    );

  it('names a standard request', () => {
    const whole = dissectPacket(linux(0x53, 2, 0x80, join([0x80, 6, 0, 1, 0, 0, 18, 0]), zeros(0), 0), 189);
    expect(whole.info).toBe('GET DESCRIPTOR Request DEVICE');
    expect(valuesOf(whole.root, 'usb.bDescriptorType')).toEqual(['0x01']);
  });

  it('finds a mass storage command by its signature', () => {
    const command = join(utf8('USBC'), u32le(7), u32le(512), [0, 0, 10, 0x28, 0], u32(0x121), [0], u16(1), zeros(7));
    const whole = dissectPacket(linux(0x53, 3, 2, zeros(8), command), 189);
    expect(stackText(whole)).toBe('usb:usbms');
    expect(whole.info).toBe('SCSI: Read(10) LUN: 0x00 (LBA: 0x00000121, Len: 1)');
    for (let length = 0; length < 79; length++)
      dissectPacket(linux(0x53, 3, 2, zeros(8), command).slice(0, length), 189);
  });
});

describe('IPX', () => {
  const ipx = (type: number, socket: number, body: Uint8Array): Uint8Array =>
    join(
      u16(0xffff),
      u16(30 + body.length),
      [0, type],
      zeros(4),
      macAddress('ff:ff:ff:ff:ff:ff'),
      u16(socket),
      u32(0x56800),
      macAddress('02:00:00:00:00:01'),
      u16(socket),
      body,
    );
  const framed = (packet: Uint8Array): Uint8Array => join(MACS, u16(packet.length), packet);

  it('is found in raw 802.3 frames, with its addresses', () => {
    const whole = checkPacket(framed(ipx(1, 0x453, join(u16(1), u32(1), u16(1), u16(1)))));
    expect(stackText(whole)).toBe('eth:ipx');
    expect([whole.protocolColumn, whole.info]).toEqual(['IPX RIP', 'Request']);
    expect(valuesOf(whole.root, 'ipx.src')).toEqual(['00056800.020000000001']);
  });
});

describe('SCTP', () => {
  it('lists its chunks and shows an INIT', () => {
    const init = join(
      u8(1),
      u8(0),
      u16(28),
      u32(0x1234),
      u32(65536),
      u16(10),
      u16(5),
      u32(77),
      u16(5),
      u16(8),
      ipv4Address('192.0.2.9'),
    );
    const packet = ipv4(
      { src: '192.0.2.1', dst: '192.0.2.2', protocol: 132 },
      join(u16(5000), u16(5001), u32(0), u32(0), init),
    ).bytes();
    const whole = checkPacket(packet, 101);
    expect(stackText(whole)).toBe('raw:ip:sctp');
    expect(whole.info).toBe('INIT ');
    expect(valuesOf(whole.root, 'sctp.init_nr_out_streams')).toEqual(['10']);
    expect(valuesOf(whole.root, 'sctp.parameter_ipv4_address')).toEqual(['192.0.2.9']);
  });
});
