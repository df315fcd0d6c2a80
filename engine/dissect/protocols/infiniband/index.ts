/**
 * InfiniBand packets (InfiniBand Architecture Specification 1, chapters 7 to 9 and 13): routing and transport headers,
 * management datagrams by name, IP over InfiniBand (RFC 4391); and the records of capture cards (ERF) that hold them.
 */

import { u16, u32 } from '../../../base/bytes.ts';
import { ADDRESS } from '../../../table/path-words.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import {
  ADMINISTRATION_ATTRIBUTES,
  CLASS,
  COMMUNICATION_ATTRIBUTES,
  METHODS,
  opcodeName,
  PERFORMANCE_ATTRIBUTES,
  SUBNET_ATTRIBUTES,
  shortOpcodeName,
} from './names.ts';

const LRH = { lane: 0, next: 1, dst: 2, length: 4, src: 6, end: 8 } as const;
const NEXT = { ibaLocal: 2, ibaGlobal: 3 } as const;
const GRH = { length: 40, src: 8, dst: 24 } as const;
const BTH = { opcode: 0, flags: 1, key: 2, target: 5, ack: 8, sequence: 9, length: 12 } as const;
/** Invariant and variant CRC. */
const CHECKS = 6;
const LENGTH_MASK = 0x7ff;
const SERVICE = { datagram: 0x60, reliableDatagram: 0x40 } as const;
const MAD = 256;
const IPOIB = 4;

export const infiniband = defineProtocol({
  name: 'infiniband',
  title: 'InfiniBand',
  short: 'InfiniBand',
  on: { link: [247] },
  opens: ['data'],
  chooses: 'ethertype',
  header: LRH.end,
  fields: {
    'lrh.vl': { type: 'u8', bits: [7, 4], show: 'hex', label: 'Virtual Lane' },
    'lrh.lver': { type: 'u8', bits: [3, 0], label: 'Link Version' },
    'lrh.sl': { type: 'u8', bits: [7, 4], label: 'Service Level' },
    'lrh.lnh': { type: 'u8', bits: [1, 0], show: 'hex', label: 'Link Next Header' },
    'lrh.dlid': { type: 'u16', label: 'Destination Local ID' },
    'lrh.pktlen': { type: 'u16', bits: [10, 0], label: 'Packet Length' },
    'lrh.slid': { type: 'u16', label: 'Source Local ID' },
    'grh.ipver': { type: 'u8', bits: [7, 4], label: 'IP Version' },
    'grh.paylen': { type: 'u16', label: 'Payload Length' },
    'grh.nxthdr': { type: 'u8', label: 'Next Header' },
    'grh.hoplmt': { type: 'u8', label: 'Hop Limit' },
    'grh.sgid': { type: 'ipv6', label: 'Source GID' },
    'grh.dgid': { type: 'ipv6', label: 'Destination GID' },
    'bth.opcode': { type: 'u8', label: 'Opcode', names: opcodeName },
    'bth.se': { type: 'bool', bits: [7, 7], label: 'Solicited Event', flag: ['True', 'False'] },
    'bth.m': { type: 'bool', bits: [6, 6], label: 'MigReq', flag: ['True', 'False'] },
    'bth.padcnt': { type: 'u8', bits: [5, 4], label: 'Pad Count' },
    'bth.tver': { type: 'u8', bits: [3, 0], label: 'Header Version' },
    'bth.p_key': { type: 'u16', label: 'Partition Key' },
    'bth.destqp': { type: 'u24', show: 'hex', label: 'Destination Queue Pair' },
    'bth.a': { type: 'bool', bits: [7, 7], label: 'Acknowledge Request', flag: ['True', 'False'] },
    'bth.psn': { type: 'u24', label: 'Packet Sequence Number' },
    'deth.q_key': { type: 'u64', show: 'hex', label: 'Queue Key' },
    'deth.srcqp': { type: 'u32', show: 'hex', label: 'Source Queue Pair' },
    'reth.va': { type: 'u64', show: 'hex', label: 'Virtual Address' },
    'reth.r_key': { type: 'u32', show: 'hex', label: 'Remote Key' },
    'reth.dmalen': { type: 'u32', show: 'dec-hex', label: 'DMA Length' },
    'aeth.syndrome': { type: 'u8', label: 'Syndrome' },
    'aeth.syndrome.opcode': {
      type: 'u8',
      bits: [6, 5],
      label: 'OpCode',
      names: { 0: 'Ack', 1: 'RNR Nak', 2: 'Reserved', 3: 'Nak' },
    },
    'aeth.msn': { type: 'u24', label: 'Message Sequence Number' },
    immdt: { type: 'bytes', label: 'Immediate Data' },
    'rwh.etype': { type: 'u16', show: 'hex', label: 'Ethertype' },
    'invariant.crc': { type: 'u32', show: 'hex', label: 'Invariant CRC' },
    'variant.crc': { type: 'u16', show: 'hex', label: 'Variant CRC' },
    'mad.baseversion': { type: 'u8', show: 'hex', label: 'Base Version' },
    'mad.mgmtclass': { type: 'u8', show: 'hex', label: 'Management Class' },
    'mad.classversion': { type: 'u8', show: 'hex', label: 'Class Version' },
    'mad.method': { type: 'u8', show: 'hex', label: 'Method', names: METHODS },
    'mad.status': { type: 'u16', show: 'hex', label: 'Status' },
    'mad.classspecific': { type: 'u16', show: 'hex', label: 'Class Specific' },
    'mad.transactionid': { type: 'u64', show: 'hex', label: 'Transaction ID' },
    'mad.attributeid': { type: 'u16', show: 'hex', label: 'Attribute ID' },
    'mad.attributemodifier': { type: 'u32', show: 'hex', label: 'Attribute Modifier' },
    'mad.data': { type: 'bytes', label: 'MAD Data Payload' },
  },
  scan(p) {
    const b = p.bytes;
    const { at } = p;
    const next = b[at + LRH.next] & 3;
    let header: number = LRH.end;
    if (next === NEXT.ibaGlobal) {
      if (!p.has(header + GRH.length)) return;
      const src = at + LRH.end + GRH.src;
      const dst = at + LRH.end + GRH.dst;
      p.named(ADDRESS.gidSource, u32(b, src), u32(b, src + 4), u32(b, src + 8), u32(b, src + 12), 0, 0);
      p.named(ADDRESS.gidDestination, u32(b, dst), u32(b, dst + 4), u32(b, dst + 8), u32(b, dst + 12), 0, 0);
      header += GRH.length;
    } else {
      p.named(ADDRESS.lid, u16(b, at + LRH.src), 0, 0, u16(b, at + LRH.dst), 0, 0);
    }
    if (next < NEXT.ibaLocal || !p.has(header + BTH.length)) return;
    const opcode = b[at + header];
    const isManaged = managed(b, at + header);
    header += BTH.length + extendedLength(opcode);
    if (!isManaged && carriesIp(b, at + header, p.end - CHECKS)) {
      const type = u16(b, at + header);
      p.enter(header + IPOIB, p.end - at - CHECKS);
      p.next(type);
    }
  },
  tree,
});

/** Hot: bytes of the headers between base transport header and payload (table 38). */
function extendedLength(opcode: number): number {
  const operation = opcode & 31;
  let length = 0;
  if ((opcode & 0xe0) === SERVICE.datagram) length = 8;
  else if ((opcode & 0xe0) === SERVICE.reliableDatagram) length = 12;
  if (operation === 3 || operation === 5 || operation === 9) length += 4;
  else if (operation === 6 || operation === 10 || operation === 12) length += 16;
  else if (operation === 11) length += 20;
  else if (operation === 13 || operation === 15 || operation === 16 || operation === 17) length += 4;
  else if (operation === 18) length += 12;
  else if (operation === 19 || operation === 20) length += 28;
  else if (operation === 22 || operation === 23) length += 4;
  return length;
}

/** Hot: queue pairs 0 and 1 carry management datagrams. */
function managed(b: Uint8Array, bth: number): boolean {
  return (b[bth] & 0xe0) === SERVICE.datagram && b[bth + BTH.target] === 0 && u16(b, bth + BTH.target + 1) <= 1;
}

/** Hot: RFC 4391 6: an Ethernet type and two zero bytes. */
function carriesIp(b: Uint8Array, at: number, end: number): boolean {
  if (at + IPOIB > end || u16(b, at + 2) !== 0) return false;
  const type = u16(b, at);
  return type === 0x0800 || type === 0x0806 || type === 0x86dd || type === 0x8035;
}

function tree(t: TreeBuilder): void {
  const { at } = t;
  const next = t.u8(at + LRH.next) & 3;
  t.nest(t.text('Local Route Header', at, LRH.end));
  t.add('lrh.vl', at);
  t.add('lrh.lver', at);
  t.add('lrh.sl', at + 1);
  t.add('lrh.lnh', at + 1);
  t.add('lrh.dlid', at + LRH.dst);
  t.add('lrh.pktlen', at + LRH.length);
  t.add('lrh.slid', at + LRH.src);
  t.close();
  let place = at + LRH.end;
  t.info('');
  if (next < NEXT.ibaLocal) {
    t.payload(place);
    return;
  }
  if (next === NEXT.ibaGlobal) place = globalRoute(t, place);
  transport(t, place);
}

function globalRoute(t: TreeBuilder, at: number): number {
  t.nest(t.text('Global Route Header', at, GRH.length));
  t.add('grh.ipver', at);
  t.add('grh.paylen', at + 4);
  t.add('grh.nxthdr', at + 6);
  t.add('grh.hoplmt', at + 7);
  t.add('grh.sgid', at + GRH.src);
  t.add('grh.dgid', at + GRH.dst);
  t.close();
  return at + GRH.length;
}

function transport(t: TreeBuilder, at: number): void {
  const opcode = t.u8(at);
  t.nest(t.text('Base Transport Header', at, BTH.length));
  t.add('bth.opcode', at);
  for (const key of ['se', 'm', 'padcnt', 'tver']) t.add(`bth.${key}`, at + BTH.flags);
  t.add('bth.p_key', at + BTH.key);
  t.add('bth.destqp', at + BTH.target);
  t.add('bth.a', at + BTH.ack);
  t.add('bth.psn', at + BTH.sequence);
  t.close();
  const pair = t.u24(at + BTH.target);
  t.info(`${shortOpcodeName(opcode)} QP=0x${pair.toString(16).padStart(6, '0')} `);
  const body = extended(t, opcode, at + BTH.length);
  const isManaged = managed(t.bytes, at);
  const end = t.end === t.wireEnd ? Math.max(body, t.end - CHECKS) : t.end;
  if (isManaged && end - body >= 24) management(t, body, end);
  else if (carriesIp(t.bytes, body, end)) {
    t.add('rwh.etype', body);
    checks(t, end);
    t.headerEnd(body + IPOIB);
    t.upper(body + IPOIB);
    return;
  } else if (end > body) {
    checks(t, end);
    t.headerEnd(body);
    t.payload(body, end, end);
    return;
  }
  checks(t, end);
}

function extended(t: TreeBuilder, opcode: number, from: number): number {
  const operation = opcode & 31;
  let at = from;
  if ((opcode & 0xe0) === SERVICE.datagram) {
    t.put('deth.q_key', BigInt(t.u32(at)), at, 4);
    t.put('deth.srcqp', t.u24(at + 5), at + 5, 3);
    at += 8;
  }
  if (operation === 6 || operation === 10 || operation === 11 || operation === 12) {
    t.add('reth.va', at);
    t.add('reth.r_key', at + 8);
    t.add('reth.dmalen', at + 12);
    at += 16;
  }
  if (operation >= 13 && operation <= 18 && operation !== 14) {
    t.add('aeth.syndrome', at);
    t.add('aeth.syndrome.opcode', at);
    t.add('aeth.msn', at + 1);
    at += 4;
  }
  if (operation === 3 || operation === 5 || operation === 9 || operation === 11) at = t.add('immdt', at, 4);
  return Math.max(at, from + extendedLength(opcode));
}

/** The common header of a management datagram (13.4.2). */
function management(t: TreeBuilder, at: number, end: number): void {
  const kind = t.u8(at + 1);
  const method = t.u8(at + 3);
  const attribute = t.u16(at + 16);
  t.nest(t.text('MAD Header - Common Management Datagram', at, Math.min(MAD, end - at)));
  t.add('mad.baseversion', at);
  t.add('mad.mgmtclass', at + 1);
  t.add('mad.classversion', at + 2);
  t.add('mad.method', at + 3);
  t.add('mad.status', at + 4);
  t.add('mad.classspecific', at + 6);
  t.add('mad.transactionid', at + 8);
  t.add('mad.attributeid', at + 16);
  t.add('mad.attributemodifier', at + 20);
  if (end > at + 24) t.add('mad.data', at + 24, end - at - 24);
  t.close();
  const verb = (METHODS[method] ?? 'Unknown').replace('()', '');
  if (kind === CLASS.communication) t.info(`CM: ${COMMUNICATION_ATTRIBUTES[attribute] ?? 'Unknown attribute'}`);
  else if (kind === CLASS.administration)
    t.addInfo(`SubnAdm${verb}(${ADMINISTRATION_ATTRIBUTES[attribute] ?? 'Unknown'})`);
  else if (kind === CLASS.lid || kind === CLASS.directed)
    t.addInfo(`Subn${verb}(${SUBNET_ATTRIBUTES[attribute] ?? 'Unknown'})`);
  else if (kind === CLASS.performance) t.info(`PERF (${PERFORMANCE_ATTRIBUTES[attribute] ?? 'Unknown'})`);
}

function checks(t: TreeBuilder, end: number): void {
  if (t.end - end !== CHECKS) return;
  t.add('invariant.crc', end);
  t.add('variant.crc', end + 4);
}

const LINK = { ethernet: 1, hdlc: 104, infiniband: 247 } as const;
/** Frames that are IP at once are found by their Ethernet type. */
const ETHERTYPE = { ipv4: 0x0800, ipv6: 0x86dd } as const;

/** Hot: the reader took the card's header off; what the frame is shows in its first bytes. */
function contentOf(b: Uint8Array, at: number, wireLength: number, end: number): number {
  if (end - at < LRH.end) return LINK.ethernet;
  const next = b[at + LRH.next] & 3;
  const words = u16(b, at + LRH.length) & LENGTH_MASK;
  if (next >= NEXT.ibaLocal && 4 * words + 2 === wireLength) return LINK.infiniband;
  const first = b[at] >>> 4;
  if (first === 4 && u16(b, at + 2) === wireLength) return ETHERTYPE.ipv4;
  if (first === 6 && u16(b, at + 4) + 40 === wireLength) return ETHERTYPE.ipv6;
  return u16(b, at) === 0x0f00 || u16(b, at) === 0x8f00 ? LINK.hdlc : LINK.ethernet;
}

export const erf = defineProtocol({
  name: 'erf',
  title: 'Extensible Record Format',
  short: 'ERF',
  on: { link: [197] },
  chooses: ['link', 'ethertype'],
  fields: {},
  scan(p) {
    const content = contentOf(p.bytes, p.at, p.wireEnd - p.at, p.end);
    p.enter(0);
    if (content >= ETHERTYPE.ipv4) p.nextBare(1, content);
    else p.next(content);
  },
  tree(t) {
    t.headerEnd(t.at);
    t.upper(t.at);
  },
});
