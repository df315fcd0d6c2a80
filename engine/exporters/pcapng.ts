/**
 * The pcapng format (draft-ietf-opsawg-pcapng), one little-endian section: header, used interfaces, names, secrets, packets,
 * statistics of the interfaces. Everything that the readers keep of a file is written again.
 */

import { RECORD_TYPE } from '../readers/link-types.ts';
import { FLAG } from '../table/flags.ts';
import { ChunkWriter } from './chunk-writer.ts';
import {
  defineExporter,
  type ExportFacts,
  type ExportInput,
  type ExportInterface,
  type ExportOptions,
  eachRow,
  exportWarning,
} from './exporter.ts';
import {
  INTERFACE_OPTION,
  OptionWriter,
  PACKET_OPTION,
  padded,
  SECTION_OPTION,
  STATISTICS_OPTION,
} from './pcapng-options.ts';
import { type Clock, clockOf, ticksOf, tickTest } from './pcapng-time.ts';
import { clearProtected, traceComments } from './trace-comments.ts';

const BLOCK = {
  section: 0x0a0d0d0a,
  interface: 1,
  simplePacket: 3,
  names: 4,
  statistics: 5,
  packet: 6,
  journal: 9,
  secrets: 10,
  custom: 0x0000_0bad,
  customNotCopied: 0x4000_0bad,
} as const;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** Type and length in front, length again behind. */
const FRAME = { head: 8, tail: 4, both: 12 } as const;
const PACKET_BODY = 20;
/** Record type of a name by the length of its address; 0 ends the list. */
const NAME_RECORD: ReadonlyMap<number, number> = new Map([
  [4, 1],
  [16, 2],
  [6, 3],
  [8, 4],
]);
const UNKNOWN_LENGTH = 0xffff_ffff;
/** Programs refuse blocks that are too large; longer lists of names go into several. */
const LARGEST_NAME_BLOCK = 1024 * 1024;

export const pcapng = defineExporter({
  name: 'pcapng',
  title: 'pcapng',
  extension: 'pcapng',
  kind: 'capture',
  async write(input) {
    const writer = new PcapngWriter(input, await planLanes(input));
    writer.head();
    await eachRow(input, true, (row) => writer.packet(row));
    writer.end();
  },
});

/** An interface of the file to be written. */
interface Lane {
  /** Its number there. */
  readonly number: number;
  readonly description: ExportInterface;
  readonly clock: Clock;
  /** Latest time of a packet on it; the statistics carry it. */
  readonly last: bigint;
}

interface Plan {
  /** By the capture's interface index; missing for those without packets. */
  readonly lanes: ReadonlyMap<number, Lane>;
}

/** What is known of an interface after all rows have been looked at. */
interface Seen {
  first: bigint | null;
  last: bigint;
  /** Every time is a whole number of the interface's own ticks. */
  fitsTicks: boolean;
  readonly fits: (time: bigint) => boolean;
  timeless: number;
}

async function planLanes(input: ExportInput): Promise<Plan> {
  const { capture, rows } = input;
  const { interfaces } = capture.reader.facts;
  const seen = new Map<number, Seen>();
  await eachRow(input, false, (row) => {
    const index = capture.table.get('interface', row);
    let known = seen.get(index);
    if (known === undefined) seen.set(index, (known = nothingSeen(interfaces[index])));
    note(known, capture.time(row));
  });
  // An export without packets still says what was listened to.
  if (rows.length === 0) interfaces.forEach((one, index) => seen.set(index, nothingSeen(one)));
  const order = [...seen.keys()].filter((index) => interfaces[index].ofFile !== true).sort((a, b) => a - b);
  // Packets without a time go into simple packet blocks, which belong to interface 0.
  const simple = order.findIndex((index) => (seen.get(index)?.timeless ?? 0) > 0);
  if (simple > 0) order.unshift(...order.splice(simple, 1));
  const lanes = new Map<number, Lane>();
  for (const index of order) {
    const description = interfaces[index];
    const { first, last, fitsTicks } = seen.get(index) ?? nothingSeen(description);
    const clock = clockOf(description.ticksPerSecond, fitsTicks, first ?? 0n, last);
    lanes.set(index, { number: lanes.size, description, clock, last });
  }
  return { lanes };
}

function nothingSeen({ ticksPerSecond }: ExportInterface): Seen {
  return { first: null, last: 0n, fitsTicks: true, fits: tickTest(ticksPerSecond), timeless: 0 };
}

function note(known: Seen, time: bigint | null): void {
  if (time === null) {
    known.timeless++;
    return;
  }
  if (known.first === null) known.first = known.last = time;
  else if (time < known.first) known.first = time;
  else if (time > known.last) known.last = time;
  if (known.fitsTicks) known.fitsTicks = known.fits(time);
}

class PcapngWriter {
  private readonly input: ExportInput;
  private readonly plan: Plan;
  private readonly out: ChunkWriter;
  private readonly options = new OptionWriter();
  private readonly lost = { times: 0, customBlocks: 0, short: 0 };

  constructor(input: ExportInput, plan: Plan) {
    this.input = input;
    this.plan = plan;
    this.out = new ChunkWriter(input.sink);
  }

  head(): void {
    const { facts } = this.input.capture.reader;
    this.section(facts);
    for (const { description, clock } of this.plan.lanes.values()) this.interface(description, clock);
    this.names(facts);
    for (const { type, bytes } of facts.secrets) {
      const at = this.block(BLOCK.secrets, 8 + padded(bytes.length));
      this.u32(at, type);
      this.u32(at + 4, bytes.length);
      this.data(at + 8, bytes);
    }
  }

  packet(row: number): void {
    const { capture } = this.input;
    const { table, reader } = capture;
    const iface = table.get('interface', row);
    const lane = this.plan.lanes.get(iface);
    if (lane === undefined) return this.fileBlock(row, reader.facts.interfaces[iface].linkType);
    const captured = table.get('capturedLength', row);
    const length = table.get('length', row);
    const locator = table.get('locator', row);
    const pseudo = reader.pseudoHeader(locator, iface);
    const time = capture.time(row);
    const { options } = this;
    options.clear();
    // A pseudo-header says the direction itself.
    const direction = pseudo.length > 0 ? 0 : directionOf(table.get('flags', row));
    const known = capture.options(row);
    this.packetOptions(row, direction, known);
    const stored = pseudo.length + captured;
    const isSimple =
      time === null && options.length === 0 && lane.number === 0 && fitsSimple(lane, stored, pseudo.length + length);
    if (time === null && !isSimple) this.lost.times++;
    const bodySize = isSimple ? 4 : PACKET_BODY;
    const body = this.block(isSimple ? BLOCK.simplePacket : BLOCK.packet, bodySize + padded(stored) + options.length);
    const data = body + bodySize + pseudo.length;
    const got = reader.packet(locator, this.out.bytes.subarray(data, data + captured), iface);
    if (got < captured) {
      // The length stands already in both ends of the block: what is missing becomes zeros.
      this.out.bytes.fill(0, data + got, data + captured);
      this.lost.short++;
    }
    clearProtected(known, lane.description.linkType, this.out.bytes.subarray(data, data + got));
    this.out.bytes.set(pseudo, body + bodySize);
    this.out.bytes.fill(0, data + captured, body + bodySize + padded(stored));
    this.out.bytes.set(options.written, body + bodySize + padded(stored));
    if (isSimple) {
      this.u32(body, pseudo.length + length);
      return;
    }
    const ticks = time === null ? 0n : ticksOf(lane.clock, time);
    this.u32(body, lane.number);
    this.u32(body + 4, Number(ticks >> 32n));
    this.u32(body + 8, Number(ticks & 0xffff_ffffn));
    this.u32(body + 12, stored);
    this.u32(body + 16, pseudo.length + length);
  }

  end(): void {
    const { input, lost, options } = this;
    for (const lane of this.plan.lanes.values()) this.statistics(lane);
    this.out.flush();
    if (lost.times > 0) input.warn(exportWarning('exportProblem.no-time', { packets: lost.times }));
    if (lost.customBlocks > 0) input.warn(exportWarning('exportProblem.custom-blocks', { packets: lost.customBlocks }));
    if (lost.short > 0) input.warn(exportWarning('exportProblem.short-packets', { packets: lost.short }));
    if (options.cut > 0) input.warn(exportWarning('exportProblem.long-texts', { texts: options.cut }));
  }

  private section(facts: ExportFacts): void {
    const { options } = this;
    options.clear();
    options.texts(SECTION_OPTION.comment, facts.comments);
    options.text(SECTION_OPTION.hardware, facts.hardware);
    options.text(SECTION_OPTION.os, facts.os);
    options.text(SECTION_OPTION.application, this.input.application);
    options.end();
    const at = this.block(BLOCK.section, 16 + options.length);
    this.u32(at, BYTE_ORDER_MAGIC);
    this.out.view.setUint16(at + 4, 1, true); // version 1.0
    this.out.view.setUint16(at + 6, 0, true);
    this.u32(at + 8, UNKNOWN_LENGTH);
    this.u32(at + 12, UNKNOWN_LENGTH);
    this.out.bytes.set(options.written, at + 16);
  }

  private interface(description: ExportInterface, clock: Clock): void {
    const { options } = this;
    options.clear();
    options.texts(INTERFACE_OPTION.comment, description.comments ?? []);
    options.text(INTERFACE_OPTION.name, description.name);
    options.text(INTERFACE_OPTION.description, description.description);
    for (const { address, prefix } of description.addresses ?? []) {
      if (address.length === 4) options.bytes(INTERFACE_OPTION.ipv4, address, maskOf(prefix));
      else options.bytes(INTERFACE_OPTION.ipv6, address, Uint8Array.of(prefix));
    }
    const { hardwareAddress: mac, speedBps: speed, fcsLength, filter } = description;
    if (mac !== undefined) options.bytes(mac.length === 6 ? INTERFACE_OPTION.mac : INTERFACE_OPTION.eui, mac);
    if (speed !== undefined && speed.transmit === speed.receive) options.u64(INTERFACE_OPTION.speed, speed.transmit);
    else if (speed !== undefined) {
      options.u64(INTERFACE_OPTION.transmitSpeed, speed.transmit);
      options.u64(INTERFACE_OPTION.receiveSpeed, speed.receive);
    }
    options.bytes(INTERFACE_OPTION.resolution, Uint8Array.of(clock.resolution));
    if (filter !== undefined) options.text(INTERFACE_OPTION.filter, filter, 0); // 0: the text of a libpcap filter
    options.text(INTERFACE_OPTION.os, description.os);
    if (fcsLength !== undefined) options.bytes(INTERFACE_OPTION.fcsLength, Uint8Array.of(fcsLength));
    if (clock.offsetSeconds !== 0n) options.u64(INTERFACE_OPTION.offset, BigInt.asUintN(64, clock.offsetSeconds));
    options.text(INTERFACE_OPTION.hardware, description.hardware);
    options.end();
    const at = this.block(BLOCK.interface, 8 + options.length);
    this.out.view.setUint16(at, description.linkType, true);
    this.out.view.setUint16(at + 2, 0, true);
    this.u32(at + 4, description.snapLength);
    this.out.bytes.set(options.written, at + 8);
  }

  private names(facts: ExportFacts): void {
    if (facts.names.length === 0) return;
    const { options } = this;
    const put = (): void => {
      options.end();
      const at = this.block(BLOCK.names, options.length);
      this.out.bytes.set(options.written, at);
      options.clear();
    };
    options.clear();
    for (const { address, names } of facts.names) {
      const type = NAME_RECORD.get(address.length);
      if (type === undefined) continue;
      options.names(type, address, names); // records look like options
      if (options.length > LARGEST_NAME_BLOCK) put();
    }
    put();
  }

  private statistics({ number, description, clock, last }: Lane): void {
    const { statistics } = description;
    if (statistics === undefined) return;
    const { options } = this;
    options.clear();
    options.u64(STATISTICS_OPTION.received, statistics.received);
    options.u64(STATISTICS_OPTION.dropped, statistics.dropped);
    options.u64(STATISTICS_OPTION.filterAccepted, statistics.filterAccepted);
    options.u64(STATISTICS_OPTION.osDropped, statistics.osDropped);
    options.u64(STATISTICS_OPTION.delivered, statistics.delivered);
    options.end();
    const at = this.block(BLOCK.statistics, 12 + options.length);
    const ticks = ticksOf(clock, last);
    this.u32(at, number);
    this.u32(at + 4, Number(ticks >> 32n));
    this.u32(at + 8, Number(ticks & 0xffff_ffffn));
    this.out.bytes.set(options.written, at + 12);
  }

  /** `direction`: for packets of formats that say it elsewhere than in a flags word. */
  private packetOptions(row: number, direction: number, known: ExportOptions | null): void {
    const { options } = this;
    const comments = this.input.capture.comments.get(row);
    if (known === null && comments === undefined && direction === 0) return;
    options.texts(PACKET_OPTION.comment, [...(comments ?? []), ...traceComments(known)]);
    const word = known?.flags ?? (direction === 0 ? undefined : direction);
    if (word !== undefined) options.u32(PACKET_OPTION.flags, word);
    for (const hash of known?.hashes ?? []) options.bytes(PACKET_OPTION.hash, hash);
    options.u64(PACKET_OPTION.dropCount, known?.dropCount);
    options.u64(PACKET_OPTION.packetId, known?.packetId);
    if (known?.queue !== undefined) options.u32(PACKET_OPTION.queue, known.queue);
    for (const verdict of known?.verdicts ?? []) options.bytes(PACKET_OPTION.verdict, verdict);
    if (known?.processId !== undefined)
      options.u32s(PACKET_OPTION.processAndThread, known.processId, known.threadId ?? 0);
    if (options.length > 0) options.end();
  }

  /** A record that is a block of the file itself. */
  private fileBlock(row: number, type: number): void {
    const { reader, table } = this.input.capture;
    const locator = table.get('locator', row);
    const iface = table.get('interface', row);
    const captured = table.get('capturedLength', row);
    const bytes = new Uint8Array(captured);
    if (reader.packet(locator, bytes, iface) < captured) this.lost.short++;
    if (type === RECORD_TYPE.journalEntry) {
      this.data(this.block(BLOCK.journal, padded(captured)), bytes);
      return;
    }
    const head = reader.pseudoHeader(locator, iface);
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    if (view.getUint32(0) === BLOCK.customNotCopied) {
      this.lost.customBlocks++;
      return;
    }
    const at = this.block(BLOCK.custom, 4 + padded(captured));
    this.u32(at, view.getUint32(4));
    this.data(at + 4, bytes);
  }

  /** Begins a block, its end included; returns where its body is to be written. */
  private block(type: number, bodySize: number): number {
    const size = FRAME.both + bodySize;
    const at = this.out.room(size);
    this.u32(at, type);
    this.u32(at + 4, size);
    this.u32(at + size - FRAME.tail, size);
    return at + FRAME.head;
  }

  private u32(at: number, value: number): void {
    this.out.view.setUint32(at, value, true);
  }

  /** Bytes and the zeros behind them. */
  private data(at: number, bytes: Uint8Array): void {
    this.out.bytes.set(bytes, at);
    this.out.bytes.fill(0, at + bytes.length, at + padded(bytes.length));
  }
}

/** The lowest bits of a flags word; 0: not known. */
function directionOf(flags: number): number {
  if ((flags & FLAG.inbound) !== 0) return 1;
  return (flags & FLAG.outbound) !== 0 ? 2 : 0;
}

/** A simple packet block has no captured length: it follows from the length and the snap length. */
function fitsSimple(lane: Lane, stored: number, length: number): boolean {
  const { snapLength } = lane.description;
  return stored === (snapLength > 0 ? Math.min(length, snapLength) : length);
}

function maskOf(prefix: number): Uint8Array {
  const bits = prefix === 0 ? 0 : (0xffff_ffff << (32 - prefix)) >>> 0;
  return Uint8Array.of(bits >>> 24, (bits >>> 16) & 0xff, (bits >>> 8) & 0xff, bits & 0xff);
}
