/**
 * Pseudowires below MPLS (RFC 4385): Ethernet with and without a control word (RFC 4448), which nothing but the content tells
 * apart, and the associated channel (RFC 4385 5, RFC 5586).
 */

import { u16 } from '../../../base/bytes.ts';
import { ethertypeNames } from '../../names/ethertypes.ts';
import { defineProtocol } from '../../protocol.ts';

const CONTROL_WORD = 4;
const LINK_ETHERNET = 1;
const FIRST_TYPE = 0x600;
const ETHERNET = { type: 12, payload: 14 } as const;
/** Keys of `mpls.payload` above the sixteen nibbles: what the heuristic decided. */
const DECIDED = { withControlWord: 16, without: 17 } as const;

export const pseudowireHeuristic = defineProtocol({
  name: 'pwethheuristic',
  title: 'Ethernet PW (CW heuristic)',
  on: { 'mpls.payload': [0] },
  chooses: 'mpls.payload',
  fields: {},
  scan(p) {
    const hasWord = !looksLikeEthernet(p.bytes, p.at, p.end) && looksLikeEthernet(p.bytes, p.at + CONTROL_WORD, p.end);
    p.next(hasWord ? DECIDED.withControlWord : DECIDED.without);
  },
  tree(t) {
    t.headerEnd(t.at);
    t.upper(t.at);
  },
});

export const pseudowireControlWord = defineProtocol({
  name: 'pwethcw',
  title: 'PW Ethernet Control Word',
  short: 'Ethernet PW (with CW)',
  on: { 'mpls.payload': [DECIDED.withControlWord] },
  chooses: 'link',
  header: CONTROL_WORD,
  fields: { sequence_number: { at: 2, type: 'u16', label: 'Sequence Number', abbrev: 'pweth.cw.sequence_number' } },
  scan(p) {
    p.enter(CONTROL_WORD);
    p.next(LINK_ETHERNET);
  },
  tree(t) {
    const end = t.header();
    t.headerEnd(end);
    t.upper(end);
  },
});

export const pseudowireEthernet = defineProtocol({
  name: 'pwethnocw',
  title: 'Ethernet PW (no CW)',
  on: { 'mpls.payload': [DECIDED.without] },
  chooses: 'link',
  fields: {},
  scan(p) {
    p.next(LINK_ETHERNET);
  },
  tree(t) {
    t.headerEnd(t.at);
    t.upper(t.at);
  },
});

export const associatedChannel = defineProtocol({
  name: 'pwach',
  title: 'PW Associated Channel Header',
  short: 'PW Associated Channel',
  on: { 'mpls.payload': [1] },
  chooses: 'ppp.protocol',
  header: CONTROL_WORD,
  fields: {
    ver: { at: 0, type: 'u8', bits: [3, 0], label: 'Channel Version' },
    res: { at: 1, type: 'u8', show: 'hex', label: 'Reserved' },
    channel_type: {
      at: 2,
      type: 'u16',
      show: 'hex',
      label: 'Channel Type',
      names: {
        0x07: 'BFD Control, PW-ACH-encapsulated (BFD Without IP/UDP Headers)',
        0x21: 'IPv4 packet',
        0x57: 'IPv6 packet',
      },
    },
  },
  scan(p) {
    const channel = u16(p.bytes, p.at + 2);
    p.enter(CONTROL_WORD);
    p.next(channel);
  },
  tree(t) {
    const end = t.header();
    t.headerEnd(end);
    t.upper(end);
  },
});

/** A known type, or a length that fits. */
function looksLikeEthernet(b: Uint8Array, at: number, end: number): boolean {
  if (at + ETHERNET.payload > end) return false;
  const type = u16(b, at + ETHERNET.type);
  return type >= FIRST_TYPE ? ethertypeNames[type] !== undefined : type >= 3 && at + ETHERNET.payload + type <= end;
}
