import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../../engine/readers/byte-source.ts';
import { openCapture } from '../../../../engine/readers/index.ts';
import { mergeReaders } from '../../../../engine/readers/merge.ts';
import { type CaptureReader, makeBatch } from '../../../../engine/readers/reader.ts';
import { pcap, pcapng, simplePcapng, snoop } from '../../../support/build-capture.ts';
import { openBytes, packetsOf, readAll } from './read-all.ts';

const SECOND = 1_000_000_000n;

/** Packets whose one byte is the file's mark, at the given seconds. */
function file(mark: number, seconds: readonly number[], name = `if${mark}`): Uint8Array {
  return simplePcapng(
    seconds.map((second) => ({ time: BigInt(second) * SECOND, bytes: Uint8Array.of(mark, second) })),
    { name },
  );
}

function order(reader: CaptureReader, batch = makeBatch(4096, 100)): string {
  return readAll(reader, batch)
    .map(({ bytes }) => `${bytes[0]}@${bytes[1]}`)
    .join(' ');
}

describe('mergeReaders', () => {
  it('gives the packets of all files in order of time; the file named first wins a tie', () => {
    const files = [file(1, [1, 4, 5]), file(2, [2, 3, 5, 9]), file(3, [1])];
    expect(order(mergeReaders(files.map(openBytes)))).toBe('1@1 3@1 2@2 2@3 1@4 1@5 2@5 2@9');
  });

  it('keeps the order of a file that is not in order of time itself', () => {
    const files = [file(1, [5, 1, 7]), file(2, [2, 6])];
    expect(order(mergeReaders(files.map(openBytes)))).toBe('2@2 1@5 1@1 2@6 1@7');
  });

  it('keeps packets without a time behind the one before them', () => {
    const mixed = pcapng()
      .section()
      .interface()
      .simplePacket(Uint8Array.of(1, 0))
      .packet({ time: 4n * SECOND, bytes: Uint8Array.of(1, 4) })
      .simplePacket(Uint8Array.of(1, 100))
      .packet({ time: 6n * SECOND, bytes: Uint8Array.of(1, 6) })
      .bytes();
    expect(order(mergeReaders([openBytes(file(2, [1, 5])), openBytes(mixed)]))).toBe('1@0 2@1 1@4 1@100 2@5 1@6');
  });

  it('puts the interfaces of all files in one list, and finds bytes, options and pseudo-headers of each', () => {
    const time = 3n * SECOND;
    const readers = [
      openBytes(file(1, [1])),
      openBytes(pcap({ linkType: 204, packets: [{ time: 2n * SECOND, bytes: Uint8Array.of(1, 7, 2) }] })),
      openBytes(
        pcapng()
          .section()
          .interface({ name: 'a' })
          .interface({ name: 'b' })
          .packet({ time, bytes: Uint8Array.of(3, 3), interface: 1, comments: ['hello'] })
          .statistics({ time, received: 5n, interface: 1 })
          .bytes(),
      ),
    ];
    const reader = mergeReaders(readers);
    const read = readAll(reader); // checks each packet's bytes through its locator and interface
    expect(reader.facts.interfaces.map(({ file: index, linkType, name }) => [index, linkType, name])).toEqual([
      [0, 1, 'if1'],
      [1, 204, undefined],
      [2, 1, 'a'],
      [2, 1, 'b'],
    ]);
    expect(read.map(({ interface: index }) => index)).toEqual([0, 1, 3]);
    expect(read[1]?.bytes).toEqual(Uint8Array.of(7, 2));
    expect(reader.pseudoHeader(read[1]?.locator ?? 0, 1)).toEqual(Uint8Array.of(1));
    expect(read[2]?.note).toEqual({ comments: ['hello'] });
    expect(reader.options(read[2]?.locator ?? 0, 3)).toEqual({ comments: ['hello'] });
    expect(reader.facts.interfaces[3]?.statistics).toEqual({ received: 5n });
    expect(reader.facts.format).toBe('pcapng, pcap');
    expect(reader.facts.description).toBe('3 files (pcapng, pcap)');
  });

  it('gathers what the files say of themselves', () => {
    const one = pcapng()
      .section({ comment: 'one', os: 'Linux' })
      .names([{ address: Uint8Array.of(192, 0, 2, 1), names: ['a.example.net'] }])
      .block(0x8000_0001, [])
      .bytes();
    const two = pcapng()
      .section({ comment: 'two', os: 'other', hardware: 'x86' })
      .secrets(1, [7])
      .block(0x8000_0001, [])
      .bytes();
    const reader = mergeReaders([
      openBytes(one),
      openBytes(two),
      openBytes(pcap({ linkType: 0x0030_0001, packets: [] })),
    ]);
    readAll(reader);
    expect(reader.facts).toMatchObject({ comments: ['one', 'two'], os: 'Linux', hardware: 'x86' });
    expect(reader.facts.names).toHaveLength(1);
    expect(reader.facts.secrets).toHaveLength(1);
    expect([...reader.facts.unknownBlocks]).toEqual([[0x8000_0001, 2]]);
    expect(reader.facts.warnings).toHaveLength(1);
  });

  it('goes on with the other files where one is damaged, and says so at the end', () => {
    const broken = (mark: number): Uint8Array => file(mark, [1, 2]).slice(0, -10);
    const reader = mergeReaders([openBytes(file(1, [1, 3])), openBytes(broken(2)), openBytes(broken(3))]);
    expect(order(reader)).toBe('1@1 2@1 3@1 1@3');
    expect(reader.problem?.code).toBe('cut-short');
    expect(reader.facts.warnings).toMatchObject([{ code: 'cut-short' }]);
  });

  it('gives the same packets whatever the size of the batch', () => {
    const seconds = Array.from({ length: 200 }, (_, i) => (i * 7) % 100);
    const files = [seconds, [...seconds].reverse(), seconds.slice(50)].map((list, i) =>
      i === 1
        ? snoop({ packets: list.map((second) => ({ time: BigInt(second) * SECOND, bytes: Uint8Array.of(9, second) })) })
        : file(i, list),
    );
    const whole = readAll(mergeReaders(files.map(openBytes)));
    expect(whole).toHaveLength(550);
    for (const [size, capacity] of [
      [1, 1],
      [70, 3],
      [1000, 1000],
    ] as const) {
      expect(readAll(mergeReaders(files.map(openBytes)), makeBatch(size, capacity))).toEqual(whole);
    }
  });

  it('follows growing files without waiting for the ones that are still', () => {
    const whole = file(1, [1, 2, 3]);
    const source = new MemorySource(whole.subarray(0, whole.length - 36));
    const opened = openCapture(source);
    if (!opened.ok) throw new Error(opened.error.message);
    const reader = mergeReaders([opened.value, openBytes(file(2, [1]))]);
    const batch = makeBatch(4096, 10);
    const next = (): string => {
      expect(reader.next(batch, false)).toBe('end');
      return packetsOf(reader, batch)
        .map(({ bytes }) => `${bytes[0]}@${bytes[1]}`)
        .join(' ');
    };
    expect(next()).toBe('1@1 2@1 1@2');
    expect(next()).toBe('');
    source.append(whole.subarray(whole.length - 36));
    expect(next()).toBe('1@3');
    expect(reader.next(batch, true)).toBe('end');
    expect(reader.problem).toBeNull();
  });
});
