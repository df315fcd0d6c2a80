/**
 * Peers of BitTorrent, whose connections may be encrypted (MSE): what an own message says of who listens where. DHT: BEP 5; trackers
 * over UDP: BEP 15; who was greeted in the clear: BEP 3.
 */

import { formatIpv4 } from '../../base/address.ts';
import { u16, u32 } from '../../base/bytes.ts';
import type { Announcing } from '../announcements.ts';

const ENCRYPTED = 'bt-mse';
/** `6:valuesl` in front of a list of `6:` and six bytes each. */
const VALUES = Array.from('6:valuesl', (letter) => letter.charCodeAt(0));
const SIX = 0x36;
const COLON = 0x3a;
const PEER = 6;
/** A message lists so many peers at most. */
const MAX_PEERS = 200;
const TRACKER = { announce: 1, peers: 20 } as const;

interface Told {
  /** By direction: the sender's own port was told. */
  readonly sender: [boolean, boolean];
}

function peer(a: Announcing, at: number, method: string): void {
  const port = u16(a.bytes, at + 4);
  if (port > 0) a.tell('tcp', formatIpv4(u32(a.bytes, at)), port, ENCRYPTED, method);
}

/** A node listens for peers on the port that it speaks DHT from; answers list others. */
export function announceDht(a: Announcing): void {
  const told = a.state((): Told => ({ sender: [false, false] }));
  if (!told.sender[a.direction]) {
    told.sender[a.direction] = true;
    a.tell('tcp', a.source.address, a.source.port, ENCRYPTED, 'DHT');
  }
  const { bytes, end } = a;
  let at = find(bytes, a.at, end, VALUES);
  if (at < 0) return;
  for (let count = 0; count < MAX_PEERS && at + 2 + PEER <= end; count++, at += 2 + PEER) {
    if (bytes[at] !== SIX || bytes[at + 1] !== COLON) return;
    peer(a, at + 2, 'DHT');
  }
}

/** The answer to an announce: addresses and ports behind its numbers. */
export function announceTracker(a: Announcing): void {
  const { bytes, at, end } = a;
  const length = end - at;
  if (a.direction === 0 || length < TRACKER.peers || u32(bytes, at) !== TRACKER.announce) return;
  if ((length - TRACKER.peers) % PEER !== 0) return;
  for (let next = at + TRACKER.peers, count = 0; next < end && count < MAX_PEERS; next += PEER, count++)
    peer(a, next, 'tracker');
}

/** Who answers a greeting in the clear takes encrypted ones too. */
export function announcePeer(a: Announcing): void {
  const told = a.state((): Told => ({ sender: [false, false] }));
  if (a.direction === 0 || told.sender[1]) return;
  told.sender[1] = true;
  a.tell('tcp', a.source.address, a.source.port, ENCRYPTED, 'handshake');
}

/** One past the text; -1: it is not there. */
function find(bytes: Uint8Array, from: number, end: number, text: readonly number[]): number {
  for (let at = from; at + text.length <= end; at++) {
    let i = 0;
    while (i < text.length && bytes[at + i] === text[i]) i++;
    if (i === text.length) return at + i;
  }
  return -1;
}
