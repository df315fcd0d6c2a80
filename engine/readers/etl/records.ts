/** The records of one buffer: packets go into the index, what describes the trace to whoever keeps it. Each record is at least 8 bytes. */

import { u16le, u32le } from '../../base/bytes.ts';
import { DIRECTION } from '../reader.ts';
import { type Appearance, Appearances } from './appearances.ts';
import { type TraceDescription, ticksSince } from './description.ts';
import { Interfaces } from './interfaces.ts';
import { CLASSIC, EVENT, GROUP, hasLengthAt4, MARK, RECORD, SYSTEM, userData } from './layout.ts';
import {
  directionOf as directionOfKeyword,
  FRAGMENT,
  findRasFrame,
  findSwitchFrame,
  Joiner,
  LINK,
  linkOf,
  NDIS_EVENT,
  RAS_EVENT,
  wireLength,
} from './ndis.ts';
import { type PacketFacts, PacketIndex, placeOf } from './packet-index.ts';
import { Components, directionOf as directionOfTag, PACKET, PACKET_EVENT, packetHash } from './pktmon.ts';
import { isAboutTheTrace, isGuid, PROVIDER, ProviderCounts } from './providers.ts';
import { Schema } from './schema.ts';
import { SystemFacts } from './system.ts';

const KNOWN_KINDS: readonly number[] = Object.values(RECORD);

export class Records {
  readonly index = new PacketIndex();
  readonly appearances = new Appearances();
  readonly components = new Components();
  readonly interfaces = new Interfaces();
  readonly providers = new ProviderCounts();
  readonly schema = new Schema();
  readonly system = new SystemFacts();
  readonly joiner = new Joiner(this.index);
  /** Records of kinds that nobody knows, by kind. */
  readonly unknownKinds = new Map<number, number>();
  /** Packet events whose lengths do not fit. */
  badEvents = 0;
  hasPktmon = false;
  private readonly description: TraceDescription;
  private readonly facts: PacketFacts = {
    place: 0,
    dataAt: 0,
    captured: 0,
    length: 0,
    ticks: 0,
    iface: 0,
    direction: 0,
  };
  private readonly appearance: Appearance = {
    groupLow: 0,
    groupHigh: 0,
    packetNumber: 0,
    appearance: 0,
    component: 0,
    edge: 0,
    packetType: 0,
    isDrop: false,
    processor: 0,
    hash: 0,
  };

  constructor(description: TraceDescription) {
    this.description = description;
  }

  /** Returns where the records end: before the end of the body where one of them is damaged. Hot: once per event. */
  walk(body: Uint8Array, buffer: number, processor: number): number {
    const end = body.length;
    let at = 0;
    while (at + 8 <= end) {
      const marker = u32le(body, at);
      if (marker === MARK.filler) return end;
      const flags = marker >>> 24;
      const kind = (marker >>> 16) & 0xff;
      if (flags !== MARK.header && flags !== MARK.message) return at;
      const length = flags === MARK.header && hasLengthAt4(kind) ? u16le(body, at + 4) : marker & 0xffff;
      const recordEnd = at + length;
      if (length < 8 || recordEnd > end) return at;
      if (flags === MARK.header) this.record(kind, body, at, recordEnd, buffer, processor);
      else this.providers.addUnnamed();
      at += (length + 7) & ~7;
    }
    return end;
  }

  private record(kind: number, body: Uint8Array, at: number, end: number, buffer: number, processor: number): void {
    switch (kind) {
      case RECORD.event64:
      case RECORD.event32:
        if (at + EVENT.header <= end) this.event(body, at, end, buffer, processor);
        else this.badEvents++;
        return;
      case RECORD.classic32:
      case RECORD.classic64:
        if (at + CLASSIC.header <= end) this.classic(body, at, end);
        else this.badEvents++;
        return;
      case RECORD.system32:
      case RECORD.system64:
      case RECORD.compact32:
      case RECORD.compact64: {
        const header = kind === RECORD.system32 || kind === RECORD.system64 ? SYSTEM.header : SYSTEM.compact;
        if (at + header > end) {
          this.badEvents++;
          return;
        }
        if (body[at + SYSTEM.group] === GROUP.header) return;
        this.providers.addKernelEvent();
        this.system.takeSystem(body, at, end, header, this.description.pointerSize);
        return;
      }
      case RECORD.performance32:
      case RECORD.performance64:
        this.providers.addKernelEvent();
        return;
      default:
        if (!KNOWN_KINDS.includes(kind)) this.unknownKinds.set(kind, (this.unknownKinds.get(kind) ?? 0) + 1);
    }
  }

  private classic(body: Uint8Array, at: number, end: number): void {
    const provider = at + CLASSIC.provider;
    const type = body[at + CLASSIC.type];
    if (isAboutTheTrace(body, provider)) {
      if (isGuid(body, provider, PROVIDER.schema)) {
        this.schema.take(type, body, at + CLASSIC.header, end, this.providers);
      } else if (isGuid(body, provider, PROVIDER.config)) this.system.takeConfig(body, at, end);
      return;
    }
    this.providers.add(body, provider);
    if (isGuid(body, provider, PROVIDER.process)) {
      this.system.takeClassicProcess(body, at, end, this.description.pointerSize);
    }
  }

  private event(body: Uint8Array, at: number, end: number, buffer: number, processor: number): void {
    const provider = at + EVENT.provider;
    this.providers.add(body, provider);
    switch (u32le(body, provider)) {
      case PROVIDER.pktmon[0]:
        if (isGuid(body, provider, PROVIDER.pktmon)) this.pktmon(body, at, end, buffer, processor);
        return;
      case PROVIDER.ndis[0]:
        if (isGuid(body, provider, PROVIDER.ndis)) this.ndis(body, at, end, buffer, processor);
        return;
      case PROVIDER.ras[0]:
        if (isGuid(body, provider, PROVIDER.ras)) this.remoteAccess(body, at, end, buffer);
        return;
      case PROVIDER.kernelProcess[0]:
        if (isGuid(body, provider, PROVIDER.kernelProcess)) this.system.takeProcessEvent(body, at, end);
    }
  }

  private pktmon(body: Uint8Array, at: number, end: number, buffer: number, processor: number): void {
    const id = u16le(body, at + EVENT.id);
    const from = userData(body, at, end);
    if (id !== PACKET_EVENT.seen && id !== PACKET_EVENT.dropped) {
      this.components.take(id, body, from, end);
      return;
    }
    const data = from + PACKET.data;
    if (data > end) {
      this.badEvents++;
      return;
    }
    const claimed = u16le(body, from + PACKET.captured);
    if (data + claimed > end) this.badEvents++;
    const { facts, appearance } = this;
    const packetType = u16le(body, from + PACKET.type);
    const component = u16le(body, from + PACKET.component);
    facts.captured = Math.min(claimed, end - data);
    facts.length = Math.max(claimed, u16le(body, from + PACKET.length));
    facts.iface = this.interfaces.ofComponent(component, packetType);
    if (facts.iface < 0) return;
    facts.direction = directionOfTag(u16le(body, from + PACKET.direction));
    this.setPlace(body, at, buffer, data);
    const packet = this.index.add(facts);
    appearance.groupLow = u32le(body, from + PACKET.groupLow);
    appearance.groupHigh = u32le(body, from + PACKET.groupHigh);
    appearance.packetNumber = u16le(body, from + PACKET.number);
    appearance.appearance = u16le(body, from + PACKET.appearance);
    appearance.component = component;
    appearance.edge = u16le(body, from + PACKET.edge);
    appearance.packetType = packetType;
    appearance.isDrop = id === PACKET_EVENT.dropped;
    appearance.processor = processor;
    appearance.hash = packetHash(body, data, data + facts.captured, packetType);
    this.appearances.add(packet, appearance);
    this.hasPktmon = true;
  }

  private ndis(body: Uint8Array, at: number, end: number, buffer: number, processor: number): void {
    const id = u16le(body, at + EVENT.id);
    if (id !== NDIS_EVENT.packet && id !== NDIS_EVENT.switchPacket) return;
    const from = userData(body, at, end);
    if (from + FRAGMENT.data > end) {
      this.badEvents++;
      return;
    }
    const { facts } = this;
    const adapter = u32le(body, from + FRAGMENT.adapter);
    const layer = u32le(body, from + FRAGMENT.layer);
    const keywordLow = u32le(body, at + EVENT.keywordLow);
    const link = linkOf(keywordLow);
    let data = from + FRAGMENT.data;
    let size = u32le(body, from + FRAGMENT.size);
    if (id === NDIS_EVENT.switchPacket) {
      const found = findSwitchFrame(body, from, end);
      if (found === null) {
        this.badEvents++;
        return;
      }
      data = found.at;
      size = found.size;
      facts.iface = this.interfaces.ofPort(adapter, layer, link, found);
    } else facts.iface = this.interfaces.ofAdapter(adapter, layer, link);
    if (facts.iface < 0) return;
    if (data + size > end) this.badEvents++;
    facts.captured = Math.min(size, end - data);
    facts.direction = directionOfKeyword(u32le(body, at + EVENT.keywordHigh));
    this.setPlace(body, at, buffer, data);
    this.joiner.take(facts, keywordLow, processor * 0x1_0000 + facts.iface, body, data, link);
  }

  private remoteAccess(body: Uint8Array, at: number, end: number, buffer: number): void {
    const id = u16le(body, at + EVENT.id);
    if (id !== RAS_EVENT.sent && id !== RAS_EVENT.received) return;
    const found = findRasFrame(body, userData(body, at, end), end);
    if (found === null) {
      this.badEvents++;
      return;
    }
    const { facts } = this;
    facts.iface = this.interfaces.ofRemoteAccess();
    if (facts.iface < 0) return;
    facts.captured = found.size;
    facts.length = wireLength(body, found.at, found.at + found.size, found.size, LINK.ethernet);
    facts.direction = id === RAS_EVENT.sent ? DIRECTION.outbound : DIRECTION.inbound;
    this.setPlace(body, at, buffer, found.at);
    this.index.add(facts);
  }

  private setPlace(body: Uint8Array, at: number, buffer: number, data: number): void {
    const { facts, description } = this;
    facts.place = placeOf(buffer, at);
    facts.dataAt = data - at;
    facts.ticks = ticksSince(description, u32le(body, at + EVENT.time), u32le(body, at + EVENT.time + 4));
  }
}
