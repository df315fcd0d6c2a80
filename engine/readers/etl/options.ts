/** What a trace says of a packet beside its bytes: read again from its record when somebody asks. */

import { u16le, u32le, u64le } from '../../base/bytes.ts';
import { DIRECTION, type PacketOptions, type PacketTrace } from '../reader.ts';
import { NO_GROUP } from './appearances.ts';
import { EVENT, userData } from './layout.ts';
import { KEYWORD } from './ndis.ts';
import { bufferAt, offsetAt } from './packet-index.ts';
import { PACKET, PACKET_EVENT } from './pktmon.ts';
import type { Trace } from './trace.ts';

type Growing<T> = { -readonly [K in keyof T]: T[K] };

/** Verdict option of pcapng: the first byte says whose verdict it is (0: hardware), then its value. */
export function readOptions(trace: Trace, packet: number): PacketOptions | null {
  const { index, interfaces, system } = trace.records;
  if (!(packet >= 0 && packet < index.count)) return null;
  const record = index.recordOf(packet);
  const buffer = bufferAt(record);
  const body = trace.buffers.body(buffer);
  const at = offsetAt(record);
  if (at + EVENT.header > body.length) return null;
  const source = interfaces.sources[index.iface[packet]];
  const processId = u32le(body, at + EVENT.process);
  const threadId = u32le(body, at + EVENT.thread);
  const about: Growing<PacketTrace> = {
    provider: source.provider,
    processId,
    threadId,
    processor: trace.buffers.processor[buffer],
  };
  const options: Growing<PacketOptions> = { processId, threadId, trace: about };
  const processName = system.processName(processId);
  if (processName !== undefined) options.processName = processName;
  if (source.provider === 'pktmon') addPktmon(trace, packet, body, at, options, about);
  else if (source.provider === 'ndis') {
    about.adapter = source.adapter;
    about.layer = source.layer;
    if ((u32le(body, at + EVENT.keywordHigh) & KEYWORD.dropped) !== 0) about.isDropped = true;
  }
  const direction = index.direction[packet];
  if (direction !== DIRECTION.unknown) options.flags = direction;
  return options;
}

function addPktmon(
  trace: Trace,
  packet: number,
  body: Uint8Array,
  at: number,
  options: Growing<PacketOptions>,
  about: Growing<PacketTrace>,
): void {
  const { appearances, components, schema } = trace.records;
  const end = Math.min(body.length, at + u16le(body, at));
  const from = userData(body, at, end);
  if (from + PACKET.data > end) return;
  const component = components.get(u16le(body, from + PACKET.component));
  const edge = u16le(body, from + PACKET.edge);
  about.component = u16le(body, from + PACKET.component);
  about.edge = edge;
  about.directionTag = u16le(body, from + PACKET.direction);
  about.packetType = u16le(body, from + PACKET.type);
  about.filter = u16le(body, from + PACKET.filter);
  about.groupId = u64le(body, from + PACKET.groupLow);
  about.packetNumber = u16le(body, from + PACKET.number);
  if (component !== undefined) {
    about.componentName = component.name;
    about.componentDescription = component.description;
    about.componentType = component.type;
    const edgeName = component.edges.get(edge);
    if (edgeName !== undefined) about.edgeName = edgeName;
    if (component.adapter !== undefined) about.adapter = component.adapter;
  }
  const group = appearances.group[packet];
  if (group !== NO_GROUP) {
    about.packetGroup = group;
    about.appearance = appearances.rank[packet];
    about.appearanceCount = appearances.sizeOf(packet);
    options.packetId = about.groupId;
  }
  if (u16le(body, at + EVENT.id) !== PACKET_EVENT.dropped) return;
  about.isDropped = true;
  about.dropReason = u32le(body, from + PACKET.dropReason);
  about.dropLocation = u32le(body, from + PACKET.dropLocation);
  const reason = schema.word('DropReason', about.dropReason);
  const location = schema.word('DropLocation', about.dropLocation);
  if (reason !== undefined) about.dropReasonText = reason;
  if (location !== undefined) about.dropLocationText = location;
}
