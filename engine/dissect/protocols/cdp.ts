/** Cisco Discovery Protocol, versions 1 and 2: a checksum and a list of typed values. */

import { formatIpv4 } from '../../base/address.ts';
import { fold16, sum16 } from '../../base/checksum.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { version: 0, ttl: 1, checksum: 2, values: 4 } as const;
const HEADER = 4;
const TYPE = {
  device: 1,
  addresses: 2,
  port: 3,
  capabilities: 4,
  version: 5,
  platform: 6,
  prefixes: 7,
  hello: 8,
  vtp: 9,
  vlan: 10,
  duplex: 11,
  voiceVlan: 14,
  power: 16,
  mtu: 17,
  trust: 18,
  cos: 19,
  name: 20,
  location: 23,
  powerAvailable: 26,
} as const;
const TYPES: Readonly<Record<number, string>> = {
  1: 'Device ID',
  2: 'Addresses',
  3: 'Port ID',
  4: 'Capabilities',
  5: 'Software version',
  6: 'Platform',
  7: 'IP Prefix/Gateway (used for ODR)',
  8: 'Protocol Hello',
  9: 'VTP Management Domain',
  10: 'Native VLAN',
  11: 'Duplex',
  14: 'VoIP VLAN Reply',
  15: 'VoIP VLAN Query',
  16: 'Power consumption',
  17: 'MTU',
  18: 'Trust Bitmap',
  19: 'Untrusted Port CoS',
  20: 'System Name',
  21: 'System Object ID',
  22: 'Management Address',
  23: 'Location',
  24: 'External Port-ID',
  25: 'Power Requested',
  26: 'Power Available',
  27: 'Port Unidirectional',
  31: 'Spare Pair PoE',
};
const CAPABILITIES = [
  ['router', 'Router'],
  ['trans_bridge', 'Transparent Bridge'],
  ['src_bridge', 'Source Route Bridge'],
  ['switch', 'Switch'],
  ['host', 'Host'],
  ['igmp_capable', 'IGMP capable'],
  ['repeater', 'Repeater'],
  ['voip_phone', 'VoIP Phone'],
  ['remote', 'Remotely Managed Device'],
  ['cvta', 'CVTA/STP Dispute Resolution/Cisco VT Camera'],
  ['mac_relay', 'Two Port Mac Relay'],
] as const;

export const cdp = defineProtocol({
  name: 'cdp',
  title: 'Cisco Discovery Protocol',
  on: { 'llc.cisco': [0x2000], 'chdlc.protocol': [0x2000], 'ppp.protocol': [0x0207] },
  header: AT.values,
  fields: {
    version: { at: AT.version, type: 'u8', label: 'Version' },
    ttl: { at: AT.ttl, type: 'u8', label: 'TTL', doc: 'In seconds.' },
    checksum: { type: 'u16', show: 'hex', label: 'Checksum' },
    'checksum.status': { type: 'u8', label: 'Checksum Status', names: { 0: 'Bad', 1: 'Good', 2: 'Unverified' } },
    'tlv.type': { type: 'u16', show: 'hex', label: 'Type', names: TYPES, many: true },
    'tlv.len': { type: 'u16', label: 'Length', many: true },
    deviceid: { type: 'string', label: 'Device ID' },
    platform: { type: 'string', label: 'Platform' },
    portid: { type: 'string', label: 'Sent through Interface' },
    capabilities: { type: 'u32', show: 'hex', label: 'Capabilities' },
    ...Object.fromEntries(
      CAPABILITIES.map(([key, label], i) => [
        `capabilities.${key}`,
        { type: 'bool', of: 'u32', bits: [i, i], label, flag: ['Yes', 'No'] } as const,
      ]),
    ),
    number_of_addresses: { type: 'u32', label: 'Number of addresses', many: true },
    protocol_type: { type: 'u8', show: 'hex', label: 'Protocol type', names: { 1: 'NLPID', 2: '802.2' }, many: true },
    protocol_length: { type: 'u8', label: 'Protocol length', many: true },
    protocol: { type: 'bytes', label: 'Protocol', many: true },
    address_length: { type: 'u16', label: 'Address length', many: true },
    'nrgyz.ip_address': { type: 'ipv4', label: 'IP Address', many: true },
    'nrgyz.ipv6_address': { type: 'ipv6', label: 'IPv6 Address', many: true },
    address: { type: 'bytes', label: 'Address', many: true },
    software_version: { type: 'string', label: 'Software version' },
    odr_default_gateway: { type: 'ipv4', label: 'ODR Default gateway' },
    ip_prefix: { type: 'ipv4', label: 'IP Prefix', many: true },
    oui: { type: 'u24', label: 'OUI' },
    protocol_id: { type: 'u16', show: 'hex', label: 'Protocol ID' },
    vtp_management_domain: { type: 'string', label: 'VTP Management Domain' },
    native_vlan: { type: 'u16', label: 'Native VLAN' },
    duplex: { type: 'bool', label: 'Duplex', flag: ['Full', 'Half'] },
    voice_vlan: { type: 'u16', label: 'Voice VLAN' },
    power_consumption: { type: 'u16', label: 'Power Consumption' },
    mtu: { type: 'u32', label: 'MTU' },
    trust_bitmap: { type: 'u8', show: 'hex', label: 'Trust Bitmap' },
    untrusted_port_cos: { type: 'u8', show: 'hex', label: 'Untrusted port CoS' },
    system_name: { type: 'string', label: 'System Name' },
    location: { type: 'string', label: 'Location' },
    request_id: { type: 'u16', label: 'Request-ID' },
    management_id: { type: 'u16', label: 'Management-ID' },
    power_available: { type: 'u32', label: 'Power Available', many: true },
    data: { type: 'bytes', label: 'Data', many: true },
  },
  tree(t) {
    t.header();
    checksum(t);
    t.info('');
    for (let at = t.at + AT.values; t.end - at >= HEADER; ) {
      const type = t.u16(at);
      const length = t.u16(at + 2);
      if (length < HEADER) {
        t.nest(t.text(`TLV with invalid length ${length} (< 4)`, at, 4));
        t.add('tlv.type', at);
        t.add('tlv.len', at + 2);
        t.close();
        return;
      }
      t.nest(t.text(TYPES[type] ?? `Type: ${type}, length: ${length}`, at, Math.min(length, t.end - at)));
      t.add('tlv.type', at);
      t.add('tlv.len', at + 2);
      value(t, type, at + HEADER, at + length);
      t.close();
      at += length;
    }
  },
});

function checksum(t: TreeBuilder): void {
  t.add('checksum', t.at + AT.checksum);
  const isWhole = t.end === t.wireEnd;
  // Cisco adds the last byte of an odd length as a signed number of its own.
  let sum = sum16(t.bytes, t.at, t.end - ((t.end - t.at) & 1));
  if (((t.end - t.at) & 1) === 1) {
    const last = t.u8(t.end - 1);
    sum += (last & 0x80) !== 0 ? 0xff00 | (last - 1) : last;
    while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  }
  t.generated('checksum.status', !isWhole ? 2 : fold16(sum) === 0xffff ? 1 : 0, t.at + AT.checksum, 2);
}

function value(t: TreeBuilder, type: number, at: number, end: number): void {
  const length = end - at;
  const text = (key: string): string => {
    const got = t.string(at, length, 'utf8', true);
    t.put(key, got, at, length);
    return got;
  };
  switch (type) {
    case TYPE.device:
      t.addInfo(`Device ID: ${text('deviceid')}  `);
      return;
    case TYPE.port:
      t.addInfo(`Port ID: ${text('portid')}  `);
      return;
    case TYPE.addresses:
    case 22:
      addresses(t, at, end);
      return;
    case TYPE.capabilities:
      if (length < 4) break;
      t.add('capabilities', at);
      t.nest(t.last());
      for (const [key] of CAPABILITIES) t.add(`capabilities.${key}`, at);
      t.close();
      return;
    case TYPE.version:
      text('software_version');
      return;
    case TYPE.platform:
      text('platform');
      return;
    case TYPE.prefixes:
      if (length === 4) t.add('odr_default_gateway', at);
      else
        for (let one = at; one + 5 <= end; one += 5)
          t.put('ip_prefix', t.u32(one), one, 5, `IP Prefix: ${formatIpv4(t.u32(one))}/${t.u8(one + 4)}`);
      return;
    case TYPE.hello:
      if (length < 5) break;
      t.add('oui', at);
      t.add('protocol_id', at + 3);
      if (length > 5) t.add('data', at + 5, length - 5);
      return;
    case TYPE.vtp:
      text('vtp_management_domain');
      return;
    case TYPE.vlan:
      t.add('native_vlan', at);
      return;
    case TYPE.duplex:
      t.add('duplex', at);
      return;
    case TYPE.voiceVlan:
      if (length >= 3) t.add('voice_vlan', at + 1);
      return;
    case TYPE.power:
      t.add('power_consumption', at);
      return;
    case TYPE.mtu:
      t.add('mtu', at);
      return;
    case TYPE.trust:
      t.add('trust_bitmap', at);
      return;
    case TYPE.cos:
      t.add('untrusted_port_cos', at);
      return;
    case TYPE.name:
      text('system_name');
      return;
    case TYPE.location:
      if (length > 1) t.put('location', t.string(at + 1, length - 1), at + 1, length - 1);
      return;
    case TYPE.powerAvailable:
      if (length < 4) break;
      t.add('request_id', at);
      t.add('management_id', at + 2);
      for (let one = at + 4; one + 4 <= end; one += 4) t.add('power_available', one);
      return;
    default:
      break;
  }
  if (length > 0) t.add('data', at, length);
}

/** Ethertype behind the LLC and SNAP header that names a protocol. */
const IPV6 = 0x86dd;

function addresses(t: TreeBuilder, from: number, end: number): void {
  t.add('number_of_addresses', from);
  let at = from + 4;
  for (let left = t.u32(from); left > 0 && at + 2 <= end; left--) {
    t.add('protocol_type', at);
    const protocolLength = t.u8(at + 1);
    t.add('protocol_length', at + 1);
    t.add('protocol', at + 2, protocolLength);
    const isIp = protocolLength === 1 && t.u8(at + 2) === 0xcc;
    const isIpv6 = protocolLength === 8 && t.u16(at + 8) === IPV6;
    at += 2 + protocolLength;
    const length = t.u16(at);
    t.add('address_length', at);
    if (length > 0) {
      if (isIp && length === 4) t.add('nrgyz.ip_address', at + 2);
      else if (isIpv6 && length === 16) t.add('nrgyz.ipv6_address', at + 2);
      else t.add('address', at + 2, length);
    }
    at += 2 + length;
  }
}
