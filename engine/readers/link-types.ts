/**
 * Link types: the numbers of capture files, their registered names and what to call them
 * (draft-ietf-opsawg-pcaplinktype, https://www.tcpdump.org/linktypes.html).
 */

/** The link types that code speaks of. */
export const LINK_TYPE = {
  null: 0,
  ethernet: 1,
  tokenRing: 6,
  arcnet: 7,
  slip: 8,
  ppp: 9,
  fddi: 10,
  rawBsd: 12,
  rawOpenBsd: 14,
  pppHdlc: 50,
  pppEther: 51,
  atmRfc1483: 100,
  raw: 101,
  ciscoHdlc: 104,
  ieee80211: 105,
  loop: 108,
  localTalk: 114,
  linuxSll: 113,
  ieee80211Prism: 119,
  hippi: 111,
  ipOverFibreChannel: 122,
  sunAtm: 123,
  ieee80211Radiotap: 127,
  ipOver1394: 138,
  mtp2WithPseudoHeader: 139,
  mtp2: 140,
  linuxIrda: 144,
  ieee80211Avs: 163,
  pppPppd: 166,
  linuxLapd: 177,
  ppi: 192,
  sita: 196,
  erf: 197,
  bluetoothH4WithDirection: 201,
  pppWithDirection: 204,
  i2cLinux: 209,
  ipnet: 226,
  ipv4: 228,
  ipv6: 229,
  dbus: 231,
  nfcLlcp: 245,
  ipOverInfiniband: 242,
  usbPcap: 249,
  bluetoothLinuxMonitor: 254,
  linuxSll2: 276,
  ebhscr: 279,
} as const;

/**
 * Numbers above the 16 bits of a file, for records that are not packets: blocks that pcapng keeps between them, what a capture
 * card says of itself. They are rows as in Wireshark, on an interface that says `ofFile`, and are shown as bytes.
 */
export const RECORD_TYPE = { customBlock: 0x1_0000, journalEntry: 0x1_0001, erfMetadata: 0x1_0002 } as const;

/** From here up: datalink types of snoop that no link type stands for. */
export const SNOOP_LINK_TYPE_BASE = 0x2_0000;

/** From here up: Network Monitor's network types that no link type stands for. */
export const NETMON_LINK_TYPE_BASE = 0x3_0000;

/** Those of them that are known: 802.11 behind a radio header, and the short IP headers of the Windows Filtering Platform. */
export const NETMON_LINK_TYPE = {
  radio: NETMON_LINK_TYPE_BASE + 6,
  filteringIpv4: NETMON_LINK_TYPE_BASE + 0xe083,
  filteringIpv6: NETMON_LINK_TYPE_BASE + 0xe084,
  filteringFlowIpv4: NETMON_LINK_TYPE_BASE + 0xe085,
  filteringFlowIpv6: NETMON_LINK_TYPE_BASE + 0xe086,
} as const;

export interface LinkTypeInfo {
  /** The registered name without `LINKTYPE_`. */
  readonly name: string;
  /** For people. */
  readonly title: string;
}

/** Number, registered name, title. */
const TABLE: readonly (readonly [number, string, string])[] = [
  [0, 'NULL', 'BSD loopback'],
  [1, 'ETHERNET', 'Ethernet'],
  [2, 'EXP_ETHERNET', 'Xerox experimental Ethernet'],
  [3, 'AX25', 'AX.25'],
  [4, 'PRONET', 'Proteon ProNET token ring'],
  [5, 'CHAOS', 'Chaosnet'],
  [6, 'IEEE802_5', 'Token ring'],
  [7, 'ARCNET_BSD', 'ARCNET (BSD)'],
  [8, 'SLIP', 'SLIP'],
  [9, 'PPP', 'PPP'],
  [10, 'FDDI', 'FDDI'],
  [11, 'ATM_RFC1483 (BSD)', 'ATM with LLC (BSD number)'],
  [12, 'RAW (BSD)', 'Raw IP (BSD number)'],
  [14, 'RAW (OpenBSD)', 'Raw IP (OpenBSD number)'],
  [18, 'ATM_CLIP (Linux)', 'Classical IP over ATM (Linux number)'],
  [19, 'ATM_CLIP (Linux)', 'Classical IP over ATM (Linux number)'],
  [50, 'PPP_HDLC', 'PPP in HDLC framing'],
  [51, 'PPP_ETHER', 'PPPoE session'],
  [99, 'SYMANTEC_FIREWALL', 'Symantec Enterprise Firewall'],
  [100, 'ATM_RFC1483', 'ATM with LLC'],
  [101, 'RAW', 'Raw IP'],
  [102, 'SLIP_BSDOS', 'SLIP (BSD/OS)'],
  [103, 'PPP_BSDOS', 'PPP (BSD/OS)'],
  [104, 'C_HDLC', 'Cisco HDLC'],
  [105, 'IEEE802_11', 'IEEE 802.11'],
  [106, 'ATM_CLIP', 'Classical IP over ATM'],
  [107, 'FRELAY', 'Frame relay'],
  [108, 'LOOP', 'OpenBSD loopback'],
  [109, 'ENC', 'OpenBSD IPsec'],
  [110, 'LANE8023', 'ATM LANE'],
  [111, 'HIPPI', 'HIPPI'],
  [112, 'HDLC', 'HDLC (NetBSD)'],
  [113, 'LINUX_SLL', 'Linux cooked capture v1'],
  [114, 'LTALK', 'LocalTalk'],
  [115, 'ECONET', 'Econet'],
  [116, 'IPFILTER', 'OpenBSD ipfilter'],
  [117, 'PFLOG', 'PF log'],
  [118, 'CISCO_IOS', 'Cisco IOS'],
  [119, 'IEEE802_11_PRISM', 'IEEE 802.11 with Prism header'],
  [120, 'IEEE802_11_AIRONET', 'IEEE 802.11 with Aironet header'],
  [121, 'HHDLC', 'HiPath HDLC'],
  [122, 'IP_OVER_FC', 'IP over Fibre Channel'],
  [123, 'SUNATM', 'SunATM'],
  [124, 'RIO', 'RapidIO'],
  [125, 'PCI_EXP', 'PCI Express'],
  [126, 'AURORA', 'Xilinx Aurora'],
  [127, 'IEEE802_11_RADIOTAP', 'IEEE 802.11 with radiotap header'],
  [128, 'TZSP', 'Tazmen sniffer protocol'],
  [129, 'ARCNET_LINUX', 'ARCNET (Linux)'],
  [130, 'JUNIPER_MLPPP', 'Juniper MLPPP'],
  [131, 'JUNIPER_MLFR', 'Juniper MLFR'],
  [132, 'JUNIPER_ES', 'Juniper ES'],
  [133, 'JUNIPER_GGSN', 'Juniper GGSN'],
  [134, 'JUNIPER_MFR', 'Juniper MFR'],
  [135, 'JUNIPER_ATM2', 'Juniper ATM2'],
  [136, 'JUNIPER_SERVICES', 'Juniper services'],
  [137, 'JUNIPER_ATM1', 'Juniper ATM1'],
  [138, 'APPLE_IP_OVER_IEEE1394', 'IP over IEEE 1394'],
  [139, 'MTP2_WITH_PHDR', 'MTP2 with pseudo-header'],
  [140, 'MTP2', 'MTP2'],
  [141, 'MTP3', 'MTP3'],
  [142, 'SCCP', 'SCCP'],
  [143, 'DOCSIS', 'DOCSIS'],
  [144, 'LINUX_IRDA', 'IrDA (Linux)'],
  [145, 'IBM_SP', 'IBM SP switch'],
  [146, 'IBM_SN', 'IBM Next Federation switch'],
  [163, 'IEEE802_11_AVS', 'IEEE 802.11 with AVS header'],
  [164, 'JUNIPER_MONITOR', 'Juniper monitor'],
  [165, 'BACNET_MS_TP', 'BACnet MS/TP'],
  [166, 'PPP_PPPD', 'PPP with direction (pppd)'],
  [167, 'JUNIPER_PPPOE', 'Juniper PPPoE'],
  [168, 'JUNIPER_PPPOE_ATM', 'Juniper PPPoE over ATM'],
  [169, 'GPRS_LLC', 'GPRS LLC'],
  [170, 'GPF_T', 'Generic framing procedure, transparent'],
  [171, 'GPF_F', 'Generic framing procedure, frame-mapped'],
  [172, 'GCOM_T1E1', 'Gcom T1/E1'],
  [173, 'GCOM_SERIAL', 'Gcom serial'],
  [174, 'JUNIPER_PIC_PEER', 'Juniper PIC peer'],
  [175, 'ERF_ETH', 'ERF Ethernet'],
  [176, 'ERF_POS', 'ERF packet over SONET'],
  [177, 'LINUX_LAPD', 'LAPD (Linux vISDN)'],
  [178, 'JUNIPER_ETHER', 'Juniper Ethernet'],
  [179, 'JUNIPER_PPP', 'Juniper PPP'],
  [180, 'JUNIPER_FRELAY', 'Juniper frame relay'],
  [181, 'JUNIPER_CHDLC', 'Juniper Cisco HDLC'],
  [182, 'MFR', 'Multilink frame relay'],
  [183, 'JUNIPER_VP', 'Juniper voice PIC'],
  [184, 'A429', 'ARINC 429'],
  [185, 'A653_ICM', 'ARINC 653'],
  [186, 'USB_FREEBSD', 'USB (FreeBSD)'],
  [187, 'BLUETOOTH_HCI_H4', 'Bluetooth HCI H4'],
  [188, 'IEEE802_16_MAC_CPS', 'IEEE 802.16'],
  [189, 'USB_LINUX', 'USB (Linux)'],
  [190, 'CAN20B', 'CAN 2.0B'],
  [191, 'IEEE802_15_4_LINUX', 'IEEE 802.15.4 (Linux)'],
  [192, 'PPI', 'Per-packet information'],
  [193, 'IEEE802_16_MAC_CPS_RADIO', 'IEEE 802.16 with radio header'],
  [194, 'JUNIPER_ISM', 'Juniper ISM'],
  [195, 'IEEE802_15_4_WITHFCS', 'IEEE 802.15.4'],
  [196, 'SITA', 'SITA WAN'],
  [197, 'ERF', 'ERF'],
  [198, 'RAIF1', 'Ethernet (u10 Networks)'],
  [199, 'IPMB_KONTRON', 'IPMB (Kontron)'],
  [200, 'JUNIPER_ST', 'Juniper secure tunnel'],
  [201, 'BLUETOOTH_HCI_H4_WITH_PHDR', 'Bluetooth HCI H4 with direction'],
  [202, 'AX25_KISS', 'AX.25 KISS'],
  [203, 'LAPD', 'LAPD'],
  [204, 'PPP_WITH_DIR', 'PPP with direction'],
  [205, 'C_HDLC_WITH_DIR', 'Cisco HDLC with direction'],
  [206, 'FRELAY_WITH_DIR', 'Frame relay with direction'],
  [207, 'LAPB_WITH_DIR', 'LAPB with direction'],
  [209, 'I2C_LINUX', 'I2C (Linux)'],
  [210, 'FLEXRAY', 'FlexRay'],
  [211, 'MOST', 'MOST bus'],
  [212, 'LIN', 'LIN bus'],
  [213, 'X2E_SERIAL', 'X2E serial line'],
  [214, 'X2E_XORAYA', 'X2E Xoraya'],
  [215, 'IEEE802_15_4_NONASK_PHY', 'IEEE 802.15.4 non-ASK PHY'],
  [216, 'LINUX_EVDEV', 'Linux input events'],
  [217, 'GSMTAP_UM', 'GSM Um'],
  [218, 'GSMTAP_ABIS', 'GSM Abis'],
  [219, 'MPLS', 'MPLS'],
  [220, 'USB_LINUX_MMAPPED', 'USB (Linux, extended header)'],
  [221, 'DECT', 'DECT'],
  [222, 'AOS', 'AOS space data link'],
  [223, 'WIHART', 'WirelessHART'],
  [224, 'FC_2', 'Fibre Channel FC-2'],
  [225, 'FC_2_WITH_FRAME_DELIMS', 'Fibre Channel FC-2 with delimiters'],
  [226, 'IPNET', 'Solaris IPNET'],
  [227, 'CAN_SOCKETCAN', 'SocketCAN'],
  [228, 'IPV4', 'Raw IPv4'],
  [229, 'IPV6', 'Raw IPv6'],
  [230, 'IEEE802_15_4_NOFCS', 'IEEE 802.15.4 without FCS'],
  [231, 'DBUS', 'D-Bus'],
  [232, 'JUNIPER_VS', 'Juniper virtual server'],
  [233, 'JUNIPER_SRX_E2E', 'Juniper SRX'],
  [234, 'JUNIPER_FIBRECHANNEL', 'Juniper Fibre Channel'],
  [235, 'DVB_CI', 'DVB-CI'],
  [236, 'MUX27010', '3GPP TS 27.010'],
  [237, 'STANAG_5066_D_PDU', 'STANAG 5066'],
  [238, 'JUNIPER_ATM_CEMIC', 'Juniper ATM CEMIC'],
  [239, 'NFLOG', 'NFLOG'],
  [240, 'NETANALYZER', 'netANALYZER'],
  [241, 'NETANALYZER_TRANSPARENT', 'netANALYZER transparent'],
  [242, 'IPOIB', 'IP over InfiniBand'],
  [243, 'MPEG_2_TS', 'MPEG-2 transport stream'],
  [244, 'NG40', 'ng40'],
  [245, 'NFC_LLCP', 'NFC LLCP'],
  [246, 'PFSYNC', 'pfsync'],
  [247, 'INFINIBAND', 'InfiniBand'],
  [248, 'SCTP', 'SCTP'],
  [249, 'USBPCAP', 'USB (USBPcap)'],
  [250, 'RTAC_SERIAL', 'RTAC serial line'],
  [251, 'BLUETOOTH_LE_LL', 'Bluetooth Low Energy'],
  [252, 'WIRESHARK_UPPER_PDU', 'Wireshark exported PDU'],
  [253, 'NETLINK', 'Linux netlink'],
  [254, 'BLUETOOTH_LINUX_MONITOR', 'Bluetooth Linux monitor'],
  [255, 'BLUETOOTH_BREDR_BB', 'Bluetooth BR/EDR baseband'],
  [256, 'BLUETOOTH_LE_LL_WITH_PHDR', 'Bluetooth Low Energy with radio header'],
  [257, 'PROFIBUS_DL', 'PROFIBUS'],
  [258, 'PKTAP', 'Apple PKTAP'],
  [259, 'EPON', 'EPON'],
  [260, 'IPMI_HPM_2', 'IPMI HPM.2'],
  [261, 'ZWAVE_R1_R2', 'Z-Wave R1 and R2'],
  [262, 'ZWAVE_R3', 'Z-Wave R3'],
  [263, 'WATTSTOPPER_DLM', 'WattStopper lighting'],
  [264, 'ISO_14443', 'ISO 14443'],
  [265, 'RDS', 'Radio data system'],
  [266, 'USB_DARWIN', 'USB (macOS)'],
  [267, 'OPENFLOW', 'OpenFlow (OpenBSD)'],
  [268, 'SDLC', 'SDLC'],
  [269, 'TI_LLN_SNIFFER', 'TI LLN sniffer'],
  [270, 'LORATAP', 'LoRaTap'],
  [271, 'VSOCK', 'vsock'],
  [272, 'NORDIC_BLE', 'nRF Sniffer for Bluetooth LE'],
  [273, 'DOCSIS31_XRA31', 'DOCSIS with XRA header'],
  [274, 'ETHERNET_MPACKET', 'Ethernet mPacket'],
  [275, 'DISPLAYPORT_AUX', 'DisplayPort AUX'],
  [276, 'LINUX_SLL2', 'Linux cooked capture v2'],
  [277, 'SERCOS_MONITOR', 'Sercos monitor'],
  [278, 'OPENVIZSLA', 'OpenVizsla USB'],
  [279, 'EBHSCR', 'Elektrobit capture and replay'],
  [280, 'VPP_DISPATCH', 'VPP dispatch trace'],
  [281, 'DSA_TAG_BRCM', 'Ethernet with Broadcom switch tag'],
  [282, 'DSA_TAG_BRCM_PREPEND', 'Ethernet with Broadcom switch tag in front'],
  [283, 'IEEE802_15_4_TAP', 'IEEE 802.15.4 TAP'],
  [284, 'DSA_TAG_DSA', 'Ethernet with Marvell switch tag'],
  [285, 'DSA_TAG_EDSA', 'Ethernet with Marvell extended switch tag'],
  [286, 'ELEE', 'Lawful interception (ELEE)'],
  [287, 'Z_WAVE_SERIAL', 'Z-Wave serial'],
  [288, 'USB_2_0', 'USB 2.0'],
  [289, 'ATSC_ALP', 'ATSC link-layer protocol'],
  [290, 'ETW', 'Event Tracing for Windows'],
  [291, 'NETANALYZER_NG', 'netANALYZER NG'],
  [292, 'ZBOSS_NCP', 'ZBOSS NCP'],
  [293, 'USB_2_0_LOW_SPEED', 'USB 2.0 low speed'],
  [294, 'USB_2_0_FULL_SPEED', 'USB 2.0 full speed'],
  [295, 'USB_2_0_HIGH_SPEED', 'USB 2.0 high speed'],
  [296, 'AUERSWALD_LOG', 'Auerswald log'],
  [297, 'ZWAVE_TAP', 'Z-Wave TAP'],
  [298, 'SILABS_DEBUG_CHANNEL', 'Silicon Labs debug channel'],
  [299, 'FIRA_UCI', 'FiRa UCI'],
  [300, 'MDB', 'Multi-drop bus'],
  [301, 'DECT_NR', 'DECT-2020 NR'],
  [RECORD_TYPE.customBlock, 'pcapng custom block', 'pcapng custom block'],
  [RECORD_TYPE.journalEntry, 'systemd journal entry', 'systemd journal entry'],
  [RECORD_TYPE.erfMetadata, 'ERF metadata', 'ERF metadata'],
  [NETMON_LINK_TYPE.radio, 'Network Monitor 802.11', 'IEEE 802.11 with Network Monitor header'],
  [NETMON_LINK_TYPE.filteringIpv4, 'filtering platform IPv4', 'Windows Filtering Platform, IPv4'],
  [NETMON_LINK_TYPE.filteringIpv6, 'filtering platform IPv6', 'Windows Filtering Platform, IPv6'],
  [NETMON_LINK_TYPE.filteringFlowIpv4, 'filtering platform IPv4 flow', 'Windows Filtering Platform, IPv4 with flow'],
  [NETMON_LINK_TYPE.filteringFlowIpv6, 'filtering platform IPv6 flow', 'Windows Filtering Platform, IPv6 with flow'],
];

/** 147 to 162 are for private use, as is everything from 65001. */
const USER = { first: 147, last: 162, privateFrom: 65_001 } as const;

const BY_NUMBER: ReadonlyMap<number, LinkTypeInfo> = new Map(
  TABLE.map(([number, name, title]) => [number, { name, title }]),
);

/** Never fails: a number nobody has registered is called by its number. */
export function linkTypeInfo(linkType: number): LinkTypeInfo {
  const known = BY_NUMBER.get(linkType);
  if (known !== undefined) return known;
  if (linkType >= USER.first && linkType <= USER.last) {
    return { name: `USER${linkType - USER.first}`, title: `Private use ${linkType - USER.first}` };
  }
  if (linkType >= NETMON_LINK_TYPE_BASE) {
    const type = `0x${(linkType - NETMON_LINK_TYPE_BASE).toString(16).padStart(4, '0')}`;
    return { name: `Network Monitor type ${type}`, title: `Unknown Network Monitor type ${type}` };
  }
  if (linkType >= SNOOP_LINK_TYPE_BASE) {
    const number = linkType - SNOOP_LINK_TYPE_BASE;
    return { name: `snoop datalink ${number}`, title: `Unknown snoop datalink type ${number}` };
  }
  const title = linkType >= USER.privateFrom ? `Private use (${linkType})` : `Unknown link type ${linkType}`;
  return { name: `LINKTYPE_${linkType}`, title };
}

const MEBIBYTE = 1024 * 1024;

/** Longest packet that any file may hold, whatever its headers claim: Wireshark's limits. */
export const PACKET_LIMIT = 256 * 1024;

/** The same for one link type: buses and messages that are longer than frames. */
export function packetLimit(linkType: number): number {
  switch (linkType) {
    case LINK_TYPE.dbus:
    case LINK_TYPE.usbPcap:
      return 128 * MEBIBYTE;
    case LINK_TYPE.ebhscr:
      return 32 * MEBIBYTE;
    case RECORD_TYPE.customBlock:
    case RECORD_TYPE.journalEntry:
      return 16 * MEBIBYTE;
    default:
      return PACKET_LIMIT;
  }
}
