/**
 * On which side of a connection it was captured, told from its handshake: the half of the round trip that lies on the near side
 * takes next to no time, and packets of a host that is here have not lost a hop (RFC 791 3.2: systems begin with 32, 64, 128 or
 * 255). What says nothing, or contradicts itself, stays unknown.
 */

export const CAPTURE_SIDES = ['client', 'server', 'between'] as const;
export type CaptureSide = (typeof CAPTURE_SIDES)[number];

export interface SideEvidence {
  /** SYN to SYN/ACK, and SYN/ACK to ACK, in nanoseconds; NaN: not in this capture. */
  readonly serverHalf: number;
  readonly clientHalf: number;
  /** Hop limits of SYN and SYN/ACK; 0: not in this capture. */
  readonly clientHops: number;
  readonly serverHops: number;
}

export interface ToldSide {
  readonly side: CaptureSide | 'unknown';
  /** What tells it. */
  readonly by: 'both' | 'times' | 'hops' | 'nothing';
}

/** The near half takes at most this share of the far one, */
const NEAR_SHARE = 0.2;
/** and no longer than a host needs to answer. */
const NEAR_NS = 2e6;
/** Two halves that are both shorter say nothing: everything is near. */
const SHORT_NS = 300_000;
const FIRST_HOPS = [32, 64, 128, 255] as const;

export function sideOf(evidence: SideEvidence): ToldSide {
  const times = byTimes(evidence);
  const hops = byHops(evidence);
  if (times === 'unknown' && hops === 'unknown') return { side: 'unknown', by: 'nothing' };
  if (times === hops) return { side: times, by: 'both' };
  if (times === 'unknown') return { side: hops, by: 'hops' };
  if (hops === 'unknown') return { side: times, by: 'times' };
  // A router beside the host takes a hop, but no time.
  if (hops === 'between') return { side: times, by: 'times' };
  // A host that answers slowly, or far away, is no reason to doubt that the other one is here.
  if (times === 'between') return { side: hops, by: 'hops' };
  return { side: 'unknown', by: 'nothing' };
}

/** Does this half of a round trip, in nanoseconds, lie on the side of a host that is right here? Halves that are not finite do not tell. */
export function isNear(half: number, other: number): boolean {
  return Number.isFinite(other) && half <= NEAR_NS && half <= NEAR_SHARE * other;
}

function byTimes({ serverHalf, clientHalf }: SideEvidence): ToldSide['side'] {
  if (!(serverHalf >= 0 && clientHalf >= 0) || (serverHalf < SHORT_NS && clientHalf < SHORT_NS)) return 'unknown';
  if (isNear(clientHalf, serverHalf)) return 'client';
  if (isNear(serverHalf, clientHalf)) return 'server';
  return 'between';
}

function byHops({ clientHops, serverHops }: SideEvidence): ToldSide['side'] {
  if (clientHops === 0 || serverHops === 0) return 'unknown';
  const client = hopsAway(clientHops);
  const server = hopsAway(serverHops);
  if (client > 0 && server > 0) return 'between';
  if (client === server) return 'unknown';
  return client === 0 ? 'client' : 'server';
}

function hopsAway(hops: number): number {
  return (FIRST_HOPS.find((first) => first >= hops) ?? hops) - hops;
}
