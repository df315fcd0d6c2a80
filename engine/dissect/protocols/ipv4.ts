/** IPv4 (RFC 791; RFC 2474 and 3168 for the type-of-service byte). Hot: scan() runs once per packet. */

import { formatIpv4 } from '../../base/address.ts';
import { u16 } from '../../base/bytes.ts';
import { fold16, sum16 } from '../../base/checksum.ts';
import { platformOfIpv4 } from '../../base/platform-addresses.ts';
import { FLAG } from '../../table/flags.ts';
import { dscpNames, ecnNames } from '../names/dscp.ts';
import { ipProtocolNames } from '../names/ip-protocols.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = {
  version: 0,
  dsfield: 1,
  length: 2,
  id: 4,
  fragment: 6,
  ttl: 8,
  protocol: 9,
  checksum: 10,
  src: 12,
  dst: 16,
  options: 20,
} as const;
const IPV6 = 41;
const MORE_FRAGMENTS = 0x2000;
const OFFSET_MASK = 0x1fff;

const OPTIONS: Readonly<Record<number, string>> = {
  0: 'End of Options List (EOL)',
  1: 'No-Operation (NOP)',
  7: 'Record Route',
  68: 'Time Stamp',
  82: 'Traceroute',
  130: 'Security',
  131: 'Loose Source Route',
  133: 'Extended Security',
  134: 'Commercial Security',
  136: 'Stream ID',
  137: 'Strict Source Route',
  148: 'Router Alert',
  149: 'Selective Directed Broadcast',
};
const OPTION = { end: 0, padding: 1, recordRoute: 7, looseRoute: 131, strictRoute: 137 } as const;
/** Pointers count from 1, the first address of a route is behind type, length and pointer. */
const FIRST_STOP = 3;

export const ipv4 = defineProtocol({
  name: 'ip',
  title: 'Internet Protocol Version 4',
  short: 'IPv4',
  on: {
    ethertype: [0x0800],
    'ip.proto': [4],
    'ppp.protocol': [0x0021],
    'null.family': [2],
    link: [228],
    'gre.proto': [0x0800],
    'geneve.type': [0x0800],
    'mpls.payload': [4],
    'llc.dsap': [0x06],
    'fr.nlpid': [0xcc],
  },
  chooses: 'ip.proto',
  header: AT.options,
  fields: {
    version: { at: AT.version, type: 'u8', bits: [7, 4], label: 'Version' },
    hdr_len: { from: (b, at) => (b[at] & 15) << 2, type: 'u8', label: 'Header Length' },
    dsfield: { from: AT.dsfield, type: 'u8', show: 'hex', label: 'Differentiated Services Field' },
    'dsfield.dscp': {
      from: AT.dsfield,
      type: 'u8',
      bits: [7, 2],
      label: 'Differentiated Services Codepoint',
      names: dscpNames,
    },
    'dsfield.ecn': {
      from: AT.dsfield,
      type: 'u8',
      bits: [1, 0],
      label: 'Explicit Congestion Notification',
      names: ecnNames,
    },
    len: { from: (b, at, _end, wireEnd) => u16(b, at + AT.length) || wireEnd - at, type: 'u16', label: 'Total Length' },
    id: { from: AT.id, type: 'u16', show: 'hex-dec', label: 'Identification' },
    flags: { from: AT.fragment, type: 'u8', bits: [7, 5], show: 'hex', label: 'Flags' },
    'flags.rb': { from: AT.fragment, type: 'bool', of: 'u8', bits: [7, 7], label: 'Reserved bit' },
    'flags.df': { from: AT.fragment, type: 'bool', of: 'u8', bits: [6, 6], label: "Don't fragment" },
    'flags.mf': { from: AT.fragment, type: 'bool', of: 'u8', bits: [5, 5], label: 'More fragments' },
    frag_offset: {
      from: (b, at) => u16(b, at + AT.fragment) & OFFSET_MASK,
      type: 'u16',
      bits: [12, 0],
      label: 'Fragment Offset',
      doc: 'In units of eight bytes; the tree shows bytes.',
    },
    ttl: { from: AT.ttl, type: 'u8', label: 'Time to Live' },
    proto: { from: AT.protocol, type: 'u8', label: 'Protocol', names: ipProtocolNames },
    checksum: { from: AT.checksum, type: 'u16', show: 'hex', label: 'Header Checksum' },
    'checksum.status': {
      type: 'u8',
      label: 'Header checksum status',
      names: { 0: 'Bad', 1: 'Good', 2: 'Unverified', 3: 'Not present', 4: 'Illegal' },
    },
    checksum_calculated: { type: 'u16', show: 'hex', label: 'Calculated Checksum' },
    src: { type: 'ipv4', label: 'Source Address', also: ['addr', 'src_host', 'host'] },
    dst: { type: 'ipv4', label: 'Destination Address', also: ['addr', 'dst_host', 'host'] },
    addr: { type: 'ipv4', label: 'Source or Destination Address', many: true },
    platform: { type: 'string', label: 'Platform service', abbrev: 'nagare.platform', many: true },
    src_host: { type: 'string', label: 'Source Host' },
    dst_host: { type: 'string', label: 'Destination Host' },
    host: { type: 'string', label: 'Source or Destination Host', many: true },
    'opt.type': { type: 'u8', label: 'Type', names: OPTIONS, many: true },
    'opt.type.copy': {
      type: 'bool',
      of: 'u8',
      bits: [7, 7],
      label: 'Copy on fragmentation',
      flag: ['Yes', 'No'],
      many: true,
    },
    'opt.type.class': {
      type: 'u8',
      bits: [6, 5],
      label: 'Class',
      names: { 0: 'Control', 2: 'Debugging and measurement' },
      many: true,
    },
    'opt.type.number': { type: 'u8', bits: [4, 0], label: 'Number', many: true },
    'opt.len': { type: 'u8', label: 'Length', many: true },
    'opt.ptr': { type: 'u8', label: 'Pointer', many: true },
    'opt.ra': { type: 'u16', label: 'Router Alert', names: { 0: 'Router shall examine packet' } },
    'opt.mtu': { type: 'u16', label: 'MTU' },
    'opt.flag': {
      type: 'u8',
      bits: [3, 0],
      label: 'Flag',
      show: 'hex',
      names: { 0: 'Time stamps only', 1: 'Time stamp and address', 3: 'Time stamps for prespecified addresses' },
    },
    'opt.overflow': { type: 'u8', bits: [7, 4], label: 'Overflow' },
    'opt.addr': { type: 'ipv4', label: 'IP Address', many: true },
    'opt.time_stamp': { type: 'u32', label: 'Time stamp', many: true },
    rec_rt: { type: 'ipv4', label: 'Recorded Route', also: ['rec_rt_host'], many: true },
    rec_rt_host: { type: 'string', label: 'Recorded Route Host', many: true },
    empty_rt: { type: 'ipv4', label: 'Empty Route', also: ['empty_rt_host'], many: true },
    empty_rt_host: { type: 'string', label: 'Empty Route Host', many: true },
    src_rt: { type: 'ipv4', label: 'Source Route', also: ['src_rt_host'], many: true },
    src_rt_host: { type: 'string', label: 'Source Route Host', many: true },
    cur_rt: { type: 'ipv4', label: 'Current Route', also: ['cur_rt_host'] },
    cur_rt_host: { type: 'string', label: 'Current Route Host' },
    fragment: { type: 'frame', label: 'IPv4 Fragment', many: true },
    fragments: { type: 'bytes', label: 'IPv4 Fragments' },
    'fragment.count': { type: 'u32', label: 'Fragment count' },
    'reassembled.length': { type: 'u32', label: 'Reassembled IPv4 length' },
    'reassembled.data': { type: 'bytes', label: 'Reassembled IPv4 data' },
    reassembled_in: { type: 'frame', label: 'Reassembled IPv4 in frame' },
    bogus_ip_version: { type: 'none', label: 'Bogus IP version' },
    bogus_header_length: { type: 'none', label: 'Bogus IP header length' },
    bogus_ip_length: { type: 'none', label: 'Bogus IP length' },
    'offload.checksum': {
      type: 'none',
      label: 'Checksum not filled in: the network card does that (offload)',
      abbrev: 'nagare.offload.checksum',
    },
    'checksum_bad.expert': { type: 'none', label: 'Bad checksum' },
  },
  scan(p, c) {
    const b = p.bytes;
    const headerLength = (b[p.at] & 15) << 2;
    if (b[p.at] >>> 4 === 6) return p.next(IPV6); // whatever the layer below took it for
    if (b[p.at] >>> 4 !== 4 || headerLength < AT.options) return p.malformed('header length');
    const length = u16(b, p.at + AT.length) || p.wireEnd - p.at; // 0: a segment larger than the field, before the card cut it
    if (length < headerLength) return p.malformed('total length');
    if (headerLength === AT.options) p.ipv4(p.at + AT.src);
    else p.ipv4(p.at + AT.src, finalStop(b, p.at, Math.min(p.at + headerLength, p.end)));
    if (
      p.at + headerLength <= p.end &&
      fold16(sum16(b, p.at, p.at + headerLength)) !== 0xffff &&
      u16(b, p.at + AT.checksum) !== 0
    ) {
      p.mark(FLAG.badIpChecksum);
    }
    const protocol = b[p.at + AT.protocol];
    const fragment = u16(b, p.at + AT.fragment);
    const start = p.at;
    p.network();
    p.enter(headerLength, length);
    c.networkEnd[p.row] = p.end;
    if ((fragment & (MORE_FRAGMENTS | OFFSET_MASK)) !== 0) {
      p.mark(FLAG.fragment);
      c.networkAt[p.row] = start;
      p.portless(protocol);
      p.rest();
      return;
    }
    p.next(protocol);
    if (!p.hasNext) p.portless(protocol);
  },
  tree(t) {
    t.header();
    const version = t.u8(t.at) >>> 4;
    if (version !== 4) {
      // Only an EtherType says which version it must be.
      const isMeant = t.isChosenByEtherType;
      const problem = isMeant ? `Bogus IPv4 version (${version}, must be 4)` : `Bogus IP version (${version})`;
      t.expert('error', problem, t.at, 1, 'bogus_ip_version');
      t.info(problem);
      if (!isMeant) t.column('IP');
      if (version === 6) t.upper(t.at);
      return;
    }
    const headerLength = (t.u8(t.at) & 15) << 2;
    if (headerLength < AT.options) {
      t.put('hdr_len', headerLength, t.at, 1, `Header Length: ${headerLength} bytes (bogus, must be at least 20)`);
      t.info(`Bogus IPv4 header length (${headerLength}, must be at least 20)`);
      t.expert('error', 'Bogus IP header length', t.at, 1, 'bogus_header_length');
      return;
    }
    t.put(
      'hdr_len',
      headerLength,
      t.at,
      1,
      `.... ${(headerLength >>> 2).toString(2).padStart(4, '0')} = Header Length: ${headerLength} bytes (${headerLength >>> 2})`,
    );
    t.add('dsfield', t.at + AT.dsfield);
    t.nest(t.last());
    t.add('dsfield.dscp', t.at + AT.dsfield);
    t.add('dsfield.ecn', t.at + AT.dsfield);
    t.close();
    const total = t.u16(t.at + AT.length);
    if (total !== 0 && total < headerLength) {
      t.add('len', t.at + AT.length);
      t.info(`Bogus IPv4 length (${total}, less than header length ${headerLength})`);
      t.expert('error', 'IPv4 total length is less than the header length', t.at + AT.length, 2, 'bogus_ip_length');
      return;
    }
    t.put('len', total === 0 ? t.wireEnd - t.at : total, t.at + AT.length, 2);
    if (total === 0)
      t.last().text = `Total Length: ${t.wireEnd - t.at} bytes (reported as 0, presumed to be because of "TCP segmentation offload" (TSO))`;
    t.add('id', t.at + AT.id);
    flags(t);
    t.add('ttl', t.at + AT.ttl);
    t.add('proto', t.at + AT.protocol);
    const protocol = t.u8(t.at + AT.protocol);
    checksum(t, headerLength);
    t.add('src', t.at + AT.src);
    platform(t, t.at + AT.src);
    const end = t.at + headerLength;
    const stop = finalStop(t.bytes, t.at, Math.min(end, t.end));
    const isRouted = stop !== t.at + AT.dst;
    t.add(isRouted ? 'cur_rt' : 'dst', t.at + AT.dst);
    platform(t, stop);
    t.addLabel(`, Src: ${formatIpv4(t.u32(t.at + AT.src))}, Dst: ${formatIpv4(t.u32(stop))}`);
    if (isRouted) t.addLabel(`, Via: ${formatIpv4(t.u32(t.at + AT.dst))}`);
    t.carrier = {
      source: t.slice(t.at + AT.src, 4),
      destination: t.slice(stop, 4),
      hopLimit: t.u8(t.at + AT.ttl),
    };
    if (total !== 0) t.limit(t.at + total);
    options(t, end, stop);
    t.headerEnd(end);
    const name = ipProtocolNames[protocol];
    t.info(name === undefined ? `${protocol}` : `${name} (${protocol})`);
    const offset = (t.u16(t.at + AT.fragment) & OFFSET_MASK) * 8;
    const isFragment = offset > 0 || (t.u16(t.at + AT.fragment) & MORE_FRAGMENTS) !== 0;
    if (isFragment) fragments(t, end, offset, protocol, name);
    else t.upper(end);
  },
});

/** Does a cloud serve its virtual machines at this address? */
function platform(t: TreeBuilder, at: number): void {
  const name = platformOfIpv4(t.u32(at));
  if (name !== undefined) t.generated('platform', name, at, 4);
}

function flags(t: TreeBuilder): void {
  const at = t.at + AT.fragment;
  t.add('flags', at);
  const set = t.u8(at);
  if ((set & 0x40) !== 0) t.last().text = `${bits3(set)} = Flags: 0x${(set >>> 5).toString(16)}, Don't fragment`;
  else if ((set & 0x20) !== 0) t.last().text = `${bits3(set)} = Flags: 0x${(set >>> 5).toString(16)}, More fragments`;
  t.nest(t.last());
  for (const key of ['flags.rb', 'flags.df', 'flags.mf']) t.add(key, at);
  t.close();
  const offset = t.u16(at) & OFFSET_MASK;
  const bits = offset.toString(2).padStart(13, '0');
  const pattern = `...${bits.slice(0, 1)} ${bits.slice(1, 5)} ${bits.slice(5, 9)} ${bits.slice(9)}`;
  t.put('frag_offset', offset, at, 2, `${pattern} = Fragment Offset: ${offset * 8}`);
}

function bits3(value: number): string {
  return `${(value >>> 5).toString(2).padStart(3, '0')}. ....`;
}

function checksum(t: TreeBuilder, headerLength: number): void {
  const at = t.at + AT.checksum;
  t.add('checksum', at);
  const node = t.last();
  if (!t.has(t.at, headerLength)) {
    t.generated('checksum.status', 2);
    return;
  }
  const given = t.u16(at);
  const right = fold16(sum16(t.bytes, t.at, t.at + headerLength)) === 0xffff;
  if (given === 0 && !right) {
    node.text = 'Header Checksum: 0x0000 [not filled in: the network card does that (offload)]';
    t.generated('checksum.status', 2, at, 2);
    t.generated('offload.checksum', new Uint8Array(0));
    return;
  }
  node.text = `Header Checksum: 0x${given.toString(16).padStart(4, '0')} [${right ? 'correct' : 'incorrect'}]`;
  t.generated('checksum.status', right ? 1 : 0, at, 2);
  let sum = sum16(t.bytes, t.at, at);
  sum = sum16(t.bytes, at + 2, t.at + headerLength, sum);
  t.generated('checksum_calculated', ~fold16(sum) & 0xffff, at, 2);
  if (!right) t.expert('error', 'Bad checksum', at, 2, 'checksum_bad.expert');
}

/**
 * Where the address lies that the packet goes to in the end: the last of a source route that is not used up (RFC 791 3.1),
 * else the header's. The first such option counts. Hot for headers with options only.
 */
function finalStop(b: Uint8Array, start: number, end: number): number {
  let at = start + AT.options;
  while (at + FIRST_STOP <= end) {
    const type = b[at];
    if (type === OPTION.end) break;
    const length = type === OPTION.padding ? 1 : Math.max(2, b[at + 1]);
    if (type === OPTION.looseRoute || type === OPTION.strictRoute) {
      const stops = (length - FIRST_STOP) >> 2;
      const last = at + FIRST_STOP + 4 * (stops - 1);
      return stops > 0 && b[at + 2] <= length && last + 4 <= end ? last : start + AT.dst;
    }
    at += length;
  }
  return start + AT.dst;
}

function options(t: TreeBuilder, end: number, stop: number): void {
  let at = t.at + AT.options;
  while (at < end) {
    const type = t.u8(at);
    const length = type <= 1 ? 1 : at + 1 < end ? Math.max(2, t.u8(at + 1)) : 2;
    if (at + length > end) {
      t.text(`IP Option - ${OPTIONS[type] ?? 'Unknown'}: it goes past the header`, at, end - at);
      return;
    }
    t.nest(
      t.text(
        `IP Option - ${OPTIONS[type] ?? `Unknown (0x${type.toString(16).padStart(2, '0')})`} (${length} byte${length === 1 ? '' : 's'})`,
        at,
        length,
      ),
    );
    t.add('opt.type', at);
    t.nest(t.last());
    for (const key of ['opt.type.copy', 'opt.type.class', 'opt.type.number']) t.add(key, at);
    t.close();
    if (type > 1) {
      t.add('opt.len', at + 1);
      if (type === 148 && length >= 4) t.add('opt.ra', at + 2);
      if ((type === 11 || type === 12) && length >= 4) t.add('opt.mtu', at + 2);
      if ((type === OPTION.recordRoute || type === OPTION.looseRoute || type === OPTION.strictRoute) && length >= 3) {
        t.add('opt.ptr', at + 2);
        route(t, type, at, length, stop);
      }
      if (type === 68 && length >= 4) {
        t.add('opt.ptr', at + 2);
        t.add('opt.overflow', at + 3);
        t.add('opt.flag', at + 3);
        const withAddress = (t.u8(at + 3) & 15) !== 0;
        for (let hop = at + 4; hop + (withAddress ? 8 : 4) <= at + length; hop += withAddress ? 8 : 4) {
          if (withAddress) t.add('opt.addr', hop);
          t.add('opt.time_stamp', hop + (withAddress ? 4 : 0));
        }
      }
    }
    t.close();
    at += length;
    if (type === 0) break;
  }
}

/** Stops before the pointer were made; from it on a source route says those to come, and a record is empty. */
function route(t: TreeBuilder, type: number, at: number, length: number, stop: number): void {
  const reached = at + t.u8(at + 2) - 1;
  for (let hop = at + FIRST_STOP; hop + 4 <= at + length; hop += 4) {
    if (hop === stop) t.add('dst', hop);
    else if (hop < reached) t.add('rec_rt', hop);
    else t.add(type === OPTION.recordRoute ? 'empty_rt' : 'src_rt', hop);
  }
}

/** A fragment: data, unless it is the one that completes its datagram. */
function fragments(t: TreeBuilder, end: number, offset: number, protocol: number, name: string | undefined): void {
  const { datagram, reassembledIn } = t.packet;
  const id = t
    .u16(t.at + AT.id)
    .toString(16)
    .padStart(4, '0');
  if (datagram !== null) {
    t.generated('fragments', datagram.bytes, end);
    t.last().text = `${datagram.frames.length} IPv4 Fragments (${datagram.bytes.length} bytes)`;
    t.nest(t.last());
    for (const frame of datagram.frames) t.generated('fragment', frame, end);
    t.generated('fragment.count', datagram.frames.length, end);
    t.generated('reassembled.length', datagram.bytes.length, end);
    t.generated('reassembled.data', datagram.bytes, end);
    t.close();
    t.within('Reassembled IPv4', datagram.bytes, () => t.walkBy('ip.proto', protocol, 0));
    return;
  }
  if (reassembledIn > 0) t.generated('reassembled_in', reassembledIn, end);
  t.info(
    `Fragmented IP protocol (proto=${name ?? 'Unknown'} ${protocol}, off=${offset}, ID=${id})${reassembledIn > 0 ? ` [Reassembled in #${reassembledIn}]` : ''}`,
  );
  t.payload(end);
}
