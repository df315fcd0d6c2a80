/** IPv6 fragment header (RFC 8200 4.5). The flow pass joins fragments; it finds this header in the 8 bytes before the payload. */

import { u16 } from '../../../base/bytes.ts';
import { FLAG } from '../../../table/flags.ts';
import { ipProtocolNames, unknownIpProtocolText } from '../../names/ip-protocols.ts';
import { defineProtocol } from '../../protocol.ts';

const AT = { next: 0, reserved: 1, offset: 2, id: 4, payload: 8 } as const;
const MORE = 1;
const OFFSET_MASK = 0xfff8;

export const ipv6Fragment = defineProtocol({
  name: 'ipv6.fraghdr',
  title: 'Fragment Header for IPv6',
  short: '',
  on: { 'ip.proto': [44] },
  chooses: 'ip.proto',
  header: AT.payload,
  fields: {
    nxt: { at: AT.next, type: 'u8', label: 'Next header', names: ipProtocolNames },
    reserved_octet: { at: AT.reserved, type: 'u8', show: 'hex', label: 'Reserved octet' },
    offset: { at: AT.offset, type: 'u16', bits: [15, 3], label: 'Offset' },
    reserved_bits: { at: AT.offset, type: 'u16', bits: [2, 1], label: 'Reserved bits' },
    more: { at: AT.offset, type: 'bool', of: 'u16', bits: [0, 0], label: 'More Fragments', flag: ['Yes', 'No'] },
    ident: { at: AT.id, type: 'u32', show: 'hex', label: 'Identification' },
    fragments: { type: 'none', label: 'IPv6 Fragments', abbrev: 'ipv6.fragments' },
    fragment: { type: 'frame', label: 'IPv6 Fragment', abbrev: 'ipv6.fragment', many: true },
    'fragment.count': { type: 'u32', label: 'Fragment count', abbrev: 'ipv6.fragment.count' },
    'reassembled.length': { type: 'u32', label: 'Reassembled IPv6 length', abbrev: 'ipv6.reassembled.length' },
    'reassembled.data': { type: 'bytes', label: 'Reassembled IPv6 data', abbrev: 'ipv6.reassembled.data' },
    'reassembled.in': { type: 'frame', label: 'Reassembled IPv6 in frame', abbrev: 'ipv6.reassembled.in' },
  },
  scan(p) {
    const next = p.bytes[p.at + AT.next];
    const isPiece = (u16(p.bytes, p.at + AT.offset) & (OFFSET_MASK | MORE)) !== 0;
    p.enter(AT.payload);
    if (isPiece) {
      p.mark(FLAG.fragment);
      p.portless(next);
      p.rest();
      return;
    }
    p.next(next);
    if (!p.hasNext) p.portless(next);
  },
  tree(t) {
    const end = t.header();
    t.headerEnd(end);
    const next = t.u8(t.at + AT.next);
    const place = t.u16(t.at + AT.offset);
    const offset = place & OFFSET_MASK;
    const isLast = (place & MORE) === 0;
    const isPiece = offset > 0 || !isLast;
    const { datagram, reassembledIn } = t.packet;
    t.info(unknownIpProtocolText(next));
    if (!isPiece) {
      t.upper(end);
      return;
    }
    if (datagram !== null) {
      t.generated('fragments', new Uint8Array(0), end);
      t.last().text = `${datagram.frames.length} IPv6 Fragments (${datagram.bytes.length} bytes)`;
      t.nest(t.last());
      for (const frame of datagram.frames) t.generated('fragment', frame, end);
      t.generated('fragment.count', datagram.frames.length, end);
      t.generated('reassembled.length', datagram.bytes.length, end);
      t.generated('reassembled.data', datagram.bytes, end);
      t.close();
      t.within('Reassembled IPv6', datagram.bytes, () => t.walkBy('ip.proto', next, 0));
      return;
    }
    if (reassembledIn > 0) t.generated('reassembled.in', reassembledIn, end);
    const id = t
      .u32(t.at + AT.id)
      .toString(16)
      .padStart(8, '0');
    t.info(
      `IPv6 fragment (off=${offset} more=${isLast ? 'n' : 'y'} ident=0x${id} nxt=${next})${reassembledIn > 0 ? ` [Reassembled in #${reassembledIn}]` : ''}`,
    );
    t.payload(end);
  },
});
