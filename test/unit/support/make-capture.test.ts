/** The captures that are made: the committed files are what the builders give, and the large ones are sound. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeBench } from '../../../scripts/make-capture/bench.ts';
import { adjustChecksum } from '../../../scripts/make-capture/bulk-writer.ts';
import { makeSample } from '../../../scripts/make-capture/sample.ts';
import { writeScan } from '../../../scripts/make-capture/scan.ts';
import { writeSmall } from '../../../scripts/make-capture/small.ts';
import { onesSum, readU16, seededRandom, u16, u32 } from '../../support/build-bytes.ts';
import { goldenGroups } from '../../support/golden-captures/index.ts';

const root = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'nagare-captures-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the sample', () => {
  it('is the committed file, byte by byte, and stays small', () => {
    const made = makeSample();
    expect(Buffer.compare(made, readFileSync(join(root, 'assets/sample.pcapng')))).toBe(0);
    expect(made.length).toBeLessThan(300_000);
  });
});

describe('golden captures', () => {
  it('lie in folders with different names', () => {
    expect(new Set(goldenGroups.map(({ name }) => name)).size).toBe(goldenGroups.length);
  });

  it.each(goldenGroups.map((group) => [group.name, group] as const))(
    'of %s are the committed files',
    (name, { captures }) => {
      for (const [caseName, { extension, bytes }] of Object.entries(captures)) {
        const path = join(root, 'test/golden', name, `${caseName}.${extension}`);
        expect(Buffer.compare(bytes, readFileSync(path)), `${path}: run make-capture golden`).toBe(0);
      }
    },
  );
});

interface PcapPacket {
  readonly time: number;
  readonly frame: Uint8Array;
}

function readPcap(path: string): PcapPacket[] {
  const bytes = new Uint8Array(readFileSync(path));
  const view = new DataView(bytes.buffer);
  const packets: PcapPacket[] = [];
  let at = 24;
  while (at < bytes.length) {
    const length = view.getUint32(at + 8, true);
    packets.push({
      time: view.getUint32(at, true) * 1e6 + view.getUint32(at + 4, true),
      frame: bytes.slice(at + 16, at + 16 + length),
    });
    at += 16 + length;
  }
  expect(at).toBe(bytes.length);
  return packets;
}

function expectRightChecksums({ frame }: PcapPacket): void {
  const isIpv6 = readU16(frame, 12) === 0x86dd;
  const ip = frame.slice(14);
  const length = isIpv6 ? 40 + readU16(ip, 4) : readU16(ip, 2);
  const header = isIpv6 ? 40 : 20;
  if (!isIpv6) expect(onesSum(ip.slice(0, 20))).toBe(0xffff);
  const protocol = ip[isIpv6 ? 6 : 9] ?? 0;
  const segment = ip.slice(header, length);
  expect(onesSum(ip.slice(isIpv6 ? 8 : 12, header), u32(segment.length), u32(protocol), segment)).toBe(0xffff);
}

describe('large captures', () => {
  it.each([
    ['bench', writeBench],
    ['scan', writeScan],
    ['small', writeSmall],
  ] as const)('of kind %s have as many packets as asked for, in time order, with right checksums', (name, write) => {
    const out = join(folder, `${name}.pcap`);
    write({ packets: 6000, seed: 1, format: 'pcap', out });
    const packets = readPcap(out);
    expect(packets).toHaveLength(6000);
    expect(packets.every(({ time }, i) => i === 0 || time >= (packets[i - 1]?.time ?? 0))).toBe(true);
    packets.forEach(expectRightChecksums);
  });

  it('are the same for the same seed, and others for another', () => {
    const make = (seed: number): Buffer => {
      const out = join(folder, `seed-${seed}.pcap`);
      writeBench({ packets: 3000, seed, format: 'pcap', out });
      return readFileSync(out);
    };
    expect(make(5).equals(make(5))).toBe(true);
    expect(make(5).equals(make(6))).toBe(false);
  });

  it('carry the same packets as pcapng', () => {
    const files = { pcap: join(folder, 'a.pcap'), pcapng: join(folder, 'a.pcapng') };
    writeSmall({ packets: 500, seed: 2, format: 'pcap', out: files.pcap });
    writeSmall({ packets: 500, seed: 2, format: 'pcapng', out: files.pcapng });
    const bytes = new Uint8Array(readFileSync(files.pcapng));
    const view = new DataView(bytes.buffer);
    const found: PcapPacket[] = [];
    for (let at = 0; at < bytes.length; at += view.getUint32(at + 4, true)) {
      if (view.getUint32(at, true) !== 6) continue;
      const ticks = (BigInt(view.getUint32(at + 12, true)) << 32n) | BigInt(view.getUint32(at + 16, true));
      found.push({ time: Number(ticks / 1000n), frame: bytes.slice(at + 28, at + 28 + view.getUint32(at + 20, true)) });
    }
    expect(found).toEqual(readPcap(files.pcap));
  });

  it('scan: no two packets go to the same address and port', () => {
    const out = join(folder, 'scan2.pcap');
    writeScan({ packets: 5000, seed: 1, format: 'pcap', out });
    const flows = new Set(readPcap(out).map(({ frame }) => Buffer.from(frame.slice(30, 38)).toString('hex')));
    const targets = new Set(
      readPcap(out).map(({ frame }) => Buffer.from([...frame.slice(30, 34), ...frame.slice(36, 38)]).toString('hex')),
    );
    expect([flows.size, targets.size]).toEqual([5000, 5000]);
  });
});

describe('incremental checksums', () => {
  it('equal those computed anew, also where the sum becomes zero', () => {
    const random = seededRandom(1);
    for (let i = 0; i < 5000; i++) {
      const words = Array.from({ length: 4 }, () => random.pick([0, 1, 0xffff, 0xfffe, random.int(0x10000)]));
      const changed = words.map((word) => (random.chance(0.5) ? random.int(0x10000) : word));
      const sum = (list: readonly number[]): number => onesSum(...list.map(u16), u16(1));
      const delta = changed.reduce((total, word, n) => total + word - (words[n] ?? 0), 0);
      expect(adjustChecksum(~sum(words) & 0xffff, delta)).toBe(~sum(changed) & 0xffff);
    }
  });
});
