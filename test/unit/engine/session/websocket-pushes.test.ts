/** WebSocket messages with holes whose place is known: sizes, holes and bytes are exact. */

import { describe, expect, it } from 'vitest';
import { Dissector } from '../../../../engine/session/dissector.ts';
import { findObjects } from '../../../../engine/session/objects/index.ts';
import { Job, noTurns } from '../../../../engine/session/turns.ts';
import { pushesOf, webSocketFlows } from '../../../../engine/session/websocket-pushes.ts';
import { join, seededRandom } from '../../../support/build-bytes.ts';
import { type TcpPacket, tcpConversation } from '../../../support/build-tcp.ts';
import { WS_OPCODE, websocketFrame, websocketRequest, websocketResponse } from '../../../support/build-websocket.ts';
import { loadCapture, pcapOf } from '../../../support/load-capture.ts';

const job = new Job(noTurns);
const MSS = 1460;

/** Of a message of more than 65,535 bytes that is not masked. */
const HEADER = 10;

function patternAt(place: number): number {
  return (place * 7 + (place >>> 8)) & 0xff;
}

/** `size` bytes that tell their place. */
function pattern(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = patternAt(i);
  return bytes;
}

function conversation(pushes: readonly Uint8Array[], fromClient: Uint8Array): TcpPacket[] {
  return tcpConversation({
    client: { ip: '192.0.2.1', port: 20_000, timestamps: false, mss: MSS },
    server: { ip: '198.51.100.20', port: 80, timestamps: false, mss: MSS },
    rttNs: 1_000_000,
    rateBps: 1e9,
    random: seededRandom(4),
    turns: [
      { from: 'client', data: websocketRequest() },
      { from: 'server', data: websocketResponse() },
      { from: 'client', data: fromClient },
      ...pushes.map((payload) => ({ from: 'server' as const, data: websocketFrame(WS_OPCODE.binary, payload) })),
    ],
  });
}

/** The server's data of a small conversation, made much longer: segments of one size, without those that are `lost`. */
function largePush(size: number, lost: ReadonlySet<number>): TcpPacket[] {
  const packets = conversation([pattern(MSS)], new Uint8Array(0));
  const data = packets.flatMap(({ from, kind }, i) => (from === 'server' && kind === 'data' ? [i] : []));
  const first = data[1] ?? 0;
  const template = packets[first];
  if (template === undefined) throw new Error('there is no data');
  const headers = template.bytes.length - template.payloadLength;
  const seq = new DataView(template.bytes.buffer, template.bytes.byteOffset).getUint32(14 + 20 + 4);
  const message = new Uint8Array(HEADER);
  message.set([0x80 | WS_OPCODE.binary, 127]);
  new DataView(message.buffer).setBigUint64(2, BigInt(size));
  const long = packets.slice(0, first);
  const total = HEADER + size;
  for (let from = 0, n = 0; from < total; from += MSS, n++) {
    if (lost.has(n)) continue;
    const length = Math.min(MSS, total - from);
    const bytes = new Uint8Array(headers + length);
    bytes.set(template.bytes.subarray(0, headers));
    const view = new DataView(bytes.buffer);
    view.setUint16(14 + 2, headers - 14 + length);
    view.setUint32(14 + 20 + 4, (seq + from) >>> 0);
    for (let i = 0; i < length; i++) {
      const place = from + i - HEADER;
      bytes[headers + i] = place < 0 ? (message[from + i] ?? 0) : patternAt(place);
    }
    long.push({ ...template, at: template.at + n * 12_000, bytes, payloadLength: length });
  }
  return long;
}

async function pushesIn(packets: readonly TcpPacket[]) {
  const capture = loadCapture(pcapOf(packets));
  capture.flows.update();
  const dissector = new Dissector(capture);
  const [flow] = webSocketFlows(capture);
  if (flow === undefined) throw new Error('there is a WebSocket connection');
  return { capture, dissector, pushes: await pushesOf(capture, dissector, flow, job) };
}

describe('messages of a WebSocket connection', () => {
  it('are whole, in both directions, masked ones too', async () => {
    const sent = websocketFrame(WS_OPCODE.text, 'hello', { mask: [1, 2, 3, 4] });
    const { pushes } = await pushesIn(conversation([pattern(1_000_000), pattern(70)], sent));
    expect(pushes.map(({ direction, isText, size, missing }) => [direction, isText, size, missing])).toEqual([
      [0, true, 5, 0],
      [1, false, 1_000_000, 0],
      [1, false, 70, 0],
    ]);
    expect(new TextDecoder().decode(join(...(pushes[0]?.parts() ?? [])))).toBe('hello');
    expect(Buffer.compare(join(...(pushes[1]?.parts() ?? [])), pattern(1_000_000))).toBe(0);
  });

  it.each([1_000_000, 10_000_000])('of %i bytes say exactly which bytes are missing', async (size) => {
    const packets = conversation([pattern(size), pattern(100)], new Uint8Array(0));
    const big = packets.flatMap(({ from, kind, payloadLength }, i) =>
      from === 'server' && kind === 'data' && payloadLength === MSS ? [i] : [],
    );
    const lost = new Set([big[10], big[11], big[300], big[big.length - 5]]);
    const { pushes } = await pushesIn(packets.filter((_, i) => !lost.has(i)));
    const [push, last] = pushes;
    expect([push?.size, push?.missing, last?.size, last?.missing]).toEqual([size, 4 * MSS, 100, 0]);
    const header = 10; // of the message, which begins with a segment of its own
    const placeOf = (n: number): number => n * MSS - header;
    expect(push?.holes).toEqual([
      { from: placeOf(10), to: placeOf(12) },
      { from: placeOf(300), to: placeOf(301) },
      { from: placeOf(big.length - 5), to: placeOf(big.length - 4) },
    ]);
    const bytes = join(...(push?.parts() ?? []));
    const wanted = pattern(size);
    for (const { from, to } of push?.holes ?? []) wanted.fill(0, from, to);
    expect(Buffer.compare(bytes, wanted)).toBe(0);
  });

  it('of 100,000,000 bytes say exactly which bytes are missing, and every other byte is its own', async () => {
    const size = 100_000_000;
    const lost = new Set([10, 11, 300, 68_000]);
    for (let i = 1000; i < 60_000; i += 1000) lost.add(i);
    const { pushes } = await pushesIn(largePush(size, lost));
    const [push] = pushes;
    const wanted: { from: number; to: number }[] = [];
    for (const n of [...lost].sort((a, b) => a - b)) {
      const from = n * MSS - HEADER;
      const before = wanted.at(-1);
      if (before?.to === from) before.to += MSS;
      else wanted.push({ from, to: from + MSS });
    }
    expect([push?.size, push?.missing]).toEqual([size, lost.size * MSS]);
    expect(push?.holes).toEqual(wanted);
    let at = 0;
    let wrong = 0;
    let hole = 0;
    for (const part of push?.parts() ?? []) {
      for (const byte of part) {
        while (at >= (wanted[hole]?.to ?? size)) hole++;
        if (byte !== (at >= (wanted[hole]?.from ?? size) ? 0 : patternAt(at))) wrong++;
        at++;
      }
    }
    expect([at, wrong]).toEqual([size, 0]);
  }, 60_000);

  it('end where a header is missing, and the tail of a message counts as a hole', async () => {
    const packets = conversation([pattern(50_000)], new Uint8Array(0));
    const data = packets.flatMap(({ from, kind }, i) => (from === 'server' && kind === 'data' ? [i] : []));
    const cut = packets.slice(0, data[20]);
    const { pushes } = await pushesIn(cut);
    expect(pushes).toHaveLength(1);
    expect(pushes[0]?.missing).toBeGreaterThan(0);
    expect(pushes[0]?.holes.at(-1)?.to).toBe(50_000);
    const headless = packets.filter((_, i) => i !== data[1]);
    expect((await pushesIn(headless)).pushes).toEqual([]);
  });

  it('are among the files that can be saved', async () => {
    const { capture, dissector } = await pushesIn(conversation([pattern(5000)], new Uint8Array(0)));
    const objects = await findObjects({ capture, dissector, job }, ['websocket']);
    expect(objects.map(({ size, whole, missing, host }) => [size, whole, missing, host])).toEqual([
      [5000, 5000, 0, '198.51.100.20'],
    ]);
  });
});
