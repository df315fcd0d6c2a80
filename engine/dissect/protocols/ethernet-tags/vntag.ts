/** VN-Tag, Cisco's forerunner of the E-TAG: virtual interfaces of adapters and fabric extenders. */

import { u16 } from '../../../base/bytes.ts';
import { ethertypeNames } from '../../names/ethertypes.ts';
import { defineProtocol } from '../../protocol.ts';

const AT = { tag: 0, type: 4, payload: 6 } as const;
const FIRST_TYPE = 0x600;

export const vntag = defineProtocol({
  name: 'vntag',
  title: 'VN-Tag',
  on: { ethertype: [0x8926] },
  chooses: ['ethertype', 'eth.length'],
  header: AT.payload,
  fields: {
    dir: {
      at: AT.tag,
      type: 'bool',
      of: 'u32',
      bits: [31, 31],
      label: 'Direction',
      flag: ['From Bridge', 'To Bridge'],
    },
    ptr: { at: AT.tag, type: 'bool', of: 'u32', bits: [30, 30], label: 'Pointer', flag: ['vif_list_id', 'vif_id'] },
    dst: { at: AT.tag, type: 'u32', bits: [29, 16], label: 'Destination' },
    looped: { at: AT.tag, type: 'bool', of: 'u32', bits: [15, 15], label: 'Looped', flag: ['Yes', 'No'] },
    r: { at: AT.tag, type: 'u32', bits: [14, 14], label: 'Reserved' },
    version: { at: AT.tag, type: 'u32', bits: [13, 12], label: 'Version' },
    src: { at: AT.tag, type: 'u32', bits: [11, 0], label: 'Source' },
    etype: { type: 'u16', show: 'hex', label: 'Type', names: ethertypeNames },
    len: { type: 'u16', label: 'Length' },
  },
  scan(p) {
    const type = u16(p.bytes, p.at + AT.type);
    p.enter(AT.payload, type < FIRST_TYPE ? AT.payload + type : -1);
    if (type < FIRST_TYPE) p.nextIn(1, 0);
    else p.next(type);
  },
  tree(t) {
    t.info('VN-Tag');
    t.header();
    t.add(t.u16(t.at + AT.type) < FIRST_TYPE ? 'len' : 'etype', t.at + AT.type);
    t.headerEnd(t.at + AT.payload);
    t.upper(t.at + AT.payload);
  },
});
