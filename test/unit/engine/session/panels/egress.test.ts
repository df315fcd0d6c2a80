/** What a machine sent, of packets whose bytes are known by construction. */

import { beforeAll, describe, expect, it } from 'vitest';
import { type CloudData, cloudData, readCloudFile } from '../../../../../engine/cloud/cloud-data.ts';
import type { CallContext } from '../../../../../engine/contract/api.ts';
import { linkOf, type Report, type Table } from '../../../../../engine/contract/report.ts';
import { isText } from '../../../../../engine/contract/report-output.ts';
import { useNodePlatform } from '../../../../../engine/host/platform-node.ts';
import type { Session } from '../../../../../engine/session/session.ts';
import { FLAG } from '../../../../../engine/table/flags.ts';
import { zeros } from '../../../../support/build-bytes.ts';
import { type CapturePacket, pcap } from '../../../../support/build-capture.ts';
import { ethernet } from '../../../../support/build-link.ts';
import { ipv4, ipv6, type Layer, tcp, udp } from '../../../../support/build-packet.ts';
import { openSession } from '../../../../support/load-capture.ts';

const OWN = '10.1.0.4';
const CARD = '02:00:5e:10:00:04';
const ROUTER = '02:00:5e:10:00:01';
const START = 1_768_467_600_000_000_000n;
const SECOND = 1_000_000_000n;
const call: CallContext = { signal: new AbortController().signal, progress: () => undefined };
beforeAll(useNodePlatform);

/** The own card on its side, a router's on the other. */
function frame(packet: Layer, isOut = true): Uint8Array {
  const [src, dst] = isOut ? [CARD, ROUTER] : [ROUTER, CARD];
  return ethernet({ src, dst }, packet).bytes();
}

/** An Ethernet frame with one UDP datagram whose IP packet has so many bytes. */
function datagram(from: string, to: string, bytes: number, srcPort = 40_000, dstPort = 443): Uint8Array {
  const payload = udp({ srcPort, dstPort }, zeros(bytes - 28));
  return frame(ipv4({ src: from, dst: to, id: 1 }, payload), from === OWN);
}

/** Packets of 1,500 bytes and one with the rest, at even distances. */
function sent(from: string, to: string, bytes: number): Uint8Array[] {
  const full = Math.floor(bytes / 1500);
  const one = datagram(from, to, 1500);
  const frames = Array.from({ length: full }, () => one);
  return bytes % 1500 === 0 ? frames : [...frames, datagram(from, to, bytes % 1500)];
}

const spaced = (frames: readonly Uint8Array[], step: bigint): CapturePacket[] =>
  frames.map((bytes, i) => ({ time: START + BigInt(i) * step, bytes }));

async function opened(packets: readonly CapturePacket[], data?: CloudData): Promise<Session> {
  const { session } = openSession(pcap({ variant: 'nano', packets }));
  await session.loaded;
  if (data !== undefined) session.setCloud(() => data);
  return session;
}

const ask = async (
  session: Session,
  options: Record<string, string> = {},
  range: { from: number; to: number } | null = null,
): Promise<Report> =>
  (await session.panel({ session: 1, panel: 'egress', filter: '', range, options }, call)) as Report;

const figure = ({ figures }: Report, id: string): number =>
  figures.find((one) => one.id === `egress.${id}`)?.value ?? Number.NaN;

function table({ tables }: Report, id: string): Table {
  const found = tables.find((one) => one.id === `egress.${id}`);
  if (found === undefined) throw new Error(`no table ${id}`);
  return found;
}

function column(report: Report, of: string, id: string): unknown[] {
  const found = table(report, of).columns.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no column ${id}`);
  return [...found.values];
}

/** Every number of every table finds as many packets as it counts. */
async function expectLinks(session: Session, report: Report): Promise<void> {
  for (const one of report.tables) {
    const counted = one.columns.find(({ id }) => id === one.packets);
    if (counted === undefined || isText(counted)) continue;
    for (let row = 0; row < one.count; row++) {
      const link = linkOf(one, null, row);
      if (link === null) continue;
      const found = await session.select(link.filter, null, call);
      expect([link.filter, found?.count()]).toEqual([link.filter, counted.values[row]]);
    }
  }
}

function cloud(...files: readonly (readonly [string, string])[]): CloudData {
  return cloudData(
    files.map(([name, text]) => {
      const file = readCloudFile(name, text);
      if (!file.ok) throw new Error(file.error.key);
      return file.value;
    }),
  );
}

const MAP = `cidr,network,zone,region,name,provider
10.1.0.0/24,hub,1,japaneast,here,azure
10.2.0.0/16,spoke,,japaneast,there,azure
`;
const PRICES = `# date: 2026-11-01
# currency: USD
# source: made up
class,free,up to,price
internet,100,400,0.10
internet,,,0.05
`;

describe('the panel egress', () => {
  it('adds up what goes out by destination, and what comes in apart', async () => {
    const frames = [
      ...sent(OWN, '192.0.2.1', 6_000_000),
      ...sent(OWN, '192.0.2.2', 3_000_000),
      ...sent(OWN, '192.0.2.3', 1_000_000),
      ...sent('192.0.2.1', OWN, 5_000_000),
    ];
    const session = await opened(spaced(frames, 1_000_000n));
    const report = await ask(session);
    expect([figure(report, 'ip'), figure(report, 'in')]).toEqual([10_000_000, 5_000_000]);
    expect(column(report, 'destinations', 'address')).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3']);
    expect(column(report, 'destinations', 'ipBytes')).toEqual([6_000_000, 3_000_000, 1_000_000]);
    expect(column(report, 'destinations', 'egressShare')).toEqual([0.6, 0.3, 0.1]);
    expect(column(report, 'ports', 'port')).toEqual(['443']);
    const packets = frames.length - sent('192.0.2.1', OWN, 5_000_000).length;
    expect(figure(report, 'payload')).toBe(10_000_000 - 28 * packets);
    expect(figure(report, 'wire')).toBe(10_000_000 + 14 * packets);
    expect(column(report, 'own', 'address')).toEqual([OWN]);
    expect(report.findings.map(({ id }) => id)).toContain('egress.noMap');
    await expectLinks(session, report);
  });

  it('counts the length that a packet had, not what was kept of it', async () => {
    const bytes = datagram(OWN, '192.0.2.1', 1500);
    const report = await ask(await opened([{ time: START, bytes: bytes.subarray(0, 128), length: 1514 }]));
    expect([figure(report, 'ip'), figure(report, 'wire')]).toEqual([1500, 1514]);
  });

  it('counts IP bytes of frames that Ethernet filled up', async () => {
    const filled = (bytes: Uint8Array): Uint8Array => new Uint8Array([...bytes, ...zeros(60 - bytes.length)]);
    const segment = (flags: readonly ('syn' | 'ack')[], data: Uint8Array, options = zeros(0)): Uint8Array =>
      filled(
        frame(
          ipv4({ src: OWN, dst: '192.0.2.1' }, tcp({ srcPort: 40_000, dstPort: 443, seq: 1, flags, options }, data)),
        ),
      );
    const mss = new Uint8Array([2, 4, 5, 180]);
    const frames = [
      segment(['syn'], zeros(0), mss),
      segment(['ack'], zeros(0)),
      segment(['ack'], zeros(6)),
      filled(datagram(OWN, '192.0.2.1', 29)),
      frame(ipv6({ src: '2001:db8::4', dst: '2001:db8::5' }, udp({ srcPort: 1, dstPort: 2 }, zeros(2)))),
    ];
    const report = await ask(await opened(spaced(frames, SECOND)), { own: `${OWN} 2001:db8::4` });
    expect(figure(report, 'ip')).toBe(44 + 40 + 46 + 29 + 50);
    expect(figure(report, 'wire')).toBe(4 * 60 + 64);
  });

  it('counts a packet once that is there five times', async () => {
    const frames = [1, 2, 3].flatMap((i) =>
      Array.from({ length: 5 }, () => datagram(OWN, '192.0.2.1', 1000, 40_000 + i)),
    );
    const session = await opened(spaced(frames, 1000n));
    const { flags } = session.capture.table.block(0);
    for (let row = 0; row < frames.length; row++) if (row % 5 > 0) flags[row] = (flags[row] ?? 0) | FLAG.copy;
    const report = await ask(session);
    expect(figure(report, 'ip')).toBe(3000);
    expect(report.findings.find(({ id }) => id === 'egress.copies')?.values.count).toEqual({
      value: 12,
      unit: 'count',
    });
  });

  it('projects to a month of 30 days, with a range from the minutes', async () => {
    const step = (600n * SECOND) / 80_000n;
    const frames = sent(OWN, '192.0.2.1', 120_000_000);
    const steady = await ask(
      await opened([...spaced(frames, step), { time: START + 600n * SECOND, bytes: datagram('192.0.2.1', OWN, 100) }]),
    );
    expect(figure(steady, 'month')).toBeCloseTo(518.4e9, -3);
    expect(figure(steady, 'monthLow')).toBeCloseTo(518.4e9, -3);
    expect(figure(steady, 'monthHigh')).toBeCloseTo(518.4e9, -3);
    // 1, 3, 1, 3 ... MB a minute: mean 2 MB, deviation 1.0541 MB, t of 9 degrees of freedom 2.262.
    const uneven = Array.from({ length: 10 }, (_, minute): CapturePacket[] =>
      sent(OWN, '192.0.2.1', minute % 2 === 0 ? 1_000_000 : 3_000_000).map((bytes, i) => ({
        time: START + BigInt(minute) * 60n * SECOND + BigInt(i) * 1_000_000n,
        bytes,
      })),
    ).flat();
    const report = await ask(
      await opened([...uneven, { time: START + 600n * SECOND, bytes: datagram('192.0.2.1', OWN, 100) }]),
    );
    expect(figure(report, 'month')).toBeCloseTo(2e6 * 43_200, -3);
    expect(figure(report, 'monthHigh') - figure(report, 'month')).toBeCloseTo(
      (2.262 * 1.0540926e6 * 43_200) / Math.sqrt(10),
      -6,
    );
    expect(figure(report, 'month') - figure(report, 'monthLow')).toBeCloseTo(
      figure(report, 'monthHigh') - figure(report, 'month'),
      0,
    );
  });

  it('projects nothing from less than a minute, and takes the range that is selected', async () => {
    const frames = [0n, 59n, 300n].map(
      (second): CapturePacket => ({ time: START + second * SECOND, bytes: datagram(OWN, '192.0.2.1', 1500) }),
    );
    expect(figure(await ask(await opened(frames.slice(0, 2))), 'month')).toBeNaN();
    const session = await opened(frames);
    expect(figure(await ask(session), 'month')).toBeCloseTo((4500 / 300) * 2_592_000, 3);
    const part = await ask(session, {}, { from: 0, to: 59e9 });
    expect(figure(part, 'ip')).toBe(3000);
    expect(figure(part, 'month')).toBeNaN();
    expect(part.findings.map(({ id }) => id)).toContain('egress.short');
  });

  it('classifies by the map and applies free volume and steps in order', async () => {
    const frames = [
      ...sent(OWN, '192.0.2.1', 120_000_000),
      ...sent(OWN, '10.2.0.9', 3_000_000),
      ...sent(OWN, '10.9.0.9', 1500),
    ];
    const packets = [
      ...spaced(frames, (600n * SECOND) / BigInt(frames.length + 1)),
      { time: START + 600n * SECOND, bytes: datagram('192.0.2.1', OWN, 100) },
    ];
    const session = await opened(packets, cloud(['map.csv', MAP], ['prices.csv', PRICES]));
    const report = await ask(session);
    expect(column(report, 'classes', 'class')).toEqual(['peered', 'internet', 'unclassified']);
    expect(column(report, 'destinations', 'billingReason')).toEqual([
      'reason.noLists',
      'reason.mapPeered',
      'reason.privateNotListed',
    ]);
    // 518.4 GB: 100 free, 400 at 0.10, 18.4 at 0.05.
    const [, month] = column(report, 'classes', 'costMonth');
    expect(month).toBeCloseTo(40.92, 6);
    expect(column(report, 'classes', 'cost')).toEqual([Number.NaN, 0, Number.NaN]);
    expect(report.findings.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['egress.cost', 'egress.noPrice', 'egress.notListed']),
    );
    await expectLinks(session, report);
    const rows = await session.select('nagare.class == "peered"', null, call);
    expect(rows?.count()).toBe(2000);
  });

  it('takes the own addresses that it is told, and finds other packets by the same filter then', async () => {
    const session = await opened(spaced([datagram(OWN, '192.0.2.1', 500), datagram('192.0.2.1', OWN, 700)], SECOND));
    const out = async (): Promise<number | undefined> =>
      (await session.select('nagare.direction == "out"', null, call))?.next(0);
    expect(figure(await ask(session), 'ip')).toBe(500);
    expect(await out()).toBe(0);
    expect(figure(await ask(session, { own: '192.0.2.1' }), 'ip')).toBe(700);
    expect(await out()).toBe(1);
  });

  it('tells segments that the wire cannot take, and what cutting them up adds', async () => {
    const syn = (
      from: string,
      to: string,
      ports: readonly [number, number],
      flags: readonly ('syn' | 'ack')[],
    ): Uint8Array =>
      frame(
        ipv4(
          { src: from, dst: to },
          tcp(
            { srcPort: ports[0], dstPort: ports[1], seq: 1, ack: 2, flags, options: new Uint8Array([2, 4, 5, 180]) },
            zeros(0),
          ),
        ),
        from === OWN,
      );
    const large = frame(
      ipv4(
        { src: OWN, dst: '192.0.2.1' },
        tcp({ srcPort: 5000, dstPort: 443, seq: 2, ack: 2, flags: ['ack'] }, zeros(14_600)),
      ),
    );
    const frames = [
      syn(OWN, '192.0.2.1', [5000, 443], ['syn']),
      syn('192.0.2.1', OWN, [443, 5000], ['syn', 'ack']),
      large,
    ];
    const { findings } = await ask(await opened(spaced(frames, 1_000_000n)));
    expect(findings.find(({ id }) => id === 'egress.large')?.values).toEqual({
      count: { value: 1, unit: 'count' },
      bytes: { value: 9 * 54, unit: 'bytes' },
    });
  });
});
