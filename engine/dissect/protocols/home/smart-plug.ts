/** TP-Link's plugs and lamps: JSON, each byte combined with the one before it; over TCP behind a length. */

import { u32 } from '../../../base/bytes.ts';
import { decodeUtf8 } from '../../../base/text.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import { isFromServer } from '../../text-lines.ts';

const PORT = 9999;
const KEY = 171;
const OPENING = 0x7b;
const LENGTH = 4;
const MAX_LENGTH = 1 << 20;

function plain(bytes: Uint8Array): Uint8Array {
  let key = KEY;
  return bytes.map((byte) => {
    const letter = byte ^ key;
    key = byte;
    return letter;
  });
}

/** Does it begin with a brace, once it is unscrambled? */
function isJson(bytes: Uint8Array, at: number, end: number): boolean {
  return end > at && (bytes[at] ^ KEY) === OPENING;
}

/** A datagram, or a length that is no more than a mebibyte in front of one. */
function isMessage(bytes: Uint8Array, at: number, end: number): boolean {
  if (isJson(bytes, at, end)) return true;
  return end - at <= LENGTH ? bytes[at] === 0 : u32(bytes, at) <= MAX_LENGTH && isJson(bytes, at + LENGTH, end);
}

export const smartPlug = defineProtocol({
  name: 'tplink-smarthome',
  title: 'TP-Link Smart Home Protocol',
  short: 'TPLINK-SMARTHOME/JSON',
  on: { 'tcp.port': [PORT], 'udp.port': [PORT] },
  opens: ['json'],
  fields: {
    len: { type: 'u32', label: 'Message length' },
    msg: { type: 'string', label: 'Message' },
  },
  accepts: isMessage,
  frame(f: Framing): number {
    if (f.end - f.at < LENGTH) return MORE;
    const length = u32(f.bytes, f.at);
    if (f.end - f.at > LENGTH && !isJson(f.bytes, f.at + LENGTH, f.end)) return NOT_MINE;
    return length > MAX_LENGTH ? NOT_MINE : LENGTH + length;
  },
  tree(t) {
    const isStream = t.transport === 'tcp';
    const from = t.at + (isStream ? LENGTH : 0);
    if (isStream) t.add('len', t.at);
    const bytes = plain(t.slice(from, t.end - from));
    const text = decodeUtf8(bytes, 0, bytes.length);
    t.put('msg', text, from, t.end - from);
    t.within('Unscrambled', bytes, () => t.dissect('json', 0));
    t.column('TPLINK-SMARTHOME/JSON');
    t.info(`${isStream ? 'TCP' : 'UDP'} ${isFromServer(t, [PORT]) ? 'Rsp' : 'Cmd'}: ${text}`);
  },
});
