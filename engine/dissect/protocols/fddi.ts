/** FDDI (ISO 9314-2): frame control, two addresses, then LLC. Hot: scan() runs once per packet. */

import { formatMac } from '../../base/address.ts';
import { defineProtocol } from '../protocol.ts';

const AT = { control: 0, dst: 1, src: 7, payload: 13 } as const;
const LLC = { first: 0x50, last: 0x5f } as const;

/** What a frame is, by its class, length and format. */
function className(control: number): string {
  if (control >= LLC.first && control <= LLC.last) return control === LLC.first ? 'Async LLC' : `Async LLC`;
  if (control === 0x80 || control === 0x00) return control === 0 ? 'Void frame' : 'Token';
  if (control === 0xc0) return 'Restricted token';
  if (control >= 0x41 && control <= 0x4f) return 'SMT frame';
  if (control >= 0xc1 && control <= 0xcf) return 'MAC frame';
  if (control >= 0xd0 && control <= 0xd7) return 'Sync LLC';
  if (control >= 0x60 && control <= 0x6f) return 'Async implementor frame';
  if (control >= 0xe0 && control <= 0xe7) return 'Sync implementor frame';
  return `Unknown FDDI frame control (0x${control.toString(16)})`;
}

export const fddi = defineProtocol({
  name: 'fddi',
  title: 'Fiber Distributed Data Interface',
  on: { link: [10] },
  chooses: 'eth.length',
  header: AT.payload,
  fields: {
    fc: { at: AT.control, type: 'u8', show: 'hex', label: 'Frame Control' },
    'fc.clf': { at: AT.control, type: 'u8', bits: [7, 4], show: 'hex', label: 'Class/Length/Format' },
    'fc.prio': { type: 'u8', bits: [2, 0], label: 'Priority' },
    'fc.smt_subtype': { type: 'u8', bits: [3, 0], label: 'SMT Subtype' },
    'fc.mac_subtype': { type: 'u8', bits: [3, 0], label: 'MAC Subtype' },
    dst: { type: 'ether', label: 'Destination', also: ['addr'] },
    src: { type: 'ether', label: 'Source', also: ['addr'] },
    addr: { type: 'ether', label: 'Source or Destination Address', many: true },
  },
  scan(p) {
    const control = p.bytes[p.at];
    p.link(p.at + AT.src, p.at + AT.dst);
    p.enter(AT.payload);
    if (isLlc(control)) p.next(0);
    else p.rest();
  },
  tree(t) {
    const control = t.u8(t.at);
    const end = t.header();
    if (isLlc(control)) t.add('fc.prio', t.at);
    else if (control >= 0x41 && control <= 0x4f) t.add('fc.smt_subtype', t.at);
    else if (control >= 0xc1 && control <= 0xcf) t.add('fc.mac_subtype', t.at);
    t.add('dst', t.at + AT.dst);
    t.add('src', t.at + AT.src);
    t.info(className(control));
    t.addLabel(`, Src: ${formatMac(t.bytes, t.at + AT.src)}, Dst: ${formatMac(t.bytes, t.at + AT.dst)}`);
    t.headerEnd(end);
    t.upper(end);
  },
});

function isLlc(control: number): boolean {
  return (control >= LLC.first && control <= LLC.last) || (control >= 0xd0 && control <= 0xd7);
}
