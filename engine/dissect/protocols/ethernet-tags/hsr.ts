/** High-availability Seamless Redundancy (IEC 62439-3, 5): a path, a size and a sequence number in front of the frame's own type. */

import { u16 } from '../../../base/bytes.ts';
import { ethertypeNames } from '../../names/ethertypes.ts';
import { defineProtocol } from '../../protocol.ts';

const AT = { path: 0, sequence: 2, type: 4, payload: 6 } as const;

export const hsr = defineProtocol({
  name: 'hsr',
  title: 'High-availability Seamless Redundancy (IEC62439 Part 3 Chapter 5)',
  on: { ethertype: [0x892f] },
  chooses: 'ethertype',
  header: AT.payload,
  fields: {
    path: { at: AT.path, type: 'u16', bits: [15, 12], label: 'Path' },
    netid: { at: AT.path, type: 'u16', bits: [15, 13], label: 'Network id' },
    laneid: { at: AT.path, type: 'u16', bits: [12, 12], label: 'Lane id', names: { 0: 'Lane A', 1: 'Lane B' } },
    lsdu_size: { at: AT.path, type: 'u16', bits: [11, 0], label: 'LSDU size' },
    sequence_nr: { at: AT.sequence, type: 'u16', label: 'Sequence number' },
    type: { at: AT.type, type: 'u16', show: 'hex', label: 'Type', names: ethertypeNames },
  },
  scan(p) {
    const type = u16(p.bytes, p.at + AT.type);
    p.enter(AT.payload);
    p.nextBare(0, type);
  },
  tree(t) {
    t.info('HSR-Data Frame');
    const end = t.header();
    t.headerEnd(end);
    t.upper(end);
  },
});
