/** IPv6 (RFC 8200; jumbograms RFC 2675; address forms RFC 4291, RFC 3056, RFC 4380, RFC 5214, RFC 6052). Hot: scan() runs once per packet. */

import { formatIpv6 } from '../../../base/address.ts';
import { u16, u32 } from '../../../base/bytes.ts';
import { platformOfIpv6 } from '../../../base/platform-addresses.ts';
import { dscpNames, ecnNames } from '../../names/dscp.ts';
import { ipProtocolNames, unknownIpProtocolText } from '../../names/ip-protocols.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const AT = { version: 0, flow: 1, length: 4, next: 6, hopLimit: 7, src: 8, dst: 24, payload: 40 } as const;
const NEXT = { hopByHop: 0, none: 59 } as const;
const OPTION = { pad1: 0, jumbo: 0xc2 } as const;

export const ipv6 = defineProtocol({
  name: 'ipv6',
  title: 'Internet Protocol Version 6',
  short: 'IPv6',
  on: {
    ethertype: [0x86dd],
    'ip.proto': [41],
    'ppp.protocol': [0x0057],
    'null.family': [24, 28, 30],
    'fr.nlpid': [0x8e],
    link: [229],
    'gre.proto': [0x86dd],
    'geneve.type': [0x86dd],
    'mpls.payload': [6],
  },
  chooses: 'ip.proto',
  header: AT.payload,
  fields: {
    version: { at: AT.version, type: 'u8', bits: [7, 4], label: 'Version', also: ['ip_version'] },
    ip_version: { abbrev: 'ip.version', type: 'u8', label: 'Version' },
    tclass: { from: AT.version, type: 'u32', bits: [27, 20], show: 'hex', label: 'Traffic Class' },
    'tclass.dscp': {
      from: AT.version,
      type: 'u32',
      bits: [27, 22],
      label: 'Differentiated Services Codepoint',
      names: dscpNames,
    },
    'tclass.ecn': {
      from: AT.version,
      type: 'u32',
      bits: [21, 20],
      label: 'Explicit Congestion Notification',
      names: ecnNames,
    },
    flow: { from: AT.flow, type: 'u24', bits: [19, 0], show: 'hex', label: 'Flow Label' },
    plen: { from: AT.length, type: 'u16', label: 'Payload Length' },
    nxt: { from: AT.next, type: 'u8', label: 'Next Header', names: ipProtocolNames },
    hlim: { from: AT.hopLimit, type: 'u8', label: 'Hop Limit' },
    src: { type: 'ipv6', label: 'Source Address', also: ['addr', 'src_host', 'host'] },
    dst: { type: 'ipv6', label: 'Destination Address', also: ['addr', 'dst_host', 'host'] },
    addr: { type: 'ipv6', label: 'Source or Destination Address', many: true },
    platform: { type: 'string', label: 'Platform service', abbrev: 'nagare.platform', many: true },
    src_host: { type: 'string', label: 'Source Host' },
    dst_host: { type: 'string', label: 'Destination Host' },
    host: { type: 'string', label: 'Source or Destination Host', many: true },
    src_slaac_mac: { type: 'ether', label: 'Source SLAAC MAC', also: ['slaac_mac'] },
    dst_slaac_mac: { type: 'ether', label: 'Destination SLAAC MAC', also: ['slaac_mac'] },
    slaac_mac: { type: 'ether', label: 'SLAAC MAC', many: true },
    src_isatap_ipv4: { type: 'ipv4', label: 'Source ISATAP IPv4', also: ['isatap_ipv4'] },
    dst_isatap_ipv4: { type: 'ipv4', label: 'Destination ISATAP IPv4', also: ['isatap_ipv4'] },
    isatap_ipv4: { type: 'ipv4', label: 'ISATAP IPv4', many: true },
    src_6to4_gw_ipv4: { type: 'ipv4', label: 'Source 6to4 Gateway IPv4', also: ['6to4_gw_ipv4'] },
    dst_6to4_gw_ipv4: { type: 'ipv4', label: 'Destination 6to4 Gateway IPv4', also: ['6to4_gw_ipv4'] },
    '6to4_gw_ipv4': { type: 'ipv4', label: '6to4 Gateway IPv4', many: true },
    src_6to4_sla_id: { type: 'u16', label: 'Source 6to4 SLA ID', also: ['6to4_sla_id'] },
    dst_6to4_sla_id: { type: 'u16', label: 'Destination 6to4 SLA ID', also: ['6to4_sla_id'] },
    '6to4_sla_id': { type: 'u16', label: '6to4 SLA ID', many: true },
    src_ts_ipv4: { type: 'ipv4', label: 'Source Teredo Server IPv4', also: ['ts_ipv4'] },
    dst_ts_ipv4: { type: 'ipv4', label: 'Destination Teredo Server IPv4', also: ['ts_ipv4'] },
    ts_ipv4: { type: 'ipv4', label: 'Teredo Server IPv4', many: true },
    src_tc_port: { type: 'u16', label: 'Source Teredo Port', also: ['tc_port'] },
    dst_tc_port: { type: 'u16', label: 'Destination Teredo Port', also: ['tc_port'] },
    tc_port: { type: 'u16', label: 'Teredo Port', many: true },
    src_tc_ipv4: { type: 'ipv4', label: 'Source Teredo Client IPv4', also: ['tc_ipv4'] },
    dst_tc_ipv4: { type: 'ipv4', label: 'Destination Teredo Client IPv4', also: ['tc_ipv4'] },
    tc_ipv4: { type: 'ipv4', label: 'Teredo Client IPv4', many: true },
    src_embed_ipv4: { type: 'ipv4', label: 'Source Embedded IPv4', also: ['embed_ipv4'] },
    dst_embed_ipv4: { type: 'ipv4', label: 'Destination Embedded IPv4', also: ['embed_ipv4'] },
    embed_ipv4: { type: 'ipv4', label: 'Embedded IPv4', many: true },
    bogus_ipv6_version: { type: 'none', label: 'Bogus IP version' },
    plen_exceeds_framing: { type: 'none', label: 'IPv6 payload length does not match expected framing length' },
    plen_zero: {
      type: 'none',
      label: 'IPv6 payload length equals 0 (maybe because of "TCP segmentation offload" (TSO))',
    },
  },
  scan(p, c) {
    const b = p.bytes;
    if (b[p.at] >>> 4 !== 6) return p.malformed('version');
    const next = b[p.at + AT.next];
    let length = u16(b, p.at + AT.length);
    if (length === 0) {
      length = next === NEXT.hopByHop ? jumboLength(b, p.at + AT.payload, p.end) : 0;
      if (length === 0 && next !== NEXT.none) length = p.wireEnd - p.at - AT.payload; // a segment larger than the field, before the card cut it
    }
    p.ipv6(p.at + AT.src);
    p.network();
    p.enter(AT.payload, AT.payload + length);
    c.networkEnd[p.row] = p.end;
    p.next(next);
    if (!p.hasNext) p.portless(next);
  },
  tree(t) {
    const end = t.at + AT.payload;
    t.header();
    const version = t.u8(t.at) >>> 4;
    if (version !== 6) {
      t.expert('error', 'Bogus IPv6 version', t.at, 1, 'bogus_ipv6_version');
      t.info(`Bogus IPv6 version (${version}, must be 6)`);
      return;
    }
    trafficClass(t);
    t.add('flow', t.at + AT.flow);
    const plen = t.u16(t.at + AT.length);
    const next = t.u8(t.at + AT.next);
    t.add('plen', t.at + AT.length);
    let length = plen;
    if (plen === 0 && next === NEXT.hopByHop) length = jumboLength(t.bytes, end, t.end);
    if (plen === 0 && length === 0 && t.wireEnd > end && next !== NEXT.none) {
      length = t.wireEnd - end;
      t.expert(
        'chat',
        'IPv6 payload length equals 0 (maybe because of "TCP segmentation offload" (TSO))',
        t.at + AT.length,
        2,
        'plen_zero',
      );
    }
    if (end + length > t.wireEnd) {
      t.expert(
        'warning',
        'IPv6 payload length does not match expected framing length',
        t.at + AT.length,
        2,
        'plen_exceeds_framing',
      );
    }
    t.add('nxt', t.at + AT.next);
    t.add('hlim', t.at + AT.hopLimit);
    t.add('src', t.at + AT.src);
    t.add('dst', t.at + AT.dst);
    t.addLabel(`, Src: ${formatIpv6(t.bytes, t.at + AT.src)}, Dst: ${formatIpv6(t.bytes, t.at + AT.dst)}`);
    addressForms(t, 'src', t.at + AT.src);
    addressForms(t, 'dst', t.at + AT.dst);
    t.carrier = {
      source: t.slice(t.at + AT.src, 16),
      destination: t.slice(t.at + AT.dst, 16),
      hopLimit: t.u8(t.at + AT.hopLimit),
    };
    t.headerEnd(end);
    t.limit(end + length);
    t.info(unknownIpProtocolText(next));
    t.upper(end);
  },
});

function trafficClass(t: TreeBuilder): void {
  t.add('tclass', t.at);
  t.nest(t.last());
  t.add('tclass.dscp', t.at);
  t.add('tclass.ecn', t.at);
  t.close();
}

/** Payload length in the jumbo option of the hop-by-hop header at `at`; 0 where there is none. Hot for jumbograms only. */
function jumboLength(b: Uint8Array, at: number, limit: number): number {
  if (at + 8 > limit) return 0;
  const end = Math.min(limit, at + 8 + 8 * b[at + 1]);
  let option = at + 2;
  while (option + 6 <= end) {
    if (b[option] === OPTION.jumbo && b[option + 1] === 4) return u32(b, option + 2);
    option += b[option] === OPTION.pad1 ? 1 : 2 + b[option + 1];
  }
  return 0;
}

/** What an address says about where it came from. */
function addressForms(t: TreeBuilder, side: 'src' | 'dst', at: number): void {
  const b = t.bytes;
  const high = u32(b, at);
  const platform = platformOfIpv6(b, at);
  if (platform !== undefined) t.generated('platform', platform, at, 16);
  if (high === 0x20010000) {
    t.generated(`${side}_ts_ipv4`, u32(b, at + 4), at + 4, 4);
    t.generated(`${side}_tc_port`, u16(b, at + 10) ^ 0xffff, at + 10, 2);
    t.generated(`${side}_tc_ipv4`, ~u32(b, at + 12) >>> 0, at + 12, 4);
    return;
  }
  if (high >>> 16 === 0x2002) {
    t.generated(`${side}_6to4_gw_ipv4`, u32(b, at + 2), at + 2, 4);
    t.generated(`${side}_6to4_sla_id`, u16(b, at + 6), at + 6, 2);
  }
  if (high === 0x0064ff9b && u32(b, at + 4) === 0 && u32(b, at + 8) === 0)
    t.generated(`${side}_embed_ipv4`, u32(b, at + 12), at + 12, 4);
  const isMulticast = b[at] === 0xff;
  if (isMulticast) return;
  const middle = u32(b, at + 8);
  if ((middle & 0xfcffffff) === 0x5efe) t.generated(`${side}_isatap_ipv4`, u32(b, at + 12), at + 12, 4);
  if (b[at + 11] === 0xff && b[at + 12] === 0xfe) {
    t.generated(
      `${side}_slaac_mac`,
      Uint8Array.of(b[at + 8] ^ 2, b[at + 9], b[at + 10], b[at + 13], b[at + 14], b[at + 15]),
      at + 8,
      8,
    );
  }
}
