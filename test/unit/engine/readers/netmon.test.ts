import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../../engine/readers/byte-source.ts';
import { openCapture } from '../../../../engine/readers/index.ts';
import { linkTypeInfo } from '../../../../engine/readers/link-types.ts';
import { plainText } from '../../../../engine/readers/netmon/comments.ts';
import { makeBatch } from '../../../../engine/readers/reader.ts';
import { cut, hex, patched, u32le, zeros } from '../../../support/build-bytes.ts';
import { timeOf } from '../../../support/build-capture.ts';
import {
  adapterFrame,
  atmFrame,
  eventFrame,
  filterFrame,
  NETWORK_TYPE,
  type NetmonFrame,
  netmon,
} from '../../../support/build-netmon.ts';
import { openBytes, packetsOf, readAll } from './read-all.ts';

const START = timeOf('2026-01-15T09:00:00.123Z');
const frame = (length: number, first = 1): Uint8Array => Uint8Array.from({ length }, (_, i) => first + i);
const after = (micros: number): bigint => START + BigInt(micros) * 1000n;
const three: readonly NetmonFrame[] = [
  { time: START, bytes: frame(42) },
  { time: after(1_500_250), bytes: frame(60, 7), length: 1514 },
  { time: after(1_500_251), bytes: frame(14, 50) },
];
const seconds = (time: bigint): string => `${time / 1_000_000_000n}.${String(time % 1_000_000_000n).padStart(9, '0')}`;

describe('Network Monitor', () => {
  it('has the layout of the example of two frames', () => {
    const frames = [
      { time: START, bytes: frame(42) },
      { time: START, bytes: frame(42) },
    ];
    const bytes = netmon({ frames });
    expect(bytes.length).toBe(244 + 8);
    expect(bytes.subarray(244)).toEqual(Uint8Array.of(128, 0, 0, 0, 186, 0, 0, 0));
    expect(netmon({ frames, version: [1, 1] }).subarray(228)).toEqual(Uint8Array.of(128, 0, 0, 0, 178, 0, 0, 0));
  });

  it.each([
    [2, 0],
    [2, 1],
    [2, 2],
    [2, 3],
  ] as const)('reads version %i.%i', (major, minor) => {
    const reader = openBytes(netmon({ version: [major, minor], frames: three }));
    expect(readAll(reader).map(({ bytes, length, time }) => ({ bytes, length, time }))).toEqual(
      three.map(({ bytes, length, time }) => ({ bytes, length: length ?? bytes.length, time: seconds(time) })),
    );
    expect(reader.facts).toMatchObject({ format: 'netmon', interfaces: [{ linkType: 1 }], warnings: [] });
    expect(reader.facts.description).toMatch(`Network Monitor ${major}.${minor}`);
    expect(reader.problem).toBeNull();
  });

  it('counts milliseconds in version 1', () => {
    const reader = openBytes(netmon({ version: [1, 1], frames: three }));
    expect(readAll(reader).map(({ time }) => time)).toEqual([START, after(1_500_000), after(1_500_000)].map(seconds));
    expect(reader.facts.description).toBe('Network Monitor 1.1, local time without a zone');
  });

  it('takes the order of the table, wherever the frames are', () => {
    const many = Array.from({ length: 40 }, (_, i) => ({ time: after(i), bytes: frame(20 + i, i) }));
    const backwards = many.map((_, i) => many.length - 1 - i);
    const mixed = many.map((_, i) => (i * 17) % many.length);
    for (const order of [backwards, mixed]) {
      const read = readAll(openBytes(netmon({ version: [2, 2], frames: many, order })));
      expect(read.map(({ bytes }) => bytes)).toEqual(many.map(({ bytes }) => bytes));
    }
  });

  it('reads times before the start', () => {
    const early = { time: START - 2_000_500_000n, bytes: frame(14) };
    const read = readAll(openBytes(netmon({ version: [2, 1], frames: [...three, early] })));
    expect(read[3]?.time).toBe(seconds(early.time));
  });

  it('uses the start where a frame of 2.3 has no time of its own', () => {
    const read = readAll(
      openBytes(netmon({ version: [2, 3], frames: [{ ...three[0], time: START, bytes: frame(14), utc: 0n }] })),
    );
    expect(read[0]?.time).toBe(seconds(START));
  });

  it('has a link type for each network type', () => {
    const types = [0, 1, 2, 3, 5, 6, 7, 8, 9, 0xe000 + 113, 0xe080, 0xe083, 0xe08a];
    const frames = types.map((network, i) => ({ time: after(i), bytes: frame(20), network }));
    const reader = openBytes(netmon({ version: [2, 1], frames }));
    const names = readAll(reader).map(
      (one) => linkTypeInfo(reader.facts.interfaces[one.interface]?.linkType ?? -1).title,
    );
    expect(names).toEqual([
      'Ethernet',
      'Ethernet',
      'Token ring',
      'FDDI',
      'IP over IEEE 1394',
      'IEEE 802.11 with Network Monitor header',
      'Raw IP',
      'Raw IP',
      'Raw IP',
      'Linux cooked capture v1',
      'IEEE 802.11',
      'Windows Filtering Platform, IPv4',
      'Unknown Network Monitor type 0xe08a',
    ]);
  });

  it('takes the prefix of ATM frames for the header that other formats have', () => {
    const content = hex('aaaa03000000080045');
    const reader = openBytes(
      netmon({ network: NETWORK_TYPE.atm, frames: [{ time: START, bytes: atmFrame(3, 0x0102, content) }] }),
    );
    const [packet] = readAll(reader);
    expect(packet).toMatchObject({ bytes: content, length: content.length });
    expect(reader.pseudoHeader(packet?.locator ?? 0, 0)).toEqual(Uint8Array.of(2, 3, 1, 2));
    expect(reader.facts.interfaces).toMatchObject([{ linkType: 123 }]);
  });

  it('names the process of a packet', () => {
    const processes = [
      { id: 4321, path: 'C:\\Program Files\\Example\\browser.exe' },
      { id: 77, path: 'resolver.exe' },
    ];
    const frames = [{ ...one(), process: 1 }, { ...one(), process: 0 }, one(), { ...one(), process: 2 }];
    const reader = openBytes(netmon({ version: [2, 2], frames, processes }));
    const options = readAll(reader).map(({ locator }) => reader.options(locator, 0));
    expect(options).toEqual([
      { processId: 77, processName: 'resolver.exe' },
      { processId: 4321, processName: 'browser.exe' },
      null,
      null,
    ]);
    expect([...reader.facts.processes]).toEqual([
      [4321, 'browser.exe'],
      [77, 'resolver.exe'],
    ]);
  });

  it('gives comments to their frames, without the marks of rich text', () => {
    const rich =
      "{\\rtf1\\ansi{\\fonttbl{\\f0 Consolas;}}{\\*\\generator x;}\\pard caf\\'e9 \\u26085?\\u26412?\\par {\\b bold} \\{x\\}\\par}";
    expect(plainText(rich).trim()).toBe('café 日本\nbold {x}');
    const frames = [
      one(),
      { ...one(), comment: { title: 'Look', description: rich } },
      { ...one(), comment: { title: '見る' } },
    ];
    const reader = openBytes(netmon({ version: [2, 2], frames, order: [2, 0, 1] }));
    const read = readAll(reader);
    expect(read.map(({ note }) => note?.comments)).toEqual([undefined, ['Look\ncafé 日本\nbold {x}'], ['見る']]);
    expect(reader.options(read[2]?.locator ?? 0, 0)).toEqual({ comments: ['見る'] });
  });

  it('leaves frames about the capture out, and keeps the numbers of the others', () => {
    const adapters = adapterFrame([
      { name: 'Ethernet', description: 'Example adapter', mac: [0, 0, 0x5e, 0, 0x53, 1], ipv4: [[192, 0, 2, 1]] },
    ]);
    const frames = [
      { ...one(), bytes: adapters, network: NETWORK_TYPE.adapters },
      one(),
      { ...one(), bytes: filterFrame('Monitor', [3, 4], 'tcp'), network: NETWORK_TYPE.filter },
      { ...one(), bytes: zeros(5), network: NETWORK_TYPE.joinedHeader },
      one(),
    ];
    const reader = openBytes(netmon({ version: [2, 3], frames, order: [4, 3, 0, 1, 2] }));
    const read = readAll(reader);
    expect(read.map(({ locator }) => reader.options(locator, 0)?.packetId)).toEqual([2n, 5n]);
    expect(reader.facts).toMatchObject({ application: 'Monitor 3.4', comments: ['Ethernet: Example adapter', 'tcp'] });
    expect(reader.facts.interfaces).toHaveLength(1);
  });

  it('finds the packets inside of trace events', () => {
    const event = (fields: object, bytes: Uint8Array): NetmonFrame => ({
      ...one(),
      network: NETWORK_TYPE.event,
      bytes: eventFrame({ time: after(10), bytes, ...fields }),
    });
    const frames = [
      event({ isSent: true, processId: 99 }, frame(60)),
      event({ isOther: true }, frame(20)),
      event({ isLast: false, processor: 1 }, frame(10, 1)),
      event({ time: after(20) }, frame(30)),
      event({ isFirst: false, isLast: false, processor: 1 }, frame(10, 11)),
      event({ isFirst: false, processor: 1, time: after(30) }, frame(5, 21)),
      event({ isFirst: false, processor: 2 }, frame(9)),
      event({ isFirst: false, isLast: false }, frame(44)),
    ];
    const reader = openBytes(netmon({ version: [2, 3], frames }));
    const read = readAll(reader);
    expect(read.map(({ bytes, time, direction }) => ({ bytes, time, direction }))).toEqual([
      { bytes: frame(60), time: seconds(after(10)), direction: 2 },
      { bytes: frame(30), time: seconds(after(20)), direction: 1 },
      { bytes: frame(25), time: seconds(after(10)), direction: 1 },
      { bytes: frame(44), time: seconds(after(10)), direction: 1 },
    ]);
    expect(reader.options(read[0]?.locator ?? 0, 0)).toMatchObject({
      packetId: 1n,
      processId: 99,
      trace: { provider: 'ndis', processId: 99, threadId: 4, processor: 0, adapter: 12, layer: 12 },
    });
    expect(reader.options(read[2]?.locator ?? 0, 0)).toMatchObject({ packetId: 3n, trace: { processor: 1 } });
    expect(reader.facts.providers.map(({ name, events }) => [name, events])).toEqual([
      ['Microsoft-Windows-NDIS-PacketCapture', 7],
      ['', 1],
    ]);
    expect(reader.facts.warnings[0]?.message).toBe('1 frames are damaged and were left out');
  });

  it('finds frames without a table, and says so', () => {
    for (const version of [
      [1, 1],
      [2, 0],
      [2, 1],
      [2, 3],
    ] as const) {
      const reader = openBytes(netmon({ version, frames: three, hasNoTable: true }));
      expect(readAll(reader).map(({ bytes }) => bytes)).toEqual(three.map(({ bytes }) => bytes));
      expect(reader.facts.warnings).toMatchObject([{ key: 'captureProblem.frames-recovered', params: { count: 3 } }]);
    }
  });

  it('skips frames that are damaged, and counts them', () => {
    const frames = [one(), { ...one(), capturedLength: 0x7fff_ffff }, one()];
    const reader = openBytes(netmon({ version: [2, 1], frames }));
    expect(readAll(reader)).toHaveLength(2);
    expect(reader.facts.warnings).toMatchObject([{ key: 'captureProblem.frames-left-out', params: { count: 1 } }]);
    expect(reader.problem).toBeNull();
  });

  it('ends where more frames are claimed than there can be', () => {
    const whole = netmon({ frames: Array.from({ length: 50 }, () => ({ ...one(), bytes: frame(200) })) });
    let bytes = whole;
    for (let i = 0; i < 50; i++) bytes = patched(bytes, whole.length - 200 + 4 * i, u32le(128));
    const reader = openBytes(bytes);
    // Each time the first frame again: as often as the file's bytes allow.
    expect(readAll(reader)).toHaveLength(50);
    const twice = openBytes(patched(joined(bytes), 28, u32le(800)));
    expect(readAll(twice).length).toBeLessThan(60);
    expect(twice.problem?.key).toBe('captureProblem.frames-overlap');
  });

  it('refuses versions that nobody knows', () => {
    const opened = openCapture(new MemorySource(patched(netmon({ frames: three }), 5, [3])));
    expect(opened).toMatchObject({ ok: false, error: { code: 'unsupported-version', reader: 'netmon' } });
  });

  it('keeps what is there of a file that is cut anywhere', () => {
    const whole = netmon({ version: [2, 2], frames: three, processes: [{ id: 1, path: 'a.exe' }] });
    for (let size = 128; size < whole.length; size++) {
      const reader = openBytes(cut(whole, size));
      const read = readAll(reader);
      read.forEach(({ bytes }, i) => expect(bytes).toEqual(three[i]?.bytes));
      expect(reader.problem ?? reader.facts.warnings[0], `cut at ${size}`).toBeDefined();
    }
  });

  it('gives the same whatever the batch, and never more than the file has', () => {
    const bytes = netmon({ version: [2, 3], frames: three, order: [2, 0, 1] });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 200 }),
        (changes, capacity, size) => {
          const changed = bytes.slice();
          for (const [at, value] of changes) changed[at] = value;
          const opened = openCapture(new MemorySource(changed));
          if (!opened.ok) return;
          const many = readAll(opened.value.again());
          const few = readAll(opened.value.again(), makeBatch(size, capacity));
          expect(few).toEqual(many);
          expect(many.reduce((sum, packet) => sum + packet.bytes.length, 0)).toBeLessThanOrEqual(changed.length);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('waits for the table of a file that is still being written', () => {
    const whole = netmon({ frames: three });
    const source = new MemorySource(cut(whole, 200));
    const opened = openCapture(source);
    if (!opened.ok) throw new Error(opened.error.message);
    const batch = makeBatch(1000, 10);
    expect(opened.value.next(batch, false)).toBe('end');
    expect(batch.count).toBe(0);
    source.append(whole.subarray(200));
    opened.value.next(batch, false);
    expect(packetsOf(opened.value, batch)).toHaveLength(3);
  });
});

function one(): NetmonFrame {
  return { time: START, bytes: frame(14) };
}

/** With another table behind the table. */
function joined(bytes: Uint8Array): Uint8Array {
  const longer = new Uint8Array(bytes.length + 600);
  longer.set(bytes);
  for (let at = bytes.length; at < longer.length; at += 4) longer.set(u32le(128), at);
  return longer;
}
