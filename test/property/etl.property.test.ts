/** Event traces, whatever is in them and whatever becomes of their bytes: every packet once, in order of time, and an end. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../engine/readers/byte-source.ts';
import { openCapture } from '../../engine/readers/index.ts';
import { makeBatch } from '../../engine/readers/reader.ts';
import { type EtlEvent, etl } from '../support/build-etl.ts';
import { ndisPacket, pktmonComponent, pktmonPacket } from '../support/build-etl-events.ts';

const START = 1_768_467_600_000_000_000n;
const seen = fc.record({
  bytes: fc.uint8Array({ maxLength: 80 }),
  time: fc.bigInt({ min: -50n, max: 50n }).map((units) => START + units * 100n),
  processor: fc.nat(3),
});
const event = fc.oneof(
  seen.map(({ bytes, ...about }) => ndisPacket(about, bytes)),
  fc
    .tuple(seen, fc.nat(3), fc.nat(2), fc.integer({ min: 10, max: 13 }), fc.nat(3))
    .map(([{ bytes, ...about }, group, appearance, component, type]) =>
      pktmonPacket({ ...about, group: BigInt(group), appearance, component, type }, bytes),
    ),
  fc.constantFrom(...pktmonComponent(START, { id: 11, type: 2, name: 'card.sys', description: 'Card', adapter: 6 })),
);
const shape = fc.record({
  compression: fc.constantFrom(undefined, 'xpress' as const, 'xpress-huffman' as const, 'lznt1' as const),
  bufferSize: fc.constantFrom(512, 1024, 65_536),
  frequency: fc.constantFrom(10_000_000n, 3_579_545n),
});

function trace(events: readonly EtlEvent[], { compression, ...rest }: { compression: string | undefined }): Uint8Array {
  const known = compression as 'xpress' | 'xpress-huffman' | 'lznt1' | undefined;
  return etl({ start: START, ...rest, ...(known === undefined ? {} : { compression: known }) }, events);
}

interface Read {
  readonly packets: readonly string[];
  readonly times: readonly number[];
  readonly copies: number;
  readonly groups: number;
}

function read(bytes: Uint8Array, size: number, capacity: number): Read | null {
  const opened = openCapture(new MemorySource(bytes));
  if (!opened.ok) return null;
  const reader = opened.value;
  const batch = makeBatch(size, capacity);
  const packets: string[] = [];
  const times: number[] = [];
  const groups = new Set<number>();
  let [copies, calls] = [0, 0];
  for (let state = 'more'; state === 'more'; calls++) {
    if (calls > bytes.length) throw new Error('the reader does not end');
    state = reader.next(batch, true);
    for (let i = 0; i < batch.count; i++) {
      const [at = 0, length = 0, locator = 0, iface = 0] = [
        batch.offset[i],
        batch.capturedLength[i],
        batch.locator[i],
        batch.interface[i],
      ];
      const again = new Uint8Array(length);
      expect(reader.packet(locator, again, iface)).toBe(length);
      expect(Buffer.compare(again, batch.bytes.subarray(at, at + length))).toBe(0);
      expect(iface).toBeLessThan(reader.facts.interfaces.length);
      const group = reader.options(locator, iface)?.trace?.packetGroup;
      if (group !== undefined) groups.add(group);
      copies += batch.isCopy?.[i] ?? 0;
      times.push((batch.seconds[i] ?? 0) * 1e7 + (batch.nanos[i] ?? 0) / 100);
      packets.push(`${locator} ${iface} ${batch.length[i] ?? 0} ${Buffer.from(again).toString('hex')}`);
    }
  }
  return { packets, times, copies, groups: groups.size };
}

const batchSize = fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 9 }));

describe('event traces', () => {
  it('give every packet in order of time, in any batches, and one of its appearances stands for it', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), shape, batchSize, (events, form, [size, capacity]) => {
        const bytes = trace(events, form);
        const whole = read(bytes, 1 << 16, 1000);
        if (whole === null) throw new Error('it was refused');
        expect(read(bytes, size, capacity)).toEqual(whole);
        expect(whole.times).toEqual([...whole.times].sort((a, b) => a - b));
        const grouped = whole.packets.length - ungrouped(bytes);
        expect(whole.copies).toBe(grouped - whole.groups);
      }),
      { numRuns: 60 },
    );
  });

  it('end, whatever their bytes are', () => {
    const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
    const changes = fc.array(change, { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), shape, changes, fc.nat(), (events, form, list, cut) => {
        const bytes = trace(events, form);
        for (const [at, value] of list) bytes[at % bytes.length] = value;
        read(bytes.subarray(0, bytes.length - (cut % 1000)), 1 << 12, 50);
      }),
      { numRuns: 300 },
    );
  });
});

/** Packets that have no other appearances by their kind: those of NDIS capture. */
function ungrouped(bytes: Uint8Array): number {
  const opened = openCapture(new MemorySource(bytes));
  if (!opened.ok) return 0;
  const batch = makeBatch(1 << 16, 1000);
  while (opened.value.next(batch, true) === 'more' && batch.count === 0);
  let count = 0;
  for (let i = 0; i < batch.count; i++) {
    if (opened.value.options(batch.locator[i] ?? 0, batch.interface[i] ?? 0)?.trace?.provider === 'ndis') count++;
  }
  return count;
}
