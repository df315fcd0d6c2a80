/** Git's own transport (protocol-common, pack-protocol) and CVS's pserver. */

import { decodeLatin1 } from '../../../base/text.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import { lineAt } from '../../text-lines.ts';

const PORT = { git: 9418, cvs: 2401 } as const;
const LENGTH = 4;
const HEX = /^[0-9a-f]{4}$/i;
/** A length below four is a mark of its own. */
const MARKS: Readonly<Record<number, string>> = { 0: 'Flush', 1: 'Delimiter', 2: 'Response End' };
const CHANNELS: Readonly<Record<number, string>> = { 1: 'Packfile data', 2: 'Progress', 3: 'Error' };
const VERSION = 'version ';

function lengthAt(bytes: Uint8Array, at: number): number {
  const text = decodeLatin1(bytes, at, at + LENGTH);
  return HEX.test(text) ? Number.parseInt(text, 16) : -1;
}

function frame(f: Framing): number {
  if (f.end - f.at < LENGTH) return MORE;
  const length = lengthAt(f.bytes, f.at);
  if (length < 0 || length === 3) return NOT_MINE;
  return Math.max(length, LENGTH);
}

export const git = defineProtocol({
  name: 'git',
  title: 'Git Smart Protocol',
  short: 'Git',
  on: { 'tcp.port': [PORT.git] },
  fields: {
    packet_type: { type: 'u8', label: 'Git Packet Type', names: MARKS },
    length: { type: 'u16', show: 'hex', label: 'Packet length' },
    version: { type: 'u8', label: 'Git Protocol Version', doc: 'The digit, as a character.' },
    sideband_control_code: { type: 'u8', show: 'hex', label: 'Sideband control code', names: CHANNELS },
    data: { type: 'bytes', label: 'Packet data' },
  },
  frame,
  tree(t) {
    t.info(t.fencedInfo === '' ? 'Git Smart Protocol' : '');
    const length = t.has(t.at, LENGTH) ? lengthAt(t.bytes, t.at) : -1;
    if (length < 0) {
      t.text('Data', t.at, t.end - t.at);
      return;
    }
    if (MARKS[length] !== undefined) {
      t.put('packet_type', length, t.at, LENGTH, `Git Packet Type: ${MARKS[length]}`);
      return;
    }
    t.put('length', length, t.at, LENGTH);
    let at = t.at + LENGTH;
    const end = t.at + length;
    t.need(at, end - at);
    if (end - at > VERSION.length && decodeLatin1(t.bytes, at, at + VERSION.length) === VERSION) {
      const version = t.u8(at + VERSION.length);
      t.put(
        'version',
        version,
        at + VERSION.length,
        1,
        `Git Protocol Version: Git protocol version ${String.fromCharCode(version)}`,
      );
    } else if (at < end && CHANNELS[t.u8(at)] !== undefined) t.add('sideband_control_code', at++);
    if (at < end) t.add('data', at, end - at);
  },
});

export const cvspserver = defineProtocol({
  name: 'cvspserver',
  title: 'CVS pserver',
  on: { 'tcp.port': [PORT.cvs] },
  fields: { data: { type: 'string', label: 'Data', many: true } },
  tree(t) {
    const isRequest = t.ports[1] === PORT.cvs;
    t.label(`CVS pserver ${isRequest ? 'Request' : 'Response'}`);
    let lines = 0;
    for (let { at } = t; at < t.end; lines++) {
      const { stop, next } = lineAt(t.bytes, at, t.end);
      t.add('data', at, stop - at);
      at = next;
    }
    t.info(isRequest ? `Request lines : ${lines}` : `Response lines: ${lines}`);
  },
});
