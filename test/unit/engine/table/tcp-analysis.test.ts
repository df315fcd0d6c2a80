/** TCP analysis against simulated hosts whose every packet knows why it was sent. */

import { describe, expect, it } from 'vitest';
import type { Capture } from '../../../../engine/session/capture.ts';
import { Dissector } from '../../../../engine/session/dissector.ts';
import { ANALYSIS } from '../../../../engine/table/analysis-bits.ts';
import { FLOW } from '../../../../engine/table/flow-states.ts';
import { NO_ROW } from '../../../../engine/table/packet-table.ts';
import { seededRandom } from '../../../support/build-bytes.ts';
import {
  type Side,
  type TcpConversationFields,
  type TcpPacket,
  type Turn,
  tcpConversation,
} from '../../../support/build-tcp.ts';
import { loadCapture, pcapOf } from '../../../support/load-capture.ts';

const MS = 1_000_000;

function turn(from: Side, length: number, thinkNs = MS): Turn {
  return { from, data: seededRandom(length).bytes(length), thinkNs };
}

function converse(fields: Partial<TcpConversationFields> = {}): TcpPacket[] {
  return tcpConversation({
    client: { ip: '10.0.0.4', port: 40_000, isn: 1000 },
    server: { ip: '198.51.100.20', port: 7777, isn: 0xffff_fff0 },
    rttNs: 20 * MS,
    random: seededRandom(1),
    ...fields,
  });
}

const rowsWith = (capture: Capture, bit: number): number[] =>
  Array.from({ length: capture.table.count }, (_, row) => row).filter(
    (row) => (capture.table.get('analysis', row) & bit) !== 0,
  );

const REPEATS =
  ANALYSIS.retransmission | ANALYSIS.fastRetransmission | ANALYSIS.spuriousRetransmission | ANALYSIS.outOfOrder;

describe('a clean conversation', () => {
  const packets = converse({ turns: [turn('client', 300), turn('server', 60_000, 5 * MS)] });
  const capture = loadCapture(pcapOf(packets));

  it('has no repetition and no loss', () => {
    expect(rowsWith(capture, REPEATS | ANALYSIS.lostSegment | ANALYSIS.ackedUnseen | ANALYSIS.duplicateAck)).toEqual(
      [],
    );
  });

  it('gives the initial round trip from the SYN to the ACK of the handshake', () => {
    const dissector = new Dissector(capture);
    const facts: bigint[] = [];
    dissector.dissect(3);
    const field = dissector.dissect(3).root.flatMap((node) => node.children ?? []);
    for (const node of field.flatMap((one) => [one, ...(one.children ?? [])])) {
      if (node.field?.abbrev === 'tcp.analysis.initial_rtt') facts.push(node.value as bigint);
    }
    expect(facts).toEqual([20_000_000n]);
  });

  it('names for each ACK the row that it acknowledges, later never earlier', () => {
    const acked = Array.from({ length: capture.table.count }, (_, row) => capture.table.get('acksRow', row));
    expect(acked.filter((row) => row !== NO_ROW).length).toBeGreaterThan(10);
    acked.forEach((row, at) => {
      if (row !== NO_ROW) expect(row).toBeLessThan(at);
    });
  });
});

describe('lost segments', () => {
  it('a segment repeated after three duplicate ACKs is a fast retransmission', () => {
    const packets = converse({
      turns: [turn('server', 80_000)],
      fate: (segment) =>
        segment.kind === 'data' && segment.from === 'server' && segment.index === 12 && segment.attempt === 0
          ? { lost: 'after' }
          : undefined,
    });
    const truth = packets.filter(({ cause }) => cause === 'fast').length;
    const capture = loadCapture(pcapOf(packets));
    expect(truth).toBe(1);
    expect(rowsWith(capture, ANALYSIS.fastRetransmission)).toHaveLength(truth);
    expect(rowsWith(capture, ANALYSIS.duplicateAck).length).toBeGreaterThanOrEqual(3);
  });

  it('a segment repeated by time-out is a retransmission, with the time since the original', () => {
    const packets = converse({
      turns: [turn('client', 100)],
      fate: (segment) => (segment.kind === 'data' && segment.attempt === 0 ? { lost: 'after' } : undefined),
    });
    const capture = loadCapture(pcapOf(packets));
    const repeats = rowsWith(capture, ANALYSIS.retransmission);
    expect(repeats).toHaveLength(packets.filter(({ cause }) => cause === 'timeout' || cause === 'tail-loss').length);
    expect(rowsWith(capture, ANALYSIS.fastRetransmission)).toEqual([]);
  });

  it('a segment lost before the capture point shows as a hole', () => {
    const packets = converse({
      turns: [turn('server', 80_000)],
      fate: (segment) =>
        segment.kind === 'data' && segment.from === 'server' && segment.index === 12 && segment.attempt === 0
          ? { lost: 'before' }
          : undefined,
    });
    expect(rowsWith(loadCapture(pcapOf(packets)), ANALYSIS.lostSegment)).toHaveLength(1);
  });

  it('a SYN sent again is a SYN retransmission of the same stream', () => {
    const packets = converse({
      turns: [turn('client', 10)],
      fate: (segment) => (segment.kind === 'syn' && segment.attempt === 0 ? { lost: 'after' } : undefined),
    });
    const capture = loadCapture(pcapOf(packets));
    expect(rowsWith(capture, ANALYSIS.synRetransmission)).toHaveLength(1);
    expect(capture.pass.tcpStreams).toBe(1);
  });
});

describe('ports used again', () => {
  it('begin a new stream, marked on its SYN', () => {
    const first = converse({ turns: [turn('client', 10)] });
    const end = Math.max(...first.map(({ at }) => at));
    const second = converse({
      turns: [turn('client', 20)],
      start: end + 50 * MS,
      client: { ip: '10.0.0.4', port: 40_000, isn: 900_000 },
    });
    const capture = loadCapture(pcapOf([...first, ...second]));
    expect(capture.pass.tcpStreams).toBe(2);
    expect(rowsWith(capture, ANALYSIS.portReused)).toEqual([first.length]);
    expect(capture.pass.flows.get(capture.pass.flowOf(0), FLOW.stream)).toBe(0);
    expect(capture.pass.flows.get(capture.pass.flowOf(first.length), FLOW.stream)).toBe(1);
  });
});
