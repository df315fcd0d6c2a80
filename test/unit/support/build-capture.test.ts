/** The file writers, byte by byte. */

import { describe, expect, it } from 'vitest';
import { hex, toHex, u32 } from '../../support/build-bytes.ts';
import { BLOCK, OPTION, pcap, pcapng, snoop, timeOf } from '../../support/build-capture.ts';

const packet = { time: 1_000_000_002_123_456_789n, bytes: hex('0102 03') };
/** 1,000,000,002 seconds. */
const SECONDS_LE = '02ca9a3b';

describe('times', () => {
  it('are read to the nanosecond', () => {
    expect(timeOf('1970-01-01T00:00:01.000000001Z')).toBe(1_000_000_001n);
    expect(timeOf('2001-09-09T01:46:42.5Z')).toBe(1_000_000_002_500_000_000n);
    expect(() => timeOf('soon')).toThrow('not a UTC time');
  });
});

describe('pcap', () => {
  it('writes header and records in both byte orders', () => {
    expect(toHex(pcap({ packets: [packet] }))).toBe(
      'd4c3b2a1' +
        '02000400' +
        '0000000000000000' +
        '00000400' +
        '01000000' +
        SECONDS_LE +
        '40e20100' +
        '0300000003000000' +
        '010203',
    );
    expect(toHex(pcap({ order: 'big', variant: 'nano', linkType: 113, packets: [{ ...packet, length: 9 }] }))).toBe(
      'a1b23c4d' +
        '00020004' +
        '0000000000000000' +
        '00040000' +
        '00000071' +
        '3b9aca02' +
        '075bcd15' +
        '0000000300000009' +
        '010203',
    );
  });

  it.each([
    ['modified', '34cdb2a1', 24],
    ['ss990915', '34cdb2a1', 28],
    ['ss990417', 'd4c3b2a1', 24],
    ['nokia', 'd4c3b2a1', 20],
    ['micro', 'd4c3b2a1', 16],
  ] as const)('gives the variant %s its magic and its record header', (variant, magic, record) => {
    const bytes = pcap({ variant, packets: [packet] });
    expect(toHex(bytes.slice(0, 4))).toBe(magic);
    expect(bytes.length).toBe(24 + record + 3);
  });
});

describe('pcapng', () => {
  it('writes the three blocks of the smallest useful file', () => {
    expect(toHex(pcapng().section().interface().packet(packet).bytes())).toBe(
      '0a0d0d0a1c000000' +
        '4d3c2b1a' +
        '01000000' +
        'ffffffffffffffff' +
        '1c000000' +
        '0100000014000000' +
        '01000000' +
        '00000400' +
        '14000000' +
        // 1,000,000,002,123,456 microseconds are 0x00038d7ea4e4f2c0.
        '0600000024000000' +
        '00000000' +
        '7e8d0300' +
        'c048e5a4'.replace('c048e5a4', low()) +
        '0300000003000000' +
        '01020300' +
        '24000000',
    );
  });

  it('scales times by resolution and offset', () => {
    const ticks = (resolution: number, timeOffset?: bigint): bigint => {
      const bytes = pcapng('big')
        .section()
        .interface({ resolution, ...(timeOffset === undefined ? {} : { timeOffset }) })
        .packet(packet)
        .bytes();
      const view = new DataView(bytes.buffer);
      return view.getBigUint64(bytes.length - 36 + 12);
    };
    expect(ticks(9)).toBe(1_000_000_002_123_456_789n);
    expect(ticks(3)).toBe(1_000_000_002_123n);
    expect(ticks(0)).toBe(1_000_000_002n);
    expect(ticks(0x81)).toBe(2_000_000_004n);
    expect(ticks(3, 1_000_000_000n)).toBe(2123n);
    expect(ticks(0, -10n)).toBe(1_000_000_012n);
  });

  it('pads options and ends them', () => {
    const bytes = pcapng('big').section().interface({ name: 'eth0', resolution: 9 }).bytes();
    expect(toHex(bytes.slice(28))).toBe(
      '00000001' + '00000028' + '0001000000040000' + '0002000465746830' + '0009000109000000' + '00000000' + '00000028',
    );
  });

  it('writes comments, flags and what else a packet may say', () => {
    const bytes = pcapng('big')
      .section()
      .interface()
      .packet({ ...packet, comments: ['a', 'bc'], flags: 1, dropCount: 2n })
      .bytes();
    expect(toHex(bytes)).toContain(
      '0001000161000000' + '0001000262630000' + '0002000400000001' + '000400080000000000000002' + '00000000',
    );
  });

  it('changes the byte order with a new section', () => {
    const bytes = pcapng('little').section().section({}, 'big').interface().bytes();
    expect(toHex(bytes)).toContain('4d3c2b1a');
    expect(toHex(bytes)).toContain('1a2b3c4d');
  });

  it('writes the rarer blocks', () => {
    const bytes = pcapng('big')
      .section()
      .interface()
      .simplePacket(hex('aabb'), 60)
      .names([{ address: hex('c0000201'), names: ['a', 'b'] }])
      .custom(32_473, hex('01'))
      .bytes();
    const body = toHex(bytes.slice(28 + 20));
    expect(body).toContain('00000003' + '00000014' + '0000003c' + 'aabb0000' + '00000014');
    expect(body).toContain('00000004' + '0000001c' + '00010008' + 'c0000201' + '61006200' + '00000000' + '0000001c');
    expect(body).toContain(toHex(u32(BLOCK.custom)) + '00000014' + '00007ed9' + '01000000');
    expect(OPTION.comment).toBe(1);
  });

  it('lets lengths be wrong on purpose', () => {
    const bytes = pcapng('big').block(7, hex('01020304'), { first: 99, last: 1 }).bytes();
    expect(toHex(bytes)).toBe('00000007' + '00000063' + '01020304' + '00000001');
  });
});

describe('snoop', () => {
  it('writes header and padded records', () => {
    expect(toHex(snoop({ packets: [packet] }))).toBe(
      '736e6f6f70000000' +
        '00000002' +
        '00000004' +
        '00000003' +
        '00000003' +
        '0000001c' +
        '00000000' +
        '3b9aca02' +
        '0001e240' +
        '01020300',
    );
  });
});

function low(): string {
  return toHex(u32(Number(1_000_000_002_123_456n & 0xffffffffn)).reverse());
}
