import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../../engine/base/hex.ts';
import { MemorySource } from '../../../../engine/readers/byte-source.ts';
import { openCapture } from '../../../../engine/readers/index.ts';
import { DIRECTION, makeBatch } from '../../../../engine/readers/reader.ts';
import { join, u16le, u32, u32le, zeros } from '../../../support/build-bytes.ts';
import { type PcapVariant, pcap, pcapHeader, pcapRecord, timeOf } from '../../../support/build-capture.ts';
import { openBytes, packetsOf, readAll } from './read-all.ts';

const time = timeOf('2026-01-15T09:00:00.123456789Z');
const frame = (length: number, first = 1): Uint8Array => Uint8Array.from({ length }, (_, i) => (first + i) & 255);
const packets = [
  { time, bytes: frame(60) },
  { time: time + 1_000_000_001n, bytes: frame(61, 7), length: 1500 },
];

describe('pcap', () => {
  it('reads a file written by hand', () => {
    const bytes = fromHex(
      'd4c3b2a1 02000400 00000000 00000000 ffff0000 01000000 e0a56869 40e20100 03000000 05000000 aabbcc',
    );
    const reader = openBytes(bytes ?? zeros(0));
    const [packet] = readAll(reader);
    expect(packet).toMatchObject({ time: '1768465888.123456000', length: 5, locator: 40, interface: 0, note: null });
    expect(packet?.bytes).toEqual(Uint8Array.of(0xaa, 0xbb, 0xcc));
    expect(reader.facts).toMatchObject({ format: 'pcap', description: 'pcap, little endian, 2.4' });
    expect(reader.facts.interfaces).toEqual([{ file: 0, linkType: 1, snapLength: 65_535, ticksPerSecond: 1e6 }]);
    expect(reader.problem).toBeNull();
    expect(reader.position).toBe(bytes?.length);
  });

  const variants: [PcapVariant, string, string][] = [
    ['micro', 'pcap', '123456000'],
    ['nano', 'pcap with nanoseconds', '123456789'],
    ['modified', 'modified pcap (1999-10-29)', '123456000'],
    ['ss990915', 'modified pcap (1999-09-15)', '123456000'],
    ['ss990417', 'modified pcap (1999-04-17)', '123456000'],
    ['ixia', 'Ixia lcap, hardware', '123456789'],
  ];
  it.each(variants)(
    'tells the variant %s from its magic or its first records, in both byte orders',
    (variant, title, fraction) => {
      for (const order of ['little', 'big'] as const) {
        const reader = openBytes(pcap({ variant, order, packets }));
        const read = readAll(reader);
        expect(reader.facts.description).toBe(`${title}, ${order} endian, 2.4`);
        expect(read.map(({ bytes, length }) => [bytes, length])).toEqual([
          [frame(60), 60],
          [frame(61, 7), 1500],
        ]);
        expect(read[0]?.time).toBe(`1768467600.${fraction}`);
        expect(reader.problem).toBeNull();
      }
    },
  );

  it('reads the four bytes that Nokia puts behind each record header', () => {
    const record = (bytes: Uint8Array): Uint8Array =>
      join(u32le(1_700_000_000), u32le(5), u32le(bytes.length), u32le(bytes.length), u32le(0x9fbfb601), bytes);
    const reader = openBytes(join(pcapHeader({}), record(frame(60)), record(frame(64))));
    expect(readAll(reader).map(({ bytes }) => bytes)).toEqual([frame(60), frame(64)]);
    expect(reader.facts.description).toBe('Nokia pcap, little endian, 2.4');
  });

  it('takes the software variant of Ixia as microseconds', () => {
    const record = join(u32le(1_700_000_000), u32le(5), u32le(4), u32le(4), frame(4));
    const reader = openBytes(join(pcapHeader({ magic: 0x1c0001ab }), u32le(record.length), record));
    expect(readAll(reader)[0]).toMatchObject({ time: '1700000000.000005000', locator: 44 });
  });

  it('takes interface types and nanoseconds from AIX, and the padding off its FDDI frames', () => {
    const file = (linkType: number): Uint8Array =>
      join(pcapHeader({ version: [2, 2], linkType }), u32le(9), u32le(7), u32le(10), u32le(10), frame(10));
    const ethernet = openBytes(file(6));
    expect(readAll(ethernet)[0]).toMatchObject({ time: '9.000000007', bytes: frame(10) });
    expect(ethernet.facts.interfaces[0]).toMatchObject({ linkType: 1, ticksPerSecond: 1e9 });
    const fddi = openBytes(file(15));
    expect(readAll(fddi)[0]).toMatchObject({ bytes: frame(7, 4), length: 7 });
    expect(fddi.facts.interfaces[0]?.linkType).toBe(10);
  });

  it('exchanges the two lengths before version 2.3, and in 2.3 where they make no sense', () => {
    const file = (minor: number, first: number, second: number): Uint8Array =>
      join(pcapHeader({ version: [2, minor] }), u32le(1), u32le(2), u32le(first), u32le(second), frame(8));
    expect(readAll(openBytes(file(2, 100, 8)))[0]).toMatchObject({ length: 100, bytes: frame(8) });
    expect(readAll(openBytes(file(3, 100, 8)))[0]).toMatchObject({ length: 100, bytes: frame(8) });
    expect(readAll(openBytes(file(3, 8, 100)))[0]).toMatchObject({ length: 100, bytes: frame(8) });
    const dgux = join(pcapHeader({ version: [543, 0] }), u32le(1), u32le(2), u32le(100), u32le(8), frame(8));
    expect(readAll(openBytes(dgux))[0]).toMatchObject({ length: 100, bytes: frame(8) });
  });

  it('takes the direction from the Linux packet type of the patched variants', () => {
    const record = (type: number): Uint8Array =>
      join(u32le(1), u32le(2), u32le(4), u32le(4), u32le(2), u16le(0x0800), [type, 0], frame(4));
    const reader = openBytes(join(pcapHeader({ magic: 0xa1b2cd34 }), record(0), record(4)));
    expect(readAll(reader).map(({ direction }) => direction)).toEqual([DIRECTION.unknown, DIRECTION.outbound]);
  });

  it('reads the length of the frame check sequence', () => {
    const reader = openBytes(pcap({ linkType: 0x2400_0001, packets }));
    expect(reader.facts.interfaces[0]).toMatchObject({ linkType: 1, fcsLength: 4 });
    expect(reader.facts.warnings).toEqual([]);
  });

  it('lists the records although reserved bits of the link type are set, and says so', () => {
    const reader = openBytes(pcap({ linkType: 0x0030_0001, packets }));
    expect(readAll(reader)).toHaveLength(2);
    expect(reader.facts.warnings).toMatchObject([
      {
        code: 'damaged',
        at: 20,
        key: 'captureProblem.reserved-link-type',
        params: { bits: '0x00300000', linkType: 1 },
      },
    ]);
  });

  it('takes the direction byte off PPP, and gives it again', () => {
    const reader = openBytes(
      pcap({ linkType: 204, packets: [1, 0].map((byte) => ({ time, bytes: join([byte], frame(4)), length: 9 })) }),
    );
    const [sent, received] = readAll(reader);
    expect(sent).toMatchObject({ bytes: frame(4), length: 8, direction: DIRECTION.outbound });
    expect(received).toMatchObject({ bytes: frame(4), direction: DIRECTION.inbound });
    expect(reader.pseudoHeader(sent?.locator ?? 0, 0)).toEqual(Uint8Array.of(1));
  });

  it('takes time and frame from ERF records inside pcap', () => {
    const extended = join(u32le(0x8000_0000), u32le(1_700_000_000), [0x82, 0, 0, 40, 0, 0, 0, 20]);
    const erf = join(extended, [0x00], zeros(7), [0, 0], frame(14));
    const reader = openBytes(pcap({ linkType: 197, packets: [{ time, bytes: erf, length: erf.length + 6 }] }));
    expect(readAll(reader)[0]).toMatchObject({ time: '1700000000.500000000', bytes: frame(14), length: 20 });
  });

  it('opens a file without packets as empty', () => {
    const reader = openBytes(pcapHeader({}));
    expect(readAll(reader)).toEqual([]);
    expect(reader.problem).toBeNull();
  });

  it('refuses versions that nobody knows', () => {
    const opened = openCapture(new MemorySource(pcapHeader({ version: [1, 4] }), 'old.pcap'));
    expect(opened).toMatchObject({
      ok: false,
      error: { code: 'unsupported-version', message: 'pcap version 1.4 is not known; 2.x is', file: 'old.pcap' },
    });
  });

  it('names the place and the reason where a file is cut', () => {
    const whole = pcap({ packets });
    for (let cut = 25; cut < whole.length; cut++) {
      const reader = openBytes(whole.subarray(0, cut));
      const read = readAll(reader);
      expect(read).toHaveLength(cut < 100 ? 0 : 1);
      if (cut === 100) expect(reader.problem).toBeNull();
      else expect(reader.problem).toMatchObject({ code: 'cut-short', at: cut < 100 ? 24 : 100 });
    }
    expect(openBytes(whole.subarray(0, 30)).problem).toBeNull();
    const reader = openBytes(whole.subarray(0, 110));
    readAll(reader);
    expect(reader.problem?.message).toBe('the file ends within a record header (10 of 16 bytes)');
  });

  it('stops at a length that no packet has, whatever the size of the file, and allocates nothing for it', () => {
    const bytes = join(pcap({ packets }), pcapRecord({ time, bytes: frame(4) }, { capturedLength: 0xffff_fff0 }));
    const reader = openBytes(bytes);
    const batch = makeBatch(4096, 100);
    expect(readAll(reader, batch)).toHaveLength(2);
    expect(batch.bytes).toHaveLength(4096);
    expect(reader.problem).toMatchObject({
      code: 'damaged',
      at: bytes.length - 20,
      message: 'a packet claims 4294967280 captured bytes; the limit is 262144',
    });
    expect(reader.next(batch, true)).toBe('end');
  });

  it('takes packets that are larger than the batch', () => {
    const reader = openBytes(pcap({ packets: [{ time, bytes: frame(50_000) }, ...packets] }));
    const batch = makeBatch(64, 10);
    expect(readAll(reader, batch).map(({ bytes }) => bytes.length)).toEqual([50_000, 60, 61]);
  });

  it('allows long USB transfers up to their own limit', () => {
    const reader = openBytes(pcap({ linkType: 249, packets: [{ time, bytes: frame(300_000) }] }));
    expect(readAll(reader)[0]?.bytes).toHaveLength(300_000);
  });

  it('follows a file that grows, and leaves a partial record for later', () => {
    const whole = pcap({ packets });
    const source = new MemorySource(whole.subarray(0, 10));
    const opened = openCapture(source);
    if (!opened.ok) throw new Error(opened.error.message);
    const reader = opened.value;
    const batch = makeBatch(4096, 10);
    const seen: number[] = [];
    for (let at = 10; at <= whole.length; at++) {
      expect(reader.next(batch, false)).toBe('end');
      seen.push(...packetsOf(reader, batch).map(({ bytes }) => bytes.length));
      expect(reader.problem).toBeNull();
      source.append(whole.subarray(at, at + 1));
    }
    expect(seen).toEqual([60, 61]);
    expect(reader.next(batch, true)).toBe('end');
    expect(reader.problem).toBeNull();
  });

  it('wraps a fraction of many seconds as Wireshark does', () => {
    const reader = openBytes(join(pcap({ packets }), pcapRecord({ time, bytes: frame(4) }, { fraction: 0x6600_0000 })));
    expect(readAll(reader)[2]?.time).toBe('1768467600.1879048192');
  });

  it('is not fooled by the extension or by a magic alone', () => {
    expect(openCapture(new MemorySource(u32(0xa1b2c3d4))).ok).toBe(true);
    expect(openCapture(new MemorySource(u32(0xa1b2c3d5)))).toMatchObject({
      ok: false,
      error: { code: 'unknown-format' },
    });
  });
});
