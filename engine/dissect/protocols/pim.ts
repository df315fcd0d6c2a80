/** Protocol Independent Multicast (RFC 7761): messages by name, the options of hellos. */

import { defineProtocol } from '../protocol.ts';

const AT = { version: 0, reserved: 1, checksum: 2, body: 4 } as const;
const TYPES: Readonly<Record<number, string>> = {
  0: 'Hello',
  1: 'Register',
  2: 'Register-stop',
  3: 'Join/Prune',
  4: 'Bootstrap',
  5: 'Assert',
  6: 'Graft',
  7: 'Graft-Ack',
  8: 'Candidate-RP-Advertisement',
  9: 'State-Refresh',
  10: 'DF election',
};
const OPTIONS: Readonly<Record<number, string>> = {
  1: 'Hold Time',
  2: 'LAN Prune Delay',
  19: 'DR Priority',
  20: 'Generation ID',
  21: 'State Refresh Capable',
  22: 'Bidir Capable',
  24: 'Address List',
};
const OPTION = { hold: 1, priority: 19, generation: 20 } as const;

export const pim = defineProtocol({
  name: 'pim',
  title: 'Protocol Independent Multicast',
  on: { 'ip.proto': [103] },
  header: AT.body,
  fields: {
    version: { at: AT.version, type: 'u8', bits: [7, 4], label: 'Version' },
    type: { at: AT.version, type: 'u8', bits: [3, 0], label: 'Type', names: TYPES },
    res_bytes: { at: AT.reserved, type: 'bytes', length: 1, label: 'Reserved byte(s)' },
    cksum: { at: AT.checksum, type: 'u16', show: 'hex', label: 'Checksum' },
    optiontype: { type: 'u16', label: 'Type', names: OPTIONS, many: true },
    optionlength: { type: 'u16', label: 'Length', many: true },
    optionvalue: { type: 'bytes', label: 'Unknown', many: true },
    holdtime: { type: 'u16', label: 'Holdtime' },
    dr_priority: { type: 'u32', label: 'DR Priority' },
    generation_id: { type: 'u32', label: 'Generation ID' },
  },
  tree(t) {
    const version = t.u8(t.at) >>> 4;
    const type = t.u8(t.at) & 15;
    t.column(`PIMv${version}`);
    t.info(TYPES[type] ?? `Unknown (${type})`);
    const body = t.header();
    if (type !== 0) return;
    for (let at = body; at + 4 <= t.end; ) {
      const kind = t.u16(at);
      const length = t.u16(at + 2);
      t.nest(t.text(`Option ${kind}: ${OPTIONS[kind] ?? 'Unknown'}`, at, Math.min(4 + length, t.end - at)));
      t.add('optiontype', at);
      t.add('optionlength', at + 2);
      if (kind === OPTION.hold && length === 2) t.add('holdtime', at + 4);
      else if (kind === OPTION.priority && length === 4) t.add('dr_priority', at + 4);
      else if (kind === OPTION.generation && length === 4) t.add('generation_id', at + 4);
      else if (length > 0) t.add('optionvalue', at + 4, length);
      t.close();
      at += 4 + length;
    }
  },
});
