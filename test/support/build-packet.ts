/**
 * Builders of layers 3 and 4: IPv4, IPv6, ICMP, ICMPv6, IGMP, UDP, TCP. A layer is a small value that becomes bytes when
 * the layer around it is known, so that lengths, type numbers and checksums come out right by themselves:
 *
 *     ethernet({ src, dst }, ipv4({ src, dst }, udp({ srcPort: 53, dstPort: 4000 }, dnsMessage))).bytes()
 *
 * Every computed value can be overruled, which is how malformed packets are made.
 */

import {
  type BytesLike,
  internetChecksum,
  ipAddress,
  ipv4Address,
  join,
  u8,
  u16,
  u32,
  utf8,
  zeros,
} from './build-bytes.ts';

/** What a layer is, for the type number in the layer around it. */
export type LayerKind = keyof typeof ETHERTYPE | keyof typeof IP_PROTOCOL | 'other';

export const ETHERTYPE = {
  ipv4: 0x0800,
  arp: 0x0806,
  rarp: 0x8035,
  vlan: 0x8100,
  ipv6: 0x86dd,
  mpls: 0x8847,
  pppoeDiscovery: 0x8863,
  pppoeSession: 0x8864,
  serviceVlan: 0x88a8,
  ethernet: 0x6558,
} as const;

export const IP_PROTOCOL = {
  hopByHop: 0,
  icmp: 1,
  igmp: 2,
  ipv4: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  routing: 43,
  fragment: 44,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  noNext: 59,
  destinationOptions: 60,
  mpls: 137,
  ethernet: 143,
} as const;

/** The addresses that a transport checksum covers. */
export interface Carrier {
  readonly src: Uint8Array;
  readonly dst: Uint8Array;
}

export interface Layer {
  readonly kind: LayerKind;
  bytes(carrier?: Carrier): Uint8Array;
}

/** What a layer may contain: another layer, bytes, or text in UTF-8. */
export type Payload = Layer | BytesLike | string;

export function makeLayer(kind: LayerKind, bytes: (carrier?: Carrier) => Uint8Array): Layer {
  return { kind, bytes };
}

export function payloadBytes(payload: Payload | undefined, carrier?: Carrier): Uint8Array {
  if (payload === undefined) return zeros(0);
  if (typeof payload === 'string') return utf8(payload);
  if (payload instanceof Uint8Array) return payload;
  if ('kind' in payload) return payload.bytes(carrier);
  return Uint8Array.from(payload);
}

function kindOf(payload: Payload | undefined): LayerKind {
  return typeof payload === 'object' && 'kind' in payload ? payload.kind : 'other';
}

export function ethertypeOf(payload: Payload | undefined): number | undefined {
  return (ETHERTYPE as Partial<Record<LayerKind, number>>)[kindOf(payload)];
}

function ipProtocolOf(payload: Payload | undefined): number {
  const number = (IP_PROTOCOL as Partial<Record<LayerKind, number>>)[kindOf(payload)];
  if (number !== undefined) return number;
  if (payload === undefined) return IP_PROTOCOL.noNext;
  throw new Error('name the protocol number: the payload does not say what it is');
}

// IPv4 (RFC 791)

export interface Ipv4Fields {
  readonly src: string;
  readonly dst: string;
  readonly ttl?: number;
  readonly id?: number;
  /** Differentiated services and ECN, the whole byte. */
  readonly tos?: number;
  readonly dontFragment?: boolean;
  readonly moreFragments?: boolean;
  readonly reservedFlag?: boolean;
  /** In bytes; a multiple of 8. */
  readonly fragmentOffset?: number;
  readonly options?: BytesLike;
  /** Where a source route ends: the address that transport checksums cover. */
  readonly finalDst?: string;
  readonly protocol?: number;
  readonly version?: number;
  /** In 32-bit words. */
  readonly headerWords?: number;
  readonly totalLength?: number;
  readonly checksum?: number;
}

export function ipv4(fields: Ipv4Fields, payload?: Payload): Layer {
  return makeLayer('ipv4', () => {
    const src = ipv4Address(fields.src);
    const dst = ipv4Address(fields.dst);
    const body = payloadBytes(payload, { src, dst: ipv4Address(fields.finalDst ?? fields.dst) });
    const options = padOptions(fields.options ?? []);
    const length = 20 + options.length;
    const fragment =
      (fields.reservedFlag === true ? 0x8000 : 0) |
      (fields.dontFragment === true ? 0x4000 : 0) |
      (fields.moreFragments === true ? 0x2000 : 0) |
      ((fields.fragmentOffset ?? 0) >>> 3);
    const header = join(
      u8(((fields.version ?? 4) << 4) | (fields.headerWords ?? length / 4)),
      u8(fields.tos ?? 0),
      u16(fields.totalLength ?? length + body.length),
      u16(fields.id ?? 0),
      u16(fragment),
      u8(fields.ttl ?? 64),
      u8(fields.protocol ?? ipProtocolOf(payload)),
      u16(0),
      src,
      dst,
      options,
    );
    header.set(u16(fields.checksum ?? internetChecksum(header)), 10);
    return join(header, body);
  });
}

/** Options fill whole 32-bit words; the rest is end-of-list (0). */
function padOptions(options: BytesLike): Uint8Array {
  return join(options, zeros((4 - (options.length % 4)) % 4));
}

/** One datagram as fragments whose IP packets are at most `mtu` bytes long. */
export function fragmentIpv4(fields: Ipv4Fields, payload: Payload, mtu: number): Layer[] {
  const body = payloadBytes(payload, { src: ipv4Address(fields.src), dst: ipv4Address(fields.dst) });
  const protocol = fields.protocol ?? ipProtocolOf(payload);
  const room = (mtu - 20 - padOptions(fields.options ?? []).length) & ~7;
  return pieces(body, room).map(({ at, bytes, last }) =>
    ipv4({ ...fields, protocol, fragmentOffset: at, moreFragments: !last }, bytes),
  );
}

function pieces(body: Uint8Array, room: number): { at: number; bytes: Uint8Array; last: boolean }[] {
  if (room < 8) throw new Error('a fragment must have room for 8 bytes');
  const out = [];
  for (let at = 0; at < body.length; at += room) {
    out.push({ at, bytes: body.slice(at, at + room), last: at + room >= body.length });
  }
  return out;
}

/** IPv4 options (RFC 791 3.1): router alert is RFC 2113. */
export const ipv4Option = {
  end: (): Uint8Array => u8(0),
  noOperation: (): Uint8Array => u8(1),
  recordRoute: (slots: number, ...route: readonly string[]): Uint8Array =>
    join(
      u8(7),
      u8(3 + 4 * slots),
      u8(4 + 4 * route.length),
      ...route.map(ipv4Address),
      zeros(4 * (slots - route.length)),
    ),
  looseSourceRoute: (...route: readonly string[]): Uint8Array =>
    join(u8(131), u8(3 + 4 * route.length), u8(4), ...route.map(ipv4Address)),
  timestamps: (...times: readonly number[]): Uint8Array =>
    join(u8(68), u8(4 + 4 * times.length), u8(5 + 4 * times.length), u8(0), ...times.map(u32)),
  routerAlert: (): Uint8Array => Uint8Array.of(148, 4, 0, 0),
};

// IPv6 (RFC 8200)

export interface Ipv6Fields {
  readonly src: string;
  readonly dst: string;
  readonly hopLimit?: number;
  readonly trafficClass?: number;
  readonly flowLabel?: number;
  readonly nextHeader?: number;
  readonly version?: number;
  readonly payloadLength?: number;
}

export function ipv6(fields: Ipv6Fields, payload?: Payload): Layer {
  return makeLayer('ipv6', () => {
    const src = ipAddress(fields.src);
    const dst = ipAddress(fields.dst);
    const body = payloadBytes(payload, { src, dst });
    const first = (((fields.version ?? 6) << 28) | ((fields.trafficClass ?? 0) << 20) | (fields.flowLabel ?? 0)) >>> 0;
    const next = fields.nextHeader ?? ipProtocolOf(payload);
    return join(
      u32(first),
      u16(fields.payloadLength ?? body.length),
      u8(next),
      u8(fields.hopLimit ?? 64),
      src,
      dst,
      body,
    );
  });
}

export interface ExtensionFields {
  readonly nextHeader?: number;
  /** In units of 8 bytes, not counting the first. */
  readonly length?: number;
}

function extension(kind: LayerKind, fields: ExtensionFields, content: BytesLike, payload?: Payload): Layer {
  return makeLayer(kind, (carrier) => {
    const units = Math.ceil((2 + content.length) / 8);
    const missing = units * 8 - 2 - content.length;
    const pad = missing === 0 ? [] : missing === 1 ? [0] : [1, missing - 2, ...zeros(missing - 2)];
    return join(
      u8(fields.nextHeader ?? ipProtocolOf(payload)),
      u8(fields.length ?? units - 1),
      content,
      pad,
      payloadBytes(payload, carrier),
    );
  });
}

/** Options come as bytes (type, length, value); padding is added. */
export function hopByHop(options: BytesLike, payload?: Payload, fields: ExtensionFields = {}): Layer {
  return extension('hopByHop', fields, options, payload);
}

export function destinationOptions(options: BytesLike, payload?: Payload, fields: ExtensionFields = {}): Layer {
  return extension('destinationOptions', fields, options, payload);
}

export const ipv6Option = {
  routerAlert: (value = 0): Uint8Array => join([5, 2], u16(value)),
  jumbo: (length: number): Uint8Array => join([0xc2, 4], u32(length)),
};

/** A routing header of type 0 or 2; its checksum partner is the last address of the route. */
export function routingHeader(
  fields: {
    readonly type?: number;
    readonly segmentsLeft?: number;
    readonly addresses: readonly string[];
  } & ExtensionFields,
  payload?: Payload,
): Layer {
  return makeLayer('routing', (carrier) => {
    const addresses = fields.addresses.map(ipAddress);
    const left = fields.segmentsLeft ?? addresses.length;
    const last = addresses.at(-1);
    const final = carrier !== undefined && left > 0 && last !== undefined ? { src: carrier.src, dst: last } : carrier;
    const content = join(u8(fields.type ?? 0), u8(left), zeros(4), ...addresses);
    return extension(
      'routing',
      { ...fields, nextHeader: fields.nextHeader ?? ipProtocolOf(payload) },
      content,
      payloadBytes(payload, final),
    ).bytes();
  });
}

export interface Ipv6FragmentFields {
  readonly id: number;
  readonly offset: number;
  readonly more: boolean;
  readonly nextHeader: number;
}

export function ipv6Fragment(fields: Ipv6FragmentFields, piece: BytesLike): Layer {
  return makeLayer('fragment', () =>
    join(u8(fields.nextHeader), u8(0), u16((fields.offset & ~7) | (fields.more ? 1 : 0)), u32(fields.id), piece),
  );
}

export function fragmentIpv6(fields: Ipv6Fields, id: number, payload: Payload, mtu: number): Layer[] {
  const body = payloadBytes(payload, { src: ipAddress(fields.src), dst: ipAddress(fields.dst) });
  const nextHeader = ipProtocolOf(payload);
  return pieces(body, (mtu - 48) & ~7).map(({ at, bytes, last }) =>
    ipv6(fields, ipv6Fragment({ id, offset: at, more: !last, nextHeader }, bytes)),
  );
}

// Transport checksums (RFC 9293 3.1, RFC 8200 8.1)

function transportChecksum(carrier: Carrier | undefined, protocol: number, segment: Uint8Array): number {
  if (carrier === undefined) return 0;
  return internetChecksum(carrier.src, carrier.dst, u32(segment.length), u32(protocol), segment);
}

// UDP (RFC 768)

export interface UdpFields {
  readonly srcPort: number;
  readonly dstPort: number;
  readonly length?: number;
  /** 0: not computed by the sender. */
  readonly checksum?: number;
}

export function udp(fields: UdpFields, payload?: Payload): Layer {
  return makeLayer('udp', (carrier) => {
    const body = payloadBytes(payload);
    const length = fields.length ?? 8 + body.length;
    const bytes = join(u16(fields.srcPort), u16(fields.dstPort), u16(length), u16(0), body);
    // 0 means "no checksum", so a sum of 0 is sent as 0xffff.
    const sum = fields.checksum ?? (transportChecksum(carrier, IP_PROTOCOL.udp, bytes) || (carrier ? 0xffff : 0));
    bytes.set(u16(sum), 6);
    return bytes;
  });
}

// TCP (RFC 9293)

export const TCP_FLAG = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ece: 64, cwr: 128, ae: 256 } as const;
export type TcpFlag = keyof typeof TCP_FLAG;

export interface TcpFields {
  readonly srcPort: number;
  readonly dstPort: number;
  readonly seq?: number;
  readonly ack?: number;
  readonly flags?: readonly TcpFlag[];
  readonly window?: number;
  readonly urgent?: number;
  readonly options?: BytesLike;
  /** In 32-bit words. */
  readonly headerWords?: number;
  readonly checksum?: number;
}

export function tcp(fields: TcpFields, payload?: Payload): Layer {
  return makeLayer('tcp', (carrier) => {
    const body = payloadBytes(payload);
    const options = padOptions(fields.options ?? []);
    const words = fields.headerWords ?? 5 + options.length / 4;
    const flags = (fields.flags ?? ['ack']).reduce((bits, flag) => bits | TCP_FLAG[flag], 0);
    const bytes = join(
      u16(fields.srcPort),
      u16(fields.dstPort),
      u32(fields.seq ?? 0),
      u32(fields.ack ?? 0),
      u16((words << 12) | flags),
      u16(fields.window ?? 65535),
      u16(0),
      u16(fields.urgent ?? 0),
      options,
      body,
    );
    bytes.set(u16(fields.checksum ?? transportChecksum(carrier, IP_PROTOCOL.tcp, bytes)), 16);
    return bytes;
  });
}

/** TCP options (RFC 9293 3.2, RFC 7323, RFC 2018, RFC 7413, RFC 8684). */
export const tcpOption = {
  end: (): Uint8Array => u8(0),
  noOperation: (): Uint8Array => u8(1),
  maximumSegment: (size: number): Uint8Array => join([2, 4], u16(size)),
  windowScale: (shift: number): Uint8Array => Uint8Array.of(3, 3, shift),
  sackPermitted: (): Uint8Array => Uint8Array.of(4, 2),
  sack: (...ranges: readonly (readonly [number, number])[]): Uint8Array =>
    join([5, 2 + 8 * ranges.length], ...ranges.flatMap(([left, right]) => [u32(left), u32(right)])),
  timestamps: (value: number, echo: number): Uint8Array => join([8, 10], u32(value), u32(echo)),
  userTimeout: (seconds: number): Uint8Array => join([28, 4], u16(seconds)),
  md5: (digest: BytesLike): Uint8Array => join([19, 18], digest),
  fastOpen: (cookie: BytesLike = []): Uint8Array => join([34, 2 + cookie.length], cookie),
};

/** The options of a SYN in the order in which Linux sends them. */
export function synOptions(fields: {
  readonly mss: number;
  readonly windowScale?: number;
  readonly sack?: boolean;
  readonly timestamps?: readonly [number, number];
}): Uint8Array {
  const { maximumSegment, sackPermitted, timestamps, noOperation, windowScale } = tcpOption;
  const nop = noOperation();
  const parts = [maximumSegment(fields.mss)];
  const sackPart = fields.sack === true ? sackPermitted() : undefined;
  if (fields.timestamps !== undefined) {
    parts.push(sackPart ?? join(nop, nop), timestamps(...fields.timestamps));
  } else if (sackPart !== undefined) {
    parts.push(nop, nop, sackPart);
  }
  if (fields.windowScale !== undefined) parts.push(nop, windowScale(fields.windowScale));
  return join(...parts);
}

// ICMP (RFC 792)

export const ICMP = {
  echoReply: 0,
  unreachable: 3,
  redirect: 5,
  echoRequest: 8,
  timeExceeded: 11,
  timestamp: 13,
} as const;

export interface IcmpFields {
  readonly type: number;
  readonly code?: number;
  /** The four bytes after the checksum. */
  readonly rest?: BytesLike;
  readonly checksum?: number;
}

export function icmp(fields: IcmpFields, payload?: Payload): Layer {
  return makeLayer('icmp', () => {
    const bytes = join(u8(fields.type), u8(fields.code ?? 0), u16(0), fields.rest ?? zeros(4), payloadBytes(payload));
    bytes.set(u16(fields.checksum ?? internetChecksum(bytes)), 2);
    return bytes;
  });
}

export interface EchoFields {
  readonly id: number;
  readonly sequence: number;
  readonly reply?: boolean;
}

export function icmpEcho(fields: EchoFields, payload: Payload = pingPayload()): Layer {
  const type = fields.reply === true ? ICMP.echoReply : ICMP.echoRequest;
  return icmp({ type, rest: join(u16(fields.id), u16(fields.sequence)) }, payload);
}

/** What `ping` sends: 16 bytes that hold the sending time, then counting bytes up to 56. */
export function pingPayload(length = 56): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i < 16 ? 0 : i));
}

/** The start of the packet that an ICMP error is about: its IP header and 8 bytes more, unless more is asked for. */
export function quoted(packet: Layer, bytes = 28): Uint8Array {
  return packet.bytes().slice(0, bytes);
}

// ICMPv6 (RFC 4443), neighbour discovery (RFC 4861)

export const ICMPV6 = {
  unreachable: 1,
  packetTooBig: 2,
  timeExceeded: 3,
  parameterProblem: 4,
  echoRequest: 128,
  echoReply: 129,
  listenerQuery: 130,
  listenerReport: 131,
  routerSolicitation: 133,
  routerAdvertisement: 134,
  neighborSolicitation: 135,
  neighborAdvertisement: 136,
  redirect: 137,
  listenerReportV2: 143,
} as const;

export function icmpv6(fields: Omit<IcmpFields, 'rest'>, payload?: Payload): Layer {
  return makeLayer('icmpv6', (carrier) => {
    const bytes = join(u8(fields.type), u8(fields.code ?? 0), u16(0), payloadBytes(payload));
    bytes.set(u16(fields.checksum ?? transportChecksum(carrier, IP_PROTOCOL.icmpv6, bytes)), 2);
    return bytes;
  });
}

export function icmpv6Echo(fields: EchoFields, payload: Payload = pingPayload()): Layer {
  const type = fields.reply === true ? ICMPV6.echoReply : ICMPV6.echoRequest;
  return icmpv6({ type }, join(u16(fields.id), u16(fields.sequence), payloadBytes(payload)));
}

export const ndOption = {
  sourceLinkAddress: (mac: Uint8Array): Uint8Array => join([1, 1], mac),
  targetLinkAddress: (mac: Uint8Array): Uint8Array => join([2, 1], mac),
  prefix: (prefix: string, length: number, valid = 86400, preferred = 14400): Uint8Array =>
    join([3, 4, length, 0xc0], u32(valid), u32(preferred), zeros(4), ipAddress(prefix)),
  mtu: (mtu: number): Uint8Array => join([5, 1, 0, 0], u32(mtu)),
  recursiveDns: (lifetime: number, ...servers: readonly string[]): Uint8Array =>
    join([25, 1 + 2 * servers.length, 0, 0], u32(lifetime), ...servers.map(ipAddress)),
};

export function neighborSolicitation(target: string, ...options: readonly BytesLike[]): Layer {
  return icmpv6({ type: ICMPV6.neighborSolicitation }, join(zeros(4), ipAddress(target), ...options));
}

export function neighborAdvertisement(
  fields: {
    readonly target: string;
    readonly router?: boolean;
    readonly solicited?: boolean;
    readonly override?: boolean;
  },
  ...options: readonly BytesLike[]
): Layer {
  const flags =
    (fields.router === true ? 0x80 : 0) |
    (fields.solicited === true ? 0x40 : 0) |
    (fields.override === true ? 0x20 : 0);
  return icmpv6({ type: ICMPV6.neighborAdvertisement }, join([flags, 0, 0, 0], ipAddress(fields.target), ...options));
}

export function routerSolicitation(...options: readonly BytesLike[]): Layer {
  return icmpv6({ type: ICMPV6.routerSolicitation }, join(zeros(4), ...options));
}

export function routerAdvertisement(
  fields: { readonly hopLimit?: number; readonly flags?: number; readonly lifetime?: number },
  ...options: readonly BytesLike[]
): Layer {
  const head = join(u8(fields.hopLimit ?? 64), u8(fields.flags ?? 0), u16(fields.lifetime ?? 1800), u32(0), u32(0));
  return icmpv6({ type: ICMPV6.routerAdvertisement }, join(head, ...options));
}

// IGMP (RFC 2236, RFC 3376)

export const IGMP = { query: 0x11, reportV1: 0x12, reportV2: 0x16, leave: 0x17, reportV3: 0x22 } as const;

export interface IgmpFields {
  readonly type: number;
  /** Tenths of a second. */
  readonly maxResponse?: number;
  readonly group?: string;
  readonly checksum?: number;
}

export function igmp(fields: IgmpFields, rest: BytesLike = []): Layer {
  return makeLayer('igmp', () => {
    const group = fields.type === IGMP.reportV3 ? [] : ipv4Address(fields.group ?? '0.0.0.0');
    const bytes = join(u8(fields.type), u8(fields.maxResponse ?? 0), u16(0), group, rest);
    bytes.set(u16(fields.checksum ?? internetChecksum(bytes)), 2);
    return bytes;
  });
}

/** What follows the group in a version 3 query. */
export function igmpV3QueryTail(fields: {
  readonly robustness?: number;
  readonly interval?: number;
  readonly sources?: readonly string[];
}): Uint8Array {
  const sources = fields.sources ?? [];
  return join(u8(fields.robustness ?? 2), u8(fields.interval ?? 125), u16(sources.length), ...sources.map(ipv4Address));
}

export interface GroupRecord {
  /** 1 include, 2 exclude, 3 change to include, 4 change to exclude, 5 allow, 6 block. */
  readonly type: number;
  readonly group: string;
  readonly sources?: readonly string[];
}

export function igmpV3Report(...records: readonly GroupRecord[]): Layer {
  const body = records.map((record) => {
    const sources = record.sources ?? [];
    return join(u8(record.type), u8(0), u16(sources.length), ipv4Address(record.group), ...sources.map(ipv4Address));
  });
  return igmp({ type: IGMP.reportV3 }, join(u16(0), u16(records.length), ...body));
}
