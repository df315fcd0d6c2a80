/** The first payload of a TLS flow, as far as it says whose secrets are needed (RFC 8446 4.1.2, 5.1). */

import type { KeyLog } from '../base/key-log.ts';

/** Places in a TLS record that begins with a Client Hello. */
const HELLO = { type: 5, random: 11, contentType: 22, handshakeType: 1 } as const;

/** Does a payload begin with a Client Hello that there are secrets for? */
export function isKnownHello(keyLog: KeyLog, bytes: Uint8Array, at: number, end: number): boolean {
  return (
    end - at > HELLO.random &&
    bytes[at] === HELLO.contentType &&
    bytes[at + HELLO.type] === HELLO.handshakeType &&
    keyLog.knows(bytes, at + HELLO.random)
  );
}
