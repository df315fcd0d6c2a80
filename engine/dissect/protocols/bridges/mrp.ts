/** Multiple Registration Protocol (IEEE 802.1Q 10): bridges tell each other of VLANs (MVRP), groups (MMRP) and streams (MSRP). */

import { defineProtocol, type FieldSpec, type ProtocolSpec } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const THREE = 3;
const FOUR = 4;
const LISTENER = 3;

interface Kind {
  readonly name: string;
  readonly title: string;
  readonly short: string;
  readonly type: number;
  readonly attributes: Readonly<Record<number, string>>;
  /** Do messages tell the length of their list? */
  readonly hasListLength?: boolean;
  readonly fields?: Readonly<Record<string, FieldSpec>>;
  /** The first value of a vector. */
  first?(t: TreeBuilder, type: number, at: number, length: number): void;
}

function defineRegistration(kind: Kind): ProtocolSpec {
  return defineProtocol({
    name: kind.name,
    title: kind.title,
    short: kind.short,
    on: { ethertype: [kind.type] },
    header: 1,
    fields: {
      protocol_version: { at: 0, type: 'u8', label: 'Protocol Version' },
      attribute_type: { type: 'u8', label: 'Attribute Type', names: kind.attributes, many: true },
      attribute_length: { type: 'u8', label: 'Attribute Length', many: true },
      vector_header: { type: 'u16', show: 'hex', label: 'Vector Header', many: true },
      leave_all_event: { type: 'u16', bits: [15, 13], label: 'Leave All Event', many: true },
      number_of_values: { type: 'u16', bits: [12, 0], label: 'Number of Values', many: true },
      three_packed_event: { type: 'u8', label: 'Attribute Event', many: true },
      end_mark: { type: 'u16', show: 'hex', label: 'End Mark', many: true },
      ...(kind.hasListLength === true
        ? {
            attribute_list_length: { type: 'u16', label: 'Attribute List Length', many: true } as const,
            four_packed_event: { type: 'u8', label: 'Declaration Type', many: true } as const,
          }
        : {}),
      ...kind.fields,
    },
    tree(t) {
      t.info(kind.title);
      let at = t.header();
      while (at + 2 <= t.end && t.u16(at) !== 0) at = message(t, kind, at);
      if (at + 2 <= t.end) t.add('end_mark', at);
    },
  });
}

function message(t: TreeBuilder, kind: Kind, from: number): number {
  const type = t.u8(from);
  const length = t.u8(from + 1);
  t.nest(t.text(`Message: ${kind.attributes[type] ?? `Unknown (${type})`}`, from, 2));
  t.add('attribute_type', from);
  t.add('attribute_length', from + 1);
  let at = from + 2;
  if (kind.hasListLength === true) at = t.add('attribute_list_length', at);
  while (at + 2 <= t.end && t.u16(at) !== 0) at = vector(t, kind, type, length, at);
  t.add('end_mark', at);
  t.close(at + 2);
  return at + 2;
}

function vector(t: TreeBuilder, kind: Kind, type: number, length: number, from: number): number {
  const values = t.u16(from) & 0x1fff;
  t.add('vector_header', from);
  t.nest(t.last());
  t.add('leave_all_event', from);
  t.add('number_of_values', from);
  t.close();
  let at = from + 2;
  t.need(at, length);
  kind.first?.(t, type, at, length);
  at += length;
  at = packed(t, 'three_packed_event', at, values, THREE, [36, 6, 1]);
  if (kind.hasListLength === true && type === LISTENER)
    at = packed(t, 'four_packed_event', at, values, FOUR, [64, 16, 4, 1]);
  return at;
}

/** Several events to a byte, as digits of a number in base six or four (IEEE 802.1Q 10.8.2.10). */
function packed(
  t: TreeBuilder,
  key: string,
  at: number,
  values: number,
  each: number,
  weights: readonly number[],
): number {
  const base = (weights[0] ?? 1) / (weights[1] ?? 1);
  for (let i = 0; i < values; i++) {
    const place = at + Math.floor(i / each);
    t.put(key, Math.floor(t.u8(place) / (weights[i % each] ?? 1)) % base, place, 1);
  }
  return at + Math.ceil(values / each);
}

export const mvrp = defineRegistration({
  name: 'mrp-mvrp',
  title: 'Multiple VLAN Registration Protocol',
  short: 'MRP-MVRP',
  type: 0x88f5,
  attributes: { 1: 'VID' },
  fields: { vid: { type: 'u16', label: 'VLAN ID', many: true } },
  first(t, _type, at, length) {
    if (length === 2) t.add('vid', at);
  },
});

export const mmrp = defineRegistration({
  name: 'mrp-mmrp',
  title: 'Multiple Mac Registration Protocol',
  short: 'MRP-MMRP',
  type: 0x88f6,
  attributes: { 1: 'Service Requirement', 2: 'MAC' },
});

const TALKER = { advertise: 1, failed: 2, domain: 4 } as const;

export const msrp = defineRegistration({
  name: 'mrp-msrp',
  title: 'Multiple Stream Reservation Protocol',
  short: 'MRP-MSRP',
  type: 0x22ea,
  hasListLength: true,
  attributes: { 1: 'Talker Advertise', 2: 'Talker Failed', 3: 'Listener', 4: 'Domain' },
  fields: {
    stream_id: { type: 'u64', show: 'hex', label: 'Stream ID', many: true },
    stream_da: { type: 'ether', label: 'Stream DA', many: true },
    vlan_id: { type: 'u16', show: 'hex', label: 'VLAN ID', many: true },
    tspec_max_frame_size: { type: 'u16', label: 'TSpec Max Frame Size', many: true },
    tspec_max_interval_frames: { type: 'u16', label: 'TSpec Max Frames per Interval', many: true },
    priority_and_rank: { type: 'u8', show: 'hex', label: 'Priority and Rank', many: true },
    priority: { type: 'u8', bits: [7, 5], label: 'Priority', many: true },
    rank: { type: 'u8', bits: [4, 4], label: 'Rank', many: true },
    accumulated_latency: { type: 'u32', label: 'Accumulated Latency', many: true },
    failure_bridge_id: { type: 'u64', show: 'hex', label: 'Failure Bridge ID', many: true },
    failure_code: { type: 'u8', label: 'Failure Code', many: true },
    sr_class_id: { type: 'u8', label: 'SR Class ID', many: true },
    sr_class_priority: { type: 'u8', label: 'SR Class Priority', many: true },
    sr_class_vid: { type: 'u16', label: 'SR Class VID', many: true },
  },
  first(t, type, at, length) {
    if (type === TALKER.domain && length >= 4) {
      t.add('sr_class_id', at);
      t.add('sr_class_priority', at + 1);
      t.add('sr_class_vid', at + 2);
      return;
    }
    if (length >= 8) t.add('stream_id', at);
    if (type === LISTENER || length < 25) return;
    t.add('stream_da', at + 8);
    t.add('vlan_id', at + 14);
    t.add('tspec_max_frame_size', at + 16);
    t.add('tspec_max_interval_frames', at + 18);
    t.add('priority_and_rank', at + 20);
    t.add('priority', at + 20);
    t.add('rank', at + 20);
    t.add('accumulated_latency', at + 21);
    if (type !== TALKER.failed || length < 34) return;
    t.add('failure_bridge_id', at + 25);
    t.add('failure_code', at + 33);
  },
});
