/** All golden captures that are made, sorted by folder name. `node scripts/run.mjs make-capture golden` writes them. */

import { analyserGroup } from './analysers.ts';
import {
  bittorrentGroup,
  dhcpGroup,
  dnsGroup,
  httpGroup,
  ntpGroup,
  rdpGroup,
  rpcGroup,
  sshGroup,
  tlsGroup,
} from './applications.ts';
import { callsOverNatGroup } from './calls-over-nat.ts';
import { canGroup } from './can.ts';
import type { GoldenGroup } from './capture.ts';
import { certificateGroup } from './certificates.ts';
import { decryptedGroup } from './decrypted.ts';
import { everyFieldGroups } from './every-field/index.ts';
import { fieldGroup } from './fields.ts';
import { compressedGroup, damagedGroup, linkTypeGroup, pcapGroup, pcapngGroup, snoopGroup } from './formats.ts';
import {
  arpGroup,
  eth,
  ieee80211Group,
  llcGroup,
  mplsGroup,
  nullGroup,
  ppiGroup,
  pppGroup,
  pppoeGroup,
  radiotapGroup,
  rawGroup,
  sll2Group,
  sllGroup,
  snapGroup,
  vlanGroup,
} from './link.ts';
import { macLayersGroup } from './mac-layers.ts';
import { moreLayersGroup } from './more-layers/index.ts';
import { moreLinksGroup } from './more-links/index.ts';
import {
  dccpGroup,
  erspanFirstGroup,
  islGroup,
  livenessGroup,
  udpLiteGroup,
  vendorGroup,
  vxlanGpeGroup,
} from './more-network.ts';
import { moreServiceGroups } from './more-services/index.ts';
import { icmpGroup, icmpv6Group, igmpGroup, ipv4Group, ipv6Group, udpGroup } from './network.ts';
import { networkAccessGroup } from './network-access.ts';
import { discoveryGroup, routingGroup, stpGroup } from './network-control.ts';
import { appletalkGroup, exportedPduGroup, ipxGroup, pktapGroup, rsvpGroup, vsockGroup } from './old-networks.ts';
import { platformGroup } from './platform.ts';
import { probableGroup } from './probable.ts';
import { quicGroup } from './quic.ts';
import { rdpUdpGroup } from './rdp-udp.ts';
import { sctpGroup } from './sctp.ts';
import { infinibandGroup, usbGroup, wpanGroup } from './sensor-links.ts';
import { servicesGroup } from './services.ts';
import { signInGroup } from './sign-in.ts';
import { signInTextGroup } from './sign-in-text.ts';
import { tlsMessageGroup } from './tls-messages.ts';
import { traceGroup } from './traces.ts';
import { tcpGroup } from './transport.ts';
import { geneveGroup, greGroup, ipipGroup, tunnelGroup, vxlanGroup } from './tunnels.ts';
import { valueGroups } from './values/index.ts';
import { http2Group, tunnelsOverHttpGroup, websocketGroup } from './web.ts';
import { dcerpcGroup, ldapGroup, nbnsGroup, smb2Group, snmpGroup, stunGroup } from './windows.ts';

export const goldenGroups: readonly GoldenGroup[] = [
  appletalkGroup,
  arpGroup,
  bittorrentGroup,
  callsOverNatGroup,
  canGroup,
  certificateGroup,
  compressedGroup,
  damagedGroup,
  dccpGroup,
  dcerpcGroup,
  dhcpGroup,
  discoveryGroup,
  dnsGroup,
  erspanFirstGroup,
  eth,
  ...everyFieldGroups,
  exportedPduGroup,
  geneveGroup,
  fieldGroup,
  greGroup,
  httpGroup,
  http2Group,
  icmpGroup,
  icmpv6Group,
  ieee80211Group,
  igmpGroup,
  infinibandGroup,
  analyserGroup,
  ipipGroup,
  ipv4Group,
  ipv6Group,
  ipxGroup,
  islGroup,
  ldapGroup,
  linkTypeGroup,
  livenessGroup,
  llcGroup,
  macLayersGroup,
  ...moreServiceGroups,
  moreLayersGroup,
  moreLinksGroup,
  mplsGroup,
  nbnsGroup,
  networkAccessGroup,
  ntpGroup,
  nullGroup,
  pcapGroup,
  pcapngGroup,
  pktapGroup,
  platformGroup,
  probableGroup,
  ppiGroup,
  pppGroup,
  pppoeGroup,
  quicGroup,
  radiotapGroup,
  rawGroup,
  rdpGroup,
  rpcGroup,
  routingGroup,
  rsvpGroup,
  rdpUdpGroup,
  sctpGroup,
  servicesGroup,
  sll2Group,
  sllGroup,
  smb2Group,
  snapGroup,
  snmpGroup,
  snoopGroup,
  sshGroup,
  stpGroup,
  signInGroup,
  signInTextGroup,
  stunGroup,
  tcpGroup,
  tlsGroup,
  tlsMessageGroup,
  decryptedGroup,
  traceGroup,
  tunnelGroup,
  tunnelsOverHttpGroup,
  udpGroup,
  udpLiteGroup,
  usbGroup,
  ...valueGroups,
  vendorGroup,
  vlanGroup,
  vsockGroup,
  vxlanGpeGroup,
  vxlanGroup,
  websocketGroup,
  wpanGroup,
];
