/** Cisco Dynamic Trunking Protocol: does a link carry one VLAN or many? */

import { defineProtocol } from '../protocol.ts';

const AT = { version: 0, values: 1 } as const;
const TYPE = { domain: 1, status: 2, kind: 3, sender: 4 } as const;
const TYPES: Readonly<Record<number, string>> = { 1: 'Domain', 2: 'Trunk Status', 3: 'Trunk Type', 4: 'Sender ID' };

export const dtp = defineProtocol({
  name: 'dtp',
  title: 'Dynamic Trunk Protocol',
  on: { 'llc.cisco': [0x2004] },
  header: AT.values,
  fields: {
    version: { at: AT.version, type: 'u8', label: 'Version' },
    tlv_type: { type: 'u16', show: 'hex', label: 'Type', names: TYPES, many: true },
    tlv_len: { type: 'u16', label: 'Length', many: true },
    domain: { type: 'string', label: 'Domain' },
    tos: { type: 'u8', bits: [7, 7], show: 'hex', label: 'Trunk Operating Status', names: { 0: 'Access', 1: 'Trunk' } },
    tas: {
      type: 'u8',
      bits: [2, 0],
      show: 'hex',
      label: 'Trunk Administrative Status',
      names: { 1: 'On', 2: 'Off', 3: 'Desirable', 4: 'Auto' },
    },
    tot: {
      type: 'u8',
      bits: [7, 5],
      show: 'hex',
      label: 'Trunk Operating Type',
      names: { 1: 'Native', 2: 'ISL', 5: '802.1Q' },
    },
    tat: {
      type: 'u8',
      bits: [2, 0],
      show: 'hex',
      label: 'Trunk Administrative Type',
      names: { 0: 'Negotiated', 1: 'Native', 2: 'ISL', 5: '802.1Q' },
    },
    senderid: { type: 'ether', label: 'Sender ID' },
  },
  tree(t) {
    t.info('Dynamic Trunk Protocol');
    t.header();
    for (let at = t.at + AT.values; at + 4 <= t.end; ) {
      const type = t.u16(at);
      const length = t.u16(at + 2);
      if (length < 4) return;
      t.nest(t.text(TYPES[type] ?? `Unknown (${type})`, at, Math.min(length, t.end - at)));
      t.add('tlv_type', at);
      t.add('tlv_len', at + 2);
      const value = at + 4;
      if (type === TYPE.domain && length > 4)
        t.put('domain', t.string(value, length - 4, 'ascii', true), value, length - 4);
      else if (type === TYPE.status && length > 4) {
        t.add('tos', value);
        t.add('tas', value);
      } else if (type === TYPE.kind && length > 4) {
        t.add('tot', value);
        t.add('tat', value);
      } else if (type === TYPE.sender && length >= 10) t.add('senderid', value);
      t.close();
      at += length;
    }
  },
});
