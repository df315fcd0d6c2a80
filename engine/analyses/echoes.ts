/** ICMP echo (RFC 792, RFC 4443 4): requests and replies matched by addresses, identifier and sequence number. */

import { jitterOf, type Spread, spreadOf } from './samples.ts';

export interface Echo {
  readonly row: number;
  readonly time: number;
  readonly isReply: boolean;
  readonly source: string;
  readonly destination: string;
  /** Identifier << 16 | sequence number. */
  readonly key: number;
}

export interface EchoPair {
  readonly source: string;
  readonly destination: string;
  readonly requests: number;
  readonly answered: number;
  /** Requests without a reply in the capture. */
  readonly lost: number;
  /** Replies beyond the first. */
  readonly duplicates: number;
  /** Replies whose request is not in the capture. */
  readonly unasked: number;
  readonly rtt: Spread;
  readonly jitter: number;
}

export interface EchoTrip {
  /** Time of the reply. */
  readonly time: number;
  readonly rtt: number;
}

export interface Echoes {
  readonly pairs: readonly EchoPair[];
  readonly trips: readonly EchoTrip[];
}

interface Gathered {
  readonly source: string;
  readonly destination: string;
  requests: number;
  answered: number;
  duplicates: number;
  unasked: number;
  readonly rtts: number[];
}

/** Echoes in file order. A sequence number that comes round again is a new request. */
export function matchEchoes(echoes: Iterable<Echo>): Echoes {
  const pairs = new Map<string, Gathered>();
  const waiting = new Map<string, { time: number; answered: boolean }>();
  const trips: EchoTrip[] = [];
  for (const echo of echoes) {
    const { isReply, time } = echo;
    const [source, destination] = isReply ? [echo.destination, echo.source] : [echo.source, echo.destination];
    const name = `${source} ${destination}`;
    const pair = pairs.get(name) ?? {
      source,
      destination,
      requests: 0,
      answered: 0,
      duplicates: 0,
      unasked: 0,
      rtts: [],
    };
    pairs.set(name, pair);
    const key = `${name} ${echo.key}`;
    const request = waiting.get(key);
    if (!isReply) {
      pair.requests++;
      waiting.set(key, { time, answered: false });
    } else if (request === undefined) pair.unasked++;
    else if (request.answered) pair.duplicates++;
    else {
      request.answered = true;
      pair.answered++;
      pair.rtts.push(time - request.time);
      trips.push({ time, rtt: time - request.time });
    }
  }
  return {
    trips,
    pairs: [...pairs.values()].map(({ rtts, ...pair }) => ({
      ...pair,
      lost: pair.requests - pair.answered,
      jitter: jitterOf(Float64Array.from(rtts)),
      rtt: spreadOf(Float64Array.from(rtts)),
    })),
  };
}
