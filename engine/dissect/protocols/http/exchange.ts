/** Which response answers which request (RFC 9110 3.4): in their order, on one connection. */

import type { TreeBuilder } from '../../tree.ts';
import { Visits } from '../../visits.ts';

/** Requests that wait for their responses; of more, the oldest are forgotten. */
const MAX_WAITING = 10_000;

interface Exchange {
  readonly frame: number;
  readonly time: bigint | null;
  readonly uri: string;
  /** Frame of the request before it; 0: none. */
  readonly previous: number;
}

interface Fact {
  /** The request that a response answers. */
  readonly request: Exchange | null;
  readonly number: number;
  readonly previousRequest: number;
  readonly previousResponse: number;
}

export interface Memory {
  readonly visits: Visits<Fact>;
  readonly waiting: Exchange[];
  requests: number;
  responses: number;
  lastRequest: number;
  lastResponse: number;
  /** Where a CONNECT that was asked for goes to; empty: none was. */
  target: string;
}

export function makeMemory(): Memory {
  return {
    visits: new Visits(),
    waiting: [],
    requests: 0,
    responses: 0,
    lastRequest: 0,
    lastResponse: 0,
    target: '',
  };
}

export function learn(t: TreeBuilder, memory: Memory, isResponse: boolean, line: string, uri: string): Fact {
  const { number: frameNumber, time } = t.packet;
  if (!isResponse) {
    const fact = {
      request: null,
      number: ++memory.requests,
      previousRequest: memory.lastRequest,
      previousResponse: memory.lastResponse,
    };
    memory.waiting.push({ frame: frameNumber, time, uri, previous: memory.lastRequest });
    memory.lastRequest = frameNumber;
    if (memory.waiting.length > MAX_WAITING) memory.waiting.shift();
    return fact;
  }
  const isInterim = /^HTTP\/\S+ 1(?!01)\d\d/.test(line);
  const request = (isInterim ? memory.waiting[0] : memory.waiting.shift()) ?? null;
  const fact = {
    request,
    number: ++memory.responses,
    previousRequest: request?.previous ?? 0,
    previousResponse: memory.lastResponse,
  };
  memory.lastResponse = frameNumber;
  return fact;
}

export function addFacts(t: TreeBuilder, fact: Fact, isResponse: boolean, uri: string): void {
  if (!isResponse) {
    if (uri !== '') t.generated('request.full_uri', uri);
    t.hide('request', 1, t.at, 0);
    t.generated('request_number', fact.number);
    if (fact.previousRequest > 0) t.generated('prev_request_in', fact.previousRequest);
    return;
  }
  const { request } = fact;
  t.hide('response', 1, t.at, 0);
  t.generated('response_number', fact.number);
  if (request !== null && request.time !== null && t.packet.time !== null)
    t.generated('time', t.packet.time - request.time);
  if (fact.previousRequest > 0) t.generated('prev_request_in', fact.previousRequest);
  if (fact.previousResponse > 0) t.generated('prev_response_in', fact.previousResponse);
  if (request === null) return;
  t.generated('request_in', request.frame);
  if (request.uri !== '') t.generated('response_for.uri', request.uri);
}
