/** DHCP and BOOTP (RFC 951, 2131, 2132): a fixed message, then options behind a magic number. */

import { formatIpv4, formatMac } from '../../../base/address.ts';
import { toHex } from '../../../base/hex.ts';
import { hardwareTypeNames } from '../../names/hardware-types.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { uuidBytes } from '../../uuid.ts';
import { MESSAGE_TYPES, OPTION, OPTIONS, type OptionSpec, RELAY } from './options.ts';

const AT = {
  operation: 0,
  hardware: 1,
  hardwareLength: 2,
  hops: 3,
  id: 4,
  seconds: 8,
  flags: 10,
  client: 12,
  your: 16,
  server: 20,
  relay: 24,
  address: 28,
  serverName: 44,
  file: 108,
  cookie: 236,
  options: 240,
} as const;
const ADDRESS_FIELD = 16;
const COOKIE = 0x63825363;
const ETHERNET = 1;
const IEEE802 = 6;
const MAC = 6;
/** Info's names of message types stand in one width. */
const NAME_WIDTH = 8;

const ARCHITECTURES: Readonly<Record<number, string>> = {
  0: 'IA x86 PC',
  1: 'NEC/PC98',
  2: 'IA64 PC',
  3: 'DEC Alpha',
  4: 'ArcX86',
  5: 'Intel Lean Client',
  6: 'EFI IA32',
  7: 'EFI BC',
  8: 'EFI Xscale',
  9: 'EFI x86-64',
  10: 'ARM 32-bit UEFI',
  11: 'ARM 64-bit UEFI',
  15: 'x86 UEFI boot from HTTP',
  16: 'x64 UEFI boot from HTTP',
  19: 'ARM 64-bit UEFI boot from HTTP',
};

function optionName(code: number): string | undefined {
  if (code === OPTION.pad) return 'Padding';
  if (code === OPTION.end) return 'End';
  return OPTIONS[code]?.name ?? (code >= 224 ? 'Private' : undefined);
}

function relayName(code: number): string | undefined {
  return RELAY[code]?.[0];
}

export const dhcp = defineProtocol({
  name: 'dhcp',
  title: 'Dynamic Host Configuration Protocol',
  on: { 'udp.port': [67, 68] },
  header: AT.address,
  fields: {
    bootp: { type: 'bool', label: 'Frame is BOOTP' },
    type: { type: 'u8', label: 'Message type', names: { 1: 'Boot Request', 2: 'Boot Reply' } },
    'hw.type': { type: 'u8', label: 'Hardware type', show: 'hex', names: hardwareTypeNames, many: true },
    'hw.len': { type: 'u8', label: 'Hardware address length', many: true },
    hops: { type: 'u8', label: 'Hops' },
    id: { type: 'u32', label: 'Transaction ID', show: 'hex' },
    secs: { type: 'u16', label: 'Seconds elapsed' },
    flags: { type: 'u16', label: 'Bootp flags', show: 'hex' },
    'flags.bc': { type: 'bool', of: 'u16', bits: [15, 15], label: 'Broadcast flag', flag: ['Broadcast', 'Unicast'] },
    'flags.reserved': { type: 'u16', bits: [14, 0], label: 'Reserved flags', show: 'hex' },
    'ip.client': { type: 'ipv4', label: 'Client IP address' },
    'ip.your': { type: 'ipv4', label: 'Your (client) IP address' },
    'ip.server': { type: 'ipv4', label: 'Next server IP address' },
    'ip.relay': { type: 'ipv4', label: 'Relay agent IP address' },
    'hw.addr': { type: 'bytes', label: 'Client hardware address', many: true },
    'hw.addr_padding': { type: 'bytes', label: 'Client hardware address padding', many: true },
    'hw.mac_addr': { type: 'ether', label: 'Client MAC address', many: true },
    server: { type: 'string', label: 'Server host name' },
    file: { type: 'string', label: 'Boot file name' },
    cookie: { type: 'ipv4', label: 'Magic cookie' },
    vendor_specific_options: { type: 'bytes', label: 'Bootp vendor specific options' },
    'fqdn.flags': { type: 'u8', label: 'Flags', show: 'hex', many: true },
    'fqdn.mbz': { type: 'u8', bits: [7, 4], label: 'Reserved flags', show: 'hex', many: true },
    'fqdn.n': { type: 'bool', of: 'u8', bits: [3, 3], label: 'Server DDNS', many: true },
    'fqdn.e': { type: 'bool', of: 'u8', bits: [2, 2], label: 'Encoding', many: true },
    'fqdn.o': { type: 'bool', of: 'u8', bits: [1, 1], label: 'Server overrides', many: true },
    'fqdn.s': { type: 'bool', of: 'u8', bits: [0, 0], label: 'Server', many: true },
    'fqdn.rcode1': { type: 'u8', label: 'A-RR result', many: true },
    'fqdn.rcode2': { type: 'u8', label: 'PTR-RR result', many: true },
    'fqdn.name': { type: 'string', label: 'Client name', many: true },
    'client_id.uuid': { type: 'guid', label: 'Client Identifier (UUID)', many: true },
    'client_id.iaid': { type: 'string', label: 'IAID', many: true },
    'client_id.duid_type': {
      type: 'u16',
      label: 'DUID Type',
      names: {
        1: 'link-layer address plus time',
        2: 'assigned by vendor based on Enterprise number',
        3: 'link-layer address',
        4: 'Universally Unique IDentifier (UUID)',
      },
      many: true,
    },
    'client_id.duid_llt_hw_type': { type: 'u16', label: 'Hardware type', names: hardwareTypeNames, many: true },
    'client_id.duid_ll_hw_type': { type: 'u16', label: 'Hardware type', names: hardwareTypeNames, many: true },
    'client_id.time': { type: 'u32', label: 'Time', many: true },
    'client_id.link_layer_address': { type: 'string', label: 'Link layer address', many: true },
    'client_id.enterprise_num': { type: 'u32', label: 'Enterprise-number', many: true },
    client_id: { type: 'bytes', label: 'Identifier', many: true },
    'client_id.type': { type: 'u8', label: 'Type', many: true },
    'client_id.undef': { type: 'string', label: 'Client Identifier', many: true },
    'option.type': { type: 'u8', label: 'Option', names: optionName, many: true },
    'option.length': { type: 'u8', label: 'Length', many: true },
    'option.value': { type: 'bytes', label: 'Value', many: true },
    'option.end': { type: 'u8', label: 'Option End', many: true },
    'option.padding': { type: 'bytes', label: 'Padding', many: true },
    'option.subnet_mask': { type: 'ipv4', label: 'Subnet Mask', many: true },
    'option.time_offset': { type: 'i32', label: 'Time Offset', many: true },
    'option.router': { type: 'ipv4', label: 'Router', many: true },
    'option.time_server': { type: 'ipv4', label: 'Time Server', many: true },
    'option.name_server': { type: 'ipv4', label: 'Name Server', many: true },
    'option.domain_name_server': { type: 'ipv4', label: 'Domain Name Server', many: true },
    'option.log_server': { type: 'ipv4', label: 'Log Server', many: true },
    'option.quotes_server': { type: 'ipv4', label: 'Quotes Server', many: true },
    'option.lpr_server': { type: 'ipv4', label: 'LPR Server', many: true },
    'option.impress_server': { type: 'ipv4', label: 'Impress Server', many: true },
    'option.resource_location_server': { type: 'ipv4', label: 'Resource Location Server', many: true },
    'option.hostname': { type: 'string', label: 'Host Name', many: true },
    'option.boot_file_size': { type: 'u16', label: 'Boot File Size', many: true },
    'option.merit_dump_file': { type: 'string', label: 'Merit Dump File', many: true },
    'option.domain_name': { type: 'string', label: 'Domain Name', many: true },
    'option.swap_server': { type: 'ipv4', label: 'Swap Server', many: true },
    'option.root_path': { type: 'string', label: 'Root Path', many: true },
    'option.extension_path': { type: 'string', label: 'Extensions Path', many: true },
    'option.ip_forwarding': { type: 'bool', label: 'IP Forwarding', many: true },
    'option.non_local_source_routing': { type: 'bool', label: 'Non-Local Source Routing', many: true },
    'option.policy_filter.ip': { type: 'ipv4', label: 'IP Address', many: true },
    'option.policy_filter.subnet_mask': { type: 'ipv4', label: 'Subnet Mask', many: true },
    'option.max_datagram_reassembly_size': { type: 'u16', label: 'Maximum Datagram Reassembly Size', many: true },
    'option.default_ip_ttl': { type: 'u8', label: 'Default IP Time-to-Live', many: true },
    'option.path_mtu_aging_timeout': { type: 'u32', label: 'Path MTU Aging Timeout', many: true },
    'option.path_mtu_plateau_table_item': { type: 'u16', label: 'Path MTU Plateau Table Item', many: true },
    'option.interface_mtu': { type: 'u16', label: 'Interface MTU', many: true },
    'option.all_subnets_are_local': { type: 'bool', label: 'All Subnets are Local', many: true },
    'option.broadcast_address': { type: 'ipv4', label: 'Broadcast Address', many: true },
    'option.perform_mask_discovery': { type: 'bool', label: 'Perform Mask Discovery', many: true },
    'option.mask_supplier': { type: 'bool', label: 'Mask Supplier', many: true },
    'option.perform_router_discover': { type: 'bool', label: 'Perform Router Discover', many: true },
    'option.router_solicitation_address': { type: 'ipv4', label: 'Router Solicitation Address', many: true },
    'option.static_route.ip': { type: 'ipv4', label: 'Destination IP Address', many: true },
    'option.static_route.router': { type: 'ipv4', label: 'Destination Router', many: true },
    'option.trailer_encapsulation': { type: 'bool', label: 'Trailer Encapsulation', many: true },
    'option.arp_cache_timeout': { type: 'u32', label: 'ARP Cache Timeout', many: true },
    'option.ethernet_encapsulation': { type: 'bool', label: 'Ethernet Encapsulation', many: true },
    'option.tcp_default_ttl': { type: 'u8', label: 'TCP Default TTL', many: true },
    'option.tcp_keepalive_interval': { type: 'u32', label: 'TCP Keepalive Interval', many: true },
    'option.tcp_keepalive_garbage': { type: 'bool', label: 'TCP Keepalive Garbage', many: true },
    'option.nis_domain': { type: 'string', label: 'Network Information Service Domain', many: true },
    'option.nis_server': { type: 'ipv4', label: 'Network Information Service Server', many: true },
    'option.ntp_server': { type: 'ipv4', label: 'Network Time Protocol Server', many: true },
    'option.netbios_over_tcpip_name_server': { type: 'ipv4', label: 'NetBIOS over TCP/IP Name Server', many: true },
    'option.netbios_over_tcpip_dd_name_server': {
      type: 'ipv4',
      label: 'NetBIOS over TCP/IP Datagram Distribution Name Server',
      many: true,
    },
    'option.netbios_over_tcpip_node_type': {
      type: 'u8',
      label: 'NetBIOS over TCP/IP Node Type',
      names: { 1: 'B-node', 2: 'P-node', 4: 'M-node', 8: 'H-node' },
      many: true,
    },
    'option.netbios_over_tcpip_scope': { type: 'string', label: 'NetBIOS over TCP/IP Scope', many: true },
    'option.xwindows_system_font_server': { type: 'ipv4', label: 'X Window System Font Server', many: true },
    'option.xwindows_system_display_manager': { type: 'ipv4', label: 'X Window System Display Manager', many: true },
    'option.requested_ip_address': { type: 'ipv4', label: 'Requested IP Address', many: true },
    'option.ip_address_lease_time': { type: 'u32', label: 'IP Address Lease Time', many: true },
    'option.option_overload': {
      type: 'u8',
      label: 'Option Overload',
      names: {
        1: 'Boot file name holds options',
        2: 'Server host name holds options',
        3: 'Boot file and server host names hold options',
      },
      many: true,
    },
    'option.dhcp': { type: 'u8', label: 'DHCP', names: MESSAGE_TYPES, many: true },
    'option.dhcp_server_id': { type: 'ipv4', label: 'DHCP Server Identifier', many: true },
    'option.request_list_item': { type: 'u8', label: 'Parameter Request List Item', names: optionName, many: true },
    'option.message': { type: 'string', label: 'Message', many: true },
    'option.dhcp_max_message_size': { type: 'u16', label: 'Maximum DHCP Message Size', many: true },
    'option.renewal_time_value': { type: 'u32', label: 'Renewal Time Value', many: true },
    'option.rebinding_time_value': { type: 'u32', label: 'Rebinding Time Value', many: true },
    'option.vendor_class_id': { type: 'string', label: 'Vendor class identifier', many: true },
    'option.novell_netware_ip_domain': { type: 'string', label: 'Novell/Netware IP domain', many: true },
    'option.nis_plus_domain': { type: 'string', label: 'Network Information Service+ Domain', many: true },
    'option.nis_plus_server': { type: 'ipv4', label: 'Network Information Service+ Server', many: true },
    'option.tftp_server_name': { type: 'string', label: 'TFTP Server Name', many: true },
    'option.bootfile_name': { type: 'string', label: 'Bootfile name', many: true },
    'option.mobile_ip_home_agent': { type: 'ipv4', label: 'Mobile IP Home Agent', many: true },
    'option.smtp_server': { type: 'ipv4', label: 'SMTP Server', many: true },
    'option.pop3_server': { type: 'ipv4', label: 'POP3 Server', many: true },
    'option.nntp_server': { type: 'ipv4', label: 'NNTP Server', many: true },
    'option.default_www_server': { type: 'ipv4', label: 'Default WWW Server', many: true },
    'option.default_finger_server': { type: 'ipv4', label: 'Default Finger Server', many: true },
    'option.default_irc_server': { type: 'ipv4', label: 'Default IRC Server', many: true },
    'option.streettalk_server': { type: 'ipv4', label: 'StreetTalk Server', many: true },
    'option.streettalk_da_server': { type: 'ipv4', label: 'StreetTalk Directory Assistance Server', many: true },
    'option.novell_dss.ip': { type: 'ipv4', label: 'IP Address', many: true },
    'option.novell_ds_tree_name': { type: 'string', label: 'Novell Directory Services Tree Name', many: true },
    'option.novell_ds_context': { type: 'string', label: 'Novell Directory Services Context', many: true },
    'option.client_last_transaction_time': { type: 'u32', label: 'Client last transaction time', many: true },
    'option.associated_ip_option': { type: 'ipv4', label: 'Associated IP option', many: true },
    'option.client_system_architecture': {
      type: 'u16',
      label: 'Client System Architecture',
      names: ARCHITECTURES,
      many: true,
    },
    'option.tz_pcode': { type: 'string', label: 'TZ PCode', many: true },
    'option.tz_tcode': { type: 'string', label: 'TZ TCode', many: true },
    'option.netinfo_parent_server_address': { type: 'ipv4', label: 'NetInfo Parent Server Address', many: true },
    'option.netinfo_parent_server_tag': { type: 'string', label: 'NetInfo Parent Server Tag', many: true },
    'option.captive_portal': { type: 'string', label: 'Captive Portal', many: true },
    'option.dhcp_auto_configuration': {
      type: 'u8',
      label: 'DHCP Auto-Configuration',
      names: { 0: 'DoNotAutoConfigure', 1: 'AutoConfigure' },
      many: true,
    },
    'option.subnet_selection_option': { type: 'ipv4', label: 'Subnet Selection Option', many: true },
    'option.pana_agent': { type: 'ipv4', label: 'PAA IPv4 Address', many: true },
    'option.capwap_access_controller': { type: 'ipv4', label: 'CAPWAP Access Controllers', many: true },
    'option.andsf_server': { type: 'ipv4', label: 'ANDSF Server', many: true },
    'option.forcerenew_nonce.algorithm': { type: 'u8', label: 'Algorithm', many: true },
    'option.tftp_server_address': { type: 'ipv4', label: 'TFTP Server Address', many: true },
    'option.private_proxy_autodiscovery': { type: 'string', label: 'Private/Proxy autodiscovery', many: true },
    'option.dhcp_dns_domain_search_list_fqdn': { type: 'string', label: 'FQDN', many: true },
    'option.sip_server.encoding': {
      type: 'u8',
      label: 'SIP Server Encoding',
      names: { 0: 'Fully Qualified Domain Name', 1: 'IPv4 Address' },
      many: true,
    },
    'option.sip_server.name': { type: 'string', label: 'SIP Server Name', many: true },
    'option.sip_server.address': { type: 'ipv4', label: 'SIP Server Address', many: true },
    'option.classless_static_route': { type: 'bytes', label: 'Subnet/MaskWidth-Router', many: true },
    'option.user_class': { type: 'u8', label: 'Instance of User Class', many: true },
    'option.user_class.length': { type: 'u8', label: 'User Class Length', many: true },
    'option.user_class.data': { type: 'bytes', label: 'User Class Data', many: true },
    'option.agent_information_option.suboption': {
      type: 'u8',
      label: 'Option 82 Suboption',
      names: relayName,
      many: true,
    },
    'option.suboption_length': { type: 'u8', label: 'Length', many: true },
    'option.agent_information_option.value': { type: 'bytes', label: 'Value', many: true },
    'option.agent_information_option.agent_circuit_id': { type: 'bytes', label: 'Agent Circuit ID', many: true },
    'option.agent_information_option.agent_remote_id': { type: 'bytes', label: 'Agent Remote ID', many: true },
    'option.agent_information_option.link_selection': { type: 'ipv4', label: 'Link selection', many: true },
    'option.agent_information_option.subscriber_id': { type: 'string', label: 'Subscriber ID', many: true },
    'option.agent_information_option.radius_attributes': { type: 'bytes', label: 'RADIUS Attributes', many: true },
    'option.agent_information_option.authentication': { type: 'bytes', label: 'Authentication', many: true },
    'option.agent_information_option.vi': { type: 'bytes', label: 'Vendor-Specific Information', many: true },
    'option.agent_information_option.flags': { type: 'u8', label: 'Flags', show: 'hex', many: true },
    'option.agent_information_option.server_id_override': { type: 'ipv4', label: 'Server ID Override', many: true },
    'option.agent_information_option.relay_agent_id': { type: 'bytes', label: 'Relay Agent Identifier', many: true },
    'option.agent_information_option.vrf_name.vpn_id': { type: 'bytes', label: 'VRF name/VPN ID', many: true },
    'option.agent_information_option.server_id_override_cisco': {
      type: 'ipv4',
      label: 'Server ID Override (Cisco proprietary)',
      many: true,
    },
    'option.dhcp_authentication.protocol': { type: 'u8', label: 'Protocol', many: true },
    'option.dhcp_authentication.alg_delay': { type: 'u8', label: 'Delay Algorithm', many: true },
    'option.dhcp_authentication.rdm': { type: 'u8', label: 'Replay Detection Method', many: true },
    'option.dhcp_authentication.rdm_replay_detection': {
      type: 'u64',
      label: 'RDM Replay Detection Value',
      show: 'hex',
      many: true,
    },
    'option.dhcp_authentication.information': { type: 'string', label: 'Authentication Information', many: true },
  },
  tree(t) {
    const { at } = t;
    const operation = t.u8(at);
    const isDhcp = t.has(at, AT.options) && t.u32(at + AT.cookie) === COOKIE;
    const messageType = isDhcp ? findMessageType(t) : -1;
    const id = t.u32(at + AT.id).toString(16);
    t.addLabel(messageType >= 0 ? ` (${MESSAGE_TYPES[messageType] ?? `Unknown (${messageType})`})` : '');
    if (messageType >= 0) {
      t.info(
        `DHCP ${(MESSAGE_TYPES[messageType] ?? `Unknown (${messageType})`).padEnd(NAME_WIDTH)} - Transaction ID 0x${id}`,
      );
    } else {
      t.label('Bootstrap Protocol');
      t.column('BOOTP');
      const mac =
        t.has(at + AT.address, MAC) && t.u8(at + AT.hardware) === ETHERNET ? formatMac(t.bytes, at + AT.address) : '';
      const from = mac !== '' && operation === 1 ? ` from ${mac} (${mac})` : '';
      const name =
        operation === 1 ? 'Boot Request' : operation === 2 ? 'Boot Reply' : `Unknown BOOTP message type (${operation})`;
      t.info(name + from);
    }
    addFixed(t);
    if (messageType < 0) t.hide('bootp', 1, at, 0);
    if (!isDhcp) {
      if (t.end > at + AT.cookie)
        t.add('vendor_specific_options', at + AT.cookie, Math.min(64, t.end - at - AT.cookie));
      return;
    }
    t.add('cookie', at + AT.cookie);
    t.last().text = 'Magic cookie: DHCP';
    addOptions(t, at + AT.options, t.end);
  },
});

/** The first message type among the options; -1: none, which is BOOTP. */
function findMessageType(t: TreeBuilder): number {
  let at = t.at + AT.options;
  while (t.has(at, 3)) {
    const code = t.u8(at);
    if (code === OPTION.end) break;
    if (code === OPTION.messageType) return t.u8(at + 2);
    at += code === OPTION.pad ? 1 : 2 + t.u8(at + 1);
  }
  return -1;
}

function addFixed(t: TreeBuilder): void {
  const { at } = t;
  t.add('type', at);
  t.add('hw.type', at + AT.hardware);
  t.add('hw.len', at + AT.hardwareLength);
  t.add('hops', at + AT.hops);
  t.add('id', at + AT.id);
  t.add('secs', at + AT.seconds);
  const flags = t.u16(at + AT.flags);
  t.nest(
    t.put(
      'flags',
      flags,
      at + AT.flags,
      2,
      `Bootp flags: 0x${flags.toString(16).padStart(4, '0')} (${(flags & 0x8000) === 0 ? 'Unicast' : 'Broadcast'})`,
    ),
  );
  t.add('flags.bc', at + AT.flags);
  t.add('flags.reserved', at + AT.flags);
  t.close();
  t.add('ip.client', at + AT.client);
  t.add('ip.your', at + AT.your);
  t.add('ip.server', at + AT.server);
  t.add('ip.relay', at + AT.relay);
  const length = t.u8(at + AT.hardwareLength);
  if (length > 0 && length <= ADDRESS_FIELD) {
    addHardwareAddress(t, t.u8(at + AT.hardware), at + AT.address, length);
    if (length < ADDRESS_FIELD) t.add('hw.addr_padding', at + AT.address + length, ADDRESS_FIELD - length);
  } else {
    t.text('Client address not given', at + AT.address, ADDRESS_FIELD);
  }
  addName(t, 'server', at + AT.serverName, AT.file - AT.serverName, 'Server host name');
  addName(t, 'file', at + AT.file, AT.cookie - AT.file, 'Boot file name');
}

function addName(t: TreeBuilder, key: string, at: number, length: number, label: string): void {
  const text = t.string(at, length, 'ascii', true);
  t.put(key, text, at, length, text === '' ? `${label} not given` : undefined);
}

function addHardwareAddress(t: TreeBuilder, type: number, at: number, length: number): void {
  if ((type === ETHERNET || type === IEEE802) && length === MAC) t.add('hw.mac_addr', at);
  else t.add('hw.addr', at, length);
}

function addOptions(t: TreeBuilder, from: number, end: number): void {
  let at = from;
  while (at < end) {
    const code = t.u8(at);
    if (code === OPTION.pad) {
      let stop = at;
      while (stop < end && t.u8(stop) === OPTION.pad) stop++;
      t.nest(t.put('option.type', 0, at, stop - at, 'Option: (0) Padding'));
      t.add('option.padding', at, stop - at);
      t.close();
      at = stop;
      continue;
    }
    if (code === OPTION.end) {
      t.nest(t.put('option.type', 0, at, 1, 'Option: (255) End'));
      t.add('option.end', at);
      t.close();
      if (at + 1 < end) t.add('option.padding', at + 1, end - at - 1);
      return;
    }
    const length = t.u8(at + 1);
    const row = t.nest(
      t.put('option.type', code, at, 2 + length, `Option: (${code}) ${optionName(code) ?? 'Unassigned'}`),
    );
    t.add('option.length', at + 1);
    t.need(at + 2, length);
    if (length > 0) t.hide('option.value', t.slice(at + 2, length), at + 2, length);
    const shown = addValue(t, OPTIONS[code], at + 2, at + 2 + length);
    if (shown !== '') row.text = `${row.text ?? ''} (${shown})`;
    t.close();
    at += 2 + length;
  }
}

/** Adds an option's value; returns what its row says, or nothing. */
function addValue(t: TreeBuilder, spec: OptionSpec | undefined, at: number, end: number): string {
  const length = end - at;
  const key = spec?.key ?? 'option.value';
  switch (spec?.form) {
    case 'ip':
      if (length < 4) break;
      t.add(key, at);
      return formatIpv4(t.u32(at));
    case 'ips':
      for (let i = at; i + 4 <= end; i += 4) t.add(key, i);
      break;
    case 'ip-pairs':
      for (let i = at; i + 8 <= end; i += 8) {
        t.add(key, i);
        t.add(spec.second ?? key, i + 4);
      }
      break;
    case 'text':
      t.put(key, t.string(at, length, 'utf8', true), at, length);
      break;
    case 'bool':
      if (length >= 1) t.put(key, t.u8(at) === 0 ? 0 : 1, at, 1);
      break;
    case 'number':
      return addNumber(t, key, at, length);
    case 'numbers':
      addNumbers(t, key, at, end);
      break;
    case 'client-id':
      clientId(t, at, end);
      break;
    case 'user-class':
      userClass(t, at, end);
      break;
    case 'fqdn':
      fqdn(t, at, end);
      break;
    case 'relay':
      relay(t, at, end);
      break;
    case 'search':
      for (let i = at; i < end; ) i = domain(t, 'option.dhcp_dns_domain_search_list_fqdn', i, at, end);
      break;
    case 'routes':
      routes(t, at, end);
      break;
    case 'sip':
      sip(t, at, end);
      break;
    case 'uuid':
      if (length === 17) uuid(t, at + 1);
      break;
    case 'authentication':
      if (length < 11) break;
      t.add('option.dhcp_authentication.protocol', at);
      t.add('option.dhcp_authentication.alg_delay', at + 1);
      t.add('option.dhcp_authentication.rdm', at + 2);
      t.add('option.dhcp_authentication.rdm_replay_detection', at + 3);
      if (length > 11) t.add('option.dhcp_authentication.information', at + 11, length - 11);
      break;
    case 'vendor':
    case 'bytes':
    case 'none':
    case undefined:
      if (length > 0) t.text(`Value: ${toHex(t.bytes, '', at, Math.min(end, at + 64))}`, at, length);
      break;
  }
  return '';
}

const TIMES: readonly string[] = [
  'option.ip_address_lease_time',
  'option.renewal_time_value',
  'option.rebinding_time_value',
];

function addNumber(t: TreeBuilder, key: string, at: number, length: number): string {
  const value = Number(t.value(key, at));
  const end = t.add(key, at);
  if (end - at !== length) t.expert('warning', 'Length does not fit the option', at, length);
  if (TIMES.includes(key)) t.last().text = `${OPTION_LABEL[key] ?? key}: ${duration(value)} (${value})`;
  return key === 'option.dhcp' ? (MESSAGE_TYPES[value] ?? `Unknown (${value})`) : '';
}

const OPTION_LABEL: Readonly<Record<string, string>> = {
  'option.ip_address_lease_time': 'IP Address Lease Time',
  'option.renewal_time_value': 'Renewal Time Value',
  'option.rebinding_time_value': 'Rebinding Time Value',
};

/** `1 day, 2 hours`: seconds for people. */
function duration(seconds: number): string {
  if (seconds === 0xffffffff) return 'infinity';
  const parts: string[] = [];
  let left = seconds;
  for (const [unit, size] of [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
    ['second', 1],
  ] as const) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${unit}${count === 1 ? '' : 's'}`);
  }
  return parts.length === 0 ? '0 seconds' : parts.join(', ');
}

function addNumbers(t: TreeBuilder, key: string, from: number, end: number): void {
  for (let at = from; at < end; ) {
    const value = Number(t.value(key, at));
    const next = t.add(key, at);
    if (next > end) t.fail();
    if (key === 'option.request_list_item')
      t.last().text = `Parameter Request List Item: (${value}) ${optionName(value) ?? 'Unassigned'}`;
    at = next;
  }
}

/** RFC 4578 2.3: the first three parts are little-endian, as firmware has them. */
function uuid(t: TreeBuilder, at: number): void {
  t.need(at, 16);
  t.put('client_id.uuid', uuidBytes(t.bytes, at, true), at, 16);
}

/** RFC 2132 9.14 and RFC 4361: a hardware address, or an IAID and a DUID. */
function clientId(t: TreeBuilder, at: number, end: number): void {
  const length = end - at;
  if (length < 1) return;
  const type = t.u8(at);
  if (length === 1 + MAC && type > 0 && type < 48) {
    t.add('hw.type', at);
    addHardwareAddress(t, type, at + 1, MAC);
  } else if (length === 17 && type === 0) {
    uuid(t, at + 1);
  } else if (type === 255 && length >= 7) {
    t.put('client_id.iaid', toHex(t.slice(at + 1, 4)), at + 1, 4);
    duid(t, at + 5, end);
  } else if (type === 0) {
    t.add('client_id.type', at);
    t.add('client_id.undef', at + 1, length - 1);
  } else {
    t.add('client_id.type', at);
    if (length > 1) t.add('client_id', at + 1, length - 1);
  }
}

function duid(t: TreeBuilder, at: number, end: number): void {
  const type = t.u16(at);
  t.add('client_id.duid_type', at);
  const rest = at + 2;
  if (type === 1 && end - rest >= 6) {
    t.add('client_id.duid_llt_hw_type', rest);
    t.add('client_id.time', rest + 2);
    t.put('client_id.link_layer_address', toHex(t.slice(rest + 6, end - rest - 6), ':'), rest + 6, end - rest - 6);
  } else if (type === 2 && end - rest >= 4) {
    t.add('client_id.enterprise_num', rest);
    if (end > rest + 4) t.add('client_id', rest + 4, end - rest - 4);
  } else if (type === 3 && end - rest >= 2) {
    t.add('client_id.duid_ll_hw_type', rest);
    t.put('client_id.link_layer_address', toHex(t.slice(rest + 2, end - rest - 2), ':'), rest + 2, end - rest - 2);
  } else if (type === 4 && end - rest === 16) {
    t.add('client_id.uuid', rest);
  } else if (end > rest) {
    t.add('client_id', rest, end - rest);
  }
}

/** RFC 3004. */
function userClass(t: TreeBuilder, from: number, end: number): void {
  let instance = 0;
  for (let at = from; at < end; ) {
    const length = t.u8(at);
    if (length === 0 || at + 1 + length > end) {
      t.expert('warning', 'User class does not follow RFC 3004', at, end - at);
      return;
    }
    t.nest(t.put('option.user_class', instance++, at, 1 + length));
    t.add('option.user_class.length', at);
    t.add('option.user_class.data', at + 1, length);
    t.close();
    at += 1 + length;
  }
}

/** RFC 4702 2: flags, two result codes, a name in text or in DNS form. */
function fqdn(t: TreeBuilder, at: number, end: number): void {
  if (end - at < 3) return;
  const isEncoded = (t.u8(at) & 4) !== 0;
  t.add('fqdn.flags', at);
  t.nest(t.last());
  for (const key of ['fqdn.mbz', 'fqdn.n', 'fqdn.e', 'fqdn.o', 'fqdn.s']) t.add(key, at);
  t.close();
  t.add('fqdn.rcode1', at + 1);
  t.add('fqdn.rcode2', at + 2);
  if (end === at + 3) return;
  if (isEncoded) domain(t, 'fqdn.name', at + 3, at + 3, end);
  else t.add('fqdn.name', at + 3, end - at - 3);
}

/** A name in DNS form; pointers count from the option's start (RFC 3397 2). Returns where the next one starts. */
function domain(t: TreeBuilder, key: string, from: number, base: number, end: number): number {
  const labels: string[] = [];
  let at = from;
  let after = -1;
  for (let steps = 0; steps < 128; steps++) {
    if (at >= end) break;
    const size = t.u8(at);
    if (size >= 0xc0) {
      if (at + 2 > end) break;
      if (after < 0) after = at + 2;
      at = base + (t.u16(at) & 0x3fff);
      continue;
    }
    at++;
    if (size === 0) break;
    if (at + size > end) t.fail();
    labels.push(t.string(at, size, 'ascii'));
    at += size;
  }
  const next = Math.max(from + 1, after < 0 ? at : after);
  t.put(key, labels.join('.'), from, next - from);
  return next;
}

/** RFC 3442: prefix length, as many bytes of the network as it needs, router. */
function routes(t: TreeBuilder, from: number, end: number): void {
  for (let at = from; at < end; ) {
    const prefix = t.u8(at);
    const bytes = (prefix + 7) >>> 3;
    const length = 1 + bytes + 4;
    if (prefix > 32 || at + length > end) {
      t.expert('warning', 'Route does not follow RFC 3442', at, end - at);
      return;
    }
    const network = new Uint8Array(4);
    network.set(t.slice(at + 1, bytes));
    const router = formatIpv4(t.u32(at + 1 + bytes));
    t.put('option.classless_static_route', t.slice(at, length), at, length, `${network.join('.')}/${prefix}-${router}`);
    at += length;
  }
}

/** RFC 3361. */
function sip(t: TreeBuilder, at: number, end: number): void {
  if (end <= at) return;
  t.add('option.sip_server.encoding', at);
  if (t.u8(at) === 1) for (let i = at + 1; i + 4 <= end; i += 4) t.add('option.sip_server.address', i);
  else for (let i = at + 1; i < end; ) i = domain(t, 'option.sip_server.name', i, at + 1, end);
}

/** RFC 3046 2.0: options inside the option that a relay adds. */
function relay(t: TreeBuilder, from: number, end: number): void {
  for (let at = from; at + 2 <= end; ) {
    const code = t.u8(at);
    const length = t.u8(at + 1);
    if (at + 2 + length > end) t.fail();
    t.nest(
      t.put(
        'option.agent_information_option.suboption',
        code,
        at,
        2 + length,
        `Option 82 Suboption: (${code}) ${relayName(code) ?? 'Unknown'}`,
      ),
    );
    t.add('option.suboption_length', at + 1);
    const key = RELAY[code]?.[1];
    if (key !== undefined && key !== null)
      t.hide('option.agent_information_option.value', t.slice(at + 2, length), at + 2, length);
    if (length > 0) t.add(`option.agent_information_option.${key ?? 'value'}`, at + 2, length);
    t.close();
    at += 2 + length;
  }
}
