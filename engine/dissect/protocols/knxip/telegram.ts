/** cEMI (KNX 3/6/3): a bus telegram as KNXnet/IP carries it. */

import { toHex } from '../../../base/hex.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const DATA = [0x11, 0x29, 0x2e];
const GROUP = 0x80;
const CONTROL = 0x80;
const NUMBERED = 0x40;
/** Services of which the lower six bits are a value: group values, by the upper four bits of ten. */
const LAST_GROUP_SERVICE = 2;
const SMALL = 0x3f;
const ESCAPE = 0xf;
const MCS: Readonly<Record<number, string>> = {
  0x2b: 'L_Busmon.ind',
  0x2d: 'L_Raw.ind',
  0x10: 'L_Raw.req',
  0x2f: 'L_Raw.con',
  0x11: 'L_Data.req',
  0x2e: 'L_Data.con',
  0x29: 'L_Data.ind',
  0x13: 'L_PollData.req',
  0x25: 'L_PollData.con',
  0x4a: 'T_Data_Individual.req',
  0x94: 'T_Data_Individual.ind',
  0x41: 'T_Data_Connected.req',
  0x89: 'T_Data_Connected.ind',
  0xfc: 'M_PropRead.req',
  0xfb: 'M_PropRead.con',
  0xf6: 'M_PropWrite.req',
  0xf5: 'M_PropWrite.con',
  0xf7: 'M_PropInfo.ind',
  0xf8: 'M_FuncPropCmd.req',
  0xf9: 'M_FuncPropRead.req',
  0xfa: 'M_FuncProp.con',
  0xf1: 'M_Reset.req',
  0xf0: 'M_Reset.ind',
};
const SERVICES: Readonly<Record<number, string>> = {
  0: 'GroupValueRead',
  1: 'GroupValueResp',
  2: 'GroupValueWrite',
  3: 'IndAddrWrite',
  4: 'IndAddrRead',
  5: 'IndAddrResp',
  6: 'AdcRead',
  7: 'AdcResp',
  8: 'MemRead',
  9: 'MemResp',
  10: 'MemWrite',
  11: 'UserMsg',
  12: 'DevDescrRead',
  13: 'DevDescrResp',
  14: 'Restart',
  15: 'Escape',
};

/** `1.1.254`: area, line, device. */
export function knxAddress(value: number): string {
  return `${value >>> 12}.${(value >>> 8) & 0xf}.${value & 0xff}`;
}

function groupAddress(value: number): string {
  return `${value >>> 11}/${(value >>> 8) & 7}/${value & 0xff}`;
}

export const cemi = defineProtocol({
  name: 'cemi',
  title: 'Common External Message Interface',
  short: 'KNXnet/IP',
  header: 2,
  fields: {
    mc: { type: 'u8', label: 'Message Code', show: 'hex', names: MCS },
    'ai.n': { type: 'u8', label: 'Additional Information Length' },
    ft: { type: 'u8', label: 'Frame Type', bits: [7, 7], names: { 0: 'Extended', 1: 'Standard' } },
    rep: { type: 'u8', label: 'Repeat On Error', bits: [5, 5], names: { 0: 'Yes', 1: 'No' } },
    bt: { type: 'u8', label: 'Broadcast Type', bits: [4, 4], names: { 0: 'System', 1: 'Domain' } },
    prio: { type: 'u8', label: 'Priority', bits: [3, 2], names: { 0: 'System', 2: 'Urgent', 1: 'Normal', 3: 'Low' } },
    ack: { type: 'u8', label: 'Ack Wanted', bits: [1, 1], names: { 0: 'No', 1: 'Yes' } },
    ce: { type: 'u8', label: 'Confirmation Error', bits: [0, 0], names: { 0: 'No', 1: 'Yes' } },
    at: { type: 'u8', label: 'Address Type', bits: [7, 7], names: { 0: 'Individual', 1: 'Group' } },
    hc: { type: 'u8', label: 'Hop Count', bits: [6, 4] },
    eff: { type: 'u8', label: 'Extended Frame Format', show: 'hex', bits: [3, 0] },
    sa: { type: 'u16', label: 'Source', show: 'hex' },
    da: { type: 'u16', label: 'Destination', show: 'hex' },
    len: { type: 'u8', label: 'Length' },
    tpt: { type: 'u8', label: 'Packet Type', bits: [7, 7], names: { 0: 'Data', 1: 'Control' } },
    st: { type: 'u8', label: 'Sequence Type', bits: [6, 6], names: { 0: 'Unnumbered', 1: 'Numbered' } },
    num: { type: 'u8', label: 'Sequence Number', bits: [5, 2] },
    tc: {
      type: 'u8',
      label: 'Service',
      show: 'hex',
      bits: [1, 0],
      names: { 0x0: 'Connect', 0x1: 'Disconnect', 0x2: 'ACK', 0x3: 'NAK' },
    },
    ac: { type: 'u16', label: 'Service', show: 'hex', bits: [9, 6] },
    ad: { type: 'u8', label: 'Data', show: 'hex', bits: [5, 0] },
    data: { type: 'bytes', label: 'Data' },
  },
  tree(t) {
    const { at } = t;
    const code = t.u8(at);
    const name = t.nameOf('mc', code) ?? `Unknown 0x${code.toString(16).padStart(2, '0')}`;
    t.addInfo(` ${name}`);
    t.addLabel(` ${name}`);
    t.add('mc', at);
    const more = t.u8(at + 1);
    if (!DATA.includes(code)) {
      if (at + 1 < t.end) t.add('data', at + 1, t.end - at - 1);
      return;
    }
    t.add('ai.n', at + 1);
    if (more > 0) t.add('data', at + 2, more);
    telegram(t, at + 2 + more);
  },
});

function telegram(t: TreeBuilder, at: number): void {
  for (const key of ['ft', 'rep', 'bt', 'prio', 'ack', 'ce']) t.add(key, at);
  for (const key of ['at', 'hc', 'eff']) t.add(key, at + 1);
  t.add('sa', at + 2);
  t.add('da', at + 4);
  t.add('len', at + 6);
  const isGroup = (t.u8(at + 1) & GROUP) !== 0;
  const target = t.u16(at + 4);
  t.addInfo(` ${knxAddress(t.u16(at + 2))}->${isGroup ? groupAddress(target) : knxAddress(target)}`);
  transport(t, t.u8(at + 6), at + 7);
}

/** Transport and application bytes (3/3/4, 3/3/7): the service lies across the first two. */
function transport(t: TreeBuilder, length: number, at: number): void {
  const first = t.u8(at);
  t.add('tpt', at);
  t.add('st', at);
  if ((first & NUMBERED) !== 0) {
    t.add('num', at);
    t.addInfo(` #${(first >>> 2) & 0xf}:`.slice(0, -1));
  }
  if ((first & CONTROL) !== 0) {
    t.add('tc', at);
    t.addInfo(` ${t.nameOf('tc', first & 3) ?? ''}`);
    return;
  }
  if (length === 0) return;
  const service = (t.u16(at) >>> 6) & 0xf;
  t.add('ac', at);
  t.addInfo(` ${SERVICES[service]}`);
  if (service === ESCAPE) {
    if (at + 2 < t.end) t.add('data', at + 2, t.end - at - 2);
    return;
  }
  if (service > 0 && service <= LAST_GROUP_SERVICE && length === 1) {
    t.add('ad', at + 1);
    t.addInfo(` $${(t.u8(at + 1) & SMALL).toString(16).padStart(2, '0').toUpperCase()}`);
  } else if (at + 2 < t.end) {
    t.add('data', at + 2, t.end - at - 2);
    t.addInfo(` $${toHex(t.slice(at + 2, t.end - at - 2)).toUpperCase()}`);
  }
}
