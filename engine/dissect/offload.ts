/**
 * Checksums that the sender's network card was to fill in (offload): captured before it did, the field holds no more than the
 * sum of the pseudo header (RFC 9293 3.1, RFC 768, RFC 8200 8.1), with the segment's length or, where the card cuts it, without.
 */

import { fold16, sum16 } from '../base/checksum.ts';
import type { Carrier } from './tree.ts';

/** `length`: of header and payload, on the wire. A checksum that is right by chance is none of these: the caller asks for that. */
export function isPseudoSum(carrier: Carrier, protocol: number, length: number, given: number): boolean {
  const { source, destination } = carrier;
  const sum = sum16(source, 0, source.length) + sum16(destination, 0, destination.length) + protocol;
  return given === fold16(sum) || given === fold16(sum + (length & 0xffff) + (length >>> 16));
}

/** Is the checksum in these bytes, header and payload, right? */
export function isRightSum(carrier: Carrier, protocol: number, bytes: Uint8Array, at: number, end: number): boolean {
  const { source, destination } = carrier;
  const addresses = sum16(source, 0, source.length) + sum16(destination, 0, destination.length);
  return fold16(sum16(bytes, at, end, addresses + protocol + end - at)) === 0xffff;
}
