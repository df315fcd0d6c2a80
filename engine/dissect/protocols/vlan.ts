/** IEEE 802.1Q tags. Hot: scan() runs once per tagged packet. */

import { u16 } from '../../base/bytes.ts';
import { ethertypeNames } from '../names/ethertypes.ts';
import { defineProtocol } from '../protocol.ts';

const AT = { control: 0, type: 2, payload: 4 } as const;
const FIRST_TYPE = 0x600;
const ID_MASK = 0xfff;

export const vlan = defineProtocol({
  name: 'vlan',
  title: '802.1Q Virtual LAN',
  short: 'VLAN',
  on: { ethertype: [0x8100, 0x9100, 0x9200] },
  chooses: ['ethertype', 'eth.length'],
  header: AT.payload,
  fields: {
    priority: { at: AT.control, type: 'u16', bits: [15, 13], label: 'Priority' },
    dei: { at: AT.control, type: 'bool', of: 'u16', bits: [12, 12], label: 'DEI', flag: ['Eligible', 'Ineligible'] },
    id: { at: AT.control, type: 'u16', bits: [11, 0], label: 'ID' },
    etype: { from: (b, at) => typeIf(b, at, true), type: 'u16', label: 'Type', show: 'hex', names: ethertypeNames },
    len: { from: (b, at) => typeIf(b, at, false), type: 'u16', label: 'Length' },
    trailer: { type: 'bytes', label: 'Trailer' },
  },
  scan(p) {
    p.vlan(u16(p.bytes, p.at + AT.control) & ID_MASK);
    const type = u16(p.bytes, p.at + AT.type);
    if (type >= FIRST_TYPE) {
      p.enter(AT.payload);
      p.next(type);
    } else {
      p.enter(AT.payload, type === 0 ? -1 : AT.payload + type);
      p.nextIn(1, 0);
    }
  },
  tree(t) {
    const end = t.header();
    const type = t.u16(t.at + AT.type);
    const control = t.u16(t.at + AT.control);
    t.addLabel(`, PRI: ${control >>> 13}, DEI: ${(control >>> 12) & 1}, ID: ${control & ID_MASK}`);
    if (type >= FIRST_TYPE) t.column(`0x${type.toString(16).padStart(4, '0')}`);
    t.info(`PRI: ${control >>> 13}  DEI: ${(control >>> 12) & 1}  ID: ${control & ID_MASK}`);
    t.add(type >= FIRST_TYPE ? 'etype' : 'len', t.at + AT.type);
    t.headerEnd(end);
    const used = t.upper(end);
    if (used < t.end) t.add('trailer', used, t.end - used);
  },
});

/** The type field where it is a type (or a length), as asked. */
function typeIf(b: Uint8Array, at: number, asType: boolean): number {
  const type = u16(b, at + AT.type);
  return type >= FIRST_TYPE === asType ? type : Number.NaN;
}
