/** RTPS (OMG DDSI-RTPS 2.x), the wire protocol of DDS: a header and submessages, each with a length; over UDP. */

import { u32 } from '../../../base/bytes.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const MAGIC = 0x52545053;
const HEADER = { one: 16, two: 20 } as const;
const LITTLE = 1;
const KIND = { heartbeat: 0x07, data: 0x15, dataFragment: 0x16 } as const;
const NAMES: Readonly<Record<number, string>> = {
  0x01: 'PAD',
  0x06: 'ACKNACK',
  0x07: 'HEARTBEAT',
  0x08: 'GAP',
  0x09: 'INFO_TS',
  0x0c: 'INFO_SRC',
  0x0d: 'INFO_REPLY_IP4',
  0x0e: 'INFO_DST',
  0x0f: 'INFO_REPLY',
  0x12: 'NACK_FRAG',
  0x13: 'HEARTBEAT_FRAG',
  0x14: 'DATA_SESSION',
  0x15: 'DATA',
  0x16: 'DATA_FRAG',
  0x17: 'ACKNACK_BATCH',
  0x18: 'DATA_BATCH',
  0x19: 'HEARTBEAT_BATCH',
  0x30: 'SEC_BODY',
  0x31: 'SEC_PREFIX',
  0x32: 'SEC_POSTFIX',
  0x33: 'SRTPS_PREFIX',
  0x34: 'SRTPS_POSTFIX',
};
/** Writers that discovery has built in (9.3.1.2), as Info has their data. */
const WRITERS: Readonly<Record<number, string>> = {
  0x000003c2: '(w)',
  0x000004c2: '(r)',
  0x000100c2: '(p)',
  0x000200c2: '(m)',
};
const ENTITY_READER = 8;
const ENTITY_WRITER = 12;

function begins(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at >= HEADER.one && u32(bytes, at) === MAGIC && bytes[at + 4] <= 2;
}

export const rtps = defineProtocol({
  name: 'rtps',
  title: 'Real-Time Publish-Subscribe Wire Protocol',
  fields: {
    magic: { type: 'string', label: 'Magic' },
    'version.major': { type: 'i8', label: 'major' },
    'version.minor': { type: 'i8', label: 'minor' },
    vendorId: { type: 'u16', label: 'vendorId', show: 'hex' },
    guidPrefix: { type: 'bytes', label: 'guidPrefix' },
    'sm.id': { type: 'u8', label: 'submessageId', show: 'hex', many: true },
    'sm.flags': { type: 'u8', label: 'Flags', show: 'hex', many: true },
    'sm.octetsToNextHeader': { type: 'u16', label: 'octetsToNextHeader', many: true },
    'sm.rdEntityId': { type: 'u32', label: 'readerEntityId', show: 'hex', many: true },
    'sm.wrEntityId': { type: 'u32', label: 'writerEntityId', show: 'hex', many: true },
    version: { type: 'u16', label: 'Protocol version', show: 'hex' },
    'sm.data': { type: 'bytes', label: 'Submessage', many: true, abbrev: 'rtps.sm.data' },
  },
  recogniseOn: ['udp'],
  recognise: begins,
  accepts: begins,
  tree(t) {
    const { at } = t;
    t.add('magic', at, 4);
    t.add('version', at + 4);
    t.nest(t.last());
    t.add('version.major', at + 4);
    t.add('version.minor', at + 5);
    t.close();
    t.add('vendorId', at + 6);
    const isTwo = t.u8(at + 4) >= 2;
    const end = at + (isTwo ? HEADER.two : HEADER.one);
    if (isTwo) t.add('guidPrefix', at + 8, 12);
    const said: string[] = [];
    t.info('');
    for (let next = end; next < t.end; ) next = submessage(t, next, said);
    t.info(said.join(', '));
  },
});

function submessage(t: TreeBuilder, at: number, said: string[]): number {
  const id = t.u8(at);
  const isLittle = (t.u8(at + 1) & LITTLE) !== 0;
  const length = isLittle ? t.u16le(at + 2) : t.u16(at + 2);
  const body = at + 4;
  // The last one may say 0: up to the end.
  const end = length === 0 && id !== 1 && id !== 9 ? t.end : body + length;
  t.need(body, end - body);
  const name = NAMES[id] ?? 'Unknown';
  t.nest(t.text(`submessageId: ${name}`, at, end - at));
  t.add('sm.id', at);
  t.add('sm.flags', at + 1);
  t.put('sm.octetsToNextHeader', length, at + 2, 2);
  if (id === KIND.heartbeat && end - body >= ENTITY_READER) {
    t.put('sm.rdEntityId', t.u32(body), body, 4);
    t.put('sm.wrEntityId', t.u32(body + 4), body + 4, 4);
  }
  if ((id === KIND.data || id === KIND.dataFragment) && end - body >= ENTITY_WRITER) {
    const writer = t.u32(body + ENTITY_READER);
    t.put('sm.rdEntityId', t.u32(body + 4), body + 4, 4);
    t.put('sm.wrEntityId', writer, body + ENTITY_READER, 4);
    said.push(`${name}${id === KIND.data ? (WRITERS[writer] ?? '') : ''}`);
  } else said.push(name);
  if (end > body) t.add('sm.data', body, end - body);
  t.close();
  return end;
}
