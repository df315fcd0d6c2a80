/** RDP over UDP ([MS-RDPEUDP] 2.2): a handshake, then acknowledgements and payload, in which TLS or DTLS runs. */

import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const AT = { acknowledged: 0, window: 4, flags: 6, rest: 8 } as const;
const FLAG = {
  syn: 0x1,
  acknowledges: 0x4,
  data: 0x8,
  correction: 0x10,
  ofAcknowledgements: 0x100,
  lossy: 0x200,
  correlation: 0x800,
  extended: 0x1000,
} as const;
/** Bits of the header's flags: key, label, as Info has it. */
const FLAGS: readonly (readonly [string, number, string])[] = [
  ['syn', 0, 'Syn'],
  ['fin', 1, 'Fin'],
  ['ack', 2, 'Ack'],
  ['data', 3, 'Data'],
  ['fec', 4, 'FECData'],
  ['cn', 5, 'CN'],
  ['cwr', 6, 'CWR'],
  ['aoa', 8, 'Ack of Acks'],
  ['synlossy', 9, 'Syn lossy'],
  ['ackdelayed', 10, 'Ack delayed'],
  ['correlationid', 11, 'Correlation id'],
  ['synex', 12, 'SynEx'],
];
const VERSIONS: Readonly<Record<number, string>> = { 1: 'UDPv1-1', 2: 'UDPv1-2', 0x101: 'UDPv2' };
/** From this version on, what follows the handshake has another format ([MS-RDPEUDP2]). */
const SECOND = 0x101;
const COOKIE_HASH = 32;
const CORRELATION = 16;
const HAS_VERSION = 1;
const STATES: Readonly<Record<number, string>> = { 0: 'Received', 1: 'Reserved 1', 2: 'Reserved 2', 3: 'Pending' };

interface Memory {
  /** Frame that answered the handshake with the second version; 0: none did. */
  second: number;
  isLossy: boolean;
}

export const rdpUdp = defineProtocol({
  name: 'rdpudp',
  title: 'UDP Remote Desktop Protocol',
  on: { 'udp.port': [3389] },
  header: AT.rest,
  remembers: true,
  opens: ['tls', 'dtls'],
  fields: {
    snsourceack: { at: AT.acknowledged, type: 'u32', show: 'hex', label: 'snSourceAck' },
    receivewindowsize: { at: AT.window, type: 'u16', label: 'ReceiveWindowSize' },
    flags: { type: 'u16', show: 'hex', label: 'Flags' },
    ...Object.fromEntries(
      FLAGS.map(
        ([key, bit, label]) =>
          [`flags.${key}`, { type: 'bool', of: 'u16', bits: [bit, bit], label, flag: ['True', 'False'] }] as const,
      ),
    ),
    initialsequencenumber: { type: 'u32', show: 'hex', label: 'Initial SequenceNumber' },
    upstreammtu: { type: 'u16', label: 'Upstream MTU' },
    downstreammtu: { type: 'u16', label: 'DownStream MTU' },
    correlationid: { type: 'bytes', label: 'Correlation Id' },
    'synex.flags': { type: 'u16', show: 'hex', label: 'Flags' },
    'synex.version': { type: 'u16', show: 'hex', label: 'Version', names: VERSIONS },
    'synex.cookiehash': { type: 'bytes', label: 'Cookie Hash' },
    'ack.vectorsize': { type: 'u16', label: 'uAckVectorSize' },
    'ack.item': { type: 'u8', show: 'hex', label: 'Ack item', many: true },
    'ack.item.state': { type: 'u8', bits: [7, 6], show: 'hex', label: 'State', names: STATES, many: true },
    'ack.item.rle': { type: 'u8', bits: [5, 0], label: 'Run length', many: true },
    'fec.coded': { type: 'u32', show: 'hex', label: 'snCoded' },
    'fec.sourcestart': { type: 'u32', show: 'hex', label: 'snSourceStart' },
    'fec.range': { type: 'u8', label: 'Range' },
    'fec.fecindex': { type: 'u8', label: 'Fec index' },
    resetSeqNum: { type: 'u32', show: 'hex', label: 'snResetSeqNum' },
    'data.sncoded': { type: 'u32', show: 'hex', label: 'snCoded' },
    'data.sourceStart': { type: 'u32', show: 'hex', label: 'snSourceStart' },
    data: { type: 'bytes', label: 'Data' },
  },
  tree(t) {
    const memory = t.conversation((): Memory => ({ second: 0, isLossy: false }));
    if (memory.second > 0 && memory.second < t.packet.number) {
      t.info('UDPv2');
      t.add('data', t.at, t.end - t.at);
      return;
    }
    const flags = t.u16(t.at + AT.flags);
    const set = FLAGS.filter(([, bit]) => ((flags >>> bit) & 1) === 1);
    t.header();
    t.add('flags', t.at + AT.flags);
    t.nest(t.last());
    for (const [key] of FLAGS) t.add(`flags.${key}`, t.at + AT.flags);
    t.close();
    t.info(set.map(([key]) => key.toUpperCase()).join(','));
    if ((flags & FLAG.syn) !== 0) handshake(t, flags, memory);
    else segment(t, flags, memory);
  },
});

/** 2.2.2.4, 2.2.2.8, 2.2.2.9; zeros follow up to the size that is to be tried. */
function handshake(t: TreeBuilder, flags: number, memory: Memory): void {
  let at = t.at + AT.rest;
  t.add('initialsequencenumber', at);
  t.add('upstreammtu', at + 4);
  t.add('downstreammtu', at + 6);
  at += 8;
  if ((flags & FLAG.lossy) !== 0) memory.isLossy = true;
  if ((flags & FLAG.correlation) !== 0) {
    t.add('correlationid', at, CORRELATION);
    at += 2 * CORRELATION; // as much is reserved
  }
  if ((flags & FLAG.extended) === 0) return;
  t.nest(t.text('SynEx', at, 4));
  t.add('synex.flags', at);
  if ((t.u16(at) & HAS_VERSION) !== 0) {
    const version = t.u16(at + 2);
    t.add('synex.version', at + 2);
    const isAnswer = (flags & FLAG.acknowledges) !== 0;
    if (version >= SECOND && isAnswer && memory.second === 0) memory.second = t.packet.number;
    if (version === SECOND && !isAnswer) t.add('synex.cookiehash', at + 4, COOKIE_HASH);
  }
  t.close();
}

/** 2.2.2.7, 2.2.2.6, 2.2.2.5, 2.2.2.1, 2.2.2.2: which parts there are, the flags say. */
function segment(t: TreeBuilder, flags: number, memory: Memory): void {
  let at = t.at + AT.rest;
  if ((flags & FLAG.acknowledges) !== 0) at = vector(t, at);
  if ((flags & FLAG.ofAcknowledgements) !== 0) at = t.add('resetSeqNum', at);
  if ((flags & FLAG.data) === 0) return;
  if ((flags & FLAG.correction) !== 0) {
    t.add('fec.coded', at);
    t.add('fec.sourcestart', at + 4);
    t.add('fec.range', at + 8);
    t.add('fec.fecindex', at + 9);
    if (t.end > at + 12) t.add('data', at + 12, t.end - at - 12);
    return;
  }
  t.add('data.sncoded', at);
  t.add('data.sourceStart', at + 4);
  at += 8;
  t.headerEnd(at);
  if (t.end > at) t.dissect(memory.isLossy ? 'dtls' : 'tls', at);
}

/** Runs of what came and what is missing, up to a multiple of four bytes with their count. */
function vector(t: TreeBuilder, at: number): number {
  const count = t.u16(at);
  const end = at + 2 + count;
  t.nest(t.text('Ack', at, 2 + count));
  t.add('ack.vectorsize', at);
  t.need(at + 2, count);
  for (let item = at + 2; item < end; item++) {
    t.add('ack.item', item);
    t.nest(t.last());
    t.add('ack.item.state', item);
    t.add('ack.item.rle', item);
    t.close();
  }
  t.close();
  return at + ((2 + count + 3) & ~3);
}
