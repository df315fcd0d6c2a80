/** TPKT (RFC 1006, RFC 2126): X.224 messages behind a length, and what RDP puts in their place (fast path, TLS). */

import { u16 } from '../../../base/bytes.ts';
import { defineProtocol, type Framing, MORE } from '../../protocol.ts';
import { setContent } from './content.ts';

const VERSION = 3;
const HEADER = 4;
/** Header, length indicator, type: nothing shorter is X.224. */
const SHORTEST = 7;
const TLS = { first: 20, last: 23, header: 5, max: 18_432 } as const;
const CONNECT = { request: 0xe0, confirm: 0xd0 } as const;

/** A TLS record: enhanced security (MS-RDPBCGR 5.4) begins after the negotiation. */
function isTls(bytes: Uint8Array, at: number): boolean {
  return bytes[at] >= TLS.first && bytes[at] <= TLS.last && bytes[at + 1] === 3 && bytes[at + 2] <= 4;
}

/** Units looked at to tell a segment of fast-path units from the middle of something else. */
const MAX_UNITS = 32;

/** Length of a fast-path unit (MS-RDPBCGR 2.2.8.1.2, 2.2.9.1.2) in a segment full of them; 0: these bytes are none. */
function fastPathLength(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  for (let units = 0; at < end && units < MAX_UNITS; units++) {
    if (end - at < 3 || (bytes[at] & 3) !== 0) return 0;
    const length = bytes[at + 1] < 0x80 ? bytes[at + 1] : u16(bytes, at + 1) & 0x7fff;
    if (length < 3 || length > end - at) return 0;
    at += length;
  }
  return bytes[from + 1] < 0x80 ? bytes[from + 1] : u16(bytes, from + 1) & 0x7fff;
}

/** What cannot be told apart is shown up to the end of its segment. */
function frame(f: Framing): number {
  const { bytes, at, end } = f;
  const have = end - at;
  if (bytes[at] === VERSION) {
    if (have < HEADER) return MORE;
    const length = u16(bytes, at + 2);
    return bytes[at + 1] === 0 && length >= SHORTEST ? length : have;
  }
  if (have >= TLS.header && isTls(bytes, at)) {
    const length = u16(bytes, at + 3);
    if (length <= TLS.max) return TLS.header + length;
  }
  return fastPathLength(bytes, at, end) || have;
}

export const tpkt = defineProtocol({
  name: 'tpkt',
  title: 'TPKT',
  on: { 'tcp.port': [102, 3389] },
  opens: ['cotp', 'rdp', 'tls'],
  fields: {
    version: { type: 'u8', label: 'Version', many: true },
    reserved: { type: 'u8', label: 'Reserved', many: true },
    length: { type: 'u16', label: 'Length', many: true },
    continuation_data: { type: 'bytes', label: 'Continuation data', many: true },
  },
  recogniseOn: ['tcp'],
  recognise(bytes, at, end) {
    const length = end - at;
    if (length < 11 || bytes[at] !== VERSION || bytes[at + 1] !== 0 || u16(bytes, at + 2) !== length) return false;
    const type = bytes[at + 5];
    return (type === CONNECT.request || type === CONNECT.confirm) && bytes[at + 4] === length - 5;
  },
  frame,
  tree(t) {
    const { at } = t;
    const length = t.has(at, HEADER) ? t.u16(at + 2) : 0;
    if (t.u8(at) === VERSION && t.has(at, 2) && t.u8(at + 1) === 0 && length >= SHORTEST) {
      t.label(`TPKT, Version: 3, Length: ${length}`);
      t.add('version', at);
      t.add('reserved', at + 1);
      t.add('length', at + 2);
      t.headerEnd(at + HEADER);
      t.info('');
      t.dissect('cotp', at + HEADER);
      return;
    }
    if (t.has(at, TLS.header) && isTls(t.bytes, at)) {
      t.headerEnd(at);
      t.dissect('tls', at);
      return;
    }
    if (t.u8(at) !== VERSION && fastPathLength(t.bytes, at, t.end) > 0) {
      t.headerEnd(at);
      setContent(t, { kind: 'fast', channel: 0 });
      t.dissect('rdp', at);
      return;
    }
    t.label('TPKT');
    t.info('Continuation');
    t.add('continuation_data', at, t.end - at);
  },
});
