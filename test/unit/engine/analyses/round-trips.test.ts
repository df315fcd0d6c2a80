/** Round trips of simulated connections, whose truth is known. */

import { expect, it } from 'vitest';
import { matchEchoes } from '../../../../engine/analyses/echoes.ts';
import { clientSide, roundTrips, serverSide } from '../../../../engine/analyses/round-trips.ts';
import type { Capture } from '../../../../engine/session/capture.ts';
import { pcap } from '../../../support/build-capture.ts';
import { ethernet } from '../../../support/build-link.ts';
import { ipv4, payloadBytes, type TcpFlag, tcp } from '../../../support/build-packet.ts';
import { loadCapture } from '../../../support/load-capture.ts';

interface Step {
  readonly at: number;
  readonly from: 'client' | 'server';
  readonly flags: readonly TcpFlag[];
  readonly seq: number;
  readonly ack?: number;
  readonly data?: number;
}

const START = 1_768_467_600_000_000_000n;

/** Segments at the capture point; times in nanoseconds. */
function captured(steps: readonly Step[]): Capture {
  return loadCapture(
    pcap({
      variant: 'nano',
      packets: steps.map(({ at, from, flags, seq, ack = 0, data = 0 }) => {
        const isClient = from === 'client';
        const [src, dst] = isClient ? ['192.0.2.1', '198.51.100.1'] : ['198.51.100.1', '192.0.2.1'];
        const [srcPort, dstPort] = isClient ? [40000, 9] : [9, 40000];
        const segment = tcp({ srcPort, dstPort, flags, seq, ack }, new Uint8Array(data));
        const macs = { dst: '02:00:00:00:00:02', src: '02:00:00:00:00:01' };
        const bytes = payloadBytes(ethernet(macs, ipv4({ src, dst }, segment)));
        return { time: START + BigInt(at), bytes };
      }),
    }),
  );
}

const trips = (capture: Capture) => roundTrips(capture.table, (row) => capture.pass.flowOf(row), null);

it('measures a handshake on both sides of the capture point', () => {
  const { handshakes } = trips(
    captured([
      { at: 0, from: 'client', flags: ['syn'], seq: 100 },
      { at: 2_211_400, from: 'server', flags: ['syn', 'ack'], seq: 500, ack: 101 },
      { at: 2_300_000, from: 'client', flags: ['ack'], seq: 101, ack: 501 },
    ]),
  );
  const [handshake] = [...handshakes.values()];
  if (handshake === undefined) throw new Error('there is a handshake');
  expect(serverSide(handshake)).toEqual({ low: 2_211_400, high: 2_211_400 });
  expect(clientSide(handshake)).toEqual({ low: 88_600, high: 88_600 });
});

it('gives a range where the SYN was repeated', () => {
  const { handshakes } = trips(
    captured([
      { at: 0, from: 'client', flags: ['syn'], seq: 100 },
      { at: 1_000_000_000, from: 'client', flags: ['syn'], seq: 100 },
      { at: 1_004_000_000, from: 'server', flags: ['syn', 'ack'], seq: 500, ack: 101 },
      { at: 1_005_000_000, from: 'client', flags: ['ack'], seq: 101, ack: 501 },
    ]),
  );
  const [handshake] = [...handshakes.values()];
  if (handshake === undefined) throw new Error('there is a handshake');
  expect(serverSide(handshake)).toEqual({ low: 4_000_000, high: 1_004_000_000 });
});

it('knows no handshake of a connection that was there before', () => {
  const { handshakes, samples } = trips(
    captured([
      { at: 0, from: 'client', flags: ['ack'], seq: 100, ack: 500, data: 10 },
      { at: 5_000_000, from: 'server', flags: ['ack'], seq: 500, ack: 110 },
    ]),
  );
  expect(handshakes.size).toBe(0);
  expect([...samples.rtt]).toEqual([5_000_000]);
});

it('takes no sample from a segment that was sent twice', () => {
  const { samples, ambiguous } = trips(
    captured([
      { at: 0, from: 'client', flags: ['ack'], seq: 100, ack: 500, data: 10 },
      { at: 300_000_000, from: 'client', flags: ['ack'], seq: 100, ack: 500, data: 10 },
      { at: 305_000_000, from: 'server', flags: ['ack'], seq: 500, ack: 110 },
      { at: 400_000_000, from: 'client', flags: ['ack'], seq: 110, ack: 500, data: 10 },
      { at: 407_000_000, from: 'server', flags: ['ack'], seq: 500, ack: 120 },
    ]),
  );
  expect([...samples.rtt]).toEqual([7_000_000]);
  expect(ambiguous).toBe(1);
});

it('matches echoes with their replies', () => {
  const ping = (row: number, time: number, isReply: boolean, key: number) => ({
    row,
    time,
    isReply,
    source: isReply ? 'b' : 'a',
    destination: isReply ? 'a' : 'b',
    key,
  });
  const { pairs, trips: all } = matchEchoes([
    ping(0, 0, false, 1),
    ping(1, 10, true, 1),
    ping(2, 12, true, 1),
    ping(3, 20, false, 2),
    ping(4, 50, true, 9),
  ]);
  expect(pairs).toHaveLength(1);
  expect(pairs[0]).toMatchObject({ source: 'a', requests: 2, answered: 1, lost: 1, duplicates: 1, unasked: 1 });
  expect(all).toEqual([{ time: 10, rtt: 10 }]);
});
