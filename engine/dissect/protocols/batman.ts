/** B.A.T.M.A.N. advanced, version 15 of its packets: Ethernet frames carried through a mesh of radio nodes. */

import { defineProtocol, type ProtocolSpec } from '../protocol.ts';

const VERSION = 15;
const LINK_ETHERNET = 1;
const TYPE = { ogm: 0x00, broadcast: 0x01, elp: 0x03, ogm2: 0x04, unicast: 0x40 } as const;
const NAMES: Readonly<Record<number, string>> = {
  0x00: 'IV_OGM',
  0x01: 'BCAST',
  0x02: 'CODED',
  0x03: 'ELP',
  0x04: 'OGM2',
  0x40: 'UNICAST',
  0x41: 'UNICAST_FRAG',
  0x42: 'UNICAST_4ADDR',
  0x43: 'ICMP',
  0x44: 'UNICAST_TVLV',
};
/** Bytes in front of the frame that a packet carries. */
const CARRIES: Readonly<Record<number, number>> = { 0x01: 14, 0x40: 10, 0x42: 18 };

export const batman: ProtocolSpec = defineProtocol({
  name: 'batadv',
  title: 'B.A.T.M.A.N. Advanced Protocol',
  short: 'BATADV',
  on: { ethertype: [0x4305] },
  chooses: 'link',
  header: 2,
  fields: {
    'batman.packet_type': { type: 'u8', label: 'Packet Type', names: NAMES },
    'iv_ogm.version': { type: 'u8', label: 'Version' },
    'ogm2.version': { type: 'u8', label: 'Version' },
    'elp.version': { type: 'u8', label: 'Version' },
    'bcast.version': { type: 'u8', label: 'Version' },
    'unicast.version': { type: 'u8', label: 'Version' },
    'iv_ogm.ttl': { type: 'u8', label: 'Time to Live' },
    'iv_ogm.flags': { type: 'u8', show: 'hex', label: 'Flags' },
    'iv_ogm.seq': { type: 'u32', label: 'Sequence number' },
    'iv_ogm.orig': { type: 'ether', label: 'Originator' },
    'iv_ogm.prev_sender': { type: 'ether', label: 'Received from' },
    'iv_ogm.tq': { type: 'u8', label: 'Transmission Quality' },
    'iv_ogm.tvlv_len': { type: 'u16', label: 'Length of TVLVs' },
    'ogm2.ttl': { type: 'u8', label: 'Time to Live' },
    'ogm2.flags': { type: 'u8', show: 'hex', label: 'Flags' },
    'ogm2.seq': { type: 'u32', label: 'Sequence number' },
    'ogm2.orig': { type: 'ether', label: 'Originator' },
    'ogm2.tvlv_len': { type: 'u16', label: 'Length of TVLVs' },
    'ogm2.throughput': { type: 'u32', label: 'Throughput' },
    'elp.orig': { type: 'ether', label: 'Originator' },
    'elp.seq': { type: 'u32', label: 'Sequence number' },
    'elp.interval': { type: 'u32', label: 'Interval' },
    'bcast.ttl': { type: 'u8', label: 'Time to Live' },
    'bcast.orig': { type: 'ether', label: 'Originator' },
    'unicast.ttl': { type: 'u8', label: 'Time to Live' },
    'unicast.ttvn': { type: 'u8', label: 'TT Version' },
    'unicast.dst': { type: 'ether', label: 'Destination' },
  },
  scan(p) {
    const header = p.bytes[p.at + 1] === VERSION ? (CARRIES[p.bytes[p.at]] ?? 0) : 0;
    if (header === 0) {
      if (p.bytes[p.at + 1] !== VERSION) p.rest();
      return;
    }
    if (!p.has(header)) return;
    p.tunnel(0);
    p.enter(header);
    p.next(LINK_ETHERNET);
  },
  tree(t) {
    const type = t.u8(t.at);
    const name = NAMES[type] ?? `Unknown (0x${type.toString(16).padStart(2, '0')})`;
    t.info('');
    const isKnown = t.u8(t.at + 1) === VERSION;
    t.column(isKnown ? `BATADV_${name}` : 'BATADV_???');
    if (!isKnown) {
      t.headerEnd(t.at);
      t.upper(t.at);
      return;
    }
    const { at } = t;
    t.add('batman.packet_type', at);
    if (type === TYPE.ogm) {
      t.add('iv_ogm.version', at + 1);
      t.add('iv_ogm.ttl', at + 2);
      t.add('iv_ogm.flags', at + 3);
      t.add('iv_ogm.seq', at + 4);
      t.add('iv_ogm.orig', at + 8);
      t.add('iv_ogm.prev_sender', at + 14);
      t.add('iv_ogm.tq', at + 21);
      t.add('iv_ogm.tvlv_len', at + 22);
      t.info(`Seq=${t.u32(at + 4)}`);
    } else if (type === TYPE.ogm2) {
      t.add('ogm2.version', at + 1);
      t.add('ogm2.ttl', at + 2);
      t.add('ogm2.flags', at + 3);
      t.add('ogm2.seq', at + 4);
      t.add('ogm2.orig', at + 8);
      t.add('ogm2.tvlv_len', at + 14);
      t.add('ogm2.throughput', at + 16);
    } else if (type === TYPE.elp) {
      t.add('elp.version', at + 1);
      t.add('elp.orig', at + 2);
      t.add('elp.seq', at + 8);
      t.add('elp.interval', at + 12);
    } else if (type === TYPE.broadcast) {
      t.add('bcast.version', at + 1);
      t.add('bcast.ttl', at + 2);
      t.add('bcast.orig', at + 8);
    } else if (type === TYPE.unicast) {
      t.add('unicast.version', at + 1);
      t.add('unicast.ttl', at + 2);
      t.add('unicast.ttvn', at + 3);
      t.add('unicast.dst', at + 4);
    }
    const header = CARRIES[type] ?? 0;
    if (header === 0) return;
    t.headerEnd(at + header);
    t.upper(at + header);
  },
});
