/** Virtual Router Redundancy Protocol, versions 2 (RFC 3768) and 3 (RFC 5798). */

import { fold16, sum16 } from '../../base/checksum.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { version: 0, router: 1, priority: 2, count: 3, kind: 4, interval: 5, checksum: 6, addresses: 8 } as const;
const CARP = { first: 0x21, words: 7, length: 36 } as const;
const AUTHENTICATION = { text: 1, md5: 254 } as const;

export const vrrp = defineProtocol({
  name: 'vrrp',
  title: 'Virtual Router Redundancy Protocol',
  on: { 'ip.proto': [112] },
  header: AT.addresses,
  fields: {
    typever: { type: 'u8', label: 'VRRP message version and type' },
    version: { type: 'u8', bits: [7, 4], label: 'VRRP protocol version' },
    type: { type: 'u8', bits: [3, 0], label: 'VRRP packet type', names: { 1: 'Advertisement' } },
    virt_rtr_id: { type: 'u8', label: 'Virtual Rtr ID' },
    prio: {
      type: 'u8',
      label: 'Priority',
      names: {
        0: 'Current Master has stopped participating in VRRP',
        100: 'Default priority for a backup VRRP router',
        255: "This VRRP router owns the virtual router's IP address(es)",
      },
    },
    addr_count: { type: 'u8', label: 'Addr Count' },
    auth_type: {
      type: 'u8',
      label: 'Auth Type',
      names: {
        0: 'No Authentication',
        1: 'Simple Text Authentication [RFC 2338] / Reserved [RFC 3768]',
        2: 'IP Authentication Header [RFC 2338] / Reserved [RFC 3768]',
        254: 'Cisco VRRP MD5 authentication',
      },
    },
    adver_int: { type: 'u8', label: 'Adver Int' },
    reserved_mbz: { type: 'u8', bits: [7, 4], label: 'Reserved' },
    short_adver_int: { type: 'u16', bits: [11, 0], label: 'Adver Int', doc: 'In hundredths of a second.' },
    checksum: { type: 'u16', show: 'hex', label: 'Checksum' },
    'checksum.status': {
      type: 'u8',
      label: 'Checksum Status',
      names: { 0: 'Bad', 1: 'Good', 2: 'Unverified', 3: 'Not present', 4: 'Illegal' },
    },
    ip_addr: { type: 'ipv4', label: 'IP Address', many: true },
    ipv6_addr: { type: 'ipv6', label: 'IPv6 Address', many: true },
    auth_string: { type: 'string', label: 'Authentication String' },
    md5_auth_data: { type: 'bytes', label: 'MD5 Authentication Data' },
    'checksum_bad.expert': { type: 'none', label: 'Bad checksum' },
  },
  opens: ['carp'],
  tree(t) {
    if (isCarp(t)) {
      t.dissect('carp', t.at);
      return;
    }
    const version = t.u8(t.at) >>> 4;
    const type = t.u8(t.at) & 15;
    t.info(`${type === 1 ? 'Announcement' : `Unknown (${type})`} (v${version})`);
    // Not by offsets of the fields: the same header may be CARP's, and has none of them then.
    for (const field of ['typever', 'version', 'type']) t.add(field, t.at + AT.version);
    t.add('virt_rtr_id', t.at + AT.router);
    t.add('prio', t.at + AT.priority);
    t.add('addr_count', t.at + AT.count);
    if (version === 3) {
      t.add('reserved_mbz', t.at + AT.kind);
      t.add('short_adver_int', t.at + AT.kind);
    } else {
      t.add('auth_type', t.at + AT.kind);
      t.add('adver_int', t.at + AT.interval);
    }
    checksum(t, version);
    const isIpv6 = t.carrier?.source.length === 16;
    let at = t.at + AT.addresses;
    for (let left = t.u8(t.at + AT.count); left > 0; left--) at = t.add(isIpv6 ? 'ipv6_addr' : 'ip_addr', at);
    if (version >= 3) return;
    const kind = t.u8(t.at + AT.kind);
    if (kind === AUTHENTICATION.text && t.has(at, 8)) t.put('auth_string', t.string(at, 8, 'ascii', true), at, 8);
    else if (kind === AUTHENTICATION.md5 && t.end > at) t.add('md5_auth_data', at, t.end - at);
  },
});

/** CARP has the same IP protocol number; its authentication is seven words long, where VRRP counts addresses. */
function isCarp(t: TreeBuilder): boolean {
  return (
    t.has(t.at, CARP.length) &&
    t.u8(t.at) === CARP.first &&
    t.u8(t.at + 3) === CARP.words &&
    t.wireEnd - t.at === CARP.length
  );
}

function checksum(t: TreeBuilder, version: number): void {
  const at = t.at + AT.checksum;
  t.add('checksum', at);
  const { carrier } = t;
  const isWhole = t.end === t.wireEnd && carrier !== null;
  if (!isWhole) {
    t.generated('checksum.status', 2, at, 2);
    return;
  }
  let sum = sum16(t.bytes, t.at, t.end);
  if (version >= 3) {
    sum = sum16(carrier.source, 0, carrier.source.length, sum);
    sum = sum16(carrier.destination, 0, carrier.destination.length, sum);
    sum += 112 + t.end - t.at;
  }
  const isGood = fold16(sum) === 0xffff || (version >= 3 && fold16(sum16(t.bytes, t.at, t.end)) === 0xffff);
  t.generated('checksum.status', isGood ? 1 : 0, at, 2);
  if (!isGood) t.expert('error', 'Bad checksum', at, 2, 'checksum_bad.expert');
}
