/** NetBIOS names (RFC 1001 14, RFC 1002 4.1): sixteen bytes, each as two letters from A to P in a DNS label; the last says what it is. */

import type { TreeBuilder } from '../../tree.ts';

const KINDS: Readonly<Record<number, string>> = {
  0x00: 'Workstation/Redirector',
  0x01: 'Browser',
  0x02: 'Workstation/Redirector',
  0x03: 'Messenger service/Main name',
  0x05: 'Forwarded name',
  0x06: 'RAS Server service',
  0x1b: 'Domain Master Browser',
  0x1c: 'Domain Controllers',
  0x1d: 'Local Master Browser',
  0x1e: 'Browser Election Service',
  0x1f: 'Net DDE Service',
  0x20: 'Server service',
  0x21: 'RAS client service',
  0x22: 'Exchange Interchange (MSMail Connector)',
  0x23: 'Exchange Store',
  0x24: 'Exchange Directory',
  0x2b: 'Lotus Notes Server service',
  0x30: 'Modem sharing server service',
  0x31: 'Modem sharing client service',
  0x33: 'Lotus Notes',
  0x43: 'SMS Clients Remote Control',
  0x44: 'SMS Administrators Remote Control Tool',
  0x45: 'SMS Clients Remote Chat',
  0x46: 'SMS Clients Remote Transfer',
  0x4c: 'DEC Pathworks TCP/IP Service',
  0x52: 'DEC Pathworks TCP/IP Service',
  0x6a: 'Microsoft Exchange IMC',
  0x87: 'Microsoft Exchange MTA',
  0xbe: 'Network Monitor Agent',
  0xbf: 'Network Monitor Analyzer',
};

/** Bytes of a name before it is encoded: fifteen of text, one of kind. */
const NAME_LENGTH = 16;
const ENCODED_LENGTH = 2 * NAME_LENGTH;
const LETTER_A = 0x41;
const MAX_LABELS = 128;

export interface NetbiosName {
  /** `SERVER<20>` */
  readonly text: string;
  /** What the last byte says, or -1. */
  readonly kind: number;
  /** Offset behind the name where it stands. */
  readonly end: number;
}

/** `SERVER<20> (Server service)`. */
export function longName(name: NetbiosName): string {
  return name.kind < 0 ? name.text : `${name.text} (${KINDS[name.kind] ?? 'Unknown'})`;
}

/** Sixteen plain bytes as text: padding spaces are left out, what does not print is shown in hex. */
export function plainName(bytes: Uint8Array, at: number): { readonly text: string; readonly kind: number } {
  const kind = bytes[at + NAME_LENGTH - 1];
  let end = at + NAME_LENGTH - 1;
  while (end > at && bytes[end - 1] === 0x20) end--;
  let text = '';
  for (let i = at; i < end; i++)
    text += bytes[i] >= 0x20 && bytes[i] < 0x7f ? String.fromCharCode(bytes[i]) : hexByte(bytes[i]);
  return { text: text + hexByte(kind), kind };
}

function hexByte(byte: number): string {
  return `<${byte.toString(16).padStart(2, '0')}>`;
}

/** A name of a message that starts at `base`: DNS labels, the first of them encoded; pointers go backwards only. */
export function readName(t: TreeBuilder, base: number, at: number): NetbiosName {
  const labels: string[] = [];
  let end = -1;
  let limit = at;
  let kind = -1;
  for (let i = 0; i < MAX_LABELS; i++) {
    const length = t.u8(at);
    if ((length & 0xc0) === 0xc0) {
      const target = base + (t.u16(at) & 0x3fff);
      if (end < 0) end = at + 2;
      if (target >= limit) break; // a loop
      at = target;
      limit = target;
      continue;
    }
    if (length === 0) {
      if (end < 0) end = at + 1;
      break;
    }
    if (labels.length === 0 && length >= ENCODED_LENGTH) {
      const name = decode(t, at + 1);
      if (name !== null) {
        kind = name.kind;
        labels.push(name.text);
      } else labels.push(`Illegal NetBIOS name (1st character not between A and Z in first-level encoding)`);
    } else labels.push(t.string(at + 1, length, 'ascii'));
    at += 1 + length;
  }
  return { text: labels.join('.'), kind, end: end < 0 ? at + 1 : end };
}

function decode(t: TreeBuilder, at: number): { readonly text: string; readonly kind: number } | null {
  t.need(at, ENCODED_LENGTH);
  const plain = new Uint8Array(NAME_LENGTH);
  for (let i = 0; i < NAME_LENGTH; i++) {
    const high = t.u8(at + 2 * i) - LETTER_A;
    const low = t.u8(at + 2 * i + 1) - LETTER_A;
    if (high < 0 || high > 25 || low < 0 || low > 25) return null;
    plain[i] = (high << 4) | (low & 0xf);
  }
  return plainName(plain, 0);
}
