/** Frames that carry each value which discovery, spanning tree and other link protocols can tell, one capture a protocol. */

import {
  ipAddress,
  join,
  macAddress,
  padTo,
  u8,
  u16,
  u16le,
  u24,
  u32,
  u32le,
  u64,
  utf8,
  zeros,
} from '../../build-bytes.ts';
import { ethernet, LINK_TYPE, llc, snap } from '../../build-link.ts';
import { bpdu, cdp, cdpValue, lldpValue } from '../../build-network-control.ts';
import { icmp, ipv4, type Layer, type Payload } from '../../build-packet.ts';
import { ethernetFrames, frames, type GoldenGroup, IP4, IP6, MAC } from '../capture.ts';

const LINK_TYPES = { bluetooth: 201, nflog: 239, netlink: 253 } as const;
const LINK = { src: MAC.gateway, dst: '01:80:c2:00:00:00' } as const;
const ping = ipv4({ src: IP4.host, dst: IP4.server }, icmp({ type: 8 }, zeros(16)));
const cisco = (type: number, message: Uint8Array): Layer => ethernet(LINK, snap({ oui: [0, 0, 12], type }, message));

/** An LLDP frame with identifiers of its own, then other values. */
function neighbour(chassis: Uint8Array, port: Uint8Array, ...values: readonly Uint8Array[]): Layer {
  return ethernet(
    { ...LINK, type: 0x88cc },
    join(lldpValue(1, chassis), lldpValue(2, port), lldpValue(3, u16(120)), ...values, lldpValue(0, [])),
  );
}

const address4 = join(u8(1), ipAddress('192.0.2.1'));
const address6 = join(u8(2), ipAddress(IP6.host));
const managed = (kind: number, address: Uint8Array): Uint8Array =>
  lldpValue(8, join(u8(1 + address.length), u8(kind), address, u8(2), u32(7), u8(0)));
const owned = (oui: number, subtype: number, value: Uint8Array): Uint8Array =>
  lldpValue(127, join(u24(oui), u8(subtype), value));

const lldpFrames = ethernetFrames(
  neighbour(
    join(u8(5), address4),
    join(u8(4), address4),
    lldpValue(4, utf8('uplink')),
    lldpValue(5, utf8('switch1')),
    lldpValue(6, utf8('a switch')),
    lldpValue(7, join(u16(0x00ff), u16(0x0014))),
    managed(1, ipAddress('192.0.2.1')),
    managed(2, ipAddress(IP6.host)),
    managed(6, macAddress(MAC.gateway)),
  ),
  neighbour(
    join(u8(5), address6),
    join(u8(4), address6),
    owned(0x0080c2, 1, u16(7)),
    owned(0x00120f, 4, u16(1522)),
    owned(0x0012bb, 1, join(u16(0x000f), u8(4))),
    owned(0x020000, 9, utf8('value')),
  ),
  neighbour(join(u8(7), utf8('switch1')), join(u8(3), macAddress(MAC.gateway))),
);

const pause = (...words: readonly number[]): Layer =>
  ethernet({ src: MAC.host, dst: '01:80:c2:00:00:01', type: 0x8808 }, padTo(join(...words.map(u16)), 46));

const dtpValue = (type: number, value: Uint8Array): Uint8Array => join(u16(type), u16(4 + value.length), value);
const dtp = join(
  u8(1),
  dtpValue(1, utf8('example\0')),
  dtpValue(2, u8(0x84)),
  dtpValue(3, u8(0xa5)),
  dtpValue(4, macAddress(MAC.gateway)),
);

/** Multiple spanning tree: what follows the rapid message, with one instance. */
const instances = join(
  u8(0),
  utf8('region1'),
  zeros(32 - 7),
  u16(3),
  new Uint8Array(16).fill(0xac),
  u32(20_000),
  u16(0x8005),
  macAddress(MAC.peer),
  u8(19),
  join(u8(0x7c), u16(0x8001), macAddress(MAC.peer), u32(200), u8(0x80), u8(0x80), u8(20)),
);
const bridge = (message: Uint8Array): Layer => ethernet(LINK, llc({ dsap: 0x42, ssap: 0x42 }, message));
const ownVlan = join(bpdu(), zeros(1), u16(0), u16(2), u16(7));
const ownValue = join(bpdu(), zeros(1), u16(9), u16(4), u32(0x01020304));

const nortel = ethernet(
  LINK,
  snap({ oui: [0, 0, 0x81], type: 0x01a2 }, join(ipAddress('192.0.2.1'), u24(0x000101), u8(2), u8(12), u8(2), u8(1))),
);

const teaming = ethernet(
  { src: MAC.host, dst: '03:00:c7:00:00:ee' },
  snap({ oui: [0, 0x80, 0x5f], type: 2 }, zeros(40)),
);

const cdpValues = cdp(
  cdpValue(1, utf8('switch1')),
  cdpValue(
    2,
    join(
      u32(3),
      cdpAddress(ipAddress('192.0.2.1')),
      cdpNetwork(0x86dd, ipAddress(IP6.host)),
      cdpNetwork(0x6003, macAddress(MAC.peer)),
    ),
  ),
  cdpValue(0x10, u16(6300)),
  cdpValue(0x1a, join(u16(1), u16(2), u32(15_400), u32(0xffffffff))),
);
function cdpAddress(address: Uint8Array): Uint8Array {
  return join([1, 1, 0xcc], u16(address.length), address);
}
function cdpNetwork(ethertype: number, address: Uint8Array): Uint8Array {
  return join([2, 8, 0xaa, 0xaa, 3, 0, 0, 0], u16(ethertype), u16(address.length), address);
}

/** An attribute of netfilter's log: length and type as the host writes them, the value in network order. */
function logged(type: number, value: Uint8Array): Uint8Array {
  return padTo(join(u16le(4 + value.length), u16le(type), value), 4);
}
const netfilterLog = join(
  [2, 0],
  u16(5),
  logged(1, join(u16(0x0800), u8(3), u8(0))),
  logged(2, u32(0x2a)),
  logged(3, join(u64(1_768_467_600n), u64(250_000n))),
  ...[4, 5, 6, 7].map((type) => logged(type, u32(type - 2))),
  logged(10, utf8('dropped\0')),
  logged(11, u32(1000)),
  logged(14, u32(100)),
  logged(9, ping.bytes()),
);

/** One netlink message of `family`, behind the cooked header. */
function netlink(family: number, type: number, body: Uint8Array): Uint8Array {
  const cooked = join(u16(4), u16(824), u16(0), zeros(8), u16(family));
  return join(cooked, u32le(16 + body.length), u16le(type), u16le(1), u32le(42), u32le(4711), body);
}
const queued = join(u16le(4 + ping.bytes().length), u16le(10), ping.bytes());

const h4 = (sent: boolean, kind: number, packet: Uint8Array): Uint8Array => join(u32(sent ? 0 : 1), u8(kind), packet);
const acl = (flags: number, payload: Uint8Array): Uint8Array =>
  join(u16le(0x002a | flags), u16le(payload.length), payload);
const signal = (code: number, body: Uint8Array): Uint8Array => join(u8(code), u8(1), u16le(body.length), body);
const l2cap = (channel: number, body: Uint8Array): Uint8Array => join(u16le(body.length), u16le(channel), body);

/** Radiotap: which fields are present, and their bytes, aligned by hand. */
function radiotap(present: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = join(...parts);
  const acknowledgement = join(u16(0xd400), u16(0), macAddress(MAC.host));
  return join([0, 0], u16le(8 + body.length), u32le(present), body, acknowledgement);
}

const loopTest = ethernet(
  { ...LINK, type: 0x9000 },
  padTo(join(u16le(0), u16le(2), macAddress(MAC.peer), u16le(1), u16le(0x1234)), 46),
);

const mirrored: Payload = ethernet({ src: MAC.host, dst: MAC.peer }, ping);
const tunnel = (type: number, header: Uint8Array, payload: Payload): Layer =>
  ethernet(
    { src: MAC.host, dst: MAC.gateway },
    ipv4(
      { src: IP4.host, dst: IP4.server, protocol: 47 },
      join(u16(0x1000), u16(type), u32(1), header, payload instanceof Uint8Array ? payload : bytesOfLayer(payload)),
    ),
  );
function bytesOfLayer(payload: Payload): Uint8Array {
  return typeof payload === 'object' && 'kind' in payload ? payload.bytes() : zeros(0);
}
const erspanFrames = ethernetFrames(
  tunnel(0x88be, join(u16(0x1064), u16(0x6c65), u32(0x00000123)), mirrored),
  tunnel(
    0x22eb,
    join(u16(0x2064), u16(0x6c65), u32(0x01020304), u16(7), u16(0x801b), u32(0x1c000003), u32(9)),
    mirrored,
  ),
  tunnel(0x22eb, join(u16(0x2064), u16(0x2465), u32(0x01020304), u16(7), u16(0x0800)), ping),
  tunnel(0x88be, join(u16(0x7064), u16(0x6c65), u32(0x00000123)), mirrored),
);

/** IEEE 802.15.4 between short addresses, without a check sequence. */
const sensorFrame = (...parts: readonly Uint8Array[]): Uint8Array =>
  join(u16le(0x8841), u8(51), u16le(0x01ff), u16le(2), u16le(1), ...parts);
const WIRELESS = 105;
const action = join(
  u16le(0x00d0),
  u16le(0),
  macAddress(MAC.host),
  macAddress(MAC.gateway),
  macAddress(MAC.gateway),
  u16le(16),
  [3, 0, 1],
);
const beacon = join(
  join(u16le(0x0080), u16le(0), macAddress(MAC.broadcast), macAddress(MAC.gateway), macAddress(MAC.gateway), u16le(16)),
  join(zeros(8), u16le(100), u16le(1), [0, 3], utf8('net'), [42, 1, 4]),
);
const poll = join(u16le(0x00a4), u16le(0xc005), macAddress(MAC.gateway), macAddress(MAC.host));
const CAN = 227;
const ARCNET = 7;
const USB = 189;
/** A bulk transfer's end, with the status of a command in it. */
const storageStatus = join(
  zeros(8),
  [0x43, 3, 0x82, 9, 1, 0, 0x2d, 0],
  zeros(16),
  join(u32le(13), u32le(13), zeros(8)),
  join(utf8('USBS'), u32le(7), u32le(0), u8(0)),
);

export const linkValueGroup: GoldenGroup = {
  name: 'link-values',
  captures: {
    lldp: lldpFrames,
    'mac-control': ethernetFrames(pause(1, 0x1234), pause(0x0101, 0x00a5, 1, 2, 3, 4, 5, 6, 7, 8)),
    dtp: ethernetFrames(cisco(0x2004, dtp)),
    stp: ethernetFrames(
      bridge(join(bpdu({ type: 2, version: 3, flags: 0x7c }), u16(instances.length), instances)),
      cisco(0x010b, ownVlan),
      cisco(0x010b, ownValue),
    ),
    ndp: ethernetFrames(nortel),
    hpteam: ethernetFrames(teaming),
    cdp: ethernetFrames(cisco(0x2000, cdpValues)),
    loop: ethernetFrames(loopTest),
    erspan: erspanFrames,
    nflog: frames(LINK_TYPES.nflog, netfilterLog),
    netlink: frames(
      LINK_TYPES.netlink,
      netlink(0, 18, padTo(u8(0), 16)),
      netlink(12, 0x0300, join([2, 0], u16(0), queued)),
    ),
    bluetooth: frames(
      LINK_TYPES.bluetooth,
      h4(true, 1, join(u16le(0x0c03), u8(0))),
      h4(false, 4, join(u8(0x0e), u8(4), u8(1), u16le(0x0c03), u8(0))),
      h4(false, 4, join(u8(0x0f), u8(4), u8(0), u8(1), u16le(0x0405))),
      h4(true, 2, acl(0x2000, l2cap(1, signal(2, join(u16le(1), u16le(0x0040)))))),
      h4(false, 2, acl(0x2000, l2cap(1, signal(3, join(u16le(0x0041), u16le(0x0040), u16le(0), u16le(0)))))),
    ),
    '6lowpan': frames(
      230,
      sensorFrame(u8(0xb4), u16(1), u16(2), Uint8Array.from([0x50, 9, 0x41]), new Uint8Array(48).fill(0x60)),
    ),
    wlan: frames(WIRELESS, action, beacon, poll),
    'usb-storage': frames(USB, storageStatus),
    arcnet: frames(ARCNET, join([1, 2, 0xd4, 0xff], u16(0xffff), u8(0), u16(7), ping.bytes())),
    can: frames(CAN, join(u32(0x123), [4, 0, 0, 0], u32(0x01020304), zeros(4))),
    radiotap: frames(
      LINK_TYPE.ieee80211Radiotap,
      radiotap(
        (1 << 7) | (1 << 8) | (1 << 9) | (1 << 14) | (1 << 17),
        u16le(3),
        u16le(4),
        u16le(6),
        u16le(0x0002),
        u8(5),
      ),
      radiotap((1 << 19) | (1 << 20), u8(0x07), u8(0x05), u8(7), zeros(1), u32le(77), u16le(0x0010), u8(0), u8(0)),
    ),
  },
};
