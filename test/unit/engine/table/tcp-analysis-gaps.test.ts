/** TCP analysis where the capture lacks segments, or a port was closed before it was open. */

import { describe, expect, it } from 'vitest';
import { ANALYSIS } from '../../../../engine/table/analysis-bits.ts';
import { pcap } from '../../../support/build-capture.ts';
import { ethernet } from '../../../support/build-link.ts';
import { ipv4, type TcpFields, tcp } from '../../../support/build-packet.ts';
import { loadCapture } from '../../../support/load-capture.ts';

interface Segment {
  readonly from: 'client' | 'server';
  readonly seq: number;
  readonly ack: number;
  readonly flags: NonNullable<TcpFields['flags']>;
  readonly length?: number;
}

const LINK = { src: '02:00:00:00:00:04', dst: '02:00:00:00:00:01' };
const CLIENT = { ip: '192.0.2.4', port: 40_000 };
const SERVER = { ip: '198.51.100.20', port: 80 };

/** The ANALYSIS bits of each segment; they are a millisecond apart. */
function analysisOf(segments: readonly Segment[]): number[] {
  const packets = segments.map(({ from, seq, ack, flags, length = 0 }, i) => {
    const [a, b] = from === 'client' ? [CLIENT, SERVER] : [SERVER, CLIENT];
    const layer = tcp({ srcPort: a.port, dstPort: b.port, seq, ack, flags }, new Uint8Array(length));
    return { time: BigInt(i) * 1_000_000n, bytes: ethernet(LINK, ipv4({ src: a.ip, dst: b.ip }, layer)).bytes() };
  });
  const { table } = loadCapture(pcap({ packets }));
  return segments.map((_, row) => table.get('analysis', row));
}

const has = (bits: readonly number[], bit: number): boolean[] => bits.map((one) => (one & bit) !== 0);

describe('acknowledged data that the capture lacks', () => {
  const found = analysisOf([
    { from: 'client', seq: 100, ack: 500, flags: ['ack'], length: 10 },
    { from: 'server', seq: 500, ack: 300, flags: ['ack', 'fin'] },
    { from: 'server', seq: 500, ack: 400, flags: ['ack', 'fin'] },
    { from: 'client', seq: 400, ack: 501, flags: ['ack'], length: 10 },
    { from: 'server', seq: 501, ack: 600, flags: ['ack'] },
  ]);

  it('is said once, and again when more of it was seen since', () => {
    expect(has(found, ANALYSIS.ackedUnseen)).toEqual([false, true, false, false, true]);
  });

  it('makes what follows at once a fast retransmission, but gives it no such reason of its own', () => {
    expect(has(found, ANALYSIS.fastRetransmission)).toEqual([false, false, true, false, false]);
  });
});

describe('a port that was closed and opens', () => {
  const found = analysisOf([
    { from: 'client', seq: 7000, ack: 0, flags: ['syn'] },
    { from: 'server', seq: 0, ack: 7001, flags: ['rst', 'ack'] },
    { from: 'client', seq: 7000, ack: 0, flags: ['syn'] },
    { from: 'server', seq: 0xb000_0000, ack: 7001, flags: ['syn', 'ack'] },
    { from: 'client', seq: 7001, ack: 0xb000_0001, flags: ['ack'] },
    { from: 'server', seq: 0xb000_0001, ack: 7001, flags: ['ack'], length: 20 },
  ]);

  it('repeats nothing with the numbers that it begins with', () => {
    const repeats = ANALYSIS.retransmission | ANALYSIS.outOfOrder | ANALYSIS.spuriousRetransmission;
    expect(has(found, repeats)).toEqual([false, false, true, false, false, false]);
    expect(has(found, ANALYSIS.lostSegment)).not.toContain(true);
  });
});
