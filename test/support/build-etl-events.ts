/** Events of traces that hold packets: NDIS capture (netsh trace), Packet Monitor, remote access; and what traces say of the machine. */

import { type BytesLike, ipAddress, join, latin1, u16le, u32le, u64le, utf16z, zeros } from './build-bytes.ts';
import { classicEvent, type EtlEvent, guidBytes, type ModernFields, modernEvent, systemEvent } from './build-etl.ts';

export const NDIS = '2ed6006e-4729-4609-b423-3ee7bcd678ef';
export const PKTMON = '4d4f80d9-c8bd-4d73-bb5b-19c90402c5ac';
export const RAS = 'd84521f7-2235-4237-a7c0-14e3a9676286';
const SCHEMA = 'bbccf6c1-6cd1-48c4-80ff-839482e37671';
const CONFIG = '9b79ee91-b5fd-41c0-a243-4248e266e9d0';
const KERNEL_PROCESS = '22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716';

export const NDIS_KEYWORD = {
  ethernet: 1n,
  wirelessWan: 0x200n,
  tunnel: 0x8000n,
  wifi: 0x1_0000n,
  first: 0x4000_0000n,
  last: 0x8000_0000n,
  sent: 0x1_0000_0000n,
  received: 0x2_0000_0000n,
  dropped: 0x100_0000_0000n,
} as const;
const WHOLE = NDIS_KEYWORD.first | NDIS_KEYWORD.last;

interface Occurrence {
  readonly time: bigint;
  readonly processor?: number;
  readonly process?: number;
  readonly thread?: number;
  readonly items?: ModernFields['items'];
}

function event(about: Occurrence, fields: ModernFields, data: BytesLike): EtlEvent {
  const { time, processor = 0, process = 0, thread = 0, items = [] } = about;
  return { time, processor, record: (ticks) => modernEvent({ process, thread, items, ...fields }, data, ticks) };
}

export interface NdisFields extends Occurrence {
  readonly adapter?: number;
  readonly layer?: number;
  readonly keyword?: bigint;
  /** Newer systems have 16 bytes more. */
  readonly hasTail?: boolean;
  readonly size?: number;
}

/** A frame, or, by its keyword, a piece of one. */
export function ndisPacket(fields: NdisFields, frame: Uint8Array): EtlEvent {
  const { adapter = 6, layer = adapter, keyword = NDIS_KEYWORD.ethernet | WHOLE, hasTail = false } = fields;
  const data = join(u32le(adapter), u32le(layer), u32le(fields.size ?? frame.length), frame, zeros(hasTail ? 16 : 0));
  return event(fields, { provider: NDIS, id: 1001, keyword }, data);
}

/** A frame on a port of a virtual switch; `destinations`: bytes of entries whose shape nobody knows. */
export function ndisSwitchPacket(
  fields: NdisFields & { readonly port: number; readonly nic: string; readonly destinations?: readonly Uint8Array[] },
  frame: Uint8Array,
): EtlEvent {
  const { adapter = 6, layer = adapter, keyword = NDIS_KEYWORD.ethernet | WHOLE, destinations = [] } = fields;
  const data = join(
    u32le(adapter),
    u32le(layer),
    u32le(fields.port),
    utf16z(`port ${fields.port}`),
    utf16z(fields.nic),
    utf16z('Synthetic'),
    u32le(destinations.length),
    ...destinations,
    u32le(frame.length),
    frame,
    u32le(16),
    zeros(16),
  );
  return event(fields, { provider: NDIS, id: 1003, keyword }, data);
}

export function rasPacket(fields: Occurrence & { readonly isSent: boolean }, frame: Uint8Array): EtlEvent {
  const domain = '{00000000-0000-0000-0000-000000000000}';
  const data = join(utf16z(domain), utf16z('user'), u32le(frame.length), frame);
  return event(fields, { provider: RAS, id: fields.isSent ? 5001 : 5002 }, data);
}

export const PKTMON_DIRECTION = { none: 0, in: 1, out: 2, rx: 3, tx: 4, ingress: 5, egress: 6 } as const;

export interface PktmonFields extends Occurrence {
  readonly group: bigint;
  readonly number?: number;
  readonly appearance?: number;
  readonly direction?: number;
  /** 1 Ethernet, 2 Wi-Fi, 3 IP ... */
  readonly type?: number;
  readonly component: number;
  readonly edge?: number;
  readonly filter?: number;
  /** Makes it an event of a dropped packet. */
  readonly dropReason?: number;
  readonly dropLocation?: number;
  readonly length?: number;
  readonly logged?: number;
}

export function pktmonPacket(fields: PktmonFields, frame: Uint8Array): EtlEvent {
  const data = join(
    u64le(fields.group),
    u16le(fields.number ?? 1),
    u16le(fields.appearance ?? 1),
    u16le(fields.direction ?? PKTMON_DIRECTION.rx),
    u16le(fields.type ?? 1),
    u16le(fields.component),
    u16le(fields.edge ?? 1),
    u16le(fields.filter ?? 0),
    u32le(fields.dropReason ?? 0),
    u32le(fields.dropLocation ?? 0),
    u16le((fields.length ?? frame.length) & 0xffff),
    u16le(fields.logged ?? frame.length),
    frame,
  );
  return event(fields, { provider: PKTMON, id: fields.dropReason === undefined ? 160 : 170 }, data);
}

export interface ComponentFields {
  readonly id: number;
  readonly type: number;
  readonly name: string;
  readonly description: string;
  /** Interface index of its adapter. */
  readonly adapter?: number;
  readonly mac?: Uint8Array;
  readonly addresses?: readonly string[];
  /** Names by number. */
  readonly edges?: Readonly<Record<number, string>>;
  readonly dropped?: bigint;
}

/** What Packet Monitor logs of a component when it stops. */
export function pktmonComponent(time: bigint, fields: ComponentFields): EtlEvent[] {
  const own = (id: number, data: BytesLike): EtlEvent => event({ time }, { provider: PKTMON, id }, data);
  const property = (id: number, number: number, data: BytesLike): EtlEvent =>
    own(id, join(u16le(fields.id), u16le(number), data));
  const counters = (packets: bigint): Uint8Array =>
    join(u16le(3), u64le(packets), u64le(packets * 100n), u16le(4), u64le(0n), u64le(0n));
  return [
    own(20, join(u16le(fields.id), u16le(fields.type), utf16z(fields.name), utf16z(fields.description))),
    ...(fields.adapter === undefined ? [] : [property(30, 2, u32le(fields.adapter))]),
    ...(fields.mac === undefined ? [] : [property(70, 6, join(u32le(fields.mac.length), fields.mac))]),
    ...(fields.addresses ?? []).map((text) => {
      const address = ipAddress(text);
      return property(address.length === 4 ? 65 : 66, 13, address);
    }),
    ...Object.entries(fields.edges ?? { 1: 'Upper', 2: 'Lower' }).map(([edge, name]) =>
      own(90, join(u16le(fields.id), utf16z(name), u16le(Number(edge)), counters(7n))),
    ),
    own(80, join(u16le(fields.id), counters(fields.dropped ?? 0n))),
  ];
}

/** Words for numbers of Packet Monitor, as a merged trace carries them: with a space at the end. */
export function pktmonWords(time: bigint, map: string, words: Readonly<Record<number, string>>): EtlEvent {
  const entries = Object.entries(words);
  const name = utf16z(map);
  const texts = entries.map(([, text]) => utf16z(`${text} `));
  let at = 16 + 8 * entries.length + name.length;
  const table = entries.map(([value], i) => {
    const entry = join(u32le(at), u32le(Number(value)));
    at += texts[i]?.length ?? 0;
    return entry;
  });
  const head = join(u32le(16 + 8 * entries.length), u32le(1), u32le(entries.length), u32le(0));
  const data = join(guidBytes(PKTMON), head, ...table, name, ...texts);
  return { time, record: (ticks) => classicEvent(SCHEMA, 33, 2, data, ticks) };
}

/** The schema of one event, as far as the name of its provider. */
export function providerName(time: bigint, provider: string, name: string): EtlEvent {
  const head = join(guidBytes(provider), zeros(36), u32le(112), zeros(56));
  return { time, record: (ticks) => classicEvent(SCHEMA, 32, 2, join(head, utf16z(name)), ticks) };
}

/** A network card, as the kernel's trace tells it. */
export function networkCard(
  time: bigint,
  fields: { readonly index: number; readonly name: string; readonly mac: Uint8Array; readonly addresses: string },
): EtlEvent {
  const data = join(
    fields.mac,
    zeros(2),
    u32le(fields.mac.length),
    u32le(fields.index),
    u32le(fields.index),
    utf16z(fields.name),
    utf16z(fields.addresses),
    utf16z(''),
  );
  return { time, record: (ticks) => systemEvent({ group: 11, type: 13 }, data, ticks) };
}

/** A service and the program that runs it. */
export function service(time: bigint, process: number, program: string): EtlEvent {
  const data = join(u32le(process), u32le(4), u32le(1), utf16z('Service'), utf16z('A service'), utf16z(program));
  return { time, record: (ticks) => systemEvent({ group: 11, type: 15, version: 3 }, data, ticks) };
}

/** A running process, as the kernel's trace tells it; `version` 2 to 4. */
export function kernelProcess(time: bigint, process: number, name: string, version = 4, pointerSize = 8): EtlEvent {
  const user = join(u32le(1), zeros(2 * pointerSize - 4), [1, 1], zeros(6), u32le(18));
  const data = join(
    zeros(pointerSize),
    u32le(process),
    zeros(12),
    zeros(version >= 3 ? pointerSize : 0),
    zeros(version >= 4 ? 4 : 0),
    version === 2 ? u32le(0) : user,
    latin1(name),
    [0],
    utf16z(''),
  );
  const isNarrow = pointerSize === 4;
  return { time, record: (ticks) => systemEvent({ group: 3, type: 3, version, isNarrow }, data, ticks) };
}

/** A process that starts, as Microsoft-Windows-Kernel-Process tells it; `version` 0 to 3. */
export function processStart(time: bigint, process: number, path: string, version = 3): EtlEvent {
  const head = version < 3 ? zeros(version === 0 ? 16 : 20) : join(zeros(44), [1, 1], zeros(6), u32le(0x2000));
  const data = join(u32le(process), head, utf16z(path), zeros(8));
  return event({ time }, { provider: KERNEL_PROCESS, id: 1, version }, data);
}

/** What merging adds: the build of the system, and the product. */
export function systemBuild(time: bigint, build: string, product: string): EtlEvent {
  const data = join(zeros(8), utf16z(build), utf16z(product));
  return { time, record: (ticks) => classicEvent(CONFIG, 32, 0, data, ticks) };
}

/** An event of any provider that captures no packets. */
export function otherEvent(time: bigint, provider: string, id = 1): EtlEvent {
  return event({ time }, { provider, id }, utf16z('something'));
}
