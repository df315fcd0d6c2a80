import { describe, expect, it } from 'vitest';
import { crc32, join, u32le } from '../../../support/build-bytes.ts';
import { pcap, pcapng, timeOf } from '../../../support/build-capture.ts';
import { LINK_TYPE } from '../../../support/build-link.ts';
import { exportBytes, loadBytes, packetsIn } from './export-bytes.ts';

const START = timeOf('2026-01-15T09:00:00.123456Z');
const frame = Uint8Array.from({ length: 60 }, (_, i) => i);

function magicOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

describe('a pcap export', () => {
  it('has microseconds while they say all, and nanoseconds as soon as one time needs them', async () => {
    const packets = [
      { time: START, bytes: frame },
      { time: START + 1000n, bytes: frame },
    ];
    const coarse = loadBytes(pcap({ variant: 'nano', packets }));
    const fine = loadBytes(pcap({ variant: 'nano', packets: [...packets, { time: START + 1001n, bytes: frame }] }));
    const files = [await exportBytes(coarse, 'pcap'), await exportBytes(fine, 'pcap')];
    expect(files.map(({ bytes }) => magicOf(bytes))).toEqual([0xa1b2c3d4, 0xa1b23c4d]);
    expect(packetsIn(loadBytes(files[1]?.bytes ?? frame))).toEqual(packetsIn(fine));
  });

  it('holds the rows asked for, with the lengths on the wire', async () => {
    const packets = [0, 1, 2].map((n) => ({ time: START + BigInt(n), bytes: frame.slice(0, 40 + n), length: 60 }));
    const capture = loadBytes(pcap({ variant: 'nano', snapLength: 42, packets }));
    const { bytes, packets: count } = await exportBytes(capture, 'pcap', { rows: [0, 2] });
    expect(count).toBe(2);
    const again = loadBytes(bytes);
    expect(packetsIn(again)).toEqual(packetsIn(capture, [0, 2]));
    expect(again.reader.facts.interfaces[0]?.snapLength).toBe(42);
  });

  it('refuses link types that are mixed, says so, and writes nothing', async () => {
    const capture = loadBytes(
      pcapng()
        .section()
        .interface()
        .interface({ linkType: LINK_TYPE.sll })
        .packet({ time: START, bytes: frame })
        .packet({ time: START, bytes: frame, interface: 1 })
        .bytes(),
    );
    await expect(exportBytes(capture, 'pcap')).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(/2 \(Ethernet, Linux cooked.*pcapng/) as string,
      detail: { key: 'exportProblem.mixed-link-types' },
    });
    expect(packetsIn(loadBytes((await exportBytes(capture, 'pcap', { rows: [1] })).bytes))).toEqual(
      packetsIn(capture, [1]),
    );
  });

  it.each([
    ['before 1970', -1_000_000_000n],
    ['after 2106', 4_294_967_296_000_000_000n],
  ])('refuses a time %s', async (_, time) => {
    const capture = loadBytes(
      pcapng()
        .section()
        .interface({ timeOffset: -10n })
        .packet({ time: START, bytes: frame })
        .packet({ time, bytes: frame })
        .bytes(),
    );
    await expect(exportBytes(capture, 'pcap')).rejects.toMatchObject({
      detail: { key: 'exportProblem.time-range', params: { number: 2 } },
    });
  });

  it('refuses blocks of a pcapng file', async () => {
    const capture = loadBytes(pcapng().section().interface().custom(1, frame).bytes());
    await expect(exportBytes(capture, 'pcap')).rejects.toMatchObject({ detail: { key: 'exportProblem.no-link-type' } });
  });

  it('gives packets without a time the time zero and says how many, as for comments', async () => {
    const capture = loadBytes(
      pcapng()
        .section()
        .interface()
        .simplePacket(frame)
        .packet({ time: START, bytes: frame, comments: ['lost'] })
        .bytes(),
    );
    const { bytes, warnings } = await exportBytes(capture, 'pcap');
    expect(packetsIn(loadBytes(bytes)).map(({ time }) => time)).toEqual([0n, START]);
    expect(warnings).toMatchObject([
      { key: 'exportProblem.no-time', params: { packets: 1 } },
      { key: 'exportProblem.comments', params: { packets: 1 } },
    ]);
  });

  it('keeps the length of the frame check sequence', async () => {
    const bytes = join(frame, u32le(crc32(frame)));
    const capture = loadBytes(pcap({ linkType: 0x2400_0001, packets: [{ time: START, bytes }] }));
    expect(loadBytes((await exportBytes(capture, 'pcap')).bytes).reader.facts.interfaces[0]?.fcsLength).toBe(4);
  });

  it('of no packets is a file of the same link type', async () => {
    const capture = loadBytes(pcap({ linkType: LINK_TYPE.sll, packets: [] }));
    const again = loadBytes((await exportBytes(capture, 'pcap')).bytes);
    expect(again.reader.facts.interfaces[0]?.linkType).toBe(LINK_TYPE.sll);
    expect(again.table.count).toBe(0);
  });
});
