/** MACsec (IEEE 802.1AE 9): a tag with a packet number, data that may be encrypted, and a check value. */

import { u16 } from '../../base/bytes.ts';
import { ethertypeNames } from '../names/ethertypes.ts';
import { defineProtocol } from '../protocol.ts';

const AT = { control: 0, short: 1, number: 2, secure: 6 } as const;
const FLAG = { channel: 0x20, encrypted: 0x08, changed: 0x04 } as const;
const SHORT_TAG = 6;
const LONG_TAG = 14;
const CHECK = 16;
const TYPE = 2;

export const macsec = defineProtocol({
  name: 'macsec',
  title: '802.1AE Security tag',
  short: 'MACSEC',
  on: { ethertype: [0x88e5] },
  chooses: 'ethertype',
  header: SHORT_TAG,
  fields: {
    TCI: { at: AT.control, type: 'u8', bits: [7, 2], show: 'hex', label: 'TCI' },
    'TCI.V': { at: AT.control, type: 'u8', bits: [7, 7], show: 'hex', label: 'VER' },
    'TCI.ES': { at: AT.control, type: 'bool', of: 'u8', bits: [6, 6], label: 'ES' },
    'TCI.SC': { at: AT.control, type: 'bool', of: 'u8', bits: [5, 5], label: 'SC' },
    'TCI.SCB': { at: AT.control, type: 'bool', of: 'u8', bits: [4, 4], label: 'SCB' },
    'TCI.E': { at: AT.control, type: 'bool', of: 'u8', bits: [3, 3], label: 'E' },
    'TCI.C': { at: AT.control, type: 'bool', of: 'u8', bits: [2, 2], label: 'C' },
    AN: { at: AT.control, type: 'u8', bits: [1, 0], show: 'hex', label: 'AN' },
    SL: { at: AT.short, type: 'u8', label: 'Short length' },
    PN: { at: AT.number, type: 'u32', label: 'Packet number' },
    'SCI.system_identifier': { type: 'ether', label: 'System Identifier' },
    'SCI.port_identifier': { type: 'u16', label: 'Port Identifier' },
    etype: { type: 'u16', show: 'hex', label: 'Ethertype', names: ethertypeNames },
    ICV: { type: 'bytes', label: 'ICV' },
  },
  scan(p) {
    const control = p.bytes[p.at];
    const tag = (control & FLAG.channel) !== 0 ? LONG_TAG : SHORT_TAG;
    if (!p.has(tag + TYPE)) return;
    if ((control & (FLAG.encrypted | FLAG.changed)) !== 0) {
      p.enter(tag, Math.max(tag, p.wireEnd - p.at - CHECK));
      p.rest();
      return;
    }
    const type = u16(p.bytes, p.at + tag);
    p.enter(tag + TYPE, Math.max(tag + TYPE, p.wireEnd - p.at - CHECK));
    p.next(type);
  },
  tree(t) {
    t.header();
    const control = t.u8(t.at);
    const hasChannel = (control & FLAG.channel) !== 0;
    const isSealed = (control & (FLAG.encrypted | FLAG.changed)) !== 0;
    const tag = t.at + (hasChannel ? LONG_TAG : SHORT_TAG);
    t.info('MACsec frame');
    if (hasChannel) {
      t.add('SCI.system_identifier', t.at + AT.secure);
      t.add('SCI.port_identifier', t.at + AT.secure + 6);
    }
    t.need(tag, TYPE);
    const body = isSealed ? tag : tag + TYPE;
    if (!isSealed) t.add('etype', tag);
    const check = Math.max(body, t.wireEnd - CHECK);
    if (t.has(check, CHECK)) t.add('ICV', check, CHECK);
    t.limit(check);
    t.headerEnd(body);
    t.upper(body);
  },
});
