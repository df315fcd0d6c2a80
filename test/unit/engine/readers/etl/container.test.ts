import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../../../engine/readers/byte-source.ts';
import { openCapture } from '../../../../../engine/readers/index.ts';
import { mergeReaders } from '../../../../../engine/readers/merge.ts';
import { type CaptureReader, makeBatch } from '../../../../../engine/readers/reader.ts';
import { join, patched, seededRandom, toHex, u32le, zeros } from '../../../../support/build-bytes.ts';
import { type CapturePacket, pcapng, timeOf } from '../../../../support/build-capture.ts';
import { type EtlEvent, type EtlFields, etl } from '../../../../support/build-etl.ts';
import { ndisPacket, pktmonPacket } from '../../../../support/build-etl-events.ts';
import { udp } from '../../../../support/build-packet.ts';
import { bytesOf, out4 } from '../../../../support/golden-captures/capture.ts';
import { openBytes, type ReadPacket, readAll } from '../read-all.ts';

const START = timeOf('2026-01-15T09:00:00.1234567Z');
const random = seededRandom(3);
const PROCESSORS = 4;

/** Packets of four processors that overlap in time, as buffers hold them. */
const packets: CapturePacket[] = Array.from({ length: 300 }, (_, i) => ({
  time: START + BigInt(i) * 137_000n,
  bytes: bytesOf(out4(udp({ srcPort: 1024 + i, dstPort: 53 }, random.bytes(random.between(0, 200))))),
}));
const processors = packets.map(() => random.int(PROCESSORS));
const netsh: EtlEvent[] = packets.map(({ time, bytes }, i) =>
  ndisPacket({ time, processor: processors[i] ?? 0 }, bytes),
);
const pktmon: EtlEvent[] = packets.map(({ time, bytes }, i) =>
  pktmonPacket({ time, processor: processors[i] ?? 0, group: BigInt(i), component: 11 }, bytes),
);

const lines = (list: readonly ReadPacket[]): string[] =>
  list.map(({ bytes, length, time }) => `${time} ${length} ${toHex(bytes)}`);
const writer = pcapng().section().interface({ resolution: 9 });
for (const packet of packets) writer.packet(packet);
const wanted = lines(readAll(openBytes(writer.bytes())));

const KINDS = [
  ['netsh', netsh],
  ['pktmon', pktmon],
] as const;
const SHAPES: readonly (readonly [string, Partial<EtlFields>])[] = [
  ['buffers of 8 KiB', { bufferSize: 8192 }],
  ['buffers of 1 MiB', { bufferSize: 1 << 20 }],
  ['XPRESS', { compression: 'xpress' }],
  ['XPRESS with Huffman codes', { compression: 'xpress-huffman', bufferSize: 1 << 20 }],
  ['LZNT1', { compression: 'lznt1' }],
  ['pointers of four bytes', { pointerSize: 4 }],
  ['system time', { clock: 'system' }],
  ['processor cycles', { clock: 'cycles', frequency: 3_400_000_000n }],
  ['a counter far from its beginning', { firstTick: 0x7123_4567_89ab_cdefn }],
  ['a counter about to wrap its lower half', { firstTick: 0xffff_ff00n }],
  ['an old system', { isOld: true, bufferSize: 8192 }],
  ['a circular file', { isCircular: true }],
];

/** Reads to the end. */
function countOf(reader: CaptureReader): number {
  const batch = makeBatch(1 << 16, 1000);
  let count = 0;
  for (let state = 'more'; state === 'more'; count += batch.count) state = reader.next(batch, true);
  return count;
}

describe.each(KINDS)('a trace of %s', (_, events) => {
  it.each(SHAPES)('with %s lists the same packets as pcapng', (_name, fields) => {
    expect(lines(readAll(openBytes(etl({ start: START, ...fields }, events))))).toEqual(wanted);
  });
});

describe('a clock of any speed', () => {
  it.each([3_579_545n, 1_193_182n, 2_441_406n, 19_200_000n, 3_400_000_003n, 500_000_000_000n])(
    'of %i ticks a second gives times rounded down to 100 ns',
    (frequency) => {
      const ticks = [0n, 1n, 77n, frequency - 1n, frequency, 86_399n * frequency + 12_345n, -5n * frequency - 3n];
      const fields: EtlFields = { start: START, frequency, firstTick: 0x0123_4567_89ab_cdefn };
      const events = ticks.map((since) => {
        const event = ndisPacket({ time: START }, packets[0]?.bytes ?? zeros(60));
        return { ...event, record: (first: bigint): Uint8Array => event.record(first + since) };
      });
      const floor = (a: bigint, b: bigint): bigint => (a - (((a % b) + b) % b)) / b;
      const expected = ticks
        .map((since) => START + floor(since * 10_000_000n, frequency) * 100n)
        .sort((a, b) => Number(a - b))
        .map((time) => `${time / 1_000_000_000n}.${String(time % 1_000_000_000n).padStart(9, '0')}`);
      expect(readAll(openBytes(etl(fields, events))).map(({ time }) => time)).toEqual(expected);
    },
  );
});

describe('a trace', () => {
  const whole = etl({ start: START, bufferSize: 8192 }, netsh);
  const packed = etl({ start: START, bufferSize: 8192, compression: 'xpress' }, pktmon);
  const sizeOf = (bytes: Uint8Array, at: number): number => new DataView(bytes.buffer).getUint32(at, true);
  const problemOf = (bytes: Uint8Array): readonly [string | undefined, readonly string[], number] => {
    const reader = openBytes(bytes);
    const list = countOf(reader);
    return [reader.problem?.key, reader.facts.warnings.map(({ key }) => key), list];
  };

  it('is read in any batches, and again from its beginning', () => {
    const reader = openBytes(whole);
    expect(lines(readAll(reader, makeBatch(300, 3)))).toEqual(lines(readAll(reader.again())));
  });

  it('grows while it is followed: what comes later follows what was there', () => {
    const cut = 3 * 8192 + 100;
    const source = new MemorySource(whole.slice(0, cut), 'growing.etl');
    const opened = openCapture(source);
    if (!opened.ok) throw new Error(opened.error.message);
    const reader = opened.value;
    const batch = makeBatch(1 << 20, 1000);
    while (reader.next(batch, false) === 'more' && batch.count === 0);
    const first = batch.count;
    expect(first).toBeGreaterThan(20);
    expect(reader.problem).toBeNull();
    source.append(whole.slice(cut));
    while (reader.next(batch, true) === 'more' && batch.count === 0);
    expect(first + batch.count).toBe(packets.length);
    expect(reader.problem).toBeNull();
  });

  it('says how far it is before its first packet', () => {
    const large = etl(
      { start: START, bufferSize: 1 << 20 },
      Array.from({ length: 300 }, (_, i) => ndisPacket({ time: START + BigInt(i) * 100n }, random.bytes(60_000))),
    );
    const reader = openBytes(large);
    const batch = makeBatch(1 << 16, 100);
    expect(reader.next(batch, true)).toBe('more');
    expect(batch.count).toBe(0);
    expect(reader.position).toBeGreaterThan(0);
    expect(reader.position).toBeLessThan(large.length / 2);
    expect(countOf(reader)).toBe(300);
    expect(reader.position).toBe(large.length);
  });

  it('is merged with other captures, and its copies stay copies', () => {
    const twice = [
      ...pktmon,
      ...packets.map(({ time, bytes }, i) => pktmonPacket({ time, group: BigInt(i), component: 12 }, bytes)),
    ];
    const other = pcapng()
      .section()
      .interface()
      .packet({ time: START - 1000n, bytes: packets[0]?.bytes ?? zeros(0) });
    const merged = mergeReaders([openBytes(etl({ start: START }, twice)), openBytes(other.bytes())]);
    const batch = makeBatch(1 << 20, 2000);
    while (merged.next(batch, true) === 'more' && batch.count === 0);
    expect(batch.count).toBe(2 * packets.length + 1);
    expect(merged.facts.hasAppearances).toBe(true);
    expect(merged.facts.providers.map(({ events }) => events)).toEqual([2 * packets.length]);
    const copies = batch.isCopy?.subarray(0, batch.count).reduce((sum, one) => sum + one, 0);
    expect(copies).toBe(packets.length);
    expect(batch.isCopy?.[0]).toBe(0);
  });

  it('tells what was lost while it was written', () => {
    const events = netsh.slice(0, 3);
    const lost = openBytes(etl({ start: START, eventsLost: 12, buffersLost: 3 }, events));
    expect(readAll(lost)).toHaveLength(3);
    expect(lost.facts.warnings.map(({ key, params }) => [key, params])).toEqual([
      ['captureProblem.events-lost', { events: 12, buffers: 3 }],
    ]);
    // Only a buffer says so.
    expect(problemOf(patched(whole, 8192 + 0x34, [0x22]))).toEqual([
      undefined,
      ['captureProblem.events-lost-somewhere'],
      packets.length,
    ]);
  });

  it('that ends within a buffer gives its whole records', () => {
    const left = whole.length - 4000;
    const reader = openBytes(whole.slice(0, left));
    const got = readAll(reader).length;
    expect(got).toBeGreaterThan(200);
    expect(reader.problem).toMatchObject({ key: 'captureProblem.cut-buffer', params: { left: 4192, need: 8192 } });
    expect(problemOf(whole.slice(0, 8192 + 30))).toEqual([
      'captureProblem.cut-buffer',
      ['captureProblem.trace-empty'],
      0,
    ]);
    const cutPacked = openBytes(packed.slice(0, packed.length - 500));
    expect(readAll(cutPacked).length).toBeGreaterThan(250);
    expect(cutPacked.problem?.key).toBe('captureProblem.cut-buffer');
  });

  it('that ends within its description cannot be opened', () => {
    const opened = openCapture(new MemorySource(whole.slice(0, 200), 'short.etl'));
    expect(opened).toMatchObject({ ok: false, error: { code: 'cut-short', key: 'captureProblem.cut-file-header' } });
  });

  it('goes on behind a buffer whose size is damaged, where all have one size', () => {
    for (const size of [0, 71, 5000, 0xffff_ffff]) {
      expect(problemOf(patched(whole, 2 * 8192, u32le(size)))).toEqual([
        undefined,
        ['captureProblem.buffers-damaged'],
        packets.length,
      ]);
    }
  });

  it('ends at a compressed buffer whose size cannot be', () => {
    const second = 1024 + sizeOf(packed, 1024);
    const [key, , count] = problemOf(patched(packed, second, u32le(3)));
    expect(key).toBe('captureProblem.buffer-size');
    expect(count).toBeGreaterThan(10);
    expect(problemOf(patched(packed, second, u32le(0x7fff_ffff)))[0]).toBe('captureProblem.buffer-size');
  });

  it('goes on with the next buffer where a record is damaged', () => {
    for (const record of [u32le(0xc013_0004), u32le(0xc013_fff0), u32le(0x1234_5678)]) {
      const [key, warnings, count] = problemOf(patched(whole, 2 * 8192 + 72, record));
      expect([key, warnings]).toEqual([undefined, ['captureProblem.buffers-damaged']]);
      expect(count).toBeGreaterThan(200);
      expect(count).toBeLessThan(packets.length);
    }
  });

  it('may end in buffers that nobody wrote', () => {
    expect(problemOf(join(whole, zeros(3 * 8192)))).toEqual([undefined, [], packets.length]);
    expect(problemOf(join(packed, zeros(5000)))).toEqual([undefined, [], packets.length]);
  });

  it('with a compression that nobody knows says so', () => {
    const odd = patched(packed, 0x2c, [9, 0]);
    const reader = openBytes(odd);
    expect(readAll(reader)).toEqual([]);
    expect(reader.facts.warnings[0]).toMatchObject({ key: 'captureProblem.buffers-compressed', params: { format: 9 } });
  });

  it('does not unpack without end', () => {
    // Buffers that claim 64 MiB in a hundred bytes.
    const header = packed.slice(1024, 1024 + 72);
    const claim = patched(patched(join(header, zeros(28)), 0, u32le(100)), 4, u32le(64 * 1024 * 1024));
    const reader = openBytes(join(packed.slice(0, 1024), ...Array.from({ length: 40 }, () => claim)));
    readAll(reader);
    expect(reader.problem).toMatchObject({ key: 'captureProblem.buffers-unpack-too-much', at: 1024 + 16 * 100 });
  });

  it('that is damaged anywhere never throws, always ends, and names the damage', () => {
    for (const bytes of [whole, packed]) {
      for (let at = 500; at < bytes.length; at += 1000) {
        const reader = openBytes(bytes.slice(0, at));
        const length = countOf(reader);
        expect(length).toBeLessThanOrEqual(packets.length);
        const isBetween = bytes === whole && at % 8192 === 0;
        if (!isBetween) expect(reader.problem?.code, `cut at ${at}`).toBe('cut-short');
      }
    }
    const dice = seededRandom(11);
    for (let turn = 0; turn < 150; turn++) {
      const bytes = (turn % 2 === 0 ? whole : packed).slice();
      for (let n = dice.between(1, 40); n > 0; n--) bytes[dice.int(bytes.length)] = dice.int(256);
      const opened = openCapture(new MemorySource(bytes, 'changed.etl'));
      if (opened.ok) expect(countOf(opened.value)).toBeLessThanOrEqual(4 * packets.length);
    }
  });
});
