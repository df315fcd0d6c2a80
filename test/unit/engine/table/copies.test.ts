/** Packets that were captured twice are copies: none of them is missed, and nothing else is taken for one. */

import { describe, expect, it } from 'vitest';
import type { Capture } from '../../../../engine/session/capture.ts';
import { ANALYSIS } from '../../../../engine/table/analysis-bits.ts';
import { FLAG } from '../../../../engine/table/flags.ts';
import { RESENT_MASK, RESENT_SHIFT } from '../../../../engine/table/resent-kinds.ts';
import { seededRandom } from '../../../support/build-bytes.ts';
import { ethernet } from '../../../support/build-link.ts';
import { ipv4, ipv6, udp } from '../../../support/build-packet.ts';
import { type TcpConversationFields, type TcpPacket, tcpConversation } from '../../../support/build-tcp.ts';
import { loadCapture, pcapOf } from '../../../support/load-capture.ts';

const MS = 1_000_000;
const US = 1000;
const V4 = { client: '192.0.2.1', server: '198.51.100.20' };
const V6 = { client: '2001:db8::1', server: '2001:db8:1::20' };

function converse(ends = V4, fields: Partial<TcpConversationFields> = {}): TcpPacket[] {
  return tcpConversation({
    client: { ip: ends.client, port: 20_000, isn: 1000, tailLossProbe: false },
    server: { ip: ends.server, port: 7777, isn: 5000 },
    rttNs: 20 * MS,
    turns: [{ from: 'server', data: seededRandom(7).bytes(80_000), thinkNs: MS }],
    random: seededRandom(7),
    fate: ({ kind, index, attempt, from }) =>
      kind === 'data' && from === 'server' && index === 12 && attempt === 0 ? { lost: 'after' } : undefined,
    ...fields,
  });
}

/** Every packet again a little later; `change` makes it another appearance. */
function twice(packets: readonly TcpPacket[], laterNs: number, change = (bytes: Uint8Array) => bytes): TcpPacket[] {
  return packets.flatMap((one) => [one, { ...one, at: one.at + laterNs, bytes: change(one.bytes.slice()) }]);
}

const rowsOf = (capture: Capture, holds: (row: number) => boolean): number[] =>
  Array.from({ length: capture.table.count }, (_, row) => row).filter(holds);
const copies = (capture: Capture): number[] =>
  rowsOf(capture, (row) => (capture.table.get('flags', row) & FLAG.copy) !== 0);
const found = (capture: Capture): number[] =>
  rowsOf(capture, (row) => (capture.table.get('flags', row) & FLAG.copy) === 0).map((row) =>
    capture.table.get('analysis', row),
  );

function nextHop(bytes: Uint8Array): Uint8Array {
  bytes.set([2, 0, 0, 0, 0, 9], 0);
  const ttl = bytes[12] === 0x08 ? 22 : 21;
  bytes[ttl] = (bytes[ttl] ?? 0) - 1;
  return bytes;
}

describe('a capture that has every packet twice', () => {
  it.each([
    ['IPv4, the same bytes', V4, undefined],
    ['IPv4, behind a router', V4, nextHop],
    ['IPv6, behind a router', V6, nextHop],
  ])('%s: half of it are copies, and the analysis is that of the other half', (_, ends, change) => {
    const packets = converse(ends);
    const once = loadCapture(pcapOf(packets));
    const both = loadCapture(pcapOf(twice(packets, 9 * US, change)));
    expect(copies(once)).toEqual([]);
    expect(copies(both)).toHaveLength(packets.length);
    expect(found(both)).toEqual(found(once));
    expect(found(once).filter((one) => (one & ANALYSIS.retransmission) !== 0)).toHaveLength(1);
  });

  it('IPv6, the same bytes: data and handshake are copies, no segment was sent again but the lost one', () => {
    const packets = converse(V6);
    const both = loadCapture(pcapOf(twice(packets, 9 * US)));
    const resent = rowsOf(both, (row) => ((both.table.get('analysis', row) >>> RESENT_SHIFT) & RESENT_MASK) !== 0);
    expect(resent).toHaveLength(1);
    expect(copies(both).length).toBeGreaterThan(packets.length * 0.9);
  });

  it('keeps acknowledgements and round trips to the first appearance', () => {
    const packets = converse();
    const both = loadCapture(pcapOf(twice(packets, 9 * US)));
    const isCopy = new Set(copies(both));
    for (let row = 0; row < both.table.count; row++) {
      const acked = both.table.get('acksRow', row);
      if (acked !== 0xffffffff) expect([isCopy.has(row), isCopy.has(acked)]).toEqual([false, false]);
    }
  });
});

describe('what is no copy', () => {
  it('segments that are sent again, quickly and needlessly', () => {
    const quick = converse(V4, { rttNs: 40 * US });
    const quick6 = converse(V6, { rttNs: 40 * US });
    for (const packets of [quick, quick6, converse(V4), converse(V6)])
      expect(copies(loadCapture(pcapOf(packets)))).toEqual([]);
  });

  it('datagrams of a sender whose identification never changes', () => {
    const frame = (n: number): Uint8Array =>
      ethernet(
        { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' },
        ipv4({ src: '192.0.2.1', dst: '192.0.2.2', id: 54_321 }, udp({ srcPort: 9, dstPort: 9 }, Uint8Array.of(n))),
      ).bytes();
    const capture = loadCapture(pcapOf([0, 1, 2, 3, 2, 2].map((n, i) => packetAt(i * 10 * US, frame(n)))));
    expect(copies(capture)).toEqual([]);
  });

  it('the same question asked again without an identification', () => {
    const bytes = ethernet(
      { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' },
      ipv6({ src: V6.client, dst: V6.server }, udp({ srcPort: 9, dstPort: 53 }, Uint8Array.of(1, 2, 3))),
    ).bytes();
    expect(copies(loadCapture(pcapOf([packetAt(0, bytes), packetAt(500 * US, bytes)])))).toEqual([]);
  });
});

function packetAt(at: number, bytes: Uint8Array): TcpPacket {
  return { at, bytes, from: 'client', kind: 'data', cause: 'first', needless: false, payloadLength: 0 };
}
