/** Soulseek: a little-endian length, a code, then numbers and texts behind their lengths; over TCP, to server and peers. */

import { u32le } from '../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../protocol.ts';

const HEADER = 8;
const MAX_LENGTH = 16 << 20;
/** Codes of the server's messages, as Info has them. */
const MESSAGES: Readonly<Record<number, string>> = {
  1: 'Login',
  2: 'Set Wait Port',
  3: 'Get Peer Address',
  4: 'Get Shared File List',
  5: 'Add User',
  7: 'Get Status',
  9: 'File Search Result',
  13: 'Say ChatRoom',
  14: 'Join Room',
  15: 'Leave Room',
  16: 'User Joined Room',
  17: 'User Left Room',
  18: 'Connect To Peer',
  22: 'Message User',
  23: 'Message User Ack',
  26: 'File Search',
  28: 'Set Status',
  32: 'Ping',
  34: 'Send Speed',
  35: 'Shared Files & Folders',
  41: 'Relogged',
  42: 'User Search',
  64: 'Room List',
  69: 'Privileged Users',
  92: 'Check Privileges',
};
const LOGIN = 1;
const SEARCH = 26;

export const slsk = defineProtocol({
  name: 'slsk',
  title: 'SoulSeek Protocol',
  short: 'slsk',
  on: { 'tcp.port': [2234, 2240, 5534] },
  fields: {
    'message.length': { type: 'u32', label: 'Message Length', little: true },
    'message.code': { type: 'u32', label: 'Message Code', little: true },
    username: { type: 'string', label: 'Username' },
    password: { type: 'string', label: 'Password' },
    version: { type: 'u32', label: 'Version', little: true },
    'search.text': { type: 'string', label: 'Search Text' },
    token: { type: 'u32', label: 'Token', little: true },
  },
  frame(f: Framing): number {
    if (f.end - f.at < 4) return MORE;
    const length = u32le(f.bytes, f.at);
    return length === 0 || length > MAX_LENGTH ? NOT_MINE : 4 + length;
  },
  accepts: (bytes, at, end) => end - at < HEADER || (u32le(bytes, at) >= 4 && u32le(bytes, at) <= MAX_LENGTH),
  tree(t) {
    const { at } = t;
    t.info('SoulSeek Message');
    const length = t.u32le(at);
    t.add('message.length', at);
    if (length < 4) return;
    const code = t.u32le(at + 4);
    t.add('message.code', at + 4);
    t.info(`SoulSeek Message: ${MESSAGES[code] ?? 'Unknown'}`);
    const text = (key: string, place: number): number => {
      const size = t.u32le(place);
      t.add(key, place + 4, size);
      return place + 4 + size;
    };
    const body = at + HEADER;
    if (code === LOGIN && t.packet.direction === 0) t.add('version', text('password', text('username', body)));
    else if (code === SEARCH && t.packet.direction === 0) text('search.text', t.add('token', body));
  },
});
