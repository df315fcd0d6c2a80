/** Link Layer Topology Discovery: Windows draws a map of a local network with it. */

import { defineProtocol } from '../protocol.ts';

const AT = {
  version: 0,
  service: 1,
  reserved: 2,
  function: 3,
  destination: 4,
  source: 10,
  sequence: 16,
  body: 18,
} as const;
const QUALITY = 2;
const HELLO = 1;
const DISCOVER = 0;
const FUNCTIONS: Readonly<Record<number, string>> = {
  0: 'Discover',
  1: 'Hello',
  2: 'Emit',
  3: 'Train',
  4: 'Probe',
  5: 'Ack',
  6: 'Query',
  7: 'QueryResp',
  8: 'Reset',
  9: 'Charge',
  10: 'Flat',
  11: 'QueryLargeTlv',
  12: 'QueryLargeTlvResp',
};
const SERVICES: Readonly<Record<number, string>> = {
  0: 'Topology Discovery',
  1: 'Quick Discovery',
  2: 'QoS Diagnostics',
};
const TLVS: Readonly<Record<number, string>> = {
  0: 'End of Property',
  1: 'Host ID',
  2: 'Characteristics',
  3: 'Physical Medium',
  4: 'Wireless Mode',
  5: '802.11 BSSID',
  6: '802.11 SSID',
  7: 'IPv4 Address',
  8: 'IPv6 Address',
  9: '802.11 Max Rate',
  10: 'Performance Counter Frequency',
  12: 'Link Speed',
  13: '802.11 RSSI',
  15: 'Machine Name',
  16: 'Support Information',
  20: 'QoS Characteristics',
};
/** Values that are a field, with the length they must have (0: any). */
const VALUES: Readonly<Record<number, readonly [string, number]>> = {
  1: ['host_id', 6],
  3: ['physical_medium', 4],
  4: ['wireless_mode', 1],
  5: ['bssid', 6],
  6: ['ssid', 0],
  7: ['ipv4_address', 4],
  8: ['ipv6_address', 16],
  9: ['max_operation_rate', 2],
  10: ['performance_count_freq', 8],
  12: ['link_speed', 4],
  13: ['rssi', 4],
};
const MACHINE_NAME = 15;
const HELLO_BODY = 14;

export const lltd = defineProtocol({
  name: 'lltd',
  title: 'Link Layer Topology Discovery',
  on: { ethertype: [0x88d9] },
  header: AT.destination,
  fields: {
    version: { at: AT.version, type: 'u8', label: 'Version' },
    tos: { at: AT.service, type: 'u8', show: 'hex', label: 'Type of Service', names: SERVICES },
    reserved: { at: AT.reserved, type: 'u8', show: 'hex', label: 'Reserved' },
    discovery: { type: 'u8', show: 'hex', label: 'Function', names: FUNCTIONS },
    'discovery.real_dest_addr': { type: 'ether', label: 'Real Destination Address' },
    'discovery.real_src_addr': { type: 'ether', label: 'Real Source Address' },
    'discovery.xid': { type: 'u16', show: 'hex', label: 'Transaction ID' },
    'discovery.seq_num': { type: 'u16', show: 'hex', label: 'Sequence Number' },
    'discover.gen_num': { type: 'u16', show: 'hex', label: 'Generation Number' },
    'discover.num_stations': { type: 'u16', label: 'Number of Stations' },
    'discover.station': { type: 'ether', label: 'Station', many: true },
    'hello.gen_num': { type: 'u16', show: 'hex', label: 'Generation Number' },
    'hello.current_address': { type: 'ether', label: 'Current Mapper Address' },
    'hello.apparent_address': { type: 'ether', label: 'Apparent Mapper Address' },
    'tlv.type': { type: 'u8', show: 'hex', label: 'Type', names: TLVS, many: true },
    'tlv.length': { type: 'u8', label: 'Length', many: true },
    host_id: { type: 'ether', label: 'Host ID' },
    physical_medium: { type: 'u32', label: 'Physical Medium' },
    wireless_mode: { type: 'u8', show: 'hex', label: 'Wireless Mode' },
    bssid: { type: 'ether', label: 'BSSID' },
    ssid: { type: 'string', label: 'SSID' },
    ipv4_address: { type: 'ipv4', label: 'IPv4 Address' },
    ipv6_address: { type: 'ipv6', label: 'IPv6 Address' },
    max_operation_rate: { type: 'u16', label: 'Max Operation Rate' },
    performance_count_freq: { type: 'u64', label: 'Performance Counter Frequency' },
    link_speed: { type: 'u32', label: 'Link Speed' },
    rssi: { type: 'i32', label: 'RSSI' },
    machine_name: { type: 'string', encoding: 'utf16le', label: 'Machine Name' },
  },
  tree(t) {
    const kind = t.u8(t.at + AT.function);
    const isDiscovery = t.u8(t.at + AT.service) < QUALITY;
    t.info('');
    t.header();
    if (!isDiscovery) return;
    t.info(FUNCTIONS[kind] ?? 'Unknown');
    t.add('discovery', t.at + AT.function);
    t.add('discovery.real_dest_addr', t.at + AT.destination);
    t.add('discovery.real_src_addr', t.at + AT.source);
    t.add(kind === DISCOVER ? 'discovery.xid' : 'discovery.seq_num', t.at + AT.sequence);
    const body = t.at + AT.body;
    if (kind === DISCOVER) {
      const count = t.u16(body + 2);
      t.add('discover.gen_num', body);
      t.add('discover.num_stations', body + 2);
      for (let i = 0; i < count; i++) t.add('discover.station', body + 4 + 6 * i);
    } else if (kind === HELLO) {
      t.add('hello.gen_num', body);
      t.add('hello.current_address', body + 2);
      t.add('hello.apparent_address', body + 8);
      for (let at = body + HELLO_BODY; at < t.end; ) {
        const type = t.u8(at);
        const length = type === 0 ? -1 : t.u8(at + 1);
        t.nest(t.text(TLVS[type] ?? `Unknown (${type})`, at, 2 + length));
        t.add('tlv.type', at);
        if (length >= 0) {
          t.add('tlv.length', at + 1);
          t.need(at + 2, length);
          const known = VALUES[type];
          if (type === MACHINE_NAME) t.add('machine_name', at + 2, length);
          else if (known !== undefined && (known[1] === 0 || known[1] === length)) t.add(known[0], at + 2, length);
        }
        t.close();
        if (type === 0) return;
        at += 2 + length;
      }
    }
  },
});
