/** DNS (RFC 1035 and its many successors) over UDP and TCP, multicast DNS (RFC 6762) and LLMNR (RFC 4795). */

import { u16 } from '../../../base/bytes.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { fields, sharedFields } from './fields.ts';
import { addMessage, HEADER, type Variant } from './message.ts';
import { OPCODES, TYPES } from './names.ts';

/** Over TCP each message has its length before it (RFC 1035 4.2.2). */
const TCP_LENGTH = 2;
/** Fewer bytes cannot be a question: a root name, type and class. */
const SHORTEST_QUESTION = 5;
const RESERVED = 0x0040;
const MAX_RECORDS = 256;
/** NetBIOS names (RFC 1002) travel in messages of the same form. */
const NETBIOS_NAMES = 137;
const NETBIOS_DATAGRAMS = 138;

function frame(f: Framing): number {
  if (f.end - f.at < TCP_LENGTH) return MORE;
  const length = u16(f.bytes, f.at);
  return length < HEADER ? NOT_MINE : TCP_LENGTH + length;
}

/** Identifier and flags. */
const FLAGS_END = 4;

function tree(variant: Variant): (t: TreeBuilder) => void {
  return (t) => {
    t.need(t.at, FLAGS_END); // without its flags nobody knows what it is
    if (t.transport !== 'tcp') {
      addMessage(t, t.at, variant);
      return;
    }
    t.add('length', t.at);
    t.limit(t.at + TCP_LENGTH + t.u16(t.at));
    addMessage(t, t.at + TCP_LENGTH, variant);
  };
}

/**
 * A header with plausible counts, and a first question whose labels end in the packet. Ports other than the known ones carry
 * DNS now and then; random bytes fit this less than once in a hundred million.
 */
function recognise(bytes: Uint8Array, at: number, end: number, port: number): boolean {
  if (port === NETBIOS_NAMES || port === NETBIOS_DATAGRAMS || end - at < HEADER + SHORTEST_QUESTION) return false;
  const flags = u16(bytes, at + 2);
  const isResponse = (flags & 0x8000) !== 0;
  if ((flags & RESERVED) !== 0) return false;
  if (OPCODES[(flags >>> 11) & 15] === undefined || (flags & 15) > 10) return false;
  const questions = u16(bytes, at + 4);
  const answers = u16(bytes, at + 6);
  if (questions !== 1 || (!isResponse && (answers !== 0 || (flags & 15) !== 0))) return false;
  if (answers > MAX_RECORDS || u16(bytes, at + 8) > MAX_RECORDS || u16(bytes, at + 10) > MAX_RECORDS) return false;
  let label = at + HEADER;
  while (label < end && bytes[label] !== 0) {
    const length = bytes[label];
    if (length > 63 || label + 1 + length >= end) return false;
    for (let i = label + 1; i <= label + length; i++) if (bytes[i] < 0x21 || bytes[i] === 0x7f) return false;
    label += 1 + length;
  }
  if (label === at + HEADER || label + SHORTEST_QUESTION > end) return false;
  const klass = u16(bytes, label + 3);
  return TYPES[u16(bytes, label + 1)] !== undefined && (klass === 1 || klass === 3 || klass === 255);
}

export const dns = defineProtocol({
  name: 'dns',
  title: 'Domain Name System',
  on: { 'udp.port': [53], 'tcp.port': [53], 'media.type': ['application/dns-message'] },
  header: TCP_LENGTH,
  fields,
  remembers: true,
  recognise,
  recogniseOn: ['udp'],
  frame,
  tree: tree('dns'),
});

export const llmnr = defineProtocol({
  name: 'llmnr',
  title: 'Link-local Multicast Name Resolution',
  on: { 'udp.port': [5355], 'tcp.port': [5355] },
  fields: sharedFields,
  remembers: true,
  frame,
  tree: tree('llmnr'),
});

export const mdns = defineProtocol({
  name: 'mdns',
  title: 'Multicast Domain Name System',
  on: { 'udp.port': [5353], 'tcp.port': [5353] },
  fields: sharedFields,
  frame,
  tree: tree('mdns'),
});
