/** DHCP for IPv6 (RFC 8415): messages of options, relayed ones nested. */

import { formatIpv6 } from '../../base/address.ts';
import { toHex } from '../../base/hex.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const MESSAGES: Readonly<Record<number, string>> = {
  1: 'Solicit',
  2: 'Advertise',
  3: 'Request',
  4: 'Confirm',
  5: 'Renew',
  6: 'Rebind',
  7: 'Reply',
  8: 'Release',
  9: 'Decline',
  10: 'Reconfigure',
  11: 'Information-request',
  12: 'Relay-forw',
  13: 'Relay-reply',
  14: 'Leasequery',
  15: 'Leasequery-reply',
  16: 'Leasequery-done',
  17: 'Leasequery-data',
  18: 'Reconfigure-request',
  19: 'Reconfigure-reply',
};
const OPTIONS: Readonly<Record<number, string>> = {
  1: 'Client Identifier',
  2: 'Server Identifier',
  3: 'Identity Association for Non-temporary Address',
  4: 'Identity Association for Temporary Address',
  5: 'IA Address',
  6: 'Option Request',
  7: 'Preference',
  8: 'Elapsed time',
  9: 'Relay Message',
  11: 'Authentication',
  12: 'Server unicast',
  13: 'Status code',
  14: 'Rapid Commit',
  15: 'User Class',
  16: 'Vendor Class',
  17: 'Vendor-specific Information',
  18: 'Interface-Id',
  19: 'Reconfigure Message',
  20: 'Reconfigure Accept',
  21: 'SIP Server Domain Name List',
  22: 'SIP Servers IPv6 Address List',
  23: 'DNS recursive name server',
  24: 'Domain Search List',
  25: 'Identity Association for Prefix Delegation',
  26: 'IA Prefix',
  27: 'Network Information Server',
  28: 'Network Information Server V2',
  29: 'Network Information Server Domain Name',
  30: 'Network Information Server V2 Domain Name',
  31: 'Simple Network Time Protocol Server',
  32: 'Lifetime',
  33: 'BCMCS Server Domain',
  34: 'BCMCS Servers IPv6 Address List',
  36: 'Geoconf Civic Address',
  37: 'Remote Identifier',
  38: 'Subscriber Identifier',
  39: 'Client Fully Qualified Domain Name',
  40: 'PANA Agents IPv6 Address List',
  41: 'Time Zone',
  42: 'Time Zone Database',
  43: 'Echo Request Option',
  44: 'Leasequery Query',
  45: 'Leasequery Client Data',
  46: 'Client Last Transaction Time',
  47: 'Leasequery Relay Data',
  48: 'Leasequery Client Link Address List',
  49: 'Home Network Identifier FQDN',
  50: 'Visited Home Network Information',
  51: 'LoST Server',
  52: 'CAPWAP Access Controllers',
  53: 'Relay-ID',
  54: 'MoS IPv6 Address',
  55: 'MoS Domain Name List',
  56: 'NTP Server',
  57: 'Access Network Domain Name',
  58: 'SIP User Agent Configuration Service Domains',
  59: 'Boot File URL',
  60: 'Boot File Parameters',
  61: 'Client System Architecture Type',
  62: 'Client Network Interface Identifier',
  63: 'Geolocation',
  64: 'Dual-Stack Lite AFTR Name',
  65: 'ERP Local Domain Name',
  66: 'Relay-Supplied Options',
  67: 'Prefix Exclude',
  68: 'Virtual Subnet Selection',
  69: 'Identified Home Network Information',
  70: 'Unrestricted Home Network Information',
  71: 'Home Network Prefix',
  72: 'Home Agent Address',
  73: 'Home Agent FQDN',
  74: 'RDNSS Selection',
  75: 'Kerberos Principal Name',
  76: 'Kerberos Realm Name',
  77: 'Kerberos Default Realm Name',
  78: 'Kerberos KDC',
  79: 'Client Link-Layer Address',
  80: 'Link Address',
  81: 'RADIUS',
  82: 'SOL_MAX_RT',
  83: 'INF_MAX_RT',
  84: 'Address Selection',
  85: 'Address Selection table',
  86: 'PCP Server',
  87: 'DHCPv4 Message',
  88: 'DHCP 4o6 Servers Address',
  89: 'S46 Rule',
  90: 'S46 BR',
  91: 'S46 DMR',
  92: 'S46 IPv4/IPv6 Address Binding',
  93: 'S46 Port Parameters',
  94: 'S46 MAP-E Container',
  95: 'S46 MAP-T Container',
  96: 'S46 Lightweight 4over6 Container',
  97: '4rd Options',
  98: '4rd Mapping Rule',
  99: '4rd Non-Mapping Rule',
  100: 'LQ Server Base Time',
  101: 'LQ Server Query Start Time',
  102: 'LQ Server Query End Time',
  103: 'Captive Portal',
  104: 'MPL Parameter Configuration',
  105: 'Access Technology Type',
  106: 'Access Network Name',
  107: 'Access Point Name',
  108: 'Access Point BSSID',
  109: 'Access Network Operator ID',
  110: 'Access Network Operator Realm',
  111: 'S46 Priority',
  112: 'Manufacturer Usage Description',
  113: 'IPv4/IPv6 Multicast Prefixes',
  114: 'Failover Binding Status',
  115: 'Failover Connect Flags',
  116: 'Failover DNS Removal Info',
  117: 'Failover DNS Hostname',
  118: 'Failover DNS Zone Name',
  119: 'Failover DNS Flags',
  120: 'Failover Expiration Time',
  121: 'Failover Maximum Number Unacked BNDUPD Messages',
  122: 'Failover Maximum Client Lead Time (MCLT)',
  123: 'Failover Partner Lifetime',
  124: 'Failover Partner Lifetime Sent',
  125: 'Failover Partner Down Time',
  126: 'Failover Partner Raw Client Time',
  127: 'Failover Protocol Version',
  128: 'Failover Keepalive Time',
  129: 'Failover Reconfigure Data',
  130: 'Failover Relationship Name',
  131: 'Failover Server Flags',
  132: 'Failover Server State',
  133: 'Failover Start Time of State',
  134: 'Failover State Expiration Time',
  135: 'Relay Source Port',
  136: 'SZTP Redirect',
  137: 'Softwire Source Binding Prefix Hint',
  143: 'ANDSF IPv6 Address',
  165: 'Mobile IPv6 Home Agent',
  166: 'Mobile IPv6 Home Address',
  167: 'Network Access Identifier',
};
const STATUS: Readonly<Record<number, string>> = {
  0: 'Success',
  1: 'UnspecFail',
  2: 'NoAddrAvail',
  3: 'NoBinding',
  4: 'NotOnLink',
  5: 'UseMulticast',
  6: 'NoPrefixAvail',
  7: 'UnknownQueryType',
  8: 'MalformedQuery',
  9: 'NotConfigured',
  10: 'NotAllowed',
  11: 'QueryTerminated',
  12: 'DataMissing',
  13: 'CatchUpComplete',
  14: 'NotSupported',
  15: 'TLSConnectionRefused',
};
const OPTION = {
  clientId: 1,
  serverId: 2,
  iaNa: 3,
  iaTa: 4,
  address: 5,
  request: 6,
  preference: 7,
  elapsed: 8,
  relay: 9,
  status: 13,
  vendorClass: 16,
  interfaceId: 18,
  dns: 23,
  search: 24,
  iaPd: 25,
  prefix: 26,
  fqdn: 39,
} as const;
/** Advertise, Reply, Reconfigure. */
const FROM_SERVER: readonly number[] = [2, 7, 10];
const RELAY = { forward: 12, reply: 13 } as const;
const MAX_NESTED = 8;
const DUIDS: Readonly<Record<number, string>> = {
  1: 'link-layer address plus time',
  2: 'assigned by vendor based on Enterprise number',
  3: 'link-layer address',
  4: 'Universally Unique IDentifier (UUID)',
};
const SECONDS_TO_2000 = 946_684_800n;

export const dhcpv6 = defineProtocol({
  name: 'dhcpv6',
  title: 'DHCPv6',
  short: 'DHCPv6',
  on: { 'udp.port': [546, 547] },
  header: 4,
  fields: {
    msgtype: { type: 'u8', label: 'Message type', names: MESSAGES, many: true },
    xid: { type: 'u24', show: 'hex', label: 'Transaction ID', many: true },
    hopcount: { type: 'u8', label: 'Hopcount', many: true },
    linkaddr: { type: 'ipv6', label: 'Link address', many: true },
    peeraddr: { type: 'ipv6', label: 'Peer address', many: true },
    'option.type': { type: 'u16', label: 'Option', names: OPTIONS, many: true },
    'option.type_str': { type: 'string', label: 'Option name', many: true },
    'option.length': { type: 'u16', label: 'Length', many: true },
    'duid.bytes': { type: 'bytes', label: 'DUID', many: true },
    'duid.type': { type: 'u16', label: 'DUID Type', names: DUIDS, many: true },
    'duidllt.hwtype': { type: 'u16', label: 'Hardware type', many: true },
    'duidllt.time': { type: 'time', label: 'DUID Time', many: true },
    'duidllt.link_layer_addr': { type: 'string', label: 'Link-layer address', many: true },
    'duidll.hwtype': { type: 'u16', label: 'Hardware type', many: true },
    'duidll.link_layer_addr': { type: 'string', label: 'Link-layer address', many: true },
    iaid: { type: 'string', label: 'IAID', many: true },
    'iaid.t1': { type: 'u32', label: 'T1', many: true },
    'iaid.t2': { type: 'u32', label: 'T2', many: true },
    'iaaddr.ip': { type: 'ipv6', label: 'IPv6 address', many: true },
    'iaaddr.pref_lifetime': { type: 'u32', label: 'Preferred lifetime', many: true },
    'iaaddr.valid_lifetime': { type: 'u32', label: 'Valid lifetime', many: true },
    'iaprefix.pref_lifetime': { type: 'u32', label: 'Preferred lifetime', many: true },
    'iaprefix.valid_lifetime': { type: 'u32', label: 'Valid lifetime', many: true },
    'iaprefix.pref_len': { type: 'u8', label: 'Prefix length', many: true },
    'iaprefix.pref_addr': { type: 'ipv6', label: 'Prefix address', many: true },
    requested_option_code: { type: 'u16', label: 'Requested Option code', names: OPTIONS, many: true },
    option_preference: { type: 'u8', label: 'Pref-value' },
    elapsed_time: { type: 'u16', label: 'Elapsed time' },
    status_code: { type: 'u16', label: 'Status Code', names: STATUS, many: true },
    status_msg: { type: 'string', label: 'Status Message', many: true },
    dns_server: { type: 'ipv6', label: 'DNS server address', many: true },
    'vendorclass.enterprise': { type: 'u32', label: 'Enterprise ID' },
    'vendorclass.data': { type: 'string', label: 'vendor-class-data', many: true },
    client_fqdn_flags: { type: 'u8', show: 'hex', label: 'Flags' },
    'clientfqdn.client.n': { type: 'bool', of: 'u8', bits: [2, 2], label: 'No updates by the server' },
    'clientfqdn.client.s': { type: 'bool', of: 'u8', bits: [0, 0], label: 'The server updates AAAA records' },
    'clientfqdn.server.n': { type: 'bool', of: 'u8', bits: [2, 2], label: 'No updates by the server' },
    'clientfqdn.server.o': { type: 'bool', of: 'u8', bits: [1, 1], label: "The client's wish was overridden" },
    'clientfqdn.server.s': { type: 'bool', of: 'u8', bits: [0, 0], label: 'The server updates AAAA records' },
    client_domain: { type: 'string', label: 'Client Domain Name' },
  },
  tree(t) {
    t.info('');
    message(t, t.at, t.end, 0);
  },
});

function message(t: TreeBuilder, at: number, end: number, depth: number): void {
  const type = t.u8(at);
  t.add('msgtype', at);
  t.addInfo(`${MESSAGES[type] ?? `Message Type ${type}`} `);
  if (type === RELAY.forward || type === RELAY.reply) {
    t.add('hopcount', at + 1);
    t.add('linkaddr', at + 2);
    t.add('peeraddr', at + 18);
    t.addInfo(`L: ${formatIpv6(t.slice(at + 2, 16))} `);
    options(t, at + 34, end, depth, type === RELAY.reply);
    return;
  }
  t.put('xid', t.u24(at + 1), at + 1, 3);
  t.addInfo(
    `XID: 0x${t
      .u24(at + 1)
      .toString(16)
      .padStart(6, '0')} `,
  );
  options(t, at + 4, end, depth, FROM_SERVER.includes(type));
}

function options(t: TreeBuilder, from: number, end: number, depth: number, isServer: boolean): void {
  if (depth > MAX_NESTED) return;
  let at = from;
  while (at + 4 <= end) {
    const type = t.u16(at);
    const length = t.u16(at + 2);
    const name = OPTIONS[type] ?? `Option ${type}`;
    t.nest(t.put('option.type_str', name, at, 4 + length, name));
    t.add('option.type', at);
    t.add('option.length', at + 2);
    t.need(at + 4, length);
    option(t, type, at + 4, length, depth, isServer);
    t.close();
    at += 4 + length;
  }
}

function option(t: TreeBuilder, type: number, at: number, length: number, depth: number, isServer: boolean): void {
  const end = at + length;
  switch (type) {
    case OPTION.clientId:
    case OPTION.serverId:
      duid(t, at, length);
      if (type === OPTION.clientId) t.addInfo(`CID: ${toHex(t.slice(at, length))} `);
      return;
    case OPTION.iaNa:
    case OPTION.iaPd:
      if (length < 12) return;
      t.put('iaid', toHex(t.slice(at, 4)), at, 4);
      t.add('iaid.t1', at + 4);
      t.add('iaid.t2', at + 8);
      options(t, at + 12, end, depth + 1, isServer);
      return;
    case OPTION.iaTa:
      if (length < 4) return;
      t.put('iaid', toHex(t.slice(at, 4)), at, 4);
      options(t, at + 4, end, depth + 1, isServer);
      return;
    case OPTION.address:
      if (length < 24) return;
      t.add('iaaddr.ip', at);
      t.addInfo(`IAA: ${formatIpv6(t.slice(at, 16))} `);
      t.add('iaaddr.pref_lifetime', at + 16);
      t.add('iaaddr.valid_lifetime', at + 20);
      options(t, at + 24, end, depth + 1, isServer);
      return;
    case OPTION.prefix:
      if (length < 25) return;
      t.add('iaprefix.pref_lifetime', at);
      t.add('iaprefix.valid_lifetime', at + 4);
      t.add('iaprefix.pref_len', at + 8);
      t.add('iaprefix.pref_addr', at + 9);
      options(t, at + 25, end, depth + 1, isServer);
      return;
    case OPTION.request:
      for (let next = at; next + 2 <= end; next += 2) t.add('requested_option_code', next);
      return;
    case OPTION.preference:
      if (length === 1) t.add('option_preference', at);
      return;
    case OPTION.elapsed:
      if (length === 2) t.put('elapsed_time', 10 * t.u16(at), at, 2);
      return;
    case OPTION.relay:
      if (length >= 4) message(t, at, end, depth + 1);
      return;
    case OPTION.status:
      if (length < 2) return;
      t.add('status_code', at);
      if (length > 2) t.add('status_msg', at + 2, length - 2);
      return;
    case OPTION.vendorClass:
      if (length >= 4) t.add('vendorclass.enterprise', at);
      for (let next = at + 4; next + 2 <= end; ) {
        const size = Math.min(t.u16(next), end - next - 2);
        t.add('vendorclass.data', next + 2, size);
        next += 2 + size;
      }
      return;
    case OPTION.dns:
      for (let next = at; next + 16 <= end; next += 16) t.add('dns_server', next);
      return;
    case OPTION.fqdn:
      if (length > 0) fqdnFlags(t, at, isServer);
      if (length > 1) t.put('client_domain', domain(t, at + 1, end), at + 1, length - 1);
      return;
    default:
      return;
  }
}

/** Who updates which records (RFC 4704 4.1): asked by a client, answered by a server. */
function fqdnFlags(t: TreeBuilder, at: number, isServer: boolean): void {
  t.add('client_fqdn_flags', at);
  t.nest(t.last());
  for (const bit of isServer ? ['n', 'o', 's'] : ['n', 's'])
    t.add(`clientfqdn.${isServer ? 'server' : 'client'}.${bit}`, at);
  t.close();
}

/** Labels up to the empty one, which leaves a dot at the end, or as many as there are. */
function domain(t: TreeBuilder, from: number, end: number): string {
  const labels: string[] = [];
  for (let at = from; at < end; ) {
    const length = t.u8(at);
    if (at + 1 + length > end) break;
    labels.push(t.string(at + 1, length));
    if (length === 0) break;
    at += 1 + length;
  }
  return labels.join('.');
}

function duid(t: TreeBuilder, at: number, length: number): void {
  if (length > 0) t.add('duid.bytes', at, length);
  if (length < 2) return;
  const type = t.u16(at);
  t.add('duid.type', at);
  if (type === 1 && length > 8) {
    t.add('duidllt.hwtype', at + 2);
    t.put('duidllt.time', (BigInt(t.u32(at + 4)) + SECONDS_TO_2000) * 1_000_000_000n, at + 4, 4);
    t.put('duidllt.link_layer_addr', toHex(t.slice(at + 8, length - 8), ':'), at + 8, length - 8);
  } else if (type === 3 && length > 4) {
    t.add('duidll.hwtype', at + 2);
    t.put('duidll.link_layer_addr', toHex(t.slice(at + 4, length - 4), ':'), at + 4, length - 4);
  }
}
