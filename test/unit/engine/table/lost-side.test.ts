/** Where a segment was lost that is sent again: told only by what the capture can know. */

import { describe, expect, it } from 'vitest';
import { LOST, LOST_MASK, LOST_SHIFT } from '../../../../engine/table/resent-kinds.ts';
import { seededRandom } from '../../../support/build-bytes.ts';
import { type TcpPacket, tcpConversation } from '../../../support/build-tcp.ts';
import { loadCapture, pcapOf } from '../../../support/load-capture.ts';

const MS = 1_000_000;

function converse(lost: 'before' | 'after', capturePoint: number): TcpPacket[] {
  return tcpConversation({
    client: { ip: '192.0.2.1', port: 20_000, isn: 1000, tailLossProbe: false },
    server: { ip: '198.51.100.20', port: 7777, isn: 5000 },
    rttNs: 20 * MS,
    capturePoint,
    turns: [{ from: 'client', data: seededRandom(7).bytes(40_000), thinkNs: MS }],
    random: seededRandom(7),
    fate: ({ kind, index, attempt }) => (kind === 'data' && index === 12 && attempt === 0 ? { lost } : undefined),
  });
}

/** What is said of each segment that is lost: 0 for nothing. */
function sides(packets: readonly TcpPacket[]): number[] {
  const { table } = loadCapture(pcapOf(packets));
  const found: number[] = [];
  for (let row = 0; row < table.count; row++) {
    const side = (table.get('analysis', row) >>> LOST_SHIFT) & LOST_MASK;
    if (side !== 0) found.push(side);
  }
  return found;
}

describe('a segment that is sent again', () => {
  it.each([0, 0.5, 1])('was lost before or behind a capture point at %d of the way', (capturePoint) => {
    expect(sides(converse('before', capturePoint))).toEqual([LOST.before]);
    expect(sides(converse('after', capturePoint))).toEqual([LOST.after]);
  });

  it('says nothing when it may have been sent before the capture began', () => {
    const packets = converse('after', 0);
    const resent = packets.find(({ cause }) => cause === 'fast');
    expect(resent).toBeDefined();
    const end = packets.indexOf(resent as TcpPacket);
    // The capture begins behind the segment's first transmission.
    const late = packets.slice(end - 4);
    expect(late.some(({ cause }) => cause === 'fast')).toBe(true);
    expect(sides(late)).toEqual([]);
  });
});
