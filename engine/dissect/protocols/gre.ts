/** GRE (RFC 2784, RFC 2890; routing of RFC 1701) and the version that PPTP uses (RFC 2637). */

import { u16, u32 } from '../../base/bytes.ts';
import { fold16, sum16 } from '../../base/checksum.ts';
import { greProtocolNames } from '../names/gre-protocols.ts';
import { defineProtocol } from '../protocol.ts';
import type { TreeBuilder } from '../tree.ts';

const AT = { flags: 0, protocol: 2, options: 4 } as const;
const FLAG = { checksum: 0x8000, routing: 0x4000, key: 0x2000, sequence: 0x1000, ack: 0x0080, version: 7 } as const;

export const gre = defineProtocol({
  name: 'gre',
  title: 'Generic Routing Encapsulation',
  on: { 'ip.proto': [47] },
  chooses: 'gre.proto',
  header: AT.options,
  fields: {
    flags_and_version: { at: AT.flags, type: 'u16', show: 'hex', label: 'Flags and Version' },
    'flags.checksum': { type: 'bool', of: 'u16', bits: [15, 15], label: 'Checksum Bit', flag: ['Yes', 'No'] },
    'flags.routing': { type: 'bool', of: 'u16', bits: [14, 14], label: 'Routing Bit', flag: ['Yes', 'No'] },
    'flags.key': { type: 'bool', of: 'u16', bits: [13, 13], label: 'Key Bit', flag: ['Yes', 'No'] },
    'flags.sequence_number': {
      type: 'bool',
      of: 'u16',
      bits: [12, 12],
      label: 'Sequence Number Bit',
      flag: ['Yes', 'No'],
    },
    'flags.strict_source_route': {
      type: 'bool',
      of: 'u16',
      bits: [11, 11],
      label: 'Strict Source Route Bit',
      flag: ['Yes', 'No'],
    },
    'flags.recursion_control': { type: 'u16', bits: [10, 8], label: 'Recursion control' },
    'flags.ack': { type: 'bool', of: 'u16', bits: [7, 7], label: 'Acknowledgment', flag: ['Yes', 'No'] },
    'flags.reserved': { type: 'u16', bits: [7, 3], label: 'Flags (Reserved)' },
    'flags.version': { type: 'u16', bits: [2, 0], label: 'Version', names: { 0: 'GRE', 1: 'Enhanced GRE' } },
    proto: { type: 'u16', show: 'hex', label: 'Protocol Type', names: greProtocolNames },
    checksum: { type: 'u16', show: 'hex', label: 'Checksum' },
    'checksum.status': {
      type: 'u8',
      label: 'Checksum Status',
      names: { 0: 'Bad', 1: 'Good', 2: 'Unverified', 3: 'Not present', 4: 'Illegal' },
    },
    'checksum.incorrect': { type: 'none', label: 'Incorrect GRE Checksum' },
    offset: { type: 'u16', label: 'Offset' },
    key: { type: 'u32', show: 'hex', label: 'Key' },
    'key.payload_length': { type: 'u16', label: 'Payload Length' },
    'key.call_id': { type: 'u16', label: 'Call ID' },
    sequence_number: { type: 'u32', label: 'Sequence Number' },
    ack_number: { type: 'u32', label: 'Acknowledgment Number' },
    routing: { type: 'none', label: 'Routing' },
    'routing.address_family': { type: 'u16', label: 'Address Family', many: true },
    'routing.sre_offset': { type: 'u8', label: 'SRE Offset', many: true },
    'routing.src_length': { type: 'u8', label: 'SRE Length', many: true },
    'routing.information': { type: 'bytes', label: 'Routing Information', many: true },
  },
  scan(p) {
    const b = p.bytes;
    const flags = u16(b, p.at);
    const protocol = u16(b, p.at + AT.protocol);
    let length = optionsLength(flags);
    if (!p.has(length)) return;
    if ((flags & FLAG.key) !== 0)
      p.tunnel(u32(b, p.at + AT.options + ((flags & (FLAG.checksum | FLAG.routing)) !== 0 ? 4 : 0)));
    if ((flags & FLAG.routing) !== 0) {
      for (;;) {
        if (!p.has(length + 4)) return;
        const size = b[p.at + length + 3];
        const family = u16(b, p.at + length);
        length += 4;
        if (family === 0 && size === 0) break;
        length += size;
        if (!p.has(length)) return;
      }
    }
    p.enter(length);
    p.next(protocol);
  },
  tree(t) {
    const flags = t.u16(t.at);
    const protocol = t.u16(t.at + AT.protocol);
    const isEnhanced = (flags & FLAG.version) === 1;
    const name = greProtocolNames[protocol] ?? `0x${protocol.toString(16).padStart(4, '0')} (unknown)`;
    t.addLabel(` (${greProtocolNames[protocol] ?? `0x${protocol.toString(16).padStart(4, '0')} - unknown`})`);
    t.info(`Encapsulated ${name}`);
    t.header();
    t.nest(t.last());
    for (const bit of ['checksum', 'routing', 'key', 'sequence_number', 'strict_source_route', 'recursion_control'])
      t.add(`flags.${bit}`, t.at);
    if (isEnhanced) t.add('flags.ack', t.at);
    t.put('flags.reserved', (flags >>> 3) & (isEnhanced ? 15 : 31), t.at, 2);
    t.add('flags.version', t.at);
    t.close();
    t.add('proto', t.at + AT.protocol);
    let at = t.at + AT.options;
    if ((flags & (FLAG.checksum | FLAG.routing)) !== 0) {
      checksum(t, at, (flags & FLAG.checksum) !== 0);
      t.add('offset', at + 2);
      at += 4;
    }
    if ((flags & FLAG.key) !== 0) {
      if (isEnhanced && protocol === PPP) {
        t.add('key.payload_length', at);
        t.add('key.call_id', at + 2);
      } else t.add('key', at);
      at += 4;
    }
    if ((flags & FLAG.sequence) !== 0) at = t.add('sequence_number', at);
    if (isEnhanced && (flags & FLAG.ack) !== 0) at = t.add('ack_number', at);
    if ((flags & FLAG.routing) !== 0) at = routing(t, at);
    t.headerEnd(at);
    t.upper(at);
  },
});

const PPP = 0x880b;

function optionsLength(flags: number): number {
  let length: number = AT.options;
  if ((flags & (FLAG.checksum | FLAG.routing)) !== 0) length += 4;
  if ((flags & FLAG.key) !== 0) length += 4;
  if ((flags & FLAG.sequence) !== 0) length += 4;
  if ((flags & FLAG.version) === 1 && (flags & FLAG.ack) !== 0) length += 4;
  return length;
}

function checksum(t: TreeBuilder, at: number, isPresent: boolean): void {
  t.add('checksum', at);
  const isWhole = t.end === t.wireEnd;
  const isGood = isWhole && fold16(sum16(t.bytes, t.at, t.end)) === 0xffff;
  if (!isPresent) return;
  t.generated('checksum.status', !isWhole ? 2 : isGood ? 1 : 0, at, 2);
  if (isWhole && !isGood) t.expert('warning', 'Incorrect GRE Checksum', at, 2, 'checksum.incorrect');
}

/** Source route entries up to the empty one (RFC 1701). */
function routing(t: TreeBuilder, from: number): number {
  let at = from;
  for (;;) {
    t.nest(t.put('routing', new Uint8Array(0), at, 4));
    const family = t.u16(at);
    const size = t.u8(at + 3);
    t.add('routing.address_family', at);
    t.add('routing.sre_offset', at + 2);
    t.add('routing.src_length', at + 3);
    at += 4;
    if (size > 0) t.add('routing.information', at, size);
    at += size;
    t.close(at);
    if (family === 0 && size === 0) return at;
  }
}
