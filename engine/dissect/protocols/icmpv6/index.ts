/** ICMPv6 (RFC 4443), neighbour discovery (RFC 4861), multicast listener discovery (RFC 2710, RFC 3810), node information (RFC 4620). */

import { formatIpv6 } from '../../../base/address.ts';
import { fold16, sum16 } from '../../../base/checksum.ts';
import { matchEcho } from '../../echoes.ts';
import { icmpExtensionFields, icmpExtensions } from '../../icmp-extensions.ts';
import { defineProtocol } from '../../protocol.ts';
import { TRANSPORT } from '../../scratch.ts';
import type { TreeBuilder } from '../../tree.ts';
import { listenerFields, listenerQuery, listenerReport, oldListenerMessage } from './listeners.ts';
import { discoveryOptionFields, discoveryOptions } from './options.ts';

const AT = { type: 0, code: 1, checksum: 2, body: 4, quote: 8 } as const;
const TYPE = {
  unreachable: 1,
  tooBig: 2,
  timeExceeded: 3,
  parameterProblem: 4,
  echoRequest: 128,
  echoReply: 129,
  listenerQuery: 130,
  listenerReport: 131,
  listenerDone: 132,
  routerSolicitation: 133,
  routerAdvertisement: 134,
  neighborSolicitation: 135,
  neighborAdvertisement: 136,
  redirect: 137,
  nodeQuery: 139,
  nodeReply: 140,
  listenerReport2: 143,
  extendedRequest: 160,
  extendedReply: 161,
} as const;

const TYPES: Readonly<Record<number, string>> = {
  1: 'Destination Unreachable',
  2: 'Packet Too Big',
  3: 'Time Exceeded',
  4: 'Parameter Problem',
  100: 'Private experimentation',
  101: 'Private experimentation',
  127: 'Reserved for expansion of ICMPv6 error messages',
  128: 'Echo (ping) request',
  129: 'Echo (ping) reply',
  130: 'Multicast Listener Query',
  131: 'Multicast Listener Report',
  132: 'Multicast Listener Done',
  133: 'Router Solicitation',
  134: 'Router Advertisement',
  135: 'Neighbor Solicitation',
  136: 'Neighbor Advertisement',
  137: 'Redirect',
  138: 'Router Renumbering',
  139: 'Node Information Query',
  140: 'Node Information Reply',
  141: 'Inverse Neighbor Discovery Solicitation',
  142: 'Inverse Neighbor Discovery Advertisement',
  143: 'Multicast Listener Report Message v2',
  144: 'Home Agent Address Discovery Request',
  145: 'Home Agent Address Discovery Reply',
  146: 'Mobile Prefix Solicitation',
  147: 'Mobile Prefix Advertisement',
  148: 'Certification Path Solicitation',
  149: 'Certification Path Advertisement',
  150: 'Experimental Mobility',
  151: 'Multicast Router Advertisement',
  152: 'Multicast Router Solicitation',
  153: 'Multicast Router Termination',
  154: 'FMIPv6',
  155: 'RPL Control',
  156: 'Locator Update',
  157: 'Duplicate Address Request',
  158: 'Duplicate Address Confirmation',
  159: 'MPL Control Message',
  160: 'Extended Echo request',
  161: 'Extended Echo reply',
  200: 'Private experimentation',
  201: 'Private experimentation',
  255: 'Reserved for expansion of ICMPv6 informational messages',
};
const EXTENDED_CODES: Readonly<Record<number, string>> = {
  0: 'No error',
  1: 'Malformed Query',
  2: 'No Such Interface',
  3: 'No Such Table Entry',
  4: 'Multiple Interfaces Satisfy Query',
};
const CODES: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  1: {
    0: 'no route to destination',
    1: 'Administratively prohibited',
    2: 'Beyond scope of source address',
    3: 'Address unreachable',
    4: 'Port unreachable',
    5: 'Source address failed ingress/egress policy',
    6: 'Reject route to destination',
    7: 'Error in Source Routing Header',
  },
  3: { 0: 'hop limit exceeded in transit', 1: 'fragment reassembly time exceeded' },
  4: {
    0: 'erroneous header field encountered',
    1: 'unrecognized Next Header type encountered',
    2: 'unrecognized IPv6 option encountered',
    3: 'IPv6 First Fragment has incomplete IPv6 Header Chain',
  },
  138: { 0: 'Command', 1: 'Result', 255: 'Sequence Number Reset' },
  139: {
    0: 'Query subject = IPv6 addresses',
    1: 'Query subject = DNS name or empty',
    2: 'Query subject = IPv4 addresses',
  },
  140: { 0: 'Successful', 1: 'Refuse to supply the answer', 2: 'Qtype is unknown' },
  155: {
    0: 'DODAG Information Solicitation',
    1: 'DODAG Information Object',
    2: 'Destination Advertisement Object',
    3: 'Destination Advertisement Object Acknowledgment',
  },
  160: EXTENDED_CODES,
  161: EXTENDED_CODES,
};
const QUERY_TYPES: Readonly<Record<number, string>> = {
  0: 'NOOP',
  1: 'Supported Qtypes',
  2: 'Node Name',
  3: 'Node Addresses',
  4: 'IPv4 Addresses',
};
const PREFERENCES: Readonly<Record<number, string>> = { 0: 'Medium', 1: 'High', 2: 'Reserved', 3: 'Low' };

export const icmpv6 = defineProtocol({
  name: 'icmpv6',
  title: 'Internet Control Message Protocol v6',
  short: 'ICMPv6',
  on: { 'ip.proto': [58] },
  header: AT.body,
  remembers: true,
  fields: {
    type: { at: AT.type, type: 'u8', label: 'Type', names: TYPES },
    code: { type: 'u8', label: 'Code' },
    checksum: { type: 'u16', show: 'hex', label: 'Checksum' },
    'checksum.status': {
      type: 'u8',
      label: 'Checksum Status',
      names: { 0: 'Bad', 1: 'Good', 2: 'Unverified', 3: 'Not present', 4: 'Illegal' },
    },
    'checksum_bad.expert': { type: 'none', label: 'Bad checksum' },
    reserved: { type: 'bytes', label: 'Reserved', many: true },
    data: { type: 'bytes', label: 'Data' },
    length: { type: 'u8', label: 'Length of original datagram', doc: 'In 64-bit words.' },
    mtu: { type: 'u32', label: 'MTU' },
    pointer: { type: 'u32', label: 'Pointer' },
    'echo.identifier': { type: 'u16', show: 'hex', label: 'Identifier' },
    'echo.sequence_number': { type: 'u16', label: 'Sequence' },
    resp_to: { type: 'frame', label: 'Response To' },
    resptime: { type: 'double', label: 'Response Time', doc: 'In milliseconds.' },
    'nd.ra.cur_hop_limit': { type: 'u8', label: 'Cur hop limit' },
    'nd.ra.flag': { type: 'u8', show: 'hex', label: 'Flags' },
    'nd.ra.flag.m': { type: 'bool', of: 'u8', bits: [7, 7], label: 'Managed address configuration' },
    'nd.ra.flag.o': { type: 'bool', of: 'u8', bits: [6, 6], label: 'Other configuration' },
    'nd.ra.flag.h': { type: 'bool', of: 'u8', bits: [5, 5], label: 'Home Agent' },
    'nd.ra.flag.prf': { type: 'u8', bits: [4, 3], label: 'Prf (Default Router Preference)', names: PREFERENCES },
    'nd.ra.flag.p': { type: 'bool', of: 'u8', bits: [2, 2], label: 'Proxy' },
    'nd.ra.flag.rsv': { type: 'u8', bits: [1, 0], label: 'Reserved' },
    'nd.ra.router_lifetime': { type: 'u16', label: 'Router lifetime (s)' },
    'nd.ra.reachable_time': { type: 'u32', label: 'Reachable time (ms)' },
    'nd.ra.retrans_timer': { type: 'u32', label: 'Retrans timer (ms)' },
    'nd.ns.target_address': { type: 'ipv6', label: 'Target Address' },
    'nd.na.flag': { type: 'u32', show: 'hex', label: 'Flags' },
    'nd.na.flag.r': { type: 'bool', of: 'u32', bits: [31, 31], label: 'Router' },
    'nd.na.flag.s': { type: 'bool', of: 'u32', bits: [30, 30], label: 'Solicited' },
    'nd.na.flag.o': { type: 'bool', of: 'u32', bits: [29, 29], label: 'Override' },
    'nd.na.flag.rsv': { type: 'u32', bits: [28, 0], label: 'Reserved' },
    'nd.na.target_address': { type: 'ipv6', label: 'Target Address' },
    'nd.rd.target_address': { type: 'ipv6', label: 'Target Address' },
    'rd.na.destination_address': { type: 'ipv6', label: 'Destination Address' },
    'ni.qtype': { type: 'u16', label: 'Qtype', names: QUERY_TYPES },
    'ni.flag': { type: 'u16', show: 'hex', label: 'Flags' },
    'ni.flag.g': { type: 'bool', of: 'u16', bits: [5, 5], label: 'Global-scope addresses' },
    'ni.flag.s': { type: 'bool', of: 'u16', bits: [4, 4], label: 'Site-local addresses' },
    'ni.flag.l': { type: 'bool', of: 'u16', bits: [3, 3], label: 'Link-local addresses' },
    'ni.flag.c': { type: 'bool', of: 'u16', bits: [2, 2], label: 'Compression' },
    'ni.flag.a': { type: 'bool', of: 'u16', bits: [1, 1], label: 'Unicast Addresses' },
    'ni.flag.t': { type: 'bool', of: 'u16', bits: [0, 0], label: 'Truncated' },
    'ni.nonce': { type: 'u64', show: 'hex', label: 'Nonce' },
    'ni.query.subject_ipv6': { type: 'ipv6', label: 'IPv6 subject address' },
    'ni.query.subject_ipv4': { type: 'ipv4', label: 'IPv4 subject address' },
    ...listenerFields,
    ...discoveryOptionFields,
    ...icmpExtensionFields,
  },
  scan(p) {
    const type = p.bytes[p.at + AT.type];
    p.portless(TRANSPORT.icmpv6);
    // Errors and redirects quote a packet.
    if ((type >= TYPE.unreachable && type <= TYPE.parameterProblem) || type === TYPE.redirect) {
      p.dissectMe();
      return;
    }
    if (type !== TYPE.echoRequest && type !== TYPE.echoReply) {
      p.enterTransport(TRANSPORT.icmpv6, AT.body);
      return;
    }
    if (!p.has(AT.quote)) return;
    p.enterTransport(TRANSPORT.icmpv6, AT.quote);
    p.rest();
  },
  tree(t) {
    const type = t.u8(t.at + AT.type);
    const code = t.u8(t.at + AT.code);
    const codes = CODES[type];
    const meaning =
      codes === undefined ? undefined : (codes[code] ?? (type === TYPE.unreachable ? 'Unknown' : `Unknown (${code})`));
    t.header();
    t.put('code', code, t.at + AT.code, 1, meaning === undefined ? undefined : `Code: ${code} (${meaning})`);
    const name = TYPES[type] ?? `Unknown (${type})`;
    t.info(meaning === undefined ? name : `${name} (${meaning})`);
    checksum(t);
    message(t, type, t.at + AT.body);
  },
});

/** The sum covers addresses and length too (RFC 4443 2.3). */
function checksum(t: TreeBuilder): void {
  const at = t.at + AT.checksum;
  const { carrier } = t;
  const isWhole = t.end === t.wireEnd && !t.isQuoted && carrier !== null;
  let isGood = false;
  if (isWhole) {
    const length = t.end - t.at;
    let sum = sum16(carrier.source, 0, carrier.source.length, (length >>> 16) + (length & 0xffff) + TRANSPORT.icmpv6);
    sum = sum16(carrier.destination, 0, carrier.destination.length, sum);
    isGood = fold16(sum16(t.bytes, t.at, t.end, sum)) === 0xffff;
  }
  t.add('checksum', at);
  t.last().text = `Checksum: 0x${t.u16(at).toString(16).padStart(4, '0')} [${!isWhole ? 'unverified' : isGood ? 'correct' : 'incorrect'}]`;
  if (isWhole && !isGood) t.expert('warning', 'Bad checksum', at, 2, 'checksum_bad.expert');
  t.generated('checksum.status', !isWhole ? 2 : isGood ? 1 : 0, at, 2);
}

function message(t: TreeBuilder, type: number, body: number): void {
  switch (type) {
    case TYPE.unreachable:
    case TYPE.timeExceeded: {
      const words = t.u8(body);
      if (words > 0) {
        t.add('length', body);
        t.add('reserved', body + 1, 3);
      } else t.add('reserved', body, 4);
      quote(t, words);
      return;
    }
    case TYPE.tooBig:
      t.add('mtu', body);
      quote(t, 0);
      return;
    case TYPE.parameterProblem:
      t.add('pointer', body);
      quote(t, 0);
      return;
    case TYPE.echoRequest:
    case TYPE.echoReply:
      echo(t, type === TYPE.echoRequest);
      return;
    case TYPE.listenerQuery:
      if (t.wireEnd - t.at === OLD_QUERY) oldListenerMessage(t, body);
      else listenerQuery(t, body);
      return;
    case TYPE.listenerReport:
    case TYPE.listenerDone:
      oldListenerMessage(t, body);
      return;
    case TYPE.listenerReport2:
      listenerReport(t, body);
      return;
    case TYPE.routerSolicitation:
      t.add('reserved', body, 4);
      discoveryOptions(t, body + 4);
      return;
    case TYPE.routerAdvertisement:
      routerAdvertisement(t, body);
      return;
    case TYPE.neighborSolicitation:
      t.add('reserved', body, 4);
      t.addInfo(` for ${addressAt(t, body + 4)}`);
      t.add('nd.ns.target_address', body + 4);
      discoveryOptions(t, body + 20);
      return;
    case TYPE.neighborAdvertisement:
      neighborAdvertisement(t, body);
      return;
    case TYPE.redirect:
      t.add('reserved', body, 4);
      t.add('nd.rd.target_address', body + 4);
      t.add('rd.na.destination_address', body + 20);
      discoveryOptions(t, body + 36);
      return;
    case TYPE.nodeQuery:
    case TYPE.nodeReply:
      nodeInformation(t, type === TYPE.nodeQuery, body);
      return;
    default:
      if (body >= t.end) return;
      if (isOpaque(type)) t.add('data', body, t.end - body);
      else t.text(`Message body (${t.end - body} bytes)`, body, t.end - body);
  }
}

/** Private, reserved and unknown types: their body has no form. */
function isOpaque(type: number): boolean {
  return (
    TYPES[type] === undefined ||
    type === 100 ||
    type === 101 ||
    type === 127 ||
    type === 200 ||
    type === 201 ||
    type === 255
  );
}

/** Length of a listener query of the first version. */
const OLD_QUERY = 24;

function addressAt(t: TreeBuilder, at: number): string {
  return formatIpv6(t.slice(at, 16));
}

/** The packet that an error is about, and extensions behind it (RFC 4884). */
function quote(t: TreeBuilder, words: number): void {
  const start = t.at + AT.quote;
  t.headerEnd(start);
  if (start >= t.end) return;
  const extensions = words > 0 && start + 8 * words < t.end ? start + 8 * words : -1;
  const end = extensions < 0 ? t.end : extensions;
  const onWire = start + 6 <= end ? start + 40 + t.u16(start + 4) : end;
  t.quoted(() => t.walkBy('ip.proto', IPV6, start, end, Math.max(end, t.wireEnd, onWire)));
  if (extensions > 0) {
    t.headerEnd(t.end);
    icmpExtensions(t, extensions);
  }
}

const IPV6 = 41;

function echo(t: TreeBuilder, isRequest: boolean): void {
  const at = t.at + AT.body;
  t.add('echo.identifier', at);
  t.add('echo.sequence_number', at + 2);
  t.headerEnd(at + 4);
  t.addInfo(` id=0x${t.u16(at).toString(16).padStart(4, '0')}, seq=${t.u16(at + 2)}`);
  if (t.carrier !== null && t.carrier.source.length === 16) t.addInfo(`, hop limit=${t.carrier.hopLimit}`);
  if (!t.isQuoted) match(t, isRequest, t.u32(at));
  t.payload(at + 4);
}

/** Says which request a reply answers. */
function match(t: TreeBuilder, isRequest: boolean, key: number): void {
  const request = matchEcho(t, isRequest, key);
  if (request === null) return;
  const { time } = t.packet;
  t.generated('resp_to', request.frame);
  if (time !== null && request.time !== null) {
    const ms = Number(time - request.time) / 1e6;
    t.generated('resptime', ms).text = `Response Time: ${ms.toFixed(3)} ms`;
  }
  t.addInfo(` (request in ${request.frame})`);
}

function routerAdvertisement(t: TreeBuilder, body: number): void {
  t.add('nd.ra.cur_hop_limit', body);
  t.add('nd.ra.flag', body + 1);
  t.nest(t.last());
  for (const bit of ['m', 'o', 'h', 'prf', 'p', 'rsv']) t.add(`nd.ra.flag.${bit}`, body + 1);
  t.close();
  t.add('nd.ra.router_lifetime', body + 2);
  t.add('nd.ra.reachable_time', body + 4);
  t.add('nd.ra.retrans_timer', body + 8);
  discoveryOptions(t, body + 12);
}

function neighborAdvertisement(t: TreeBuilder, body: number): void {
  const flags = t.u8(body);
  t.add('nd.na.flag', body);
  t.nest(t.last());
  for (const bit of ['r', 's', 'o', 'rsv']) t.add(`nd.na.flag.${bit}`, body);
  t.close();
  const names = [
    (flags & 0x80) !== 0 ? 'rtr' : '',
    (flags & 0x40) !== 0 ? 'sol' : '',
    (flags & 0x20) !== 0 ? 'ovr' : '',
  ].filter((name) => name !== '');
  t.addInfo(` ${addressAt(t, body + 4)} (${names.length === 0 ? 'none' : names.join(', ')})`);
  t.add('nd.na.target_address', body + 4);
  discoveryOptions(t, body + 20);
}

function nodeInformation(t: TreeBuilder, isQuery: boolean, body: number): void {
  t.add('ni.qtype', body);
  t.add('ni.flag', body + 2);
  t.nest(t.last());
  for (const bit of ['g', 's', 'l', 'c', 'a', 't']) t.add(`ni.flag.${bit}`, body + 2);
  t.close();
  t.add('ni.nonce', body + 4);
  const rest = body + 12;
  const code = t.u8(t.at + AT.code);
  if (isQuery && code === 0 && t.has(rest, 16)) t.add('ni.query.subject_ipv6', rest);
  else if (isQuery && code === 2 && t.has(rest, 4)) t.add('ni.query.subject_ipv4', rest);
  else if (rest < t.end) t.add('data', rest, t.end - rest);
}
