/** IPv6 hop-by-hop and destination options headers (RFC 8200 4.2, 4.3, 4.6): lists of options, each type, length, value. */

import { ipProtocolNames, unknownIpProtocolText } from '../../names/ip-protocols.ts';
import type { FieldSpec } from '../../protocol.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import type { Cursor } from '../../walk.ts';

const AT = { next: 0, length: 1, options: 2, header: 8 } as const;

/** IANA, "Destination Options and Hop-by-Hop Options". */
const OPTIONS: Readonly<Record<number, string>> = {
  0x00: 'Pad1',
  0x01: 'PadN',
  0x04: 'Tunnel Encapsulation Limit',
  0x05: 'Router Alert',
  0x07: 'CALIPSO',
  0x08: 'SMF_DPD',
  0x0f: 'Performance and Diagnostic Metrics',
  0x1e: 'Experimental (0x1E)',
  0x26: 'Quick-Start',
  0x30: 'Path MTU Option',
  0x31: 'IOAM Option',
  0x3e: 'Experimental (0x3E)',
  0x5e: 'Experimental (0x5E)',
  0x63: 'RPL Option',
  0x6d: 'MPL Option',
  0x7e: 'Experimental (0x7E)',
  0x8a: 'Endpoint Identification',
  0x8b: 'ILNP Nonce',
  0x8c: 'Line-Identification Option',
  0x9e: 'Experimental (0x9E)',
  0xbe: 'Experimental (0xBE)',
  0xc2: 'Jumbo Payload',
  0xc9: 'Home Address',
  0xde: 'Experimental (0xDE)',
  0xee: 'IP_DFF',
  0xfe: 'Experimental (0xFE)',
};
const OPTION = { pad1: 0, padN: 1, ilnpNonce: 0x8b, homeAddress: 0xc9 } as const;
const ADDRESS = 16;

/** Length of the value and the fields in it, for options of fixed size. */
const FIXED: ReadonlyMap<number, readonly [number, readonly (readonly [string, number])[]]> = new Map([
  [0x04, [1, [['opt.tel', 0]]]],
  [0x05, [2, [['opt.router_alert', 0]]]],
  [
    0x0f,
    [
      10,
      [
        ['opt.pdm.scale_dtlr', 0],
        ['opt.pdm.scale_dtls', 1],
        ['opt.pdm.psn_this_pkt', 2],
        ['opt.pdm.psn_last_recv', 4],
        ['opt.pdm.delta_last_recv', 6],
        ['opt.pdm.delta_last_sent', 8],
      ],
    ],
  ],
  [0xc2, [4, [['opt.jumbo', 0]]]],
  [0xc9, [16, [['opt.mipv6.home_address', 0]]]],
]);

const optionFields = {
  opt: { type: 'none', label: 'IPv6 Option', abbrev: 'ipv6.opt', many: true },
  'opt.type': { type: 'u8', show: 'hex', label: 'Type', names: OPTIONS, abbrev: 'ipv6.opt.type', many: true },
  'opt.type.action': {
    type: 'u8',
    bits: [7, 6],
    label: 'Action',
    abbrev: 'ipv6.opt.type.action',
    many: true,
    names: {
      0: 'Skip and continue',
      1: 'Discard',
      2: 'Discard and send ICMP Parameter Problem',
      3: 'Discard and send ICMP if not multicast',
    },
  },
  'opt.type.change': {
    type: 'bool',
    of: 'u8',
    bits: [5, 5],
    label: 'May Change',
    flag: ['Yes', 'No'],
    abbrev: 'ipv6.opt.type.change',
    many: true,
  },
  'opt.type.rest': {
    type: 'u8',
    bits: [4, 0],
    show: 'hex',
    label: 'Low-Order Bits',
    abbrev: 'ipv6.opt.type.rest',
    many: true,
  },
  'opt.length': { type: 'u8', label: 'Length', abbrev: 'ipv6.opt.length', many: true },
  'opt.pad1': { type: 'none', label: 'Pad1', abbrev: 'ipv6.opt.pad1', many: true },
  'opt.padn': { type: 'bytes', label: 'PadN', abbrev: 'ipv6.opt.padn', many: true },
  'opt.tel': { type: 'u8', label: 'Tunnel Encapsulation Limit', abbrev: 'ipv6.opt.tel' },
  'opt.router_alert': {
    type: 'u16',
    label: 'Router Alert',
    names: { 0: 'MLD', 1: 'RSVP', 2: 'Active Network' },
    abbrev: 'ipv6.opt.router_alert',
  },
  'opt.pdm.scale_dtlr': { type: 'u8', label: 'Scale DTLR', abbrev: 'ipv6.opt.pdm.scale_dtlr' },
  'opt.pdm.scale_dtls': { type: 'u8', label: 'Scale DTLS', abbrev: 'ipv6.opt.pdm.scale_dtls' },
  'opt.pdm.psn_this_pkt': { type: 'u16', label: 'PSN This Packet', abbrev: 'ipv6.opt.pdm.psn_this_pkt' },
  'opt.pdm.psn_last_recv': { type: 'u16', label: 'PSN Last Received', abbrev: 'ipv6.opt.pdm.psn_last_recv' },
  'opt.pdm.delta_last_recv': { type: 'u16', label: 'Delta Time Last Received', abbrev: 'ipv6.opt.pdm.delta_last_recv' },
  'opt.pdm.delta_last_sent': { type: 'u16', label: 'Delta Time Last Sent', abbrev: 'ipv6.opt.pdm.delta_last_sent' },
  'opt.ilnp_nonce': { type: 'bytes', label: 'ILNP Nonce', abbrev: 'ipv6.opt.ilnp_nonce' },
  'opt.jumbo': { type: 'u32', label: 'Payload Length', abbrev: 'ipv6.opt.jumbo' },
  'opt.mipv6.home_address': { type: 'ipv6', label: 'MIPv6 Home Address', abbrev: 'ipv6.opt.mipv6.home_address' },
  'opt.experimental': { type: 'bytes', label: 'Experimental Option', abbrev: 'ipv6.opt.experimental', many: true },
  'opt.unknown': { type: 'bytes', label: 'Unknown Option Payload', abbrev: 'ipv6.opt.unknown', many: true },
  'opt.invalid_len': { type: 'none', label: 'Invalid IPv6 option length', abbrev: 'ipv6.opt.invalid_len' },
} as const satisfies Record<string, FieldSpec>;

const headerFields = {
  nxt: { at: AT.next, type: 'u8', label: 'Next Header', names: ipProtocolNames },
  len: { at: AT.length, type: 'u8', label: 'Length', doc: 'In units of 8 bytes, not counting the first.' },
  len_oct: { type: 'u16', label: 'Length', doc: 'In bytes.' },
} as const satisfies Record<string, FieldSpec>;

export const ipv6HopByHop = defineProtocol({
  name: 'ipv6.hopopts',
  title: 'IPv6 Hop-by-Hop Option',
  short: '',
  on: { 'ip.proto': [0] },
  chooses: 'ip.proto',
  header: AT.header,
  fields: { ...headerFields, ...optionFields },
  scan,
  tree: options,
});

export const ipv6DestinationOptions = defineProtocol({
  name: 'ipv6.dstopts',
  title: 'Destination Options for IPv6',
  short: '',
  on: { 'ip.proto': [60] },
  chooses: 'ip.proto',
  header: AT.header,
  fields: { ...headerFields, ...optionFields },
  scan,
  tree: options,
});

function scan(p: Cursor): void {
  const next = p.bytes[p.at + AT.next];
  const length = 8 + 8 * p.bytes[p.at + AT.length];
  if (!p.has(length)) return;
  p.enter(length);
  p.next(next);
  if (!p.hasNext) p.portless(next);
}

/** Where the home address of a mobile node lies (RFC 6275 6.3), with which a transport sums; 0: there is none. */
function homeAddress(b: Uint8Array, start: number, end: number): number {
  let at = start + AT.options;
  while (at + 2 + ADDRESS <= end) {
    if (b[at] === OPTION.homeAddress && b[at + 1] === ADDRESS) return at + 2;
    at += b[at] === OPTION.pad1 ? 1 : 2 + b[at + 1];
  }
  return 0;
}

function options(t: TreeBuilder): void {
  const next = t.u8(t.at + AT.next);
  const length = 8 + 8 * t.u8(t.at + AT.length);
  const end = t.at + length;
  t.column('IPv6');
  t.info(t.protocol.name === 'ipv6.hopopts' ? 'IPv6 hop-by-hop options' : 'IPv6 destination options');
  t.header();
  t.generated('len_oct', length, t.at + AT.length, 1).text = `Length: ${length} bytes`;
  t.headerEnd(end);
  let at = t.at + AT.options;
  while (at < end) {
    const type = t.u8(at);
    const size = type === OPTION.pad1 ? 1 : 2 + t.u8(at + 1);
    t.put('opt', new Uint8Array(0), at, size, OPTIONS[type] ?? `Unknown IPv6 Option (${type})`);
    t.nest(t.last());
    t.add('opt.type', at);
    if (type !== OPTION.pad1) {
      t.nest(t.last());
      for (const key of ['opt.type.action', 'opt.type.change', 'opt.type.rest']) t.add(key, at);
      t.close();
      t.add('opt.length', at + 1);
    }
    value(t, type, at, Math.min(size, end - at));
    t.close();
    at += size;
  }
  if (!t.has(t.at, length)) t.fail();
  const home = homeAddress(t.bytes, t.at, end);
  if (home > 0 && t.carrier !== null) t.carrier = { ...t.carrier, source: t.slice(home, ADDRESS) };
  t.info(unknownIpProtocolText(next));
  t.upper(end);
}

function value(t: TreeBuilder, type: number, at: number, size: number): void {
  if (type === OPTION.pad1) {
    t.put('opt.pad1', new Uint8Array(0), at, 1);
    return;
  }
  const start = at + 2;
  const length = size - 2;
  const fixed = FIXED.get(type);
  if (fixed !== undefined) {
    const [expected, keys] = fixed;
    if (length !== expected) t.expert('error', 'Invalid IPv6 option length', at + 1, 1, 'opt.invalid_len');
    if (length >= expected) for (const [key, offset] of keys) t.add(key, start + offset);
    return;
  }
  if (type === OPTION.ilnpNonce) t.add('opt.ilnp_nonce', start, length);
  else if (type === OPTION.padN) t.add('opt.padn', start, length);
  else if (length > 0) t.add((type & 0x1f) === 0x1e ? 'opt.experimental' : 'opt.unknown', start, length);
}
