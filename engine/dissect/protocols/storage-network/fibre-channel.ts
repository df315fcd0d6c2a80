/** Fibre Channel frames (INCITS FC-FS): addresses, exchange and sequence; what they carry is named by the type. */

import { defineProtocol } from '../../protocol.ts';

const AT = {
  routing: 0,
  destination: 1,
  control: 4,
  source: 5,
  type: 8,
  frameControl: 9,
  sequence: 12,
  dataControl: 13,
  count: 14,
  originator: 16,
  responder: 18,
  parameter: 20,
  payload: 24,
} as const;
/** Requests and answers of link services. */
const LINK_SERVICES: readonly number[] = [0x22, 0x23];
const TYPES: Readonly<Record<number, string>> = {
  0x00: 'BLS',
  0x01: 'Ext Link Svc',
  0x05: 'IP/FC',
  0x08: 'FCP',
  0x18: 'FICON',
  0x1b: 'FICON',
  0x20: 'FC_CT',
  0x22: 'SW_ILS',
  0x28: 'NVMe',
};

export const fibreChannel = defineProtocol({
  name: 'fc',
  title: 'Fibre Channel',
  on: { link: [224] },
  header: AT.payload,
  fields: {
    r_ctl: { at: AT.routing, type: 'u8', show: 'hex', label: 'R_CTL' },
    d_id: { at: AT.destination, type: 'bytes', length: 3, label: 'Dest Addr', also: ['id'] },
    cs_ctl: { at: AT.control, type: 'u8', show: 'hex', label: 'CS_CTL' },
    s_id: { at: AT.source, type: 'bytes', length: 3, label: 'Src Addr', also: ['id'] },
    id: { type: 'bytes', label: 'Addr', many: true },
    type: { at: AT.type, type: 'u8', show: 'hex', label: 'Type', names: TYPES },
    f_ctl: { at: AT.frameControl, type: 'u24', show: 'hex', label: 'F_CTL' },
    seq_id: { at: AT.sequence, type: 'u8', show: 'hex', label: 'SEQ_ID' },
    df_ctl: { at: AT.dataControl, type: 'u8', show: 'hex', label: 'DF_CTL' },
    seq_cnt: { at: AT.count, type: 'u16', label: 'SEQ_CNT' },
    ox_id: { at: AT.originator, type: 'u16', show: 'hex', label: 'OX_ID' },
    rx_id: { at: AT.responder, type: 'u16', show: 'hex', label: 'RX_ID' },
    parameter: { at: AT.parameter, type: 'u32', show: 'hex', label: 'Parameter' },
  },
  scan(p) {
    p.enter(AT.payload);
    p.rest();
  },
  tree(t) {
    const type = t.u8(t.at + AT.type);
    t.info(TYPES[type] ?? `Unknown (0x${type.toString(16).padStart(2, '0')})`);
    if (LINK_SERVICES.includes(t.u8(t.at))) t.column('FC ELS');
    const end = t.header();
    t.headerEnd(end);
    t.upper(end);
  },
});
