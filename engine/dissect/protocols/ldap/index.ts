/** LDAP version 3 (RFC 4511), over UDP as Active Directory's ping (CLDAP), and its SASL-wrapped messages (RFC 4513 5.2). */

import { u32 } from '../../../base/bytes.ts';
import { BER_TAG, berLength, readBer } from '../../ber.ts';
import type { ProtocolSpec } from '../../protocol.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import type { TreeBuilder } from '../../tree.ts';
import { fields } from './fields.ts';
import { OPERATION, OPERATIONS } from './names.ts';
import { message } from './operations.ts';

const MAX_WRAPPED = 1 << 24;

function protocol(name: 'ldap' | 'cldap', title: string, rest: Partial<ProtocolSpec>): ProtocolSpec {
  return defineProtocol({
    name,
    title,
    startsTls: true,
    remembers: true,
    opens: ['gss-api', 'spnego', 'spnego-krb5', 'ntlmssp'],
    fields,
    tree,
    ...rest,
  });
}

export const ldap = protocol('ldap', 'Lightweight Directory Access Protocol', {
  on: { 'tcp.port': [389, 3268] },
  recognise: (bytes, at, end) => isMessage(bytes, at, end),
  recogniseOn: ['tcp'],
  frame(f: Framing): number {
    const { bytes, at, end } = f;
    if (bytes[at] === BER_TAG.sequence) {
      const length = berLength(bytes, at, end, BER_TAG.sequence);
      return length === 0 ? MORE : length < 0 ? NOT_MINE : length;
    }
    if (end - at < 4) return MORE;
    const length = u32(bytes, at);
    return length === 0 || length > MAX_WRAPPED ? NOT_MINE : 4 + length;
  },
});

export const cldap = protocol('cldap', 'Connectionless Lightweight Directory Access Protocol', {
  on: { 'udp.port': [389] },
});

function isMessage(bytes: Uint8Array, at: number, end: number): boolean {
  const whole = readBer(bytes, at, end);
  if (whole?.id !== BER_TAG.sequence || whole.wireEnd < end) return false;
  const id = readBer(bytes, whole.value, whole.end);
  if (id?.id !== BER_TAG.integer || id.end - id.value > 4 || id.end === id.value) return false;
  const operation = readBer(bytes, id.end, whole.end);
  if (operation === null || (operation.id & 0xc0) !== 0x40 || OPERATIONS[operation.number] === undefined) return false;
  if (operation.number === OPERATION.bindRequest) {
    const version = readBer(bytes, operation.value, operation.end);
    return version?.id === BER_TAG.integer && (bytes[version.value] === 2 || bytes[version.value] === 3);
  }
  return (
    operation.number === OPERATION.search && readBer(bytes, operation.value, operation.end)?.id === BER_TAG.octetString
  );
}

function tree(t: TreeBuilder): void {
  t.info('');
  if (t.infoSoFar !== '') t.addInfo(' | ');
  if (t.u8(t.at) === BER_TAG.sequence) message(t);
  else wrapped(t);
}

/** Signed or sealed: a length, then a token with what it protects. */
function wrapped(t: TreeBuilder): void {
  const length = t.u32(t.at);
  t.put('ldap.sasl_buffer_length', length, t.at, 4);
  const body = t.at + 4;
  t.info('');
  if (t.end <= body) {
    t.addInfo('SASL GSS-API Privacy: payload (0 bytes)');
    return;
  }
  const column = t.protocol.short;
  const sealed = sealedAt(t, body);
  const size = Math.max(0, t.end - sealed);
  t.dissect('gss-api', body, t.end);
  t.column(column);
  if (size > 0) t.add('ldap.gssapi_encrypted_payload', sealed, size);
  t.addInfo(`SASL GSS-API Privacy: payload (${size} bytes)`);
}

/** Mechanism, header, sequence, checksum and confounder of a Kerberos wrap token with RC4 (RFC 4757 7.3), behind its length. */
const WRAP_RC4 = 43;
const WRAP_HEADER = 16;

/** Where a token's protected bytes begin. */
function sealedAt(t: TreeBuilder, at: number): number {
  if (t.u8(at) === 0x05 && t.has(at, WRAP_HEADER)) return at + WRAP_HEADER; // RFC 4121 4.2.6.2
  return Math.min(t.end, (readBer(t.bytes, at, t.end)?.value ?? at) + WRAP_RC4);
}
