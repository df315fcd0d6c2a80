/** Builders of link layers: Ethernet, VLAN, LLC, ARP, Linux cooked, null/loop, PPP, PPPoE, MPLS, 802.11 with radiotap or PPI. */

import {
  type BytesLike,
  crc32,
  ipv4Address,
  join,
  macAddress,
  u8,
  u16,
  u16le,
  u32,
  u32le,
  u64le,
  zeros,
} from './build-bytes.ts';
import { ethertypeOf, type Layer, makeLayer, type Payload, payloadBytes } from './build-packet.ts';

/** Link type numbers as files carry them (https://www.tcpdump.org/linktypes.html). */
export const LINK_TYPE = {
  null: 0,
  ethernet: 1,
  ppp: 9,
  raw: 101,
  ieee80211: 105,
  loop: 108,
  sll: 113,
  ieee80211Radiotap: 127,
  ppi: 192,
  ipv4: 228,
  ipv6: 229,
  user0: 147,
  sll2: 276,
} as const;

function typeOf(payload: Payload | undefined, given: number | undefined): number {
  const type = given ?? ethertypeOf(payload);
  if (type === undefined) throw new Error('name the type: the payload does not say what it is');
  return type;
}

// Ethernet (IEEE 802.3 3), VLAN tags (802.1Q 9)

export interface EthernetFields {
  readonly src: string;
  readonly dst: string;
  /** The type, or for 802.3 frames the length; the LLC layer gives the latter by itself. */
  readonly type?: number;
  /** Short frames are padded to 60 bytes unless this is false. */
  readonly pad?: boolean;
  /** Append the frame check sequence. */
  readonly fcs?: boolean;
}

export function ethernet(fields: EthernetFields, payload?: Payload): Layer {
  return makeLayer('ethernet', () => {
    const body = payloadBytes(payload);
    const type = fields.type ?? ethertypeOf(payload) ?? body.length;
    const frame = join(macAddress(fields.dst), macAddress(fields.src), u16(type), body);
    const padded = fields.pad === true && frame.length < 60 ? join(frame, zeros(60 - frame.length)) : frame;
    return fields.fcs === true ? join(padded, u32le(crc32(padded))) : padded;
  });
}

export interface VlanFields {
  readonly id: number;
  readonly priority?: number;
  readonly dropEligible?: boolean;
  readonly type?: number;
}

function tag(kind: 'vlan' | 'serviceVlan', fields: VlanFields, payload?: Payload): Layer {
  return makeLayer(kind, () => {
    const body = payloadBytes(payload);
    const control = ((fields.priority ?? 0) << 13) | (fields.dropEligible === true ? 0x1000 : 0) | fields.id;
    return join(u16(control), u16(fields.type ?? ethertypeOf(payload) ?? body.length), body);
  });
}

/** 802.1Q. */
export function vlan(fields: VlanFields, payload?: Payload): Layer {
  return tag('vlan', fields, payload);
}

/** 802.1ad, the outer tag of a provider. */
export function serviceVlan(fields: VlanFields, payload?: Payload): Layer {
  return tag('serviceVlan', fields, payload);
}

// LLC and SNAP (IEEE 802.2)

export interface LlcFields {
  readonly dsap: number;
  readonly ssap: number;
  /** One byte (unnumbered, usually 3) or two. */
  readonly control?: BytesLike;
}

export function llc(fields: LlcFields, payload?: Payload): Layer {
  return makeLayer('other', () => join(u8(fields.dsap), u8(fields.ssap), fields.control ?? [3], payloadBytes(payload)));
}

export function snap(fields: { readonly oui?: BytesLike; readonly type?: number }, payload?: Payload): Layer {
  return makeLayer('other', () => {
    const head = join(fields.oui ?? [0, 0, 0], u16(typeOf(payload, fields.type)));
    return llc({ dsap: 0xaa, ssap: 0xaa }, join(head, payloadBytes(payload))).bytes();
  });
}

// ARP (RFC 826)

export const ARP = { request: 1, reply: 2, reverseRequest: 3, reverseReply: 4 } as const;

export interface ArpFields {
  readonly operation: number;
  readonly senderMac: string;
  readonly senderIp: string;
  readonly targetMac?: string;
  readonly targetIp: string;
  readonly hardwareType?: number;
  readonly protocolType?: number;
  readonly hardwareLength?: number;
  readonly protocolLength?: number;
}

export function arp(fields: ArpFields): Layer {
  return makeLayer(fields.operation >= ARP.reverseRequest ? 'rarp' : 'arp', () =>
    join(
      u16(fields.hardwareType ?? 1),
      u16(fields.protocolType ?? 0x0800),
      u8(fields.hardwareLength ?? 6),
      u8(fields.protocolLength ?? 4),
      u16(fields.operation),
      macAddress(fields.senderMac),
      ipv4Address(fields.senderIp),
      macAddress(fields.targetMac ?? '00:00:00:00:00:00'),
      ipv4Address(fields.targetIp),
    ),
  );
}

// Linux cooked captures

export const SLL_PACKET = { toUs: 0, broadcast: 1, multicast: 2, toOther: 3, fromUs: 4 } as const;
/** ARPHRD numbers. */
export const SLL_HARDWARE = { ethernet: 1, none: 0xfffe, loopback: 772, ppp: 512, ipgre: 778, netlink: 824 } as const;

export interface SllFields {
  readonly packetType: number;
  readonly hardware?: number;
  readonly address?: BytesLike;
  readonly addressLength?: number;
  readonly type?: number;
}

/** https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html */
export function sll(fields: SllFields, payload?: Payload): Layer {
  return makeLayer('other', () => {
    const address = fields.address ?? [];
    return join(
      u16(fields.packetType),
      u16(fields.hardware ?? SLL_HARDWARE.ethernet),
      u16(fields.addressLength ?? address.length),
      address,
      zeros(8 - address.length),
      u16(typeOf(payload, fields.type)),
      payloadBytes(payload),
    );
  });
}

/** https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html */
export function sll2(fields: SllFields & { readonly interfaceIndex: number }, payload?: Payload): Layer {
  return makeLayer('other', () => {
    const address = fields.address ?? [];
    return join(
      u16(typeOf(payload, fields.type)),
      u16(0),
      u32(fields.interfaceIndex),
      u16(fields.hardware ?? SLL_HARDWARE.ethernet),
      u8(fields.packetType),
      u8(fields.addressLength ?? address.length),
      address,
      zeros(8 - address.length),
      payloadBytes(payload),
    );
  });
}

// BSD null and OpenBSD loop

/** Address families as BSD systems number them; IPv6 differs by system. */
export const FAMILY = { ipv4: 2, ipv6NetBsd: 24, ipv6FreeBsd: 28, ipv6Darwin: 30 } as const;

export function nullLoopback(
  fields: { readonly family: number; readonly order?: 'little' | 'big' },
  payload?: Payload,
): Layer {
  return makeLayer('other', () =>
    join(fields.order === 'big' ? u32(fields.family) : u32le(fields.family), payloadBytes(payload)),
  );
}

// PPP (RFC 1661, 1662), PPPoE (RFC 2516)

export const PPP_PROTOCOL = {
  ipv4: 0x0021,
  ipv6: 0x0057,
  mpls: 0x0281,
  ipcp: 0x8021,
  ipv6cp: 0x8057,
  lcp: 0xc021,
  pap: 0xc023,
  chap: 0xc223,
} as const;

export interface PppFields {
  readonly protocol?: number;
  /** Address and control bytes (ff 03) first. */
  readonly framed?: boolean;
  /** The protocol as one byte, where it fits. */
  readonly compressed?: boolean;
}

export function ppp(fields: PppFields, payload?: Payload): Layer {
  return makeLayer('other', () => {
    const byEthertype = new Map<number | undefined, number>([
      [0x0800, PPP_PROTOCOL.ipv4],
      [0x86dd, PPP_PROTOCOL.ipv6],
      [0x8847, PPP_PROTOCOL.mpls],
    ]);
    const protocol = fields.protocol ?? byEthertype.get(ethertypeOf(payload));
    if (protocol === undefined) throw new Error('name the PPP protocol: the payload does not say what it is');
    const head = fields.framed === false ? [] : [0xff, 0x03];
    return join(head, fields.compressed === true ? u8(protocol) : u16(protocol), payloadBytes(payload));
  });
}

/** A control packet of LCP, IPCP and their kin: code, identifier, length, data. */
export function pppControl(code: number, id: number, data: BytesLike = []): Uint8Array {
  return join(u8(code), u8(id), u16(4 + data.length), data);
}

export const PPPOE = {
  session: 0x00,
  offer: 0x07,
  initiation: 0x09,
  request: 0x19,
  confirmation: 0x65,
  termination: 0xa7,
} as const;

export interface PppoeFields {
  readonly code: number;
  readonly session?: number;
  readonly length?: number;
}

export function pppoe(fields: PppoeFields, payload?: Payload): Layer {
  return makeLayer(fields.code === PPPOE.session ? 'pppoeSession' : 'pppoeDiscovery', () => {
    const body = payloadBytes(payload);
    return join(u8(0x11), u8(fields.code), u16(fields.session ?? 0), u16(fields.length ?? body.length), body);
  });
}

export function pppoeTag(type: number, value: BytesLike): Uint8Array {
  return join(u16(type), u16(value.length), value);
}

// MPLS (RFC 3032)

export interface MplsLabel {
  readonly label: number;
  readonly trafficClass?: number;
  readonly ttl?: number;
  /** Overrules the bottom-of-stack bit. */
  readonly bottom?: boolean;
}

export function mpls(labels: readonly MplsLabel[], payload?: Payload): Layer {
  return makeLayer('mpls', () => {
    const stack = labels.map(({ label, trafficClass = 0, ttl = 64, bottom }, i) => {
      const last = bottom ?? i === labels.length - 1;
      return u32(((label << 12) | (trafficClass << 9) | (last ? 0x100 : 0) | ttl) >>> 0);
    });
    return join(...stack, payloadBytes(payload));
  });
}

/** The control word of a pseudowire (RFC 4385), put before a carried Ethernet frame. */
export function controlWord(sequence: number, frame: Payload): Uint8Array {
  return join(u16(0), u16(sequence), payloadBytes(frame));
}

// 802.11 (IEEE 802.11 9), radiotap (radiotap.org), PPI (CACE PPI 1.0.7)

export interface Ieee80211Fields {
  /** 0 management, 1 control, 2 data. */
  readonly type: number;
  readonly subtype: number;
  /** The flags byte of frame control: to DS 1, from DS 2, retry 8, protected 0x40. */
  readonly flags?: number;
  readonly duration?: number;
  /** Receiver, transmitter, and third address; four for a bridge. */
  readonly addresses: readonly string[];
  readonly sequence?: number;
  readonly fragment?: number;
  /** The QoS control field of QoS data frames. */
  readonly qos?: number;
  readonly fcs?: boolean;
}

export function ieee80211(fields: Ieee80211Fields, payload?: Payload): Layer {
  return makeLayer('other', () => {
    const [first, second, third, fourth] = fields.addresses.map(macAddress);
    const sequence = fields.type === 1 ? [] : u16le(((fields.sequence ?? 0) << 4) | (fields.fragment ?? 0));
    const frame = join(
      u8((fields.subtype << 4) | (fields.type << 2)),
      u8(fields.flags ?? 0),
      u16le(fields.duration ?? 0),
      first ?? [],
      second ?? [],
      third ?? [],
      sequence,
      fourth ?? [],
      fields.qos === undefined ? [] : u16le(fields.qos),
      payloadBytes(payload),
    );
    return fields.fcs === true ? join(frame, u32le(crc32(frame))) : frame;
  });
}

/** The fixed part and the tagged elements of a beacon. */
export function beaconBody(fields: {
  readonly ssid: string;
  readonly channel: number;
  readonly timestamp?: bigint;
  readonly elements?: BytesLike;
}): Uint8Array {
  const ssid = new TextEncoder().encode(fields.ssid);
  return join(
    u64le(fields.timestamp ?? 0n),
    u16le(100),
    u16le(0x0411),
    [0, ssid.length],
    ssid,
    [1, 4, 0x82, 0x84, 0x8b, 0x96],
    [3, 1, fields.channel],
    fields.elements ?? [],
  );
}

export interface RadiotapFields {
  readonly timestamp?: bigint;
  readonly flags?: number;
  /** In units of 500 kb/s. */
  readonly rate?: number;
  /** MHz. */
  readonly frequency?: number;
  readonly channelFlags?: number;
  readonly signalDbm?: number;
  readonly noiseDbm?: number;
  readonly antenna?: number;
  readonly length?: number;
}

export function radiotap(fields: RadiotapFields, payload?: Payload): Layer {
  return makeLayer('other', () => {
    let present = 0;
    let body = zeros(0);
    // Fields are aligned to their own size from the header's start, which is a multiple of 8 before them.
    const add = (bit: number, align: number, bytes: BytesLike | undefined): void => {
      if (bytes === undefined) return;
      present |= 1 << bit;
      body = join(body, zeros((align - (body.length % align)) % align), bytes);
    };
    add(0, 8, fields.timestamp === undefined ? undefined : u64le(fields.timestamp));
    add(1, 1, fields.flags === undefined ? undefined : u8(fields.flags));
    add(2, 1, fields.rate === undefined ? undefined : u8(fields.rate));
    add(
      3,
      2,
      fields.frequency === undefined ? undefined : join(u16le(fields.frequency), u16le(fields.channelFlags ?? 0x00a0)),
    );
    add(5, 1, fields.signalDbm === undefined ? undefined : u8(fields.signalDbm & 0xff));
    add(6, 1, fields.noiseDbm === undefined ? undefined : u8(fields.noiseDbm & 0xff));
    add(11, 1, fields.antenna === undefined ? undefined : u8(fields.antenna));
    return join([0, 0], u16le(fields.length ?? 8 + body.length), u32le(present), body, payloadBytes(payload));
  });
}

/** A PPI header: tagged fields, then a frame of the link type named. */
export function ppi(
  fields: {
    readonly linkType: number;
    readonly flags?: number;
    readonly length?: number;
    readonly fields?: readonly (readonly [number, BytesLike])[];
  },
  payload?: Payload,
): Layer {
  return makeLayer('other', () => {
    const body = join(...(fields.fields ?? []).map(([type, data]) => join(u16le(type), u16le(data.length), data)));
    return join(
      [0, fields.flags ?? 0],
      u16le(fields.length ?? 8 + body.length),
      u32le(fields.linkType),
      body,
      payloadBytes(payload),
    );
  });
}

/** PPI field 2, 802.11 common. */
export function ppiCommon(fields: {
  readonly timestamp?: bigint;
  readonly rate?: number;
  readonly frequency?: number;
  readonly signalDbm?: number;
  readonly noiseDbm?: number;
}): Uint8Array {
  return join(
    u64le(fields.timestamp ?? 0n),
    u16le(0),
    u16le(fields.rate ?? 2),
    u16le(fields.frequency ?? 2412),
    u16le(0x00a0),
    [0, 0],
    [(fields.signalDbm ?? -50) & 0xff, (fields.noiseDbm ?? -95) & 0xff],
  );
}
