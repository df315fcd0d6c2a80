/** Kinds of entries in a path: the top byte of a tag word. The rest of the tag is the entry's own. */
export const PATH = {
  /** Two 6-byte addresses in three words: source, destination; the tag holds the index of the protocol they belong to. */
  link: 1,
  /** VLAN id in the tag. */
  vlan: 2,
  /** Two words: source, destination. */
  ipv4: 3,
  /** Eight words: source, destination. */
  ipv6: 4,
  /** One word: source port << 16 | destination port; the tag holds the IP protocol number. */
  ports: 5,
  /** One word: the tunnel's key (VNI, GRE key, label, session); the tag holds the tunnel protocol's index. */
  tunnel: 6,
  /** No words: an IP protocol without ports; the tag holds its number. */
  protocol: 7,
  /** Three words each for source and destination of other families; the tag holds one of ADDRESS: how they are written. */
  other: 8,
} as const;

/** Words after the tag, by kind. */
export const PATH_WORDS = [0, 3, 0, 2, 8, 1, 1, 0, 6] as const;

/** How addresses that are not Ethernet's or IP's are written. */
export const ADDRESS = {
  /** First word: a number. */
  decimal: 0,
  /** First word: one byte in hexadecimal. */
  hex8: 1,
  /** First word: two bytes in hexadecimal; 0xffff is everybody, ABSENT nobody. */
  hex16: 2,
  /** Network in the first word, six bytes of node in the others. */
  ipx: 3,
  /** InfiniBand's local identifier in the first word. */
  lid: 4,
  /** Bus, device and endpoint; ABSENT in the first word: the host. */
  usb: 5,
  /** First word: 1 is the host, 2 the controller, 0 is not told. */
  host: 6,
  /** IEEE 802.15.4: 2 and a short address, 3 and eight bytes; ABSENT: none. */
  wpan: 7,
  /** A virtual machine's context id; 2 is the host. */
  vsock: 8,
  /** AppleTalk: network and node. */
  appletalk: 9,
  /** InfiniBand's global identifiers take four words: one entry for each end. */
  gidSource: 10,
  gidDestination: 11,
  /** An IPv4 address that is told about a packet, and is not in a header of it. */
  ipv4: 12,
  /** A MAC address: two bytes in the first word, four in the second; ABSENT: none. */
  mac: 13,
  /** The same of 802.11 control frames, which name receiver and transmitter only. */
  receiver: 14,
  /** Its header has no addresses. */
  unnamed: 15,
} as const;

/** A first word that stands for no address. */
export const ABSENT = 0xffffffff;
