/** UDP-Lite (RFC 3828): UDP whose length field says how much the checksum covers. */

import { u16 } from '../../base/bytes.ts';
import { fold16, sum16 } from '../../base/checksum.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { src: 0, dst: 2, coverage: 4, checksum: 6, payload: 8 } as const;
const IP_PROTOCOL = 136;

export const udpLite = defineProtocol({
  name: 'udplite',
  title: 'Lightweight User Datagram Protocol',
  short: 'UDP-Lite',
  on: { 'ip.proto': [IP_PROTOCOL] },
  header: AT.payload,
  fields: {
    srcport: { at: AT.src, type: 'u16', label: 'Source Port', also: ['port'] },
    dstport: { at: AT.dst, type: 'u16', label: 'Destination Port', also: ['port'] },
    port: { type: 'u16', label: 'Source or Destination Port', many: true },
    checksum_coverage: { at: AT.coverage, type: 'u16', label: 'Checksum coverage' },
    checksum: { at: AT.checksum, type: 'u16', show: 'hex', label: 'Checksum' },
    'checksum.status': {
      type: 'u8',
      label: 'Checksum Status',
      names: { 0: 'Bad', 1: 'Good', 2: 'Unverified', 3: 'Not present' },
    },
    'checksum_coverage.expert': { type: 'none', label: 'Bad checksum coverage value' },
  },
  scan(p) {
    const b = p.bytes;
    p.ports(IP_PROTOCOL, u16(b, p.at + AT.src), u16(b, p.at + AT.dst));
    p.enter(AT.payload);
    p.rest();
  },
  tree(t) {
    const { at } = t;
    const src = t.u16(at + AT.src);
    const dst = t.u16(at + AT.dst);
    const coverage = t.u16(at + AT.coverage);
    const length = t.wireEnd - at;
    t.ports = [src, dst];
    t.addLabel(`, Src Port: ${src}, Dst Port: ${dst}`);
    t.info(`${src} → ${dst} Len=${length - AT.payload}`);
    const end = t.header();
    if ((coverage !== 0 && coverage < AT.payload) || coverage > length)
      t.expert('error', `Bad checksum coverage ${coverage}`, at + AT.coverage, 2, 'checksum_coverage.expert');
    else t.generated('checksum.status', status(t, coverage === 0 ? length : coverage), at + AT.checksum, 2);
    t.headerEnd(end);
    t.payload(end);
  },
});

function status(t: TreeBuilder, covered: number): number {
  const { carrier } = t;
  if (carrier === null || t.at + covered > t.end) return 2;
  let sum = sum16(t.bytes, t.at, t.at + covered);
  sum = sum16(carrier.source, 0, carrier.source.length, sum);
  sum = sum16(carrier.destination, 0, carrier.destination.length, sum);
  sum += IP_PROTOCOL + t.wireEnd - t.at;
  return fold16(sum) === 0xffff ? 1 : 0;
}
