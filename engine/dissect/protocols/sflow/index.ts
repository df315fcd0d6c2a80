/** sFlow (RFC 3176; version 5: sflow.org): switches send the first bytes of sampled packets, and counters of their ports. */

import { formatIpv4, formatIpv6 } from '../../../base/address.ts';
import { u32 } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { address, ethernetData, listFields, listRecord, rawHeader, router } from './records.ts';

const VERSIONS: readonly number[] = [2, 4, 5];
const VERSION5 = 5;
const SAMPLE = { flow: 1, counters: 2, expandedFlow: 3, expandedCounters: 4 } as const;
const SAMPLES: Readonly<Record<number, string>> = {
  1: 'Flow sample',
  2: 'Counters sample',
  3: 'Expanded flow sample',
  4: 'Expanded counters sample',
  7: 'Lag Port stats',
};
const FLOW_RECORD = { header: 1, ethernet: 2, router: 1002 } as const;
const FLOW_RECORDS: Readonly<Record<number, string>> = {
  1: 'Raw packet header',
  2: 'Ethernet frame data',
  3: 'IPv4 data',
  4: 'IPv6 data',
  1001: 'Extended switch data',
  1002: 'Extended router data',
  1003: 'Extended gateway data',
  1004: 'Extended user data',
  1005: 'Extended URL data',
  1006: 'Extended MPLS data',
  1007: 'Extended NAT data',
  1012: 'Extended VLAN tunnel',
};
const COUNTER_RECORDS: Readonly<Record<number, string>> = {
  1: 'Generic interface counters',
  2: 'Ethernet interface counters',
  3: 'Token ring counters',
  4: '100 Base VG interface counters',
  5: 'VLAN counters',
  6: 'IEEE 802.11 counters',
  7: 'LAG counters',
  1001: 'Processor information',
  1002: 'Radio utilization',
};
const HEADERS: Readonly<Record<number, string>> = {
  1: 'Ethernet',
  2: 'Token Bus',
  3: 'Token Ring',
  4: 'FDDI',
  5: 'Frame Relay',
  6: 'X.25',
  7: 'PPP',
  11: 'IPv4',
  12: 'IPv6',
  13: 'MPLS',
};
const FAMILIES: Readonly<Record<number, string>> = { 1: 'IPv4', 2: 'IPv6' };
const FORMATS: Readonly<Record<number, string>> = { 0: 'ifindex', 1: 'packet discarded', 2: 'multiple interfaces' };
/** Of a type: the number itself below, the enterprise that defined it above. */
const TYPE_BITS = 12;

export const sflow = defineProtocol({
  name: 'sflow',
  title: 'InMon sFlow',
  short: 'sFlow',
  on: { 'udp.port': [6343] },
  header: 8,
  fields: {
    version: { type: 'u32', label: 'Datagram version', abbrev: 'sflow_245.version' },
    agenttype: { type: 'u32', label: 'Agent address type', names: FAMILIES, abbrev: 'sflow_245.agenttype' },
    agent: { type: 'ipv4', label: 'Agent address', abbrev: 'sflow_245.agent' },
    'agent.v6': { type: 'ipv6', label: 'Agent address', abbrev: 'sflow_245.agent.v6' },
    sub_agent_id: { type: 'u32', label: 'Sub-agent ID', abbrev: 'sflow_245.sub_agent_id' },
    sequence_number: { type: 'u32', label: 'Sequence number', abbrev: 'sflow_245.sequence_number' },
    sysuptime: { type: 'u32', label: 'SysUptime', abbrev: 'sflow_245.sysuptime', doc: 'Milliseconds.' },
    numsamples: { type: 'u32', label: 'NumSamples', abbrev: 'sflow_245.numsamples' },
    enterprise: { type: 'u32', bits: [31, 12], label: 'Enterprise', many: true },
    sampletype: {
      type: 'u32',
      bits: [11, 0],
      label: 'sFlow sample type',
      names: SAMPLES,
      many: true,
      abbrev: 'sflow_245.sampletype',
    },
    sample_length: { type: 'u32', label: 'Sample length (byte)', many: true, abbrev: 'sflow_5.sample_length' },
    'flow_sample.sequence_number': { type: 'u32', label: 'Sequence number', many: true },
    'flow_sample.source_id_class': { type: 'u32', bits: [31, 24], label: 'Source ID class', many: true },
    'flow_sample.index': { type: 'u32', bits: [23, 0], label: 'Index', many: true },
    'flow_sample.source_id_type': { type: 'u32', label: 'Source ID type', many: true },
    'flow_sample.source_id_index': { type: 'u32', label: 'Source ID index', many: true },
    'flow_sample.sampling_rate': { type: 'u32', label: 'Sampling rate', many: true },
    'flow_sample.sample_pool': { type: 'u32', label: 'Sample pool', many: true },
    'flow_sample.dropped_packets': { type: 'u32', label: 'Dropped packets', many: true },
    'flow_sample.input_interface': { type: 'u32', label: 'Input interface (ifIndex)', many: true },
    'flow_sample.output_interface_format': {
      type: 'u32',
      bits: [31, 30],
      label: 'Output interface format',
      names: FORMATS,
      many: true,
    },
    'flow_sample.output_interface_value': { type: 'u32', bits: [29, 0], label: 'Output interface value', many: true },
    'flow_sample.input_interface_format': { type: 'u32', label: 'Input interface format', names: FORMATS, many: true },
    'flow_sample.input_interface_value': { type: 'u32', label: 'Input interface value', many: true },
    'flow_sample.flow_record': { type: 'u32', label: 'Flow record', many: true },
    'counters_sample.sequence_number': { type: 'u32', label: 'Sequence number', many: true },
    'counters_sample.source_id_type': { type: 'u32', bits: [31, 24], label: 'Source ID type', many: true },
    'counters_sample.source_id_index': { type: 'u32', bits: [23, 0], label: 'Source ID index', many: true },
    'counters_sample.counters_records': { type: 'u32', label: 'Counters records', many: true },
    flow_record_format: {
      type: 'u32',
      label: 'Format',
      names: FLOW_RECORDS,
      many: true,
      abbrev: 'sflow_245.flow_record_format',
    },
    counters_record_format: {
      type: 'u32',
      bits: [11, 0],
      label: 'Format',
      names: COUNTER_RECORDS,
      many: true,
      abbrev: 'sflow_245.counters_record_format',
    },
    flow_data_length: { type: 'u32', label: 'Flow data length (byte)', many: true, abbrev: 'sflow_5.flow_data_length' },
    'enterprise.data': { type: 'bytes', label: 'Data', many: true },
    header_protocol: {
      type: 'u32',
      label: 'Header protocol',
      names: HEADERS,
      many: true,
      abbrev: 'sflow_245.header_protocol',
    },
    'header.frame_length': { type: 'u32', label: 'Frame Length', many: true, abbrev: 'sflow_245.header.frame_length' },
    'header.payload_stripped': {
      type: 'u32',
      label: 'Payload stripped',
      many: true,
      abbrev: 'sflow_245.header.payload_stripped',
    },
    'header.sampled_header_length': {
      type: 'u32',
      label: 'Sampled header length',
      many: true,
      abbrev: 'sflow_245.header.sampled_header_length',
    },
    header: { type: 'bytes', label: 'Header of sampled packet', many: true, abbrev: 'sflow_245.header' },
    nexthop: { type: 'ipv4', label: 'Next hop', many: true, abbrev: 'sflow_245.nexthop' },
    'nexthop.v6': { type: 'ipv6', label: 'Next hop', many: true, abbrev: 'sflow_245.nexthop.v6' },
    'nexthop.src_mask': {
      type: 'u32',
      label: 'Next hop source mask',
      many: true,
      abbrev: 'sflow_245.nexthop.src_mask',
    },
    'nexthop.dst_mask': {
      type: 'u32',
      label: 'Next hop destination mask',
      many: true,
      abbrev: 'sflow_245.nexthop.dst_mask',
    },
    'ethernet.length': { type: 'u32', label: 'Length of MAC Packet', many: true, abbrev: 'sflow_245.ethernet.length' },
    'ethernet.source_mac_address': {
      type: 'ether',
      label: 'Source MAC Address',
      many: true,
      abbrev: 'sflow_245.ethernet.source_mac_address',
    },
    'ethernet.destination_mac_address': {
      type: 'ether',
      label: 'Destination MAC Address',
      many: true,
      abbrev: 'sflow_245.ethernet.destination_mac_address',
    },
    'ethernet.packet_type': {
      type: 'u32',
      label: 'Ethernet Packet Type',
      many: true,
      abbrev: 'sflow_245.ethernet.packet_type',
    },
    ifoper_status: {
      type: 'bool',
      of: 'u32',
      bits: [1, 1],
      label: 'IfOperStatus',
      flag: ['Up', 'Down'],
      many: true,
      abbrev: 'sflow_245.ifoper_status',
    },
    ...listFields,
  },
  scan(p) {
    const isOurs = VERSIONS.includes(u32(p.bytes, p.at)) && FAMILIES[u32(p.bytes, p.at + 4)] !== undefined;
    if (!isOurs) return p.decline();
    // Headers are quoted: only a full dissection knows what is above.
    p.dissectMe();
  },
  tree(t) {
    const version = t.u32(t.at);
    t.add('version', t.at);
    t.add('agenttype', t.at + 4);
    let at = address(t, t.at + 4, 'agent');
    const agent = t.u32(t.at + 4) === 1 ? formatIpv4(t.u32(t.at + 8)) : formatIpv6(t.slice(t.at + 8, 16));
    t.info(`V${version}, agent ${agent}`);
    if (version === VERSION5) {
      t.addInfo(`, sub-agent ID ${t.u32(at)}`);
      at = t.add('sub_agent_id', at);
    }
    const samples = t.u32(at + 8);
    t.addInfo(`, seq ${t.u32(at)}, ${samples} samples`);
    t.add('sequence_number', at);
    t.add('sysuptime', at + 4);
    t.add('numsamples', at + 8);
    at += 12;
    // Samples of versions 2 and 4 do not say how long they are.
    if (version !== VERSION5) t.text('Samples', at, t.end - at);
    else for (let i = 0; i < samples && at < t.end; i++) at = sample(t, at);
  },
});

function sample(t: TreeBuilder, at: number): number {
  const type = t.u32(at);
  const kind = type & ((1 << TYPE_BITS) - 1);
  const end = at + 8 + t.u32(at + 4);
  const isOurs = type >>> TYPE_BITS === 0;
  const name = isOurs ? (SAMPLES[kind] ?? 'Unknown sample') : 'Enterprise sample';
  t.nest(t.text(`${name}, seq ${t.has(at + 8, 4) ? t.u32(at + 8) : '?'}`, at, end - at));
  t.add('enterprise', at);
  if (isOurs) t.add('sampletype', at);
  t.add('sample_length', at + 4);
  if (isOurs && (kind === SAMPLE.flow || kind === SAMPLE.expandedFlow))
    flowSample(t, at + 8, end, kind === SAMPLE.expandedFlow);
  else if (isOurs && (kind === SAMPLE.counters || kind === SAMPLE.expandedCounters))
    counterSample(t, at + 8, end, kind === SAMPLE.expandedCounters);
  else t.add('enterprise.data', at + 8, end - at - 8);
  t.close();
  return end;
}

function flowSample(t: TreeBuilder, start: number, end: number, isExpanded: boolean): void {
  let at = t.add('flow_sample.sequence_number', start);
  if (isExpanded) {
    at = t.add('flow_sample.source_id_type', at);
    at = t.add('flow_sample.source_id_index', at);
  } else {
    t.add('flow_sample.source_id_class', at);
    at = t.add('flow_sample.index', at);
  }
  at = t.add('flow_sample.sampling_rate', at);
  at = t.add('flow_sample.sample_pool', at);
  at = t.add('flow_sample.dropped_packets', at);
  if (isExpanded) {
    at = t.add('flow_sample.input_interface_format', at);
    at = t.add('flow_sample.input_interface_value', at);
    t.put('flow_sample.output_interface_format', t.u32(at), at, 4);
    t.put('flow_sample.output_interface_value', t.u32(at + 4), at + 4, 4);
    at += 8;
  } else {
    at = t.add('flow_sample.input_interface', at);
    t.add('flow_sample.output_interface_format', at);
    at = t.add('flow_sample.output_interface_value', at);
  }
  const count = t.u32(at);
  at = t.add('flow_sample.flow_record', at);
  for (let i = 0; i < count && at < end; i++) at = record(t, at, 'flow');
}

function counterSample(t: TreeBuilder, start: number, end: number, isExpanded: boolean): void {
  let at = t.add('counters_sample.sequence_number', start);
  if (isExpanded) {
    t.put('counters_sample.source_id_type', t.u32(at), at, 4);
    t.put('counters_sample.source_id_index', t.u32(at + 4), at + 4, 4);
    at += 8;
  } else {
    t.add('counters_sample.source_id_type', at);
    at = t.add('counters_sample.source_id_index', at);
  }
  const count = t.u32(at);
  at = t.add('counters_sample.counters_records', at);
  for (let i = 0; i < count && at < end; i++) at = record(t, at, 'counters');
}

function record(t: TreeBuilder, at: number, kind: 'flow' | 'counters'): number {
  const type = t.u32(at);
  const format = type & ((1 << TYPE_BITS) - 1);
  const body = at + 8;
  const end = body + t.u32(at + 4);
  const isOurs = type >>> TYPE_BITS === 0;
  const names = kind === 'flow' ? FLOW_RECORDS : COUNTER_RECORDS;
  t.nest(t.text(isOurs ? (names[format] ?? `Unknown record (${format})`) : 'Enterprise record', at, end - at));
  t.add('enterprise', at);
  if (kind === 'flow') t.put('flow_record_format', format, at, 4);
  else t.add('counters_record_format', at);
  t.add('flow_data_length', at + 4);
  if (!isOurs) t.add('enterprise.data', body, end - body);
  else if (kind === 'flow' && format === FLOW_RECORD.header) rawHeader(t, body);
  else if (kind === 'flow' && format === FLOW_RECORD.ethernet) ethernetData(t, body);
  else if (kind === 'flow' && format === FLOW_RECORD.router) router(t, body);
  else if (!listRecord(t, kind, format, body)) t.text('Data', body, end - body);
  t.close();
  return end;
}
