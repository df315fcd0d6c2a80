/** Golden captures of TCP: options, odd flags, losses with known causes, malformed headers. UDP is in network.ts. */

import { cut, hex, join, seededRandom, zeros } from '../build-bytes.ts';
import { sampleText } from '../build-http.ts';
import { ethernet } from '../build-link.ts';
import { ipv4, synOptions, tcp, tcpOption } from '../build-packet.ts';
import {
  type Fate,
  macOf,
  type Segment,
  type TcpConversationFields,
  type TcpPacket,
  type Turn,
  tcpConversation,
} from '../build-tcp.ts';
import { conversations, ethernetFrames, type GoldenGroup, IP4, IP6, in4, out4, out6 } from './capture.ts';

const MS = 1_000_000;
const nop = tcpOption.noOperation();

function exchange(fields: Partial<TcpConversationFields> = {}): TcpPacket[] {
  return tcpConversation({
    client: { ip: IP4.host, port: 40_001, isn: 1000 },
    server: { ip: IP4.server, port: 7777, isn: 5_000_000, ttl: 55 },
    rttNs: 20 * MS,
    random: seededRandom(42),
    turns: [question(100), reply(30_000)],
    ...fields,
  });
}

function question(length: number): Turn {
  return { from: 'client', data: new TextEncoder().encode(sampleText(length)), thinkNs: MS };
}

function reply(length: number): Turn {
  return { from: 'server', data: new TextEncoder().encode(sampleText(length)), thinkNs: 3 * MS };
}

/** What happens to one data segment of the server at its first transmission. */
function toSegment(index: number, fate: Fate, attempts = 1): (segment: Segment) => Fate | undefined {
  return ({ from, kind, index: i, attempt }) =>
    from === 'server' && kind === 'data' && i === index && attempt < attempts ? fate : undefined;
}

const segment = (options: Uint8Array): ReturnType<typeof out4> =>
  out4(tcp({ srcPort: 40_000, dstPort: 7777, seq: 1, ack: 1, options }, 'data'));

export const tcpGroup: GoldenGroup = {
  name: 'tcp',
  captures: {
    exchange: conversations(exchange({ turns: [question(100), reply(4000), question(20), reply(10)] })),
    'exchange-ipv6': conversations(
      exchange({
        client: { ip: IP6.host, port: 40_001, isn: 1 },
        server: { ip: IP6.server, port: 7777, isn: 9 },
        turns: [question(10), reply(3000)],
      }),
    ),
    'between-hosts': conversations(exchange({ capturePoint: 0.5, turns: [question(100), reply(4000)] })),
    'sequence-wraps': conversations(exchange({ server: { ip: IP4.server, port: 7777, isn: 0xffff_f000 } })),
    'no-options': conversations(
      exchange({
        client: { ip: IP4.host, port: 40_001, timestamps: false, sack: false, windowScale: null },
        turns: [question(10), reply(100)],
      }),
    ),
    'syn-lost': conversations(
      exchange({
        fate: ({ kind, attempt }) => (kind === 'syn' && attempt < 2 ? { lost: 'after' } : undefined),
        turns: [],
      }),
    ),
    'syn-ack-lost': conversations(
      exchange({
        fate: ({ kind, attempt }) => (kind === 'syn-ack' && attempt === 0 ? { lost: 'before' } : undefined),
        turns: [],
      }),
    ),
    refused: conversations(exchange({ refuse: 'rst', turns: [] })),
    silence: conversations(exchange({ refuse: 'silence', turns: [] })),
    reset: conversations(exchange({ turns: [question(10), reply(10)], close: { by: 'client', how: 'rst' } })),
    'fast-retransmission': conversations(exchange({ fate: toSegment(4, { lost: 'before' }) })),
    'timeout-retransmission': conversations(exchange({ fate: toSegment(4, { lost: 'before' }, 2) })),
    'timeout-twice': conversations(
      exchange({
        server: { ip: IP4.server, port: 7777, tailLossProbe: false },
        turns: [question(100), reply(500)],
        fate: toSegment(0, { lost: 'before' }, 2),
      }),
    ),
    // At the server, so that the lost tail is seen before the probe repeats it.
    'tail-loss-probe': conversations(
      exchange({ capturePoint: 1, turns: [question(100), reply(4000)], fate: toSegment(2, { lost: 'after' }) }),
    ),
    'tail-loss-before-capture': conversations(
      exchange({ turns: [question(100), reply(4000)], fate: toSegment(2, { lost: 'before' }) }),
    ),
    'tail-loss-of-two': conversations(
      exchange({
        fate: (s) => toSegment(20, { lost: 'before' })(s) ?? toSegment(19, { lost: 'before' })(s),
        turns: [question(100), reply(30_000)],
      }),
    ),
    // The acknowledgement passes the capture point and is lost behind it: the data comes again although it has arrived.
    spurious: conversations(
      exchange({
        server: { ip: IP4.server, port: 7777, tailLossProbe: false },
        turns: [question(100), reply(1000), { ...question(10), thinkNs: 600 * MS }],
        fate: ({ from, kind, index }) =>
          from === 'client' && kind === 'ack' && index === 1 ? { lost: 'after' } : undefined,
        client: { ip: IP4.host, port: 40_001, delayedAckNs: 0 },
      }),
    ),
    'out-of-order': conversations(exchange({ fate: toSegment(4, { delayNs: 0.015 * MS }) })),
    'lost-behind-capture': conversations(exchange({ capturePoint: 0.9, fate: toSegment(4, { lost: 'after' }) })),
    'seen-twice': conversations(exchange({ turns: [question(100), reply(1000)], fate: () => ({ copyAfterNs: 4000 }) })),
    'zero-window': conversations(
      exchange({
        client: { ip: IP4.host, port: 40_001, buffer: 16_384, stall: { afterBytes: 8000, forNs: 700 * MS } },
      }),
    ),
    'keep-alive': conversations(
      exchange({
        turns: [question(10), reply(10), { from: 'client', data: zeros(0), thinkNs: 2000 * MS }, question(10)],
      }),
    ),
    'port-reuse': conversations(
      exchange({ turns: [question(10), reply(10)] }),
      exchange({
        turns: [question(10), reply(10)],
        start: 2000 * MS,
        client: { ip: IP4.host, port: 40_001, isn: 77_000_000 },
        server: { ip: IP4.server, port: 7777, isn: 99_000_000 },
      }),
    ),
    'no-handshake': conversations(exchange({ turns: [question(100), reply(3000)] }).slice(3)),
    'segment-not-captured': conversations(
      exchange({ fate: toSegment(4, { lost: 'before' }) }).filter(({ cause }) => cause !== 'fast'),
    ),
    'one-direction': conversations(
      exchange({ turns: [question(100), reply(6000)] }).filter(({ from }) => from === 'server'),
    ),
    options: ethernetFrames(
      out4(
        tcp({
          srcPort: 40_000,
          dstPort: 7777,
          flags: ['syn'],
          options: synOptions({ mss: 1460, sack: true, timestamps: [1000, 0], windowScale: 7 }),
        }),
      ),
      out4(
        tcp({
          srcPort: 40_001,
          dstPort: 7777,
          flags: ['syn'],
          options: join(tcpOption.maximumSegment(1460), tcpOption.fastOpen(hex('0011223344556677'))),
        }),
      ),
      segment(join(nop, nop, tcpOption.timestamps(2000, 1000))),
      segment(join(nop, nop, tcpOption.sack([100, 200], [300, 400]))),
      segment(tcpOption.md5(zeros(16))),
      segment(tcpOption.userTimeout(300)),
      segment(join([253, 4], hex('abcd'))),
    ),
    flags: ethernetFrames(
      out4(tcp({ srcPort: 1, dstPort: 2, flags: ['syn', 'ece', 'cwr'] })),
      out4(tcp({ srcPort: 1, dstPort: 2, flags: [] })),
      out4(tcp({ srcPort: 1, dstPort: 2, flags: ['fin', 'psh', 'urg'], urgent: 10 }, sampleText(20))),
      out4(tcp({ srcPort: 1, dstPort: 2, flags: ['syn', 'fin'] })),
      out4(tcp({ srcPort: 1, dstPort: 2, flags: ['ack', 'ae'] })),
      out4(tcp({ srcPort: 1, dstPort: 2, flags: ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr', 'ae'] })),
    ),
    'offloaded-checksum': ethernetFrames(
      out4(tcp({ srcPort: 40_000, dstPort: 7777, checksum: 0x1c9a }, 'data')),
      in4(tcp({ srcPort: 7777, dstPort: 40_000 }, 'data')),
    ),
    'large-send': ethernetFrames(out4(tcp({ srcPort: 40_000, dstPort: 7777, seq: 1, ack: 1 }, sampleText(20_000)))),
    'over-ipv6': ethernetFrames(out6(tcp({ srcPort: 40_000, dstPort: 7777, flags: ['syn'] }))),
    'cut-in-options': ethernetFrames(cut(segment(join(nop, nop, tcpOption.timestamps(2000, 1000))).bytes(), 60)),
    'cut-in-header': ethernetFrames(out4([0x9c, 0x40, 0x1e, 0x61, 0, 0, 0, 1], { protocol: 6 })),
    'header-too-short': ethernetFrames(out4(tcp({ srcPort: 40_000, dstPort: 7777, headerWords: 4 }, 'data'))),
    'header-past-packet': ethernetFrames(out4(tcp({ srcPort: 40_000, dstPort: 7777, headerWords: 15 }, 'data'))),
    'option-length-zero': ethernetFrames(segment(hex('0800 0000'))),
    'option-length-one': ethernetFrames(segment(hex('0801 0000'))),
    'option-past-header': ethernetFrames(segment(hex('0101 0814'))),
    'bad-checksum': ethernetFrames(
      out4(tcp({ srcPort: 40_000, dstPort: 7777, seq: 1, ack: 1, checksum: 0xbad }, 'data')),
    ),
    'ip-fragment-of-segment': ethernetFrames(
      ethernet(
        { src: macOf(IP4.host), dst: macOf(IP4.server) },
        ipv4(
          { src: IP4.host, dst: IP4.server, protocol: 6, moreFragments: true, id: 4 },
          tcp({ srcPort: 40_000, dstPort: 7777 }, sampleText(44)).bytes(),
        ),
      ),
    ),
  },
};
