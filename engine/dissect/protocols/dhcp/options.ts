/** DHCP options (RFC 2132, IANA "BOOTP Vendor Extensions and DHCP Options"): number, name, and how the value reads. */

/** How a value reads; `s`: as many as there are. */
export type OptionForm =
  | 'ip'
  | 'ips'
  | 'ip-pairs'
  | 'text'
  | 'bool'
  | 'number'
  | 'numbers'
  | 'bytes'
  | 'none'
  | 'client-id'
  | 'user-class'
  | 'fqdn'
  | 'relay'
  | 'search'
  | 'routes'
  | 'sip'
  | 'uuid'
  | 'vendor'
  | 'authentication';

export interface OptionSpec {
  readonly name: string;
  readonly form: OptionForm;
  /** Field of the value; the second one of pairs. */
  readonly key?: string;
  readonly second?: string;
}

function option(name: string, form: OptionForm, key?: string, second?: string): OptionSpec {
  return {
    name,
    form,
    ...(key === undefined ? {} : { key: `option.${key}` }),
    ...(second === undefined ? {} : { second: `option.${second}` }),
  };
}

export const OPTION = { pad: 0, overload: 52, messageType: 53, relay: 82, end: 255 } as const;

export const OPTIONS: Readonly<Record<number, OptionSpec>> = {
  1: option('Subnet Mask', 'ip', 'subnet_mask'),
  2: option('Time Offset', 'number', 'time_offset'),
  3: option('Router', 'ips', 'router'),
  4: option('Time Server', 'ips', 'time_server'),
  5: option('Name Server', 'ips', 'name_server'),
  6: option('Domain Name Server', 'ips', 'domain_name_server'),
  7: option('Log Server', 'ips', 'log_server'),
  8: option('Quotes Server', 'ips', 'quotes_server'),
  9: option('LPR Server', 'ips', 'lpr_server'),
  10: option('Impress Server', 'ips', 'impress_server'),
  11: option('Resource Location Server', 'ips', 'resource_location_server'),
  12: option('Host Name', 'text', 'hostname'),
  13: option('Boot File Size', 'number', 'boot_file_size'),
  14: option('Merit Dump File', 'text', 'merit_dump_file'),
  15: option('Domain Name', 'text', 'domain_name'),
  16: option('Swap Server', 'ip', 'swap_server'),
  17: option('Root Path', 'text', 'root_path'),
  18: option('Extensions Path', 'text', 'extension_path'),
  19: option('IP Forwarding', 'bool', 'ip_forwarding'),
  20: option('Non-Local Source Routing', 'bool', 'non_local_source_routing'),
  21: option('Policy Filter', 'ip-pairs', 'policy_filter.ip', 'policy_filter.subnet_mask'),
  22: option('Maximum Datagram Reassembly Size', 'number', 'max_datagram_reassembly_size'),
  23: option('Default IP Time-to-Live', 'number', 'default_ip_ttl'),
  24: option('Path MTU Aging Timeout', 'number', 'path_mtu_aging_timeout'),
  25: option('Path MTU Plateau Table', 'numbers', 'path_mtu_plateau_table_item'),
  26: option('Interface MTU', 'number', 'interface_mtu'),
  27: option('All Subnets are Local', 'bool', 'all_subnets_are_local'),
  28: option('Broadcast Address', 'ip', 'broadcast_address'),
  29: option('Perform Mask Discovery', 'bool', 'perform_mask_discovery'),
  30: option('Mask Supplier', 'bool', 'mask_supplier'),
  31: option('Perform Router Discover', 'bool', 'perform_router_discover'),
  32: option('Router Solicitation Address', 'ip', 'router_solicitation_address'),
  33: option('Static Route', 'ip-pairs', 'static_route.ip', 'static_route.router'),
  34: option('Trailer Encapsulation', 'bool', 'trailer_encapsulation'),
  35: option('ARP Cache Timeout', 'number', 'arp_cache_timeout'),
  36: option('Ethernet Encapsulation', 'bool', 'ethernet_encapsulation'),
  37: option('TCP Default TTL', 'number', 'tcp_default_ttl'),
  38: option('TCP Keepalive Interval', 'number', 'tcp_keepalive_interval'),
  39: option('TCP Keepalive Garbage', 'bool', 'tcp_keepalive_garbage'),
  40: option('Network Information Service Domain', 'text', 'nis_domain'),
  41: option('Network Information Service Servers', 'ips', 'nis_server'),
  42: option('Network Time Protocol Servers', 'ips', 'ntp_server'),
  43: option('Vendor-Specific Information', 'vendor'),
  44: option('NetBIOS over TCP/IP Name Server', 'ips', 'netbios_over_tcpip_name_server'),
  45: option('NetBIOS over TCP/IP Datagram Distribution Name Server', 'ips', 'netbios_over_tcpip_dd_name_server'),
  46: option('NetBIOS over TCP/IP Node Type', 'number', 'netbios_over_tcpip_node_type'),
  47: option('NetBIOS over TCP/IP Scope', 'text', 'netbios_over_tcpip_scope'),
  48: option('X Window System Font Server', 'ips', 'xwindows_system_font_server'),
  49: option('X Window System Display Manager', 'ips', 'xwindows_system_display_manager'),
  50: option('Requested IP Address', 'ip', 'requested_ip_address'),
  51: option('IP Address Lease Time', 'number', 'ip_address_lease_time'),
  52: option('Option Overload', 'number', 'option_overload'),
  53: option('DHCP Message Type', 'number', 'dhcp'),
  54: option('DHCP Server Identifier', 'ip', 'dhcp_server_id'),
  55: option('Parameter Request List', 'numbers', 'request_list_item'),
  56: option('Message', 'text', 'message'),
  57: option('Maximum DHCP Message Size', 'number', 'dhcp_max_message_size'),
  58: option('Renewal Time Value', 'number', 'renewal_time_value'),
  59: option('Rebinding Time Value', 'number', 'rebinding_time_value'),
  60: option('Vendor class identifier', 'text', 'vendor_class_id'),
  61: option('Client identifier', 'client-id'),
  62: option('Novell/Netware IP domain', 'text', 'novell_netware_ip_domain'),
  64: option('Network Information Service+ Domain', 'text', 'nis_plus_domain'),
  65: option('Network Information Service+ Servers', 'ips', 'nis_plus_server'),
  66: option('TFTP Server Name', 'text', 'tftp_server_name'),
  67: option('Bootfile name', 'text', 'bootfile_name'),
  68: option('Mobile IP Home Agent', 'ips', 'mobile_ip_home_agent'),
  69: option('SMTP Server', 'ips', 'smtp_server'),
  70: option('POP3 Server', 'ips', 'pop3_server'),
  71: option('NNTP Server', 'ips', 'nntp_server'),
  72: option('Default WWW Server', 'ips', 'default_www_server'),
  73: option('Default Finger Server', 'ips', 'default_finger_server'),
  74: option('Default IRC Server', 'ips', 'default_irc_server'),
  75: option('StreetTalk Server', 'ips', 'streettalk_server'),
  76: option('StreetTalk Directory Assistance Server', 'ips', 'streettalk_da_server'),
  77: option('User Class Information', 'user-class'),
  78: option('Directory Agent Information', 'bytes'),
  79: option('Location Agent scope', 'bytes'),
  80: option('Rapid commit', 'none'),
  81: option('Client Fully Qualified Domain Name', 'fqdn'),
  82: option('Agent Information Option', 'relay'),
  83: option('iSNS', 'bytes'),
  85: option('Novell Directory Services Servers', 'ips', 'novell_dss.ip'),
  86: option('Novell Directory Services Tree Name', 'text', 'novell_ds_tree_name'),
  87: option('Novell Directory Services Context', 'text', 'novell_ds_context'),
  90: option('Authentication', 'authentication'),
  91: option('Client last transaction time', 'number', 'client_last_transaction_time'),
  92: option('Associated IP option', 'ips', 'associated_ip_option'),
  93: option('Client System Architecture', 'numbers', 'client_system_architecture'),
  94: option('Client Network Device Interface', 'bytes'),
  97: option('UUID/GUID-based Client Identifier', 'uuid'),
  99: option('Civic Addresses Configuration', 'bytes'),
  100: option('PCode', 'text', 'tz_pcode'),
  101: option('TCode', 'text', 'tz_tcode'),
  108: option('IPv6-Only Preferred', 'bytes'),
  112: option('NetInfo Parent Server Address', 'ips', 'netinfo_parent_server_address'),
  113: option('NetInfo Parent Server Tag', 'text', 'netinfo_parent_server_tag'),
  114: option('DHCP Captive-Portal', 'text', 'captive_portal'),
  116: option('DHCP Auto-Configuration', 'number', 'dhcp_auto_configuration'),
  117: option('Name Service Search', 'bytes'),
  118: option('Subnet Selection Option', 'ip', 'subnet_selection_option'),
  119: option('Domain Search', 'search'),
  120: option('SIP Servers', 'sip'),
  121: option('Classless Static Route', 'routes'),
  123: option('Coordinate-based Location Configuration', 'bytes'),
  124: option('V-I Vendor Class', 'bytes'),
  125: option('V-I Vendor-specific Information', 'bytes'),
  136: option('PANA Agent', 'ips', 'pana_agent'),
  137: option('LoST Server Domain Name', 'bytes'),
  138: option('CAPWAP Access Controllers', 'ips', 'capwap_access_controller'),
  141: option('SIP UA Configuration Service Domains', 'bytes'),
  142: option('IPv4 Address ANDSF', 'ips', 'andsf_server'),
  145: option('Forcerenew Nonce Capable', 'numbers', 'forcerenew_nonce.algorithm'),
  146: option('RDNSS Selection', 'bytes'),
  150: option('TFTP Server Address', 'ips', 'tftp_server_address'),
  151: option('Status Code', 'bytes'),
  152: option('Base Time', 'bytes'),
  153: option('Start Time of State', 'bytes'),
  154: option('Query Start Time', 'bytes'),
  155: option('Query End Time', 'bytes'),
  156: option('DHCP State', 'bytes'),
  157: option('Data Source', 'bytes'),
  160: option('DHCP Captive-Portal (old)', 'text', 'captive_portal'),
  212: option('6RD', 'bytes'),
  249: option('Private/Classless Static Route (Microsoft)', 'routes'),
  252: option('Private/Proxy autodiscovery', 'text', 'private_proxy_autodiscovery'),
};

/** RFC 2132 9.6 and later; the names as the Info column has them, padded to one width. */
export const MESSAGE_TYPES: Readonly<Record<number, string>> = {
  1: 'Discover',
  2: 'Offer',
  3: 'Request',
  4: 'Decline',
  5: 'ACK',
  6: 'NAK',
  7: 'Release',
  8: 'Inform',
  9: 'Force Renew',
  10: 'Lease query',
  11: 'Lease Unassigned',
  12: 'Lease Unknown',
  13: 'Lease Active',
  14: 'Bulk Lease Query',
  15: 'Lease Query Done',
  16: 'Active LeaseQuery',
  17: 'Lease Query Status',
  18: 'TLS',
};

/** RFC 3046 and IANA "DHCP Relay Agent Sub-Option Codes": name and field. */
export const RELAY: Readonly<Record<number, readonly [name: string, key: string | null]>> = {
  1: ['Agent Circuit ID', 'agent_circuit_id'],
  2: ['Agent Remote ID', 'agent_remote_id'],
  5: ['Link selection', 'link_selection'],
  6: ['Subscriber ID', 'subscriber_id'],
  7: ['RADIUS Attributes', 'radius_attributes'],
  8: ['Authentication', 'authentication'],
  9: ['Vendor-Specific Information', 'vi'],
  10: ['Relay Agent Flags', 'flags'],
  11: ['Server ID Override', 'server_id_override'],
  12: ['Relay Agent Identifier', 'relay_agent_id'],
  151: ['VRF name/VPN ID', 'vrf_name.vpn_id'],
  152: ['Server ID Override (Cisco)', 'server_id_override_cisco'],
};
