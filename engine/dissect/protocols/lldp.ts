/** Link Layer Discovery Protocol (IEEE 802.1AB): a list of typed values, the first three of which are required. */

import { formatIpv4, formatIpv6, formatMac } from '../../base/address.ts';
import { toHex } from '../../base/hex.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const TYPE = {
  end: 0,
  chassis: 1,
  port: 2,
  ttl: 3,
  portDescription: 4,
  systemName: 5,
  systemDescription: 6,
  capabilities: 7,
  management: 8,
  own: 127,
} as const;
const TYPES: Readonly<Record<number, string>> = {
  0: 'End of LLDPDU',
  1: 'Chassis Id',
  2: 'Port Id',
  3: 'Time to Live',
  4: 'Port Description',
  5: 'System Name',
  6: 'System Description',
  7: 'System Capabilities',
  8: 'Management Address',
  127: 'Organization Specific',
};
const CHASSIS: Readonly<Record<number, string>> = {
  1: 'Chassis component',
  2: 'Interface alias',
  3: 'Port component',
  4: 'MAC address',
  5: 'Network address',
  6: 'Interface name',
  7: 'Locally assigned',
};
const PORT: Readonly<Record<number, string>> = {
  1: 'Interface alias',
  2: 'Port component',
  3: 'MAC address',
  4: 'Network address',
  5: 'Interface name',
  6: 'Agent circuit Id',
  7: 'Locally assigned',
};
/** How Info abbreviates the kinds of identifiers. */
const CHASSIS_SHORT: Readonly<Record<number, string>> = {
  1: 'CC',
  2: 'IA',
  3: 'PC',
  4: 'MA',
  5: 'NA',
  6: 'IN',
  7: 'LA',
};
const PORT_SHORT: Readonly<Record<number, string>> = { 1: 'IA', 2: 'PC', 3: 'MA', 4: 'NA', 5: 'IN', 6: 'AC', 7: 'LA' };
const CAPABILITIES = [
  ['other', 'Other'],
  ['repeater', 'Repeater'],
  ['bridge', 'Bridge'],
  ['wlan_access_pt', 'WLAN access point'],
  ['router', 'Router'],
  ['telephone', 'Telephone'],
  ['docsis_cable_device', 'DOCSIS cable device'],
  ['station_only', 'Station only'],
] as const;
const OUIS: Readonly<Record<number, string>> = {
  0x0080c2: 'IEEE 802.1',
  0x00120f: 'IEEE 802.3',
  0x0012bb: 'TIA TR-41 Committee',
  0x000ecf: 'PROFIBUS International (PI)',
};
const KINDS: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  0x0080c2: {
    1: 'Port VLAN ID',
    2: 'Port and Protocol VLAN ID',
    3: 'VLAN Name',
    4: 'Protocol Identity',
    7: 'Link Aggregation',
  },
  0x00120f: { 1: 'MAC/PHY Configuration/Status', 2: 'Power Via MDI', 3: 'Link Aggregation', 4: 'Maximum Frame Size' },
  0x0012bb: {
    1: 'Media Capabilities',
    2: 'Network Policy',
    3: 'Location Identification',
    4: 'Extended Power-via-MDI',
    5: 'Inventory - Hardware Revision',
    6: 'Inventory - Firmware Revision',
    7: 'Inventory - Software Revision',
    8: 'Inventory - Serial Number',
    9: 'Inventory - Manufacturer Name',
    10: 'Inventory - Model Name',
    11: 'Inventory - Asset ID',
  },
};
const NETWORK = { ipv4: 1, ipv6: 2 } as const;
const capabilityFields = (under: string) =>
  Object.fromEntries(
    CAPABILITIES.map(([key, label], i) => [
      `${under}.${key}`,
      { type: 'bool', of: 'u16', bits: [i, i], label, flag: ['Capable', 'Not capable'] } as const,
    ]),
  );

export const lldp = defineProtocol({
  name: 'lldp',
  title: 'Link Layer Discovery Protocol',
  on: { ethertype: [0x88cc] },
  fields: {
    'tlv.type': { type: 'u16', bits: [15, 9], label: 'TLV Type', names: TYPES, many: true },
    'tlv.len': { type: 'u16', bits: [8, 0], label: 'TLV Length', many: true },
    'chassis.subtype': { type: 'u8', label: 'Chassis Id Subtype', names: CHASSIS },
    'chassis.id': { type: 'bytes', label: 'Chassis Id' },
    'chassis.id.mac': { type: 'ether', label: 'Chassis Id' },
    'chassis.id.ip4': { type: 'ipv4', label: 'Chassis Id' },
    'chassis.id.ip6': { type: 'ipv6', label: 'Chassis Id' },
    'port.subtype': { type: 'u8', label: 'Port Id Subtype', names: PORT },
    'port.id': { type: 'string', label: 'Port Id' },
    'port.id.mac': { type: 'ether', label: 'Port Id' },
    'port.id.ip4': { type: 'ipv4', label: 'Port Id' },
    'port.id.ip6': { type: 'ipv6', label: 'Port Id' },
    time_to_live: { type: 'u16', label: 'Seconds' },
    'port.desc': { type: 'string', label: 'Port Description' },
    'tlv.system.name': { type: 'string', label: 'System Name' },
    'tlv.system.desc': { type: 'string', label: 'System Description' },
    'tlv.system_cap': { type: 'u16', show: 'hex', label: 'Capabilities' },
    ...capabilityFields('tlv.system_cap'),
    'tlv.enable_system_cap': { type: 'u16', show: 'hex', label: 'Enabled Capabilities' },
    ...capabilityFields('tlv.enable_system_cap'),
    'mgn.address.len': { type: 'u8', label: 'Address String Length', many: true },
    'mgn.address.subtype': {
      type: 'u8',
      label: 'Address Subtype',
      names: { 1: 'IPv4', 2: 'IPv6', 6: '802' },
      many: true,
    },
    'mgn.addr.ip4': { type: 'ipv4', label: 'Management Address', many: true },
    'mgn.addr.ip6': { type: 'ipv6', label: 'Management Address', many: true },
    'mgn.addr.hex': { type: 'bytes', label: 'Management Address', many: true },
    'mgn.interface.subtype': {
      type: 'u8',
      label: 'Interface Subtype',
      names: { 1: 'Unknown', 2: 'ifIndex', 3: 'System port number' },
      many: true,
    },
    'mgn.interface.number': { type: 'u32', label: 'Interface Number', many: true },
    'orgtlv.oui': { type: 'u24', label: 'Organization Unique Code', names: OUIS, many: true },
    'ieee.802_1.subtype': {
      type: 'u8',
      show: 'hex',
      label: 'IEEE 802.1 Subtype',
      names: KINDS[0x0080c2] ?? {},
      many: true,
    },
    'ieee.802_1.port_vlan.id': { type: 'u16', label: 'Port VLAN Identifier' },
    'ieee.802_3.subtype': {
      type: 'u8',
      show: 'hex',
      label: 'IEEE 802.3 Subtype',
      names: KINDS[0x00120f] ?? {},
      many: true,
    },
    'ieee.802_3.max_frame_size': { type: 'u16', label: 'Maximum Frame Size' },
    'media.subtype': { type: 'u8', show: 'hex', label: 'Media Subtype', names: KINDS[0x0012bb] ?? {}, many: true },
    unknown_subtype: { type: 'u8', label: 'Unknown Subtype', many: true },
    'unknown_subtype.content': { type: 'bytes', label: 'Unknown Subtype Content', many: true },
  },
  tree(t) {
    t.info('');
    for (let at = t.at; t.end - at >= 2; ) {
      const head = t.u16(at);
      const type = head >>> 9;
      const length = head & 0x1ff;
      const node = t.nest(
        t.text(TYPES[type] ?? (type < TYPE.own ? 'Reserved' : 'Unknown'), at, Math.min(2 + length, t.end - at)),
      );
      t.add('tlv.type', at);
      t.add('tlv.len', at);
      if (!t.has(at + 2, length)) t.fail();
      const said = value(t, type, at + 2, length);
      if (said !== '') node.text = `${TYPES[type] ?? ''} = ${said}`;
      t.close();
      if (type === TYPE.end) {
        t.limit(at + 2 + length);
        return;
      }
      at += 2 + length;
    }
  },
});

/** Adds what a value holds; returns what its row says. */
function value(t: TreeBuilder, type: number, at: number, length: number): string {
  const text = (key: string): string => {
    const got = t.string(at, length);
    t.put(key, got, at, length);
    return got;
  };
  switch (type) {
    case TYPE.chassis:
      return identifier(t, 'chassis', at, length, 4, 5, CHASSIS_SHORT);
    case TYPE.port:
      return identifier(t, 'port', at, length, 3, 4, PORT_SHORT);
    case TYPE.ttl: {
      const seconds = t.u16(at);
      t.add('time_to_live', at);
      t.addInfo(`${seconds} `);
      return `${seconds} sec`;
    }
    case TYPE.portDescription:
      return text('port.desc');
    case TYPE.systemName: {
      const name = text('tlv.system.name');
      t.addInfo(`SysN=${name} `);
      return name;
    }
    case TYPE.systemDescription: {
      const name = text('tlv.system.desc');
      t.addInfo(`SysD=${name} `);
      return name;
    }
    case TYPE.capabilities:
      for (const [i, key] of ['tlv.system_cap', 'tlv.enable_system_cap'].entries()) {
        t.add(key, at + 2 * i);
        t.nest(t.last());
        for (const [bit] of CAPABILITIES) t.add(`${key}.${bit}`, at + 2 * i);
        t.close();
      }
      return '';
    case TYPE.management:
      return management(t, at, length);
    case TYPE.own:
      return own(t, at, length);
    default:
      return '';
  }
}

function identifier(
  t: TreeBuilder,
  key: string,
  at: number,
  length: number,
  mac: number,
  network: number,
  short: Readonly<Record<number, string>>,
): string {
  const kind = t.u8(at);
  t.add(`${key}.subtype`, at);
  const from = at + 1;
  const size = length - 1;
  let text: string;
  if (kind === mac && size === 6) {
    t.add(`${key}.id.mac`, from);
    text = formatMac(t.bytes, from);
  } else if (kind === network && size === 5 && t.u8(from) === NETWORK.ipv4) {
    t.add(`${key}.id.ip4`, from + 1);
    text = formatIpv4(t.u32(from + 1));
  } else if (kind === network && size === 17 && t.u8(from) === NETWORK.ipv6) {
    t.add(`${key}.id.ip6`, from + 1);
    text = formatIpv6(t.slice(from + 1, 16));
  } else {
    text = t.string(from, Math.max(0, size));
    t.add(`${key}.id`, from, Math.max(0, size));
  }
  t.addInfo(`${short[kind] ?? '??'}/${text} `);
  return text;
}

function management(t: TreeBuilder, at: number, length: number): string {
  const size = t.u8(at);
  t.add('mgn.address.len', at);
  if (size < 1 || size + 6 > length) return '';
  const kind = t.u8(at + 1);
  t.add('mgn.address.subtype', at + 1);
  if (kind === NETWORK.ipv4 && size === 5) t.add('mgn.addr.ip4', at + 2);
  else if (kind === NETWORK.ipv6 && size === 17) t.add('mgn.addr.ip6', at + 2);
  else if (size > 1) t.add('mgn.addr.hex', at + 2, size - 1);
  t.add('mgn.interface.subtype', at + 1 + size);
  t.add('mgn.interface.number', at + 2 + size);
  return '';
}

function own(t: TreeBuilder, at: number, length: number): string {
  if (length < 4) return '';
  const oui = t.u24(at);
  const kind = t.u8(at + 3);
  t.add('orgtlv.oui', at);
  const rest = at + 4;
  if (oui === 0x0080c2) {
    t.add('ieee.802_1.subtype', at + 3);
    if (kind === 1 && length >= 6) t.add('ieee.802_1.port_vlan.id', rest);
  } else if (oui === 0x00120f) {
    t.add('ieee.802_3.subtype', at + 3);
    if (kind === 4 && length >= 6) t.add('ieee.802_3.max_frame_size', rest);
  } else if (oui === 0x0012bb) t.add('media.subtype', at + 3);
  else {
    t.add('unknown_subtype', at + 3);
    if (length > 4) t.add('unknown_subtype.content', rest, length - 4);
  }
  return `${OUIS[oui] ?? toHex(t.slice(at, 3), ':')} - ${KINDS[oui]?.[kind] ?? `Unknown (${kind})`}`;
}
