/** SS7 message transfer part, levels 2 (ITU-T Q.703) and 3 (Q.704, ITU point codes), and the users of level 3 by name. */

import { u32le } from '../../base/bytes.ts';
import { ADDRESS } from '../../table/path-words.ts';
import { defineProtocol } from '../protocol.ts';

const AT = { backward: 0, forward: 1, length: 2, payload: 3 } as const;
const FILL_IN = 0;
const STATUS_UP_TO = 2;
const USERS: Readonly<Record<number, string>> = {
  0: 'Signalling Network Management Message (SNM)',
  1: 'Maintenance Regular Message (MTN)',
  2: 'Maintenance Special Message (MTNS)',
  3: 'SCCP',
  4: 'TUP',
  5: 'ISUP',
  6: 'DUP (call and circuit related messages)',
  7: 'DUP (facility message)',
  8: 'MTP testing user part',
  9: 'Broadband ISUP',
  10: 'Satellite ISUP',
  12: 'AAL type 2 Signaling',
  13: 'Bearer Independent Call Control (BICC)',
  14: 'Gateway Control Protocol',
};

export const mtp2 = defineProtocol({
  name: 'mtp2',
  title: 'Message Transfer Part Level 2',
  on: { link: [139, 140] },
  chooses: 'mtp.payload',
  header: AT.payload,
  fields: {
    bsn: { at: AT.backward, type: 'u8', bits: [6, 0], label: 'Backward sequence number' },
    bib: { at: AT.backward, type: 'u8', bits: [7, 7], label: 'Backward indicator bit' },
    fsn: { at: AT.forward, type: 'u8', bits: [6, 0], label: 'Forward sequence number' },
    fib: { at: AT.forward, type: 'u8', bits: [7, 7], label: 'Forward indicator bit' },
    li: { at: AT.length, type: 'u8', bits: [5, 0], label: 'Length Indicator' },
    spare: { at: AT.length, type: 'u8', bits: [7, 6], label: 'Spare' },
    sf: { type: 'u8', label: 'Status field' },
  },
  scan(p) {
    const length = p.bytes[p.at + AT.length] & 63;
    p.enter(AT.payload);
    if (length > STATUS_UP_TO) p.next(0);
  },
  tree(t) {
    const length = t.u8(t.at + AT.length) & 63;
    const end = t.header();
    t.headerEnd(end);
    if (length === FILL_IN) t.info('FISU');
    else if (length <= STATUS_UP_TO) {
      t.info('LSSU');
      t.add('sf', end);
    } else {
      t.info('MSU');
      t.upper(end);
    }
  },
});

const LABEL = { service: 0, routing: 1, payload: 5 } as const;
const POINT_CODE = 0x3fff;

export const mtp3 = defineProtocol({
  name: 'mtp3',
  title: 'Message Transfer Part Level 3',
  short: 'MTP3 (Int. ITU)',
  on: { link: [141], 'mtp.payload': [0] },
  chooses: 'mtp3.user',
  header: LABEL.payload,
  fields: {
    network_indicator: {
      type: 'u8',
      bits: [7, 6],
      show: 'hex',
      label: 'Network indicator',
      names: {
        0: 'International network',
        1: 'Spare (for international use only)',
        2: 'National network',
        3: 'Reserved for national use',
      },
    },
    spare: { type: 'u8', bits: [5, 4], show: 'hex', label: 'Spare' },
    service_indicator: { type: 'u8', bits: [3, 0], show: 'hex', label: 'Service indicator', names: USERS },
    dpc: { type: 'u32', label: 'DPC' },
    opc: { type: 'u32', label: 'OPC' },
    sls: { type: 'u8', label: 'Signalling Link Selector' },
  },
  scan(p) {
    const user = p.bytes[p.at] & 15;
    const label = u32le(p.bytes, p.at + LABEL.routing);
    p.named(ADDRESS.decimal, (label >>> 14) & POINT_CODE, 0, 0, label & POINT_CODE, 0, 0);
    p.enter(LABEL.payload);
    p.next(user);
  },
  tree(t) {
    for (const key of ['network_indicator', 'spare', 'service_indicator']) t.add(key, t.at);
    const label = t.u32le(t.at + LABEL.routing);
    t.put('dpc', label & POINT_CODE, t.at + LABEL.routing, 4);
    t.put('opc', (label >>> 14) & POINT_CODE, t.at + LABEL.routing, 4);
    t.put('sls', label >>> 28, t.at + LABEL.routing, 4);
    t.info(`DPC: ${label & POINT_CODE}, OPC: ${(label >>> 14) & POINT_CODE}`);
    t.headerEnd(t.at + LABEL.payload);
    t.upper(t.at + LABEL.payload);
  },
});

const GROUPS: Readonly<Record<number, string>> = {
  1: 'CHM',
  2: 'ECM',
  3: 'FCM',
  4: 'TFM',
  5: 'RSM',
  6: 'MIM',
  7: 'TRM',
  8: 'DLM',
  10: 'UFC',
};

export const mtp3Management = defineProtocol({
  name: 'mtp3mg',
  title: 'Message Transfer Part Level 3 Management',
  short: 'MTP3MG (Int. ITU)',
  on: { 'mtp3.user': [0, 1, 2] },
  header: 1,
  fields: {
    h0: { type: 'u8', bits: [3, 0], show: 'hex', label: 'H0 (Message Group)', names: GROUPS },
  },
  tree(t) {
    const group = t.u8(t.at) & 15;
    t.info(`${GROUPS[group] ?? 'Unknown'} `);
    t.add('h0', t.at);
  },
});

const SCCP: Readonly<Record<number, string>> = {
  1: 'CR',
  2: 'CC',
  3: 'CREF',
  4: 'RLSD',
  5: 'RLC',
  6: 'DT1',
  7: 'DT2',
  8: 'AK',
  9: 'UDT',
  10: 'UDTS',
  11: 'ED',
  12: 'EA',
  13: 'RSR',
  14: 'RSC',
  15: 'ERR',
  16: 'IT',
  17: 'XUDT',
  18: 'XUDTS',
  19: 'LUDT',
  20: 'LUDTS',
};

export const sccp = defineProtocol({
  name: 'sccp',
  title: 'Signalling Connection Control Part',
  short: 'SCCP (Int. ITU)',
  on: { link: [142], 'mtp3.user': [3] },
  header: 1,
  fields: { message_type: { type: 'u8', show: 'hex', label: 'Message Type', names: SCCP } },
  tree(t) {
    const type = t.u8(t.at);
    t.info(`${SCCP[type] ?? `Unknown: ${type}`} `);
    t.add('message_type', t.at);
  },
});
