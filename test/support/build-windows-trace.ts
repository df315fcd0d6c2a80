/**
 * The packets of a Windows machine as its tools would record them: the same list as pcap, pcapng, Network Monitor (plain and
 * inside of events), `netsh trace` and Packet Monitor, which sees each packet at several places.
 */

import { latin1 } from './build-bytes.ts';
import type { CapturePacket } from './build-capture.ts';
import { pcap, simplePcapng } from './build-capture.ts';
import { type EtlCompression, type EtlEvent, etl } from './build-etl.ts';
import {
  NDIS_KEYWORD,
  ndisPacket,
  PKTMON_DIRECTION,
  pktmonComponent,
  pktmonPacket,
  pktmonWords,
} from './build-etl-events.ts';
import { eventFrame, NETWORK_TYPE, netmon } from './build-netmon.ts';
import { tcpConversation } from './build-tcp.ts';

export interface TracePacket extends CapturePacket {
  /** Sent by the machine itself. */
  readonly isSent: boolean;
  /** Who was running when it was sent. */
  readonly process: number;
}

export const PROGRAM = { browser: 4321, resolver: 1216 } as const;
const START = 1_768_467_600_000_000_000n; // 2026-01-15 09:00 UTC

/** A web request of one program. Times are whole microseconds; `start` in nanoseconds. */
export function programConversation(port: number, process: number, start: number, isn = 1000): TracePacket[] {
  const packets = tcpConversation({
    client: { ip: '192.0.2.10', port, isn },
    server: { ip: '198.51.100.80', port: 80 },
    rttNs: 20_000_000,
    capturePoint: 0,
    start,
    turns: [
      { from: 'client', data: latin1('GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n') },
      { from: 'server', data: latin1(`HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n${'x'.repeat(3000)}`) },
    ],
    close: { by: 'client', how: 'fin' },
  });
  return packets.map(({ at, bytes, from }) => ({
    time: START + (BigInt(Math.round(at)) / 1000n) * 1000n,
    bytes,
    isSent: from === 'client',
    process,
  }));
}

/** Two conversations, of two programs. */
export function windowsPackets(): TracePacket[] {
  const { browser, resolver } = PROGRAM;
  const packets = [...programConversation(50_001, browser, 0), ...programConversation(50_002, resolver, 1e9)];
  return packets.sort((a, b) => Number(a.time - b.time));
}

/** Where Packet Monitor sees packets, from the wire up. */
export const COMPONENT = {
  card: { id: 11, type: 2, name: 'card.sys', description: 'Example adapter', adapter: 16 },
  filter: { id: 32, type: 3, name: 'filter.sys', description: 'Example filter', adapter: 16 },
  stack: { id: 79, type: 4, name: 'tcpip.sys', description: 'TCPIP', adapter: 16 },
} as const;

/** Nanoseconds from one component to the next. */
const STEP = 2000n;
export const DROP = { reason: 1204, text: 'Nobody listens', location: 0xe000_4567 } as const;

/** An arriving packet belongs to whoever is interrupted. */
const STRANGER = 4;

export interface PktmonTraceFields {
  readonly compression?: EtlCompression;
  /** Packets (by index) that the stack drops: one record more. */
  readonly dropped?: readonly number[];
}

/** Three records of each packet; the one at the card has its time. */
export function pktmonTrace(packets: readonly TracePacket[], fields: PktmonTraceFields = {}): Uint8Array {
  const places = [COMPONENT.card, COMPONENT.filter, COMPONENT.stack];
  const events: EtlEvent[] = [];
  packets.forEach((packet, i) => {
    const { isSent, time, bytes, length } = packet;
    const about = {
      group: BigInt(i + 1),
      direction: isSent ? PKTMON_DIRECTION.tx : PKTMON_DIRECTION.rx,
      process: isSent ? packet.process : STRANGER,
      ...(length === undefined ? {} : { length }),
    };
    const order = isSent ? [...places].reverse() : places;
    order.forEach((component, step) => {
      const since = isSent ? BigInt(step - 2) * STEP : BigInt(step) * STEP;
      events.push(pktmonPacket({ ...about, time: time + since, appearance: step + 1, component: component.id }, bytes));
    });
    if (fields.dropped?.includes(i) !== true) return;
    const drop = { dropReason: DROP.reason, dropLocation: DROP.location, edge: 0, appearance: 4 };
    events.push(pktmonPacket({ ...about, ...drop, time: time + 3n * STEP, component: COMPONENT.stack.id }, bytes));
  });
  const end = (packets.at(-1)?.time ?? 0n) + 1_000_000_000n;
  for (const place of places) events.push(...pktmonComponent(end, place));
  events.push(pktmonWords(end, 'DropReason', { [DROP.reason]: DROP.text }));
  return trace(packets, events, fields.compression);
}

export function netshTrace(packets: readonly TracePacket[], compression?: EtlCompression): Uint8Array {
  const whole = NDIS_KEYWORD.ethernet | NDIS_KEYWORD.first | NDIS_KEYWORD.last;
  const events = packets.map(({ time, bytes, isSent, process }) =>
    ndisPacket(
      {
        time,
        process: isSent ? process : STRANGER,
        keyword: whole | (isSent ? NDIS_KEYWORD.sent : NDIS_KEYWORD.received),
      },
      bytes,
    ),
  );
  return trace(packets, events, compression);
}

function trace(packets: readonly TracePacket[], events: readonly EtlEvent[], compression?: EtlCompression): Uint8Array {
  const start = (packets[0]?.time ?? 0n) - 1_000_000n;
  return etl({ start, bufferSize: 65_536, ...(compression === undefined ? {} : { compression }) }, events);
}

/** Network Monitor of the newest version, its packets as they are or inside of events. */
export function netmonTrace(packets: readonly TracePacket[], hasEvents = false): Uint8Array {
  const programs = [...new Set(packets.map(({ process }) => process))];
  const processes = programs.map((id) => ({ id, path: `C:\\Program Files\\Example\\program-${id}.exe` }));
  const frames = packets.map((packet) => {
    const { time, isSent, process, bytes } = packet;
    if (!hasEvents) return { ...packet, process: programs.indexOf(process) };
    const event = eventFrame({ time, isSent, processId: isSent ? process : STRANGER, bytes });
    return { time, network: NETWORK_TYPE.event, bytes: event };
  });
  return netmon({ version: [2, 3], frames, ...(hasEvents ? {} : { processes }) });
}

/** The same packets in every format, by name. */
export function inEveryFormat(packets: readonly TracePacket[]): Readonly<Record<string, Uint8Array>> {
  return {
    pcap: pcap({ variant: 'nano', packets }),
    pcapng: simplePcapng(packets, { resolution: 9 }),
    'Network Monitor 2.0': netmon({ frames: packets }),
    'Network Monitor 2.3': netmonTrace(packets),
    'Network Monitor with events': netmonTrace(packets, true),
    netsh: netshTrace(packets),
    'netsh, compressed': netshTrace(packets, 'xpress'),
    pktmon: pktmonTrace(packets),
    'pktmon, compressed': pktmonTrace(packets, { compression: 'xpress' }),
    'pktmon, Huffman': pktmonTrace(packets, { compression: 'xpress-huffman' }),
    'pktmon, LZNT1': pktmonTrace(packets, { compression: 'lznt1' }),
  };
}
