/** Why segments were sent again, against simulated hosts that know it. */

import { describe, expect, it } from 'vitest';
import type { Capture } from '../../../../engine/session/capture.ts';
import { RESENT, RESENT_MASK, RESENT_SHIFT } from '../../../../engine/table/resent-kinds.ts';
import { seededRandom } from '../../../support/build-bytes.ts';
import { type TcpConversationFields, type TcpPacket, tcpConversation } from '../../../support/build-tcp.ts';
import { loadCapture, pcapOf } from '../../../support/load-capture.ts';

const MS = 1_000_000;
const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(RESENT).map(([name, kind]) => [kind, name]));

let port = 20_000;

function converse(length: number, fields: Partial<TcpConversationFields>): TcpPacket[] {
  const client = { ip: '192.0.2.1', port: port++, isn: 1000, ...fields.client };
  return tcpConversation({
    server: { ip: '198.51.100.20', port: 7777, isn: 5000 },
    rttNs: 20 * MS,
    turns: [{ from: 'client', data: seededRandom(length).bytes(length), thinkNs: MS }],
    random: seededRandom(port),
    start: (port - 20_000) * 5000 * MS,
    ...fields,
    client: { ...client, tailLossProbe: fields.client?.tailLossProbe ?? false },
  });
}

const lostOnce = (index: number): Partial<TcpConversationFields> => ({
  fate: (segment) =>
    segment.kind === 'data' && segment.index === index && segment.attempt === 0 ? { lost: 'after' } : undefined,
});

/** The sender does not hear of it, but the capture saw the acknowledgement. */
const ackLost: Partial<TcpConversationFields> = {
  fate: (segment) =>
    segment.kind === 'ack' && segment.from === 'server' && segment.index === 0 ? { lost: 'after' } : undefined,
};

const probing = { client: { ip: '192.0.2.1', port: 0, tailLossProbe: true } };

function kinds(capture: Capture): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let row = 0; row < capture.table.count; row++) {
    const kind = (capture.table.get('analysis', row) >>> RESENT_SHIFT) & RESENT_MASK;
    const name = NAMES.get(kind);
    if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

const repeat = (times: number, make: () => TcpPacket[]): TcpPacket[] => Array.from({ length: times }, make).flat();

describe('segments sent again', () => {
  it('are counted exactly by why they were sent', () => {
    const packets = [
      ...repeat(40, () => converse(40_000, lostOnce(8))),
      ...repeat(10, () => converse(900, lostOnce(0))),
      ...repeat(5, () => {
        const own = port;
        return converse(5000, { ...lostOnce(3), client: { ...probing.client, port: own } });
      }),
      ...repeat(3, () => converse(900, ackLost)),
    ];
    const truth = new Map<string, number>();
    for (const { cause, needless } of packets) {
      const name = needless ? 'needless' : cause;
      truth.set(name, (truth.get(name) ?? 0) + 1);
    }
    expect(Object.fromEntries(truth)).toMatchObject({ fast: 40, timeout: 10, 'tail-loss': 5, needless: 3 });
    expect(kinds(loadCapture(pcapOf(packets)))).toEqual({ fast: 40, timeout: 10, probe: 5, spurious: 3 });
  });

  it('are of the handshake where they are SYNs', () => {
    const packets = converse(10, {
      fate: (segment) => (segment.kind === 'syn' && segment.attempt === 0 ? { lost: 'after' } : undefined),
    });
    expect(kinds(loadCapture(pcapOf(packets)))).toEqual({ syn: 1 });
  });

  it('belong to the recovery that they are a part of', () => {
    const packets = converse(60_000, {
      fate: (segment) =>
        segment.kind === 'data' && [10, 12, 14].includes(segment.index) && segment.attempt === 0
          ? { lost: 'after' }
          : undefined,
    });
    const fast = packets.filter(({ cause }) => cause === 'fast').length;
    expect(fast).toBeGreaterThan(1);
    expect(kinds(loadCapture(pcapOf(packets)))).toEqual({ fast });
  });
});
