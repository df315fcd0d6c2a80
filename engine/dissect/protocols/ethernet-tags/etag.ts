/** E-TAG of IEEE 802.1BR 7.5: which port of a bridge's extender a frame goes through. */

import { u16 } from '../../../base/bytes.ts';
import { ethertypeNames } from '../../names/ethertypes.ts';
import { defineProtocol } from '../../protocol.ts';

const AT = { control: 0, id: 2, sourceExtension: 4, extension: 5, type: 6, payload: 8 } as const;

export const etag = defineProtocol({
  name: 'etag',
  title: '802.1BR E-Tag',
  short: '802.1BR E-Tag',
  on: { ethertype: [0x893f] },
  chooses: 'ethertype',
  header: AT.payload,
  fields: {
    pcp: { at: AT.control, type: 'u16', bits: [15, 13], label: 'E-PCP' },
    dei: { at: AT.control, type: 'u16', bits: [12, 12], label: 'E-DEI' },
    iecid_base: { at: AT.control, type: 'u16', bits: [11, 0], show: 'hex', label: 'Ingress_E-CID_base' },
    resv: { at: AT.id, type: 'u16', bits: [15, 14], label: 'Reserved' },
    group: { at: AT.id, type: 'u16', bits: [13, 12], label: 'GRP' },
    ecid_base: { at: AT.id, type: 'u16', bits: [11, 0], show: 'hex', label: 'E-CID_base' },
    iecid_ext: { at: AT.sourceExtension, type: 'u8', show: 'hex', label: 'Ingress_E-CID_ext' },
    ecid_ext: { at: AT.extension, type: 'u8', show: 'hex', label: 'E-CID_ext' },
    etype: { at: AT.type, type: 'u16', show: 'hex', label: 'Type', names: ethertypeNames },
  },
  scan(p) {
    const type = u16(p.bytes, p.at + AT.type);
    p.enter(AT.payload);
    p.next(type);
  },
  tree(t) {
    const end = t.header();
    t.info(`E-CID: 0x${(t.u16(t.at + AT.id) & 0xfff).toString(16).padStart(4, '0')}`);
    t.headerEnd(end);
    t.upper(end);
  },
});
