/** OSI network layer on a link (ISO/IEC TR 9577): the first byte says which protocol follows. ES-IS and IS-IS by name. */

import { toHex } from '../../base/hex.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const IDS: Readonly<Record<number, string>> = {
  0x81: 'ISO 8473 CLNP',
  0x82: 'ISO 9542 ESIS',
  0x83: 'ISO 10589 ISIS',
  0x8e: 'IPv6',
  0xcc: 'IP',
};

/** The identifier belongs to the protocol it names: this layer takes no bytes. */
export const osi = defineProtocol({
  name: 'osi',
  title: 'OSI',
  on: { 'llc.dsap': [0xfe, 0x14, 0x54], 'chdlc.protocol': [0xfefe], 'null.family': [7], 'gre.proto': [0x00fe] },
  chooses: 'osi.nlpid',
  fields: {},
  scan(p) {
    if (!p.has(1)) return;
    p.next(p.bytes[p.at]);
  },
  tree(t) {
    t.headerEnd(t.at);
    t.upper(t.at);
  },
});

const ES = { id: 0, length: 1, version: 2, reserved: 3, type: 4, holding: 5, checksum: 7, body: 9 } as const;
const ES_TYPES: Readonly<Record<number, string>> = { 2: 'ES HELLO', 4: 'IS HELLO', 6: 'RD REQUEST' };

export const esis = defineProtocol({
  name: 'esis',
  title: 'ISO 9542 ESIS Routeing Information Exchange Protocol',
  on: { 'osi.nlpid': [0x82] },
  header: ES.body,
  fields: {
    nlpi: { at: ES.id, type: 'u8', show: 'hex', label: 'Network Layer Protocol Identifier', names: IDS },
    length: { at: ES.length, type: 'u8', label: 'PDU Length' },
    ver: { at: ES.version, type: 'u8', label: 'Version' },
    res: { at: ES.reserved, type: 'u8', label: 'Reserved(==0)' },
    type: { type: 'u8', bits: [4, 0], label: 'PDU Type', names: ES_TYPES },
    htime: { at: ES.holding, type: 'u16', label: 'Holding Time', doc: 'In seconds.' },
    chksum: { at: ES.checksum, type: 'u16', show: 'hex', label: 'Checksum' },
  },
  tree(t) {
    const type = t.u8(t.at + ES.type) & 31;
    t.info(ES_TYPES[type] ?? `Unknown (0x${type.toString(16)})`);
    t.header();
    t.add('type', t.at + ES.type);
    t.limit(t.at + Math.max(ES.body, t.u8(t.at + ES.length)));
  },
});

const IS = { id: 0, length: 1, version: 2, idLength: 3, type: 4, version2: 5, reserved: 6, areas: 7, body: 8 } as const;
const IS_TYPES: Readonly<Record<number, readonly [string, string]>> = {
  15: ['isis.hello', 'L1 HELLO'],
  16: ['isis.hello', 'L2 HELLO'],
  17: ['isis.hello', 'P2P HELLO'],
  18: ['isis.lsp', 'L1 LSP'],
  20: ['isis.lsp', 'L2 LSP'],
  24: ['isis.csnp', 'L1 CSNP'],
  25: ['isis.csnp', 'L2 CSNP'],
  26: ['isis.psnp', 'L1 PSNP'],
  27: ['isis.psnp', 'L2 PSNP'],
};

export const isis = defineProtocol({
  name: 'isis',
  title: 'ISO 10589 ISIS InTRA Domain Routeing Information Exchange Protocol',
  on: { 'osi.nlpid': [0x83] },
  header: IS.body,
  opens: ['isis.hello', 'isis.lsp', 'isis.csnp', 'isis.psnp', 'data'],
  fields: {
    irpd: { at: IS.id, type: 'u8', show: 'hex', label: 'Intradomain Routeing Protocol Discriminator', names: IDS },
    len: { at: IS.length, type: 'u8', label: 'Length Indicator' },
    version: { at: IS.version, type: 'u8', label: 'Version/Protocol ID Extension' },
    sysid_len: { at: IS.idLength, type: 'u8', label: 'ID Length' },
    type: { type: 'u8', bits: [4, 0], label: 'PDU Type', names: (type) => IS_TYPES[type]?.[1] },
    version2: { at: IS.version2, type: 'u8', label: 'Version' },
    reserved: { at: IS.reserved, type: 'u8', label: 'Reserved' },
    max_area_adr: { at: IS.areas, type: 'u8', label: 'Maximum Area Addresses' },
  },
  tree(t) {
    const type = t.u8(t.at + IS.type) & 31;
    t.header();
    t.add('type', t.at + IS.type);
    const [name, words] = IS_TYPES[type] ?? ['', 'Unknown'];
    t.info(words);
    t.headerEnd(t.at + IS.body);
    if (name === '') {
      t.payload(t.at + IS.body);
      return;
    }
    t.hint = words;
    t.dissect(name, t.at + IS.body);
  },
});

/** `3200.0000.0000`. */
function systemId(t: TreeBuilder, at: number): string {
  const hex = toHex(t.slice(at, 6));
  return `${hex.slice(0, 4)}.${hex.slice(4, 8)}.${hex.slice(8)}`;
}

const two = (value: number): string => value.toString(16).padStart(2, '0');

/** A system, and a fragment or circuit. */
function lspId(t: TreeBuilder, at: number): string {
  return `${systemId(t, at)}.${two(t.u8(at + 6))}-${two(t.u8(at + 7))}`;
}

export const isisHello = defineProtocol({
  name: 'isis.hello',
  title: 'ISIS HELLO',
  short: 'ISIS HELLO',
  header: 11,
  fields: {
    circuit_type: {
      type: 'u8',
      bits: [1, 0],
      show: 'hex',
      label: 'Circuit type',
      names: { 1: 'Level 1 only', 2: 'Level 2 only', 3: 'Level 1 and 2' },
    },
    holding_timer: { type: 'u16', label: 'Holding timer' },
    pdu_length: { type: 'u16', label: 'PDU length' },
  },
  tree(t) {
    t.info(`${t.hint}, System-ID: ${systemId(t, t.at + 1)}`);
    t.add('circuit_type', t.at);
    t.add('holding_timer', t.at + 7);
    t.add('pdu_length', t.at + 9);
  },
});

export const isisLsp = defineProtocol({
  name: 'isis.lsp',
  title: 'ISO 10589 ISIS Link State Protocol Data Unit',
  short: 'ISIS LSP',
  header: 19,
  fields: {
    pdu_length: { type: 'u16', label: 'PDU length' },
    remaining_life: { type: 'u16', label: 'Remaining lifetime' },
    lsp_id: { type: 'string', label: 'LSP-ID' },
    sequence_number: { type: 'u32', show: 'hex', label: 'Sequence number' },
    checksum: { type: 'u16', show: 'hex', label: 'Checksum' },
  },
  tree(t) {
    const id = lspId(t, t.at + 4);
    t.info(
      `${t.hint}, LSP-ID: ${id}, Sequence: 0x${t
        .u32(t.at + 12)
        .toString(16)
        .padStart(8, '0')}, Lifetime: ${t.u16(t.at + 2)}s`,
    );
    t.add('pdu_length', t.at);
    t.add('remaining_life', t.at + 2);
    t.put('lsp_id', id, t.at + 4, 8);
    t.add('sequence_number', t.at + 12);
    t.add('checksum', t.at + 16);
  },
});

export const isisCsnp = defineProtocol({
  name: 'isis.csnp',
  title: 'ISO 10589 ISIS Complete Sequence Numbers Protocol Data Unit',
  short: 'ISIS CSNP',
  header: 25,
  fields: { pdu_length: { type: 'u16', label: 'PDU length' } },
  tree(t) {
    t.info(
      `${t.hint}, Source-ID: ${systemId(t, t.at + 2)}.${two(t.u8(t.at + 8))}, Start LSP-ID: ${lspId(t, t.at + 9)}, End LSP-ID: ${lspId(t, t.at + 17)}`,
    );
    t.add('pdu_length', t.at);
  },
});

export const isisPsnp = defineProtocol({
  name: 'isis.psnp',
  title: 'ISO 10589 ISIS Partial Sequence Numbers Protocol Data Unit',
  short: 'ISIS PSNP',
  header: 9,
  fields: { pdu_length: { type: 'u16', label: 'PDU length' } },
  tree(t) {
    t.info(`${t.hint}, Source-ID: ${systemId(t, t.at + 2)}.${two(t.u8(t.at + 8))}`);
    t.add('pdu_length', t.at);
  },
});
