/**
 * Names of addresses from the bytes that tell them, without dissecting: answers of DNS over UDP (RFC 1035 4.1), the server name of
 * the first segment of TLS connections (RFC 6066 3), the Host line of the first request of HTTP. What does not begin as it should
 * tells nothing. One pass over the rows; kept as long as the capture does not grow.
 */

import { formatIpv4, formatIpv6 } from '../../../base/address.ts';
import { u16, u24, u32 } from '../../../base/bytes.ts';
import { protocolNamed } from '../../../dissect/registry.ts';
import { FLAG } from '../../../table/flags.ts';
import { BLOCK_MASK, BLOCK_SHIFT } from '../../../table/packet-table.ts';
import type { Capture } from '../../capture.ts';
import type { GivenNames } from '../../given-names.ts';
import { addressOfBytes, Names } from '../../names.ts';

/** Enough of a packet for every name that begins in it. */
const ROOM = 4096;
const MOST_LABELS = 128;

const kept = new WeakMap<Capture, { readonly rows: number; readonly given: GivenNames; readonly names: Names }>();

export function quickNames(capture: Capture): Names {
  const known = kept.get(capture);
  if (known?.rows === capture.table.count && known.given === capture.given) return known.names;
  const names = findNames(capture);
  kept.set(capture, { rows: capture.table.count, given: capture.given, names });
  return names;
}

function findNames(capture: Capture): Names {
  const { table, stacks, paths } = capture.pass;
  const names = new Names(capture.given);
  for (const { address, names: given } of capture.reader.facts.names)
    for (const name of given) names.add(addressOfBytes(address), name, 'file', -1);
  const kinds = new Uint8Array(65536);
  const wanted = (['dns', 'tls', 'http'] as const).map((name) => protocolNamed(name).index);
  for (let stack = 1; stack < stacks.count; stack++) {
    const kind = wanted.findIndex((protocol) => stacks.has(stack, protocol));
    if (kind >= 0) kinds[stack] = kind + 1;
  }
  const asked = new Set<number>();
  const buffer = new Uint8Array(ROOM);
  for (let base = table.firstBase; base < table.count; base += 1 << BLOCK_SHIFT) {
    const block = table.blocks[base >>> BLOCK_SHIFT];
    const end = Math.min(table.count - base, BLOCK_MASK + 1);
    for (let i = 0; i < end; i++) {
      const kind = kinds[block.stack[i]];
      if (kind === 0 || block.payloadLength[i] === 0) continue;
      const isReverse = (block.flags[i] & FLAG.reverse) !== 0;
      // DNS says names in answers; clients of the others say them first of all.
      if (kind !== DNS && (isReverse || asked.has(block.path[i]))) continue;
      const row = base + i;
      const at = block.length[i] - block.payloadLength[i];
      const size = Math.min(block.capturedLength[i], ROOM);
      if (at >= size) continue;
      const bytes = buffer.subarray(0, size);
      const got = capture.reader.packet(block.locator[i], bytes, block.interface[i]);
      const payload = bytes.subarray(at, got);
      if (kind === DNS) {
        readAnswers(payload, (address, name) => names.add(address, name, 'dns', row));
        continue;
      }
      asked.add(block.path[i]);
      const name = kind === TLS ? serverName(payload) : hostLine(payload);
      const { destination } = paths.addresses(block.path[i]);
      if (name !== '' && name !== destination) names.add(destination, name, kind === TLS ? 'tls' : 'http', row);
    }
  }
  return names;
}

const DNS = 1;
const TLS = 2;
const A = 1;
const AAAA = 28;

/** Addresses of a response, under the name that was asked for. */
function readAnswers(bytes: Uint8Array, tell: (address: string, name: string) => void): void {
  if (bytes.length < 12 || (bytes[2] & 0x80) === 0 || u16(bytes, 4) !== 1) return;
  const asked = nameAt(bytes, 12);
  if (asked === null) return;
  let at = asked.end + 4;
  for (let left = u16(bytes, 6); left > 0; left--) {
    const owner = nameAt(bytes, at);
    if (owner === null || owner.end + 10 > bytes.length) return;
    const type = u16(bytes, owner.end);
    const length = u16(bytes, owner.end + 8);
    const data = owner.end + 10;
    if (data + length > bytes.length) return;
    if (type === A && length === 4) tell(formatIpv4(u32(bytes, data)), asked.name);
    else if (type === AAAA && length === 16) tell(formatIpv6(bytes, data), asked.name);
    at = data + length;
  }
}

/** A name, and where what follows it begins; pointers lead backwards only. Null: it does not end. */
function nameAt(bytes: Uint8Array, start: number): { readonly name: string; readonly end: number } | null {
  const labels: string[] = [];
  let end = -1;
  let at = start;
  let before = start;
  for (let steps = 0; steps < MOST_LABELS && at < bytes.length; steps++) {
    const length = bytes[at];
    if (length === 0) return { name: labels.join('.'), end: end < 0 ? at + 1 : end };
    if (length >= 0xc0) {
      if (at + 1 >= bytes.length) return null;
      const target = u16(bytes, at) & 0x3fff;
      if (target >= before) return null;
      if (end < 0) end = at + 2;
      before = at = target;
      continue;
    }
    if (length > 63 || at + 1 + length > bytes.length) return null;
    labels.push(latin(bytes, at + 1, at + 1 + length));
    at += 1 + length;
  }
  return null;
}

/** The host_name of a ClientHello; '' where it is none, or says none in this segment. */
function serverName(bytes: Uint8Array): string {
  if (bytes.length < 44 || bytes[0] !== 22 || bytes[5] !== 1) return '';
  const end = Math.min(bytes.length, 9 + u24(bytes, 6));
  let at = 43;
  at += 1 + bytes[at];
  if (at + 2 > end) return '';
  at += 2 + u16(bytes, at);
  if (at + 1 > end) return '';
  at += 1 + bytes[at];
  at += 2;
  while (at + 4 <= end) {
    const type = u16(bytes, at);
    const length = u16(bytes, at + 2);
    if (type === 0) {
      const size = at + 9 <= end ? u16(bytes, at + 7) : 0;
      return size > 0 && at + 9 + size <= end ? latin(bytes, at + 9, at + 9 + size) : '';
    }
    at += 4 + length;
  }
  return '';
}

/** The Host line of a request, without its port. */
function hostLine(bytes: Uint8Array): string {
  const [, host = ''] =
    /^[A-Z]+ [^\r\n]* HTTP\/1\.[^]*?\r?\nhost:[ \t]*([^\s:]+)/i.exec(latin(bytes, 0, bytes.length)) ?? [];
  return host;
}

/** Printable ASCII; anything else becomes a question mark. */
function latin(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) {
    const byte = bytes[i];
    text += (byte >= 32 && byte < 127) || byte === 10 || byte === 13 || byte === 9 ? String.fromCharCode(byte) : '?';
  }
  return text;
}
