/** Geneve (RFC 8926). Hot: scan() runs once per tunnelled packet. */

import { u16, u24 } from '../../base/bytes.ts';
import { ethertypeNames } from '../names/ethertypes.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { version: 0, flags: 1, protocol: 2, vni: 4, reserved: 7, options: 8 } as const;
const OPTION = { class: 0, type: 2, length: 3, data: 4 } as const;

/** IANA, "Geneve Option Class". */
function className(value: number): string {
  if (value <= 0xff) return 'Standard';
  if (value === 0x100) return 'Linux';
  if (value === 0x101) return 'Open vSwitch';
  if (value === 0x102) return 'Open Virtual Networking (OVN)';
  if (value === 0x103) return 'In-band Network Telemetry (INT)';
  if (value === 0x104) return 'VMware';
  if (value >= 0x108 && value <= 0x110) return 'Amazon.com, Inc.';
  if (value >= 0x111 && value <= 0x118) return 'Cisco';
  if (value >= 0x119 && value <= 0x128) return 'Oracle';
  if (value >= 0x132 && value <= 0x135) return 'Google LLC';
  return value >= 0xfff0 ? 'Experimental' : 'Unassigned';
}

export const geneve = defineProtocol({
  name: 'geneve',
  title: 'Generic Network Virtualization Encapsulation',
  short: 'Geneve',
  on: { 'udp.port': [6081] },
  chooses: 'geneve.type',
  header: AT.options,
  fields: {
    version: { type: 'u8', bits: [7, 6], label: 'Version' },
    flags: { at: AT.flags, type: 'u8', show: 'hex', label: 'Flags' },
    'flags.oam': {
      at: AT.flags,
      type: 'bool',
      of: 'u8',
      bits: [7, 7],
      label: 'Operations, Administration and Management Frame',
      flag: ['True', 'False'],
    },
    'flags.critical': {
      at: AT.flags,
      type: 'bool',
      of: 'u8',
      bits: [6, 6],
      label: 'Critical Options Present',
      flag: ['True', 'False'],
    },
    'flags.reserved': {
      at: AT.flags,
      type: 'bool',
      of: 'u8',
      bits: [5, 0],
      label: 'Reserved',
      flag: ['True', 'False'],
    },
    proto_type: { at: AT.protocol, type: 'u16', show: 'hex', label: 'Protocol Type', names: ethertypeNames },
    vni: { at: AT.vni, type: 'u24', show: 'hex-dec', label: 'Virtual Network Identifier (VNI)' },
    reserved: { type: 'u8', show: 'hex', label: 'Reserved' },
    options: { type: 'bytes', label: 'Geneve Options' },
    'option.class': { type: 'u16', show: 'hex', label: 'Class', names: className, many: true },
    'option.type': { type: 'u8', show: 'hex', label: 'Type', many: true },
    'option.type.critical': {
      type: 'bool',
      of: 'u8',
      bits: [7, 7],
      label: 'Critical Option',
      flag: ['True', 'False'],
      many: true,
    },
    'option.length': { type: 'u8', label: 'Length', doc: 'In bytes, header included.', many: true },
    'option.unknown.data': { type: 'bytes', label: 'Unknown Option Data', many: true },
    'option.length.invalid': { type: 'none', label: 'Invalid length for option' },
  },
  scan(p) {
    const b = p.bytes;
    const options = (b[p.at] & 63) << 2;
    const protocol = u16(b, p.at + AT.protocol);
    p.tunnel(u24(b, p.at + AT.vni));
    if (!p.has(AT.options + options)) return;
    p.enter(AT.options + options);
    p.next(protocol);
  },
  tree(t) {
    const { at } = t;
    const options = (t.u8(at) & 63) << 2;
    const protocol = t.u16(at + AT.protocol);
    const vni = t.u24(at + AT.vni);
    t.addLabel(`, VNI: 0x${vni.toString(16).padStart(6, '0')}${(t.u8(at + AT.flags) & 0x80) !== 0 ? ', OAM' : ''}`);
    t.info(`Encapsulated ${ethertypeNames[protocol] ?? `0x${protocol.toString(16).padStart(4, '0')} (unknown)`}`);
    t.put('version', t.u8(at) >>> 6, at, 1, `Version: ${t.u8(at) >>> 6}`);
    t.put('option.length', options, at, 1, `Length: ${options} bytes`);
    t.header();
    t.add('reserved', at + AT.reserved);
    const end = at + AT.options + options;
    t.headerEnd(end);
    if (options > 0) listOptions(t, at + AT.options, end);
    t.upper(end);
  },
});

function listOptions(t: TreeBuilder, from: number, end: number): void {
  t.nest(t.put('options', t.slice(from, end - from), from, end - from, `Options: (${end - from} bytes)`));
  let at = from;
  while (at + OPTION.data <= end) {
    const length = OPTION.data + ((t.u8(at + OPTION.length) & 31) << 2);
    const kind = t.u16(at + OPTION.class);
    const type = t.u8(at + OPTION.type);
    const critical = (type & 0x80) !== 0 ? 'Critical' : 'Non-critical';
    const hex = `0x${type.toString(16).padStart(2, '0')}`;
    t.nest(
      t.text(
        `${className(kind)} (0x${kind.toString(16).padStart(4, '0')}), Type: ${hex} (${critical})`,
        at,
        Math.min(length, end - at),
      ),
    );
    t.add('option.class', at + OPTION.class);
    t.nest(t.put('option.type', type, at + OPTION.type, 1, `Type: ${hex} (${critical})`));
    t.hide('option.type.critical', type >>> 7, at + OPTION.type, 1);
    t.close();
    t.put('option.length', length, at + OPTION.length, 1, `Length: ${length} bytes`);
    if (at + length > end) {
      t.expert('error', 'Invalid length for option', at + OPTION.length, 1, 'option.length.invalid');
      t.close();
      break;
    }
    t.add('option.unknown.data', at + OPTION.data, length - OPTION.data);
    t.close();
    at += length;
  }
  t.close();
}
