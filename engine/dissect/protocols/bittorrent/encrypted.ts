/**
 * BitTorrent with Message Stream Encryption: no byte of it says so. Probable where other flows (DHT, a tracker, greetings in the
 * clear) named one end as a peer, and the first payload looks as the key exchange does: 96 bytes of a public key and up to 512 of
 * padding, all of them random.
 */

import { addProbable, PROBABLE_FIELDS } from '../../probable.ts';
import { defineProtocol } from '../../protocol.ts';

const KEY = 96;
const MAX_FIRST = KEY + 512;
/** Of 96 random bytes about 80 differ, 36 are printable and half of the bits are set; so far from it they are not random. */
const LIMITS = { different: 64, printable: 58, bits: [307, 461] } as const;

export const btEncrypted = defineProtocol({
  name: 'bt-mse',
  title: 'BitTorrent, encrypted (probable)',
  short: 'BT-MSE',
  probable: true,
  accepts: isKeyExchange,
  fields: PROBABLE_FIELDS,
  tree(t) {
    const length = t.end - t.at;
    t.info(`Encrypted, ${length} byte${length === 1 ? '' : 's'}`);
    const { announced } = t.packet;
    const said =
      announced === undefined
        ? 'another connection named this peer'
        : `${announced.method} named this peer in frame ${announced.row + 1}`;
    const first = 'the first bytes are random, as many as the key exchange has';
    addProbable(t, 'encrypted BitTorrent', [said, first], t.at, length);
  },
});

/** May these bytes be the beginning of a key exchange? */
function isKeyExchange(bytes: Uint8Array, at: number, end: number): boolean {
  const length = end - at;
  if (length < KEY || length > MAX_FIRST) return false;
  const seen = new Uint8Array(256);
  let different = 0;
  let printable = 0;
  let bits = 0;
  for (let i = at; i < at + KEY; i++) {
    const byte = bytes[i];
    if (seen[byte] === 0) {
      seen[byte] = 1;
      different++;
    }
    if (byte >= 0x20 && byte < 0x7f) printable++;
    for (let rest = byte; rest > 0; rest >>>= 1) bits += rest & 1;
  }
  const [fewest, most] = LIMITS.bits;
  return (
    different >= LIMITS.different &&
    printable <= LIMITS.printable &&
    bits >= fewest &&
    bits <= most &&
    !isTls(bytes, at)
  );
}

/** A record of TLS begins with its type and version, whatever follows. */
function isTls(bytes: Uint8Array, at: number): boolean {
  return bytes[at] >= 20 && bytes[at] <= 23 && bytes[at + 1] === 3 && bytes[at + 2] <= 4;
}
