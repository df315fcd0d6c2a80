/** Token Ring (IEEE 802.5): access and frame control, addresses, an optional source route, then LLC or a MAC frame. */

import { formatMac } from '../../base/address.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { access: 0, control: 1, dst: 2, src: 8, payload: 14 } as const;
const SOURCE_ROUTED = 0x80;
const MAX_RIF = 30;

export const tokenRing = defineProtocol({
  name: 'tr',
  title: 'Token-Ring',
  short: 'TR',
  on: { link: [6] },
  chooses: 'eth.length',
  header: AT.payload,
  fields: {
    ac: { at: AT.access, type: 'u8', show: 'hex', label: 'Access Control' },
    priority: { type: 'u8', bits: [7, 5], label: 'Priority' },
    frame: { type: 'bool', of: 'u8', bits: [4, 4], label: 'Frame', flag: ['Frame', 'Token'] },
    monitor_cnt: { type: 'u8', bits: [3, 3], label: 'Monitor Count' },
    priority_reservation: { type: 'u8', bits: [2, 0], label: 'Priority Reservation' },
    fc: { type: 'u8', show: 'hex', label: 'Frame Control' },
    frame_type: {
      type: 'u8',
      bits: [7, 6],
      label: 'Frame Type',
      names: { 0: 'MAC', 1: 'LLC', 2: 'Reserved', 3: 'Unknown' },
    },
    frame_pcf: { type: 'u8', bits: [3, 0], label: 'Frame PCF' },
    dst: { type: 'ether', label: 'Destination', also: ['addr'] },
    src: { type: 'ether', label: 'Source', also: ['addr'] },
    addr: { type: 'ether', label: 'Source or Destination Address', many: true },
    sr: { type: 'bool', label: 'Source Routed', flag: ['True', 'False'] },
    rif_bytes: { type: 'u8', label: 'RIF Bytes' },
    broadcast: { type: 'u8', label: 'Broadcast Type' },
    max_frame_size: { type: 'u8', label: 'Maximum Frame Size' },
    direction: { type: 'u8', label: 'Direction' },
    rif: { type: 'string', label: 'Ring-Bridge Pairs' },
    'rif.ring': { type: 'u16', show: 'hex', label: 'RIF Ring', many: true },
    'rif.bridge': { type: 'u8', show: 'hex', label: 'RIF Bridge', many: true },
  },
  scan(p) {
    const rif = routeLength(p.bytes, p.at, p.end);
    p.link(p.at + AT.src, p.at + AT.dst);
    const type = p.bytes[p.at + AT.control] >>> 6;
    if (!p.has(AT.payload + rif)) return;
    p.enter(AT.payload + rif);
    if (type === 1) p.next(0);
    else p.rest();
  },
  tree(t) {
    const rif = routeLength(t.bytes, t.at, t.end);
    const type = t.u8(t.at + AT.control) >>> 6;
    t.header();
    t.nest(t.last());
    for (const bit of ['priority', 'frame', 'monitor_cnt', 'priority_reservation']) t.add(bit, t.at);
    t.close();
    t.add('fc', t.at + AT.control);
    t.nest(t.last());
    for (const bit of ['frame_type', 'frame_pcf']) t.add(bit, t.at + AT.control);
    t.close();
    t.add('dst', t.at + AT.dst);
    const source = t.slice(t.at + AT.src, 6);
    const isRouted = (source[0] & SOURCE_ROUTED) !== 0;
    source[0] &= 0x7f;
    t.put('src', source, t.at + AT.src, 6);
    t.generated('sr', isRouted ? 1 : 0, t.at + AT.src, 1);
    t.info(`Token-Ring ${['MAC', 'LLC', 'Reserved', 'Unknown'][type]}`);
    t.addLabel(`, Src: ${formatMac(source, 0)}, Dst: ${formatMac(t.bytes, t.at + AT.dst)}`);
    const end = t.at + AT.payload + rif;
    if (rif > 0) route(t, t.at + AT.payload, rif);
    t.headerEnd(end);
    t.upper(end);
  },
});

/** Hot: bytes of the source route, which a bit of the source address announces. */
function routeLength(b: Uint8Array, at: number, end: number): number {
  if ((b[at + AT.src] & SOURCE_ROUTED) === 0 || at + AT.payload >= end) return 0;
  const length = b[at + AT.payload] & 31;
  return length <= MAX_RIF ? length & ~1 : 0;
}

function route(t: TreeBuilder, at: number, length: number): void {
  t.put('rif_bytes', length, at, 1);
  t.put('broadcast', t.u8(at) & 0xe0, at, 1);
  t.put('max_frame_size', (t.u8(at + 1) & 0x70) >>> 4, at + 1, 1);
  t.put('direction', t.u8(at + 1) & 0x80, at + 1, 1);
  let text = '';
  for (let one = at + 2; one + 2 <= at + length; one += 2) {
    const ring = t.u16(one) >>> 4;
    const bridge = t.u16(one) & 15;
    const isLast = one + 4 > at + length;
    t.hide('rif.ring', ring, one, 2);
    if (!isLast) t.hide('rif.bridge', bridge, one + 1, 1);
    text += ring.toString(16).toUpperCase().padStart(3, '0') + (isLast ? '' : `-${bridge.toString(16).toUpperCase()}-`);
  }
  t.put('rif', text, at + 2, length - 2);
}
