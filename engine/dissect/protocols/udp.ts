/** UDP (RFC 768): eight fixed bytes, then whatever the ports say. Hot: scan() runs once per packet. */

import { u16, u24 } from '../../base/bytes.ts';
import { isPseudoSum, isRightSum } from '../offload.ts';
import { defineProtocol } from '../protocol.ts';
import { TRANSPORT } from '../scratch.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { src: 0, dst: 2, length: 4, checksum: 6, payload: 8 } as const;

/** Mirrors send VXLAN (RFC 7348) to any port: told by its header, and by an IP packet or ARP in the frame behind it. */
const VXLAN = { port: 4789, flags: 0x08, header: 8, ethertype: 20, inner: 22 } as const;

function looksLikeVxlan(b: Uint8Array, at: number, end: number): boolean {
  if (end - at <= VXLAN.inner || u24(b, at + 1) !== 0 || b[at + VXLAN.header - 1] !== 0) return false;
  const first = b[at + VXLAN.inner];
  switch (u16(b, at + VXLAN.ethertype)) {
    case 0x0800:
      return first >= 0x45 && first <= 0x4f;
    case 0x86dd:
      return first >>> 4 === 6;
    case 0x0806:
      return first === 0;
    default:
      return false;
  }
}

export const udp = defineProtocol({
  name: 'udp',
  title: 'User Datagram Protocol',
  on: { 'ip.proto': [17] },
  chooses: 'udp.port',
  header: AT.payload,
  fields: {
    srcport: { at: AT.src, type: 'u16', label: 'Source Port', also: ['port'] },
    dstport: { at: AT.dst, type: 'u16', label: 'Destination Port', also: ['port'] },
    port: { type: 'u16', label: 'Source or Destination Port', many: true },
    length: { at: AT.length, type: 'u16', label: 'Length', doc: 'Header and payload together, in bytes.' },
    checksum: { at: AT.checksum, type: 'u16', label: 'Checksum', show: 'hex' },
    'checksum.status': {
      type: 'u8',
      label: 'Checksum Status',
      names: { 0: 'Bad', 1: 'Good', 2: 'Unverified', 3: 'Not present' },
    },
    stream: { type: 'u32', label: 'Stream index' },
    time_relative: { type: 'duration', label: 'Time since first frame' },
    time_delta: { type: 'duration', label: 'Time since previous frame' },
    payload: { type: 'bytes', label: 'Payload' },
    'offload.checksum': {
      type: 'none',
      label: 'Checksum not filled in: the network card does that (offload)',
      abbrev: 'nagare.offload.checksum',
    },
    'length.bad': { type: 'none', label: 'Bad length value' },
  },
  scan(p) {
    const b = p.bytes;
    const src = u16(b, p.at + AT.src);
    const dst = u16(b, p.at + AT.dst);
    p.ports(TRANSPORT.udp, src, dst);
    const length = u16(b, p.at + AT.length) || p.wireEnd - p.at; // 0: a jumbogram (RFC 2675)
    if (length < AT.payload) return p.malformed('length');
    p.enterTransport(TRANSPORT.udp, AT.payload, length);
    p.next(dst, src);
    if (!p.hasNext && b[p.at] === VXLAN.flags && looksLikeVxlan(b, p.at, p.end)) p.next(VXLAN.port);
  },
  tree(t) {
    const end = t.header();
    const src = t.u16(t.at + AT.src);
    const dst = t.u16(t.at + AT.dst);
    const length = t.u16(t.at + AT.length);
    t.ports = [src, dst];
    t.addLabel(`, Src Port: ${src}, Dst Port: ${dst}`);
    t.generated('checksum.status', t.u16(t.at + AT.checksum) === 0 ? 3 : 2, t.at + AT.checksum, 2);
    if (isLeftToCard(t, length || t.wireEnd - t.at)) t.generated('offload.checksum', new Uint8Array(0));
    const stream = t.stream('udp');
    if (stream >= 0) t.generated('stream', stream);
    if (stream >= 0 && stream === t.packet.streams.udp.at(-1)) times(t);
    t.headerEnd(end);
    t.info(`${src} → ${dst} Len=${Math.max(0, (length || t.wireEnd - t.at) - AT.payload)}`);
    if (length !== 0 && length < AT.payload) {
      t.info(`BAD UDP LENGTH ${length} < 8`);
      t.expert('error', `Bad length value ${length} < 8`, t.at + AT.length, 2, 'length.bad');
      return;
    }
    if (length !== 0) {
      if (t.at + length > t.wireEnd)
        t.expert('error', `Bad length value ${length} > IP payload length`, t.at + AT.length, 2, 'length.bad');
      t.limit(t.at + length);
    }
    if (t.end > end) t.add('payload', end, t.end - end);
    t.upper(end);
  },
});

/** Of the innermost datagram; those around it belong to streams of their own. */
function times(t: TreeBuilder): void {
  const { datagramTimes } = t.packet;
  if (datagramTimes === undefined || datagramTimes === null) return;
  t.nest(t.text('Timestamps', t.at, 0)).generated = true;
  t.generated('time_relative', datagramTimes.relative);
  t.generated('time_delta', datagramTimes.delta);
  t.close();
}

const PROTOCOL = 17;

/** Was the checksum left to the network card? 0 says that there is none. */
function isLeftToCard(t: TreeBuilder, length: number): boolean {
  const { carrier } = t;
  const given = t.u16(t.at + AT.checksum);
  if (carrier === null || given === 0 || !isPseudoSum(carrier, PROTOCOL, length, given)) return false;
  return !(t.has(t.at, length) && isRightSum(carrier, PROTOCOL, t.bytes, t.at, t.at + length));
}
