/** Gnutella (The Annotated Gnutella Protocol Specification v0.4): descriptors behind a header; the rest is a transfer. */

import { u32le } from '../../base/bytes.ts';
import { decodeLatin1 } from '../../base/text.ts';
import { defineProtocol, type Framing, MORE } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const HEADER = 23;
const AT = { payload: 16, ttl: 17, hops: 18, size: 19 } as const;
const PAYLOAD = { ping: 0x00, pong: 0x01, push: 0x40, query: 0x80, hit: 0x81 } as const;
const NAMES: Readonly<Record<number, string>> = {
  0x00: 'Ping',
  0x01: 'Pong',
  0x40: 'Push',
  0x80: 'Query',
  0x81: 'QueryHit',
};
/** Descriptors are shorter; anything else is a transfer. */
const MAX_SIZE = 1500;

function frame(f: Framing): number {
  if (f.end - f.at < HEADER) return MORE;
  const size = u32le(f.bytes, f.at + AT.size);
  return size > MAX_SIZE ? f.end - f.at : HEADER + size;
}

export const gnutella = defineProtocol({
  name: 'gnutella',
  title: 'Gnutella Protocol',
  short: 'Gnutella',
  on: { 'tcp.port': [6346] },
  fields: {
    header: { type: 'none', label: 'Descriptor Header', many: true },
    'header.id': { type: 'bytes', label: 'ID', length: 16, many: true },
    'header.payload': { type: 'u8', label: 'Payload', names: NAMES, many: true },
    'header.ttl': { type: 'u8', label: 'TTL', many: true },
    'header.hops': { type: 'u8', label: 'Hops', many: true },
    'header.size': { type: 'u8', label: 'Length', many: true },
    'pong.payload': { type: 'none', label: 'Pong', many: true },
    'pong.port': { type: 'u16', label: 'Port', little: true, many: true },
    'pong.ip': { type: 'ipv4', label: 'IP', many: true },
    'pong.files': { type: 'u32', label: 'Files Shared', little: true, many: true },
    'pong.kbytes': { type: 'u32', label: 'KBytes Shared', little: true, many: true },
    'query.payload': { type: 'none', label: 'Query', many: true },
    'query.min_speed': { type: 'u32', label: 'Min Speed', of: 'u16', little: true, many: true },
    'query.search': { type: 'string', label: 'Search', many: true },
    stream: { type: 'none', label: 'Gnutella Upload / Download Stream' },
  },
  recogniseOn: ['tcp'],
  recognise: (bytes, at, end) => decodeLatin1(bytes, at, Math.min(end, at + 17)) === 'GNUTELLA CONNECT/',
  frame,
  tree(t) {
    t.info('');
    if (!isDescriptor(t, t.at)) {
      t.add('stream', t.at, t.end - t.at);
      return;
    }
    const names: string[] = [];
    let at = t.at;
    while (at + HEADER <= t.end && isDescriptor(t, at)) {
      names.push(NAMES[t.u8(at + AT.payload)] ?? '');
      at = descriptor(t, at);
    }
    t.info(names.join(', '));
  },
});

function isDescriptor(t: TreeBuilder, at: number): boolean {
  return t.has(at, HEADER) && NAMES[t.u8(at + AT.payload)] !== undefined && u32le(t.bytes, at + AT.size) <= MAX_SIZE;
}

function descriptor(t: TreeBuilder, at: number): number {
  const size = t.u32le(at + AT.size);
  const payload = t.u8(at + AT.payload);
  t.add('header', at, HEADER);
  t.nest(t.last());
  t.add('header.id', at);
  t.add('header.payload', at + AT.payload);
  t.add('header.ttl', at + AT.ttl);
  t.add('header.hops', at + AT.hops);
  t.put('header.size', size, at + AT.size, 4);
  t.close();
  const body = at + HEADER;
  t.need(body, size);
  if (payload === PAYLOAD.pong && size >= 14) {
    t.add('pong.payload', body, size);
    t.nest(t.last());
    t.add('pong.port', body);
    t.add('pong.ip', body + 2);
    t.add('pong.files', body + 6);
    t.add('pong.kbytes', body + 10);
    t.close();
  } else if (payload === PAYLOAD.query && size >= 3) {
    t.add('query.payload', body, size);
    t.nest(t.last());
    t.put('query.min_speed', t.u16le(body), body, 2);
    t.add('query.search', body + 2, size - 2);
    t.close();
  }
  return body + size;
}
