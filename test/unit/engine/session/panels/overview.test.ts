/** The overview's chart of protocols: every packet counts, under the name of a layer that it has. */

import { beforeAll, describe, expect, it } from 'vitest';
import type { CallContext } from '../../../../../engine/contract/api.ts';
import type { Report } from '../../../../../engine/contract/report.ts';
import { useNodePlatform } from '../../../../../engine/host/platform-node.ts';
import { seededRandom, utf8 } from '../../../../support/build-bytes.ts';
import { everyMs, pcap, timeOf } from '../../../../support/build-capture.ts';
import { httpResponse } from '../../../../support/build-http.ts';
import { ethernet } from '../../../../support/build-link.ts';
import { icmp, ipv4, udp } from '../../../../support/build-packet.ts';
import { tcpConversation } from '../../../../support/build-tcp.ts';
import { openSession, pcapOf } from '../../../../support/load-capture.ts';

const call: CallContext = { signal: new AbortController().signal, progress: () => undefined };
const MACS = { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' };
beforeAll(useNodePlatform);

async function protocolsOf(file: Uint8Array): Promise<{ readonly names: readonly string[]; readonly bytes: number }> {
  const { session } = openSession(file);
  await session.loaded;
  const report = (await session.panel({ session: 1, panel: 'overview', filter: '', range: null }, call)) as Report;
  const chart = report.charts.find(({ id }) => id === 'overview.protocols');
  if (chart === undefined || chart.axis.unit !== 'text') throw new Error('no such chart');
  expect(chart.links?.map((link) => link?.filter)).toEqual([...chart.axis.values]);
  const bytes = chart.series[0]?.values.reduce((sum, one) => sum + one, 0) ?? 0;
  return { names: [...chart.axis.values], bytes };
}

describe('bytes by protocol', () => {
  it('have the names of layers also where only a dissection tells all of them', async () => {
    const quoted = ipv4({ src: '192.0.2.10', dst: '198.51.100.20' }, udp({ srcPort: 40_000, dstPort: 9 }, utf8('x')));
    const error = ipv4({ src: '203.0.113.1', dst: '192.0.2.10' }, icmp({ type: 3, code: 3 }, quoted.bytes()));
    const frames = [ethernet(MACS, error).bytes(), ethernet(MACS, error).bytes()];
    const file = pcap({ packets: everyMs(timeOf('2026-01-15T09:00:00Z'), frames) });
    const { names, bytes } = await protocolsOf(file);
    expect(names).toEqual(['icmp']);
    expect(bytes).toBe(frames.reduce((sum, { length }) => sum + length, 0));
  });

  it('have no marks for names', async () => {
    const body = '<?xml version="1.0"?>\n<html/>\n';
    const response = httpResponse({ headers: { 'Content-Type': 'text/html' }, body });
    const packets = tcpConversation({
      client: { ip: '192.0.2.1', port: 20_000 },
      server: { ip: '198.51.100.20', port: 80 },
      rttNs: 1_000_000,
      capturePoint: 0,
      turns: [
        { from: 'client', data: utf8('GET / HTTP/1.1\r\nHost: example.com\r\n\r\n') },
        { from: 'server', data: response },
      ],
      random: seededRandom(1),
    });
    expect((await protocolsOf(pcapOf(packets))).names.toSorted()).toEqual(['http', 'tcp']);
  });
});
