/** Large bodies of HTTP with holes whose place is known: sizes and holes are exact. */

import { describe, expect, it } from 'vitest';
import { Dissector } from '../../../../engine/session/dissector.ts';
import { httpFlows, httpPushesOf } from '../../../../engine/session/http-pushes.ts';
import type { Push } from '../../../../engine/session/pushes.ts';
import { Job, noTurns } from '../../../../engine/session/turns.ts';
import { join, seededRandom } from '../../../support/build-bytes.ts';
import { httpRequest, httpResponse } from '../../../support/build-http.ts';
import { type TcpPacket, tcpConversation } from '../../../support/build-tcp.ts';
import { loadCapture, pcapOf } from '../../../support/load-capture.ts';

const MSS = 1460;

function pattern(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = (i * 7 + (i >>> 8)) & 0xff;
  return bytes;
}

function exchange(...turns: readonly { readonly from: 'client' | 'server'; readonly data: Uint8Array }[]): TcpPacket[] {
  return tcpConversation({
    client: { ip: '192.0.2.1', port: 20_000, timestamps: false, mss: MSS },
    server: { ip: '198.51.100.20', port: 80, timestamps: false, mss: MSS },
    rttNs: 1_000_000,
    rateBps: 1e9,
    random: seededRandom(4),
    turns,
  });
}

async function pushesIn(packets: readonly TcpPacket[]): Promise<readonly Push[]> {
  const capture = loadCapture(pcapOf(packets));
  capture.flows.update();
  const [flow] = httpFlows(capture);
  return flow === undefined ? [] : httpPushesOf(capture, new Dissector(capture), flow, new Job(noTurns));
}

const get = { from: 'client', data: httpRequest({ host: 'example.com', path: '/large' }) } as const;
const head = { from: 'client', data: httpRequest({ host: 'example.com', path: '/large', method: 'HEAD' }) } as const;
const dataFrom = (packets: readonly TcpPacket[], side: 'client' | 'server'): number[] =>
  packets.flatMap(({ from, kind }, i) => (from === side && kind === 'data' ? [i] : []));

describe('large bodies of HTTP', () => {
  it.each([1_000_000, 10_000_000])('of %i bytes say exactly which bytes are missing', async (size) => {
    const answer = httpResponse({ body: pattern(size) });
    const packets = exchange(get, { from: 'server', data: answer }, get, {
      from: 'server',
      data: httpResponse({ body: pattern(300_000) }),
    });
    const data = dataFrom(packets, 'server');
    const lost = new Set([data[7], data[8], data[500]]);
    const [first, second] = await pushesIn(packets.filter((_, i) => !lost.has(i)));
    const headLength = answer.length - size;
    const place = (n: number): number => n * MSS - headLength;
    expect([first?.kind, first?.size, first?.missing]).toEqual(['response', size, 3 * MSS]);
    expect(first?.holes).toEqual([
      { from: place(7), to: place(9) },
      { from: place(500), to: place(501) },
    ]);
    expect([second?.size, second?.missing]).toEqual([300_000, 0]);
    expect(Buffer.compare(join(...(second?.parts() ?? [])), pattern(300_000))).toBe(0);
  });

  it('in chunks are joined; what a hole leaves of them is counted without their sizes', async () => {
    const size = 2_000_000;
    const packets = exchange(get, { from: 'server', data: httpResponse({ body: pattern(size), chunks: [50_000] }) });
    const [whole] = await pushesIn(packets);
    expect([whole?.size, whole?.missing]).toEqual([size, 0]);
    expect(Buffer.compare(join(...(whole?.parts() ?? [])), pattern(size))).toBe(0);
    const data = dataFrom(packets, 'server');
    const [cut] = await pushesIn(packets.filter((_, i) => i !== data[3]));
    expect([cut?.size, cut?.missing, cut?.holes.length]).toEqual([size, MSS, 1]);
  });

  it('of requests are found; small ones, and answers to HEAD, are none', async () => {
    const put = httpRequest({ host: 'example.com', method: 'PUT', path: '/up', body: pattern(500_000) });
    const bare = httpResponse({ headers: { 'Content-Length': '9000000' } });
    const pushes = await pushesIn(
      exchange(
        head,
        { from: 'server', data: bare },
        { from: 'client', data: put },
        { from: 'server', data: httpResponse({ body: pattern(100) }) },
      ),
    );
    expect(pushes.map(({ kind, size, missing }) => [kind, size, missing])).toEqual([['request', 500_000, 0]]);
  });

  it('are found again behind a head that was not captured', async () => {
    const answer = { from: 'server', data: httpResponse({ body: pattern(400_000) }) } as const;
    const packets = exchange(get, answer, get, answer);
    const data = dataFrom(packets, 'server');
    const pushes = await pushesIn(packets.filter((_, i) => i !== data[0]));
    expect(pushes.map(({ size, missing }) => [size, missing])).toEqual([[400_000, 0]]);
  });
});
