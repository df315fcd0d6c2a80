/** GSMTAP (osmocom, "gsmtap.h"): what a radio heard of a mobile network, behind a header that says where. Its contents are shown as data. */

import { defineProtocol } from '../../protocol.ts';

const AT = {
  version: 0,
  length: 1,
  type: 2,
  slot: 3,
  channel: 4,
  signal: 6,
  noise: 7,
  frame: 8,
  subtype: 12,
  antenna: 13,
  subslot: 14,
  end: 16,
} as const;
const VERSION = 2;
const TYPES: Readonly<Record<number, string>> = {
  1: 'GSM Um (MS<->BTS)',
  2: 'GSM Abis (BTS<->BSC)',
  3: 'GSM Um burst (MS<->BTS)',
  4: 'SIM',
  5: 'TETRA V+D',
  6: 'TETRA V+D burst',
  7: 'WiMAX burst',
  8: 'GPRS Gb LLC',
  9: 'GPRS Gb SNDCP',
  10: 'GMR-1 air interface (MES-MS<->GTS)',
  11: 'UMTS RLC/MAC',
  12: 'UMTS RRC',
  13: 'LTE RRC',
  14: 'LTE MAC',
  15: 'LTE MAC framed',
  16: 'libosmocore logging',
  17: 'Qualcomm DIAG',
  18: 'LTE NAS',
  19: 'E1/T1',
};
const UM = 1;
const CHANNELS: Readonly<Record<number, string>> = {
  0: 'UNKNOWN',
  1: 'BCCH',
  2: 'CCCH',
  3: 'RACH',
  4: 'AGCH',
  5: 'PCH',
  6: 'SDCCH',
  7: 'SDCCH/4',
  8: 'SDCCH/8',
  9: 'FACCH/F',
  10: 'FACCH/H',
  11: 'PACCH',
  13: 'PDTCH',
  14: 'PTTCH',
  15: 'CBCH',
  16: 'TCH/F',
  17: 'TCH/H',
  134: 'LSACCH',
  135: 'SACCH/4',
  136: 'SACCH/8',
  137: 'SACCH/F',
  138: 'SACCH/H',
};

export const gsmtap = defineProtocol({
  name: 'gsmtap',
  title: 'GSM TAP Header',
  on: { 'udp.port': [4729] },
  opens: ['data'],
  header: AT.end,
  fields: {
    version: { at: AT.version, type: 'u8', label: 'Version' },
    hdr_len: { type: 'u8', label: 'Header Length' },
    type: { at: AT.type, type: 'u8', label: 'Payload Type', names: TYPES },
    ts: { at: AT.slot, type: 'u8', label: 'Time Slot' },
    arfcn: { at: AT.channel, type: 'u16', bits: [13, 0], label: 'ARFCN' },
    uplink: { at: AT.channel, type: 'u16', bits: [14, 14], label: 'Uplink' },
    pcs_band: { at: AT.channel, type: 'u16', bits: [15, 15], label: 'PCS band indicator' },
    signal_dbm: { at: AT.signal, type: 'i8', label: 'Signal Level' },
    snr_db: { at: AT.noise, type: 'i8', label: 'Signal/Noise Ratio' },
    frame_nr: { at: AT.frame, type: 'u32', label: 'GSM Frame Number' },
    chan_type: { type: 'u8', label: 'Channel Type', names: CHANNELS },
    antenna: { at: AT.antenna, type: 'u8', label: 'Antenna Number' },
    sub_slot: { at: AT.subslot, type: 'u8', label: 'Sub-Slot' },
  },
  accepts: (bytes, at, end) => end - at >= AT.end && bytes[at] === VERSION && bytes[at + AT.length] >= 4,
  tree(t) {
    const length = 4 * t.u8(t.at + AT.length);
    t.info('');
    t.put('hdr_len', length, t.at + AT.length, 1);
    t.header();
    if (t.u8(t.at + AT.type) === UM) t.add('chan_type', t.at + AT.subtype);
    t.addLabel(`, ARFCN: ${t.u16(t.at + AT.channel) & 0x3fff}, ${TYPES[t.u8(t.at + AT.type)] ?? 'Unknown'}`);
    t.payload(t.at + Math.max(AT.end, length));
  },
});
