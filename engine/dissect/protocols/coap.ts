/** CoAP (RFC 7252) over UDP: a short header, a token, options as differences, a payload. */

import { toHex } from '../../base/hex.ts';
import { defineProtocol } from '../protocol.ts';

const AT = { first: 0, code: 1, id: 2, token: 4 } as const;
const TYPES: Readonly<Record<number, string>> = {
  0: 'Confirmable',
  1: 'Non-Confirmable',
  2: 'Acknowledgement',
  3: 'Reset',
};
const SHORT: Readonly<Record<number, string>> = { 0: 'CON', 1: 'NON', 2: 'ACK', 3: 'RST' };
const CODES: Readonly<Record<number, string>> = {
  0: 'Empty Message',
  1: 'GET',
  2: 'POST',
  3: 'PUT',
  4: 'DELETE',
  5: 'FETCH',
  6: 'PATCH',
  7: 'iPATCH',
  65: '2.01 Created',
  66: '2.02 Deleted',
  67: '2.03 Valid',
  68: '2.04 Changed',
  69: '2.05 Content',
  95: '2.31 Continue',
  128: '4.00 Bad Request',
  129: '4.01 Unauthorized',
  130: '4.02 Bad Option',
  131: '4.03 Forbidden',
  132: '4.04 Not Found',
  133: '4.05 Method Not Allowed',
  134: '4.06 Not Acceptable',
  136: '4.08 Request Entity Incomplete',
  137: '4.09 Conflict',
  140: '4.12 Precondition Failed',
  141: '4.13 Request Entity Too Large',
  143: '4.15 Unsupported Content-Format',
  150: '4.22 Unprocessable Entity',
  157: '4.29 Too Many Requests',
  160: '5.00 Internal Server Error',
  161: '5.01 Not Implemented',
  162: '5.02 Bad Gateway',
  163: '5.03 Service Unavailable',
  164: '5.04 Gateway Timeout',
  165: '5.05 Proxying Not Supported',
  168: '5.08 Hop Limit Reached',
  225: '7.01 CSM',
  226: '7.02 Ping',
  227: '7.03 Pong',
  228: '7.04 Release',
  229: '7.05 Abort',
};
const OPTIONS: Readonly<Record<number, string>> = {
  1: 'If-Match',
  3: 'Uri-Host',
  4: 'Etag',
  5: 'If-None-Match',
  6: 'Observe',
  7: 'Uri-Port',
  8: 'Location-Path',
  9: 'Object-Security',
  11: 'Uri-Path',
  12: 'Content-Format',
  14: 'Max-age',
  15: 'Uri-Query',
  17: 'Accept',
  20: 'Location-Query',
  23: 'Block2',
  27: 'Block1',
  28: 'Size2',
  35: 'Proxy-Uri',
  39: 'Proxy-Scheme',
  60: 'Size1',
};
const OPTION = { path: 11, query: 15 } as const;
const TEXTS: Readonly<Record<number, string>> = {
  3: 'opt.uri_host',
  8: 'opt.location_path',
  11: 'opt.uri_path',
  15: 'opt.uri_query',
  20: 'opt.location_query',
};
const PAYLOAD = 0xff;
const MAX_TOKEN = 8;

export const coap = defineProtocol({
  name: 'coap',
  title: 'Constrained Application Protocol',
  short: 'CoAP',
  on: { 'udp.port': [5683] },
  header: AT.token,
  opens: ['data'],
  fields: {
    version: { type: 'u8', bits: [7, 6], label: 'Version', at: 0 },
    type: { type: 'u8', bits: [5, 4], label: 'Type', at: 0, names: TYPES },
    token_len: { type: 'u8', bits: [3, 0], label: 'Token Length', at: 0 },
    code: { type: 'u8', label: 'Code', at: AT.code, names: CODES },
    mid: { type: 'u16', label: 'Message ID', at: AT.id },
    token: { type: 'bytes', label: 'Token' },
    'opt.name': { type: 'string', label: 'Opt Name', many: true },
    'opt.uri_host': { type: 'string', label: 'Uri-Host' },
    'opt.uri_path': { type: 'string', label: 'Uri-Path', many: true },
    'opt.uri_query': { type: 'string', label: 'Uri-Query', many: true },
    'opt.location_path': { type: 'string', label: 'Location-Path', many: true },
    'opt.location_query': { type: 'string', label: 'Location-Query', many: true },
    payload: { type: 'string', label: 'Payload' },
  },
  tree(t) {
    const first = t.u8(t.at);
    const code = t.u8(t.at + AT.code);
    const tokenLength = first & 0xf;
    t.header();
    t.info(`${SHORT[(first >>> 4) & 3]}, MID:${t.u16(t.at + AT.id)}, ${CODES[code] ?? `Unknown (${code})`}`);
    if (tokenLength > MAX_TOKEN) t.fail();
    let at = t.at + AT.token;
    if (tokenLength > 0) {
      t.add('token', at, tokenLength);
      t.addInfo(`, TKN:${toHex(t.slice(at, tokenLength), ' ')}`);
      at += tokenLength;
    }
    let number = 0;
    let path = '';
    let query = '';
    while (at < t.end && t.u8(at) !== PAYLOAD) {
      const start = at;
      const byte = t.u8(at++);
      const extended = (nibble: number): number => {
        if (nibble < 13) return nibble;
        if (nibble === 13) return 13 + t.u8(at++);
        if (nibble === 15) t.fail();
        at += 2;
        return 269 + t.u16(at - 2);
      };
      number += extended(byte >>> 4);
      const length = extended(byte & 0xf);
      const name = OPTIONS[number] ?? `Unknown Option (${number})`;
      t.need(at, length);
      t.nest(t.put('opt.name', name, start, at + length - start));
      const key = TEXTS[number];
      if (key !== undefined) {
        t.add(key, at, length);
        const text = t.string(at, length);
        if (number === OPTION.path) path += `/${text}`;
        else if (number === OPTION.query) query += `${query === '' ? '?' : '&'}${text}`;
      }
      t.close();
      at += length;
    }
    if (path !== '' || query !== '') t.addInfo(`, ${path}${query}`);
    if (at + 1 < t.end) t.add('payload', at + 1, t.end - at - 1);
  },
});
