/** ARCNET (LINKTYPE_ARCNET_BSD and ..._LINUX; RFC 1201): one-byte addresses, a protocol and, for some, a sequence. */

import { ADDRESS } from '../../table/path-words.ts';
import { defineProtocol } from '../protocol.ts';
import type { Cursor } from '../walk.ts';

const AT = { src: 0, dst: 1, protocol: 2, split: 3, sequence: 4 } as const;
const PROTOCOL = {
  old: 0xf0,
  diagnostic: 0x80,
  ipv4: 0xd4,
  arp: 0xd5,
  rarp: 0xd6,
  ipx: 0xfa,
  novell: 0xec,
  appletalk: 0xdd,
  bacnet: 0xcd,
  backwards: 0x80,
} as const;
const NAMES: Readonly<Record<number, string>> = {
  0xf0: 'RFC 1051 (IP)',
  0xf1: 'RFC 1051 (ARP)',
  0xd4: 'RFC 1201 (IP)',
  0xd5: 'RFC 1201 (ARP)',
  0xd6: 'RFC 1201 (RARP)',
  0xfa: 'IPX',
  0xec: 'Novell',
  0xcd: 'BACnet',
  0xdd: 'AppleTalk',
  0xe8: 'Ethernet',
  0xc0: 'Banyan Vines',
  0x80: 'Datapoint boot',
  0x81: 'Datapoint mount',
  0x84: 'Power LAN beacon',
  0xf3: 'Power LAN beacon',
  0xf4: 'Novell',
  0xf7: 'Powerlan',
  0xf8: 'LANsoft',
};
const EXCEPTION = 0xff;
const ARP = 0x0806;
const RARP = 0x8035;
const IPX = 0x8137;
const IPV4 = 0x0800;

export const arcnet = defineProtocol({
  name: 'arcnet',
  title: 'ARCNET',
  on: { link: [7] },
  chooses: ['ethertype', 'arcnet.protocol'],
  header: AT.split,
  fields: {
    src: { at: AT.src, type: 'u8', show: 'hex', label: 'Source' },
    dst: { at: AT.dst, type: 'u8', show: 'hex', label: 'Dest' },
    protID: { at: AT.protocol, type: 'u8', show: 'hex', label: 'Protocol ID', names: NAMES },
    split_flag: { type: 'u8', label: 'Split Flag' },
    exception_flag: { type: 'u8', show: 'hex', label: 'Exception Flag' },
    sequence: { type: 'u16', label: 'Sequence' },
    padding: { type: 'u16', show: 'hex', label: 'Padding' },
  },
  scan(p) {
    const protocol = p.bytes[p.at + AT.protocol];
    const length = headerLength(p.bytes, p.at, p.end, protocol);
    p.named(ADDRESS.hex8, p.bytes[p.at + AT.src], 0, 0, p.bytes[p.at + AT.dst], 0, 0);
    if (!p.has(length)) return;
    p.enter(length);
    choose(p, protocol);
  },
  tree(t) {
    const protocol = t.u8(t.at + AT.protocol);
    const length = headerLength(t.bytes, t.at, t.end, protocol);
    t.column(`0x${protocol.toString(16).padStart(4, '0')}`);
    t.info('ARCNET');
    t.header();
    if (length > AT.split) {
      const isException = t.u8(t.at + AT.split) === EXCEPTION;
      t.add(isException ? 'exception_flag' : 'split_flag', t.at + AT.split);
      if (isException) {
        t.add('padding', t.at + AT.split + 1);
        t.add('split_flag', t.at + AT.split + 3);
      }
      const at = t.at + AT.split + (isException ? 4 : 1);
      t.add('sequence', at);
    }
    t.headerEnd(t.at + length);
    t.upper(t.at + length);
  },
});

/** Hot: protocols of RFC 1051, diagnostics and some others have no fragmentation header. */
function headerLength(b: Uint8Array, at: number, end: number, protocol: number): number {
  if (protocol === 0xf0 || protocol === 0xf1 || protocol === 0x80 || protocol === PROTOCOL.bacnet) return AT.split;
  if (at + AT.split < end && b[at + AT.split] === EXCEPTION) return AT.split + 6;
  return AT.split + 3;
}

function choose(p: Cursor, protocol: number): void {
  if (protocol === PROTOCOL.ipv4 || protocol === 0xf0) p.nextBare(0, IPV4);
  else if (protocol === PROTOCOL.arp || protocol === 0xf1) p.nextBare(0, ARP);
  else if (protocol === PROTOCOL.rarp) p.nextBare(0, RARP);
  else if (protocol === PROTOCOL.ipx || protocol === PROTOCOL.novell) p.nextBare(0, IPX);
  else p.nextIn(1, protocol);
}
