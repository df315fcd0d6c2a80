/** Property of exports: whatever a capture holds, an export read again gives the same packets. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pcapng } from '../support/build-capture.ts';
import { goldenGroups } from '../support/golden-captures/index.ts';
import { exportBytes, loadBytes, type PlainPacket, packetsIn } from '../unit/engine/exporters/export-bytes.ts';

const IEEE80211 = 105;
const NANOS = 1_000_000_000n;

const packet = fc.record({
  interface: fc.nat(2),
  bytes: fc.uint8Array({ maxLength: 70 }),
  /** Bytes on the wire beyond those captured. */
  cut: fc.nat(5),
  second: fc.oneof(fc.nat(2 ** 31), fc.integer({ min: 1_700_000_000, max: 1_700_000_010 })),
  nano: fc.nat(999_999_999),
  comments: fc.array(fc.string({ unit: 'grapheme', maxLength: 9 }), { maxLength: 2 }),
  flags: fc.option(fc.constantFrom(1, 2, 0x80000002, 0x105), { nil: undefined }),
  dropCount: fc.option(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), { nil: undefined }),
  id: fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { nil: undefined }),
  queue: fc.option(fc.nat(0xffff), { nil: undefined }),
  hash: fc.option(fc.uint8Array({ minLength: 1, maxLength: 9 }), { nil: undefined }),
});

const anInterface = fc.record({
  linkType: fc.constantFrom(1, 101, 113, 204, 276),
  resolution: fc.constantFrom(0, 3, 6, 7, 9, 12, 0x80 | 10, 0x80 | 20, 0x80 | 29, 0x80 | 32),
  snapLength: fc.constantFrom(0, 100),
  timeOffset: fc.constantFrom(0n, -100n, 1_600_000_000n),
});

const file = fc.record({
  order: fc.constantFrom('little' as const, 'big' as const),
  interfaces: fc.array(anInterface, { minLength: 3, maxLength: 3 }),
  packets: fc.array(packet, { maxLength: 12 }),
});

type Plan = typeof file extends fc.Arbitrary<infer T> ? T : never;

function build({ order, interfaces, packets }: Plan): Uint8Array {
  const writer = pcapng(order).section({}, order);
  for (const one of interfaces) writer.interface(one);
  for (const { second, nano, cut, flags, dropCount, id, queue, hash, ...rest } of packets) {
    const offset = interfaces[rest.interface]?.timeOffset ?? 0n;
    writer.packet({
      ...rest,
      time: (BigInt(second) + (offset > 0n ? offset : 0n)) * NANOS + BigInt(nano),
      length: rest.bytes.length + cut,
      ...(flags !== undefined && { flags }),
      ...(dropCount !== undefined && { dropCount }),
      ...(id !== undefined && { id }),
      ...(queue !== undefined && { queue }),
      ...(hash !== undefined && { hash }),
    });
  }
  return writer.bytes();
}

/** Comments end at a zero, and empty ones say nothing to compare. */
function isPlain({ packets }: Plan): boolean {
  return packets.every(({ comments }) => comments.every((text) => !text.includes('\0')));
}

describe('an export read again', () => {
  it('holds the same packets, as pcapng, for any capture and any rows', async () => {
    await fc.assert(
      fc.asyncProperty(file.filter(isPlain), fc.infiniteStream(fc.boolean()), async (plan, choices) => {
        const capture = loadBytes(build(plan));
        const rows = [...Array(capture.table.count).keys()].filter(() => choices.next().value);
        const { bytes, warnings } = await exportBytes(capture, 'pcapng', { rows });
        expect(warnings).toEqual([]);
        expect(packetsIn(loadBytes(bytes))).toEqual(packetsIn(capture, rows));
      }),
    );
  });

  it('holds the same packets, as pcap, where one link type is all there is', async () => {
    await fc.assert(
      fc.asyncProperty(file.filter(isPlain), async (plan) => {
        const [first] = plan.interfaces;
        const interfaces = plan.interfaces.map((one) => ({
          ...one,
          linkType: first?.linkType ?? 1,
          timeOffset: 0n as const,
        }));
        const capture = loadBytes(build({ ...plan, interfaces }));
        const { bytes } = await exportBytes(capture, 'pcap');
        const plain = (from: typeof capture): unknown[] =>
          packetsIn(from).map(({ time, length, hex, linkType }) => ({ time, length, hex, linkType }));
        const again = loadBytes(bytes);
        expect(again.problem).toBeNull();
        expect(capture.table.count === 0 || again.table.count > 0).toBe(true);
        expect(plain(again)).toEqual(plain(capture));
      }),
    );
  });

  const captures = goldenGroups.flatMap(({ name, captures: group }) =>
    Object.entries(group).map(([key, { extension, bytes }]) => ({ name: `${name}/${key}.${extension}`, bytes })),
  );
  it.each(captures.filter(({ name }) => isReadable(name)))('holds the same packets for $name', async ({ bytes }) => {
    const capture = loadBytes(bytes);
    const { bytes: exported, warnings } = await exportBytes(capture, 'pcapng');
    expect(warnings).toEqual([]);
    const [again, before] = [packetsIn(loadBytes(exported)), packetsIn(capture)];
    if (isOfPcap(capture.reader.facts.format)) expect(again).toEqual(before);
    else expect(again.map(inPcapng)).toEqual(before.map(inPcapng));
  });
});

function isOfPcap(format: string): boolean {
  return ['pcap', 'pcapng', 'snoop'].includes(format);
}

/** What other formats say besides becomes comments and flags: packets, programs and drops stay what they are. */
function inPcapng({ time, length, hex, linkType, options }: PlainPacket): unknown {
  // Of 802.11 a bit is cleared that says the packet is encrypted, which it no longer is.
  const bytes = linkType === IEEE80211 ? hex.length : hex;
  return { time, length, bytes, linkType, processId: options?.processId };
}

/** Compressed files are unpacked by the host; some files hold nothing to read, and one block forbids to be copied. */
function isReadable(name: string): boolean {
  const others = ['text-file', 'empty-file', 'cut-in-header', 'unknown-version', 'bad-byte-order'];
  return (
    !/\.(gz|zst|lz4)$/.test(name) &&
    !(name.startsWith('damaged/') && others.some((other) => name.includes(other))) &&
    !name.includes('custom-and-unknown-blocks')
  );
}
