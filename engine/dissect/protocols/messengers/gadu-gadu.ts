/** Gadu-Gadu: a little-endian type and length, then what the type says; types mean other things each way. */

import { u32le } from '../../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import { isFromServer } from '../../text-lines.ts';

const PORT = 8074;
const HEADER = 8;
const MAX_TYPE = 0xff;
const MAX_LENGTH = 64 << 10;
/** As Info has them. */
const FROM_SERVER: Readonly<Record<number, string>> = {
  0x01: 'Welcome',
  0x02: 'Status change',
  0x03: 'Login success',
  0x05: 'Message acknowledgement',
  0x07: 'Pong',
  0x09: 'Login fail',
  0x0a: 'Receive message',
  0x0b: 'Disconnecting',
  0x0e: 'Public directory reply',
  0x0f: 'Status change (6.0)',
  0x35: 'Login success (8.0)',
  0x36: 'Status (8.0)',
  0x2e: 'Receive message (8.0)',
  0x37: 'Notify list reply (8.0)',
  0x41: 'Userlist reply (10.0)',
};
const FROM_CLIENT: Readonly<Record<number, string>> = {
  0x02: 'New status',
  0x08: 'Ping',
  0x0b: 'Send message',
  0x0c: 'Login request',
  0x0d: 'Notify list (add)',
  0x0e: 'Notify list (remove)',
  0x0f: 'Notify list (first)',
  0x10: 'Notify list',
  0x12: 'Notify list (empty)',
  0x13: 'Login request (4.1)',
  0x14: 'Public directory request',
  0x15: 'Login request (6.0)',
  0x16: 'Userlist request',
  0x19: 'Login request (7.0)',
  0x29: 'Login request (8.0)',
  0x2d: 'Send message (8.0)',
  0x31: 'Login request (8.0)',
  0x38: 'Change status (8.0)',
};
const LOGIN80 = 0x31;
const WELCOME = 1;

export const gaduGadu = defineProtocol({
  name: 'gadu-gadu',
  title: 'Gadu-Gadu Protocol',
  short: 'Gadu-Gadu',
  on: { 'tcp.port': [PORT] },
  fields: {
    recv: { type: 'u32', label: 'Packet Type', show: 'hex' },
    send: { type: 'u32', label: 'Packet Type', show: 'hex' },
    len: { type: 'u32', label: 'Packet Length' },
    'welcome.seed': { type: 'u32', label: 'Seed', show: 'hex' },
    'login.uin': { type: 'u32', label: 'Client UIN' },
    'login80.lang': { type: 'string', label: 'Client language' },
    'login.hash_type': {
      type: 'u8',
      label: 'Login hash type',
      show: 'hex',
      names: { 0x1: 'GG32 hash', 0x2: 'SHA1 hash' },
    },
    'login.hash': { type: 'bytes', label: 'Login hash' },
    data: { type: 'bytes', label: 'Packet Data' },
  },
  frame(f: Framing): number {
    if (f.end - f.at < HEADER) return MORE;
    const length = u32le(f.bytes, f.at + 4);
    return u32le(f.bytes, f.at) > MAX_TYPE || length > MAX_LENGTH ? NOT_MINE : HEADER + length;
  },
  tree(t) {
    const { at } = t;
    const isServer = isFromServer(t, [PORT]);
    const type = t.u32le(at);
    const length = t.u32le(at + 4);
    const name = (isServer ? FROM_SERVER : FROM_CLIENT)[type];
    t.info(name ?? `Unknown ${isServer ? 'recv' : 'send'} packet: ${type.toString(16).padStart(2, '0')}`);
    t.put(isServer ? 'recv' : 'send', type, at, 4);
    t.put('len', length, at + 4, 4);
    const body = at + HEADER;
    if (isServer && type === WELCOME) t.put('welcome.seed', t.u32le(body), body, 4);
    else if (!isServer && type === LOGIN80) {
      t.put('login.uin', t.u32le(body), body, 4);
      t.add('login80.lang', body + 4, 2);
      t.add('login.hash_type', body + 6);
      t.add('login.hash', body + 7, 20);
    } else if (body < t.end) t.add('data', body, t.end - body);
  },
});
