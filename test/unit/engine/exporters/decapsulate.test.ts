/** Mirrored packets without their tunnels are the packets that were mirrored. */

import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../support/build-bytes.ts';
import { ethernet } from '../../../support/build-link.ts';
import { mirroredFrame } from '../../../support/build-mirror.ts';
import { ipv4, udp } from '../../../support/build-packet.ts';
import { macOf, type TcpPacket, tcpConversation } from '../../../support/build-tcp.ts';
import { gre } from '../../../support/build-tunnel.ts';
import { pcapOf } from '../../../support/load-capture.ts';
import { exportBytes, loadBytes } from './export-bytes.ts';

const fields = {
  client: { ip: '192.0.2.1', port: 20_000 },
  server: { ip: '198.51.100.20', port: 80 },
  rttNs: 1_000_000,
  turns: [{ from: 'client', data: new Uint8Array(5000) }],
} as const;

const conversation = (vni: number | null): TcpPacket[] =>
  tcpConversation({
    ...fields,
    random: seededRandom(5),
    ...(vni !== null && { frame: mirroredFrame({ vni, source: '203.0.113.1', target: '203.0.113.2' }) }),
  });

const frames = (file: Uint8Array): Uint8Array[] => {
  const capture = loadBytes(file);
  return Array.from({ length: capture.table.count }, (_, row) => capture.bytes(row));
};

describe('an export without tunnels', () => {
  it('has the frames, times and lengths that were mirrored', async () => {
    const plain = loadBytes(pcapOf(conversation(null)));
    const mirrored = loadBytes(pcapOf(conversation(77)));
    for (const format of ['pcap', 'pcapng'] as const) {
      const { bytes, packets } = await exportBytes(mirrored, format, { decapsulate: true });
      expect(packets).toBe(plain.table.count);
      const inner = loadBytes(bytes);
      expect(inner.table.count).toBe(plain.table.count);
      for (let row = 0; row < plain.table.count; row++) {
        expect(inner.bytes(row)).toEqual(plain.bytes(row));
        expect(inner.time(row)).toBe(mirrored.time(row));
        expect(inner.table.get('length', row)).toBe(plain.table.get('length', row));
      }
    }
  });

  it('has an interface for each session, and leaves other packets as they are', async () => {
    const other = ethernet(
      { src: macOf('203.0.113.1'), dst: macOf('203.0.113.2') },
      ipv4({ src: '203.0.113.1', dst: '203.0.113.2' }, udp({ srcPort: 53, dstPort: 53 }, 'none')),
    ).bytes();
    const raw = ethernet(
      { src: macOf('203.0.113.1'), dst: macOf('203.0.113.2') },
      ipv4(
        { src: '203.0.113.1', dst: '203.0.113.2' },
        gre({ key: 9 }, ipv4({ src: '192.0.2.1', dst: '192.0.2.2' }, udp({ srcPort: 1, dstPort: 2 }, 'inner'))),
      ),
    ).bytes();
    const [first] = conversation(77);
    if (first === undefined) throw new Error('a conversation has packets');
    const file = pcapOf([
      ...conversation(77),
      ...conversation(78).map((packet) => ({ ...packet, at: packet.at + 1 })),
      { ...first, at: first.at + 2, bytes: other },
      { ...first, at: first.at + 3, bytes: raw },
    ]);
    const { bytes } = await exportBytes(loadBytes(file), 'pcapng', { decapsulate: true });
    const { interfaces } = loadBytes(bytes).reader.facts;
    expect(interfaces.map(({ name, linkType }) => [name, linkType])).toEqual([
      [undefined, 1],
      ['vxlan 77 203.0.113.1 > 203.0.113.2', 1],
      ['vxlan 78 203.0.113.1 > 203.0.113.2', 1],
      ['gre 9 203.0.113.1 > 203.0.113.2', 101],
    ]);
    expect(frames(bytes)).toContainEqual(other);
  });

  it('is refused where the format holds no packets', async () => {
    const capture = loadBytes(pcapOf(conversation(77)));
    await expect(exportBytes(capture, 'csv', { decapsulate: true })).rejects.toThrow('pcapng');
  });
});
