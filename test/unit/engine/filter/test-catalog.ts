/** A catalogue for filter tests: fields that the reference filters and these tests name, with Wireshark's types. */

import {
  type Field,
  type FieldCatalog,
  type FieldType,
  makeCatalog,
  type ValueNames,
} from '../../../../engine/base/fields.ts';

const BY_TYPE: Partial<Record<FieldType, string>> = {
  bool:
    'arp.isgratuitous dns.flags.authoritative dns.flags.recavail dns.flags.response eth.dst.ig eth.ig eth.lg ' +
    'http.request http.response ip.flags.df rtp.marker smb2.flags.response tcp.flags.ack tcp.flags.cwr ' +
    'tcp.flags.ece tcp.flags.fin tcp.flags.reset tcp.flags.syn websocket.mask',
  bytes:
    'bittorrent.peer_id eth.padding eth.trailer geneve.options tcp.payload test.bytes ' +
    'tls.handshake.certificate tls.handshake.random',
  double: 'test.double',
  duration:
    'dns.time frame.time_delta frame.time_epoch frame.time_relative tcp.analysis.ack_rtt tcp.analysis.rto ' +
    'tcp.time_delta',
  ether: 'arp.src.hw_mac eth.addr eth.dst eth.src wlan.addr',
  eui64: 'test.eui64',
  float: 'test.float',
  frame: 'tcp.analysis.acks_frame tcp.analysis.duplicate_ack_frame tcp.segment',
  guid: 'test.guid',
  i16: 'test.i16',
  i32: 'snmp.request_id snmp.version',
  i8: 'radiotap.dbm_antsignal',
  ipv4: 'arp.dst.proto_ipv4 arp.src.proto_ipv4 dns.a ip.addr ip.dst ip.src',
  ipv6: 'dns.aaaa icmpv6.nd.ns.target_address ipv6.addr ipv6.dst ipv6.src',
  none:
    'tcp.analysis.duplicate_ack tcp.analysis.fast_retransmission tcp.analysis.flags tcp.analysis.keep_alive ' +
    'tcp.analysis.retransmission tcp.analysis.window_update tcp.analysis.zero_window',
  oid: 'snmp.name',
  protocol:
    '_ws.expert arp bittorrent browser dhcpv6 dns eapol ff frame ftp geneve http http2 icmp igmp imap ip ipv6 ' +
    'irc llc llmnr mount mpls nbns ntlmssp ntp portmap pppoes quic rdp ripng sdp sll smb2 ssh stun t125 tcp ' +
    'tcp.options.mss tds tls tpkt udp vlan vxlan websocket wlan xmpp',
  string:
    'dns.ptr.domain_name dns.qry.name dns.txt frame.protocols http.connection http.content_type http.host ' +
    'http.referer http.request.method http.request.uri http.request.version http.upgrade http.user_agent ' +
    'http2.headers.method imap.request ip.dst_host ip.host irc.request mysql.query nagare.process nbns.name ' +
    'nfs.name ntlmssp.auth.username pop.request.command sip.Method sip.To sip.from.user smb2.filename ' +
    'snmp.community tls.handshake.extensions_alpn_str tls.handshake.extensions_server_name ' +
    'x509sat.printableString x509sat.uTF8String',
  time: 'frame.time',
  u16:
    'arp.opcode dns.count.answers dns.flags.rcode dns.id dns.mx.preference dns.qry.type dns.resp.len ' +
    'dns.resp.type eth.type http.response.code ip.id ip.len ipv6.plen ppp.protocol rtp.seq sll.hatype ' +
    'sll.pkttype smb2.cmd stun.type tcp.dstport tcp.flags tcp.options.mss_val tcp.port tcp.srcport ' +
    'tcp.window_size_value tls.handshake.ciphersuite tls.handshake.extension.type ' +
    'tls.handshake.extensions.supported_version tls.handshake.version udp.dstport udp.length udp.port ' +
    'udp.srcport vlan.id wlan.fc.type_subtype',
  u24: 'geneve.vni ipv6.flow vxlan.vni',
  u32:
    'bittorrent.piece.index dns.resp.ttl frame.cap_len frame.interface_id frame.len frame.number ' +
    'http2.streamid mpls.bottom mpls.label mpls.ttl nfs.status ntlmssp.messagetype portmap.prog quic.version ' +
    'rdp.encryptionMethod rpc.msgtyp rpc.procedure rpc.program rpc.replystat rtp.ssrc sip.Status-Code ' +
    'sll.ifindex smb2.nt_status tcp.ack tcp.analysis.bytes_in_flight tcp.analysis.duplicate_ack_num tcp.len ' +
    'tcp.options.sack_le tcp.options.sack_re tcp.seq tcp.stream tcp.window_size',
  u64: 'http.content_length quic.stream.stream_id test.u64',
  u8:
    'bittorrent.msg.type cotp.type http2.type icmp.code icmp.type icmpv6.type ip.dsfield ip.dsfield.ecn ' +
    'ip.proto ip.ttl ip.version ipv6.hlim ipv6.nxt mysql.command quic.header_form quic.long.packet_type ' +
    'rtp.p_type tcp.checksum.status tcp.hdr_len tds.type test.u8 tls.handshake.type tls.record.content_type ' +
    'websocket.opcode websocket.payload_length wlan.fc.type',
};

const NAMES: Readonly<Record<string, ValueNames>> = {
  'ip.proto': { 1: 'ICMP', 6: 'TCP', 17: 'UDP' },
  'dns.flags.rcode': { 0: 'No error', 2: 'Server failure', 3: 'No such name' },
  'icmp.type': { 0: 'Echo (ping) reply', 3: 'Destination unreachable', 8: 'Echo (ping) request' },
  // One name for two values, as several value lists have it.
  'tls.handshake.type': { 1: 'Client Hello', 2: 'Server Hello', 6: 'Reserved', 7: 'Reserved' },
  'eth.type': (value) => (value === 0x0800 ? 'IPv4' : value === 0x86dd ? 'IPv6' : undefined),
};

export const TEST_FIELDS: readonly Field[] = Object.entries(BY_TYPE)
  .flatMap(([type, names]) => names.split(' ').map((abbrev) => ({ type: type as FieldType, abbrev })))
  .map(({ type, abbrev }, id) => ({
    id,
    abbrev,
    label: abbrev,
    type,
    show: 'dec',
    names: NAMES[abbrev],
    bits: undefined,
    unitBits: undefined,
    flag: type === 'bool' ? ['Set', 'Not set'] : undefined,
    protocol: 0,
    doc: undefined,
  }));

export const testCatalog: FieldCatalog = makeCatalog(TEST_FIELDS);
