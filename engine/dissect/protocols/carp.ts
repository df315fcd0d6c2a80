/** The Common Address Redundancy Protocol of BSD: VRRP's IP protocol number, another header. */

import { fold16, sum16 } from '../../base/checksum.ts';
import { defineProtocol } from '../protocol.ts';

const AT = {
  version: 0,
  vhid: 1,
  skew: 2,
  authentication: 3,
  demotion: 4,
  interval: 5,
  checksum: 6,
  counter: 8,
  hmac: 16,
  end: 36,
} as const;

export const carp = defineProtocol({
  name: 'carp',
  title: 'Common Address Redundancy Protocol',
  header: AT.end,
  fields: {
    typever: { at: AT.version, type: 'u8', label: 'CARP message version and type' },
    version: { at: AT.version, type: 'u8', bits: [7, 4], label: 'CARP protocol version' },
    type: { at: AT.version, type: 'u8', bits: [3, 0], label: 'CARP packet type', names: { 1: 'Advertisement' } },
    vhid: { at: AT.vhid, type: 'u8', label: 'Virtual Host ID' },
    advskew: { at: AT.skew, type: 'u8', label: 'Advertisement Skew' },
    authlen: { at: AT.authentication, type: 'u8', label: 'Auth Len' },
    demotion: { at: AT.demotion, type: 'u8', label: 'Demotion indicator' },
    adver_int: { at: AT.interval, type: 'u8', label: 'Adver Int' },
    checksum: { at: AT.checksum, type: 'u16', show: 'hex', label: 'Checksum' },
    'checksum.status': { type: 'u8', label: 'Checksum Status', names: { 0: 'Bad', 1: 'Good', 2: 'Unverified' } },
    counter: { at: AT.counter, type: 'u64', label: 'Counter' },
    hmac: { at: AT.hmac, type: 'bytes', length: 20, label: 'HMAC' },
  },
  tree(t) {
    const { at } = t;
    t.info((t.u8(at) & 15) === 1 ? 'Announcement' : `Unknown (${t.u8(at) & 15})`);
    t.addInfo(` (v${t.u8(at) >>> 4})`);
    t.header();
    const isWhole = t.end === t.wireEnd;
    const isGood = fold16(sum16(t.bytes, at, t.end)) === 0xffff;
    t.generated('checksum.status', isWhole ? (isGood ? 1 : 0) : 2, at + AT.checksum, 2);
  },
});
