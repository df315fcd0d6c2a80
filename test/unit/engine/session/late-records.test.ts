/** Decrypted connections whose segments are captured in any order: records can be opened, and read, in their own order only. */

import { describe, expect, it } from 'vitest';
import { useNodePlatform } from '../../../../engine/host/platform-node.ts';
import { Dissector } from '../../../../engine/session/dissector.ts';
import { seededRandom } from '../../../support/build-bytes.ts';
import type { TcpPacket } from '../../../support/build-tcp.ts';
import { tlsPackets, tlsRecording, withSecrets } from '../../../support/golden-captures/decrypted.ts';
import { loadCapture } from '../../../support/load-capture.ts';

useNodePlatform();

const MS = 1_000_000;

/** What each side sends before the other answers comes in any order. */
function disordered(packets: readonly TcpPacket[], seed: number): TcpPacket[] {
  const random = seededRandom(seed);
  const flights: TcpPacket[][] = [];
  for (const packet of packets) {
    const last = flights.at(-1);
    if (packet.kind === 'data' && last?.[0]?.kind === 'data' && last[0].from === packet.from) last.push(packet);
    else flights.push([packet]);
  }
  return flights
    .flatMap((flight) => flight.map((packet) => ({ packet, at: random.int(1000) })).sort((a, b) => a.at - b.at))
    .map(({ packet }, i) => ({ ...packet, at: i * MS }));
}

describe.each([
  ['tls12-gcm-128', ['GET /index.txt', '200 OK', 'GET /missing', '404 Not Found']],
  ['tls13-gcm-128', ['GET /index.txt', '200 OK', 'GET /missing', '404 Not Found']],
  ['tls13-h2', ['HEADERS[1]: GET /index.txt', 'HEADERS[1]: 200 OK, DATA[1]']],
])('%s', (name, said) => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('shows what it carries (%i)', (seed) => {
    const recording = tlsRecording(name);
    const capture = loadCapture(withSecrets(disordered(tlsPackets(recording), seed), recording.keys));
    const dissector = new Dissector(capture);
    const found = Array.from({ length: capture.table.count }, (_, row) => dissector.dissect(row));
    const text = found.map(({ info }) => info).join(' ');
    const places = said.map((words) => text.indexOf(words));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(found.flatMap(({ root }) => root).some(({ field }) => field?.abbrev === 'nagare.tls.undecrypted')).toBe(
      false,
    );
  });
});
