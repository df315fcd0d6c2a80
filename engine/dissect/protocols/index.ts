/** The protocols, sorted: one line each. */

import type { ProtocolSpec } from '../protocol.ts';
import { ah } from './ah.ts';
import { amqp } from './amqp.ts';
import { aarp, aep, ddp, nbp, rtmp, zip } from './appletalk.ts';
import { arcnet } from './arcnet.ts';
import { arp } from './arp.ts';
import { bacapp, bacnet, bvlc } from './bacnet.ts';
import { batman } from './batman.ts';
import { bfd } from './bfd.ts';
import { bgp } from './bgp.ts';
import { bencode } from './bittorrent/bencode.ts';
import { btDht } from './bittorrent/dht.ts';
import { btEncrypted } from './bittorrent/encrypted.ts';
import { bittorrent } from './bittorrent/peer.ts';
import { btTracker } from './bittorrent/tracker.ts';
import { btUtp } from './bittorrent/utp.ts';
import { bluetooth, hciAcl, hciCommand, hciEvent, hciH4, l2cap } from './bluetooth.ts';
import { cfm } from './bridges/cfm.ts';
import { mmrp, msrp, mvrp } from './bridges/mrp.ts';
import { bitcoin } from './business/bitcoin.ts';
import { cmpp } from './business/cmpp.ts';
import { dicom } from './business/dicom.ts';
import { fix } from './business/fix.ts';
import { hl7 } from './business/hl7.ts';
import { smpp } from './business/smpp.ts';
import { ucp } from './business/ucp.ts';
import { can } from './can.ts';
import { carp } from './carp.ts';
import { aoe, dropbox, realtek } from './carried-vendor.ts';
import { capwap, capwapData } from './carriers/capwap.ts';
import { gsmtap } from './carriers/gsmtap.ts';
import { lispData } from './carriers/lisp-data.ts';
import { cdp } from './cdp.ts';
import { cflow } from './cflow/index.ts';
import { chdlc } from './chdlc.ts';
import { pagp } from './cisco/pagp.ts';
import { udld } from './cisco/udld.ts';
import { vtp } from './cisco/vtp.ts';
import { clip } from './clip.ts';
import { coap } from './coap.ts';
import { cql } from './cql.ts';
import { dataTextLines } from './data-text-lines.ts';
import { dccp } from './dccp.ts';
import { dcerpc } from './dcerpc/index.ts';
import { rpcInterfaces } from './dcerpc/interfaces.ts';
import { dhcp } from './dhcp/index.ts';
import { dhcpv6 } from './dhcpv6.ts';
import { dnp3 } from './dnp3.ts';
import { dns, llmnr, mdns } from './dns/index.ts';
import { doip } from './doip.ts';
import { dtp } from './dtp.ts';
import { eap } from './eap.ts';
import { eapol } from './eapol.ts';
import { egd } from './egd.ts';
import { eigrp } from './eigrp.ts';
import { erspan } from './erspan.ts';
import { esp } from './esp.ts';
import { eth } from './eth.ts';
import { cip } from './ethernet-ip/cip.ts';
import { cipIo, enip } from './ethernet-ip/index.ts';
import { etag } from './ethernet-tags/etag.ts';
import { hsr } from './ethernet-tags/hsr.ts';
import { ieee802a } from './ethernet-tags/ieee802a.ts';
import { nsh } from './ethernet-tags/nsh.ts';
import { providerTag } from './ethernet-tags/provider-tag.ts';
import { trill } from './ethernet-tags/trill.ts';
import { vntag } from './ethernet-tags/vntag.ts';
import { exportedPdu } from './exported-pdu.ts';
import { fddi } from './fddi.ts';
import { frameRelay } from './frame-relay.ts';
import { ftp, ftpData } from './ftp.ts';
import { armagetronad } from './games/armagetronad.ts';
import { dpnet } from './games/directplay.ts';
import { quake, quake2, quake3, quakeworld } from './games/quake.ts';
import { raknet } from './games/raknet.ts';
import { ts2 } from './games/teamspeak.ts';
import { wow } from './games/wow.ts';
import { geneve } from './geneve.ts';
import { gnutella } from './gnutella.ts';
import { gquic } from './gquic.ts';
import { gre } from './gre.ts';
import { grpc } from './grpc.ts';
import { gtp } from './gtp/index.ts';
import { gtpv2 } from './gtp/v2.ts';
import { hartIp } from './hart-ip.ts';
import { bjnp } from './home/bjnp.ts';
import { macTelnet, mndp } from './home/mikrotik.ts';
import { slimp3 } from './home/slimp3.ts';
import { smartPlug } from './home/smart-plug.ts';
import { steamDiscovery } from './home/steam.ts';
import { tivoconnect } from './home/tivo.ts';
import { hpTeaming } from './hp-teaming.ts';
import { hsrp } from './hsrp.ts';
import { http } from './http/index.ts';
import { http2 } from './http2/index.ts';
import { icap } from './icap.ts';
import { icmp } from './icmp.ts';
import { icmpv6 } from './icmpv6/index.ts';
import { iec101Asdu } from './iec104/asdu.ts';
import { iec104 } from './iec104/index.ts';
import { avs, ppi, prism } from './ieee80211/headers.ts';
import { wlan } from './ieee80211/index.ts';
import { netmonRadio } from './ieee80211/netmon-radio.ts';
import { wlanRadio } from './ieee80211/radio.ts';
import { radiotap } from './ieee80211/radiotap.ts';
import { wpan } from './ieee802154/index.ts';
import { sixLowpan } from './ieee802154/sixlowpan.ts';
import { wpanTap } from './ieee802154/tap.ts';
import { zigbeeBeacon, zigbeeNetwork, zigbeeSupport } from './ieee802154/zigbee.ts';
import { igmp } from './igmp.ts';
import { imageGif } from './image-gif.ts';
import { imageJfif } from './image-jfif.ts';
import { imap } from './imap.ts';
import { imf } from './imf.ts';
import { ethercat, ethercatFrame } from './industrial/ethercat.ts';
import { powerlink } from './industrial/powerlink.ts';
import { profinet, profinetDcp, profinetIo } from './industrial/profinet.ts';
import { erf, infiniband } from './infiniband/index.ts';
import { etherip } from './ip-protocols/etherip.ts';
import { hip } from './ip-protocols/hip.ts';
import { igrp } from './ip-protocols/igrp.ts';
import { ipcomp } from './ip-protocols/ipcomp.ts';
import { mipv6 } from './ip-protocols/mipv6.ts';
import { pgm } from './ip-protocols/pgm.ts';
import { ipnet } from './ipnet.ts';
import { ipv4 } from './ipv4.ts';
import { ipv6Fragment } from './ipv6/fragment.ts';
import { ipv6 } from './ipv6/index.ts';
import { ipv6DestinationOptions, ipv6HopByHop } from './ipv6/options.ts';
import { ipv6Routing } from './ipv6/routing.ts';
import { ipx } from './ipx/index.ts';
import { nbipx, nmpi } from './ipx/netbios.ts';
import { nlsp } from './ipx/nlsp.ts';
import { ipxrip, ipxsap } from './ipx/routing.ts';
import { ipxmsg, nwSerial, spx } from './ipx/transport.ts';
import { irc } from './irc.ts';
import { isakmp, udpEncapsulation } from './isakmp.ts';
import { isl } from './isl.ts';
import { json } from './json.ts';
import { juniper } from './juniper.ts';
import { kafka } from './kafka.ts';
import { kerberos } from './kerberos/index.ts';
import { knxip } from './knxip/index.ts';
import { cemi } from './knxip/telegram.ts';
import { l2tp } from './l2tp.ts';
import { cldap, ldap } from './ldap/index.ts';
import { lacp, slow } from './link-aggregation.ts';
import { atm } from './links/atm.ts';
import { enc } from './links/enc.ts';
import { fibreChannelIp } from './links/fibre-channel-ip.ts';
import { firewireIp } from './links/firewire-ip.ts';
import { infinibandIp } from './links/infiniband-ip.ts';
import {
  bluetoothRadio,
  dbus,
  displayPortAux,
  docsis,
  dvbCi,
  ebhscr,
  flexray,
  gfp,
  gprsLlc,
  i2c,
  ipmiTrace,
  iso14443,
  lin,
  mstp,
  mux27010,
  nonAsk,
  rtacSerial,
  sita,
  usbLinkLayer,
  vppDispatch,
  xra,
  zboss,
} from './links/named.ts';
import { netanalyzer } from './links/netanalyzer.ts';
import { pflog } from './links/pflog.ts';
import { tzsp } from './links/tzsp.ts';
import { userDefined } from './links/user-defined.ts';
import { llc } from './llc.ts';
import { lldp } from './lldp.ts';
import { llt } from './llt.ts';
import { lltd } from './lltd.ts';
import { loopbackTest } from './loopback-test.ts';
import { macControl } from './mac-control.ts';
import { macInMac } from './mac-in-mac.ts';
import { macsec } from './macsec.ts';
import { gearman } from './management/gearman.ts';
import { openflow, openflow1, openflow4, openflow5, openflow6 } from './management/openflow.ts';
import { asf, ipmiSession, rmcp } from './management/rmcp.ts';
import { media } from './media.ts';
import { memcache } from './memcache.ts';
import { gaduGadu } from './messengers/gadu-gadu.ts';
import { icq, oicq } from './messengers/icq.ts';
import { msnms } from './messengers/msn.ts';
import { ymsg } from './messengers/yahoo.ts';
import { mimeMultipart } from './mime-multipart.ts';
import { mbtcp, mbudp, modbus } from './modbus.ts';
import { mongo } from './mongo.ts';
import { mp2t, mpegPat, mpegPmt, mpegSection } from './mpeg-ts.ts';
import { mpls } from './mpls/index.ts';
import {
  associatedChannel,
  pseudowireControlWord,
  pseudowireEthernet,
  pseudowireHeuristic,
} from './mpls/pseudowire.ts';
import { mptcp } from './mptcp.ts';
import { mqtt } from './mqtt.ts';
import { mtp2, mtp3, mtp3Management, sccp } from './mtp.ts';
import { mysql } from './mysql/index.ts';
import { nbdgm } from './netbios/nbdgm.ts';
import { nbns } from './netbios/nbns.ts';
import { nbss } from './netbios/nbss.ts';
import { netbiosFrames } from './netbios-frames.ts';
import { netlink, netlinkNetfilter, netlinkRoute } from './netlink.ts';
import { nflog } from './nflog.ts';
import { nortelDiscovery } from './nortel-discovery.ts';
import { ntlmssp } from './ntlmssp.ts';
import { ntp } from './ntp.ts';
import { nullLoopback } from './null.ts';
import { omron } from './omron.ts';
import { opcua } from './opcua.ts';
import { openvpn } from './openvpn.ts';
import { esis, isis, isisCsnp, isisHello, isisLsp, isisPsnp, osi } from './osi.ts';
import { ospf } from './ospf.ts';
import { ldp } from './path-control/ldp.ts';
import { aodv, babel, olsr } from './path-control/mesh.ts';
import { mip } from './path-control/mobile-ip.ts';
import { bfdEcho, msdp, rpkiRouter, wccp } from './path-control/routers.ts';
import { pfcp } from './pfcp/index.ts';
import { pgsql } from './pgsql.ts';
import { pim } from './pim.ts';
import { packetData, pktap } from './pktap.ts';
import { png } from './png.ts';
import { pop } from './pop.ts';
import { homeplug, homeplugAv } from './power-line/homeplug.ts';
import { chap, pap } from './ppp/authentication.ts';
import { ccp, ipcp, ipv6cp, lcp, mplscp } from './ppp/control.ts';
import { ppp } from './ppp/index.ts';
import { pppoeDiscovery, pppoeSession } from './pppoe.ts';
import { pptp } from './pptp.ts';
import { protobuf } from './protobuf.ts';
import { ptp } from './ptp.ts';
import { quic } from './quic/index.ts';
import { radius } from './radius.ts';
import { raw } from './raw.ts';
import { cotp } from './rdp/cotp.ts';
import { rdp } from './rdp/rdp.ts';
import { rdpUdp } from './rdp/rdpudp.ts';
import { t124, t125 } from './rdp/t125.ts';
import { tpkt } from './rdp/tpkt.ts';
import { remoteProgramLoad } from './remote-program-load.ts';
import { resp } from './resp.ts';
import { rip } from './rip.ts';
import { ripng } from './ripng.ts';
import { rpc } from './rpc/index.ts';
import { mount } from './rpc/mount.ts';
import { nfs } from './rpc/nfs.ts';
import { bootparams, nlm, stat } from './rpc/others.ts';
import { portmap } from './rpc/portmap.ts';
import { rsvp } from './rsvp.ts';
import { rtcp } from './rtcp.ts';
import { rtmpt } from './rtmp.ts';
import { rtp } from './rtp.ts';
import { s7comm } from './s7comm.ts';
import { sap } from './sap.ts';
import { sctp } from './sctp/index.ts';
import { sdp } from './sdp.ts';
import { edonkey, iperf3, rsync, stratum, vnc, zookeeper } from './services.ts';
import { sflow } from './sflow/index.ts';
import { diameter } from './signalling/diameter.ts';
import { m3ua } from './signalling/m3ua.ts';
import { sip } from './sip/index.ts';
import { slarp } from './slarp.ts';
import { slip } from './slip.ts';
import { sll } from './sll.ts';
import { epmd } from './small-services/epmd.ts';
import { chargen, daytime, echo, time } from './small-services/little.ts';
import { nntp } from './small-services/nntp.ts';
import { cups, lpd } from './small-services/printing.ts';
import { finger, gopher, whois } from './small-services/queries.ts';
import { exec, rlogin, rsh } from './small-services/remote-shell.ts';
import { cvspserver, git } from './small-services/versioning.ts';
import { who } from './small-services/who.ts';
import { browser } from './smb/browser.ts';
import { smb } from './smb/index.ts';
import { lanman } from './smb/lanman.ts';
import { mailslot } from './smb/mailslot.ts';
import { smbNetlogon } from './smb/netlogon.ts';
import { smbPipe } from './smb/pipe.ts';
import { smb2 } from './smb2/index.ts';
import { smtp } from './smtp.ts';
import { snmp } from './snmp.ts';
import { socks } from './socks/index.ts';
import { slsk } from './soulseek.ts';
import { gssApi, spnego, spnegoKrb5 } from './spnego.ts';
import { srvloc } from './srvloc.ts';
import { ssdp } from './ssdp.ts';
import { ssh } from './ssh.ts';
import { artnet, dmxChannels } from './stage/artnet.ts';
import { dis } from './stage/dis.ts';
import { gvcp } from './stage/gvcp.ts';
import { rtps } from './stage/rtps.ts';
import { fcoe } from './storage-network/fcoe.ts';
import { fibreChannel } from './storage-network/fibre-channel.ts';
import { stp } from './stp.ts';
import { classicStun } from './stun/classic.ts';
import { stun } from './stun/index.ts';
import { synphasor } from './synphasor.ts';
import { syslog } from './syslog.ts';
import { tacplus } from './tacplus.ts';
import { tcp } from './tcp.ts';
import { tds } from './tds/index.ts';
import { iax2 } from './telephony/iax2.ts';
import { megaco } from './telephony/megaco.ts';
import { mgcp } from './telephony/mgcp.ts';
import { rtsp } from './telephony/rtsp.ts';
import { skinny } from './telephony/skinny.ts';
import { telnet } from './telnet.ts';
import { teredo } from './teredo.ts';
import { tftp } from './tftp.ts';
import { dtls } from './tls/dtls/index.ts';
import { tls } from './tls/index.ts';
import { tns } from './tns.ts';
import { tokenRing } from './token-ring.ts';
import { udp } from './udp.ts';
import { udpLite } from './udp-lite.ts';
import { uds } from './uds.ts';
import { udt } from './udt.ts';
import { urlencodedForm } from './urlencoded-form.ts';
import { usbHid } from './usb/human-interface.ts';
import { usb } from './usb/index.ts';
import { scsi, usbMassStorage } from './usb/mass-storage.ts';
import { usb3Vision } from './usb/vision.ts';
import { vlan } from './vlan.ts';
import { vrrp } from './vrrp.ts';
import { vsock } from './vsock.ts';
import { vxlan } from './vxlan.ts';
import { websocket } from './websocket/index.ts';
import { winsrepl } from './winsrepl.ts';
import { wireguard } from './wireguard.ts';
import { wol } from './wol.ts';
import { wsDiscovery } from './wsd.ts';
import { x11 } from './x11.ts';
import { xml } from './xml.ts';
import { xmpp } from './xmpp/index.ts';

export const protocols: readonly ProtocolSpec[] = [
  aarp,
  aep,
  ah,
  amqp,
  aodv,
  aoe,
  arcnet,
  armagetronad,
  arp,
  artnet,
  asf,
  associatedChannel,
  avs,
  babel,
  bacapp,
  bacnet,
  bencode,
  bfd,
  bfdEcho,
  bgp,
  bitcoin,
  bittorrent,
  bjnp,
  bluetooth,
  bootparams,
  browser,
  btDht,
  btEncrypted,
  btTracker,
  btUtp,
  bvlc,
  can,
  capwap,
  capwapData,
  carp,
  ccp,
  cdp,
  cemi,
  cflow,
  chap,
  chargen,
  chdlc,
  cip,
  cipIo,
  classicStun,
  cldap,
  clip,
  cmpp,
  coap,
  cotp,
  cql,
  cups,
  cvspserver,
  dataTextLines,
  daytime,
  dccp,
  dcerpc,
  ddp,
  dhcp,
  dhcpv6,
  diameter,
  dicom,
  dis,
  dmxChannels,
  dnp3,
  dns,
  doip,
  dpnet,
  dropbox,
  dtls,
  dtp,
  eap,
  eapol,
  echo,
  edonkey,
  egd,
  eigrp,
  enip,
  epmd,
  erf,
  erspan,
  esis,
  esp,
  eth,
  exec,
  exportedPdu,
  fddi,
  finger,
  fix,
  frameRelay,
  ftp,
  ftpData,
  gaduGadu,
  gearman,
  geneve,
  git,
  gnutella,
  gopher,
  gquic,
  gre,
  grpc,
  gsmtap,
  gssApi,
  gtp,
  gtpv2,
  gvcp,
  hartIp,
  hciAcl,
  hciCommand,
  hciEvent,
  hciH4,
  hl7,
  hpTeaming,
  hsrp,
  http,
  http2,
  iax2,
  icap,
  icmp,
  icmpv6,
  icq,
  iec101Asdu,
  iec104,
  igmp,
  imageGif,
  imageJfif,
  imap,
  imf,
  infiniband,
  ipcp,
  iperf3,
  ipmiSession,
  ipnet,
  ipv4,
  ipv6,
  ipv6cp,
  ipv6DestinationOptions,
  ipv6Fragment,
  ipv6HopByHop,
  ipv6Routing,
  ipx,
  ipxmsg,
  ipxrip,
  ipxsap,
  irc,
  isakmp,
  isis,
  isisCsnp,
  isisHello,
  isisLsp,
  isisPsnp,
  isl,
  json,
  kafka,
  kerberos,
  knxip,
  l2cap,
  l2tp,
  lacp,
  lanman,
  lcp,
  ldap,
  ldp,
  lispData,
  llc,
  lldp,
  llmnr,
  loopbackTest,
  lpd,
  m3ua,
  macControl,
  macInMac,
  macsec,
  macTelnet,
  mailslot,
  mbtcp,
  mbudp,
  mdns,
  media,
  megaco,
  memcache,
  mgcp,
  mimeMultipart,
  mip,
  mndp,
  modbus,
  mongo,
  mount,
  mp2t,
  mpegPat,
  mpegPmt,
  mpegSection,
  mpls,
  mplscp,
  mptcp,
  mqtt,
  msdp,
  msnms,
  mtp2,
  mtp3,
  mtp3Management,
  mysql,
  nbdgm,
  nbipx,
  nbns,
  nbp,
  nbss,
  netbiosFrames,
  netlink,
  netmonRadio,
  netlinkNetfilter,
  netlinkRoute,
  nflog,
  nfs,
  nlm,
  nlsp,
  nmpi,
  nntp,
  nortelDiscovery,
  ntlmssp,
  ntp,
  nullLoopback,
  nwSerial,
  oicq,
  olsr,
  omron,
  opcua,
  openflow,
  openflow1,
  openflow4,
  openflow5,
  openflow6,
  openvpn,
  osi,
  ospf,
  packetData,
  pap,
  pfcp,
  pgsql,
  pim,
  pktap,
  png,
  pop,
  portmap,
  ppi,
  ppp,
  pppoeDiscovery,
  pppoeSession,
  pptp,
  prism,
  protobuf,
  pseudowireControlWord,
  pseudowireEthernet,
  pseudowireHeuristic,
  quake,
  quake2,
  quake3,
  quakeworld,
  quic,
  radiotap,
  radius,
  raknet,
  raw,
  rdp,
  rdpUdp,
  realtek,
  remoteProgramLoad,
  resp,
  rip,
  ripng,
  rlogin,
  rmcp,
  rpc,
  rpkiRouter,
  rsh,
  rsvp,
  rsync,
  rtcp,
  rtmp,
  rtmpt,
  rtp,
  rtps,
  rtsp,
  s7comm,
  sap,
  sccp,
  scsi,
  sctp,
  sdp,
  sflow,
  sip,
  sixLowpan,
  skinny,
  slarp,
  slimp3,
  slip,
  sll,
  slow,
  slsk,
  smartPlug,
  smb,
  smb2,
  smbNetlogon,
  smbPipe,
  smpp,
  smtp,
  snmp,
  socks,
  spnego,
  spnegoKrb5,
  spx,
  srvloc,
  ssdp,
  ssh,
  stat,
  steamDiscovery,
  stp,
  stratum,
  stun,
  synphasor,
  syslog,
  t124,
  t125,
  tacplus,
  tcp,
  tds,
  telnet,
  teredo,
  tftp,
  time,
  tivoconnect,
  tls,
  tns,
  tokenRing,
  tpkt,
  ts2,
  ucp,
  udp,
  udpEncapsulation,
  udpLite,
  uds,
  udt,
  urlencodedForm,
  usb,
  usb3Vision,
  usbHid,
  usbMassStorage,
  vlan,
  vnc,
  vrrp,
  vsock,
  vxlan,
  wccp,
  websocket,
  who,
  whois,
  winsrepl,
  wireguard,
  wlan,
  wlanRadio,
  wow,
  wpan,
  wpanTap,
  wsDiscovery,
  x11,
  xml,
  xmpp,
  ymsg,
  zigbeeBeacon,
  zigbeeNetwork,
  zigbeeSupport,
  zip,
  zookeeper,
  ...rpcInterfaces,
  juniper,
  etag,
  vntag,
  trill,
  nsh,
  hsr,
  ieee802a,
  wol,
  udld,
  pagp,
  llt,
  etherip,
  ipcomp,
  igrp,
  pgm,
  hip,
  mipv6,
  enc,
  pflog,
  firewireIp,
  fibreChannelIp,
  tzsp,
  infinibandIp,
  atm,
  netanalyzer,
  userDefined,
  docsis,
  mstp,
  gprsLlc,
  gfp,
  sita,
  i2c,
  flexray,
  lin,
  nonAsk,
  dbus,
  dvbCi,
  mux27010,
  rtacSerial,
  bluetoothRadio,
  ipmiTrace,
  iso14443,
  xra,
  displayPortAux,
  ebhscr,
  vppDispatch,
  usbLinkLayer,
  zboss,
  cfm,
  mvrp,
  mmrp,
  msrp,
  ptp,
  fcoe,
  fibreChannel,
  ethercatFrame,
  ethercat,
  powerlink,
  profinet,
  profinetDcp,
  profinetIo,
  lltd,
  vtp,
  batman,
  homeplug,
  homeplugAv,
  providerTag,
];
