/** What a domain controller says of itself in the attribute `netlogon` ([MS-ADTS] 6.3.1): one structure in an LDAP answer. */

import type { TreeBuilder } from '../../tree.ts';
import { uuidBytes } from '../../uuid.ts';

const OPCODE = { answer: 0x17, user: 0x19, noUser: 0x19 } as const;
const MAX_LABELS = 64;
const MAX_JUMPS = 16;

export function netlogonAnswer(t: TreeBuilder, at: number, end: number): void {
  if (at + 24 > end) return;
  const opcode = t.u16le(at);
  t.put('mscldap.netlogon.opcode', opcode, at, 2);
  if (opcode < OPCODE.answer || opcode > OPCODE.user) return;
  bits(t, 'mscldap.netlogon.flags', t.u32le(at + 4), at + 4, 'mscldap.netlogon.flags.');
  t.put('mscldap.domain.guid', uuidBytes(t.bytes, at + 8, true), at + 8, 16);
  let next = at + 24;
  for (const key of [
    'forest',
    'domain',
    'hostname',
    'nb_domain',
    'nb_hostname',
    'username',
    'sitename',
    'clientsitename',
  ]) {
    const found = name(t, at, next, end);
    if (found === null) return;
    t.put(`mscldap.${key}`, found.text, next, found.end - next);
    next = found.end;
  }
  const trailer = end - 8;
  if (trailer - next >= 16) {
    const address = next + 1; // a byte with the length of the address
    t.put('mscldap.netlogon.ipaddress.family', t.u16le(address), address, 2);
    t.put('mscldap.netlogon.ipaddress.port', t.u16(address + 2), address + 2, 2);
    t.put('mscldap.netlogon.ipaddress.ipv4', t.u32(address + 4), address + 4, 4);
  }
  if (trailer < next) return;
  bits(t, 'mscldap.ntver.flags', t.u32le(trailer), trailer, 'mscldap.ntver.searchflags.');
  t.put('mscldap.netlogon.lm_token', t.u16le(trailer + 4), trailer + 4, 2);
  t.put('mscldap.netlogon.nt_token', t.u16le(trailer + 6), trailer + 6, 2);
}

function bits(t: TreeBuilder, key: string, value: number, at: number, prefix: string): void {
  t.nest(t.put(key, value, at, 4));
  for (const [name, entry] of t.protocol.fields) {
    const range = entry.spec.bits;
    if (range !== undefined && name.startsWith(prefix)) t.put(name, Math.floor(value / 2 ** range[1]) & 1, at, 4);
  }
  t.close();
}

/** A name in labels that may point back into the structure (RFC 1035 4.1.4); null where it does not fit. */
function name(
  t: TreeBuilder,
  base: number,
  from: number,
  end: number,
): { readonly text: string; readonly end: number } | null {
  const labels: string[] = [];
  let at = from;
  let after = -1;
  for (let i = 0, jumps = 0; i < MAX_LABELS; i++) {
    if (at >= end) return null;
    const length = t.u8(at);
    if (length === 0) return { text: labels.join('.'), end: after < 0 ? at + 1 : after };
    if ((length & 0xc0) === 0xc0) {
      if (at + 2 > end || ++jumps > MAX_JUMPS) return null;
      if (after < 0) after = at + 2;
      const target = base + (t.u16(at) & 0x3fff);
      if (target >= at) return null;
      at = target;
      continue;
    }
    if (at + 1 + length > end) return null;
    labels.push(t.string(at + 1, length));
    at += 1 + length;
  }
  return null;
}
