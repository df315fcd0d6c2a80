/** Teredo (RFC 4380): IPv6 in UDP, behind an authentication and an origin indication where there are any. Hot: scan() once per packet. */

import { u16 } from '../../base/bytes.ts';
import { defineProtocol } from '../protocol.ts';

const LINK_IPV6 = 229;
const AUTHENTICATION = 1;
const ORIGIN = 0;
const ORIGIN_LENGTH = 8;
/** Fixed part of an authentication header: type, lengths of client id and value, and behind those a nonce and a confirmation. */
const AUTHENTICATION_LENGTH = 4 + 9;
const IPV6_HEADER = 40;

/** Bytes in front of the IPv6 packet; -1: none follows. */
function headerLength(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  if (at + AUTHENTICATION_LENGTH <= end && u16(bytes, at) === AUTHENTICATION)
    at += AUTHENTICATION_LENGTH + bytes[at + 2] + bytes[at + 3];
  if (at + ORIGIN_LENGTH <= end && u16(bytes, at) === ORIGIN) at += ORIGIN_LENGTH;
  return at + IPV6_HEADER <= end && bytes[at] >>> 4 === 6 ? at - start : -1;
}

export const teredo = defineProtocol({
  name: 'teredo',
  title: 'Teredo IPv6 over UDP tunneling',
  short: 'Teredo',
  on: { 'udp.port': [3544] },
  chooses: 'link',
  fields: {
    auth: { type: 'none', label: 'Teredo Authentication header' },
    'auth.idlen': { type: 'u8', label: 'Client identifier length' },
    'auth.aulen': { type: 'u8', label: 'Authentication value length' },
    'auth.id': { type: 'bytes', label: 'Client identifier' },
    'auth.value': { type: 'bytes', label: 'Authentication value' },
    'auth.nonce': { type: 'bytes', label: 'Nonce value' },
    'auth.conf': { type: 'bytes', label: 'Confirmation byte' },
    orig: { type: 'none', label: 'Teredo Origin Indication header' },
    'orig.port': { type: 'u16', label: 'Origin UDP port' },
    'orig.addr': { type: 'ipv4', label: 'Origin IPv4 address' },
  },
  scan(p) {
    const length = headerLength(p.bytes, p.at, p.end);
    if (length < 0) return;
    p.tunnel(0);
    p.enter(length);
    p.next(LINK_IPV6);
  },
  tree(t) {
    const length = headerLength(t.bytes, t.at, t.end);
    t.info('');
    let { at } = t;
    if (t.has(at, AUTHENTICATION_LENGTH) && t.u16(at) === AUTHENTICATION) {
      const id = t.u8(at + 2);
      const value = t.u8(at + 3);
      t.nest(t.put('auth', new Uint8Array(0), at, AUTHENTICATION_LENGTH + id + value, 'Teredo Authentication header'));
      t.add('auth.idlen', at + 2);
      t.add('auth.aulen', at + 3);
      if (id > 0) t.add('auth.id', at + 4, id);
      if (value > 0) t.add('auth.value', at + 4 + id, value);
      t.add('auth.nonce', at + 4 + id + value, 8);
      t.add('auth.conf', at + 12 + id + value, 1);
      t.close();
      at += AUTHENTICATION_LENGTH + id + value;
    }
    if (t.has(at, ORIGIN_LENGTH) && t.u16(at) === ORIGIN) {
      t.nest(t.put('orig', new Uint8Array(0), at, ORIGIN_LENGTH, 'Teredo Origin Indication header'));
      t.put('orig.port', t.u16(at + 2) ^ 0xffff, at + 2, 2);
      t.put('orig.addr', ~t.u32(at + 4) >>> 0, at + 4, 4);
      t.close();
    }
    if (length < 0) return;
    t.headerEnd(t.at + length);
    t.upper(t.at + length);
  },
});
