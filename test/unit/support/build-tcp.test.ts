/** The simulated TCP: what it sends adds up, and losses have the consequences that they should. */

import { describe, expect, it } from 'vitest';
import { join, readU32, seededRandom } from '../../support/build-bytes.ts';
import {
  type Segment,
  type Side,
  type TcpConversationFields,
  type TcpPacket,
  type Turn,
  tcpConversation,
} from '../../support/build-tcp.ts';

const MS = 1_000_000;
const TCP_AT = 34;

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

/** The stream of one side, put together from its packets. */
function streamOf(packets: readonly TcpPacket[], from: Side, isn: number): Uint8Array {
  const pieces = new Map<number, Uint8Array>();
  for (const packet of packets) {
    if (packet.from !== from || packet.payloadLength === 0 || packet.kind === 'probe') continue;
    pieces.set((readU32(packet.bytes, TCP_AT + 4) - isn - 1) >>> 0, packet.bytes.slice(-packet.payloadLength));
  }
  return join(...[...pieces].sort(([a], [b]) => a - b).map(([, bytes]) => bytes));
}

const count = (packets: readonly TcpPacket[], cause: string, from?: Side): number =>
  packets.filter(
    (packet) => packet.cause === cause && packet.kind === 'data' && (from === undefined || packet.from === from),
  ).length;

describe('a clean conversation', () => {
  const turns = [turn('client', 300), turn('server', 20_000, 5 * MS), turn('client', 10), turn('server', 700)];
  const packets = converse({ turns });

  it('begins with a handshake of one round trip and ends with two FINs', () => {
    expect(packets.slice(0, 3).map(({ kind, at }) => [kind, at])).toEqual([
      ['syn', 0],
      ['syn-ack', 20 * MS],
      ['ack', 20 * MS],
    ]);
    expect(packets.filter(({ kind }) => kind === 'fin')).toHaveLength(2);
  });

  it('carries exactly the bytes of the turns, over the end of the sequence space too', () => {
    for (const [from, isn] of [
      ['client', 1000],
      ['server', 0xffff_fff0],
    ] as const) {
      const sent = join(...turns.filter((one) => one.from === from).map(({ data }) => data));
      expect(streamOf(packets, from, isn)).toEqual(sent);
    }
  });

  it('resends nothing and keeps to the MSS', () => {
    expect(packets.every(({ cause, payloadLength }) => cause === 'first' && payloadLength <= 1448)).toBe(true);
  });

  it('is in time order and the same every time', () => {
    expect(packets.every(({ at }, i) => i === 0 || at >= (packets[i - 1]?.at ?? 0))).toBe(true);
    expect(converse({ turns })).toEqual(packets);
  });

  it('starts a turn only when the one before was sent', () => {
    const data = converse({
      turns: [turn('client', 10), turn('client', 20, 7 * MS), turn('client', 30, 9 * MS)],
    }).filter(({ kind }) => kind === 'data');
    expect(data.map(({ at, payloadLength }) => [at, payloadLength])).toEqual([
      [21 * MS, 10],
      [28 * MS, 20],
      [37 * MS, 30],
    ]);
  });
});

describe('the capture point', () => {
  it('decides which part of the round trip is before it', () => {
    const times = (capturePoint: number): number[] =>
      converse({ capturePoint })
        .slice(0, 3)
        .map(({ at }) => at);
    expect(times(0)).toEqual([0, 20 * MS, 20 * MS]);
    expect(times(0.5)).toEqual([5 * MS, 15 * MS, 25 * MS]);
    expect(times(1)).toEqual([10 * MS, 10 * MS, 30 * MS]);
  });

  it('shows a handshake of any exact length', () => {
    const [syn, synAck] = converse({ rttNs: 2_211_400 });
    expect((synAck?.at ?? 0) - (syn?.at ?? 0)).toBe(2_211_400);
  });

  it('sees in order what the path delivers in order, with jitter', () => {
    const packets = converse({
      turns: [turn('client', 100), turn('server', 60_000)],
      jitterNs: 5 * MS,
      capturePoint: 0.3,
    });
    for (const from of ['client', 'server'] as const) {
      const seqs = packets
        .filter((packet) => packet.from === from && packet.kind === 'data')
        .map(({ bytes }) => (readU32(bytes, TCP_AT + 4) + 0x10) >>> 0);
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    }
  });
});

/** Loses server segments by index, a number of times each. */
const lose =
  (indexes: readonly number[], times = 1, where: 'before' | 'after' = 'after') =>
  ({ from, kind, index, attempt }: Segment) =>
    from === 'server' && kind === 'data' && indexes.includes(index) && attempt < times ? { lost: where } : undefined;

describe('losses', () => {
  const turns = [turn('client', 100), turn('server', 60_000)];

  it('in the middle of a flight are repaired by fast retransmission', () => {
    const packets = converse({ turns, capturePoint: 1, fate: lose([5, 14]) });
    expect([count(packets, 'fast'), count(packets, 'timeout'), count(packets, 'tail-loss')]).toEqual([2, 0, 0]);
    expect(packets.some(({ needless }) => needless)).toBe(false);
    expect(streamOf(packets, 'server', 0xffff_fff0)).toEqual(turns[1]?.data);
  });

  it('at the tail are repaired by a probe, or by the timer where there is no probe', () => {
    const answer = [turn('client', 100), turn('server', 4000)];
    const probing = converse({ turns: answer, capturePoint: 1, fate: lose([2]) });
    expect([count(probing, 'tail-loss'), count(probing, 'timeout')]).toEqual([1, 0]);
    const plain = converse({
      turns: answer,
      capturePoint: 1,
      fate: lose([2]),
      server: { ip: '198.51.100.20', port: 7777, tailLossProbe: false },
    });
    expect([count(plain, 'tail-loss'), count(plain, 'timeout')]).toEqual([0, 1]);
  });

  it('of the repair itself need the timer, which backs off', () => {
    const packets = converse({
      turns: [turn('client', 100), turn('server', 500)],
      capturePoint: 1,
      fate: lose([0], 3),
      server: { ip: '198.51.100.20', port: 7777, tailLossProbe: false },
    });
    const times = packets.filter(({ from, kind }) => from === 'server' && kind === 'data').map(({ at }) => at);
    const [a = 0, b = 0, c = 0, d = 0] = times;
    expect(times).toHaveLength(4);
    expect((c - b) / (b - a)).toBeCloseTo(2, 5);
    expect((d - c) / (c - b)).toBeCloseTo(2, 5);
  });

  it('before the capture point leave a hole, after it they do not', () => {
    const dataOf = (where: 'before' | 'after'): number =>
      converse({ turns, fate: lose([5], 1, where), capturePoint: 0.5 }).filter(
        ({ from, kind }) => from === 'server' && kind === 'data',
      ).length;
    expect(dataOf('after') - dataOf('before')).toBe(1);
  });

  it('of acknowledgements make the sender repeat for nothing', () => {
    const packets = converse({
      turns: [turn('client', 100), turn('server', 900), turn('client', 5, 800 * MS)],
      client: { ip: '10.0.0.4', port: 40_000, delayedAckNs: 0 },
      server: { ip: '198.51.100.20', port: 7777, tailLossProbe: false },
      fate: ({ from, kind, index }) =>
        from === 'client' && kind === 'ack' && index === 1 ? { lost: 'after' } : undefined,
    });
    expect(packets.filter(({ needless }) => needless)).toHaveLength(1);
  });

  it('of SYNs are repeated after one, then two seconds', () => {
    const packets = converse({
      fate: ({ kind, attempt }) => (kind === 'syn' && attempt < 2 ? { lost: 'after' } : undefined),
    });
    expect(packets.filter(({ kind }) => kind === 'syn').map(({ at }) => at)).toEqual([0, 1000 * MS, 3000 * MS]);
  });

  it('can be counted out exactly', () => {
    const many = (n: number, fields: (i: number) => Partial<TcpConversationFields>): TcpPacket[] =>
      Array.from({ length: n }, (_, i) =>
        converse({ turns, capturePoint: 1, start: i * 10_000 * MS, ...fields(i) }),
      ).flat();
    const fast = many(40, (i) => ({ fate: lose([3 + (i % 5)]) }));
    const timeout = many(10, () => ({
      turns: [turn('client', 50), turn('server', 800)],
      fate: lose([0]),
      server: { ip: '198.51.100.20', port: 7777, tailLossProbe: false },
    }));
    const tail = many(5, () => ({ turns: [turn('client', 50), turn('server', 2500)], fate: lose([1]) }));
    const all = [...fast, ...timeout, ...tail];
    // The client, left without an answer, probes as well; what counts is the side that loses.
    const ofServer = ['fast', 'timeout', 'tail-loss'].map((cause) => count(all, cause, 'server'));
    expect(ofServer).toEqual([40, 10, 5]);
  });
});

describe('other behaviour', () => {
  it('closes the window of a program that does not read, and probes it', () => {
    const packets = converse({
      turns: [turn('client', 10), turn('server', 40_000)],
      client: { ip: '10.0.0.4', port: 40_000, buffer: 16_384, stall: { afterBytes: 5000, forNs: 900 * MS } },
    });
    expect(packets.filter(({ kind }) => kind === 'probe').length).toBeGreaterThan(0);
    const windows = packets
      .filter(({ from, kind }) => from === 'client' && kind === 'ack')
      .map(({ bytes }) => readU32(bytes, TCP_AT + 14) >>> 16);
    expect(windows).toContain(0);
    expect(packets.at(-1)?.kind).toBe('ack');
  });

  it('is refused, or met with silence', () => {
    expect(converse({ refuse: 'rst' }).map(({ kind }) => kind)).toEqual(['syn', 'rst']);
    expect(converse({ refuse: 'silence' }).map(({ kind }) => kind)).toEqual(Array.from({ length: 7 }, () => 'syn'));
  });

  it('may end with a reset', () => {
    expect(
      converse({ turns: [turn('client', 10), turn('server', 10)], close: { by: 'server', how: 'rst' } }).at(-1),
    ).toMatchObject({ kind: 'rst', from: 'server' });
  });

  it('sends keep-alives for empty turns', () => {
    const packets = converse({
      turns: [
        turn('client', 10),
        turn('server', 10),
        { from: 'client', data: new Uint8Array(0), thinkNs: 5000 * MS },
        turn('client', 1),
      ],
    });
    const keepAlive = packets.find(({ kind }) => kind === 'keep-alive');
    expect(readU32(keepAlive?.bytes ?? new Uint8Array(60), TCP_AT + 4)).toBe(1000 + 10);
  });
});
