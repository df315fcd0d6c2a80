import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../../engine/base/hex.ts';
import { MemorySource } from '../../../../engine/readers/byte-source.ts';
import { openCapture } from '../../../../engine/readers/index.ts';
import { linkTypeInfo } from '../../../../engine/readers/link-types.ts';
import { makeBatch } from '../../../../engine/readers/reader.ts';
import { zeros } from '../../../support/build-bytes.ts';
import { snoop, timeOf } from '../../../support/build-capture.ts';
import { openBytes, packetsOf, readAll } from './read-all.ts';

const time = timeOf('2026-01-15T09:00:00.123456Z');
const frame = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i + 1);

describe('snoop', () => {
  it('reads a file written by hand', () => {
    const bytes = fromHex(
      '736e6f6f70000000 00000002 00000004 0000004a 00000003 0000001c 00000000 43f16761 0002ad72 aabbcc00',
    );
    const reader = openBytes(bytes ?? zeros(0));
    expect(readAll(reader)).toMatchObject([
      { bytes: Uint8Array.of(0xaa, 0xbb, 0xcc), length: 74, time: '1139894113.175474000', locator: 40 },
    ]);
    expect(reader.facts).toMatchObject({ format: 'snoop', description: 'snoop, version 2' });
    expect(reader.facts.interfaces).toEqual([{ file: 0, linkType: 1, snapLength: 0, ticksPerSecond: 1e6 }]);
    expect(reader.problem).toBeNull();
  });

  it('notes how many packets were dropped since the one before', () => {
    const drops = [0, 5, 5, 7];
    const reader = openBytes(snoop({ packets: drops.map((count) => ({ time, bytes: frame(5), drops: count })) }));
    expect(readAll(reader).map(({ note }) => note?.dropCount)).toEqual([undefined, 5n, undefined, 2n]);
  });

  it('names a datalink type that has no link type by its number', () => {
    const reader = openBytes(snoop({ datalink: 7, packets: [{ time, bytes: frame(5) }] }));
    expect(readAll(reader)).toHaveLength(1);
    expect(linkTypeInfo(reader.facts.interfaces[0]?.linkType ?? 0).title).toBe('Unknown snoop datalink type 7');
  });

  it('tells files of Surveyor by the trailer of their records', () => {
    const reader = openBytes(
      snoop({ version: 5, datalink: 12, packets: [{ time, bytes: frame(20), recordLength: 24 + 20 }] }),
    );
    expect(reader.facts.interfaces[0]?.linkType).toBeGreaterThan(0xffff);
    const trailer = { time, bytes: frame(36), length: 36 };
    const bytes = snoop({ version: 5, datalink: 12, packets: [trailer] });
    bytes[16 + 7] = 20; // 16 of the 36 bytes are the trailer
    const surveyor = openBytes(bytes);
    expect(readAll(surveyor)).toMatchObject([{ bytes: frame(20) }]);
    expect(surveyor.facts).toMatchObject({ description: 'Surveyor, version 5', interfaces: [{ linkType: 1 }] });
  });

  it('refuses versions that nobody knows', () => {
    const opened = openCapture(new MemorySource(snoop({ version: 1, packets: [] })));
    expect(opened).toMatchObject({ ok: false, error: { code: 'unsupported-version', reader: 'snoop' } });
  });

  it.each([
    ['a record too small for its packet', 26, 'a record of 26 bytes is too small for 20 captured bytes'],
    ['a record with absurd padding', 0x7fff_ffff, 'a record claims a length of 2147483647 bytes; the limit is 1068'],
  ])('ends at %s', (_, recordLength, message) => {
    const packets = [
      { time, bytes: frame(8) },
      { time, bytes: frame(20), recordLength },
    ];
    const reader = openBytes(snoop({ packets }));
    expect(readAll(reader)).toHaveLength(1);
    expect(reader.problem).toMatchObject({ code: 'damaged', at: 48, message });
  });

  it('names the place where a file is cut, and follows one that grows', () => {
    const whole = snoop({
      packets: [
        { time, bytes: frame(8) },
        { time, bytes: frame(20) },
      ],
    });
    for (let cut = 49; cut < whole.length; cut++) {
      const reader = openBytes(whole.subarray(0, cut));
      expect(readAll(reader)).toHaveLength(1);
      expect(reader.problem).toMatchObject({ code: 'cut-short', at: 48 });
    }
    const source = new MemorySource(whole.subarray(0, 8));
    const opened = openCapture(source);
    if (!opened.ok) throw new Error(opened.error.message);
    const batch = makeBatch(16, 1);
    let count = 0;
    for (let at = 8; at <= whole.length; at++) {
      while (opened.value.next(batch, false) === 'more') count += packetsOf(opened.value, batch).length;
      count += batch.count;
      source.append(whole.subarray(at, at + 1));
    }
    expect(count).toBe(2);
    expect(opened.value.problem).toBeNull();
  });
});
