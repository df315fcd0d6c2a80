/**
 * Is it the network or the application? Rules of thumb over where a connection's time went and what was lost, each with how sure
 * it is. What is asked for first is enough evidence: of a handful of packets nothing is said.
 */

import type { Part } from './monitor-times.ts';

export const VERDICTS = [
  'networkBefore',
  'networkAfter',
  'networkUnknown',
  'receiver',
  'sender',
  'server',
  'client',
  'good',
  'notEnough',
] as const;
export type Verdict = (typeof VERDICTS)[number];
export type Confidence = 'high' | 'medium' | 'low' | 'none';

/** What is known of a connection, or of several together. */
export interface Evidence {
  readonly parts: Readonly<Record<Part, number>>;
  /** Of the part `window`: what was a limit of the sender's own. */
  readonly ownWindow: number;
  readonly packets: number;
  readonly dataPackets: number;
  /** Segments sent again because they were lost, and where they were lost. */
  readonly resent: number;
  readonly lostBefore: number;
  readonly lostAfter: number;
  /** Frames that closed a window, or filled it. */
  readonly closed: number;
  /** Round trips are known: waits can be told from the way. */
  readonly knowsTrips: boolean;
}

export interface Judged {
  readonly verdict: Verdict;
  readonly confidence: Confidence;
  /** Share of the active time that speaks for it; NaN: it is not about time. */
  readonly share: number;
}

/** Of fewer packets, or of fewer with data, nothing is said. */
const ENOUGH = { packets: 10, dataPackets: 4 } as const;
/** A kind of wait is the cause when it takes this share of the time that was not the client's own pause, */
const CAUSE_SHARE = 0.3;
/** and at least so long. */
const CAUSE_NS = 100e6;
/** Loss is worth a verdict by its count alone from here on: this share of the segments, and so many. */
const LOSS = { share: 0.005, count: 3, sure: 10 } as const;
/** Of the losses that can be told, this share must lie on one side. */
const ONE_SIDE = 0.8;
/** The client's pauses are a finding only where they are nearly all, and long. */
const CLIENT = { share: 0.6, ns: 1e9 } as const;

export function judge(evidence: Evidence): Judged {
  const { parts, packets, dataPackets, resent } = evidence;
  if (packets < ENOUGH.packets || dataPackets < ENOUGH.dataPackets)
    return { verdict: 'notEnough', confidence: 'none', share: Number.NaN };
  const total = parts.handshake + parts.network + parts.server + parts.client + parts.loss + parts.window;
  const active = total - parts.client;
  const cause = causeOf(parts, active);
  const share = resent / dataPackets;
  const waited = cause === null ? 0 : parts[cause] / active;
  const isLossy = resent >= LOSS.count && share >= LOSS.share;
  if (cause === 'window')
    return evidence.ownWindow > parts.window / 2
      ? { verdict: 'sender', confidence: waited > 0.6 ? 'medium' : 'low', share: waited }
      : {
          verdict: 'receiver',
          confidence: evidence.closed > 1 || waited > 0.6 ? 'high' : 'medium',
          share: waited,
        };
  if (cause === 'loss' || (isLossy && cause === null))
    return lossVerdict(evidence, cause === null ? Number.NaN : waited);
  if (cause === 'server')
    return {
      verdict: 'server',
      confidence: !evidence.knowsTrips ? 'low' : waited > 0.6 ? 'high' : 'medium',
      share: waited,
    };
  if (total > 0 && parts.client / total >= CLIENT.share && parts.client >= CLIENT.ns)
    return { verdict: 'client', confidence: evidence.knowsTrips ? 'medium' : 'low', share: parts.client / total };
  return {
    verdict: 'good',
    confidence: evidence.knowsTrips && resent < LOSS.count ? 'high' : 'medium',
    share: Number.NaN,
  };
}

/** The longest of the waits that are long enough; null: none is. */
function causeOf(parts: Evidence['parts'], active: number): 'loss' | 'window' | 'server' | null {
  const { loss, window, server } = parts;
  const least = Math.max(CAUSE_NS, CAUSE_SHARE * active);
  if (loss >= least && loss >= window && loss >= server) return 'loss';
  if (window >= least && window >= server) return 'window';
  return server >= least ? 'server' : null;
}

function lossVerdict({ lostBefore, lostAfter }: Evidence, share: number): Judged {
  const told = lostBefore + lostAfter;
  const before = told === 0 ? 0 : lostBefore / told;
  const isOneSided = told > 0 && (before >= ONE_SIDE || before <= 1 - ONE_SIDE);
  const verdict = !isOneSided ? 'networkUnknown' : before >= ONE_SIDE ? 'networkBefore' : 'networkAfter';
  const confidence = !isOneSided ? 'low' : told >= LOSS.sure ? 'high' : 'medium';
  return { verdict, confidence, share };
}

/** Several pieces of evidence as one. */
export function joined(all: Iterable<Evidence>): Evidence {
  const sum = { ownWindow: 0, packets: 0, dataPackets: 0, resent: 0, lostBefore: 0, lostAfter: 0, closed: 0 };
  const parts: Record<Part, number> = { handshake: 0, network: 0, server: 0, client: 0, loss: 0, window: 0 };
  let knowsTrips = false;
  for (const one of all) {
    parts.handshake += one.parts.handshake;
    parts.network += one.parts.network;
    parts.server += one.parts.server;
    parts.client += one.parts.client;
    parts.loss += one.parts.loss;
    parts.window += one.parts.window;
    sum.ownWindow += one.ownWindow;
    sum.packets += one.packets;
    sum.dataPackets += one.dataPackets;
    sum.resent += one.resent;
    sum.lostBefore += one.lostBefore;
    sum.lostAfter += one.lostAfter;
    sum.closed += one.closed;
    knowsTrips ||= one.knowsTrips;
  }
  return { parts, ...sum, knowsTrips };
}
