/** Ethernet POWERLINK (EPSG DS 301): a manager polls its nodes in cycles. */

import { defineProtocol } from '../../protocol.ts';

const AT = { type: 0, destination: 1, source: 2, body: 3 } as const;
const TYPE = { soc: 1, request: 3, response: 4, soa: 5, asynchronous: 6 } as const;
const NAMES: Readonly<Record<number, string>> = {
  1: 'Start of Cycle (SoC)',
  3: 'PollRequest (PReq)',
  4: 'PollResponse (PRes)',
  5: 'Start of Asynchronous (SoA)',
  6: 'Asynchronous Send (ASnd)',
  7: 'ActiveManagingNodeIndication (AMNI)',
  13: 'Asynchronous Invite (AInv)',
};
const SHORT: Readonly<Record<number, string>> = {
  1: 'SoC',
  3: 'PReq',
  4: 'PRes',
  5: 'SoA',
  6: 'ASnd',
  7: 'AMNI',
  13: 'AInv',
};

export const powerlink = defineProtocol({
  name: 'epl',
  title: 'Ethernet POWERLINK',
  short: 'POWERLINK',
  on: { ethertype: [0x88ab] },
  header: AT.body,
  fields: {
    mtyp: { at: AT.type, type: 'u8', bits: [6, 0], label: 'MessageType', names: NAMES },
    dest: { at: AT.destination, type: 'u8', show: 'dec-hex', label: 'Destination', also: ['node'] },
    src: { at: AT.source, type: 'u8', show: 'dec-hex', label: 'Source', also: ['node'] },
    node: { type: 'u8', show: 'dec-hex', label: 'Node', many: true },
    'soc.mc': { type: 'bool', of: 'u8', bits: [7, 7], label: 'MC (Multiplexed Cycle Completed)' },
    'soc.ps': { type: 'bool', of: 'u8', bits: [6, 6], label: 'PS (Prescaled Slot)' },
    'soc.relativetime': { type: 'u64', little: true, label: 'RelativeTime' },
    'preq.ms': { type: 'bool', of: 'u8', bits: [5, 5], label: 'MS (Multiplexed Slot)' },
    'preq.ea': { type: 'bool', of: 'u8', bits: [2, 2], label: 'EA (Exception Acknowledge)' },
    'preq.rd': { type: 'bool', of: 'u8', bits: [0, 0], label: 'RD (Ready)' },
    'preq.size': { type: 'u16', little: true, label: 'Size' },
    'pres.stat': { type: 'u8', show: 'hex', label: 'NMTStatus' },
    'pres.ms': { type: 'bool', of: 'u8', bits: [5, 5], label: 'MS (Multiplexed Slot)' },
    'pres.en': { type: 'bool', of: 'u8', bits: [4, 4], label: 'EN (Exception New)' },
    'pres.rd': { type: 'bool', of: 'u8', bits: [0, 0], label: 'RD (Ready)' },
    'pres.pr': { type: 'u8', bits: [5, 3], label: 'PR (Priority)' },
    'pres.rs': { type: 'u8', bits: [2, 0], label: 'RS (RequestToSend)' },
    'pres.size': { type: 'u16', little: true, label: 'Size' },
    'soa.stat': { type: 'u8', show: 'hex', label: 'NMTStatus' },
    'soa.ea': { type: 'bool', of: 'u8', bits: [2, 2], label: 'EA (Exception Acknowledge)' },
    'soa.er': { type: 'bool', of: 'u8', bits: [1, 1], label: 'ER (Exception Reset)' },
    'soa.svid': { type: 'u8', label: 'RequestedServiceID' },
    'soa.svtg': { type: 'u8', label: 'RequestedServiceTarget' },
    'asnd.svid': { type: 'u8', show: 'hex', label: 'ServiceID' },
  },
  tree(t) {
    const type = t.u8(t.at) & 0x7f;
    const body = t.header();
    t.info(
      `${String(t.u8(t.at + AT.source)).padStart(3)}->${String(t.u8(t.at + AT.destination)).padStart(3)}  ${SHORT[type] ?? 'Unknown'}`,
    );
    const add = (keys: readonly string[], at: number): void => keys.forEach((key) => t.add(key, at));
    if (type === TYPE.soc) {
      add(['soc.mc', 'soc.ps'], body + 1);
      t.add('soc.relativetime', body + 11);
    } else if (type === TYPE.request) {
      add(['preq.ms', 'preq.ea', 'preq.rd'], body + 1);
      t.add('preq.size', body + 5);
    } else if (type === TYPE.response) {
      t.add('pres.stat', body);
      add(['pres.ms', 'pres.en', 'pres.rd'], body + 1);
      add(['pres.pr', 'pres.rs'], body + 2);
      t.add('pres.size', body + 5);
    } else if (type === TYPE.soa) {
      t.add('soa.stat', body);
      add(['soa.ea', 'soa.er'], body + 1);
      t.add('soa.svid', body + 3);
      t.add('soa.svtg', body + 4);
    } else if (type === TYPE.asynchronous) t.add('asnd.svid', body);
  },
});
