/** Response times of simulated exchanges, whose servers think for a known time. */

import { beforeAll, describe, expect, it } from 'vitest';
import type { CallContext } from '../../../../../engine/contract/api.ts';
import type { Report } from '../../../../../engine/contract/report.ts';
import { useNodePlatform } from '../../../../../engine/host/platform-node.ts';
import { join, latin1, seededRandom } from '../../../../support/build-bytes.ts';
import { pcap } from '../../../../support/build-capture.ts';
import { dnsQuery, dnsResponse } from '../../../../support/build-dns.ts';
import { httpRequest, httpResponse } from '../../../../support/build-http.ts';
import { ethernet } from '../../../../support/build-link.ts';
import { ipv4, udp } from '../../../../support/build-packet.ts';
import { type Turn, tcpConversation } from '../../../../support/build-tcp.ts';
import { openSession, pcapOf } from '../../../../support/load-capture.ts';

const MS = 1_000_000;
const call: CallContext = { signal: new AbortController().signal, progress: () => undefined };
beforeAll(useNodePlatform);

async function ask(file: Uint8Array): Promise<Report> {
  const { session } = openSession(file);
  await session.loaded;
  return (await session.panel({ session: 1, panel: 'response', filter: '', range: null }, call)) as Report;
}

function column({ tables }: Report, table: string, id: string): unknown[] {
  const found = tables.find((one) => one.id === table)?.columns.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no column ${id} in ${table}`);
  return [...found.values];
}

/** Captured at the client: a response time is the round trip and what the server thought. */
function exchange(port: number, turns: readonly Turn[]): Uint8Array {
  return pcapOf(
    tcpConversation({
      client: { ip: '192.0.2.1', port: 20_000 },
      server: { ip: '198.51.100.20', port },
      rttNs: 10 * MS,
      capturePoint: 0,
      turns,
      random: seededRandom(1),
    }),
  );
}

describe('the panel response', () => {
  it('tells the server’s thinking from the network', async () => {
    const report = await ask(
      exchange(80, [
        { from: 'client', data: httpRequest({ host: 'example.com' }) },
        { from: 'server', data: httpResponse({ body: 'a' }), thinkNs: 90 * MS },
        { from: 'client', data: httpRequest({ host: 'example.com', method: 'POST', body: 'b' }) },
        { from: 'server', data: httpResponse({ status: 500, body: 'c' }), thinkNs: 290 * MS },
        { from: 'client', data: httpRequest({ host: 'example.com' }) },
      ]),
    );
    const of = (id: string): unknown[] => column(report, 'response.operations', id);
    expect(of('operation')).toEqual(['GET', 'POST']);
    expect(of('requests')).toEqual([2, 1]);
    expect(of('unanswered')).toEqual([1, 0]);
    expect(of('errors')).toEqual([0, 1]);
    const [get, post] = of('median').map((one) => Number(one) / MS);
    expect(get).toBeCloseTo(100, 0);
    expect(post).toBeCloseTo(300, 0);
    expect(Number(of('network')[0]) / MS).toBeCloseTo(10, 0);
    expect(column(report, 'response.status', 'statusClass')).toEqual(['2xx', '5xx']);
    expect(column(report, 'response.status', 'answers')).toEqual([1, 1]);
    expect(column(report, 'response.status', 'median').map((one) => Math.round(Number(one) / MS))).toEqual([100, 300]);
    expect(column(report, 'response.slowest', 'operation')).toEqual(['POST', 'GET']);
    expect(report.findings.map(({ id, link }) => [id, link?.filter])).toEqual([
      ['response.slowService', 'http and ip.addr == 198.51.100.20'],
    ]);
  });

  it('says nothing of a service that answers as fast as the network lets it', async () => {
    const report = await ask(
      exchange(80, [
        { from: 'client', data: httpRequest({ host: 'example.com' }) },
        { from: 'server', data: httpResponse({ body: 'a' }), thinkNs: MS },
      ]),
    );
    expect(column(report, 'response.operations', 'requests')).toEqual([1]);
    expect(report.findings).toEqual([]);
  });

  it('times a command of a database to the first packet of its answer', async () => {
    const query = join([9, 0, 0, 0, 3], latin1('SELECT 1'));
    const greeting = join([10], latin1('8.0.0\0'), new Uint8Array(40));
    const report = await ask(
      exchange(3306, [
        { from: 'server', data: join([greeting.length, 0, 0, 0], greeting) },
        { from: 'client', data: query },
        { from: 'server', data: Uint8Array.from([7, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0]), thinkNs: 40 * MS },
        { from: 'client', data: Uint8Array.from([1, 0, 0, 0, 1]) },
      ]),
    );
    expect(column(report, 'response.operations', 'requests')).toEqual([1]);
    expect(Number(column(report, 'response.operations', 'max')[0]) / MS).toBeCloseTo(50, 0);
  });

  it('counts a repeated query once, and one that nobody answers', async () => {
    const question = { name: 'example.com', type: 'A' } as const;
    const packet = (ms: number, isAnswer: boolean, data: Uint8Array) => {
      const [src, dst] = isAnswer ? ['192.0.2.53', '192.0.2.1'] : ['192.0.2.1', '192.0.2.53'];
      const ports = isAnswer ? { srcPort: 53, dstPort: 40_000 } : { srcPort: 40_000, dstPort: 53 };
      return {
        time: BigInt(ms * MS),
        bytes: ethernet(
          { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' },
          ipv4({ src, dst }, udp(ports, data)),
        ).bytes(),
      };
    };
    const answer = dnsResponse(1, question, [], { flags: 0x8183 });
    const report = await ask(
      pcap({
        variant: 'nano',
        packets: [
          packet(0, false, dnsQuery(1, 'example.com', 'A')),
          packet(5, false, dnsQuery(1, 'example.com', 'A')),
          packet(25, true, answer),
          packet(30, false, dnsQuery(2, 'example.com', 'AAAA')),
        ],
      }),
    );
    const of = (id: string): unknown[] => column(report, 'response.operations', id);
    expect(of('requests')).toEqual([1, 1]);
    expect(of('unanswered')).toEqual([0, 1]);
    expect(of('errors')).toEqual([1, 0]);
    expect(of('median')[0]).toBe(25 * MS);
    expect(of('network')[0]).toBeNaN();
  });
});
