import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../../engine/readers/byte-source.ts';
import { openCapture } from '../../../../engine/readers/index.ts';
import { makeBatch } from '../../../../engine/readers/reader.ts';
import { cut, join, latin1, u16, u32le, utf8, zeros } from '../../../support/build-bytes.ts';
import { timeOf } from '../../../support/build-capture.ts';
import { erf, hexDump, iptrace, k12, netxray, sniffer } from '../../../support/build-other-formats.ts';
import { openBytes, packetsOf, type ReadPacket, readAll } from './read-all.ts';

const START = timeOf('2026-01-15T09:00:00.123456Z');
const frame = (length: number, first = 1): Uint8Array => Uint8Array.from({ length }, (_, i) => (first + i) & 0xff);
const packets = [
  { time: START, bytes: frame(60) },
  { time: START + 1_500_001_000n, bytes: frame(102, 7), length: 1514 },
  { time: START + 1_500_002_000n, bytes: frame(14, 50) },
];
const seconds = (time: bigint): string => `${time / 1_000_000_000n}.${String(time % 1_000_000_000n).padStart(9, '0')}`;
const expected = packets.map(({ time, bytes, length = bytes.length }) => ({ time: seconds(time), bytes, length }));
const plain = (read: readonly ReadPacket[]): object[] =>
  read.map(({ time, bytes, length }) => ({ time, bytes, length }));

/** All of them, with what tells where a record ends. */
const files: Readonly<Record<string, Uint8Array>> = {
  sniffer: sniffer({ packets }),
  netxray: netxray({ packets }),
  iptrace: iptrace(packets),
  erf: erf(packets),
  k12: utf8(k12(packets)),
};

describe('each of these formats', () => {
  it.each(Object.keys(files).filter((name) => name !== 'k12' && name !== 'iptrace'))('%s gives its packets', (name) => {
    const reader = openBytes(files[name] ?? zeros(0));
    expect(reader.facts).toMatchObject({ format: name, warnings: [] });
    const read = plain(readAll(reader));
    // Two of them count in fractions that a microsecond is no multiple of.
    const near = (one: object): object => ({ ...one, time: Number((one as { time: string }).time).toFixed(5) });
    expect(read.map(near)).toEqual(expected.map(near));
    expect(reader.problem).toBeNull();
  });

  it.each(Object.keys(files))('%s keeps what is there when it is cut anywhere', (name) => {
    const whole = files[name] ?? zeros(0);
    const all = plain(readAll(openBytes(whole)));
    for (let size = 1; size < whole.length; size++) {
      const opened = openCapture(new MemorySource(cut(whole, size)));
      if (!opened.ok) continue;
      const read = plain(readAll(opened.value));
      // A text may end within the bytes of its last packet.
      const sure = name === 'k12' ? read.slice(0, -1) : read;
      expect(sure).toEqual(all.slice(0, sure.length));
      if (read.length < all.length && !['k12', 'erf'].includes(name) && opened.value.facts.format === name) {
        const isBetween = opened.value.problem === null && opened.value.facts.warnings.length === 0;
        if (isBetween) expect(plain(readAll(openBytes(cut(whole, size))))).toEqual(read);
      }
    }
  });

  it.each(Object.keys(files))('%s gives the same whatever the batch, with any bytes changed', (name) => {
    const whole = files[name] ?? zeros(0);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 }),
        fc.integer({ min: 1, max: 4 }),
        (changes, capacity) => {
          const changed = whole.slice();
          for (const [at, value] of changes) changed[at] = value;
          const opened = openCapture(new MemorySource(changed));
          if (!opened.ok) return;
          const many = readAll(opened.value.again());
          expect(readAll(opened.value.again(), makeBatch(50, capacity))).toEqual(many);
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each(Object.keys(files))('%s is followed while it grows', (name) => {
    const whole = files[name] ?? zeros(0);
    // ERF has no magic number: it is known by three records.
    const start = Math.floor(whole.length * (name === 'erf' ? 0.97 : 0.8));
    const source = new MemorySource(cut(whole, start));
    const opened = openCapture(source);
    if (!opened.ok) throw new Error(opened.error.message);
    const batch = makeBatch(10_000, 100);
    const read: ReadPacket[] = [];
    const take = (final: boolean): void => {
      while (opened.value.next(batch, final) === 'more') read.push(...packetsOf(opened.value, batch));
      read.push(...packetsOf(opened.value, batch));
    };
    take(false);
    expect(read.length).toBeLessThan(3);
    source.append(whole.subarray(source.size));
    take(true);
    expect(plain(read)).toEqual(plain(readAll(openBytes(whole))));
  });
});

describe('Sniffer', () => {
  it('knows its networks and units, and says what it leaves out', () => {
    const reader = openBytes(sniffer({ packets, network: 0, others: [4, 17, 18].slice(1) }));
    expect(readAll(reader)).toHaveLength(3);
    expect(reader.facts.interfaces).toMatchObject([{ linkType: 6 }]);
    expect(reader.facts.warnings).toMatchObject([{ key: 'captureProblem.records-left-out', params: { count: 2 } }]);
  });

  it('says that compressed records are not read', () => {
    const opened = openCapture(new MemorySource(sniffer({ packets, format: 2 })));
    expect(opened).toMatchObject({ ok: false, error: { key: 'captureProblem.compressed-records' } });
  });
});

describe('Sniffer for Windows', () => {
  it.each(['001.100', '002.000', '002.001', '002.003'] as const)('reads version %s', (version) => {
    const read = plain(readAll(openBytes(netxray({ version, packets }))));
    expect(read.map((one) => (one as { bytes: Uint8Array }).bytes)).toEqual(packets.map(({ bytes }) => bytes));
  });

  it('goes on at the beginning of a file that is a ring', () => {
    const read = readAll(openBytes(netxray({ wrapped: 2, packets })));
    expect(read.map(({ bytes }) => bytes)).toEqual(packets.map(({ bytes }) => bytes));
  });

  it('has Wireshark’s time to the nanosecond', () => {
    const read = readAll(
      openBytes(netxray({ packets: [{ time: timeOf('2000-08-05T23:19:55.52Z'), bytes: frame(9) }] })),
    );
    expect(read[0]?.time).toBe('965517595.520000000');
  });
});

describe('iptrace', () => {
  it('has interfaces, directions and nanoseconds', () => {
    const reader = openBytes(
      iptrace([
        { time: START + 789n, bytes: frame(60) },
        { time: START, bytes: frame(30), isSent: true, name: 'tr', unit: 1, type: 9 },
        { time: START, bytes: frame(23), name: 'fi', type: 15 },
        { time: START, bytes: frame(20), type: 99 },
      ]),
    );
    expect(readAll(reader)).toMatchObject([
      { time: seconds(START + 789n), bytes: frame(60), direction: 1, interface: 0 },
      { bytes: frame(30), direction: 2, interface: 1 },
      { bytes: frame(20, 4), interface: 2 },
    ]);
    expect(reader.facts.interfaces.map(({ name, linkType }) => [name, linkType])).toEqual([
      ['en0', 1],
      ['tr1', 6],
      ['fi0', 10],
    ]);
    expect(reader.facts.warnings).toMatchObject([{ params: { count: 1 } }]);
  });

  it('of version 1.0 has whole seconds', () => {
    expect(readAll(openBytes(iptrace(packets, '1.0')))[0]).toMatchObject({
      time: `${START / 1_000_000_000n}.000000000`,
      bytes: frame(60),
    });
  });
});

describe('ERF', () => {
  it('has an interface for each port, drops, and the header that a capture of its link type has', () => {
    const reader = openBytes(
      erf([
        { time: START, bytes: frame(60), port: 1 },
        { time: START, bytes: frame(61), port: 0, lost: 3 },
        { time: START, bytes: frame(62), port: 1, extensions: 2 },
      ]),
    );
    const read = readAll(reader);
    expect(read.map(({ bytes }) => bytes.length)).toEqual([60, 61, 62]);
    expect(read.map((one) => reader.facts.interfaces[one.interface]?.name)).toEqual([
      'Port B (ERF Interface 1)',
      'Port A (ERF Interface 0)',
      'Port B (ERF Interface 1)',
    ]);
    expect(read[1]?.note).toEqual({ dropCount: 3n });
    const headers = read.map((one) => reader.pseudoHeader(one.locator, one.interface).length);
    expect(headers).toEqual([18, 18, 34]);
  });

  it('is not any file', () => {
    const zerosWithType = join(u32le(0), u32le(0), [2, 0], u16(16), zeros(4));
    for (const bytes of [zeros(200), join(zerosWithType, zerosWithType, zerosWithType), frame(200)])
      expect(openCapture(new MemorySource(bytes)).ok).toBe(false);
  });
});

describe('K12 text', () => {
  it('has times of day, and kinds of lines', () => {
    const text = k12([
      { time: START, bytes: frame(60) },
      { time: START, bytes: frame(9), kind: 'MTP-L2' },
      { time: START, bytes: frame(9), kind: 'SSCOP' },
    ]);
    const reader = openBytes(utf8(text));
    expect(readAll(reader)).toMatchObject([{ time: '946717200.123456000', bytes: frame(60) }, { bytes: frame(9) }]);
    expect(reader.facts.interfaces.map(({ linkType }) => linkType)).toEqual([1, 140]);
    expect(reader.facts.warnings).toMatchObject([{ params: { count: 1 } }]);
  });
});

describe('a hex dump', () => {
  const bytes = join(frame(48), latin1('abcdef dead beef 00 11 22'), zeros(64), frame(5));

  it.each([
    ['as Wireshark prints it', {}],
    ['without letters, as od prints it', { letters: false, hasEnd: true }],
    ['of xxd', { colon: true, group: 2 }],
    ['with repeated lines left out', { squeeze: true, hasEnd: true }],
  ])('%s is a packet', (_, style) => {
    const read = readAll(openBytes(utf8(hexDump(bytes, style))));
    expect(read.map((one) => one.bytes)).toEqual([bytes]);
  });

  it('may be several, with times and directions in front', () => {
    const text = [
      '# a comment',
      '2026-01-15 10:00:00.5+01:00 O',
      hexDump(frame(40)),
      'I 2026-01-15T09:00:01Z',
      hexDump(frame(20, 9)),
      '09:00:02.25',
      hexDump(frame(17)),
      hexDump(frame(16)),
    ].join('\n');
    const read = readAll(openBytes(utf8(text)));
    expect(read.map(({ bytes: own }) => own)).toEqual([frame(40), frame(20, 9), frame(17), frame(16)]);
    expect(read.map(({ time }) => time)).toEqual([
      '1768467600.500000000',
      '1768467601.000000000',
      '946717202.250000000',
      '',
    ]);
    expect(read[1]?.direction).toBe(1);
  });

  it('of an IP packet is one without a link layer', () => {
    const ip = join([0x45, 0, 0, 24], frame(20));
    const reader = openBytes(utf8(hexDump(ip)));
    expect(readAll(reader)).toHaveLength(1);
    expect(reader.facts.interfaces).toMatchObject([{ linkType: 101 }]);
  });

  it('is not any text', () => {
    for (const text of ['hello, world\n'.repeat(20), '0000\n'.repeat(5), 'deadbeef\n', '2026 01 15\n'.repeat(4)])
      expect(openCapture(new MemorySource(utf8(text))).ok, text.slice(0, 20)).toBe(false);
  });

  it('is bounded, whatever it repeats', () => {
    const read = readAll(openBytes(utf8(`00000000 ${'00 '.repeat(16)}\n*\n0fffff00 01\n`)));
    expect(read.every(({ bytes: own }) => own.length <= 262_144)).toBe(true);
  });
});
