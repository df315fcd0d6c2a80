/**
 * Writers of capture files as byte arrays: pcap (draft-ietf-opsawg-pcap, and the modified variants), pcapng
 * (draft-ietf-opsawg-pcapng), snoop (RFC 1761). Independent of engine/ on purpose. Every length can be overruled, which
 * is how damaged files are made.
 */

import { type BytesLike, join, padTo, u16, u16le, u32, u32le, u64, u64le, utf8, zeros } from './build-bytes.ts';

/** One captured packet. Times are nanoseconds since 1970 UTC. */
export interface CapturePacket {
  readonly time: bigint;
  readonly bytes: Uint8Array;
  /** Bytes on the wire, where they are more than what was kept. */
  readonly length?: number;
}

export type ByteOrder = 'little' | 'big';

interface Numbers {
  readonly u16: (value: number) => Uint8Array;
  readonly u32: (value: number) => Uint8Array;
  readonly u64: (value: bigint) => Uint8Array;
}

const NUMBERS: Record<ByteOrder, Numbers> = {
  little: { u16: u16le, u32: u32le, u64: u64le },
  big: { u16, u32, u64 },
};

const NANOS = 1_000_000_000n;

/** `2026-01-15T09:00:00.123456789Z` as nanoseconds since 1970. */
export function timeOf(text: string): bigint {
  const [, whole, fraction = ''] = /^(.*?)(?:\.(\d{1,9}))?Z$/.exec(text) ?? [];
  const ms = Date.parse(`${whole ?? ''}Z`);
  if (Number.isNaN(ms)) throw new Error(`not a UTC time: ${text}`);
  return BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** Frames at even distances: for tests in which times do not matter. */
export function everyMs(start: bigint, frames: readonly Uint8Array[], ms = 1): CapturePacket[] {
  return frames.map((bytes, i) => ({ time: start + BigInt(i * ms) * 1_000_000n, bytes }));
}

// pcap

/**
 * `micro` and `nano` are the standard. Alexey Kuznetsov's patches of libpcap made three others: `modified` (24-byte
 * record headers), `ss990915` (28) and `ss990417` (24, under the standard magic). `nokia` has 4 bytes more per record
 * under the standard magic, `aix` nanoseconds under it, told by version 2.2. `ixia` and `ixiaSoftware` are Ixia's.
 */
export type PcapVariant =
  | 'micro'
  | 'nano'
  | 'modified'
  | 'ss990915'
  | 'ss990417'
  | 'nokia'
  | 'aix'
  | 'ixia'
  | 'ixiaSoftware';

interface VariantFacts {
  readonly magic: number;
  readonly hasNanos: boolean;
  /** Bytes of each record header after the four standard numbers; zeros will do. */
  readonly extra: number;
}

const VARIANTS: Record<PcapVariant, VariantFacts> = {
  micro: { magic: 0xa1b2c3d4, hasNanos: false, extra: 0 },
  nano: { magic: 0xa1b23c4d, hasNanos: true, extra: 0 },
  modified: { magic: 0xa1b2cd34, hasNanos: false, extra: 8 },
  ss990915: { magic: 0xa1b2cd34, hasNanos: false, extra: 12 },
  ss990417: { magic: 0xa1b2c3d4, hasNanos: false, extra: 8 },
  nokia: { magic: 0xa1b2c3d4, hasNanos: false, extra: 4 },
  aix: { magic: 0xa1b2c3d4, hasNanos: true, extra: 0 },
  ixia: { magic: 0x1c0001ac, hasNanos: true, extra: 0 },
  ixiaSoftware: { magic: 0x1c0001ab, hasNanos: true, extra: 0 },
};

export interface PcapFields {
  readonly variant?: PcapVariant;
  readonly order?: ByteOrder;
  /** Also the upper bits: FCS length, P flag. */
  readonly linkType?: number;
  readonly snapLength?: number;
  readonly version?: readonly [number, number];
  readonly magic?: number;
  readonly timeZone?: number;
  readonly packets: readonly CapturePacket[];
}

export function pcapHeader(fields: Omit<PcapFields, 'packets'>): Uint8Array {
  const n = NUMBERS[fields.order ?? 'little'];
  const [major, minor] = fields.version ?? [2, fields.variant === 'aix' ? 2 : 4];
  return join(
    n.u32(fields.magic ?? VARIANTS[fields.variant ?? 'micro'].magic),
    n.u16(major),
    n.u16(minor),
    n.u32(fields.timeZone ?? 0),
    n.u32(0),
    n.u32(fields.snapLength ?? 262_144),
    n.u32(fields.linkType ?? 1),
  );
}

export interface PcapRecordFields {
  readonly variant?: PcapVariant;
  readonly order?: ByteOrder;
  /** Overrules the length in the record header. */
  readonly capturedLength?: number;
  /** Overrules the fraction of a second, in the file's unit. */
  readonly fraction?: number;
}

export function pcapRecord(packet: CapturePacket, fields: PcapRecordFields = {}): Uint8Array {
  const n = NUMBERS[fields.order ?? 'little'];
  const { hasNanos, extra } = VARIANTS[fields.variant ?? 'micro'];
  const fraction = Number(packet.time % NANOS);
  return join(
    n.u32(Number(packet.time / NANOS)),
    n.u32(fields.fraction ?? (hasNanos ? fraction : Math.floor(fraction / 1000))),
    n.u32(fields.capturedLength ?? packet.bytes.length),
    n.u32(packet.length ?? packet.bytes.length),
    zeros(extra),
    packet.bytes,
  );
}

export function pcap(fields: PcapFields): Uint8Array {
  const records = fields.packets.map((packet) => pcapRecord(packet, fields));
  const header = pcapHeader(fields);
  // Ixia's header is followed by the length of all records.
  const isIxia = fields.variant === 'ixia' || fields.variant === 'ixiaSoftware';
  const total = records.reduce((sum, record) => sum + record.length, 0);
  return join(header, isIxia ? NUMBERS[fields.order ?? 'little'].u32(total) : [], ...records);
}

// pcapng

export const BLOCK = {
  section: 0x0a0d0d0a,
  interface: 1,
  obsoletePacket: 2,
  simplePacket: 3,
  nameResolution: 4,
  interfaceStatistics: 5,
  enhancedPacket: 6,
  decryptionSecrets: 10,
  custom: 0x00000bad,
  customNoCopy: 0x40000bad,
} as const;

/** An option: code and value. Build the value with a `PcapngWriter`'s numbers or from text. */
export interface PcapngOption {
  readonly code: number;
  readonly value: BytesLike;
}

export const OPTION = {
  end: 0,
  comment: 1,
  customText: 2988,
  customBytes: 2989,
  customTextNoCopy: 19372,
  customBytesNoCopy: 19373,
  sectionHardware: 2,
  sectionOs: 3,
  sectionApplication: 4,
  interfaceName: 2,
  interfaceDescription: 3,
  interfaceIpv4: 4,
  interfaceIpv6: 5,
  interfaceMac: 6,
  interfaceEui: 7,
  interfaceSpeed: 8,
  interfaceResolution: 9,
  interfaceTimeZone: 10,
  interfaceFilter: 11,
  interfaceOs: 12,
  interfaceFcsLength: 13,
  interfaceTimeOffset: 14,
  interfaceHardware: 15,
  interfaceTransmitSpeed: 16,
  interfaceReceiveSpeed: 17,
  interfaceIana: 18,
  packetFlags: 2,
  packetHash: 3,
  packetDropCount: 4,
  packetId: 5,
  packetQueue: 6,
  packetVerdict: 7,
  packetProcess: 8,
  nameServer: 2,
  nameServerIpv4: 3,
  nameServerIpv6: 4,
  statisticsStart: 2,
  statisticsEnd: 3,
  statisticsReceived: 4,
  statisticsDropped: 5,
  statisticsFilterAccepted: 6,
  statisticsOsDropped: 7,
  statisticsDelivered: 8,
} as const;

export interface InterfaceFields {
  readonly linkType?: number;
  readonly snapLength?: number;
  readonly name?: string;
  readonly description?: string;
  readonly filter?: string;
  readonly os?: string;
  readonly hardware?: string;
  readonly comment?: string;
  readonly mac?: Uint8Array;
  /** Address and mask. */
  readonly ipv4?: readonly [Uint8Array, Uint8Array];
  /** Address and prefix length. */
  readonly ipv6?: readonly [Uint8Array, number];
  /** Bits per second. */
  readonly speed?: bigint;
  /** The byte of if_tsresol: 6, 9 ... are powers of ten; 0x80 + n is a power of two. Left out: microseconds. */
  readonly resolution?: number;
  /** Seconds that are added to every time. */
  readonly timeOffset?: bigint;
  readonly fcsLength?: number;
  readonly options?: readonly PcapngOption[];
}

export interface EnhancedPacketFields extends CapturePacket {
  readonly interface?: number;
  /** Several comments are several options. */
  readonly comments?: readonly string[];
  /** The 32 bits of epb_flags: 1 inbound, 2 outbound ... */
  readonly flags?: number;
  readonly dropCount?: bigint;
  readonly id?: bigint;
  readonly queue?: number;
  readonly hash?: BytesLike;
  readonly verdict?: BytesLike;
  readonly options?: readonly PcapngOption[];
  readonly capturedLength?: number;
}

export interface StatisticsFields {
  readonly interface?: number;
  readonly time: bigint;
  readonly start?: bigint;
  readonly end?: bigint;
  readonly received?: bigint;
  readonly dropped?: bigint;
  readonly filterAccepted?: bigint;
  readonly osDropped?: bigint;
  readonly delivered?: bigint;
  readonly comment?: string;
}

export interface NameRecord {
  /** 4 or 16 bytes; 6 or 8 for the record types of link addresses. */
  readonly address: Uint8Array;
  readonly names: readonly string[];
}

export interface SectionFields {
  readonly hardware?: string;
  readonly os?: string;
  readonly application?: string;
  readonly comment?: string;
  readonly version?: readonly [number, number];
  /** -1n: not said. */
  readonly length?: bigint;
  readonly options?: readonly PcapngOption[];
}

interface TimeScale {
  readonly ticksPerSecond: bigint;
  readonly offset: bigint;
}

/** Names of secrets as the draft lists them. */
export const SECRETS = { tls: 0x544c534b, ssh: 0x5353484b, wireguard: 0x57474b4c, zigbeeNetwork: 0x5a4e574b } as const;

/** Writes one pcapng file, block after block; a second `section` may change the byte order. */
export interface PcapngWriter {
  section(fields?: SectionFields, order?: ByteOrder): PcapngWriter;
  interface(fields?: InterfaceFields): PcapngWriter;
  packet(fields: EnhancedPacketFields): PcapngWriter;
  simplePacket(bytes: Uint8Array, length?: number): PcapngWriter;
  obsoletePacket(fields: EnhancedPacketFields & { readonly drops?: number }): PcapngWriter;
  names(records: readonly NameRecord[], options?: readonly PcapngOption[]): PcapngWriter;
  statistics(fields: StatisticsFields): PcapngWriter;
  secrets(type: number, data: BytesLike, comment?: string): PcapngWriter;
  custom(enterprise: number, data: BytesLike, mayCopy?: boolean): PcapngWriter;
  /** Any block: unknown types, and known ones with a body of one's own. */
  block(type: number, body: BytesLike, lengths?: { readonly first?: number; readonly last?: number }): PcapngWriter;
  /** Bytes outside any block. */
  raw(bytes: BytesLike): PcapngWriter;
  bytes(): Uint8Array;
}

export function pcapng(order: ByteOrder = 'little'): PcapngWriter {
  const parts: Uint8Array[] = [];
  let n = NUMBERS[order];
  let scales: TimeScale[] = [];

  const option = (code: number, value: BytesLike): Uint8Array =>
    join(n.u16(code), n.u16(value.length), padTo(join(value), 4));
  const text = (code: number, value: string | undefined): Uint8Array =>
    value === undefined ? zeros(0) : option(code, utf8(value));
  const big = (code: number, value: bigint | undefined): Uint8Array =>
    value === undefined ? zeros(0) : option(code, n.u64(value));
  const options = (...list: readonly Uint8Array[]): Uint8Array => {
    const all = join(...list);
    return all.length === 0 ? all : join(all, n.u16(0), n.u16(0));
  };
  const extra = (list: readonly PcapngOption[] | undefined): Uint8Array =>
    join(...(list ?? []).map(({ code, value }) => option(code, value)));
  const ticks = (time: bigint, index: number): readonly [Uint8Array, Uint8Array] => {
    const scale = scales[index] ?? { ticksPerSecond: 1_000_000n, offset: 0n };
    const value = ((time - scale.offset * NANOS) * scale.ticksPerSecond) / NANOS;
    return [n.u32(Number((value >> 32n) & 0xffffffffn)), n.u32(Number(value & 0xffffffffn))];
  };
  const packetOptions = (fields: EnhancedPacketFields): Uint8Array =>
    options(
      ...(fields.comments ?? []).map((comment) => text(OPTION.comment, comment)),
      fields.flags === undefined ? zeros(0) : option(OPTION.packetFlags, n.u32(fields.flags)),
      fields.hash === undefined ? zeros(0) : option(OPTION.packetHash, fields.hash),
      big(OPTION.packetDropCount, fields.dropCount),
      big(OPTION.packetId, fields.id),
      fields.queue === undefined ? zeros(0) : option(OPTION.packetQueue, n.u32(fields.queue)),
      fields.verdict === undefined ? zeros(0) : option(OPTION.packetVerdict, fields.verdict),
      extra(fields.options),
    );

  const writer: PcapngWriter = {
    block(type, body, lengths = {}) {
      const padded = padTo(join(body), 4);
      const length = padded.length + 12;
      parts.push(join(n.u32(type), n.u32(lengths.first ?? length), padded, n.u32(lengths.last ?? length)));
      return writer;
    },
    section(fields = {}, newOrder = order) {
      n = NUMBERS[newOrder];
      scales = [];
      const [major, minor] = fields.version ?? [1, 0];
      const body = join(
        n.u32(0x1a2b3c4d),
        n.u16(major),
        n.u16(minor),
        n.u64(BigInt.asUintN(64, fields.length ?? -1n)),
        options(
          text(OPTION.comment, fields.comment),
          text(OPTION.sectionHardware, fields.hardware),
          text(OPTION.sectionOs, fields.os),
          text(OPTION.sectionApplication, fields.application),
          extra(fields.options),
        ),
      );
      return writer.block(BLOCK.section, body);
    },
    interface(fields = {}) {
      const resolution = fields.resolution ?? 6;
      const base = resolution & 0x80 ? 2n : 10n;
      scales.push({ ticksPerSecond: base ** BigInt(resolution & 0x7f), offset: fields.timeOffset ?? 0n });
      const body = join(
        n.u16(fields.linkType ?? 1),
        n.u16(0),
        n.u32(fields.snapLength ?? 262_144),
        options(
          text(OPTION.comment, fields.comment),
          text(OPTION.interfaceName, fields.name),
          text(OPTION.interfaceDescription, fields.description),
          fields.ipv4 === undefined ? zeros(0) : option(OPTION.interfaceIpv4, join(...fields.ipv4)),
          fields.ipv6 === undefined ? zeros(0) : option(OPTION.interfaceIpv6, join(fields.ipv6[0], [fields.ipv6[1]])),
          fields.mac === undefined ? zeros(0) : option(OPTION.interfaceMac, fields.mac),
          big(OPTION.interfaceSpeed, fields.speed),
          fields.resolution === undefined ? zeros(0) : option(OPTION.interfaceResolution, [resolution]),
          // 0: the filter is the text that was given to libpcap.
          fields.filter === undefined ? zeros(0) : option(OPTION.interfaceFilter, join([0], utf8(fields.filter))),
          text(OPTION.interfaceOs, fields.os),
          fields.fcsLength === undefined ? zeros(0) : option(OPTION.interfaceFcsLength, [fields.fcsLength]),
          fields.timeOffset === undefined
            ? zeros(0)
            : big(OPTION.interfaceTimeOffset, BigInt.asUintN(64, fields.timeOffset)),
          text(OPTION.interfaceHardware, fields.hardware),
          extra(fields.options),
        ),
      );
      return writer.block(BLOCK.interface, body);
    },
    packet(fields) {
      const index = fields.interface ?? 0;
      return writer.block(
        BLOCK.enhancedPacket,
        join(
          n.u32(index),
          ...ticks(fields.time, index),
          n.u32(fields.capturedLength ?? fields.bytes.length),
          n.u32(fields.length ?? fields.bytes.length),
          padTo(fields.bytes, 4),
          packetOptions(fields),
        ),
      );
    },
    simplePacket(bytes, length = bytes.length) {
      return writer.block(BLOCK.simplePacket, join(n.u32(length), bytes));
    },
    obsoletePacket(fields) {
      const index = fields.interface ?? 0;
      return writer.block(
        BLOCK.obsoletePacket,
        join(
          n.u16(index),
          n.u16(fields.drops ?? 0xffff),
          ...ticks(fields.time, index),
          n.u32(fields.capturedLength ?? fields.bytes.length),
          n.u32(fields.length ?? fields.bytes.length),
          padTo(fields.bytes, 4),
          packetOptions(fields),
        ),
      );
    },
    names(records, list) {
      const types = new Map([
        [4, 1],
        [16, 2],
        [6, 3],
        [8, 4],
      ]);
      const body = records.map(({ address, names }) => {
        const type = types.get(address.length);
        if (type === undefined) throw new Error(`no record type for an address of ${address.length} bytes`);
        const value = join(address, ...names.flatMap((name) => [utf8(name), [0]]));
        return join(n.u16(type), n.u16(value.length), padTo(value, 4));
      });
      return writer.block(BLOCK.nameResolution, join(...body, n.u16(0), n.u16(0), options(extra(list))));
    },
    statistics(fields) {
      const index = fields.interface ?? 0;
      const at = (code: number, time: bigint | undefined): Uint8Array =>
        time === undefined ? zeros(0) : option(code, join(...ticks(time, index)));
      return writer.block(
        BLOCK.interfaceStatistics,
        join(
          n.u32(index),
          ...ticks(fields.time, index),
          options(
            text(OPTION.comment, fields.comment),
            at(OPTION.statisticsStart, fields.start),
            at(OPTION.statisticsEnd, fields.end),
            big(OPTION.statisticsReceived, fields.received),
            big(OPTION.statisticsDropped, fields.dropped),
            big(OPTION.statisticsFilterAccepted, fields.filterAccepted),
            big(OPTION.statisticsOsDropped, fields.osDropped),
            big(OPTION.statisticsDelivered, fields.delivered),
          ),
        ),
      );
    },
    secrets(type, data, comment) {
      return writer.block(
        BLOCK.decryptionSecrets,
        join(n.u32(type), n.u32(data.length), padTo(join(data), 4), options(text(OPTION.comment, comment))),
      );
    },
    custom(enterprise, data, mayCopy = true) {
      return writer.block(mayCopy ? BLOCK.custom : BLOCK.customNoCopy, join(n.u32(enterprise), data));
    },
    raw(bytes) {
      parts.push(join(bytes));
      return writer;
    },
    bytes: () => join(...parts),
  };
  return writer;
}

/** The usual pcapng file: one section, one Ethernet interface, enhanced packets in nanoseconds. */
export function simplePcapng(packets: readonly EnhancedPacketFields[], fields: InterfaceFields = {}): Uint8Array {
  const writer = pcapng()
    .section()
    .interface({ resolution: 9, ...fields });
  for (const packet of packets) writer.packet(packet);
  return writer.bytes();
}

// snoop (RFC 1761): always big endian, 32-bit aligned records

/** Datalink numbers of RFC 1761. */
export const SNOOP_LINK = { ieee8023: 0, tokenRing: 2, ethernet: 4, hdlc: 5, fddi: 8, other: 9 } as const;

export function snoop(fields: {
  readonly datalink?: number;
  readonly version?: number;
  readonly packets: readonly (CapturePacket & { readonly drops?: number; readonly recordLength?: number })[];
}): Uint8Array {
  const records = fields.packets.map((packet) => {
    const data = padTo(packet.bytes, 4);
    return join(
      u32(packet.length ?? packet.bytes.length),
      u32(packet.bytes.length),
      u32(packet.recordLength ?? 24 + data.length),
      u32(packet.drops ?? 0),
      u32(Number(packet.time / NANOS)),
      u32(Number((packet.time % NANOS) / 1000n)),
      data,
    );
  });
  return join(
    utf8('snoop'),
    zeros(3),
    u32(fields.version ?? 2),
    u32(fields.datalink ?? SNOOP_LINK.ethernet),
    ...records,
  );
}
