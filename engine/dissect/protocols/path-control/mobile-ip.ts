/** Mobile IPv4 (RFC 5944): a host that travels registers with its home agent. */

import { formatIpv4 } from '../../../base/address.ts';
import { defineProtocol } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';

const TYPE = { request: 1, reply: 3, natData: 4 } as const;
const TYPES: Readonly<Record<number, string>> = {
  1: 'Registration Request',
  3: 'Registration Reply',
  4: 'NAT Traversal Tunnel Data',
  7: 'Registration Revocation',
  15: 'Registration Revocation Acknowledgement',
  20: 'Fast Binding Update',
  21: 'Fast Binding Acknowledgement',
  22: 'Generic Notification',
  23: 'Generic Notification Acknowledgement',
};
const CODES: Readonly<Record<number, string>> = {
  0: 'Reg Accepted',
  1: 'Reg Accepted, but Simultaneous Bindings Unsupported',
};
const EXTENSIONS: Readonly<Record<number, string>> = {
  32: 'Mobile-Home Authentication Extension',
  33: 'Mobile-Foreign Authentication Extension',
  34: 'Foreign-Home Authentication Extension',
  131: 'Mobile Node NAI Extension',
};
const NTP_TO_1970 = 2_208_988_800n;
const SECOND = 1_000_000_000n;

const flag = (key: number, label: string) =>
  ({ type: 'bool', of: 'u8', bits: [key, key], label, flag: ['True', 'False'] }) as const;

export const mip = defineProtocol({
  name: 'mip',
  title: 'Mobile IP',
  short: 'MobileIP',
  on: { 'udp.port': [434] },
  fields: {
    type: { type: 'u8', label: 'Message Type', names: TYPES },
    flags: { type: 'u8', show: 'hex', label: 'Flags' },
    s: flag(7, 'Simultaneous Bindings'),
    b: flag(6, 'Broadcast Datagrams'),
    d: flag(5, 'Co-located Care-of Address'),
    m: flag(4, 'Minimal Encapsulation'),
    g: flag(3, 'GRE'),
    v: flag(2, 'Van Jacobson'),
    t: flag(1, 'Reverse Tunneling'),
    x: flag(0, 'Reserved'),
    code: { type: 'u8', label: 'Reply Code', names: CODES },
    life: { type: 'u16', label: 'Lifetime' },
    homeaddr: { type: 'ipv4', label: 'Home Address' },
    haaddr: { type: 'ipv4', label: 'Home Agent' },
    coa: { type: 'ipv4', label: 'Care of Address' },
    ident: { type: 'time', label: 'Identification' },
    'ext.type': { type: 'u8', label: 'Extension Type', names: EXTENSIONS, many: true },
    'ext.len': { type: 'u16', label: 'Extension Length', many: true },
    'auth.spi': { type: 'u32', show: 'hex', label: 'SPI', many: true },
  },
  accepts: (bytes, at, end) => end > at && TYPES[bytes[at]] !== undefined,
  tree(t) {
    const { at } = t;
    const type = t.u8(at);
    t.info(TYPES[type] ?? 'Unknown');
    t.add('type', at);
    if (type === TYPE.request) request(t, at);
    else if (type === TYPE.reply) reply(t, at);
    else t.text('Data', at + 1, t.end - at - 1);
  },
});

function request(t: TreeBuilder, at: number): void {
  t.nest(t.put('flags', t.u8(at + 1), at + 1, 1));
  for (const key of ['s', 'b', 'd', 'm', 'g', 'v', 't', 'x']) t.add(key, at + 1);
  t.close();
  t.add('life', at + 2);
  t.add('homeaddr', at + 4);
  t.add('haaddr', at + 8);
  t.add('coa', at + 12);
  const [home, agent, care] = [t.u32(at + 4), t.u32(at + 8), t.u32(at + 12)].map(formatIpv4);
  t.info(`Reg Request: HoA=${home} HA=${agent} CoA=${care}`);
  identification(t, at + 16);
  extensions(t, at + 24);
}

function reply(t: TreeBuilder, at: number): void {
  t.add('code', at + 1);
  t.add('life', at + 2);
  t.add('homeaddr', at + 4);
  t.add('haaddr', at + 8);
  t.info(`Reg Reply: HoA=${formatIpv4(t.u32(at + 4))} HA=${formatIpv4(t.u32(at + 8))}, Code=${t.u8(at + 1)}`);
  identification(t, at + 12);
  extensions(t, at + 20);
}

/** A time as NTP has it (RFC 5944 5.7.1); seconds of zero mean none. */
function identification(t: TreeBuilder, at: number): void {
  const seconds = t.u32(at);
  const fraction = (BigInt(t.u32(at + 4)) * SECOND) >> 32n;
  t.put('ident', seconds === 0 ? 0n : (BigInt(seconds) - NTP_TO_1970) * SECOND + fraction, at, 8);
}

function extensions(t: TreeBuilder, start: number): void {
  for (let at = start; at < t.end; ) {
    const type = t.u8(at);
    if (type === 0) return;
    const length = t.u8(at + 1);
    t.nest(t.text(`Extension: ${EXTENSIONS[type] ?? 'Unknown'}`, at, 2 + length));
    t.add('ext.type', at);
    t.put('ext.len', length, at + 1, 1);
    t.need(at + 2, length);
    if (type >= 32 && type <= 34 && length >= 4) t.add('auth.spi', at + 2);
    t.close();
    at += 2 + length;
  }
}
