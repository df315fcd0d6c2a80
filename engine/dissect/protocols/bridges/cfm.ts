/** Connectivity fault management (IEEE 802.1Q 20, ITU-T G.8013): is a path through bridges whole, and how good is it? */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const AT = { level: 0, opcode: 1, flags: 2, offset: 3, body: 4 } as const;
const OPCODE = { ccm: 1, lbr: 2, lbm: 3, ltr: 4, ltm: 5 } as const;
const OPCODES: Readonly<Record<number, string>> = {
  0: 'Reserved for IEEE 802.1',
  1: 'Continuity Check Message (CCM)',
  2: 'Loopback Reply (LBR)',
  3: 'Loopback Message (LBM)',
  4: 'Linktrace Reply (LTR)',
  5: 'Linktrace Message (LTM)',
  32: 'Generic Notification Message (GNM)',
  33: 'Alarm Indication Signal (AIS)',
  35: 'Lock Signal (LCK)',
  37: 'Test Signal (TST)',
  39: 'Automatic Protection Switching (APS)',
  40: 'Ring-Automatic Protection Switching (R-APS)',
  41: 'Maintenance Communication Channel (MCC)',
  42: 'Loss Measurement Reply (LMR)',
  43: 'Loss Measurement Message (LMM)',
  45: 'One Way Delay Measurement (1DM)',
  46: 'Delay Measurement Reply (DMR)',
  47: 'Delay Measurement Message (DMM)',
  48: 'Experimental OAM Reply (EXR)',
  49: 'Experimental OAM Message (EXM)',
  50: 'Vendor Specific Reply (VSR)',
  51: 'Vendor Specific Message (VSM)',
  52: 'Client Signal Fail (CSF)',
  53: 'One Way Synthetic Loss Measurement (1SL)',
  54: 'Synthetic Loss Reply (SLR)',
  55: 'Synthetic Loss Message (SLM)',
};
const INTERVALS: Readonly<Record<number, string>> = {
  0: 'invalid',
  1: 'Trans Int 3.33ms, max Lifetime 11.67ms, min Lifetime 10.83ms',
  2: 'Trans Int 10ms, max Lifetime 35ms, min Lifetime 32.5ms',
  3: 'Trans Int 100ms, max Lifetime 350ms, min Lifetime 325ms',
  4: 'Trans Int 1s, max Lifetime 3.5s, min Lifetime 3.25s',
  5: 'Trans Int 10s, max Lifetime 35s, min Lifetime 32.5s',
  6: 'Trans Int 1min, max Lifetime 3.5min, min Lifetime 3.25min',
  7: 'Trans Int 10min, max Lifetime 35min, min Lifetime 32.5min',
};
const DOMAIN_FORMAT = { none: 1, dns: 2, mac: 3, text: 4 } as const;
const DOMAIN_FORMATS: Readonly<Record<number, string>> = {
  0: 'Reserved for IEEE 802.1',
  1: 'No Maintenance Domain Name Present',
  2: 'RFC1035 DNS Name',
  3: 'MAC Address + 2-octet Integer',
  4: 'Character String',
};
const ASSOCIATION_TEXT = 2;
const ASSOCIATION_ICC = 32;
const ASSOCIATION_FORMATS: Readonly<Record<number, string>> = {
  0: 'Reserved for IEEE 802.1',
  1: 'Primary VID',
  2: 'Character String',
  3: '2-octet integer',
  4: 'RFC 2685 VPN ID',
  32: 'ICC-based Format',
};
const TLVS: Readonly<Record<number, string>> = {
  0: 'End TLV',
  1: 'Sender ID TLV',
  2: 'Port Status TLV',
  3: 'Data TLV',
  4: 'Interface Status TLV',
  5: 'Reply Ingress TLV',
  6: 'Reply Egress TLV',
  7: 'LTM Egress Identifier TLV',
  8: 'LTR Egress Identifier TLV',
  31: 'Organization-Specific TLV',
  32: 'Test TLV',
};
const CCM = { sequence: 0, endpoint: 4, name: 6, counters: 54, end: 70 } as const;
const NAME_LENGTH = 48;

export const cfm = defineProtocol({
  name: 'cfm',
  title: 'CFM EOAM IEEE 802.1Q/ITU-T Y.1731 Protocol',
  on: { ethertype: [0x8902] },
  header: AT.body,
  fields: {
    'md.level': { at: AT.level, type: 'u8', bits: [7, 5], label: 'CFM MD Level' },
    version: { at: AT.level, type: 'u8', bits: [4, 0], label: 'CFM Version' },
    opcode: { at: AT.opcode, type: 'u8', label: 'CFM OpCode', names: OPCODES },
    flags: { at: AT.flags, type: 'u8', show: 'hex', label: 'Flags' },
    'flags.rdi': { type: 'u8', bits: [7, 7], label: 'RDI' },
    'flags.ccm.reserved': { type: 'u8', bits: [6, 3], label: 'Reserved' },
    'flags.interval': { type: 'u8', bits: [2, 0], label: 'Interval Field', names: INTERVALS },
    'flags.usefdbonly': { type: 'u8', bits: [7, 7], label: 'UseFDBonly' },
    'flags.fwdyes': { type: 'u8', bits: [6, 6], label: 'FwdYes' },
    'flags.ltr.terminalmep': { type: 'u8', bits: [5, 5], label: 'TerminalMEP' },
    'first.tlv.offset': { at: AT.offset, type: 'u8', label: 'First TLV Offset' },
    'ccm.seq.num': { type: 'u32', label: 'Sequence Number' },
    'ccm.ma.ep.id': { type: 'u16', bits: [12, 0], label: 'Maintenance Association End Point Identifier' },
    'maid.md.name.format': { type: 'u8', label: 'MD Name Format', names: DOMAIN_FORMATS },
    'maid.md.name.length': { type: 'u8', label: 'MD Name Length' },
    'maid.md.name.string': { type: 'string', label: 'MD Name (String)' },
    'maid.md.name.hex': { type: 'bytes', label: 'MD Name' },
    'maid.ma.name.format': { type: 'u8', label: 'Short MA Name (MEG ID) Format', names: ASSOCIATION_FORMATS },
    'maid.ma.name.length': { type: 'u8', label: 'Short MA Name (MEG ID) Length' },
    'maid.ma.name.string': { type: 'string', label: 'Short MA Name' },
    'maid.ma.name.hex': { type: 'bytes', label: 'Short MA Name' },
    'itu.txfcf': { type: 'bytes', label: 'TxFCf' },
    'itu.rxfcb': { type: 'bytes', label: 'RxFCb' },
    'itu.txfcb': { type: 'bytes', label: 'TxFCb' },
    'lb.transaction.id': { type: 'u32', label: 'Loopback Transaction Identifier' },
    'lt.transaction.id': { type: 'u32', label: 'Linktrace Transaction Identifier' },
    'lt.ttl': { type: 'u8', label: 'Linktrace TTL' },
    'ltm.orig.addr': { type: 'ether', label: 'Linktrace Message: Original Address' },
    'ltm.targ.addr': { type: 'ether', label: 'Linktrace Message:   Target Address' },
    'ltr.relay.action': {
      type: 'u8',
      label: 'Linktrace Reply Relay Action',
      names: { 1: 'RlyHit', 2: 'RlyFDB', 3: 'RlyMPDB' },
    },
    'tlv.type': { type: 'u8', label: 'TLV Type', names: TLVS, many: true },
    'tlv.length': { type: 'u16', label: 'TLV Length', many: true },
  },
  tree(t) {
    const opcode = t.u8(t.at + AT.opcode);
    t.info(`Type ${OPCODES[opcode] ?? 'unknown'}`);
    const body = t.header();
    if (opcode === OPCODE.ccm) continuity(t, body);
    else if (opcode === OPCODE.lbm || opcode === OPCODE.lbr) t.add('lb.transaction.id', body);
    else if (opcode === OPCODE.ltm) traceRequest(t, body);
    else if (opcode === OPCODE.ltr) traceReply(t, body);
    tlvs(t, body + t.u8(t.at + AT.offset));
  },
});

function continuity(t: TreeBuilder, at: number): void {
  for (const key of ['rdi', 'ccm.reserved', 'interval']) t.add(`flags.${key}`, t.at + AT.flags);
  t.add('ccm.seq.num', at + CCM.sequence);
  t.add('ccm.ma.ep.id', at + CCM.endpoint);
  const name = at + CCM.name;
  const end = name + NAME_LENGTH;
  t.need(name, NAME_LENGTH);
  const format = t.u8(name);
  let next = name + 1;
  t.add('maid.md.name.format', name);
  if (format !== DOMAIN_FORMAT.none) {
    const length = t.u8(next);
    t.add('maid.md.name.length', next);
    if (next + 1 + length > end) t.fail();
    const isText = format === DOMAIN_FORMAT.dns || format === DOMAIN_FORMAT.text;
    if (length > 0) t.add(isText ? 'maid.md.name.string' : 'maid.md.name.hex', next + 1, length);
    next += 1 + length;
  }
  if (next + 2 > end) t.fail();
  const kind = t.u8(next);
  const length = t.u8(next + 1);
  t.add('maid.ma.name.format', next);
  t.add('maid.ma.name.length', next + 1);
  if (next + 2 + length > end) t.fail();
  const isText = kind === ASSOCIATION_TEXT || kind === ASSOCIATION_ICC;
  if (length > 0) t.add(isText ? 'maid.ma.name.string' : 'maid.ma.name.hex', next + 2, length);
  if (t.u8(t.at + AT.offset) < CCM.end) return;
  for (const [i, key] of ['itu.txfcf', 'itu.rxfcb', 'itu.txfcb'].entries()) t.add(key, at + CCM.counters + 4 * i, 4);
}

function traceRequest(t: TreeBuilder, at: number): void {
  t.add('flags.usefdbonly', t.at + AT.flags);
  t.add('lt.transaction.id', at);
  t.add('lt.ttl', at + 4);
  t.add('ltm.orig.addr', at + 5);
  t.add('ltm.targ.addr', at + 11);
}

function traceReply(t: TreeBuilder, at: number): void {
  for (const key of ['usefdbonly', 'fwdyes', 'ltr.terminalmep']) t.add(`flags.${key}`, t.at + AT.flags);
  t.add('lt.transaction.id', at);
  t.add('lt.ttl', at + 4);
  t.add('ltr.relay.action', at + 5);
}

function tlvs(t: TreeBuilder, from: number): void {
  for (let at = from; at < t.end; ) {
    const type = t.u8(at);
    const length = type === 0 ? -2 : t.u16(at + 1);
    t.nest(t.text(`TLV: ${TLVS[type] ?? `Unknown (${type})`}`, at, 3 + length));
    t.add('tlv.type', at);
    if (type !== 0) {
      t.add('tlv.length', at + 1);
      t.need(at + 3, length);
    }
    t.close();
    if (type === 0) return;
    at += 3 + length;
  }
}
