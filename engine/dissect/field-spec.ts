/** How protocols declare their fields, and the tables through which they find each other. */

import type { FieldShow, FieldType, ValueNames } from '../base/fields.ts';

/** Tables through which one protocol finds the next. New names may be added here by the protocol that chooses by them. */
export type DispatchTable =
  | 'link' // LINKTYPE_ number
  | 'ethertype'
  | 'eth.length' // key 0: a frame whose type field is a length
  | 'llc.dsap'
  | 'llc.cisco' // SNAP with Cisco's OUI
  | 'llc.own' // SNAP with an OUI that has few protocols: OUI << 16 | PID
  | 'arcnet.protocol'
  | 'bluetooth.transport' // key 0: HCI as serial lines carry it; 1: what ACL carries
  | 'hci_h4.type'
  | 'ddp.type'
  | 'chdlc.protocol' // what is no Ethernet type on Cisco HDLC
  | 'fr.nlpid'
  | 'ipx.socket'
  | 'netlink.family'
  | 'mtp.payload' // key 0: what SS7's level 2 carries
  | 'mtp3.user'
  | 'osi.nlpid'
  | 'ecatf.type'
  | 'pn_rt.frame_id' // key 0: the configuration protocol
  | 'pktap.link' // a DLT as the system that captured numbers it
  | 'sctp.ppid'
  | 'sctp.port'
  | 'vxlan.next' // VXLAN-GPE
  | 'ip.proto'
  | 'tcp.option' // layers that TCP lists for an option
  | 'tcp.port'
  | 'udp.port'
  | 'gre.proto'
  | 'ppp.protocol'
  | 'geneve.type'
  | 'gtp.version'
  | 'null.family'
  | 'mpls.payload' // first nibble below the stack
  | 'wlan.radio' // key 0: the 802.11 frame behind a radio header
  | 'media.type' // by name: the body of an HTTP message
  | 'name'; // by name: what a protocol asks for itself, e.g. a tunnel's inner Ethernet

/** The number that a layer's header gives for a field; see FieldSpec.from. */
export type HeaderValue = (bytes: Uint8Array, at: number, end: number, wireEnd: number) => number;

/** What a HeaderValue gives where the layer has more than one value. */
export const SEVERAL = Number.NEGATIVE_INFINITY;

export interface FieldSpec {
  /** Offset from the start of the layer, for fields that `header()` adds by itself. */
  readonly at?: number;
  /**
   * Where filters read the field without making a tree, when the tree adds it by itself: an offset from the start of the
   * layer, or a function that gives the value (NaN: there is none, SEVERAL: a tree must tell). In each layer whose header is
   * whole. `at` counts too. [at, end): the layer's captured bytes, `wireEnd`: one past its last on the wire.
   */
  readonly from?: number | HeaderValue;
  readonly type: FieldType;
  readonly label: string;
  readonly show?: FieldShow;
  readonly names?: ValueNames;
  /** Highest and lowest bit of the unit that is read; the value is shifted down. */
  readonly bits?: readonly [number, number];
  /** The unit that bits are taken from when the type does not say it (`bool`, or a narrow number in a wide word). */
  readonly of?: 'u8' | 'u16' | 'u24' | 'u32' | 'u64';
  /** For `bool`: [true, false]; ['Set', 'Not set'] unless given. */
  readonly flag?: readonly [string, string];
  readonly little?: boolean;
  /** For `string`: how bytes become text; utf8 unless given. */
  readonly encoding?: 'ascii' | 'utf8' | 'utf16le' | 'latin1';
  /** Fixed length of `string`, `bytes`, `none` for header(). */
  readonly length?: number;
  /** Other fields (keys of the same protocol) that get the same value, hidden in the tree: `ip.src` is also `ip.addr`. */
  readonly also?: readonly string[];
  /** The whole filter name, where it does not start with the protocol's. */
  readonly abbrev?: string;
  /** May occur more than once in a layer. */
  readonly many?: boolean;
  readonly doc?: string;
}
