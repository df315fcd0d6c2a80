/** Authentication in PPP: CHAP (RFC 1994) and PAP (RFC 1334). */

import { toHex } from '../../../base/hex.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const AT = { code: 0, id: 1, length: 2, body: 4 } as const;
const CHAP_CODES: Readonly<Record<number, string>> = { 1: 'Challenge', 2: 'Response', 3: 'Success', 4: 'Failure' };
const PAP_CODES: Readonly<Record<number, string>> = {
  1: 'Authenticate-Request',
  2: 'Authenticate-Ack',
  3: 'Authenticate-Nak',
};

export const chap = defineProtocol({
  name: 'chap',
  title: 'PPP Challenge Handshake Authentication Protocol',
  short: 'PPP CHAP',
  on: { 'ppp.protocol': [0xc223], ethertype: [0xc223] },
  header: AT.body,
  fields: {
    code: { at: AT.code, type: 'u8', label: 'Code', names: CHAP_CODES },
    identifier: { at: AT.id, type: 'u8', label: 'Identifier' },
    length: { at: AT.length, type: 'u16', label: 'Length' },
    data: { type: 'none', label: 'Data' },
    value_size: { type: 'u8', label: 'Value Size' },
    value: { type: 'bytes', label: 'Value' },
    name: { type: 'string', label: 'Name' },
    message: { type: 'string', label: 'Message' },
    stuff: { type: 'bytes', label: 'Stuff' },
  },
  tree(t) {
    const code = t.u8(t.at);
    t.info(CHAP_CODES[code] ?? 'Unknown');
    const body = start(t);
    if (body >= t.end) return;
    if (code === 1 || code === 2) {
      const size = t.u8(body);
      t.nest(t.put('data', new Uint8Array(0), body, t.end - body));
      t.add('value_size', body);
      const value = t.slice(body + 1, size);
      if (size > 0) t.add('value', body + 1, size);
      const nameAt = body + 1 + size;
      const name = t.string(nameAt, t.end - nameAt);
      t.put('name', t.string(nameAt, t.end - nameAt, 'utf8', true), nameAt, t.end - nameAt);
      t.close();
      t.addInfo(` (NAME='${name}', VALUE=0x${toHex(value)})`);
    } else if (code === 3 || code === 4) {
      const message = t.string(body, t.end - body);
      t.add('message', body, t.end - body);
      t.addInfo(` (MESSAGE='${message}')`);
    } else t.add('stuff', body, t.end - body);
  },
});

export const pap = defineProtocol({
  name: 'pap',
  title: 'PPP Password Authentication Protocol',
  short: 'PPP PAP',
  on: { 'ppp.protocol': [0xc023], ethertype: [0xc023] },
  header: AT.body,
  fields: {
    code: { at: AT.code, type: 'u8', label: 'Code', names: PAP_CODES },
    identifier: { at: AT.id, type: 'u8', label: 'Identifier' },
    length: { at: AT.length, type: 'u16', label: 'Length' },
    data: { type: 'none', label: 'Data' },
    'peer_id.length': { type: 'u8', label: 'Peer-ID-Length' },
    peer_id: { type: 'string', label: 'Peer-ID' },
    'password.length': { type: 'u8', label: 'Password-Length' },
    password: { type: 'string', label: 'Password' },
    'message.length': { type: 'u8', label: 'Message-Length' },
    message: { type: 'string', label: 'Message' },
    stuff: { type: 'bytes', label: 'stuff' },
  },
  tree(t) {
    const code = t.u8(t.at);
    t.info(PAP_CODES[code] ?? 'Unknown');
    const body = start(t);
    if (body >= t.end) return;
    if (code < 1 || code > 3) {
      t.add('stuff', body, t.end - body);
      return;
    }
    t.nest(t.put('data', new Uint8Array(0), body, t.end - body));
    if (code === 1) {
      const id = counted(t, 'peer_id', body);
      const password = counted(t, 'password', body + 1 + t.u8(body));
      t.addInfo(` (Peer-ID='${id}', Password='${password}')`);
    } else t.addInfo(` (Message='${counted(t, 'message', body)}')`);
    t.close();
  },
});

function start(t: TreeBuilder): number {
  const length = t.u16(t.at + AT.length);
  const body = t.header();
  if (length >= AT.body) t.limit(t.at + length);
  return body;
}

/** A length byte and so many bytes of text. */
function counted(t: TreeBuilder, key: string, at: number): string {
  const length = t.u8(at);
  t.add(`${key}.length`, at);
  const text = t.string(at + 1, length);
  t.add(key, at + 1, length);
  return text;
}
