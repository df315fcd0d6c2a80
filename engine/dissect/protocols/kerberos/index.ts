/** Kerberos 5 (RFC 4120): requests, tickets, errors; over UDP as they are, over TCP behind four bytes of length. */

import { u32 } from '../../../base/bytes.ts';
import { BER_TAG, readBer } from '../../ber.ts';
import { defineProtocol, type Framing, MORE, NOT_MINE } from '../../protocol.ts';
import { kerberosFields } from './fields.ts';
import { message } from './messages.ts';
import { MESSAGES } from './names.ts';

const TCP_LENGTH = 4;
const MAX_MESSAGE = 1 << 24;
const APPLICATION = 0x60;
/** What a GSS-API token leaves as TreeBuilder.hint. */
const CARRIED = 'gss-api';

export const kerberos = defineProtocol({
  name: 'kerberos',
  title: 'Kerberos',
  short: 'KRB5',
  on: { 'udp.port': [88], 'tcp.port': [88] },
  fields: kerberosFields,
  recognise(bytes, at, end) {
    const from = bytes[at] === 0 ? at + TCP_LENGTH : at;
    if (from !== at && u32(bytes, at) + TCP_LENGTH < end - at) return false;
    return isMessage(bytes, from, end);
  },
  frame(f: Framing): number {
    if (f.end - f.at < TCP_LENGTH) return MORE;
    const length = u32(f.bytes, f.at) & 0x7fffffff;
    return length < 8 || length > MAX_MESSAGE ? NOT_MINE : TCP_LENGTH + length;
  },
  tree(t) {
    // In a GSS-API token there is no record, and what carries it says what the packet is about.
    const isCarried = t.hint === CARRIED;
    t.hint = '';
    const isRecord = !isCarried && t.transport === 'tcp';
    const start = isRecord ? t.at + TCP_LENGTH : t.at;
    const whole = readBer(t.bytes, start, t.end);
    if (whole === null || (whole.id & 0xe0) !== APPLICATION) {
      if (!isCarried) t.payload(start);
      return;
    }
    if (isRecord) {
      t.nest(t.text(`Record Mark: ${t.u32(t.at) & 0x7fffffff} bytes`, t.at, TCP_LENGTH));
      t.add('rm.reserved', t.at, TCP_LENGTH);
      t.add('rm.length', t.at);
      t.close();
    }
    if (!isCarried) t.info('');
    message(t, whole, !isCarried);
  },
});

/** An application tag of a message, around a sequence that starts with version 5. */
function isMessage(bytes: Uint8Array, at: number, end: number): boolean {
  const whole = readBer(bytes, at, end);
  if (whole === null || MESSAGES[whole.number] === undefined || (whole.id & 0xe0) !== APPLICATION) return false;
  const body = readBer(bytes, whole.value, whole.end);
  if (body?.id !== BER_TAG.sequence) return false;
  const first = readBer(bytes, body.value, body.end);
  const version = first === null ? null : readBer(bytes, first.value, first.end);
  return version?.id === BER_TAG.integer && version.end - version.value === 1 && bytes[version.value] === 5;
}
