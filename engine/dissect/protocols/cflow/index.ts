/** NetFlow (RFC 3954 and what was before it) and IPFIX (RFC 7011): routers tell a collector of the flows that they saw. */

import { u16 } from '../../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import { elementFields } from './elements.ts';
import { fixedHeader, fixedRecords } from './fixed.ts';
import { templateSets } from './templates.ts';

const PORTS = [2055, 4739, 9996];
const IPFIX_PORT = 4739;
const IPFIX = 10;
const IPFIX_HEADER = 16;
const VERSIONS: readonly number[] = [1, 5, 7, 8, 9, IPFIX];
const ENGINES: Readonly<Record<number, string>> = { 0: 'RP', 1: 'VIP/Linecard', 2: 'PFC/DFC' };

export const cflow = defineProtocol({
  name: 'cflow',
  title: 'Cisco NetFlow/IPFIX',
  on: { 'udp.port': PORTS, 'tcp.port': [IPFIX_PORT], 'sctp.port': [IPFIX_PORT] },
  remembers: true,
  fields: {
    version: { type: 'u16', label: 'Version' },
    len: { type: 'u16', label: 'Length' },
    count: { type: 'u16', label: 'Count' },
    sysuptime: { type: 'duration', label: 'SysUptime' },
    timestamp: { type: 'time', label: 'Timestamp' },
    unix_secs: { type: 'u32', label: 'CurrentSecs' },
    unix_nsecs: { type: 'u32', label: 'CurrentNSecs' },
    exporttime: { type: 'u32', label: 'ExportTime' },
    sequence: { type: 'u32', label: 'FlowSequence' },
    source_id: { type: 'u32', label: 'SourceId' },
    samplingmode: { type: 'u16', bits: [15, 14], label: 'SamplingMode' },
    samplerate: { type: 'u16', bits: [13, 0], label: 'SampleRate' },
    flowset_id: { type: 'u16', label: 'FlowSet Id', many: true },
    flowset_length: { type: 'u16', label: 'FlowSet Length', many: true },
    template_field_count: { type: 'u16', label: 'Field Count', many: true },
    template_field_type: { type: 'u16', label: 'Type', many: true },
    template_field_length: { type: 'u16', label: 'Length', many: true },
    template_ipfix_pen_provided: {
      type: 'bool',
      of: 'u16',
      bits: [15, 15],
      label: 'Pen provided',
      flag: ['Yes', 'No'],
    },
    template_ipfix_field_type: { type: 'u16', label: 'Type', many: true },
    template_ipfix_field_type_enterprise: { type: 'u16', label: 'Type', many: true },
    template_ipfix_field_pen: { type: 'u32', label: 'PEN', many: true },
    template_ipfix_total_field_count: { type: 'u16', label: 'Total Field Count', many: true },
    template_ipfix_scope_field_count: { type: 'u16', label: 'Scope Field Count', many: true },
    template_frame: { type: 'frame', label: 'Template Frame', many: true },
    option_scope_length: { type: 'u16', label: 'Option Scope Length', many: true },
    option_length: { type: 'u16', label: 'Option Length', many: true },
    scope_field_type: { type: 'u16', label: 'Scope Type', many: true },
    scope_system: { type: 'bytes', label: 'ScopeSystem', many: true },
    scope_interface: { type: 'u32', label: 'ScopeInterface', many: true },
    scope_cache: { type: 'bytes', label: 'ScopeCache', many: true },
    scope_template: { type: 'bytes', label: 'ScopeTemplate', many: true },
    string_len_short: { type: 'u8', label: 'String_len_short', many: true },
    string_len_long: { type: 'u16', label: 'String_len_long', many: true },
    enterprise_private_entry: { type: 'bytes', label: 'Enterprise Private entry', many: true },
    unknown_field_type: { type: 'bytes', label: 'Unknown Field Type', many: true },
    flags: { type: 'u8', show: 'hex', label: 'Export Flags', many: true },
    routersc: { type: 'ipv4', label: 'Router Shortcut', many: true },
    ...elementFields,
    engine_type: { type: 'u8', label: 'EngineType', names: ENGINES, many: true },
    engine_id: { type: 'u8', label: 'EngineId', many: true },
  },
  accepts: (bytes, at, end) => end - at >= 2 && VERSIONS.includes(u16(bytes, at)),
  frame(f: Framing): number {
    if (f.end - f.at < 2) return MORE;
    if (u16(f.bytes, f.at) !== IPFIX) return NOT_MINE;
    if (f.end - f.at < 4) return MORE;
    const length = u16(f.bytes, f.at + 2);
    return length < IPFIX_HEADER ? NOT_MINE : length;
  },
  tree(t) {
    const version = t.u16(t.at);
    t.restartInfo(0); // of several messages in a segment the last one speaks
    if (!VERSIONS.includes(version)) {
      t.text('Data', t.at, t.end - t.at);
      return;
    }
    t.add('version', t.at);
    if (version === 1 || version === 5 || version === 7) fixedRecords(t, version);
    else if (version === 9 || version === IPFIX) templateSets(t, version);
    else fixedHeader(t, 8);
  },
});
