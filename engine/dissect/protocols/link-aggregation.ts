/** Slow protocols (IEEE 802.3 57A) and link aggregation control among them (IEEE 802.1AX 6.4.2). */

import { formatMac } from '../../base/address.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const SUBTYPES: Readonly<Record<number, string>> = {
  1: 'LACP',
  2: 'Marker Protocol',
  3: 'OAM',
  10: 'Organization Specific Slow Protocol',
};
const STATE = [
  ['activity', 'LACP Activity', 'Active', 'Passive', 'A'],
  ['timeout', 'LACP Timeout', 'Short Timeout', 'Long Timeout', 'S'],
  ['aggregation', 'Aggregation', 'Aggregatable', 'Individual', 'G'],
  ['synchronization', 'Synchronization', 'In Sync', 'Out of Sync', 'S'],
  ['collecting', 'Collecting', 'Enabled', 'Disabled', 'C'],
  ['distributing', 'Distributing', 'Enabled', 'Disabled', 'D'],
  ['defaulted', 'Defaulted', 'Yes', 'No', 'F'],
  ['expired', 'Expired', 'Yes', 'No', 'E'],
] as const;
const PART = { systemPriority: 2, system: 4, key: 10, portPriority: 12, port: 14, state: 16, length: 20 } as const;

export const slow = defineProtocol({
  name: 'slow',
  title: 'Slow Protocols',
  short: 'Slow Protocols',
  on: { ethertype: [0x8809] },
  header: 1,
  opens: ['lacp'],
  fields: { subtype: { at: 0, type: 'u8', show: 'hex', label: 'Slow Protocols subtype', names: SUBTYPES } },
  tree(t) {
    const subtype = t.u8(t.at);
    t.info(`Subtype ${SUBTYPES[subtype] ?? `unknown (0x${subtype.toString(16)})`}`);
    t.header();
    t.headerEnd(t.at + 1);
    if (subtype === 1) t.dissect('lacp', t.at + 1);
    else t.payload(t.at + 1);
  },
});

const partFields = (who: 'actor' | 'partner', name: string) => ({
  [`${who}.sys_priority`]: { type: 'u16', label: `${name} System Priority` } as const,
  [`${who}.sysid`]: { type: 'ether', label: `${name} System` } as const,
  [`${who}.key`]: { type: 'u16', label: `${name} Key` } as const,
  [`${who}.port_priority`]: { type: 'u16', label: `${name} Port Priority` } as const,
  [`${who}.port`]: { type: 'u16', label: `${name} Port` } as const,
  [`${who}.state`]: { type: 'u8', show: 'hex', label: `${name} State` } as const,
  ...Object.fromEntries(
    STATE.map(([key, label, yes, no], i) => [
      `${who}.state.${key}`,
      { type: 'bool', of: 'u8', bits: [i, i], label, flag: [yes, no] } as const,
    ]),
  ),
  [`${who}.state_str`]: { type: 'string', label: `${name} State Flags` } as const,
});

export const lacp = defineProtocol({
  name: 'lacp',
  title: 'Link Aggregation Control Protocol',
  header: 1,
  fields: {
    version: { at: 0, type: 'u8', show: 'hex', label: 'LACP Version' },
    tlv_type: { type: 'u8', show: 'hex', label: 'TLV Type', many: true },
    tlv_length: { type: 'u8', show: 'hex', label: 'TLV Length', many: true },
    ...partFields('actor', 'Actor'),
    ...partFields('partner', 'Partner'),
    'collector.max_delay': { type: 'u16', label: 'Collector Max Delay' },
  },
  tree(t) {
    t.header();
    t.info(`v${t.u8(t.at)}`);
    part(t, t.at + 1, 'actor', 'ACTOR');
    part(t, t.at + 1 + PART.length, 'partner', 'PARTNER');
    const collector = t.at + 1 + 2 * PART.length;
    t.add('tlv_type', collector);
    t.add('tlv_length', collector + 1);
    t.add('collector.max_delay', collector + 2);
    const terminator = collector + t.u8(collector + 1);
    if (terminator <= collector || terminator + 2 > t.end) return;
    t.add('tlv_type', terminator);
    t.add('tlv_length', terminator + 1);
  },
});

function part(t: TreeBuilder, at: number, who: string, name: string): void {
  t.add('tlv_type', at);
  t.add('tlv_length', at + 1);
  t.add(`${who}.sys_priority`, at + PART.systemPriority);
  t.add(`${who}.sysid`, at + PART.system);
  t.add(`${who}.key`, at + PART.key);
  t.add(`${who}.port_priority`, at + PART.portPriority);
  t.add(`${who}.port`, at + PART.port);
  t.add(`${who}.state`, at + PART.state);
  t.nest(t.last());
  for (const [key] of STATE) t.add(`${who}.state.${key}`, at + PART.state);
  t.close();
  const state = t.u8(at + PART.state);
  let letters = '';
  for (let i = 7; i >= 0; i--) letters += (state & (1 << i)) !== 0 ? (STATE[i]?.[4] ?? '') : '*';
  t.generated(`${who}.state_str`, letters, at + PART.state, 1);
  t.addInfo(
    ` ${name} ${formatMac(t.bytes, at + PART.system)} P: ${t.u16(at + PART.port)} K: ${t.u16(at + PART.key)} ${letters}`,
  );
}
