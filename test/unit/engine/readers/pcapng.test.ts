import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../../engine/readers/byte-source.ts';
import { openCapture } from '../../../../engine/readers/index.ts';
import { RECORD_TYPE } from '../../../../engine/readers/link-types.ts';
import { DIRECTION, makeBatch } from '../../../../engine/readers/reader.ts';
import { join, u16le, u32le, u64le, utf8, zeros } from '../../../support/build-bytes.ts';
import { BLOCK, OPTION, pcapng, simplePcapng, timeOf } from '../../../support/build-capture.ts';
import { openBytes, packetsOf, readAll } from './read-all.ts';

const time = timeOf('2026-01-15T09:00:00.123456789Z');
const frame = (length: number, first = 1): Uint8Array => Uint8Array.from({ length }, (_, i) => (first + i) & 255);

describe('pcapng', () => {
  it('reads enhanced packets and what the section says of itself, in both byte orders', () => {
    for (const order of ['little', 'big'] as const) {
      const reader = openBytes(
        pcapng(order)
          .section({ hardware: 'x86', os: 'Linux', application: 'dumpcap', comment: 'at the gateway' })
          .interface({ name: 'eth0', resolution: 9, snapLength: 100 })
          .packet({ time, bytes: frame(61), length: 1500 })
          .bytes(),
      );
      expect(readAll(reader)).toMatchObject([
        { bytes: frame(61), length: 1500, time: '1768467600.123456789', interface: 0, direction: 0, note: null },
      ]);
      expect(reader.facts).toMatchObject({
        format: 'pcapng',
        description: `pcapng, ${order} endian, 1.0`,
        hardware: 'x86',
        os: 'Linux',
        application: 'dumpcap',
        comments: ['at the gateway'],
      });
      expect(reader.facts.interfaces[0]).toMatchObject({
        name: 'eth0',
        linkType: 1,
        snapLength: 100,
        ticksPerSecond: 1e9,
      });
      expect(reader.problem).toBeNull();
    }
  });

  it('keeps every option of an interface', () => {
    const reader = openBytes(
      pcapng()
        .section()
        .interface({
          name: 'eth0',
          description: 'Uplink',
          filter: 'tcp port 443',
          os: 'Linux 6.1',
          hardware: 'virtio',
          comment: 'first',
          mac: Uint8Array.of(2, 0, 0, 0, 0, 1),
          ipv4: [Uint8Array.of(192, 0, 2, 7), Uint8Array.of(255, 255, 254, 0)],
          ipv6: [join([0x20, 1, 0xd, 0xb8], zeros(11), [1]), 64],
          speed: 10_000_000_000n,
          fcsLength: 4,
          timeOffset: -5n,
        })
        .interface({
          options: [
            { code: OPTION.interfaceEui, value: frame(8) },
            { code: OPTION.interfaceTransmitSpeed, value: u64le(5n) },
            { code: OPTION.interfaceReceiveSpeed, value: u64le(7n) },
            { code: OPTION.interfaceTimeZone, value: zeros(4) },
            { code: OPTION.interfaceName, value: utf8('eth1\0') },
          ],
        })
        .bytes(),
    );
    readAll(reader);
    expect(reader.facts.interfaces).toEqual([
      {
        file: 0,
        linkType: 1,
        snapLength: 262_144,
        ticksPerSecond: 1e6,
        name: 'eth0',
        description: 'Uplink',
        filter: 'tcp port 443',
        os: 'Linux 6.1',
        hardware: 'virtio',
        comments: ['first'],
        hardwareAddress: Uint8Array.of(2, 0, 0, 0, 0, 1),
        addresses: [
          { address: Uint8Array.of(192, 0, 2, 7), prefix: 23 },
          { address: join([0x20, 1, 0xd, 0xb8], zeros(11), [1]), prefix: 64 },
        ],
        speedBps: { transmit: 10_000_000_000n, receive: 10_000_000_000n },
        fcsLength: 4,
        offsetSeconds: -5,
      },
      {
        file: 0,
        linkType: 1,
        snapLength: 262_144,
        ticksPerSecond: 1e6,
        name: 'eth1',
        hardwareAddress: frame(8),
        speedBps: { transmit: 5n, receive: 7n },
      },
    ]);
  });

  it.each([
    ['seconds', 0, '1768467600.000000000'],
    ['milliseconds', 3, '1768467600.123000000'],
    ['microseconds', 6, '1768467600.123456000'],
    ['nanoseconds', 9, '1768467600.123456789'],
    ['tenths of nanoseconds', 10, '1768467600.123456789'],
    ['halves', 0x81, '1768467600.000000000'],
    ['1/1024', 0x8a, '1768467600.123046875'],
    ['2^-30', 0x9e, '1768467600.123456788'],
  ])('reads times in %s', (_, resolution, text) => {
    const [packet] = readAll(openBytes(simplePcapng([{ time, bytes: frame(4) }], { resolution })));
    expect(packet?.time).toBe(text);
  });

  it.each([
    [6, 0xffff_ffff, 0xffff_ffff, '18446744073709.551615000'],
    [9, 0xffff_ffff, 0xffff_ffff, '18446744073.709551615'],
    [9, 0, 999_999_999, '0.999999999'],
    [0xa0, 1, 0x8000_0000, '1.500000000'],
    [0xbf, 0x8000_0000, 0, '1.000000000'],
    [20, 0xffff_ffff, 0xffff_ffff, '0.184467440'],
    [127, 0xffff_ffff, 0xffff_ffff, '0.000000000'],
  ])('divides the largest times exactly (resolution %i, %i and %i)', (resolution, high, low, text) => {
    const body = join(u32le(0), u32le(high), u32le(low), u32le(4), u32le(4), frame(4));
    const file = pcapng().section().interface({ resolution }).block(BLOCK.enhancedPacket, body).bytes();
    expect(readAll(openBytes(file))[0]?.time).toBe(text);
  });

  it('adds the offset of an interface to its times', () => {
    const [packet] = readAll(openBytes(simplePcapng([{ time, bytes: frame(4) }], { timeOffset: 1_700_000_000n })));
    expect(packet?.time).toBe('1768467600.123456789');
  });

  it('takes simple packets as long as the first interface captures, without a time', () => {
    const reader = openBytes(
      pcapng().section().interface({ snapLength: 10 }).simplePacket(frame(10), 314).simplePacket(frame(7)).bytes(),
    );
    const read = readAll(reader);
    expect(read).toMatchObject([
      { bytes: frame(10), length: 314, time: '' },
      { bytes: frame(7), length: 7, time: '' },
    ]);
    expect(reader.options(read[1]?.locator ?? 0, 0)).toBeNull();
  });

  it('reads the obsolete packet block with its drop count', () => {
    const reader = openBytes(
      pcapng()
        .section()
        .interface()
        .interface({ resolution: 9 })
        .obsoletePacket({ time, bytes: frame(5), interface: 1, drops: 3, flags: 2, comments: ['old'] })
        .obsoletePacket({ time, bytes: frame(5) })
        .bytes(),
    );
    const read = readAll(reader);
    expect(read).toMatchObject([
      { bytes: frame(5), interface: 1, time: '1768467600.123456789', direction: DIRECTION.outbound },
      { interface: 0, note: null },
    ]);
    expect(read[0]?.note).toEqual({ comments: ['old'], dropCount: 3n });
    expect(reader.options(read[0]?.locator ?? 0, 1)).toEqual({ comments: ['old'], flags: 2 });
  });

  it('notes comments, drops and link flags while it reads, and gives the other options when asked', () => {
    const reader = openBytes(
      simplePcapng([
        {
          time,
          bytes: frame(5),
          comments: ['one', 'zwei'],
          flags: 0x0201,
          dropCount: 4n,
          id: 77n,
          queue: 3,
          hash: [2, 1, 2, 3, 4],
          verdict: [2, 0, 0, 0, 0, 0, 0, 0, 2],
          options: [
            { code: OPTION.packetProcess, value: join(u32le(1234), u32le(5)) },
            { code: OPTION.customText, value: join(u32le(32_473), utf8('x')) },
          ],
        },
        { time, bytes: frame(5), flags: 1, id: 78n, queue: 1 },
      ]),
    );
    const read = readAll(reader);
    expect(read[0]).toMatchObject({ direction: DIRECTION.inbound });
    expect(read[0]?.note).toEqual({ comments: ['one', 'zwei'], dropCount: 4n, flags: 0x0201 });
    expect(read[1]).toMatchObject({ direction: DIRECTION.inbound, note: null });
    expect(reader.options(read[0]?.locator ?? 0, 0)).toEqual({
      comments: ['one', 'zwei'],
      flags: 0x0201,
      dropCount: 4n,
      packetId: 77n,
      queue: 3,
      hashes: [Uint8Array.of(2, 1, 2, 3, 4)],
      verdicts: [Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 2)],
      processId: 1234,
      threadId: 5,
    });
    expect(reader.options(read[1]?.locator ?? 0, 0)).toEqual({ flags: 1, packetId: 78n, queue: 1 });
  });

  it('numbers interfaces anew in each section, whatever its byte order', () => {
    const reader = openBytes(
      pcapng('little')
        .section({ os: 'one' })
        .interface({ name: 'a' })
        .interface({ name: 'b', linkType: 113 })
        .packet({ time, bytes: frame(4), interface: 1, flags: 1 })
        .section({ os: 'two' }, 'big')
        .interface({ name: 'c', resolution: 9, linkType: 101 })
        .packet({ time, bytes: frame(4), comments: ['big'] })
        .section({}, 'little')
        .interface({ name: 'd' })
        .packet({ time, bytes: frame(4) })
        .bytes(),
    );
    const read = readAll(reader);
    expect(read.map((packet) => [packet.interface, packet.time])).toEqual([
      [1, '1768467600.123456000'],
      [2, '1768467600.123456789'],
      [3, '1768467600.123456000'],
    ]);
    expect(reader.facts.interfaces.map(({ name, linkType }) => [name, linkType])).toEqual([
      ['a', 1],
      ['b', 113],
      ['c', 101],
      ['d', 1],
    ]);
    expect(reader.facts).toMatchObject({ os: 'one', description: 'pcapng, little endian, 1.0, 3 sections' });
    expect(reader.options(read[1]?.locator ?? 0, 2)).toEqual({ comments: ['big'] });
  });

  it('keeps names, statistics and secrets', () => {
    const ipv6 = join([0x20, 1, 0xd, 0xb8], zeros(11), [1]);
    const reader = openBytes(
      pcapng()
        .section()
        .interface()
        .names(
          [
            { address: Uint8Array.of(192, 0, 2, 1), names: ['a.example.net', 'b.example.net'] },
            { address: ipv6, names: ['c.example.net'] },
            { address: Uint8Array.of(2, 0, 0, 0, 0, 9), names: ['printer'] },
          ],
          [{ code: OPTION.comment, value: utf8('resolved later') }],
        )
        .secrets(0x544c534b, utf8('CLIENT_RANDOM 00 11\n'))
        .statistics({ time, received: 10n, dropped: 1n })
        .statistics({ time, received: 20n, filterAccepted: 18n, osDropped: 2n, delivered: 16n, comment: 'end' })
        .bytes(),
    );
    readAll(reader);
    expect(reader.facts.names).toEqual([
      { address: Uint8Array.of(192, 0, 2, 1), names: ['a.example.net', 'b.example.net'] },
      { address: ipv6, names: ['c.example.net'] },
      { address: Uint8Array.of(2, 0, 0, 0, 0, 9), names: ['printer'] },
    ]);
    expect(reader.facts.secrets).toEqual([{ type: 0x544c534b, bytes: utf8('CLIENT_RANDOM 00 11\n') }]);
    expect(reader.facts.interfaces[0]?.statistics).toEqual({
      received: 20n,
      dropped: 1n,
      filterAccepted: 18n,
      osDropped: 2n,
      delivered: 16n,
    });
    expect(reader.facts.comments).toEqual(['resolved later', 'end']);
    expect(reader.problem).toBeNull();
  });

  it('shows custom blocks as records of the file, in their place, as tshark does', () => {
    const reader = openBytes(
      pcapng()
        .section()
        .custom(32_473, frame(24))
        .interface()
        .packet({ time, bytes: frame(4) })
        .custom(32_473, frame(8), false)
        .bytes(),
    );
    const read = readAll(reader);
    expect(read.map(({ bytes, time: text }) => [bytes.length, text])).toEqual([
      [24, ''],
      [4, '1768467600.123456000'],
      [8, ''],
    ]);
    expect(reader.facts.interfaces.map(({ linkType, ofFile }) => [linkType, ofFile])).toEqual([
      [RECORD_TYPE.customBlock, true],
      [1, undefined],
    ]);
  });

  it('shows journal entries with their own time', () => {
    const entry = utf8('MESSAGE=started\n__REALTIME_TIMESTAMP=1768467600123456\n_PID=7\n');
    const reader = openBytes(
      pcapng()
        .section()
        .block(9, join(entry, zeros(3)))
        .bytes(),
    );
    expect(readAll(reader)).toMatchObject([{ bytes: entry, time: '1768467600.123456000' }]);
    expect(reader.facts.interfaces[0]).toMatchObject({ linkType: RECORD_TYPE.journalEntry, ofFile: true });
  });

  it('skips and counts blocks that nobody knows, also ones that are larger than the batch', () => {
    const reader = openBytes(
      pcapng()
        .section()
        .block(0x8000_0010, frame(8))
        .interface()
        .block(0x8000_0011, zeros(100_000))
        .packet({ time, bytes: frame(4) })
        .block(0x8000_0011, [])
        .bytes(),
    );
    const batch = makeBatch(64, 10);
    expect(readAll(reader, batch)).toHaveLength(1);
    expect(batch.bytes.length).toBeLessThan(1000);
    expect([...reader.facts.unknownBlocks]).toEqual([
      [0x8000_0010, 1],
      [0x8000_0011, 2],
    ]);
  });

  it('rounds up lengths that are no multiple of four, as Cisco writes them', () => {
    const body = join(u32le(0), u32le(0), u32le(5), u32le(5), u32le(5), frame(5), zeros(3));
    const reader = openBytes(
      pcapng()
        .section()
        .interface()
        .block(BLOCK.enhancedPacket, body, { first: 37, last: 37 })
        .packet({ time, bytes: frame(4) })
        .bytes(),
    );
    expect(readAll(reader).map(({ bytes }) => bytes)).toEqual([frame(5), frame(4)]);
    expect(reader.problem).toBeNull();
  });

  const start = (): ReturnType<typeof pcapng> =>
    pcapng()
      .section()
      .interface()
      .packet({ time, bytes: frame(4) });
  const place = start().bytes().length;
  const head = (captured: number): Uint8Array =>
    join(u32le(0), u32le(0), u32le(0), u32le(captured), u32le(captured), frame(4));
  it.each([
    [
      'lengths that differ',
      () => start().block(77, frame(4), { last: 4 }),
      'the two lengths of a block differ (first 16, second 4)',
    ],
    [
      'a length below the least',
      () => start().raw(join(u32le(6), u32le(8), zeros(8))),
      'a block claims a length of 8 bytes; the least is 12',
    ],
    [
      'a packet longer than its block',
      () => start().block(6, head(65_536)),
      'a block of 36 bytes is too small for 65536 captured bytes',
    ],
    [
      'an absurd packet block',
      () => start().raw(join(u32le(6), u32le(0xffff_fff0), zeros(40))),
      'a block claims a length of 4294967280 bytes; the limit is 135266304',
    ],
    [
      'an absurd interface block',
      () => start().raw(join(u32le(1), u32le(0x2000_0000), zeros(40))),
      'a block claims a length of 536870912 bytes; the limit is 16777216',
    ],
    [
      'an unknown interface',
      () => start().packet({ time, bytes: frame(4), interface: 5 }),
      'a block speaks of interface 5, and its section describes 1',
    ],
    [
      'options past the end',
      () => start().block(6, join(head(4), u16le(1), u16le(500), zeros(4))),
      'option 1 claims 500 bytes, and its block has 4 left',
    ],
    [
      'options of an interface past the end',
      () => start().block(1, join(zeros(8), u16le(2), u16le(9))),
      'option 2 claims 9 bytes, and its block has 0 left',
    ],
    [
      'a block too small for its fields',
      () => start().block(5, zeros(4)),
      'a block of type 5 is too small for what it must hold (16 bytes)',
    ],
    [
      'secrets past the end',
      () => start().block(10, join(u32le(1), u32le(99), zeros(4))),
      '99 bytes of decryption secrets are claimed in a block that has room for 4',
    ],
    [
      'a section without byte order',
      () => start().block(0x0a0d0d0a, zeros(16)),
      'a section header has no byte-order magic',
    ],
    [
      'a section of another version',
      () => start().section({ version: [2, 0] }),
      'pcapng version 2.0 is not known; 1.0 is',
    ],
    [
      'a packet before any interface',
      () => start().section().simplePacket(frame(4)),
      'a block speaks of interface 0, and its section describes 0',
    ],
  ])('keeps what came before %s, and names the place', (_, build, message) => {
    const bytes = build().bytes();
    const reader = openBytes(bytes);
    const batch = makeBatch(4096, 10);
    expect(readAll(reader, batch)).toHaveLength(1);
    expect(batch.bytes).toHaveLength(4096);
    expect(reader.problem).toMatchObject({ message, file: 'test.capture' });
    expect(reader.problem?.at).toBe(message.includes('describes 0') ? place + 28 : place);
    expect(reader.next(batch, true)).toBe('end');
  });

  it('takes a packet with damaged options back, and leaves the one before it as it was', () => {
    const bad = { code: 1, value: frame(1) };
    const bytes = pcapng()
      .section()
      .interface({ linkType: 204 })
      .packet({ time, bytes: frame(4) })
      .packet({ time, bytes: frame(4), options: [bad] })
      .bytes();
    bytes[bytes.length - 14] = 99; // the length of the option
    const reader = openBytes(bytes);
    expect(readAll(reader)).toMatchObject([{ bytes: frame(3, 2) }]);
    expect(reader.problem?.key).toBe('captureProblem.option-too-long');
  });

  it('refuses a file of a version that nobody knows', () => {
    const opened = openCapture(
      new MemorySource(
        pcapng('big')
          .section({ version: [256, 0] })
          .bytes(),
      ),
    );
    expect(opened).toMatchObject({ ok: false, error: { code: 'unsupported-version', reader: 'pcapng', at: 0 } });
  });

  it('names the place where a file is cut', () => {
    const whole = start()
      .packet({ time, bytes: frame(40) })
      .bytes();
    for (let cut = place + 1; cut < whole.length; cut++) {
      const reader = openBytes(whole.subarray(0, cut));
      expect(readAll(reader)).toHaveLength(1);
      expect(reader.problem).toMatchObject({ code: 'cut-short', at: place });
    }
    const reader = openBytes(whole.subarray(0, place + 30));
    readAll(reader);
    expect(reader.problem?.message).toBe('the file ends within a block (30 of 72 bytes)');
  });

  it('follows a file that grows by single bytes', () => {
    const whole = start()
      .statistics({ time, received: 1n })
      .packet({ time, bytes: frame(9) })
      .bytes();
    const source = new MemorySource(whole.subarray(0, 13));
    const opened = openCapture(source);
    if (!opened.ok) throw new Error(opened.error.message);
    const batch = makeBatch(4096, 10);
    const seen: number[] = [];
    for (let at = 13; at <= whole.length; at++) {
      expect(opened.value.next(batch, false)).toBe('end');
      seen.push(...packetsOf(opened.value, batch).map(({ bytes }) => bytes.length));
      source.append(whole.subarray(at, at + 1));
    }
    expect(opened.value.next(batch, true)).toBe('end');
    expect(opened.value.problem).toBeNull();
    expect(seen).toEqual([4, 9]);
  });

  it('gives the same packets whatever the size of the batch', () => {
    const packets = Array.from({ length: 40 }, (_, i) => ({ time: time + BigInt(i), bytes: frame(i * 7, i) }));
    const bytes = simplePcapng(packets);
    const whole = readAll(openBytes(bytes));
    expect(whole).toHaveLength(40);
    for (const [size, capacity] of [
      [1, 1],
      [16, 3],
      [100, 7],
      [1000, 1],
      [1 << 20, 1000],
    ] as const) {
      expect(readAll(openBytes(bytes), makeBatch(size, capacity))).toEqual(whole);
    }
  });
});
