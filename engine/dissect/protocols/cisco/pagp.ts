/** Cisco's Port Aggregation Protocol: which links of two neighbours may be used as one. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const VERSION = { information: 1, flush: 2 } as const;
const AT = { version: 0, flags: 1, flushLocal: 2, flushPartner: 8, partner: 22, transaction: 14 } as const;
const LEARN: Readonly<Record<number, string>> = { 1: 'Any-Port-Learner', 2: 'Physical Port' };
const TYPES: Readonly<Record<number, string>> = {
  1: 'Device Name',
  2: 'Port Name',
  3: 'Agport MAC Address',
  4: 'Reserved',
};
const TYPE = { device: 1, port: 2, mac: 3 } as const;
/** The information packet's fields in order, and how many bytes each takes. */
const INFORMATION = [
  ['localdevid', 6],
  ['localearncap', 1],
  ['localportpri', 1],
  ['localsentportifindex', 4],
  ['localgroupcap', 4],
  ['localgroupifindex', 4],
  ['partnerdevid', 6],
  ['partnerlearncap', 1],
  ['partnerportpri', 1],
  ['partnersentportifindex', 4],
  ['partnergroupcap', 4],
  ['partnergroupifindex', 4],
  ['partnercount', 2],
  ['numtlvs', 2],
] as const;

export const pagp = defineProtocol({
  name: 'pagp',
  title: 'Port Aggregation Protocol',
  on: { 'llc.cisco': [0x0104] },
  header: AT.flushLocal,
  fields: {
    version: { type: 'u8', show: 'hex', label: 'Version', names: { 1: 'Info', 2: 'Flush' } },
    flags: { type: 'u8', show: 'hex', label: 'Flags' },
    'flags.slowhello': { type: 'bool', of: 'u8', bits: [0, 0], label: 'Slow Hello', flag: ['Yes', 'No'] },
    'flags.automode': { type: 'bool', of: 'u8', bits: [1, 1], label: 'Auto Mode', flag: ['Yes', 'No'] },
    'flags.state': { type: 'bool', of: 'u8', bits: [2, 2], label: 'Consistent State', flag: ['Yes', 'No'] },
    localdevid: { type: 'ether', label: 'Local Device ID' },
    localearncap: { type: 'u8', show: 'hex', label: 'Local Learn Capability', names: LEARN },
    localportpri: { type: 'u8', label: 'Local Port Hot Standby Priority' },
    localsentportifindex: { type: 'u32', label: 'Local Sent Port ifindex' },
    localgroupcap: { type: 'u32', show: 'hex', label: 'Local Group Capability' },
    localgroupifindex: { type: 'u32', label: 'Local Group ifindex' },
    partnerdevid: { type: 'ether', label: 'Partner Device ID' },
    partnerlearncap: { type: 'u8', show: 'hex', label: 'Partner Learn Capability', names: LEARN },
    partnerportpri: { type: 'u8', label: 'Partner Port Hot Standby Priority' },
    partnersentportifindex: { type: 'u32', label: 'Partner Sent Port ifindex' },
    partnergroupcap: { type: 'u32', show: 'hex', label: 'Partner Group Capability' },
    partnergroupifindex: { type: 'u32', label: 'Partner Group ifindex' },
    partnercount: { type: 'u16', label: 'Partner Count' },
    numtlvs: { type: 'u16', label: 'Number of TLVs' },
    tlv: { type: 'u16', label: 'Type', names: TYPES, many: true },
    tlv_length: { type: 'u16', label: 'Length', many: true },
    tlvdevname: { type: 'string', label: 'Device Name' },
    tlvportname: { type: 'string', label: 'Physical Port Name' },
    tlvagportmac: { type: 'ether', label: 'Agport MAC Address' },
    flushlocaldevid: { type: 'ether', label: 'Flush Local Device ID' },
    flushpartnerdevid: { type: 'ether', label: 'Flush Partner Device ID' },
    transid: { type: 'u32', show: 'hex', label: 'Transaction ID' },
  },
  tree(t) {
    const version = t.u8(t.at);
    t.add('version', t.at);
    if (version === VERSION.flush) flush(t);
    else information(t);
  },
});

function flush(t: TreeBuilder): void {
  t.info('Flush PDU');
  t.add('flushlocaldevid', t.at + AT.flushLocal);
  t.add('flushpartnerdevid', t.at + AT.flushPartner);
  t.add('transid', t.at + AT.transaction);
  t.info(
    `Flush PDU; Local DevID: ${mac(t, t.at + AT.flushLocal)}, Partner DevID: ${mac(t, t.at + AT.flushPartner)}; Transaction ID: 0x${t.u32(t.at + AT.transaction).toString(16)} `,
  );
}

function information(t: TreeBuilder): void {
  const flags = t.u8(t.at + AT.flags);
  t.info(`Info PDU; Flags 0x${flags.toString(16)}`);
  t.add('flags', t.at + AT.flags);
  t.nest(t.last());
  for (const key of ['flags.slowhello', 'flags.automode', 'flags.state']) t.add(key, t.at + AT.flags);
  t.close();
  let at = t.at + AT.flushLocal;
  for (const [key, length] of INFORMATION) {
    t.add(key, at);
    at += length;
  }
  t.addInfo(`; Local DevID: ${mac(t, t.at + AT.flushLocal)}, Partner DevID: ${mac(t, t.at + AT.partner)}`);
  const count = t.u16(at - 2);
  for (let i = 0; i < count && at + 4 <= t.end; i++) {
    const type = t.u16(at);
    const length = t.u16(at + 2);
    if (length < 4) t.fail();
    t.nest(t.text(TYPES[type] ?? `Unknown (${type})`, at, Math.min(length, t.end - at)));
    t.add('tlv', at);
    t.add('tlv_length', at + 2);
    const value = at + 4;
    if (type === TYPE.device || type === TYPE.port)
      t.add(type === TYPE.device ? 'tlvdevname' : 'tlvportname', value, length - 4);
    else if (type === TYPE.mac && length >= 10) t.add('tlvagportmac', value);
    t.close();
    at += length;
  }
}

function mac(t: TreeBuilder, at: number): string {
  return Array.from(t.slice(at, 6), (byte) => byte.toString(16).padStart(2, '0')).join(':');
}
