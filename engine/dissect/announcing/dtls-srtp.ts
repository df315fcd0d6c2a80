/** A DTLS handshake that agrees on SRTP (RFC 5764 4.1): what else comes on the same ports is sound and its control, encrypted. */

import { u16, u24 } from '../../base/bytes.ts';
import type { Announcing } from '../announcements.ts';

const RECORD = 13;
const HANDSHAKE = 22;
const MESSAGE = 12;
const SERVER_HELLO = 2;
const USE_SRTP = 14;
const VERSION_AND_RANDOM = 34;
/** Cipher suite and compression method. */
const CHOICES = 3;

export function announceSrtp(a: Announcing): void {
  const { bytes, at, end } = a;
  const message = at + RECORD;
  if (bytes[at] !== HANDSHAKE || end - message < MESSAGE || bytes[message] !== SERVER_HELLO) return;
  const stop = Math.min(end, message + MESSAGE + u24(bytes, message + 9));
  const session = message + MESSAGE + VERSION_AND_RANDOM;
  if (session >= stop) return;
  let next = session + 1 + bytes[session] + CHOICES + 2;
  while (next + 4 <= stop) {
    const length = u16(bytes, next + 2);
    if (u16(bytes, next) === USE_SRTP && next + 8 <= stop) {
      const { notes } = a.tell('udp', a.source.address, a.source.port, 'rtp', 'DTLS-SRTP');
      notes.set('profile', { text: String(u16(bytes, next + 6)), row: a.row });
      return;
    }
    next += 4 + length;
  }
}
